//! The view `sequence` of databases: client, database and functions as lifelines; what a statement
//! does by itself is a mark, each trigger a message; the JSON that it sends stands in the table.

use crate::aws::metrics::Run;
use crate::aws::rds::statement::metrics::{
    Ending, Payload, TransactionRecord, TransactionStep, TransactionWhat, TriggerMetrics,
};
use crate::aws::rds::trigger::Invocation;
use crate::diagram::sequence::{Action, Look, Part, Sequence, Step};
use crate::diagram::{FORMATS, Words, sequence, ticks};
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::finding::Contrast;
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::resources::Resource;
use crate::scenario::view::story::statement::reason;
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most stories of all variants together.
const MOST_PARTS: usize = 6;
/// The most triggers of one story that are drawn; the others are counted.
const MOST_FIRED: usize = 5;
/// The most payloads of a variant in the table.
const MOST_ROWS: usize = 10;

/// The transactions of a database that are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Statements {
    /// The database.
    pub database: String,
    /// Its first transactions.
    pub transactions: Vec<TransactionRecord>,
    /// Its triggers.
    pub triggers: Vec<TriggerMetrics>,
    /// The first payloads.
    pub payloads: Vec<Payload>,
}

impl Statements {
    /// Those of a run.
    pub fn of(run: &Run) -> Vec<Self> {
        let with = run.databases.iter().filter(|d| !d.statements.first_transactions.is_empty());
        let one = |database: &crate::aws::rds::database::DatabaseMetrics| Self {
            database: database.name.clone(),
            transactions: database.statements.first_transactions.clone(),
            triggers: database.statements.triggers.clone(),
            payloads: database.statements.payloads.clone(),
        };
        with.map(one).collect()
    }
}

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let ran: Vec<&Variant> = facts.ran().collect();
    let room = (MOST_PARTS / ran.len().max(1)).max(1);
    let mut sequence = Sequence::default();
    let mut left_out = 0;
    for variant in &ran {
        let unlike = unlike(variant);
        left_out += unlike.len().saturating_sub(room);
        for (statements, record) in unlike.into_iter().take(room) {
            if sequence.parts.len() < MOST_PARTS {
                sequence.parts.push(part(variant, statements, record, language));
            } else {
                left_out += 1;
            }
        }
    }
    let mut notes = Vec::new();
    if left_out > 0 {
        notes.push(match language {
            Language::Korean => format!("다르게 끝난 트랜잭션 {left_out}개는 순서도에서 생략"),
            Language::English => {
                format!("{left_out} transactions that went otherwise aren't drawn")
            }
        });
    }
    let title = finding(&ran, language);
    let description = pick(
        language,
        "위에서 아래로 읽는다. 네모가 데이터베이스 자신의 일, 화살표가 트리거의 람다 호출과 답, \
         가위표가 실패다. 비동기 호출의 답은 이벤트를 받았다는 답일 뿐이다.",
        "Read from top to bottom. Squares are the database's own work, arrows are invocations by \
         triggers and their answers, crosses are failures. The answer to an asynchronous \
         invocation says only that the event was taken.",
    );
    let words = Words { title: title.clone(), description: description.to_owned() };
    let draw = |&format| sequence::draw(&sequence, prefix, format, &words);
    Shown {
        finding: title,
        drawings: FORMATS.iter().map(draw).collect(),
        body: String::new(),
        notes,
        table: Some(table(&ran, language)),
    }
}

/// The measures of databases that variants are compared by, as the summary calls them in English,
/// each with what an expectation says of it.
const COMPARED: [(&str, &str); 4] = [
    ("transaction time, most", ".transaction_time"),
    ("refused: too many connections", ".connections_refused"),
    ("└ committed", ".committed"),
    ("functions invoked by triggers", ".lambda_invocations"),
];

/// What the variants' databases differ by: what an expectation speaks of, else the first measure
/// that differs. Nothing where no statement fires a trigger.
pub fn contrast(facts: &Facts, language: Language) -> Option<Contrast> {
    let fires = |variant: &Variant| {
        let fired = |statements: &Statements| statements.triggers.iter().any(|t| t.fired > 0);
        variant.statements.iter().any(fired)
    };
    if !facts.ran().any(fires) {
        return None;
    }
    let database = facts.ran().flat_map(|variant| &variant.statements).next()?.database.as_str();
    let verdicts = facts.variants.iter().flat_map(|variant| &variant.verdicts);
    let claims: Vec<&str> = verdicts.map(|verdict| verdict.expression.as_str()).collect();
    let differing = COMPARED.iter().filter_map(|(name, key)| {
        let (subject, values) = compared(facts, database, name, language)?;
        let key = format!("{database}{key}");
        let claimed = claims.iter().any(|claim| claim.contains(&key));
        Some((claimed, Contrast { subject: format!("{database}: {subject}"), values }))
    });
    let mut differing: Vec<(bool, Contrast)> = differing.collect();
    differing.sort_by_key(|(claimed, _)| !claimed);
    differing.into_iter().next().map(|(_, contrast)| contrast)
}

