//! Single keys of the front matter as the types that they need.

use std::collections::HashSet;
use std::sync::Arc;

use crate::content::front_matter::FrontMatter;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{Place, Source};
use crate::value::{Map, Value};

/// A front-matter value of another type than its key needs. The page is built without it, as in
/// Jekyll.
pub const UNFIT_VALUE: Code = Code("W0217");

/// Reads keys, and says of those that have a wrong type.
pub(super) struct Fields<'f> {
    source: &'f Arc<Source>,
    front_matter: &'f FrontMatter,
    diagnostics: &'f mut Vec<Diagnostic>,
}

impl<'f> Fields<'f> {
    pub(super) fn new(
        source: &'f Arc<Source>,
        front_matter: &'f FrontMatter,
        diagnostics: &'f mut Vec<Diagnostic>,
    ) -> Self {
        Self { source, front_matter, diagnostics }
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, hint: &str) {
        let node = self.front_matter.get(key);
        let kind = node.map_or("something else", |node| node.kind());
        let place = self.front_matter.place_of_value(key);
        self.diagnostics.push(
            Diagnostic::new(UNFIT_VALUE, format!("`{key}` is {kind}, where {wanted} is needed"))
                .at(place.unwrap_or_else(|| Place::start_of(self.source)))
                .hint(hint),
        );
    }

    /// A key whose value is text; numbers and dates count as what they are written like.
    pub(super) fn text(&mut self, key: &str, data: &Map) -> Option<String> {
        let value = data.get(key).filter(|value| value.is_truthy())?;
        let text = value.scalar_text();
        if text.is_none() {
            self.wrong_type(key, "text", "put the value in quotes");
        }
        text
    }

    /// The categories: those of the list that the data has, and a `category` that is one word
    /// however many spaces it has. What isn't text stands there twice, as it is and as text: so
    /// does Jekyll's list.
    pub(super) fn categories(&mut self, data: &Map) -> Vec<Value> {
        let given = data.get("categories").map(list).unwrap_or_default();
        let single = data.get("category").filter(|value| value.is_truthy());
        let further = single.map(flat).unwrap_or_default();
        self.refuse_maps("categories", &given);
        self.refuse_maps("category", &further);
        let words = given.iter().chain(&further).filter_map(Value::scalar_text);
        let words: Vec<Value> = words.map(Value::String).collect();
        let given = given.into_iter().filter(|value| value.scalar_text().is_some());
        union(given.chain(words))
    }

    /// The tags: a `tag`, which is one word however many spaces it has, or else the `tags`, a list
    /// or words with spaces between.
    pub(super) fn tags(&mut self, data: &Map) -> Vec<Value> {
        let (key, tags) = match data.get("tag").filter(|value| value.is_truthy()) {
            Some(value) => ("tag", flat(value)),
            None => match data.get("tags") {
                None | Some(Value::Null | Value::Bool(false)) => return Vec::new(),
                Some(value @ (Value::String(_) | Value::Array(_))) => ("tags", list(value)),
                Some(_) => {
                    self.wrong_type("tags", "a list of words", "write `tags: [하나, 둘]`");
                    return Vec::new();
                }
            },
        };
        self.refuse_maps(key, &tags);
        let fits = |value: &Value| *value != Value::Null && value.scalar_text().is_some();
        tags.into_iter().filter(fits).collect()
    }

    fn refuse_maps(&mut self, key: &str, words: &[Value]) {
        if words.iter().any(|word| matches!(word, Value::Map(_))) {
            self.wrong_type(key, "a list of words", &format!("write `{key}: [하나, 둘]`"));
        }
    }
}

/// A value as a list: text is split at spaces, lists within lists are laid flat.
pub(super) fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Bool(false) => Vec::new(),
        Value::String(text) => text.split_whitespace().map(Value::from).collect(),
        value => flat(value),
    }
}

fn flat(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        value => vec![value.clone()],
    }
}

/// The values in their order, each once. Lists of categories are short.
pub(super) fn union(values: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut seen: Vec<Value> = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

/// The values as text in their order, each once.
pub(super) fn once(values: &[Value]) -> Vec<String> {
    let mut seen = HashSet::new();
    let texts = values.iter().filter(|value| **value != Value::Null);
    let texts = texts.filter_map(Value::scalar_text);
    texts.filter(|text| seen.insert(text.clone())).collect()
}
