//! What a reader needs to know of an expectation: the values on both sides, and which part fails.

use std::borrow::Cow;
use std::ops::Range;

use super::dimension::{code, codes};
use super::evaluate::Evaluator;
use super::{Expression, Function, Kind, Macro, Operator};
use crate::scenario::outcome::Measure;

/// Which part of an expectation fails, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The bytes of the narrowest part that decides.
    pub span: Range<usize>,
    /// `expected < 250ms, measured 612ms`.
    pub label: String,
    /// Facts that explain it.
    pub notes: Vec<String>,
}

/// The measured parts of an expectation with their values, each once, in the order in which they
/// stand: the sides of comparisons that are not literals.
pub fn values(evaluator: &mut Evaluator<'_>, expression: &Expression) -> Vec<(String, String)> {
    let mut out = Vec::new();
    collect(evaluator, expression, &mut out);
    out
}

fn collect(
    evaluator: &mut Evaluator<'_>,
    expression: &Expression,
    out: &mut Vec<(String, String)>,
) {
    match &expression.kind {
        Kind::Binary(Operator::And | Operator::Or, a, b) => {
            collect(evaluator, a, out);
            collect(evaluator, b, out);
        }
        Kind::Binary(operator, a, b) if operator.is_comparison() || *operator == Operator::In => {
            side(evaluator, a, out);
            side(evaluator, b, out);
        }
        Kind::Not(inner) => collect(evaluator, inner, out),
        Kind::Call(Function::Near, arguments) => {
            for argument in arguments.iter().take(2) {
                side(evaluator, argument, out);
            }
        }
        Kind::Conditional(condition, yes, no) => {
            collect(evaluator, condition, out);
            let chosen = evaluator.truth(condition).map(|holds| if holds { yes } else { no });
            if let Ok(chosen) = chosen {
                collect(evaluator, chosen, out);
            }
        }
        Kind::Call(Function::Contains | Function::StartsWith | Function::EndsWith, arguments) => {
            if let Some(text) = arguments.first() {
                side(evaluator, text, out);
            }
        }
        Kind::Macro(_, list, ..) => side(evaluator, list, out),
        _ => side(evaluator, expression, out),
    }
}

fn side(evaluator: &mut Evaluator<'_>, expression: &Expression, out: &mut Vec<(String, String)>) {
    if is_constant(expression) {
        return;
    }
    let written = evaluator.written(expression).to_owned();
    if out.iter().any(|(known, _)| *known == written) {
        return;
    }
    if let Ok(value) = evaluator.value(expression) {
        out.push((written, brief(&value)));
    }
}

/// A value as text; a list of groups by its size alone.
fn brief(value: &Measure) -> String {
    match value {
        Measure::List(items) if items.iter().any(|item| matches!(item, Measure::Map(_))) => {
            format!("a list of {}", items.len())
        }
        value => code(value),
    }
}

/// Whether an expression measures nothing: a literal, or computed from literals alone.
fn is_constant(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Literal(_) => true,
        Kind::Minus(a) | Kind::Not(a) => is_constant(a),
        Kind::Binary(_, a, b) => is_constant(a) && is_constant(b),
        Kind::List(items) => items.iter().all(is_constant),
        _ => false,
    }
}

/// Why an expression that is false is so.
pub fn failure(evaluator: &mut Evaluator<'_>, expression: &Expression) -> Failure {
    let span = expression.span.clone();
    let fail = |label: String| Failure { span: span.clone(), label, notes: Vec::new() };
    match &expression.kind {
        Kind::Binary(Operator::And, a, b) => {
            let part = if evaluator.truth(a).unwrap_or(false) { b } else { a };
            failure(evaluator, part)
        }
        Kind::Binary(Operator::Or, a, b) => {
            let (left, right) = (failure(evaluator, a), failure(evaluator, b));
            let mut notes = vec![
                format!("`{}`: {}", evaluator.written(a), left.label),
                format!("`{}`: {}", evaluator.written(b), right.label),
            ];
            notes.extend(left.notes);
            notes.extend(right.notes);
            Failure { span, label: "neither side of `||` holds".to_owned(), notes }
        }
        Kind::Binary(Operator::In, a, b) => match (evaluator.value(a), evaluator.value(b)) {
            (Ok(a), Ok(b)) => {
                fail(format!("expected one of {}, measured {}", brief(&b), brief(&a)))
            }
            _ => fail("expected true".to_owned()),
        },
        Kind::Binary(operator, a, b) if operator.is_comparison() => {
            comparison(evaluator, span.clone(), *operator, a, b)
        }
        Kind::Not(inner) => fail(format!("`{}` holds", evaluator.written(inner))),
        Kind::Call(Function::Near, arguments) => near(evaluator, span.clone(), arguments),
        Kind::Conditional(condition, yes, no) => {
            let holds = evaluator.truth(condition).unwrap_or(false);
            let mut inner = failure(evaluator, if holds { yes } else { no });
            inner.notes.push(format!("`{}` is {holds}", evaluator.written(condition)));
            inner
        }
        Kind::Macro(which, list, name, body) => {
            elements(evaluator, span.clone(), *which, (list, &name.name, body))
        }
        _ => fail("expected true, measured false".to_owned()),
    }
}

