//! Asynchronous invocation: Lambda takes an event into a queue of its own, answers its sender at
//! once, and invokes the function by itself until it succeeds or the event is given up.
//!
//! What AWS leaves open is decided so:
//! - An event whose next try would come after its greatest age is given up at that age, not at the
//!   time of the try.
//! - The back-off after throttles has no jitter, and begins anew when the function has run.
//! - An event is taken out of the queue once; AWS may deliver it twice.
//! - What the queue hands to the function isn't held back by the caps on requests a second; what
//!   clients put into it is (quota "Invocation requests per second per Region").

pub mod deployment;
pub mod metrics;
mod service;
mod validation;

pub use service::{Service, Timer};
pub(super) use validation::out_of_range;
