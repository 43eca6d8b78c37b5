//! RDS event notifications: what happens to a database, which events it emits and when, and which
//! subscriptions hand them to their SNS topic.
//!
//! Source: the pages on event notification of Amazon RDS's and Aurora's user guides. Events tell
//! of the infrastructure; none carries a changed row. They may take minutes to reach the topic and
//! come in any order.

pub mod deployment;
mod happening;
mod letter;
pub mod metrics;
mod service;
mod timing;
mod validation;

pub use happening::{Phase, course, emissions};
pub use letter::letters;
pub use service::{BusEvent, MOST_EVENTS, Service, Timer, idle};
pub use timing::outages;
pub use validation::refusal;
