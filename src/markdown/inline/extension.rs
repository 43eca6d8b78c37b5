//! Attribute lists of spans, and extensions in text.

use super::{Kind, Parser, Span};
use crate::markdown::block::extension::{MAX_LIST, closing_brace, opening, read_attributes};
use crate::markdown::mark;
use crate::markdown::tree::AttributeList;

impl Parser<'_> {
    /// Parses `{: …}` after a span, or an extension; `false` if the brace is text.
    pub(super) fn extension(&mut self, spans: &mut Vec<Span>) -> bool {
        if self.rest().starts_with("{:/") {
            return false;
        }
        if let Some(found) = opening(self.text, self.at) {
            let mut body = "";
            let mut end = found.end;
            if !found.closed {
                let Some((length, after)) = closing(&self.text[found.end..], found.name) else {
                    self.spend((self.text.len() - found.end) / 8);
                    return false;
                };
                body = &self.text[found.end..found.end + length];
                end = found.end + after;
            }
            let mut list = AttributeList::default();
            read_attributes(found.options, &mut list);
            let html = match found.name {
                "comment" if found.closed => String::new(),
                "comment" => format!("<!-- {} -->", mark::strip(body)),
                "nomarkdown" => {
                    let kinds = list.attributes.get("type").unwrap_or_default();
                    let html = kinds.split_whitespace().any(|kind| kind == "html");
                    if kinds.is_empty() || html { body.to_owned() } else { String::new() }
                }
                "options" => String::new(),
                _ => return false,
            };
            if !html.is_empty() {
                spans.push(Span::new(Kind::Verbatim(html)));
            }
            self.at = end;
            return true;
        }
        self.span_list(spans)
    }

    fn span_list(&mut self, spans: &mut [Span]) -> bool {
        let Some(close) = closing_brace(self.text, self.at + 2) else {
            self.spend(MAX_LIST / 8);
            return false;
        };
        let Some(last) = spans.last_mut().filter(|span| !matches!(span.kind, Kind::Text(_))) else {
            return false;
        };
        let mut list = AttributeList::default();
        read_attributes(&self.text[self.at + 2..close], &mut list);
        self.context.definitions.apply(&list, &mut last.attributes);
        last.references.append(&mut list.references);
        self.at = close + 1;
        true
    }
}

/// Where the closing tag of an extension begins, and the offset after it.
fn closing(text: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("{:/") {
        let start = from + found;
        let rest = &text[start + 3..];
        let rest = rest.strip_prefix(name).unwrap_or(rest);
        if rest.starts_with('}') {
            return Some((start, text.len() - rest.len() + 1));
        }
        from = start + 3;
    }
    None
}
