//! The view `why`: the story of one message or request, with times.

use std::fmt::Write;

use crate::diagram::ticks;
use crate::escape;
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Step, Variant};
use crate::scenario::view::phrase::count;
use crate::scenario::view::{Shown, name_of, story};

/// The most steps that are told one by one; between the first and the last ones the others are
/// counted.
const MOST: usize = 40;
/// How many of the last steps are told in any case.
const LAST: usize = 8;

/// The story in each variant.
pub fn shown(facts: &Facts, number: u32, language: Language) -> Shown {
    let mut shown = Shown { finding: finding(facts, number, language), ..Shown::default() };
    for variant in facts.ran() {
        let steps = steps(variant, number);
        if variant.name.is_some() {
            let name = escape::text(&name_of(variant)).into_owned();
            let _ = write!(shown.body, "<p class=\"scenario-subject\">{name}</p>");
        }
        write_story(&mut shown.body, &steps, language);
    }
    shown
}

fn steps(variant: &Variant, number: u32) -> Vec<&Step> {
    variant.steps.iter().filter(|step| step.story == number).collect()
}

/// How it ended, in one sentence.
fn finding(facts: &Facts, number: u32, language: Language) -> String {
    let mut stories = facts.ran().map(|variant| steps(variant, number));
    let Some(steps) = stories.next() else { return String::new() };
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return match language {
            Language::Korean => format!("#{number}은 오지 않았다."),
            Language::English => format!("#{number} never came."),
        };
    };
    let took = ticks::duration(last.time.saturating_sub(first.time), language);
    let ending = story::words(last.what, language);
    let place = story::place(last, language);
    match language {
        Language::Korean => format!("#{number}의 끝: {took} 뒤 {place}에서 {ending}."),
        Language::English => format!("#{number} ended at {place} after {took}: {ending}."),
    }
}

fn write_story(out: &mut String, steps: &[&Step], language: Language) {
    let Some(first) = steps.first() else { return };
    out.push_str("<ol class=\"scenario-story\">");
    let left_out = steps.len().saturating_sub(MOST);
    let told = if left_out > 0 { MOST - LAST } else { steps.len() };
    for step in &steps[..told] {
        write_step(out, first.time, step, language);
    }
    if left_out > 0 {
        let left_out = count(left_out as u64);
        let text = match language {
            Language::Korean => format!("… 같은 일이 {left_out}단계 더 이어짐"),
            Language::English => format!("… {left_out} more steps"),
        };
        let _ = write!(out, "<li class=\"omitted\">{text}</li>");
        for step in &steps[steps.len() - LAST..] {
            write_step(out, first.time, step, language);
        }
    }
    out.push_str("</ol>");
}

fn write_step(out: &mut String, begin: u64, step: &Step, language: Language) {
    let after = ticks::duration(step.time.saturating_sub(begin), language);
    let _ = write!(
        out,
        "<li><span class=\"time\">+{}</span> <span class=\"place\">{}</span> {}</li>",
        escape::text(&after),
        escape::text(&story::place(step, language)),
        escape::text(&story::words(step.what, language)),
    );
}
