//! Code blocks, fenced and indented, and formulas on their own.

use super::paragraph::{before_boundary, end_marker, fence_start, never_lazy};
use super::{Container, Cursor, Parser};
use crate::markdown::options::Input;
use crate::markdown::text::{
    Text, blank_lines, blank_to_end, byte, is_space_char, line, line_end, run, skip_indent,
    skip_space,
};
use crate::markdown::tree::{Block, Kind};
use crate::markdown::{Fence, mark};

/// A fence and the block it encloses.
pub(crate) struct Fenced {
    /// The bytes of the info word.
    pub info: std::ops::Range<usize>,
    /// The bytes of the code.
    pub body: std::ops::Range<usize>,
    /// The offset after the closing fence's line.
    pub end: usize,
}

/// The offset after the indentation of a code line: a tab or four spaces.
fn code_indent(text: &str, at: usize) -> Option<usize> {
    match byte(text, at) {
        b'\t' => Some(at + 1),
        b' ' if text[at..].starts_with("    ") => Some(at + 4),
        _ => None,
    }
}

/// The end of an indented code block (kramdown's `CODEBLOCK_MATCH`); `at` itself if none begins.
pub(super) fn indented_end(text: &str, start: usize) -> usize {
    let mut end = start;
    loop {
        let mut at = blank_lines(text, end).unwrap_or(end);
        let first = at;
        while code_indent(text, at).is_some() && !blank_to_end(text, at) {
            at = line_end(text, at);
        }
        if at == first {
            return end;
        }
        while at < text.len()
            && !blank_to_end(text, at)
            && !end_marker(text, at)
            && !never_lazy(text, at)
        {
            at = line_end(text, at);
        }
        end = at;
    }
}

/// The closing fence: its line's start and end.
fn closing_fence(text: &str, from: usize, fence: &str) -> Option<(usize, usize)> {
    let last = *fence.as_bytes().last()?;
    let mut at = from;
    while at < text.len() {
        let start = skip_indent(text, at);
        if text[start..].starts_with(fence) {
            let after = start + fence.len();
            if blank_to_end(text, after + run(text, after, last)) {
                return Some((at, line_end(text, at)));
            }
        }
        at = line_end(text, at);
    }
    None
}

/// The info word after a fence, and the offset after its line; `None` if there is more than one
/// word.
fn info_word(text: &str, at: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let end = line_end(text, at);
    let rest = &text[at..end];
    let word = rest.trim_matches(is_space_char);
    if word.contains(is_space_char) {
        return None;
    }
    let start = at + rest.find(word).unwrap_or(0);
    Some((start..start + word.len(), end))
}

/// The fenced block at an offset (kramdown's pattern for GFM). A fence of more than three marks
/// may be closed by a shorter one; the marks that are left belong to the info word then.
///
/// `absent` remembers the fences that nothing closes up to the end of the text.
pub(crate) fn fenced<'t>(text: &'t str, at: usize, absent: &mut Vec<&'t str>) -> Option<Fenced> {
    if !fence_start(text, at) {
        return None;
    }
    let start = skip_indent(text, at);
    let is_mark = |b: &&u8| matches!(b, b'`' | b'~');
    let marks = text.as_bytes()[start..].iter().take_while(is_mark).count();
    // Only the whole fence and the shortest one are tried when the fence is absurdly long.
    let lengths = (3..=marks).rev().filter(|length| marks < MAX_FENCE || *length == 3);
    for length in lengths {
        let fence = &text[start..start + length];
        let usual = length <= MAX_FENCE && run(text, start, byte(text, start)) >= length;
        if absent.contains(&fence) || (!usual && absent.len() >= MAX_ABSENT) {
            continue;
        }
        let Some((info, body)) = info_word(text, start + length) else { continue };
        match closing_fence(text, body, fence) {
            Some((close, end)) => return Some(Fenced { info, body: body..close, end }),
            None => absent.push(fence),
        }
    }
    None
}

/// The fenced block at an offset by kramdown's own pattern: tildes only, at the beginning of lines.
fn tilde_fenced<'t>(text: &'t str, at: usize, absent: &mut Vec<&'t str>) -> Option<Fenced> {
    if byte(text, at) != b'~' {
        return None;
    }
    let found = fenced(text, at, absent)?;
    // A closing fence that is indented doesn't close.
    let mut close = line_start(text, found.end);
    let mut end = found.end;
    let fence = &text[at..found.info.start.max(at)];
    let fence = &fence[..run(fence, 0, b'~')];
    while byte(text, close) != b'~' {
        (close, end) = closing_fence(text, end, fence)?;
    }
    Some(Fenced { info: found.info, body: found.body.start..close, end })
}

