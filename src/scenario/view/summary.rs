//! The view `summary`: the measures that matter as a table, variants side by side. What differs
//! between variants stands out; measures that say nothing are left out.

use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Function, Variant};
use crate::scenario::view::phrase::{self, count, money, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of, resources, row_name};

/// With more variants than this, or functions where there are no variants, they become rows.
const MOST_COLUMNS: usize = 4;

/// A measure as a row of the table.
struct Measure {
    korean: String,
    english: String,
    /// How much it matters.
    weight: Weight,
    value: Box<Shows>,
    is_zero: Box<dyn Fn(&Function) -> bool>,
}

/// How much a measure matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It is shown even where it is zero everywhere.
    Always,
    /// It is shown where it isn't zero.
    Usual,
    /// It is left out where there is little room.
    Detail,
}

/// A measure's value as text.
type Shows = dyn Fn(&Function, Language) -> String;

fn counted(
    korean: &str,
    english: &str,
    weight: Weight,
    value: impl Fn(&Function) -> u64 + Copy + 'static,
) -> Measure {
    Measure {
        korean: korean.to_owned(),
        english: english.to_owned(),
        weight,
        value: Box::new(move |function, _| count(value(function))),
        is_zero: Box::new(move |function| value(function) == 0),
    }
}

fn timed(
    korean: &str,
    english: &str,
    weight: Weight,
    value: impl Fn(&Function) -> u64 + Copy + 'static,
) -> Measure {
    Measure {
        korean: korean.to_owned(),
        english: english.to_owned(),
        weight,
        value: Box::new(move |function, language| match function.latency.count {
            0 => "–".to_owned(),
            _ => ticks::duration(value(function), language),
        }),
        is_zero: Box::new(|function| function.latency.count == 0),
    }
}

/// What became of events, for functions that are invoked asynchronously.
fn of_events() -> [Measure; 7] {
    [
        counted("받은 이벤트", "Async events received", Weight::Usual, |f| f.events.received),
        counted("거절된 이벤트", "Async events refused", Weight::Usual, |f| f.events.refused),
        counted("└ 재시도", "└ retries", Weight::Usual, |f| f.events.retries),
        counted("└ 버려짐", "└ dropped", Weight::Usual, |f| f.events.dropped),
        counted("└ 대상·DLQ로 보냄", "└ sent on", Weight::Detail, |f| f.events.sent_on),
        counted("└ 보내지 못함", "└ not sent on", Weight::Usual, |f| f.events.undelivered),
        Measure {
            korean: "이벤트 대기 시간 최대".to_owned(),
            english: "Greatest event age".to_owned(),
            weight: Weight::Usual,
            value: Box::new(|function, language| match function.events.age.count {
                0 => "–".to_owned(),
                _ => ticks::duration(function.events.age.max, language),
            }),
            is_zero: Box::new(|function| function.events.age.max == 0),
        },
    ]
}

/// All measures in order; the throttles' reasons are those that occur.
fn measures(facts: &Facts) -> Vec<Measure> {
    let mut measures = vec![
        counted("요청", "Requests", Weight::Always, |function| function.requests),
        counted("처리", "Invocations", Weight::Always, |function| function.invocations),
        counted("제한", "Throttles", Weight::Always, |function| function.throttles),
    ];
    let functions = || facts.ran().flat_map(|variant| &variant.functions);
    let mut reasons: Vec<_> =
        functions().flat_map(|f| &f.throttles_by_reason).map(|&(reason, _)| reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        let value = move |function: &Function| {
            let reasons = function.throttles_by_reason.iter();
            reasons.filter(|(known, _)| *known == reason).map(|(_, count)| count).sum()
        };
        let name = |language| format!("└ {}", phrase::reason(reason, language));
        measures.push(counted(
            &name(Language::Korean),
            &name(Language::English),
            Weight::Detail,
            value,
        ));
    }
    measures.extend(of_events());
    measures.extend([
        counted("오류", "Errors", Weight::Usual, |function| function.errors),
        counted("└ 시간 초과", "└ timeouts", Weight::Detail, |function| function.timeouts),
        counted("다시 시도한 호출", "Calls tried again", Weight::Usual, |function| {
            function.calls.0
        }),
        counted("거부된 호출", "Calls denied", Weight::Usual, |function| function.calls.1),
        counted("재귀 루프로 멈춤", "Recursive, stopped", Weight::Usual, |function| {
            function.calls.2
        }),
        counted("콜드 스타트", "Cold starts", Weight::Always, |function| function.cold_starts),
        counted("프로비저닝 초과", "Provisioned spill-over", Weight::Usual, |function| {
            function.spillover
        }),
        counted("프로비저닝 최대", "Most provisioned", Weight::Detail, |function| {
            function.provisioned_ready.max
        }),
        counted("프로비저닝 자동 조정", "Scaling activities", Weight::Usual, |function| {
            function.scaling_activities
        }),
        counted("/tmp에서 찾음", "Found in /tmp", Weight::Usual, |function| function.tmp.0),
        counted("/tmp에 없음", "Not in /tmp", Weight::Usual, |function| function.tmp.1),
        counted("최대 동시 실행", "Peak concurrency", Weight::Always, |function| {
            function.busy.max
        }),
        timed("응답 시간 p50", "Latency p50", Weight::Detail, |function| function.latency.p50),
        timed("응답 시간 p99", "Latency p99", Weight::Usual, |function| function.latency.p99),
        Measure {
            korean: "비용".to_owned(),
            english: "Cost".to_owned(),
            weight: Weight::Usual,
            value: Box::new(|function, _| money(function.billed.total)),
            is_zero: Box::new(|function| function.billed.total <= 0.0),
        },
    ]);
    measures.retain(|measure| {
        measure.weight == Weight::Always || functions().any(|f| !(measure.is_zero)(f))
    });
    measures
}

