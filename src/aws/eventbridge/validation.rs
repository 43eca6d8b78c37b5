//! What EventBridge refuses of rules and targets. Source: the API reference of `PutRule` and
//! `PutTargets`.

use super::deployment::{Rule, Target};
use crate::aws::architecture::{Architecture, ResourceKind};
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::sim::SECOND;

/// The first rule that EventBridge would refuse, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let rules = &architecture.rules;
    let refused = |rule: &Rule, error: &str, reason: String| {
        Some(Rejection { resource: Some(rule.name.clone()), error: error.to_owned(), reason })
    };
    if rules.is_empty() {
        return None;
    }
    let most = reader.count("eventbridge.rules_max");
    if let Some(rule) = rules.get(most as usize) {
        let reason = "The requested resource exceeds the maximum number allowed.".to_owned();
        return refused(rule, "LimitExceededException", reason);
    }
    let most = reader.count("eventbridge.targets_max");
    for rule in rules {
        if rule.schedule.as_ref().is_some_and(|scheduled| scheduled.schedule.is_none()) {
            let reason = "Parameter ScheduleExpression is not valid.".to_owned();
            return refused(rule, "ValidationException", reason);
        }
        if rule.targets.len() as u64 > most {
            let reason = format!("The rule {} has more than {most} targets.", rule.name);
            return refused(rule, "LimitExceededException", reason);
        }
        let reason = rule.targets.iter().find_map(|target| wrong(architecture, target, reader));
        if let Some(reason) = reason {
            return refused(rule, "ValidationException", reason);
        }
    }
    None
}

/// Why a target can't be one.
fn wrong(architecture: &Architecture, target: &Target, reader: &Reader<'_>) -> Option<String> {
    let arn = architecture.arn(target.target);
    let is_queue = target.target.kind == ResourceKind::Queue;
    match (architecture.is_fifo(target.target), is_queue) {
        (true, false) => {
            return Some(format!("Provided Arn is not in correct format: {arn} is a FIFO topic."));
        }
        (true, true) if !target.message_group => {
            return Some(format!(
                "Parameter(s) MessageGroupId must be specified for target: {arn}."
            ));
        }
        (false, _) if target.message_group => {
            return Some(format!("Parameter(s) MessageGroupId not valid for target: {arn}."));
        }
        _ => {}
    }
    if let Some(queue) = target.dead_letter.filter(|&queue| architecture.is_fifo(queue)) {
        let arn = architecture.arn(queue);
        return Some(format!("Parameter DeadLetterConfig is not valid: {arn} is a FIFO queue."));
    }
    let member = |value: u64, name: &str, side: &str, bound: u64| {
        Some(format!(
            "Value '{value}' at 'retryPolicy.{name}' failed to satisfy constraint: Member must \
             have value {side} than or equal to {bound}"
        ))
    };
    let age = "maximumEventAgeInSeconds";
    let longest = reader.time("eventbridge.event_age_max");
    let shortest = reader.time("eventbridge.event_age_min");
    match target.max_event_age {
        Some(time) if time > longest => {
            return member(time / SECOND, age, "less", longest / SECOND);
        }
        Some(time) if time < shortest => {
            return member(time / SECOND, age, "greater", shortest / SECOND);
        }
        _ => {}
    }
    let most = reader.count("eventbridge.retry_attempts_max");
    let attempts = target.max_retry_attempts.filter(|&attempts| attempts > most)?;
    member(attempts, "maximumRetryAttempts", "less", most)
}
