//! The value of an expression in a scope, in a bounded number of steps.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::dimension::{self, Obstacle, code, kind, with_units};
use super::name::{Scope, Step, path, resolve, walk};
use super::{Expression, Fault, Kind, Operator};
use crate::diagnostic::Code;
use crate::quantity::{Dimension, Quantity};
use crate::scenario::limit;
use crate::scenario::outcome::{Measure, MeasureDimension};

/// The parts of an expectation don't fit: a duration against a bare number.
pub const TYPE: Code = Code("E0110");
/// An expectation has no value: nothing was measured, a division by zero, a list that is too short.
pub const NO_VALUE: Code = Code("E0111");

/// Evaluates expressions. One serves for one expectation: its steps are counted.
#[derive(Debug)]
pub struct Evaluator<'a> {
    scope: Scope<'a>,
    text: &'a str,
    locals: Vec<(String, Cow<'a, Measure>)>,
    steps: u32,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for expressions of `text`.
    pub fn new(scope: Scope<'a>, text: &'a str) -> Self {
        Self { scope, text, locals: Vec::new(), steps: 0 }
    }

    /// The text of an expression.
    pub fn written(&self, expression: &Expression) -> &'a str {
        self.text.get(expression.span.clone()).unwrap_or_default()
    }

    /// Gives a name of a macro its value while `body` runs.
    pub fn with_local<T>(
        &mut self,
        name: &str,
        value: Cow<'a, Measure>,
        body: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.locals.push((name.to_owned(), value));
        let result = body(self);
        self.locals.pop();
        result
    }

    /// What is set at the point of a sweep that the name of a macro stands for:
    /// `reserved_concurrency 200`.
    pub(super) fn point(&self, name: &str) -> Option<String> {
        let (_, value) = self.locals.iter().rev().find(|(known, _)| known == name)?;
        let Measure::Map(point) = &**value else { return None };
        let Some(Measure::Map(settings)) = point.get("at") else { return None };
        // A setting stands under its path and, if that is clear, under the last step of it.
        let short = |path: &str| {
            let last = path.rsplit_once('.').map(|(_, last)| last);
            last.is_some_and(|last| settings.contains_key(last))
        };
        let settings = settings.iter().filter(|(path, _)| !short(path));
        let words = settings.map(|(name, value)| format!("{name} {}", code(value)));
        Some(words.collect::<Vec<_>>().join(", "))
    }

    /// The value.
    ///
    /// # Errors
    /// A [`Fault`] at the narrowest part that has no value.
    pub fn value(&mut self, expression: &Expression) -> Result<Cow<'a, Measure>, Fault> {
        self.charge(expression, 1)?;
        if let Some(steps) = path(expression)
            && let Some((first, rest)) = steps.split_first()
        {
            let local = self.locals.iter().rev().find(|(name, _)| name == first.name);
            let copy = match local {
                Some((name, Cow::Borrowed(value))) => {
                    return walk(value, name, rest).map(Cow::Borrowed);
                }
                Some((name, Cow::Owned(value))) => walk(value, name, rest)?.clone(),
                None => return resolve(self.scope, &steps),
            };
            self.charge(expression, weight(&copy))?;
            return Ok(Cow::Owned(copy));
        }
        let value = match &expression.kind {
            Kind::Literal(value) => {
                self.charge(expression, weight(value))?;
                value.clone()
            }
            Kind::Name(_) => Measure::Absent,
            Kind::Member(base, label) => {
                let step = Step { name: &label.name, span: label.span.clone() };
                return self.member(base, step);
            }
            Kind::Index(base, index) => return self.index(base, index),
            Kind::List(items) => {
                let copies = items.iter().map(|item| {
                    let value = self.value(item)?;
                    self.copied(item, value)
                });
                Measure::List(copies.collect::<Result<_, Fault>>()?)
            }
            Kind::Not(inner) => Measure::Bool(!self.truth(inner)?),
            Kind::Minus(inner) => match *self.value(inner)? {
                Measure::Quantity(amount, dimension) => Measure::Quantity(-amount, dimension),
                ref other => return Err(self.not_a(inner, other, "a number or quantity")),
            },
            Kind::Binary(operator, a, b) => self.binary(expression, *operator, a, b)?,
            Kind::Conditional(condition, yes, no) => {
                return if self.truth(condition)? { self.value(yes) } else { self.value(no) };
            }
            Kind::Call(function, arguments) => self.call(expression, *function, arguments)?,
            Kind::Macro(which, list, name, body) => self.macro_call(*which, list, name, body)?,
        };
        Ok(Cow::Owned(value))
    }

    pub(super) fn charge(&mut self, expression: &Expression, steps: u32) -> Result<(), Fault> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps <= limit::STEPS {
            return Ok(());
        }
        Err(Fault::new(
            NO_VALUE,
            expression.span.clone(),
            format!("an expectation needs more than {} steps", limit::STEPS),
            "gave up here",
        )
        .hint("ask less of each element, or look at fewer elements"))
    }

    /// The value for keeping. A copy counts as many steps as it has parts, so that no expectation
    /// can fill the memory.
    pub(super) fn copied(
        &mut self,
        expression: &Expression,
        value: Cow<'a, Measure>,
    ) -> Result<Measure, Fault> {
        if let Cow::Borrowed(value) = value {
            self.charge(expression, weight(value))?;
        }
        Ok(value.into_owned())
    }

    /// The value of something that must be true or false.
    ///
    /// # Errors
    /// A [`Fault`], when it has no value or is neither.
    pub fn truth(&mut self, expression: &Expression) -> Result<bool, Fault> {
        match &*self.value(expression)? {
            Measure::Bool(value) => Ok(*value),
            other => {
                let written = self.written(expression);
                Err(self
                    .not_a(expression, other, "true or false")
                    .hint(format!("compare it with something, for instance `{written} > …`")))
            }
        }
    }

    pub(super) fn not_a(&self, expression: &Expression, value: &Measure, wanted: &str) -> Fault {
        let written = self.written(expression);
        if *value == Measure::Absent {
            return absent(expression.span.clone(), written);
        }
        Fault::new(
            TYPE,
            expression.span.clone(),
            format!("`{written}` is {}, not {wanted}", kind(value)),
            format!("expected {wanted}"),
        )
    }

    fn member(&mut self, base: &Expression, step: Step<'_>) -> Result<Cow<'a, Measure>, Fault> {
        let owner = self.written(base);
        match self.value(base)? {
            Cow::Borrowed(value) => walk(value, owner, &[step]).map(Cow::Borrowed),
            Cow::Owned(value) => {
                let copy = walk(&value, owner, &[step])?.clone();
                self.charge(base, weight(&copy))?;
                Ok(Cow::Owned(copy))
            }
        }
    }

    fn index(&mut self, base: &Expression, index: &Expression) -> Result<Cow<'a, Measure>, Fault> {
        let position = self.value(index)?;
        let value = self.value(base)?;
        let (at, items) = match (&*value, &*position) {
            (Measure::List(items), Measure::Quantity(at, MeasureDimension::Number)) => (*at, items),
            (Measure::Map(_), Measure::Text(name)) => {
                return self.member(base, Step { name, span: index.span.clone() });
            }
            (Measure::List(_), _) => {
                return Err(self.not_a(index, &position, "the number of an element"));
            }
            (Measure::Map(_), _) => return Err(self.not_a(index, &position, "a name in quotes")),
            _ => return Err(self.not_a(base, &value, "a list")),
        };
        if at < 0.0 || at.fract() != 0.0 || at >= items.len() as f64 {
            return Err(Fault::new(
                NO_VALUE,
                index.span.clone(),
                format!("`{}` has no element {}", self.written(base), code(&position)),
                match items.len() {
                    0 => "the list is empty".to_owned(),
                    1 => "the list has one element, number 0".to_owned(),
                    n => format!("the list has elements 0 to {}", n - 1),
                },
            ));
        }
        let item = match &value {
            Cow::Borrowed(Measure::List(items)) => items.get(at as usize).map(Cow::Borrowed),
            Cow::Owned(Measure::List(items)) => {
                let copy = items.get(at as usize).cloned();
                self.charge(base, copy.as_ref().map_or(0, weight))?;
                copy.map(Cow::Owned)
            }
            _ => None,
        };
        Ok(item.unwrap_or(Cow::Owned(Measure::Absent)))
    }

    fn binary(
        &mut self,
        whole: &Expression,
        operator: Operator,
        a: &Expression,
        b: &Expression,
    ) -> Result<Measure, Fault> {
        match operator {
            Operator::And => Ok(Measure::Bool(self.truth(a)? && self.truth(b)?)),
            Operator::Or => Ok(Measure::Bool(self.truth(a)? || self.truth(b)?)),
            _ => {
                let (left, right) = (self.value(a)?, self.value(b)?);
                let result = match operator {
                    Operator::In => contains(&left, &right).map(Measure::Bool),
                    _ if operator.is_comparison() => {
                        compare(operator, &left, &right).map(Measure::Bool)
                    }
                    _ => dimension::compute(operator, &left, &right),
                };
                let result = result.map_err(|obstacle| {
                    self.obstacle(obstacle, whole, operator, (a, &left), (b, &right))
                })?;
                self.charge(whole, weight(&result))?;
                Ok(result)
            }
        }
    }

    pub(super) fn obstacle(
        &self,
        obstacle: Obstacle,
        whole: &Expression,
        operator: Operator,
        (a, left): (&Expression, &Measure),
        (b, right): (&Expression, &Measure),
    ) -> Fault {
        let symbol = operator.symbol();
        match obstacle {
            Obstacle::ZeroDivision => {
                return Fault::new(NO_VALUE, b.span.clone(), "division by zero", "this is 0");
            }
            Obstacle::Overflow => {
                return Fault::new(
                    NO_VALUE,
                    whole.span.clone(),
                    "a result is too large",
                    "larger than any number that can be computed with",
                );
            }
            Obstacle::Mismatch => {}
        }
        for (side, value) in [(a, left), (b, right)] {
            if *value == Measure::Absent {
                return absent(side.span.clone(), self.written(side));
            }
            if let Measure::Map(map) = value {
                let names: Vec<&str> = map.keys().map(String::as_str).collect();
                let written = self.written(side);
                return Fault::new(
                    TYPE,
                    side.span.clone(),
                    format!("`{written}` has several measures"),
                    "name one of them",
                )
                .hint(format!("`{written}` has {}", super::name::enumerate(&names)));
            }
        }
        if let Some(fault) = self.missing_unit((a, left), (b, right)) {
            return fault;
        }
        let relation = match operator {
            Operator::Add => "be added",
            Operator::Subtract => "be subtracted",
            Operator::Multiply => "be multiplied",
            Operator::Divide | Operator::Remainder => "be divided",
            Operator::In => "be sought in each other",
            _ => "be compared",
        };
        let mut fault = Fault::new(
            TYPE,
            whole.span.clone(),
            format!("{} and {} can't {relation}", kind(left), kind(right)),
            format!("{} `{symbol}` {}", kind(left), kind(right)),
        );
        for (side, value) in [(a, left), (b, right)] {
            match (&side.kind, value) {
                (Kind::Literal(_), Measure::Text(text)) if Quantity::parse(text).is_ok() => {
                    fault = fault.hint(format!("write it without quotes: `{text}`"));
                }
                (Kind::Literal(_), _) => {}
                _ => fault = fault.note(format!("`{}` is {}", self.written(side), code(value))),
            }
        }
        fault
    }

    /// A fault for a bare number next to a quantity, which says how to write it.
    fn missing_unit(
        &self,
        (a, left): (&Expression, &Measure),
        (b, right): (&Expression, &Measure),
    ) -> Option<Fault> {
        let (bare, other, dimension) = match (left.quantity()?, right.quantity()?) {
            (x, y) if x.dimension == Dimension::Number => (a, b, y.dimension),
            (x, y) if y.dimension == Dimension::Number => (b, a, x.dimension),
            _ => return None,
        };
        let (written, other) = (self.written(bare), self.written(other));
        let name = dimension.name();
        let message = format!("`{other}` is a {name}, `{written}` has no unit");
        let message = message.replace("is a amount", "is an amount");
        let fault = Fault::new(TYPE, bare.span.clone(), message, "a bare number");
        Some(match bare.kind {
            Kind::Literal(_) => {
                fault.hint(format!("give it a unit: {}", with_units(written, dimension)))
            }
            _ => fault.hint(format!("a {name} is written as {}", dimension.examples())),
        })
    }
}

