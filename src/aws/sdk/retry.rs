//! How long a client waits before it tries again, and whether it may.

use crate::aws::reader::Reader;
use crate::aws::sdk::deployment::RetryMode;
use crate::sim::backoff::jittered;
use crate::sim::random::Random;

/// Why an attempt failed in a way that may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Too many requests: 429.
    Throttle,
    /// Anything else: no answer in time, or a status of 500 or more.
    Transient,
}

/// What the retries of a mode are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) max_attempts: u64,
    base_delay: u64,
    throttling_base_delay: u64,
    max_delay: u64,
    /// What a client has for retries; `None` without a quota.
    quota: Option<u64>,
    transient_cost: u64,
    throttling_cost: u64,
    refund: u64,
}

impl Rules {
    pub(super) fn new(mode: RetryMode, max_attempts: Option<u64>, reader: &Reader<'_>) -> Self {
        let legacy = mode == RetryMode::Legacy;
        let default = || {
            let name = if legacy { "sdk.legacy_max_attempts" } else { "sdk.max_attempts" };
            reader.count(name)
        };
        let base = |name| reader.time(if legacy { "sdk.legacy_base_delay" } else { name });
        Self {
            max_attempts: max_attempts.unwrap_or_else(default),
            base_delay: base("sdk.base_delay"),
            throttling_base_delay: base("sdk.throttling_base_delay"),
            max_delay: reader.time("sdk.max_delay"),
            quota: (!legacy).then(|| reader.count("sdk.retry_quota")),
            transient_cost: reader.count("sdk.transient_retry_cost"),
            throttling_cost: reader.count("sdk.throttling_retry_cost"),
            refund: reader.count("sdk.success_refund"),
        }
    }

    /// The wait before a retry, the first one being 0: a part drawn at random of a time that
    /// doubles up to a bound.
    pub(super) fn delay(&self, cause: Cause, retry: u32, random: &mut Random) -> u64 {
        let base = match cause {
            Cause::Throttle => self.throttling_base_delay,
            Cause::Transient => self.base_delay,
        };
        jittered(base, self.max_delay, retry, random)
    }

    fn cost(&self, cause: Cause) -> u64 {
        match cause {
            Cause::Throttle => self.throttling_cost,
            Cause::Transient => self.transient_cost,
        }
    }
}

/// What a client has left for retries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quota(Option<u64>);

impl Quota {
    pub(super) fn new(rules: &Rules) -> Self {
        Self(rules.quota)
    }

    /// Takes what a retry costs: gives it, or `None` when there isn't enough.
    pub(super) fn take(&mut self, rules: &Rules, cause: Cause) -> Option<u64> {
        let Some(left) = &mut self.0 else { return Some(0) };
        let cost = rules.cost(cause);
        *left = left.checked_sub(cost)?;
        Some(cost)
    }

    /// A request succeeded: what its last retry cost comes back, or a little if it needed none.
    pub(super) fn give_back(&mut self, rules: &Rules, cost: Option<u64>) {
        if let (Some(left), Some(most)) = (&mut self.0, rules.quota) {
            *left = left.saturating_add(cost.unwrap_or(rules.refund)).min(most);
        }
    }
}
