//! The grammar of markup, as Ruby Liquid's strict parser has it: what it reads, it reads without
//! the surprises of the lax scanner (`a==b` compares). Jekyll tries it first.

use std::ops::Range;

use super::condition::{Comparison, Condition, Joint};
use super::expression::{Expression, FilterCall, Pipeline};
use super::node::For;
use super::problem::{Outcome, Problem};
use super::scan::{Markup, is_segment, is_space, is_word, run_end};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Comparison,
    Text,
    Number,
    Word,
    DotDot,
    Special(char),
    End,
}

impl Kind {
    /// Its name in Ruby's messages.
    fn name(self) -> &'static str {
        match self {
            Self::Comparison => "comparison",
            Self::Text => "string",
            Self::Number => "number",
            Self::Word => "id",
            Self::DotDot => "dotdot",
            Self::Special('|') => "pipe",
            Self::Special('.') => "dot",
            Self::Special(':') => "colon",
            Self::Special(',') => "comma",
            Self::Special('[') => "open_square",
            Self::Special(']') => "close_square",
            Self::Special('(') => "open_round",
            Self::Special(')') => "close_round",
            Self::Special('?') => "question",
            Self::Special(_) => "dash",
            Self::End => "end_of_string",
        }
    }
}

/// How deep brackets may nest.
const MAX_DEPTH: usize = 20;

struct Reader<'a> {
    markup: Markup<'a>,
    tokens: Vec<(Kind, Range<usize>)>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(markup: Markup<'a>) -> Outcome<Self> {
        Ok(Self { markup, tokens: tokens(markup)?, at: 0 })
    }

    fn peek(&self, ahead: usize) -> Kind {
        self.tokens.get(self.at + ahead).map_or(Kind::End, |token| token.0)
    }

    fn range(&self) -> Range<usize> {
        let end = self.markup.text().len();
        self.tokens.get(self.at).map_or(end..end, |token| token.1.clone())
    }

    fn word(&self) -> &'a str {
        self.markup.part(self.range()).text()
    }

    fn take(&mut self, kind: Kind) -> Option<Range<usize>> {
        if self.peek(0) != kind || kind == Kind::End {
            return None;
        }
        let range = self.range();
        self.at += 1;
        Some(range)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek(0) == Kind::Word && self.word() == word;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, kind: Kind) -> Outcome<Range<usize>> {
        let found = self.peek(0);
        if kind == Kind::End && found == kind {
            return Ok(self.range());
        }
        match self.take(kind) {
            Some(range) => Ok(range),
            None => {
                let message = format!("Expected {} but found {}", kind.name(), found.name());
                Err(self.fail(message))
            }
        }
    }

    fn fail(&self, message: impl Into<String>) -> Box<Problem> {
        Problem::syntax(message).at(self.markup.part(self.range()).range())
    }

    /// The bytes of an expression.
    fn expression(&mut self, depth: usize) -> Outcome<Range<usize>> {
        let start = self.range().start;
        if depth > MAX_DEPTH {
            return Err(self.fail("Nesting too deep"));
        }
        match self.peek(0) {
            Kind::Text | Kind::Number => return self.expect(self.peek(0)),
            Kind::Word => {
                self.at += 1;
                self.lookups(depth)?;
            }
            Kind::Special('[') => self.lookups(depth)?,
            Kind::Special('(') => {
                self.at += 1;
                self.expression(depth + 1)?;
                self.expect(Kind::DotDot)?;
                self.expression(depth + 1)?;
                self.expect(Kind::Special(')'))?;
            }
            Kind::End => return Err(self.fail("[:end_of_string] is not a valid expression")),
            kind => {
                let message =
                    format!("[:{}, \"{}\"] is not a valid expression", kind.name(), self.word());
                return Err(self.fail(message));
            }
        }
        let end = self.tokens.get(self.at.wrapping_sub(1)).map_or(start, |token| token.1.end);
        Ok(start..end)
    }

    fn lookups(&mut self, depth: usize) -> Outcome<()> {
        loop {
            if self.take(Kind::Special('[')).is_some() {
                self.expression(depth + 1)?;
                self.expect(Kind::Special(']'))?;
            } else if self.take(Kind::Special('.')).is_some() {
                self.expect(Kind::Word)?;
            } else {
                return Ok(());
            }
        }
    }

    fn operand(&mut self) -> Outcome<Expression> {
        let range = self.expression(0)?;
        Ok(Expression::parse_operand(self.markup.part(range)))
    }

    fn comparison(&mut self) -> Outcome<Comparison> {
        let left = self.operand()?;
        let Some(operator) = self.take(Kind::Comparison) else {
            let right = Expression::nil(self.markup.part(self.range()));
            return Ok(Comparison { left, operator: None, right });
        };
        let operator = self.markup.part(operator);
        let right = self.operand()?;
        Ok(Comparison {
            left,
            operator: Some((operator.text().to_owned(), operator.range())),
            right,
        })
    }

    fn argument(&mut self, call: &mut FilterCall) -> Outcome<()> {
        let name = (self.peek(0) == Kind::Word && self.peek(1) == Kind::Special(':'))
            .then(|| self.word().to_owned());
        self.at += 2 * usize::from(name.is_some());
        let range = self.expression(0)?;
        let value = Expression::parse_operand(self.markup.part(range));
        match name {
            Some(name) => call.named.push((name, value)),
            None => call.arguments.push(value),
        }
        Ok(())
    }
}

