//! YAML in, values with their places out: YAML 1.1 as Ruby's Psych reads it, on the events of
//! `saphyr-parser`, whose room this is.

use std::ops::Range;

use crate::date::{Date, Moment};
use crate::diagnostic::{Diagnostic, Staged};
use crate::span::Mapped;
use crate::value::Value;

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
    /// The value.
    pub value: Node,
}

impl Mapping {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }
}

/// Loads the first document of a YAML text. An empty text is [`NodeValue::Null`].
///
/// The value comes with warnings (a key that is given twice, with both places).
///
/// # Errors
/// A diagnostic with the place for a text that isn't YAML, that nests too deeply, or whose aliases
/// expand without end.
pub fn load(_text: &Mapped) -> Result<Staged<Node>, Box<Diagnostic>> {
    todo!()
}

impl Node {
    /// The value without places.
    pub fn to_value(&self) -> Value {
        todo!()
    }
}
