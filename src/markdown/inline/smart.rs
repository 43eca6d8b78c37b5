//! Typographic quotes and symbols alone, in text that isn't Markdown otherwise: what kramdown's
//! SmartyPants parser does.

use super::{Abbreviations, Context, Kind, Parser};
use crate::escape;
use crate::markdown::Options;
use crate::markdown::text::Text;
use crate::markdown::tree::Definitions;

/// A text with typographic quotes, dashes and dots. Tags and entities stay as they are; what else
/// HTML would take for markup is escaped. A line break at the end goes.
pub fn smartify(input: &str) -> String {
    let text = Text::document(input);
    let definitions = Definitions::default();
    let options = Options::default();
    let abbreviations = Abbreviations::default();
    let context =
        Context { definitions: &definitions, options: &options, abbreviations: &abbreviations };
    let mut parser = Parser::new(&text, 0..text.len(), &context);
    let mut out = String::with_capacity(input.len());
    let mut spans = Vec::new();
    while let Some(c) = parser.rest().chars().next() {
        if let Some(length) = markup(parser.rest()) {
            out.push_str(&parser.rest()[..length]);
            parser.at += length;
        } else if parser.symbol(&mut spans) || parser.quotes(&mut spans) {
            for span in spans.drain(..) {
                match span.kind {
                    Kind::Text(text) => out.push_str(&escape::text(&text)),
                    Kind::Character(c) => out.push_str(&escape::text(c.encode_utf8(&mut [0; 4]))),
                    _ => {}
                }
            }
        } else {
            out.push_str(&escape::text(c.encode_utf8(&mut [0; 4])));
            parser.at += c.len_utf8();
        }
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// The length of the tag or entity at the beginning.
fn markup(rest: &str) -> Option<usize> {
    if let Some(inner) = rest.strip_prefix('<') {
        let is_tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || "/!".contains(c));
        let end = inner.find(['<', '>']).filter(|&end| inner[end..].starts_with('>'));
        return end.filter(|_| is_tag).map(|end| end + 2);
    }
    let inner = rest.strip_prefix('&')?;
    let name = inner.strip_prefix('#').unwrap_or(inner);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric())?;
    let length = rest.len() - name.len() + end + 1;
    (end > 0 && name[end..].starts_with(';')).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::smartify;

    #[test]
    fn only_typography_changes() {
        for (text, expected) in [
            ("a & b", "a &amp; b"),
            ("\"x\" -- y... it's", "“x” – y… it’s"),
            (
                "<b>\"q\"</b> &amp; *a* <a href=\"x'y\">z</a> 'a'",
                "<b>“q”</b> &amp; *a* <a href=\"x'y\">z</a> ‘a’",
            ),
            ("한글 \"인용\"을 << 가 >>", "한글 “인용”을 «\u{a0}가\u{a0}»"),
            ("a < b > c", "a &lt; b &gt; c"),
            ("  lead\n\n trail \n", "  lead\n\n trail "),
        ] {
            assert_eq!(smartify(text), expected, "{text}");
        }
    }
}
