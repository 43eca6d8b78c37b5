//! Swift.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space, is_word};

static KEYWORDS: Words = Words::new(
    "
    await break case continue default do else fallthrough if in for return switch where while try
    catch throw guard defer repeat as dynamicType is new super self Self Type __COLUMN__ __FILE__
    __FUNCTION__ __LINE__ associativity async didSet get infix inout isolated mutating none
    nonmutating operator override postfix precedence prefix set unowned weak willSet throws
    rethrows precedencegroup",
);

static DECLARATIONS: Words = Words::new(
    "
    actor class deinit enum convenience extension final func import init internal lazy let
    nonisolated optional private protocol public required static struct subscript typealias var
    dynamic indirect associatedtype open fileprivate some",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// The beginning of a line.
    Line,
    Comment,
    /// Names in parentheses.
    Tuple,
    Text,
    Interpolated,
    /// Parentheses in a value within a string.
    Inner,
}

pub struct Swift {
    stack: Vec<State>,
}

impl Swift {
    pub fn new() -> Self {
        Self { stack: vec![State::Root, State::Line] }
    }

    fn enter(
        &mut self,
        scan: &mut Scan<'_, '_>,
        class: &'static str,
        length: usize,
        state: State,
    ) -> bool {
        self.stack.push(state);
        scan.emit(class, length)
    }

    fn leave(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, length: usize) -> bool {
        self.stack.pop();
        scan.emit(class, length)
    }

    fn inline_space(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        scan.some("", spaces) || scan.starts("/*") && self.enter(scan, "cm", 2, State::Comment)
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        if byte == b'\n' {
            let breaks = scan.run(0, |byte| byte == b'\n');
            return self.enter(scan, "", breaks, State::Line);
        }
        if scan.starts("//") {
            let line = scan.line(0);
            return self.enter(scan, "c1", line, State::Line);
        }
        if self.inline_space(scan) {
            return true;
        }
        let digits = scan.run(1, |byte| byte.is_ascii_digit());
        if byte == b'$' && digits > 1 {
            return scan.emit("nv", if scan.byte(1) == b'0' { 2 } else { digits });
        }
        if b"()[]{}:;,?\\".contains(&byte) && !scan.is_end(0) {
            return scan.emit("p", 1);
        }
        let operators = scan.run(0, |byte| b"-/=+*%<>!&|^.~".contains(&byte));
        if scan.some("o", operators) {
            return true;
        }
        let at = usize::from(byte == b'@');
        if scan.byte(at) == b'"' {
            return self.enter(scan, "s", at + 1, State::Text);
        }
        let character = character(scan);
        if scan.some("sc", character) || number(scan) {
            return true;
        }
        let decorator = identifier(scan, 1);
        if byte == b'@' && decorator > 1 {
            return scan.emit("kd", decorator);
        }
        modifier(scan) || self.declared(scan) || word(scan)
    }

    /// Names behind `let` and `var`.
    fn declared(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if !matches!(scan.any_word(), "let" | "var") {
            return false;
        }
        let name = scan.spaces(3);
        let end = identifier(scan, name);
        if end == name && scan.byte(name) != b'(' {
            return false;
        }
        scan.emit("k", 3);
        scan.emit("", name - 3);
        if end > name {
            scan.emit("nv", end - name)
        } else {
            self.enter(scan, "p", 1, State::Tuple)
        }
    }

    fn tuple(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let name = identifier(scan, 0);
        if scan.some("nv", name) || quoted(scan) {
            return true;
        }
        match scan.byte(0) {
            b',' => scan.emit("p", 1),
            b'(' => self.enter(scan, "p", 1, State::Tuple),
            b')' => self.leave(scan, "p", 1),
            _ => self.inline_space(scan),
        }
    }

