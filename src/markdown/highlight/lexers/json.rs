//! JSON.

use crate::markdown::highlight::scan::{Rules, Scan, is_space};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Object,
    Array,
    Text,
}

pub struct Json {
    stack: Vec<State>,
}

impl Json {
    pub fn new() -> Self {
        Self { stack: vec![State::Root] }
    }

    fn value(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.first(&["true", "false", "null"]);
        if scan.some("kc", word) || number(scan) {
            return true;
        }
        let (class, state) = match scan.byte(0) {
            b'"' => ("s2", State::Text),
            b'[' => ("p", State::Array),
            b'{' => ("p", State::Object),
            _ => return false,
        };
        self.stack.push(state);
        scan.emit(class, 1)
    }

    fn text(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'"' => {
                self.stack.pop();
                scan.emit("s2", 1)
            }
            b'\\' => {
                let guarded = scan.char_at(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
                guarded > 0 && scan.emit("se", 1 + guarded)
            }
            _ => scan.emit("s2", scan.run(0, |byte| !matches!(byte, b'"' | b'\\'))),
        }
    }
}

/// A name with its colon.
fn name(scan: &mut Scan<'_, '_>) -> bool {
    if scan.byte(0) != b'"' {
        return false;
    }
    let mut end = 1;
    loop {
        end = scan.run(end, |byte| !matches!(byte, b'"' | b'\\' | b'\n'));
        match scan.byte(end) {
            b'"' => break,
            b'\\' if !scan.is_line_end(end + 1) => {
                end += 1 + scan.char_at(end + 1).map_or(0, char::len_utf8);
            }
            _ => return false,
        }
    }
    let colon = scan.spaces(end + 1);
    if scan.byte(colon) != b':' {
        return false;
    }
    scan.emit("nl", end + 1);
    scan.emit("w", colon - end - 1);
    scan.emit("p", 1)
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let start = usize::from(scan.byte(0) == b'-');
    let whole = if scan.byte(start) == b'0' { start + 1 } else { digits(start) };
    if whole == start {
        return false;
    }
    let power = |at: usize| {
        let sign = at + 1 + usize::from(matches!(scan.byte(at + 1), b'+' | b'-'));
        let end = digits(sign);
        if scan.byte(at) | 32 == b'e' && end > sign { end } else { at }
    };
    let fraction = digits(whole + 1);
    if scan.byte(whole) == b'.' && fraction > whole + 1 {
        return scan.emit("mf", power(fraction));
    }
    scan.emit("mi", power(whole))
}

impl Rules for Json {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let state = self.stack.last().copied().unwrap_or(State::Root);
        if state == State::Text {
            return self.text(scan);
        }
        let byte = scan.byte(0);
        if is_space(byte) {
            return scan.emit("w", scan.spaces(0));
        }
        if state != State::Array && name(scan) || self.value(scan) {
            return true;
        }
        match (state, byte) {
            (State::Root, b']' | b'}') | (State::Object | State::Array, b',') => scan.emit("p", 1),
            (State::Object, b'}') | (State::Array, b']') => {
                self.stack.pop();
                scan.emit("p", 1)
            }
            _ => false,
        }
    }
}