/// A fault for something that was not measured.
fn absent(span: Range<usize>, written: &str) -> Fault {
    Fault::new(
        NO_VALUE,
        span,
        format!("nothing was measured for `{written}`"),
        "no value in this run",
    )
    .hint(format!(
        "expect that there is none with `{written} == null`, or ask `has({written})` first"
    ))
}

fn compare(operator: Operator, left: &Measure, right: &Measure) -> Result<bool, Obstacle> {
    Ok(match operator {
        Operator::Equal => dimension::equal(left, right)?,
        Operator::NotEqual => !dimension::equal(left, right)?,
        Operator::Less => dimension::order(left, right)? == Ordering::Less,
        Operator::LessOrEqual => dimension::order(left, right)? != Ordering::Greater,
        Operator::Greater => dimension::order(left, right)? == Ordering::Greater,
        _ => dimension::order(left, right)? != Ordering::Less,
    })
}

fn contains(needle: &Measure, haystack: &Measure) -> Result<bool, Obstacle> {
    match (needle, haystack) {
        (needle, Measure::List(items)) => {
            let mut found = false;
            for item in items {
                found |= dimension::equal(needle, item)?;
            }
            Ok(found)
        }
        (Measure::Text(name), Measure::Map(map)) => Ok(map.contains_key(name)),
        (Measure::Text(part), Measure::Text(text)) => Ok(text.contains(part.as_str())),
        _ => Err(Obstacle::Mismatch),
    }
}

/// The bytes of a text that count as one part.
const TEXT_PART: usize = 16;

/// How many parts a value has, those of its parts included: what a copy costs.
pub(super) fn weight(value: &Measure) -> u32 {
    let add = |sum: u32, part: &Measure| sum.saturating_add(weight(part));
    match value {
        Measure::List(items) => items.iter().fold(1, add),
        Measure::Map(map) => map.values().fold(1, add),
        Measure::Text(text) => u32::try_from(text.len() / TEXT_PART).map_or(u32::MAX, |n| n + 1),
        _ => 1,
    }
}
