//! Text that was taken apart and joined again, and still knows where in the input each of its
//! bytes came from; and the small scanners over it that blocks and spans share.

use std::ops::Range;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::markdown::mark;

/// A piece of the input after indentation, quote marks and the like were taken off its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    value: String,
    /// Where the text begins in the input.
    first: usize,
    /// Where a further run of unchanged bytes begins, in the text and in the input; ascending.
    origins: Vec<(usize, usize)>,
}

impl Text {
    /// The whole input as kramdown reads it: line ends are `\n`, and the last line has one.
    pub fn document(input: &str) -> Self {
        let mut text = Self::default();
        text.value.reserve(input.len() + 1);
        let mut rest = 0;
        for (at, _) in input.match_indices('\r') {
            text.push(&input[rest..at], rest);
            rest = at + 1;
            if input.as_bytes().get(rest) != Some(&b'\n') {
                text.push("\n", at);
            }
        }
        text.push(&input[rest..], rest);
        if !text.value.ends_with('\n') {
            text.push("\n", input.len());
        }
        text
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// Appends a piece that stands at `origin` in the input.
    pub fn push(&mut self, piece: &str, origin: usize) {
        if piece.is_empty() {
            return;
        }
        let at = self.value.len();
        let (start, from) = self.origins.last().copied().unwrap_or((0, self.first));
        if at == 0 {
            self.first = origin;
        } else if from + (at - start) != origin {
            self.origins.push((at, origin));
        }
        self.value.push_str(piece);
    }

    /// Appends a part of another text.
    pub fn push_part(&mut self, other: &Text, part: Range<usize>) {
        let mut at = part.start;
        let mut index = other.run_of(at);
        while at < part.end {
            let next = other.origins.get(index).map_or(part.end, |&(start, _)| start);
            let end = next.min(part.end);
            self.push(&other.value[at..end], other.origin_in(index, at));
            at = end;
            index += 1;
        }
    }

    /// A part as a text of its own.
    pub fn part(&self, part: Range<usize>) -> Text {
        let mut out = Text::default();
        out.value.reserve(part.len());
        out.push_part(self, part);
        out
    }

    /// Removes white space from the end.
    pub fn trim_end(&mut self) {
        let end = self.value.trim_end_matches(is_space_char).len();
        self.value.truncate(end);
    }

    /// The text without white space at its beginning.
    pub fn trimmed_start(self) -> Text {
        let start = self.value.len() - self.value.trim_start_matches(is_space_char).len();
        if start == 0 { self } else { self.part(start..self.value.len()) }
    }

    /// The number of the run that holds a byte.
    fn run_of(&self, at: usize) -> usize {
        self.origins.partition_point(|&(start, _)| start <= at)
    }

    fn origin_in(&self, index: usize, at: usize) -> usize {
        let run = index.checked_sub(1).and_then(|index| self.origins.get(index));
        let (start, from) = run.copied().unwrap_or((0, self.first));
        let origin = from + at.saturating_sub(start);
        // Spaces in the place of a tab stand where the text after them does.
        self.next_origin(index, from).map_or(origin, |next| origin.min(next))
    }

    /// Where the run after another begins in the input, if it goes on there.
    fn next_origin(&self, index: usize, from: usize) -> Option<usize> {
        self.origins.get(index).map(|&(_, next)| next).filter(|&next| next >= from)
    }

    /// The byte of the input from which the byte at `at` came.
    pub fn origin(&self, at: usize) -> usize {
        self.origin_in(self.run_of(at), at)
    }

    /// The bytes of the input that a part came from, first to last.
    pub fn origin_range(&self, part: Range<usize>) -> Range<usize> {
        let start = self.origin(part.start);
        if part.is_empty() {
            return start..start;
        }
        let index = self.run_of(part.end - 1);
        let last = self.origin_in(index, part.end - 1);
        let inserted = self.next_origin(index, start).is_some_and(|next| next <= last);
        start..(last + usize::from(!inserted)).max(start)
    }
}

/// Ruby's `\s`.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Ruby's `\s` for characters.
pub fn is_space_char(c: char) -> bool {
    u8::try_from(c).is_ok_and(is_space)
}

/// Ruby's `[[:alnum:]]`: no `²` and no `①`, other than Rust's.
fn is_alphanumeric(c: char) -> bool {
    // Syllables of Hangul, which texts are full of, need no table.
    matches!(c, '가'..='힣')
        || c.is_alphabetic()
        || (c.is_numeric() && c.general_category() == GeneralCategory::DecimalNumber)
}

/// Ruby's `\p{Word}`, which its `\b` follows too.
pub fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    is_alphanumeric(c)
        || c.general_category_group() == GeneralCategoryGroup::Mark
        || c.general_category() == GeneralCategory::ConnectorPunctuation
}

