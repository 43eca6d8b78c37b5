//! URLs as Jekyll's filters `absolute_url`, `relative_url` and `uri_escape` make them: completed,
//! and normalised as the gem Addressable does.

use super::View;
use super::text::to_s;

/// A URL with the site's `url` and `baseurl` before it (`absolute_url`). One with a scheme stays.
pub fn absolute(url: &str, view: &View<'_>) -> String {
    if has_scheme(url) {
        return url.to_owned();
    }
    let relative = relative(url, view);
    match view.config.get("url").map(to_s) {
        Some(site) if !site.is_empty() => normalize(&format!("{}{relative}", &*site)),
        _ => relative,
    }
}

/// A URL with the site's `baseurl` before it (`relative_url`). One with a scheme stays.
pub fn relative(url: &str, view: &View<'_>) -> String {
    if has_scheme(url) {
        return url.to_owned();
    }
    let baseurl = view.config.get("baseurl").map(|value| to_s(value).to_string());
    let baseurl = baseurl.unwrap_or_default();
    let baseurl = baseurl.strip_suffix('/').unwrap_or(&baseurl);
    normalize(&format!("{}{}", rooted(baseurl), rooted(url)))
}

/// A path with a slash at its beginning; nothing stays nothing.
fn rooted(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// Whether a URL says how to reach it.
pub fn has_scheme(url: &str) -> bool {
    scheme(url).is_some()
}

fn scheme(url: &str) -> Option<&str> {
    let end = url.find([':', '/', '?', '#'])?;
    let scheme = url.get(..end)?;
    (url[end..].starts_with(':') && scheme.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then_some(scheme)
}

/// A text as a URL or a part of one: what no URL may hold is percent-encoded, what is encoded
/// needlessly isn't (`uri_escape`).
pub fn escape(text: &str) -> String {
    component(text, b":/?#[]@!$&'()*+,;=-._~")
}

/// A URL in its normal form: scheme and host in small letters, the usual port left out, parts of
/// the path percent-encoded where they must be and only there, `.` and `..` resolved.
pub fn normalize(url: &str) -> String {
    let (scheme_part, rest) = match scheme(url) {
        Some(scheme) => (Some(scheme.to_ascii_lowercase()), &url[scheme.len() + 1..]),
        None => (None, url),
    };
    let (rest, fragment) = split(rest, '#');
    let (rest, query) = split(rest, '?');
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        None => (None, rest),
    };
    let mut out = String::with_capacity(url.len() + 16);
    if let Some(scheme) = &scheme_part {
        out.push_str(&format!("{scheme}:"));
    }
    if let Some(authority) = authority {
        out.push_str("//");
        out.push_str(&host(authority, scheme_part.as_deref()));
    }
    let parts = path.trim_ascii().split('/').map(|part| component(part, PART));
    let path = without_dots(&parts.collect::<Vec<String>>().join("/"));
    let is_web = matches!(scheme_part.as_deref(), Some("http" | "https"));
    out.push_str(if path.is_empty() && is_web { "/" } else { &path });
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        let pairs = query.split('&').map(|pair| component(pair, b"-._~!$'()*+,=:@/?"));
        out.push_str(&format!("?{}", pairs.collect::<Vec<String>>().join("&")));
    }
    if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
        out.push_str(&format!("#{}", component(fragment, b"-._~!$&'()*+,;=:@/?")));
    }
    out
}

/// What a part of a path may hold besides letters and digits.
const PART: &[u8] = b"-._~!$&'()*+,;=:@";

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn host(authority: &str, scheme: Option<&str>) -> String {
    let authority = authority.to_ascii_lowercase();
    let usual = match scheme {
        Some("http") => ":80",
        Some("https") => ":443",
        _ => return authority,
    };
    authority.strip_suffix(usual).map_or(authority.clone(), str::to_owned)
}

/// Decodes percent-encoded bytes, then encodes all but ASCII letters, digits and `kept`.
fn component(text: &str, kept: &[u8]) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| byte == b'%');
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        at += if decoded.is_some() { 3 } else { 1 };
        let byte = decoded.unwrap_or(byte);
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A path without its parts `.` and `..` (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    if !path.split('/').any(|part| part == "." || part == "..") {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." && kept.len() > 1 {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            part => kept.push(part),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_normal() {
        for (url, normal) in [
            ("https://Example.com", "https://example.com/"),
            ("https://example.com:443/a", "https://example.com/a"),
            ("/태그/한 글/", "/%ED%83%9C%EA%B7%B8/%ED%95%9C%20%EA%B8%80/"),
            ("/%EA%B0%80/%7e", "/%EA%B0%80/~"),
            ("/a/../b/./c", "/b/c"),
            ("/a/..", "/"),
            ("/a[1]?q=가 나&b#다", "/a%5B1%5D?q=%EA%B0%80%20%EB%82%98&b#%EB%8B%A4"),
            ("mailto:a@b.c", "mailto:a@b.c"),
        ] {
            assert_eq!(normalize(url), normal, "{url}");
        }
        assert_eq!(escape("https://a.b/가 나?x=\\"), "https://a.b/%EA%B0%80%20%EB%82%98?x=%5C");
    }
}