/// Writes the view.
pub fn shown(facts: &Facts, language: Language) -> Shown {
    let mut body = String::new();
    if !facts.function_names().is_empty() || resources::tables(facts, language).is_empty() {
        functions(facts, language).write(&mut body, "scenario-table scenario-summary");
    }
    for table in resources::tables(facts, language) {
        table.write(&mut body, "scenario-table scenario-summary");
    }
    Shown { body, ..Shown::default() }
}

/// The table of functions.
fn functions(facts: &Facts, language: Language) -> Table {
    let measures = measures(facts);
    let named = facts.variants.iter().any(|variant| variant.name.is_some());
    let columns = if named { facts.ran().count() } else { facts.function_names().len() };
    if columns > MOST_COLUMNS {
        by_measure(facts, &measures, language)
    } else if named {
        by_variant(facts, &measures, language)
    } else {
        by_function(facts, &measures, language)
    }
}

fn caption(language: Language) -> &'static str {
    pick(language, "주요 지표", "Main measures")
}

/// Variants as columns, functions as groups of rows.
fn by_variant(facts: &Facts, measures: &[Measure], language: Language) -> Table {
    let variants: Vec<&Variant> = facts.ran().collect();
    let names: Vec<String> = variants.iter().map(|variant| name_of(variant)).collect();
    let mut columns = vec![""];
    columns.extend(names.iter().map(String::as_str));
    let mut table = Table::new(caption(language), &columns);
    let functions = facts.function_names();
    for name in &functions {
        if functions.len() > 1 {
            let span = columns.len();
            let group = Cell { span, ..Cell::head(*name).class("group") };
            table.rows.push(vec![group]);
        }
        let present = variants.iter().filter_map(|variant| variant.function(name));
        let present: Vec<&Function> = present.collect();
        for measure in measures {
            if measure.weight != Weight::Always
                && present.iter().all(|function| (measure.is_zero)(function))
            {
                continue;
            }
            let mut row = vec![Cell::head(pick(language, &measure.korean, &measure.english))];
            let value = |variant: &&Variant| {
                variant
                    .function(name)
                    .map_or_else(|| "–".to_owned(), |function| (measure.value)(function, language))
            };
            let values: Vec<String> = variants.iter().map(value).collect();
            let differs = values.iter().any(|value| Some(value) != values.first());
            row.extend(values.into_iter().map(|value| {
                let cell = Cell::value(value);
                if differs { cell.class("differs") } else { cell }
            }));
            table.rows.push(row);
        }
    }
    table
}

/// Functions as columns.
fn by_function(facts: &Facts, measures: &[Measure], language: Language) -> Table {
    let functions: Vec<&Function> = facts.ran().flat_map(|variant| &variant.functions).collect();
    let mut columns = vec![""];
    columns.extend(functions.iter().map(|function| function.name.as_str()));
    let mut table = Table::new(caption(language), &columns);
    for measure in measures {
        let mut row = vec![Cell::head(pick(language, &measure.korean, &measure.english))];
        row.extend(functions.iter().map(|f| Cell::value((measure.value)(f, language))));
        table.rows.push(row);
    }
    table
}

/// Measures as columns, without details and without what is the same in all rows.
fn by_measure(facts: &Facts, measures: &[Measure], language: Language) -> Table {
    let rows: Vec<(String, &Function)> = facts
        .ran()
        .flat_map(|variant| variant.functions.iter().map(move |f| (row_name(variant, f), f)))
        .collect();
    let mut table = Table::new(caption(language), &[""]);
    table.rows.extend(rows.iter().map(|(name, _)| vec![Cell::head(name)]));
    for measure in measures.iter().filter(|measure| measure.weight != Weight::Detail) {
        let values: Vec<String> = rows.iter().map(|(_, f)| (measure.value)(f, language)).collect();
        let differs = values.iter().any(|value| Some(value) != values.first());
        if !differs && measure.weight != Weight::Always {
            continue;
        }
        table.columns.push(pick(language, &measure.korean, &measure.english).to_owned());
        for (row, value) in table.rows.iter_mut().zip(values) {
            row.push(Cell::value(value));
        }
    }
    table
}
