//! Amazon S3, as far as it tells of its objects: event notifications to functions, queues and
//! topics.
//!
//! What AWS leaves open is decided so:
//! - A notification comes after a time that is drawn for each rule (`s3.notification_delay`), so
//!   that order isn't kept.
//! - A notification may come twice, as often as `s3.notification_duplicate_share` says.
//! - A bucket doesn't remember its objects: each deletion is of an object that is there.
//!
//! S3 hands an event to Lambda's internal queue and is done: what becomes of it there is Lambda's
//! affair.

pub mod deployment;
pub mod metrics;
mod service;
mod validation;

pub use service::Service;
pub use validation::refusal;
