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

    /// The words of a singular key, which is one word however many spaces it has, or else of its
    /// plural: a list, or text that is split at spaces. Each word once.
    pub(super) fn words(&mut self, singular: &str, plural: &str, data: &Map) -> Vec<String> {
        let mut words = Vec::new();
        let single = data.get(singular).filter(|value| value.is_truthy());
        if single.is_none_or(|_| plural == "categories") {
            // Jekyll adds a `category` to the `categories`, but reads a `tag` instead of `tags`.
            match data.get(plural) {
                None | Some(Value::Null | Value::Bool(false)) => {}
                Some(Value::String(text)) => {
                    words.extend(text.split_whitespace().map(str::to_owned));
                }
                Some(value) => self.add(plural, value, &mut words),
            }
        }
        if let Some(value) = single {
            self.add(singular, value, &mut words);
        }
        once(words)
    }

    /// Adds a scalar, or the scalars of a list and of lists in it.
    fn add(&mut self, key: &str, value: &Value, words: &mut Vec<String>) {
        match value {
            Value::Null => {}
            Value::Array(items) => items.iter().for_each(|item| self.add(key, item, words)),
            Value::Map(_) => {
                self.wrong_type(key, "a list of words", &format!("write `{key}: [하나, 둘]`"));
            }
            value => words.extend(value.scalar_text()),
        }
    }
}

/// The words in their order, each once.
pub(super) fn once(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}
