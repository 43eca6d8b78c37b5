//! The view `rds_events`: which events RDS emitted, and which subscription was notified and when;
//! and their part of `sequence`, from RDS to the topics.

use crate::aws::catalogue::events::numbered;
use crate::aws::rds_events::metrics::EmittedEvent;
use crate::diagram::sequence::{self, Action, Look, Part, Sequence, Step};
use crate::diagram::{FORMATS, Words, ticks};
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most rows of a table on the page.
const MOST_ROWS: usize = 40;
/// The most variants that are drawn.
const MOST_PARTS: usize = 3;
/// The most steps of all that are drawn, which keeps the figure readable.
const MOST_STEPS: usize = 36;

/// Writes the view.
pub fn shown(facts: &Facts, language: Language) -> Shown {
    let mut shown = Shown { finding: finding(facts, language), ..Shown::default() };
    for (at, variant) in facts.ran().enumerate() {
        let events = &variant.rds_events;
        if events.is_empty() || alike(facts, at) {
            continue;
        }
        table(variant, language).write(&mut shown.body, "scenario-table scenario-rds-events");
        if events.len() > MOST_ROWS {
            let (all, most) = (count(events.len() as u64), count(MOST_ROWS as u64));
            shown.notes.push(match language {
                Language::Korean => format!("RDS 이벤트 {all}개 중 처음 {most}개만 보임"),
                Language::English => format!("the first {most} of {all} RDS events are shown"),
            });
        }
    }
    note(facts, &mut shown, language);
    shown
}

/// The assumption behind the times.
fn note(facts: &Facts, shown: &mut Shown, language: Language) {
    if !facts.ran().any(|variant| variant.rds_events.iter().any(|e| !e.notified.is_empty())) {
        return;
    }
    let note = pick(
        language,
        "이벤트가 주제에 닿기까지 걸리는 시간은 rds_events.delivery_delay_min과 \
         rds_events.delivery_delay_max 사이에서 고르게 뽑았다. AWS가 말하는 것은 최댓값뿐이고, \
         순서는 지켜지지 않는다.",
        "How long an event takes to the topic is drawn evenly between \
         rds_events.delivery_delay_min and rds_events.delivery_delay_max. AWS names the most only, \
         and the order isn't kept.",
    );
    shown.notes.push(note.to_owned());
}

/// Whether a variant before this one has the same events, told to the same subscriptions.
fn alike(facts: &Facts, at: usize) -> bool {
    let mut before = facts.ran().take(at);
    let Some(variant) = facts.ran().nth(at) else { return false };
    before.any(|other| other.rds_events == variant.rds_events)
}

/// How many of the events each subscription was notified of, in one sentence.
fn finding(facts: &Facts, language: Language) -> String {
    let one = |variant: &Variant| {
        let told = |event: &&EmittedEvent| !event.notified.is_empty();
        let all = variant.rds_events.len() as u64;
        let told = variant.rds_events.iter().filter(told).count() as u64;
        let (all, told) = (count(all), count(told));
        let sentence = match language {
            Language::Korean => format!("RDS 이벤트 {all}개 중 {told}개가 알림으로 감"),
            Language::English => format!("{told} of {all} RDS events are notified"),
        };
        match &variant.name {
            Some(name) => format!("‘{name}’ {sentence}"),
            None => sentence,
        }
    };
    let sentences: Vec<String> = facts.ran().map(one).collect();
    sentences.join(" · ")
}

/// The events of a variant and who was notified of each. Three columns, so that the last one is in
/// sight on a phone.
fn table(variant: &Variant, language: Language) -> Table {
    let columns = [
        pick(language, "시각", "Time"),
        pick(language, "이벤트", "Event"),
        pick(language, "알림", "Notified"),
    ];
    let mut caption =
        pick(language, "RDS 이벤트와 알림", "RDS events and notifications").to_owned();
    if variant.name.is_some() {
        caption = format!("{caption}: {}", name_of(variant));
    }
    let mut table = Table::new(caption, &columns);
    for event in variant.rds_events.iter().take(MOST_ROWS) {
        let place = [&event.source_type, &event.category, &event.source].map(String::as_str);
        let told = event.notified.iter().map(|(name, time)| {
            // What belongs together stays on one line.
            let after = after(event.time, *time, language).replace(' ', "\u{a0}");
            format!("{name}\u{a0}{after}")
        });
        let told: Vec<String> = told.collect();
        table.rows.push(vec![
            Cell::head(ticks::duration(event.time, language)),
            Cell::value(format!("{} {}", event.id, says(event, language)))
                .detail(place.join(" · "))
                .class("words"),
            match told.is_empty() {
                true => Cell::value("–"),
                false => Cell::value(told.join(", ")).class("told"),
            },
        ]);
    }
    table
}

