//! Names: from `orders.duration.p99` to a measure, or to the closest name there is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use indexmap::IndexMap;

use super::dimension::kind;
use super::{Expression, Fault, Kind};
use crate::diagnostic::{Code, closest};
use crate::quantity::Quantity;
use crate::scenario::outcome::{Measure, VariantOutcome};

/// An expectation names something that isn't there.
pub const UNKNOWN_NAME: Code = Code("E0109");

/// What an expectation can see.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// All variants.
    pub variants: &'a [VariantOutcome],
    /// The variant in which the expectation is judged.
    pub measures: &'a IndexMap<String, Measure>,
    /// The catalogue's values with the overrides of that variant.
    pub quotas: &'a BTreeMap<String, Quantity>,
    /// The variant's seed.
    pub seed: u64,
    /// The points of the sweep, if there is one: a list of groups of measures.
    pub sweep: Option<&'a Measure>,
}

/// A step of a path with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Step<'a> {
    /// The name.
    pub name: &'a str,
    /// The bytes of the text.
    pub span: Range<usize>,
}

/// The steps of an expression that is a path of names: `a.b["c"].d`. Other than a call on a text,
/// an index that is a text in quotes is a name.
pub fn path(expression: &Expression) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    let mut at = expression;
    loop {
        at = match &at.kind {
            Kind::Name(name) => {
                steps.push(Step { name, span: at.span.clone() });
                steps.reverse();
                return Some(steps);
            }
            Kind::Member(base, label) => {
                steps.push(Step { name: &label.name, span: label.span.clone() });
                base
            }
            Kind::Index(base, index) => {
                let Kind::Literal(Measure::Text(name)) = &index.kind else { return None };
                steps.push(Step { name, span: index.span.clone() });
                base
            }
            _ => return None,
        };
    }
}

/// The measure at the end of a path.
///
/// # Errors
/// [`UNKNOWN_NAME`] at the first step that leads nowhere.
pub fn resolve<'a>(scope: Scope<'a>, steps: &[Step<'_>]) -> Result<Cow<'a, Measure>, Fault> {
    let Some((first, rest)) = steps.split_first() else {
        return Ok(Cow::Owned(Measure::Absent));
    };
    match first.name {
        "quota" => quota(scope, first, rest),
        "seed" if rest.is_empty() => Ok(Cow::Owned(Measure::number(scope.seed as f64))),
        "sweep" => sweep(scope, first, rest).map(Cow::Borrowed),
        "variants" => {
            let Some((name, rest)) = rest.split_first() else {
                return Err(Fault::new(
                    UNKNOWN_NAME,
                    first.span.clone(),
                    "`variants` needs the name of a variant",
                    "write `variants[\"name\"].orders.throttles`",
                ));
            };
            let found = scope.variants.iter().find(|v| v.name.as_deref() == Some(name.name));
            match found {
                Some(variant) => descend(&variant.measures, name, rest).map(Cow::Borrowed),
                None => {
                    let names = scope.variants.iter().filter_map(|v| v.name.as_deref());
                    Err(unknown(name, "variant", &names.collect::<Vec<_>>()))
                }
            }
        }
        _ => match scope.measures.get(first.name) {
            Some(measure) => walk(measure, first.name, rest).map(Cow::Borrowed),
            None => {
                let mut names: Vec<&str> = scope.measures.keys().map(String::as_str).collect();
                names.extend(["variants", "quota", "seed"]);
                Err(unknown(first, "name", &names))
            }
        },
    }
}

fn sweep<'a>(scope: Scope<'a>, first: &Step<'_>, rest: &[Step<'_>]) -> Result<&'a Measure, Fault> {
    let Some(points) = scope.sweep else {
        let message = "the scenario has no sweep";
        return Err(Fault::new(UNKNOWN_NAME, first.span.clone(), message, "nothing is swept")
            .hint("add `sweep: { functions.orders.memory: [512MB, 1GB, 2GB] }`"));
    };
    walk(points, first.name, rest).map_err(|fault| {
        let steps: Vec<&str> = rest.iter().map(|step| step.name).collect();
        let steps = steps.join(".");
        fault.hint(format!("name a point, `sweep[0].{steps}`, or all: `sweep.all(p, p.{steps} …)`"))
    })
}

fn descend<'a>(
    measures: &'a IndexMap<String, Measure>,
    owner: &Step<'_>,
    steps: &[Step<'_>],
) -> Result<&'a Measure, Fault> {
    let Some((step, rest)) = steps.split_first() else {
        return Err(Fault::new(
            UNKNOWN_NAME,
            owner.span.clone(),
            format!("variant `{}` has many measures", owner.name),
            "name one of them after a point",
        ));
    };
    match measures.get(step.name) {
        Some(measure) => walk(measure, step.name, rest),
        None => {
            Err(unknown(step, "name", &measures.keys().map(String::as_str).collect::<Vec<_>>()))
        }
    }
}

