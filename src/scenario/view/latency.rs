//! The view `latency`: what callers wait, by percentile, and what Init has to do with it.

use crate::diagram::bars::{self, Bar, Bars};
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{Entry, Swatch};
use crate::diagram::{FORMATS, Words, ticks};
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Function, Percentiles, Variant};
use crate::scenario::view::finding::{self, Topic};
use crate::scenario::view::phrase::{self, count, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, left_out, row_name};

/// The most bars of the figure; the table has them all.
const MOST_ROWS: usize = 16;
/// The axis ends at this many times the greatest p99; a longer tail ends in an arrow.
const TAIL_IN_SIGHT: f64 = 1.8;
/// The axis has the greatest p99.9 on it, too, when that is at most this many times p99.
const MARK_IN_SIGHT: f64 = 8.0;

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let finding = finding(facts, language);
    let words = Words {
        title: finding.clone(),
        description: pick(
            language,
            "막대는 호출한 쪽이 기다린 시간이다. 진한 부분의 끝이 p50(절반), 막대의 끝이 \
             p99(99%), 세로 표시가 p99.9, 가는 선의 끝이 최댓값이다. 빗금은 초기화 때문에 \
             길어진 몫이다.",
            "A bar is what callers wait: its dark part ends at p50 (half of them), the bar at p99, \
             the thin line at the maximum; the upright mark is p99.9. Hatched is what Init adds.",
        )
        .to_owned(),
    };
    let rows: Vec<(&Variant, &Function)> = rows(facts).collect();
    let bars = bars(&rows, language);
    let drawings = FORMATS.iter().map(|&format| bars::draw(&bars, prefix, format, &words));
    let notes = left_out(rows.len(), MOST_ROWS, language);
    Shown {
        finding,
        drawings: drawings.collect(),
        body: String::new(),
        notes,
        table: Some(table(facts, language)),
    }
}

fn finding(facts: &Facts, language: Language) -> String {
    if let Some(contrast) = finding::contrast(facts, &[Topic::Latency], language) {
        return contrast.sentence();
    }
    facts.ran().next().map_or_else(String::new, |variant| finding::waiting(variant, language))
}

/// Functions that served requests, those of one name together.
fn rows(facts: &Facts) -> impl Iterator<Item = (&Variant, &Function)> {
    facts.function_names().into_iter().flat_map(|name| {
        facts
            .ran()
            .filter_map(move |variant| Some((variant, variant.function(name)?)))
            .filter(|(_, function)| function.latency.count > 0)
    })
}

fn bars(rows: &[(&Variant, &Function)], language: Language) -> Bars {
    let shown = || rows.iter().take(MOST_ROWS).map(|&(_, function)| function);
    let p99 = shown().map(|function| function.latency.p99).max().unwrap_or(0) as f64;
    let p999 = shown().map(|function| function.latency.p999).max().unwrap_or(0) as f64;
    let most = shown().map(|function| function.latency.max).max().unwrap_or(0) as f64;
    let mark = Some(p999 * 1.05).filter(|_| p999 <= p99 * MARK_IN_SIGHT).unwrap_or(0.0);
    let max = most.min(mark.max(p99 * TAIL_IN_SIGHT)).max(1.0);
    let waits = shown().any(|function| init_part(function) > 0);
    let mut legend = vec![
        Entry::new(Swatch::Area(Fill::Solid(Ink::Run)), "p50"),
        Entry::new(Swatch::Area(Fill::Outlined(Ink::Run)), "p99"),
    ];
    if waits {
        let name = pick(language, "p99 중 초기화 몫", "part of p99 due to Init");
        legend.push(Entry::new(Swatch::Area(Fill::Hatched(Ink::Wait)), name));
    }
    if shown().any(|function| mark_of(function).is_some_and(|p999| p999 as f64 <= max)) {
        legend.push(Entry::new(Swatch::Cap(Ink::Text), "p99.9"));
    }
    legend
        .push(Entry::new(Swatch::Thin(Fill::Solid(Ink::Quiet)), pick(language, "최대", "maximum")));
    let bar = |&(variant, function): &(&Variant, &Function)| {
        let Percentiles { p50, p99, max: longest, .. } = function.latency;
        let mut parts = vec![(p50 as f64, Fill::Solid(Ink::Run))];
        let split = p99.saturating_sub(init_part(function)).max(p50);
        parts.push((split as f64, Fill::Outlined(Ink::Run)));
        parts.push((p99 as f64, Fill::Hatched(Ink::Wait)));
        let show = |time: u64| ticks::duration(time, language);
        let mut value = format!("p50 {} · p99 {}", show(p50), show(p99));
        let mut short = String::new();
        let mark = mark_of(function);
        if let Some(p999) = mark {
            value = format!("{value} · p99.9 {}", show(p999));
            short = format!("p99 {} · p99.9 {}", show(p99), show(p999));
        } else if longest as f64 > max {
            value = format!("{value} · {} {}", pick(language, "최대", "max"), show(longest));
        }
        Bar {
            label: row_name(variant, function),
            value,
            short,
            parts,
            tail: Some(longest as f64),
            mark: mark.map(|p999| p999 as f64),
        }
    };
    Bars {
        max,
        ticks: Some(ticks::time(max, 5, language)),
        legend,
        rows: rows.iter().take(MOST_ROWS).map(bar).collect(),
    }
}

/// The p99.9 where it tells more than p99: few cold starts show only there.
fn mark_of(function: &Function) -> Option<u64> {
    let Percentiles { p99, p999, .. } = function.latency;
    (p999 > p99).then_some(p999)
}

/// The part of p99 by which waiting for Init makes callers wait longer than the handler runs.
fn init_part(function: &Function) -> u64 {
    if function.cold_starts == 0 {
        return 0;
    }
    function.latency.p99.saturating_sub(function.duration.p99)
}

fn table(facts: &Facts, language: Language) -> Table {
    let columns = [
        "",
        pick(language, "응답", "answers"),
        "p50",
        "p90",
        "p99",
        "p99.9",
        pick(language, "최대", "max"),
        pick(language, "처리 시간 p99", "Duration p99"),
        pick(language, "콜드 스타트", "cold starts"),
    ];
    let caption = pick(language, "응답 시간 (초기화 포함)", "Latency (Init included)");
    let mut table = Table::new(caption, &columns);
    for (variant, function) in rows(facts) {
        let Percentiles { count: answers, p50, p90, p99, p999, max } = function.latency;
        let mut cells = vec![Cell::head(row_name(variant, function)), Cell::value(count(answers))];
        cells.extend(
            [p50, p90, p99, p999, max, function.duration.p99]
                .map(|time| Cell::value(ticks::duration(time, language))),
        );
        cells.push(Cell::value(phrase::share(function.cold_starts, function.invocations)));
        table.rows.push(cells);
    }
    table
}
