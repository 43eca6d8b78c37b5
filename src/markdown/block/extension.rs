//! kramdown's attribute lists and extensions: `{: .class #id key="value"}`, `{:name: …}`,
//! `{::options … /}`, `{::comment}`, `{::nomarkdown}`.

use super::{Container, Cursor, Parser};
use crate::markdown::mark;
use crate::markdown::text::{
    blank_to_end, byte, identifier_end, is_space, line_end, skip_indent, skip_space,
};
use crate::markdown::tree::{AttributeList, Block, Boundary, Document, Kind, Piece};

/// The longest attribute list that is looked for.
pub(crate) const MAX_LIST: usize = 4096;

/// The offset of the brace that closes a list whose content begins at `at`; the content isn't
/// empty.
pub(crate) fn closing_brace(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let limit = bytes.len().min(at + MAX_LIST);
    let mut here = at;
    while here < limit {
        match bytes[here] {
            b'}' => return (here > at).then_some(here),
            b'\\' if byte(text, here + 1) == b'}' => here += 2,
            _ => here += 1,
        }
    }
    None
}

/// A block's attribute list that fills the line: its content, and the offset after the line.
pub(super) fn attribute_list_line(text: &str, at: usize) -> Option<(&str, usize)> {
    let start = skip_indent(text, at);
    if !text[start..].starts_with("{:") || matches!(byte(text, start + 2), b':' | b'/') {
        return None;
    }
    let end = closing_brace(text, start + 2)?;
    blank_to_end(text, end + 1).then(|| (&text[start + 2..end], line_end(text, end)))
}

/// Reads the content of an attribute list and adds it to `list`. What isn't understood is left
/// out, as kramdown does.
pub(crate) fn read_attributes(content: &str, list: &mut AttributeList) {
    let content = mark::strip(content);
    let content = content.as_str();
    let mut at = 0;
    let mut first = true;
    while at < content.len() {
        let start = skip_space(content, at);
        if start == at && !first {
            at = next_space(content, at);
            continue;
        }
        first = false;
        at = match entry(content, start, list) {
            Some(end) => end,
            None => next_space(content, start),
        };
    }
}

/// The next white space, at least one character on.
fn next_space(content: &str, at: usize) -> usize {
    let rest = content[at..].char_indices().skip(1);
    rest.into_iter()
        .find(|(_, c)| u8::try_from(*c).is_ok_and(is_space))
        .map_or(content.len(), |(offset, _)| at + offset)
}

/// One attribute, reference, or chain of classes and ids; the offset after it.
fn entry(content: &str, at: usize, list: &mut AttributeList) -> Option<usize> {
    let ends = |at: usize| at >= content.len() || is_space(byte(content, at));
    if let Some(end) = identifier_end(content, at) {
        if byte(content, end) == b'=' {
            return pair(content, at, end, list).filter(|&end| ends(end));
        }
        if ends(end) {
            list.references.push(content[at..end].to_owned());
            return Some(end);
        }
        return None;
    }
    let mut end = at;
    let mut found = Vec::new();
    while let mark @ (b'#' | b'.') = byte(content, end) {
        let rest = &content[end + 1..];
        let length = if mark == b'#' {
            let id = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-');
            rest.bytes().take_while(|&b| id(b)).count()
        } else {
            let stop = |c: char| c == '.' || c == '#' || u8::try_from(c).is_ok_and(is_space);
            rest.find(stop).unwrap_or(rest.len())
        };
        if length == 0 || (mark == b'#' && !rest.as_bytes()[0].is_ascii_alphabetic()) {
            break;
        }
        found.push((mark, end + 1..end + 1 + length));
        end += 1 + length;
    }
    if found.is_empty() || !ends(end) {
        return None;
    }
    for (mark, range) in found {
        match mark {
            b'#' => list.attributes.set("id", &content[range]),
            _ => list.attributes.add_class(&content[range]),
        }
    }
    Some(end)
}

/// `key="value"`, with the key at `start..equals`.
fn pair(content: &str, start: usize, equals: usize, list: &mut AttributeList) -> Option<usize> {
    let quote = byte(content, equals + 1);
    if quote != b'"' && quote != b'\'' {
        return None;
    }
    let hidden = |next: char| next == '}' || next == char::from(quote);
    let mut value = String::new();
    let mut chars = content[equals + 2..].char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|(_, next)| hidden(*next)) => {
                value.extend(chars.next().map(|(_, next)| next));
            }
            c if c == char::from(quote) => {
                list.attributes.set(&content[start..equals], value);
                return Some(equals + 2 + offset + 1);
            }
            c => value.push(c),
        }
    }
    None
}

/// An extension's opening tag.
pub(crate) struct Opening<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its options as written.
    pub options: &'t str,
    /// Whether it has no body.
    pub closed: bool,
    /// The offset after it.
    pub end: usize,
}

