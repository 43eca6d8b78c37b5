//! Markdown.

use super::markup::Html;
use super::yaml::Yaml;
use crate::markdown::highlight::scan::{Rules, Scan, is_space, run};
use crate::markdown::highlight::tokens::Tokens;
use crate::markdown::highlight::{is_rouge_language, read};

/// Longer spans of code are none.
const SPAN_MAX: usize = 8 * 1024;
/// Markdown within Markdown is read to this depth.
const DEPTH_MAX: usize = 4;
/// Longer texts over several lines are no link's.
const LINK_MAX: usize = 2 * 1024;
/// More back-ticks open no span.
const TICKS_MAX: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Link,
    Url,
    Title,
    InlineUrl,
    InlineTitle,
    /// Code whose fence has no end.
    Code,
}

pub struct Markdown {
    depth: usize,
    stack: Vec<State>,
    html: Html,
    /// Where the spaces end that were looked over last.
    solid: usize,
    /// The fence and the language of code without an end.
    open: (String, String),
    /// Whether three dashes are known to stand nowhere ahead.
    undashed: bool,
}

impl Markdown {
    pub fn new() -> Self {
        Self::within(0)
    }

    fn within(depth: usize) -> Self {
        Self {
            depth,
            stack: vec![State::Root],
            html: Html::new(),
            solid: 0,
            open: (String::new(), String::new()),
            undashed: false,
        }
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

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.front_matter(scan) {
            return true;
        }
        if scan.byte(0) == b'\\' {
            let length = scan.char_at(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
            return length > 0 && scan.emit("se", 1 + length);
        }
        let starts = scan.is_line_start();
        if starts && (heading(scan) || self.fence(scan)) {
            return true;
        }
        let quoted = indented(scan);
        if scan.some("sb", quoted) {
            return true;
        }
        if scan.byte(0) == b'`' {
            return span(scan).is_some_and(|length| scan.emit("sb", length));
        }
        starts && self.line(scan) || self.inline(scan)
    }

    /// What stands between lines of dashes is YAML.
    fn front_matter(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.undashed || !scan.starts("---") {
            return false;
        }
        let spaces = scan.spaces(3);
        let Some(break_) = scan.ahead(spaces)[3..].rfind('\n') else { return false };
        let mut at = 3 + break_ + 1;
        loop {
            if scan.starts_at(at, "---") {
                let end = scan.spaces(at + 3);
                let last = scan.ahead(end)[at + 3..].rfind('\n');
                if scan.is_end(end) || last.is_some() {
                    let end = if scan.is_end(end) { end } else { at + 4 + last.unwrap_or(0) };
                    run(&mut Yaml::new(), scan.ahead(end), scan.out);
                    scan.at += end;
                    return true;
                }
            }
            at = scan.line(at) + 1;
            if scan.is_end(at) {
                self.undashed = true;
                return false;
            }
        }
    }

    fn fence(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let indent = scan.run(0, |byte| matches!(byte, b' ' | b'\t'));
        let mark = scan.byte(indent);
        let info = scan.run(indent, |byte| byte == mark);
        let line = scan.line(info);
        if !matches!(mark, b'`' | b'~') || info < indent + 3 || scan.is_end(line) {
            return false;
        }
        let name = scan.ahead(line)[info..].trim();
        let name = name.split('?').next().unwrap_or_default().to_owned();
        let closing = format!("\n{}", scan.ahead(info));
        let code = &scan.rest()[line + 1..];
        let end = code.find(&closing);
        scan.emit("", indent);
        scan.emit("p", info - indent);
        scan.emit("nl", line + 1 - info);
        if let Some(end) = end {
            self.inner(&name, scan.ahead(end), scan.out);
            scan.at += end;
            scan.emit("", 1 + indent);
            return scan.emit("p", info - indent);
        }
        self.open = (closing[1 + indent..].to_owned(), name);
        self.stack.push(State::Code);
        true
    }

    fn code(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let indent = scan.run(0, |byte| matches!(byte, b' ' | b'\t'));
        if !scan.is_line_start() {
            return false;
        }
        if scan.starts_at(indent, &self.open.0) {
            scan.emit("", indent);
            let length = self.open.0.len();
            return self.leave(scan, "p", length);
        }
        let line = scan.line(0);
        if scan.is_end(line) {
            return false;
        }
        self.inner(&self.open.1, scan.ahead(line + 1), scan.out);
        scan.at += line + 1;
        true
    }

    /// Code within the text, in a language that its fence names.
    fn inner(&self, name: &str, code: &str, out: &mut Tokens) {
        match name {
            "" => out.push("", code),
            "markdown" | "md" | "mkd" if self.depth < DEPTH_MAX => {
                run(&mut Self::within(self.depth + 1), code, out);
            }
            "markdown" | "md" | "mkd" => out.push("", code),
            _ if !is_rouge_language(name) => out.push("sb", code),
            _ if read(name, code, out).is_none() => out.push("", code),
            _ => {}
        }
    }

    /// What a line begins with.
    fn line(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.solid <= scan.at {
            self.solid = scan.at + scan.spaces(0);
        }
        let solid = self.solid - scan.at;
        let mark = scan.byte(solid);
        if matches!(mark, b'*' | b'-')
            && let Some(length) = rule(scan, solid, mark)
        {
            return scan.emit("p", length);
        }
        if matches!(mark, b'*' | b'+' | b'-') && is_space(scan.byte(solid + 1)) {
            return scan.emit("p", solid + 1);
        }
        let digits = scan.run(solid, |byte| byte.is_ascii_digit());
        if digits > solid && scan.byte(digits) == b'.' {
            return scan.emit("p", digits + 1);
        }
        if mark == b'>' {
            return scan.emit("gt", scan.line(solid));
        }
        if mark != b'[' {
            return false;
        }
        let Some(close) = lazily(scan, solid + 1, 1, |scan, at| {
            scan.byte(at) == b']' && scan.byte(scan.spaces(at + 1)) == b':'
        }) else {
            return false;
        };
        let colon = scan.spaces(close + 1);
        scan.emit("", solid);
        scan.emit("p", 1);
        scan.emit("ss", close - solid - 1);
        scan.emit("p", 1);
        scan.emit("", colon - close - 1);
        self.stack.push(State::Title);
        self.enter(scan, "p", 1, State::Url)
    }

    fn inline(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let image = scan.first(&["![", "["]);
        if image > 0
            && let Some(close) = link_text(scan, image)
        {
            scan.emit("p", image);
            scan.emit("nv", close - image);
            return self.enter(scan, "p", 1, State::Link);
        }
        for (mark, class) in [("**", "gs"), ("__", "gs"), ("*", "ge"), ("_", "ge")] {
            if scan.starts(mark)
                && let Some(end) = lazily(scan, mark.len(), 0, |scan, at| scan.starts_at(at, mark))
            {
                return scan.emit(class, end + mark.len());
            }
        }
        match scan.byte(0) {
            b'<' => self.angle(scan),
            b'&' => {
                let word = scan.ahead(scan.run(0, |byte| !is_space(byte)));
                match word.rfind(';') {
                    Some(end) => self.html(scan, end + 1),
                    None => scan.emit("", 1),
                }
            }
            b'[' | b'\n' => scan.emit("", 1),
            _ => {
                let text = scan.run(0, |byte| !b"\\`[*\n&<".contains(&byte));
                scan.some("", text)
            }
        }
    }

    /// Links in angle brackets, and HTML.
    fn angle(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let line = scan.ahead(scan.line(0));
        let address = || {
            let at = line.find('@')?;
            let close = line.rfind('>')?;
            let inside = line.get(at + 2..close.checked_sub(1)?)?;
            inside.contains('.').then_some(close + 1)
        };
        if let Some(length) = address() {
            return scan.emit("nv", length);
        }
        let Some(end) = lazily(scan, 1, 0, |scan, at| scan.byte(at) == b'>') else {
            return scan.emit("", 1);
        };
        if scan.first(&["<http://", "<https://", "<mailto://", "<ftp://"]) > 0 {
            return scan.emit("nv", end + 1);
        }
        self.html(scan, end + 1)
    }

    fn link(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'[' => {
                if let Some(end) = lazily(scan, 1, 0, |scan, at| scan.byte(at) == b']') {
                    scan.emit("p", 1);
                    scan.emit("ss", end - 1);
                    return self.leave(scan, "p", 1);
                }
            }
            b'(' => {
                self.stack.push(State::InlineTitle);
                return self.enter(scan, "p", 1, State::InlineUrl);
            }
            b' ' | b'\t' => {
                return scan.emit("", scan.run(0, |byte| matches!(byte, b' ' | b'\t')));
            }
            _ => {}
        }
        self.leave(scan, "", 0)
    }

