//! What `bogi bless` writes: the lock with what is measured now, as far as it may be accepted.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Comparison, FactChange, compare};
use super::judge::Site;
use super::{Entry, Lock};
use crate::quantity::Quantity;

/// What becomes of a scenario's entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is new.
    New,
    /// It says something else.
    Other(Box<Comparison>),
    /// It is dropped.
    Gone,
}

/// The lock to write, and what is different in it.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    /// The lock.
    pub lock: Lock,
    /// What changes, by id.
    pub changes: BTreeMap<String, Change>,
    /// The facts whose values change or that are new or gone.
    pub facts: Vec<FactChange>,
    /// The scenarios whose entries stay as they are because an expectation of theirs doesn't hold.
    pub refused: Vec<String>,
}

impl Accepted {
    /// Whether the lock stays as it is.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.facts.is_empty()
    }
}

/// Accepts what the scenarios with these ids measure, or all without ids. Without ids, entries of
/// scenarios that are gone are dropped, and facts get the values that the site has for them.
pub fn accept(old: Option<&Lock>, site: &Site, ids: &BTreeSet<String>) -> Accepted {
    let mut accepted = Accepted::default();
    let before = old.cloned().unwrap_or_default();
    let mut scenarios = before.scenarios.clone();
    if ids.is_empty() {
        for id in before.scenarios.keys().filter(|id| !site.known.contains(*id)) {
            scenarios.remove(id);
            accepted.changes.insert(id.clone(), Change::Gone);
        }
    }
    for looked in site.looked.iter().filter(|looked| ids.is_empty() || ids.contains(&looked.id)) {
        let known = before.scenarios.get(&looked.id);
        if known.is_some_and(|known| known.is_current(&looked.now)) {
            continue;
        }
        if !looked.holds {
            accepted.refused.push(looked.id.clone());
            continue;
        }
        let change = match known {
            Some(known) => Change::Other(Box::new(compare(known, &looked.now))),
            None => Change::New,
        };
        accepted.changes.insert(looked.id.clone(), change);
        scenarios.insert(looked.id.clone(), looked.now.clone());
    }
    accepted.refused.sort();
    let facts = facts(&before, &scenarios, site, ids.is_empty() || old.is_none());
    accepted.facts = fact_changes(&before.facts, &facts);
    accepted.lock = Lock { facts, scenarios };
    accepted
}

/// The facts that the new lock shares among its entries. Where only some scenarios are accepted,
/// the others' facts stay what they were.
fn facts(
    before: &Lock,
    scenarios: &BTreeMap<String, Entry>,
    site: &Site,
    all: bool,
) -> BTreeMap<String, Quantity> {
    let read = scenarios.values().flat_map(|entry| entry.facts.keys());
    let names: BTreeSet<&String> = match all {
        true => read.chain(site.printed.keys()).collect(),
        false => read.chain(before.facts.keys()).collect(),
    };
    let value = |name: &String| {
        let kept = before.facts.get(name).filter(|_| !all).copied();
        Some((name.clone(), kept.or_else(|| site.catalogue.get(name).copied())?))
    };
    names.into_iter().filter_map(value).collect()
}

/// What differs between the facts of two locks.
pub fn fact_changes(
    before: &BTreeMap<String, Quantity>,
    after: &BTreeMap<String, Quantity>,
) -> Vec<FactChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |name: &String| FactChange {
        name: name.clone(),
        before: before.get(name).copied(),
        after: after.get(name).copied(),
    };
    let changes = names.into_iter().map(change);
    changes.filter(|change| change.before != change.after).collect()
}
