//! What a distribution gives to look at: CloudWatch's metrics, and the first requests one by one.
//! Times are nanoseconds from the beginning of the run, sizes bytes.

use serde::{Deserialize, Serialize};

use crate::aws::cloudfront::distribution::{Kind, Trigger};
use crate::aws::cloudfront::request::Fault;
pub use crate::sim::statistics::Counts;
pub use crate::sim::statistics::Distribution as Durations;

/// Where a response came from, as far as caches are concerned.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum CacheResult {
    /// No cache was looked into.
    #[default]
    None,
    /// The edge location had a fresh copy.
    Hit,
    /// The regional edge cache had one.
    RegionalHit,
    /// The copy had expired, and the origin confirmed it by a 304.
    RefreshHit,
    /// The copy had expired, and was served because the origin failed.
    Stale,
    /// The request waited for another's fetch.
    Collapsed,
    /// The origin was asked.
    Miss,
    /// The response isn't one that a cache keeps.
    Uncacheable,
}

impl CacheResult {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Hit,
        Self::RegionalHit,
        Self::RefreshHit,
        Self::Stale,
        Self::Collapsed,
        Self::Miss,
        Self::Uncacheable,
    ];

    /// Its name in results: `hit`, `miss` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hit => "hit",
            Self::RegionalHit => "regional_hit",
            Self::RefreshHit => "refresh_hit",
            Self::Stale => "stale",
            Self::Collapsed => "collapsed",
            Self::Miss => "miss",
            Self::Uncacheable => "uncacheable",
        }
    }

    /// Whether it counts as a hit in `CacheHitRate`: the content came from a cache. AWS doesn't
    /// say where collapsed requests and those confirmed by a 304 are counted; here they are hits,
    /// since the origin sent no content for them.
    pub fn is_hit(self) -> bool {
        matches!(
            self,
            Self::Hit | Self::RegionalHit | Self::RefreshHit | Self::Stale | Self::Collapsed
        )
    }
}

/// What CloudWatch shows for a distribution. Rates are per cent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DistributionMetrics {
    /// The distribution's name.
    pub name: String,
    /// `Requests`.
    pub requests: u64,
    /// `BytesDownloaded`.
    pub bytes_downloaded: u64,
    /// `BytesUploaded`.
    pub bytes_uploaded: u64,
    /// Responses with a status of 400 to 499.
    pub errors_4xx: u64,
    /// Responses with a status from 500 on.
    pub errors_5xx: u64,
    /// Requests that a cache may serve: `GET` and `HEAD` that were no errors and that no viewer
    /// request function answered.
    pub cacheable_requests: u64,
    /// Those of them that a cache served.
    pub cache_hits: u64,
    /// How often each [`CacheResult`] came, in the order of [`CacheResult::ALL`].
    pub results: [u64; 8],
    /// Responses made by a function at the viewer's or the origin's request event, and sent to the
    /// viewer that asked.
    pub generated_responses: u64,
    /// Requests that CloudFront sent to origins.
    pub origin_requests: u64,
    /// Those that the origin answered by a 304.
    pub not_modified: u64,
    /// Requests that an origin group sent to its second origin.
    pub failovers: u64,
    /// `OriginLatency`: from a request's coming to its answer's leaving, for those that the origin
    /// served.
    pub origin_latency: Durations,
    /// The same for all requests.
    pub latency: Durations,
    /// `LambdaExecutionError`.
    pub lambda_execution_errors: u64,
    /// `LambdaValidationError`.
    pub lambda_validation_errors: u64,
    /// `LambdaLimitExceededError`.
    pub lambda_limit_exceeded_errors: u64,
    /// When requests came.
    pub requests_over_time: Counts,
    /// When requests were sent to origins.
    pub origin_requests_over_time: Counts,
    /// The functions, in the deployment's order.
    pub functions: Vec<FunctionMetrics>,
    /// The origins, in the deployment's order.
    pub origins: Vec<OriginMetrics>,
    /// The edge locations, in the deployment's order.
    pub locations: Vec<LocationMetrics>,
}

/// A share in per cent; 0 of nothing is 0.
fn per_cent(part: u64, whole: u64) -> f64 {
    const HUNDRED: f64 = 100.0;
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 * HUNDRED }
}

impl DistributionMetrics {
    /// `4xxErrorRate`.
    pub fn error_rate_4xx(&self) -> f64 {
        per_cent(self.errors_4xx, self.requests)
    }

