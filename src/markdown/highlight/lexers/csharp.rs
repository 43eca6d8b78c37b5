//! C#.

use crate::markdown::highlight::scan::{Rules, Scan, Words};

static KEYWORDS: Words = Words::new(
    "
    abstract add alias as ascending async await base break by case catch checked const continue
    default delegate descending do else enum equals event explicit extern false finally fixed for
    foreach from get global goto group if implicit in interface internal into is join let lock
    nameof new null on operator orderby out override params partial private protected public
    readonly ref remove return sealed select set sizeof stackalloc static switch this throw true
    try typeof unchecked unsafe value virtual void volatile where while yield",
);

static TYPES: Words = Words::new(
    "
    bool byte char decimal double dynamic float int long object sbyte short string uint ulong
    ushort var",
);

static DIRECTIVES: Words = Words::new(
    "
    define elif else endif endregion error if line pragma region undef warning",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    ClassName,
    Namespace,
    /// Code within a string.
    Nest,
    Splice,
    SpliceVerbatim,
}

pub struct CSharp {
    stack: Vec<State>,
}

impl CSharp {
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

    fn splice(&mut self, scan: &mut Scan<'_, '_>, verbatim: bool) -> bool {
        let Some(first) = scan.char_at(0) else { return false };
        if verbatim && scan.starts("\"\"") {
            return scan.emit("s", 2);
        }
        match first {
            '\\' if !verbatim => {
                let guarded = scan.char_at(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
                scan.emit("s", 1 + guarded)
            }
            '{' => self.enter(scan, "p", 1, State::Nest),
            '"' => self.leave(scan, "s", 1),
            '\n' if verbatim => false,
            '\n' => self.leave(scan, "s", 1),
            _ => scan.emit("s", first.len_utf8()),
        }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if space(scan) {
            return true;
        }
        if scan.byte(0) == b'$' {
            let verbatim = scan.byte(1) == b'@';
            let quote = scan.spaces(1 + usize::from(verbatim));
            if scan.byte(quote) == b'"' {
                let state = if verbatim { State::SpliceVerbatim } else { State::Splice };
                return self.enter(scan, "s", quote + 1, state);
            }
        }
        if scan.starts("<[") {
            let spaces = scan.spaces(2);
            let name = identifier(scan, spaces);
            let end = if name > 0 && scan.byte(name) == b':' { name + 1 } else { spaces };
            return scan.emit("k", end);
        }
        if scan.starts("]>") {
            return scan.emit("k", 2);
        }
        match scan.byte(0) {
            byte if b"~!%^&*()+=|[]{}:;,.<>/?-".contains(&byte) => scan.emit("p", 1),
            b'@' if scan.byte(1) == b'"' => verbatim(scan),
            b'"' => string(scan),
            b'\'' => {
                let mut end = scan.char_at(1).map_or(1, |c| 1 + c.len_utf8());
                if scan.byte(1) == b'\\' && scan.byte(2) != b'\n' {
                    end += scan.char_at(2).map_or(0, char::len_utf8);
                }
                let fits = end > 1 && scan.byte(1) != b'\n' && scan.byte(end) == b'\'';
                fits && scan.emit("sc", end + 1)
            }
            b'0'..=b'9' => number(scan),
            b'#' if scan.is_line_start() => directive(scan),
            _ => self.word(scan),
        }
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.any_word();
        match word {
            "class" | "struct" | "interface" => {
                return self.enter(scan, "k", word.len(), State::ClassName);
            }
            "namespace" | "using" => return self.enter(scan, "k", word.len(), State::Namespace),
            _ if KEYWORDS.has(word) => return scan.emit("k", word.len()),
            _ if TYPES.has(word) => return scan.emit("kt", word.len()),
            _ => {}
        }
        let end = identifier(scan, 0);
        let class = if scan.byte(scan.spaces(end)) == b'(' { "nf" } else { "n" };
        scan.some(class, end)
    }
}

fn space(scan: &mut Scan<'_, '_>) -> bool {
    let spaces = scan.spaces(0);
    if scan.some("", spaces) {
        return true;
    }
    if scan.starts("//") {
        return scan.emit("c1", scan.line(0));
    }
    scan.starts("/*") && scan.through(2, "*/").is_some_and(|end| scan.emit("cm", end))
}

/// The end of a name from a place ahead; 0 for none.
fn identifier(scan: &Scan<'_, '_>, from: usize) -> usize {
    scan.name(from + usize::from(scan.byte(from) == b'@'))
}

fn verbatim(scan: &mut Scan<'_, '_>) -> bool {
    let mut at = 2;
    loop {
        at = scan.run(at, |byte| byte != b'"');
        match (scan.byte(at), scan.byte(at + 1)) {
            (b'"', b'"') => at += 2,
            (b'"', _) => return scan.emit("s", at + 1),
            _ => break,
        }
    }
    // Without an end, doubled quotes are ones.
    let last = scan.rest().rfind('"').filter(|last| *last > 1);
    last.is_some_and(|last| scan.emit("s", last + 1))
}

/// A string up to its quote or the end of the line.
fn string(scan: &mut Scan<'_, '_>) -> bool {
    let mut at = 1;
    while !scan.is_end(at) {
        match scan.byte(at) {
            b'"' | b'\n' => return scan.emit("s", at + 1),
            b'\\' if !scan.is_line_end(at + 1) => at += 2,
            _ => at += 1,
        }
    }
    let last = scan.rest()[1..].rfind('"');
    last.is_some_and(|last| scan.emit("s", last + 2))
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let hex = scan.run(2, |byte| byte.is_ascii_hexdigit());
    if scan.byte(0) == b'0' && matches!(scan.byte(1), b'x' | b'X') && hex > 2 {
        return scan.emit("m", hex + usize::from(matches!(scan.byte(hex) | 32, b'l' | b'u')));
    }
    let mut end = 1;
    if scan.byte(end) == b'.' {
        end = scan.run(2, |byte| byte.is_ascii_digit());
    }
    if scan.byte(end) | 32 == b'e' && matches!(scan.byte(end + 1), b'+' | b'-') {
        let power = scan.run(end + 2, |byte| byte.is_ascii_digit());
        end = if power > end + 2 { power } else { end };
    }
    scan.emit("m", end + usize::from(matches!(scan.byte(end) | 32, b'f' | b'l' | b'd' | b'u')))
}

fn directive(scan: &mut Scan<'_, '_>) -> bool {
    let name = scan.run(1, |byte| matches!(byte, b' ' | b'\t'));
    let end = scan.word(name);
    let line = scan.line(0);
    let known = DIRECTIVES.has(&scan.ahead(end)[name..]) && scan.word_ends(end);
    known && !scan.is_end(line) && scan.emit("cp", line + 1)
}

impl Rules for CSharp {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Nest => match scan.byte(0) {
                b'{' => self.enter(scan, "p", 1, State::Nest),
                b'}' => self.leave(scan, "p", 1),
                _ => self.root(scan),
            },
            State::Splice => self.splice(scan, false),
            State::SpliceVerbatim => self.splice(scan, true),
            State::ClassName => {
                if space(scan) {
                    return true;
                }
                let name = identifier(scan, 0);
                name > 0 && self.leave(scan, "nc", name)
            }
            State::Namespace => {
                if space(scan) {
                    return true;
                }
                if scan.byte(0) == b'(' {
                    self.stack.pop();
                    return true;
                }
                let mut end = 0;
                loop {
                    let next = if scan.byte(end) == b'.' { end + 1 } else { identifier(scan, end) };
                    if next <= end {
                        break;
                    }
                    end = next;
                }
                end > 0 && self.leave(scan, "nn", end)
            }
        }
    }
}
