//! Ids that headings get from their text.

use std::collections::BTreeMap;

use crate::markdown::mark;
use crate::markdown::text::is_word;

/// Gives ids, each once.
#[derive(Debug, Default)]
pub struct Ids {
    github: BTreeMap<String, usize>,
    basic: BTreeMap<String, usize>,
}

impl Ids {
    /// The id as the GFM parser makes it: lower case, without punctuation, spaces as hyphens;
    /// what comes again gets a number.
    pub fn github(&mut self, text: &str) -> String {
        let mut id = String::with_capacity(text.len());
        for c in mark::strip(text).chars().flat_map(char::to_lowercase) {
            match c {
                ' ' | '\t' => id.push('-'),
                '-' => id.push('-'),
                c if is_word(c) => id.push(c),
                _ => {}
            }
        }
        let count = self.github.entry(id.clone()).or_insert(0);
        if *count > 0 {
            id.push_str(&format!("-{count}"));
        }
        *count += 1;
        id
    }

    /// The id that kramdown itself makes, for headings inside raw HTML: ASCII only.
    pub fn basic(&mut self, text: &str) -> String {
        let mut id = ascii(text);
        if id.is_empty() {
            id.push_str("section");
        }
        match self.basic.get_mut(&id) {
            Some(count) => {
                *count += 1;
                id = format!("{id}-{count}");
            }
            None => {
                self.basic.insert(id.clone(), 0);
            }
        }
        id
    }
}

/// The ASCII letters, digits and hyphens of a text from its first letter on, in lower case.
pub fn ascii(text: &str) -> String {
    let text = mark::strip(text);
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
        .map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn github_ids_keep_hangul_and_count() {
        let mut ids = Ids::default();
        assert_eq!(ids.github("1. Hello 월드!"), "1-hello-월드");
        assert_eq!(ids.github("🚀 배열과의 차이"), "-배열과의-차이");
        assert_eq!(ids.github("같은"), "같은");
        assert_eq!(ids.github("같은"), "같은-1");
        assert_eq!(ids.github("같은"), "같은-2");
        assert_eq!(ids.github("① R² Ⅳ ½ ٣ e\u{301}‿"), "-r-ⅳ--٣-e\u{301}‿");
    }

    #[test]
    fn basic_ids_are_ascii() {
        let mut ids = Ids::default();
        assert_eq!(ids.basic("1. Hello 월드"), "hello-");
        assert_eq!(ids.basic("월드"), "section");
        assert_eq!(ids.basic("세계"), "section-1");
    }
}
