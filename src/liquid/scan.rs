//! The lax scanner inside tags: no grammar, only Ruby Liquid's "quoted fragment" and what its
//! regular expressions build from it. Letters of any script count as word characters, so that
//! Korean names work as keys; Ruby takes ASCII only.

use std::ops::Range;

/// A stretch of a template's text that knows where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Markup<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Markup<'a> {
    /// The text at a byte offset of the template.
    pub fn new(text: &'a str, start: usize) -> Self {
        Self { text, start }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The bytes of the template's text that it stands in.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// A part, by byte offsets in this text; empty when they don't fit.
    pub fn part(&self, range: Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or_default();
        Self { text, start: self.start + range.start.min(self.text.len()) }
    }

    /// The text from a byte offset on.
    pub fn from(&self, at: usize) -> Self {
        self.part(at..self.text.len())
    }

    /// Without white space at both ends.
    pub fn trim(&self) -> Self {
        let text = self.text.trim_start_matches(is_space);
        let start = self.start + self.text.len() - text.len();
        Self { text: text.trim_end_matches(is_space), start }
    }

    /// The first quoted fragment at or after a byte offset.
    pub fn fragment(&self, from: usize) -> Option<Range<usize>> {
        let mut at = from;
        loop {
            let first = self.text.get(at..)?.chars().next()?;
            if let Some(end) = fragment_end(self.text, at) {
                return Some(at..end);
            }
            at += first.len_utf8();
        }
    }

    /// `name: value` pairs anywhere in the text, in order.
    pub fn attributes(&self) -> Vec<(Markup<'a>, Markup<'a>)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(first) = self.text.get(at..).and_then(|rest| rest.chars().next()) {
            if !is_word(first) {
                at += first.len_utf8();
                continue;
            }
            let name_end = run_end(self.text, at, is_segment);
            match attribute_value(self.text, name_end) {
                Some(value) => {
                    found.push((self.part(at..name_end), self.part(value.clone())));
                    at = value.end;
                }
                None => at = name_end,
            }
        }
        found
    }
}

/// `\s` of Ruby's regular expressions.
pub fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// `\w`, for all scripts.
pub fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// A character of a variable's segment: `[\w\-]`.
pub fn is_segment(c: char) -> bool {
    c == '-' || is_word(c)
}

/// Where the run of characters from `at` on that fulfil `accept` ends.
pub fn run_end(text: &str, at: usize, accept: impl Fn(char) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(|c| !accept(c)).unwrap_or(rest.len())
}

/// Where the white space from `at` on ends.
pub fn skip_space(text: &str, at: usize) -> usize {
    run_end(text, at, is_space)
}

/// The end of a quoted string that begins at `at`.
fn quoted_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.find(quote).map(|close| at + close + 2)
}

/// The end of the quoted fragment that begins at `at`: a quoted string, or a run without white
/// space, commas, pipes and lone quotes, in which quoted strings may stand.
pub fn fragment_end(text: &str, at: usize) -> Option<usize> {
    if let Some(end) = quoted_end(text, at) {
        return Some(end);
    }
    let mut end = at;
    while let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()) {
        if let Some(quoted) = quoted_end(text, end) {
            end = quoted;
        } else if is_space(c) || matches!(c, ',' | '|' | '"' | '\'') {
            break;
        } else {
            end += c.len_utf8();
        }
    }
    (end > at).then_some(end)
}

/// The end of as many quoted fragments as follow each other from `at` on, one at least.
pub fn fragments_end(text: &str, at: usize) -> Option<usize> {
    let mut end = fragment_end(text, at)?;
    while let Some(next) = fragment_end(text, end) {
        end = next;
    }
    Some(end)
}

/// The value of an attribute whose name ends at `name_end`: `\s*:\s*` and a fragment.
pub fn attribute_value(text: &str, name_end: usize) -> Option<Range<usize>> {
    let colon = skip_space(text, name_end);
    if !text.get(colon..)?.starts_with(':') {
        return None;
    }
    let start = skip_space(text, colon + 1);
    fragment_end(text, start).map(|end| start..end)
}

/// Whether a word stands at `at`, bounded on its right side.
pub fn word_at(text: &str, at: usize, word: &str) -> bool {
    text.get(at..).is_some_and(|rest| {
        rest.strip_prefix(word).is_some_and(|after| !after.starts_with(is_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragments(text: &str) -> Vec<&str> {
        let markup = Markup::new(text, 0);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(range) = markup.fragment(at) {
            at = range.end;
            found.push(markup.part(range).text());
        }
        found
    }

    #[test]
    fn fragments_keep_quoted_text_together() {
        assert_eq!(fragments("a, 'b c' | d"), ["a", "'b c'", "d"]);
        assert_eq!(fragments("page['제목 하나'].x b"), ["page['제목 하나'].x", "b"]);
        assert_eq!(fragments("'open"), ["open"]);
        assert_eq!(fragments("a/b.html x=\"1 2\""), ["a/b.html", "x=\"1 2\""]);
    }

    #[test]
    fn attributes_are_found_anywhere() {
        let markup = Markup::new("i in list limit:2 offset : 'x y', 한글: 1", 0);
        let found: Vec<_> =
            markup.attributes().iter().map(|(name, value)| (name.text(), value.text())).collect();
        assert_eq!(found, [("limit", "2"), ("offset", "'x y'"), ("한글", "1")]);
    }
}
