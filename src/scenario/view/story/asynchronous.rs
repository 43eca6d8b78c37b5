//! What happens to an event in Lambda's queue, in the reader's language.

use crate::aws::lambda::asynchronous::metrics::{Condition, EventStep};
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::phrase::pick;

/// What happened at a step.
pub fn words(step: EventStep, now: u64, language: Language) -> String {
    let text = match step {
        EventStep::Queued => ("이벤트 큐에 받음 (202)", "taken into the event queue (202)"),
        EventStep::Retry { at, after_error } => {
            return retry(at.saturating_sub(now), after_error, language);
        }
        EventStep::Dropped(condition) => condition_words(condition),
        EventStep::OnSuccess { sent: true } => {
            ("성공 기록을 대상으로 보냄", "record of the success sent to the destination")
        }
        EventStep::OnFailure { sent: true } => {
            ("실패 기록을 대상으로 보냄", "record of the failure sent to the destination")
        }
        EventStep::OnSuccess { sent: false } | EventStep::OnFailure { sent: false } => {
            ("대상으로 보내지 못함", "can't be sent to the destination")
        }
        EventStep::DeadLettered { sent: true } => ("DLQ로 보냄", "sent to the dead-letter queue"),
        EventStep::DeadLettered { sent: false } => {
            ("DLQ로 보내지 못함", "can't be sent to the dead-letter queue")
        }
    };
    pick(language, text.0, text.1).to_owned()
}

fn retry(wait: u64, after_error: bool, language: Language) -> String {
    let wait = ticks::duration(wait, language);
    match (language, after_error) {
        (Language::Korean, true) => format!("함수 오류 뒤 {wait} 기다렸다 다시 시도"),
        (Language::Korean, false) => format!("큐로 되돌아가 {wait} 뒤 다시 시도"),
        (Language::English, true) => format!("waits {wait} after the error, then tries again"),
        (Language::English, false) => format!("back in the queue, tried again after {wait}"),
    }
}

/// Why an event was given up.
fn condition_words(condition: Condition) -> (&'static str, &'static str) {
    match condition {
        Condition::EventAgeExceeded => {
            ("버려짐: 최대 보관 시간을 넘김", "given up: older than the maximum event age")
        }
        Condition::RetriesExhausted => {
            ("버려짐: 재시도 횟수를 다 씀", "given up: all retries are used up")
        }
        Condition::ZeroReservedConcurrency => {
            ("버려짐: 예약 동시성이 0", "given up: the reserved concurrency is 0")
        }
        Condition::RecursiveInvocation => {
            ("버려짐: 재귀 루프 감지", "given up: a recursive loop was detected")
        }
    }
}
