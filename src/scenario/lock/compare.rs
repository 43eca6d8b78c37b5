//! What moved between two entries of a scenario, or two locks of a site.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Row, is_nothing};
use crate::quantity::{Dimension, Quantity, format_number};

/// A measure that has another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The measure's path, for instance `orders.duration.p99`.
    pub path: String,
    /// The variant, of a scenario that has some.
    pub variant: Option<String>,
    /// The point of the sweep, from 0; none outside a sweep.
    pub point: Option<usize>,
    /// The value before, as the lock writes it.
    pub before: String,
    /// The value after.
    pub after: String,
}

/// A fact of the catalogue that has another value; `None` where it isn't known.
#[derive(Clone, Debug, PartialEq)]
pub struct FactChange {
    /// Its name.
    pub name: String,
    /// The value before.
    pub before: Option<Quantity>,
    /// The value after.
    pub after: Option<Quantity>,
}

/// What differs between two entries of one scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The measures that moved, in the order of paths, variants and points.
    pub movements: Vec<Movement>,
    /// Variants that weren't there before.
    pub new_variants: Vec<String>,
    /// Variants that are no more.
    pub gone_variants: Vec<String>,
    /// How many points the sweep had and has, where that differs.
    pub points: Option<(usize, usize)>,
    /// The facts that it read and whose values changed.
    pub facts: Vec<FactChange>,
    /// The versions of the engine, where they differ.
    pub engine: Option<(u32, u32)>,
    /// Whether what it follows from differs.
    pub other_key: bool,
    /// Whether any measure differs, those that a lock doesn't list included.
    pub other_measures: bool,
}

impl Movement {
    /// The measure with its variant or point: `orders.throttles [예약 없음]`,
    /// `sweep[3].orders.throttles`.
    pub fn name(&self) -> String {
        match &self.variant {
            Some(variant) => format!("{} [{variant}]", self.path),
            None => self.measure(),
        }
    }

    /// The measure with its point, the variant left out: `sweep[3].orders.throttles`.
    pub fn measure(&self) -> String {
        match self.point {
            Some(point) => format!("sweep[{point}].{}", self.path),
            None => self.path.clone(),
        }
    }

    /// Both values as people read them: rounded, unless that would hide the difference.
    pub fn shown(&self) -> (String, String) {
        let code = |value: &str| {
            Quantity::parse_exact(value).map_or_else(|| value.to_owned(), Quantity::code)
        };
        // Nobody reads the digest of a list.
        if let (Some(before), Some(after)) = (length(&self.before), length(&self.after)) {
            let others = if before == after { ", others" } else { "" };
            return (before.to_owned(), format!("{after}{others}"));
        }
        let (before, after) = (code(&self.before), code(&self.after));
        if before == after { (self.before.clone(), self.after.clone()) } else { (before, after) }
    }

    /// The relative change, `+102.4%`; none of what is no quantity, or was 0.
    pub fn change(&self) -> Option<String> {
        let by = self.relative()? * 100.0;
        let sign = if by > 0.0 { "+" } else { "" };
        Some(format!("{sign}{}%", format_number(by)))
    }

    fn relative(&self) -> Option<f64> {
        let before = Quantity::parse_exact(&self.before)?;
        let after = Quantity::parse_exact(&self.after)?;
        let by = (after.amount - before.amount) / before.amount.abs();
        (before.dimension == after.dimension && by.is_finite()).then_some(by)
    }

    /// `1137 → 2301 (+102.4%)`.
    pub fn arrow(&self) -> String {
        let (before, after) = self.shown();
        match self.change() {
            Some(change) => format!("{before} → {after} ({change})"),
            None => format!("{before} → {after}"),
        }
    }
}

impl FactChange {
    /// Both values as people read them; `-` for one that isn't known.
    pub fn shown(&self) -> (String, String) {
        let code = |value: Option<Quantity>| value.map_or("-".to_owned(), Quantity::code);
        let exact = |value: Option<Quantity>| value.map_or("-".to_owned(), Quantity::exact);
        let (before, after) = (code(self.before), code(self.after));
        if before == after { (exact(self.before), exact(self.after)) } else { (before, after) }
    }
}

impl Comparison {
    /// Whether the two entries say the same of the scenario.
    pub fn is_same(&self) -> bool {
        !self.other_key && !self.other_measures
    }

    /// The movements with those first that tell most: of the scenario's own resources before those
    /// of the account and the whole, what was nothing before the rest, large changes before small.
    pub fn telling(&self) -> Vec<&Movement> {
        let rank = |movement: &Movement| {
            let owner = movement.path.split('.').next().unwrap_or_default();
            let is_whole = ["account", "deploy", "run", "total"].contains(&owner);
            let size = movement.relative().map_or(f64::INFINITY, f64::abs);
            (is_whole || length(&movement.after).is_some(), size)
        };
        let mut movements: Vec<&Movement> = self.movements.iter().collect();
        movements.sort_by(|a, b| {
            let ((whole_a, size_a), (whole_b, size_b)) = (rank(a), rank(b));
            whole_a.cmp(&whole_b).then(size_b.total_cmp(&size_a))
        });
        movements
    }