/// The byte at an offset; 0 past the end.
pub fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// Where the line that goes on at `at` ends, its line break included.
pub fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |found| at + found + 1)
}

/// The line that goes on at `at`, without its line break.
pub fn line(text: &str, at: usize) -> &str {
    let line = &text[at..line_end(text, at)];
    line.strip_suffix('\n').unwrap_or(line)
}

/// The offset after white space without line breaks.
pub fn skip_blanks(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|&&b| b == b' ' || b == b'\t').count()
}

/// The offset after any white space.
pub fn skip_space(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|&&b| is_space(b)).count()
}

/// The offset after up to three spaces.
pub fn skip_indent(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take(3).take_while(|&&b| b == b' ').count()
}

/// The number of times that a byte repeats from `at` on.
pub fn run(text: &str, at: usize, wanted: u8) -> usize {
    text.as_bytes()[at.min(text.len())..].iter().take_while(|&&b| b == wanted).count()
}

/// Whether only white space is left on the line.
pub fn blank_to_end(text: &str, at: usize) -> bool {
    let first = text.as_bytes()[at..].iter().find(|&&b| b == b'\n' || !is_space(b));
    first.is_none_or(|&b| b == b'\n')
}

/// The end of the blank lines that begin at `at`, if there is one.
pub fn blank_lines(text: &str, at: usize) -> Option<usize> {
    let end = skip_space(text, at);
    text[at..end].rfind('\n').map(|last| at + last + 1)
}

/// The offset after `[[:alpha:]_][-[:alnum:]._]*`.
fn simple_name(text: &str, at: usize) -> Option<usize> {
    let mut chars = text[at..].char_indices();
    let (_, first) = chars.next()?;
    if !(first.is_alphabetic() || first == '_') {
        return None;
    }
    let rest = chars.find(|&(_, c)| !(is_alphanumeric(c) || matches!(c, '-' | '.' | '_')));
    Some(rest.map_or(text.len(), |(offset, _)| at + offset))
}

/// The offset after the name of an element or attribute, with or without prefix.
pub fn name_end(text: &str, at: usize) -> Option<usize> {
    let end = simple_name(text, at)?;
    if byte(text, end) == b':'
        && let Some(end) = simple_name(text, end + 1)
    {
        return Some(end);
    }
    Some(end)
}

/// The offset after `\w[\w-]*`, kramdown's names of references.
pub fn identifier_end(text: &str, at: usize) -> Option<usize> {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if !word(byte(text, at)) {
        return None;
    }
    Some(at + text.as_bytes()[at..].iter().take_while(|&&b| word(b) || b == b'-').count())
}

/// How many characters of marks are looked past; those around a value are fewer.
const MAX_MARKS: usize = 64;

/// The character before an offset; marks are not there.
pub fn char_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().rev().take(MAX_MARKS).find(|&c| !mark::is_mark(c))
}

/// The character at an offset; marks are not there.
pub fn char_at(text: &str, at: usize) -> Option<char> {
    text[at.min(text.len())..].chars().take(MAX_MARKS).find(|&c| !mark::is_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_knows_where_it_came_from() {
        let document = Text::document("a\r\n> 가나\r\nb");
        assert_eq!(document.as_str(), "a\n> 가나\nb\n");
        let mut joined = Text::default();
        joined.push_part(&document, 4..11);
        joined.push_part(&document, 11..13);
        assert_eq!(joined.as_str(), "가나\nb\n");
        assert_eq!(joined.origin(0), 5);
        assert_eq!(joined.origin(joined.as_str().find('b').unwrap()), 13);
    }

    #[test]
    fn inserted_spaces_stand_where_the_text_after_them_does() {
        let document = Text::document("a\n\t가\n");
        let mut joined = Text::default();
        joined.push_part(&document, 0..2);
        joined.push("    ", 3);
        joined.push_part(&document, 3..7);
        assert_eq!(joined.as_str(), "a\n    가\n");
        assert_eq!([joined.origin(2), joined.origin(5), joined.origin(6)], [3, 3, 3]);
        assert_eq!(joined.origin_range(4..9), 3..6);
        assert_eq!(joined.origin_range(3..5), 3..3);
    }

    #[test]
    fn blank_lines_end_after_their_last_line_break() {
        assert_eq!(blank_lines(" \n\t\n  a", 0), Some(4));
        assert_eq!(blank_lines("  a\n", 0), None);
    }
}
