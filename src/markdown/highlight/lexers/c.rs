//! C and C++.

mod literals;

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space, is_word_byte, run};

static KEYWORDS: Words = Words::new(
    "
    _Alignas _Alignof _Atomic _Generic _Imaginary _Noreturn _Static_assert _Thread_local auto
    break case const continue default do else enum extern for goto if register restricted return
    sizeof static struct switch typedef union virtual volatile while",
);

static KEYWORDS_CPP: Words = Words::new(
    "
    alignas alignof asm catch char8_t class co_await co_return co_yield concept const_cast
    consteval constexpr constinit decltype delete dynamic_cast explicit export final friend
    mutable namespace new noexcept operator override private protected public reinterpret_cast
    requires restrict size_of static_assert static_cast template this thread_local throw throws
    try typeid typename using virtual",
);

static TYPES: Words = Words::new(
    "
    DIR FILE _Bool _Complex char char16_t char32_t clock_t div_t double float fpos_t int int16_t
    int32_t int64_t int8_t int_fast16_t int_fast32_t int_fast64_t int_fast8_t int_least16_t
    int_least32_t int_least64_t int_least8_t intmax_t intptr_t jmp_buf ldiv_t long mbstate_t
    off_t ptrdiff_t short sig_atomic_t signed size_t ssize_t time_t uint16_t uint32_t uint64_t
    uint8_t uint_fast16_t uint_fast32_t uint_fast64_t uint_fast8_t uint_least16_t uint_least32_t
    uint_least64_t uint_least8_t uintmax_t uintptr_t unsigned va_list void wchar_t wctrans_t
    wctype_t wint_t",
);

static RESERVED: Words = Words::new(
    "
    __asm __based __cdecl __declspec __except __fastcall __finally __inline __int16 __int32
    __int61 __int8 __leave __naked __restrict __stdcall __thread __try __typename _inline _naked
    _restrict _thread _typename inline naked restrict thread typename",
);

static RESERVED_CPP: Words = Words::new(
    "
    __event __interface __multiple_inheritance __single_inheritance __super __uuidof
    __virtual_inheritance",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// The beginning of a line, where a label may stand.
    Line,
    /// The beginning of a line within an expression.
    Expression,
    Function,
    Text,
    Macro,
    /// Code that `#if 0` takes out.
    Out,
    Case,
    ClassName,
    Template,
}

/// The head of a function that begins somewhere in a run of words: places in the text.
#[derive(Clone, Copy)]
struct Head {
    name: usize,
    name_end: usize,
}

pub struct C {
    cpp: bool,
    stack: Vec<State>,
    /// The end of the run of words that was looked at last, and the function that it names.
    words: (usize, Option<Head>),
    /// From where to where the next parenthesis that closes a head was looked for; the place
    /// behind it, and the brace's or semicolon's.
    close: (usize, usize, Option<(usize, usize)>),
}

impl C {
    pub fn new(cpp: bool) -> Self {
        let stack = vec![State::Root, State::Line];
        Self { cpp, stack, words: (0, None), close: (1, 0, None) }
    }

    fn push(&mut self, state: State) -> bool {
        self.stack.push(state);
        true
    }

    fn pop(&mut self) -> bool {
        self.stack.pop();
        true
    }

