//! `sweep`: the same scenario with one or two settings at many values. A setting is a path, as in
//! a variant's `with`; its values are a list, or a range of evenly spaced quantities.

use std::ops::Range;

use super::function::CONFLICT;
use super::scalar::UNIT;
use super::{KIND, Keys, Reader, kind};
use crate::diagnostic::Code;
use crate::quantity::{Dimension, ParseError, Quantity};
use crate::scenario::expression::dimension::{dimension_kind, equal};
use crate::scenario::limit;
use crate::scenario::outcome::{Measure, SweepAxis};
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// Values from which no sweep can be made.
pub const VALUES: Code = Code("E0160");

const RANGE: Keys = Keys { known: &["from", "to", "step", "points"], later: &[] };

/// How far a number of steps may be from a whole one: the rounding of decimal fractions.
const WHOLE: f64 = 1e-9;

/// A sweep as it is written.
#[derive(Clone, Debug)]
pub struct WrittenSweep {
    /// The paths with their values, in the author's order.
    pub axes: Vec<SweepAxis>,
    /// The points. The values of the last path change from each point to the next.
    pub points: Vec<WrittenPoint>,
}

/// A point of a sweep as it is written.
#[derive(Clone, Debug)]
pub struct WrittenPoint {
    /// The bytes of the value of the first path.
    pub range: Range<usize>,
    /// The block's tree with the values in it.
    pub root: Node,
}

/// A path and its values.
struct Setting<'n> {
    entry: &'n Entry,
    values: Vec<Node>,
}

