//! Pages of JSP: HTML with Java in it.

use super::java::Java;
use super::markup::Html;
use crate::markdown::highlight::scan::{Rules, Scan, is_space, run};

const DIRECTIVES: &[&str] = &["page", "include", "taglib"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Comment,
    /// The attributes of `<%@ …`, of `<jsp:directive.…` and of a tag.
    Attributes(&'static str),
    Tag,
    /// Java in a tag.
    Element,
    /// Java in `<% … %>`.
    Code,
    Value,
    Quoted(u8),
    Interpolated,
    Literal,
}

pub struct Jsp {
    stack: Vec<State>,
    html: Html,
    java: Java,
}

impl Jsp {
    pub fn new() -> Self {
        Self { stack: vec![State::Root], html: Html::new(), java: Java::new() }
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

    fn html(&mut self, scan: &mut Scan<'_, '_>, length: usize) -> bool {
        run(&mut self.html, scan.ahead(length), scan.out);
        scan.at += length;
        true
    }

    fn java(&mut self, scan: &mut Scan<'_, '_>, length: usize) -> bool {
        self.java.turn();
        run(&mut self.java, scan.ahead(length), scan.out);
        scan.at += length;
        length > 0
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("<%--") {
            return self.enter(scan, "c", 4, State::Comment);
        }
        let word = scan.spaces(3);
        if scan.starts("<%@")
            && let Some(name) = DIRECTIVES.iter().find(|name| scan.starts_at(word, name))
        {
            let end = scan.spaces(word + name.len());
            return self.enter(scan, "nt", end, State::Attributes("%>"));
        }
        if let Some(rest) = scan.rest().strip_prefix("<jsp:directive.")
            && let Some(name) = DIRECTIVES.iter().find(|name| rest.starts_with(**name))
        {
            let end = "<jsp:directive.".len() + name.len();
            return self.enter(scan, "nt", end, State::Attributes("/>"));
        }
        let opening = scan.first(&["<jsp:scriptlet>", "<jsp:declaration>", "<jsp:expression>"]);
        if opening > 0 {
            return self.enter(scan, "nt", opening, State::Element);
        }
        if scan.byte(0) == b'<' {
            let close = scan.byte(1) == b'/';
            let colon = scan.run(1 + usize::from(close), |byte| byte.is_ascii_alphabetic());
            if scan.byte(colon) == b':' {
                let end = scan.run(colon + 1, |byte| byte.is_ascii_alphabetic());
                if !close {
                    return self.enter(scan, "nt", scan.spaces(end), State::Tag);
                }
                if scan.byte(end) == b'>' {
                    return scan.emit("nt", end + 1);
                }
            }
            if scan.byte(1) == b'%' {
                let length = 2 + usize::from(matches!(scan.byte(2), b'!' | b'='));
                return self.enter(scan, "nt", length, State::Code);
            }
        }
        self.html(scan, next_tag(scan))
    }

    /// An attribute's name and equals sign.
    fn attribute(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let start = scan.spaces(0);
        let fits = |byte: u8| matches!(byte, b'_' | b':' | b'-') || byte.is_ascii_alphanumeric();
        let end = scan.run(start, fits);
        let equals = scan.spaces(end);
        let is_name = end > start && scan.byte(equals) == b'=';
        is_name && self.enter(scan, "na", scan.spaces(equals + 1), State::Value)
    }

    fn quoted(&mut self, scan: &mut Scan<'_, '_>, quote: u8) -> bool {
        if scan.byte(0) == quote {
            return self.leave(scan, "s", 1);
        }
        if scan.starts("${") {
            return self.enter(scan, "si", 2, State::Interpolated);
        }
        scan.emit("s", scan.run(0, |byte| byte != quote))
    }
}

/// The distance to the next tag that isn't HTML's.
fn next_tag(scan: &Scan<'_, '_>) -> usize {
    let mut at = 1;
    loop {
        at = scan.run(at, |byte| byte != b'<');
        let slash = usize::from(scan.byte(at + 1) == b'/');
        let colon = scan.run(at + 1 + slash, |byte| byte.is_ascii_alphabetic());
        if scan.is_end(at) || scan.byte(at + 1) == b'%' || scan.byte(colon) == b':' {
            return at;
        }
        at += 1;
    }
}

impl Rules for Jsp {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Comment => {
                if scan.starts("--%>") {
                    return self.leave(scan, "c", 4);
                }
                let end = scan.find(0, "--%>").unwrap_or(scan.rest().len());
                scan.emit("c", end)
            }
            State::Attributes(end) => {
                if scan.starts(end) {
                    return self.leave(scan, "nt", end.len());
                }
                if self.attribute(scan) {
                    return true;
                }
                let skipped = scan.char_at(0).map_or(1, char::len_utf8);
                scan.find(skipped, end).is_some_and(|length| self.html(scan, length))
            }
            State::Tag => {
                let close = scan.first(&["/>", ">"]);
                if close > 0 {
                    return self.leave(scan, "nt", close);
                }
                if self.attribute(scan) {
                    return true;
                }
                let skipped = scan.char_at(0).map_or(1, char::len_utf8);
                let Some(end) = scan.find(skipped, ">") else { return false };
                let slash = end > skipped && scan.byte(end - 1) == b'/';
                self.html(scan, end - usize::from(slash))
            }
            State::Element => {
                let ends = ["</jsp:scriptlet>", "</jsp:declaration>", "</jsp:expression>"];
                let end = scan.first(&ends);
                if end > 0 {
                    return self.leave(scan, "nt", end);
                }
                let length = scan.run(0, |byte| !matches!(byte, b'<' | b'/'));
                self.attribute(scan) || self.java(scan, length)
            }
            State::Code => {
                if scan.starts("%>") {
                    return self.leave(scan, "nt", 2);
                }
                let length = scan.run(0, |byte| !matches!(byte, b'%' | b'>'));
                self.java(scan, length)
            }
            State::Value => match scan.byte(0) {
                quote @ (b'"' | b'\'') => {
                    self.stack.pop();
                    self.enter(scan, "s", 1, State::Quoted(quote))
                }
                _ => {
                    let length = scan.run(0, |byte| byte != b'>' && !is_space(byte));
                    length > 0 && self.leave(scan, "s", length)
                }
            },
            State::Quoted(quote) => self.quoted(scan, quote),
            State::Interpolated => match scan.byte(0) {
                b'}' => self.leave(scan, "si", 1),
                b'\'' => self.enter(scan, "l", 1, State::Literal),
                _ => {
                    let length = scan.run(0, |byte| !matches!(byte, b'\'' | b'}'));
                    self.java(scan, length)
                }
            },
            State::Literal => match scan.byte(0) {
                b'\'' => self.leave(scan, "l", 1),
                _ => scan.emit("l", scan.run(0, |byte| byte != b'\'')),
            },
        }
    }
}
