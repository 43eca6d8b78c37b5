//! Rust.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space, is_word};

static KEYWORDS: Words = Words::new(
    "
    Self abstract as async await become box break const continue crate do dyn else enum extern
    false final fn for if impl in let log loop macro match mod move mut override priv pub ref
    return self static struct super trait true try type typeof union unsafe unsized use virtual
    where while yield",
);

static BUILTINS: Words = Words::new(
    "
    Add Arc AsMut AsRef BitAnd BitOr BitXor Box Clone Cons Const Copy DIR Default Div
    DoubleEndedIterator Drop Either Eq Err ExactSizeIterator Extend FILE Failure Fn FnMut FnOnce
    From Gc Index Into IntoIterator Iterator Left Modulo Mul Neg Nil None Num Ok Option Ord Owned
    PartialEq PartialOrd Pin Ptr Rc Result Right Send Shl Shr Sized Some String Sub Success Sync
    Unpin Vec bool c_char c_double c_float c_int c_long c_longlong c_schar c_short c_uchar c_uint
    c_ulong c_ulonglong c_ushort c_void char clock_t dev_t dirent drop f32 f64 float fpos_t i128
    i16 i32 i64 i8 ino_t int intptr_t isize mode_t off_t pid_t ptrdiff_t size_t ssize_t str time_t
    u128 u16 u32 u64 u8 uint uintptr_t usize",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// The beginning of a line, where rustdoc may hide code.
    Line,
    Attribute,
    Text,
    Macro,
    MacroRules,
    /// A comment by its class.
    Comment(&'static str),
}

pub struct Rust {
    stack: Vec<State>,
    /// How many of each pair of brackets are open in macros.
    open: [i32; 3],
}

impl Rust {
    pub fn new() -> Self {
        Self { stack: vec![State::Root, State::Line], open: [0; 3] }
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

    fn space(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        if scan.starts("//") {
            let doc = matches!(scan.byte(2), b'/' | b'!') && !scan.starts("////");
            return scan.emit(if doc { "cd" } else { "c1" }, scan.line(0));
        }
        let whole = scan.first(&["/***/", "/**/"]);
        if scan.some("cm", whole) {
            return true;
        }
        let stars = scan.run(1, |byte| byte == b'*');
        if scan.byte(0) != b'/' || stars < 2 {
            return false;
        }
        if stars > 3 {
            return self.enter(scan, "cm", stars, State::Comment("cm"));
        }
        if stars == 3 || scan.byte(2) == b'!' {
            return self.enter(scan, "cd", 3, State::Comment("cd"));
        }
        self.enter(scan, "cm", 2, State::Comment("cm"))
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b'\n' {
            return self.enter(scan, "", 1, State::Line);
        }
        if self.space(scan) {
            return true;
        }
        let attribute = scan.first(&["#![", "#["]);
        if attribute > 0 {
            return self.enter(scan, "nd", attribute, State::Attribute);
        }
        let word = scan.any_word();
        if KEYWORDS.has(word) {
            return scan.emit("k", word.len());
        }
        if self.literal(scan) {
            return true;
        }
        let arrow = scan.first(&["=>", "->", "<->"]);
        if scan.some("k", arrow) {
            return true;
        }
        if b"()[]{}|,:;".contains(&scan.byte(0)) {
            return scan.emit("p", 1);
        }
        let dots = scan.first(&["...", ".."]);
        if b"*/!@~&+%^<>=?-".contains(&scan.byte(0)) || dots > 0 {
            return scan.emit("o", dots.max(1));
        }
        member(scan) || self.name(scan)
    }

    fn name(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let end = identifier(scan, 0);
        if end > 0 && scan.starts_at(end, "::") {
            scan.emit("nn", end);
            return scan.emit("p", 2);
        }
        if end > 0 && scan.byte(end) == b'!' {
            let rules = scan.ahead(end) == "macro_rules";
            let state = if rules { State::MacroRules } else { State::Macro };
            return self.enter(scan, "nd", end + 1, state);
        }
        let lifetime = identifier(scan, 1);
        if scan.byte(0) == b'\'' && lifetime > 1 {
            let fixed = scan.ahead(lifetime) == "'static";
            return scan.emit(if fixed { "k" } else { "nv" }, lifetime);
        }
        let class = if BUILTINS.has(scan.ahead(end)) { "nb" } else { "n" };
        scan.some(class, end)
    }

    fn literal(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.any_word();
        if matches!(word, "true" | "false") {
            return scan.emit("kc", word.len());
        }
        let byte = usize::from(scan.byte(0) == b'b');
        if scan.byte(byte) == b'\'' {
            let escaped = escape(scan, byte + 1);
            let one = scan.char_at(byte + 1).filter(|c| *c != '\\').map_or(0, char::len_utf8);
            let end = byte + 1 + escaped.max(one);
            if end > byte + 1 && scan.byte(end) == b'\'' {
                return scan.emit("sc", end + 1);
            }
        }
        if scan.byte(byte) == b'"' {
            return self.enter(scan, "s", byte + 1, State::Text);
        }
        if let Some(length) = raw_string(scan, byte) {
            return scan.emit("s", length);
        }
        number(scan)
    }

    fn attribute(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.space(scan) || self.literal(scan) {
            return true;
        }
        match scan.byte(0) {
            b'(' | b',' | b')' | b'=' | b':' => scan.emit("nd", 1),
            b']' => self.leave(scan, "nd", 1),
            _ => {
                let end = identifier(scan, 0);
                scan.some("nd", end)
            }
        }
    }

    fn in_macro(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.literal(scan) {
            return true;
        }
        let byte = scan.byte(0);
        if let Some(kind) = [b'[', b'{', b'('].iter().position(|open| *open == byte) {
            self.open[kind] += 1;
            return scan.emit("p", 1);
        }
        if let Some(kind) = [b']', b'}', b')'].iter().position(|close| *close == byte) {
            self.open[kind] -= 1;
            if self.open == [0; 3] {
                self.stack.pop();
            }
            return scan.emit("p", 1);
        }
        let end = identifier(scan, 0);
        if end > 0 && scan.byte(end) == b'!' {
            return scan.emit("nd", end + 1);
        }
        if self.root(scan) {
            return true;
        }
        let any = scan.char_at(0).filter(|c| *c != '\n').map_or(0, char::len_utf8);
        scan.some("", any)
    }

    fn text(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'"' => self.leave(scan, "s", 1),
            b'\\' => {
                let length = escape(scan, 0);
                scan.some("se", length)
            }
            _ => scan.emit("s", scan.run(0, |byte| !matches!(byte, b'"' | b'\\'))),
        }
    }
}

/// The end of a name from a place ahead; 0 for none.
fn identifier(scan: &Scan<'_, '_>, from: usize) -> usize {
    let begins = scan.char_at(from).is_some_and(|c| c == '_' || c.is_alphabetic());
    if begins { scan.run_chars(from, is_word) } else { 0 }
}

/// Functions, and what stands behind a dot.
fn member(scan: &mut Scan<'_, '_>) -> bool {
    let dotted = scan.byte(0) == b'.';
    let name = if dotted { scan.spaces(1) } else { 0 };
    let end = identifier(scan, name);
    if end > 0 && scan.byte(scan.spaces(end)) == b'(' {
        return scan.emit("nf", end);
    }
    if !dotted {
        return false;
    }
    if end > 0 {
        let waits = &scan.ahead(end)[name..] == "await";
        return scan.emit(if waits { "k" } else { "py" }, end);
    }
    let digits = scan.run(name, |byte| byte.is_ascii_digit());
    digits > name && scan.emit("na", digits)
}

/// The length of an escape from a place ahead; 0 for none.
fn escape(scan: &Scan<'_, '_>, from: usize) -> usize {
    if scan.byte(from) != b'\\' {
        return 0;
    }
    match scan.byte(from + 1) {
        b'n' | b'r' | b't' | b'\'' | b'"' | b'\\' | b'0' => 2,
        b'x' => {
            let end = scan.run(from + 2, |byte| byte.is_ascii_hexdigit());
            if end >= from + 4 { 4 } else { 0 }
        }
        b'u' if scan.byte(from + 2) == b'{' => {
            let end = scan.run(from + 3, |byte| byte == b'_' || byte.is_ascii_hexdigit());
            let digits = scan.text[scan.at + from + 3..scan.at + end].replace('_', "").len();
            let fits = scan.byte(end) == b'}' && scan.byte(from + 3) != b'_';
            if fits && (1..=6).contains(&digits) { end + 1 - from } else { 0 }
        }
        _ => 0,
    }
}

/// The length of a string without escapes, with the marks around it.
fn raw_string(scan: &mut Scan<'_, '_>, from: usize) -> Option<usize> {
    const ENDS: [&str; 5] = ["\"", "\"#", "\"##", "\"###", "\"####"];
    if scan.byte(from) != b'r' {
        return None;
    }
    let quote = scan.run(from + 1, |byte| byte == b'#');
    let end = ENDS.get(quote - from - 1)?;
    if scan.byte(quote) != b'"' {
        return None;
    }
    scan.through(quote + 1, end)
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    if !scan.byte(0).is_ascii_digit() {
        return false;
    }
    let digits = |from| {
        let first = scan.byte(from).is_ascii_digit();
        if first { scan.run(from, |byte| byte == b'_' || byte.is_ascii_digit()) } else { from }
    };
    let whole = digits(0);
    let dot = scan.byte(whole) == b'.';
    let fraction = if dot { digits(whole + 1) } else { whole };
    let fraction = if fraction > whole + 1 { fraction } else { whole };
    let sign = fraction + 1 + usize::from(matches!(scan.byte(fraction + 1), b'+' | b'-'));
    let power = scan.run(sign, |byte| byte == b'_' || byte.is_ascii_digit());
    let end = if scan.byte(fraction) | 32 == b'e' && power > sign { power } else { fraction };
    let end = end + scan.first_at(end, &["f32", "f64"]);
    if end > whole {
        return scan.emit("mf", end);
    }
    let next = scan.char_at(whole + 1);
    if dot && !next.is_some_and(|c| matches!(c, '.' | '_') || c.is_alphabetic()) {
        return scan.emit("mf", whole + 1);
    }
    let based = match (scan.byte(0), scan.byte(1)) {
        (b'0', b'b') => scan.run(2, |byte| matches!(byte, b'0' | b'1' | b'_')),
        (b'0', b'x') => scan.run(2, |byte| byte == b'_' || byte.is_ascii_hexdigit()),
        (b'0', b'o') => scan.run(2, |byte| byte == b'_' || matches!(byte, b'0'..=b'7')),
        _ => 0,
    };
    let end = if based > 2 { based } else { whole };
    let size = scan.first_at(end + 1, &["8", "16", "32", "64", "128", "size"]);
    let typed = scan.byte(end) == b'u' || scan.byte(end) == b'i' && size > 0;
    scan.emit("mi", end + if typed { 1 + size } else { 0 })
}

impl Rules for Rust {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Line => {
                if self.space(scan) {
                    return true;
                }
                if scan.byte(0) == b'#' && is_space(scan.byte(1)) {
                    return scan.emit("cs", scan.line(2));
                }
                self.leave(scan, "", 0)
            }
            State::Attribute => self.attribute(scan),
            State::Text => self.text(scan),
            State::Macro => self.in_macro(scan),
            State::MacroRules => {
                if scan.byte(0) != b'$' {
                    return self.in_macro(scan);
                }
                let name = identifier(scan, 1);
                let kind = identifier(scan, name + 1);
                let kinded = name > 0 && scan.byte(name) == b':' && kind > 0;
                scan.emit("nv", if kinded { kind } else { name.max(1) })
            }
            State::Comment(class) => {
                if scan.starts("*/") {
                    return self.leave(scan, class, 2);
                }
                if scan.starts("/*") {
                    return self.enter(scan, class, 2, State::Comment(class));
                }
                let length = scan.run(0, |byte| !matches!(byte, b'*' | b'/'));
                scan.emit(class, length.max(1))
            }
        }
    }
}
