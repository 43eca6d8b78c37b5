//! The ids of a page, which fragments lead to: a scan over its tags, so that code samples, comments
//! and scripts that only speak of ids don't count.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// The elements whose content is text, whatever it looks like.
pub const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// The longest entity that is looked at, in bytes.
const MAX_ENTITY: usize = 12;

/// The ids of all elements of a page, and the names of old anchors (`<a name=…>`).
pub fn ids(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>');
        let (name, mut inside) = rest.split_at(end.unwrap_or(rest.len()));
        while let Some((key, value, after)) = attribute(inside) {
            let is_anchor = key.eq_ignore_ascii_case("id")
                || key.eq_ignore_ascii_case("name") && name.eq_ignore_ascii_case("a");
            if is_anchor && !value.is_empty() {
                found.insert(decoded(value).into_owned());
            }
            inside = after;
        }
        rest = inside;
        if RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name)) {
            rest = after_raw(rest, name);
        }
    }
    found
}

/// The next attribute of a tag: its name, its value as it is written, and what follows; `None` at
/// the tag's end.
pub fn attribute(inside: &str) -> Option<(&str, &str, &str)> {
    let inside = inside.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    // HTML lets a name begin with `=`.
    let first = inside.chars().next().filter(|c| *c != '>')?;
    let behind_first = first.len_utf8();
    let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
    let length = inside[behind_first..].find(ends).map(|at| at + behind_first);
    let (name, after) = inside.split_at(length.unwrap_or(inside.len()));
    let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
        return Some((name, "", after));
    };
    let value = value.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(value) = value.strip_prefix(quote) {
            let (value, after) = value.split_once(quote).unwrap_or((value, ""));
            return Some((name, value, after));
        }
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
    let (value, after) = value.split_at(end);
    Some((name, value, after))
}

/// What follows the content of an element whose content is text.
pub fn after_raw<'a>(rest: &'a str, name: &str) -> &'a str {
    for (at, _) in rest.match_indices("</") {
        let close = rest.get(at + 2..at + 2 + name.len());
        if close.is_some_and(|close| close.eq_ignore_ascii_case(name)) {
            return &rest[at..];
        }
    }
    ""
}

/// A value with its entities resolved: numbers, and the names that writers of HTML use in
/// attributes.
pub fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().take(MAX_ENTITY).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(&rest[..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        ids(html).into_iter().collect()
    }

    #[test]
    fn ids_are_found_in_any_quotes_with_their_entities() {
        let html = "<h2 id=\"가\"><p class=x id='나 다'><DIV ID=a><i\nid = \"b&amp;&#44;&#x27;\"/>\
            <a name=old><meta name=viewport><b data-id=\"c\" id><u title=\"x > id='d'\" id=e>";
        assert_eq!(found(html), ["a", "b&,'", "e", "old", "가", "나 다"]);
    }

    #[test]
    fn what_only_speaks_of_ids_does_not_count() {
        let html = "<!-- <p id=\"a\"> --><script>'<p id=\"b\">'</script><p> id=\"c\" \
            <code>&lt;p id=\"d\"&gt;</code></p><style><p id=e></STYLE><p title=' id=\"f\"'>";
        assert_eq!(found(html), Vec::<String>::new());
    }

    #[test]
    fn broken_markup_does_no_harm() {
        for html in ["<", "<a", "<a id", "<a id=", "<a id=\"x", "<a =", "<script", "<!--", "<a /"] {
            ids(html);
        }
        assert_eq!(found("<a id=\"&unknown;&#xffffffff;&\">"), ["&unknown;&#xffffffff;&"]);
    }
}
