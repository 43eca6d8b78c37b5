//! What `bogi check` has to say of a lock: what moved, what is out of date, missing, or gone.

use std::collections::{BTreeMap, BTreeSet};

use super::Entry;
use super::compare::{Comparison, FactChange, Movement, compare};
use super::read::Read;
use crate::diagnostic::{Code, Diagnostic};
use crate::quantity::Quantity;
use crate::span::Place;

/// A scenario that measures something else than the lock says, while its claims hold.
pub const MOVED: Code = Code("E0150");
/// An entry that follows from something else than the scenario does.
pub const STALE: Code = Code("E0151");
/// A scenario that the lock doesn't have.
pub const MISSING: Code = Code("E0152");
/// An entry whose scenario is gone.
pub const GONE: Code = Code("E0153");
/// A fact that pages print and that isn't what the lock says.
pub const FACT: Code = Code("E0154");

/// How many movements a diagnostic tells.
const TOLD_MAX: usize = 5;

/// A scenario that was looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Its id.
    pub id: String,
    /// Where the id stands.
    pub place: Option<Place>,
    /// What it measured.
    pub now: Entry,
    /// Whether all its expectations hold.
    pub holds: bool,
}

/// A fact that a page prints.
#[derive(Clone, Debug)]
pub struct PrintedFact {
    /// The value that the site has for it.
    pub value: Quantity,
    /// Where it is printed first.
    pub place: Option<Place>,
}

/// What is known of the site.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The scenarios that were looked at. Entries of others aren't judged, as long as these are
    /// among the `known`.
    pub looked: Vec<Looked>,
    /// The ids of all scenarios that the site's posts have, those with errors included.
    pub known: BTreeSet<String>,
    /// The facts that pages print, by name.
    pub printed: BTreeMap<String, PrintedFact>,
    /// The catalogue of the site: all facts by name.
    pub catalogue: BTreeMap<String, Quantity>,
}

/// A scenario whose measures moved, for summaries.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Its id.
    pub id: String,
    /// Where the id stands.
    pub place: Option<Place>,
    /// Whether its expectations hold all the same.
    pub holds: bool,
    /// The measures.
    pub movements: Vec<Movement>,
}

/// The judgement.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// What is wrong, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
    /// What moved, in the order of the ids.
    pub moved: Vec<Moved>,
}

/// Holds what was measured against the lock.
pub fn judge(read: &Read, site: &Site) -> Judged {
    let mut judged = Judged::default();
    let mut missing = Vec::new();
    for looked in &site.looked {
        let Some(before) = read.lock.scenarios.get(&looked.id) else {
            missing.push(looked);
            continue;
        };
        let comparison = compare(before, &looked.now);
        if comparison.other_measures {
            judged.moved.push(Moved {
                id: looked.id.clone(),
                place: looked.place.clone(),
                holds: looked.holds,
                movements: comparison.movements.clone(),
            });
        }
        // A claim that broke says more than the figures behind it.
        if looked.holds && !comparison.is_same() {
            judged.diagnostics.push(other(looked, &comparison));
        }
    }
    let gone = read.lock.scenarios.iter().filter(|(id, _)| !site.known.contains(*id));
    for (id, entry) in gone {
        let renamed = missing.iter().find(|looked| looked.now.digest == entry.digest);
        let place = read.scenarios.get(id).cloned();
        judged.diagnostics.push(gone_entry(id, place, renamed.map(|looked| looked.id.as_str())));
    }
    judged.diagnostics.extend(missing.into_iter().filter(|looked| looked.holds).map(not_there));
    judged.diagnostics.extend(facts(read, site));
    judged.moved.sort_by(|a, b| a.id.cmp(&b.id));
    judged
}

fn other(looked: &Looked, comparison: &Comparison) -> Diagnostic {
    let Looked { id, place, .. } = looked;
    let bless = format!("`bogi bless {id}` accepts what it measures now");
    if !comparison.other_measures {
        let mut diagnostic = Diagnostic::new(STALE, format!("the lock of `{id}` is out of date"))
            .at(place.clone())
            .label("measures the same, but follows from something else");
        diagnostic.notes = comparison.reasons();
        return diagnostic.hint(bless);
    }
    let count = comparison.movements.len();
    let label = match count {
        0 => "measures moved that the lock doesn't list".to_owned(),
        1 => "1 measure moved".to_owned(),
        _ => format!("{count} measures moved"),
    };
    let mut diagnostic =
        Diagnostic::new(MOVED, format!("`{id}` no longer measures what the lock says"))
            .at(place.clone())
            .label(label);
    for movement in comparison.telling().into_iter().take(TOLD_MAX) {
        diagnostic = diagnostic.note(format!("{}: {}", movement.name(), movement.arrow()));
    }
    if let Some(more) = count.checked_sub(TOLD_MAX).filter(|&more| more > 0) {
        diagnostic = diagnostic.note(format!("and {more} more"));
    }
    for reason in comparison.reasons() {
        diagnostic = diagnostic.note(reason);
    }
    diagnostic.hint(bless).hint(format!("`bogi bless --dry-run {id}` shows all that moved"))
}

fn not_there(looked: &Looked) -> Diagnostic {
    Diagnostic::new(MISSING, format!("`{}` isn't in the lock", looked.id))
        .at(looked.place.clone())
        .label("nothing tells what it measured before")
        .hint(format!("`bogi bless {}` adds it", looked.id))
}

fn gone_entry(id: &str, place: Option<Place>, renamed: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(GONE, format!("the lock has `{id}`, and no post does"))
        .at(place)
        .label("a scenario that is gone");
    let diagnostic = match renamed {
        Some(other) => diagnostic.note(format!("`{other}` measures the same: was it renamed?")),
        None => diagnostic,
    };
    diagnostic.hint("`bogi bless` drops it")
}

/// The facts that pages print and that have another value than in the lock, or are new to it.
fn facts<'a>(read: &'a Read, site: &'a Site) -> impl Iterator<Item = Diagnostic> + 'a {
    site.printed.iter().filter_map(|(name, printed)| {
        let before = read.lock.facts.get(name).copied();
        let hint = "`bogi check --drift` lists what depends on it, `bogi bless` accepts it";
        let Some(before) = before else {
            let diagnostic = Diagnostic::new(FACT, format!("the fact `{name}` isn't in the lock"))
                .at(printed.place.clone())
                .label("nothing tells what it was before")
                .hint("`bogi bless` adds it");
            return Some(diagnostic);
        };
        if before == printed.value {
            return None;
        }
        let change =
            FactChange { name: name.clone(), before: Some(before), after: Some(printed.value) };
        let (before, after) = change.shown();
        let diagnostic = Diagnostic::new(FACT, format!("the fact `{name}` is not what it was"))
            .at(read.facts.get(name).cloned())
            .label(format!("{before} → {after}"));
        let diagnostic = match &printed.place {
            Some(place) => diagnostic.related(place.clone(), "a page prints it here"),
            None => diagnostic,
        };
        Some(diagnostic.hint(hint))
    })
}
