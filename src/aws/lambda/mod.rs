//! AWS Lambda: the regional pool, reserved and provisioned concurrency, execution environments.
//!
//! [`run`] takes a [`Deployment`] and its [`Load`] and gives a [`Run`], or the reason for which
//! AWS would have refused the deployment.

pub mod deployment;
pub mod metrics;

use crate::aws::catalogue::Quotas;
use deployment::{Deployment, Load, Policies};
use metrics::Run;

/// What bounds a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most events that are simulated.
    pub events: u64,
    /// The latest simulated time, in nanoseconds.
    pub time: u64,
}

/// Why a run gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// The run needed more events than [`Bounds::events`]; the simulated time it had reached, in
    /// nanoseconds.
    TooManyEvents {
        /// The bound.
        bound: u64,
        /// How far the run had come, in nanoseconds.
        reached: u64,
    },
    /// The run would have gone on past [`Bounds::time`].
    TooLong {
        /// The bound, in nanoseconds.
        bound: u64,
    },
}

/// Deploys and runs. The same arguments give the same bits on every platform.
///
/// # Errors
/// [`RunError`], when the run would pass its bounds.
pub fn run(
    _deployment: &Deployment,
    _load: &[Load],
    _policies: &Policies,
    _quotas: &Quotas<'_>,
    _seed: u64,
    _bounds: Bounds,
) -> Result<Run, RunError> {
    todo!()
}
