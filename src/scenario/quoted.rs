//! From an offset in a YAML scalar's value to its place in the text, through quotes, escapes and
//! folded lines.

use std::ops::Range;

/// Where each character of a scalar's value stands in the text.
#[derive(Clone, Debug)]
pub struct ScalarMap {
    /// For each byte of the value, the bytes of the text that its character stands for; `None` if
    /// value and text couldn't be matched.
    bytes: Option<Vec<Range<usize>>>,
    whole: Range<usize>,
}

impl ScalarMap {
    /// Matches `value` with what stands at `range` of `text`.
    pub fn new(value: &str, text: &str, range: Range<usize>) -> Self {
        let written = text.get(range.clone()).unwrap_or_default();
        Self { bytes: align(value, written, range.start), whole: range }
    }

    /// The place in the text of a range of the value; the whole scalar if it can't be told.
    pub fn locate(&self, range: Range<usize>) -> Range<usize> {
        let Some(bytes) = &self.bytes else { return self.whole.clone() };
        let end = bytes.last().map_or(self.whole.end, |last| last.end);
        let start = bytes.get(range.start).map_or(end, |character| character.start);
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let end = last.and_then(|last| bytes.get(last)).map_or(start, |character| character.end);
        start..end.max(start)
    }
}

/// Walks both texts side by side.
fn align(value: &str, written: &str, offset: usize) -> Option<Vec<Range<usize>>> {
    let body_start = match written.as_bytes().first() {
        Some(b'"' | b'\'') => 1,
        Some(b'|' | b'>') if !value.starts_with(['|', '>']) => written.find('\n')? + 1,
        _ => 0,
    };
    let quote = written.chars().next().filter(|_| body_start == 1);
    let mut at = body_start;
    let mut bytes = Vec::with_capacity(value.len());
    for c in value.chars() {
        let (skipped, length) = character(c, written.get(at..)?, quote)?;
        let start = offset + at + skipped;
        bytes.extend(std::iter::repeat_n(start..start + length, c.len_utf8()));
        at += skipped + length;
    }
    Some(bytes)
}

/// How many bytes of `rest` come before the character `c` of the value, and how many stand for it.
fn character(c: char, rest: &str, quote: Option<char>) -> Option<(usize, usize)> {
    let first = rest.chars().next();
    if c == ' ' || c == '\n' {
        // A folded line: a line break and the indentation of the next line are one space.
        let blank = rest.len() - rest.trim_start().len();
        if rest[..blank].contains('\n') {
            return Some((0, blank));
        }
        // The last line break of a block scalar may be added at the end of the text.
        if c == '\n' && rest.trim().is_empty() {
            return Some((0, rest.len()));
        }
    }
    if first == Some('\\') && quote == Some('"') {
        let mut length = 1 + rest.chars().nth(1)?.len_utf8();
        length += match rest.as_bytes().get(1) {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        return rest.is_char_boundary(length).then_some((0, length));
    }
    if c == '\'' && quote == Some('\'') && rest.starts_with("''") {
        return Some((0, 2));
    }
    if first == Some(c) {
        return Some((0, c.len_utf8()));
    }
    // The indentation of a line in a block scalar.
    let blank = rest.len() - rest.trim_start().len();
    rest[blank..].starts_with(c).then_some((blank, c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(value: &str, text: &str, part: &str) -> String {
        let map = ScalarMap::new(value, text, 0..text.len());
        let at = value.find(part).unwrap();
        text[map.locate(at..at + part.len())].to_owned()
    }

    #[test]
    fn parts_of_a_scalar_are_found_through_its_quotes() {
        assert_eq!(found("a.b > 1", "a.b > 1", "b"), "b");
        assert_eq!(found("a[\"가\"] > 1", "\"a[\\\"가\\\"] > 1\"", "가"), "가");
        assert_eq!(found("a['가'] > 1", "'a[''가''] > 1'", "'가'"), "''가''");
        assert_eq!(found("a && b", "a &&\n    b", "b"), "b");
        assert_eq!(found("a &&\nb\n", "|\n  a &&\n  b\n", "b"), "b");
        assert_eq!(found("a && b\n", ">-\n  a &&\n  b\n", "b"), "b");
        assert_eq!(found("\u{e9} > 1", "\"\\u00e9 > 1\"", "\u{e9}"), "\\u00e9");
    }

    #[test]
    fn what_cannot_be_matched_is_the_whole_scalar() {
        let map = ScalarMap::new("xyz", "abc", 0..3);
        assert_eq!(map.locate(1..2), 0..3);
    }
}
