//! Definition lists.

use super::list::{
    Continuation, Marker, continuation, first_line, item_list, make_transparent, marker_end,
    push_spaces,
};
use super::paragraph::end_marker;
use super::{Container, Cursor, Parser};
use crate::markdown::block::extension::read_attributes;
use crate::markdown::text::{Text, blank_lines, line_end};
use crate::markdown::tree::{AttributeList, Block, Kind};

/// A definition while its lines are collected.
struct Definition {
    block: Block,
    text: Text,
    indent: usize,
    /// Whether its first paragraph keeps its element.
    loose: bool,
}

/// Whether the blocks so far end with a paragraph that can hold the terms.
fn ends_with_terms(children: &[Block]) -> bool {
    match children {
        [.., last] if last.is_paragraph() => true,
        [.., before, Block { kind: Kind::Blank(true), .. }] => before.is_paragraph(),
        _ => false,
    }
}

/// The terms: one for each line of the paragraph.
fn terms(paragraph: &Block) -> Vec<Block> {
    let text = paragraph.text.as_str();
    let mut terms = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = line_end(text, at);
        let stop = at + text[at..end].trim_end_matches('\n').len();
        let mut start = at;
        let mut list = None;
        if let Some((content, after)) = item_list(&text[at..stop]) {
            let mut found = AttributeList::default();
            read_attributes(content, &mut found);
            list = Some(found);
            start = at + after;
        }
        let mut term = Block::leaf(Kind::Term, paragraph.text.part(start.min(stop)..stop));
        term.list = list;
        terms.push(term);
        at = end;
    }
    terms
}

impl Parser {
    pub(super) fn definition_list(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        if marker_end(cursor.str(), cursor.at, Marker::Colon, 3).is_none()
            || !ends_with_terms(container.children)
        {
            return false;
        }
        let mut list = Block::new(Kind::Definitions);
        container.pending = None;
        let mut paragraph = container.children.pop();
        let loose = paragraph.as_ref().is_some_and(Block::is_blank);
        if loose {
            paragraph = container.children.pop();
        }
        let Some(paragraph) = paragraph else { return false };
        list.children = terms(&paragraph);
        list.list = paragraph.list;
        let mut last = None;
        for definition in collect(cursor, loose) {
            let mut block = definition.block;
            self.parse_text(&definition.text, &mut block.children);
            if block.children.last().is_some_and(Block::is_blank) {
                last = block.children.pop();
            } else if !block.children.is_empty() {
                last = None;
            }
            let text_first = block.children.first().is_some_and(Block::is_paragraph);
            if text_first && !definition.loose {
                make_transparent(&mut block.children);
            }
            list.children.push(block);
        }
        append(container.children, list);
        container.children.extend(last);
        true
    }
}

/// Adds the list, to a definition list right before it if there is one.
fn append(children: &mut Vec<Block>, list: Block) {
    let is_list = |block: &Block| matches!(block.kind, Kind::Definitions);
    if let [.., before, blank] = children.as_slice()
        && blank.is_blank()
        && is_list(before)
    {
        children.pop();
    }
    match children.last_mut() {
        Some(before) if is_list(before) => before.children.extend(list.children),
        _ => children.push(list),
    }
}

/// Collects the definitions' lines.
fn collect(cursor: &mut Cursor<'_>, loose: bool) -> Vec<Definition> {
    let text = cursor.str();
    let mut definitions: Vec<Definition> = Vec::new();
    let mut most_indent = 3;
    let mut loose = loose;
    let mut after_blank = false;
    while !cursor.at_end() {
        let at = cursor.at;
        if let Some(end) = marker_end(text, at, Marker::Colon, most_indent) {
            let first = first_line(cursor.text, at, end);
            most_indent = first.indent.saturating_sub(1).min(3);
            let mut block = Block::new(Kind::Definition);
            block.list = first.list;
            let (text_of, indent) = (first.text, first.indent);
            definitions.push(Definition { block, text: text_of, indent, loose });
            loose = false;
            after_blank = false;
            cursor.at = line_end(text, end);
            continue;
        }
        let Some(definition) = definitions.last_mut().filter(|_| !end_marker(text, at)) else {
            break;
        };
        if let Some(found) = continuation(text, at, definition.indent, after_blank) {
            let (Continuation::Indented { pad, start } | Continuation::Lazy { pad, start }) = found;
            push_spaces(&mut definition.text, pad, cursor.text.origin(start));
            cursor.at = line_end(text, at);
            definition.text.push_part(cursor.text, start..cursor.at);
            loose = false;
            after_blank = false;
        } else if let Some(end) = blank_lines(text, at) {
            definition.text.push_part(cursor.text, at..end);
            cursor.at = end;
            loose = true;
            after_blank = true;
        } else {
            break;
        }
    }
    definitions
}
