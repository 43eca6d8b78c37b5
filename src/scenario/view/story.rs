//! What can happen to a message or a request, in the reader's language.

mod asynchronous;
mod bucket;
mod client;
mod edge;
mod event_bus;
mod identity;
pub mod marks;
mod queue;
pub mod statement;
mod stream;

use crate::aws::architecture::ResourceKind;
use crate::aws::catalogue::events;
use crate::aws::trace::What;
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::phrase;
use crate::scenario::view::trail::{Happening, REGIONAL, Step};

/// What happened at a step: a few words, without where and when.
pub fn words(step: &Step, language: Language) -> String {
    match &step.what {
        Happening::Traced(what) => traced(*what, step.time, language),
        Happening::Edge { what, failover } => edge::words(*what, &step.place, *failover, language),
        Happening::EdgeAnswer { status, cache, fault } => {
            edge::answer(*status, *cache, *fault, language)
        }
        Happening::Task(step) => identity::task(step, language),
        Happening::TaskEnd { status, error } => {
            identity::task_end(*status, error.as_deref(), language)
        }
        Happening::Asked(access) => identity::asked(access, language),
        Happening::Decided(access) => identity::decided(access, language),
    }
}

/// What the engine traced at a time.
fn traced(what: What, time: u64, language: Language) -> String {
    match plain(what) {
        Some((korean, english)) => phrase::pick(language, korean, english).to_owned(),
        None => with_numbers(what, time, language),
    }
}

/// What needs no number, in Korean and in English.
fn plain(what: What) -> Option<(&'static str, &'static str)> {
    Some(match what {
        What::Arrived => ("도착", "arrives"),
        What::Succeeded => ("성공", "succeeds"),
        What::Recursive => ("재귀 루프 감지: 실행하지 않음", "recursive loop detected: not run"),
        What::Denied => {
            ("호출 거부: 실행 역할에 권한 없음", "call denied: not in the execution role")
        }
        What::Failed => ("함수 오류", "function error"),
        What::TimedOut => ("제한 시간 초과", "timeout"),
        What::TmpHit => ("/tmp에 파일이 있음", "the file is in /tmp"),
        What::Published => ("주제에 게시됨", "published"),
        What::FilteredOut => ("필터에 걸러짐", "filtered out"),
        What::Delivered => ("전달됨", "delivered"),
        What::DeliveryFailed { next: None } => ("전달 포기", "delivery given up"),
        What::Unreachable => ("연결할 길이 없음", "no path to it"),
        What::TooManyConnections => {
            ("연결 거부: Too many connections", "refused: too many connections")
        }
        What::ConnectionFailed => {
            ("연결 실패: 데이터베이스를 쓸 수 없음", "no connection: the database is down")
        }
        What::WaitsForConnection => ("빈 연결을 기다림", "waits for a connection"),
        What::BorrowTimedOut => {
            ("빈 연결을 기다리다 시간 초과", "waited too long for a connection")
        }
        What::ConnectionLost => {
            ("데이터베이스가 내려가 연결이 끊김", "the database goes down and ends its connection")
        }
        What::QueryAnswered => ("질의 완료", "query answered"),
        What::DeadLettered => ("DLQ로 감", "goes to the dead-letter queue"),
        What::Invoked { .. }
        | What::RdsEvent(_)
        | What::Restored { .. }
        | What::TmpMiss(_)
        | What::Queue(_)
        | What::Stream(_)
        | What::Statement(_)
        | What::Object(_)
        | What::Bus(_)
        | What::Throttled(_)
        | What::Asynchronous(_)
        | What::Status(_)
        | What::Client(_)
        | What::DeliveryFailed { next: Some(_) } => return None,
    })
}

/// What is told with numbers or reasons.
fn with_numbers(what: What, now: u64, language: Language) -> String {
    let korean = language == Language::Korean;
    let time = |nanoseconds| ticks::duration(nanoseconds, language);
    match what {
        What::Invoked { init: Some(0), environment } if korean => {
            format!("환경 {environment} 새로 만듦")
        }
        What::Invoked { init: Some(0), environment } => {
            format!("environment {environment} starts")
        }
        What::Invoked { init: Some(init), environment } if korean => {
            format!("환경 {environment} 새로 만듦 (초기화 {})", time(init))
        }
        What::Invoked { init: Some(init), environment } => {
            format!("environment {environment} starts (Init {})", time(init))
        }
        What::Invoked { init: None, environment } if korean => {
            format!("환경 {environment}에서 처리 시작")
        }
        What::Invoked { init: None, environment } => {
            format!("environment {environment} serves it")
        }
        What::Restored { restore, environment } if korean => {
            format!("환경 {environment}을(를) 스냅샷에서 되살림 (복원 {})", time(restore))
        }
        What::Restored { restore, environment } => {
            format!("environment {environment} is restored (restore {})", time(restore))
        }
        What::TmpMiss(download) if korean => {
            format!("/tmp에 파일이 없어 내려받음 ({})", time(download))
        }
        What::TmpMiss(download) => {
            format!("the file isn't in /tmp: downloads it ({})", time(download))
        }
        What::RdsEvent(number) => match events::numbered(number) {
            Some(row) => {
                format!("{}: {}", row.id, phrase::pick(language, &row.korean, &row.english))
            }
            None => String::new(),
        },
        What::Queue(step) => queue::words(step, language),
        What::Statement(step) => statement::words(step, language),
        What::Stream(step) => stream::words(step, language),
        What::Object(step) => bucket::words(step, language),
        What::Bus(step) => event_bus::words(step, language),
        What::Asynchronous(step) => asynchronous::words(step, now, language),
        What::Throttled(reason) => {
            let reason = phrase::reason(reason, language);
            if korean { format!("제한됨: {reason}") } else { format!("throttled: {reason}") }
        }
        What::Client(step) => client::words(step, now, language),
        What::Status(status) if korean => format!("응답 {status}"),
        What::Status(status) => format!("answers {status}"),
        What::DeliveryFailed { next: Some(delay) } if korean => {
            format!("전달 실패, {} 뒤 다시 시도", time(delay))
        }
        What::DeliveryFailed { next: Some(delay) } => {
            format!("delivery fails, tried again after {}", time(delay))
        }
        // The others need no number.
        _ => String::new(),
    }
}

/// Where a step happened.
pub fn place(step: &Step, language: Language) -> String {
    match step.kind {
        _ if step.place == REGIONAL => {
            phrase::pick(language, "리전 엣지 캐시", "regional edge cache").to_owned()
        }
        ResourceKind::Source => phrase::pick(language, "요청한 쪽", "caller").to_owned(),
        _ => step.place.clone(),
    }
}
