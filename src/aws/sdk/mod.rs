//! Clients that call AWS and try again: the AWS SDKs with their retry modes, and HTTP clients that
//! do it in the same way.
//!
//! Source: the SDKs and Tools reference guide, "Retry behavior", as it holds from November 2026.
//! `standard` waits exponentially longer with full jitter and stops when its quota of retries is
//! used up; `adaptive` holds back requests as well, at a rate that it learns from throttles;
//! `legacy` has neither. A function error is an answer as any other to an SDK (200 with
//! `X-Amz-Function-Error`), so it isn't tried again.

mod adaptive;
pub mod deployment;
pub mod metrics;
mod retry;
mod service;

pub use service::{Sending, Service, Timer};
