//! The values of expressions, filters and conditions.

use std::cmp::Ordering;

use super::context::Context;
use crate::diagnostic::closest;
use crate::liquid::condition::{Comparison, Condition, Joint};
use crate::liquid::expression::{
    Expression, ExpressionKind, FilterCall, Key, Name, Pipeline, Segment,
};
use crate::liquid::filters;
use crate::liquid::host::Arguments;
use crate::liquid::problem::{
    Kind, MISSING_MEMBER, Outcome, Problem, UNKNOWN_FILTER, UNKNOWN_VARIABLE,
};
use crate::liquid::value::{Lookup, Text, Val, equal};

/// What a value, a member or a filter counts as, in bytes of work, so that long conditions and
/// paths in a loop come to an end too.
const EVALUATION_WORK: usize = 16;

impl<'s> Context<'_, 's> {
    /// The value of an expression.
    ///
    /// # Errors
    /// For a variable that must exist but doesn't, or a range whose ends are no whole numbers.
    pub fn evaluate(&mut self, expression: &'s Expression) -> Outcome<Val<'s>> {
        self.spend(EVALUATION_WORK)?;
        Ok(match &expression.kind {
            ExpressionKind::Nil => Val::Nil,
            ExpressionKind::Bool(value) => Val::Bool(*value),
            ExpressionKind::Integer(number) => Val::Integer(*number),
            ExpressionKind::Float(number) => Val::Float(*number),
            ExpressionKind::Text(text) => Val::text(text.as_str()),
            ExpressionKind::Empty | ExpressionKind::Blank => Val::text(""),
            ExpressionKind::Range(first, last) => {
                let written = expression.is_literal();
                let first = self.evaluate(first)?;
                let last = self.evaluate(last)?;
                Val::Range(range_end(&first, written)?, range_end(&last, written)?)
            }
            ExpressionKind::Path(name, segments) => self.path(expression, name, segments)?,
        })
    }

    fn path(
        &mut self,
        expression: &'s Expression,
        name: &'s Name,
        segments: &'s [Segment],
    ) -> Outcome<Val<'s>> {
        let name = match name {
            Name::Plain(name) => Text::Borrowed(name.as_str()),
            Name::Computed(inner) => match self.evaluate(inner)? {
                Val::Nil => return Ok(Val::Nil),
                name => name.to_text(),
            },
            Name::None => return Ok(Val::Nil),
        };
        let mut value = match self.variable(&name) {
            Some(value) => value,
            None if self.options.strict_variables => {
                return Err(undefined(&name).at(expression.range.clone()));
            }
            None => Val::Nil,
        };
        for segment in segments {
            self.spend(EVALUATION_WORK)?;
            let found = match &segment.key {
                Key::Plain(key) => self.member(&value, key, segment)?,
                Key::Computed(inner) => {
                    let key = self.evaluate(inner)?;
                    self.element(&value, &key, segment)?
                }
            };
            match found {
                Some(found) => value = found,
                None if self.options.strict_variables => {
                    let key = match &segment.key {
                        Key::Plain(key) => Text::Borrowed(key.as_str()),
                        Key::Computed(inner) => self.evaluate(inner)?.to_text(),
                    };
                    return Err(undefined(&key).at(segment.range.clone()));
                }
                None => return Ok(Val::Nil),
            }
        }
        Ok(value)
    }

    /// The value of a variable by its name.
    pub fn variable(&self, name: &str) -> Option<Val<'s>> {
        for scope in self.scopes.iter().rev() {
            if let Some(value) = scope.get(name) {
                return Some(value.clone());
            }
        }
        if let Some(count) = self.counters.get(name) {
            return Some(Val::Integer(*count));
        }
        self.globals.get(name).cloned()
    }

    /// `.key`, where `size`, `first` and `last` are also asked of what has no such key.
    fn member(
        &mut self,
        value: &Val<'s>,
        key: &'s str,
        segment: &Segment,
    ) -> Outcome<Option<Val<'s>>> {
        if let Some(found) = lookup(value, key, segment)? {
            return Ok(Some(found));
        }
        Ok(match (key, value) {
            ("size", _) => value.size().map(Val::Integer),
            ("first", Val::List(list)) => Some(list.get(0).unwrap_or_default()),
            ("first", Val::Map(map)) => {
                Some(map.entry(0).map_or(Val::Nil, |(key, value)| pair(key, value)))
            }
            ("first", Val::Range(first, _)) => Some(Val::Integer(*first)),
            ("last", Val::List(list)) => {
                Some(list.get(list.len().wrapping_sub(1)).unwrap_or_default())
            }
            ("last", Val::Range(_, last)) => Some(Val::Integer(*last)),
            ("first" | "last", Val::Object(object)) => match object.elements() {
                Some(all) => {
                    self.spend(all.len())?;
                    let found = if key == "first" { all.first() } else { all.last() };
                    Some(found.cloned().unwrap_or_default())
                }
                None => None,
            },
            _ => None,
        })
    }

    /// `[key]`.
    fn element(
        &mut self,
        value: &Val<'s>,
        key: &Val<'s>,
        segment: &Segment,
    ) -> Outcome<Option<Val<'s>>> {
        Ok(match (value, key) {
            (Val::List(list), Val::Integer(index)) => {
                Some(position(*index, list.len()).and_then(|at| list.get(at)).unwrap_or_default())
            }
            // Keys that are numbers or dates in YAML are text here.
            (Val::Map(map), Val::Integer(_) | Val::Float(_) | Val::Bool(_) | Val::Date(_)) => {
                Some(map.get(&key.to_text()).unwrap_or_default())
            }
            (Val::Object(object), Val::Integer(index)) => match object.elements() {
                Some(all) => {
                    self.spend(all.len())?;
                    let found = position(*index, all.len()).and_then(|at| all.get(at));
                    Some(found.cloned().unwrap_or_default())
                }
                None => None,
            },
            (_, Val::Text(key)) => lookup(value, key, segment)?,
            _ => None,
        })
    }

    /// The value of an output: its input through all its filters.
    ///
    /// # Errors
    /// Those of expressions and filters.
    pub fn pipeline(&mut self, pipeline: &'s Pipeline) -> Outcome<Val<'s>> {
        let mut value = self.evaluate(&pipeline.input)?;
        for call in &pipeline.filters {
            let before = Self::weigh(&value);
            value = self.filter(call, value)?;
            self.spend(EVALUATION_WORK)?;
            self.charge(before.max(Self::weigh(&value)))?;
        }
        Ok(value)
    }

    fn filter(&mut self, call: &'s FilterCall, input: Val<'s>) -> Outcome<Val<'s>> {
        let mut arguments = Arguments::default();
        for (index, argument) in call.arguments.iter().enumerate() {
            if argument.asks() {
                arguments.asking.push(index);
            }
            arguments.positional.push(self.evaluate(argument)?);
        }
        for (name, argument) in &call.named {
            let value = self.evaluate(argument)?;
            arguments.named.push((name, value));
        }
        let host = self.host;
        let result = host
            .filter(&call.name, &input, &arguments, self)
            .or_else(|| filters::apply(&call.name, &input, &arguments, self));
        match result {
            Some(result) => result.map_err(|problem| problem.at(call.range.clone())),
            None if self.options.strict_filters => Err(self.unknown_filter(call)),
            None => Ok(input),
        }
    }

    fn unknown_filter(&self, call: &FilterCall) -> Box<Problem> {
        let message = format!("there is no filter `{}`", call.name);
        let problem = Problem::new(UNKNOWN_FILTER, Kind::Silent, message)
            .in_ruby(format!("undefined filter {}", call.name))
            .at(call.range.clone());
        let known = filters::NAMES.iter().copied().chain(self.host.filters().iter().copied());
        match closest(&call.name, known) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem,
        }
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// Those of expressions, an unknown operator, a comparison between kinds without an order.
    pub fn holds(&mut self, condition: &'s Condition) -> Outcome<bool> {
        let mut holds = false;
        for (comparison, joint) in &condition.terms {
            holds = self.compare(comparison)?.is_truthy();
            match joint {
                Some(Joint::And) if holds => {}
                Some(Joint::Or) if !holds => {}
                _ => break,
            }
        }
        Ok(holds)
    }

    pub(super) fn compare(&mut self, comparison: &'s Comparison) -> Outcome<Val<'s>> {
        let Some((operator, range)) = &comparison.operator else {
            return Ok(self.evaluate(&comparison.left)?.resolved());
        };
        let left = self.evaluate(&comparison.left)?.resolved();
        let right = self.evaluate(&comparison.right)?.resolved();
        self.charge(Self::weigh(&left).min(self.options.limits.text))?;
        let asks = comparison.left.asks() || comparison.right.asks();
        let ordered = |accept: fn(Ordering) -> bool| -> Outcome<bool> {
            if asks {
                return Ok(false);
            }
            let ordering = left.ordering(&right).map_err(|problem| problem.at(range.clone()))?;
            Ok(ordering.is_some_and(accept))
        };
        Ok(Val::Bool(match operator.as_str() {
            "==" => equal_sides(comparison, &left, &right),
            "!=" | "<>" => !equal_sides(comparison, &left, &right),
            "<" => ordered(Ordering::is_lt)?,
            ">" => ordered(Ordering::is_gt)?,
            "<=" => ordered(Ordering::is_le)?,
            ">=" => ordered(Ordering::is_ge)?,
            "contains" if asks => !comparison.left.asks() && left.as_text().is_some(),
            "contains" => left.contains(&right),
            _ => {
                return Err(Problem::render(format!("Unknown operator {operator}"))
                    .message(format!("`{operator}` is no operator"))
                    .hint("the operators are `==`, `!=`, `<`, `>`, `<=`, `>=` and `contains`")
                    .at(range.clone()));
            }
        }))
    }
}

