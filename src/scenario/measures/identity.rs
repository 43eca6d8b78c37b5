//! What is measured of IAM's decisions and of ECS tasks.

use super::group::Group;
use crate::aws::ecs::metrics::{Phase, Status, TaskMetrics, TaskRun, TaskStep};
use crate::aws::iam::decision::{Decision, Finding, NearMiss};
use crate::aws::iam::policy::Mismatch;
use crate::aws::iam::service::AccessMetrics;
use crate::scenario::outcome::Measure;

/// AWS's word for a task that never came to run.
const FAILED_TO_START: &str = "TaskFailedToStart";

fn text(text: &str) -> Measure {
    Measure::Text(text.to_owned())
}

fn optional(value: Option<&str>) -> Measure {
    value.map_or(Measure::Absent, text)
}

/// The decisions of single requests, in the author's order.
pub(super) fn decisions(decisions: &[AccessMetrics]) -> Measure {
    Measure::List(decisions.iter().map(access).collect())
}

fn access(access: &AccessMetrics) -> Measure {
    let mut group = Group::default();
    group.duration("at", access.at as f64);
    group.put("principal", text(&access.principal));
    group.put("arn", text(&access.arn));
    group.put("action", text(&access.action));
    group.put("resource", text(&access.resource));
    decision(&mut group, Some(&access.decision));
    group.put("reason", text(&access.decision.reason));
    group.put("error", optional(access.error.as_deref()));
    Measure::Map(group.0)
}

/// What a decision says, into the group of what was asked.
pub(super) fn decision(group: &mut Group, decision: Option<&Decision>) {
    group.put("allowed", Measure::Bool(decision.is_some_and(Decision::allowed)));
    group.put("decision", optional(decision.map(|decision| decision.verdict.name())));
    let decided_by = decision.and_then(|decision| decision.decided_by);
    group.put("decided_by", optional(decided_by.map(|by| by.name())));
    let statement = decision.and_then(|decision| decision.statement.as_ref());
    group.put("policy", optional(statement.map(|name| name.policy.as_str())));
    group.put("statement", optional(statement.map(|name| name.statement.as_str())));
    let mut stages = Group::default();
    for stage in decision.map_or(&[][..], |decision| &decision.stages) {
        stages.put(stage.policy_type.name(), text(finding(stage.finding)));
    }
    group.group("stages", stages);
    let misses = decision.map_or(&[][..], |decision| &decision.near_misses);
    group.put("near_misses", Measure::List(misses.iter().map(near_miss).collect()));
}

fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::None => "none",
        Finding::Allows => "allows",
        Finding::Denies => "denies",
        Finding::Silent => "silent",
    }
}

fn near_miss(miss: &NearMiss) -> Measure {
    let mut group = Group::default();
    group.put("policy", text(&miss.name.policy));
    group.put("statement", text(&miss.name.statement));
    let (mismatch, key, absent) = match &miss.mismatch {
        Mismatch::Action => ("action", None, false),
        Mismatch::Principal => ("principal", None, false),
        Mismatch::Resource(_) => ("resource", None, false),
        Mismatch::Variable(name) => ("variable", Some(name), true),
        Mismatch::Condition { key, found, .. } => ("condition", Some(key), found.is_empty()),
    };
    group.put("mismatch", text(mismatch));
    group.put("key", optional(key.map(String::as_str)));
    group.put("key_absent", Measure::Bool(absent));
    Measure::Map(group.0)
}

/// The tasks by name; of one that is run several times the last run.
pub(super) fn tasks(tasks: &[TaskMetrics]) -> Group {
    let mut group = Group::default();
    for metrics in tasks {
        group.group(&metrics.name, task(metrics));
    }
    group
}

fn task(metrics: &TaskMetrics) -> Group {
    let mut group = Group::default();
    group.count("runs", metrics.runs);
    let run = metrics.last.as_ref();
    let status = run.and_then(|run| run.status.name());
    group.put("status", optional(status));
    let stopped = run.filter(|run| run.status == Status::Stopped);
    group.put("stop_code", optional(stopped.map(|_| FAILED_TO_START)));
    group.put("stopped_reason", stopped.map_or(Measure::Absent, stopped_reason));
    group.put("error", optional(run.and_then(|run| run.error.as_deref())));
    group.put("reason", optional(run.and_then(|run| run.reason.as_deref())));
    let steps = run.map_or(&[][..], |run| &run.steps);
    let calls: Vec<&TaskStep> = steps.iter().filter(|step| step.phase == Phase::Call).collect();
    let denied = calls.iter().filter(|step| !step.allowed()).count();
    group.count("denied_calls", denied as u64);
    group.put("steps", Measure::List(steps.iter().map(step).collect()));
    group.put("calls", Measure::List(calls.into_iter().map(step).collect()));
    group
}

/// The error and its sentence, as ECS shows them together.
fn stopped_reason(run: &TaskRun) -> Measure {
    let (error, reason) = (run.error.as_deref(), run.reason.as_deref());
    Measure::Text(format!("{}: {}", error.unwrap_or_default(), reason.unwrap_or_default()))
}

fn step(step: &TaskStep) -> Measure {
    let mut group = Group::default();
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    group.put("step", text(step.phase.name()));
    group.put("role_kind", text(step.role_kind.name()));
    group.put("role", optional(filled(&step.role).as_deref()));
    group.put("action", optional(filled(&step.action).as_deref()));
    group.put("resource", optional(filled(&step.resource).as_deref()));
    decision(&mut group, step.decision.as_ref());
    // A step that asks nobody goes well without a decision.
    group.put("allowed", Measure::Bool(step.allowed()));
    group.put("error", optional(step.error.as_deref()));
    group.put("reason", optional(filled(&step.reason).as_deref()));
    Measure::Map(group.0)
}
