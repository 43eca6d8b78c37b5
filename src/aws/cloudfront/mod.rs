//! Amazon CloudFront: caches at edge locations and in Regions, origins, and the functions that run
//! at the four events of a request (CloudFront Functions and Lambda@Edge).
//!
//! What AWS leaves open is decided so, beside what `keeping.rs` says:
//! - A request begins when it has come to the edge location, and ends when the response leaves it.
//! - The origin response function runs for the response that is passed on, not for the one that
//!   makes an origin group ask its second origin.
//! - It runs for a 304 too, on the copy that the 304 confirms.
//! - A CloudFront Function that takes longer than it may is cut off, and counts as throttled.
//! - A custom error page is fetched through the cache like any object, with the functions at the
//!   origin's events of its own behaviour; it isn't fetched for what a viewer request function
//!   made.

mod cache;
mod chance;
pub mod distribution;
mod edge;
pub mod effect;
mod flight;
mod functions;
pub mod headers;
mod interned;
mod keeping;
pub mod locations;
pub mod metrics;
mod origin;
mod recorder;
pub mod request;
mod rules;
mod service;
mod stages;
pub mod ttl;
mod validation;

pub use recorder::{FIRST_REQUESTS, STEPS};
pub use service::{Finished, Service, Timer, idle};
pub use validation::refusal;
