//! kramdown's block structure: a text is read line by line with kramdown's own rules (GFM input),
//! in its order of trying them.

pub(crate) mod code;
mod definition;
pub(crate) mod extension;
mod html;
mod list;
mod paragraph;
pub(crate) mod reference;
mod remark;
mod table;

use crate::diagnostic::Diagnostic;
use crate::markdown::text::{Text, blank_lines};
use crate::markdown::tree::{
    AttributeList, Block, Boundary, Definitions, Document, Kind, LinkDefinition,
};
use std::ops::Range;

use crate::markdown::{Fence, LinkUse, Options};

/// How deep blocks may be nested. What lies deeper is text of a paragraph; a real post needs less
/// than ten levels.
const MAX_DEPTH: usize = 64;

/// Parses the blocks of a text and collects its definitions.
pub fn parse(text: &Text, options: &Options) -> Document {
    let mut parser = Parser {
        definitions: Definitions::default(),
        options: options.clone(),
        depth: 0,
        links: Vec::new(),
        anchors: Vec::new(),
        fences: Vec::new(),
        remarks: Vec::new(),
    };
    for (name, (destination, title)) in &options.link_defs {
        let (destination, title) = (destination.clone(), title.clone());
        let definition = LinkDefinition { destination, title, ..LinkDefinition::default() };
        parser.define_link(reference::normalise(name), definition);
    }
    let mut blocks = Vec::new();
    parser.parse_text(text, &mut blocks);
    Document {
        length: text.len(),
        blocks,
        definitions: parser.definitions,
        options: parser.options,
        links: parser.links,
        anchors: parser.anchors,
        fences: parser.fences,
        remarks: parser.remarks,
    }
}

/// The parser of one document.
struct Parser {
    definitions: Definitions,
    options: Options,
    depth: usize,
    /// Destinations in raw HTML.
    links: Vec<LinkUse>,
    /// Ids in raw HTML.
    anchors: Vec<String>,
    fences: Vec<Fence>,
    remarks: Vec<(Range<usize>, Diagnostic)>,
}

/// Where a parser stands in the text of a container.
struct Cursor<'t> {
    text: &'t Text,
    at: usize,
    /// The offset before which no search for the end of a fence, comment or formula needs to be
    /// tried again: it found nothing.
    absent: Absent<'t>,
}

/// Searches that ran to the end of the text and found nothing, so that many openers without an
/// end cost one search instead of one each.
#[derive(Default)]
struct Absent<'t> {
    fences: Vec<&'t str>,
    comment: bool,
    formula: bool,
    instruction: bool,
    extensions: Vec<String>,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t Text) -> Self {
        Self { text, at: 0, absent: Absent::default() }
    }

    fn str(&self) -> &'t str {
        self.text.as_str()
    }

    fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }
}

/// The blocks of a container while they are parsed.
struct Container<'a> {
    children: &'a mut Vec<Block>,
    /// The attribute list that waits for the next block.
    pending: Option<AttributeList>,
    /// The element whose closing tag ends the container.
    element: Option<&'a str>,
}

impl Container<'_> {
    /// Adds a block; an attribute list before it is its own.
    fn push(&mut self, mut block: Block) {
        if let Some(list) = self.pending.take() {
            block.list = Some(list);
        }
        self.children.push(block);
    }

    fn push_boundary(&mut self, boundary: Boundary) {
        self.push(Block::new(Kind::Boundary(boundary)));
    }

    /// Whether the last block is at its end, so that any block may begin.
    fn after_boundary(&self) -> bool {
        if self.pending.is_some() {
            return true;
        }
        self.children.last().is_none_or(|last| {
            matches!(last.kind, Kind::Blank(_) | Kind::Boundary(Boundary::Marker))
        })
    }
}

impl Parser {
    /// Parses a whole text into the children of a container.
    fn parse_text(&mut self, text: &Text, children: &mut Vec<Block>) {
        let mut cursor = Cursor::new(text);
        self.parse_blocks(&mut cursor, children, None);
    }

    /// Parses blocks up to the end of the text or the closing tag of `element`; whether the latter
    /// was found.
    fn parse_blocks(
        &mut self,
        cursor: &mut Cursor<'_>,
        children: &mut Vec<Block>,
        element: Option<&str>,
    ) -> bool {
        let mut container = Container { children, pending: None, element };
        self.depth += 1;
        let mut closed = false;
        while !cursor.at_end() && !closed {
            if self.depth > MAX_DEPTH {
                self.rest_as_paragraph(cursor, &mut container);
                break;
            }
            closed = self.parse_block(cursor, &mut container);
        }
        self.depth -= 1;
        closed
    }

    /// Parses one block; whether it was the closing tag of the container.
    fn parse_block(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        if self.blank(cursor, container)
            || self.indented_code(cursor, container)
            || self.fenced_code(cursor, container)
            || self.quote(cursor, container)
            || self.heading(cursor, container)
            || self.rule(cursor, container)
            || self.list(cursor, container)
            || self.definition_list(cursor, container)
        {
            return false;
        }
        match self.html(cursor, container) {
            html::Found::Block => return false,
            html::Found::End => return true,
            html::Found::Nothing => {}
        }
        let _parsed = self.underlined_heading(cursor, container)
            || self.formula(cursor, container)
            || self.table(cursor, container)
            || self.footnote_definition(cursor, container)
            || self.link_definition(cursor, container)
            || self.abbreviation_definition(cursor, container)
            || self.extension(cursor, container)
            || self.end_marker(cursor, container)
            || self.paragraph(cursor, container);
        false
    }

    fn blank(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        let Some(end) = blank_lines(cursor.str(), cursor.at) else { return false };
        let single = &cursor.str()[cursor.at..end] == "\n";
        cursor.at = end;
        match container.children.last_mut() {
            Some(Block { kind: Kind::Blank(exact), .. }) => *exact = false,
            _ => container.push(Block::new(Kind::Blank(single))),
        }
        true
    }

    fn rest_as_paragraph(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) {
        let mut text = cursor.text.part(cursor.at..cursor.text.len()).trimmed_start();
        text.trim_end();
        cursor.at = cursor.text.len();
        if !text.is_empty() {
            container.push(Block::leaf(Kind::Paragraph { transparent: false }, text));
        }
    }

    /// Defines a link; a later definition of one name replaces an earlier one.
    fn define_link(&mut self, name: String, definition: LinkDefinition) {
        self.definitions.links.insert(name, definition);
    }
}
