//! What can happen to a message or a request, in the reader's language.

use crate::aws::architecture::ResourceKind;
use crate::aws::trace::What;
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::facts::Step;
use crate::scenario::view::phrase;

/// What happened at a step: a few words, without where and when.
pub fn words(what: What, language: Language) -> String {
    let korean = language == Language::Korean;
    let text = match what {
        What::Arrived if korean => "도착",
        What::Arrived => "arrives",
        What::Invoked { init: Some(init), environment } => {
            let init = ticks::duration(init, language);
            return match language {
                Language::Korean => format!("환경 {environment} 새로 만듦 (초기화 {init})"),
                Language::English => format!("environment {environment} starts (Init {init})"),
            };
        }
        What::Invoked { init: None, environment } => {
            return match language {
                Language::Korean => format!("환경 {environment}에서 처리 시작"),
                Language::English => format!("environment {environment} serves it"),
            };
        }
        What::Succeeded if korean => "성공",
        What::Succeeded => "succeeds",
        What::Failed if korean => "함수 오류",
        What::Failed => "function error",
        What::TimedOut if korean => "제한 시간 초과",
        What::TimedOut => "timeout",
        What::Throttled(reason) => {
            let reason = phrase::reason(reason, language);
            return match language {
                Language::Korean => format!("제한됨: {reason}"),
                Language::English => format!("throttled: {reason}"),
            };
        }
    };
    text.to_owned()
}

/// Where a step happened.
pub fn place(step: &Step, language: Language) -> String {
    match step.kind {
        ResourceKind::Source => phrase::pick(language, "요청한 쪽", "caller").to_owned(),
        _ => step.place.clone(),
    }
}
