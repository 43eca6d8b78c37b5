//! What a run takes from the catalogue: the account's rules and each function's settings.

use crate::aws::architecture::Account;
use crate::aws::lambda::deployment::Function;
use crate::aws::reader::Reader;
use crate::sim::SECOND;
use crate::sim::bucket::TokenBucket;

/// The account's rules.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// The quota "Concurrent executions" in force.
    pub(super) quota: u64,
    /// Requests a second for each unit of concurrency.
    pub(super) requests_per_concurrency: f64,
    /// How much of the cap on requests may be used ahead, in seconds.
    pub(super) request_rate_burst: f64,
    /// How many environments a function may add at once.
    pub(super) scaling_capacity: f64,
    /// How many it may add in a second.
    pub(super) scaling_rate: f64,
    /// The limit of the Init phase.
    pub(super) init_timeout: u64,
}

impl Rules {
    pub(super) fn new(account: &Account, reader: &Reader<'_>) -> Self {
        let scaling_capacity = reader.amount("lambda.scaling_rate");
        Self {
            quota: quota(account, reader),
            requests_per_concurrency: reader.amount("lambda.requests_per_second_per_concurrency"),
            request_rate_burst: reader.seconds("lambda.request_rate_burst"),
            scaling_capacity,
            scaling_rate: scaling_capacity / reader.seconds("lambda.scaling_interval"),
            init_timeout: reader.time("lambda.init_timeout"),
        }
    }

    /// The cap on requests that goes with a concurrency: a token bucket that is filled at the cap.
    /// It holds the requests of a short time, and no fewer than one unit of concurrency may serve
    /// in a second, or small reservations would throttle two requests that come close together.
    /// AWS doesn't say over which window it counts; this form lets through exactly the cap in any
    /// long time.
    pub(super) fn request_rate(&self, concurrency: u64) -> TokenBucket {
        let rate = concurrency as f64 * self.requests_per_concurrency;
        let burst = rate * self.request_rate_burst;
        TokenBucket::new(burst.max(self.requests_per_concurrency), rate)
    }

    /// How long something takes that goes at so many a second, in nanoseconds.
    pub(super) fn time_for(amount: u64, rate: f64) -> u64 {
        if amount == 0 { 0 } else { (amount as f64 / rate * SECOND as f64).round() as u64 }
    }
}

/// The quota "Concurrent executions": the account's own, else the catalogue's.
pub(super) fn quota(account: &Account, reader: &Reader<'_>) -> u64 {
    let default = || match account.new {
        true => reader.count("lambda.concurrent_executions_new_account"),
        false => reader.count("lambda.concurrent_executions"),
    };
    account.concurrent_executions.unwrap_or_else(default)
}

/// What must stay for functions without a reservation. A quota that is smaller leaves nothing to
/// reserve at all.
pub(super) fn unreserved_minimum(quota: u64, reader: &Reader<'_>) -> u64 {
    reader.count("lambda.unreserved_concurrency_minimum").min(quota)
}

/// How fast all functions of a Region together could add environments before November 2023.
pub(super) fn regional_burst(reader: &Reader<'_>) -> TokenBucket {
    let burst = reader.amount_in_region("lambda.before_2023_11.burst");
    let per_minute = reader.amount("lambda.before_2023_11.scaling_rate");
    TokenBucket::new(burst, per_minute / MINUTE)
}

/// Seconds in a minute.
const MINUTE: f64 = 60.0;

/// The limit of an Init that runs ahead of any request, of a provisioned environment or a
/// snapshot: the function's timeout, but no less than a least limit.
pub(super) fn prepared_init_limit(timeout: u64, reader: &Reader<'_>) -> u64 {
    timeout.max(reader.time("lambda.provisioned_init_timeout"))
}

/// The timeout of a function: its own, else the catalogue's.
pub fn timeout(function: &Function, reader: &Reader<'_>) -> u64 {
    Settings::new(function, reader).timeout
}

/// A function's configuration with the defaults filled in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) memory_mb: u64,
    pub(super) timeout: u64,
    pub(super) ephemeral_storage_mb: u64,
    pub(super) idle_timeout: u64,
}

impl Settings {
    pub(super) fn new(function: &Function, reader: &Reader<'_>) -> Self {
        let memory = || reader.megabytes("lambda.memory_default");
        let timeout = || reader.time("lambda.timeout_default");
        let storage = || reader.megabytes("lambda.ephemeral_storage_default");
        let idle = || reader.time("lambda.idle_timeout");
        Self {
            memory_mb: function.memory_mb.unwrap_or_else(memory),
            timeout: function.timeout.unwrap_or_else(timeout),
            ephemeral_storage_mb: function.ephemeral_storage_mb.unwrap_or_else(storage),
            idle_timeout: function.idle_timeout.unwrap_or_else(idle),
        }
    }
}
