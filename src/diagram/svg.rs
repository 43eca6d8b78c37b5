//! The SVG writer: elements with escaped attributes, ids under one prefix, a title and a
//! description for those who can't see it.

use std::fmt::Write;

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::path::{Path, coordinate};
use crate::diagram::{Format, Words};
use crate::escape;

/// The attributes of an element.
#[derive(Clone, Debug, Default)]
pub struct Attributes(String);

impl Attributes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An attribute with a text, which is escaped.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.0, " {name}=\"{}\"", escape::attribute(value));
        self
    }

    /// An attribute with a coordinate or length.
    pub fn at(mut self, name: &str, value: f64) -> Self {
        let _ = write!(self.0, " {name}=\"{}\"", coordinate(value));
        self
    }
}

/// Where a text stands relative to its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// The size in pixels.
    pub size: f64,
    /// The colour.
    pub ink: Ink,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether a rim of the ground keeps it legible over other things.
    pub rim: bool,
}

impl Lettering {
    /// Plain text.
    pub fn plain(size: f64, ink: Ink) -> Self {
        Self { size, ink, bold: false, rim: false }
    }

    /// The same, bold.
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same, with a rim.
    pub fn rimmed(self) -> Self {
        Self { rim: true, ..self }
    }
}

/// An SVG under construction.
#[derive(Clone, Debug)]
pub struct Svg {
    format: Format,
    prefix: String,
    body: String,
    definitions: String,
    patterns: Vec<Fill>,
}

impl Svg {
    /// An empty SVG whose ids all begin with `prefix`. Characters that have a meaning in ids or
    /// references are replaced, different prefixes stay different.
    pub fn new(prefix: &str, format: Format) -> Self {
        Self {
            format,
            prefix: format!("{}-{}", identifier(prefix), format.name),
            body: String::new(),
            definitions: String::new(),
            patterns: Vec::new(),
        }
    }

    /// The format that it is drawn for.
    pub fn format(&self) -> Format {
        self.format
    }

    /// An element without content.
    pub fn element(&mut self, name: &str, attributes: Attributes) {
        let _ = write!(self.body, "<{name}{}/>", attributes.0);
    }

