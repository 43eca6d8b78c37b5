//! Lists, by kramdown's rules of indentation.

use super::paragraph::{end_marker, is_rule, never_lazy};
use super::{Container, Cursor, Parser};
use crate::markdown::block::extension::{closing_brace, read_attributes};
use crate::markdown::options::Input;
use crate::markdown::text::{
    Text, blank_lines, blank_to_end, byte, identifier_end, line_end, skip_blanks, skip_space,
};
use crate::markdown::tree::{AttributeList, Block, Kind};

/// Whether a list marker's tail follows: a space, a tab or a bar (kramdown's `PATTERN_TAIL`).
pub(super) fn tail_follows(text: &str, at: usize) -> bool {
    matches!(byte(text, at), b' ' | b'\t' | b'|')
}

/// What begins an item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Bullet,
    Number,
    Colon,
}

/// The offset after an item's marker that is indented by at most `indent` spaces.
pub(super) fn marker_end(text: &str, at: usize, marker: Marker, indent: usize) -> Option<usize> {
    let spaces = text.as_bytes()[at..].iter().take(indent).take_while(|&&b| b == b' ').count();
    let start = at + spaces;
    let end = match marker {
        Marker::Bullet => start + usize::from(matches!(byte(text, start), b'+' | b'*' | b'-')),
        Marker::Colon => start + usize::from(byte(text, start) == b':'),
        Marker::Number => {
            let digits = text.as_bytes()[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 || byte(text, start + digits) != b'.' {
                return None;
            }
            start + digits + 1
        }
    };
    (end > start && tail_follows(text, end)).then_some(end)
}

/// Whether any list begins at an offset.
pub(super) fn any_start(text: &str, at: usize) -> bool {
    marker_end(text, at, Marker::Bullet, 3).is_some()
        || marker_end(text, at, Marker::Number, 3).is_some()
}

/// An attribute list at the beginning of an item's text: its content and the offset after it.
pub(super) fn item_list(text: &str) -> Option<(&str, usize)> {
    let start = skip_space(text, 0);
    if !text[start..].starts_with("{:") || byte(text, start + 2) == b'/' {
        return None;
    }
    let name = identifier_end(text, start + 2).unwrap_or(start + 2);
    if byte(text, name) == b':' {
        return None;
    }
    let end = closing_brace(text, start + 2)?;
    Some((&text[start + 2..end], skip_space(text, end + 1)))
}

/// The first line of an item or definition.
pub(super) struct FirstLine {
    /// Its text without the marker, indentation and attribute list.
    pub text: Text,
    /// The column at which its content is indented.
    pub indent: usize,
    /// The attribute list at its beginning.
    pub list: Option<AttributeList>,
}

/// Reads the line with a marker that ends at `marker_end` (kramdown's `parse_first_list_line`).
pub(super) fn first_line(source: &Text, line_start: usize, marker_end: usize) -> FirstLine {
    let text = source.as_str();
    let end = line_end(text, marker_end);
    let tail = &text[marker_end..end];
    let mut indent = marker_end - line_start;
    let mut list = None;
    let after_list = item_list(tail).map(|(_, after)| after);
    let content_start;
    if blank_to_end(tail, after_list.unwrap_or(0).min(tail.len())) {
        indent = 4;
        content_start = marker_end + skip_space(tail, 0);
    } else {
        content_start = skip_blanks(text, marker_end);
        // A tab goes to the next column that is a multiple of four.
        for &blank in &text.as_bytes()[marker_end..content_start] {
            indent += if blank == b'\t' { 4 - indent % 4 } else { 1 };
        }
    }
    let mut start = skip_space(text, content_start).min(end);
    if let Some((content, after)) = item_list(&text[start..end]) {
        let mut found = AttributeList::default();
        read_attributes(content, &mut found);
        list = Some(found);
        start += after;
    }
    FirstLine { text: source.part(start.min(end)..end), indent, list }
}

/// How a line that goes on with an item is indented.
pub(super) enum Continuation {
    /// By the item's indentation: what follows it.
    Indented {
        /// Spaces that stand for tabs.
        pad: usize,
        /// The offset of the rest.
        start: usize,
    },
    /// Less; the whole line as it stands, after tabs became spaces.
    Lazy {
        /// Spaces that stand for tabs.
        pad: usize,
        /// The offset of the rest.
        start: usize,
    },
}

/// Whether a line begins with the tabs and spaces that an indentation asks for.
fn has_indent(text: &str, at: usize, indent: usize) -> bool {
    let bytes = &text.as_bytes()[at..];
    let steps = |wanted: usize| {
        let mut here = 0;
        for _ in 0..wanted {
            match bytes.get(here) {
                Some(b'\t') => here += 1,
                Some(b' ') if bytes[here..].starts_with(b"    ") => here += 4,
                _ => return None,
            }
        }
        Some(here)
    };
    let exact = steps(indent / 4).is_some_and(|here| {
        bytes[here..].iter().take(indent % 4).filter(|&&b| b == b' ').count() == indent % 4
            && bytes.len() >= here + indent % 4
    });
    exact || steps(indent / 4 + 1).is_some()
}

/// How the line at an offset goes on with an item, if it does.
pub(super) fn continuation(
    text: &str,
    at: usize,
    indent: usize,
    after_blank: bool,
) -> Option<Continuation> {
    if blank_to_end(text, at) {
        return None;
    }
    if !has_indent(text, at, indent) && (after_blank || blocked(text, at, indent.min(3))) {
        return None;
    }
    let tabs = text.as_bytes()[at..].iter().take_while(|&&b| b == b'\t').count();
    let spaces = text.as_bytes()[at + tabs..].iter().take_while(|&&b| b == b' ').count();
    let start = at + tabs;
    let pad = tabs * 4;
    if pad + spaces < indent {
        return Some(Continuation::Lazy { pad, start });
    }
    let from_pad = pad.min(indent);
    Some(Continuation::Indented { pad: pad - from_pad, start: start + indent - from_pad })
}

/// Whether a tag or attribute list keeps a line from being lazy, indented by at most `most`.
fn blocked(text: &str, at: usize, most: usize) -> bool {
    let spaces = text.as_bytes()[at..].iter().take_while(|&&b| b == b' ').count();
    spaces <= most && never_lazy(text, at)
}

/// Spaces, for the indentation that tabs stand for.
pub(super) fn push_spaces(out: &mut Text, count: usize, origin: usize) {
    const SPACES: &str = "                                                                ";
    let mut left = count;
    while left > 0 {
        let piece = left.min(SPACES.len());
        out.push(&SPACES[..piece], origin);
        left -= piece;
    }
}

/// An item while its lines are collected.
struct Item {
    block: Block,
    /// The text, cut where a nested list begins without a blank line.
    parts: Vec<Text>,
    indent: usize,
}

impl Parser {
    pub(super) fn list(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        let text = cursor.str();
        let marker = if marker_end(text, cursor.at, Marker::Bullet, 3).is_some() {
            Marker::Bullet
        } else if marker_end(text, cursor.at, Marker::Number, 3).is_some() {
            Marker::Number
        } else {
            return false;
        };
        let mut list = Block::new(Kind::List(marker == Marker::Number));
        list.list = container.pending.take();
        let (items, ended) = self.collect_items(cursor, marker);
        for item in items {
            let mut block = item.block;
            for part in &item.parts {
                self.parse_text(part, &mut block.children);
            }
            list.children.push(block);
        }
        let last = mark_transparent(&mut list.children, ended);
        if self.options.input == Input::Gfm {
            mark_tasks(&mut list);
        }
        container.push(list);
        if let Some(blank) = last
            && !ended
        {
            container.children.push(blank);
        }
        true
    }

    /// Collects the items' lines; whether an end-of-block marker ended the list.
    fn collect_items(&mut self, cursor: &mut Cursor<'_>, marker: Marker) -> (Vec<Item>, bool) {
        let text = cursor.str();
        let mut items: Vec<Item> = Vec::new();
        let mut most_indent = 3;
        let mut nested = false;
        let mut after_blank = false;
        while !cursor.at_end() {
            let at = cursor.at;
            if after_blank && is_rule(text, at) {
                break;
            }
            if end_marker(text, at) {
                cursor.at = line_end(text, at);
                return (items, true);
            }
            if let Some(end) = marker_end(text, at, marker, most_indent) {
                let first = first_line(cursor.text, at, end);
                most_indent = first.indent.saturating_sub(1).min(3);
                nested = any_start(first.text.as_str(), 0);
                after_blank = false;
                let mut block = Block::new(Kind::Item);
                block.list = first.list;
                items.push(Item { block, parts: vec![first.text], indent: first.indent });
                cursor.at = line_end(text, end);
                continue;
            }
            let Some(item) = items.last_mut() else { break };
            if let Some(found) = continuation(text, at, item.indent, after_blank) {
                nested = item.add_line(cursor, found, nested);
                after_blank = false;
            } else if let Some(end) = blank_lines(text, at) {
                nested = true;
                after_blank = true;
                item.add(cursor.text, at..end);
                cursor.at = end;
            } else {
                break;
            }
        }
        (items, false)
    }
}

impl Item {
    fn add(&mut self, source: &Text, range: std::ops::Range<usize>) {
        if let Some(part) = self.parts.last_mut() {
            part.push_part(source, range);
        }
    }

    /// Adds a line; whether a nested list was found by now.
    fn add_line(&mut self, cursor: &mut Cursor<'_>, found: Continuation, nested: bool) -> bool {
        let text = cursor.str();
        let end = line_end(text, cursor.at);
        let (pad, start, indented) = match found {
            Continuation::Indented { pad, start } => (pad, start, true),
            Continuation::Lazy { pad, start } => (pad, start, false),
        };
        cursor.at = end;
        let starts_list = pad <= 3 && list_after_pad(text, start, pad);
        let mut extra = 0;
        let mut nested = nested;
        if starts_list && !nested && indented {
            self.parts.push(Text::default());
            nested = true;
        } else if starts_list && nested && !indented {
            extra = self.indent + 4;
        }
        if let Some(part) = self.parts.last_mut() {
            push_spaces(part, pad + extra, cursor.text.origin(start));
            part.push_part(cursor.text, start..end);
        }
        nested
    }
}

/// Whether a list begins after spaces that stand for tabs.
fn list_after_pad(text: &str, start: usize, pad: usize) -> bool {
    marker_end(text, start, Marker::Bullet, 3 - pad).is_some()
        || marker_end(text, start, Marker::Number, 3 - pad).is_some()
}

/// Decides item by item whether the first paragraph is written without its element, and takes the
/// blank lines off the last item.
fn mark_transparent(items: &mut [Block], ended: bool) -> Option<Block> {
    let count = items.len();
    let mut last = None;
    // Whether an item before has no paragraph of its own at its beginning.
    let mut earlier = false;
    for (index, item) in items.iter_mut().enumerate() {
        let children = &mut item.children;
        if children.is_empty() {
            earlier = true;
            continue;
        }
        if children.len() >= 2
            && children[0].is_paragraph()
            && children[0].list.is_some()
            && matches!(children[1].kind, Kind::Boundary(_))
        {
            children.remove(1);
        }
        let is_last = index + 1 == count;
        let blank_second = children.get(1).is_some_and(Block::is_blank);
        let tight = !blank_second || (is_last && children.len() == 2 && !ended);
        if children[0].is_paragraph() && tight && (!is_last || count == 1 || earlier) {
            make_transparent(children);
        }
        earlier |= !children[0].is_paragraph() || children[0].is_transparent();
        last = match children.last() {
            Some(child) if child.is_blank() => children.pop(),
            _ => None,
        };
    }
    last
}

/// Leaves the element of the first paragraph out; what follows it begins on a line of its own.
pub(super) fn make_transparent(children: &mut [Block]) {
    let more = children.get(1).is_some_and(|next| !next.is_blank());
    if let Some(first) = children.first_mut() {
        first.kind = Kind::Paragraph { transparent: true };
        if more {
            let end = first.text.origin(first.text.len().max(1) - 1) + 1;
            first.text.push("\n", end);
        }
    }
}

/// Turns `[ ]` and `[x]` at the beginning of items into check boxes.
fn mark_tasks(list: &mut Block) {
    const OPEN: &str =
        "<input type=\"checkbox\" class=\"task-list-item-checkbox\" disabled=\"disabled\" />";
    const DONE: &str = "<input type=\"checkbox\" class=\"task-list-item-checkbox\" \
                        disabled=\"disabled\" checked=\"checked\" />";
    let mut tasks = false;
    for item in &mut list.children {
        let Some(first) = item.children.first_mut().filter(|first| first.is_paragraph()) else {
            continue;
        };
        let text = first.text.as_str();
        let start = skip_space(text, 0);
        let check = match text.get(start..start + 3) {
            Some("[ ]") => Some(OPEN),
            Some("[x]" | "[X]") => Some(DONE),
            _ => None,
        };
        let after = skip_space(text, (start + 3).min(text.len()));
        if let Some(check) = check
            && after > start + 3
        {
            let mut replaced = Text::default();
            replaced.push(check, first.text.origin(start));
            replaced.push_part(&first.text, after..first.text.len());
            first.text = replaced;
            tasks = true;
        }
        if tasks {
            item.attributes.set("class", "task-list-item");
        }
    }
    if tasks {
        list.attributes.set("class", "task-list");
    }
}
