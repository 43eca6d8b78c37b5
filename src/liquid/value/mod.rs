//! Values while rendering: borrowed from the site's data wherever possible, so that assigning or
//! passing them on costs nothing.

mod compare;
mod number;
mod object;
mod print;

use std::borrow::{Borrow, Cow};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

use crate::date::{Date, Moment};
use crate::value::{Map, Value};

pub use compare::{compare, equal, identical, incomparable, sort};
pub use number::Number;
pub use object::{Family, Lookup, Member, Missing, Object};
pub use print::{Printer, float_to_s};

/// How deep lists made while rendering may nest.
const MAX_LIST_DEPTH: u32 = 32;
/// How many values a list made while rendering may hold, those of its lists included.
pub(super) const MAX_LIST_WEIGHT: usize = 1 << 20;

/// Text, borrowed from the site or made while rendering.
#[derive(Clone, Debug)]
pub enum Text<'s> {
    /// A part of the site's data or of a template.
    Borrowed(&'s str),
    /// A temporary.
    Shared(Rc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl<'s> From<&'s str> for Text<'s> {
    fn from(text: &'s str) -> Self {
        Self::Borrowed(text)
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}

impl<'s> From<Cow<'s, str>> for Text<'s> {
    fn from(text: Cow<'s, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Borrowed(text),
            Cow::Owned(text) => text.into(),
        }
    }
}

/// A list, borrowed from the site or made while rendering.
#[derive(Clone)]
pub enum List<'s> {
    /// A list of the site's data.
    Borrowed(&'s [Value]),
    /// Objects of the host by their numbers.
    Members(&'s dyn Family<'s>, &'s [usize]),
    /// A temporary.
    Shared(Rc<Items<'s>>),
}

/// The elements of a list made while rendering.
pub struct Items<'s> {
    elements: Vec<Val<'s>>,
    depth: u32,
    weight: usize,
}

impl<'s> List<'s> {
    /// How many elements it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Borrowed(elements) => elements.len(),
            Self::Members(_, indices) => indices.len(),
            Self::Shared(items) => items.elements.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An element.
    pub fn get(&self, index: usize) -> Option<Val<'s>> {
        match self {
            Self::Borrowed(elements) => elements.get(index).map(Val::from),
            Self::Members(family, indices) => {
                indices.get(index).map(|&index| Val::Member(Member { family: *family, index }))
            }
            Self::Shared(items) => items.elements.get(index).cloned(),
        }
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = Val<'s>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    fn measure(&self) -> (u32, usize) {
        match self {
            Self::Borrowed(elements) => (1, elements.len()),
            Self::Members(_, indices) => (1, indices.len()),
            Self::Shared(items) => (items.depth, items.weight),
        }
    }
}

/// A map, borrowed from the site or made while rendering.
#[derive(Clone)]
pub enum Dictionary<'s> {
    /// A map of the site's data.
    Borrowed(&'s Map),
    /// The same with somebody who hears what is read of it.
    Heard(&'s Map, &'s dyn Listener),
    /// A temporary; few keys, so they are searched one by one.
    Shared(Rc<Vec<(Text<'s>, Val<'s>)>>),
}

/// Hears what templates read of a map.
pub trait Listener {
    /// The value of a key was asked for, or whether there is one.
    fn key(&self, key: &str);

    /// All keys and values were asked for, or how many there are.
    fn all(&self);
}

impl<'s> Dictionary<'s> {
    /// How many entries it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Borrowed(map) => map.len(),
            Self::Heard(map, listener) => {
                listener.all();
                map.len()
            }
            Self::Shared(entries) => entries.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Val<'s>> {
        match self {
            Self::Borrowed(map) => map.get(key).map(Val::from),
            Self::Heard(map, listener) => {
                listener.key(key);
                map.get(key).map(Val::from)
            }
            Self::Shared(entries) => {
                entries.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone())
            }
        }
    }

    /// An entry by its position.
    pub fn entry(&self, index: usize) -> Option<(Text<'s>, Val<'s>)> {
        match self {
            Self::Heard(map, listener) => {
                listener.all();
                Self::Borrowed(map).entry(index)
            }
            Self::Borrowed(map) => {
                map.get_index(index).map(|(key, value)| (Text::Borrowed(key), value.into()))
            }
            Self::Shared(entries) => entries.get(index).cloned(),
        }
    }

    /// The entries in their order.
    pub fn iter(&self) -> impl Iterator<Item = (Text<'s>, Val<'s>)> + '_ {
        (0..self.len()).filter_map(|index| self.entry(index))
    }
}

