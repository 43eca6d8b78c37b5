//! Reports: one file per kind of reader, over one plain list of diagnostics.

pub mod human;
