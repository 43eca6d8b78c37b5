//! HTML tags as kramdown recognises and writes them.

use std::ops::Range;

use crate::escape;
use crate::markdown::mark;
use crate::markdown::text::{byte, is_word, name_end, skip_space};
use crate::markdown::tree::Attributes;

/// Elements of the span level (kramdown 2.4, `HTML_SPAN_ELEMENTS`).
const SPAN_ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdo", "big", "br", "button", "cite", "code", "del", "dfn", "em",
    "i", "img", "input", "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt",
    "rtc", "ruby", "samp", "select", "small", "span", "strong", "sub", "sup", "tt", "u", "var",
];

/// Elements of the block level, which text can't hold.
const BLOCK_ELEMENTS: &[&str] = &[
    "address",
    "applet",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "main",
    "map",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements without content.
const VOID_ELEMENTS: &[&str] = &[
    "area", "base", "br", "col", "command", "embed", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
];

/// Elements whose content is blocks when it is parsed.
const HOLD_BLOCKS: &[&str] = &[
    "address",
    "applet",
    "article",
    "aside",
    "blockquote",
    "body",
    "dd",
    "details",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "iframe",
    "li",
    "main",
    "map",
    "menu",
    "nav",
    "noscript",
    "object",
    "section",
    "summary",
    "td",
];

/// Elements whose content is text when it is parsed.
const HOLD_SPANS: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdo", "big", "button", "caption", "cite", "del", "dfn", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "label", "legend", "optgroup", "p", "q",
    "rb", "rbc", "rp", "rt", "rtc", "ruby", "select", "small", "span", "strong", "sub", "sup",
    "th", "tt",
];

/// Elements that are known without being in one of the lists above.
const KNOWN_RAW: &[&str] =
    &["script", "style", "math", "option", "textarea", "pre", "code", "kbd", "samp"];

/// What an element's content is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing is parsed but tags.
    Raw,
    /// Text.
    Spans,
    /// Blocks.
    Blocks,
}

/// What kramdown takes an element's content for when it is to be parsed.
pub fn content_of(name: &str) -> Content {
    if HOLD_BLOCKS.contains(&name) {
        Content::Blocks
    } else if HOLD_SPANS.contains(&name) {
        Content::Spans
    } else {
        Content::Raw
    }
}

/// What the value of a `markdown` attribute asks for.
pub fn content_by_attribute(value: &str, name: &str) -> Option<Content> {
    match value {
        "0" => Some(Content::Raw),
        "1" => Some(content_of(name)),
        "span" => Some(Content::Spans),
        "block" => Some(Content::Blocks),
        _ => None,
    }
}

/// Whether an element, in lower case, belongs to the span level.
pub fn is_span_element(name: &str) -> bool {
    SPAN_ELEMENTS.contains(&name)
}

/// Whether an element belongs to the block level.
pub fn is_block_element(name: &str) -> bool {
    BLOCK_ELEMENTS.contains(&name)
}

/// Whether an element never has content.
pub fn is_void(name: &str) -> bool {
    VOID_ELEMENTS.contains(&name)
}

fn is_known(name: &str) -> bool {
    is_span_element(name)
        || is_block_element(name)
        || is_void(name)
        || content_of(name) != Content::Raw
        || KNOWN_RAW.contains(&name)
}

/// An opening tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The name, in lower case if HTML knows it.
    pub name: String,
    /// The bytes of its attributes in the text.
    pub attributes: Range<usize>,
    /// Whether it closes itself with `/>`.
    pub closed: bool,
    /// The offset after it.
    pub end: usize,
}

/// The offset after an attribute's value that begins with `=` (or white space before it).
fn value_end(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let at = skip_space(text, at);
    if byte(text, at) != b'=' {
        return None;
    }
    let at = skip_space(text, at + 1);
    let quote = byte(text, at);
    if quote == b'"' || quote == b'\'' {
        let end = at + 1 + text[at + 1..].find(char::from(quote))?;
        return Some((at + 1..end, end + 1));
    }
    let word = text[at..].find(|c| !is_word(c)).unwrap_or(text.len() - at);
    (word > 0).then_some((at..at + word, at + word))
}

/// Lower case for names that HTML knows; others keep their case.
fn known_name(name: &str) -> String {
    let lower = name.to_lowercase();
    if is_known(&lower) { lower } else { name.to_owned() }
}

/// The most attributes of a tag; what has more is no tag. Each is looked for among those before
/// it.
const MAX_ATTRIBUTES: usize = 256;

/// The opening tag at an offset.
pub fn opening(text: &str, at: usize) -> Option<Tag> {
    if byte(text, at) != b'<' {
        return None;
    }
    let name_end_at = name_end(text, at + 1)?;
    let mut end = name_end_at;
    let mut count = 0;
    loop {
        let start = skip_space(text, end);
        let Some(after_name) = (start > end).then(|| name_end(text, start)).flatten() else {
            break;
        };
        count += 1;
        if count > MAX_ATTRIBUTES {
            return None;
        }
        end = value_end(text, after_name).map_or(after_name, |(_, after)| after);
    }
    let attributes = name_end_at..end;
    end = skip_space(text, end);
    let closed = byte(text, end) == b'/';
    end += usize::from(closed);
    if byte(text, end) != b'>' {
        return None;
    }
    Some(Tag { name: known_name(&text[at + 1..name_end_at]), attributes, closed, end: end + 1 })
}

