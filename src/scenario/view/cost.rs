//! The view `cost`: what a run is billed, by part.

use crate::aws::lambda::metrics::Billed;
use crate::diagram::bars::{self, Bar, Bars};
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{Entry, Swatch};
use crate::diagram::{FORMATS, Words};
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Function, Variant};
use crate::scenario::view::finding::{self, Topic};
use crate::scenario::view::phrase::{money, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, left_out, row_name};

/// The most bars of the figure; the table has them all.
const MOST_ROWS: usize = 16;

/// A part of the bill: its names, its fill, and its amount in dollars.
struct Part {
    korean: &'static str,
    english: &'static str,
    fill: Fill,
    amount: fn(&Billed) -> f64,
}

/// The parts in the order in which they are stacked.
const PARTS: [Part; 7] = [
    Part {
        korean: "실행 시간",
        english: "duration",
        fill: Fill::Solid(Ink::Series(0)),
        amount: |billed| (billed.duration - billed.init).max(0.0),
    },
    Part {
        korean: "초기화",
        english: "Init",
        fill: Fill::Hatched(Ink::Wait),
        amount: |billed| billed.init,
    },
    Part {
        korean: "요청",
        english: "requests",
        fill: Fill::Solid(Ink::Series(2)),
        amount: |billed| billed.requests,
    },
    Part {
        korean: "프로비저닝된 실행",
        english: "provisioned duration",
        fill: Fill::Solid(Ink::Series(1)),
        amount: |billed| billed.provisioned_duration,
    },
    Part {
        korean: "프로비저닝 유지",
        english: "holding provisioned concurrency",
        fill: Fill::Dotted(Ink::Series(1)),
        amount: |billed| billed.provisioned_concurrency,
    },
    Part {
        korean: "스냅샷 보관·복원",
        english: "keeping and restoring the snapshot",
        fill: Fill::Dotted(Ink::Series(2)),
        amount: |billed| billed.snap_start_cache + billed.snap_start_restore,
    },
    Part {
        korean: "임시 저장소",
        english: "ephemeral storage",
        fill: Fill::Solid(Ink::Series(3)),
        amount: |billed| billed.ephemeral_storage,
    },
];

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let finding = match finding::contrast(facts, &[Topic::Cost], language) {
        Some(contrast) => contrast.sentence(),
        None => {
            let first = facts.ran().next();
            first.map_or_else(String::new, |variant| finding::bill(variant, language))
        }
    };
    let words = Words {
        title: finding.clone(),
        description: pick(
            language,
            "막대의 길이는 실행 전체의 비용(미국 달러, 프리 티어 제외)이고, 조각은 항목별 몫이다.",
            "The length of a bar is what the run costs in US dollars, without the free tier; its \
             pieces are the parts of the bill.",
        )
        .to_owned(),
    };
    let rows: Vec<(&Variant, &Function)> = rows(facts).collect();
    let bars = bars(&rows, language);
    let drawings = FORMATS.iter().map(|&format| bars::draw(&bars, prefix, format, &words));
    let mut notes = left_out(rows.len(), MOST_ROWS, language);
    notes.push(
        pick(language, "비용에 프리 티어는 빠져 있음", "costs are without the free tier")
            .to_owned(),
    );
    Shown {
        finding,
        drawings: drawings.collect(),
        body: String::new(),
        notes,
        table: Some(table(&rows, language)),
    }
}

fn rows(facts: &Facts) -> impl Iterator<Item = (&Variant, &Function)> {
    facts.function_names().into_iter().flat_map(|name| {
        facts.ran().filter_map(move |variant| Some((variant, variant.function(name)?)))
    })
}

/// The parts that occur anywhere.
fn occurring(rows: &[(&Variant, &Function)]) -> Vec<&'static Part> {
    let occurs =
        |part: &&Part| rows.iter().any(|(_, function)| (part.amount)(&function.billed) > 0.0);
    PARTS.iter().filter(occurs).collect()
}

fn bars(rows: &[(&Variant, &Function)], language: Language) -> Bars {
    let parts = occurring(rows);
    let bar = |&(variant, function): &(&Variant, &Function)| {
        let mut end = 0.0;
        let pieces = parts.iter().map(|part| {
            end += (part.amount)(&function.billed);
            (end, part.fill)
        });
        Bar {
            label: row_name(variant, function),
            value: money(function.billed.total),
            parts: pieces.collect(),
            ..Bar::default()
        }
    };
    let most = rows.iter().map(|(_, function)| function.billed.total).fold(0.0, f64::max);
    let entry = |part: &&Part| {
        Entry::new(Swatch::Area(part.fill), pick(language, part.korean, part.english))
    };
    Bars {
        max: most,
        ticks: None,
        legend: parts.iter().map(entry).collect(),
        rows: rows.iter().take(MOST_ROWS).map(bar).collect(),
    }
}

fn table(rows: &[(&Variant, &Function)], language: Language) -> Table {
    let parts = occurring(rows);
    let mut columns = vec![""];
    columns.extend(parts.iter().map(|part| pick(language, part.korean, part.english)));
    columns.push(pick(language, "합계", "total"));
    let mut table = Table::new(pick(language, "비용", "Cost"), &columns);
    for &(variant, function) in rows {
        let mut cells = vec![Cell::head(row_name(variant, function))];
        cells.extend(parts.iter().map(|part| Cell::value(money((part.amount)(&function.billed)))));
        cells.push(Cell::value(money(function.billed.total)));
        table.rows.push(cells);
    }
    table
}
