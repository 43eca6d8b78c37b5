//! From an outcome to the rows of its entry.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::write::quoted;
use super::{Entry, LIST_VALUES_MAX, ROWS_MAX, Row, TEXT_MAX, is_nothing};
use crate::quantity::Quantity;
use crate::scenario::key;
use crate::scenario::outcome::{Measure, Outcome};

/// The facts that the runs read and that the scenario doesn't override, with their values.
pub(super) fn facts(outcome: &Outcome) -> BTreeMap<String, Quantity> {
    let read = outcome.quotas.iter().filter(|quota| !quota.overridden);
    read.map(|quota| (quota.name.clone(), Quantity::new(quota.value, quota.dimension.into())))
        .collect()
}

/// Puts measures, sweep and digest into an entry.
pub(super) fn measures(outcome: &Outcome, entry: &mut Entry) {
    let variants: Vec<Values> =
        outcome.variants.iter().map(|variant| values(&variant.measures)).collect();
    let points = outcome.sweep.as_ref().map(|sweep| sweep.points().map(values).collect());
    let points: Vec<Values> = points.unwrap_or_default();
    entry.digest = digest(&entry.variants, &variants, &points);
    (entry.measures, entry.unlisted) = rows(&variants);
    let (sweep, unlisted) = rows(&points);
    entry.sweep = sweep;
    entry.unlisted += unlisted;
}

/// The values of one run by path.
type Values = BTreeMap<String, String>;

fn values(measures: &IndexMap<String, Measure>) -> Values {
    let mut values = Values::new();
    for (name, measure) in measures {
        flatten(name, measure, &mut values);
    }
    values
}

fn digest(names: &[String], variants: &[Values], points: &[Values]) -> String {
    let mut parts: Vec<&str> = names.iter().map(String::as_str).collect();
    for run in variants.iter().chain(points) {
        parts.push("run");
        parts.extend(run.iter().flat_map(|(path, value)| [path.as_str(), value.as_str()]));
    }
    key::digest(parts)
}

/// The value of a measure as the lock writes it, for one that is no group and no list: `12000`,
/// `200ms`, `true`, `none`, `"a text"`.
pub fn value(measure: &Measure) -> Option<String> {
    Some(match measure {
        Measure::Absent => "none".to_owned(),
        Measure::Bool(value) => value.to_string(),
        Measure::Text(text) => quoted(text),
        Measure::Quantity(..) => measure.quantity()?.exact(),
        Measure::List(_) | Measure::Map(_) => return None,
    })
}

fn flatten(path: &str, measure: &Measure, out: &mut Values) {
    match measure {
        Measure::Map(group) => {
            for (name, inner) in group {
                flatten(&format!("{path}.{name}"), inner, out);
            }
        }
        Measure::List(items) => {
            let mut below = Values::new();
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{at}]"), item, &mut below);
            }
            let entries = if items.len() == 1 { "entry" } else { "entries" };
            let mut length = format!("{} {entries}", items.len());
            if below.len() > LIST_VALUES_MAX {
                let parts = below.iter().flat_map(|(path, value)| [path.as_str(), value.as_str()]);
                length = format!("{length} {}", key::digest(parts));
                below.clear();
            }
            out.insert(path.to_owned(), length);
            out.append(&mut below);
        }
        single => {
            out.extend(value(single).map(|value| (path.to_owned(), value)));
        }
    }
}

/// The rows of all runs side by side, and how many more there would be.
fn rows(runs: &[Values]) -> (BTreeMap<String, Row>, usize) {
    let mut paths: Vec<&str> = runs.iter().flat_map(|run| run.keys().map(String::as_str)).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut rows = BTreeMap::new();
    let mut unlisted = 0;
    for path in paths {
        let value = |run: &Values| run.get(path).map_or_else(|| "none".to_owned(), |v| short(v));
        let values: Vec<String> = runs.iter().map(value).collect();
        if values.iter().all(|value| is_nothing(value)) {
            continue;
        }
        if rows.len() >= ROWS_MAX {
            unlisted += 1;
            continue;
        }
        let row = match values.split_first() {
            Some((first, rest)) if rest.iter().all(|value| value == first) => {
                Row::Same(first.clone())
            }
            _ => Row::Each(values),
        };
        rows.insert(path.to_owned(), row);
    }
    (rows, unlisted)
}

/// A long text cut to what a line can bear; the digest covers the rest.
fn short(value: &str) -> String {
    match value.char_indices().nth(TEXT_MAX) {
        Some((at, _)) if value.starts_with('"') => {
            let cut = value.get(..at).unwrap_or_default();
            // Not within an escape.
            let escape = cut.rfind('\\').filter(|&begin| at - begin < 6).unwrap_or(at);
            let cut = cut.get(..escape).unwrap_or_default();
            let escaping = cut.len() - cut.trim_end_matches('\\').len();
            let cut = if escaping % 2 == 1 { &cut[..cut.len() - 1] } else { cut };
            format!("{cut}…\"")
        }
        _ => value.to_owned(),
    }
}