    fn inline_space(scan: &mut Scan<'_, '_>) -> bool {
        let blanks = scan.run(0, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
        if scan.some("", blanks) {
            return true;
        }
        if scan.starts("\\\n") {
            return scan.emit("", 2);
        }
        let opening = scan.first(&["/*", "/\\\n*"]);
        if opening > 0
            && let Some(end) = scan.through(opening, "*/")
        {
            return scan.emit("cm", end);
        }
        false
    }

    fn space(&mut self, scan: &mut Scan<'_, '_>, after: State) -> bool {
        let breaks = scan.run(0, |byte| byte == b'\n');
        if scan.some("", breaks) {
            return self.push(after);
        }
        if scan.starts("//") {
            scan.emit("c1", scan.line(0));
            return self.push(State::Line);
        }
        Self::inline_space(scan)
    }

    fn statements(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.cpp {
            match scan.any_word() {
                "class" | "struct" => {
                    scan.emit("k", scan.word(0));
                    return self.push(State::ClassName);
                }
                "template" => {
                    scan.emit("k", scan.word(0));
                    return self.push(State::Template);
                }
                "nullptr" => return scan.emit("nb", scan.word(0)),
                _ => {}
            }
            if let Some((class, length)) = literals::number_cpp(scan) {
                return scan.emit(class, length);
            }
            if let Some(length) = literals::raw_string(scan) {
                return scan.emit("s", length);
            }
            let operator = scan.first(&["::", "<=>"]);
            if scan.some("o", operator) {
                return true;
            }
            if matches!(scan.byte(0), b'{' | b'}') {
                return scan.emit("p", 1);
            }
        }
        if self.space(scan, State::Line) {
            return true;
        }
        let prefix = scan.first(&["u8", "u", "U", "L"]);
        if scan.byte(prefix) == b'"' {
            scan.emit("s", prefix + 1);
            return self.push(State::Text);
        }
        if scan.byte(prefix) == b'\''
            && let Some(end) = literals::character(scan, prefix + 1)
        {
            return scan.emit("sc", end);
        }
        if let Some((class, length)) = literals::number_c(scan) {
            return scan.emit(class, length);
        }
        if scan.starts("*/") {
            return scan.emit("err", 2);
        }
        match scan.byte(0) {
            byte if b"~!%^&*+=|?:<>/-".contains(&byte) => scan.emit("o", 1),
            b'(' | b')' | b'[' | b']' | b',' | b'.' | b';' => scan.emit("p", 1),
            _ => self.word(scan),
        }
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let length = scan.name(0);
        if length == 0 {
            return false;
        }
        let word = scan.ahead(length);
        let ends = scan.word_ends(length);
        if ends && word == "case" {
            scan.emit("k", length);
            return self.push(State::Case);
        }
        let class = if ends && matches!(word, "true" | "false" | "NULL") {
            "nb"
        } else if KEYWORDS.has(word) || self.cpp && KEYWORDS_CPP.has(word) {
            "k"
        } else if TYPES.has(word) || self.cpp && word == "bool" {
            "kt"
        } else if RESERVED.has(word) || self.cpp && RESERVED_CPP.has(word) {
            "kr"
        } else {
            "n"
        };
        scan.emit(class, length)
    }

    /// The head of a function: what it returns, its name, its parameters, and a brace or a
    /// semicolon.
    fn function(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.words.0 <= scan.at {
            let end =
                scan.at + scan.run(0, |byte| byte == b'*' || is_space(byte) || is_word_byte(byte));
            self.words = (end, head(scan.text, end));
        }
        let (end, Some(head)) = self.words else { return false };
        if head.name < scan.at + 2 {
            return false;
        }
        if !(self.close.0 <= end && end <= self.close.1) {
            self.close = close(scan, end);
        }
        let Some((close, brace)) = self.close.2 else { return false };
        let part = |from: usize, to: usize| &scan.text[from..to];
        run(&mut Self::new(self.cpp), part(scan.at, head.name), scan.out);
        scan.out.push("nf", part(head.name, head.name_end));
        run(&mut Self::new(self.cpp), part(head.name_end, close), scan.out);
        run(&mut Self::new(self.cpp), part(close, brace), scan.out);
        scan.at = brace;
        if scan.byte(0) == b'{' {
            self.push(State::Function);
        }
        scan.emit("p", 1)
    }

    fn line(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if Self::inline_space(scan) {
            return true;
        }
        if scan.starts("#if") && is_space(scan.byte(3)) && scan.byte(4) == b'0' {
            scan.emit("c", 5);
            return self.push(State::Out);
        }
        if scan.byte(0) == b'#' {
            scan.emit("cp", 1);
            return self.push(State::Macro);
        }
        self.pop()
    }

    fn preprocessor(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("include") {
            let from = scan.spaces(7);
            let close = if scan.byte(from) == b'<' { b'>' } else { b'"' };
            let end = scan.run(from + 1, |byte| byte != close);
            if matches!(scan.byte(from), b'<' | b'"') && end > from + 1 && !scan.is_end(end) {
                scan.emit("cp", 7);
                scan.emit("", from - 7);
                scan.emit("cpf", end + 1 - from);
                return scan.emit("c1", scan.line(0));
            }
        }
        let length = scan.run(0, |byte| !matches!(byte, b'/' | b'\n' | b'\\'));
        if scan.some("cp", length) {
            return true;
        }
        if scan.byte(0) == b'\\'
            && let Some(guarded) = scan.char_at(1)
        {
            return scan.emit("cp", 1 + guarded.len_utf8());
        }
        if Self::inline_space(scan) {
            return true;
        }
        match scan.byte(0) {
            b'/' => scan.emit("cp", 1),
            b'\n' => {
                self.pop();
                scan.emit("cp", 1)
            }
            _ => false,
        }
    }

    /// A line that `#if 0` takes out.
    fn out(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let hash = scan.spaces(0);
        if scan.is_line_start() && scan.byte(hash) == b'#' {
            if scan.starts_at(hash, "#if") {
                scan.emit("c", hash + 3);
                return self.push(State::Out);
            }
            let word = scan.spaces(hash + 1);
            if scan.starts_at(word, "else") || scan.starts_at(word, "elif") {
                self.pop();
                return scan.emit("c", word + 4);
            }
            if scan.starts_at(word, "endif") && scan.word_ends(word + 5) {
                self.pop();
                let end = scan.line(word);
                return scan.emit("c", end + usize::from(!scan.is_end(end)));
            }
        }
        let end = scan.line(0);
        !scan.is_end(end) && scan.emit("c", end + 1)
    }

    fn text(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'"' => {
                self.pop();
                scan.emit("s", 1)
            }
            b'\\' => {
                let length = match scan.byte(1) {
                    b'\\' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'"' | b'\'' => 2,
                    b'x' => {
                        let end = scan.run(2, |byte| byte.is_ascii_hexdigit()).min(6);
                        if end >= 4 { end } else { 0 }
                    }
                    b'0'..=b'7' => scan.run(1, |byte| matches!(byte, b'0'..=b'7')).min(4),
                    _ => 0,
                };
                if length > 0 {
                    return scan.emit("se", length);
                }
                scan.emit("s", if scan.byte(1) == b'\n' { 2 } else { 1 })
            }
            _ => {
                let length = scan.run(0, |byte| !matches!(byte, b'\\' | b'"' | b'\n'));
                scan.some("s", length)
            }
        }
    }

