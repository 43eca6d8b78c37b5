//! Which computed values a page prints, and where: what has to be read again when one of them
//! moves.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Marks;
use crate::content::Document;
use crate::markdown::mark;
use crate::pipeline::body::Bodies;
use crate::span::{Mapped, Place};

/// How many places of a page name a value that is only calculated with.
const PLACES_MAX: usize = 100;

impl Bodies<'_> {
    /// The computed values that the pages print, in the order of the documents.
    pub fn printed(&self) -> Vec<Printed> {
        let mut printed = Vec::new();
        for at in 0..self.surroundings().content.documents.len() {
            printed.extend(self.get(at).printed.iter().cloned());
            printed.extend(self.dressed(at).into_iter().flat_map(|page| page.printed.clone()));
        }
        printed
    }
}

/// A value that pages print.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Computed {
    /// A fact of the catalogue by its name: `{{ quota.NAME }}`.
    Fact(String),
    /// A measure: `{{ scenario.ID.… }}`.
    Measure {
        /// The scenario's id.
        id: String,
        /// The steps of its name, that of a variant among them.
        path: Vec<String>,
    },
}

impl Computed {
    /// The value as Liquid names it.
    pub fn name(&self) -> String {
        match self {
            Self::Fact(name) => format!("quota.{name}"),
            Self::Measure { id, path } => format!("scenario.{id}.{}", path.join(".")),
        }
    }
}

/// A value on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// The page's file, relative to the site's folder.
    pub page: String,
    /// Where it is printed, in that file or in one that it includes; none for what a layout prints.
    pub place: Option<Place>,
    /// The value.
    pub computed: Computed,
    /// What is printed; empty for a value that is only calculated with.
    pub text: String,
}

/// A value that was asked for while a page was rendered.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) computed: Computed,
    pub(super) text: String,
    /// The number of its mark in the text.
    pub(super) mark: Option<usize>,
}

impl Marks {
    /// The values that a document's text printed, each once at a place. `text` is what Liquid made
    /// of it, in which the marks stand; none for layouts.
    pub fn printed(&self, document: &Document, text: Option<&Mapped>) -> Vec<Printed> {
        let uses = self.uses.borrow();
        if uses.is_empty() {
            return Vec::new();
        }
        let ranges = text.map(|text| mark::ranges(text.text())).unwrap_or_default();
        let ranges: BTreeMap<usize, Range<usize>> = ranges.into_iter().rev().collect();
        let marked = |found: &Use| {
            let range = ranges.get(&found.mark?)?;
            text?.locate(range.clone())
        };
        let mut seen: BTreeSet<(&Computed, Option<(String, usize)>)> = BTreeSet::new();
        let add = |found: &Use, place: Option<Place>| Printed {
            page: document.path().to_owned(),
            place,
            computed: found.computed.clone(),
            text: found.text.clone(),
        };
        let mut printed: Vec<Printed> = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        for found in uses.iter() {
            let Some(place) = marked(found) else { continue };
            let at = (place.source().path().to_owned(), place.range().start);
            if seen.insert((&found.computed, Some(at))) {
                places.push(place.clone());
                printed.push(add(found, Some(place)));
            }
        }
        let known: BTreeSet<Computed> = printed.iter().map(|one| one.computed.clone()).collect();
        let mut calculated: BTreeSet<&Computed> = BTreeSet::new();
        for found in uses.iter().filter(|found| found.mark.is_none()) {
            if !calculated.insert(&found.computed) {
                continue;
            }
            let named = text.map(|_| named(&found.computed, document)).unwrap_or_default();
            // What is printed is calculated with on the way.
            let elsewhere =
                named.into_iter().filter(|place| !places.iter().any(|p| holds(p, place)));
            let elsewhere: Vec<Printed> = elsewhere.map(|place| add(found, Some(place))).collect();
            if elsewhere.is_empty() && !known.contains(&found.computed) {
                printed.push(add(found, None));
            }
            printed.extend(elsewhere);
        }
        printed
    }
}

/// Whether a place lies within another.
fn holds(outer: &Place, inner: &Place) -> bool {
    let (wide, narrow) = (outer.range(), inner.range());
    let is_within = wide.start <= narrow.start && narrow.end <= wide.end;
    is_within && outer.source().path() == inner.source().path()
}

/// Where a document's text names a value; the scenario, where it isn't named in full.
fn named(computed: &Computed, document: &Document) -> Vec<Place> {
    let body = document.source.text().get(document.body.clone()).unwrap_or_default();
    let ends = |at: usize| {
        let next = body.get(at..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
    };
    let places = |name: &str| -> Vec<Place> {
        let found = body.match_indices(name).filter(|(at, _)| ends(at + name.len()));
        let start = document.body.start;
        found
            .map(|(at, _)| Place::new(&document.source, start + at..start + at + name.len()))
            .take(PLACES_MAX)
            .collect()
    };
    let found = places(&computed.name());
    match computed {
        Computed::Measure { id, .. } if found.is_empty() => {
            places(&format!("scenario.{id}")).into_iter().take(1).collect()
        }
        _ => found,
    }
}
