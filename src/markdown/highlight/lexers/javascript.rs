//! JavaScript and TypeScript.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space, is_word};

static KEYWORDS: Words = Words::new(
    "
    as async await break case catch continue debugger default delete do else export finally for
    from if import in instanceof new of return super switch this throw try typeof void while yield",
);

static KEYWORDS_TS: Words =
    Words::new("is namespace static private protected public implements readonly");

static DECLARATIONS: Words =
    Words::new("class const constructor extends function get let set static var with");

static RESERVED: Words = Words::new("enum implements interface package private protected public");

static RESERVED_TS: Words =
    Words::new("string any void number namespace module declare default interface keyof");

static BUILTINS: Words = Words::new(
    "
    Array ArrayBuffer Boolean DataView Date Error Float32Array Float64Array Function Int16Array
    Int32Array Int8Array Map Math Number Object Packages Promise Proxy Reflect RegExp Set String
    Symbol Uint16Array Uint16ClampedArray Uint32Array Uint32ClampedArray Uint8Array
    Uint8ClampedArray WeakMap WeakSet decodeURI decodeURIComponent document encodeURI
    encodeURIComponent eval global isFinite isNaN navigator netscape parseFloat parseInt self sun
    window",
);

static BUILTINS_TS: Words = Words::new("Pick Partial Readonly Record");

const OPERATORS: &[&str] =
    &["++", "--", "~", "??=", "??", "&&", "||", "<<", ">>>", ">>", "===", "!=="];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// Where an expression begins, and a slash begins a regular one.
    Start,
    Regex,
    RegexEnd,
    RegexGroup,
    Comment,
    Quoted(u8),
    Statement,
    Object,
    Ternary,
    Template,
    TemplateValue,
}

use State::{Object, Start, Statement};

pub struct JavaScript {
    typed: bool,
    stack: Vec<State>,
}

impl JavaScript {
    pub fn new(typed: bool) -> Self {
        Self { typed, stack: vec![State::Root] }
    }

    /// Writes a token and enters a state.
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

    /// Writes a token and leaves the state for another.
    fn turn(
        &mut self,
        scan: &mut Scan<'_, '_>,
        class: &'static str,
        length: usize,
        state: State,
    ) -> bool {
        self.stack.pop();
        self.enter(scan, class, length, state)
    }

    /// Writes a token and leaves the state.
    fn leave(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, length: usize) -> bool {
        self.stack.pop();
        scan.emit(class, length)
    }

    fn space(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if is_space(scan.byte(0)) {
            return scan.emit("", scan.spaces(0));
        }
        if scan.starts("<!--") {
            return scan.emit("c", 4);
        }
        if scan.starts("//") {
            return scan.emit("c1", scan.line(0));
        }
        scan.starts("/*") && self.enter(scan, "cm", 2, State::Comment)
    }

