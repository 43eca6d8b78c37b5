//! The view `sequence`: who talks to whom, with times. For requests to a distribution: viewer, edge
//! location, regional edge cache and origins as lifelines, functions as marks.

use crate::aws::cloudfront::distribution::Trigger;
use crate::aws::cloudfront::metrics::{CacheResult, RunEnd, Tier, What};
use crate::diagram::sequence::{Action, Look, Part, Sequence, Step};
use crate::diagram::{FORMATS, Words, sequence, ticks};
use crate::quantity::Language;
use crate::scenario::view::edge::{Exchange, cache_word};
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::pick;
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most stories of all variants together.
const MOST_PARTS: usize = 6;
/// The most steps of all stories together, which keeps the figure small.
const MOST_STEPS: usize = 110;
/// The most requests of a variant in the table.
const MOST_ROWS: usize = 20;

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let ran: Vec<&Variant> = facts.ran().collect();
    let room = (MOST_PARTS / ran.len().max(1)).max(1);
    let mut sequence = Sequence::default();
    let (mut steps, mut left_out) = (0, 0);
    for variant in &ran {
        let unlike = unlike(&variant.exchanges);
        for (at, exchange) in unlike.iter().enumerate() {
            let part = part(variant, exchange, language);
            let fits = sequence.parts.is_empty() || steps + part.steps.len() <= MOST_STEPS;
            if at >= room || sequence.parts.len() >= MOST_PARTS || !fits {
                left_out += unlike.len() - at;
                break;
            }
            steps += part.steps.len();
            sequence.parts.push(part);
        }
    }
    let mut notes = Vec::new();
    if left_out > 0 {
        notes.push(match language {
            Language::Korean => format!("다른 경로를 거친 요청 {left_out}개는 순서도에서 생략"),
            Language::English => format!("{left_out} requests that went other ways aren't drawn"),
        });
    }
    let finding = finding(&ran, language);
    let description = pick(
        language,
        "위에서 아래로 읽는다. 세로줄이 요청에 관여하는 곳이고, 화살표가 오가는 요청과 응답, 네모가 \
         함수의 실행과 캐시 조회, 가위표가 실패다.",
        "Read from top to bottom. Vertical lines are those that take part, arrows are requests and \
         responses, squares are functions that run and caches that are asked, crosses are failures.",
    );
    let words = Words { title: finding.clone(), description: description.to_owned() };
    let draw = |&format| sequence::draw(&sequence, prefix, format, &words);
    Shown {
        finding,
        drawings: FORMATS.iter().map(draw).collect(),
        body: String::new(),
        notes,
        table: Some(table(&ran, language)),
    }
}

/// The exchanges that differ from those before them in more than their times.
fn unlike(exchanges: &[Exchange]) -> Vec<&Exchange> {
    let mut unlike: Vec<&Exchange> = Vec::new();
    for exchange in exchanges {
        if !unlike.iter().any(|known| known.is_like(exchange)) {
            unlike.push(exchange);
        }
    }
    unlike
}

/// How the first requests went, in one sentence.
fn finding(ran: &[&Variant], language: Language) -> String {
    let one = |variant: &&Variant| {
        let parts: Vec<String> = unlike(&variant.exchanges)
            .iter()
            .take(2)
            .map(|exchange| {
                let record = &exchange.record;
                let took = record.answered.saturating_sub(record.arrived);
                let took = ticks::duration(took, language);
                let cache = cache_word(record.cache, language);
                let (status, runs) = (record.status, record.triggers.len());
                match (language, record.cache == CacheResult::None) {
                    (Language::Korean, true) => format!("{status}, 함수 {runs}번, {took}"),
                    (Language::Korean, false) => {
                        format!("{status} ({cache}), 함수 {runs}번, {took}")
                    }
                    (Language::English, true) => format!("{status}, {runs} function runs, {took}"),
                    (Language::English, false) => {
                        format!("{status} ({cache}), {runs} function runs, {took}")
                    }
                }
            })
            .collect();
        match &variant.name {
            Some(name) => format!("{name}: {}", parts.join(" → ")),
            None => parts.join(" → "),
        }
    };
    let sentences: Vec<String> =
        ran.iter().filter(|variant| !variant.exchanges.is_empty()).map(one).collect();
    sentences.join(" · ")
}

/// The lifelines of an exchange, by what stands for them.
struct Lifelines {
    names: Vec<String>,
    edge: usize,
    regional: Option<usize>,
    origins: Vec<(u32, usize)>,
}

impl Lifelines {
    fn of(exchange: &Exchange, language: Language) -> Self {
        let viewer = pick(language, "뷰어", "viewer").to_owned();
        let location = match language {
            Language::Korean => format!("엣지 {}", exchange.location),
            Language::English => format!("edge {}", exchange.location),
        };
        let mut lines =
            Self { names: vec![viewer, location], edge: 1, regional: None, origins: Vec::new() };
        let steps = &exchange.record.steps;
        if steps.iter().any(|step| matches!(step.what, What::ToRegional)) {
            lines.regional = Some(lines.names.len());
            lines.names.push(pick(language, "리전 캐시", "region cache").to_owned());
        }
        for step in steps {
            if let What::Origin { origin, .. } = step.what
                && !lines.origins.iter().any(|(known, _)| *known == origin)
            {
                lines.origins.push((origin, lines.names.len()));
                let name = exchange.origins.get(origin as usize).cloned();
                lines.names.push(name.unwrap_or_default());
            }
        }
        lines
    }

    fn origin(&self, origin: u32) -> usize {
        let found = self.origins.iter().find(|(known, _)| *known == origin);
        found.map_or(self.edge, |(_, at)| *at)
    }

