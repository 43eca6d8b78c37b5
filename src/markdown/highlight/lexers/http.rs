//! HTTP messages: a line, headers, and a body in the language that `Content-Type` says.

use crate::markdown::highlight::scan::{Rules, Scan};

const METHODS: [&str; 8] = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "PATCH"];

/// The languages of bodies.
const BODIES: [(&str, &str); 9] = [
    ("application/javascript", "javascript"),
    ("application/json", "json"),
    ("application/xhtml+xml", "html"),
    ("application/xml", "xml"),
    ("text/css", "css"),
    ("text/html", "html"),
    ("text/javascript", "javascript"),
    ("text/x-yaml", "yaml"),
    ("text/xml", "xml"),
];

#[derive(Clone, Copy)]
enum State {
    Root,
    Headers,
    Content,
}

pub struct Http {
    state: State,
    language: Option<&'static str>,
}

impl Http {
    pub fn new() -> Self {
        Self { state: State::Root, language: None }
    }

    /// `GET /path HTTP/1.1`
    fn request(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let Some(method) = METHODS.iter().find(|method| scan.starts(method)) else { return false };
        let path = scan.run(method.len(), |byte| byte == b' ');
        let path_end = scan.run(path, |byte| byte != b' ');
        let protocol = scan.run(path_end, |byte| byte == b' ');
        let Some((name, version)) = version(scan, protocol, false) else { return false };
        let Some(end) = line_end(scan, version) else { return false };
        if path == method.len() || path_end == path || protocol == path_end {
            return false;
        }
        scan.emit("nf", method.len());
        scan.emit("", path - method.len());
        scan.emit("nn", path_end - path);
        scan.emit("", protocol - path_end);
        scan.emit("k", name - protocol);
        scan.emit("o", 1);
        scan.emit("m", version - name - 1);
        scan.emit("", end - version);
        self.state = State::Headers;
        true
    }

    /// `HTTP/1.1 404 Not Found`
    fn response(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let Some((name, version)) = version(scan, 0, true) else { return false };
        let status = scan.run(version, |byte| byte == b' ');
        let status_end = scan.run(status, |byte| byte.is_ascii_digit()).min(status + 3);
        if status == version || status_end != status + 3 {
            return false;
        }
        let message = scan.run(status_end, |byte| byte == b' ');
        let message_end = scan.run(message, |byte| byte != b'\r' && byte != b'\n');
        let Some(end) = line_end(scan, message_end) else { return false };
        scan.emit("k", name);
        scan.emit("o", 1);
        scan.emit("m", version - name - 1);
        scan.emit("", status - version);
        scan.emit("m", 3);
        scan.emit("", message - status_end);
        scan.emit("ne", message_end - message);
        scan.emit("", end - message_end);
        self.state = State::Headers;
        true
    }

    fn header(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let text = scan.run(0, |byte| byte != b'\r' && byte != b'\n');
        let Some(end) = line_end(scan, text) else { return false };
        if text == 0 {
            self.state = State::Content;
            return scan.some("", end);
        }
        let key = scan.run(0, |byte| !byte.is_ascii_whitespace() && byte != b':');
        let colon = scan.run(key, |byte| byte == b' ');
        let value = scan.run(colon + 1, |byte| byte == b' ');
        if key == 0 || scan.byte(colon) != b':' || value >= text {
            scan.emit("s", text);
            return scan.emit("", end - text);
        }
        if scan.ahead(key).eq_ignore_ascii_case("content-type") {
            let kind = &scan.ahead(text)[value..];
            let kind = kind.split(';').next().unwrap_or(kind).to_ascii_lowercase();
            self.language = BODIES.iter().find(|(name, _)| *name == kind).map(|(_, body)| *body);
        }
        scan.emit("na", key);
        scan.emit("", colon - key);
        scan.emit("p", 1);
        scan.emit("", value - colon - 1);
        scan.emit("s", text - value);
        scan.emit("", end - text)
    }

    fn content(&self, scan: &mut Scan<'_, '_>) -> bool {
        let rest = scan.rest();
        let read = self.language.is_some_and(|language| super::lex(language, rest, scan.out));
        if read {
            scan.at = scan.text.len();
            return true;
        }
        scan.emit("", rest.len())
    }
}

/// The ends of `HTTP` and of the version behind it. A response's has a point in it.
fn version(scan: &Scan<'_, '_>, from: usize, point: bool) -> Option<(usize, usize)> {
    let name = ["HTTPS", "HTTP"].into_iter().find(|name| scan.starts_at(from, name))?;
    let slash = from + name.len();
    let is_digit = |ahead: usize| scan.byte(ahead).is_ascii_digit();
    if scan.byte(slash) != b'/' || !is_digit(slash + 1) {
        return None;
    }
    let has_point = scan.byte(slash + 2) == b'.' && is_digit(slash + 3);
    (has_point || !point).then_some((slash, if has_point { slash + 4 } else { slash + 2 }))
}

/// Where the next line begins, if this one ends there.
fn line_end(scan: &Scan<'_, '_>, at: usize) -> Option<usize> {
    let line = at + usize::from(scan.byte(at) == b'\r' && scan.byte(at + 1) == b'\n');
    scan.is_line_end(line).then(|| line + usize::from(!scan.is_end(line)))
}

impl Rules for Http {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.state {
            State::Root => self.request(scan) || self.response(scan),
            State::Headers => self.header(scan),
            State::Content => self.content(scan),
        }
    }
}
