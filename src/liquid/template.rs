//! Parsed templates, and the tags that a host adds to the language.

use std::any::Any;
use std::collections::BTreeMap;

use super::node::Body;
use super::parse::Parser;
use super::problem::{Outcome, Problem};
use super::scan::Markup;
use crate::diagnostic::Staged;
use crate::span::Mapped;

/// How markup is read that isn't as it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// As Ruby Liquid's regular expressions happen to read it.
    #[default]
    Lax,
    /// By the grammar where possible, otherwise laxly and with a warning. Jekyll's own default.
    Warn,
    /// By the grammar only.
    Strict,
}

/// What a host's tag looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A tag by itself.
    Inline,
    /// A tag with an end, between them a template.
    Block,
    /// A tag with an end, between them text that isn't read as Liquid.
    Raw,
}

/// Reads the arguments of a host's tag.
pub type ParseArguments = fn(Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>>;

/// The language of a site's templates: Liquid's own tags and those of the host.
#[derive(Clone, Debug, Default)]
pub struct Dialect {
    pub(super) mode: Mode,
    pub(super) tags: BTreeMap<String, (Shape, ParseArguments)>,
}

impl Dialect {
    /// Liquid without further tags.
    pub fn new(mode: Mode) -> Self {
        Self { mode, tags: BTreeMap::new() }
    }

    /// Adds a tag, or replaces one of Liquid's own.
    pub fn tag(mut self, name: &str, shape: Shape, arguments: ParseArguments) -> Self {
        self.tags.insert(name.to_owned(), (shape, arguments));
        self
    }
}

/// A parsed template. It can be shared between threads, and rendered any number of times.
#[derive(Debug)]
pub struct Template {
    pub(super) source: Mapped,
    pub(super) body: Body,
    pub(super) error: Option<Box<Problem>>,
}

impl Template {
    /// Parses a text. What can't be read is a diagnostic, and the rest still becomes a template.
    pub fn parse(source: &Mapped, dialect: &Dialect) -> Staged<Self> {
        let (body, error, diagnostics) = Parser::new(source, dialect).template();
        Staged::new(Self { source: source.clone(), body, error }, diagnostics)
    }

    /// The first mistake for which Ruby Liquid would refuse the whole template.
    pub fn error(&self) -> Option<&Problem> {
        self.error.as_deref()
    }

    /// The text.
    pub fn source(&self) -> &Mapped {
        &self.source
    }

    /// The line of a byte, from 1, in the template's text.
    pub fn line(&self, at: usize) -> usize {
        let before = self.source.text().as_bytes().get(..at).unwrap_or_default();
        before.iter().filter(|&&byte| byte == b'\n').count() + 1
    }
}
