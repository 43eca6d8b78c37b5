//! What the summary says of resources that aren't functions: a file for each service says what is
//! worth saying of its resources, and this one lays it out.

mod api;
mod eventbridge;
mod rds;
mod rds_event;
mod s3;
mod sns;
mod sqs;
mod statement;
mod streams;

use crate::aws::architecture::ResourceKind;
use crate::aws::metrics::Run;
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::facts::Facts;
use crate::scenario::view::phrase::{count, money, pick, share};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{decisions, edge, name_of, tasks};

/// A resource in a variant, with what is worth saying of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ResourceKind,
    /// Its measures in order; the same ones for all resources of a kind.
    pub entries: Vec<Entry>,
}

/// A measure of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub korean: &'static str,
    /// The same in English.
    pub english: &'static str,
    /// Its value.
    pub value: Amount,
    /// Whether it is shown even where it is zero everywhere.
    pub always: bool,
    /// Whether it is one of the few large numbers of a card without functions.
    pub headline: bool,
}

/// The value of a measure.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// Nothing was measured.
    Absent,
    /// A count.
    Count(u64),
    /// Nanoseconds.
    Time(u64),
    /// A part and the whole.
    Share(u64, u64),
    /// US dollars.
    Money(f64),
    /// Words, in the reader's language or AWS's own.
    Text(String),
}

impl Entry {
    /// A measure that is shown where it isn't zero.
    pub fn new(korean: &'static str, english: &'static str, value: Amount) -> Self {
        Self { korean, english, value, always: false, headline: false }
    }

    /// The same, shown in any case.
    pub fn always(self) -> Self {
        Self { always: true, ..self }
    }

    /// The same, as one of the large numbers.
    pub fn headline(self) -> Self {
        Self { always: true, headline: true, ..self }
    }

    /// What it is called in the reader's language.
    pub fn name(&self, language: Language) -> &'static str {
        pick(language, self.korean, self.english)
    }
}

impl Amount {
    fn is_zero(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Count(amount) | Self::Time(amount) => *amount == 0,
            Self::Share(part, _) => *part == 0,
            Self::Money(dollars) => *dollars <= 0.0,
            Self::Text(text) => text.is_empty(),
        }
    }

    /// The value as a reader sees it.
    pub fn show(&self, language: Language) -> String {
        match self {
            Self::Absent => "–".to_owned(),
            Self::Count(amount) => count(*amount),
            Self::Time(time) => ticks::duration(*time, language),
            Self::Share(part, whole) => share(*part, *whole),
            Self::Money(dollars) => money(*dollars),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The resources of a run, service by service.
pub fn of(run: &Run) -> Vec<Resource> {
    let mut resources = edge::resources(run);
    resources.extend(run.buckets.iter().map(s3::bucket));
    resources.extend(eventbridge::resources(&run.event_bus));
    resources.extend(run.event_subscriptions.iter().map(rds_event::subscription));
    resources.extend(run.queues.iter().map(sqs::queue));
    resources.extend(api::apis(run));
    resources.extend(run.streams.iter().map(streams::stream));
    resources.extend(run.topics.iter().map(sns::topic));
    resources.extend(decisions::resources(&run.decisions));
    resources.extend(tasks::resources(&run.tasks));
    resources.extend(rds::resources(run));
    resources
}

/// What a kind of resources is called in the caption of its table.
fn kind_name(kind: ResourceKind, language: Language) -> &'static str {
    match kind {
        ResourceKind::Source => pick(language, "요청한 쪽", "Callers"),
        ResourceKind::Function => pick(language, "함수", "Functions"),
        ResourceKind::Api => "API",
        ResourceKind::Distribution => pick(language, "배포", "Distributions"),
        ResourceKind::Database => pick(language, "데이터베이스", "Databases"),
        ResourceKind::Proxy => pick(language, "RDS Proxy", "RDS Proxies"),
        ResourceKind::Client => pick(language, "부른 서비스", "Called services"),
        ResourceKind::Role => pick(language, "역할", "Roles"),
        ResourceKind::User => pick(language, "사용자", "Users"),
        ResourceKind::Task => pick(language, "태스크", "Tasks"),
        ResourceKind::Bucket => pick(language, "버킷", "Buckets"),
        ResourceKind::Rule => pick(language, "규칙", "Rules"),
        ResourceKind::Bus => pick(language, "이벤트 버스", "Event bus"),
        ResourceKind::Queue => pick(language, "큐", "Queues"),
        ResourceKind::Stream => pick(language, "스트림", "Streams"),
        ResourceKind::Table => pick(language, "테이블", "Tables"),
        ResourceKind::Topic => pick(language, "주제", "Topics"),
        ResourceKind::Endpoint => pick(language, "엔드포인트", "Endpoints"),
        ResourceKind::EventSubscription => {
            pick(language, "RDS 이벤트 구독", "RDS event subscriptions")
        }
    }
}

/// A table for each kind of resources: variants as columns, else the resources.
pub fn tables(facts: &Facts, language: Language) -> Vec<Table> {
    let mut kinds: Vec<ResourceKind> = Vec::new();
    for resource in facts.ran().flat_map(|variant| &variant.resources) {
        if !kinds.contains(&resource.kind) {
            kinds.push(resource.kind);
        }
    }
    kinds.into_iter().map(|kind| table(facts, kind, language)).collect()
}

/// A column of a table: its head, and each resource that it has something to say of.
struct Column<'a> {
    head: String,
    resources: Vec<&'a Resource>,
}

