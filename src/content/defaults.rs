//! Front matter defaults: the `defaults` of the configuration.

use crate::value::Map;

/// The sets of defaults in the configuration's order.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The sets.
    pub sets: Vec<DefaultSet>,
}

/// Values for the files in a scope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DefaultSet {
    /// A prefix of paths, or a pattern if it has a `*`; empty for all.
    pub path: String,
    /// `posts`, `pages`, `drafts` or a collection's label; `None` for all.
    pub kind: Option<String>,
    /// The values.
    pub values: Map,
}
