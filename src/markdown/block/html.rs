//! Blocks of raw HTML, and Markdown inside them.

use super::{Container, Cursor, Parser};
use crate::markdown::mark;
use crate::markdown::tag::{self, Content, Tag};
use crate::markdown::text::{Text, byte, skip_blanks, skip_indent};
use crate::markdown::tree::{Attributes, Block, Kind, Piece};
use crate::markdown::uses;

/// What was found where a block of HTML might begin.
pub(super) enum Found {
    Nothing,
    Block,
    /// The closing tag of the container.
    End,
}

/// The HTML of a block while it is read.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    html: String,
}

impl Pieces {
    fn push(&mut self, piece: Piece) {
        if !self.html.is_empty() {
            self.done.push(Piece::Html(std::mem::take(&mut self.html)));
        }
        self.done.push(piece);
    }

    /// Begins an opening tag; the first one can get attributes from a list after the block.
    fn open(&mut self, element: &Element) {
        if self.done.is_empty() && self.html.is_empty() {
            let (name, attributes) = (element.tag.name.clone(), element.attributes.clone());
            self.done.push(Piece::Open(name, attributes));
            return;
        }
        self.html.push('<');
        self.html.push_str(&element.tag.name);
        tag::write_attributes(&mut self.html, &element.attributes);
    }

    fn finish(mut self) -> Vec<Piece> {
        if !self.html.is_empty() {
            self.done.push(Piece::Html(self.html));
        }
        self.done
    }
}

/// What is known of an element when its opening tag was read.
struct Element {
    tag: Tag,
    attributes: Attributes,
    content: Content,
}

impl Element {
    /// Reads an element's attributes; its destinations and ids are noted.
    fn read(text: &Text, tag: Tag, default: Content, parser: &mut Parser) -> Self {
        let (mut attributes, places) = tag::attributes(text.as_str(), &tag);
        let origins = places.into_iter().map(|(name, place)| (name, text.origin_range(place)));
        uses::note(&tag.name, &attributes, origins, &mut parser.links, &mut parser.anchors);
        let asked = attributes.remove("markdown");
        let asked = asked.and_then(|value| tag::content_by_attribute(&value, &tag.name));
        Self { tag, attributes, content: asked.unwrap_or(default) }
    }

    /// Whether it has content: it isn't closed by its tag, and may have some.
    fn has_content(&self) -> bool {
        !self.tag.closed && !tag::is_void(&self.tag.name)
    }

    /// Writes an element without content.
    fn write_empty(&self, pieces: &mut Pieces) {
        pieces.open(self);
        let out = &mut pieces.html;
        let short =
            (self.tag.closed && self.content == Content::Raw) || tag::is_void(&self.tag.name);
        if short {
            out.push_str(" />");
        } else {
            close(out, &self.tag.name, true);
        }
    }
}

