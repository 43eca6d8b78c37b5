//! What can happen to a statement that changes rows, and to the functions that it invokes.

use crate::aws::rds::statement::failure::Failure;
use crate::aws::trace::StatementStep;
use crate::quantity::Language;
use crate::scenario::view::phrase::pick;

/// What happened at a step.
pub fn words(step: StatementStep, language: Language) -> String {
    let korean = language == Language::Korean;
    match step {
        StatementStep::Fired { row, is_event } => {
            let way = match is_event {
                true => pick(language, "이벤트로", "as an event"),
                false => pick(language, "결과를 기다리며", "and waits for it"),
            };
            match (korean, row) {
                (true, 0) => format!("문 트리거가 함수를 {way} 호출"),
                (true, row) => format!("{row}번째 행의 트리거가 함수를 {way} 호출"),
                (false, 0) => format!("the statement's trigger invokes it {way}"),
                (false, row) => format!("the trigger of row {row} invokes it {way}"),
            }
        }
        StatementStep::Failed(failure) => {
            let reason = reason(failure, language);
            if korean {
                format!("문 실패: {reason}")
            } else {
                format!("statement fails: {reason}")
            }
        }
        StatementStep::Committed => pick(language, "커밋", "commits").to_owned(),
        StatementStep::RolledBack => pick(language, "롤백", "rolls back").to_owned(),
    }
}

/// Why an invocation failed.
pub fn reason(failure: Failure, language: Language) -> &'static str {
    let (korean, english) = match failure {
        Failure::NoExtension => ("aws_lambda 확장 없음", "no extension aws_lambda"),
        Failure::MissingGrant => ("DB 권한 없음", "no privilege"),
        Failure::MissingRole => ("연결된 역할 없음", "no role associated"),
        Failure::Unreachable => ("Lambda까지 길 없음", "no path to Lambda"),
        Failure::AccessDenied => ("InvokeFunction 거부", "InvokeFunction denied"),
        Failure::Throttled => ("Lambda가 제한", "throttled by Lambda"),
        Failure::FunctionError => ("함수 오류", "function error"),
        Failure::RequestTimeout => ("응답 대기 시간 초과", "no answer in time"),
    };
    pick(language, korean, english)
}