fn quota<'a>(
    scope: Scope<'a>,
    first: &Step<'_>,
    rest: &[Step<'_>],
) -> Result<Cow<'a, Measure>, Fault> {
    let name = rest.iter().map(|step| step.name).collect::<Vec<_>>().join(".");
    if let Some(value) = scope.quotas.get(&name) {
        return Ok(Cow::Owned((*value).into()));
    }
    let span = match (rest.first(), rest.last()) {
        (Some(start), Some(end)) => start.span.start..end.span.end,
        _ => first.span.clone(),
    };
    let names: Vec<&str> = scope.quotas.keys().map(String::as_str).collect();
    Err(unknown(&Step { name: &name, span }, "catalogue entry", &names))
}

/// Follows the steps below a measure called `owner`.
///
/// # Errors
/// [`UNKNOWN_NAME`] at the first step that leads nowhere.
pub fn walk<'a>(
    measure: &'a Measure,
    owner: &str,
    steps: &[Step<'_>],
) -> Result<&'a Measure, Fault> {
    let mut at = measure;
    let mut owner = owner.to_owned();
    for step in steps {
        let Measure::Map(map) = at else {
            return Err(Fault::new(
                UNKNOWN_NAME,
                step.span.clone(),
                format!("`{owner}` has no member `{}`", step.name),
                format!("`{owner}` is {}", kind(at)),
            ));
        };
        at = match map.get(step.name) {
            Some(inner) => inner,
            None => return Err(missing(step, &owner, map)),
        };
        owner.push('.');
        owner.push_str(step.name);
    }
    Ok(at)
}

/// A step into a group of measures that hasn't such a member.
fn missing(step: &Step<'_>, owner: &str, map: &IndexMap<String, Measure>) -> Fault {
    let fault = Fault::new(
        UNKNOWN_NAME,
        step.span.clone(),
        format!("`{owner}` has no measure `{}`", step.name),
        "unknown measure",
    );
    let names: Vec<&str> = map.keys().map(String::as_str).collect();
    let all = format!("`{owner}` has {}", enumerate(&names));
    match suggestion(step.name, map) {
        Some(near) if names.len() > FEW => fault.hint(format!("did you mean `{near}`?")),
        Some(near) => fault.hint(format!("did you mean `{near}`? {all}")),
        None => fault.hint(all),
    }
}

/// So few names are all shown beside the closest one.
const FEW: usize = 12;

/// The name that was probably meant: one spelt alike, CloudWatch's own spelling in snake case, or
/// one that lies a level deeper.
pub fn suggestion(name: &str, map: &IndexMap<String, Measure>) -> Option<String> {
    let snake = snake_case(name);
    if map.contains_key(&snake) {
        return Some(snake);
    }
    for (group, inner) in map {
        if matches!(inner, Measure::Map(inner) if inner.contains_key(&snake)) {
            return Some(format!("{group}.{snake}"));
        }
    }
    closest(&snake, map.keys().map(String::as_str)).map(str::to_owned)
}

/// `ConcurrentExecutions` as `concurrent_executions`.
pub fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut previous_is_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && previous_is_lower {
            out.push('_');
        }
        previous_is_lower = c.is_lowercase() || c.is_ascii_digit();
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A fault about a name, with the closest of those there are, or all if they are few.
pub fn unknown(step: &Step<'_>, what: &str, names: &[&str]) -> Fault {
    let fault = Fault::new(
        UNKNOWN_NAME,
        step.span.clone(),
        format!("unknown {what} `{}`", step.name),
        format!("no such {what}"),
    );
    let snake = snake_case(step.name);
    match closest(&snake, names.iter().copied()).or(closest(step.name, names.iter().copied())) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None if names.is_empty() => fault.hint("there is none"),
        None => fault.hint(format!("there are {}", enumerate(names))),
    }
}

/// Names in back-ticks with commas; a long list is cut.
pub fn enumerate(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(24).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 24 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// Checks that every path in an expression leads somewhere, also where evaluation wouldn't come.
/// What is inside `has()` may be missing.
///
/// # Errors
/// [`UNKNOWN_NAME`] at the first that doesn't.
pub fn check(scope: Scope<'_>, expression: &Expression) -> Result<(), Fault> {
    check_below(scope, expression, &mut Vec::new())
}

fn check_below<'e>(
    scope: Scope<'_>,
    expression: &'e Expression,
    locals: &mut Vec<&'e str>,
) -> Result<(), Fault> {
    if let Some(steps) = path(expression) {
        let local = steps.first().is_some_and(|step| locals.contains(&step.name));
        return if local { Ok(()) } else { resolve(scope, &steps).map(drop) };
    }
    match &expression.kind {
        Kind::Literal(_) | Kind::Name(_) | Kind::Call(super::Function::Has, _) => Ok(()),
        Kind::Member(a, _) | Kind::Not(a) | Kind::Minus(a) => check_below(scope, a, locals),
        Kind::Index(a, b) | Kind::Binary(_, a, b) => {
            check_below(scope, a, locals)?;
            check_below(scope, b, locals)
        }
        Kind::List(items) | Kind::Call(_, items) => {
            items.iter().try_for_each(|item| check_below(scope, item, locals))
        }
        Kind::Conditional(a, b, c) => {
            check_below(scope, a, locals)?;
            check_below(scope, b, locals)?;
            check_below(scope, c, locals)
        }
        Kind::Macro(_, list, name, body) => {
            check_below(scope, list, locals)?;
            locals.push(&name.name);
            let result = check_below(scope, body, locals);
            locals.pop();
            result
        }
    }
}
