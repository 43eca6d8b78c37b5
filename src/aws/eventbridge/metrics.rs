//! What CloudWatch shows of the default event bus and its rules.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::Distribution;

/// What came to the bus.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BusMetrics {
    /// Whether there are rules or events at all.
    pub used: bool,
    /// `PutEventsEntriesCount`, and what services put there.
    pub entries: u64,
    /// `PutEventsFailedEntriesCount`: events that were refused.
    pub failed_entries: u64,
    /// Events that no rule matched.
    pub unmatched: u64,
    /// The rules, in the author's order.
    pub rules: Vec<RuleMetrics>,
}

/// What a rule did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleMetrics {
    /// The rule's name.
    pub name: String,
    /// `MatchedEvents`.
    pub matched_events: u64,
    /// `TriggeredRules`.
    pub triggered_rules: u64,
    /// `Invocations`: targets that took the event.
    pub invocations: u64,
    /// `FailedInvocations`: given up for good.
    pub failed_invocations: u64,
    /// `RetryInvocationAttempts`.
    pub retry_invocation_attempts: u64,
    /// `InvocationsSentToDlq`.
    pub invocations_sent_to_dlq: u64,
    /// `IngestionToInvocationSuccessLatency`.
    pub latency: Distribution,
}

/// What can happen to an event on the bus, as a step of its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BusStep {
    /// The bus took it.
    Put,
    /// The bus refused it: only AWS may say that it is the source.
    Refused,
    /// No rule matches it.
    Unmatched,
    /// A rule matches it.
    Matched,
    /// A schedule triggers a rule.
    Scheduled,
    /// The target didn't take it.
    Failed {
        /// How long EventBridge waits before it tries again; `None` when it gives up.
        next: Option<u64>,
    },
}
