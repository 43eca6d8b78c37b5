//! HTML with the scripts and style sheets in it, and XML.

use super::css::Css;
use super::javascript::JavaScript;
use crate::markdown::highlight::scan::{Rules, Scan, is_space, is_word, run};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Comment,
    /// What stands behind `<`.
    Open,
    /// What stands behind `</`.
    Close,
    /// What stands behind a closing tag's name.
    CloseEnd,
    Tag,
    Value,
    Quoted(u8),
    Script,
    Style,
}

pub struct Html {
    stack: Vec<State>,
    script: JavaScript,
    style: Css,
}

impl Html {
    pub fn new() -> Self {
        Self { stack: vec![State::Root], script: JavaScript::new(false), style: Css::new() }
    }

    fn leave(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, length: usize) -> bool {
        self.stack.pop();
        scan.emit(class, length)
    }

    fn turn(&mut self, state: State) -> bool {
        self.stack.pop();
        self.stack.push(state);
        true
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'&' => return entity(scan),
            b'<' => {}
            _ => return scan.emit("", scan.run(0, |byte| !matches!(byte, b'<' | b'&'))),
        }
        let is_doctype =
            scan.rest().get(..10).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype "));
        for (opens, opening, end) in [
            (is_doctype, 10, ">"),
            (scan.starts("<![CDATA["), 9, "]]>"),
            (scan.starts("<?"), 2, "?>"),
        ] {
            if opens && let Some(length) = scan.through(opening, end) {
                return scan.emit("cp", length);
            }
        }
        if scan.starts("<!--") {
            self.stack.push(State::Comment);
            return scan.emit("c", 4);
        }
        let name = scan.spaces(1);
        if scan.starts_at(name, "script") {
            self.script = JavaScript::new(false);
            self.stack.extend([State::Script, State::Tag]);
            return scan.emit("nt", scan.spaces(name + 6));
        }
        if scan.starts_at(name, "style") {
            self.style = Css::new();
            self.stack.extend([State::Style, State::Tag]);
            return scan.emit("nt", scan.spaces(name + 5));
        }
        let close = scan.byte(1) == b'/';
        self.stack.push(if close { State::Close } else { State::Open });
        scan.emit("nt", 1 + usize::from(close))
    }

    fn tag(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let Some(first) = scan.char_at(0) else { return false };
        let name = |first: &str, rest: &'static str| {
            scan.char_at(0)
                .filter(|c| c.is_alphabetic() || first.contains(*c))
                .map_or(0, |c| scan.run_chars(c.len_utf8(), |c| in_name(c) || rest.contains(c)))
        };
        if first.is_ascii() && is_space(first as u8) {
            return scan.emit("", scan.spaces(0));
        }
        let bound = name(":_[]()*.-", "[]()*");
        let equals = scan.spaces(bound);
        if bound > 0 && scan.byte(equals) == b'=' {
            self.stack.push(State::Value);
            return scan.emit("na", scan.spaces(equals + 1));
        }
        let bare = name(":_*#-", "*#");
        if scan.some("na", bare) {
            return true;
        }
        let end = scan.spaces(usize::from(first == '/'));
        scan.byte(end) == b'>' && self.leave(scan, "nt", end + 1)
    }

    /// What stands in a `script` or `style`, up to its closing tag.
    fn content(&mut self, scan: &mut Scan<'_, '_>, script: bool) -> bool {
        let length = scan.run(0, |byte| byte != b'<');
        if length == 0 {
            let slash = scan.spaces(1);
            let name = scan.spaces(slash + 1);
            let word = if script { "script" } else { "style" };
            if scan.byte(slash) == b'/' && scan.starts_at(name, word) {
                let end = scan.spaces(name + word.len());
                if scan.byte(end) == b'>' {
                    return self.leave(scan, "nt", end + 1);
                }
            }
        }
        let code = scan.ahead(length.max(1));
        if script {
            run(&mut self.script, code, scan.out);
        } else {
            run(&mut self.style, code, scan.out);
        }
        scan.at += code.len();
        true
    }
}

/// Whether a character may stand within a name.
fn in_name(c: char) -> bool {
    is_word(c) || matches!(c, ':' | '.' | '·' | '-' | '\u{200c}' | '\u{200d}' | '\u{ad}')
}

/// The end of a name from a place ahead; the place itself for none.
fn name(scan: &Scan<'_, '_>, from: usize, first: &str) -> usize {
    let begins = scan.char_at(from).is_some_and(|c| c.is_alphabetic() || first.contains(c));
    if begins { scan.run_chars(from, in_name) } else { from }
}

