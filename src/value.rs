//! Data as front matter, data files and templates know it: scalars, lists, ordered maps.

use indexmap::IndexMap;

use crate::date::{Date, Moment};

/// An ordered map with text keys. The order is the author's.
pub type Map = IndexMap<String, Value>;

/// A piece of data without its place in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing: an empty value, `null`, `~`.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction; never NaN.
    Float(f64),
    /// Text.
    String(String),
    /// A day without a time.
    Date(Date),
    /// An instant with the offset in which it is shown.
    Time(Moment),
    /// A list.
    Array(Vec<Value>),
    /// A map.
    Map(Map),
}

/// Whether two maps have the same entries in the same order, and so on inside them: for templates
/// the order of keys is part of a map.
pub fn same_maps(a: &Map, b: &Map) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((key, a), (other, b))| key == other && a.is_same(b))
}

impl Value {
    /// Whether another value is the same also in the order of keys.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Map(a), Self::Map(b)) => same_maps(a, b),
            (Self::Array(a), Self::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            _ => self == other,
        }
    }

    /// The text of a [`Value::String`].
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value of a [`Value::Bool`].
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of a [`Value::Integer`].
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The elements of a [`Value::Array`].
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The entries of a [`Value::Map`].
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value under a key of a [`Value::Map`].
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// A scalar as text, as Ruby's `to_s` writes it; `None` for a list or a map.
    pub fn scalar_text(&self) -> Option<String> {
        Some(match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Float(number) => float_text(*number),
            Self::String(text) => text.clone(),
            Self::Date(date) => date.to_string(),
            Self::Time(moment) => moment.to_string(),
            Self::Array(_) | Self::Map(_) => return None,
        })
    }

    /// Whether it counts as true where Ruby and Liquid ask: everything but `null` and `false`.
    pub fn is_truthy(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(false))
    }
}

/// A float as Ruby's `to_s` writes it: always with a point (`2.0`), from 1e16 on and below 1e-4
/// with an exponent (`1.0e+16`).
pub fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = number.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    // At least two digits in the exponent, as C's printf has it.
    let padded = match exponent.strip_prefix('-') {
        Some(digits) => format!("-{digits:0>2}"),
        None => format!("{exponent:0>2}"),
    };
    format!("{digits}{point}e{sign}{padded}")
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}
