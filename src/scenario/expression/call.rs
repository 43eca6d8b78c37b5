//! The functions and macros of expressions.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::dimension::{self, kind};
use super::evaluate::{Evaluator, NO_VALUE, TYPE, weight};
use super::name::UNKNOWN_NAME;
use super::{Expression, Fault, Function, Label, Macro, Operator};
use crate::quantity::Dimension;
use crate::scenario::outcome::{Measure, MeasureDimension};

impl<'a> Evaluator<'a> {
    pub(super) fn call(
        &mut self,
        whole: &Expression,
        function: Function,
        arguments: &[Expression],
    ) -> Result<Measure, Fault> {
        if function == Function::Has {
            let found = arguments.first().map(|argument| self.value(argument));
            return match found {
                Some(Err(fault)) if fault.code == UNKNOWN_NAME => Ok(Measure::Bool(false)),
                Some(Err(fault)) if fault.code == NO_VALUE => Ok(Measure::Bool(false)),
                Some(Err(fault)) => Err(fault),
                Some(Ok(value)) => Ok(Measure::Bool(*value != Measure::Absent)),
                None => Ok(Measure::Bool(false)),
            };
        }
        let values: Vec<Cow<'a, Measure>> =
            arguments.iter().map(|argument| self.value(argument)).collect::<Result<_, _>>()?;
        let values: Vec<&Measure> = values.iter().map(|value| &**value).collect();
        match (function, values.as_slice()) {
            (Function::Size, [value]) => self.size(&arguments[0], value),
            (Function::Abs, [Measure::Quantity(amount, dimension)]) => {
                Ok(Measure::Quantity(amount.abs(), *dimension))
            }
            (Function::Abs, [other]) => Err(self.not_a(&arguments[0], other, "a number")),
            (Function::Min, values) => self.extreme(whole, arguments, values, Ordering::Less),
            (Function::Max, values) => self.extreme(whole, arguments, values, Ordering::Greater),
            (Function::Round, [value]) => self.round(arguments, value, &Measure::number(1.0)),
            (Function::Round, [value, unit]) => self.round(arguments, value, unit),
            (Function::Near, [a, b, tolerance]) => self.near(arguments, a, b, tolerance),
            (_, [Measure::Text(text), Measure::Text(part)]) => Ok(Measure::Bool(match function {
                Function::Contains => text.contains(part.as_str()),
                Function::StartsWith => text.starts_with(part.as_str()),
                _ => text.ends_with(part.as_str()),
            })),
            (_, [Measure::Text(_), other]) => Err(self.not_a(&arguments[1], other, "a text")),
            (_, [other, ..]) => Err(self.not_a(&arguments[0], other, "a text")),
            (_, []) => Ok(Measure::Absent),
        }
    }

    fn size(&self, argument: &Expression, value: &Measure) -> Result<Measure, Fault> {
        let size = match value {
            Measure::List(items) => items.len(),
            Measure::Map(map) => map.len(),
            Measure::Text(text) => text.chars().count(),
            other => return Err(self.not_a(argument, other, "a list or a text")),
        };
        Ok(Measure::number(size as f64))
    }

    fn extreme(
        &self,
        whole: &Expression,
        arguments: &[Expression],
        values: &[&Measure],
        wanted: Ordering,
    ) -> Result<Measure, Fault> {
        let values: Vec<&Measure> = match values {
            [Measure::List(items)] => items.iter().collect(),
            values => values.to_vec(),
        };
        let Some((&first, rest)) = values.split_first() else {
            return Err(Fault::new(
                NO_VALUE,
                whole.span.clone(),
                format!("`{}` has no value", self.written(whole)),
                "the list is empty",
            ));
        };
        let mut best = first;
        let place = arguments.first().unwrap_or(whole);
        for (index, value) in rest.iter().copied().enumerate() {
            match dimension::order(value, best) {
                Ok(order) if order == wanted => best = value,
                Ok(_) => {}
                Err(obstacle) => {
                    let here = arguments.get(index + 1).unwrap_or(place);
                    let sides = ((place, best), (here, value));
                    return Err(self.obstacle(obstacle, whole, Operator::Less, sides.0, sides.1));
                }
            }
        }
        if values.len() == 1 && best.quantity().is_none() {
            return Err(self.not_a(place, best, "a number or quantity"));
        }
        Ok(best.clone())
    }

