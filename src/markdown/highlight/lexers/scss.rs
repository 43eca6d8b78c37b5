//! SCSS.

use super::css::words::{BUILTINS, COLORS, PROPERTIES};
use crate::markdown::highlight::scan::{Rules, Scan, is_space};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Value,
    /// The bounds of a loop.
    Bounds,
    Selector,
    Attribute,
    Interpolated,
    Quoted(u8),
    Url,
    /// A part of a selector, by its class.
    Piece(&'static str),
}

pub struct Scss {
    stack: Vec<State>,
}

impl Scss {
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
        if is_space(scan.byte(0)) {
            return scan.emit("", scan.spaces(0));
        }
        if scan.starts("//") {
            return scan.emit("c1", scan.line(0));
        }
        if scan.starts("/*")
            && let Some(end) = scan.through(2, "*/")
        {
            return scan.emit("cm", end);
        }
        if scan.starts("@import") && scan.word_ends(7) {
            return self.enter(scan, "k", 7, State::Value);
        }
        if self.statement(scan) {
            return true;
        }
        self.stack.push(if is_declaration(scan) { State::Attribute } else { State::Selector });
        true
    }

    /// Rules with an at sign, and variables.
    fn statement(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        const VALUES: &[&str] =
            &["@debug", "@warn", "@if", "@each", "@while", "@else", "@return", "@media"];
        if scan.starts("@for") && scan.word_ends(4) {
            return self.enter(scan, "k", 4, State::Bounds);
        }
        let value = scan.first(VALUES);
        if value > 0 {
            return self.enter(scan, "k", value, State::Value);
        }
        for (word, class) in [("@mixin", "nf"), ("@function", "nf"), ("@include", "nd")] {
            let name = scan.spaces(word.len());
            let end = identifier(scan, name);
            if scan.starts(word) && name > word.len() && end > name {
                scan.emit("k", word.len());
                scan.emit("", name - word.len());
                return self.enter(scan, class, end - name, State::Value);
            }
        }
        let name = identifier(scan, 1);
        match scan.byte(0) {
            b'@' if name > 1 => self.enter(scan, "k", name, State::Selector),
            b'&' => self.enter(scan, "k", 1, State::Selector),
            b'$' if name > 1 => {
                let colon = scan.run(name, |byte| matches!(byte, b' ' | b'\t'));
                if scan.byte(colon) != b':' {
                    return false;
                }
                scan.emit("nv", name);
                scan.emit("", colon - name);
                self.enter(scan, "p", 1, State::Value)
            }
            _ => false,
        }
    }

    /// The end of a statement.
    fn closes(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'\n' => scan.emit("", 1),
            b';' | b'{' | b'}' => {
                self.stack = vec![State::Root];
                scan.emit("p", 1)
            }
            _ => false,
        }
    }

    /// Strings, and values within the text.
    fn opens(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'"' => self.enter(scan, "s2", 1, State::Quoted(b'"')),
            b'\'' => self.enter(scan, "s1", 1, State::Quoted(b'\'')),
            _ => self.interpolation(scan),
        }
    }

    fn interpolation(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        scan.starts("#{") && self.enter(scan, "si", 2, State::Interpolated)
    }

    fn value(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.closes(scan) {
            return true;
        }
        let blanks = scan.run(0, |byte| matches!(byte, b' ' | b'\t'));
        if scan.some("", blanks) {
            return true;
        }
        let marked = identifier(scan, 1);
        match scan.byte(0) {
            b'$' if marked > 1 => return scan.emit("nv", marked),
            b'u' if scan.starts("url(") => return self.enter(scan, "sx", 4, State::Url),
            _ => {}
        }
        let name = identifier(scan, 0);
        if name > 0 && scan.byte(scan.spaces(name)) == b'(' {
            return scan.emit("nf", name);
        }
        if scan.byte(0) == b'%' && marked > 1 {
            return scan.emit("nd", marked);
        }
        match scan.any_word() {
            word @ ("true" | "false") => return scan.emit("bp", word.len()),
            word @ ("and" | "or" | "not") => return scan.emit("ow", word.len()),
            _ => {}
        }
        let color = scan.run(1, |byte| byte.is_ascii_alphanumeric()).min(7);
        if scan.byte(0) == b'#' && color > 1 {
            return scan.emit("mh", color);
        }
        if let Some((class, length)) = number(scan) {
            return scan.emit(class, length);
        }
        if self.opens(scan) {
            return true;
        }
        let operators = scan.run(0, |byte| b"~^*!&%<>|+=@:,./?-".contains(&byte));
        let brackets = scan.run(0, |byte| b"[]()".contains(&byte));
        if scan.some("o", operators) || scan.some("p", brackets) {
            return true;
        }
        let class = match scan.ahead(name) {
            word if BUILTINS.has(word) => "nb",
            word if COLORS.has(word) => "no",
            _ => "n",
        };
        scan.some(class, name)
    }

    fn selector(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.closes(scan) || self.opens(scan) {
            return true;
        }
        let blanks = scan.run(0, |byte| matches!(byte, b' ' | b'\t'));
        if scan.some("", blanks) {
            return true;
        }
        let name = identifier(scan, 0);
        match scan.byte(0) {
            b':' => self.enter(scan, "nd", 1, State::Piece("nd")),
            b'.' => self.enter(scan, "nc", 1, State::Piece("nc")),
            b'#' => self.enter(scan, "nn", 1, State::Piece("nn")),
            b'%' => self.enter(scan, "nv", 1, State::Piece("nv")),
            _ if name > 0 => scan.emit("nt", name),
            b'&' => scan.emit("k", 1),
            byte => b"~^*![]()<>|+=@,/?".contains(&byte) && scan.emit("o", 1),
        }
    }

    fn attribute(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.interpolation(scan) {
            return true;
        }
        let name = identifier(scan, 0);
        if name > 0 {
            let known = PROPERTIES.has(scan.ahead(name));
            return scan.emit(if known { "nl" } else { "na" }, name);
        }
        let colon = scan.run(0, |byte| matches!(byte, b' ' | b'\t'));
        if scan.byte(colon) != b':' {
            return false;
        }
        scan.emit("", colon);
        self.enter(scan, "p", 1, State::Value)
    }

    /// Text up to an end that isn't part of it.
    fn text(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, end: u8) -> bool {
        if scan.byte(0) == end {
            return self.leave(scan, class, 1);
        }
        if self.interpolation(scan) {
            return true;
        }
        let mut at = 0;
        loop {
            at = scan.run(at, |byte| !matches!(byte, b'\n' | b'#' | b'\\') && byte != end);
            match scan.byte(at) {
                b'#' if scan.byte(at + 1) != b'{' => at += 1,
                b'\\' if !scan.is_line_end(at + 1) => {
                    at += 1 + scan.char_at(at + 1).map_or(0, char::len_utf8);
                }
                b'\\' => at += 1,
                _ => break,
            }
        }
        scan.some(class, at)
    }
}

