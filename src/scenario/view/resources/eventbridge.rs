//! What the summary says of EventBridge's default bus and its rules.

use super::{Amount, Entry, Resource};
use crate::aws::architecture::ResourceKind;
use crate::aws::eventbridge::metrics::{BusMetrics, RuleMetrics};

/// The bus, if it is used, and the rules.
pub(super) fn resources(bus: &BusMetrics) -> Vec<Resource> {
    if !bus.used {
        return Vec::new();
    }
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let mut resources = Vec::new();
    if bus.entries > 0 {
        resources.push(Resource {
            name: "event_bus".to_owned(),
            kind: ResourceKind::Bus,
            entries: vec![
                count("들어온 이벤트", "Events put", bus.entries).headline(),
                count("거부한 이벤트", "Events refused", bus.failed_entries),
                count("맞는 규칙이 없는 이벤트", "Events that no rule matches", bus.unmatched),
            ],
        });
    }
    resources.extend(bus.rules.iter().map(rule));
    resources
}

fn rule(rule: &RuleMetrics) -> Resource {
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let (retries, redriven) = (rule.retry_invocation_attempts, rule.invocations_sent_to_dlq);
    Resource {
        name: rule.name.clone(),
        kind: ResourceKind::Rule,
        entries: vec![
            count("실행된 횟수", "Times triggered", rule.triggered_rules).headline(),
            count("대상 호출", "Invocations of targets", rule.invocations).headline(),
            count("재시도", "Retries", retries),
            count("실패한 호출", "Failed invocations", rule.failed_invocations),
            count("DLQ로 보낸 호출", "Sent to the DLQ", redriven),
        ],
    }
}
