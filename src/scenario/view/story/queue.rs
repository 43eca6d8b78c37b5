//! What happens to a message in a queue, in the reader's language.

use crate::aws::sqs::metrics::QueueStep;

use crate::quantity::Language;
use crate::scenario::view::phrase;

/// What happened to a message in a queue.
pub(super) fn words(step: QueueStep, language: Language) -> String {
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