/// A value while rendering. Cloning it never copies data.
#[derive(Clone, Default)]
pub enum Val<'s> {
    /// Nothing.
    #[default]
    Nil,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(Text<'s>),
    /// The whole numbers from the first to the last.
    Range(i128, i128),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Rc<Moment>),
    /// A list.
    List(List<'s>),
    /// A map.
    Map(Dictionary<'s>),
    /// An object of the host, or of a loop.
    Object(Rc<dyn Object<'s> + 's>),
    /// One of many objects of the host.
    Member(Member<'s>),
}

impl<'s> Val<'s> {
    /// A text of its own.
    pub fn text(text: impl Into<Text<'s>>) -> Self {
        Self::Text(text.into())
    }

    /// A list of its own. One that nests too deeply, or holds too much, is nil.
    pub fn list(elements: Vec<Val<'s>>) -> Self {
        let mut depth = 0;
        let mut weight: usize = elements.len();
        for element in &elements {
            let inner = match element {
                Self::List(list) => list.measure(),
                Self::Map(Dictionary::Shared(entries)) => {
                    let inner = entries.iter().map(|(_, value)| match value {
                        Self::List(list) => list.measure(),
                        _ => (0, 1),
                    });
                    inner.fold((1, 0), |sum, one| (sum.0.max(one.0 + 1), sum.1 + one.1))
                }
                _ => continue,
            };
            depth = depth.max(inner.0);
            weight = weight.saturating_add(inner.1);
        }
        if depth >= MAX_LIST_DEPTH || weight > MAX_LIST_WEIGHT {
            return Self::Nil;
        }
        Self::List(List::Shared(Rc::new(Items { elements, depth: depth + 1, weight })))
    }

    /// A map of its own.
    pub fn map(entries: Vec<(Text<'s>, Val<'s>)>) -> Self {
        Self::Map(Dictionary::Shared(Rc::new(entries)))
    }

    /// An object.
    pub fn object(object: impl Object<'s> + 's) -> Self {
        Self::Object(Rc::new(object))
    }

    /// Whether it is nothing.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Whether it counts as true: everything but nil and false.
    pub fn is_truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// The value that an object stands for, where it stands for one.
    pub fn resolved(self) -> Self {
        match &self {
            Self::Object(object) => object.as_value().unwrap_or(self),
            _ => self,
        }
    }

    /// What Ruby's `empty?` says; `None` for what can't be asked.
    pub fn is_empty(&self) -> Option<bool> {
        match self {
            Self::Text(text) => Some(text.is_empty()),
            Self::List(list) => Some(list.is_empty()),
            Self::Map(map) => Some(map.is_empty()),
            Self::Object(object) => object.size().map(|size| size == 0),
            _ => None,
        }
    }

    /// What Ruby's `size` says: characters, elements, and the eight bytes of a whole number.
    pub fn size(&self) -> Option<i128> {
        Some(match self {
            Self::Text(text) => text.chars().count() as i128,
            Self::List(list) => list.len() as i128,
            Self::Map(map) => map.len() as i128,
            Self::Range(first, last) => last.saturating_sub(*first).saturating_add(1).max(0),
            Self::Integer(_) => 8,
            Self::Object(object) => object.size()? as i128,
            _ => return None,
        })
    }

    /// The text of a [`Val::Text`].
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Ruby's `to_s`: a list prints as it is written in Ruby.
    pub fn to_text(&self) -> Text<'s> {
        match self {
            Self::Text(text) => text.clone(),
            Self::Nil => Text::Borrowed(""),
            _ => {
                let mut printer = Printer::default();
                printer.to_s(self);
                printer.finish().into()
            }
        }
    }

    /// What `{{ … }}` prints: a list's elements one after the other.
    pub fn to_output(&self) -> Text<'s> {
        match self {
            Self::List(_) => {
                let mut printer = Printer::default();
                printer.join(self, "");
                printer.finish().into()
            }
            _ => self.to_text(),
        }
    }
}

impl<'s> From<&'s Value> for Val<'s> {
    fn from(value: &'s Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(value) => Self::Bool(*value),
            Value::Integer(number) => Self::Integer((*number).into()),
            Value::Float(number) => Self::Float(*number),
            Value::String(text) => Self::Text(Text::Borrowed(text)),
            Value::Date(date) => Self::Date(*date),
            Value::Time(moment) => Self::Time(Rc::new(moment.clone())),
            Value::Array(elements) => Self::List(List::Borrowed(elements)),
            Value::Map(map) => Self::Map(Dictionary::Borrowed(map)),
        }
    }
}

impl<'s> From<&'s str> for Val<'s> {
    fn from(text: &'s str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Val<'_> {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<i64> for Val<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Val<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