fn comparison(
    evaluator: &mut Evaluator<'_>,
    span: Range<usize>,
    operator: Operator,
    a: &Expression,
    b: &Expression,
) -> Failure {
    // The side that measures something is the one that is judged; usually it stands left.
    let (measured, expected, operator) = match is_constant(a) && !is_constant(b) {
        true => (b, a, operator.mirrored()),
        false => (a, b, operator),
    };
    let pair = (evaluator.value(measured), evaluator.value(expected));
    let (Ok(left), Ok(right)) = pair else {
        return Failure { span, label: "expected true".to_owned(), notes: Vec::new() };
    };
    let (left, right) = match (&*left, &*right) {
        (Measure::List(_), _) | (_, Measure::List(_)) => (brief(&left), brief(&right)),
        (left, right) => codes(left, right),
    };
    let relation = match operator {
        Operator::Equal => String::new(),
        Operator::NotEqual => "other than ".to_owned(),
        other => format!("{} ", other.symbol()),
    };
    let label = format!("expected {relation}{right}, measured {left}");
    Failure { span, label, notes: Vec::new() }
}

fn near(evaluator: &mut Evaluator<'_>, span: Range<usize>, arguments: &[Expression]) -> Failure {
    let mut label = "expected true".to_owned();
    let mut notes = Vec::new();
    if let [a, b, tolerance] = arguments
        && let (Ok(x), Ok(y)) = (evaluator.value(a), evaluator.value(b))
        && let Ok(allowed) = evaluator.value(tolerance)
    {
        let (x_code, y_code) = codes(&x, &y);
        label = format!("expected {y_code} ± {}, measured {x_code}", code(&allowed));
        if let (Measure::Quantity(x, _), Measure::Quantity(y, _)) = (&*x, &*y)
            && *y != 0.0
        {
            let percent = (x - y) / y.abs() * 100.0;
            notes.push(format!("the difference is {percent:+.1}%"));
        }
    }
    Failure { span, label, notes }
}

fn elements(
    evaluator: &mut Evaluator<'_>,
    span: Range<usize>,
    which: Macro,
    (list, name, body): (&Expression, &str, &Expression),
) -> Failure {
    let items = evaluator.elements(list).unwrap_or_default();
    let total = items.len();
    let mut matching = 0;
    let mut first_failure = None;
    for (index, item) in items.into_iter().enumerate() {
        let found = evaluator.with_local(name, item, |evaluator| {
            if evaluator.truth(body).unwrap_or(false) {
                return None;
            }
            let point = evaluator.point(name);
            Some((failure(evaluator, body), values(evaluator, body), point))
        });
        match found {
            None => matching += 1,
            Some(found) if first_failure.is_none() => {
                first_failure = Some((index, found));
                if which == Macro::All {
                    break;
                }
            }
            Some(_) => {}
        }
    }
    let written = Cow::Borrowed(evaluator.written(list));
    match (which, first_failure) {
        (Macro::All, Some((index, (inner, values, point)))) => {
            let point = point.map(|point| format!("element {index} is the point with {point}"));
            let mut notes: Vec<String> = point.into_iter().collect();
            let values = values
                .into_iter()
                .map(|(part, value)| format!("for element {index}, `{part}` is {value}"));
            notes.extend(values);
            notes.extend(inner.notes);
            let label = format!("element {index} of {total} doesn't fit: {}", inner.label);
            Failure { span, label, notes }
        }
        (Macro::ExistsOne, _) => {
            let label = format!("expected exactly one element that fits, {matching} do");
            Failure { span, label, notes: vec![format!("`{written}` has {total} elements")] }
        }
        _ => {
            let label = format!("none of {total} elements fits");
            Failure { span, label, notes: Vec::new() }
        }
    }
}