    /// `5xxErrorRate`.
    pub fn error_rate_5xx(&self) -> f64 {
        per_cent(self.errors_5xx, self.requests)
    }

    /// `TotalErrorRate`.
    pub fn total_error_rate(&self) -> f64 {
        per_cent(self.errors_4xx + self.errors_5xx, self.requests)
    }

    /// `CacheHitRate`.
    pub fn cache_hit_rate(&self) -> f64 {
        per_cent(self.cache_hits, self.cacheable_requests)
    }

    /// How often a cache result came.
    pub fn result(&self, result: CacheResult) -> u64 {
        let place = CacheResult::ALL.iter().position(|other| *other == result);
        place.and_then(|place| self.results.get(place)).copied().unwrap_or_default()
    }
}

/// What CloudWatch shows for a function, and what it costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionMetrics {
    /// The function's name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// `FunctionInvocations`: runs that began.
    pub invocations: u64,
    /// `FunctionThrottles`, or Lambda's throttles in the Region.
    pub throttles: u64,
    /// Runs that the timeout of Lambda@Edge ended.
    pub timeouts: u64,
    /// `FunctionExecutionErrors`.
    pub execution_errors: u64,
    /// `FunctionValidationErrors`.
    pub validation_errors: u64,
    /// `FunctionComputeUtilization`: time by the time allowed, in thousandths of a per cent; empty
    /// for Lambda@Edge.
    pub compute_utilization: Durations,
    /// How long it ran.
    pub duration: Durations,
    /// How long requests waited for it, which for Lambda@Edge may hold an Init phase.
    pub latency: Durations,
    /// What it costs, in US dollars.
    pub cost: f64,
}

/// What an origin has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginMetrics {
    /// The origin's name.
    pub name: String,
    /// Requests to it.
    pub requests: u64,
    /// Those that failed, or that it answered with an error.
    pub errors: u64,
}

/// What an edge location has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationMetrics {
    /// The location's name.
    pub name: String,
    /// The Region behind it.
    pub region: String,
    /// Requests of viewers.
    pub requests: u64,
    /// Those that its own cache had a fresh copy for.
    pub hits: u64,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// Its number among all messages and requests of the run, if it is followed.
    pub story: Option<u32>,
    /// The index of the distribution.
    pub distribution: u32,
    /// The index of the edge location.
    pub location: u32,
    /// The method.
    pub method: String,
    /// The path that the viewer asked for.
    pub path: String,
    /// When it came to the edge location.
    pub arrived: u64,
    /// When the response left it.
    pub answered: u64,
    /// The status that the viewer got.
    pub status: u16,
    /// What the caches had.
    pub cache: CacheResult,
    /// The events whose functions ran, in order.
    pub triggers: Vec<Trigger>,
    /// The index of the origin that was asked last.
    pub origin: Option<u32>,
    /// Why CloudFront answered by itself.
    pub fault: Option<Fault>,
    /// That in words.
    pub detail: Option<String>,
    /// What happened to it, in order, up to a bound.
    pub steps: Vec<Step>,
}

/// A cache, or what stands in the place of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tier {
    /// The edge location's.
    Edge,
    /// The regional edge cache.
    Regional,
}

/// How a function's run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunEnd {
    /// The request or response goes on.
    Continued,
    /// The function answered at a request event, with this status.
    Responded(u16),
    /// CloudFront answers for it.
    Failed(Fault),
}

/// Something that happened to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When it began.
    pub from: u64,
    /// When it was over.
    pub until: u64,
    /// What.
    pub what: What,
}

/// What happened to a request in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A function ran.
    Trigger {
        /// The event.
        trigger: Trigger,
        /// The index of the function.
        function: u32,
        /// How it ended.
        end: RunEnd,
    },
    /// A cache was looked into.
    Lookup {
        /// Which.
        tier: Tier,
        /// Whether there was a copy to serve.
        hit: bool,
        /// Whether there was one that had expired.
        expired: bool,
    },
    /// It waited for another request's fetch.
    Waited {
        /// At which cache.
        tier: Tier,
    },
    /// It went from the edge location to the regional edge cache.
    ToRegional,
    /// The response came back from there.
    FromRegional,
    /// An origin was asked.
    Origin {
        /// The index of the origin.
        origin: u32,
        /// The status that came of it.
        status: u16,
        /// Whether it was asked from the regional edge cache.
        through_regional: bool,
    },
    /// The page of a custom error response is fetched.
    ErrorPage,
}
