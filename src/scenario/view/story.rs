//! What can happen to a message or a request, in the reader's language.

use crate::aws::architecture::ResourceKind;
use crate::aws::sqs::metrics::QueueStep;
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
        What::Queue(step) => return queue_words(step, language),
        What::Published if korean => "주제에 게시됨",
        What::Published => "published",
        What::FilteredOut if korean => "필터에 걸러짐",
        What::FilteredOut => "filtered out",
        What::Delivered if korean => "전달됨",
        What::Delivered => "delivered",
        What::DeadLettered if korean => "DLQ로 감",
        What::DeadLettered => "goes to the dead-letter queue",
        What::DeliveryFailed { next: None } if korean => "전달 포기",
        What::DeliveryFailed { next: None } => "delivery given up",
        What::DeliveryFailed { next: Some(delay) } => {
            let delay = ticks::duration(delay, language);
            return match language {
                Language::Korean => format!("전달 실패, {delay} 뒤 다시 시도"),
                Language::English => format!("delivery fails, tried again after {delay}"),
            };
        }
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

/// What happened to a message in a queue.
fn queue_words(step: QueueStep, language: Language) -> String {
    let (korean, english) = match step {
        QueueStep::Sent => ("큐에 들어감", "enters the queue"),
        QueueStep::Deduplicated => ("중복이라 버려짐", "dropped as a duplicate"),
        QueueStep::Refused => ("호출 한도를 넘어 거부됨", "refused: the API is called too often"),
        QueueStep::Visible => ("전송 지연이 끝나 보임", "visible after its delay"),
        QueueStep::Received { receives } => {
            return match language {
                Language::Korean => format!("{receives}번째로 받아 숨겨짐"),
                Language::English => format!("received (time {receives}) and hidden"),
            };
        }
        QueueStep::Batched { size } => {
            return match language {
                Language::Korean => format!("{size}개 묶음으로 넘겨짐"),
                Language::English => format!("handed over in a batch of {size}"),
            };
        }
        QueueStep::Returned => {
            ("가시성 제한 시간이 끝나 다시 보임", "visible again: the visibility timeout is over")
        }
        QueueStep::Deleted => ("처리되어 삭제됨", "deleted"),
        QueueStep::Expired => ("보관 기간이 끝나 사라짐", "gone: its retention is over"),
    };
    phrase::pick(language, korean, english).to_owned()
}

/// Where a step happened.
pub fn place(step: &Step, language: Language) -> String {
    match step.kind {
        ResourceKind::Source => phrase::pick(language, "요청한 쪽", "caller").to_owned(),
        _ => step.place.clone(),
    }
}
