//! Amazon EventBridge: rules on the default event bus, by pattern or by schedule, and how their
//! targets are invoked.
//!
//! What AWS leaves open is decided so:
//! - An invocation begins after a time that is drawn for each target (`eventbridge.latency`).
//! - Retries wait twice as long each time, from `eventbridge.retry_delay_min` to
//!   `eventbridge.retry_delay_max`, without jitter.
//! - A rate counts from the beginning of the run; a run begins at midnight (UTC) on the first day
//!   of a January that is a Monday.
//!
//! EventBridge hands an event to Lambda's internal queue and is done: what becomes of it there is
//! Lambda's affair, and only an outage of the target is EventBridge's.

pub mod deployment;
pub mod metrics;
pub mod schedule;
mod service;
mod validation;

pub use service::{Service, Timer};
pub use validation::refusal;
