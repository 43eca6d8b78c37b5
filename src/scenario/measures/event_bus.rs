//! What is measured of EventBridge's default bus and its rules: CloudWatch's names.

use super::group::{Group, durations};
use crate::aws::eventbridge::metrics::{BusMetrics, RuleMetrics};

/// Adds the bus as `event_bus`, and each rule by its name.
pub(super) fn add(all: &mut Group, bus: &BusMetrics) {
    if !bus.used {
        return;
    }
    for metrics in &bus.rules {
        all.group(&metrics.name, rule(metrics));
    }
    let mut group = Group::default();
    group.count("entries", bus.entries);
    group.count("failed_entries", bus.failed_entries);
    group.count("unmatched_events", bus.unmatched);
    all.group("event_bus", group);
}

fn rule(rule: &RuleMetrics) -> Group {
    let mut group = Group::default();
    group.count("matched_events", rule.matched_events);
    group.count("triggered_rules", rule.triggered_rules);
    group.count("invocations", rule.invocations);
    group.count("failed_invocations", rule.failed_invocations);
    group.count("retry_invocation_attempts", rule.retry_invocation_attempts);
    group.count("invocations_sent_to_dlq", rule.invocations_sent_to_dlq);
    group.group("ingestion_to_invocation_success_latency", durations(&rule.latency));
    group
}
