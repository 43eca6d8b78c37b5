//! What of a block's text is prose, and where its sentences end.

use std::ops::Range;

use super::OPAQUE;
use crate::claim::binding;

/// The comment that silences a sentence.
const NO_CLAIM: &str = "no claim";

/// The block with everything blanked that is no prose. It is as long as the block, so that places
/// stay.
pub fn masked(block: &str) -> String {
    let mut bytes = block.as_bytes().to_vec();
    for binding in binding::bindings(block) {
        let start = binding.stated.map_or(binding.comment.start, |stated| stated.range.start);
        // What is bound is judged by what it is bound to.
        fill(&mut bytes, start..binding.comment.start, OPAQUE as u8);
    }
    let mut at = 0;
    while let Some(found) = block[at..].find(['`', '<', '{', ']', '!', 'h', '\n', '*']) {
        let start = at + found;
        let rest = &block[start..];
        let (length, opaque) = match rest.as_bytes().first() {
            Some(b'`') => code(rest),
            Some(b'<') => (tag(rest), false),
            Some(b'{') => liquid(rest),
            Some(b']') => (destination(rest), false),
            Some(b'!') if rest.starts_with("![") => (image(rest), false),
            Some(b'h') => (address(rest), false),
            Some(b'\n' | b'*') => (1, false),
            _ => (0, false),
        };
        if length == 0 {
            at = start + 1;
            continue;
        }
        fill(&mut bytes, start..start + length, if opaque { OPAQUE as u8 } else { b' ' });
        at = start + length;
    }
    // Only whole characters are overwritten, with as many bytes of ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}

fn fill(bytes: &mut [u8], range: Range<usize>, with: u8) {
    if let Some(bytes) = bytes.get_mut(range) {
        bytes.fill(with);
    }
}

/// A code span. One without digits names something (`/tmp`) and stays, but for its marks.
fn code(rest: &str) -> (usize, bool) {
    let marks = rest.bytes().take_while(|&byte| byte == b'`').count();
    let Some(length) = rest[marks..].find(&rest[..marks]) else { return (marks, false) };
    let content = &rest[marks..marks + length];
    if content.bytes().any(|byte| byte.is_ascii_digit()) {
        return (marks * 2 + length, true);
    }
    (marks, false)
}

fn tag(rest: &str) -> usize {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.find("-->").map_or(0, |length| length + 7);
    }
    let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    if !is_tag {
        return 0;
    }
    rest.find('>').map_or(0, |end| end + 1)
}

/// Liquid, or an attribute list.
fn liquid(rest: &str) -> (usize, bool) {
    let closing = match rest.as_bytes().get(1) {
        Some(b'{') => "}}",
        Some(b'%') => "%}",
        Some(b':') => "}",
        _ => return (0, false),
    };
    let length = rest.find(closing).map_or(0, |end| end + closing.len());
    (length, closing == "}}")
}

/// A link's address behind its text.
fn destination(rest: &str) -> usize {
    if !rest.starts_with("](") {
        return 0;
    }
    rest.find(')').map_or(0, |end| end + 1)
}

fn image(rest: &str) -> usize {
    let text = rest.find(']').unwrap_or(0);
    text + destination(&rest[text..])
}

fn address(rest: &str) -> usize {
    if !rest.starts_with("http://") && !rest.starts_with("https://") {
        return 0;
    }
    rest.find(|c: char| c.is_whitespace() || ")]>\"'".contains(c)).unwrap_or(rest.len())
}

/// Whether the author says that a sentence holds no claim.
pub fn is_silenced(written: &str) -> bool {
    written.match_indices("<!--").any(|(at, open)| {
        let inner = &written[at + open.len()..];
        let inner = inner.split("-->").next().unwrap_or_default();
        inner.trim().eq_ignore_ascii_case(NO_CLAIM)
    })
}

/// The sentences of a masked block.
pub fn split(masked: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = masked.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?' | '。') {
            continue;
        }
        let end = at + c.len_utf8();
        let follows = chars.peek().map(|&(_, next)| next);
        // `1. 항목`, `A. 답` and `e.g. 5` go on.
        let label = masked[start..at].trim_matches([' ', '\n', '-', '*']);
        let is_number = c == '.' && (label.len() < 2 || label.bytes().all(|b| b.is_ascii_digit()));
        let is_short = masked[..at].ends_with("e.g") || masked[..at].ends_with("vs");
        if follows.is_none_or(char::is_whitespace) && !is_number && !is_short {
            found.push(start..end);
            start = end;
        }
    }
    // A comment that silences stands behind the full stop.
    if masked[start..].trim().is_empty()
        && let Some(last) = found.last_mut()
    {
        last.end = masked.len();
        return found;
    }
    found.push(start..masked.len());
    found
}
