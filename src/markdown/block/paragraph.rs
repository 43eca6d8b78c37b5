//! Paragraphs, headings, quotes and rules, and the patterns that end a paragraph.

use super::{Container, Cursor, Parser, list};
use crate::markdown::block::extension::attribute_list_line;
use crate::markdown::options::Input;
use crate::markdown::tag::is_span_element;
use crate::markdown::text::{
    Text, blank_lines, blank_to_end, byte, is_space_char, is_word, line, line_end, name_end, run,
    skip_blanks, skip_indent, skip_space,
};
use crate::markdown::tree::{Attributes, Block, Boundary, Kind};

/// The name that begins a tag which ends a lazy line: any but those of the span level.
fn lazy_name_end(text: &str, at: usize) -> Option<usize> {
    let end = name_end(text, at)?;
    let word = text[at..].find(|c| !is_word(c)).map_or(text.len(), |offset| at + offset);
    let word = &text[at..word];
    (!is_span_element(word) && word != "script").then_some(end)
}

/// Whether a tag of the block level begins the line.
fn block_tag(text: &str, at: usize) -> bool {
    let at = skip_indent(text, at);
    if byte(text, at) != b'<' {
        return false;
    }
    if byte(text, at + 1) == b'/' {
        let Some(end) = lazy_name_end(text, at + 2) else { return false };
        return byte(text, skip_space(text, end)) == b'>';
    }
    lazy_name_end(text, at + 1).is_some()
}

/// Whether the line is kramdown's end-of-block marker.
pub(super) fn end_marker(text: &str, at: usize) -> bool {
    byte(text, at) == b'^' && blank_to_end(text, at + 1)
}

/// Whether a lazy line can't go on here because of an attribute list or a tag.
pub(super) fn never_lazy(text: &str, at: usize) -> bool {
    matches!(byte(text, skip_indent(text, at)), b'{' | b'<')
        && (attribute_list_line(text, at).is_some() || block_tag(text, at))
}

/// kramdown's `LAZY_END`.
fn lazy_end(text: &str, at: usize) -> bool {
    at >= text.len()
        || blank_lines(text, at).is_some()
        || end_marker(text, at)
        || never_lazy(text, at)
}

/// Whether the end of the text or a block boundary is here.
pub(super) fn before_boundary(text: &str, at: usize) -> bool {
    text.as_bytes()[at..].iter().all(|&b| b == b'\n')
        || blank_lines(text, at).is_some()
        || end_marker(text, at)
        || attribute_list_line(text, at).is_some()
}

/// Whether a line with a heading's number signs is here.
fn heading_level(text: &str, at: usize, input: Input) -> Option<usize> {
    let level = run(text, at, b'#').min(6);
    let spaced = matches!(byte(text, at + level), b' ' | b'\t');
    (level > 0 && (spaced || input == Input::Kramdown)).then_some(level)
}

/// Whether a fence may begin here.
pub(super) fn fence_start(text: &str, at: usize) -> bool {
    let at = skip_indent(text, at);
    text.as_bytes()[at..].iter().take(3).take_while(|&&b| b == b'`' || b == b'~').count() == 3
}

/// kramdown's `PARAGRAPH_END`, and with `quirk` its `PARAGRAPH_END_GFM`.
fn paragraph_end(text: &str, at: usize, quirk: bool) -> bool {
    if lazy_end(text, at) || (quirk && heading_level(text, at, Input::Gfm).is_some()) {
        return true;
    }
    let start = skip_indent(text, at);
    match byte(text, start) {
        b':' => list::tail_follows(text, start + 1),
        _ if !quirk => false,
        b'>' => true,
        b'`' | b'~' => fence_start(text, at),
        b'*' | b'+' | b'-' | b'0'..=b'9' => list::any_start(text, at),
        _ => false,
    }
}

/// Splits `{#id}` off the end of a heading.
fn heading_id(contents: &str) -> (usize, Option<&str>) {
    let none = (contents.len(), None);
    let Some(body) = contents.strip_suffix('}') else { return none };
    let Some(open) = body.rfind("{#") else { return none };
    let id = &body[open + 2..];
    let starts = id.chars().next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | ':'));
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.');
    if !starts || !id.chars().all(goes_on) || !body[..open].ends_with([' ', '\t']) {
        return none;
    }
    (body[..open].trim_end_matches(is_space_char).len(), Some(id))
}

impl Parser {
    /// Whether fences, lists and quotes end a paragraph.
    pub(super) fn paragraph_quirk(&self) -> bool {
        self.options.input == Input::Gfm && self.options.paragraph_end
    }

