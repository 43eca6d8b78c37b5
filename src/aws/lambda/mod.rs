//! AWS Lambda: the regional pool, reserved and provisioned concurrency, execution environments.
//!
//! [`run`] takes a [`Deployment`] and its [`Load`] and gives a [`Run`], or the reason for which
//! AWS would have refused the deployment.

mod cost;
pub mod deployment;
mod draw;
mod engine;
mod environments;
mod function;
pub mod metrics;
mod recorder;
mod rules;
mod validation;

use crate::aws::catalogue::Quotas;
use deployment::{Deployment, Load, Policies};
use engine::Engine;
use metrics::{AccountMetrics, FunctionMetrics, Rejection, Run};
use rules::Reader;

pub use crate::sim::{Bounds, RunError};
pub use recorder::{BUSY_TIMES, FIRST_REQUESTS, LIFELINES};

/// Deploys and runs. The same arguments give the same bits on every platform.
///
/// What AWS leaves open is decided so:
/// - A timeout resets the environment: the next request on it runs Init again, inside the
///   invocation and under the function's timeout. So does the first invocation after an Init
///   phase that was cut off at its limit.
/// - Provisioned concurrency counts against the reservation, or against the pool, from the moment
///   it is requested.
/// - The caps on requests a second are token buckets that hold the requests of a tenth of a second
///   (`lambda.request_rate_burst`), the scaling rate is one that holds what may be added at once.
/// - Concurrency is looked at before the caps on requests, and the reservation's cap before the
///   account's.
///
/// # Errors
/// [`RunError`], when the run would pass its bounds.
pub fn run(
    deployment: &Deployment,
    load: &[Load],
    policies: &Policies,
    quotas: &Quotas<'_>,
    seed: u64,
    bounds: Bounds,
) -> Result<Run, RunError> {
    let reader = Reader::new(quotas, &deployment.account.region);
    if let Some(rejection) = validation::refusal(deployment, &reader) {
        return Ok(refused(deployment, rejection, &reader));
    }
    Engine::new(deployment, load, policies, reader, seed, bounds).run()
}

/// The result of a deployment that AWS refuses: nothing runs.
fn refused(deployment: &Deployment, rejection: Rejection, reader: &Reader<'_>) -> Run {
    let limit = rules::quota(deployment, reader);
    let empty = |name: &String| FunctionMetrics { name: name.clone(), ..Default::default() };
    Run {
        rejected: Some(rejection),
        end: 0,
        events: 0,
        functions: deployment.functions.iter().map(|function| empty(&function.name)).collect(),
        account: AccountMetrics {
            concurrent_executions_limit: limit,
            unreserved_concurrent_executions_limit: limit,
            ..AccountMetrics::default()
        },
    }
}
