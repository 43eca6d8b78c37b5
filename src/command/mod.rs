//! The commands: thin users of the pipeline. Only here is printed, is the clock read, and does the
//! process end.

pub mod exit;
pub mod report;
