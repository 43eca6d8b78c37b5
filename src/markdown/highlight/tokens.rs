//! Tokens on their way to HTML.

use crate::escape;

/// Writes tokens; those of one class that follow each other share a span.
pub struct Tokens {
    out: String,
    /// The class of the span that is open; none is text.
    open: &'static str,
}

impl Tokens {
    pub fn new(length: usize) -> Self {
        Self { out: String::with_capacity(length * 3), open: "" }
    }

    /// Writes a token. Text has no class.
    pub fn push(&mut self, class: &'static str, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.open != class {
            self.close();
            if !class.is_empty() {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
            }
            self.open = class;
        }
        self.out.push_str(&escape::text(text));
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.out.push_str("</span>");
            self.open = "";
        }
    }

    pub fn finish(mut self) -> String {
        self.close();
        self.out
    }
}
