//! The text of spans without their mark-up.

use super::{Kind, Span};

/// The text of spans from which a heading's id is made.
pub fn plain_text(spans: &[Span], out: &mut String) {
    for span in spans {
        match &span.kind {
            Kind::Text(text) | Kind::Code(text) | Kind::Math(text) => out.push_str(text),
            Kind::Character(c) => out.push(*c),
            Kind::Entity(entity) => out.push_str(&entity.text),
            Kind::Abbreviation(_) => {}
            _ => plain_text(&span.children, out),
        }
    }
}

/// The text of spans alone, without code and characters that stand for others.
pub fn bare_text(spans: &[Span], out: &mut String) {
    for span in spans {
        match &span.kind {
            Kind::Text(text) => out.push_str(text),
            _ => bare_text(&span.children, out),
        }
    }
}
