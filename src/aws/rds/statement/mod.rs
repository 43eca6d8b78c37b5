//! Statements that change rows: what triggers they fire, what these invoke, and how it all ends.

pub mod failure;
mod fire;
pub mod metrics;
mod payload;
mod run;
mod setup;
mod support;

pub use payload::text as json_text;
pub(super) use run::Statements;
pub use support::refusal;
