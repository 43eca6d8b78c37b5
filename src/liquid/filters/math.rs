//! Filters for numbers.

use crate::liquid::host::Arguments;
use crate::liquid::problem::Outcome;
use crate::liquid::value::{Number, Val};

pub(super) fn apply<'s>(
    name: &str,
    input: &Val<'s>,
    arguments: &Arguments<'s>,
) -> Option<Outcome<Val<'s>>> {
    let number = || Number::of(input);
    let operand = || Number::of(&arguments.get(0));
    let result = match name {
        "abs" => number().abs(),
        "plus" => number().plus(operand()),
        "minus" => number().minus(operand()),
        "times" => number().times(operand()),
        "divided_by" => return Some(number().divided_by(operand()).map(Number::to_val)),
        "modulo" => return Some(number().modulo(operand()).map(Number::to_val)),
        "at_least" if number().is_less_than(operand()) => operand(),
        "at_most" if operand().is_less_than(number()) => operand(),
        "at_least" | "at_most" => number(),
        "ceil" => return Some(number().ceil().map(Val::Integer)),
        "floor" => return Some(number().floor().map(Val::Integer)),
        "round" => {
            let rounded = operand().floor().and_then(|digits| number().round(digits));
            return Some(rounded.map(Number::to_val));
        }
        _ => return None,
    };
    Some(Ok(result.to_val()))
}
