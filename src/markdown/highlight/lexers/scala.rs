//! Scala.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_blank, is_space, is_word};

static KEYWORDS: Words = Words::new(
    "
    abstract case catch def do else extends final finally for forSome if implicit lazy match new
    override private protected requires return sealed super this throw try val var while with
    yield",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    ClassName,
    Type,
    Parameters,
    Comment,
    Import,
}

pub struct Scala {
    stack: Vec<State>,
}

impl Scala {
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

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        let word = scan.first(&["class", "trait", "object"]);
        if word > 0 && is_space(scan.byte(word)) {
            return self.opens(scan, word, State::ClassName);
        }
        if byte == b'\''
            && let Some(length) = symbol(scan)
        {
            return scan.emit("ss", length);
        }
        if is_blank(byte) {
            return scan.emit("", scan.blanks(0));
        }
        if scan.starts("//") {
            return scan.emit("c1", scan.line(0));
        }
        if scan.starts("/*") {
            return self.enter(scan, "cm", 2, State::Comment);
        }
        let decorator = identifier(scan, 1);
        if byte == b'@' && decorator > 1 {
            return scan.emit("nd", decorator);
        }
        definition(scan) || member(scan) || self.keyword(scan) || self.rest(scan)
    }

    /// A word, and the spaces behind it, that open a state.
    fn opens(&mut self, scan: &mut Scan<'_, '_>, word: usize, state: State) -> bool {
        scan.emit("k", word);
        let spaces = scan.spaces(0);
        self.enter(scan, "", spaces, state)
    }

    fn keyword(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.any_word();
        if KEYWORDS.has(word) {
            return scan.emit("k", word.len());
        }
        let signs = ["<%", "<:", "<-", "=>", ">:", "#", "=", "@", "_", "⇒", "←"];
        let fits = |sign: &&&str| {
            let after = sign.len();
            let bound = (**sign == "_") != scan.char_at(after).is_some_and(is_word);
            scan.starts(sign) && (bound || scan.is_end(after) || is_space(scan.byte(after)))
        };
        if let Some(sign) = signs.iter().find(fits) {
            return scan.emit("k", sign.len());
        }
        if scan.byte(0) == b':' && !scan.char_at(1).is_some_and(is_operator) {
            return self.enter(scan, "k", 1, State::Type);
        }
        if matches!(word, "true" | "false" | "null") {
            return scan.emit("kc", word.len());
        }
        for (name, state) in
            [("import", State::Import), ("package", State::Import), ("type", State::Type)]
        {
            if scan.starts(name) && is_space(scan.byte(name.len())) {
                return self.opens(scan, name.len(), state);
            }
        }
        false
    }

    fn rest(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("\"\"\"") {
            let mut from = 3;
            while let Some(end) = scan.find(from, "\"\"\"") {
                if scan.byte(end + 3) != b'"' {
                    return scan.emit("s", end + 3);
                }
                from = end + 1;
            }
        }
        if scan.byte(0) == b'"' {
            return scan.guarded(b'"', 1, true).is_some_and(|end| scan.emit("s", end));
        }
        let character = character(scan);
        if scan.some("sc", character) {
            return true;
        }
        let name = identifier(scan, 0);
        let quoted = quoted(scan, 0);
        if scan.some("n", name) || scan.some("n", quoted) {
            return true;
        }
        match scan.byte(0) {
            b'[' => return self.enter(scan, "o", 1, State::Parameters),
            b'\n' => return scan.emit("", 1),
            byte if b"(){};,.#".contains(&byte) => return scan.emit("o", 1),
            _ => {}
        }
        let operator = scan.run_chars(0, is_operator);
        scan.some("o", operator) || number(scan)
    }

    fn class_name(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let end = any_name(scan, 0);
        let open = scan.spaces(end);
        if end > 0 && scan.byte(open) == b'[' {
            scan.emit("nc", end);
            scan.emit("", open - end);
            return self.enter(scan, "o", 1, State::Parameters);
        }
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        if matches!(scan.byte(0), b'{' | b'(') {
            return self.leave(scan, "o", 1);
        }
        if scan.starts("//") {
            let line = scan.line(0);
            return self.leave(scan, "c1", line);
        }
        end > 0 && self.leave(scan, "nc", end)
    }

    fn type_name(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        let word = scan.first(&["<%", "<:", ">:", "#", "_", "⇒", "forSome", "type"]);
        if scan.some("k", word) {
            return true;
        }
        let end = scan.first(&[",", ")", ";", "}", "=>", "="]);
        if end > 0 {
            scan.emit("o", end);
            let spaces = scan.spaces(0);
            return self.leave(scan, "", spaces);
        }
        if matches!(scan.byte(0), b'(' | b'{') {
            return self.enter(scan, "o", 1, State::Type);
        }
        let mut chunk = type_chunk(scan, 0);
        while chunk > 0 && scan.byte(chunk) == b'.' && type_chunk(scan, chunk + 1) > chunk + 1 {
            chunk = type_chunk(scan, chunk + 1);
        }
        let open = scan.spaces(chunk);
        if chunk > 0 && scan.byte(open) == b'[' {
            scan.emit("kt", chunk);
            scan.emit("", open - chunk);
            self.stack.pop();
            return self.enter(scan, "o", 1, State::Parameters);
        }
        if chunk > 0 {
            let last = scan.ahead(open)[chunk..].rfind('\n').map(|last| chunk + last);
            let last = if scan.is_end(open) { Some(open) } else { last };
            if let Some(last) = last {
                scan.emit("kt", chunk);
                return self.leave(scan, "", last - chunk);
            }
        }
        if scan.starts("//") {
            let line = scan.line(0);
            return self.leave(scan, "c1", line);
        }
        let dot = usize::from(scan.byte(0) == b'.');
        let name = any_name(scan, 0);
        scan.some("kt", dot.max(name))
    }

    fn parameters(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.run(0, |byte| byte == b',' || is_space(byte));
        if scan.some("", spaces) {
            return true;
        }
        let word = scan.first(&["<%", "<:", "=>", ">:", "#", "_", "⇒", "forSome", "type"]);
        if scan.some("k", word) {
            return true;
        }
        match scan.byte(0) {
            b']' | b')' | b'}' => self.leave(scan, "o", 1),
            b'[' | b'(' | b'{' => self.enter(scan, "o", 1, State::Parameters),
            b'.' => scan.emit("kt", 1),
            _ => {
                let name = any_name(scan, 0);
                scan.some("kt", name)
            }
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

/// `def` and `val` with the names that they define.
fn definition(scan: &mut Scan<'_, '_>) -> bool {
    let class = match scan.first(&["def", "val"]) {
        0 => return false,
        _ if scan.byte(0) == b'd' => "nf",
        _ => "nv",
    };
    let name = scan.spaces(3);
    let end = any_name(scan, name);
    if name == 3 || end == name {
        return false;
    }
    scan.emit("k", 3);
    scan.emit("", name - 3);
    scan.emit(class, end - name);
    scan.emit("", scan.spaces(0))
}

/// Members of what stands before a dot, classes and functions.
fn member(scan: &mut Scan<'_, '_>) -> bool {
    let end = identifier(scan, 0);
    let breaks = |from| scan.run(from, |byte| byte == b'\n');
    let this = if scan.starts("this") { 4 } else { 0 };
    for (owner, class) in [(this, "k"), (end, "nv")] {
        let dot = breaks(owner);
        let name = identifier(scan, dot + 1);
        if owner > 0 && scan.byte(dot) == b'.' && name > dot + 1 {
            scan.emit(class, owner);
            scan.emit("", dot - owner);
            scan.emit("o", 1);
            return scan.emit("py", name - dot - 1);
        }
    }
    let class = class_name(scan);
    if scan.some("nc", class) {
        return true;
    }
    let open = scan.spaces(end);
    if end > 0 && scan.byte(open) == b'(' {
        scan.emit("nf", end);
        scan.emit("", open - end);
        return scan.emit("o", 1);
    }
    let name = identifier(scan, 1);
    scan.byte(0) == b'.' && name > 1 && scan.emit("o", 1) && scan.emit("py", name - 1)
}

/// The length of a name that begins in upper case and ends where a word does; 0 for none.
fn class_name(scan: &Scan<'_, '_>) -> usize {
    let upper = |c: &char| matches!(c, '$' | '_') || c.is_uppercase();
    let Some(first) = scan.char_at(0).filter(upper) else { return 0 };
    let least = first.len_utf8();
    if !scan.char_at(least).is_some_and(is_letter) {
        return 0;
    }
    let full = scan.run_chars(0, |c| is_letter(c) || c.is_ascii_digit());
    let text = scan.ahead(full);
    let mut next = scan.char_at(full).is_some_and(is_word);
    let mut last = full;
    for (at, c) in text.char_indices().rev() {
        if last > least && is_word(c) != next {
            return last;
        }
        next = is_word(c);
        last = at;
    }
    0
}

fn is_letter(c: char) -> bool {
    matches!(c, '$' | '_') || c.is_alphabetic()
}

/// Whether operators are made of a character.
fn is_operator(c: char) -> bool {
    match c {
        '!'
        | '#'
        | '%'
        | '&'
        | '\''
        | '*'
        | '+'
        | '-'
        | '/'
        | ':'
        | '<'
        | '='
        | '>'
        | '?'
        | '@'
        | '\\'
        | '^'
        | '`'
        | '|'
        | '~'
        | '\u{7f}'
        | '\0'..='\u{1f}' => c > ' ',
        '¦' | '©' | '¬' | '®' | '°' | '±' | '×' | '÷' => true,
        '\u{2190}'..='\u{2307}' | '\u{230c}'..='\u{23ff}' | '\u{2500}'..='\u{2767}' => true,
        '\u{2794}'..='\u{27c4}' | '\u{1f300}'..='\u{1faff}' => true,
        _ => false,
    }
}

/// The end of a name from a place ahead: an underscore may lead over to an operator.
fn identifier(scan: &Scan<'_, '_>, from: usize) -> usize {
    if !scan.char_at(from).is_some_and(is_letter) {
        return from;
    }
    let end = scan.run_chars(from, |c| is_letter(c) || c.is_ascii_digit());
    if scan.byte(end - 1) == b'_' { scan.run_chars(end, is_operator) } else { end }
}

/// The end of a name in back-ticks from a place ahead.
fn quoted(scan: &Scan<'_, '_>, from: usize) -> usize {
    /// Longer names are none.
    const NAME_MAX: usize = 4 * 1024;
    if scan.byte(from) != b'`' {
        return from;
    }
    let rest = &scan.rest().as_bytes()[from + 1..];
    let close = rest.iter().take(NAME_MAX).position(|&byte| byte == b'`');
    close.filter(|close| *close > 0).map_or(from, |close| from + close + 2)
}

/// The end of a name of any kind from a place ahead.
fn any_name(scan: &Scan<'_, '_>, from: usize) -> usize {
    let name = identifier(scan, from);
    if name > from {
        return name;
    }
    let operator = if scan.is_end(from) { from } else { scan.run_chars(from, is_operator) };
    if operator > from { operator } else { quoted(scan, from) }
}

/// The end of a part of a type's name from a place ahead.
fn type_chunk(scan: &Scan<'_, '_>, from: usize) -> usize {
    identifier(scan, from)
}

/// The length of a symbol, which no quote follows.
fn symbol(scan: &Scan<'_, '_>) -> Option<usize> {
    let end = identifier(scan, 1);
    if end == 1 {
        return None;
    }
    if scan.byte(end) != b'\'' {
        return Some(end);
    }
    let last = scan.ahead(end).char_indices().next_back()?.0;
    (last > 1).then_some(last)
}

/// The length of a character in quotes; 0 for none.
fn character(scan: &Scan<'_, '_>) -> usize {
    if scan.byte(0) != b'\'' {
        return 0;
    }
    let length = match scan.char_at(1) {
        Some('\\') => match scan.char_at(2) {
            Some('u') if scan.byte(3) != b'\'' => {
                let hex = scan.run(3, |byte| byte.is_ascii_hexdigit());
                if hex == 7 { 6 } else { 0 }
            }
            Some(c) if c != '\n' => 1 + c.len_utf8(),
            _ => 0,
        },
        Some(c) => c.len_utf8(),
        None => 0,
    };
    if length > 0 && scan.byte(1 + length) == b'\'' { length + 2 } else { 0 }
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let is_suffix = |at: usize| matches!(scan.byte(at), b'f' | b'F' | b'd' | b'D');
    let whole = digits(0);
    if whole == 0 {
        return false;
    }
    if scan.byte(whole) == b'.' {
        let end = digits(whole + 1);
        let sign = end + 1 + usize::from(matches!(scan.byte(end + 1), b'+' | b'-'));
        let power = digits(sign);
        let end = if scan.byte(end) | 32 == b'e' && power > sign { power } else { end };
        return scan.emit("mf", end + usize::from(is_suffix(end)));
    }
    if is_suffix(whole) {
        return scan.emit("mf", whole + 1);
    }
    let hex = scan.run(2, |byte| byte.is_ascii_hexdigit());
    if scan.starts("0x") && hex > 2 {
        return scan.emit("mh", hex);
    }
    scan.emit("mi", whole + usize::from(scan.byte(whole) == b'L'))
}

impl Rules for Scala {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::ClassName => self.class_name(scan),
            State::Type => self.type_name(scan),
            State::Parameters => self.parameters(scan),
            State::Comment => self.comment(scan),
            State::Import => {
                let mut end = 0;
                loop {
                    let dots = scan.run(end, |byte| byte == b'.');
                    let next = identifier(scan, dots);
                    if next == end {
                        break;
                    }
                    end = next;
                }
                end > 0 && self.leave(scan, "nn", end)
            }
        }
    }
}
