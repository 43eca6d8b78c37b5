//! What happens to an event on EventBridge's bus, in the reader's language.

use crate::aws::eventbridge::metrics::BusStep;
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::phrase;

/// What happened to an event.
pub(super) fn words(step: BusStep, language: Language) -> String {
    let (korean, english) = match step {
        BusStep::Put => ("버스에 들어옴", "put on the bus"),
        BusStep::Refused => {
            ("거부: aws.으로 시작하는 소스", "refused: only AWS is a source that begins with aws.")
        }
        BusStep::Unmatched => ("맞는 규칙이 없음", "no rule matches it"),
        BusStep::Matched => ("규칙에 맞음", "the rule matches it"),
        BusStep::Scheduled => ("일정에 따라 실행", "triggered by the schedule"),
        BusStep::Failed { next: None } => ("호출 포기", "invocation given up"),
        BusStep::Failed { next: Some(delay) } => {
            let delay = ticks::duration(delay, language);
            return match language {
                Language::Korean => format!("호출 실패, {delay} 뒤 다시 시도"),
                Language::English => format!("invocation fails, tried again after {delay}"),
            };
        }
    };
    phrase::pick(language, korean, english).to_owned()
}
