//! Kotlin.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_blank};

static KEYWORDS: Words = Words::new(
    "
    abstract annotation as break by catch class companion const constructor continue crossinline do
    dynamic else enum external false final finally for fun get if import in infix inline inner
    interface internal is lateinit noinline null object open operator out override package private
    protected public reified return sealed set super suspend tailrec this throw true try typealias
    typeof val var vararg when where while yield",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Package,
    ClassName,
    Function,
    Generic,
    Property,
    Parts,
    Comment,
}

pub struct Kotlin {
    stack: Vec<State>,
}

impl Kotlin {
    pub fn new() -> Self {
        Self { stack: vec![State::Root] }
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

    /// Words that say what the next one names.
    fn declaration(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.any_word();
        let gap = scan.spaces(word.len());
        let next = scan.ahead(scan.run(gap, |byte| byte.is_ascii_alphabetic()));
        let next = &next[gap.min(next.len())..];
        if gap == word.len() {
            return false;
        }
        let (class, length, state) = match word {
            "companion" if next == "object" && scan.word_ends(gap + 6) => {
                scan.emit("k", word.len());
                scan.emit("", gap - word.len());
                return scan.emit("k", next.len());
            }
            "class" | "interface" | "object" => ("kd", word.len(), State::ClassName),
            "data" if next == "class" && scan.spaces(gap + 5) > gap + 5 => {
                ("kd", gap + 5, State::ClassName)
            }
            "fun" => ("k", word.len(), State::Function),
            "package" | "import" => ("k", word.len(), State::Package),
            "val" | "var" if scan.byte(gap) == b'(' => {
                scan.emit("kd", word.len());
                scan.emit("", gap - word.len());
                return self.enter(scan, "p", 1, State::Parts);
            }
            "val" | "var" => ("kd", word.len(), State::Property),
            _ => return false,
        };
        scan.emit(class, length);
        let gap = scan.spaces(0);
        self.enter(scan, "", gap, state)
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.declaration(scan) {
            return true;
        }
        let word = scan.any_word();
        if matches!(word, "return" | "continue" | "break" | "this" | "super") {
            let label = name(scan, word.len() + 1);
            let labelled = scan.byte(word.len()) == b'@' && label > word.len() + 1;
            scan.emit("k", word.len());
            return scan.emit("nd", if labelled { label - word.len() } else { 0 });
        }
        if KEYWORDS.has(word) {
            return scan.emit("k", word.len());
        }
        if scan.is_line_start() {
            let open = scan.spaces(0);
            let close = scan.run(open + 1, |byte| byte != b']' && byte != b'\n');
            if scan.byte(open) == b'[' && scan.byte(close) == b']' {
                return scan.emit("na", close + 1);
            }
        }
        let byte = scan.byte(0);
        if is_blank(byte) {
            return scan.emit("", scan.blanks(0));
        }
        match byte {
            b'\n' => scan.emit("", 1),
            b'\\' if scan.byte(1) == b'\n' => scan.emit("", 2),
            b'/' if scan.byte(1) == b'/' => scan.emit("c1", scan.line(0)),
            b'/' if scan.byte(1) == b'*' => {
                let line = scan.ahead(scan.line(0));
                match line[2..].rfind("*/") {
                    Some(end) => scan.emit("cm", end + 4),
                    None => self.enter(scan, "cm", line.len(), State::Comment),
                }
            }
            b':' if scan.starts("::class") => {
                scan.emit("o", 2);
                scan.emit("k", 5)
            }
            _ => self.symbol(scan) || self.literal(scan) || self.word(scan),
        }
    }

    fn symbol(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let operator = scan.first(&["::", "!!", "?:", "?.", ".."]);
        if scan.some("o", operator) || number(scan) {
            return true;
        }
        b"~!%^&*()+=|[]:;,.<>/?-{}".contains(&scan.byte(0)) && scan.emit("p", 1)
    }

    fn literal(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'"' => {
                if scan.starts("\"\"\"")
                    && let Some(end) = scan.through(3, "\"\"\"")
                {
                    return scan.emit("s", end);
                }
                string(scan)
            }
            b'\'' => {
                let escape = usize::from(scan.byte(1) == b'\\');
                let end = 1 + escape + scan.char_at(1 + escape).map_or(0, char::len_utf8);
                scan.byte(end) == b'\'' && scan.emit("sc", end + 1)
            }
            b'@' => {
                let end = class_name(scan, 1);
                end > 1 && scan.emit("nd", end)
            }
            _ => false,
        }
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let class = class_name(scan, 0);
        if class > 0 {
            scan.emit("nc", class);
            let generic = scan.byte(0) == b'<';
            return !generic || self.enter(scan, "p", 1, State::Generic);
        }
        let end = name(scan, 0);
        if end == 0 {
            return false;
        }
        if matches!(scan.byte(scan.spaces(end)), b'(' | b'{') {
            return scan.emit("nf", end);
        }
        // A label with its mark.
        if scan.byte(end) == b'@' { scan.emit("nd", end + 1) } else { scan.emit("n", end) }
    }

    fn function(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let class = class_name(scan, 0);
        if class > 0 && scan.byte(class) == b'.' {
            scan.emit("nc", class);
            return scan.emit("p", 1);
        }
        self.named(scan, "nf")
    }

