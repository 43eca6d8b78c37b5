//! Abbreviations, marked wherever they stand as words of their own.

use std::collections::BTreeMap;

use super::{Kind, Span, add_text};
use crate::markdown::tree::Definitions;

/// The most abbreviations of one text that are looked for.
const MAX_ABBREVIATIONS: usize = 256;

/// The abbreviations of a text, by their first character; the longer first.
#[derive(Debug, Default)]
pub struct Abbreviations(BTreeMap<char, Vec<String>>);

fn is_ascii_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Abbreviations {
    /// The abbreviations that a text defines.
    pub fn new(definitions: &Definitions) -> Self {
        let mut by_first: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for name in definitions.abbreviations.keys().take(MAX_ABBREVIATIONS) {
            if let Some(first) = name.chars().next() {
                by_first.entry(first).or_default().push(name.clone());
            }
        }
        for names in by_first.values_mut() {
            names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        }
        Self(by_first)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Marks the abbreviations in the texts of spans.
    pub fn replace(&self, spans: Vec<Span>) -> Vec<Span> {
        let mut out = Vec::with_capacity(spans.len());
        for mut span in spans {
            if let Kind::Text(text) = &span.kind {
                self.split(text, &mut out);
                continue;
            }
            span.children = self.replace(span.children);
            out.push(span);
        }
        out
    }

    fn split(&self, text: &str, out: &mut Vec<Span>) {
        let mut before = None;
        let mut from = 0;
        let mut skip_to = 0;
        for (at, c) in text.char_indices() {
            if at >= skip_to
                && !before.is_some_and(is_ascii_word)
                && let Some(name) = self.at(&text[at..], c)
            {
                add_text(out, &text[from..at]);
                out.push(Span::new(Kind::Abbreviation(name.to_owned())));
                from = at + name.len();
                skip_to = from;
            }
            before = Some(c);
        }
        if from < text.len() {
            out.push(Span::new(Kind::Text(text[from..].to_owned())));
        }
    }

    /// The abbreviation at the beginning of a text.
    fn at(&self, text: &str, first: char) -> Option<&str> {
        let names = self.0.get(&first)?;
        let stands_alone =
            |name: &&String| !text[name.len()..].chars().next().is_some_and(is_ascii_word);
        let mut names = names.iter().filter(|name| text.starts_with(name.as_str()));
        names.find(stands_alone).map(String::as_str)
    }
}
