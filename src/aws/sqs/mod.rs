//! Amazon SQS, and the event source mappings by which Lambda handles its messages.
//!
//! What AWS leaves open is decided so:
//! - Messages of a standard queue are received in the order in which they became visible: one that
//!   comes back stands at the end.
//! - A mapping takes a batch as soon as messages are there and another batch may run; with a
//!   batching window it gathers one batch at a time.
//! - How many batches may run is looked at every minute from the first message on: more, when
//!   messages are left over; as many as at the start, when no more than that were needed.
//! - A throttled batch is tried again at growing intervals until its visibility timeout ends.
//! - Message groups of a FIFO queue are served in turn, and one batch may hold several of them; the
//!   number of its batches isn't ramped up, since the groups bound it.
//! - Messages that come back count as received again; one that was received as often as its redrive
//!   policy allows goes to the dead-letter queue when somebody next asks for it.

pub mod deployment;
mod groups;
mod mapping;
mod messages;
pub mod metrics;
mod queue;
mod rules;
mod service;
mod validation;

pub use service::{Service, Timer, idle};
pub use validation::refusal;
