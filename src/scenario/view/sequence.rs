//! The view `sequence`: who talks to whom, with times. For requests to a distribution: viewer, edge
//! location, regional edge cache and origins as lifelines, functions as marks.

use crate::aws::cloudfront::distribution::Trigger;
use crate::aws::cloudfront::metrics::{self as cloudfront, CacheResult, RunEnd, Tier, What};
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
        "위에서 아래로 읽는다. 세로줄이 요청에 관여하는 곳이고, 화살표가 오가는 요청과 응답, \
         네모가 함수의 실행과 캐시 조회, 가위표가 실패다.",
        "Read from top to bottom. Vertical lines are those that take part, arrows are requests \
         and responses, squares are functions that run and caches that are asked, crosses are \
         failures.",
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
    let asked = format!("{} {}", record.method, record.path);
    let edge = lines.edge;
    let mut story =
        Story { steps: Vec::new(), place: edge, lines, language, start: record.arrived };
    story.message(record.arrived, 0, edge, asked.clone(), Look::Plain);
    for step in &record.steps {
        story.tell(step);
    }
    // The viewer gets an answer, be it an error.
    let (label, look) = match record.fault {
        Some(fault) => (format!("{} {}", record.status, fault.name()), Look::Waiting),
        None => (record.status.to_string(), Look::Answer),
    };
    story.message(record.answered, edge, 0, label, look);
    let arrived = ticks::duration(record.arrived, language);
    let title = format!("{asked} ({arrived})");
    let title = match &variant.name {
        Some(name) => format!("{name} · {title}"),
        None => title,
    };
    Part { title, lifelines: story.lines.names, steps: story.steps }
}

/// A story as it is told.
struct Story {
    steps: Vec<Step>,
    /// Where the request is: functions at the origin's events run there.
    place: usize,
    lines: Lifelines,
    language: Language,
    start: u64,
}

impl Story {
    fn add(&mut self, at: u64, action: Action, label: String, look: Look) {
        let time = ticks::duration(at.saturating_sub(self.start), self.language);
        self.steps.push(Step { time, label, action, look });
    }

    fn message(&mut self, at: u64, from: usize, to: usize, label: String, look: Look) {
        self.add(at, Action::Message { from, to }, label, look);
    }

    fn tell(&mut self, step: &cloudfront::Step) {
        let took = step.until.saturating_sub(step.from);
        let mark = |at: usize| Action::Mark { at };
        let (edge, regional) = (self.lines.edge, self.lines.tier(Tier::Regional));
        match step.what {
            What::Trigger { trigger, end, .. } => {
                let (label, look) = trigger_words(trigger, took, end, self.language);
                let at = if trigger.is_viewer() { edge } else { self.place };
                self.add(step.from, mark(at), label, look);
            }
            What::Lookup { tier, hit, expired } => {
                let label = lookup_words(hit, expired, self.language);
                self.add(step.from, mark(self.lines.tier(tier)), label, Look::Answer);
            }
            What::Waited { tier } => {
                let took = ticks::duration(took, self.language);
                let label = match self.language {
                    Language::Korean => format!("앞선 요청 대기 {took}"),
                    Language::English => format!("waits {took} for another"),
                };
                self.add(step.from, mark(self.lines.tier(tier)), label, Look::Waiting);
            }
            What::ToRegional => {
                self.message(step.from, edge, regional, String::new(), Look::Plain);
                self.place = regional;
            }
            What::FromRegional => {
                self.message(step.from, regional, edge, String::new(), Look::Answer);
                self.place = edge;
            }
            What::Origin { origin, status, .. } => {
                let to = self.lines.origin(origin);
                self.message(step.from, self.place, to, String::new(), Look::Plain);
                let look = if status >= 500 { Look::Failed } else { Look::Answer };
                self.message(step.until, to, self.place, status.to_string(), look);
            }
            What::ErrorPage => {
                let label = pick(self.language, "오류 페이지", "error page").to_owned();
                self.add(step.from, mark(edge), label, Look::Waiting);
                self.place = edge;
            }
        }
    }
}

/// What a cache had when it was asked.
fn lookup_words(hit: bool, expired: bool, language: Language) -> String {
    let found = match (hit, expired) {
        (true, false) => pick(language, "적중", "hit"),
        (true, true) => pick(language, "만료된 사본", "stale copy"),
        (false, true) => pick(language, "만료", "expired"),
        (false, false) => pick(language, "없음", "miss"),
    };
    format!("{}: {found}", pick(language, "캐시", "cache"))
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
