//! What a run gives: CloudWatch's metrics, series over time and, up to a bound, single requests
//! and environments. Times are nanoseconds from the beginning of the run.

use serde::{Deserialize, Serialize};

use crate::aws::lambda::url::UrlMetrics;

/// Why Lambda refused a request: the `Reason` of its `TooManyRequestsException`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ThrottleReason {
    /// The unreserved pool of the Region is used up, or the function's scaling rate is.
    ConcurrentInvocationLimitExceeded,
    /// The account's cap on requests per second.
    FunctionInvocationRateLimitExceeded,
    /// The function's reservation is used up.
    ReservedFunctionConcurrentInvocationLimitExceeded,
    /// The function's cap on requests per second, ten times its reservation.
    ReservedFunctionInvocationRateLimitExceeded,
}

/// How often something happened, in the same bins as [`Series`].
pub use crate::sim::statistics::Counts;
/// A distribution of durations, exact while there are few distinct values and in logarithmic
/// buckets (relative error under 0.1 %) beyond. Percentiles are defined in
/// [`crate::sim::statistics`] alone.
pub use crate::sim::statistics::Distribution as Durations;
/// A count over time in equal bins whose width doubles as the run grows.
pub use crate::sim::statistics::Series;

/// What CloudWatch shows for the account in the Region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountMetrics {
    /// The quota in force.
    pub concurrent_executions_limit: u64,
    /// What reservations, and provisioned concurrency outside of reservations, leave for everybody
    /// else.
    pub unreserved_concurrent_executions_limit: u64,
    /// Busy environments of all functions.
    pub concurrent_executions: Series,
    /// Busy on-demand environments of the functions without a reservation, spill-over included;
    /// what runs on provisioned concurrency is set aside already.
    pub unreserved_concurrent_executions: Series,
    /// `ClaimedAccountConcurrency`: what is used or set aside.
    pub claimed_account_concurrency: Series,
}

impl AccountMetrics {
    /// With its series ended at a time.
    pub(super) fn ended(mut self, end: u64) -> Self {
        for series in [
            &mut self.concurrent_executions,
            &mut self.unreserved_concurrent_executions,
            &mut self.claimed_account_concurrency,
        ] {
            series.finish(end);
        }
        self
    }
}

/// The account's side in one Region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionMetrics {
    /// The Region, for instance `us-east-1`.
    pub region: String,
    /// The account's side there.
    pub account: AccountMetrics,
}

/// What CloudWatch shows for a function, and what it costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FunctionMetrics {
    /// The function's name.
    pub name: String,
    /// What came by the function's URL; `None` where nobody uses it.
    pub url: Option<UrlMetrics>,
    /// Requests made: [`Self::invocations`] + [`Self::throttles`].
    pub requests: u64,
    /// `Invocations`: requests that reached the handler's environment; throttled ones don't count.
    pub invocations: u64,
    /// `Errors`: function errors, timeouts included.
    pub errors: u64,
    /// Runs that the timeout ended (also in [`Self::errors`]).
    pub timeouts: u64,
    /// `Throttles`.
    pub throttles: u64,
    /// Calls of its handler that were throttled and tried again.
    pub call_retries: u64,
    /// Calls of its handler that its execution role doesn't allow.
    pub calls_denied: u64,
    /// `RecursiveInvocationsDropped`: not begun, because a loop was detected.
    pub recursive_invocations_dropped: u64,
    /// Throttles by reason; reasons that didn't occur are absent.
    pub throttles_by_reason: Vec<(ThrottleReason, u64)>,
    /// The reservation in force.
    pub reserved_concurrency: Option<u64>,
    /// The CPU that the memory brings, in cores, where durations depend on it.
    pub vcpus: Option<f64>,
    /// When the invocations came.
    pub invocations_over_time: Counts,
    /// When the throttles came.
    pub throttles_over_time: Counts,
    /// Invocations that had to wait for an Init phase, be it one of no length. One that runs inside
    /// the invocation, after a timeout has reset the environment, counts too.
    pub cold_starts: u64,
    /// `ProvisionedConcurrencyInvocations`.
    pub provisioned_concurrency_invocations: u64,
    /// `ProvisionedConcurrencySpilloverInvocations`.
    pub provisioned_concurrency_spillover_invocations: u64,
    /// `ConcurrentExecutions`.
    pub concurrent_executions: Series,
    /// `ProvisionedConcurrentExecutions`.
    pub provisioned_concurrent_executions: Series,
    /// `RequestedProvisionedConcurrentExecutions`: provisioned environments that are asked for.
    pub provisioned_concurrency_requested: Series,
    /// `AvailableProvisionedConcurrentExecutions`: provisioned environments that are ready.
    pub provisioned_concurrency_ready: Series,
    /// The greatest `ProvisionedConcurrencyUtilization` of any moment, 0 to 1; `None` as long as
    /// none was in use.
    pub provisioned_concurrency_utilization: Option<f64>,
    /// What Application Auto Scaling did, up to a bound.
    pub scaling_activities: Vec<ScalingActivity>,
    /// How many of its activities changed the amount, or failed to.
    pub scaling_activities_count: u64,
    /// Environments that exist: in Init, busy or idle.
    pub environments: Series,
    /// Environments that ended, by reason.
    pub environments_ended: Endings,
    /// `Duration`: the handler's time, without the Init phase. An Init that is run again inside the
    /// invocation is part of it, as in CloudWatch.
    pub duration: Durations,
    /// Init phases that a request waited for.
    pub init_duration: Durations,
    /// `RestoreDuration`: restores of a snapshot that a request waited for.
    pub restore_duration: Durations,
    /// What the caller waits: Init or restore, if any, and the handler.
    pub latency: Durations,
    /// Requests that found their file in `/tmp` of their environment.
    pub tmp_hits: u64,
    /// Requests that had to download it.
    pub tmp_misses: u64,
    /// What is billed.
    pub billed: Billed,
    /// Environments up to a bound, for the `environments` view.
    pub lifelines: Vec<Lifeline>,
    /// How many environments there were beyond those kept in [`Self::lifelines`].
    pub lifelines_omitted: u64,
    /// The first requests, up to a bound.
    pub first_requests: Vec<Request>,
}