    /// A text; an empty one leaves no trace.
    pub fn text(&mut self, x: f64, y: f64, anchor: Anchor, lettering: Lettering, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut attributes = Attributes::new().at("x", x).at("y", y);
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => attributes = attributes.set("text-anchor", "middle"),
            Anchor::End => attributes = attributes.set("text-anchor", "end"),
        }
        if lettering.size != self.format.label {
            attributes = attributes.at("font-size", lettering.size);
        }
        if lettering.ink != Ink::Text {
            attributes = attributes.set("fill", lettering.ink.css());
        }
        if lettering.bold {
            attributes = attributes.set("font-weight", "700");
        }
        if lettering.rim {
            attributes = attributes
                .set("stroke", Ink::Ground.css())
                .set("stroke-width", "3")
                .set("stroke-linejoin", "round")
                .set("paint-order", "stroke");
        }
        let _ = write!(self.body, "<text{}>{}</text>", attributes.0, escape::text(text));
    }

    /// A filled path.
    pub fn fill(&mut self, path: &Path, fill: Fill) {
        if path.is_empty() {
            return;
        }
        let paint = self.paint(fill);
        let mut attributes = Attributes::new().set("d", path.data()).set("fill", &paint);
        match fill {
            Fill::Outlined(ink) => attributes = attributes.set("stroke", ink.css()),
            // A rim of ground parts an area from its neighbours, also in grey print.
            Fill::Solid(Ink::Series(_)) => {
                attributes = attributes.set("stroke", Ink::Ground.css());
            }
            _ => {}
        }
        self.element("path", attributes);
    }

    /// A path as a line of a width, in a fill's colour and pattern.
    pub fn stroke(&mut self, path: &Path, fill: Fill, width: f64) {
        self.stroke_with(path, fill, width, None);
    }

    /// A path as a line of dashes.
    pub fn dashes(&mut self, path: &Path, ink: Ink, width: f64, dashes: &str) {
        self.stroke_with(path, Fill::Solid(ink), width, Some(dashes));
    }

    fn stroke_with(&mut self, path: &Path, fill: Fill, width: f64, dashes: Option<&str>) {
        if path.is_empty() {
            return;
        }
        let paint = self.paint(fill);
        let mut attributes =
            Attributes::new().set("d", path.data()).set("fill", "none").set("stroke", &paint);
        if width != 1.0 {
            attributes = attributes.at("stroke-width", width);
        }
        if let Some(dashes) = dashes {
            attributes = attributes.set("stroke-dasharray", dashes);
        }
        self.element("path", attributes);
    }

    /// The paint of a fill; a pattern is defined when it is first used.
    fn paint(&mut self, fill: Fill) -> String {
        let kind = match fill {
            Fill::Solid(ink) => return ink.css().to_owned(),
            Fill::Outlined(_) => return "none".to_owned(),
            Fill::Hatched(_) => "hatch",
            Fill::Dotted(_) => "dots",
        };
        let known = self.patterns.iter().position(|&pattern| pattern == fill);
        let index = known.unwrap_or_else(|| {
            self.patterns.push(fill);
            self.patterns.len() - 1
        });
        let id = format!("{}-{kind}{index}", self.prefix);
        if known.is_none() {
            let ink = fill.ink().css();
            let _ = match fill {
                Fill::Dotted(_) => write!(
                    self.definitions,
                    "<pattern id=\"{id}\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">\
                     <circle cx=\"2\" cy=\"2\" r=\"1\" fill=\"{ink}\"/></pattern>"
                ),
                _ => write!(
                    self.definitions,
                    "<pattern id=\"{id}\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" \
                     patternTransform=\"rotate(45)\"><path d=\"M1 0v4\" stroke=\"{ink}\" \
                     stroke-width=\"1.7\"/></pattern>"
                ),
            };
        }
        format!("url(#{id})")
    }

    /// The whole SVG with its height in pixels.
    pub fn finish(self, height: f64, words: &Words) -> String {
        let Self { format, prefix, body, definitions, .. } = self;
        let definitions = if definitions.is_empty() {
            definitions
        } else {
            format!("<defs>{definitions}</defs>")
        };
        format!(
            "<svg class=\"diagram diagram-{}\" role=\"img\" viewBox=\"0 0 {} {}\" width=\"100%\" \
             aria-labelledby=\"{prefix}-title {prefix}-desc\" font-size=\"{}\" fill=\"{}\">\
             <title id=\"{prefix}-title\">{}</title><desc id=\"{prefix}-desc\">{}</desc>\
             {definitions}{body}</svg>",
            format.name,
            coordinate(format.width),
            coordinate(height),
            coordinate(format.label),
            Ink::Text.css(),
            escape::text(&words.title),
            escape::text(&words.description),
        )
    }
}

/// An id that needs no escape in HTML, in `url(#…)` or in a list of ids.
pub fn identifier(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || c == '-' {
            id.push(c);
        } else if c == '_' {
            id.push_str("__");
        } else {
            let _ = write!(id, "_{:x}_", u32::from(c));
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::WIDE;

    #[test]
    fn texts_and_ids_are_escaped() {
        let mut svg = Svg::new("a \"b\"<c", WIDE);
        svg.text(1.0, 2.0, Anchor::Start, Lettering::plain(14.0, Ink::Text), "<&\"");
        let words = Words { title: "a<b".into(), description: "c&d".into() };
        let out = svg.finish(10.0, &words);
        assert!(out.contains(">&lt;&amp;\"</text>"), "{out}");
        assert!(out.contains("id=\"a_20__22_b_22__3c_c-wide-title\">a&lt;b<"), "{out}");
    }

    #[test]
    fn a_pattern_is_defined_once() {
        let mut svg = Svg::new("x", WIDE);
        let mut path = Path::default();
        path.rectangle(0.0, 0.0, 5.0, 5.0);
        svg.fill(&path, Fill::Hatched(Ink::Wait));
        svg.fill(&path, Fill::Hatched(Ink::Wait));
        let out = svg.finish(10.0, &Words::default());
        assert_eq!(out.matches("<pattern").count(), 1);
        assert_eq!(out.matches("fill=\"url(#x-wide-hatch0)\"").count(), 2);
    }
}