    fn text(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'"' => {
                let length = scan.first(&["\"\"\"", "\""]);
                self.leave(scan, "s", length)
            }
            b'\\' => match scan.byte(1) {
                b'\\' | b'0' | b't' | b'n' | b'r' | b'\'' | b'"' => scan.emit("se", 2),
                b'(' => self.enter(scan, "se", 2, State::Interpolated),
                b'u' if scan.byte(2) == b'{' => {
                    let end = scan.run(3, |byte| byte.is_ascii_hexdigit());
                    let fits = (4..=11).contains(&end) && scan.byte(end) == b'}';
                    fits && scan.emit("se", end + 1)
                }
                _ => false,
            },
            _ => scan.emit("s", scan.run(0, |byte| !matches!(byte, b'"' | b'\\'))),
        }
    }

    fn comment(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("/*") {
            return self.enter(scan, "cm", 2, State::Comment);
        }
        if scan.starts("*/") {
            return self.leave(scan, "cm", 2);
        }
        let length = scan.run(0, |byte| !matches!(byte, b'*' | b'/'));
        scan.emit("cm", length.max(1))
    }
}

/// The end of a name from a place ahead; the place itself for none.
fn identifier(scan: &Scan<'_, '_>, from: usize) -> usize {
    let beyond = |c: char| c > '\u{ffff}';
    let begins = |c: char| c == '_' || c.is_alphabetic() || beyond(c);
    if scan.char_at(from).is_some_and(begins) {
        scan.run_chars(from, |c| is_word(c) || beyond(c))
    } else {
        from
    }
}

/// A name in back-ticks.
fn quoted(scan: &mut Scan<'_, '_>) -> bool {
    let end = identifier(scan, 1);
    if scan.byte(0) != b'`' || end == 1 || scan.byte(end) != b'`' {
        return false;
    }
    scan.emit("p", 1);
    scan.emit("nv", end - 1);
    scan.emit("p", 1)
}

/// The length of a character in quotes; 0 for none.
fn character(scan: &Scan<'_, '_>) -> usize {
    if scan.byte(0) != b'\'' {
        return 0;
    }
    let escape = usize::from(scan.byte(1) == b'\\');
    let one = |from| scan.char_at(from).filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let fits = |end: &usize| *end > 1 && scan.byte(*end) == b'\'';
    let ends = [1 + escape + one(1 + escape), 1 + one(1)];
    ends.into_iter().find(fits).map_or(0, |end| end + 1)
}

/// The end of digits from a place ahead; signs may stand between groups of them.
fn digits(scan: &Scan<'_, '_>, from: usize, fits: impl Fn(u8) -> bool) -> usize {
    let mut at = scan.run(from, &fits);
    while at > from && scan.byte(at) == b'_' && fits(scan.byte(at + 1)) {
        at = scan.run(at + 1, &fits);
    }
    at
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let plain = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let whole = digits(scan, 0, |byte| byte.is_ascii_digit());
    if whole == 0 {
        return false;
    }
    let power = |at: usize| {
        let sign = at + 1 + usize::from(matches!(scan.byte(at + 1), b'+' | b'-'));
        if scan.byte(at) | 32 == b'e' && plain(sign) > sign { plain(sign) } else { at }
    };
    let mut fraction = plain(whole + 1);
    if scan.byte(whole) == b'.' && fraction > whole + 1 {
        if scan.byte(fraction) == b'_' && scan.byte(fraction + 1).is_ascii_digit() {
            fraction += 2;
        }
        return scan.emit("mf", power(fraction));
    }
    if scan.byte(whole) == b'*' {
        return scan.emit("mf", power(whole + 1));
    }
    let simple = plain(0);
    if power(simple) > simple {
        return scan.emit("mf", power(simple));
    }
    if scan.byte(0) == b'0' {
        let start = 1 + usize::from(scan.byte(1) == b'o');
        let octal = digits(scan, start, |byte| matches!(byte, b'0'..=b'7'));
        let hex = digits(scan, 2, |byte| byte.is_ascii_hexdigit());
        let binary = digits(scan, 2, |byte| matches!(byte, b'0' | b'1'));
        match scan.byte(1) {
            _ if octal > start => return scan.emit("mo", octal),
            b'x' if hex > 2 => return scan.emit("mh", hex),
            b'b' if binary > 2 => return scan.emit("mb", binary),
            _ => {}
        }
    }
    scan.emit("mi", whole)
}

