//! YAML in, values with their places out: YAML 1.1 as Ruby's Psych reads it, on the events of
//! `saphyr-parser`, whose room this is.

mod explain;
mod load;
mod resolve;

use std::ops::Range;

use crate::date::{Date, Moment};
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::span::Mapped;
use crate::value::{self, Map, Value};

/// A text that isn't YAML.
pub const SYNTAX: Code = Code("E0001");

/// More lists and maps inside each other than [`MAX_DEPTH`].
pub const TOO_DEEP: Code = Code("E0002");

/// Aliases whose copies would take more than [`MAX_EXPANSION`].
pub const UNBOUNDED_EXPANSION: Code = Code("E0003");

/// A text of more than [`MAX_LENGTH`] bytes.
pub const TOO_LONG: Code = Code("E0004");

/// A tag that asks for an object of Ruby.
pub const UNSUPPORTED_TAG: Code = Code("E0005");

/// A key that stands twice in one map.
pub const DUPLICATE_KEY: Code = Code("W0001");

/// How many lists and maps may stand inside each other.
pub const MAX_DEPTH: usize = 100;

/// What all copies that aliases make may take together, in bytes of text plus 64 for each value.
pub const MAX_EXPANSION: usize = 4 << 20;

/// The longest text that is loaded, in bytes.
pub const MAX_LENGTH: usize = 16 << 20;

/// A YAML value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the loaded text that the value stands in.
    pub range: Range<usize>,
    /// The value.
    pub value: NodeValue,
}

/// What stands at a [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum NodeValue {
    /// `null`, `~` or nothing.
    Null,
    /// A truth value: `true`, `yes`, `on` and their opposites, in any usual case, unquoted.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text, quoted or not.
    String(String),
    /// A day.
    Date(Date),
    /// An instant. One written without an offset is kept as local time of the given zone.
    Time(Moment),
    /// A list.
    Sequence(Vec<Node>),
    /// A map.
    Mapping(Mapping),
}

/// The entries of a YAML map in the author's order; a repeated key keeps its first position and
/// its last value, as Psych has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// An entry of a [`Mapping`].
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as text; a key that is no text is written as Ruby's `to_s` would.
    pub key: String,
    /// The bytes of the key in the loaded text.
    pub key_range: Range<usize>,
    /// The value. An empty one has the place of its key.
    pub value: Node,
    /// Whether the entry came in by a merge (`<<: *defaults`) and not from this map's own lines.
    pub merged: bool,
}

impl Mapping {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }
}

impl Mapping {
    /// The entry of a key, for its place.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The keys in the author's order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }

    /// The entries without places.
    pub fn to_map(&self) -> Map {
        self.entries.iter().map(|entry| (entry.key.clone(), entry.value.to_value())).collect()
    }
}

/// Loads the first document of a YAML text. An empty text is [`NodeValue::Null`].
///
/// The value comes with warnings (a key that is given twice, with both places).
///
/// # Errors
/// A diagnostic with the place for a text that isn't YAML, that nests too deeply, or whose aliases
/// expand without end.
pub fn load(text: &Mapped) -> Result<Staged<Node>, Box<Diagnostic>> {
    let length = text.text().len();
    if length > MAX_LENGTH {
        let most = MAX_LENGTH >> 20;
        let message = format!("{length} bytes of YAML are more than the {most} MB that are read");
        let hint = "split the file into smaller ones";
        return Err(Box::new(Diagnostic::new(TOO_LONG, message).at(text.locate(0..0)).hint(hint)));
    }
    let mut events = load::read_events(text.text());
    let spaced = load::with_spaces_for_tabs(text.text()).filter(|_| events.error.is_some());
    if let Some(spaced) = &spaced {
        let again = load::read_events(spaced);
        if again.error.is_none() {
            events = again;
        }
    }
    if let Some((error, at)) = events.error.take() {
        return Err(Box::new(explain::explain(text, &events, &error, at)));
    }
    load::Loader::new(text, &events).build(events.events)
}

impl Node {
    /// The value without places. A number that is NaN or infinite is kept as YAML has it, but NaN
    /// never occurs.
    pub fn to_value(&self) -> Value {
        match &self.value {
            NodeValue::Null => Value::Null,
            NodeValue::Bool(value) => Value::Bool(*value),
            NodeValue::Integer(number) => Value::Integer(*number),
            NodeValue::Float(number) => Value::Float(*number),
            NodeValue::String(text) => Value::String(text.clone()),
            NodeValue::Date(date) => Value::Date(*date),
            NodeValue::Time(moment) => Value::Time(moment.clone()),
            NodeValue::Sequence(nodes) => Value::Array(nodes.iter().map(Self::to_value).collect()),
            NodeValue::Mapping(mapping) => Value::Map(mapping.to_map()),
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            NodeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            NodeValue::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number of an integer.
    pub fn as_integer(&self) -> Option<i64> {
        match self.value {
            NodeValue::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The number of an integer or a float.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            NodeValue::Integer(number) => Some(number as f64),
            NodeValue::Float(number) => Some(number),
            _ => None,
        }
    }

    /// The elements of a list.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            NodeValue::Sequence(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            NodeValue::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        self.value == NodeValue::Null
    }

    /// The value under a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// A scalar as text, as Ruby's `to_s` writes it; `None` for a list or a map.
    pub fn scalar_text(&self) -> Option<String> {
        Some(match &self.value {
            NodeValue::Null => String::new(),
            NodeValue::Bool(value) => value.to_string(),
            NodeValue::Integer(number) => number.to_string(),
            NodeValue::Float(number) => value::float_text(*number),
            NodeValue::String(text) => text.clone(),
            NodeValue::Date(date) => date.to_string(),
            NodeValue::Time(moment) => moment.to_string(),
            NodeValue::Sequence(_) | NodeValue::Mapping(_) => return None,
        })
    }

    /// What kind of value it is, in the words of a message: `a number`, `a list`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "nothing",
            NodeValue::Bool(_) => "a truth value",
            NodeValue::Integer(_) | NodeValue::Float(_) => "a number",
            NodeValue::String(_) => "text",
            NodeValue::Date(_) => "a date",
            NodeValue::Time(_) => "a time",
            NodeValue::Sequence(_) => "a list",
            NodeValue::Mapping(_) => "a map",
        }
    }
}

#[cfg(test)]
mod tests;