    fn start(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.space(scan) {
            return true;
        }
        match scan.byte(0) {
            b'/' => self.turn(scan, "sr", 1, State::Regex),
            b'{' => self.turn(scan, "p", 1, Object),
            _ => self.leave(scan, "", 0),
        }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let hash = scan.spaces(0);
        if scan.starts_at(hash, "#!") {
            let end = scan.line(hash);
            if !scan.is_end(end) {
                return self.enter(scan, "cp", end + 1, Statement);
            }
        }
        if self.typed && scan.starts("??") {
            return scan.emit("o", 2);
        }
        if self.space(scan) {
            return true;
        }
        let operator = scan.first(OPERATORS);
        if operator > 0 {
            return self.enter(scan, "o", operator, Start);
        }
        match scan.byte(0) {
            b'\\' if scan.byte(1) == b'\n' => self.enter(scan, "o", 1, Start),
            byte if b"-<>+*%&|^/!=".contains(&byte) => {
                let length = 1 + usize::from(scan.byte(1) == b'=');
                self.enter(scan, "o", length, Start)
            }
            b'(' | b'[' | b',' => self.enter(scan, "p", 1, Start),
            b';' | b'{' | b'}' => self.enter(scan, "p", 1, Statement),
            b')' | b']' | b'.' | b':' => scan.emit("p", 1),
            b'`' => self.enter(scan, "s2", 1, State::Template),
            b'?' if scan.byte(1) == b'.' => scan.emit("p", 2),
            b'?' => {
                self.stack.push(State::Ternary);
                self.enter(scan, "p", 1, Start)
            }
            b'@' => {
                scan.emit("p", 1);
                let word = scan.word(0);
                self.enter(scan, "nd", word, Start)
            }
            quote @ (b'"' | b'\'') => self.enter(scan, "dl", 1, State::Quoted(quote)),
            b'0'..=b'9' => number(scan),
            _ => self.word(scan),
        }
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let length = identifier(scan);
        let word = scan.ahead(length);
        if KEYWORDS.has(word) || self.typed && KEYWORDS_TS.has(word) {
            return self.enter(scan, "k", length, Start);
        }
        if DECLARATIONS.has(word) || self.typed && matches!(word, "type" | "abstract") {
            return self.enter(scan, "kd", length, Start);
        }
        let class = if RESERVED.has(word) || self.typed && RESERVED_TS.has(word) {
            "kr"
        } else if matches!(word, "true" | "false" | "null" | "NaN" | "Infinity" | "undefined") {
            "kc"
        } else if BUILTINS.has(word) || self.typed && BUILTINS_TS.has(word) {
            "nb"
        } else {
            "nx"
        };
        scan.some(class, length)
    }

    fn regex(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let Some(first) = scan.char_at(0) else { return false };
        let length = first.len_utf8();
        if first == '/' {
            return self.turn(scan, "sr", 1, State::RegexEnd);
        }
        if first == '\n' || scan.byte(length) == b'\n' {
            let end = length + usize::from(scan.byte(length) == b'\n');
            return self.leave(scan, "err", end);
        }
        match first {
            '[' => {
                let negated = usize::from(scan.byte(1) == b'^');
                self.enter(scan, "se", 1 + negated, State::RegexGroup)
            }
            '\\' => guarded(scan),
            '(' if scan.byte(1) == b'?' && b":=<!".contains(&scan.byte(2)) => scan.emit("se", 3),
            '{' => {
                let end = scan.run(1, |byte| byte == b',' || byte.is_ascii_digit());
                let count = end > 1 && scan.byte(end) == b'}';
                if count { scan.emit("se", end + 1) } else { scan.emit("sr", 1) }
            }
            '(' | ')' | '?' => scan.emit("se", 1),
            _ => scan.emit("sr", length),
        }
    }

    fn regex_group(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let Some(first) = scan.char_at(0) else { return false };
        let length = first.len_utf8();
        match first {
            '/' => scan.emit("se", 1),
            _ if scan.byte(length) == b'\n' => {
                self.stack.pop();
                self.leave(scan, "err", length + 1)
            }
            ']' => self.leave(scan, "se", 1),
            '\\' => guarded(scan),
            '\n' => false,
            _ => scan.emit("sr", length),
        }
    }

    fn quoted(&mut self, scan: &mut Scan<'_, '_>, quote: u8) -> bool {
        match scan.byte(0) {
            b'\\' => {
                let known = matches!(scan.byte(1), b'\\' | b'n' | b'r' | b't');
                scan.emit("se", 1 + usize::from(known || scan.byte(1) == quote))
            }
            byte if byte == quote => self.leave(scan, "dl", 1),
            _ => {
                let class = if quote == b'"' { "s2" } else { "s1" };
                scan.emit(class, scan.run(0, |byte| byte != b'\\' && byte != quote))
            }
        }
    }

    /// A name with a colon behind it, which may be a label.
    fn label(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, in_object: bool) -> bool {
        let name = identifier(scan);
        if name == 0 {
            return false;
        }
        let typed = self.typed && !in_object;
        let mark = usize::from(typed && scan.byte(name) == b'?');
        let colon = scan.spaces(name + mark);
        if scan.byte(colon) != b':' {
            return false;
        }
        scan.emit(class, name);
        scan.emit("p", mark);
        scan.emit("", colon - name - mark);
        if typed || in_object {
            self.stack.push(Start);
        }
        scan.emit("p", 1)
    }

