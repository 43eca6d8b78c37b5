//! What a run gives of an API, under CloudWatch's names. Times are nanoseconds.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::{Counts, Distribution};

/// How many of an API's first requests are kept.
pub const FIRST_REQUESTS: usize = 200;

/// What CloudWatch shows of an API, and what it doesn't.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ApiMetrics {
    /// The API's name.
    pub name: String,
    /// `Count`: requests, refused ones included.
    pub count: u64,
    /// `4XXError`.
    pub error_4xx: u64,
    /// `5XXError`.
    pub error_5xx: u64,
    /// Requests by the status of their answer, in the order of statuses.
    pub statuses: Vec<(u16, u64)>,
    /// Requests that the gateway refused with 429: over the stage's or the account's rate.
    pub throttled: u64,
    /// Those of [`Self::throttled`] that the account's rate refused.
    pub throttled_by_account: u64,
    /// Requests that Lambda refused.
    pub integration_throttles: u64,
    /// Requests whose function failed or ran into its own timeout.
    pub integration_errors: u64,
    /// Requests whose function took longer than the integration waits. It runs on.
    pub integration_timeouts: u64,
    /// `Latency`: from a request to its answer, refused ones included.
    pub latency: Distribution,
    /// `IntegrationLatency`: from handing a request over to the integration's answer.
    pub integration_latency: Distribution,
    /// When requests failed with a status of 400 or more.
    pub errors_over_time: Counts,
    /// The first requests.
    pub first_requests: Vec<ApiRequest>,
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRequest {
    /// When it came.
    pub arrived: u64,
    /// When it was answered.
    pub answered: u64,
    /// The status of the answer; 0 until there is one.
    pub status: u16,
}