    /// A name, perhaps behind type parameters.
    fn named(&mut self, scan: &mut Scan<'_, '_>, class: &'static str) -> bool {
        if scan.byte(0) == b'<' {
            return self.enter(scan, "p", 1, State::Generic);
        }
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        let end = name(scan, 0);
        end > 0 && self.leave(scan, class, end)
    }

    fn generic(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let class = class_name(scan, 0);
        let word = scan.first(&["reified", "out", "in"]);
        let spaces = scan.spaces(0);
        if scan.some("nc", class) {
            return true;
        }
        match scan.byte(0) {
            b'<' => self.enter(scan, "p", 1, State::Generic),
            b'>' => self.leave(scan, "p", 1),
            b',' | b':' | b'.' | b'?' => scan.emit("p", 1),
            _ => scan.some("k", word) || scan.some("", spaces),
        }
    }

    fn parts(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        let end = name(scan, 0);
        match scan.byte(0) {
            b',' => scan.emit("p", 1),
            b')' => self.leave(scan, "p", 1),
            _ => scan.some("", spaces) || scan.some("py", end),
        }
    }

    fn comment(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("/*") {
            return self.enter(scan, "cm", 2, State::Comment);
        }
        if scan.starts("*/") {
            return self.leave(scan, "cm", 2);
        }
        let length = scan.run(0, |byte| !matches!(byte, b'/' | b'*'));
        scan.emit("cm", length.max(1))
    }
}

/// Whether a character may begin a name: letters of scripts with two cases.
fn begins_name(c: char) -> bool {
    c == '_' || c.is_uppercase() || c.is_lowercase()
}

fn in_name(c: char) -> bool {
    c == '-' || c.is_ascii_digit() || begins_name(c)
}

/// The end of a name from a place ahead, which may stand in back-ticks; 0 for none.
fn named(scan: &Scan<'_, '_>, from: usize, first: impl Fn(char) -> bool) -> usize {
    let start = from + usize::from(scan.byte(from) == b'`');
    if !scan.char_at(start).is_some_and(first) {
        return 0;
    }
    let end = scan.run_chars(start, in_name);
    end + usize::from(scan.byte(end) == b'`')
}

fn name(scan: &Scan<'_, '_>, from: usize) -> usize {
    named(scan, from, begins_name)
}

fn class_name(scan: &Scan<'_, '_>, from: usize) -> usize {
    named(scan, from, char::is_uppercase)
}

/// A string of a line, or up to its end.
fn string(scan: &mut Scan<'_, '_>) -> bool {
    if let Some(end) = scan.guarded(b'"', 1, false) {
        return scan.emit("s", end);
    }
    let line = scan.line(0);
    !scan.is_end(line) && scan.emit("s", line + 1)
}

/// The end of digits from a place ahead; signs may stand between them.
fn digits(scan: &Scan<'_, '_>, from: usize, fits: impl Fn(u8) -> bool) -> usize {
    let mut end = scan.run(from, |byte| byte == b'_' || fits(byte));
    if !fits(scan.byte(from)) {
        return from;
    }
    while scan.byte(end - 1) == b'_' {
        end -= 1;
    }
    end
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let decimal = |from| digits(scan, from, |byte| byte.is_ascii_digit());
    let power = |at: usize| {
        let sign = at + 1 + usize::from(matches!(scan.byte(at + 1), b'+' | b'-'));
        let end = decimal(sign);
        if scan.byte(at) | 32 == b'e' && end > sign { end } else { at }
    };
    let suffix = |at: usize| {
        let unsigned = at + usize::from(scan.byte(at) | 32 == b'u');
        unsigned + usize::from(scan.byte(unsigned) == b'L')
    };
    let whole = decimal(0);
    let fraction = decimal(whole + 1);
    let end = if scan.byte(whole) == b'.' && fraction > whole + 1 { fraction } else { whole };
    let float = if end > 0 { power(end) } else { 0 };
    if float > whole || whole > 0 && scan.byte(float) | 32 == b'f' {
        return scan.emit("mf", float + usize::from(scan.byte(float) | 32 == b'f'));
    }
    if whole == 0 {
        return false;
    }
    if scan.byte(0) == b'0' {
        let binary = digits(scan, 2, |byte| matches!(byte, b'0' | b'1'));
        let hex = digits(scan, 2, |byte| byte.is_ascii_hexdigit());
        match scan.byte(1) | 32 {
            b'b' if binary > 2 => return scan.emit("mb", suffix(binary)),
            b'x' if hex > 2 => return scan.emit("mh", suffix(hex)),
            _ => return scan.emit("mi", suffix(1)),
        }
    }
    scan.emit("mi", suffix(whole))
}

impl Rules for Kotlin {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Package => {
                let end = scan.run(0, |byte| !byte.is_ascii_whitespace());
                end > 0 && self.leave(scan, "nn", end)
            }
            State::ClassName => {
                let end = class_name(scan, 0);
                end > 0 && self.leave(scan, "nc", end)
            }
            State::Function => self.function(scan),
            State::Generic => self.generic(scan),
            State::Property => self.named(scan, "py"),
            State::Parts => self.parts(scan),
            State::Comment => self.comment(scan),
        }
    }
}
