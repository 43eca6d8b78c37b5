//! Conditions of `if`, `unless` and `when`, read as laxly as Ruby Liquid does.

use std::ops::Range;

use super::expression::Expression;
use super::problem::{Outcome, Problem};
use super::scan::{Markup, fragment_end, is_space, is_word, run_end, skip_space, word_at};
use super::strict;

const SYNTAX: &str = "Syntax Error in tag 'if' - Valid syntax: if [expression]";

/// Comparisons joined by `and` and `or`, which group from the right.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Each comparison with the word that joins it to those after it.
    pub terms: Vec<(Comparison, Option<Joint>)>,
}

/// A word between comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `and`
    And,
    /// `or`
    Or,
}

/// Two values and what is asked of them; only the left one's truth without an operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The left side.
    pub left: Expression,
    /// The operator as written, with its place.
    pub operator: Option<(String, Range<usize>)>,
    /// The right side.
    pub right: Expression,
}

impl Comparison {
    /// Reads `left [operator [right]]`; `None` without a left side.
    pub(super) fn parse(chunk: Markup<'_>) -> Option<Self> {
        let text = chunk.text();
        let left = chunk.fragment(0)?;
        let operator_start = skip_space(text, left.end);
        let operator_end = run_end(text, operator_start, |c| {
            matches!(c, '=' | '!' | '<' | '>' | '_') || c.is_ascii_lowercase()
        });
        let operator = chunk.part(operator_start..operator_end);
        let right_start = skip_space(text, operator_end);
        let right = match fragment_end(text, right_start) {
            Some(end) => Expression::parse_operand(chunk.part(right_start..end)),
            None => Expression::nil(chunk.from(right_start)),
        };
        let operator =
            (!operator.text().is_empty()).then(|| (operator.text().to_owned(), operator.range()));
        Some(Self { left: Expression::parse_operand(chunk.part(left)), operator, right })
    }

    /// `left == right`.
    pub(super) fn equal(left: Expression, right: Expression) -> Self {
        let operator = Some(("==".to_owned(), right.range.clone()));
        Self { left, operator, right }
    }
}

impl Condition {
    /// Reads a text that isn't part of a template, such as the argument of a filter. Only the
    /// grammar counts, as in Jekyll's `where_exp`; filters are no part of it.
    ///
    /// # Errors
    /// What the grammar doesn't accept, in Ruby's words; its place is in `text`.
    pub fn parse_text(text: &str) -> Outcome<Self> {
        strict::bare_condition(Markup::new(text, 0))
    }

    /// Reads a condition.
    ///
    /// # Errors
    /// When there is none, or something else than `and` and `or` joins comparisons.
    pub fn parse(markup: Markup<'_>) -> Outcome<Self> {
        let failed = || Problem::syntax(SYNTAX).at(markup.range());
        let mut chunks = chunks(markup);
        let last = chunks.pop().and_then(Comparison::parse).ok_or_else(failed)?;
        let mut terms = vec![(last, None)];
        while let Some(operator) = chunks.pop() {
            let comparison = chunks.pop().and_then(Comparison::parse).ok_or_else(failed)?;
            let joint = match operator.trim().text() {
                "and" => Joint::And,
                "or" => Joint::Or,
                _ => return Err(failed()),
            };
            terms.push((comparison, Some(joint)));
        }
        terms.reverse();
        Ok(Self { terms })
    }
}

/// Whether `and` or `or` stands at `at` as a word of its own.
fn joint_at(text: &str, at: usize) -> Option<usize> {
    if text[..at].ends_with(is_word) {
        return None;
    }
    if word_at(text, at, "and") {
        Some(at + 3)
    } else if word_at(text, at, "or") {
        Some(at + 2)
    } else {
        None
    }
}

/// Joining words and what is between them.
fn chunks(markup: Markup<'_>) -> Vec<Markup<'_>> {
    let text = markup.text();
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < text.len() {
        at = skip_space(text, at);
        if let Some(end) = joint_at(text, at) {
            if !text[start..at].trim_matches(is_space).is_empty() {
                chunks.push(markup.part(start..at));
            }
            chunks.push(markup.part(at..end));
            start = end;
            at = end;
        } else if let Some(end) = fragment_end(text, at) {
            at = end;
        } else {
            at = run_end(text, at, |c| !is_space(c));
        }
    }
    if !text[start..].trim_matches(is_space).is_empty() {
        chunks.push(markup.from(start));
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_begin_like_and_are_no_joints() {
        let markup = Markup::new("order and android or 'and' == x", 0);
        let found: Vec<_> = chunks(markup).iter().map(|chunk| chunk.trim().text()).collect();
        assert_eq!(found, ["order", "and", "android", "or", "'and' == x"]);
    }

    #[test]
    fn an_operator_without_spaces_is_part_of_the_name() {
        let condition = Condition::parse(Markup::new("a==b", 0)).unwrap();
        assert!(condition.terms[0].0.operator.is_none());
        assert!(Condition::parse(Markup::new("", 0)).is_err());
        assert!(Condition::parse(Markup::new("and", 0)).is_ok());
    }
}
