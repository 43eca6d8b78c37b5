//! Arithmetic and comparison of measures with their dimensions, and the words for both in
//! messages.

use std::cmp::Ordering;

use super::Operator;
use crate::quantity::{Dimension, Quantity};
use crate::scenario::outcome::{Measure, MeasureDimension as D};

/// The relative difference below which two numbers are equal.
const EQUAL: f64 = 1e-12;
/// Nanoseconds in a second: rates are events per second, durations nanoseconds.
const SECOND: f64 = 1e9;

/// Why two values can't be computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Their kinds or dimensions don't fit.
    Mismatch,
    /// The right side is zero.
    ZeroDivision,
    /// The result is larger than any number that can be computed with.
    Overflow,
}

/// Adds, subtracts, multiplies, divides two quantities.
///
/// # Errors
/// [`Obstacle`], when there is no such result.
pub fn compute(operator: Operator, left: &Measure, right: &Measure) -> Result<Measure, Obstacle> {
    let (Measure::Quantity(a, da), Measure::Quantity(b, db)) = (left, right) else {
        return match (operator, left, right) {
            (Operator::Add, Measure::Text(a), Measure::Text(b)) => {
                Ok(Measure::Text(format!("{a}{b}")))
            }
            _ => Err(Obstacle::Mismatch),
        };
    };
    let (amount, dimension) = match operator {
        Operator::Add => (a + b, shared(*da, *db)?),
        Operator::Subtract => (a - b, shared(*da, *db)?),
        Operator::Multiply => product((*a, *da), (*b, *db))?,
        Operator::Divide if *b == 0.0 => return Err(Obstacle::ZeroDivision),
        Operator::Divide => quotient((*a, *da), (*b, *db))?,
        Operator::Remainder if *b == 0.0 => return Err(Obstacle::ZeroDivision),
        Operator::Remainder => (a % b, shared(*da, *db)?),
        _ => return Err(Obstacle::Mismatch),
    };
    if amount.is_finite() {
        Ok(Measure::Quantity(amount, dimension))
    } else {
        Err(Obstacle::Overflow)
    }
}

/// The dimension of a sum. Percentages are numbers and mix with them.
fn shared(a: D, b: D) -> Result<D, Obstacle> {
    match (a, b) {
        _ if a == b => Ok(a),
        (D::Percent, D::Number) | (D::Number, D::Percent) => Ok(D::Number),
        _ => Err(Obstacle::Mismatch),
    }
}

fn product(a: (f64, D), b: (f64, D)) -> Result<(f64, D), Obstacle> {
    let amount = a.0 * b.0;
    match (a.1, b.1) {
        (D::Number, D::Percent) | (D::Percent, D::Number) => Ok((amount, D::Number)),
        (D::Number | D::Percent, other) | (other, D::Number | D::Percent) => Ok((amount, other)),
        (D::Rate, D::Duration) | (D::Duration, D::Rate) => Ok((amount / SECOND, D::Number)),
        _ => Err(Obstacle::Mismatch),
    }
}

fn quotient(a: (f64, D), b: (f64, D)) -> Result<(f64, D), Obstacle> {
    let amount = a.0 / b.0;
    match (a.1, b.1) {
        (x, y) if x == y => Ok((amount, D::Number)),
        (D::Number, D::Percent) => Ok((amount, D::Number)),
        (D::Number | D::Percent, D::Duration) => Ok((amount * SECOND, D::Rate)),
        (D::Number | D::Percent, D::Rate) => Ok((amount * SECOND, D::Duration)),
        (x, D::Number | D::Percent) => Ok((amount, x)),
        _ => Err(Obstacle::Mismatch),
    }
}

/// Whether two numbers are equal up to the rounding of floating point.
pub fn equal_numbers(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= EQUAL * a.abs().max(b.abs())
}

/// The order of two quantities or texts; equal up to rounding.
///
/// # Errors
/// [`Obstacle::Mismatch`], when they can't be compared.
pub fn order(left: &Measure, right: &Measure) -> Result<Ordering, Obstacle> {
    match (left, right) {
        (Measure::Quantity(a, da), Measure::Quantity(b, db)) => {
            shared(*da, *db)?;
            if equal_numbers(*a, *b) { Ok(Ordering::Equal) } else { Ok(a.total_cmp(b)) }
        }
        (Measure::Text(a), Measure::Text(b)) => Ok(a.cmp(b)),
        _ => Err(Obstacle::Mismatch),
    }
}

