//! The view `environments`: the lives of execution environments, or, where there are too many for
//! a row each, how many there are and how many of them are busy.

use crate::aws::lambda::metrics::Lifeline;
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{Entry, Swatch};
use crate::diagram::steps::{self, Area, Chart, Height, MOST_PANELS, Panel};
use crate::diagram::timeline::{self, Group, MOST_BARS, Row, Timeline};
use crate::diagram::{FORMATS, Words, ticks};
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Function, Variant};
use crate::scenario::view::finding::{self, Topic};
use crate::scenario::view::phrase::{self, count, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most rows of a variant; with more, the view shows counts.
const MOST_ROWS: usize = 24;
/// The most rows of all variants together.
const MOST_ROWS_TOGETHER: usize = 72;
/// The columns of the strip of refused requests.
const REFUSED_COLUMNS: usize = 72;
/// The most requests that are drawn in a figure one by one.
const MOST_BARS_TOGETHER: usize = 1200;

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let finding = finding(facts, language);
    let rows = |variant: &Variant| {
        variant.functions.iter().map(|function| environments(function) as usize).sum::<usize>()
    };
    let most = facts.ran().map(rows).max().unwrap_or(0);
    let together: usize = facts.ran().map(rows).fold(0, usize::saturating_add);
    let mut notes = Vec::new();
    let drawings = if most <= MOST_ROWS && together <= MOST_ROWS_TOGETHER {
        let timeline = lifelines(facts, language, &mut notes);
        let words = Words { title: finding.clone(), description: rows_words(language) };
        FORMATS.iter().map(|&format| timeline::draw(&timeline, prefix, format, &words)).collect()
    } else {
        notes.push(match language {
            Language::Korean => format!(
                "실행 환경이 많아(가장 많은 변형에 {}개) 하나씩 그리지 않고 개수로 그림",
                count(most as u64)
            ),
            Language::English => format!(
                "too many environments for a row each (up to {}), so their number is drawn",
                count(most as u64)
            ),
        });
        let (chart, left_out) = counts(facts, language);
        if left_out > 0 {
            notes.push(match language {
                Language::Korean => format!("칸 {left_out}개는 생략"),
                Language::English => format!("{left_out} panels are left out"),
            });
        }
        let words = Words { title: finding.clone(), description: counts_words(language) };
        FORMATS.iter().map(|&format| steps::draw(&chart, prefix, format, &words)).collect()
    };
    Shown { finding, drawings, body: String::new(), notes, table: Some(table(facts, language)) }
}

fn finding(facts: &Facts, language: Language) -> String {
    if let Some(contrast) = finding::contrast(facts, &[Topic::ColdStarts, Topic::Peak], language) {
        return contrast.sentence();
    }
    facts.ran().next().map_or_else(String::new, |variant| finding::starts(variant, language))
}

fn environments(function: &Function) -> u64 {
    (function.lifelines.len() as u64).saturating_add(function.lifelines_omitted)
}

fn rows_words(language: Language) -> String {
    pick(
        language,
        "한 줄이 실행 환경 하나다. 빗금은 초기화, 꽉 찬 막대는 요청 처리, 가는 선은 대기, 세로 \
         마개는 환경의 끝이다. 줄 위의 가위표는 제한된 요청이다.",
        "A row is an execution environment: hatched while it initialises, solid while it serves, \
         thin while idle, capped when it is gone. Crosses above the rows are throttled requests.",
    )
    .to_owned()
}

fn counts_words(language: Language) -> String {
    pick(
        language,
        "시간은 오른쪽으로 흐른다. 점무늬는 존재하는 실행 환경의 수, 꽉 찬 부분은 그중 요청을 \
         처리하는 환경의 수다.",
        "Time runs to the right. Dotted is the number of environments that exist, solid those of \
         them that serve a request.",
    )
    .to_owned()
}

fn lifelines(facts: &Facts, language: Language, notes: &mut Vec<String>) -> Timeline {
    let end = facts.end();
    let refusing = facts.ran().flat_map(|v| &v.functions).any(|function| function.throttles > 0);
    let mut legend = vec![
        Entry::new(Swatch::Area(Fill::Hatched(Ink::Wait)), pick(language, "초기화", "Init")),
        Entry::new(Swatch::Area(Fill::Solid(Ink::Run)), pick(language, "처리 중", "busy")),
        Entry::new(Swatch::Thin(Fill::Solid(Ink::Wait)), pick(language, "대기", "idle")),
    ];
    let lives = || facts.ran().flat_map(|v| &v.functions).flat_map(|f| &f.lifelines);
    if lives().any(|life| life.gone.is_some_and(|gone| gone <= end)) {
        legend.push(Entry::new(Swatch::Cap(Ink::Done), pick(language, "종료", "gone")));
    }
    if refusing {
        let name = pick(language, "제한된 요청", "throttled");
        legend.push(Entry::new(Swatch::Cross(Ink::Refused), name));
    }
    let bars: usize = lives().map(|life| life.busy.len().min(MOST_BARS)).sum();
    let crowded = bars > MOST_BARS_TOGETHER;
    if crowded || lives().any(|life| life.busy.len() > MOST_BARS) {
        notes.push(
            pick(
                language,
                "요청이 많은 줄은 막대 하나하나가 아니라 처리 중인 시간의 비율을 높이로 그림",
                "rows with many requests show the share of time that is busy as height",
            )
            .to_owned(),
        );
    }
    let mut groups = Vec::new();
    for variant in &facts.variants {
        if variant.rejected.is_some() {
            let message = pick(language, "배포가 거부됨", "deployment refused");
            let title = format!("{}: {message}", name_of(variant));
            groups.push(Group { title, ..Group::default() });
            continue;
        }
        for function in &variant.functions {
            if function.requests == 0 && function.lifelines.is_empty() {
                continue;
            }
            groups.push(group(variant, function, end, crowded, language));
        }
    }
    Timeline { end: end.max(1) as f64, legend, groups, language }
}

