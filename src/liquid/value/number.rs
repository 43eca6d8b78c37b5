//! Arithmetic as Ruby Liquid does it: whole numbers stay whole and divide downwards, all others
//! are decimal fractions, so that 0.1 + 0.2 is 0.3.

use super::Val;
use crate::liquid::problem::{Outcome, Problem};

/// How many digits a decimal may have behind the point before it becomes a float.
const MAX_SCALE: u32 = 30;

/// A number in a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// `mantissa / 10^scale`.
    Decimal {
        /// All digits.
        mantissa: i128,
        /// How many of them stand behind the point.
        scale: u32,
    },
    /// A number that has too many digits for a decimal.
    Float(f64),
}

impl Number {
    /// The number that a value counts as; 0 for what is none.
    pub fn of(value: &Val<'_>) -> Self {
        match value {
            Val::Integer(number) => Self::Integer(*number),
            Val::Float(number) => Self::from_float(*number),
            Val::Text(text) => Self::from_text(text),
            Val::Object(object) => match object.as_value() {
                Some(Val::Object(_)) | None => Self::Integer(0),
                Some(value) => Self::of(&value),
            },
            _ => Self::Integer(0),
        }
    }

    fn from_float(number: f64) -> Self {
        Self::decimal(&number.to_string()).unwrap_or(Self::Float(number))
    }

    fn from_text(text: &str) -> Self {
        let trimmed = text.trim();
        let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        match digits.split_once('.') {
            Some((whole, fraction)) if is_digits(whole) && is_digits(fraction) => {
                Self::decimal(trimmed)
                    .unwrap_or_else(|| Self::Float(trimmed.parse().unwrap_or(0.0)))
            }
            _ => to_i(text),
        }
    }

    fn decimal(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let scale = u32::try_from(fraction.len()).ok().filter(|&scale| scale <= MAX_SCALE)?;
        let mantissa = format!("{whole}{fraction}").parse().ok()?;
        Some(Self::Decimal { mantissa, scale })
    }