    fn round(
        &self,
        arguments: &[Expression],
        value: &Measure,
        unit: &Measure,
    ) -> Result<Measure, Fault> {
        let (Measure::Quantity(amount, dimension), Measure::Quantity(step, unit_dimension)) =
            (value, unit)
        else {
            let wrong = if value.quantity().is_none() { (0, value) } else { (1, unit) };
            return Err(match arguments.get(wrong.0) {
                Some(argument) => self.not_a(argument, wrong.1, "a number or quantity"),
                None => Fault::new(TYPE, 0..0, "`round` has no argument", ""),
            });
        };
        let place = arguments.last().map_or(0..0, |last| last.span.clone());
        if dimension != unit_dimension {
            let dimension = Dimension::from(*dimension);
            return Err(Fault::new(
                TYPE,
                place,
                format!("{} is rounded to {}", dimension::dimension_kind(dimension), kind(unit)),
                "a unit of another dimension",
            )
            .hint(format!("for instance {}", dimension.examples())));
        }
        if *step <= 0.0 {
            return Err(Fault::new(NO_VALUE, place, "`round` to a unit that is not above 0", ""));
        }
        // A number divided by a unit such as 0.1 keeps its short decimal form this way.
        let rounded = (amount / step).round();
        let result = if *step < 1.0 { rounded / (1.0 / step) } else { rounded * step };
        if !result.is_finite() {
            return Err(Fault::new(
                NO_VALUE,
                place,
                "the unit of `round` is too small for the number",
                "more of these than can be counted",
            ));
        }
        Ok(Measure::Quantity(result, *dimension))
    }

    fn near(
        &self,
        arguments: &[Expression],
        a: &Measure,
        b: &Measure,
        tolerance: &Measure,
    ) -> Result<Measure, Fault> {
        let [ea, eb, et] = arguments else { return Ok(Measure::Absent) };
        let pair = (a, b);
        let (Measure::Quantity(x, _), Measure::Quantity(y, dimension)) = pair else {
            let side = if a.quantity().is_none() { (ea, a) } else { (eb, b) };
            return Err(self.not_a(side.0, side.1, "a number or quantity"));
        };
        dimension::order(a, b)
            .map_err(|obstacle| self.obstacle(obstacle, eb, Operator::Equal, (ea, a), (eb, b)))?;
        let allowed = match tolerance {
            Measure::Quantity(share, MeasureDimension::Percent) => share.abs() * y.abs(),
            Measure::Quantity(amount, unit) if unit == dimension => amount.abs(),
            _ => {
                let fits = Dimension::from(*dimension).examples();
                return Err(Fault::new(
                    TYPE,
                    et.span.clone(),
                    "the tolerance of `near` doesn't fit what is compared",
                    format!("{} for {}", kind(tolerance), kind(b)),
                )
                .hint(format!("give a share such as `5%`, or an amount such as {fits}")));
            }
        };
        let difference = (x - y).abs();
        Ok(Measure::Bool(difference <= allowed || dimension::equal_numbers(difference, allowed)))
    }

    pub(super) fn macro_call(
        &mut self,
        which: Macro,
        list: &Expression,
        name: &Label,
        body: &Expression,
    ) -> Result<Measure, Fault> {
        let mut count = 0usize;
        let mut out = Vec::new();
        for item in self.elements(list)? {
            if which == Macro::Map {
                let value = self.with_local(&name.name, item, |this| this.value(body))?;
                out.push(self.copied(body, value)?);
                continue;
            }
            let kept = match which {
                Macro::Filter => {
                    self.charge(list, weight(&item))?;
                    Some(item.clone())
                }
                _ => None,
            };
            let holds = self.with_local(&name.name, item, |this| this.truth(body))?;
            match which {
                Macro::All if !holds => return Ok(Measure::Bool(false)),
                Macro::Exists if holds => return Ok(Measure::Bool(true)),
                Macro::Filter if holds => out.extend(kept.map(Cow::into_owned)),
                _ => count += usize::from(holds),
            }
        }
        Ok(match which {
            Macro::All => Measure::Bool(true),
            Macro::Exists => Measure::Bool(false),
            Macro::ExistsOne => Measure::Bool(count == 1),
            Macro::Map | Macro::Filter => Measure::List(out),
        })
    }

    /// The elements of a list, not copied where they are measures.
    pub(super) fn elements(&mut self, list: &Expression) -> Result<Vec<Cow<'a, Measure>>, Fault> {
        match self.value(list)? {
            Cow::Borrowed(Measure::List(items)) => Ok(items.iter().map(Cow::Borrowed).collect()),
            Cow::Owned(Measure::List(items)) => Ok(items.into_iter().map(Cow::Owned).collect()),
            other => Err(self.not_a(list, &other, "a list")),
        }
    }
}
