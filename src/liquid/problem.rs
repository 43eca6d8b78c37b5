//! What goes wrong in a template: Ruby Liquid's words for the page, ours for the author.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::span::Mapped;

/// A `{{` or `{%` that is never closed.
pub const UNCLOSED_DELIMITER: Code = Code("E0301");
/// A tag that neither Liquid nor the host knows.
pub const UNKNOWN_TAG: Code = Code("E0302");
/// A block without its end, an end without its block, a branch outside of its block.
pub const UNBALANCED_BLOCK: Code = Code("E0303");
/// A tag whose arguments can't be read.
pub const TAG_SYNTAX: Code = Code("E0304");
/// An operation that failed while rendering: a division by zero, a comparison across kinds.
pub const RENDER_ERROR: Code = Code("E0305");
/// A filter that doesn't exist, where the site asks for strict filters.
pub const UNKNOWN_FILTER: Code = Code("E0306");
/// A variable that doesn't exist, where the site asks for strict variables.
pub const UNKNOWN_VARIABLE: Code = Code("E0307");
/// A member that an object of the host says it doesn't have.
pub const MISSING_MEMBER: Code = Code("E0308");
/// A template that asks for more work, text or nesting than the bounds allow.
pub const LIMIT: Code = Code("E0309");
/// A `josa` filter whose argument isn't a Korean particle.
pub const NOT_A_PARTICLE: Code = Code("E0310");
/// Markup that only Liquid's lax reading accepts.
pub const LAX_MARKUP: Code = Code("W0311");

/// How Ruby Liquid announces a problem in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Liquid syntax error: …`
    Syntax,
    /// `Liquid error: …`
    Render,
    /// Nothing is printed: strict variables and filters only report.
    Silent,
    /// `Liquid error: …`, and the rendering ends here.
    Fatal,
}

/// Something that went wrong while a template was parsed or rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The rule.
    pub code: Code,
    /// How it shows in the page.
    pub kind: Kind,
    /// Ruby Liquid's words, printed into the page.
    pub ruby: String,
    /// Our words, one line.
    pub message: String,
    /// The words under the caret.
    pub label: String,
    /// Facts, a line each.
    pub notes: Vec<String>,
    /// Ways out, a line each.
    pub hints: Vec<String>,
    /// The bytes of the template's text; the node's own when `None`.
    pub range: Option<Range<usize>>,
    /// What the page shows instead of Ruby's words.
    pub replacement: Option<String>,
}

/// A value, or what went wrong on the way to it.
pub type Outcome<T> = Result<T, Box<Problem>>;

impl Problem {
    /// A problem with the same words for the page and for the author.
    pub fn new(code: Code, kind: Kind, message: impl Into<String>) -> Box<Self> {
        let message = message.into();
        Box::new(Self {
            code,
            kind,
            ruby: message.clone(),
            message,
            label: String::new(),
            notes: Vec::new(),
            hints: Vec::new(),
            range: None,
            replacement: None,
        })
    }

    /// An operation that failed while rendering; `message` is Ruby's.
    pub fn render(message: impl Into<String>) -> Box<Self> {
        Self::new(RENDER_ERROR, Kind::Render, message)
    }

    /// A failure inside Ruby's own methods, which Ruby Liquid reports as `internal`.
    pub fn internal(message: impl Into<String>) -> Box<Self> {
        Self::new(RENDER_ERROR, Kind::Render, message).in_ruby("internal")
    }

    /// A tag whose arguments can't be read; `message` is Ruby's.
    pub fn syntax(message: impl Into<String>) -> Box<Self> {
        Self::new(TAG_SYNTAX, Kind::Syntax, message)
    }

    /// A bound that was reached.
    pub fn limit(message: impl Into<String>) -> Box<Self> {
        Self::new(LIMIT, Kind::Fatal, message).in_ruby("Memory limits exceeded")
    }

    /// Sets the words for the page.
    pub fn in_ruby(mut self: Box<Self>, words: impl Into<String>) -> Box<Self> {
        self.ruby = words.into();
        self
    }

    /// Sets our words.
    pub fn message(mut self: Box<Self>, words: impl Into<String>) -> Box<Self> {
        self.message = words.into();
        self
    }

    /// Sets the place, unless it has one already.
    pub fn at(mut self: Box<Self>, range: Range<usize>) -> Box<Self> {
        self.range.get_or_insert(range);
        self
    }

    /// Adds a way out.
    pub fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hints.push(hint.into());
        self
    }

    /// The words under which Ruby Liquid raises the problem, with the line of the template's text.
    pub fn raised(&self, line: usize) -> String {
        match self.kind {
            Kind::Syntax => format!("Liquid syntax error (line {line}): {}", self.ruby),
            _ => format!("Liquid error (line {line}): {}", self.ruby),
        }
    }

    /// The text that the page shows, without a line number when `line` is `None`.
    pub fn shown(&self, line: Option<usize>) -> String {
        if let Some(replacement) = &self.replacement {
            return replacement.clone();
        }
        let name = match self.kind {
            Kind::Syntax => "Liquid syntax error",
            Kind::Silent => return String::new(),
            Kind::Render | Kind::Fatal => "Liquid error",
        };
        match line {
            Some(line) => format!("{name} (line {line}): {}", self.ruby),
            None => format!("{name}: {}", self.ruby),
        }
    }

    /// The diagnostic, with its place in the author's file.
    pub fn diagnostic(&self, text: &Mapped, node: &Range<usize>) -> Diagnostic {
        let range = self.range.clone().unwrap_or_else(|| node.clone());
        let mut diagnostic = Diagnostic::new(self.code, self.message.clone())
            .at(text.locate(range))
            .label(self.label.clone());
        diagnostic.notes.clone_from(&self.notes);
        diagnostic.hints.clone_from(&self.hints);
        diagnostic
    }
}