impl Reader<'_> {
    /// The points of a sweep. Without a value when it can't be understood; what is wrong with a
    /// value itself is found where the points are read as scenarios.
    pub fn sweep(&mut self, root: &Node, node: &Node) -> Option<WrittenSweep> {
        let mapping = self.mapping(node, "`sweep`")?;
        if mapping.entries.is_empty() {
            let diagnostic = self
                .error(VALUES, &node.range, "a sweep changes a setting")
                .label("no path and no values")
                .hint("for instance `sweep: { functions.orders.memory: [512MB, 1GB, 2GB] }`");
            self.report(diagnostic);
            return None;
        }
        let paths = mapping.entries.len();
        if !self.check_size(paths, limit::SWEEP_PATHS, "paths in its sweep", &node.range) {
            return None;
        }
        let one_inside_the_other = self.nested_paths(mapping);
        let settings: Vec<Option<Setting<'_>>> = mapping
            .entries
            .iter()
            .map(|entry| Some(Setting { entry, values: self.values(entry)? }))
            .collect();
        let settings: Vec<Setting<'_>> = settings.into_iter().collect::<Option<_>>()?;
        let size = settings.iter().map(|setting| setting.values.len()).product();
        let fits = self.check_size(size, limit::SWEEP_POINTS, "points in its sweep", &node.range);
        if one_inside_the_other || !fits {
            return None;
        }
        let axis = |setting: &Setting<'_>| SweepAxis {
            path: setting.entry.key.clone(),
            values: setting.values.iter().map(|value| self.measure(value)).collect(),
        };
        let axes = settings.iter().map(axis).collect();
        let points = (0..size).map(|index| self.point(root, &settings, index));
        match points.collect() {
            Ok(points) => Some(WrittenSweep { axes, points }),
            Err(diagnostic) => {
                let diagnostic: Box<_> = diagnostic;
                self.report(*diagnostic);
                None
            }
        }
    }

    /// Reports two paths of which one would overwrite what the other sets.
    fn nested_paths(&mut self, mapping: &Mapping) -> bool {
        let [first, second] = mapping.entries.as_slice() else { return false };
        let inside = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
        };
        if !inside(&first.key, &second.key) && !inside(&second.key, &first.key) {
            return false;
        }
        let message = format!("`{}` and `{}` set the same thing", first.key, second.key);
        let diagnostic = self
            .error(CONFLICT, &second.key_range, message)
            .label("one of the paths lies inside the other")
            .hint("sweep two settings that don't contain each other");
        self.report(diagnostic);
        true
    }

    fn point(
        &self,
        root: &Node,
        settings: &[Setting<'_>],
        index: usize,
    ) -> Result<WrittenPoint, Box<crate::diagnostic::Diagnostic>> {
        let mut root = root.clone();
        let mut rest = index;
        let mut range = 0..0;
        for setting in settings.iter().rev() {
            let size = setting.values.len().max(1);
            let Some(value) = setting.values.get(rest % size) else { continue };
            rest /= size;
            range = value.range.clone();
            let changed = Entry { value: value.clone(), ..setting.entry.clone() };
            self.set(&mut root, &changed, "a sweep")?;
        }
        Ok(WrittenPoint { range, root })
    }

    /// The values of a path, at least two and all different.
    fn values(&mut self, entry: &Entry) -> Option<Vec<Node>> {
        let (path, node) = (&entry.key, &entry.value);
        let values = match &node.value {
            NodeValue::Sequence(items) => items.clone(),
            NodeValue::Mapping(fields) if is_range(fields) => self.range(node)?,
            other => {
                // A tree in place of a path: the keys belong into one name.
                let whole = path_into(path, other);
                let hint = match &whole == path {
                    true => {
                        "for instance `[0, 100, 200]` or `{ from: 0, to: 400, step: 100 }`".into()
                    }
                    false => format!("write the path in one: `{whole}: [ … ]`"),
                };
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{path}` is swept over a list of values"))
                    .label(format!("this is {}", kind(other)))
                    .hint(hint);
                self.report(diagnostic);
                return None;
            }
        };
        if values.len() < 2 {
            let diagnostic = self
                .error(VALUES, &node.range, "a sweep has two values or more")
                .label(if values.is_empty() { "no value" } else { "one value" })
                .hint("a single value belongs where the setting stands, or into a variant");
            self.report(diagnostic);
            return None;
        }
        let mut seen: Vec<Measure> = Vec::new();
        for value in &values {
            let measure = self.measure(value);
            if let Some(at) = seen.iter().position(|known| same(known, &measure)) {
                let diagnostic = self
                    .error(VALUES, &value.range, "a value of a sweep comes twice")
                    .label(format!("the same as value {at}"))
                    .hint("leave one of them out");
                self.report(diagnostic);
                return None;
            }
            seen.push(measure);
        }
        Some(values)
    }

    /// A value as expectations and figures see it. What is no single value is its text.
    fn measure(&self, node: &Node) -> Measure {
        match &node.value {
            NodeValue::Null => Measure::Absent,
            NodeValue::Bool(value) => Measure::Bool(*value),
            NodeValue::Integer(number) => Measure::number(*number as f64),
            NodeValue::Float(number) => Measure::number(*number),
            NodeValue::String(text) => {
                Quantity::parse(text).map_or_else(|_| Measure::Text(text.clone()), Measure::from)
            }
            _ => {
                let words: Vec<&str> = self.written(&node.range).split_whitespace().collect();
                Measure::Text(words.join(" "))
            }
        }
    }

    /// `{ from: 0, to: 400, step: 100 }` or `{ from: 0, to: 400, points: 5 }`. The values have the
    /// places of what they come from.
    fn range(&mut self, node: &Node) -> Option<Vec<Node>> {
        let what = "a range of a sweep";
        let fields = self.fields(node, what, RANGE)?;
        let from = self.required(fields, "from", what, &node.range, "from: 0");
        let to = self.required(fields, "to", what, &node.range, "to: 400");
        let first = from.and_then(|node| self.end_of_range(node, "from", None));
        let dimension = first.map(|quantity| quantity.dimension);
        let last = to.and_then(|node| self.end_of_range(node, "to", dimension));
        let (from, to, first, last) = (from?, to?, first?, last?);
        if first.amount >= last.amount {
            let diagnostic = self
                .error(VALUES, &to.range, "a range of a sweep goes up")
                .label("`to` is not greater than `from`");
            self.report(diagnostic);
            return None;
        }
        let (middle, steps) = match (fields.get("step"), fields.get("points")) {
            (Some(step), None) => (step, self.steps_of(step, first, last)?),
            (None, Some(points)) => {
                let count = self.count(points, "points", 2)?;
                let most = limit::SWEEP_POINTS as u64;
                if count > most {
                    let count = usize::try_from(count).unwrap_or(usize::MAX);
                    let most = limit::SWEEP_POINTS;
                    self.check_size(count, most, "points in its sweep", &points.range);
                    return None;
                }
                (points, count - 1)
            }
            (step, _) => {
                let problem = if step.is_some() { "both are given" } else { "neither is given" };
                let diagnostic = self
                    .error(VALUES, &node.range, "a range has either `step` or `points`")
                    .label(problem)
                    .hint("for instance `{ from: 0, to: 400, step: 100 }`");
                self.report(diagnostic);
                return None;
            }
        };
        let width = last.amount - first.amount;
        let value = |index: u64| {
            let amount = first.amount + width * index as f64 / steps as f64;
            let place = match index {
                0 => from,
                index if index == steps => to,
                _ => middle,
            };
            written(Quantity::new(decimal(amount), first.dimension), &place.range)
        };
        Some((0..=steps).map(value).collect())
    }

    /// How many steps lead from the first to the last value.
    fn steps_of(&mut self, node: &Node, first: Quantity, last: Quantity) -> Option<u64> {
        let step = self.end_of_range(node, "step", Some(first.dimension))?;
        if step.amount <= 0.0 {
            let diagnostic = self
                .error(VALUES, &node.range, "a step of a sweep is above zero")
                .label("leads nowhere");
            self.report(diagnostic);
            return None;
        }
        let steps = (last.amount - first.amount) / step.amount;
        if steps.round() > limit::SWEEP_POINTS as f64 {
            // Far more than can be counted is as wrong as one too many.
            let size = (steps.min(1e9) as usize).saturating_add(1);
            self.check_size(size, limit::SWEEP_POINTS, "points in its sweep", &node.range);
            return None;
        }
        if (steps - steps.round()).abs() > WHOLE {
            let reached = first.amount + steps.floor() * step.amount;
            let reached = Quantity::new(decimal(reached), first.dimension).code();
            let diagnostic = self
                .error(VALUES, &node.range, "the steps of a range end on its last value")
                .label(format!("they pass {reached} and miss `to`"))
                .hint(format!("let `to` be {reached}, or give `points` in place of `step`"));
            self.report(diagnostic);
            return None;
        }
        Some(steps.round() as u64)
    }

    /// A number or quantity of a range, of the dimension of its `from`.
    fn end_of_range(
        &mut self,
        node: &Node,
        name: &str,
        wanted: Option<Dimension>,
    ) -> Option<Quantity> {
        let read = match &node.value {
            NodeValue::Integer(number) => Ok(Quantity::number(*number as f64)),
            NodeValue::Float(number) if number.is_finite() => Ok(Quantity::number(*number)),
            NodeValue::String(text) => Quantity::parse(text),
            _ => Err(ParseError::NotANumber),
        };
        let diagnostic = match read {
            Ok(quantity) if wanted.is_none_or(|wanted| wanted == quantity.dimension) => {
                return Some(quantity);
            }
            Ok(quantity) => {
                let fits = wanted.unwrap_or(quantity.dimension);
                self.error(UNIT, &node.range, format!("`from` and `{name}` don't fit"))
                    .label(format!("this is {}", dimension_kind(quantity.dimension)))
                    .note(format!("`from` is {}", dimension_kind(fits)))
                    .hint(format!("for instance {}", fits.examples()))
            }
            Err(_) => self
                .error(UNIT, &node.range, format!("`{name}` is a number or quantity"))
                .label("no number with a unit")
                .hint("other values are listed: `[newest, random]`"),
        };
        self.report(diagnostic);
        None
    }
}

/// The path that a tree in place of one leads along, as far as it doesn't branch.
fn path_into(path: &str, mut value: &NodeValue) -> String {
    let mut path = path.to_owned();
    while let NodeValue::Mapping(fields) = value
        && let [only] = fields.entries.as_slice()
    {
        path = format!("{path}.{}", only.key);
        value = &only.value.value;
    }
    path
}

/// Whether a map is meant for a range of values and not for a part of the scenario.
fn is_range(fields: &Mapping) -> bool {
    fields.entries.iter().any(|entry| RANGE.known.contains(&entry.key.as_str()))
}

/// Whether two values are one.
fn same(a: &Measure, b: &Measure) -> bool {
    equal(a, b).unwrap_or(false)
}

/// A number without the noise that binary fractions leave behind the last decimal.
fn decimal(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

/// A quantity as an author would write it, in the base unit of its dimension.
fn written(quantity: Quantity, range: &Range<usize>) -> Node {
    let amount = quantity.amount;
    let text = |unit: &str| NodeValue::String(format!("{amount}{unit}"));
    let value = match quantity.dimension {
        Dimension::Number if amount.fract() == 0.0 && amount.abs() <= limit::COUNT as f64 => {
            NodeValue::Integer(amount as i64)
        }
        Dimension::Number => NodeValue::Float(amount),
        Dimension::Duration => text("ns"),
        Dimension::Rate => text("/s"),
        Dimension::DataSize => text("B"),
        Dimension::Percent => NodeValue::String(format!("{}%", decimal(amount * 100.0))),
        Dimension::Money => text("USD"),
    };
    Node { range: range.clone(), value }
}
