//! What a parsed template consists of. Every node keeps its bytes in the template's text.

use std::any::Any;
use std::ops::Range;

use super::condition::{Comparison, Condition};
use super::expression::{Expression, Pipeline};

/// Nodes in their order.
#[derive(Debug, Default)]
pub struct Body {
    pub(super) nodes: Vec<Node>,
    /// Whether it can print nothing but white space.
    pub(super) blank: bool,
}

/// A stretch of a template.
#[derive(Debug)]
pub(super) struct Node {
    /// The bytes of the template's text; of a block its first tag.
    pub(super) range: Range<usize>,
    pub(super) kind: NodeKind,
    /// Whether it can print nothing but white space; its errors aren't printed then.
    pub(super) blank: bool,
}

/// The kinds of [`Node`].
#[derive(Debug)]
pub(super) enum NodeKind {
    /// Literal text: `range` of the node.
    Text,
    /// Text between the tags of `raw`.
    Raw(Range<usize>),
    /// A comment.
    Nothing,
    /// What Ruby prints in place of a tag that couldn't be read.
    Broken(String),
    Output(Pipeline),
    Assign(String, Pipeline),
    Capture(String, Body),
    /// `increment` and `decrement`: the counter's name and whether it goes up.
    Counter(String, bool),
    If(Vec<(Condition, Body)>, Option<Body>),
    /// `unless` fails where its first condition holds.
    Unless(Vec<(Condition, Body)>, Option<Body>),
    Case(Vec<(When, Body)>),
    For(Box<For>),
    Tablerow(Box<Tablerow>),
    Cycle(Cycle),
    Ifchanged(Body),
    Break,
    Continue,
    Custom(CustomTag),
}

/// A branch of `case`.
#[derive(Debug)]
pub(super) enum When {
    /// Each comparison that holds prints the branch, as in Ruby.
    Values(Vec<Comparison>),
    Else,
}

#[derive(Debug)]
pub(super) struct For {
    pub(super) variable: String,
    /// The name by which `offset: continue` finds the place again.
    pub(super) name: String,
    pub(super) collection: Expression,
    pub(super) limit: Option<Expression>,
    pub(super) offset: Option<Offset>,
    pub(super) reversed: bool,
    pub(super) body: Body,
    pub(super) otherwise: Option<Body>,
}

#[derive(Debug)]
pub(super) enum Offset {
    Continue,
    At(Expression),
}

#[derive(Debug)]
pub(super) struct Tablerow {
    pub(super) variable: String,
    pub(super) collection: Expression,
    pub(super) columns: Option<Expression>,
    pub(super) limit: Option<Expression>,
    pub(super) offset: Option<Expression>,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) struct Cycle {
    pub(super) name: CycleName,
    pub(super) values: Vec<Expression>,
}

#[derive(Debug)]
pub(super) enum CycleName {
    /// Given in the template.
    Named(Expression),
    /// The values themselves, where all are literals.
    Values(String),
    /// The tag's own place: values with variables share nothing with other tags.
    Place,
}

/// A tag of the host in a template.
pub struct CustomTag {
    pub(super) name: String,
    pub(super) markup: Range<usize>,
    pub(super) arguments: Box<dyn Any + Send + Sync>,
    pub(super) body: Body,
    pub(super) raw: Range<usize>,
    pub(super) range: Range<usize>,
}

impl CustomTag {
    /// The tag's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the host's parser made of the markup.
    pub fn arguments<T: 'static>(&self) -> Option<&T> {
        self.arguments.downcast_ref()
    }

    /// The bytes of what stands behind the name in the template's text.
    pub fn markup(&self) -> Range<usize> {
        self.markup.clone()
    }

    /// The bytes of the whole (first) tag in the template's text.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What stands between a block's tags.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The bytes between the tags of a block that isn't read as Liquid.
    pub fn raw(&self) -> Range<usize> {
        self.raw.clone()
    }
}

impl std::fmt::Debug for CustomTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CustomTag({} {:?})", self.name, self.range)
    }
}
