//! `bogi check --drift`: the facts that are others than in the lock, and everything that depends
//! on them: sentences, figures, expectations, pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use super::{load, one_line, said, site};
use crate::command::exit::Exit;
use crate::command::report::human::{counted, frames};
use crate::command::shell::Shell;
use crate::pipeline::Built;
use crate::pipeline::values::printed::{Computed, Printed};
use crate::scenario::lock::FILE;
use crate::scenario::lock::compare::{Comparison, FactChange, Movement, compare};
use crate::scenario::lock::judge::{Looked, Site};
use crate::scenario::lock::read::Read;
use crate::span::Place;

/// How many measures of a figure are shown.
const MEASURES_MAX: usize = 10;

/// A fact that is another than in the lock, with what depends on it.
#[derive(Debug)]
struct Drift {
    fact: FactChange,
    items: Vec<Item>,
}

/// Something that depends on a fact.
#[derive(Debug)]
struct Item {
    /// The file of the page.
    page: String,
    place: Option<Place>,
    kind: Kind,
    /// What it is, and what became of it.
    text: String,
    /// Measures before and after, of a figure.
    below: Vec<String>,
}

/// What depends on a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A line of prose that prints the fact, or a measure that moved.
    Sentence,
    /// A scenario that read the fact.
    Figure,
    /// A claim of such a scenario that holds.
    Expectation,
    /// A claim that doesn't hold any more.
    Broken,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Sentence => "sentence",
            Self::Figure => "figure",
            Self::Expectation | Self::Broken => "expectation",
        }
    }
}

/// Lists what drifted.
pub fn drift(shell: &Shell, source: &Path, built: &Built) -> Exit {
    let read = match load(source) {
        Ok(Some(read)) => read,
        Ok(None) => {
            shell.error_text(&format!(
                "error: the site has no `{FILE}`, so nothing is known of the facts before\n\nhint: \
                 `bogi bless` writes it\n"
            ));
            return Exit::Unable;
        }
        Err(diagnostic) => {
            shell.error_text(&frames(&[*diagnostic], shell.style()));
            return Exit::Unable;
        }
    };
    let site = site(built, |_| true);
    let drifts = drifts(&read, &site, built);
    for drift in &drifts {
        shell.data(&text(drift, built));
    }
    for id in built.failed.keys() {
        shell.error_text(&format!("error: `{id}` has errors, so nothing is known of it\n"));
    }
    let facts = counted(read.lock.facts.len(), "fact");
    if drifts.is_empty() {
        shell.status("Checked", &format!("{facts}: all are as in the lock"));
        return if built.failed.is_empty() { Exit::Success } else { Exit::Broken };
    }
    shell.status("Drifted", &summary(&drifts, &facts));
    Exit::Broken
}

/// The facts that drifted, in the order of their names.
fn drifts(read: &Read, site: &Site, built: &Built) -> Vec<Drift> {
    let scenarios = scenarios(read, site);
    let mut names: BTreeSet<&String> = read.lock.facts.keys().collect();
    names.extend(scenarios.values().flat_map(|entry| entry.facts.iter().map(|fact| &fact.name)));
    let said = said(built);
    let mut drifts = Vec::new();
    for name in names {
        let after = site.catalogue.get(name).copied();
        let reads = |entry: &&Scenario<'_>| entry.facts.iter().any(|fact| fact.name == *name);
        let readers: Vec<&Scenario<'_>> = scenarios.values().filter(reads).collect();
        // A scenario that was accepted by itself may know another value than the rest.
        let own = readers.iter().flat_map(|entry| &entry.facts).find(|fact| fact.name == *name);
        let shared = read.lock.facts.get(name).copied().filter(|before| Some(*before) != after);
        let Some(before) = shared.or_else(|| own.and_then(|fact| fact.before)) else { continue };
        let fact = FactChange { name: name.clone(), before: Some(before), after };
        let mut items = Vec::new();
        for printed in &said {
            items.extend(sentence(printed, &fact, &readers, built));
        }
        for reader in readers {
            items.extend(figure(reader, built));
        }
        items.sort_by_key(|item| {
            let at = item
                .place
                .as_ref()
                .map(|place| (place.source().path().to_owned(), place.range().start));
            (item.page.clone(), at, item.kind)
        });
        drifts.push(Drift { fact, items });
    }
    drifts
}

/// A scenario that read facts which are others now.
struct Scenario<'a> {
    looked: &'a Looked,
    comparison: Comparison,
    /// The facts.
    facts: Vec<FactChange>,
}

fn scenarios<'a>(read: &Read, site: &'a Site) -> BTreeMap<&'a str, Scenario<'a>> {
    let mut found = BTreeMap::new();
    for looked in &site.looked {
        let Some(before) = read.lock.scenarios.get(&looked.id) else { continue };
        let changed = before.facts.iter().map(|(name, value)| FactChange {
            name: name.clone(),
            before: Some(*value),
            after: site.catalogue.get(name).copied(),
        });
        let facts: Vec<FactChange> = changed.filter(|fact| fact.before != fact.after).collect();
        if !facts.is_empty() {
            let comparison = compare(before, &looked.now);
            found.insert(looked.id.as_str(), Scenario { looked, comparison, facts });
        }
    }
    found
}

