//! The lock: what each scenario of a site measured when its author last accepted it, as a file
//! that is committed and read in a diff. Pure: which file that is, the commands know.
//!
//! [`Entry::of`] records an outcome, [`write()`](write::write) and [`read()`](read::read) are the
//! file's text, [`compare`] says what moved, [`judge`] what `bogi check` has to say of it, and
//! [`accept`] what `bogi bless` writes.

pub mod accept;
pub mod compare;
pub mod judge;
pub mod read;
pub mod record;
pub mod write;

use std::collections::BTreeMap;

use super::Outcome;
use super::key::{self, ENGINE_VERSION};
use crate::aws::catalogue::Catalogue;
use crate::quantity::Quantity;

/// The file's name, in the site's folder. It is no part of the site.
pub const FILE: &str = "scenario.lock";
/// The version of the file's layout.
pub const FORMAT: u32 = 1;
/// The largest file that is read, in bytes: five thousand scenarios with two hundred measures each
/// take half of it.
pub const LENGTH_MAX: u64 = 64 << 20;
/// How many measures of a scenario are listed, and how many of its sweep. What lies beyond is
/// covered by the digest: a scenario with a hundred functions would be a file for itself.
pub const ROWS_MAX: usize = 2_000;
/// Up to how many values a list is written out; of a longer one the length and a digest are kept.
/// Single requests and deliveries say nothing to a reader of a diff that the sums don't.
pub const LIST_VALUES_MAX: usize = 20;
/// How many characters of a text are kept.
pub const TEXT_MAX: usize = 120;

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// The facts of the catalogue that pages print and scenarios read, as the site had them.
    pub facts: BTreeMap<String, Quantity>,
    /// The scenarios by id.
    pub scenarios: BTreeMap<String, Entry>,
}

/// What one scenario measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The hash of everything that the measures follow from: what the block means, the facts that
    /// were read with their values, the engine's version, the seeds. 32 hexadecimal digits.
    pub key: String,
    /// The hash of all measures, those that aren't listed included. 32 hexadecimal digits.
    pub digest: String,
    /// The version of the engine.
    pub engine: u32,
    /// The version of the catalogue, for people: [`catalogue_version`].
    pub catalogue: String,
    /// The facts that were read and that the scenario doesn't override.
    pub facts: BTreeMap<String, Quantity>,
    /// The names of the variants, in the author's order; empty for a scenario without.
    pub variants: Vec<String>,
    /// The measures by path; those that are nothing ([`is_nothing`]) in all variants are left out.
    pub measures: BTreeMap<String, Row>,
    /// How many points the sweep has; 0 for a scenario without.
    pub points: usize,
    /// The measures of the points by path, as above.
    pub sweep: BTreeMap<String, Row>,
    /// How many rows are left out because there are more than [`ROWS_MAX`].
    pub unlisted: usize,
}

/// The values of a measure in the variants, or at the points of a sweep: texts that are equal
/// exactly when the values are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The same value everywhere.
    Same(String),
    /// One for each variant or point, in order; not all are the same.
    Each(Vec<String>),
}

impl Row {
    /// The value in the variant, or at the point, with this number.
    pub fn at(&self, index: usize) -> Option<&str> {
        match self {
            Self::Same(value) => Some(value),
            Self::Each(values) => values.get(index).map(String::as_str),
        }
    }
}

/// Whether a value is what a lock doesn't list: nought of anything, no entries, not so, or that
/// nothing was measured.
pub fn is_nothing(value: &str) -> bool {
    ["none", "false", "0", "0s", "0/s", "0B", "0%", "0USD", "0 entries"].contains(&value)
}

impl Entry {
    /// What an outcome measured, with the version of the catalogue that it was simulated with.
    pub fn of(outcome: &Outcome, catalogue: &str) -> Self {
        let facts = record::facts(outcome);
        let written: Vec<String> =
            facts.iter().map(|(name, value)| format!("{name} {}", value.exact())).collect();
        let engine = format!("engine {ENGINE_VERSION}");
        let parts = [engine.as_str(), outcome.meaning.as_str()].into_iter();
        let key = key::digest(parts.chain(written.iter().map(String::as_str)));
        let mut entry = Self {
            key,
            engine: ENGINE_VERSION,
            catalogue: catalogue.to_owned(),
            facts,
            variants: outcome.variants.iter().filter_map(|variant| variant.name.clone()).collect(),
            points: outcome.sweep.as_ref().map_or(0, |sweep| sweep.points().count()),
            ..Self::default()
        };
        record::measures(outcome, &mut entry);
        entry
    }

    /// Whether nothing has to be accepted: it follows from the same, and measured the same.
    pub fn is_current(&self, now: &Self) -> bool {
        self.key == now.key && self.digest == now.digest
    }
}

/// The version of a catalogue, for people: the day of its newest fact, and some digits of a hash
/// over all names and values.
pub fn catalogue_version(catalogue: &Catalogue) -> String {
    let newest = catalogue.iter().map(|entry| entry.as_of.as_str()).max().unwrap_or_default();
    let facts = catalogue.iter().map(|entry| format!("{} {}", entry.name, entry.value.exact()));
    let facts: Vec<String> = facts.collect();
    let digest = key::digest(facts.iter().map(String::as_str));
    format!("{newest}/{}", digest.get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests;
