//! The scenario language: from a fenced block to measures and verdicts.
//!
//! [`parse`] reads a [`Block`] into a [`Scenario`]; [`Scenario::run`] gives its [`Outcome`].

pub mod expression;
pub mod limit;
pub mod outcome;
pub mod view;

use crate::aws::catalogue::Catalogue;
use crate::diagnostic::Staged;
use crate::span::Mapped;

pub use outcome::Outcome;

/// A fenced `scenario` block as it stands in a document.
#[derive(Clone, Debug)]
pub struct Block {
    /// The YAML, with list indentation and quote marks taken off, mapped to the author's file.
    pub yaml: Mapped,
}

/// A block that was understood: resolved, checked, ready to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The author's name for it, unique in the site.
    pub id: String,
}

/// Reads a block. Without a value when it has errors; warnings may come beside a value.
pub fn parse(_block: &Block, _catalogue: &Catalogue) -> Staged<Option<Scenario>> {
    todo!()
}

impl Scenario {
    /// The key of the resolved scenario: a hash (64 hexadecimal digits) over the block's meaning,
    /// the catalogue entries that it reads, the engine's version and the seed. Scenarios with
    /// equal keys have equal outcomes.
    pub fn key(&self) -> &str {
        todo!()
    }

    /// Runs every variant and judges the expectations. Diagnostics are the expectations that don't
    /// hold, those that can't be judged (type errors), and runs that pass their bounds.
    pub fn run(&self, _catalogue: &Catalogue) -> Staged<Outcome> {
        todo!()
    }
}
