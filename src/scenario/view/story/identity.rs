//! What happens to a task of ECS and what IAM decides, in the reader's language.

use crate::aws::ecs::metrics::TaskStep;
use crate::aws::iam::decision::Decision;
use crate::aws::iam::service::AccessMetrics;
use crate::quantity::Language;
use crate::scenario::view::decisions::{short, verdict, why};
use crate::scenario::view::phrase::pick;
use crate::scenario::view::tasks;

/// A step of a task.
pub(super) fn task(step: &TaskStep, language: Language) -> String {
    let mut text = tasks::phase(step.phase, language).to_owned();
    let asked = tasks::asked_in_short(step);
    if !asked.is_empty() {
        text = format!("{text} ({asked})");
    }
    let result = tasks::result(step, language);
    let by = step.decision.as_ref().map(|decision| reason(decision, language));
    match by.filter(|by| !by.is_empty()) {
        Some(by) => format!("{text} {result}: {by}"),
        None => format!("{text} {result}"),
    }
}

/// How far a task came.
pub(super) fn task_end(status: Option<&str>, error: Option<&str>, language: Language) -> String {
    let refused = pick(language, "RunTask가 거부됨", "RunTask is refused");
    let text = match status {
        Some("RUNNING") => {
            pick(language, "컨테이너가 돎 (RUNNING)", "the container runs (RUNNING)")
        }
        Some(_) => {
            pick(language, "시작하지 못하고 멈춤 (STOPPED)", "stops before it runs (STOPPED)")
        }
        None => refused,
    };
    match error {
        Some(error) => format!("{text}: {error}"),
        None => text.to_owned(),
    }
}

/// A request that IAM decides.
pub(super) fn asked(access: &AccessMetrics, language: Language) -> String {
    let what = short(&format!("{} {}", access.action, access.resource), &access.resource);
    match language {
        Language::Korean => format!("{what} 요청"),
        Language::English => format!("asks for {what}"),
    }
}

/// What IAM decided.
pub(super) fn decided(access: &AccessMetrics, language: Language) -> String {
    let verdict = verdict(access.decision.verdict, language);
    match reason(&access.decision, language) {
        by if by.is_empty() => verdict.to_owned(),
        by => format!("{verdict}: {by}"),
    }
}

/// The statement that decided, or why none allowed.
fn reason(decision: &Decision, language: Language) -> String {
    match &decision.statement {
        Some(by) => format!("{} · {}", by.policy, by.statement),
        None => why(decision, language),
    }
}