/// What a page prints, if it depends on the fact and is another now.
fn sentence(
    printed: &Printed,
    fact: &FactChange,
    readers: &[&Scenario<'_>],
    built: &Built,
) -> Option<Item> {
    let change = match &printed.computed {
        Computed::Fact(name) if *name == fact.name => {
            let (before, after) = fact.shown();
            format!("{before} → {after}")
        }
        Computed::Measure { id, path } => {
            let reader = readers.iter().find(|reader| reader.looked.id == *id)?;
            let movements = reader.comparison.movements.iter();
            let mut moved = movements.filter(|movement| is_of(movement, path));
            moved.next()?.arrow()
        }
        Computed::Fact(_) => return None,
    };
    let line = printed.place.as_ref().map_or_else(|| printed.computed.name(), one_line);
    let text = if built.urls.contains_key(&printed.page) { line } else { printed.page.clone() };
    Some(Item {
        page: printed.page.clone(),
        place: printed.place.clone(),
        kind: Kind::Sentence,
        text: format!("{change}: {text}"),
        below: Vec::new(),
    })
}

/// Whether a movement is one of the measure that Liquid asks for by these steps.
fn is_of(movement: &Movement, path: &[String]) -> bool {
    let mut steps: &[String] = path;
    if let [first, rest @ ..] = steps
        && first == "variants"
    {
        steps = rest;
    }
    match (steps, &movement.variant, movement.point) {
        ([first, point, rest @ ..], _, Some(at)) if first == "sweep" => {
            if point.parse() != Ok(at) {
                return false;
            }
            steps = rest;
        }
        (_, _, Some(_)) => return false,
        ([first, rest @ ..], Some(variant), None) if first == variant => steps = rest,
        _ => {}
    }
    let mut asked = String::new();
    for step in steps {
        let is_number = step.bytes().all(|byte| byte.is_ascii_digit());
        let _ = match (asked.is_empty(), is_number) {
            (false, true) => write!(asked, "[{step}]"),
            (false, false) => write!(asked, ".{step}"),
            (true, _) => write!(asked, "{step}"),
        };
    }
    // Of a long list the lock knows only that something in it moved.
    let in_list = asked.strip_prefix(movement.path.as_str());
    in_list.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// A scenario as a figure, and its claims.
fn figure(reader: &Scenario<'_>, built: &Built) -> Vec<Item> {
    let Looked { id, place, .. } = reader.looked;
    let page = place.as_ref().map(|place| place.source().path().to_owned()).unwrap_or_default();
    let movements = &reader.comparison.movements;
    let mut below: Vec<String> = reader
        .comparison
        .telling()
        .into_iter()
        .take(MEASURES_MAX)
        .map(|movement| format!("{}: {}", movement.name(), movement.arrow()))
        .collect();
    if movements.len() > MEASURES_MAX {
        below.push(format!("and {} more", movements.len() - MEASURES_MAX));
    }
    let text = match movements.len() {
        0 if reader.comparison.other_measures => {
            format!("{id}: measures moved that the lock doesn't list")
        }
        0 => format!("{id}: reads it, and measures the same"),
        count => format!("{id}: {} moved", counted(count, "measure")),
    };
    let item = |place: Option<Place>, kind, text| Item {
        page: page.clone(),
        place,
        kind,
        text,
        below: Vec::new(),
    };
    let mut items = vec![Item { below, ..item(place.clone(), Kind::Figure, text) }];
    let (Some(outcome), Some(places)) = (built.outcomes.get(id), built.places.get(id)) else {
        return items;
    };
    for (expression, place) in &places.expectations {
        let verdicts = outcome.variants.iter().flat_map(|variant| &variant.verdicts);
        let mut same = verdicts.filter(|verdict| verdict.expression == *expression);
        let (kind, word) = match same.all(|verdict| verdict.holds) {
            true => (Kind::Expectation, "holds"),
            false => (Kind::Broken, "BROKEN"),
        };
        items.push(item(place.clone(), kind, format!("{word}: {expression}")));
    }
    items
}

fn text(drift: &Drift, built: &Built) -> String {
    let (before, after) = drift.fact.shown();
    let mut out = format!("{}: {before} → {after}\n", drift.fact.name);
    let mut page = None;
    for item in &drift.items {
        if page != Some(&item.page) {
            page = Some(&item.page);
            let url = built.urls.get(&item.page).map(|url| format!(" → {url}"));
            let _ = writeln!(out, "\n  {}{}", item.page, url.unwrap_or_default());
        }
        let at = item.place.as_ref().map_or_else(
            || item.page.clone(),
            |place| {
                let (line, column) = place.line_column();
                format!("{}:{line}:{column}", place.source().path())
            },
        );
        let _ = writeln!(out, "    {at}  {}  {}", item.kind.name(), item.text);
        for line in &item.below {
            let _ = writeln!(out, "        {line}");
        }
    }
    if drift.items.is_empty() {
        out.push_str("\n  nothing depends on it any more\n");
    }
    out.push('\n');
    out
}

/// `1 of 40 facts: 3 sentences, 1 figure, 2 expectations (1 broken), 1 page`.
fn summary(drifts: &[Drift], facts: &str) -> String {
    let items: Vec<&Item> = drifts.iter().flat_map(|drift| &drift.items).collect();
    // What depends on two facts is there once.
    let different = |kinds: &[Kind]| {
        let items = items.iter().filter(|item| kinds.contains(&item.kind));
        let places: BTreeSet<(&str, Option<usize>)> = items
            .map(|item| (item.page.as_str(), item.place.as_ref().map(|place| place.range().start)))
            .collect();
        places.len()
    };
    let pages: BTreeSet<&str> = items.iter().map(|item| item.page.as_str()).collect();
    let broken = match different(&[Kind::Broken]) {
        0 => String::new(),
        broken => format!(" ({broken} broken)"),
    };
    format!(
        "{} of {facts}: {}, {}, {}{broken} on {}",
        drifts.len(),
        counted(different(&[Kind::Sentence]), "sentence"),
        counted(different(&[Kind::Figure]), "figure"),
        counted(different(&[Kind::Expectation, Kind::Broken]), "expectation"),
        counted(pages.len(), "page"),
    )
}
