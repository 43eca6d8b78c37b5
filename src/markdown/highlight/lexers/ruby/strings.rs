//! Strings, regular expressions and documents within the text of Ruby.

use super::{Ruby, State, literals};
use crate::markdown::highlight::scan::{Scan, is_space};

impl Ruby {
    /// The name of a document that begins on the next line.
    pub(super) fn heredoc(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let mark = scan.first(&["<<-", "<<~", "<<"]);
        if mark == 0 {
            return false;
        }
        let quote = scan.byte(mark);
        let quoted = usize::from(matches!(quote, b'"' | b'`' | b'\''));
        let start = mark + quoted;
        let name = scan.name(start);
        let end = if name > 0 { name } else { start };
        let closed = quoted == 0 || scan.byte(end) == quote;
        if !closed || name == 0 && (quoted == 0 || quote == b'`') {
            return false;
        }
        self.heredocs.push((mark == 3, scan.ahead(end)[start..].to_owned()));
        scan.emit("o", mark);
        if self.stack.last() != Some(&State::HeredocQueue) {
            self.stack.push(State::HeredocQueue);
        }
        scan.emit("no", end + quoted - mark)
    }

    /// A string with a percent sign and delimiters of the author's choice.
    pub(super) fn sigil(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) != b'%' {
            return false;
        }
        let kind = scan.byte(1);
        let typed = usize::from(b"rqswQWxiI".contains(&kind) && !scan.is_end(1));
        let is_open = |c: &char| *c != '_' && !c.is_ascii_alphanumeric() && !is_ascii_space(*c);
        let Some(open) = scan.char_at(1 + typed).filter(is_open) else { return false };
        let close = match open {
            '{' => '}',
            '[' => ']',
            '(' => ')',
            '<' => '>',
            other => other,
        };
        let class = if typed > 0 && kind == b'r' { "sr" } else { "sx" };
        if class == "sr" {
            self.stack.push(State::RegexFlags);
        }
        let interpolated = typed > 0 && b"rQWxI".contains(&kind);
        let length = 1 + typed + open.len_utf8();
        self.enter(scan, class, length, State::Sigil(class, open, close, interpolated))
    }

    pub(super) fn in_sigil(&mut self, scan: &mut Scan<'_, '_>, state: State) -> bool {
        let State::Sigil(class, open, close, interpolated) = state else { return false };
        let Some(first) = scan.char_at(0) else { return false };
        let is_mark = |c: char| c == '#' || c == '\\' || c == open || c == close;
        let next = scan.char_at(1).filter(|_| first == '\\');
        if let Some(guarded) = next.filter(|c| is_mark(*c)) {
            return scan.emit("se", 1 + guarded.len_utf8());
        }
        if first == open && open != close {
            return self.enter(scan, class, open.len_utf8(), state);
        }
        if first == close {
            return self.leave(scan, class, close.len_utf8());
        }
        if interpolated && self.interpolation(scan, true) {
            return true;
        }
        if first == '#' || !interpolated && first == '\\' {
            return scan.emit(class, 1);
        }
        let text = scan.run_chars(0, |c| !is_mark(c));
        scan.some(class, text)
    }

    /// A value in a string, or an escape.
    fn interpolation(&mut self, scan: &mut Scan<'_, '_>, escapes: bool) -> bool {
        if scan.starts("#{") {
            return self.enter(scan, "si", 2, State::Interpolated);
        }
        let mark = scan.first(&["#@@", "#@", "#$"]);
        let name = scan.name(mark);
        if mark > 0 && name > 0 {
            return scan.emit("si", name);
        }
        let length = if escapes { literals::escape(scan, 0) } else { 0 };
        scan.some("se", length)
    }

    pub(super) fn quoted(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, end: u8) -> bool {
        if self.interpolation(scan, true) {
            return true;
        }
        let byte = scan.byte(0);
        if byte == end {
            return self.leave(scan, class, 1);
        }
        let text = scan.run(0, |byte| byte != b'\\' && byte != b'#' && byte != end);
        scan.emit(class, text.max(1))
    }

    pub(super) fn regex(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.interpolation(scan, false) {
            return true;
        }
        match scan.byte(0) {
            b'\\' => scan.emit("sr", 1 + usize::from(matches!(scan.byte(1), b'\\' | b'/'))),
            b'#' => scan.emit("sr", 1),
            b'/' => self.turn(scan, "sr", 1, State::RegexFlags),
            _ => scan.emit("sr", scan.run(0, |byte| !matches!(byte, b'\\' | b'/' | b'#'))),
        }
    }

    pub(super) fn in_heredocs(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.interpolation(scan, true) {
            return true;
        }
        match scan.byte(0) {
            b'\n' => self.enter(scan, "sh", 1, State::HeredocLine),
            b'#' | b'\\' => scan.emit("sh", 1),
            _ => scan.emit("sh", scan.run(0, |byte| !matches!(byte, b'#' | b'\\' | b'\n'))),
        }
    }

    /// A line that may end a document.
    pub(super) fn heredoc_line(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let length = scan.run(0, |byte| !matches!(byte, b'#' | b'\\' | b'\n'));
        if !scan.is_line_end(length) {
            return self.leave(scan, "", 0);
        }
        let line = scan.ahead(length).trim_end();
        let ends = self.heredocs.first().is_some_and(|(indented, end)| {
            *end == if *indented { line.trim_start() } else { line }
        });
        if !ends {
            return self.leave(scan, "sh", length);
        }
        self.heredocs.remove(0);
        if self.heredocs.is_empty() {
            self.stack.pop();
        }
        self.leave(scan, "no", length)
    }
}

fn is_ascii_space(c: char) -> bool {
    u8::try_from(c).is_ok_and(is_space)
}
