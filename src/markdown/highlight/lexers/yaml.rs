//! YAML.

use crate::markdown::highlight::scan::{Rules, Scan, is_space};

/// Plain scalars don't begin with these.
const INDICATORS: &str = "?:,[]{}#&*!|>'\"%@`";

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// A line outside of flow collections.
    Line,
    /// The marks of lists and keys before what a line has.
    Indentation,
    Version,
    Handle,
    /// What is left of a line is a comment.
    Rest,
    FlowList,
    FlowMap,
    Single,
    Double,
    Block,
    BlockHeader,
    Plain,
    PlainLine,
    FlowPlain,
}

pub struct Yaml {
    stack: Vec<State>,
    indents: Vec<usize>,
    /// Where the next collection would begin.
    next: usize,
    /// The indentation of the block scalar that is open.
    block: Option<usize>,
}

impl Yaml {
    pub fn new() -> Self {
        Self { stack: vec![State::Root], indents: vec![0], next: 0, block: None }
    }

    fn indent(&self) -> usize {
        self.indents.last().copied().unwrap_or(0)
    }

    fn reset(&mut self) {
        self.indents = vec![0];
        self.next = 0;
        self.block = None;
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

    fn turn(&mut self, state: State) {
        self.stack.pop();
        self.stack.push(state);
    }

    /// Takes in a line's indentation, and closes what it closes. The columns that belong to it.
    fn dedent(&mut self, width: usize) -> usize {
        self.next = width;
        if width >= self.indent() {
            return width;
        }
        while width < self.indent() {
            self.indents.pop();
        }
        self.indent()
    }

    /// Begins a collection, if one begins here.
    fn collection(&mut self) {
        if self.indent() < self.next {
            self.indents.push(self.next);
        }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b'#' {
            return scan.emit("c1", scan.line(0));
        }
        if scan.byte(0) == b'\n' {
            return scan.emit("", scan.run(0, |byte| byte == b'\n'));
        }
        let spaces = blanks(scan, 0);
        if spaces > 0 && (scan.byte(spaces) == b'#' || scan.is_line_end(spaces)) {
            return scan.emit("", spaces);
        }
        if scan.is_line_start() {
            for (name, state) in [("%YAML", State::Version), ("%TAG", State::Handle)] {
                if scan.any_word().is_empty() && scan.starts(name) && scan.word_ends(name.len()) {
                    self.reset();
                    return self.enter(scan, "nt", name.len(), state);
                }
            }
            if scan.first(&["---", "..."]) > 0 && (scan.byte(3) == b' ' || scan.is_line_end(3)) {
                self.reset();
                return self.enter(scan, "nn", 3, State::Line);
            }
        }
        if is_space(scan.byte(spaces)) || scan.is_end(spaces) {
            return false;
        }
        let own = self.dedent(spaces);
        scan.emit("", own);
        scan.emit("err", spaces - own);
        self.stack.extend([State::Line, State::Indentation]);
        true
    }

    fn indentation(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let line = scan.run(0, |byte| is_space(byte) && byte != b'\n');
        if scan.byte(line) == b'\n' {
            self.stack.pop();
            return self.leave(scan, "", line + 1);
        }
        let spaces = blanks(scan, 0);
        let mark = matches!(scan.byte(spaces), b'-' | b':' | b'?')
            && (scan.byte(spaces + 1) == b' ' || scan.is_line_end(spaces + 1));
        if mark && spaces == 0 {
            self.collection();
            self.next += 1;
            return scan.emit("pi", 1);
        }
        self.next += spaces;
        if mark { scan.emit("", spaces) } else { self.leave(scan, "", spaces) }
    }

    fn line(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = blanks(scan, 0);
        if scan.byte(spaces) == b'#' || scan.is_line_end(spaces) {
            return self.leave(scan, "", spaces);
        }
        if scan.some("", spaces) || descriptor(scan) {
            return true;
        }
        let key = scan.run(0, |byte| !b"#,:?[]{}\"'\n".contains(&byte));
        let ends = is_space(scan.byte(key + 1)) || scan.is_end(key + 1);
        if key > 0 && scan.byte(key) == b':' && ends {
            self.collection();
            scan.emit("na", key);
            return scan.emit("pi", 1);
        }
        if matches!(scan.byte(0), b'|' | b'>') {
            let length = 1 + usize::from(matches!(scan.byte(1), b'+' | b'-'));
            self.stack.push(State::Block);
            return self.enter(scan, "pi", length, State::BlockHeader);
        }
        if self.flow(scan) {
            return true;
        }
        let open = matches!(scan.byte(0), b'?' | b':' | b'-');
        if plain_begins(scan) || open && !scan.is_end(1) && !is_space(scan.byte(1)) {
            self.stack.push(State::Plain);
            return true;
        }
        false
    }

    /// Flow collections and quoted scalars.
    fn flow(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'[' => self.enter(scan, "pi", 1, State::FlowList),
            b'{' => self.enter(scan, "pi", 1, State::FlowMap),
            b'\'' => self.enter(scan, "s1", 1, State::Single),
            b'"' => self.enter(scan, "s2", 1, State::Double),
            _ => false,
        }
    }

