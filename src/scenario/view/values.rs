//! The row of large numbers on a card: what the variants differ by, or what happened at all.

use std::fmt::Write;

use crate::diagram::ticks;
use crate::escape;
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::finding::{self, TOPICS};
use crate::scenario::view::phrase::{self, count, pick};
use crate::scenario::view::statements;

/// The most numbers of a row.
const MOST: usize = 4;

/// Appends the row; nothing when nothing ran.
pub fn write(out: &mut String, facts: &Facts, language: Language) {
    let contrast = statements::contrast(facts, language);
    let contrast = contrast.or_else(|| finding::contrast(facts, &TOPICS, language));
    if let Some(contrast) = contrast {
        let subject = escape::text(&contrast.subject);
        let _ = write!(out, "<p class=\"scenario-subject\">{subject}</p>");
        list(out, &contrast.values);
    } else if let Some(variant) = facts.ran().next() {
        if variant.functions.is_empty() {
            // The first variant doesn't stand for the others where they differ.
            let first = headlines(variant, language);
            if facts.ran().all(|variant| headlines(variant, language) == first) {
                list(out, &first);
            }
        } else {
            list(out, &totals(variant, language));
        }
    }
}

fn list(out: &mut String, values: &[(String, String)]) {
    if values.is_empty() {
        return;
    }
    out.push_str("<dl class=\"scenario-values\">");
    for (name, value) in values.iter().take(MOST) {
        let _ = write!(
            out,
            "<div><dt>{}</dt><dd>{}</dd></div>",
            escape::text(name),
            escape::text(value)
        );
    }
    out.push_str("</dl>");
}

/// The large numbers of a variant without functions.
fn headlines(variant: &Variant, language: Language) -> Vec<(String, String)> {
    let several = variant.resources.len() > 1;
    let mut values = Vec::new();
    for resource in &variant.resources {
        for entry in resource.entries.iter().filter(|entry| entry.headline) {
            let name = entry.name(language);
            let name =
                if several { format!("{name} ({})", resource.name) } else { name.to_owned() };
            values.push((name, entry.value.show(language)));
        }
    }
    values
}

/// What happened in a variant: requests, then what went wrong, then concurrency and waiting.
fn totals(variant: &Variant, language: Language) -> Vec<(String, String)> {
    let requests = variant.sum(|function| function.requests);
    let throttles = variant.sum(|function| function.throttles);
    let errors = variant.sum(|function| function.errors);
    let cold = variant.sum(|function| function.cold_starts);
    let mut values = vec![(pick(language, "요청", "requests").to_owned(), count(requests))];
    let mut add = |name: &str, value: String| values.push((name.to_owned(), value));
    if throttles > 0 {
        let share = phrase::share(throttles, requests);
        let name = pick(language, "제한", "throttled");
        add(&format!("{name} ({share})"), count(throttles));
    }
    if errors > 0 {
        add(pick(language, "오류", "errors"), count(errors));
    }
    add(pick(language, "콜드 스타트", "cold starts"), count(cold));
    add(pick(language, "최대 동시 실행", "peak concurrency"), count(variant.busy.max));
    let served = variant.functions.iter().filter(|function| function.latency.count > 0);
    if let Some(slowest) = served.max_by_key(|function| function.latency.p99) {
        let name = pick(language, "응답 시간 p99", "p99 latency");
        let name = if variant.functions.len() > 1 {
            format!("{name} ({})", slowest.name)
        } else {
            name.to_owned()
        };
        add(&name, ticks::duration(slowest.latency.p99, language));
    }
    values
}
