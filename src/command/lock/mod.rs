//! `scenario.lock` on the disk, and what the commands do with it.

pub mod bless;
pub mod diff;
pub mod drift;
mod table;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::Path;
use std::sync::Arc;

use crate::claim::Subject;
use crate::diagnostic::Diagnostic;
use crate::output::settle::{CANNOT_WRITE, replace};
use crate::pipeline::Built;
use crate::pipeline::values::printed::{Computed, Printed};
use crate::scenario::lock::judge::{Judged, Looked, Moved, PrintedFact, Site, judge};
use crate::scenario::lock::read::{Read, UNREADABLE, read, too_large};
use crate::scenario::lock::{Entry, FILE, LENGTH_MAX, Lock, catalogue_version, write};
use crate::span::{Place, Source};

/// What `bogi check` learns from the lock.
#[derive(Debug, Default)]
pub struct Checked {
    /// What is wrong; empty for a site without a lock.
    pub diagnostics: Vec<Diagnostic>,
    /// The scenarios whose measures moved, by id, those with broken expectations among them.
    pub moved: Vec<Moved>,
    /// Whether the site has a lock.
    pub is_locked: bool,
}

/// Compares what the site measures with its lock, as far as the scenarios are looked at.
pub fn check(source: &Path, built: &Built, is_looked_at: impl Fn(&str) -> bool) -> Checked {
    match load(source) {
        Ok(None) => Checked::default(),
        Ok(Some(read)) => {
            let Judged { diagnostics, moved } = judge(&read, &site(built, is_looked_at));
            Checked { diagnostics, moved, is_locked: true }
        }
        Err(diagnostic) => {
            Checked { diagnostics: vec![*diagnostic], is_locked: true, ..Checked::default() }
        }
    }
}

/// All diagnostics in the order of files and places.
pub fn among(built: &[Diagnostic], locked: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut all = built.to_vec();
    all.extend(locked);
    all.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    all
}

/// The site's lock; `None` for a site without one.
///
/// # Errors
/// A diagnostic for a file that is no lock or can't be read.
pub fn load(source: &Path) -> Result<Option<Read>, Box<Diagnostic>> {
    load_file(&source.join(FILE), FILE)
}

/// The lock in a file, which messages call `name`.
fn load_file(path: &Path, name: &str) -> Result<Option<Read>, Box<Diagnostic>> {
    let unreadable = |error: &dyn std::fmt::Display| {
        let message = format!("cannot read `{name}`: {error}");
        Box::new(Diagnostic::new(UNREADABLE, message).at(Place::start_of(&Source::new(name, ""))))
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    let length = file.metadata().map(|metadata| metadata.len()).unwrap_or(0);
    if length > LENGTH_MAX {
        return Err(Box::new(too_large(&Source::new(name, ""), length)));
    }
    let mut bytes = Vec::new();
    file.take(LENGTH_MAX).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    parse(bytes, name).map(Some)
}

/// The lock in some bytes.
fn parse(bytes: Vec<u8>, name: &str) -> Result<Read, Box<Diagnostic>> {
    match String::from_utf8(bytes) {
        Ok(text) => read(&Source::new(name, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let place = Place::new(&Source::new(name, text), at..at + 1);
            let message = format!("`{name}` is no text");
            let diagnostic = Diagnostic::new(UNREADABLE, message)
                .at(place)
                .label("not UTF-8")
                .hint("take the file from the last commit, or delete it, and run `bogi bless`");
            Err(Box::new(diagnostic))
        }
    }
}

/// Writes the site's lock, as a whole or not at all.
///
/// # Errors
/// A diagnostic, when the file can't be written.
fn save(source: &Path, lock: &Lock) -> Result<(), Box<Diagnostic>> {
    let text = write::write(lock);
    if text.len() as u64 > LENGTH_MAX {
        let found = too_large(&Source::new(FILE, ""), text.len() as u64);
        return Err(Box::new(found));
    }
    let path = source.join(FILE);
    replace(&path, |file| file.write_all(text.as_bytes())).map_err(|error| {
        let message = format!("cannot write `{}`: {error}", path.display());
        let hint = "see whether the disk is full and whether you may write there";
        Box::new(Diagnostic::new(CANNOT_WRITE, message).hint(hint))
    })
}

/// What is known of the site, with the entries of the scenarios that are looked at.
fn site(built: &Built, is_looked_at: impl Fn(&str) -> bool) -> Site {
    let version = catalogue_version(&built.catalogue);
    let outcomes = built.outcomes.values().filter(|outcome| is_looked_at(&outcome.id));
    let looked = outcomes.map(|outcome| Looked {
        id: outcome.id.clone(),
        place: built.places.get(&outcome.id).map(|place| place.id.clone()),
        now: Entry::of(outcome, &version),
        holds: outcome.holds(),
    });
    Site {
        looked: looked.collect(),
        known: built.blocks.iter().filter_map(|block| block.id.clone()).collect(),
        printed: printed_facts(built),
        catalogue: built.catalogue.iter().map(|fact| (fact.name.clone(), fact.value)).collect(),
    }
}

/// What the prose says of facts and measures: computed values that it prints, and quantities that
/// an author wrote and bound to one.
fn said(built: &Built) -> Vec<Printed> {
    let bound = built.claims.iter().filter(|claim| claim.bound).map(|claim| Printed {
        page: claim.page.clone(),
        place: Some(claim.place.clone()),
        computed: match &claim.subject {
            Subject::Fact(name) => Computed::Fact(name.clone()),
            Subject::Measure { scenario, path } => {
                Computed::Measure { id: scenario.clone(), path: path.clone() }
            }
        },
        text: claim.text.clone(),
    });
    built.printed.iter().cloned().chain(bound).collect()
}

fn printed_facts(built: &Built) -> BTreeMap<String, PrintedFact> {
    let mut facts = BTreeMap::new();
    for printed in &said(built) {
        let Computed::Fact(name) = &printed.computed else { continue };
        let Some(fact) = built.catalogue.get(name) else { continue };
        let place = printed.place.clone();
        facts.entry(name.clone()).or_insert(PrintedFact { value: fact.value, place });
    }
    facts
}

/// The lines of a text from which a message is drawn need no more of it than this.
fn one_line(place: &Place) -> String {
    let text: &Arc<Source> = place.source();
    let range = place.range();
    let start = text.text()[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text.text()[start..].lines().next().unwrap_or_default().trim();
    match line.char_indices().nth(LINE_MAX) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// How many characters of a line are shown.
const LINE_MAX: usize = 120;
