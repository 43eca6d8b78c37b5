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
        Failure::NoExtension => ("aws_lambda 확장이 없음", "no extension aws_lambda"),
        Failure::MissingGrant => ("DB 사용자에게 권한이 없음", "the user lacks the privilege"),
        Failure::MissingRole => ("연결된 IAM 역할이 없음", "no IAM role is associated"),
        Failure::Unreachable => ("Lambda까지 가는 길이 없음", "no path to Lambda"),
        Failure::AccessDenied => {
            ("역할에 lambda:InvokeFunction이 없음", "the role may not invoke the function")
        }
        Failure::Throttled => ("Lambda가 호출을 제한함", "Lambda throttles the invocation"),
        Failure::FunctionError => ("함수가 실패함", "the function fails"),
        Failure::RequestTimeout => ("응답을 기다리다 시간 초과", "no answer in time"),
    };
    pick(language, korean, english)
}
