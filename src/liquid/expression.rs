//! Expressions: literals, ranges and paths into variables, read as laxly as Ruby Liquid does.

use std::ops::Range;

use super::problem::Outcome;
use super::scan::{Markup, fragment_end, is_segment, is_space, is_word, run_end, skip_space};
use super::strict;
use super::template::Mode;

/// How deep `a[b[c[…]]]` and ranges may nest; deeper parts are nil.
const MAX_DEPTH: usize = 20;

/// How long a range may be written; its search for `..` is not linear.
const MAX_RANGE_BYTES: usize = 1000;

/// A part of a template that has a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// The bytes of the template's text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ExpressionKind,
}

/// The kinds of [`Expression`].
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// Nothing.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction.
    Float(f64),
    /// A quoted text, without its quotes.
    Text(String),
    /// `(first..last)`.
    Range(Box<Expression>, Box<Expression>),
    /// `empty` on a side of a comparison.
    Empty,
    /// `blank` on a side of a comparison.
    Blank,
    /// A variable and the way into it.
    Path(Box<Name>, Vec<Segment>),
}

/// The first part of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Name {
    /// `page`
    Plain(String),
    /// `[expression]`
    Computed(Expression),
    /// Nothing that could be a name.
    None,
}

/// A further part of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The bytes of the template's text.
    pub range: Range<usize>,
    /// The key.
    pub key: Key,
}

/// The key of a [`Segment`].
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// `.title`; `size`, `first` and `last` also work on what has no such key.
    Plain(String),
    /// `["title"]`, `[0]`, `[name]`.
    Computed(Box<Expression>),
}

impl Expression {
    /// Nothing, at the place of a markup.
    pub fn nil(markup: Markup<'_>) -> Self {
        Self { range: markup.range(), kind: ExpressionKind::Nil }
    }

    /// Reads an expression. Every text has one.
    pub fn parse(markup: Markup<'_>) -> Self {
        Self::parse_nested(markup, 0)
    }

    /// Reads a side of a comparison or an argument of a filter, in which `empty` and `blank` have
    /// their own meaning.
    pub fn parse_operand(markup: Markup<'_>) -> Self {
        let kind = match markup.text() {
            "empty" => ExpressionKind::Empty,
            "blank" => ExpressionKind::Blank,
            _ => return Self::parse(markup),
        };
        Self { range: markup.range(), kind }
    }

    fn parse_nested(markup: Markup<'_>, depth: usize) -> Self {
        let markup = markup.trim();
        if depth > MAX_DEPTH {
            return Self::nil(markup);
        }
        let text = markup.text();
        let kind = match text {
            "" | "nil" | "null" => ExpressionKind::Nil,
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "blank" | "empty" => ExpressionKind::Text(String::new()),
            _ => quoted(text)
                .or_else(|| number(text))
                .or_else(|| range(markup, depth))
                .unwrap_or_else(|| path(markup, depth)),
        };
        Self { range: markup.range(), kind }
    }

    /// Whether it is `empty` or `blank`, which ask the other side instead of having a value.
    pub fn asks(&self) -> bool {
        matches!(self.kind, ExpressionKind::Empty | ExpressionKind::Blank)
    }

    /// Whether the value is written out.
    pub fn is_literal(&self) -> bool {
        match &self.kind {
            ExpressionKind::Path(..) => false,
            ExpressionKind::Range(first, last) => first.is_literal() && last.is_literal(),
            _ => true,
        }
    }
}

fn quoted(text: &str) -> Option<ExpressionKind> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote).unwrap_or_default();
    text.ends_with(quote).then(|| ExpressionKind::Text(inner.to_owned()))
}

fn number(text: &str) -> Option<ExpressionKind> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(match text.parse() {
            Ok(number) => ExpressionKind::Integer(number),
            Err(_) => ExpressionKind::Float(text.parse().ok()?),
        });
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Some(ExpressionKind::Float(leading_float(text)));
    }
    None
}

/// Ruby's `to_f`: the number at the beginning, 0 without one.
fn leading_float(text: &str) -> f64 {
    let mut points = 0;
    let end = text
        .find(|c: char| {
            points += usize::from(c == '.');
            points > 1
        })
        .unwrap_or(text.len());
    text[..end].trim_end_matches('.').parse().unwrap_or(0.0)
}

/// `(first..last)`: the last `..` whose sides are free of white space inside.
fn range(markup: Markup<'_>, depth: usize) -> Option<ExpressionKind> {
    if markup.text().len() > MAX_RANGE_BYTES {
        return None;
    }
    let inner = markup.text().strip_prefix('(')?.strip_suffix(')')?;
    let (at, _) = inner.rmatch_indices("..").find(|&(at, _)| {
        let solid = |side: &str| {
            let side = side.trim_matches(is_space);
            !side.is_empty() && !side.contains(is_space)
        };
        solid(&inner[..at]) && solid(&inner[at + 2..])
    })?;
    let first = markup.part(1..1 + at);
    let last = markup.part(at + 3..1 + inner.len());
    Some(ExpressionKind::Range(
        Box::new(Expression::parse_nested(first, depth + 1)),
        Box::new(Expression::parse_nested(last, depth + 1)),
    ))
}

