//! What is measured of statements that change rows, and of the functions that they invoke.

use super::group::{Group, durations};
use super::identity;
use crate::aws::rds::statement::failure::FAILURES;
use crate::aws::rds::statement::metrics::{Payload, StatementMetrics, TriggerMetrics};
use crate::aws::rds::trigger::Invocation;
use crate::scenario::outcome::Measure;

fn text(text: &str) -> Measure {
    Measure::Text(text.to_owned())
}

/// Adds them to the measures of their database.
pub(super) fn add(group: &mut Group, metrics: &StatementMetrics) {
    group.count("transactions", metrics.transactions);
    group.count("committed", metrics.committed);
    group.count("rolled_back", metrics.rolled_back);
    group.count("statements", metrics.statements);
    group.count("aborted", metrics.aborted);
    group.count("rows", metrics.rows);
    group.count("rows_committed", metrics.rows_committed);
    group.group("transaction_time", durations(&metrics.transaction_time));
    group.group("statement_time", durations(&metrics.statement_time));
    let invocations = metrics.triggers.iter().map(|trigger| trigger.lambda_invocations).sum();
    group.count("lambda_invocations", invocations);
    group.count("lambda_invocations_of_rolled_back", metrics.invocations_of_rolled_back);
    let mut failures = Group::default();
    for failure in FAILURES {
        let counted = metrics.failures.iter().find(|(known, _)| *known == failure);
        failures.count(failure.code(), counted.map_or(0, |&(_, count)| count));
    }
    group.group("lambda_failures", failures);
    let mut triggers = Group::default();
    for metrics in &metrics.triggers {
        triggers.group(&metrics.name, trigger(metrics));
    }
    group.group("triggers", triggers);
    group.put("payloads", Measure::List(metrics.payloads.iter().map(payload).collect()));
}

fn trigger(metrics: &TriggerMetrics) -> Group {
    let mut group = Group::default();
    group.put("function", text(&metrics.function));
    group.put("via", text(&metrics.via));
    let invocation = match metrics.invocation {
        Invocation::Sync => "RequestResponse",
        Invocation::Async => "Event",
    };
    group.put("invocation_type", text(invocation));
    group.count("fired", metrics.fired);
    group.count("lambda_invocations", metrics.lambda_invocations);
    group.count("failed", metrics.failed);
    group.group("waiting_time", durations(&metrics.waiting_time));
    let failure = metrics.failure.map(|failure| text(failure.code()));
    group.put("reason", failure.unwrap_or(Measure::Absent));
    let error = metrics.error.as_deref().map(text);
    group.put("error", error.unwrap_or(Measure::Absent));
    identity::decision(&mut group, metrics.decision.as_ref());
    if metrics.decision.is_none() {
        // Nobody asked IAM.
        group.put("allowed", Measure::Absent);
    }
    group
}

fn payload(payload: &Payload) -> Measure {
    let mut group = Group::default();
    group.duration("at", payload.at as f64);
    group.put("trigger", text(&payload.trigger));
    group.put("function", text(&payload.function));
    group.put("json", text(&payload.json));
    Measure::Map(group.0)
}