/// Closes an element; `opening` ends its opening tag first.
fn close(out: &mut String, name: &str, opening: bool) {
    if opening {
        out.push('>');
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// The offset after white space and a line break, if nothing else is left on the line.
fn after_trailing_space(text: &str, at: usize) -> usize {
    let end = skip_blanks(text, at);
    if byte(text, end) == b'\n' { end + 1 } else { at }
}

impl Parser {
    pub(super) fn html(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> Found {
        let text = cursor.str();
        if text[cursor.at..].starts_with("<!--") {
            return self.comment(cursor, container);
        }
        let at = skip_indent(text, cursor.at);
        if byte(text, at) != b'<' {
            return Found::Nothing;
        }
        let is_span = |name: &str| tag::is_span_element(&name.to_lowercase());
        if let Some(tag) = tag::opening(text, at) {
            if is_span(&tag.name) {
                return Found::Nothing;
            }
            let list = container.pending.take();
            cursor.at = tag.end;
            let default = if self.options.parse_block_html {
                tag::content_of(&tag.name)
            } else {
                Content::Raw
            };
            let element = Element::read(cursor.text, tag, default, self);
            let mut pieces = Pieces::default();
            self.element(cursor, &element, &mut pieces);
            pieces.html.push('\n');
            let mut block = Block::new(Kind::Html(pieces.finish()));
            block.list = list;
            container.children.push(block);
            return Found::Block;
        }
        if let Some((name, end)) = tag::closing(text, at)
            && !is_span(name)
            && container.element.is_some_and(|element| element == name.to_lowercase())
        {
            cursor.at = end;
            return Found::End;
        }
        Found::Nothing
    }

    fn comment(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> Found {
        let text = cursor.str();
        if cursor.absent.comment {
            return Found::Nothing;
        }
        let Some(length) = text[cursor.at + 4..].find("-->") else {
            cursor.absent.comment = true;
            return Found::Nothing;
        };
        let end = cursor.at + 4 + length + 3;
        let html = format!("{}\n", mark::strip(&text[cursor.at..end]));
        container.children.push(Block::new(Kind::Html(vec![Piece::Html(html)])));
        cursor.at = after_trailing_space(text, end);
        Found::Block
    }

    /// Reads the content of an element whose opening tag was read, and the white space after it.
    fn element(&mut self, cursor: &mut Cursor<'_>, element: &Element, pieces: &mut Pieces) {
        let text = cursor.str();
        let name = element.tag.name.as_str();
        if element.content == Content::Blocks {
            cursor.at = after_trailing_space(text, cursor.at);
        }
        if !element.has_content() {
            element.write_empty(pieces);
            return;
        }
        if name == "script" || name == "style" {
            script(cursor, element, pieces);
            return;
        }
        match element.content {
            Content::Raw => self.raw(cursor, element, pieces),
            Content::Blocks => self.inner_blocks(cursor, element, pieces),
            Content::Spans => {
                pieces.open(element);
                pieces.html.push('>');
                let (end, after) = element_end(text, cursor.at, name);
                pieces.push(Piece::Spans(cursor.text.part(cursor.at..end)));
                close(&mut pieces.html, name, false);
                cursor.at = after;
            }
        }
        cursor.at = after_trailing_space(text, cursor.at);
    }

    fn inner_blocks(&mut self, cursor: &mut Cursor<'_>, element: &Element, pieces: &mut Pieces) {
        pieces.open(element);
        let mut children = Vec::new();
        let _closed = self.parse_blocks(cursor, &mut children, Some(&element.tag.name));
        if children.iter().all(Block::is_boundary) {
            close(&mut pieces.html, &element.tag.name, true);
            return;
        }
        pieces.html.push_str(">\n");
        pieces.push(Piece::Blocks(children));
        close(&mut pieces.html, &element.tag.name, false);
    }

    /// Reads raw content up to the closing tag of the element (kramdown's `parse_raw_html`); a
    /// closing tag that closes nothing becomes text.
    fn raw(&mut self, cursor: &mut Cursor<'_>, element: &Element, pieces: &mut Pieces) {
        let text = cursor.str();
        pieces.open(element);
        pieces.html.push('>');
        let mut open = vec![element.tag.name.clone()];
        while let Some(name) = open.last() {
            let Some(found) = text[cursor.at..].find('<') else {
                tag::write_text(&mut pieces.html, &text[cursor.at..]);
                cursor.at = text.len();
                break;
            };
            let at = cursor.at + found;
            tag::write_text(&mut pieces.html, &text[cursor.at..at]);
            if let Some(end) = verbatim_end(cursor, at) {
                pieces.html.push_str(&mark::strip(&text[at..end]));
                cursor.at = end;
            } else if let Some(tag) = tag::opening(text, at) {
                cursor.at = tag.end;
                let inner = Element::read(cursor.text, tag, Content::Raw, self);
                let plain = inner.content == Content::Raw && inner.has_content();
                if plain && !matches!(inner.tag.name.as_str(), "script" | "style") {
                    pieces.open(&inner);
                    pieces.html.push('>');
                    open.push(inner.tag.name);
                } else {
                    let before = cursor.at;
                    self.element(cursor, &inner, pieces);
                    // Inside raw content the white space after an element stays.
                    let swallowed = &text[before..cursor.at];
                    if inner.has_content() && swallowed.ends_with('\n') && !cursor.at_end() {
                        pieces.html.push('\n');
                    }
                }
            } else if let Some((closing, end)) = tag::closing(text, at) {
                if tag::closes(name, closing) {
                    close(&mut pieces.html, name, false);
                    open.pop();
                } else {
                    tag::write_text(&mut pieces.html, &text[at..end]);
                }
                cursor.at = end;
            } else {
                pieces.html.push_str("&lt;");
                cursor.at = at + 1;
            }
        }
        for name in open.iter().rev() {
            close(&mut pieces.html, name, false);
        }
    }
}

/// The end of a comment or processing instruction at an offset.
fn verbatim_end(cursor: &mut Cursor<'_>, at: usize) -> Option<usize> {
    let text = cursor.str();
    if text[at..].starts_with("<!--") && !cursor.absent.comment {
        let Some(length) = text[at + 4..].find("-->") else {
            cursor.absent.comment = true;
            return None;
        };
        return Some(at + 4 + length + 3);
    }
    if text[at..].starts_with("<?") && !cursor.absent.instruction {
        let end = text[at..].find("?>").map(|length| at + length + 2);
        cursor.absent.instruction = end.is_none();
        return end;
    }
    None
}

/// Where the content of an element ends at its closing tag, and the offset after that; the end of
/// the text if there is none.
fn element_end(text: &str, from: usize, name: &str) -> (usize, usize) {
    let mut at = from;
    while let Some(found) = text[at..].find("</") {
        at += found;
        match tag::closing(text, at) {
            Some((closing, end)) if closing.eq_ignore_ascii_case(name) => return (at, end),
            _ => at += 2,
        }
    }
    (text.len(), text.len())
}

/// Copies a script or style sheet as it is.
fn script(cursor: &mut Cursor<'_>, element: &Element, pieces: &mut Pieces) {
    let text = cursor.str();
    pieces.open(element);
    pieces.html.push('>');
    let (end, after) = element_end(text, cursor.at, &element.tag.name);
    pieces.html.push_str(&mark::strip(&text[cursor.at..end]));
    close(&mut pieces.html, &element.tag.name, false);
    cursor.at = after;
}
