//! Typographic symbols, line breaks and escapes.

use super::{Kind, Parser, Span, entity};
use crate::markdown::options::Input;
use crate::markdown::tag;

impl Parser<'_> {
    /// Dashes, dots and guillemets.
    pub(super) fn symbol(&mut self, spans: &mut Vec<Span>) -> bool {
        const SYMBOLS: [(&str, &str, &[char]); 9] = [
            ("---", "mdash", &['\u{2014}']),
            ("--", "ndash", &['\u{2013}']),
            ("...", "hellip", &['\u{2026}']),
            ("\\<<", "", &['<', '<']),
            ("\\>>", "", &['>', '>']),
            ("<< ", "laquo_space", &['\u{ab}', '\u{a0}']),
            (" >>", "raquo_space", &['\u{a0}', '\u{bb}']),
            ("<<", "laquo", &['\u{ab}']),
            (">>", "raquo", &['\u{bb}']),
        ];
        let options = self.context.options;
        let rest = self.rest();
        let found = SYMBOLS.iter().find(|(written, ..)| rest.starts_with(written));
        let Some((written, name, characters)) = found.filter(|_| options.typographic) else {
            return false;
        };
        self.at += written.len();
        if name.is_empty() {
            spans.extend(characters.iter().map(|&c| Span::new(Kind::Character(c))));
        } else if let Some(own) = options.typographic_symbols.get(*name) {
            let mut html = String::new();
            tag::write_text(&mut html, own);
            spans.push(entity::written(characters.iter().collect(), html));
        } else {
            spans.extend(characters.iter().map(|&c| entity::character(c, options)));
        }
        true
    }

    /// Two spaces or two backslashes at the end of a line.
    pub(super) fn line_break(&mut self, spans: &mut Vec<Span>) -> bool {
        let rest = self.rest();
        if self.context.hard_wrap() || !(rest.starts_with("  \n") || rest.starts_with("\\\\\n")) {
            return false;
        }
        spans.push(Span::new(Kind::Break));
        self.at += 2;
        true
    }

    /// A backslash and a character that it can hide (the list of the GFM parser).
    pub(super) fn escaped(&mut self, spans: &mut Vec<Span>) -> bool {
        const ESCAPABLE: &[u8] = b"\\.*_+`<>()[]{}#!:|\"'$=-~";
        let next = self.byte(1);
        let gfm = self.context.options.input == Input::Gfm;
        if self.byte(0) != b'\\' || !ESCAPABLE.contains(&next) || (next == b'~' && !gfm) {
            return false;
        }
        self.at += 1;
        self.take_text(spans, 1);
        true
    }
}
