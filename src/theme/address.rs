//! URLs as templates complete them: with the site's `baseurl`, and with its host.

use std::borrow::Cow;

/// The schemes that a link may have. A `javascript:` URL would run in the page, and whoever writes
/// a post's front matter is not always the one who runs the site.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What stands for a URL with any other scheme: a link that leads nowhere.
const NOWHERE: &str = "#";

/// A URL relative to the site's root, completed with the `baseurl`. One that names a scheme or a
/// host, a mere fragment, and an empty one stay as they are (Jekyll's `relative_url`); of schemes
/// only `http`, `https`, `mailto` and `tel` do, and any other URL becomes `#`.
pub fn relative(url: &str, baseurl: &str) -> String {
    if !is_harmless(url) {
        return NOWHERE.to_owned();
    }
    if is_complete(url) {
        return escape_spaces(url).into_owned();
    }
    let path = url.trim_start_matches('/');
    let base = baseurl.trim_matches('/');
    let separator = if base.is_empty() { "" } else { "/" };
    escape_spaces(&format!("{separator}{base}/{path}")).into_owned()
}

/// A URL with scheme and host, where the site's are known (Jekyll's `absolute_url`); `#` for one
/// with a scheme that [`relative`] doesn't let pass.
pub fn absolute(url: &str, site_url: &str, baseurl: &str) -> String {
    if !is_harmless(url) {
        return NOWHERE.to_owned();
    }
    if is_complete(url) && !url.is_empty() && !url.starts_with('#') {
        return escape_spaces(url).into_owned();
    }
    let path = if url.starts_with('#') {
        format!("{}{url}", relative("/", baseurl))
    } else {
        relative(if url.is_empty() { "/" } else { url }, baseurl)
    };
    format!("{}{path}", site_url.trim_end_matches('/'))
}

/// A text as a part of a query: everything but letters, digits and `-._~` percent-encoded.
pub fn component(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Whether a URL needs nothing before it.
fn is_complete(url: &str) -> bool {
    url.is_empty() || url.starts_with('#') || url.starts_with("//") || scheme(url).is_some()
}

/// Whether a URL has no scheme, or one that is known to do no harm. White space and control
/// characters, which browsers skip in a scheme, make a path of what they stand in: they are encoded
/// and a slash comes before them.
fn is_harmless(url: &str) -> bool {
    scheme(url).is_none_or(|scheme| SCHEMES.iter().any(|one| one.eq_ignore_ascii_case(scheme)))
}

/// The scheme that a URL begins with (RFC 3986 §3.1).
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    fits.then_some(scheme)
}

/// Spaces and quotes, which no URL may hold, percent-encoded. Hangul stays readable: browsers
/// encode it themselves.
fn escape_spaces(url: &str) -> Cow<'_, str> {
    let forbidden = |c: char| c.is_ascii_control() || " \"<>\\^`{|}".contains(c);
    if !url.contains(forbidden) {
        return Cow::Borrowed(url);
    }
    let mut out = String::with_capacity(url.len() + 16);
    for c in url.chars() {
        if forbidden(c) {
            out.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseurl_comes_before_what_is_relative_to_the_root() {
        assert_eq!(relative("/about/", ""), "/about/");
        assert_eq!(relative("about/", "/blog"), "/blog/about/");
        assert_eq!(relative("/", "/blog/"), "/blog/");
        assert_eq!(relative("/태그/한 글/", ""), "/태그/한%20글/");
        for complete in ["https://example.com/a", "mailto:a@example.com", "//x/y", "#top", ""] {
            assert_eq!(relative(complete, "/blog"), complete);
        }
    }

    #[test]
    fn only_schemes_that_do_no_harm_pass() {
        for url in ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "vbscript:x", "a:b"]
        {
            assert_eq!(relative(url, "/blog"), "#", "{url}");
            assert_eq!(absolute(url, "https://example.com", "/blog"), "#", "{url}");
        }
        for url in [" javascript:x", "java\nscript:x", "\u{1}javascript:x", "\tjavascript:x"] {
            let path = relative(url, "");
            assert!(path.starts_with("/%") || path.starts_with("/java%0Ascript"), "{path}");
        }
        for url in ["HTTPS://example.com/", "tel:+82-2-1234", "mailto:a@b.c", "/태그/a:b/"] {
            assert_eq!(relative(url, ""), url);
        }
    }

    #[test]
    fn a_query_holds_any_text() {
        assert_eq!(component("a b&c=가"), "a%20b%26c%3D%EA%B0%80");
    }

    #[test]
    fn the_host_comes_first() {
        let site = "https://example.com/";
        assert_eq!(absolute("/a/", site, "/blog"), "https://example.com/blog/a/");
        assert_eq!(absolute("", site, ""), "https://example.com/");
        assert_eq!(absolute("https://x.org/", site, "/blog"), "https://x.org/");
        assert_eq!(absolute("/a/", "", "/blog"), "/blog/a/");
    }
}