    fn in_flow(&mut self, scan: &mut Scan<'_, '_>, end: u8) -> bool {
        let byte = scan.byte(0);
        match byte {
            _ if byte == end => return self.leave(scan, "pi", 1),
            _ if is_space(byte) => return scan.emit("", scan.spaces(0)),
            b'#' => return scan.emit("c1", scan.line(0)),
            b'?' | b':' | b',' => return scan.emit("pi", 1),
            _ => {}
        }
        if descriptor(scan) || self.flow(scan) {
            return true;
        }
        plain_begins(scan) && {
            self.stack.push(State::FlowPlain);
            true
        }
    }

    fn block(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b'\n' {
            return scan.emit("", scan.run(0, |byte| byte == b'\n'));
        }
        if scan.is_line_start() {
            let spaces = blanks(scan, 0);
            if spaces > 0 && scan.is_line_end(spaces) {
                let own = self.block.unwrap_or(spaces).min(spaces);
                scan.emit("", own);
                return scan.emit("no", spaces - own);
            }
            scan.emit("", spaces);
            let least = self.block.unwrap_or_else(|| self.indent());
            self.block.get_or_insert(spaces);
            if spaces < least {
                self.dedent(spaces);
                self.turn(State::Indentation);
                return true;
            }
            // Text without indentation can't be in a block.
            return spaces > 0;
        }
        let text = scan.run(0, |byte| !matches!(byte, b'\n' | b'\r' | 0x0b | 0x0c));
        scan.some("s", text)
    }

    fn block_header(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let sign = |at: usize| at + usize::from(matches!(scan.byte(at), b'+' | b'-'));
        let digit = |at: usize| at + usize::from(matches!(scan.byte(at), b'1'..=b'9'));
        let fits = |end: &usize| scan.byte(*end) == b' ' || scan.is_line_end(*end);
        let Some(end) = [sign(digit(0)), digit(sign(0)), 0].into_iter().find(fits) else {
            return false;
        };
        let depth = scan.ahead(end).parse::<usize>().or(scan.ahead(digit(0)).parse::<usize>());
        self.block = (end > 0).then(|| self.indent() + depth.unwrap_or(0));
        self.turn(State::Rest);
        scan.emit("pi", end)
    }

    fn quoted(&mut self, scan: &mut Scan<'_, '_>, quote: u8) -> bool {
        let byte = scan.byte(0);
        if byte == quote && quote == b'"' {
            return self.leave(scan, "s", 1);
        }
        let spaces = blanks(scan, 0);
        if spaces > 0 {
            let edge = scan.is_line_start() || scan.is_line_end(spaces);
            return scan.emit(if edge { "" } else { "nv" }, spaces);
        }
        if byte == b'\n' {
            return scan.emit("", scan.run(0, |byte| byte == b'\n'));
        }
        if quote == b'\'' {
            return match byte {
                b'\\' if scan.byte(1) == b'\'' => scan.emit("se", 2),
                b'\'' => self.leave(scan, "s", 1),
                _ => {
                    let text = scan.run(0, |byte| byte != b'\'' && !is_space(byte));
                    scan.some("s", text)
                }
            };
        }
        if byte == b'\\' {
            let digits = match scan.byte(1) {
                b'x' => 2,
                b'u' => 4,
                b'U' => 8,
                byte if b"0abt\tn\nvfre \"\\N_LP".contains(&byte) && !scan.is_end(1) => {
                    return scan.emit("se", 2);
                }
                _ => return false,
            };
            let hex = scan.run(2, |byte| byte.is_ascii_hexdigit());
            return hex >= 2 + digits && scan.emit("se", 2 + digits);
        }
        let text = scan.run(0, |byte| byte != b'"' && byte != b'\\' && !is_space(byte));
        scan.some("s", text)
    }

    fn plain(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = blanks(scan, 0);
        let colon = scan.byte(spaces) == b':';
        if colon && (scan.byte(spaces + 1) == b' ' || scan.is_line_end(spaces + 1)) {
            return self.leave(scan, "", spaces);
        }
        let word = scan.run(spaces + 1, |byte| !is_space(byte));
        if colon && word > spaces + 1 {
            return scan.emit("s", word);
        }
        if spaces > 0 {
            return match scan.byte(spaces) {
                b'#' => self.leave(scan, "", spaces),
                _ if scan.is_line_end(spaces) => scan.emit("", spaces),
                _ => scan.emit("s", spaces),
            };
        }
        if scan.byte(0) == b'\n' {
            let breaks = scan.run(0, |byte| byte == b'\n');
            return self.enter(scan, "", breaks, State::PlainLine);
        }
        let word = scan.first(&["true", "false", "null"]);
        if scan.some("no", word) {
            return true;
        }
        let number = number(scan);
        if number > 0 {
            return self.leave(scan, "m", number);
        }
        let text = scan.run(0, |byte| byte != b':' && !is_space(byte));
        scan.some("s", text)
    }