    fn statement(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.typed && self.label(scan, "nl", false) {
            return true;
        }
        if scan.any_word() == "case" {
            return self.turn(scan, "k", 4, Start);
        }
        self.label(scan, "nl", false) || self.start(scan)
    }

    fn object(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.space(scan) {
            return true;
        }
        match scan.byte(0) {
            b'{' => self.enter(scan, "p", 1, Object),
            b'}' => self.turn(scan, "p", 1, Statement),
            b':' => scan.emit("p", 1),
            _ => self.label(scan, "na", true) || self.root(scan),
        }
    }

    fn template(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("${") {
            return self.enter(scan, "p", 2, State::TemplateValue);
        }
        match scan.byte(0) {
            b'`' => self.leave(scan, "s2", 1),
            b'\\' if matches!(scan.byte(1), b'$' | b'`') => scan.emit("se", 2),
            b'\\' | b'$' => scan.emit("s2", 1),
            _ => scan.emit("s2", scan.run(0, |byte| !matches!(byte, b'$' | b'`' | b'\\'))),
        }
    }
}

/// A back-slash and the character behind it, within a regular expression.
fn guarded(scan: &mut Scan<'_, '_>) -> bool {
    match scan.char_at(1) {
        Some(c) if c != '\n' => scan.emit("se", 1 + c.len_utf8()),
        _ => scan.emit("sr", 1),
    }
}

/// The length of a name; 0 for none.
fn identifier(scan: &Scan<'_, '_>) -> usize {
    match scan.char_at(0) {
        Some(c) if c == '_' || c == '$' || c.is_alphabetic() => {
            scan.run_chars(c.len_utf8(), is_word)
        }
        _ => 0,
    }
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let whole = digits(0);
    let fraction = digits(whole + 1);
    if scan.byte(whole) == b'.' && fraction > whole + 1 {
        let power = digits(fraction + 1);
        let is_power = scan.byte(fraction) | 32 == b'e' && power > fraction + 1;
        let end = if is_power { power } else { fraction };
        return scan.emit("mf", end + usize::from(matches!(scan.byte(end), b'f' | b'd')));
    }
    if scan.byte(0) == b'0' {
        let hex = scan.run(2, |byte| byte.is_ascii_hexdigit());
        let octal = scan.run(2, |byte| byte == b'_' || matches!(byte, b'0'..=b'7'));
        let binary = scan.run(2, |byte| matches!(byte, b'0' | b'1' | b'_'));
        let signed = scan.byte(2) == b'_';
        match scan.byte(1) | 32 {
            b'x' if hex > 2 => return scan.emit("mh", hex),
            b'o' if octal > 2 && !signed => return scan.emit("mo", octal),
            b'b' if binary > 2 && !signed => return scan.emit("mb", binary),
            _ => {}
        }
    }
    scan.emit("mi", whole)
}

impl Rules for JavaScript {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            Start => self.start(scan),
            State::Regex => self.regex(scan),
            State::RegexEnd => {
                let flags = scan.run(0, |byte| matches!(byte, b'g' | b'i' | b'm' | b'u' | b'y'));
                self.leave(scan, "sr", flags)
            }
            State::RegexGroup => self.regex_group(scan),
            State::Comment => {
                if scan.starts("*/") {
                    return self.leave(scan, "cm", 2);
                }
                let length = scan.run(0, |byte| !matches!(byte, b'*' | b'/'));
                scan.emit("cm", length.max(1))
            }
            State::Quoted(quote) => self.quoted(scan, quote),
            Statement => self.statement(scan),
            Object => self.object(scan),
            State::Ternary => {
                if scan.byte(0) == b':' {
                    return self.turn(scan, "p", 1, Start);
                }
                self.root(scan)
            }
            State::Template => self.template(scan),
            State::TemplateValue => {
                if scan.byte(0) == b'}' {
                    return self.leave(scan, "p", 1);
                }
                self.root(scan)
            }
        }
    }
}