fn says(event: &EmittedEvent, language: Language) -> &'static str {
    numbered(event.number).map_or("", |row| pick(language, &row.korean, &row.english))
}

fn after(from: u64, to: u64, language: Language) -> String {
    format!("+{}", ticks::duration(to.saturating_sub(from), language))
}

/// The subscriptions that were notified of any, in the author's order.
fn subscriptions(variant: &Variant) -> Vec<&str> {
    let notified = |name: &str| {
        let mut all = variant.rds_events.iter().flat_map(|event| &event.notified);
        all.any(|(known, _)| known == name)
    };
    let names = variant.event_topics.iter().map(|(name, _)| name.as_str());
    names.filter(|name| notified(name)).collect()
}

/// The figure: RDS on the left, a lifeline for each subscription's topic, and what arrives there
/// when. Nothing when no variant has an event.
pub fn sequence(facts: &Facts, language: Language, prefix: &str) -> Option<Shown> {
    let mut parts = Vec::new();
    let (mut steps, mut left_out) = (0, 0);
    for (at, variant) in facts.ran().enumerate() {
        if variant.rds_events.is_empty() || alike(facts, at) {
            continue;
        }
        let mut part = part(variant, language);
        let room = if parts.len() < MOST_PARTS { MOST_STEPS.saturating_sub(steps) } else { 0 };
        left_out += part.steps.len().saturating_sub(room);
        part.steps.truncate(room);
        steps += part.steps.len();
        if !part.steps.is_empty() {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        return None;
    }
    let finding = finding(facts, language);
    let description = pick(
        language,
        "위에서 아래로 읽는다. 왼쪽 세로줄이 RDS이고 네모가 이벤트가 난 때다. 화살표는 구독이 \
         이벤트를 주제에 넘긴 때이고, 점선은 나중에 난 이벤트에 앞질러진 알림이다.",
        "Read from top to bottom. The line on the left is RDS, a square is an event. Arrows are \
         notifications that reach a subscription's topic; dashed ones were overtaken by that of a \
         later event.",
    );
    let words = Words { title: finding.clone(), description: description.to_owned() };
    let story = Sequence { parts };
    let draw = |&format| sequence::draw(&story, prefix, format, &words);
    let mut shown =
        Shown { finding, drawings: FORMATS.iter().map(draw).collect(), ..Shown::default() };
    if left_out > 0 {
        shown.notes.push(match language {
            Language::Korean => format!("순서도에서 마지막 {left_out}단계는 생략"),
            Language::English => format!("the last {left_out} steps aren't drawn"),
        });
    }
    let first = facts.ran().find(|variant| !variant.rds_events.is_empty());
    shown.table = first.map(|variant| table(variant, language));
    note(facts, &mut shown, language);
    Some(shown)
}

fn part(variant: &Variant, language: Language) -> Part {
    let subscriptions = subscriptions(variant);
    let topic = |name: &str| {
        let found = variant.event_topics.iter().find(|(subscription, _)| subscription == name);
        found.map_or("", |(_, topic)| topic.as_str())
    };
    let mut lifelines = vec!["RDS".to_owned()];
    lifelines.extend(subscriptions.iter().map(|name| format!("{} ({name})", topic(name))));
    // When, before what else happens at that time, and what.
    let mut told: Vec<((u64, usize, usize), Step)> = Vec::new();
    for (number, event) in variant.rds_events.iter().enumerate() {
        let short = event.id.trim_start_matches("RDS-EVENT-");
        let label = format!("{short} {}", event.category);
        let look = if event.notified.is_empty() { Look::Answer } else { Look::Plain };
        let time = ticks::duration(event.time, language);
        let action = Action::Mark { at: 0 };
        told.push(((event.time, 0, number), Step { time, label, action, look }));
        for (name, arrival) in &event.notified {
            let Some(to) = subscriptions.iter().position(|known| known == name) else { continue };
            let passed = variant.rds_events[number + 1..].iter().any(|later| {
                later.notified.iter().any(|(other, time)| other == name && time < arrival)
            });
            let step = Step {
                time: ticks::duration(*arrival, language),
                label: format!("{short} {}", after(event.time, *arrival, language)),
                action: Action::Message { from: 0, to: to + 1 },
                look: if passed { Look::Waiting } else { Look::Plain },
            };
            told.push(((*arrival, 1, number), step));
        }
    }
    told.sort_by_key(|(key, _)| *key);
    let steps = told.into_iter().map(|(_, step)| step).collect();
    Part { title: name_of(variant), lifelines, steps }
}
