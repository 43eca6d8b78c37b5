//! Cuts a template into text, outputs and tags, as Ruby Liquid's tokenizer does.

use std::ops::Range;

use super::scan::{is_space, is_word, run_end, skip_space};

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Literal text.
    Text,
    /// `{{ … }}`, with the bytes of what is between.
    Output(Range<usize>),
    /// `{% name … %}`, with the bytes of the name and of the rest.
    Tag(Range<usize>, Range<usize>),
    /// `{{` or `{%` without its end.
    Unclosed,
}

/// A token and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    /// Whether `-` asks to trim the text before and after.
    pub(super) trims: (bool, bool),
}

/// The tokens of a text, on demand.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Whether a search for `}` or `%}` already came to the end of the text in vain; it isn't
    /// repeated, so that the work grows with the text only.
    no_more: [bool; 2],
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self::new_at(text, 0)
    }

    /// The tokens from a byte offset on.
    pub(super) fn new_at(text: &'a str, at: usize) -> Self {
        Self { text, at, no_more: [false; 2] }
    }

    fn next_opening(&self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..)?;
        rest.match_indices('{')
            .find(|&(at, _)| matches!(rest.as_bytes().get(at + 1), Some(b'{' | b'%')))
            .map(|(at, _)| from + at)
    }

    fn token(&mut self, start: usize) -> Token {
        let rest = self.text.get(start + 2..).unwrap_or_default();
        let is_tag = self.text[start..].starts_with("{%");
        let no_more = &mut self.no_more[usize::from(is_tag)];
        // Ruby ends an output at the first `}`, whether or not another follows.
        let end = if *no_more {
            None
        } else if is_tag {
            rest.find("%}").map(|at| start + 2 + at + 2)
        } else {
            rest.find('}').map(|at| {
                let end = start + 2 + at + 1;
                if self.text[end..].starts_with('}') { end + 1 } else { end }
            })
        };
        *no_more = end.is_none();
        let Some(end) = end else { return self.unclosed(start..start + 2) };
        if !is_tag && !self.text[start..end].ends_with("}}") {
            return self.unclosed(start..end);
        }
        self.delimited(start..end, is_tag)
    }

    fn unclosed(&self, range: Range<usize>) -> Token {
        Token { range, kind: Kind::Unclosed, trims: (false, false) }
    }

    fn delimited(&self, range: Range<usize>, is_tag: bool) -> Token {
        let bytes = self.text.as_bytes();
        let mut inner = range.start + 2..range.end - 2;
        let before = inner.start < inner.end && bytes[inner.start] == b'-';
        let after = range.len() > 4 && bytes[inner.end - 1] == b'-';
        inner.start += usize::from(before);
        if after && inner.end > inner.start {
            inner.end -= 1;
        }
        let kind = if is_tag {
            let name_start = skip_space(self.text, inner.start);
            let name_end = run_end(self.text, name_start, is_word).min(inner.end);
            if name_start >= name_end {
                return Token { range, kind: Kind::Unclosed, trims: (before, after) };
            }
            let rest = skip_space(self.text, name_end).min(inner.end);
            Kind::Tag(name_start..name_end, rest..inner.end)
        } else {
            Kind::Output(inner)
        };
        Token { range, kind, trims: (before, after) }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if self.at >= self.text.len() {
            return None;
        }
        let token = match self.next_opening(self.at) {
            Some(start) if start == self.at => self.token(start),
            opening => {
                let end = opening.unwrap_or(self.text.len());
                Token { range: self.at..end, kind: Kind::Text, trims: (false, false) }
            }
        };
        self.at = token.range.end;
        Some(token)
    }
}

/// The bytes of a text without the white space at its beginning.
pub(super) fn trim_start(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let kept = part.trim_start_matches(|c| is_space(c) || c == '\0');
    range.end - kept.len()..range.end
}

/// The bytes of a text without the white space at its end.
pub(super) fn trim_end(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let kept = part.trim_end_matches(|c| is_space(c) || c == '\0');
    range.start..range.start + kept.len()
}
