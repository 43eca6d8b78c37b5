//! Equality, order and sorting across kinds, as Ruby has them.

use std::cmp::Ordering;

use super::{List, Number, Val};
use crate::liquid::problem::{Outcome, Problem};

/// How deep lists and maps are compared; what is deeper counts as different.
const MAX_DEPTH: usize = 64;

/// Ruby's `==`: numbers by value across kinds, lists and maps by their elements.
pub fn equal<'s>(left: &Val<'s>, right: &Val<'s>) -> bool {
    equal_nested(left, right, false, 0)
}

/// Ruby's `eql?`, by which `uniq` goes: 1 and 1.0 differ.
pub fn identical<'s>(left: &Val<'s>, right: &Val<'s>) -> bool {
    equal_nested(left, right, true, 0)
}

fn equal_nested<'s>(left: &Val<'s>, right: &Val<'s>, strict: bool, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match (left, right) {
        (Val::Nil, Val::Nil) => true,
        (Val::Bool(a), Val::Bool(b)) => a == b,
        (Val::Integer(a), Val::Integer(b)) => a == b,
        (Val::Float(a), Val::Float(b)) => a == b,
        (Val::Integer(a), Val::Float(b)) | (Val::Float(b), Val::Integer(a)) => {
            !strict && *a as f64 == *b
        }
        (Val::Text(a), Val::Text(b)) => a == b,
        (Val::Range(a, b), Val::Range(c, d)) => a == c && b == d,
        (Val::Date(a), Val::Date(b)) => a == b,
        (Val::Time(a), Val::Time(b)) => a == b,
        (Val::List(a), Val::List(b)) => {
            same_list(a, b)
                || a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|(a, b)| equal_nested(&a, &b, strict, depth + 1))
        }
        (Val::Map(a), Val::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    b.get(&key).is_some_and(|other| equal_nested(&value, &other, strict, depth + 1))
                })
        }
        (Val::Object(a), Val::Object(b)) => {
            std::rc::Rc::ptr_eq(a, b)
                || match (a.as_value(), b.as_value()) {
                    (Some(a), Some(b)) => equal_nested(&a, &b, strict, depth + 1),
                    _ => false,
                }
        }
        (Val::Member(a), Val::Member(b)) => a.is(b),
        (Val::Object(object), other) | (other, Val::Object(object)) => {
            object.as_value().is_some_and(|value| equal_nested(&value, other, strict, depth + 1))
        }
        _ => false,
    }
}

fn same_list<'s>(a: &List<'s>, b: &List<'s>) -> bool {
    match (a, b) {
        (List::Borrowed(a), List::Borrowed(b)) => std::ptr::eq(*a, *b),
        (List::Members(a, b), List::Members(c, d)) => {
            std::ptr::addr_eq(*a, *c) && std::ptr::eq(*b, *d)
        }
        (List::Shared(a), List::Shared(b)) => std::rc::Rc::ptr_eq(a, b),
        _ => false,
    }
}

/// Ruby's `<=>`; `None` for what has no order.
pub fn compare<'s>(left: &Val<'s>, right: &Val<'s>) -> Option<Ordering> {
    compare_nested(left, right, 0)
}

fn compare_nested<'s>(left: &Val<'s>, right: &Val<'s>, depth: usize) -> Option<Ordering> {
    if depth > MAX_DEPTH {
        return None;
    }
    match (left, right) {
        (Val::Integer(a), Val::Integer(b)) => Some(a.cmp(b)),
        (Val::Integer(_) | Val::Float(_), Val::Integer(_) | Val::Float(_)) => {
            Number::of(left).to_float().partial_cmp(&Number::of(right).to_float())
        }
        (Val::Text(a), Val::Text(b)) => Some(a.cmp(b)),
        (Val::Date(a), Val::Date(b)) => Some(a.cmp(b)),
        (Val::Time(a), Val::Time(b)) => Some(a.cmp(b)),
        (Val::List(a), Val::List(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                match compare_nested(&a, &b, depth + 1) {
                    Some(Ordering::Equal) => {}
                    other => return other,
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        (Val::Object(a), _) if a.as_value().is_some() => {
            compare_nested(&a.as_value()?, right, depth + 1)
        }
        (_, Val::Object(b)) if b.as_value().is_some() => {
            compare_nested(left, &b.as_value()?, depth + 1)
        }
        _ => equal(left, right).then_some(Ordering::Equal),
    }
}

/// Sorts by an order that may fail or contradict itself: equal elements keep their order.
///
/// # Errors
/// The first failure of `order`.
pub fn sort<T>(
    elements: Vec<T>,
    order: &mut impl FnMut(&T, &T) -> Outcome<Ordering>,
) -> Outcome<Vec<T>> {
    if elements.len() < 2 {
        return Ok(elements);
    }
    let mut left = elements;
    let right = left.split_off(left.len() / 2);
    let left = sort(left, order)?;
    let right = sort(right, order)?;
    let mut sorted = Vec::with_capacity(left.len() + right.len());
    let mut left = left.into_iter().peekable();
    let mut right = right.into_iter().peekable();
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if order(a, b)? == Ordering::Greater { right.next() } else { left.next() };
        sorted.extend(next);
    }
    sorted.extend(left);
    sorted.extend(right);
    Ok(sorted)
}

/// What Ruby says of two values without a common order.
pub fn incomparable<'s>(left: &Val<'s>, right: &Val<'s>) -> Box<Problem> {
    let shown = match right {
        Val::Nil => "nil".to_owned(),
        Val::Bool(_) | Val::Integer(_) | Val::Float(_) => right.to_text().to_string(),
        _ => right.class().to_owned(),
    };
    Problem::render(format!("comparison of {} with {shown} failed", left.class()))
}

impl<'s> Val<'s> {
    /// Whether it has `<` and its kin.
    fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Integer(_) | Self::Float(_) | Self::Text(_) | Self::Date(_) | Self::Time(_)
        )
    }

    /// Ruby's `left < right`, `<=`, `>`, `>=`: `None` where a side has no order at all.
    ///
    /// # Errors
    /// When both sides have an order but not the same one.
    pub fn ordering(&self, right: &Val<'s>) -> Outcome<Option<Ordering>> {
        if !self.is_ordered() || !right.is_ordered() {
            return Ok(None);
        }
        let ordering = compare(self, right);
        let is_number = |value: &Self| matches!(value, Self::Integer(_) | Self::Float(_));
        if ordering.is_some() || is_number(self) && is_number(right) {
            return Ok(ordering);
        }
        Err(incomparable(self, right))
    }

    /// The name of its class in Ruby.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Nil => "NilClass",
            Self::Bool(true) => "TrueClass",
            Self::Bool(false) => "FalseClass",
            Self::Integer(_) => "Integer",
            Self::Float(_) => "Float",
            Self::Text(_) => "String",
            Self::Range(..) => "Range",
            Self::Date(_) => "Date",
            Self::Time(_) => "Time",
            Self::List(_) => "Array",
            Self::Map(_) => "Hash",
            Self::Object(_) | Self::Member(_) => "Liquid::Drop",
        }
    }
}