fn group(
    variant: &Variant,
    function: &Function,
    end: u64,
    crowded: bool,
    language: Language,
) -> Group {
    let mut title = name_of(variant);
    if title.is_empty() {
        title = function.name.clone();
    } else if variant.functions.len() > 1 {
        title = format!("{title} · {}", function.name);
    }
    let mut group = Group { title, ..Group::default() };
    if function.throttles > 0 {
        group.refused_label = match language {
            Language::Korean => format!("제한 {}건", count(function.throttles)),
            Language::English => format!("{} throttled", count(function.throttles)),
        };
        group.refused = function.refused_in_columns(end, REFUSED_COLUMNS);
    }
    group.rows = function.lifelines.iter().map(|life| row(life, end, crowded, language)).collect();
    group
}

fn row(life: &Lifeline, end: u64, crowded: bool, language: Language) -> Row {
    let gone = life.gone.filter(|&gone| gone <= end);
    let number = life.environment.saturating_add(1);
    let label = match (life.provisioned, language) {
        (false, _) => number.to_string(),
        (true, Language::Korean) => format!("{number} 프로비저닝"),
        (true, Language::English) => format!("{number} provisioned"),
    };
    let mut busy: Vec<(f64, f64)> =
        life.busy.iter().map(|&(from, to)| (from as f64, to as f64)).collect();
    if crowded && busy.len() <= MOST_BARS {
        busy = merged(&busy, end);
    }
    Row {
        label,
        waiting: (life.ready > life.created)
            .then_some((life.created as f64, life.ready.min(end) as f64)),
        alive: (life.ready.min(end) as f64, gone.unwrap_or(end) as f64),
        busy,
        ends: gone.is_some(),
    }
}

/// Neighbours that would be less than a pixel apart, as one bar.
fn merged(busy: &[(f64, f64)], end: u64) -> Vec<(f64, f64)> {
    let gap = end as f64 / 400.0;
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for &(from, to) in busy {
        match merged.last_mut() {
            Some(last) if from - last.1 < gap => last.1 = to,
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// A panel per variant and function, and how many didn't fit.
fn counts(facts: &Facts, language: Language) -> (Chart, usize) {
    let end = facts.end();
    let functions = facts.ran().flat_map(|variant| {
        let served = variant.functions.iter().filter(|function| function.requests > 0);
        served.map(move |function| (variant, function))
    });
    let functions: Vec<(&Variant, &Function)> = functions.collect();
    let shown = functions.len().clamp(1, MOST_PANELS);
    let columns = (1500 / (shown * 2)).clamp(24, 160);
    let mut chart = Chart {
        end: end.max(1) as f64,
        height: Height::Count,
        max: 1.0,
        legend: vec![
            Entry::new(Swatch::None, pick(language, "높이: 실행 환경", "height: environments")),
            Entry::new(Swatch::Area(Fill::Solid(Ink::Run)), pick(language, "처리 중", "busy")),
            Entry::new(
                Swatch::Area(Fill::Dotted(Ink::Wait)),
                pick(language, "대기·초기화", "idle or in Init"),
            ),
        ],
        panels: Vec::new(),
        language,
    };
    for &(variant, function) in functions.iter().take(MOST_PANELS) {
        let several = variant.functions.len() > 1;
        let title = match (name_of(variant), several) {
            (title, _) if title.is_empty() => function.name.clone(),
            (title, false) => title,
            (title, true) => format!("{title} · {}", function.name),
        };
        let area = |levels: Vec<crate::scenario::view::facts::Level>, fill| Area {
            fill,
            values: levels.iter().map(|level| level.max).collect(),
        };
        let most = function.environments.max.max(function.busy.max);
        chart.max = chart.max.max(most as f64);
        chart.panels.push(Panel {
            title,
            areas: vec![
                area(function.environments.in_columns(end, columns), Fill::Dotted(Ink::Wait)),
                area(function.busy.in_columns(end, columns), Fill::Solid(Ink::Run)),
            ],
            ..Panel::default()
        });
    }
    (chart, functions.len().saturating_sub(MOST_PANELS))
}

fn table(facts: &Facts, language: Language) -> Table {
    let columns = [
        "",
        pick(language, "환경", "environments"),
        pick(language, "동시에 존재", "at once"),
        pick(language, "처리한 요청", "served"),
        pick(language, "콜드 스타트", "cold starts"),
        pick(language, "초기화 p50", "Init p50"),
        pick(language, "제한", "throttles"),
    ];
    let mut table = Table::new(pick(language, "실행 환경", "Execution environments"), &columns);
    for variant in facts.ran() {
        for function in &variant.functions {
            let init = match function.init.count {
                0 => "–".to_owned(),
                _ => ticks::duration(function.init.p50, language),
            };
            let cold = phrase::share(function.cold_starts, function.invocations);
            table.rows.push(vec![
                Cell::head(crate::scenario::view::row_name(variant, function)),
                Cell::value(count(environments(function))),
                Cell::value(count(function.environments.max)),
                Cell::value(count(function.invocations)),
                Cell::value(format!("{} ({cold})", count(function.cold_starts))),
                Cell::value(init),
                Cell::value(count(function.throttles)),
            ]);
        }
    }
    table
}