/// A measure of a database in every variant; nothing where all are the same.
fn compared(
    facts: &Facts,
    database: &str,
    name: &str,
    language: Language,
) -> Option<(&'static str, Vec<(String, String)>)> {
    let mut subject = None;
    let mut values = Vec::new();
    for variant in facts.ran() {
        let of = |resource: &&Resource| resource.name == database;
        let resource = variant.resources.iter().find(of)?;
        let entry = resource.entries.iter().find(|entry| entry.english == name)?;
        subject = Some(entry.name(language).trim_start_matches("└ "));
        values.push((name_of(variant), entry.value.show(language)));
    }
    let differs = values.iter().any(|(_, value)| Some(value) != values.first().map(|(_, v)| v));
    subject.filter(|_| differs).map(|subject| (subject, values))
}

/// The transactions of a variant that differ from those before them in more than their times.
fn unlike(variant: &Variant) -> Vec<(&Statements, &TransactionRecord)> {
    let mut unlike: Vec<(&Statements, &TransactionRecord)> = Vec::new();
    for statements in &variant.statements {
        for record in &statements.transactions {
            let whats = |r: &TransactionRecord| {
                r.steps.iter().map(|step| step.what.clone()).collect::<Vec<_>>()
            };
            let known = unlike.iter().any(|(of, known)| {
                of.database == statements.database
                    && known.ending == record.ending
                    && whats(known) == whats(record)
            });
            if !known {
                unlike.push((statements, record));
            }
        }
    }
    unlike
}

fn finding(ran: &[&Variant], language: Language) -> String {
    let one = |variant: &&Variant| {
        let (_, record) = unlike(variant).into_iter().next()?;
        let fired = record.steps.iter().filter(|step| is_invocation(step)).count();
        let fired = fired + usize::try_from(record.left_out).unwrap_or(usize::MAX);
        let took = ticks::duration(record.ended.saturating_sub(record.began), language);
        let ending = ending(record.ending, language);
        let text = match language {
            Language::Korean => format!("람다 호출 {fired}번, {took} 뒤 {ending}"),
            Language::English => format!("{fired} invocations, {ending} after {took}"),
        };
        Some(match &variant.name {
            Some(name) => format!("{name}: {text}"),
            None => text,
        })
    };
    ran.iter().filter_map(one).collect::<Vec<_>>().join(" · ")
}

fn is_invocation(step: &TransactionStep) -> bool {
    matches!(step.what, TransactionWhat::Invocation { .. })
}

fn ending(ending: Ending, language: Language) -> String {
    let word = |korean, english| pick(language, korean, english).to_owned();
    match ending {
        Ending::Open => word("끝나지 않음", "not over"),
        Ending::Committed => word("커밋", "committed"),
        Ending::RolledBack => word("롤백", "rolled back"),
        Ending::Aborted(failure) => match language {
            Language::Korean => format!("문 실패로 롤백 ({})", reason(failure, language)),
            Language::English => format!("rolled back ({})", reason(failure, language)),
        },
        Ending::ConnectionLost => word("연결 끊김", "connection lost"),
    }
}

fn part(
    variant: &Variant,
    statements: &Statements,
    record: &TransactionRecord,
    language: Language,
) -> Part {
    let client = pick(language, "클라이언트", "client").to_owned();
    let mut telling = Telling {
        lifelines: vec![client, statements.database.clone()],
        steps: Vec::new(),
        began: record.began,
        language,
    };
    let mut fired = 0;
    let all = record.steps.iter().filter(|step| is_invocation(step)).count();
    for step in &record.steps {
        if is_invocation(step) {
            fired += 1;
            let last = matches!(step.what, TransactionWhat::Invocation { failure: Some(_), .. });
            if fired > MOST_FIRED && !last {
                continue;
            }
        }
        telling.tell(step, &statements.triggers);
    }
    let hidden = all.saturating_sub(MOST_FIRED) as u64 + record.left_out;
    if hidden > 0 {
        let label = match language {
            Language::Korean => format!("… 호출 {}번 더", count(hidden)),
            Language::English => format!("… {} more invocations", count(hidden)),
        };
        telling.add(record.ended, Action::Mark { at: DATABASE }, label, Look::Waiting);
    }
    let failed = matches!(record.ending, Ending::Aborted(_) | Ending::ConnectionLost);
    let look = if failed { Look::Failed } else { Look::Answer };
    let label = match record.ending {
        Ending::Aborted(_) => pick(language, "오류, 롤백", "error, rolled back").to_owned(),
        other => ending(other, language),
    };
    telling.add(record.ended, Action::Message { from: DATABASE, to: CLIENT }, label, look);
    let took = ticks::duration(record.ended.saturating_sub(record.began), language);
    let title = match language {
        Language::Korean => format!("트랜잭션 {took}"),
        Language::English => format!("transaction, {took}"),
    };
    let title = match &variant.name {
        Some(name) => format!("{name} · {title}"),
        None => title,
    };
    Part { title, lifelines: telling.lifelines, steps: telling.steps }
}

