//! Typographic quotes by kramdown's rules, which follow RubyPants. A word character is an ASCII
//! one there, so that a quote before Hangul opens only after white space or an opening bracket.

use super::{Parser, Span, add_text, entity};
use crate::markdown::text::{is_space_char, is_word};

const LEFT_SINGLE: char = '\u{2018}';
const RIGHT_SINGLE: char = '\u{2019}';
const LEFT_DOUBLE: char = '\u{201c}';
const RIGHT_DOUBLE: char = '\u{201d}';

fn left(quote: char) -> char {
    if quote == '"' { LEFT_DOUBLE } else { LEFT_SINGLE }
}

fn right(quote: char) -> char {
    if quote == '"' { RIGHT_DOUBLE } else { RIGHT_SINGLE }
}

fn is_quote(c: char) -> bool {
    c == '"' || c == '\''
}

fn is_ascii_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What a rule found: how many characters of text come first, then the quotes.
type Found = (usize, &'static [char], usize);

/// The first of the rules for a quote at the beginning.
fn at_quote(c: &[char]) -> Option<(usize, char)> {
    let get = |at: usize| c.get(at).copied();
    let quote = get(0).filter(|&c| is_quote(c))?;
    let emphasis = get(1).is_some_and(|c| c == '_' || c == '*');
    if emphasis && get(2).is_some_and(|c| !is_space_char(c)) {
        return Some((1, left(quote)));
    }
    let punctuation = get(1).filter(|&c| c.is_ascii_punctuation() && c != '&')?;
    let dots = get(2) == Some('.') && get(3) == Some('.');
    let boundary = is_word(punctuation) != get(2).is_some_and(is_word);
    (!dots && !boundary).then(|| (1, right(quote)))
}

/// The rules for two quotes in a row and for decades, after a space or none.
fn special(c: &[char]) -> Option<Found> {
    let space = usize::from(c.first().copied().is_some_and(is_space_char));
    let c = c.get(space..)?;
    let get = |at: usize| c.get(at).copied();
    let word = get(2).is_some_and(is_ascii_word);
    match (get(0)?, get(1)) {
        ('"', Some('\'')) if word => Some((space, &[LEFT_DOUBLE, LEFT_SINGLE], 2)),
        ('\'', Some('"')) if word => Some((space, &[LEFT_SINGLE, LEFT_DOUBLE], 2)),
        ('\'', Some(first)) if first.is_ascii_digit() => {
            let decade = get(2).is_some_and(|c| c.is_ascii_digit()) && get(3) == Some('s');
            decade.then_some((space, &[RIGHT_SINGLE] as &[_], 1))
        }
        _ => None,
    }
}

/// The rules for a quote after a character, and what is left.
fn general(c: &[char]) -> Option<(usize, char)> {
    let get = |at: usize| c.get(at).copied();
    let first = get(0)?;
    if let Some(quote) = get(1).filter(|&c| is_quote(c)) {
        if is_space_char(first) && get(2).is_some_and(is_ascii_word) {
            return Some((2, left(quote)));
        }
        if !matches!(first, ' ' | '\\' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-') {
            return Some((2, right(quote)));
        }
    }
    if is_quote(first) {
        let possessive = get(1) == Some('s') && !get(2).is_some_and(is_word);
        if possessive || get(1).is_none_or(is_space_char) {
            return Some((1, right(first)));
        }
    }
    for quote in ['\'', '"'] {
        if get(1) == Some(quote) {
            return Some((2, left(quote)));
        }
        if first == quote {
            return Some((1, left(quote)));
        }
    }
    None
}

impl Parser<'_> {
    fn push_quote(&mut self, spans: &mut Vec<Span>, quote: char) {
        let index = [LEFT_SINGLE, RIGHT_SINGLE, LEFT_DOUBLE, RIGHT_DOUBLE]
            .iter()
            .position(|&known| known == quote);
        spans.push(entity::quote(quote, index.unwrap_or_default(), self.context.options));
    }

    /// Parses a quote here, or after the character here.
    pub(super) fn quotes(&mut self, spans: &mut Vec<Span>) -> bool {
        let mut chars = ['\0'; 5];
        let mut count = 0;
        for (slot, c) in chars.iter_mut().zip(self.rest().chars()) {
            *slot = c;
            count += 1;
        }
        let c = &chars[..count];
        let Some(&first) = c.first() else { return false };
        let second = c.get(1).copied().is_some_and(is_quote);
        if first == '\\' || !(is_quote(first) || second) {
            return false;
        }
        if let Some((length, quote)) = at_quote(c) {
            self.at += length;
            self.push_quote(spans, quote);
        } else if let Some((before, quotes, length)) = special(c) {
            self.take_text(spans, before);
            self.at += length;
            for &quote in quotes {
                self.push_quote(spans, quote);
            }
        } else if let Some((length, quote)) = general(c) {
            let text_length = if length == 2 { first.len_utf8() } else { 0 };
            add_text(spans, &self.text[self.at..self.at + text_length]);
            self.at += text_length + 1;
            self.push_quote(spans, quote);
        } else {
            return false;
        }
        true
    }
}
