//! The words of the view `queue`.

use super::Subject;
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::backlog::{Backlog, Bound, Kind};
use crate::scenario::view::name_of;
use crate::scenario::view::phrase::{count, pick};

/// The most variants that a sentence names.
const MOST_NAMED: usize = 4;

/// What it is called: a stream with the function that reads it.
pub(super) fn name(backlog: &Backlog, language: Language) -> String {
    let name = &backlog.name;
    match (backlog.kind, language) {
        (Kind::Events, Language::Korean) => format!("{name}의 이벤트 큐"),
        (Kind::Events, Language::English) => format!("event queue of {name}"),
        (Kind::Stream | Kind::Table, _) => format!("{name} → {}", backlog.reader),
        (Kind::Queue | Kind::FifoQueue, _) => name.clone(),
    }
}

/// What waits in it, with its number.
fn things(kind: Kind, number: u64, language: Language) -> String {
    let number = count(number);
    match (kind, language) {
        (Kind::Queue | Kind::FifoQueue, Language::Korean) => format!("메시지 {number}개"),
        (Kind::Events, Language::Korean) => format!("이벤트 {number}개"),
        (Kind::Stream | Kind::Table, Language::Korean) => format!("레코드 {number}개"),
        (Kind::Queue | Kind::FifoQueue, _) if number == "1" => "1 message".to_owned(),
        (Kind::Queue | Kind::FifoQueue, _) => format!("{number} messages"),
        (Kind::Events, _) if number == "1" => "1 event".to_owned(),
        (Kind::Events, _) => format!("{number} events"),
        (Kind::Stream | Kind::Table, _) if number == "1" => "1 record".to_owned(),
        (Kind::Stream | Kind::Table, _) => format!("{number} records"),
    }
}

/// What became of a subject: of one run in full, of several variants side by side.
pub(super) fn of_subject(subject: &Subject<'_>, language: Language) -> String {
    let name = name(subject.any, language);
    match subject.runs.as_slice() {
        [(_, backlog)] => format!("{name}: {}", of_run(backlog, language)),
        runs => {
            let named = runs.iter().take(MOST_NAMED).map(|(variant, backlog)| {
                format!("‘{}’ {}", name_of(variant), in_short(backlog, language))
            });
            let mut parts: Vec<String> = named.collect();
            if let Some(more) = runs.len().checked_sub(MOST_NAMED).filter(|&more| more > 0) {
                parts.push(match language {
                    Language::Korean => format!("그 밖의 변형 {more}개"),
                    Language::English => format!("{more} more"),
                });
            }
            format!("{name}: {}", parts.join(" → "))
        }
    }
}

/// What became of a backlog in one run.
fn of_run(backlog: &Backlog, language: Language) -> String {
    let time = |time| ticks::duration(time, language);
    let most = things(backlog.kind, backlog.waiting.max, language);
    let mut parts: Vec<String> = Vec::new();
    match (backlog.peak_at(), language) {
        (Some(at), Language::Korean) => parts.push(format!("{}에 {most}까지 쌓임", time(at))),
        (Some(at), Language::English) => {
            parts.push(format!("the backlog peaks at {most} after {}", time(at)));
        }
        (None, Language::Korean) => parts.push("쌓인 것이 없음".to_owned()),
        (None, Language::English) => parts.push("no backlog".to_owned()),
    }
    if backlog.age.max > 0 {
        let age = time(backlog.age.max);
        parts.push(match language {
            Language::Korean => format!("가장 오래된 것은 {age}"),
            Language::English => format!("the oldest is {age} old"),
        });
    }
    parts.push(ending(backlog, language));
    parts.extend(losses(backlog, language));
    parts.join(", ")
}

/// Whether it is empty at the end.
fn ending(backlog: &Backlog, language: Language) -> String {
    match (backlog.empty_from(), language) {
        (Some(at), Language::Korean) => {
            format!("{}부터 다시 빔", ticks::duration(at, language))
        }
        (Some(at), Language::English) => {
            format!("empty again after {}", ticks::duration(at, language))
        }
        (None, Language::Korean) => format!("끝까지 {}개 남음", count(backlog.left)),
        (None, Language::English) => format!("{} left at the end", count(backlog.left)),
    }
}

fn losses(backlog: &Backlog, language: Language) -> Vec<String> {
    let mut parts = Vec::new();
    if backlog.dead_lettered > 0 {
        let number = count(backlog.dead_lettered);
        parts.push(match language {
            Language::Korean => format!("DLQ로 {number}개"),
            Language::English => format!("{number} to the dead-letter queue"),
        });
    }
    if backlog.lost > 0 {
        let number = count(backlog.lost);
        parts.push(match language {
            Language::Korean => format!("처리되지 못하고 버려진 것 {number}개"),
            Language::English => format!("{number} never handled"),
        });
    }
    parts
}

