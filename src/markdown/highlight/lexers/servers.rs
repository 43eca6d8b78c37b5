//! Settings of web servers: nginx and Apache.

mod apache;

use crate::markdown::highlight::scan::{Rules, Scan, is_space};
use apache::NAMES;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Block,
    Statement,
}

pub struct Nginx {
    stack: Vec<State>,
}

impl Nginx {
    pub fn new() -> Self {
        Self { stack: vec![State::Root] }
    }

    fn statement(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'{' => {
                self.stack.pop();
                self.stack.push(State::Block);
                scan.emit("p", 1)
            }
            b';' => {
                self.stack.pop();
                scan.emit("p", 1)
            }
            _ => base(scan),
        }
    }
}

/// The end of what may be a name from a place ahead.
fn name(scan: &Scan<'_, '_>, from: usize) -> usize {
    scan.run(from, |byte| !is_space(byte) && !b"$;{}()#".contains(&byte))
}

fn base(scan: &mut Scan<'_, '_>) -> bool {
    let byte = scan.byte(0);
    match byte {
        _ if is_space(byte) => return scan.emit("", scan.spaces(0)),
        b'#' => return scan.emit("c1", scan.line(0)),
        b'$' => {
            let end =
                scan.run(1, |byte| byte == b'-' || byte == b'_' || byte.is_ascii_alphanumeric());
            return if end > 1 { scan.emit("nv", end) } else { scan.emit("", 1) };
        }
        b';' => return scan.emit("", 1),
        b'~' => {
            let pattern = scan.spaces(1);
            let end = scan.run(pattern, |byte| byte != b'{' && !is_space(byte));
            scan.emit("p", 1);
            if end > pattern {
                scan.emit("", pattern - 1);
                scan.emit("sr", end - pattern);
            }
            return true;
        }
        b':' | b'=' => return scan.emit("p", 1),
        b'/' => return scan.emit("n", name(scan, 1)),
        _ => {}
    }
    if matches!(scan.any_word(), "on" | "off") {
        return scan.emit("no", scan.word(0));
    }
    let host = scan.run(0, |byte| matches!(byte, b'.' | b'-') || byte.is_ascii_alphanumeric());
    let port = scan.run(host + 1, |byte| byte.is_ascii_digit());
    if host > 0 && scan.byte(host) == b':' && port > host + 1 {
        scan.emit("nf", host);
        scan.emit("p", 1);
        return scan.emit("mi", port - host - 1);
    }
    let letters = |from| scan.run(from, |byte| byte == b'-' || byte.is_ascii_alphabetic());
    let kind = letters(0);
    if kind > 0 && scan.byte(kind) == b'/' && letters(kind + 1) > kind + 1 {
        return scan.emit("nc", letters(kind + 1));
    }
    let digits = scan.run(0, |byte| byte.is_ascii_digit());
    let unit = digits + usize::from(matches!(scan.byte(digits) | 32, b'k' | b'm' | b'g'));
    if let Some(&end) = [unit, digits].iter().find(|end| digits > 0 && scan.word_ends(**end)) {
        return scan.emit("mi", end);
    }
    let text = scan.run(0, |byte| !is_space(byte) && !b"#;{}$\\".contains(&byte));
    scan.some("s", text)
}

impl Rules for Nginx {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let state = self.stack.last().copied().unwrap_or(State::Root);
        if state == State::Statement {
            return self.statement(scan);
        }
        if state == State::Block && scan.byte(0) == b'}' {
            self.stack.pop();
            return scan.emit("p", 1);
        }
        if state == State::Root && scan.starts("include") {
            let file = scan.spaces(7);
            let end = scan.run(file, |byte| byte != b';' && !is_space(byte));
            if file > 7 && end > file {
                scan.emit("k", 7);
                scan.emit("", file - 7);
                return scan.emit("n", end - file);
            }
        }
        let end = name(scan, 0);
        if end == 0 {
            return base(scan);
        }
        self.stack.push(State::Statement);
        scan.emit(if state == State::Root { "k" } else { "kn" }, end)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ApacheState {
    Root,
    Section,
    Directive,
}

pub struct Apache {
    state: ApacheState,
}

impl Apache {
    pub fn new() -> Self {
        Self { state: ApacheState::Root }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let open = scan.first(&["</", "<"]);
        let end = scan.word(open);
        if end == open {
            return false;
        }
        scan.emit("p", open);
        self.state = if open > 0 { ApacheState::Section } else { ApacheState::Directive };
        named(scan, if open > 0 { "nl" } else { "nc" }, end - open)
    }

    fn section(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let Some(end) = scan.find(0, ">") else { return false };
        let after = scan.first_at(end + 1, &["\r\n", "\r", "\n"]);
        scan.emit("sr", end);
        self.state = ApacheState::Root;
        scan.emit("p", 1 + after)
    }
}

/// A word has its class if it is one of Apache's.
fn named(scan: &mut Scan<'_, '_>, class: &'static str, length: usize) -> bool {
    let known = NAMES.has(&scan.ahead(length).to_lowercase());
    scan.emit(if known { class } else { "" }, length)
}

fn space(scan: &mut Scan<'_, '_>) -> bool {
    if scan.byte(0) == b'#' {
        return scan.emit("c", scan.line(0));
    }
    let spaces = scan.spaces(0);
    scan.some("", spaces)
}

impl Rules for Apache {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.state {
            ApacheState::Root => space(scan) || self.root(scan),
            ApacheState::Section => self.section(scan) || space(scan),
            ApacheState::Directive => {
                let end = scan.first(&["\r\n", "\r", "\n"]);
                if end > 0 {
                    self.state = ApacheState::Root;
                    return scan.emit("", end);
                }
                if space(scan) {
                    return true;
                }
                let length = scan.run(0, |byte| !is_space(byte));
                named(scan, "ss", length)
            }
        }
    }
}
