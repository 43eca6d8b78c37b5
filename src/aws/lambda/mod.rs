//! AWS Lambda: the regional pool, reserved and provisioned concurrency, execution environments.
//!
//! What AWS leaves open is decided so:
//! - A timeout resets the environment: the next request on it runs Init again, inside the
//!   invocation and under the function's timeout. So does the first invocation after an Init
//!   phase that was cut off at its limit.
//! - Provisioned concurrency counts against the reservation, or against the pool, from the moment
//!   it is requested.
//! - The caps on requests a second are token buckets that hold the requests of a tenth of a second
//!   (`lambda.request_rate_burst`), the scaling rate is one that holds what may be added at once.
//! - A restore of a snapshot that isn't over in time fails its request, and the environment goes.
//! - A reset keeps `/tmp`. A handler that has no room left there removes the file that it used
//!   longest ago.
//! - A deployment lets idle environments go, and busy ones when they have answered. Provisioned
//!   concurrency is gone until its allocation for the new version is complete.
//! - An Init that fails is run again inside the invocation. When it fails again, the request does,
//!   and the environment goes.
//! - Concurrency is looked at before the caps on requests, and the reservation's cap before the
//!   account's.

pub mod asynchronous;
mod calls;
mod cost;
mod cpu;
pub mod deployment;
mod environments;
mod execution_role;
mod function;
pub mod metrics;
mod provisioned;
mod recorder;
mod recursion;
mod replacement;
mod replicas;
mod rules;
mod scaling;
mod service;
mod serving;
mod snap_start;
mod start;
mod tmp;
pub mod url;
mod validation;

pub use execution_role::refusal as role_refusal;
pub use recorder::{BUSY_TIMES, FIRST_REQUESTS, LIFELINES};
pub use rules::timeout;
pub use service::{Finished, Service, Timer, idle, idle_account};
pub use validation::refusal;
