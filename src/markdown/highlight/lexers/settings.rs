//! Files of settings: INI and Java's properties.

use crate::markdown::highlight::scan::{Rules, Scan, is_space};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Value,
    Quoted,
}

pub struct Settings {
    properties: bool,
    stack: Vec<State>,
}

impl Settings {
    pub fn new(properties: bool) -> Self {
        Self { properties, stack: vec![State::Root] }
    }

    fn basic(&self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        let mark = if self.properties { b'!' } else { b';' };
        if is_space(byte) {
            return scan.emit("", scan.spaces(0));
        }
        if scan.starts("\\\n") {
            return scan.emit("se", 2);
        }
        let line = scan.line(0);
        (byte == b'#' || byte == mark) && !scan.is_end(line) && scan.emit("c", line + 1)
    }

    fn escape(scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) != b'\\' {
            return false;
        }
        scan.char_at(1).is_some_and(|c| scan.emit("se", 1 + c.len_utf8()))
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.basic(scan) {
            return true;
        }
        let fits = |byte: u8| matches!(byte, b'_' | b'-' | b'.') || byte.is_ascii_alphanumeric();
        let name = scan.run(0, fits);
        let equals = scan.spaces(name);
        let is_equals = scan.byte(equals) == b'=' || self.properties && scan.byte(equals) == b':';
        if name > 0 && is_equals {
            scan.emit("py", name);
            scan.emit("", equals - name);
            self.stack.push(State::Value);
            return scan.emit("p", 1);
        }
        let section = scan.run(0, |byte| byte != b']' && byte != b'\n');
        let is_section = !self.properties && scan.byte(0) == b'[' && scan.byte(section) == b']';
        is_section && scan.emit("nn", section + 1)
    }

    fn value(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b'\n' {
            self.stack.pop();
            return scan.emit("", 1);
        }
        if self.basic(scan) {
            return true;
        }
        match scan.byte(0) {
            b'"' => {
                self.stack.push(State::Quoted);
                return scan.emit("s", 1);
            }
            b'\'' => {
                let end = scan.run(1, |byte| byte != b'\'' && byte != b'\n');
                if scan.byte(end) == b'\'' {
                    return scan.emit("s", end + 1);
                }
            }
            b'\\' => return Self::escape(scan),
            _ => {}
        }
        scan.emit("s", scan.run(0, |byte| byte != b'\\' && byte != b'\n'))
    }
}

impl Rules for Settings {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Value => self.value(scan),
            State::Quoted => match scan.byte(0) {
                b'"' => {
                    self.stack.pop();
                    scan.emit("s", 1)
                }
                b'\\' => Self::escape(scan),
                _ => scan.emit("s", scan.run(0, |byte| byte != b'\\' && byte != b'"')),
            },
        }
    }
}