    fn plain_line(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = blanks(scan, 0);
        if scan.byte(spaces) == b'\n' {
            return scan.emit("", spaces + 1);
        }
        if scan.first(&["---", "..."]) > 0 {
            self.stack.truncate(self.stack.len().saturating_sub(3).max(1));
            return true;
        }
        scan.emit("", spaces);
        self.stack.pop();
        if spaces <= self.indent() {
            self.dedent(spaces);
            self.turn(State::Indentation);
        }
        true
    }

    fn flow_plain(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = blanks(scan, 0);
        let ends = !scan.is_end(spaces) && b",:?[]{}".contains(&scan.byte(spaces));
        if ends || spaces > 0 && scan.byte(spaces) == b'#' {
            return self.leave(scan, "", spaces);
        }
        if spaces > 0 {
            let edge = scan.is_line_start() || scan.is_line_end(spaces);
            return scan.emit(if edge { "" } else { "nv" }, spaces);
        }
        if scan.byte(0) == b'\n' {
            return scan.emit("", scan.run(0, |byte| byte == b'\n'));
        }
        let text = scan.run(0, |byte| !is_space(byte) && !b",:?[]{}".contains(&byte));
        scan.some("nv", text)
    }

    fn rest(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'#' => scan.emit("c1", scan.line(0)),
            b' ' => scan.emit("", blanks(scan, 0)),
            b'\n' => self.leave(scan, "", 1),
            _ => false,
        }
    }

    fn version(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let start = blanks(scan, 0);
        let dot = scan.run(start, |byte| byte.is_ascii_digit());
        let end = scan.run(dot + 1, |byte| byte.is_ascii_digit());
        if start == 0 || dot == start || scan.byte(dot) != b'.' || end == dot + 1 {
            return false;
        }
        self.turn(State::Rest);
        scan.emit("", start);
        scan.emit("m", end - start)
    }

    fn handle(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let is_word = |byte: u8| !is_space(byte);
        let start = blanks(scan, 0);
        let end = scan.run(start, is_word);
        let prefix = blanks(scan, end);
        let prefix_end = scan.run(prefix, is_word);
        if start == 0 || scan.byte(start) != b'!' || prefix == end || prefix_end == prefix {
            return false;
        }
        self.turn(State::Rest);
        scan.emit("", start);
        scan.emit("kt", end - start);
        scan.emit("", prefix - end);
        scan.emit("kt", prefix_end - prefix)
    }
}

/// The end of spaces from a place ahead.
fn blanks(scan: &Scan<'_, '_>, from: usize) -> usize {
    scan.run(from, |byte| byte == b' ')
}

fn plain_begins(scan: &Scan<'_, '_>) -> bool {
    let fits = |c: char| !INDICATORS.contains(c) && !(c.is_ascii() && is_space(c as u8));
    scan.char_at(0).is_some_and(fits)
}

/// Tags, anchors and aliases.
fn descriptor(scan: &mut Scan<'_, '_>) -> bool {
    let in_name = |c: char| matches!(c, '_' | '-') || c.is_alphanumeric();
    match scan.byte(0) {
        b'!' => {
            let in_tag = |byte: u8| {
                byte.is_ascii_alphanumeric() || b"_;/?:@&=+$,.!~*'()[]%-".contains(&byte)
            };
            let verbatim = scan.run(2, in_tag);
            if scan.byte(1) == b'<' && verbatim > 2 && scan.byte(verbatim) == b'>' {
                return scan.emit("kt", verbatim + 1);
            }
            scan.emit("kt", scan.run(1, in_tag))
        }
        mark @ (b'&' | b'*') => {
            let end = scan.run_chars(1, in_name);
            end > 1 && scan.emit(if mark == b'&' { "nl" } else { "nv" }, end)
        }
        _ => false,
    }
}

/// The length of a number that ends its line, or stands before a comment; 0 for none.
fn number(scan: &Scan<'_, '_>) -> usize {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let whole = digits(0);
    let fraction = digits(whole + 1);
    let end = if scan.byte(whole) == b'.' && fraction > whole + 1 { fraction } else { whole };
    let spaces = blanks(scan, end);
    let broken = scan.byte(end) == b'\n' || scan.starts_at(end, "\r\n");
    let ends = broken || spaces > end && scan.byte(spaces) == b'#';
    if whole > 0 && ends { end } else { 0 }
}

impl Rules for Yaml {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Line => self.line(scan),
            State::Indentation => self.indentation(scan),
            State::Version => self.version(scan),
            State::Handle => self.handle(scan),
            State::Rest => self.rest(scan),
            State::FlowList => self.in_flow(scan, b']'),
            State::FlowMap => self.in_flow(scan, b'}'),
            State::Single => self.quoted(scan, b'\''),
            State::Double => self.quoted(scan, b'"'),
            State::Block => self.block(scan),
            State::BlockHeader => self.block_header(scan),
            State::Plain => self.plain(scan),
            State::PlainLine => self.plain_line(scan),
            State::FlowPlain => self.flow_plain(scan),
        }
    }
}