fn entity(scan: &mut Scan<'_, '_>) -> bool {
    let end = scan.run(0, |byte| byte != b';' && !is_space(byte));
    scan.byte(end) == b';' && scan.emit("ni", end + 1)
}

/// The inside of a comment; whether it ended.
fn comment(scan: &mut Scan<'_, '_>) -> bool {
    if scan.starts("-->") {
        return scan.emit("c", 3);
    }
    let length = scan.run(0, |byte| byte != b'-');
    scan.emit("c", length.max(1));
    false
}

impl Rules for Html {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Comment => {
                if comment(scan) {
                    self.stack.pop();
                }
                true
            }
            state @ (State::Close | State::CloseEnd) => {
                let spaces = scan.spaces(0);
                if scan.some("", spaces) {
                    return true;
                }
                if scan.byte(0) == b'>' {
                    return self.leave(scan, "nt", 1);
                }
                let end = name(scan, 0, ":_-");
                if state == State::CloseEnd || end == 0 {
                    return false;
                }
                self.turn(State::CloseEnd);
                scan.emit("nt", end)
            }
            State::Open => {
                let spaces = scan.spaces(0);
                if scan.some("", spaces) {
                    return true;
                }
                self.turn(State::Tag);
                scan.emit("nt", name(scan, 0, ":_-"))
            }
            State::Tag => self.tag(scan),
            State::Value => match scan.byte(0) {
                quote @ (b'"' | b'\'') => {
                    self.turn(State::Quoted(quote));
                    scan.emit("s", 1)
                }
                _ => {
                    let length = scan.run(0, |byte| byte != b'>' && !is_space(byte));
                    length > 0 && self.leave(scan, "s", length)
                }
            },
            State::Quoted(quote) => {
                if scan.byte(0) == quote {
                    return self.leave(scan, "s", 1);
                }
                scan.emit("s", scan.run(0, |byte| byte != quote))
            }
            State::Script => self.content(scan, true),
            State::Style => self.content(scan, false),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum XmlState {
    Root,
    Comment,
    Tag,
    Value,
}

pub struct Xml {
    state: XmlState,
}

impl Xml {
    pub fn new() -> Self {
        Self { state: XmlState::Root }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'&' => return entity(scan),
            b'<' => {}
            _ => return scan.emit("", scan.run(0, |byte| !matches!(byte, b'<' | b'&'))),
        }
        let line = scan.ahead(scan.line(0));
        let within = |opening: &str, end: &str| {
            let inside = line.strip_prefix(opening)?;
            Some(opening.len() + inside.find(end)? + end.len())
        };
        if let Some(length) = within("<![CDATA[", "]]>") {
            return scan.emit("cp", length);
        }
        if scan.starts("<!--") {
            self.state = XmlState::Comment;
            return scan.emit("c", 4);
        }
        if let Some(length) = within("<?", "?>") {
            return scan.emit("cp", length);
        }
        if scan.starts("<!")
            && let Some(length) = scan.through(2, ">")
        {
            return scan.emit("cp", length);
        }
        let open = scan.spaces(1);
        let end = name(scan, open, ":_");
        if end > open {
            self.state = XmlState::Tag;
            return scan.emit("nt", end);
        }
        let close = scan.spaces(open + 1);
        let end = name(scan, close, ":_");
        let after = scan.spaces(end);
        let closes = scan.byte(open) == b'/' && end > close && scan.byte(after) == b'>';
        closes && scan.emit("nt", after + 1)
    }

    fn tag(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        let end = name(scan, 0, ":_");
        let equals = scan.spaces(end);
        if end > 0 && scan.byte(equals) == b'=' {
            self.state = XmlState::Value;
            return scan.emit("na", equals + 1);
        }
        let close = scan.spaces(usize::from(scan.byte(0) == b'/'));
        if scan.byte(close) == b'>' {
            self.state = XmlState::Root;
            return scan.emit("nt", close + 1);
        }
        false
    }

    fn value(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        let quoted = match scan.byte(0) {
            b'"' => scan.through(1, "\""),
            b'\'' => scan.through(1, "'"),
            _ => None,
        };
        let length = quoted.unwrap_or_else(|| scan.run(0, |byte| byte != b'>' && !is_space(byte)));
        if length > 0 {
            self.state = XmlState::Tag;
        }
        scan.some("s", length)
    }
}

impl Rules for Xml {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.state {
            XmlState::Root => self.root(scan),
            XmlState::Comment => {
                if comment(scan) {
                    self.state = XmlState::Root;
                }
                true
            }
            XmlState::Tag => self.tag(scan),
            XmlState::Value => self.value(scan),
        }
    }
}