fn table(facts: &Facts, kind: ResourceKind, language: Language) -> Table {
    let named = facts.variants.iter().any(|variant| variant.name.is_some());
    let mut columns: Vec<Column<'_>> = Vec::new();
    for variant in facts.ran() {
        let resources = variant.resources.iter().filter(|resource| resource.kind == kind);
        if named {
            columns.push(Column { head: name_of(variant), resources: resources.collect() });
            continue;
        }
        let column = |one| Column { head: Resource::clone(one).name, resources: vec![one] };
        columns.extend(resources.map(column));
    }
    let mut heads = vec![""];
    heads.extend(columns.iter().map(|column| column.head.as_str()));
    let mut table = Table::new(kind_name(kind, language), &heads);
    let mut names: Vec<&str> = Vec::new();
    for resource in columns.iter().flat_map(|column| &column.resources) {
        if !names.contains(&resource.name.as_str()) {
            names.push(&resource.name);
        }
    }
    if !named {
        let resources = columns.iter().map(|column| column.resources.first().copied());
        rows(&mut table, &resources.collect::<Vec<_>>(), language);
        return table;
    }
    for name in &names {
        if names.len() > 1 {
            let group = Cell { span: heads.len(), ..Cell::head(*name).class("group") };
            table.rows.push(vec![group]);
        }
        let resources = columns
            .iter()
            .map(|column| column.resources.iter().copied().find(|resource| resource.name == *name));
        rows(&mut table, &resources.collect::<Vec<_>>(), language);
    }
    table
}

/// The rows of one resource, or of one in each column.
fn rows(table: &mut Table, resources: &[Option<&Resource>], language: Language) {
    let Some(first) = resources.iter().flatten().next() else { return };
    for (at, entry) in first.entries.iter().enumerate() {
        let amounts = || {
            let entries = resources
                .iter()
                .map(|resource| resource.and_then(|resource| resource.entries.get(at)));
            entries.map(|entry| entry.map_or(&Amount::Absent, |entry| &entry.value))
        };
        if !entry.always && amounts().all(Amount::is_zero) {
            continue;
        }
        let values: Vec<String> = amounts().map(|amount| amount.show(language)).collect();
        let differs = values.iter().any(|value| Some(value) != values.first());
        let mut row = vec![Cell::head(entry.name(language))];
        row.extend(values.into_iter().map(|value| {
            let cell = Cell::value(value);
            if differs { cell.class("differs") } else { cell }
        }));
        table.rows.push(row);
    }
}