    /// As a float.
    pub fn to_float(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Decimal { mantissa, scale } => {
                format!("{mantissa}e-{scale}").parse().unwrap_or(0.0)
            }
            Self::Float(number) => number,
        }
    }

    /// As a value: decimals become floats.
    pub fn to_val<'s>(self) -> Val<'s> {
        match self {
            Self::Integer(number) => Val::Integer(number),
            _ => Val::Float(self.to_float()),
        }
    }

    fn is_zero(self) -> bool {
        match self {
            Self::Integer(number) => number == 0,
            Self::Decimal { mantissa, .. } => mantissa == 0,
            Self::Float(number) => number == 0.0,
        }
    }

    /// Both as mantissas of one scale.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let parts = |number| match number {
            Self::Integer(number) => Some((number, 0)),
            Self::Decimal { mantissa, scale } => Some((mantissa, scale)),
            Self::Float(_) => None,
        };
        let (a, a_scale) = parts(self)?;
        let (b, b_scale) = parts(other)?;
        let scale = a_scale.max(b_scale);
        let lift = |number: i128, from: u32| number.checked_mul(10_i128.checked_pow(scale - from)?);
        Some((lift(a, a_scale)?, lift(b, b_scale)?, scale))
    }

    fn both_whole(self, other: Self) -> Option<(i128, i128)> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some((a, b)),
            _ => None,
        }
    }

    fn combine(
        self,
        other: Self,
        exact: impl Fn(i128, i128) -> Option<i128>,
        float: impl Fn(f64, f64) -> f64,
    ) -> Self {
        let float = || Self::Float(float(self.to_float(), other.to_float()));
        if let Some((a, b)) = self.both_whole(other) {
            return exact(a, b).map_or_else(float, Self::Integer);
        }
        let exact = self
            .aligned(other)
            .and_then(|(a, b, scale)| Some(Self::Decimal { mantissa: exact(a, b)?, scale }));
        exact.unwrap_or_else(float)
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Self {
        self.combine(other, i128::checked_add, |a, b| a + b)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Self {
        self.combine(other, i128::checked_sub, |a, b| a - b)
    }

    /// The product.
    pub fn times(self, other: Self) -> Self {
        let exact = match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.checked_mul(b).map(Self::Integer),
            (Self::Float(_), _) | (_, Self::Float(_)) => None,
            _ => {
                let scale = |number| match number {
                    Self::Decimal { scale, .. } => scale,
                    _ => 0,
                };
                let mantissa = |number| match number {
                    Self::Decimal { mantissa, .. } | Self::Integer(mantissa) => mantissa,
                    Self::Float(_) => 0,
                };
                mantissa(self).checked_mul(mantissa(other)).and_then(|mantissa| {
                    let scale = scale(self) + scale(other);
                    (scale <= MAX_SCALE).then_some(Self::Decimal { mantissa, scale })
                })
            }
        };
        exact.unwrap_or_else(|| Self::Float(self.to_float() * other.to_float()))
    }

    /// The quotient; whole numbers divide downwards.
    ///
    /// # Errors
    /// A division of whole numbers by zero; with fractions the result is infinite, as in Ruby.
    pub fn divided_by(self, other: Self) -> Outcome<Self> {
        if let Some((a, b)) = self.both_whole(other) {
            if b == 0 {
                return Err(Problem::render("divided by 0"));
            }
            let quotient = a.checked_div_euclid(b).unwrap_or(i128::MAX);
            // Euclid rounds away from zero for a negative divisor; Ruby always rounds down.
            let down = if b < 0 && a.checked_rem_euclid(b).unwrap_or(0) != 0 { 1 } else { 0 };
            return Ok(Self::Integer(quotient - down));
        }
        Ok(Self::Float(match self.aligned(other) {
            Some((a, b, _)) if b != 0 => divide_exactly(a, b),
            _ => self.to_float() / other.to_float(),
        }))
    }

    /// The remainder, which has the divisor's sign.
    ///
    /// # Errors
    /// A division by zero.
    pub fn modulo(self, other: Self) -> Outcome<Self> {
        if other.is_zero() {
            return Err(Problem::render("divided by 0"));
        }
        let floored = |a: i128, b: i128| {
            let rest = a.checked_rem(b).unwrap_or(0);
            Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        };
        Ok(self.combine(other, floored, |a, b| a - b * (a / b).floor()))
    }

    /// The order of two numbers.
    pub fn is_less_than(self, other: Self) -> bool {
        match self.aligned(other) {
            Some((a, b, _)) => a < b,
            None => self.to_float() < other.to_float(),
        }
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        match self {
            Self::Integer(number) => Self::Integer(number.saturating_abs()),
            Self::Decimal { mantissa, scale } => {
                Self::Decimal { mantissa: mantissa.saturating_abs(), scale }
            }
            Self::Float(number) => Self::Float(number.abs()),
        }
    }

    /// Rounded to `digits` behind the point (before it, if negative), halves away from zero.
    ///
    /// # Errors
    /// For what is infinite or no number, unless it keeps its fraction.
    pub fn round(self, digits: i128) -> Outcome<Self> {
        if let Self::Float(number) = self
            && digits <= 0
        {
            return Ok(Self::Integer(finite(number)?.round() as i128));
        }
        Ok(self.round_finite(digits))
    }

    fn round_finite(self, digits: i128) -> Self {
        let (mantissa, scale) = match self {
            Self::Integer(_) if digits >= 0 => return self,
            Self::Integer(number) => (number, 0),
            Self::Decimal { mantissa, scale } => (mantissa, scale),
            Self::Float(_) => return self,
        };
        let drop = i128::from(scale).saturating_sub(digits);
        if drop <= 0 {
            return self;
        }
        let unit = u32::try_from(drop).ok().and_then(|drop| 10_i128.checked_pow(drop));
        let Some(unit) = unit else { return Self::Integer(0) };
        let rest = mantissa % unit;
        let mut rounded = mantissa / unit;
        if rest.abs() >= unit - unit / 2 {
            rounded += mantissa.signum();
        }
        if digits > 0 {
            return Self::Decimal { mantissa: rounded, scale: digits.try_into().unwrap_or(0) };
        }
        let unit = u32::try_from(-digits).ok().and_then(|digits| 10_i128.checked_pow(digits));
        Self::Integer(unit.and_then(|unit| rounded.checked_mul(unit)).unwrap_or(0))
    }

    /// The next whole number downwards.
    ///
    /// # Errors
    /// For what is infinite or no number.
    pub fn floor(self) -> Outcome<i128> {
        Ok(match self {
            Self::Integer(number) => number,
            Self::Decimal { mantissa, scale } => {
                mantissa.div_euclid(10_i128.checked_pow(scale).unwrap_or(i128::MAX))
            }
            Self::Float(number) => finite(number)?.floor() as i128,
        })
    }

    /// The next whole number upwards.
    ///
    /// # Errors
    /// For what is infinite or no number.
    pub fn ceil(self) -> Outcome<i128> {
        Ok(match self {
            Self::Integer(number) => number,
            Self::Decimal { mantissa, scale } => {
                let unit = 10_i128.checked_pow(scale).unwrap_or(i128::MAX);
                mantissa.div_euclid(unit) + i128::from(mantissa.rem_euclid(unit) != 0)
            }
            Self::Float(number) => finite(number)?.ceil() as i128,
        })
    }
}