fn tokens(markup: Markup<'_>) -> Outcome<Vec<(Kind, Range<usize>)>> {
    let text = markup.text();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if is_space(c) {
            at += c.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let operator =
            ["==", "!=", "<>", "<=", ">=", "<", ">"].into_iter().find(|op| rest.starts_with(op));
        let contains =
            rest.strip_prefix("contains").is_some_and(|after| after.starts_with(is_space));
        let (kind, end) = if let Some(operator) = operator {
            (Kind::Comparison, at + operator.len())
        } else if contains {
            (Kind::Comparison, at + "contains".len())
        } else if let Some(end) = closing_quote(rest, c) {
            (Kind::Text, at + end)
        } else if let Some(end) = number_end(rest) {
            (Kind::Number, at + end)
        } else if is_word(c) && !c.is_ascii_digit() {
            let end = run_end(text, at, is_segment);
            (Kind::Word, end + usize::from(text[end..].starts_with('?')))
        } else if rest.starts_with("..") {
            (Kind::DotDot, at + 2)
        } else if "|.:,[]()?-".contains(c) {
            (Kind::Special(c), at + 1)
        } else {
            return Err(Problem::syntax(format!("Unexpected character {c}"))
                .at(markup.part(at..at + c.len_utf8()).range()));
        };
        tokens.push((kind, at..end));
        at = end;
    }
    Ok(tokens)
}

fn closing_quote(rest: &str, quote: char) -> Option<usize> {
    if !matches!(quote, '"' | '\'') {
        return None;
    }
    rest.get(1..)?.find(quote).map(|close| close + 2)
}

fn number_end(rest: &str) -> Option<usize> {
    let is_digit = |c: char| c.is_ascii_digit();
    let start = usize::from(rest.starts_with('-'));
    let end = run_end(rest, start, is_digit);
    if end == start {
        return None;
    }
    let fraction = run_end(rest, end + 1, is_digit);
    Some(if rest[end..].starts_with('.') && fraction > end + 1 { fraction } else { end })
}

/// Adds the markup to the words of a problem, as Ruby does for markup of a template.
fn shown<T>(markup: Markup<'_>, result: Outcome<T>) -> Outcome<T> {
    result.map_err(|problem| {
        let words = format!("{} in \"{}\"", problem.message, markup.text());
        problem.in_ruby(words.clone()).message(words)
    })
}

/// A value and its filters.
pub(super) fn pipeline(markup: Markup<'_>) -> Outcome<Pipeline> {
    shown(markup, bare_pipeline(markup))
}

/// A value and its filters; the words of a problem don't repeat the markup.
pub(super) fn bare_pipeline(markup: Markup<'_>) -> Outcome<Pipeline> {
    let mut reader = Reader::new(markup)?;
    if reader.tokens.is_empty() {
        return Ok(Pipeline { input: Expression::nil(markup), filters: Vec::new() });
    }
    let input = reader.expression(0)?;
    let mut filters = Vec::new();
    while reader.take(Kind::Special('|')).is_some() {
        let name = markup.part(reader.expect(Kind::Word)?);
        let mut call = FilterCall {
            range: name.range(),
            name: name.text().to_owned(),
            arguments: Vec::new(),
            named: Vec::new(),
        };
        if reader.take(Kind::Special(':')).is_some() {
            reader.argument(&mut call)?;
            while reader.take(Kind::Special(',')).is_some() {
                reader.argument(&mut call)?;
            }
        }
        filters.push(call);
    }
    reader.expect(Kind::End)?;
    Ok(Pipeline { input: Expression::parse(markup.part(input)), filters })
}

/// The condition of `if`, `elsif` and `unless`.
pub(super) fn condition(markup: Markup<'_>) -> Outcome<Condition> {
    shown(markup, bare_condition(markup))
}

/// A condition; the words of a problem don't repeat the markup.
pub(super) fn bare_condition(markup: Markup<'_>) -> Outcome<Condition> {
    let mut reader = Reader::new(markup)?;
    let mut terms = Vec::new();
    loop {
        let comparison = reader.comparison()?;
        let joint = if reader.take_word("and") {
            Some(Joint::And)
        } else if reader.take_word("or") {
            Some(Joint::Or)
        } else {
            None
        };
        terms.push((comparison, joint));
        if joint.is_none() {
            break;
        }
    }
    reader.expect(Kind::End)?;
    Ok(Condition { terms })
}

/// The header of a `for`.
pub(super) fn for_header(markup: Markup<'_>) -> Outcome<For> {
    shown(markup, bare_for_header(markup))
}

fn bare_for_header(markup: Markup<'_>) -> Outcome<For> {
    let mut reader = Reader::new(markup)?;
    let variable = reader.expect(Kind::Word)?;
    if !reader.take_word("in") {
        return Err(reader.fail("For loops require an 'in' clause"));
    }
    let collection = reader.expression(0)?;
    let mut header = For::new(markup.part(variable), markup.part(collection));
    header.reversed = reader.take_word("reversed");
    loop {
        let comma = reader.take(Kind::Special(',')).is_some();
        if reader.peek(0) != Kind::Word {
            if comma {
                return Err(reader.fail("Expected id but found end_of_string"));
            }
            break;
        }
        let name = reader.word();
        if !matches!(name, "limit" | "offset") || reader.peek(1) != Kind::Special(':') {
            return Err(
                reader.fail("Invalid attribute in for loop. Valid attributes are limit and offset")
            );
        }
        reader.at += 2;
        let value = reader.expression(0)?;
        header.set(name, markup.part(value));
    }
    reader.expect(Kind::End)?;
    Ok(header)
}
