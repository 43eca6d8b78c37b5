//! What happens to a record in a stream, in the reader's language.

use crate::aws::streams::metrics::StreamStep;
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::phrase;

/// What happened to a record in a stream.
pub(super) fn words(step: StreamStep, language: Language) -> String {
    let (korean, english) = match step {
        StreamStep::Put { shard } => {
            (format!("샤드 {shard}에 들어감"), format!("enters shard {shard}"))
        }
        StreamStep::Refused { shard } => {
            let korean = format!("샤드 {shard}의 쓰기 한도를 넘어 거부됨");
            (korean, format!("refused: shard {shard} takes no more"))
        }
        StreamStep::Batched { size } => {
            (format!("{size}개 묶음으로 넘겨짐"), format!("handed over in a batch of {size}"))
        }
        StreamStep::Waits { delay: 0 } => {
            ("묶음째 바로 다시 시도".to_owned(), "its batch is tried again at once".to_owned())
        }
        StreamStep::Waits { delay } => {
            let delay = ticks::duration(delay, language);
            let korean = format!("샤드를 막은 채 {delay} 뒤 묶음째 다시 시도");
            (korean, format!("holds its shard up; its batch is tried again after {delay}"))
        }
        StreamStep::Split { size } => {
            let korean = format!("묶음을 둘로 나눔: {size}개짜리 쪽에 듦");
            (korean, format!("its batch is split: it is in a half of {size}"))
        }
        StreamStep::Processed
        | StreamStep::AttemptsExhausted
        | StreamStep::TooOld
        | StreamStep::Expired => return plain(step, language).to_owned(),
    };
    match language {
        Language::Korean => korean,
        Language::English => english,
    }
}

fn plain(step: StreamStep, language: Language) -> &'static str {
    let (korean, english) = match step {
        StreamStep::AttemptsExhausted => {
            ("재시도 횟수를 다 써서 버려짐", "given up: no attempts are left")
        }
        StreamStep::TooOld => {
            ("최대 레코드 나이를 넘어 버려짐", "given up: older than the maximum record age")
        }
        StreamStep::Expired => ("보관 기간이 끝나 사라짐", "gone: its retention is over"),
        _ => ("처리됨, 샤드는 다음 레코드로", "handled: the shard goes on"),
    };
    phrase::pick(language, korean, english)
}