    /// Adds a heading whose text is at `start..end`; `false` if there is no text.
    fn add_heading(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
        level: usize,
        (start, hashes): (usize, bool),
    ) -> bool {
        let contents = line(cursor.str(), start).trim_end_matches(is_space_char);
        let (mut length, id) = heading_id(contents);
        if hashes {
            let bare = contents[..length].trim_end_matches('#');
            let end = match self.paragraph_quirk() {
                true => bare.ends_with([' ', '\t']).then_some(bare.len()),
                false => Some(bare.len() + usize::from(bare.ends_with('\\'))),
            };
            if let Some(end) = end.filter(|&end| end < length) {
                length = bare[..end.min(bare.len())].trim_end_matches(is_space_char).len();
                length += end.saturating_sub(bare.len());
            }
        }
        if length == 0 {
            return false;
        }
        let mut block = Block::leaf(
            Kind::Heading(u8::try_from(level).unwrap_or(6)),
            cursor.text.part(start..start + length),
        );
        if let Some(id) = id {
            let mut attributes = Attributes::default();
            attributes.set("id", id);
            block.attributes = attributes;
        }
        container.push(block);
        true
    }

    pub(super) fn heading(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let input = self.options.input;
        let Some(level) = heading_level(cursor.str(), cursor.at, input) else { return false };
        if !self.paragraph_quirk() && !container.after_boundary() {
            return false;
        }
        let start = skip_blanks(cursor.str(), cursor.at + level);
        if !self.add_heading(cursor, container, level, (start, true)) {
            return false;
        }
        cursor.at = line_end(cursor.str(), cursor.at);
        true
    }

    pub(super) fn underlined_heading(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        if !container.after_boundary() {
            return false;
        }
        let text = cursor.str();
        let start = skip_indent(text, cursor.at);
        let under = line_end(text, cursor.at);
        let level = match byte(text, under) {
            b'=' => 1,
            b'-' => 2,
            _ => return false,
        };
        let rest = line(text, under).trim_start_matches(['-', '=']);
        if matches!(byte(text, start), b' ' | b'\t' | b'\n')
            || !rest.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | 0x0c | 0x0b))
            || !self.add_heading(cursor, container, level, (start, false))
        {
            return false;
        }
        cursor.at = line_end(text, under);
        true
    }

    pub(super) fn quote(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        let text = cursor.str();
        if byte(text, skip_indent(text, cursor.at)) != b'>' {
            return false;
        }
        let mut inner = Text::default();
        let mut at = cursor.at;
        loop {
            let end = line_end(text, at);
            let mark = skip_indent(text, at);
            let start = match byte(text, mark) {
                b'>' => mark + 1 + usize::from(byte(text, mark + 1) == b' '),
                _ => at,
            };
            inner.push_part(cursor.text, start..end);
            at = end;
            if lazy_end(text, at) {
                break;
            }
        }
        cursor.at = at;
        let mut block = Block::new(Kind::Quote);
        block.list = container.pending.take();
        self.parse_text(&inner, &mut block.children);
        container.push(block);
        true
    }

    pub(super) fn rule(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        if !is_rule(cursor.str(), cursor.at) {
            return false;
        }
        cursor.at = line_end(cursor.str(), cursor.at);
        container.push(Block::new(Kind::Rule));
        true
    }

    pub(super) fn end_marker(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        if !end_marker(cursor.str(), cursor.at) {
            return false;
        }
        cursor.at = line_end(cursor.str(), cursor.at);
        container.push_boundary(Boundary::Marker);
        true
    }

    /// Takes a line, and those that go on with it, for text. Always succeeds.
    pub(super) fn paragraph(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        let start = cursor.at;
        let mut end = line_end(text, start);
        let bare = skip_indent(text, start);
        if bare > start && byte(text, bare) == b'\t' {
            // Spaces and a tab begin neither code nor, for kramdown, a paragraph.
            cursor.at = end;
            match container.children.last_mut() {
                Some(last) if last.kind == Kind::Text => {
                    last.text.push_part(cursor.text, start..end)
                }
                _ => container.children.push(Block::leaf(Kind::Text, cursor.text.part(start..end))),
            }
            return true;
        }
        let quirk = self.paragraph_quirk();
        while end < text.len() && !paragraph_end(text, end, quirk) {
            end = line_end(text, end);
        }
        cursor.at = end;
        self.remark_on_text(cursor.text, start..end);
        let end = start + text[start..end].trim_end_matches(is_space_char).len();
        if let Some(last) = container.children.last_mut()
            && last.is_paragraph()
        {
            let hard = start >= 3 && text.as_bytes()[..start].ends_with(b"  \n");
            last.text.push(if hard { "  \n" } else { "\n" }, cursor.text.origin(start).max(1) - 1);
            last.text.push_part(cursor.text, start..end);
            return true;
        }
        let start = skip_space(text, start).min(end);
        let text = cursor.text.part(start..end);
        container.push(Block::leaf(Kind::Paragraph { transparent: false }, text));
        true
    }
}

/// Whether the line is a horizontal rule.
pub(super) fn is_rule(text: &str, at: usize) -> bool {
    let start = skip_indent(text, at);
    let mark = byte(text, start);
    if !matches!(mark, b'*' | b'-' | b'_') {
        return false;
    }
    let mut marks = 0;
    for &b in text.as_bytes()[start..].iter().take_while(|&&b| b != b'\n') {
        match b {
            b if b == mark => marks += 1,
            b' ' | b'\t' => {}
            _ => return false,
        }
    }
    marks >= 3
}