/// Words with an argument that belongs to them.
fn modifier(scan: &mut Scan<'_, '_>) -> bool {
    let setter = scan.first(&["private(", "internal(", "unowned("]);
    let name = scan.run(setter, |byte| byte == b' ');
    let end = scan.word(name);
    let close = scan.run(end, |byte| byte == b' ');
    if setter > 0 && end > name && scan.byte(close) == b')' {
        let argument = &scan.ahead(end)[name..];
        let known = if scan.byte(0) == b'u' {
            matches!(argument, "safe" | "unsafe")
        } else {
            argument == "set"
        };
        if known {
            return scan.emit("kd", close + 1);
        }
        scan.emit("kd", name);
        scan.emit("err", end - name);
        return scan.emit("kd", close + 1 - end);
    }
    if scan.starts("#available(") {
        let end = scan.run(11, |byte| byte != b')');
        if end > 11 && !scan.is_end(end) {
            return scan.emit("kd", end + 1);
        }
    }
    let place = scan.first(&["#line", "#file", "#column", "#function", "#dsohandle"]);
    scan.some("kd", place)
}

fn word(scan: &mut Scan<'_, '_>) -> bool {
    const CONTROL: &[&str] =
        &["if", "while", "for", "private", "internal", "unowned", "switch", "case"];
    let end = identifier(scan, 0);
    let upper = scan.char_at(0).is_some_and(char::is_uppercase);
    let mark = end + usize::from(matches!(scan.byte(end), b'?' | b'!'));
    let called = scan.byte(scan.spaces(mark)) == b'(' || scan.byte(scan.spaces(end)) == b'(';
    if end > 0 && called && !CONTROL.contains(&scan.ahead(end)) {
        return scan.emit(if upper { "kt" } else { "nf" }, end);
    }
    if scan.starts("as") {
        let mark = 2 + usize::from(matches!(scan.byte(2), b'?' | b'!'));
        if is_space(scan.byte(mark)) {
            return scan.emit("k", mark);
        }
    }
    if scan.starts("try") {
        let mark = 3 + usize::from(scan.byte(3) == b'!');
        if is_space(scan.byte(mark)) {
            return scan.emit("k", mark);
        }
    }
    let hash = usize::from(scan.byte(0) == b'#');
    let label = identifier(scan, hash);
    let colon = scan.spaces(label);
    let named = label > hash
        && !scan.starts_at(hash, "default")
        && !scan.char_at(hash).is_some_and(char::is_uppercase);
    if named && scan.byte(colon) == b':' {
        scan.emit("nv", label);
        scan.emit("", colon - label);
        return scan.emit("p", 1);
    }
    let class = match scan.ahead(end) {
        word if KEYWORDS.has(word) => "k",
        word if DECLARATIONS.has(word) => "kd",
        "true" | "false" | "nil" => "kc",
        _ if upper => "kt",
        _ => "n",
    };
    scan.some(class, end) || quoted(scan)
}

impl Rules for Swift {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Line if byte == b'#' => scan.emit("cp", scan.line(0)),
            State::Line => self.inline_space(scan) || self.leave(scan, "", 0),
            State::Comment => self.comment(scan),
            State::Tuple => self.tuple(scan),
            State::Text => self.text(scan),
            State::Interpolated if byte == b')' => self.leave(scan, "se", 1),
            State::Inner if byte == b')' => self.leave(scan, "p", 1),
            State::Interpolated | State::Inner if byte == b'(' => {
                self.enter(scan, "p", 1, State::Inner)
            }
            State::Interpolated | State::Inner => self.root(scan),
        }
    }
}
