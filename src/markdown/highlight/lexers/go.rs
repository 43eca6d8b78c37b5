//! Go.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space};

static KEYWORDS: Words = Words::new(
    "
    break case chan const continue default defer else fallthrough for func go goto if import
    interface map package range return select struct switch type var",
);

static TYPES: Words = Words::new(
    "
    bool byte complex64 complex128 error float32 float64 int8 int16 int32 int64 int rune string
    uint8 uint16 uint32 uint64 uintptr uint",
);

static FUNCTIONS: Words = Words::new(
    "append cap close complex copy delete imag len make new panic print println real recover",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Text,
    Raw,
}

pub struct Go {
    state: State,
}

impl Go {
    pub fn new() -> Self {
        Self { state: State::Root }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        if is_space(byte) {
            return scan.emit("", scan.spaces(0));
        }
        if scan.starts("//") {
            return scan.emit("c", scan.line(0));
        }
        if scan.starts("/*")
            && let Some(end) = scan.through(2, "*/")
        {
            return scan.emit("c", end);
        }
        let word = scan.any_word();
        let class = match word {
            _ if word.starts_with(char::is_numeric) => "",
            _ if KEYWORDS.has(word) => "k",
            _ if TYPES.has(word) => "kt",
            _ if FUNCTIONS.has(word) => "nb",
            "true" | "false" | "iota" | "nil" => "no",
            _ => "n",
        };
        if !class.is_empty() && scan.some(class, word.len()) || number(scan) || character(scan) {
            return true;
        }
        if scan.starts("...") {
            return scan.emit("o", 3);
        }
        match byte {
            b'"' | b'`' => {
                self.state = if byte == b'"' { State::Text } else { State::Raw };
                scan.emit("s", 1)
            }
            byte if b"+&=!-|<*^>/:%.".contains(&byte) => scan.emit("o", 1),
            byte if b"()[]{},;".contains(&byte) => scan.emit("p", 1),
            _ => false,
        }
    }

    fn text(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'"' => {
                self.state = State::Root;
                scan.emit("s", 1)
            }
            b'\\' => {
                let length = escape(scan, 0);
                if scan.some("se", length) {
                    return true;
                }
                let any = scan.char_at(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
                any > 0 && scan.emit("err", 1 + any)
            }
            _ => scan.emit("s", scan.run(0, |byte| !matches!(byte, b'"' | b'\\'))),
        }
    }
}

/// The length of an escape from a place ahead; 0 for none.
fn escape(scan: &Scan<'_, '_>, from: usize) -> usize {
    let hex = |count: usize| {
        let end = scan.run(from + 2, |byte| byte.is_ascii_hexdigit());
        if end >= from + 2 + count { 2 + count } else { 0 }
    };
    match scan.byte(from + 1) {
        b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'\'' | b'"' => 2,
        b'u' => hex(4),
        b'U' => hex(8),
        b'x' => hex(2),
        _ => 0,
    }
}

fn character(scan: &mut Scan<'_, '_>) -> bool {
    if scan.byte(0) != b'\'' {
        return false;
    }
    let any = scan.char_at(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let octal = scan.run(2, |byte| matches!(byte, b'0'..=b'7'));
    let octal = if octal >= 5 { 4 } else { 0 };
    let guarded = if scan.byte(1) == b'\\' { [escape(scan, 1), octal] } else { [0, 0] };
    let fits = |length: &usize| *length > 0 && scan.byte(1 + length) == b'\'';
    let length = [any, guarded[0], guarded[1]].into_iter().find(fits);
    length.is_some_and(|length| scan.emit("sc", length + 2))
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let whole = digits(0);
    let dot = scan.byte(whole) == b'.';
    let fraction = if dot { digits(whole + 1) } else { whole };
    if whole == 0 && fraction < 2 {
        return false;
    }
    let sign = fraction + 1 + usize::from(matches!(scan.byte(fraction + 1), b'+' | b'-'));
    let power = digits(sign);
    let has_power = scan.byte(fraction) | 32 == b'e' && power > sign;
    let end = if has_power { power } else { fraction };
    let hex = scan.run(2, |byte| byte.is_ascii_hexdigit());
    if whole == 1 && end == 1 && scan.byte(0) == b'0' && scan.byte(1) | 32 == b'x' && hex > 2 {
        return scan.emit("m", hex);
    }
    scan.emit("m", end + usize::from(scan.byte(end) == b'i'))
}

impl Rules for Go {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.state {
            State::Root => self.root(scan),
            State::Text => self.text(scan),
            State::Raw => {
                if scan.byte(0) == b'`' {
                    self.state = State::Root;
                    return scan.emit("s", 1);
                }
                scan.emit("s", scan.run(0, |byte| byte != b'`'))
            }
        }
    }
}
