//! The view `log`: what happened, step by step, to the first messages and requests; folded.

use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, folds, name_of, story};

/// The most steps of a variant that are listed.
const MOST: usize = 200;

/// The log of each variant in a fold.
pub fn shown(facts: &Facts, language: Language) -> Shown {
    let mut shown = Shown::default();
    for variant in facts.ran() {
        let mut caption = pick(language, "사건 기록", "Log").to_owned();
        if variant.name.is_some() {
            caption = format!("{caption}: {}", name_of(variant));
        }
        let mut inside = String::new();
        table(variant, &caption, language).write(&mut inside, "scenario-table");
        folds::write_fold(&mut shown.body, &caption, &inside);
        let steps = variant.steps.len();
        if steps > MOST {
            let (most, steps) = (count(MOST as u64), count(steps as u64));
            shown.notes.push(match language {
                Language::Korean => format!("{caption}: 사건 {steps}개 중 처음 {most}개"),
                Language::English => format!("{caption}: the first {most} of {steps} steps"),
            });
        }
    }
    shown
}

fn table(variant: &Variant, caption: &str, language: Language) -> Table {
    let columns = [
        pick(language, "시각", "Time"),
        pick(language, "번호", "Number"),
        pick(language, "어디", "Where"),
        pick(language, "무엇", "What"),
    ];
    let mut table = Table::new(caption, &columns);
    for step in variant.steps.iter().take(MOST) {
        table.rows.push(vec![
            Cell::head(ticks::duration(step.time, language)),
            Cell::value(format!("#{}", step.story)),
            Cell::value(story::place(step, language)).class("words"),
            Cell::value(story::words(step, language)).class("words"),
        ]);
    }
    table
}