    fn class_name(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let name = scan.name(0);
        if name > 0 {
            self.pop();
            return scan.emit("nc", name);
        }
        if self.space(scan, State::Line) {
            return true;
        }
        if scan.starts("...") {
            return scan.emit("o", 3);
        }
        self.pop();
        scan.byte(0) != b',' || scan.emit("p", 1)
    }
}

impl Rules for C {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let state = self.stack.last().copied().unwrap_or(State::Root);
        match state {
            State::Root => {
                if scan.byte(0) == b'\n' {
                    return self.space(scan, State::Expression);
                }
                if self.space(scan, State::Line) || self.function(scan) {
                    return true;
                }
                if scan.byte(0) == b'{' {
                    self.push(State::Function);
                    return scan.emit("p", 1);
                }
                self.statements(scan)
            }
            State::Line => {
                let name = scan.name(0);
                if name > 0 && scan.byte(name) == b':' && scan.byte(name + 1) != b':' {
                    return scan.emit("nl", name + 1);
                }
                self.line(scan)
            }
            State::Expression => self.line(scan),
            State::Function => {
                if self.space(scan, State::Line) || self.statements(scan) {
                    return true;
                }
                match scan.byte(0) {
                    b'{' => self.push(State::Function),
                    b'}' => self.pop(),
                    _ => return false,
                };
                scan.emit("p", 1)
            }
            State::Text => self.text(scan),
            State::Macro => self.preprocessor(scan),
            State::Out => self.out(scan),
            State::Case => {
                if scan.byte(0) == b':' && !(self.cpp && scan.byte(1) == b':') {
                    self.pop();
                    return scan.emit("p", 1);
                }
                self.statements(scan)
            }
            State::ClassName => self.class_name(scan),
            State::Template => match scan.byte(0) {
                b'>' | b';' => {
                    self.pop();
                    scan.emit("p", 1)
                }
                _ if scan.any_word() == "typename" => {
                    scan.emit("k", 8);
                    self.push(State::ClassName)
                }
                _ => self.statements(scan),
            },
        }
    }
}

/// The name before the parenthesis that ends a run of words.
fn head(text: &str, end: usize) -> Option<Head> {
    let bytes = text.as_bytes();
    if bytes.get(end) != Some(&b'(') {
        return None;
    }
    let before = |mut at: usize, fits: &dyn Fn(u8) -> bool| {
        while at > 0 && fits(bytes[at - 1]) {
            at -= 1;
        }
        at
    };
    let name_end = before(end, &is_space);
    let name = before(name_end, &is_word_byte);
    let is_name = name < name_end && !bytes[name].is_ascii_digit();
    let apart = name > 0 && (bytes[name - 1] == b'*' || is_space(bytes[name - 1]));
    (is_name && apart).then_some(Head { name, name_end })
}

/// The first parenthesis from a place that closes a head, without a semicolon before it.
fn close(scan: &Scan<'_, '_>, from: usize) -> (usize, usize, Option<(usize, usize)>) {
    let bytes = scan.text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at).filter(|byte| **byte != b';') {
        at += 1;
        if byte == b')' {
            let brace = over_comments(scan.text, at);
            if matches!(bytes.get(brace), Some(b'{' | b';')) {
                return (from, at, Some((at, brace)));
            }
        }
    }
    (from, at, None)
}

/// The end of spaces and comments, those of one line.
fn over_comments(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let spaces = rest.len()
            - rest.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space)).len();
        let line = rest.find('\n').unwrap_or(rest.len());
        let length = if spaces > 0 {
            spaces
        } else if rest.starts_with("//") && line < rest.len() {
            line + 1
        } else if rest.starts_with("/*") {
            rest[2..line.max(2)].find("*/").map_or(0, |end| end + 4)
        } else {
            0
        };
        if length == 0 {
            return at;
        }
        at += length;
    }
}
