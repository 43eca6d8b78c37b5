//! Filters for HTML and URLs.

use super::bounded;
use crate::liquid::problem::{Outcome, Problem};
use crate::liquid::value::Val;

pub(super) fn apply<'s>(name: &str, input: &Val<'s>) -> Option<Outcome<Val<'s>>> {
    Some(match name {
        "escape" | "h" | "url_encode" | "url_decode" if input.is_nil() => Ok(Val::Nil),
        "escape" | "h" => bounded_text(escape(&input.to_text(), false)),
        "escape_once" => bounded_text(escape_once(&input.to_text())),
        "url_encode" => Ok(Val::text(url_encode(&input.to_text()))),
        "url_decode" => url_decode(&input.to_text()),
        "strip_html" => Ok(Val::text(strip_html(&input.to_text()))),
        _ => return None,
    })
}

/// A text with `&`, `<`, `>` and both quotes as entities; what is an entity already stays (Liquid's
/// filter `escape_once`).
pub fn escape_once(text: &str) -> String {
    escape(text, true)
}

fn bounded_text<'s>(text: String) -> Outcome<Val<'s>> {
    bounded(text.len())?;
    Ok(Val::text(text))
}

/// Ruby's `CGI.escapeHTML`; this isn't bogi's own way to escape, but what a template asked for.
fn escape(text: &str, keep_entities: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' if keep_entities && is_entity(&text[at + 1..]) => escaped.push('&'),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// `name;` or `#digits;`
fn is_entity(rest: &str) -> bool {
    let (name, is_part): (&str, fn(char) -> bool) = match rest.strip_prefix('#') {
        Some(digits) => (digits, |c| c.is_ascii_digit()),
        None => (rest, |c| c.is_ascii_alphabetic()),
    };
    let end = name.find(|c| !is_part(c)).unwrap_or(name.len());
    end > 0 && name[end..].starts_with(';')
}

/// Ruby's `CGI.escape`: spaces become `+`, all but letters, digits and `-._~` is percent-encoded.
pub fn url_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn url_decode<'s>(text: &str) -> Outcome<Val<'s>> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            if digits.starts_with('+') { None } else { u8::from_str_radix(digits, 16).ok() }
        });
        match code {
            Some(code) => {
                decoded.push(code);
                at += 3;
            }
            None => {
                decoded.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    match String::from_utf8(decoded) {
        Ok(text) => Ok(Val::text(text)),
        Err(_) => Err(Problem::render("invalid byte sequence in UTF-8")),
    }
}

/// A text without scripts, comments and styles as wholes, then without all tags (Liquid's filter
/// `strip_html`). Entities stay.
pub fn strip_html(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    // An opening without its end doesn't have to be searched for again.
    let mut closable = [true; 3];
    while let Some(open) = rest.find('<') {
        whole.push_str(&rest[..open]);
        rest = &rest[open..];
        let blocks = [("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>")];
        let block = blocks.iter().enumerate().find_map(|(index, (begin, end))| {
            let inner = rest.strip_prefix(begin).filter(|_| closable[index])?;
            match inner.find(end) {
                Some(at) => Some(begin.len() + at + end.len()),
                None => {
                    closable[index] = false;
                    None
                }
            }
        });
        let skipped = block.unwrap_or(1);
        if block.is_none() {
            whole.push('<');
        }
        rest = &rest[skipped..];
    }
    whole.push_str(rest);
    let mut plain = String::with_capacity(whole.len());
    let mut rest = whole.as_str();
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>') else { break };
        plain.push_str(&rest[..open]);
        rest = &rest[open + close + 1..];
    }
    plain.push_str(rest);
    plain
}
