//! RDS event notifications: what happens to a database, which events it emits and when, and which
//! subscriptions hand them to their SNS topic.
//!
//! Source: the pages on event notification of Amazon RDS's and Aurora's user guides. Events tell
//! of the infrastructure; none carries a changed row. They may take minutes to reach the topic and
//! come in any order.

pub mod deployment;
mod happening;
pub mod metrics;
mod service;
mod validation;

pub use happening::{Phase, emissions};
pub use service::{Service, Timer};
pub use validation::refusal;
