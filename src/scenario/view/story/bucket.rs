//! What happens in a bucket, in the reader's language.

use crate::aws::s3::deployment::Operation;
use crate::aws::s3::metrics::ObjectStep;
use crate::quantity::Language;
use crate::scenario::view::phrase;

/// What happened to an object.
pub(super) fn words(step: ObjectStep, language: Language) -> String {
    let (korean, english) = match step {
        ObjectStep::Changed(operation) => {
            let (korean, english) = match Operation::REMOVED.contains(&operation) {
                true => ("객체 삭제", "object removed"),
                false => ("객체 저장", "object stored"),
            };
            let words = phrase::pick(language, korean, english);
            return format!("{words} ({})", operation.event_type());
        }
        ObjectStep::TooLarge => (
            "업로드 거부: 요청 하나로 올리기에는 너무 큼",
            "upload refused: too large for one request",
        ),
        ObjectStep::Untold => ("맞는 알림 규칙이 없음", "no notification rule wants it"),
    };
    phrase::pick(language, korean, english).to_owned()
}