    /// Why it was to be expected, or what else is different, a line each.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        for fact in &self.facts {
            let (before, after) = fact.shown();
            reasons.push(format!("the fact `{}`: {before} → {after}", fact.name));
        }
        reasons
            .extend(self.engine.map(|(before, after)| format!("the engine: {before} → {after}")));
        let names = |names: &[String]| {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        if !self.new_variants.is_empty() {
            reasons.push(format!("new variants: {}", names(&self.new_variants)));
        }
        if !self.gone_variants.is_empty() {
            reasons.push(format!("variants that are gone: {}", names(&self.gone_variants)));
        }
        if let Some((before, after)) = self.points {
            reasons.push(format!("points of the sweep: {before} → {after}"));
        }
        if reasons.is_empty() && self.other_key {
            reasons.push("the block means something else than it did".to_owned());
        }
        reasons
    }
}

/// `100 entries` of a list's `100 entries 5d69f5…`.
fn length(value: &str) -> Option<&str> {
    let at = value.find(" entr")?;
    let rest = value.get(at + 1..)?;
    let word = rest.split(' ').next().filter(|_| !value.starts_with('"'))?;
    value.get(..at + 1 + word.len())
}

/// What differs between the entries of a scenario.
pub fn compare(before: &Entry, after: &Entry) -> Comparison {
    let lacks = |entry: &Entry, variant: &&String| !entry.variants.contains(variant);
    let new = after.variants.iter().filter(|variant| lacks(before, variant));
    let gone = before.variants.iter().filter(|variant| lacks(after, variant));
    let (new_variants, gone_variants) = (new.cloned().collect(), gone.cloned().collect());
    let mut movements = Vec::new();
    let paths = paths(&before.measures, &after.measures);
    let is_cut = before.unlisted > 0 || after.unlisted > 0;
    for path in paths {
        for (variant, from, to) in same_variants(before, after) {
            let values = (value(&before.measures, path, from), value(&after.measures, path, to));
            movements.extend(moved(path, values, is_cut).map(|m| Movement { variant, ..m }));
        }
    }
    let points = before.points.min(after.points);
    for path in self::paths(&before.sweep, &after.sweep) {
        for point in 0..points {
            let values = (value(&before.sweep, path, point), value(&after.sweep, path, point));
            let moved = moved(path, values, is_cut);
            movements.extend(moved.map(|movement| Movement { point: Some(point), ..movement }));
        }
    }
    Comparison {
        movements,
        new_variants,
        gone_variants,
        points: (before.points != after.points).then_some((before.points, after.points)),
        facts: facts(&before.facts, &after.facts),
        engine: (before.engine != after.engine).then_some((before.engine, after.engine)),
        other_key: before.key != after.key,
        other_measures: before.digest != after.digest,
    }
}

/// The facts that both know with different values.
fn facts(
    before: &BTreeMap<String, Quantity>,
    after: &BTreeMap<String, Quantity>,
) -> Vec<FactChange> {
    let both = before.iter().filter_map(|(name, old)| Some((name, old, after.get(name)?)));
    both.filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| FactChange {
            name: name.clone(),
            before: Some(*old),
            after: Some(*new),
        })
        .collect()
}

fn paths<'r>(before: &'r BTreeMap<String, Row>, after: &'r BTreeMap<String, Row>) -> Vec<&'r str> {
    let paths: BTreeSet<&str> = before.keys().chain(after.keys()).map(String::as_str).collect();
    paths.into_iter().collect()
}

/// The runs that both have: the variant's name, and its number in each.
fn same_variants(before: &Entry, after: &Entry) -> Vec<(Option<String>, usize, usize)> {
    if before.variants.is_empty() && after.variants.is_empty() {
        return vec![(None, 0, 0)];
    }
    let same = before.variants.iter().enumerate().filter_map(|(from, name)| {
        let to = after.variants.iter().position(|other| other == name)?;
        Some((Some(name.clone()), from, to))
    });
    same.collect()
}

fn value<'r>(rows: &'r BTreeMap<String, Row>, path: &str, index: usize) -> Option<&'r str> {
    rows.get(path)?.at(index)
}

fn moved(path: &str, values: (Option<&str>, Option<&str>), is_cut: bool) -> Option<Movement> {
    let word = |value: Option<&str>, other: Option<&str>| match value {
        Some(value) => value.to_owned(),
        None => nothing_like(path, other.unwrap_or_default()).to_owned(),
    };
    let is_listed = |value: Option<&str>| value.is_some_and(|value| !is_nothing(value));
    let differs = match values {
        (Some(before), Some(after)) => before != after,
        (before, after) => (is_listed(before) || is_listed(after)) && !is_cut,
    };
    differs.then(|| Movement {
        path: path.to_owned(),
        variant: None,
        point: None,
        before: word(values.0, values.1),
        after: word(values.1, values.0),
    })
}

/// What a value that isn't listed is, as far as the other value tells: nothing is measured of
/// durations where there are none, and counts are 0.
fn nothing_like(path: &str, other: &str) -> &'static str {
    if other == "true" {
        return "false";
    }
    if other.contains(" entries") || other.contains(" entry") {
        return "0 entries";
    }
    let is_sum = path.ends_with(".sum");
    match Quantity::parse_exact(other).map(|quantity| quantity.dimension) {
        None => "none",
        Some(Dimension::Duration) if !is_sum => "none",
        Some(Dimension::Duration) => "0s",
        Some(Dimension::Rate) => "0/s",
        Some(Dimension::DataSize) => "0B",
        Some(Dimension::Percent) => "0%",
        Some(Dimension::Money) => "0USD",
        Some(Dimension::Number) => "0",
    }
}