/// `==`, with what `empty` and `blank` ask. Without ActiveSupport nothing is blank.
fn equal_sides<'s>(comparison: &Comparison, left: &Val<'s>, right: &Val<'s>) -> bool {
    if comparison.left.asks() && comparison.right.asks() {
        return false;
    }
    match (&comparison.left.kind, &comparison.right.kind) {
        (ExpressionKind::Empty, _) => right.is_empty().unwrap_or(false),
        (_, ExpressionKind::Empty) => left.is_empty().unwrap_or(false),
        (ExpressionKind::Blank, _) | (_, ExpressionKind::Blank) => false,
        _ => equal(left, right),
    }
}

fn undefined(name: &str) -> Box<Problem> {
    Problem::new(UNKNOWN_VARIABLE, Kind::Silent, format!("there is no variable `{name}`"))
        .in_ruby(format!("undefined variable {name}"))
}

fn range_end(value: &Val<'_>, written: bool) -> Outcome<i128> {
    match value {
        Val::Nil | Val::Text(_) => Ok(value.to_i()),
        _ if written => Ok(value.to_i()),
        _ => value.to_integer(),
    }
}

pub(super) fn pair<'s>(key: Text<'s>, value: Val<'s>) -> Val<'s> {
    Val::list(vec![Val::Text(key), value])
}

