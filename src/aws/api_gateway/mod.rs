//! Amazon API Gateway in front of functions: throttles, the integration's time limit, and what a
//! client sees of what Lambda answers.
//!
//! The statuses of REST APIs are those of the Lambda developer guide ("Handling Lambda errors with
//! an API Gateway API"): 500 where Lambda refuses the invocation, 502 where the function fails, 504
//! where the integration takes too long. A function isn't stopped when its client has got a 504.

pub mod deployment;
pub mod metrics;
mod service;
mod validation;

pub use service::{Service, Timer, idle};
pub use validation::refusal;
