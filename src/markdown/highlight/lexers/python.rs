//! Python.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_blank, is_space, is_word, run};

static KEYWORDS: Words = Words::new(
    "
    as assert async await break continue del elif else except exec finally for from global if
    import lambda nonlocal pass print raise return try while with yield",
);

/// Functions and exceptions that are always there.
static BUILTINS: Words = Words::new(
    "
    __import__ abs all any apply ascii basestring bin bool buffer bytearray bytes callable chr
    classmethod cmp coerce compile complex delattr dict dir divmod enumerate eval execfile exit
    file filter float format frozenset getattr globals hasattr hash hex id input int intern
    isinstance issubclass iter len list locals long map max memoryview min next object oct open
    ord pow property range raw_input reduce reload repr reversed round set setattr slice sorted
    staticmethod str sum super tuple type unichr unicode vars xrange zip

    ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError
    ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EnvironmentError
    Exception FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit
    IOError ImportError ImportWarning IndentationError IndexError InterruptedError
    IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError
    NameError NotADirectoryError NotImplemented NotImplementedError OSError OverflowError
    OverflowWarning PendingDeprecationWarning ProcessLookupError RecursionError ReferenceError
    ResourceWarning RuntimeError RuntimeWarning StandardError StopAsyncIteration StopIteration
    SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError
    UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
    UnicodeWarning UserWarning ValueError VMSError Warning WindowsError ZeroDivisionError",
);

const OPERATORS: &[&str] = &["<<=", "<<", ">>=", ">>", "//=", "//", "**=", "**", "!="];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    FunctionName,
    ClassName,
    Text,
    Escape,
    Value,
}

/// A string that is open.
struct Quoted {
    raw: bool,
    format: bool,
    end: &'static str,
}

pub struct Python {
    stack: Vec<State>,
    strings: Vec<Quoted>,
}

impl Python {
    pub fn new() -> Self {
        Self { stack: vec![State::Root], strings: Vec::new() }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'\n' => scan.emit("", scan.run(0, |byte| byte == b'\n')),
            byte if is_blank(byte) => scan.emit("", scan.blanks(0)),
            b'#' => {
                let end = scan.line(0);
                scan.emit("c1", end + usize::from(!scan.is_end(end)))
            }
            byte if b"[]{}:(),;.".contains(&byte) => scan.emit("p", 1),
            b'\\' => scan.emit("", if scan.byte(1) == b'\n' { 2 } else { 1 }),
            b'`' => {
                let end = scan.run(1, |byte| !matches!(byte, b'`' | b'\n'));
                scan.byte(end) == b'`' && scan.emit("sb", end + 1)
            }
            b'"' | b'\'' => self.string(scan),
            b'0'..=b'9' => number(scan),
            _ => self.operator(scan) || self.string(scan) || self.word(scan),
        }
    }

    fn operator(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let length = scan.first(OPERATORS);
        if scan.some("o", length) {
            return true;
        }
        let one = b"-~+/*%=<>&^|@".contains(&scan.byte(0));
        one && scan.emit("o", 1 + usize::from(scan.byte(1) == b'='))
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let length = identifier(scan, 0);
        if length == 0 {
            return false;
        }
        let word = scan.ahead(length);
        let gap = over_gap(scan, length);
        match word {
            "in" | "is" | "and" | "or" | "not" => return scan.emit("ow", length),
            "def" | "class" if gap > length => {
                scan.emit("k", length);
                scan.emit("", gap - length);
                let function = word == "def";
                self.stack.push(if function { State::FunctionName } else { State::ClassName });
                return true;
            }
            "from" if gap > length => {
                let module = dotted(scan, gap);
                let next = over_gap(scan, module);
                if module > gap && next > module && scan.starts_at(next, "import") {
                    scan.emit("kn", length);
                    scan.emit("", gap - length);
                    scan.emit("nn", module - gap);
                    scan.emit("", next - module);
                    return scan.emit("kn", "import".len());
                }
            }
            "import" => {
                let spaces = scan.spaces(length);
                let module = dotted(scan, spaces);
                if spaces > length && module > spaces {
                    scan.emit("kn", length);
                    scan.emit("", spaces - length);
                    return scan.emit("nn", module - spaces);
                }
            }
            _ => {}
        }
        let class = match word {
            _ if KEYWORDS.has(word) => "k",
            _ if BUILTINS.has(word) => "nb",
            "self" | "None" | "Ellipsis" | "False" | "True" => "bp",
            _ => "n",
        };
        scan.emit(class, length)
    }

    /// Opens a string, if one begins here.
    fn string(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let is_prefix = |byte: u8| matches!(byte | 32, b'r' | b'f' | b'b' | b'u');
        let prefix = scan.run(0, is_prefix).min(2);
        let rest = &scan.rest()[prefix..];
        let ends = ["'''", "\"\"\"", "'", "\""];
        let Some(end) = ends.into_iter().find(|end| rest.starts_with(end)) else { return false };
        let kind = scan.ahead(prefix).to_ascii_lowercase();
        self.strings.push(Quoted { raw: kind.contains('r'), format: kind.contains('f'), end });
        self.stack.push(State::Text);
        scan.emit("sa", prefix);
        scan.emit("s", end.len())
    }

    fn text(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let Some(string) = self.strings.last() else { return false };
        match scan.byte(0) {
            b'{' => {
                if scan.byte(1) == b'{' {
                    return scan.emit("s", 2);
                }
                if string.format {
                    self.stack.push(State::Value);
                    return scan.emit("si", 1);
                }
                scan.emit("s", 1)
            }
            b'\'' | b'"' => {
                let end = scan.first(&["'''", "\"\"\"", "'", "\""]);
                if scan.ahead(end) == string.end {
                    self.strings.pop();
                    self.stack.pop();
                }
                scan.emit("s", end)
            }
            b'\\' => {
                self.stack.push(State::Escape);
                true
            }
            _ => scan.emit("s", scan.run(0, |byte| !matches!(byte, b'\'' | b'"' | b'\\' | b'{'))),
        }
    }

    fn escape(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let raw = self.strings.last().is_some_and(|string| string.raw);
        let known = escape(scan);
        let any = scan.char_at(1).filter(|c| *c != '\n').map_or(0, |c| 1 + c.len_utf8());
        let length = if known > 0 { known } else { any };
        if length > 0 {
            self.stack.pop();
        }
        scan.some(if known > 0 && !raw { "se" } else { "s" }, length)
    }

    fn value(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'!' if matches!(scan.byte(1), b'a' | b's' | b'r') => scan.emit("si", 2),
            b'!' => false,
            b':' => scan.emit("si", 1),
            b'{' => {
                self.stack.push(State::Value);
                scan.emit("si", 1)
            }
            b'}' => {
                self.stack.pop();
                scan.emit("si", 1)
            }
            _ => {
                let end = scan.run(0, |byte| !matches!(byte, b'{' | b'}' | b'!' | b':'));
                run(&mut Self::new(), scan.ahead(end), scan.out);
                scan.at += end;
                true
            }
        }
    }
}