/// A position from the front, or, if negative, from the back.
fn position(index: i128, length: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add(length as i128)? } else { index };
    usize::try_from(index).ok()
}

/// The value of a key in a map or an object.
fn lookup<'s>(value: &Val<'s>, key: &str, segment: &Segment) -> Outcome<Option<Val<'s>>> {
    match value {
        Val::Map(map) => Ok(map.get(key)),
        Val::Object(object) => found(object.get(key), segment),
        Val::Member(member) => found(member.get(key), segment),
        _ => Ok(None),
    }
}

fn found<'s>(lookup: Lookup<'s>, segment: &Segment) -> Outcome<Option<Val<'s>>> {
    match lookup {
        Lookup::Found(value) => Ok(Some(value)),
        Lookup::Absent => Ok(None),
        Lookup::Missing(missing) => {
            let mut problem = Problem::new(MISSING_MEMBER, Kind::Render, missing.message)
                .at(segment.range.clone());
            problem.label = missing.label;
            problem.notes = missing.notes;
            problem.hints = missing.hints;
            problem.replacement = Some(missing.replacement);
            Err(problem)
        }
    }
}

impl<'s> Val<'s> {
    /// Ruby's `include?` as `contains` asks it.
    pub fn contains(&self, needle: &Val<'s>) -> bool {
        if !self.is_truthy() || !needle.is_truthy() {
            return false;
        }
        match self {
            Self::Text(text) => text.contains(&*needle.to_text()),
            Self::List(list) => list.iter().any(|element| equal(&element, needle)),
            Self::Map(map) => needle.as_text().is_some_and(|key| map.get(key).is_some()),
            Self::Range(first, last) => match needle {
                Self::Integer(number) => (first..=last).contains(&number),
                Self::Float(number) => (*first as f64..=*last as f64).contains(number),
                _ => false,
            },
            Self::Object(object) => object.contains(needle).unwrap_or(false),
            _ => false,
        }
    }
}
