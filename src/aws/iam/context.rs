//! The request context: what conditions and policy variables ask for.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (names of keys ignore case).

use std::collections::BTreeMap;

/// The keys of a request with their values. Most have one value; some have several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// Sets a key, over what it was before.
    pub fn set(&mut self, key: &str, values: &[&str]) {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        self.0.insert(key.to_lowercase(), values);
    }

    /// Sets a key that isn't there yet.
    pub fn set_default(&mut self, key: &str, value: &str) {
        self.0.entry(key.to_lowercase()).or_insert_with(|| vec![value.to_owned()]);
    }

    /// The values of a key; `None` when the request doesn't have it.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_lowercase()).map(Vec::as_slice)
    }

    /// The value of a key that has one.
    pub fn single(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            [value] => Some(value),
            _ => None,
        }
    }
}
