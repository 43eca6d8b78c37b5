//! Prints text.

use std::borrow::Cow;
use std::ops::Range;

use super::{Inside, Note, Object, Printer};
use crate::escape;
use crate::markdown::inline::{self, Context, Kind, Span};
use crate::markdown::skeleton::{AMPERSAND, EDGE, GUARD, Hidden, hide, may_hide, push_reference};
use crate::markdown::tag;
use crate::markdown::text::Text;
use crate::markdown::tree::{AttributeList, Attributes};
use crate::markdown::{LinkKind, LinkUse, uses};

impl Printer<'_> {
    /// Whether a text has no spans, and is written as it stands.
    pub(super) fn is_bare(&self, text: &Text) -> bool {
        self.usual_text && inline::is_plain(text.as_str())
    }

    /// The spans of a text.
    pub(super) fn parse(&self, text: &Text) -> Vec<Span> {
        let context = Context {
            definitions: &self.document.definitions,
            options: self.options,
            abbreviations: &self.abbreviations,
        };
        inline::parse(text, &context, self.inside != Inside::Note)
    }

    pub(super) fn object(&mut self, object: Object) {
        push_reference(&mut self.out.text, self.out.objects.len());
        self.out.objects.push(object);
    }

    fn raw_object(&mut self, html: impl Into<String>) {
        self.object(Object::Raw(html.into()));
    }

    /// Prints text so that nothing in it means anything to CommonMark.
    pub(super) fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let (mut at, mut copied) = (0, 0);
        while let Some(found) = bytes[at..].iter().position(|&b| may_hide(b)) {
            at += found;
            let c = text[at..].chars().next().unwrap_or_default();
            let hidden = hide(c);
            let end = at + c.len_utf8();
            if !matches!(hidden, Hidden::As(same) if same == c) {
                self.out.text.push_str(&text[copied..at]);
                copied = end;
            }
            match hidden {
                Hidden::As(same) if same == c => {}
                Hidden::As(other) => self.out.text.push(other),
                Hidden::Reserved => self.raw_object(c.to_string()),
            }
            at = end;
        }
        self.out.text.push_str(&text[copied..]);
    }

    /// Prints HTML of which CommonMark sees only its number.
    fn piece(&mut self, html: String, before: &str, after: &str) {
        let index = self.out.pieces.len().to_string();
        self.out.pieces.push(html);
        self.out.text.push_str(before);
        self.out.text.push_str(&index);
        self.out.text.push_str(after);
    }

    pub(super) fn spans(&mut self, spans: &[Span]) {
        for span in spans {
            self.span(span);
        }
    }

    fn span(&mut self, span: &Span) {
        match &span.kind {
            Kind::Text(text) if self.options.remove_line_breaks_for_cjk => {
                self.text(&without_breaks(text));
            }
            Kind::Text(text) => self.text(text),
            Kind::Character('&') => self.out.text.push(AMPERSAND),
            Kind::Character(c) => self.text(c.encode_utf8(&mut [0; 4])),
            Kind::Entity(entity) => self.raw_object(entity.html.as_str()),
            Kind::Emphasis => self.marked("*", "em", span),
            Kind::Strong => self.marked("**", "strong", span),
            Kind::Deleted => self.marked("~~", "del", span),
            Kind::Code(code) => {
                let html = self.code_span(code, &span.attributes);
                self.piece(html, "`", "`");
            }
            Kind::Link(range) => self.link(span, range.clone()),
            Kind::Image(range) => self.image(span, range.clone()),
            Kind::Html(name, range) => self.element(name, range, span),
            Kind::Verbatim(html) => self.raw_object(html.as_str()),
            Kind::Math(formula) => self.math(formula, &span.attributes),
            Kind::Footnote(name) => self.footnote(name),
            Kind::Break => self.raw_object("<br />"),
            Kind::Abbreviation(name) => self.abbreviation(name),
        }
    }

    /// Prints an emphasis whose marks CommonMark pairs as kramdown did.
    fn marked(&mut self, mark: &str, name: &str, span: &Span) {
        if !span.attributes.is_empty() {
            let open = self.open_tag(name, &span.attributes);
            self.raw_object(open);
            self.spans(&span.children);
            self.raw_object(format!("</{name}>"));
            return;
        }
        self.out.text.push(EDGE);
        self.out.text.push_str(mark);
        self.out.text.push(GUARD);
        self.spans(&span.children);
        self.out.text.push(GUARD);
        self.out.text.push_str(mark);
        self.out.text.push(EDGE);
    }

    fn link(&mut self, span: &Span, range: Range<usize>) {
        self.out.links.push(LinkUse {
            destination: span.attributes.get("href").unwrap_or_default().to_owned(),
            kind: LinkKind::Link,
            range,
            alt_missing: false,
        });
        let open = self.open_tag("a", &span.attributes);
        self.out.text.push('[');
        self.out.text.push(GUARD);
        self.spans(&span.children);
        self.out.text.push(GUARD);
        self.piece(open, "](", ")");
    }

    fn image(&mut self, span: &Span, range: Range<usize>) {
        self.out.links.push(LinkUse {
            destination: span.attributes.get("src").unwrap_or_default().to_owned(),
            kind: LinkKind::Image,
            range,
            alt_missing: span.attributes.get("alt").unwrap_or_default().trim().is_empty(),
        });
        let mut html = self.open_tag("img", &span.attributes);
        html.pop();
        html.push_str(" />");
        self.piece(html, "![](", ")");
    }

    fn element(&mut self, name: &str, range: &Range<usize>, span: &Span) {
        let places = span.attributes.iter().map(|(name, _)| (name.to_owned(), range.clone()));
        let links = &mut self.out.links;
        uses::note(name, &span.attributes, places, links, &mut self.out.anchors);
        let mut open = format!("<{name}");
        tag::write_attributes(&mut open, &span.attributes);
        if span.children.is_empty() && tag::is_void(name) {
            open.push_str(" />");
            self.raw_object(open);
            return;
        }
        open.push('>');
        self.raw_object(open);
        self.spans(&span.children);
        self.raw_object(format!("</{name}>"));
    }

    fn math(&mut self, formula: &str, attributes: &Attributes) {
        let formula = escape::text(formula);
        let mut attributes = Cow::Borrowed(attributes);
        if !self.options.mathjax {
            attributes.to_mut().add_class("kdmath");
        }
        if attributes.is_empty() {
            self.raw_object(format!("\\({formula}\\)"));
        } else {
            let attributes = attributes.as_ref();
            let open = self.open_tag("span", attributes);
            self.raw_object(format!("{open}${formula}$</span>"));
        }
    }

    fn footnote(&mut self, name: &str) {
        let start = self.options.footnote_nr;
        let name = format!("{}{name}", self.options.footnote_prefix);
        let known = self.notes_by_name.get(&name).copied();
        let index = known.unwrap_or(self.out.notes.len());
        let mut repeat = String::new();
        match self.out.notes.get_mut(index) {
            Some(note) => {
                note.repeats += 1;
                repeat = format!(":{}", note.repeats);
            }
            None => {
                self.notes_by_name.insert(name.clone(), index);
                self.out.notes.push(Note { name: name.clone(), repeats: 0 });
            }
        }
        self.out.anchors.push(format!("fnref:{name}{repeat}"));
        let number = start.saturating_add(i64::try_from(index).unwrap_or(i64::MAX));
        self.object(Object::Footnote(format!(
            "<sup id=\"fnref:{name}{repeat}\" role=\"doc-noteref\"><a href=\"#fn:{name}\" \
             class=\"footnote\" rel=\"footnote\">{number}</a></sup>"
        )));
    }

    fn abbreviation(&mut self, name: &str) {
        let mut attributes = Attributes::default();
        let definitions = &self.document.definitions;
        if let Some((title, list)) = definitions.abbreviations.get(name)
            && definitions.expand(title.len() + list.as_ref().map_or(0, AttributeList::weight))
        {
            attributes = self.attributes(&attributes, list.as_ref());
            if !title.is_empty() {
                attributes.set("title", title.as_str());
            }
        }
        let open = self.open_tag("abbr", &attributes);
        self.raw_object(format!("{open}{}</abbr>", escape::text(name)));
    }
}

/// Text in which Chinese and Japanese characters follow each other across line breaks.
fn without_breaks(text: &str) -> String {
    let is_cjk = |c: &char| {
        matches!(c, '々' | '〇' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}'
            | '\u{30a1}'..='\u{30fa}' | '\u{30fd}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{323af}')
    };
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let between = c == '\n'
            && out.chars().next_back().is_some_and(|c| is_cjk(&c))
            && chars.peek().is_some_and(is_cjk);
        if !between {
            out.push(c);
        }
    }
    out
}