fn finite(number: f64) -> Outcome<f64> {
    if number.is_finite() {
        return Ok(number);
    }
    Err(Problem::render(super::float_to_s(number)).message("this number has no end"))
}

/// The quotient with as many digits as fit, so that rounding to a float happens once.
fn divide_exactly(a: i128, b: i128) -> f64 {
    let mut dividend = a;
    let mut scale = 0;
    while let Some(next) = dividend.checked_mul(10).filter(|_| scale < 60) {
        dividend = next;
        scale += 1;
    }
    let quotient = dividend.checked_div(b).unwrap_or(0);
    format!("{quotient}e-{scale}").parse().unwrap_or(0.0)
}

/// Ruby's `to_i`: the whole number at the beginning of a text, 0 without one.
fn to_i(text: &str) -> Number {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(digits.len());
    let digits = digits[..end].split("__").next().unwrap_or_default();
    if digits.starts_with('_') {
        return Number::Integer(0);
    }
    let number = format!("{sign}{}", digits.replace('_', ""));
    match number.parse() {
        Ok(number) => Number::Integer(number),
        Err(_) => Number::Integer(0),
    }
}

impl Val<'_> {
    /// Ruby's `to_i`, as loops ask it of their arguments.
    pub fn to_i(&self) -> i128 {
        match Number::of(self) {
            Number::Integer(number) => number,
            number => number.to_float().trunc() as i128,
        }
    }

    /// A whole number, or a text that is nothing but one.
    ///
    /// # Errors
    /// For everything else.
    pub fn to_integer(&self) -> Outcome<i128> {
        if let Self::Integer(number) = self {
            return Ok(*number);
        }
        let text = self.to_text();
        let text = text.trim();
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let first_and_last =
            digits.starts_with(|c: char| c.is_ascii_digit()) && !digits.ends_with('_');
        if !first_and_last || digits.contains("__") {
            return Err(Problem::render("invalid integer"));
        }
        text.replace('_', "").parse().map_err(|_| Problem::render("invalid integer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::of(&Val::text(text))
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(number("0.1").plus(number("0.2")).to_float(), 0.3);
        assert_eq!(number("1.005").round(2).unwrap().to_float(), 1.01);
        assert_eq!(number("-2.5").round(0).unwrap(), Number::Integer(-3));
        assert_eq!(number("1").divided_by(number("3.0")).unwrap().to_float(), 1.0 / 3.0);
    }

    #[test]
    fn whole_numbers_divide_downwards() {
        for (a, b) in [(7, 2), (-7, 2), (7, -2), (-7, -2), (6, -2), (-6, 2)] {
            let quotient = Number::Integer(a).divided_by(Number::Integer(b)).unwrap();
            let expected = (a as f64 / b as f64).floor() as i128;
            assert_eq!(quotient, Number::Integer(expected), "{a} / {b}");
            let rest = Number::Integer(a).modulo(Number::Integer(b)).unwrap();
            assert_eq!(rest, Number::Integer(a - b * expected), "{a} % {b}");
        }
        assert!(Number::Integer(1).divided_by(Number::Integer(0)).is_err());
    }

    #[test]
    fn texts_count_as_the_number_they_begin_with() {
        assert_eq!(number(" 12개"), Number::Integer(12));
        assert_eq!(number("1_000"), Number::Integer(1000));
        assert_eq!(number("세 개"), Number::Integer(0));
    }
}