/// The lifelines that every story has.
const CLIENT: usize = 0;
const DATABASE: usize = 1;

/// A story as it is told.
struct Telling {
    lifelines: Vec<String>,
    steps: Vec<Step>,
    began: u64,
    language: Language,
}

impl Telling {
    fn add(&mut self, at: u64, action: Action, label: String, look: Look) {
        let time = ticks::duration(at.saturating_sub(self.began), self.language);
        self.steps.push(Step { time, label, action, look });
    }

    fn lifeline(&mut self, name: &str) -> usize {
        let known = self.lifelines.iter().skip(DATABASE + 1).position(|known| known == name);
        known.map(|at| at + DATABASE + 1).unwrap_or_else(|| {
            self.lifelines.push(name.to_owned());
            self.lifelines.len() - 1
        })
    }

    fn tell(&mut self, step: &TransactionStep, triggers: &[TriggerMetrics]) {
        let language = self.language;
        let took = ticks::duration(step.until.saturating_sub(step.from), language);
        match &step.what {
            TransactionWhat::Statement { change, table, rows } => {
                let label = match language {
                    Language::Korean => {
                        format!("{} {table} {}행", change.name(), count(*rows))
                    }
                    Language::English => {
                        format!("{} {table}, {} rows", change.name(), count(*rows))
                    }
                };
                let sent = Action::Message { from: CLIENT, to: DATABASE };
                self.add(step.from, sent, label, Look::Plain);
                let label = match language {
                    Language::Korean => format!("문 자체 {took}"),
                    Language::English => format!("own work {took}"),
                };
                self.add(step.until, Action::Mark { at: DATABASE }, label, Look::Plain);
            }
            TransactionWhat::Invocation { trigger, row, failure } => {
                let Some(trigger) = triggers.get(*trigger as usize) else { return };
                let to = self.lifeline(&trigger.function);
                let label = match (language, row) {
                    (_, 0) => trigger.name.clone(),
                    (Language::Korean, row) => format!("{row}행"),
                    (Language::English, row) => format!("row {row}"),
                };
                if let Some(failure) = failure {
                    let label = format!("{label}: {}", reason(*failure, language));
                    let sent = Action::Message { from: DATABASE, to };
                    self.add(step.until, sent, label, Look::Failed);
                    return;
                }
                let sent = Action::Message { from: DATABASE, to };
                self.add(step.from, sent, label, Look::Plain);
                let label = match (trigger.invocation, language) {
                    (Invocation::Sync, Language::Korean) => format!("결과, {took}"),
                    (Invocation::Sync, Language::English) => format!("result, {took}"),
                    (Invocation::Async, Language::Korean) => format!("이벤트 접수, {took}"),
                    (Invocation::Async, Language::English) => format!("event taken, {took}"),
                };
                let answer = Action::Message { from: to, to: DATABASE };
                self.add(step.until, answer, label, Look::Answer);
            }
        }
    }
}

/// The payloads.
fn table(ran: &[&Variant], language: Language) -> Table {
    let columns = [
        pick(language, "트리거", "Trigger"),
        pick(language, "함수", "Function"),
        pick(language, "시각", "Time"),
        pick(language, "함수가 받는 JSON", "JSON that the function gets"),
    ];
    let mut table = Table::new(pick(language, "행마다 보낸 JSON", "JSON for each row"), &columns);
    for variant in ran {
        for payload in variant.statements.iter().flat_map(|s| &s.payloads).take(MOST_ROWS) {
            let name = match &variant.name {
                Some(_) => format!("{} · {}", name_of(variant), payload.trigger),
                None => payload.trigger.clone(),
            };
            table.rows.push(vec![
                Cell::head(name),
                Cell::value(payload.function.clone()).class("words"),
                Cell::value(ticks::duration(payload.at, language)),
                Cell::value(payload.json.clone()).class("words"),
            ]);
        }
    }
    table
}
