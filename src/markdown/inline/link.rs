//! Links, images, autolinks and references to footnotes.

use std::ops::Range;

use super::{Kind, Level, Parser, Parsers, Span, Stop};
use crate::markdown::block::reference::normalise;
use crate::markdown::mark;
use crate::markdown::text::{byte, identifier_end, is_space, is_space_char, skip_space};
use crate::markdown::tree::{AttributeList, Attributes};

/// The longest name of a reference link.
const MAX_NAME: usize = 1000;
/// The longest destination in brackets.
const MAX_DESTINATION: usize = 65_536;
/// The longest address in angle brackets.
const MAX_AUTOLINK: usize = 4096;

/// Where a link leads.
struct Target {
    destination: String,
    range: Range<usize>,
    title: Option<String>,
    attributes: Attributes,
}

/// Removes the backslashes of escapes (the shorter list that kramdown has here).
fn unescape(text: &str) -> String {
    const ESCAPABLE: &str = "\\.*_+`<>()[]{}#!:|\"'$=-";
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && ESCAPABLE.contains(next) => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

impl<'t> Parser<'t> {
    /// `[^name]`, if there is such a footnote.
    pub(super) fn footnote(&mut self, spans: &mut Vec<Span>) -> bool {
        if !self.rest().starts_with("[^") {
            return false;
        }
        let Some(end) = identifier_end(self.text, self.at + 2) else { return false };
        if byte(self.text, end) != b']' {
            return false;
        }
        let name = &self.text[self.at + 2..end];
        let length = end + 1 - self.at;
        if self.context.definitions.footnotes.contains_key(name) {
            spans.push(Span::new(Kind::Footnote(name.to_owned())));
            self.at += length;
        } else {
            self.take_text(spans, length);
        }
        true
    }

    pub(super) fn link(&mut self, spans: &mut Vec<Span>) -> bool {
        let image = self.byte(0) == b'!';
        let length = 1 + usize::from(image);
        let start = self.at;
        if self.byte(length - 1) != b'[' || matches!(self.byte(length), b'^' | 0) {
            return false;
        }
        let inside = |level: Level| self.levels.contains(&level);
        if !image && (inside(Level::Link) || inside(Level::Image)) {
            self.take_text(spans, length);
            return true;
        }
        self.at += length;
        let text_start = self.at;
        let level = if image { Level::Image } else { Level::Link };
        let mut children = Vec::new();
        let found = self.spans(&mut children, level, Some(Stop::Bracket), Parsers::All);
        let text = text_start..self.at;
        if found {
            self.at += 1;
        }
        self.looked_at = 0;
        let target = if found { self.target(text.clone()) } else { None };
        if found && target.is_none() {
            self.spend(self.looked_at / 8);
        }
        let Some(target) = target else {
            self.at = start;
            self.take_text(spans, length);
            return true;
        };
        let mut attributes = target.attributes;
        if image {
            attributes.set("src", target.destination);
            attributes.set("alt", mark::strip(&unescape(&self.text[text])));
            children.clear();
        } else {
            attributes.set("href", target.destination);
        }
        if let Some(title) = target.title {
            attributes.set("title", title);
        }
        let kind = if image { Kind::Image(target.range) } else { Kind::Link(target.range) };
        spans.push(Span { attributes, ..Span::with(kind, children) });
        true
    }

    /// What follows the text of a link.
    fn target(&mut self, text: Range<usize>) -> Option<Target> {
        let bracket = skip_space(self.text, self.at);
        if byte(self.text, bracket) == b'['
            && let Some(length) =
                self.text[bracket + 1..].bytes().take(MAX_NAME).position(|b| b == b']')
        {
            let name = bracket + 1..bracket + 1 + length;
            self.at = name.end + 1;
            return self.reference(if length == 0 { text } else { name });
        }
        if self.byte(0) != b'(' {
            return self.reference(text);
        }
        if let Some(found) = self.pointed() {
            return Some(found);
        }
        self.bare()
    }

    fn reference(&mut self, name: Range<usize>) -> Option<Target> {
        if name.len() > MAX_NAME {
            return None;
        }
        let name = normalise(&unescape(&self.text[name]));
        let definitions = self.context.definitions;
        let definition = definitions.links.get(&name)?;
        let title = definition.title.as_ref().map_or(0, String::len);
        let list = definition.list.as_ref().map_or(0, AttributeList::weight);
        if !definitions.expand(definition.destination.len() + title + list) {
            return None;
        }
        let mut attributes = Attributes::default();
        if let Some(list) = &definition.list {
            definitions.apply(list, &mut attributes);
        }
        Some(Target {
            destination: definition.destination.clone(),
            range: definition.range.clone(),
            title: definition.title.clone(),
            attributes,
        })
    }

    fn target_at(&self, range: Range<usize>, title: Option<&str>) -> Target {
        Target {
            destination: mark::strip(&self.text[range.clone()]),
            range: self.source.origin_range(range),
            title: title.map(mark::strip),
            attributes: Attributes::default(),
        }
    }

    /// `(<destination> "title")`
    fn pointed(&mut self) -> Option<Target> {
        if self.byte(1) != b'<' {
            return None;
        }
        let start = self.at + 2;
        let limit = self.text.len().min(start + MAX_DESTINATION);
        let bytes = &self.text.as_bytes()[start.min(limit)..limit];
        let stop = bytes.iter().position(|&b| b == b'>' || b == b'\n');
        self.looked_at += stop.unwrap_or(bytes.len());
        let length = stop.filter(|&stop| bytes[stop] == b'>')?;
        let end = start + length + 1;
        if byte(self.text, end) == b')' {
            self.at = end + 1;
            return Some(self.target_at(start..start + length, None));
        }
        let (title, after) = self.title(end)?;
        self.at = after;
        Some(self.target_at(start..start + length, Some(title)))
    }

    /// A title and the closing parenthesis.
    fn title(&mut self, at: usize) -> Option<(&'t str, usize)> {
        let at = skip_space(self.text, at);
        let quote = byte(self.text, at);
        if quote != b'"' && quote != b'\'' {
            return None;
        }
        let start = at + 1;
        let mut from = start + self.text[start..].chars().next()?.len_utf8();
        let limit = self.text.len().min(start + MAX_DESTINATION);
        self.looked_at += limit.saturating_sub(start);
        while from < limit {
            let found =
                from + self.text.as_bytes()[from..limit].iter().position(|&b| b == quote)?;
            let after = skip_space(self.text, found + 1);
            if byte(self.text, after) == b')' {
                return Some((&self.text[start..found], after + 1));
            }
            from = found + 1;
        }
        None
    }

    /// `(destination "title")`, where the destination may hold parentheses in pairs, and spaces.
    fn bare(&mut self) -> Option<Target> {
        let bytes = self.text.as_bytes();
        let limit = bytes.len().min(self.at + MAX_DESTINATION);
        let mut depth = 0_usize;
        let mut at = self.at;
        while at < limit {
            match bytes[at] {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        let range = self.trimmed(self.at + 1..at);
                        self.at = at + 1;
                        return Some(self.target_at(range, None));
                    }
                }
                b if is_space(b) && matches!(byte(self.text, at + 1), b'"' | b'\'') => {
                    self.looked_at += at - self.at;
                    let (title, after) = self.title(at)?;
                    let range = self.trimmed(self.at + 1..at);
                    let target = self.target_at(range, Some(title));
                    self.at = after;
                    return Some(target);
                }
                _ => {}
            }
            at += 1;
        }
        self.looked_at += at - self.at;
        None
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + text.len() - text.trim_start_matches(is_space_char).len();
        let end = range.start + text.trim_end_matches(is_space_char).len();
        start..end.max(start)
    }

    /// `<https://…>` or `<name@example.org>`
    pub(super) fn autolink(&mut self, spans: &mut Vec<Span>) -> bool {
        let Some(inner) = self.rest().strip_prefix('<') else { return false };
        let mut limit = inner.len().min(MAX_AUTOLINK);
        while !inner.is_char_boundary(limit) {
            limit -= 1;
        }
        let inner = &inner[..limit];
        let scheme = ["mailto:", "http:", "https:", "ftp:", "ftps:"]
            .iter()
            .find(|scheme| inner.starts_with(**scheme));
        let (end, href) = if let Some(scheme) = scheme {
            let skip =
                scheme.len() + inner[scheme.len()..].chars().next().map_or(0, char::len_utf8);
            let found = inner[skip..].find(['>', '\n']);
            let Some(end) = found.map(|found| skip + found) else { return false };
            if byte(inner, end) != b'>' {
                return false;
            }
            (end, inner[..end].to_owned())
        } else {
            let mail = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
            let name = inner.find(|c| !mail(c)).unwrap_or(inner.len());
            let Some(host) = inner[name..].strip_prefix('@').filter(|_| name > 0) else {
                return false;
            };
            let length = host.find(|c| !mail(c)).unwrap_or(host.len());
            if length == 0 || !host[length..].starts_with('>') {
                return false;
            }
            let end = name + 1 + length;
            (end, format!("mailto:{}", &inner[..end]))
        };
        let shown = &inner[..end];
        let shown = shown.strip_prefix("mailto:").unwrap_or(shown).to_owned();
        let range = self.source.origin_range(self.at + 1..self.at + 1 + end);
        let mut link = Span::with(Kind::Link(range), vec![Span::new(Kind::Text(shown))]);
        link.attributes.set("href", mark::strip(&href));
        spans.push(link);
        self.at += end + 2;
        true
    }
}
