//! Amazon SNS: topics, fan-out, filter policies, and each protocol's retries.
//!
//! What AWS leaves open is decided so:
//! - A message reaches an endpoint after a time that is drawn for each subscription
//!   (`sns.delivery_latency`), so that the order of a standard topic isn't kept. A FIFO topic takes
//!   the mean each time.
//! - Retries come without jitter.
//! - SNS hands an event to Lambda's internal queue and is done: what becomes of it there is
//!   Lambda's affair, and only an outage of the subscription is SNS's.

pub mod deployment;
pub mod filter;
pub mod metrics;
mod retry;
mod service;
mod validation;

pub use service::{MOST_DELIVERIES, Service, Timer};
pub use validation::refusal;