/// A backlog among those of other variants.
fn in_short(backlog: &Backlog, language: Language) -> String {
    let age = ticks::duration(backlog.age.max, language);
    let most = count(backlog.waiting.max);
    let mut text = match language {
        Language::Korean => format!("최대 {most}개, 나이 {age}"),
        Language::English => format!("at most {most}, {age} old"),
    };
    if backlog.left > 0 || backlog.lost > 0 || backlog.dead_lettered > 0 {
        let mut more = losses(backlog, language);
        if backlog.left > 0 {
            more.insert(0, ending(backlog, language));
        }
        text = format!("{text} ({})", more.join(", "));
    }
    text
}

/// The title of a chart and the names of its layers: what waits, is worked on, and is delayed.
pub(super) fn layers(backlog: &Backlog, language: Language) -> [String; 4] {
    let name = name(backlog, language);
    let (title, waits) = match (backlog.kind, language) {
        (Kind::Queue | Kind::FifoQueue, Language::Korean) => ("메시지", "대기 (Visible)"),
        (Kind::Queue | Kind::FifoQueue, Language::English) => ("messages", "waiting (Visible)"),
        (Kind::Events, Language::Korean) => ("이벤트", "다음 시도를 기다림"),
        (Kind::Events, Language::English) => ("events", "waiting for the next try"),
        (Kind::Stream | Kind::Table, Language::Korean) => ("레코드", "아직 처리되지 않음"),
        (Kind::Stream | Kind::Table, Language::English) => ("records", "not handled yet"),
    };
    [
        format!("{name} · {title}"),
        waits.to_owned(),
        pick(language, "처리 중 (NotVisible)", "in flight (NotVisible)").to_owned(),
        pick(language, "전송 지연 중 (Delayed)", "delayed (Delayed)").to_owned(),
    ]
}

/// The name of the age that is drawn.
pub(super) fn age(kind: Kind, language: Language) -> &'static str {
    match kind {
        Kind::Queue | Kind::FifoQueue => {
            pick(language, "가장 오래된 메시지의 나이", "age of the oldest message")
        }
        Kind::Events => {
            pick(language, "기다리는 이벤트 중 가장 오래된 것", "age of the oldest waiting event")
        }
        Kind::Stream | Kind::Table => {
            pick(language, "가장 오래된 레코드의 나이", "age of the oldest record")
        }
    }
}

/// The metric of the age of what is worked on, with its greatest value.
pub(super) fn age_at_work(kind: Kind, age: u64, language: Language) -> String {
    let metric = if kind == Kind::Events { "AsyncEventAge" } else { "IteratorAge" };
    let most = pick(language, "최대", "max");
    format!("{metric} {most} {}", ticks::duration(age, language))
}

/// An age at which something happens.
pub(super) fn bound(bound: Bound, age: u64, language: Language) -> String {
    let name = match bound {
        Bound::Retention => pick(language, "보관 기간", "retention"),
        Bound::VisibilityTimeout => pick(language, "가시성 제한 시간", "visibility timeout"),
        Bound::MaximumEventAge => pick(language, "최대 이벤트 나이", "maximum event age"),
        Bound::MaximumRecordAge => pick(language, "최대 레코드 나이", "maximum record age"),
    };
    format!("{name} {}", ticks::duration(age, language))
}

/// How to read a chart.
pub(super) fn description(of_age: bool, language: Language) -> &'static str {
    if of_age {
        pick(
            language,
            "시간은 오른쪽으로 흐르고 높이는 그때 가장 오래된 것의 나이다. 점선은 그 나이가 되면 \
             일이 일어나는 때다.",
            "Time runs to the right; the height is the age of the oldest one. Dashed lines are \
             ages at which something happens.",
        )
    } else {
        pick(
            language,
            "시간은 오른쪽으로 흐르고 높이는 개수다. 빗금은 기다리는 것, 선은 처리 중인 것이다. \
             둘은 쌓지 않고 겹쳐 그린다.",
            "Time runs to the right; the height is a number. Hatched is what waits, the line is \
             what is being worked on. They are drawn one over the other, not stacked.",
        )
    }
}

/// What is left out of the figure.
pub(super) fn notes(
    drawn: usize,
    most: usize,
    quiet: &[&Subject<'_>],
    language: Language,
) -> Vec<String> {
    let mut notes = Vec::new();
    if drawn > most {
        notes.push(match language {
            Language::Korean => format!("대기열 {drawn}개 중 가장 많이 쌓인 {most}개만 그림"),
            Language::English => format!("{most} of {drawn} queues are drawn, the longest ones"),
        });
    }
    if drawn > 0 {
        for subject in quiet.iter().take(most) {
            let name = name(subject.any, language);
            notes.push(match language {
                Language::Korean => format!("{name}: 기다린 것이 없어 그리지 않음"),
                Language::English => format!("{name}: nothing ever waited, so it isn't drawn"),
            });
        }
    }
    notes
}
