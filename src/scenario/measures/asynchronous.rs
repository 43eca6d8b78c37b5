//! What is measured of a function's asynchronous invocations.

use super::function::reason_name;
use super::group::{Group, durations, series};
use crate::aws::lambda::asynchronous::metrics::{
    AsynchronousMetrics, Attempt, AttemptResult, Condition, EventRecord, Fate,
};
use crate::scenario::limit;
use crate::scenario::outcome::Measure;

/// The conditions by AWS's names.
const CONDITIONS: [(&str, Condition); 4] = [
    ("EventAgeExceeded", Condition::EventAgeExceeded),
    ("RetriesExhausted", Condition::RetriesExhausted),
    ("ZeroReservedConcurrency", Condition::ZeroReservedConcurrency),
    ("RecursiveInvocation", Condition::RecursiveInvocation),
];

/// Adds the measures to those of the function.
pub(super) fn add(group: &mut Group, metrics: &AsynchronousMetrics) {
    group.count("async_events_received", metrics.async_events_received);
    group.count("async_events_refused", metrics.async_events_refused);
    group.count("async_events_dropped", metrics.async_events_dropped);
    let mut conditions = Group::default();
    for (name, condition) in CONDITIONS {
        let found = metrics.dropped_by_condition.iter().find(|(known, _)| *known == condition);
        conditions.count(name, found.map_or(0, |(_, count)| *count));
    }
    group.group("async_events_dropped_by_condition", conditions);
    group.group("async_event_age", durations(&metrics.async_event_age));
    group.group("dropped_event_age", durations(&metrics.dropped_event_age));
    group.group("async_events_waiting", series(&metrics.async_events_waiting));
    let retries = metrics.retries_after_errors.saturating_add(metrics.retries_after_throttles);
    group.count("retries", retries);
    group.count("retries_after_errors", metrics.retries_after_errors);
    group.count("retries_after_throttles", metrics.retries_after_throttles);
    group.count("on_success_deliveries", metrics.on_success_deliveries);
    group.count("on_failure_deliveries", metrics.on_failure_deliveries);
    group.count("destination_delivery_failures", metrics.destination_delivery_failures);
    group.count("dead_letter_deliveries", metrics.dead_letter_deliveries);
    group.count("dead_letter_errors", metrics.dead_letter_errors);
    let events = metrics.first_events.iter().take(limit::LOG).map(event).collect();
    group.put("async_events", Measure::List(events));
}

/// One event. The times of its attempts count from when it was received.
fn event(event: &EventRecord) -> Measure {
    let mut group = Group::default();
    group.duration("received", event.received as f64);
    let since = |time: u64| time.saturating_sub(event.received) as f64;
    let text = |text: &str| Measure::Text(text.to_owned());
    let attempts = event.attempts.iter().map(|&Attempt { time, result }| {
        let mut attempt = Group::default();
        attempt.duration("after", since(time));
        let (outcome, reason) = match result {
            AttemptResult::Running => ("running", Measure::Absent),
            AttemptResult::Success => ("success", Measure::Absent),
            AttemptResult::Error => ("error", Measure::Absent),
            AttemptResult::Timeout => ("timeout", Measure::Absent),
            AttemptResult::Throttled(reason) => ("throttled", text(reason_name(reason))),
            AttemptResult::Unavailable => ("unavailable", Measure::Absent),
        };
        attempt.put("outcome", text(outcome));
        attempt.put("reason", reason);
        Measure::Map(attempt.0)
    });
    group.put("attempts", Measure::List(attempts.collect()));
    let condition = |condition| CONDITIONS.iter().find(|(_, known)| *known == condition);
    let (outcome, condition) = match event.fate {
        Fate::Pending => ("pending", None),
        Fate::Success => ("success", None),
        Fate::Dropped(reason) => ("dropped", condition(reason)),
    };
    group.put("outcome", text(outcome));
    group.put("condition", condition.map_or(Measure::Absent, |(name, _)| text(name)));
    group.duration("age", since(event.ended));
    Measure::Map(group.0)
}