/// What `\[[^\]]+\]|[\w\-]+\??` finds in the text; all between is skipped.
fn path(markup: Markup<'_>, depth: usize) -> ExpressionKind {
    let text = markup.text();
    let mut parts = Vec::new();
    let mut at = 0;
    let last_close = text.rfind(']').unwrap_or(0);
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let end = if c == '[' && at < last_close {
            text[at + 1..].find(']').filter(|&close| close > 0).map(|close| at + close + 2)
        } else if is_segment(c) {
            let end = run_end(text, at, is_segment);
            Some(end + usize::from(text[end..].starts_with('?')))
        } else {
            None
        };
        match end {
            Some(end) => {
                parts.push(markup.part(at..end));
                at = end;
            }
            None => at += c.len_utf8(),
        }
    }
    let mut parts = parts.into_iter();
    let name = match parts.next() {
        None => Name::None,
        Some(part) => match bracketed(part, depth) {
            Some(inner) => Name::Computed(inner),
            None => Name::Plain(part.text().to_owned()),
        },
    };
    let segments = parts
        .map(|part| Segment {
            range: part.range(),
            key: match bracketed(part, depth) {
                Some(inner) => Key::Computed(Box::new(inner)),
                None => Key::Plain(part.text().to_owned()),
            },
        })
        .collect();
    ExpressionKind::Path(Box::new(name), segments)
}

fn bracketed(part: Markup<'_>, depth: usize) -> Option<Expression> {
    let inner = part.text().strip_prefix('[')?.strip_suffix(']')?;
    Some(Expression::parse_nested(part.part(1..1 + inner.len()), depth + 1))
}

/// A value and the filters that it passes through.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// The value at the beginning.
    pub input: Expression,
    /// The filters in their order.
    pub filters: Vec<FilterCall>,
}

/// A filter with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterCall {
    /// The bytes of the name.
    pub range: Range<usize>,
    /// The name.
    pub name: String,
    /// The arguments in their order.
    pub arguments: Vec<Expression>,
    /// The arguments with names.
    pub named: Vec<(String, Expression)>,
}

impl Pipeline {
    /// Reads a text that isn't part of a template, such as the argument of a filter, as an output
    /// of this mode is read: by the grammar, and laxly where that fails and the mode isn't strict.
    ///
    /// # Errors
    /// What the grammar doesn't accept, in strict mode; its place is in `text`.
    pub fn parse_text(text: &str, mode: Mode) -> Outcome<Self> {
        let markup = Markup::new(text, 0);
        strict::bare_pipeline(markup).or_else(|problem| {
            if mode != Mode::Strict {
                return Ok(Self::parse(markup));
            }
            let words = format!("{} in \"{{{{{text}}}}}\"", problem.message);
            Err(problem.in_ruby(words))
        })
    }

    /// Reads what may stand in an output. Every text has a reading.
    pub fn parse(markup: Markup<'_>) -> Self {
        let Some(first) = markup.fragment(0) else {
            return Self { input: Expression::nil(markup), filters: Vec::new() };
        };
        let rest = markup.from(first.end);
        let input = Expression::parse(markup.part(first));
        let filters = match rest.text().find('|') {
            Some(pipe) => {
                pieces(rest.from(pipe + 1)).into_iter().filter_map(FilterCall::parse).collect()
            }
            None => Vec::new(),
        };
        Self { input, filters }
    }
}

/// Runs of fragments, white space and commas: pipes and lone quotes part them.
fn pieces(markup: Markup<'_>) -> Vec<Markup<'_>> {
    let text = markup.text();
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if is_space(c) || c == ',' {
            at += c.len_utf8();
        } else if let Some(end) = fragment_end(text, at) {
            at = end;
        } else {
            if at > start {
                pieces.push(markup.part(start..at));
            }
            at += c.len_utf8();
            start = at;
        }
    }
    if at > start {
        pieces.push(markup.part(start..at));
    }
    pieces
}

impl FilterCall {
    /// Reads a filter's name and its arguments; `None` without a name.
    pub(super) fn parse(piece: Markup<'_>) -> Option<Self> {
        let text = piece.text();
        let start = text.find(is_word)?;
        let name = piece.part(start..run_end(text, start, is_word));
        let mut call = Self {
            range: name.range(),
            name: name.text().to_owned(),
            arguments: Vec::new(),
            named: Vec::new(),
        };
        let mut at = 0;
        while let Some(separator) = text.get(at..).and_then(|rest| rest.find([':', ','])) {
            at += separator + 1;
            let start = skip_space(text, at);
            if let Some((name, value)) = keyword(text, start) {
                at = value.end;
                let value = Expression::parse_operand(piece.part(value));
                call.named.push((text[name].to_owned(), value));
            } else if let Some(end) = fragment_end(text, start) {
                at = end;
                call.arguments.push(Expression::parse_operand(piece.part(start..end)));
            }
        }
        Some(call)
    }
}

/// `name: value` at an offset.
fn keyword(text: &str, start: usize) -> Option<(Range<usize>, Range<usize>)> {
    let name_end = run_end(text, start, is_word);
    if name_end == start {
        return None;
    }
    let value = super::scan::attribute_value(text, name_end)?;
    Some((start..name_end, value))
}
