//! Expectations as expressions: a subset of CEL plus units, Unicode names and byte spans.
//!
//! Values are [`Measure`]s. Where this language differs from CEL:
//!
//! - a literal may carry a unit (`250ms`, `5%`, `100/s`, `512MB`, `0.2USD`, `$0.2`); dimensions
//!   are checked, and a rate times a duration is a bare number;
//! - there is one kind of number, and `/` divides exactly (`1 / 2` is 0.5), because that is what
//!   the reader of a study note expects;
//! - numbers that differ by less than one part in 10¹² are equal, so `rate == 7%` can hold;
//! - `&&`, `||` and `?:` evaluate from left to right and only as far as needed, but every name
//!   in an expectation must exist, reached or not;
//! - a `%` that touches a number is the unit (`5%`), unless an operand follows at once (`10%3`);
//! - `near(a, b, 5%)` says that `a` lies within 5 % of `b`; `near(a, b, 10ms)` within 10 ms.

mod call;
pub mod dimension;
pub mod evaluate;
pub mod explain;
pub mod lexer;
pub mod name;
pub mod parser;

use std::ops::Range;

use crate::diagnostic::Code;
use crate::scenario::outcome::Measure;

/// An expression with its place in the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// The bytes of the text, brackets around it excluded.
    pub span: Range<usize>,
    /// How many levels are below and including this one.
    pub depth: usize,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number, quantity, text, `true`, `false` or `null`.
    Literal(Measure),
    /// A name on its own.
    Name(String),
    /// `base.name`.
    Member(Box<Expression>, Label),
    /// `base[index]`.
    Index(Box<Expression>, Box<Expression>),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `!a`.
    Not(Box<Expression>),
    /// `-a`.
    Minus(Box<Expression>),
    /// `a op b`.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// `a ? b : c`.
    Conditional(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `function(a, b)`; a method's receiver is the first argument.
    Call(Function, Vec<Expression>),
    /// `list.all(name, body)`.
    Macro(Macro, Box<Expression>, Label, Box<Expression>),
}

/// A name with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The name.
    pub name: String,
    /// The bytes of the text.
    pub span: Range<usize>,
}

/// The binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// Whether it compares two values by equality or order.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessOrEqual
                | Self::Greater
                | Self::GreaterOrEqual
        )
    }

    /// The comparison with its sides swapped: `<` for `>`.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            other => other,
        }
    }
}

/// The functions and methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `size(x)`: the length of a list, a text (in characters) or a group.
    Size,
    /// `has(a.b)`: whether the name leads somewhere and something was measured.
    Has,
    /// `abs(x)`.
    Abs,
    /// `min(a, b, …)` or `min(list)`.
    Min,
    /// `max(a, b, …)` or `max(list)`.
    Max,
    /// `round(x)` to a whole number, or `round(x, unit)` to a multiple: `round(p99, 10ms)`.
    Round,
    /// `near(a, b, tolerance)`.
    Near,
    /// `text.contains(text)`.
    Contains,
    /// `text.startsWith(text)`.
    StartsWith,
    /// `text.endsWith(text)`.
    EndsWith,
}

impl Function {
    /// All functions by name, with the least and greatest number of arguments (a method's receiver
    /// included) and how a call is written.
    pub const ALL: [(&'static str, Self, usize, usize, &'static str); 10] = [
        ("size", Self::Size, 1, 1, "size(list)"),
        ("has", Self::Has, 1, 1, "has(orders.duration.p99)"),
        ("abs", Self::Abs, 1, 1, "abs(x)"),
        ("min", Self::Min, 1, 32, "min(a, b)"),
        ("max", Self::Max, 1, 32, "max(a, b)"),
        ("round", Self::Round, 1, 2, "round(x, 10ms)"),
        ("near", Self::Near, 3, 3, "near(measured, expected, 5%)"),
        ("contains", Self::Contains, 2, 2, "text.contains(\"…\")"),
        ("startsWith", Self::StartsWith, 2, 2, "text.startsWith(\"…\")"),
        ("endsWith", Self::EndsWith, 2, 2, "text.endsWith(\"…\")"),
    ];

    /// The name and the form of a call.
    pub fn name(self) -> (&'static str, &'static str) {
        let row = Self::ALL.iter().find(|row| row.1 == self);
        row.map_or(("", ""), |row| (row.0, row.4))
    }
}

/// The macros over lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Macro {
    /// Whether the body holds for every element.
    All,
    /// Whether it holds for one or more.
    Exists,
    /// Whether it holds for exactly one.
    ExistsOne,
    /// The body's value for each element.
    Map,
    /// The elements for which the body holds.
    Filter,
}

impl Macro {
    /// All macros by name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("all", Self::All),
        ("exists", Self::Exists),
        ("exists_one", Self::ExistsOne),
        ("map", Self::Map),
        ("filter", Self::Filter),
    ];
}

/// What is wrong with an expression, at a place in its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The rule.
    pub code: Code,
    /// The bytes of the text.
    pub span: Range<usize>,
    /// What is wrong, one line.
    pub message: String,
    /// The words under the caret. Boxed, as faults are returned through every level.
    pub label: Box<str>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// Ways out.
    pub hints: Vec<String>,
}

impl Fault {
    /// A fault without notes and hints.
    pub fn new(
        code: Code,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<Box<str>>,
    ) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            label: label.into(),
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds a fact.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

#[cfg(test)]
mod tests;
