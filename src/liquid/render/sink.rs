//! Where rendered text goes: the page, or a text that is being captured.

use std::ops::Range;

use crate::liquid::template::Template;
use crate::span::{Mapped, Place};

#[derive(Default)]
pub(super) struct Sink {
    mapped: Mapped,
    captures: Vec<String>,
}

impl Sink {
    /// A sink for text with places, or without.
    pub(super) fn new(with_places: bool) -> Self {
        let captures = if with_places { Vec::new() } else { vec![String::new()] };
        Self { mapped: Mapped::new(), captures }
    }

    /// How many bytes the innermost text has.
    pub(super) fn len(&self) -> usize {
        self.captures.last().map_or(self.mapped.text().len(), String::len)
    }

    pub(super) fn begin_capture(&mut self) {
        self.captures.push(String::new());
    }

    pub(super) fn end_capture(&mut self) -> String {
        self.captures.pop().unwrap_or_default()
    }

    /// Literal text of a template.
    pub(super) fn source(&mut self, template: &Template, range: Range<usize>) {
        match self.captures.last_mut() {
            Some(text) => text.push_str(template.source().text().get(range).unwrap_or_default()),
            None => self.mapped.push_mapped(template.source(), range),
        }
    }

    /// Text that a node of a template computed.
    pub(super) fn derived(&mut self, text: &str, place: impl FnOnce() -> Option<Place>) {
        if text.is_empty() {
            return;
        }
        if let Some(captured) = self.captures.last_mut() {
            captured.push_str(text);
        } else if let Some(place) = place() {
            self.mapped.push_derived(text, &place);
        }
    }

    pub(super) fn finish(mut self) -> (Mapped, String) {
        let text = self.captures.pop().unwrap_or_default();
        (self.mapped, text)
    }
}
