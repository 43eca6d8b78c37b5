//! Raw HTML in text.

use super::{Kind, Level, Parser, Parsers, Span, Stop};
use crate::markdown::mark;
use crate::markdown::tag::{self, Content};
use crate::markdown::tree::Attributes;

impl Parser<'_> {
    /// Parses an element, a comment or a stray closing tag; `false` if the `<` is text.
    pub(super) fn html(&mut self, spans: &mut Vec<Span>, around: Parsers) -> bool {
        let rest = self.rest();
        if rest.starts_with("<!--") && !self.no_comment_end {
            let Some(length) = rest[4..].find("-->") else {
                self.no_comment_end = true;
                return false;
            };
            let comment = mark::strip(&rest[..length + 7]);
            spans.push(Span::new(Kind::Verbatim(comment)));
            self.at += length + 7;
            return true;
        }
        if let Some((_, end)) = tag::closing(self.text, self.at) {
            let length = end - self.at;
            self.take_text(spans, length);
            return true;
        }
        let Some(tag) = tag::opening(self.text, self.at) else { return false };
        if tag::is_block_element(&tag.name) {
            let length = tag.end - self.at;
            self.take_text(spans, length);
            return true;
        }
        let (found, _) = tag::attributes(self.text, &tag);
        let mut attributes = Attributes::default();
        for (name, value) in found.iter() {
            attributes.set(name, one_line(value));
        }
        let raw = tag::content_of(&tag.name) == Content::Raw;
        let in_raw = around == Parsers::Html;
        let mut parse = !raw && !in_raw && self.context.options.parse_span_html;
        match attributes.remove("markdown").as_deref() {
            Some("span") => parse = true,
            Some("1") => parse = !raw,
            Some("0") => parse = false,
            _ => {}
        }
        let range = self.source.origin_range(self.at..tag.end);
        self.at = tag.end;
        let mut element = Span::new(Kind::Html(tag.name.clone(), range));
        element.attributes = attributes;
        if !tag.closed && !tag::is_void(&tag.name) {
            self.content(&tag.name, &mut element.children, parse);
        }
        spans.push(element);
        true
    }

    /// Parses the content of an element; one without a closing tag holds the rest of the text.
    fn content(&mut self, name: &str, children: &mut Vec<Span>, parse: bool) {
        let parsers = if parse { Parsers::All } else { Parsers::Html };
        if self.spans(children, Level::Html, Some(Stop::Tag(name)), parsers) {
            if let Some((_, end)) = tag::closing(self.text, self.at) {
                self.at = end;
            }
        } else {
            let length = self.text.len() - self.at;
            self.take_text(children, length);
        }
    }
}

/// A value with its line breaks as spaces.
fn one_line(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' if out.ends_with('\n') => {}
            c => out.push(c),
        }
    }
    out.replace('\n', " ")
}