/// The end of a name in any script from a place ahead; 0 for none.
fn identifier(scan: &Scan<'_, '_>, from: usize) -> usize {
    let first = scan.char_at(from).is_some_and(|c| c == '_' || c.is_alphabetic());
    if first { scan.run_chars(from, is_word) } else { 0 }
}

/// The end of names with dots between them from a place ahead.
fn dotted(scan: &Scan<'_, '_>, from: usize) -> usize {
    let first = scan.char_at(from).is_some_and(|c| c == '_' || c == '.' || c.is_alphabetic());
    if first { scan.run_chars(from, |c| c == '.' || is_word(c)) } else { from }
}

/// The end of spaces and broken lines from a place ahead.
fn over_gap(scan: &Scan<'_, '_>, from: usize) -> usize {
    let mut at = from;
    loop {
        let next = at + usize::from(scan.byte(at) == b'\\');
        if !is_space(scan.byte(next)) {
            return at;
        }
        at = next + 1;
    }
}

/// The length of an escape that Python knows; 0 for none.
fn escape(scan: &Scan<'_, '_>) -> usize {
    let hex = |count: usize| {
        let end = scan.run(2, |byte| byte.is_ascii_hexdigit());
        if end >= 2 + count { 2 + count } else { 0 }
    };
    match scan.byte(1) {
        b'n' if scan.starts_at(1, "newline") => 2,
        b'\\' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'"' | b'\'' | b'\n' => 2,
        b'N' if scan.byte(2) == b'{' => {
            let end = scan.run(3, |byte| byte == b' ' || byte.is_ascii_alphabetic());
            if end > 5 && scan.byte(end) == b'}' { end + 1 } else { 0 }
        }
        b'u' => hex(4),
        b'U' => hex(8),
        b'x' => hex(2),
        b'0'..=b'7' => scan.run(1, |byte| matches!(byte, b'0'..=b'7')).min(4),
        _ => 0,
    }
}

/// The end of digits of a base from a place ahead; a sign may stand before each but the first,
/// or before that, too.
fn digits(scan: &Scan<'_, '_>, from: usize, before: bool, fits: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    loop {
        let sign = usize::from((before || at > from) && scan.byte(at) == b'_');
        if !fits(scan.byte(at + sign)) {
            return at;
        }
        at += sign + 1;
    }
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let decimal = |from| digits(scan, from, false, |byte| byte.is_ascii_digit());
    let imaginary = |at: usize| at + usize::from(scan.byte(at) | 32 == b'j');
    let power = |at: usize| {
        let sign = usize::from(matches!(scan.byte(at + 1), b'+' | b'-'));
        let end = decimal(at + 1 + sign);
        let is_power = scan.byte(at) | 32 == b'e' && end > at + 1 + sign;
        if is_power { end } else { at }
    };
    let whole = decimal(0);
    let fraction = if scan.byte(whole) == b'.' { decimal(whole + 1) } else { whole };
    let end = imaginary(power(fraction));
    if end > whole {
        return scan.emit("mf", end);
    }
    if scan.byte(0) == b'0' {
        let binary = digits(scan, 2, true, |byte| matches!(byte, b'0' | b'1'));
        let octal = digits(scan, 2, true, |byte| matches!(byte, b'0'..=b'7'));
        let hex = digits(scan, 2, true, |byte| byte.is_ascii_hexdigit());
        match scan.byte(1) | 32 {
            b'b' if binary > 2 => return scan.emit("mb", binary),
            b'o' if octal > 2 => return scan.emit("mo", octal),
            b'x' if hex > 2 => return scan.emit("mh", hex),
            _ => {}
        }
    }
    let long = scan.run(0, |byte| byte.is_ascii_digit());
    if scan.byte(long) == b'L' {
        return scan.emit("il", long + 1);
    }
    scan.emit("mi", whole)
}

impl Rules for Python {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            state @ (State::FunctionName | State::ClassName) => {
                let end = identifier(scan, 0);
                if end > 0 {
                    self.stack.pop();
                }
                scan.some(if state == State::FunctionName { "nf" } else { "nc" }, end)
            }
            State::Text => self.text(scan),
            State::Escape => self.escape(scan),
            State::Value => self.value(scan),
        }
    }
}
