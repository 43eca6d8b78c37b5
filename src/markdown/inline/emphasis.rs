//! Emphasis, paired as kramdown pairs it.

use super::{Kind, Level, Parser, Parsers, Span, Stop};
use crate::markdown::mark;
use crate::markdown::text::{char_at, is_space_char};

impl Parser<'_> {
    /// Whether an underscore here stands inside a word.
    fn inside_word(&self) -> bool {
        let before = self.text[self.start..self.at].chars().rev();
        let mut before = before.filter(|&c| !mark::is_mark(c));
        match before.next() {
            Some('-') => before.next().is_some_and(char::is_alphabetic),
            before => before.is_some_and(char::is_alphabetic),
        }
    }

    /// Whether the closing mark of an emphasis is here.
    pub(super) fn emphasis_stops(&self, children: &[Span], mark: u8, length: usize) -> bool {
        let here = (0..3).take_while(|&ahead| self.byte(ahead) == mark).count();
        if here < length || children.is_empty() {
            return false;
        }
        let after = char_at(self.text, self.at + length);
        !self.char_before(self.at).is_some_and(is_space_char)
            && (length == 2 || here != 2)
            && (mark != b'_' || !after.is_some_and(char::is_alphanumeric))
    }

    /// Whether a mark of this length can't be closed as none follows.
    fn has_later(&self, mark: u8, from: usize) -> bool {
        self.last_marks[usize::from(mark == b'_')].is_some_and(|last| last >= from)
    }

    fn emphasised(&mut self, mark: u8, length: usize) -> Option<Vec<Span>> {
        if !self.has_later(mark, self.at) {
            return None;
        }
        let level = if length == 2 { Level::Strong } else { Level::Emphasis };
        let mut children = Vec::new();
        self.spans(&mut children, level, Some(Stop::Mark(mark, length)), Parsers::All)
            .then_some(children)
    }

    /// Parses an emphasis here, or takes its marks for text.
    pub(super) fn emphasis(&mut self, spans: &mut Vec<Span>) {
        let start = self.at;
        let mark = self.byte(0);
        let length = if self.byte(1) == mark { 2 } else { 1 };
        let level = if length == 2 { Level::Strong } else { Level::Emphasis };
        let after = self.text[start + length..].chars().next();
        if (mark == b'_' && self.inside_word())
            || after.is_some_and(is_space_char)
            || self.levels.contains(&level)
        {
            self.take_text(spans, length);
            return;
        }
        self.at = start + length;
        if let Some(children) = self.emphasised(mark, length) {
            let kind = if length == 2 { Kind::Strong } else { Kind::Emphasis };
            spans.push(Span::with(kind, children));
            self.at += length;
            return;
        }
        if length == 2 && self.levels.last() != Some(&Level::Emphasis) {
            self.at = start + 1;
            if let Some(children) = self.emphasised(mark, 1) {
                spans.push(Span::with(Kind::Emphasis, children));
                self.at += 1;
                return;
            }
        }
        self.at = start;
        self.take_text(spans, length);
    }
}
