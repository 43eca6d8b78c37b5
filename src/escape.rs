//! The one place that escapes text for HTML, SVG and XML.

use std::borrow::Cow;

/// Text for between tags: `&`, `<` and `>` become entities.
pub fn text(text: &str) -> Cow<'_, str> {
    escape(text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    })
}

/// Text for inside a double-quoted attribute: as [`text()`], and `"` besides.
pub fn attribute(text: &str) -> Cow<'_, str> {
    escape(text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    })
}

/// Only ASCII bytes are ever replaced, so cutting at them keeps the text valid UTF-8.
fn escape(text: &str, entity: impl Fn(u8) -> Option<&'static str>) -> Cow<'_, str> {
    let Some(first) = text.bytes().position(|byte| entity(byte).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut escaped = String::with_capacity(text.len() + 16);
    escaped.push_str(&text[..first]);
    let mut copied = first;
    for (at, byte) in text.bytes().enumerate().skip(first) {
        if let Some(replacement) = entity(byte) {
            escaped.push_str(&text[copied..at]);
            escaped.push_str(replacement);
            copied = at + 1;
        }
    }
    escaped.push_str(&text[copied..]);
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_escape_is_borrowed() {
        assert!(matches!(text("한글 \"따옴표\""), Cow::Borrowed(_)));
        assert_eq!(text("a < b && 가 > 나"), "a &lt; b &amp;&amp; 가 &gt; 나");
        assert_eq!(attribute("\"<가>\""), "&quot;&lt;가&gt;&quot;");
    }
}
