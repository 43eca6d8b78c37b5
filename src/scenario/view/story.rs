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
        What::Unreachable if korean => "연결할 길이 없음",
        What::Unreachable => "no path to it",
        What::TooManyConnections if korean => "연결 거부: Too many connections",
        What::TooManyConnections => "refused: too many connections",
        What::ConnectionFailed if korean => "연결 실패: 장애 조치 중",
        What::ConnectionFailed => "no connection: failing over",
        What::Queued if korean => "빈 연결을 기다림",
        What::Queued => "waits for a connection",
        What::BorrowTimedOut if korean => "빈 연결을 기다리다 시간 초과",
        What::BorrowTimedOut => "waited too long for a connection",
        What::ConnectionLost if korean => "장애 조치로 연결이 끊김",
        What::ConnectionLost => "a failover ends its connection",
        What::QueryAnswered if korean => "질의 완료",
        What::QueryAnswered => "query answered",
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
