//! The view `why`: the story of one message or request, as a way through the places where it was
//! and step by step.

use std::fmt::Write;

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::journey::{self, Journey, Link, Mark, Stop};
use crate::diagram::legend::{Entry, Swatch};
use crate::diagram::{FORMATS, Words, ticks};
use crate::escape;
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::{count, pick, with_particle};
use crate::scenario::view::story::{self, marks};
use crate::scenario::view::trail::Step;
use crate::scenario::view::{Shown, folds, name_of};

/// The most steps that are told one by one; between the first and the last ones the others are
/// counted.
const MOST: usize = 40;
/// How many of the last steps are told in any case.
const LAST: usize = 8;
/// The most steps that are drawn, which bounds the bytes of a figure.
const MOST_DRAWN: usize = 26;
/// The most variants whose way is drawn; the others are told.
const MOST_VARIANTS: usize = 6;

/// The story in each variant.
pub fn shown(facts: &Facts, number: u32, language: Language, prefix: &str) -> Shown {
    let mut shown = Shown { finding: finding(facts, number, language), ..Shown::default() };
    for (index, variant) in facts.ran().enumerate() {
        let steps = steps(variant, number);
        if variant.name.is_some() {
            let name = escape::text(&name_of(variant)).into_owned();
            let _ = write!(shown.body, "<p class=\"scenario-subject\">{name}</p>");
        }
        let Some(first) = steps.first() else { continue };
        if index < MOST_VARIANTS {
            let words = Words {
                title: sentence(&steps, number, language),
                description: description(language).to_owned(),
            };
            let journey = journey(&steps, language);
            // The number tells several stories of one card apart.
            let prefix = format!("{prefix}-{number}-{index}");
            shown.body.push_str("<div class=\"scenario-drawing\">");
            for format in FORMATS {
                shown.body.push_str(&journey::draw(&journey, &prefix, format, &words));
            }
            shown.body.push_str("</div>");
        }
        let mut text = String::new();
        write_story(&mut text, first.time, &steps, language);
        folds::write_fold(&mut shown.body, pick(language, "한 단계씩", "Step by step"), &text);
    }
    shown
}

fn steps(variant: &Variant, number: u32) -> Vec<&Step> {
    variant.steps.iter().filter(|step| step.story == number).collect()
}

/// How it ended, in one sentence.
fn finding(facts: &Facts, number: u32, language: Language) -> String {
    let first = facts.ran().next();
    first.map_or_else(String::new, |variant| sentence(&steps(variant, number), number, language))
}

fn sentence(steps: &[&Step], number: u32, language: Language) -> String {
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return match language {
            Language::Korean => {
                format!("{} 오지 않았다.", with_particle(&format!("#{number}"), "은"))
            }
            Language::English => format!("#{number} never came."),
        };
    };
    let took = ticks::duration(last.time.saturating_sub(first.time), language);
    let ending = story::words(last, language);
    let place = story::place(last, language);
    match language {
        Language::Korean => format!("#{number}의 끝: {took} 뒤 {place}에서 {ending}."),
        Language::English => format!("#{number} ended at {place} after {took}: {ending}."),
    }
}

fn description(language: Language) -> &'static str {
    pick(
        language,
        "위에서 아래로 읽는다. 세로줄 하나가 자리 하나이고, 굵은 줄은 처리 중, 점선은 기다리거나 \
         숨겨진 동안이다. 왼쪽은 처음부터 지난 시간이다.",
        "Read from top to bottom. Each vertical line is a place; a thick line is work, dots are a \
         wait or a time of being hidden. To the left is the time since the beginning.",
    )
}

/// The way through the places.
fn journey(steps: &[&Step], language: Language) -> Journey {
    let begin = steps.first().map_or(0, |step| step.time);
    let mut places: Vec<String> = Vec::new();
    let (head, tail) = match steps.len() {
        all if all > MOST_DRAWN => (MOST_DRAWN - LAST, all - LAST),
        all => (all, all),
    };
    let drawn = (0..head).chain(tail..steps.len());
    let mut before: Option<usize> = None;
    let mut stops: Vec<Stop> = Vec::new();
    let mut marks: Vec<Mark> = Vec::new();
    for index in drawn {
        let Some(step) = steps.get(index) else { continue };
        let place = story::place(step, language);
        let lane = places.iter().position(|known| *known == place).unwrap_or(places.len());
        if lane == places.len() {
            places.push(place.clone());
        }
        if index == tail && tail > head {
            stops.push(omitted(tail - head, lane, language));
        }
        let next = if index + 1 == head { steps.get(tail) } else { steps.get(index + 1) };
        let takes = next.map_or(0, |next| next.time.saturating_sub(step.time));
        let mark = marks::mark(&step.what);
        marks.push(mark);
        stops.push(Stop {
            lane,
            time: format!("+{}", ticks::duration(step.time.saturating_sub(begin), language)),
            place: if before == Some(lane) { String::new() } else { place },
            words: story::words(step, language),
            mark,
            link: if takes == 0 { Link::Plain } else { marks::link(&step.what) },
            takes: match takes {
                0 => String::new(),
                takes => ticks::duration(takes, language),
            },
        });
        before = Some(lane);
    }
    Journey { legend: legend(&marks, language), stops }
}

/// What stands for the steps that aren't drawn.
fn omitted(steps: usize, lane: usize, language: Language) -> Stop {
    let steps = count(steps as u64);
    let words = match language {
        Language::Korean => format!("… {steps}단계 생략"),
        Language::English => format!("… {steps} more steps"),
    };
    Stop { lane, words, ..Stop::default() }
}

/// The marks that occur, by what they mean.
fn legend(marks: &[Mark], language: Language) -> Vec<Entry> {
    let all = [
        (Mark::Work, Swatch::Area(Fill::Solid(Ink::Run)), "처리", "work"),
        (Mark::Wait, Swatch::Area(Fill::Hatched(Ink::Wait)), "대기·숨김", "waiting or hidden"),
        (Mark::Done, Swatch::Disc(Ink::Done), "성공", "done"),
        (Mark::Refused, Swatch::Cross(Ink::Refused), "오류·거부", "failed or refused"),
        (Mark::Lost, Swatch::Diamond(Ink::Lost), "버려짐·DLQ", "given up or dead-lettered"),
    ];
    let seen = all.into_iter().filter(|(mark, ..)| marks.contains(mark));
    seen.map(|(_, swatch, korean, english)| Entry::new(swatch, pick(language, korean, english)))
        .collect()
}

fn write_story(out: &mut String, begin: u64, steps: &[&Step], language: Language) {
    out.push_str("<ol class=\"scenario-story\">");
    let left_out = steps.len().saturating_sub(MOST);
    let told = if left_out > 0 { MOST - LAST } else { steps.len() };
    for step in &steps[..told] {
        write_step(out, begin, step, language);
    }
    if left_out > 0 {
        let left_out = count(left_out as u64);
        let text = match language {
            Language::Korean => format!("… 같은 일이 {left_out}단계 더 이어짐"),
            Language::English => format!("… {left_out} more steps"),
        };
        let _ = write!(out, "<li class=\"omitted\">{text}</li>");
        for step in &steps[steps.len() - LAST..] {
            write_step(out, begin, step, language);
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
        escape::text(&story::words(step, language)),
    );
}
