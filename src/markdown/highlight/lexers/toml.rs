//! TOML.

use crate::markdown::highlight::scan::{Rules, Scan, is_space};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Value,
    Array,
    Inline,
    /// A string by its quotes.
    Quoted(&'static str),
}

pub struct Toml {
    stack: Vec<State>,
}

impl Toml {
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

    fn basic(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        if is_space(byte) {
            return scan.emit("", scan.spaces(0));
        }
        if byte == b'#' {
            return scan.emit("c", scan.line(0));
        }
        let constant = scan.first(&["true", "false"]);
        if scan.some("kc", constant) {
            return true;
        }
        let opens = |scan: &Scan<'_, '_>, equals: usize| scan.byte(scan.spaces(equals + 1)) == b'{';
        if let Some((key, equals)) = key(scan, opens) {
            scan.emit("nn", key);
            scan.emit("", equals - key);
            scan.emit("o", 1);
            let spaces = scan.spaces(0);
            scan.emit("", spaces);
            return self.enter(scan, "p", 1, State::Inline);
        }
        if byte == b'[' {
            let word = scan.ahead(scan.run(0, |byte| !is_space(byte)));
            if let Some(end) = word.rfind(']').filter(|end| *end > 1) {
                return scan.emit("nn", end + 1);
            }
        }
        number(scan)
    }

    fn content(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.basic(scan) {
            return true;
        }
        if let Some((name, equals)) = key(scan, |_, _| true) {
            scan.emit("py", name);
            scan.emit("", equals - name);
            return scan.emit("p", 1);
        }
        for quotes in ["\"\"\"", "\"", "'''", "'"] {
            if scan.starts(quotes) {
                return self.enter(scan, "s", quotes.len(), State::Quoted(quotes));
            }
        }
        match scan.byte(0) {
            b'\\' => escape(scan),
            b',' => scan.emit("p", 1),
            b'[' => self.enter(scan, "p", 1, State::Array),
            _ => false,
        }
    }

    fn quoted(&mut self, scan: &mut Scan<'_, '_>, quotes: &'static str) -> bool {
        if scan.starts(quotes) {
            self.stack.pop();
            return scan.emit("s", quotes.len());
        }
        let quote = quotes.as_bytes()[0];
        let one_line = quotes.len() == 1;
        let byte = scan.byte(0);
        if one_line && byte == b'\n' {
            self.stack.pop();
            return scan.emit("err", 1);
        }
        if byte == b'\\' && quote == b'"' {
            return escape(scan);
        }
        if byte == quote {
            return scan.emit("s", scan.run(0, |byte| byte == quote));
        }
        let stops =
            |byte: u8| byte == quote || quote == b'"' && byte == b'\\' || one_line && byte == b'\n';
        scan.emit("s", scan.run(0, |byte| !stops(byte)))
    }
}

/// The ends of a key and of the spaces behind it, up to an equals sign that fits.
fn key(scan: &Scan<'_, '_>, fits: impl Fn(&Scan<'_, '_>, usize) -> bool) -> Option<(usize, usize)> {
    let word = scan.run(0, |byte| !is_space(byte));
    let equals = scan.spaces(word);
    if word > 0 && scan.byte(equals) == b'=' && fits(scan, equals) {
        return Some((word, equals));
    }
    let inside = |at: &usize| scan.byte(*at) == b'=' && fits(scan, *at);
    if let Some(equals) = (1..word).rev().find(inside) {
        return Some((equals, equals));
    }
    let quote = scan.byte(0);
    let close = scan.run(1, |byte| byte != quote && byte != b'\n');
    let equals = scan.spaces(close + 1);
    let quoted = matches!(quote, b'"' | b'\'') && close > 1 && scan.byte(close) == quote;
    (quoted && scan.byte(equals) == b'=' && fits(scan, equals)).then_some((close + 1, equals))
}

fn escape(scan: &mut Scan<'_, '_>) -> bool {
    b"0t\tn\n \"\\r".contains(&scan.byte(1)) && !scan.is_end(1) && scan.emit("se", 2)
}

/// The end of digits from a place ahead; signs may stand between groups of them.
fn digits(scan: &Scan<'_, '_>, from: usize, fits: impl Fn(u8) -> bool) -> usize {
    let mut at = scan.run(from, &fits);
    while at > from && scan.byte(at) == b'_' && fits(scan.byte(at + 1)) {
        at = scan.run(at + 1, &fits);
    }
    at
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    const DATE: &[u8] = b"dddd-dd-ddTdd:dd:ddZ";
    let fits = |(at, kind): (usize, &u8)| match kind {
        b'd' => scan.byte(at).is_ascii_digit(),
        kind => scan.byte(at) == *kind,
    };
    if DATE.iter().enumerate().all(fits) {
        return scan.emit("ld", DATE.len());
    }
    let decimal = |from| digits(scan, from, |byte| byte.is_ascii_digit());
    let sign = usize::from(matches!(scan.byte(0), b'+' | b'-'));
    let whole = decimal(sign);
    if whole == sign {
        let word = scan.first_at(sign, &["nan", "inf"]);
        return word > 0 && scan.emit("mf", sign + word);
    }
    let fraction = decimal(whole + 1);
    let end = if scan.byte(whole) == b'.' && fraction > whole + 1 { fraction } else { whole };
    let start = end + 1 + usize::from(matches!(scan.byte(end + 1), b'+' | b'-'));
    let power = decimal(start);
    let float = if scan.byte(end) | 32 == b'e' && power > start { power } else { end };
    if float > whole {
        return scan.emit("mf", float);
    }
    let hex = digits(scan, 2, |byte| byte.is_ascii_hexdigit());
    let octal = digits(scan, 2, |byte| matches!(byte, b'0'..=b'7'));
    let binary = digits(scan, 2, |byte| matches!(byte, b'0' | b'1'));
    match (scan.byte(0), scan.byte(1)) {
        (b'0', b'x') if hex > 2 => scan.emit("mh", hex),
        (b'0', b'o') if octal > 2 => scan.emit("mo", octal),
        (b'0', b'b') if binary > 2 => scan.emit("mb", binary),
        _ => scan.emit("mi", whole),
    }
}

impl Rules for Toml {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let state = self.stack.last().copied().unwrap_or(State::Root);
        match (state, scan.byte(0)) {
            (State::Quoted(quotes), _) => self.quoted(scan, quotes),
            (State::Root, _) => {
                if self.basic(scan) {
                    return true;
                }
                let Some((name, equals)) = key(scan, |_, _| true) else { return false };
                scan.emit("py", name);
                scan.emit("", equals - name);
                self.enter(scan, "p", 1, State::Value)
            }
            (State::Value, b'\n') => {
                self.stack.pop();
                scan.emit("", 1)
            }
            (State::Array, b']') | (State::Inline, b'}') => {
                if self.content(scan) {
                    return true;
                }
                self.stack.pop();
                scan.emit("p", 1)
            }
            _ => self.content(scan),
        }
    }
}