    fn tier(&self, tier: Tier) -> usize {
        match tier {
            Tier::Edge => self.edge,
            Tier::Regional => self.regional.unwrap_or(self.edge),
        }
    }
}

fn part(variant: &Variant, exchange: &Exchange, language: Language) -> Part {
    let record = &exchange.record;
    let lines = Lifelines::of(exchange, language);
    let time = |at: u64| ticks::duration(at.saturating_sub(record.arrived), language);
    let message = |at: u64, from: usize, to: usize, label: String, look: Look| Step {
        time: time(at),
        label,
        action: Action::Message { from, to },
        look,
    };
    let asked = format!("{} {}", record.method, record.path);
    let mut steps = vec![message(record.arrived, 0, lines.edge, asked.clone(), Look::Plain)];
    // Where the request is: functions at the origin's events run there.
    let mut place = lines.edge;
    for step in &record.steps {
        let mark = |at: usize, label: String, look: Look| Step {
            time: time(step.from),
            label,
            action: Action::Mark { at },
            look,
        };
        match step.what {
            What::Trigger { trigger, end, .. } => {
                let took = step.until.saturating_sub(step.from);
                let (label, look) = trigger_words(trigger, took, end, language);
                let at = if trigger.is_viewer() { lines.edge } else { place };
                steps.push(mark(at, label, look));
            }
            What::Lookup { tier, hit, expired } => {
                let label = pick(language, "캐시", "cache");
                let found = match (hit, expired) {
                    (true, false) => pick(language, "적중", "hit"),
                    (true, true) => pick(language, "만료된 사본", "stale copy"),
                    (false, true) => pick(language, "만료", "expired"),
                    (false, false) => pick(language, "없음", "miss"),
                };
                steps.push(mark(lines.tier(tier), format!("{label}: {found}"), Look::Answer));
            }
            What::Waited { tier } => {
                let took = step.until.saturating_sub(step.from);
                let took = ticks::duration(took, language);
                let label = match language {
                    Language::Korean => format!("앞선 요청 대기 {took}"),
                    Language::English => format!("waits {took} for another"),
                };
                steps.push(mark(lines.tier(tier), label, Look::Waiting));
            }
            What::ToRegional => {
                let to = lines.tier(Tier::Regional);
                steps.push(message(step.from, lines.edge, to, String::new(), Look::Plain));
                place = to;
            }
            What::FromRegional => {
                let from = lines.tier(Tier::Regional);
                steps.push(message(step.from, from, lines.edge, String::new(), Look::Answer));
                place = lines.edge;
            }
            What::Origin { origin, status, .. } => {
                let to = lines.origin(origin);
                steps.push(message(step.from, place, to, String::new(), Look::Plain));
                let look = if status >= 500 { Look::Failed } else { Look::Answer };
                steps.push(message(step.until, to, place, status.to_string(), look));
            }
            What::ErrorPage => {
                let label = pick(language, "오류 페이지", "error page");
                steps.push(mark(lines.edge, label.to_owned(), Look::Waiting));
                place = lines.edge;
            }
        }
    }
    let look = if record.fault.is_some() { Look::Failed } else { Look::Answer };
    let label = match record.fault {
        Some(fault) => format!("{} {}", record.status, fault.name()),
        None => record.status.to_string(),
    };
    // The viewer gets the answer, be it an error.
    let look = if look == Look::Failed { Look::Waiting } else { look };
    steps.push(message(record.answered, lines.edge, 0, label, look));
    let arrived = ticks::duration(record.arrived, language);
    let title = format!("{asked} ({arrived})");
    let title = match &variant.name {
        Some(name) => format!("{name} · {title}"),
        None => title,
    };
    Part { title, lifelines: lines.names, steps }
}

/// A function's run in a few words.
fn trigger_words(trigger: Trigger, took: u64, end: RunEnd, language: Language) -> (String, Look) {
    let name = trigger.name();
    let took = ticks::duration(took, language);
    match end {
        RunEnd::Continued => (format!("{name} {took}"), Look::Plain),
        RunEnd::Responded(status) => {
            let word = pick(language, "응답", "answers");
            (format!("{name} {took}: {word} {status}"), Look::Plain)
        }
        RunEnd::Failed(fault) => (format!("{name}: {}", fault.name()), Look::Failed),
    }
}

fn table(ran: &[&Variant], language: Language) -> Table {
    let columns = [
        pick(language, "요청", "Request"),
        pick(language, "상태", "Status"),
        pick(language, "캐시", "Cache"),
        pick(language, "실행된 함수", "Functions"),
        pick(language, "걸린 시간", "Took"),
    ];
    let mut table = Table::new(pick(language, "요청별 경로", "Requests one by one"), &columns);
    for variant in ran {
        for exchange in variant.exchanges.iter().take(MOST_ROWS) {
            let record = &exchange.record;
            let triggers: Vec<&str> = record.triggers.iter().map(|t| t.name()).collect();
            let name = format!("{} {}", record.method, record.path);
            let name = match &variant.name {
                Some(_) => format!("{} · {name}", name_of(variant)),
                None => name,
            };
            let took = record.answered.saturating_sub(record.arrived);
            let triggers = if triggers.is_empty() { "–".to_owned() } else { triggers.join(", ") };
            table.rows.push(vec![
                Cell::head(name),
                Cell::value(record.status.to_string()),
                Cell::value(cache_word(record.cache, language)).class("words"),
                Cell::value(triggers).class("words"),
                Cell::value(ticks::duration(took, language)),
            ]);
        }
    }
    table
}
