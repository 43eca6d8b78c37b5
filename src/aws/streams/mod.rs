//! Kinesis Data Streams and DynamoDB Streams, and the event source mappings by which Lambda handles
//! their records.
//!
//! A shard of a mapping has as many lanes as its parallelization factor; each lane has one batch at
//! a time, and keeps the order of its records. What AWS leaves open is decided so:
//! - A key goes to a shard, and in it to a lane, by a hash of this model's own.
//! - A lane without records is looked at at fixed intervals, which are spread evenly over the
//!   shards; nothing happens until a record comes. While records are left, it goes on at once.
//! - A batch that failed or was throttled is tried again at growing intervals, halves of a batch at
//!   once. A half begins with all its attempts.
//! - Records whose time is over are dropped when it is over, from the front of the batch.

pub mod deployment;
mod lane;
mod mapping;
pub mod metrics;
mod rules;
mod service;
mod validation;

pub use service::{Service, Timer, idle};
pub use validation::refusal;