    fn url(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let blanks = scan.run(0, |byte| matches!(byte, b' ' | b'\t'));
        if scan.some("", blanks) {
            return true;
        }
        if scan.byte(0) == b'<'
            && let Some(end) = lazily(scan, 1, 0, |scan, at| scan.byte(at) == b'>')
        {
            scan.emit("nt", 1);
            scan.emit("sx", end - 1);
            return self.leave(scan, "nt", 1);
        }
        let length = scan.run(0, |byte| !is_space(byte));
        length > 0 && self.leave(scan, "sx", length)
    }

    fn title(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let close = match scan.byte(0) {
            b'"' => b'"',
            b'\'' => b'\'',
            b'(' => b')',
            byte => {
                let spaces = scan.spaces(0);
                if spaces > 0 && b"\"'()".contains(&scan.byte(spaces)) && !scan.is_end(spaces) {
                    return scan.emit("", spaces);
                }
                return byte != b')' && self.leave(scan, "", 0);
            }
        };
        let end = lazily(scan, 1, 0, |scan, at| scan.byte(at) == close);
        end.is_some_and(|end| scan.emit("nn", end + 1))
    }
}

/// The first place from one ahead that fits, over at least so many characters of the line;
/// back-slashes guard characters.
fn lazily(
    scan: &Scan<'_, '_>,
    from: usize,
    least: usize,
    fits: impl Fn(&Scan<'_, '_>, usize) -> bool,
) -> Option<usize> {
    let mut at = from;
    let mut count = 0;
    loop {
        if count >= least && fits(scan, at) {
            return Some(at);
        }
        at += match scan.char_at(at)? {
            '\n' => return None,
            '\\' => 1 + scan.char_at(at + 1).filter(|c| *c != '\n')?.len_utf8(),
            c => c.len_utf8(),
        };
        count += 1;
    }
}