/// The opening tag `{::name options}` of an extension at an offset.
pub(crate) fn opening(text: &str, at: usize) -> Option<Opening<'_>> {
    if !text[at..].starts_with("{::") {
        return None;
    }
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let length = text.as_bytes()[at + 3..].iter().take_while(|b| word(b)).count();
    let name_end = at + 3 + length;
    if length == 0 {
        return None;
    }
    let close = match byte(text, name_end) {
        b'}' => name_end,
        b'/' if byte(text, name_end + 1) == b'}' => name_end + 1,
        b if is_space(b) => closing_brace(text, name_end)?,
        _ => return None,
    };
    let inner = &text[name_end..close];
    let closed = inner.ends_with('/');
    let options = inner.strip_suffix('/').unwrap_or(inner);
    Some(Opening { name: &text[at + 3..name_end], options, closed, end: close + 1 })
}

impl Parser {
    pub(super) fn extension(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        let start = skip_indent(text, cursor.at);
        if !text[start..].starts_with("{:") {
            return false;
        }
        self.list_definition(cursor, container)
            || self.block_extension(cursor, container)
            || self.block_list(cursor, container)
    }

    /// `{:name: .class}`
    fn list_definition(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        let text = cursor.str();
        let start = skip_indent(text, cursor.at) + 2;
        let Some(end) = identifier_end(text, start) else { return false };
        if byte(text, end) != b':' {
            return false;
        }
        let Some(close) = closing_brace(text, end + 1) else { return false };
        if !blank_to_end(text, close + 1) {
            return false;
        }
        let list = self.definitions.lists.entry(text[start..end].to_owned()).or_default();
        read_attributes(&text[end + 1..close], list);
        container.push_boundary(Boundary::Attributes);
        cursor.at = line_end(text, close);
        true
    }

    fn block_extension(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        let text = cursor.str();
        let Some(opening) = opening(text, skip_indent(text, cursor.at)) else { return false };
        if !blank_to_end(text, opening.end) {
            return false;
        }
        let body_start = line_end(text, opening.end);
        let mut body = None;
        let mut end = body_start;
        if !opening.closed {
            // Only names that mean something are searched for their end.
            let known = matches!(opening.name, "comment" | "nomarkdown" | "options");
            if !known || cursor.absent.extensions.iter().any(|name| name == opening.name) {
                return false;
            }
            let Some((stop, after)) = extension_end(text, body_start, opening.name) else {
                cursor.absent.extensions.push(opening.name.to_owned());
                return false;
            };
            body =
                Some(text[body_start..stop].strip_suffix('\n').unwrap_or(&text[body_start..stop]));
            end = after;
        }
        let mut list = AttributeList::default();
        read_attributes(opening.options, &mut list);
        let mut html = String::new();
        match opening.name {
            "comment" => {
                let Some(body) = body else {
                    cursor.at = end;
                    return true;
                };
                html = format!("<!-- {} -->\n", mark::strip(body));
            }
            "nomarkdown" => {
                let kinds = list.attributes.get("type").unwrap_or_default();
                if kinds.trim().is_empty() || kinds.split_whitespace().any(|kind| kind == "html") {
                    html = format!("{}\n", body.unwrap_or_default());
                }
            }
            "options" => {
                for (name, value) in list.attributes.iter() {
                    self.options.set_inline(name, value);
                }
            }
            _ => return false,
        }
        cursor.at = end;
        if opening.name == "options" {
            container.push_boundary(Boundary::Extension);
        } else {
            container.children.push(Block::new(Kind::Html(vec![Piece::Html(html)])));
        }
        true
    }

    /// An attribute list for the block before or, after a blank line, for the next one.
    fn block_list(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        let Some((content, end)) = attribute_list_line(cursor.str(), cursor.at) else {
            return false;
        };
        cursor.at = end;
        let own = |kind: &Kind| match kind {
            Kind::Blank(_) => false,
            Kind::Boundary(boundary) => matches!(
                boundary,
                Boundary::Link(_) | Boundary::Abbreviation(_) | Boundary::Footnote
            ),
            _ => true,
        };
        match container.children.last_mut() {
            Some(last) if own(&last.kind) => {
                let definitions = &mut self.definitions;
                // The boundary of a definition is not written; its list belongs to the definition.
                let own = match &last.kind {
                    Kind::Boundary(Boundary::Link(name)) => {
                        definitions.links.get_mut(name).map(|link| &mut link.list)
                    }
                    Kind::Boundary(Boundary::Abbreviation(name)) => {
                        definitions.abbreviations.get_mut(name).map(|entry| &mut entry.1)
                    }
                    _ => None,
                };
                let list = own.unwrap_or(&mut last.list);
                read_attributes(content, list.get_or_insert_default());
                if attribute_list_line(cursor.str(), cursor.at).is_none() {
                    container.push_boundary(Boundary::Attributes);
                }
            }
            _ => read_attributes(content, container.pending.get_or_insert_default()),
        }
        true
    }
}

/// Where the closing tag of a block extension begins, and the offset after its line.
fn extension_end(text: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while at < text.len() {
        let start = skip_indent(text, at);
        if let Some(rest) = text[start..].strip_prefix("{:/") {
            let rest = rest.strip_prefix(name).unwrap_or(rest);
            if let Some(rest) = rest.strip_prefix('}')
                && blank_to_end(rest, 0)
            {
                return Some((at, line_end(text, at)));
            }
        }
        at = line_end(text, at);
    }
    None
}

impl Document {
    /// Whether an attribute list turns its list into the table of contents.
    pub fn is_contents(list: Option<&AttributeList>) -> bool {
        list.is_some_and(|list| list.names("toc"))
    }
}