/// Where the line begins that ends at `end`.
fn line_start(text: &str, end: usize) -> usize {
    text[..end].trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1)
}

/// Where a fenced block stands in the input.
fn fence_use(source: &Text, found: &Fenced) -> Fence {
    let text = source.as_str();
    let mut lines = Vec::new();
    let mut at = found.body.start;
    while at < found.body.end {
        let end = line_end(text, at);
        lines.push(source.origin_range(at..end));
        at = end;
    }
    let start = source.origin(found.body.start.max(1) - 1) + 1;
    let end = lines.last().map_or(start, |last| last.end);
    Fence {
        language: mark::strip(&text[found.info.clone()]),
        body: start..end.max(start),
        lines,
        info: source.origin_range(found.info.clone()),
    }
}

/// Fences longer than this are only closed by their like or by three marks.
const MAX_FENCE: usize = 16;
/// How many fences of mixed marks or absurd length a text may leave open; further ones are text,
/// so that each of thousands of different fences doesn't cost a search to the end.
const MAX_ABSENT: usize = 64;

impl Parser {
    pub(super) fn fenced_code(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        let absent = &mut cursor.absent.fences;
        let found = match self.options.input {
            Input::Gfm => fenced(text, cursor.at, absent),
            Input::Kramdown => tilde_fenced(text, cursor.at, absent),
        };
        let Some(found) = found else { return false };
        self.fences.push(fence_use(cursor.text, &found));
        let language = mark::strip(&text[found.info.clone()]);
        let mut block = Block::new(Kind::Code {
            language: language.clone(),
            code: mark::strip(&text[found.body.clone()]),
            range: cursor.text.origin_range(found.body),
        });
        if !language.is_empty() {
            let cut = language.get(1..).and_then(|rest| rest.find('?'));
            let name = cut.map_or(language.as_str(), |cut| &language[..cut + 1]);
            block.attributes.set("class", format!("language-{name}"));
        }
        container.push(block);
        cursor.at = found.end;
        true
    }

    pub(super) fn indented_code(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        if code_indent(text, cursor.at).is_none() {
            return false;
        }
        let end = indented_end(text, cursor.at);
        let mut code = String::with_capacity(end - cursor.at);
        let mut at = cursor.at;
        while at < end {
            let next = line_end(text, at);
            let bare = skip_indent(text, at);
            let lazy = at > cursor.at
                && byte(text, at) != b'\t'
                && bare < next
                && !text[bare..].starts_with([' ', '\t', '\n']);
            if lazy {
                // kramdown joins a lazy line to the one before.
                code.pop();
                code.push(' ');
                code.push_str(&text[at..next]);
            } else {
                code.push_str(&text[code_indent(text, at).unwrap_or(at)..next]);
            }
            at = next;
        }
        let range = cursor.text.origin_range(cursor.at..end);
        let code = mark::strip(&code);
        container.push(Block::new(Kind::Code { language: String::new(), code, range }));
        cursor.at = end;
        true
    }

    /// `$$…$$` between block boundaries.
    pub(super) fn formula(
        &mut self,
        cursor: &mut Cursor<'_>,
        container: &mut Container<'_>,
    ) -> bool {
        let text = cursor.str();
        let start = skip_indent(text, cursor.at);
        if !container.after_boundary() || cursor.absent.formula {
            return false;
        }
        if text[start..].starts_with("\\$$") {
            self.escaped_formula(cursor, start);
            return false;
        }
        if !text[start..].starts_with("$$") {
            return false;
        }
        let Some(length) = text[start + 2..].find("$$") else {
            cursor.absent.formula = true;
            return false;
        };
        let mut end = start + 2 + length + 2;
        if blank_to_end(text, end) {
            end = line_end(text, end);
        }
        if !before_boundary(text, end) {
            return false;
        }
        let math = text[start + 2..start + 2 + length].trim_matches(is_space_char);
        container.push(Block::new(Kind::Math(mark::strip(math))));
        cursor.at = end;
        true
    }

    /// A formula whose first `$$` is escaped loses its backslash if it fills its lines.
    fn escaped_formula(&mut self, cursor: &mut Cursor<'_>, start: usize) {
        let text = cursor.str();
        let Some(length) = text[start + 3..].find("$$") else { return };
        let after = start + 3 + length + 2;
        let blank = line(text, after).bytes().all(|b| b == b' ' || b == b'\t');
        if blank && skip_space(text, after) > after {
            cursor.at = start + 1;
        }
    }
}