/// The name and the offset after the closing tag at an offset.
pub fn closing(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..)?.strip_prefix("</")?;
    let end = name_end(text, at + 2)?;
    let name = &rest[..end - at - 2];
    let end = skip_space(text, end);
    (byte(text, end) == b'>').then_some((name, end + 1))
}

/// Whether a closing tag's name closes an element.
pub fn closes(element: &str, name: &str) -> bool {
    if is_known(element) { name.to_lowercase() == element } else { name == element }
}

/// The attributes of a tag with the offsets of their values; of two with one name the later
/// counts.
pub fn attributes(text: &str, tag: &Tag) -> (Attributes, Vec<(String, Range<usize>)>) {
    let mut attributes = Attributes::default();
    let mut places: Vec<(String, Range<usize>)> = Vec::new();
    let lower = is_known(&tag.name);
    let mut at = tag.attributes.start;
    while at < tag.attributes.end {
        let start = skip_space(text, at);
        let Some(end) = name_end(text, start) else { break };
        let name = &text[start..end];
        let name = if lower { name.to_lowercase() } else { name.to_owned() };
        let (value, after) = value_end(text, end).unwrap_or((end..end, end));
        attributes.set(&name, mark::strip(&text[value.clone()]));
        places.retain(|(other, _)| *other != name);
        places.push((name, value));
        at = after;
    }
    (attributes, places)
}

/// Whether a reference such as `&amp;` or `&#9;` begins the text (REXML's `REFERENCE_RE`).
fn reference_len(text: &str) -> Option<usize> {
    let body = text.strip_prefix('&')?;
    if let Some(digits) = body.strip_prefix("#x") {
        let count = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        return (count > 0 && byte(digits, count) == b';').then_some(count + 4);
    }
    if let Some(digits) = body.strip_prefix('#') {
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        return (count > 0 && byte(digits, count) == b';').then_some(count + 3);
    }
    let first = body.bytes().next()?;
    if !(first.is_ascii_alphanumeric() || first == b'_' || first == b':') {
        return None;
    }
    let name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-' | b'.');
    let count = body.bytes().take_while(|&b| name(b)).count();
    (byte(body, count) == b';').then_some(count + 2)
}

/// Escapes text that may hold entities already.
fn escape_into(out: &mut String, text: &str, quotes: bool) {
    let bytes = text.as_bytes();
    let (mut at, mut copied) = (0, 0);
    let next = |at: usize| match quotes {
        true => bytes[at..].iter().position(|b| matches!(b, b'<' | b'>' | b'&' | b'"')),
        false => memchr::memchr3(b'<', b'>', b'&', &bytes[at..]),
    };
    while let Some(found) = next(at) {
        at += found;
        let entity = match bytes[at] {
            b'<' => Some("&lt;"),
            b'>' => Some("&gt;"),
            b'"' => Some("&quot;"),
            _ if reference_len(&text[at..]).is_none() => Some("&amp;"),
            _ => None,
        };
        at += 1;
        if let Some(entity) = entity {
            out.push_str(&text[copied..at - 1]);
            out.push_str(entity);
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
}

/// Writes text between tags; entities in it stay.
pub fn write_text(out: &mut String, text: &str) {
    escape_into(out, text, false);
}

/// Writes attributes with a space before each; entities in values stay. An id of white space is
/// left out.
pub fn write_attributes(out: &mut String, attributes: &Attributes) {
    for (name, value) in attributes.iter() {
        if name == "id" && value.trim().is_empty() {
            continue;
        }
        out.push(' ');
        out.push_str(&escape::attribute(name));
        out.push_str("=\"");
        escape_into(out, value, true);
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_recognised_by_kramdowns_pattern() {
        let text = "<DIV class=\"a > b\" hidden data-x=1/>";
        let tag = opening(text, 0).unwrap();
        assert_eq!((tag.name.as_str(), tag.closed, tag.end), ("div", true, text.len()));
        let (attributes, _) = attributes(text, &tag);
        assert_eq!(attributes.get("class"), Some("a > b"));
        assert_eq!(attributes.get("hidden"), Some(""));
        assert_eq!(opening("<용어>", 0).unwrap().name, "용어");
        assert!(opening("<a href=http://x>", 0).is_none());
        assert!(opening("<3>", 0).is_none());
        assert_eq!(closing("</div >", 0), Some(("div", 7)));
    }

    #[test]
    fn entities_stay_when_text_is_escaped() {
        let mut out = String::new();
        write_text(&mut out, "&amp; & &#12; <b> \"");
        assert_eq!(out, "&amp; &amp; &#12; &lt;b&gt; \"");
    }
}
