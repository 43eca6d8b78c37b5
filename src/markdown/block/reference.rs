//! Definitions for use elsewhere: of links, footnotes and abbreviations.

use std::ops::Range;

use super::code::indented_end;
use super::{Container, Cursor, Parser};
use crate::markdown::mark;
use crate::markdown::text::{
    Text, blank_to_end, byte, identifier_end, is_space_char, line, line_end, skip_blanks,
    skip_indent,
};
use crate::markdown::tree::{Boundary, LinkDefinition};

/// The longest text that names a reference link or an abbreviation.
const MAX_NAME: usize = 1000;

/// A link's name for comparison: white space as one space, lower case.
pub(crate) fn normalise(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut in_space = false;
    for c in mark::strip(name).chars() {
        let space = is_space_char(c);
        if !space {
            out.extend(c.to_lowercase());
        } else if !in_space {
            out.push(' ');
        }
        in_space = space;
    }
    out
}

/// A title at the end of a line: in quotes, then white space.
fn title_at(text: &str, at: usize) -> Option<Range<usize>> {
    let quote = byte(text, at);
    if quote != b'"' && quote != b'\'' {
        return None;
    }
    let body = line(text, at + 1).trim_end_matches([' ', '\t']);
    let title = body.strip_suffix(char::from(quote))?;
    (!title.is_empty()).then(|| at + 1..at + 1 + title.len())
}

/// The parts of a link definition's line.
struct LinkLine {
    name: Range<usize>,
    destination: Range<usize>,
    title: Option<Range<usize>>,
    end: usize,
}

/// A title after the destination on its line or alone on the next.
fn link_title(text: &str, destination: Range<usize>) -> (Option<Range<usize>>, usize) {
    let next = line_end(text, destination.end);
    let here = skip_blanks(text, destination.end);
    if here > destination.end
        && let Some(title) = title_at(text, here)
    {
        return (Some(title), next);
    }
    if here + 1 == next && next < text.len() {
        let start = skip_blanks(text, next);
        if let Some(title) = title_at(text, start) {
            return (Some(title), line_end(text, next));
        }
    }
    (None, next)
}

/// Reads `[name]: destination "title"`.
fn link_line(text: &str, at: usize) -> Option<LinkLine> {
    let start = skip_indent(text, at);
    let full = line(text, start);
    let name_length = full.strip_prefix('[')?.find(']')?;
    if name_length == 0 || !full[name_length + 2..].starts_with(':') {
        return None;
    }
    let name = start + 1..start + 1 + name_length;
    let from = skip_blanks(text, name.end + 2);
    let rest = line(text, from).trim_end_matches([' ', '\t']);
    if let Some(close) = rest.strip_prefix('<').and_then(|rest| rest.find('>')) {
        let destination = from + 1..from + 1 + close;
        let (title, end) = link_title(text, destination.end + 1..destination.end + 1);
        if title.is_some() || blank_to_end(text, destination.end + 1) {
            return Some(LinkLine { name, destination, title, end });
        }
    }
    if rest.is_empty() {
        return None;
    }
    // The shortest destination after which a title, or nothing, ends the line.
    let quote = rest.rfind(['"', '\'']).filter(|&last| last + 1 == rest.len());
    if quote.is_some() {
        let starts = rest.match_indices(['"', '\'']).map(|(offset, _)| offset);
        for offset in starts.take(MAX_QUOTES) {
            let before = rest[..offset].trim_end_matches([' ', '\t']);
            if before.len() < offset
                && !before.is_empty()
                && let Some(title) = title_at(text, from + offset)
            {
                let destination = from..from + before.len();
                let end = line_end(text, from);
                return Some(LinkLine { name, destination, title: Some(title), end });
            }
        }
    }
    let destination = from..from + rest.len();
    let spaced_quote =
        |mark: &str| rest.contains(&format!(" {mark}")) || rest.contains(&format!("\t{mark}"));
    if spaced_quote("\"") || spaced_quote("'") {
        return None;
    }
    let (title, end) = link_title(text, destination.end..destination.end);
    Some(LinkLine { name, destination, title, end })
}

/// How many quotes of one line are tried as the beginning of a link's title.
const MAX_QUOTES: usize = 16;

impl Parser {
    pub(super) fn link_definition(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        let Some(found) = link_line(text, cursor.at) else { return false };
        let name = normalise(&text[found.name]);
        let definition = LinkDefinition {
            destination: mark::strip(&text[found.destination.clone()]),
            title: found.title.map(|title| mark::strip(&text[title])),
            list: container.pending.clone(),
            range: cursor.text.origin_range(found.destination),
        };
        container.push_boundary(Boundary::Link(name.clone()));
        self.define_link(name, definition);
        cursor.at = found.end;
        true
    }

    pub(super) fn footnote_definition(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        let start = skip_indent(text, cursor.at);
        if !text[start..].starts_with("[^") {
            return false;
        }
        let Some(end) = identifier_end(text, start + 2) else { return false };
        if !text[end..].starts_with("]:") {
            return false;
        }
        let name = text[start + 2..end].to_owned();
        let first = line_end(text, end);
        let stop = indented_end(text, first);
        let mut body = Text::default();
        let mut at = end + 2;
        while at < stop {
            let next = line_end(text, at);
            let indent = match byte(text, at) {
                b'\t' => 1,
                _ if text[at..].starts_with("    ") => 4,
                _ => 0,
            };
            body.push_part(cursor.text, at + indent..next);
            at = next;
        }
        cursor.at = stop;
        let mut blocks = Vec::new();
        self.parse_text(&body, &mut blocks);
        container.push_boundary(Boundary::Footnote);
        self.definitions.footnotes.insert(name, blocks);
        true
    }

    pub(super) fn abbreviation_definition(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        let start = skip_indent(text, cursor.at);
        let full = line(text, start);
        let Some(rest) = full.strip_prefix("*[") else { return false };
        let Some(length) = rest.find("]:").filter(|&length| length > 0 && length < MAX_NAME) else {
            return false;
        };
        let name = mark::strip(&rest[..length]);
        let title = mark::strip(rest[length + 2..].trim_matches(is_space_char));
        let list = container.pending.clone();
        container.push_boundary(Boundary::Abbreviation(name.clone()));
        self.definitions.abbreviations.insert(name, (title, list));
        cursor.at = line_end(text, start);
        true
    }
}
