//! What a run of the pipeline remembers for the next one on the same site, so that only what
//! depends on a change is made anew. The result is the same as without it.
//!
//! While a part of a page is made, [`Recorder`](crate::jekyll::reads::Recorder) hears what it looks
//! at. The next run compares the two states of the site ([`Changes`]) and takes a part over if its
//! document is as it was and everything that it looked at still says the same.

pub mod changes;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

pub use changes::Changes;

use crate::content::{self, Content};
use crate::jekyll::reads::{Read, Reads};
use crate::jekyll::templates::Templates;
use crate::pipeline::body::{Bodies, Body, Dressed};
use crate::pipeline::derive::Derived;
use crate::pipeline::dress::builtin::Remembered;
use crate::pipeline::index::Index;
use crate::pipeline::simulate::Simulated;

/// The memory between runs on one site. It belongs to one set of options: another one needs
/// another memory.
#[derive(Debug, Default)]
pub struct Memory {
    /// Files and documents.
    pub(in crate::pipeline) known: content::Known,
    past: Mutex<Option<Past>>,
}

impl Memory {
    /// Says that files were changed, by their paths. Changes are found without it, but for those
    /// that leave a file's time and length as they were. With `only` the caller promises that
    /// nothing else was changed since the last run (or the last call), so that the next run
    /// needn't walk through the site's folder.
    pub fn changed<'p>(&self, paths: impl IntoIterator<Item = &'p Path>, only: bool) {
        self.known.changed(paths, only);
    }

    /// The last run; the memory is empty until the next one is kept.
    pub(in crate::pipeline) fn take(&self) -> Option<Past> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps a run.
    pub(in crate::pipeline) fn keep(&self, past: Past) {
        *self.past.lock().unwrap_or_else(PoisonError::into_inner) = Some(past);
    }
}

/// A part of a page, and what it looked at while it was made.
#[derive(Debug)]
pub struct Made<T: ?Sized> {
    /// The part.
    pub value: Arc<T>,
    /// What it looked at, by the positions of its own run.
    pub reads: Arc<Reads>,
    /// Whether it was taken over: then the positions are those of the run before.
    pub is_old: bool,
}

impl<T: ?Sized> Made<T> {
    /// Something new.
    pub fn new(value: Arc<T>, reads: Reads) -> Self {
        Self { value, reads: Arc::new(reads), is_old: false }
    }

    /// The same for the next run: what was taken over knows the positions of this run.
    fn settled(self, changes: Option<&Changes<'_>>) -> Self {
        let Some(changes) = changes.filter(|changes| self.is_old && !changes.stays()) else {
            return Self { is_old: false, ..self };
        };
        let moved =
            self.reads.iter().filter_map(|read| read.moved(|old| changes.new_position(old)));
        let reads = Arc::new(moved.collect());
        Self { value: self.value, reads, is_old: false }
    }
}

impl<T: ?Sized> Clone for Made<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), reads: Arc::clone(&self.reads), is_old: self.is_old }
    }
}

/// What was made of a document.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Its body.
    pub body: Option<Made<Body>>,
    /// Its excerpt.
    pub excerpt: Option<Made<str>>,
    /// The page in its Liquid layouts.
    pub dressed: Option<Made<Dressed>>,
}

impl Parts {
    /// The parts for the next run.
    pub fn settled(self, changes: Option<&Changes<'_>>) -> Self {
        Self {
            body: self.body.map(|made| made.settled(changes)),
            excerpt: self.excerpt.map(|made| made.settled(changes)),
            dressed: self.dressed.map(|made| made.settled(changes)),
        }
    }
}

/// What was made in a run.
#[derive(Debug, Default)]
pub struct MadePages {
    /// What was made of each document, by its position.
    pub parts: Vec<Parts>,
    /// The theme with its pages.
    pub dressing: Option<Remembered>,
    /// What follows from all pages together.
    pub derived: Derived,
}

/// A run that is over.
#[derive(Debug)]
pub struct Past {
    /// What was read.
    pub content: Content,
    /// What follows from addresses and front matter.
    pub index: Arc<Index>,
    /// The scenarios.
    pub simulated: Simulated,
    /// What was made.
    pub made: MadePages,
    /// The layouts and includes that pages used and that aren't as they should be.
    pub faulty: Vec<Read>,
}

impl Past {
    /// Reads the faulty layouts and includes of parts that were taken over, so that what is wrong
    /// with them is said again.
    pub fn parse_faulty(&self, bodies: &Bodies<'_>, templates: &Templates) {
        for read in &self.faulty {
            let is_used = bodies.have_read(read);
            match read {
                Read::Layout(name) if is_used => {
                    templates.layout(name).map(|layout| templates.layout_template(layout));
                }
                Read::Include(path) if is_used => {
                    templates.include(path);
                }
                _ => {}
            }
        }
    }
}
