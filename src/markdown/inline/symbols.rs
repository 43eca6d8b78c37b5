//! Typographic symbols, line breaks and escapes.

use super::{Kind, Parser, Span};

impl Parser<'_> {
    /// Dashes, dots and guillemets.
    pub(super) fn symbol(&mut self, spans: &mut Vec<Span>) -> bool {
        const SYMBOLS: [(&str, &str); 9] = [
            ("---", "\u{2014}"),
            ("--", "\u{2013}"),
            ("...", "\u{2026}"),
            ("\\<<", "<<"),
            ("\\>>", ">>"),
            ("<< ", "\u{ab}\u{a0}"),
            (" >>", "\u{a0}\u{bb}"),
            ("<<", "\u{ab}"),
            (">>", "\u{bb}"),
        ];
        let rest = self.rest();
        let Some((written, character)) =
            SYMBOLS.iter().find(|(written, _)| rest.starts_with(written))
        else {
            return false;
        };
        spans.push(Span::new(Kind::Character((*character).to_owned())));
        self.at += written.len();
        true
    }

    /// Two spaces or two backslashes at the end of a line.
    pub(super) fn line_break(&mut self, spans: &mut Vec<Span>) -> bool {
        let rest = self.rest();
        if self.context.options.hard_wrap
            || !(rest.starts_with("  \n") || rest.starts_with("\\\\\n"))
        {
            return false;
        }
        spans.push(Span::new(Kind::Break));
        self.at += 2;
        true
    }

    /// A backslash and a character that it can hide (the list of the GFM parser).
    pub(super) fn escaped(&mut self, spans: &mut Vec<Span>) -> bool {
        const ESCAPABLE: &[u8] = b"\\.*_+`<>()[]{}#!:|\"'$=-~";
        if self.byte(0) != b'\\' || !ESCAPABLE.contains(&self.byte(1)) {
            return false;
        }
        self.at += 1;
        self.take_text(spans, 1);
        true
    }
}
