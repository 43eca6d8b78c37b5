//! Models of AWS services as state machines over [`crate::sim`]. No number from a vendor's page
//! stands in the code: they all live in the [`catalogue`], with unit, date and source.

pub mod catalogue;
pub mod lambda;
pub mod reader;
pub mod vpc;
