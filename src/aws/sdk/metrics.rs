//! What a run gives of clients: what they see of a resource, their own retries included. Times are
//! nanoseconds.

use serde::{Deserialize, Serialize};

use crate::aws::architecture::Resource;
use crate::sim::statistics::Distribution;

/// How many of the first requests to a resource are kept one by one.
pub const FIRST_REQUESTS: usize = 200;
/// How many attempts of such a request are kept.
pub const ATTEMPTS: usize = 32;

/// What the clients of a resource see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientMetrics {
    /// Whom they ask.
    pub target: Resource,
    /// What they want.
    pub requests: u64,
    /// What they sent for it, the first attempts included.
    pub attempts: u64,
    /// Requests that succeeded.
    pub succeeded: u64,
    /// Requests that an SDK took for answered, with an error of the code for an answer.
    pub function_errors: u64,
    /// Requests whose last attempt failed.
    pub given_up: u64,
    /// Those of [`Self::given_up`] that might have been tried again if the quota of retries hadn't
    /// been used up.
    pub retry_quota_exhausted: u64,
    /// Attempts that weren't answered in the time that a client waits.
    pub timeouts: u64,
    /// From the first attempt, or the wish to make it, to the end of the last.
    pub latency: Distribution,
    /// What the adaptive mode held attempts back for.
    pub held_back: Distribution,
    /// The first requests.
    pub first_requests: Vec<ClientRequest>,
}

impl ClientMetrics {
    /// The metrics of a resource that no client has asked.
    pub fn new(target: Resource) -> Self {
        Self {
            target,
            requests: 0,
            attempts: 0,
            succeeded: 0,
            function_errors: 0,
            given_up: 0,
            retry_quota_exhausted: 0,
            timeouts: 0,
            latency: Distribution::default(),
            held_back: Distribution::default(),
            first_requests: Vec::new(),
        }
    }
}

/// One request of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRequest {
    /// When it was wanted.
    pub began: u64,
    /// When each attempt was sent.
    pub attempts: Vec<u64>,
    /// When it was over.
    pub ended: u64,
    /// What became of it.
    pub outcome: ClientOutcome,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientOutcome {
    /// It isn't over.
    Pending,
    /// It succeeded.
    Success,
    /// The answer was an error of the code.
    FunctionError,
    /// All attempts failed.
    GivenUp,
    /// An attempt failed and there was no quota left for another.
    QuotaExhausted,
}

/// What can happen to a request on the client's side, as a step of its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientStep {
    /// The client tries again.
    Retry {
        /// When.
        at: u64,
    },
    /// The rate limit holds an attempt back.
    HeldBack,
    /// The client waits no longer for an answer.
    TimedOut,
    /// The client gives up.
    GivenUp {
        /// Whether for want of quota, else after its last attempt.
        quota: bool,
    },
}
