//! XML as feeds and sitemaps need it. The room of the `quick-xml` crate.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::date::{Moment, Zone};

/// An XML document that is being written. Writing into memory can't fail, so no method says that it
/// did.
pub struct Document {
    writer: Writer<Vec<u8>>,
}

impl Document {
    /// A document that is empty but for its declaration.
    pub fn new() -> Self {
        let mut document = Self { writer: Writer::new(Vec::new()) };
        document.write(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        document.line();
        document
    }

    fn write(&mut self, event: Event<'_>) {
        let _ = self.writer.write_event(event);
    }

    fn line(&mut self) {
        self.writer.get_mut().push(b'\n');
    }

    fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute((*key, &*clean(value)));
        }
        start
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Start(Self::start(name, attributes)));
        self.line();
    }

    /// Closes an element.
    pub fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
        self.line();
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Empty(Self::start(name, attributes)));
        self.line();
    }

    /// An element with text.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.write(Event::Start(Self::start(name, attributes)));
        self.write(Event::Text(BytesText::new(&clean(text))));
        self.close(name);
    }

    /// The document.
    pub fn finish(self) -> String {
        String::from_utf8(self.writer.into_inner()).unwrap_or_default()
    }
}

/// The text without the characters that XML 1.0 can't hold even as references (its production 2).
fn clean(text: &str) -> Cow<'_, str> {
    let allowed = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        c => c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'),
    };
    if text.chars().all(allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| allowed(c)).collect())
}

/// A URL in ASCII: what isn't, and what no URL may hold, is percent-encoded. What is encoded
/// already stays.
pub fn ascii_url(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The point in time that a date names, in any of the forms that front matter may have. A day
/// without a time is its beginning, and what has no offset is in UTC; `None` for text that is no
/// date.
pub fn moment(date: &str) -> Option<Moment> {
    Moment::parse(date, &Zone::utc()).ok()
}

/// A date as a point in time by RFC 3339; `None` for text that is no date.
pub fn timestamp(date: &str) -> Option<String> {
    moment(date).map(|moment| moment.xmlschema())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_gives_well_formed_xml() {
        let mut document = Document::new();
        document.text("a", &[("b", "\"<&>'\u{1}\n")], "]]> <x> & \u{0}\u{b}\u{ffff}가 \u{1f600}");
        let xml = document.finish();
        let mut reader = quick_xml::Reader::from_str(&xml);
        let mut text = String::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Text(piece) => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(_) => text.push('&'),
                _ => {}
            }
        }
        assert!(text.contains('가') && text.contains('\u{1f600}'), "{text}");
        assert!(!xml.contains(['\0', '\u{1}', '\u{b}', '\u{ffff}']));
    }

    #[test]
    fn times_are_written_by_rfc_3339() {
        for (date, expected) in [
            ("2026-01-04", Some("2026-01-04T00:00:00+00:00")),
            ("2026/01/04", Some("2026-01-04T00:00:00+00:00")),
            ("2026-01-04 09:00", Some("2026-01-04T09:00:00+00:00")),
            ("2026-01-04 09:00:00 +0900", Some("2026-01-04T09:00:00+09:00")),
            ("2026-01-04 09:00:00 UTC", Some("2026-01-04T09:00:00+00:00")),
            ("2026-01-04T09:00:00+09:00", Some("2026-01-04T09:00:00+09:00")),
            ("어제", None),
            ("2026-02-30", None),
            ("<updated>", None),
            ("", None),
        ] {
            assert_eq!(timestamp(date).as_deref(), expected, "{date}");
        }
    }

    #[test]
    fn urls_are_ascii_and_not_encoded_twice() {
        assert_eq!(
            ascii_url("https://a.b/태그/x y/%EA"),
            "https://a.b/%ED%83%9C%EA%B7%B8/x%20y/%EA"
        );
    }
}