/// The end of a name from a place ahead.
fn identifier(scan: &Scan<'_, '_>, from: usize) -> usize {
    scan.run(from, |byte| matches!(byte, b'_' | b'-') || byte.is_ascii_alphanumeric())
}

/// Whether a declaration begins here, and not a selector.
fn is_declaration(scan: &Scan<'_, '_>) -> bool {
    if !scan.is_end(0) && !b";{}".contains(&scan.byte(0)) {
        let second = scan.char_at(0).map_or(1, char::len_utf8);
        if matches!(scan.byte(second), b';' | b'}') {
            return true;
        }
    }
    let colon = scan.run(0, |byte| !b";{}:[".contains(&byte));
    colon > 0
        && scan.byte(colon) == b':'
        && !scan.is_end(colon + 1)
        && !scan.byte(colon + 1).is_ascii_lowercase()
}

fn number(scan: &Scan<'_, '_>) -> Option<(&'static str, usize)> {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let unit = |at: usize| {
        if scan.byte(at) == b'%' { at + 1 } else { scan.run(at, |byte| byte.is_ascii_lowercase()) }
    };
    let start = usize::from(scan.byte(0) == b'-');
    let whole = digits(start);
    if whole > start {
        return Some(("m", unit(whole)));
    }
    let fraction = digits(whole + 1);
    let is_fraction = scan.byte(whole) == b'.' && fraction > whole + 1;
    is_fraction.then(|| ("mi", unit(fraction)))
}

impl Rules for Scss {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Value => self.value(scan),
            State::Bounds => {
                let word = scan.first(&["from", "to", "through"]);
                scan.some("ow", word) || self.value(scan)
            }
            State::Selector => self.selector(scan),
            State::Attribute => self.attribute(scan),
            State::Interpolated => {
                if scan.byte(0) == b'}' {
                    return self.leave(scan, "si", 1);
                }
                self.value(scan)
            }
            State::Quoted(quote) => self.text(scan, if quote == b'"' { "s2" } else { "s1" }, quote),
            State::Url => self.text(scan, "sx", b')'),
            State::Piece(class) => {
                let name = identifier(scan, 0);
                scan.some(class, name) || self.interpolation(scan) || self.leave(scan, "", 0)
            }
        }
    }
}
