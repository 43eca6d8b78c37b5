//! Java.

use crate::markdown::highlight::scan::{
    Rules, Scan, Words, is_blank, is_space, is_word, is_word_byte, run,
};

static KEYWORDS: Words = Words::new(
    "
    assert break case catch continue default do else finally for goto if instanceof new return
    switch this throw try while",
);

static DECLARATIONS: Words = Words::new(
    "
    abstract class const enum extends final implements interface native private protected public
    static strictfp super synchronized throws transient volatile",
);

static TYPES: Words = Words::new(
    "
    boolean byte char double float int long short var void",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    ClassName,
    Import,
}

pub struct Java {
    state: State,
    /// Where a run of words ends that is no method's head, so that none begins before.
    no_head: usize,
}

impl Java {
    pub fn new() -> Self {
        Self { state: State::Root, no_head: 0 }
    }

    /// Forgets places: what follows is another text.
    pub fn turn(&mut self) {
        self.no_head = 0;
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>, word: &str) -> bool {
        let class = if DECLARATIONS.has(word) {
            if matches!(word, "class" | "interface") {
                self.state = State::ClassName;
            }
            "kd"
        } else if TYPES.has(word) {
            "kt"
        } else if matches!(word, "true" | "false" | "null") {
            "kc"
        } else if matches!(word, "import" | "package") {
            self.state = State::Import;
            "kn"
        } else if scan.byte(word.len()) == b':' {
            return scan.emit("nl", word.len() + 1);
        } else {
            return name(scan, word);
        };
        scan.emit(class, word.len())
    }

    /// A method's head: what it returns, its name and the parenthesis.
    fn head(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.at < self.no_head {
            return false;
        }
        let is_type =
            |byte: u8| is_word_byte(byte) || matches!(byte, b'.' | b'[' | b']' | b'<' | b'>');
        let mut at = scan.spaces(0);
        loop {
            let first = scan.name(at);
            let end = if first > 0 { scan.run(first, is_type) } else { at };
            let next = scan.spaces(end);
            if first == 0 || next == end {
                self.no_head = scan.at + end.max(1);
                return false;
            }
            let name_end = scan.name(next);
            let open = scan.spaces(name_end);
            if name_end > 0 && scan.byte(open) == b'(' {
                run(&mut Self::new(), scan.ahead(next), scan.out);
                scan.at += next;
                scan.emit("nf", name_end - next);
                scan.emit("", open - name_end);
                return scan.emit("o", 1);
            }
            at = next;
        }
    }
}

/// A constant, a class or another name.
fn name(scan: &mut Scan<'_, '_>, word: &str) -> bool {
    let Some(first) = word.chars().next().filter(|c| *c == '_' || c.is_alphabetic()) else {
        return false;
    };
    let class = if !first.is_uppercase() {
        "n"
    } else if word.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_') {
        "no"
    } else if word.chars().all(char::is_alphanumeric) {
        "nc"
    } else {
        "n"
    };
    scan.emit(class, word.len())
}

/// The end of digits; signs may stand between two of them.
fn digits(scan: &Scan<'_, '_>, from: usize, fits: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while fits(scan.byte(at)) {
        let next = scan.run(at + 1, |byte| byte == b'_');
        at = if next > at + 1 && fits(scan.byte(next)) { next + 1 } else { at + 1 };
    }
    at
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let decimal = |byte: u8| byte.is_ascii_digit();
    let whole = digits(scan, 0, decimal);
    if whole == 0 {
        return false;
    }
    if scan.byte(whole) == b'.' {
        let mut end = digits(scan, whole + 1, decimal);
        if end > whole + 1 {
            if matches!(scan.byte(end), b'e' | b'E') {
                let power = digits(scan, end + 1, decimal);
                end = if power > end + 1 { power } else { end };
            }
            return scan.emit("mf", end + usize::from(matches!(scan.byte(end), b'f' | b'd')));
        }
    }
    if scan.byte(0) == b'0' {
        let binary = digits(scan, 2, |byte| matches!(byte, b'0' | b'1'));
        if matches!(scan.byte(1), b'b' | b'B') && binary > 2 {
            return scan.emit("mb", binary);
        }
        let hex = digits(scan, 2, |byte| byte.is_ascii_hexdigit());
        if matches!(scan.byte(1), b'x' | b'X') && hex > 2 {
            return scan.emit("mh", hex);
        }
        let octal = digits(scan, 1, |byte| matches!(byte, b'0'..=b'7'));
        if octal > 1 {
            return scan.emit("mo", octal);
        }
    }
    scan.emit("mi", whole + usize::from(scan.byte(whole) == b'L'))
}

/// The length of a character in quotes.
fn character(scan: &Scan<'_, '_>) -> Option<usize> {
    let c = scan.char_at(1)?;
    let mut end = 1 + c.len_utf8();
    if c == '\\' {
        end += scan.char_at(2).filter(|c| *c != '\n')?.len_utf8();
        if scan.byte(2) == b'u' && scan.byte(3) != b'\'' {
            end = scan.run(3, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).min(7);
        }
    }
    (scan.byte(end) == b'\'').then_some(end + 1)
}

impl Rules for Java {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.state != State::Root {
            let spaces = scan.spaces(0);
            if scan.some("", spaces) {
                return true;
            }
            let (class, length) = if self.state == State::ClassName {
                let first = scan.char_at(0).is_some_and(|c| c == '_' || c.is_alphabetic());
                ("nc", if first { scan.any_word().len() } else { 0 })
            } else {
                let name = scan.run(0, |byte| is_word_byte(byte) || byte == b'.');
                ("nn", name + usize::from(name > 0 && scan.byte(name) == b'*'))
            };
            if length > 0 {
                self.state = State::Root;
            }
            return scan.some(class, length);
        }
        let byte = scan.byte(0);
        if is_blank(byte) {
            return scan.emit("", scan.blanks(0));
        }
        if scan.starts("//") {
            return scan.emit("c1", scan.line(0));
        }
        if scan.starts("/*")
            && let Some(end) = scan.through(2, "*/")
        {
            return scan.emit("cm", end);
        }
        let word = scan.any_word();
        if KEYWORDS.has(word) {
            return scan.emit("k", word.len());
        }
        if self.head(scan) {
            return true;
        }
        let is_name = |at: usize| scan.char_at(at).is_some_and(|c| c == '_' || c.is_alphabetic());
        match byte {
            b'\n' => scan.emit("", 1),
            b'@' if is_name(1) => scan.emit("nd", scan.run_chars(1, is_word)),
            b'"' => scan.guarded(b'"', 1, true).is_some_and(|end| scan.emit("s", end)),
            b'\'' => character(scan).is_some_and(|end| scan.emit("sc", end)),
            b'.' if is_name(1) => {
                scan.emit("o", 1);
                scan.emit("na", scan.any_word().len())
            }
            b'$' if is_name(1) => scan.emit("n", scan.run_chars(1, is_word)),
            byte if b"~^*!%&[](){}<>|+=:;,./?-".contains(&byte) => scan.emit("o", 1),
            byte if byte.is_ascii_digit() => number(scan),
            _ if !word.is_empty() && !is_space(byte) => self.word(scan, word),
            _ => false,
        }
    }
}