/// Whether two values are equal.
///
/// # Errors
/// [`Obstacle::Mismatch`], when they are of kinds that are never equal, which is a mistake of the
/// author rather than a claim. Everything may be compared with `null`.
pub fn equal(left: &Measure, right: &Measure) -> Result<bool, Obstacle> {
    match (left, right) {
        (Measure::Absent, _) | (_, Measure::Absent) => Ok(left == right),
        (Measure::Bool(a), Measure::Bool(b)) => Ok(a == b),
        (Measure::List(a), Measure::List(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            let mut all = true;
            for (a, b) in a.iter().zip(b) {
                all &= equal(a, b)?;
            }
            Ok(all)
        }
        _ => order(left, right).map(|order| order == Ordering::Equal),
    }
}

/// What a value is called in a message, with its article.
pub fn kind(value: &Measure) -> &'static str {
    match value {
        Measure::Absent => "`null`",
        Measure::Bool(_) => "a truth value",
        Measure::Text(_) => "a text",
        Measure::List(_) => "a list",
        Measure::Map(_) => "a group of measures",
        Measure::Quantity(_, dimension) => dimension_kind((*dimension).into()),
    }
}

/// What a quantity of a dimension is called in a message, with its article.
pub fn dimension_kind(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Number => "a bare number",
        Dimension::Duration => "a duration",
        Dimension::Rate => "a rate",
        Dimension::DataSize => "a size",
        Dimension::Percent => "a percentage",
        Dimension::Money => "an amount of money",
    }
}

/// How the author's number would be written with the units that fit: `` `250ms`, `250s` ``.
pub fn with_units(number: &str, dimension: Dimension) -> String {
    let units: &[&str] = match dimension {
        Dimension::Number => &[""],
        Dimension::Duration => &["ms", "s", "m"],
        Dimension::Rate => &["/s", "/m"],
        Dimension::DataSize => &["MB", "GB"],
        Dimension::Percent => &["%"],
        Dimension::Money => &["USD"],
    };
    let written: Vec<String> = units.iter().map(|unit| format!("`{number}{unit}`")).collect();
    match written.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// A value as the language writes it, for messages: `612ms`, `"text"`, `null`.
pub fn code(value: &Measure) -> String {
    match value {
        Measure::Absent => "null".to_owned(),
        Measure::Bool(value) => value.to_string(),
        Measure::Text(text) => format!("{text:?}"),
        Measure::List(items) => {
            let shown: Vec<String> = items.iter().take(8).map(code).collect();
            let more = if items.len() > 8 { ", …" } else { "" };
            format!("[{}{more}]", shown.join(", "))
        }
        Measure::Map(map) => format!("{} measures", map.len()),
        Measure::Quantity(amount, dimension) => Quantity::new(*amount, (*dimension).into()).code(),
    }
}

/// Two values as text, with all digits if rounding would make different ones look the same.
pub fn codes(a: &Measure, b: &Measure) -> (String, String) {
    let (short_a, short_b) = (code(a), code(b));
    match (a, b) {
        (Measure::Quantity(x, dx), Measure::Quantity(y, dy))
            if short_a == short_b && !equal_numbers(*x, *y) =>
        {
            (exact(*x, (*dx).into()), exact(*y, (*dy).into()))
        }
        _ => (short_a, short_b),
    }
}

/// A quantity with all its digits, in a unit in which it is readable.
fn exact(amount: f64, dimension: Dimension) -> String {
    let (size, unit) = match dimension {
        Dimension::Number => (1.0, ""),
        Dimension::Duration if amount.abs() >= 1e9 => (1e9, "s"),
        Dimension::Duration => (1e6, "ms"),
        Dimension::Rate => (1.0, "/s"),
        Dimension::DataSize => (1.0, "B"),
        Dimension::Percent => (0.01, "%"),
        Dimension::Money => (1.0, "USD"),
    };
    format!("{}{unit}", amount / size)
}