fn heading(scan: &mut Scan<'_, '_>) -> bool {
    let end = scan.line(0);
    let line = scan.ahead(end);
    let is_text = |byte: u8| byte == b' ' || !is_space(byte);
    if end > 0 && line.bytes().all(is_text) {
        for (mark, class) in [(b'-', "gh"), (b'=', "gu")] {
            let under = scan.run(end + 1, |byte| byte == mark);
            if under > end + 2 && scan.byte(under) == b'\n' {
                return scan.emit(class, under + 1);
            }
        }
    }
    if !line.starts_with('#') {
        return false;
    }
    let first = scan.byte(1) != b'#' && !scan.is_end(1);
    scan.emit(if first { "gh" } else { "gu" }, end)
}

/// The length of indented lines behind an empty one.
fn indented(scan: &Scan<'_, '_>) -> usize {
    if !scan.starts("\n\n") {
        return 0;
    }
    let mut at = 2;
    loop {
        let deep = scan.first_at(at, &["    ", "\t", "\n"]);
        let end = scan.line(at);
        if deep == 0 || scan.is_end(end) {
            return if at > 2 { at } else { 0 };
        }
        at = end + 1;
    }
}

/// The length of a span of code.
fn span(scan: &Scan<'_, '_>) -> Option<usize> {
    let ticks = scan.run(0, |byte| byte == b'`').min(TICKS_MAX);
    (1..=ticks).rev().find_map(|count| {
        let mut at = count;
        while at < SPAN_MAX {
            at += match scan.char_at(at)? {
                '\\' => 1 + scan.char_at(at + 1).filter(|c| *c != '\n')?.len_utf8(),
                c => c.len_utf8(),
            };
            if scan.run(at, |byte| byte == b'`') >= at + count {
                return Some(at + count);
            }
        }
        None
    })
}

/// The length of a line across the page: three marks or more, and spaces.
fn rule(scan: &Scan<'_, '_>, from: usize, mark: u8) -> Option<usize> {
    let mut at = from;
    let mut count = 0;
    let mut found = None;
    while scan.byte(at) == mark {
        count += 1;
        let spaces = scan.spaces(at + 1);
        let last = scan.ahead(spaces)[at + 1..].rfind('\n');
        if count >= 3 && scan.is_end(spaces) {
            found = Some(spaces);
        } else if count >= 3
            && let Some(last) = last
        {
            found = Some(at + 1 + last);
        }
        at = spaces;
    }
    found
}

/// The end of a link's text, behind which its destination follows.
fn link_text(scan: &Scan<'_, '_>, from: usize) -> Option<usize> {
    let closes = |scan: &Scan<'_, '_>, at: usize| {
        scan.byte(at) == b']' && matches!(scan.byte(at + 1), b'[' | b'(')
    };
    lazily(scan, from, 0, closes).or_else(|| {
        let rest = &scan.rest().as_bytes()[from..];
        let close = from + rest.iter().take(LINK_MAX).position(|&byte| byte == b']')?;
        closes(scan, close).then_some(close)
    })
}

impl Rules for Markdown {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Link => self.link(scan),
            State::Url => self.url(scan),
            State::Title => self.title(scan),
            State::InlineUrl => {
                let length = scan.run(0, |byte| !matches!(byte, b'<' | b')') && !is_space(byte));
                if length > 0 {
                    return self.leave(scan, "sx", length);
                }
                let spaces = scan.spaces(0);
                scan.some("", spaces) || self.url(scan)
            }
            State::InlineTitle => {
                if scan.byte(0) == b')' {
                    return self.leave(scan, "p", 1);
                }
                self.title(scan)
            }
            State::Code => self.code(scan),
        }
    }
}
