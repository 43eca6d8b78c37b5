//! Data from front matter, configuration and data files as templates receive it: dates are text.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::value::{Map, Value};

/// A piece of data on its way to a template.
pub struct Plain<'a>(pub &'a Value);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Date(date) => serializer.collect_str(date),
            Value::Time(moment) => serializer.serialize_str(&moment.xmlschema()),
            Value::Array(elements) => {
                let mut sequence = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    sequence.serialize_element(&Plain(element))?;
                }
                sequence.end()
            }
            Value::Map(map) => serialize_map(map, serializer),
        }
    }
}

/// Serialises a map of data, in its order.
///
/// # Errors
/// Only those of the serializer.
pub fn serialize_map<S: Serializer>(map: &Map, serializer: S) -> Result<S::Ok, S::Error> {
    let mut entries = serializer.serialize_map(Some(map.len()))?;
    for (key, value) in map {
        entries.serialize_entry(key, &Plain(value))?;
    }
    entries.end()
}

/// A scalar as text: a string as it is, numbers, truth values and dates as YAML writes them; `None`
/// for nothing, lists and maps.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Date(date) => Some(date.to_string()),
        Value::Time(moment) => Some(moment.xmlschema()),
        Value::Null | Value::Array(_) | Value::Map(_) => None,
    }
}
