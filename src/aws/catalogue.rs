//! The quota catalogue: every AWS quota, default, price and behaviour constant that the engine
//! uses, each with its unit, the date from which it holds and the document that says so.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::quantity::Quantity;

/// One fact of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name under which scenarios and posts know it, for instance `lambda.timeout_max`.
    pub name: String,
    /// The value.
    pub value: Quantity,
    /// The unit as the source has it, for instance `requests/s`, `USD/GB-s`, `environments`.
    pub unit: String,
    /// The day from which it holds, or on which it was read (`2023-11-26`).
    pub as_of: String,
    /// The document that says so.
    pub source: String,
    /// How sure it is: `A` stated by AWS in a current page, `B` in an older one, `C` measured by
    /// others, `D` an assumption of this model.
    pub confidence: char,
    /// What it is, one Korean sentence without a full stop.
    pub summary: String,
}

/// All facts, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// The facts by name.
    pub entries: BTreeMap<String, Entry>,
}

impl Catalogue {
    /// The catalogue that is compiled into the binary.
    pub fn builtin() -> &'static Self {
        todo!()
    }

    /// A fact by name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }
}

/// The catalogue with one scenario's overrides. It remembers which facts were read, because the
/// result depends on those and on no others.
#[derive(Debug)]
pub struct Quotas<'a> {
    catalogue: &'a Catalogue,
    overrides: BTreeMap<String, Quantity>,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> Quotas<'a> {
    /// The catalogue with overrides, whose names and dimensions have been checked.
    pub fn new(catalogue: &'a Catalogue, overrides: BTreeMap<String, Quantity>) -> Self {
        Self { catalogue, overrides, read: RefCell::default() }
    }

    /// The value of a fact, which is recorded as read. `None` for a name that isn't there.
    pub fn get(&self, name: &str) -> Option<Quantity> {
        let entry = self.catalogue.get(name)?;
        self.read.borrow_mut().insert(name.to_owned());
        Some(self.overrides.get(name).copied().unwrap_or(entry.value))
    }

    /// The names that were read so far.
    pub fn names_read(&self) -> BTreeSet<String> {
        self.read.borrow().clone()
    }
}
