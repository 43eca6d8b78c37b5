//! CSS.

mod words;

use crate::markdown::highlight::scan::{Rules, Scan, is_space, is_word};
use words::{BUILTINS, COLORS, PROPERTIES, VENDORS};

/// Units of numbers.
const UNITS: &[&str] = &[
    "em", "px", "pt", "pc", "in", "mm", "cm", "ex", "rem", "ch", "vw", "vh", "vmin", "vmax", "dpi",
    "dpcm", "dppx", "deg", "grad", "rad", "turn", "s", "ms", "Hz", "kHz",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// Declarations between braces.
    Stanza,
    StanzaValue,
    AtRule,
    AtBody,
    AtStanza,
}

pub struct Css {
    stack: Vec<State>,
}

impl Css {
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

    fn leave(&mut self, scan: &mut Scan<'_, '_>, length: usize) -> bool {
        self.stack.pop();
        scan.emit("p", length)
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if space(scan) {
            return true;
        }
        let byte = scan.byte(0);
        let colons = 1 + usize::from(byte == b':' && scan.byte(1) == b':');
        let marked = identifier(scan, colons);
        match byte {
            b'{' => return self.enter(scan, "p", 1, State::Stanza),
            b'@' if marked > colons => return self.enter(scan, "k", marked, State::AtRule),
            b':' if marked > colons => return scan.emit("nd", marked),
            b'.' if marked > colons => return scan.emit("nc", marked),
            b'#' if marked > colons => return scan.emit("nf", marked),
            _ => {}
        }
        let name = identifier(scan, 0);
        if scan.some("nt", name) {
            return true;
        }
        if b"~^*!%&[]()<>|+=@:;,./?-".contains(&byte) {
            return scan.emit("o", 1);
        }
        string(scan)
    }

    fn value(scan: &mut Scan<'_, '_>) -> bool {
        if space(scan) {
            return true;
        }
        if scan.starts("url(") {
            let end = scan.run(4, |byte| byte != b')' && byte != b'\n');
            if scan.byte(end) == b')' {
                return scan.emit("sx", end + 1);
            }
        }
        let color = scan.run(1, |byte| byte.is_ascii_hexdigit()).min(7);
        if scan.byte(0) == b'#' && color > 1 {
            return scan.emit("m", color);
        }
        let number = number(scan);
        if scan.some("m", number) {
            return true;
        }
        if b"[]():/.,".contains(&scan.byte(0)) {
            return scan.emit("p", 1);
        }
        let name = identifier(scan, 0);
        let class = match scan.ahead(name) {
            word if COLORS.has(word) => "no",
            word if BUILTINS.has(word) => "nb",
            _ => "n",
        };
        scan.some(class, name) || string(scan)
    }

    fn at_rule(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'{' => {
                let start = scan.spaces(1);
                let name = identifier(scan, start);
                let declares = name > start && scan.byte(scan.spaces(name)) == b':';
                let state = if declares { State::AtStanza } else { State::AtBody };
                self.enter(scan, "p", 1, state)
            }
            b';' => self.leave(scan, 1),
            _ => Self::value(scan),
        }
    }

    fn stanza(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if space(scan) {
            return true;
        }
        if scan.byte(0) == b'}' {
            return self.leave(scan, 1);
        }
        let name = identifier(scan, 0);
        let colon = scan.spaces(name);
        if name == 0 || scan.byte(colon) != b':' {
            return false;
        }
        let word = scan.ahead(name);
        let known = PROPERTIES.has(word) || VENDORS.iter().any(|vendor| word.starts_with(vendor));
        scan.emit(if known { "nl" } else { "py" }, name);
        scan.emit("", colon - name);
        self.enter(scan, "p", 1, State::StanzaValue)
    }

    fn stanza_value(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b';' => self.leave(scan, 1),
            b'}' => self.leave(scan, 0),
            b'!' => {
                let word = scan.spaces(1);
                let end = word + "important".len();
                let fits = scan.starts_at(word, "important") && scan.word_ends(end);
                fits && scan.emit("cp", end)
            }
            b'@' if scan.is_line_start() => scan.emit("cp", scan.line(0)),
            _ => Self::value(scan),
        }
    }

    /// The end of what a rule with `@` has in braces.
    fn at_end(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        self.stack.pop();
        self.leave(scan, 1)
    }
}

fn space(scan: &mut Scan<'_, '_>) -> bool {
    if is_space(scan.byte(0)) {
        return scan.emit("", scan.spaces(0));
    }
    scan.starts("/*") && scan.through(2, "*/").is_some_and(|end| scan.emit("c", end))
}

/// The end of a name from a place ahead; the place itself for none.
fn identifier(scan: &Scan<'_, '_>, from: usize) -> usize {
    let first = |c: char| matches!(c, '_' | '-') || c.is_alphabetic();
    let begins = scan.char_at(from).is_some_and(first);
    if begins { scan.run_chars(from, |c| c == '-' || is_word(c)) } else { from }
}

/// Strings in either kind of quotes have the class of the other.
fn string(scan: &mut Scan<'_, '_>) -> bool {
    let quote = scan.byte(0);
    let class = match quote {
        b'"' => "s1",
        b'\'' => "s2",
        _ => return false,
    };
    scan.guarded(quote, 1, true).is_some_and(|end| scan.emit(class, end))
}

/// The length of a number with its unit; 0 for none.
fn number(scan: &Scan<'_, '_>) -> usize {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let start = usize::from(scan.byte(0) == b'-');
    let whole = digits(start);
    let fraction = digits(whole + 1);
    let end = if scan.byte(whole) == b'.' && fraction > whole + 1 { fraction } else { whole };
    if end == start {
        return 0;
    }
    if scan.byte(end) == b'%' {
        return end + 1;
    }
    let fits = |unit: &&&str| scan.starts_at(end, unit) && scan.word_ends(end + unit.len());
    end + UNITS.iter().find(fits).map_or(0, |unit| unit.len())
}

impl Rules for Css {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let closes = scan.byte(0) == b'}';
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::AtBody | State::AtStanza if closes => self.at_end(scan),
            State::Root | State::AtBody => self.root(scan),
            State::Stanza | State::AtStanza => self.stanza(scan),
            State::StanzaValue => self.stanza_value(scan),
            State::AtRule => self.at_rule(scan),
        }
    }
}