/// Why an environment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It was idle for too long.
    Idle,
    /// A new version was deployed.
    Deployment,
    /// Maintenance replaced it.
    Maintenance,
    /// It could not start.
    FailedStart,
    /// Less provisioned concurrency was asked for.
    ScaledIn,
}

/// How many environments ended for each reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endings {
    /// Idle for too long.
    pub idle: u64,
    /// Replaced by a deployment.
    pub deployment: u64,
    /// Replaced by maintenance.
    pub maintenance: u64,
    /// Could not start.
    pub failed_start: u64,
    /// Not asked for any more.
    pub scaled_in: u64,
}

impl Endings {
    /// Counts environments that end.
    pub fn count(&mut self, ending: Ending, count: u64) {
        *match ending {
            Ending::Idle => &mut self.idle,
            Ending::Deployment => &mut self.deployment,
            Ending::Maintenance => &mut self.maintenance,
            Ending::FailedStart => &mut self.failed_start,
            Ending::ScaledIn => &mut self.scaled_in,
        } += count;
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        let Self { idle, deployment, maintenance, failed_start, scaled_in } = *self;
        idle + deployment + maintenance + failed_start + scaled_in
    }
}

/// Why Application Auto Scaling changed an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScalingCause {
    /// A scheduled action.
    Schedule,
    /// Utilization was above the target.
    ScaleOut,
    /// Utilization was well below the target.
    ScaleIn,
}

/// A scaling activity of Application Auto Scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingActivity {
    /// When.
    pub time: u64,
    /// Why.
    pub cause: ScalingCause,
    /// The amount that was asked for before.
    pub from: u64,
    /// The amount that was to be asked for.
    pub to: u64,
    /// Whether the account could give it.
    pub succeeded: bool,
}

/// The parts of a function's bill, in US dollars. The free tier is taken off where the account has
/// it, tiers for volume are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Billed {
    /// Duration billed, in GB-seconds, on-demand.
    pub on_demand_gb_seconds: f64,
    /// What the free tier leaves of [`Self::on_demand_gb_seconds`].
    pub billed_gb_seconds: f64,
    /// Duration billed at the provisioned rate, in GB-seconds.
    pub provisioned_gb_seconds: f64,
    /// The requests' price.
    pub requests: f64,
    /// The on-demand duration's price, Init included.
    pub duration: f64,
    /// The share of [`Self::duration`] that is Init, or the restore of a snapshot.
    pub init: f64,
    /// The price of running on provisioned environments.
    pub provisioned_duration: f64,
    /// The price of holding provisioned environments.
    pub provisioned_concurrency: f64,
    /// The price of keeping SnapStart's snapshot.
    pub snap_start_cache: f64,
    /// The price of restoring it.
    pub snap_start_restore: f64,
    /// The price of `/tmp` beyond what is free.
    pub ephemeral_storage: f64,
    /// What the free tier takes off; the parts and the sum are without it.
    pub free_tier: f64,
    /// The sum.
    pub total: f64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestOutcome {
    /// Answered.
    Success,
    /// The handler failed.
    Error,
    /// The timeout ended it.
    Timeout,
    /// Refused.
    Throttled(ThrottleReason),
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// When it came.
    pub arrived: u64,
    /// When it was answered; [`Self::arrived`] for a throttle.
    pub answered: u64,
    /// How long the Init phase took that it waited for; 0 for a warm start, and where Init runs
    /// inside the invocation.
    pub init: u64,
    /// Whether it had to wait for an Init; counted in [`FunctionMetrics::cold_starts`].
    pub cold_start: bool,
    /// The number of the environment that served it, from 0 in order of creation.
    pub environment: Option<u64>,
    /// Whether that environment is provisioned.
    pub provisioned: bool,
    /// What became of it.
    pub outcome: RequestOutcome,
}

/// The life of an execution environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifeline {
    /// Its number, from 0 in order of creation.
    pub environment: u64,
    /// Whether it is provisioned.
    pub provisioned: bool,
    /// When Init began (for a provisioned one: when it was ready).
    pub created: u64,
    /// When Init was over.
    pub ready: u64,
    /// The times in which it served a request, Init excluded, up to a bound.
    pub busy: Vec<(u64, u64)>,
    /// When it was gone; `None` if it lived on at the run's end.
    pub gone: Option<u64>,
}
