//! Statements while they run.
//!
//! A statement does its own work first. Then its triggers fire, row by row and in the author's
//! order, one after the other: each either waits until Lambda has taken its event, or until the
//! function has answered. The session and its locks are held all the while. What fails makes the
//! statement fail, and the client takes the whole transaction back; what Lambda has taken by then
//! stays taken.
//!
//! Waiting for locks of others isn't modelled.

use std::collections::BTreeMap;

use crate::aws::architecture::{Architecture, Resource};
use crate::aws::iam::decision::Decision;
use crate::aws::rds::deployment::DatabaseEngine;
use crate::aws::rds::statement::failure::{FAILURES, Failure};
use crate::aws::rds::statement::metrics::{
    Ending, FIRST_PAYLOADS, FIRST_TRANSACTIONS, MOST_STEPS, Payload, StatementMetrics,
    TransactionRecord, TransactionStep, TransactionWhat,
};
use crate::aws::rds::statement::{payload, setup};
use crate::aws::rds::trigger::{Transaction, Trigger};
use crate::aws::reader::Reader;
use crate::aws::vpc::plan::Connection;
use crate::sim::statistics::distribution::Recorder;

/// A client that writes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    /// The database in the end.
    pub(super) database: usize,
    /// What each statement fires.
    pub(super) orders: Vec<Order>,
    pub(super) transaction: Transaction,
}

/// The triggers that a statement fires, by their places.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// For each row.
    pub(super) rows: Vec<u32>,
    /// For the whole.
    pub(super) whole: Vec<u32>,
}

/// A trigger while it runs.
#[derive(Clone, Debug)]
pub(super) struct Fired {
    pub(super) trigger: Trigger,
    pub(super) function: Resource,
    /// The function's name.
    pub(super) name: String,
    /// What makes every invocation fail, with what is known of it.
    pub(super) obstacle: Option<(Failure, String)>,
    pub(super) decision: Option<Decision>,
}

/// A database whose statements fire triggers.
#[derive(Clone, Debug, Default)]
pub(super) struct Bearer {
    pub(super) engine: DatabaseEngine,
    pub(super) fired: Vec<Fired>,
    /// How long it takes until Lambda has taken an event.
    pub(super) enqueue: u64,
    pub(super) connect_timeout: u64,
    pub(super) request_timeout: Option<u64>,
    pub(super) metrics: StatementMetrics,
    pub(super) failures: [u64; FAILURES.len()],
    pub(super) transaction_times: Recorder,
    pub(super) statement_times: Recorder,
    /// By trigger.
    pub(super) waiting_times: BTreeMap<u32, Recorder>,
}

/// A transaction under way.
#[derive(Clone, Debug)]
pub(super) struct Work {
    writer: u32,
    began: u64,
    /// The statement in hand.
    statement: usize,
    /// When it began.
    statement_began: u64,
    /// How many invocations of it are over.
    done: u64,
    /// When the invocation in hand began.
    pub(super) since: u64,
    /// Invocations of the transaction that Lambda has taken.
    taken: u64,
    rows: u64,
    /// The number of the statement's first row among all of the database.
    first_row: u64,
    /// Its place among the transactions that are kept.
    record: Option<usize>,
}

/// All statements under way.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    writers: Vec<Option<Writer>>,
    bearers: Vec<Bearer>,
    /// By session.
    works: BTreeMap<u32, Work>,
}

/// What comes next in a transaction.
pub(super) enum Next {
    /// A trigger fires: its place, and the row's number in the statement.
    Fire(u32, u64),
    /// Another statement.
    Statement,
    /// Nothing: it is over.
    End,
}

impl Statements {
    /// Those of an architecture.
    pub fn of(
        architecture: &Architecture,
        connections: &[Connection],
        reader: &Reader<'_>,
    ) -> Self {
        setup::statements(architecture, connections, reader)
    }

    pub(super) fn new(writers: Vec<Option<Writer>>, bearers: Vec<Bearer>) -> Self {
        Self { writers, bearers, works: BTreeMap::new() }
    }

    /// Whether a client writes.
    pub fn writes(&self, client: u32) -> bool {
        self.writers.get(client as usize).is_some_and(Option::is_some)
    }

    fn writer(&self, client: u32) -> Option<&Writer> {
        self.writers.get(client as usize)?.as_ref()
    }

    /// A statement of a session begins.
    pub(super) fn begin(&mut self, now: u64, at: u32, client: u32) -> Option<()> {
        let writer = self.writers.get(client as usize)?.as_ref()?;
        let bearer = self.bearers.get_mut(writer.database)?;
        let metrics = &mut bearer.metrics;
        let work = self.works.entry(at).or_insert_with(|| {
            metrics.transactions += 1;
            let kept = metrics.first_transactions.len();
            let record = (kept < FIRST_TRANSACTIONS).then_some(kept);
            if record.is_some() {
                let began = TransactionRecord { began: now, ..TransactionRecord::default() };
                metrics.first_transactions.push(began);
            }
            Work {
                writer: client,
                began: now,
                statement: 0,
                statement_began: now,
                done: 0,
                since: now,
                taken: 0,
                rows: 0,
                first_row: 0,
                record,
            }
        });
        let statement = writer.transaction.statements.get(work.statement)?;
        metrics.statements += 1;
        work.statement_began = now;
        work.done = 0;
        work.first_row = metrics.rows;
        work.rows = work.rows.saturating_add(statement.rows);
        metrics.rows = metrics.rows.saturating_add(statement.rows);
        Some(())
    }

    /// What comes next.
    fn next(&self, work: &Work) -> Option<Next> {
        let writer = self.writer(work.writer)?;
        let order = writer.orders.get(work.statement)?;
        let rows = writer.transaction.statements.get(work.statement)?.rows;
        let each = order.rows.len() as u64;
        let of_rows = rows.saturating_mul(each);
        let next = if work.done < of_rows {
            let trigger = order.rows.get((work.done % each) as usize)?;
            Next::Fire(*trigger, work.done / each + 1)
        } else if let Some(trigger) = order.whole.get((work.done - of_rows) as usize) {
            Next::Fire(*trigger, 0)
        } else if work.statement + 1 < writer.transaction.statements.len() {
            Next::Statement
        } else {
            Next::End
        };
        Some(next)
    }

    /// The work of a session with the database that it is done in.
    pub(super) fn at(&mut self, at: u32) -> Option<(&mut Work, &Writer, &mut Bearer)> {
        let work = self.works.get_mut(&at)?;
        let writer = self.writers.get(work.writer as usize)?.as_ref()?;
        let bearer = self.bearers.get_mut(writer.database)?;
        Some((work, writer, bearer))
    }

    /// Keeps a step of a transaction that is kept.
    fn keep(&mut self, at: u32, step: TransactionStep) {
        let Some((work, _, bearer)) = self.at(at) else { return };
        let kept = work.record.and_then(|at| bearer.metrics.first_transactions.get_mut(at));
        if let Some(record) = kept {
            if record.steps.len() < MOST_STEPS {
                record.steps.push(step);
            } else {
                record.left_out += 1;
            }
        }
    }

    /// Keeps the payload of an invocation that leaves the database.
    pub(super) fn keep_payload(&mut self, now: u64, at: u32, place: u32, row: u64) {
        let Some((work, writer, bearer)) = self.at(at) else { return };
        let Some(fired) = bearer.fired.get(place as usize) else { return };
        let obstacle = fired.obstacle.as_ref().map(|(failure, _)| *failure);
        let is_sent = matches!(obstacle, None | Some(Failure::AccessDenied));
        let statement = writer.transaction.statements.get(work.statement);
        let Some(statement) = statement.filter(|_| is_sent) else { return };
        if bearer.metrics.payloads.len() >= FIRST_PAYLOADS {
            return;
        }
        let number = work.first_row + row.max(1);
        bearer.metrics.payloads.push(Payload {
            at: now,
            trigger: fired.trigger.name.clone(),
            function: fired.name.clone(),
            json: payload::json(&fired.trigger, statement, number),
        });
    }

    /// What comes next in the transaction of a session.
    pub(super) fn next_of(&self, at: u32) -> Option<Next> {
        self.next(self.works.get(&at)?)
    }

    /// Whether the client of a session takes its transaction back at the end.
    pub(super) fn rolls_back(&self, at: u32) -> bool {
        let writer = self.works.get(&at).and_then(|work| self.writer(work.writer));
        writer.is_some_and(|writer| writer.transaction.rolls_back)
    }

    /// The statement of a session has done its own work.
    pub(super) fn worked(&mut self, now: u64, at: u32) {
        let Some((work, writer, _)) = self.at(at) else { return };
        let Some(statement) = writer.transaction.statements.get(work.statement) else { return };
        let what = TransactionWhat::Statement {
            change: statement.change,
            table: statement.table.clone(),
            rows: statement.rows,
        };
        let step = TransactionStep { from: work.statement_began, until: now, what };
        self.keep(at, step);
    }

    /// An invocation of a session is over.
    pub(super) fn invoked(
        &mut self,
        now: u64,
        at: u32,
        place: u32,
        row: u64,
        failure: Option<Failure>,
    ) {
        let Some((work, _, bearer)) = self.at(at) else { return };
        let since = work.since;
        work.done += 1;
        let taken =
            matches!(failure, None | Some(Failure::FunctionError | Failure::RequestTimeout));
        work.taken += u64::from(taken);
        bearer.waiting_times.entry(place).or_default().record(now.saturating_sub(since));
        let index = place as usize;
        let known = bearer.fired.get(index).zip(bearer.metrics.triggers.get_mut(index));
        if let Some((fired, metrics)) = known {
            metrics.lambda_invocations += u64::from(taken);
            if let Some(failure) = failure {
                let obstacle = fired.obstacle.as_ref();
                let detail = obstacle.map_or(&fired.name, |(_, detail)| detail);
                metrics.failed += 1;
                metrics.failure = Some(failure);
                metrics.error = Some(failure.error(bearer.engine, detail));
            }
        }
        let what = TransactionWhat::Invocation { trigger: place, row, failure };
        self.keep(at, TransactionStep { from: since, until: now, what });
    }

    /// The statement of a session is over.
    pub(super) fn statement_over(&mut self, now: u64, at: u32) {
        let Some((work, _, bearer)) = self.at(at) else { return };
        bearer.statement_times.record(now.saturating_sub(work.statement_began));
        work.statement += 1;
    }

    /// The transaction of a session ends. Gives how long it took.
    pub(super) fn end(&mut self, now: u64, at: u32, ending: Ending) -> Option<u64> {
        let work = self.works.remove(&at)?;
        let writer = self.writers.get(work.writer as usize)?.as_ref()?;
        let bearer = self.bearers.get_mut(writer.database)?;
        let metrics = &mut bearer.metrics;
        match ending {
            Ending::Committed => {
                metrics.committed += 1;
                metrics.rows_committed = metrics.rows_committed.saturating_add(work.rows);
            }
            Ending::Open | Ending::RolledBack | Ending::Aborted(_) | Ending::ConnectionLost => {
                metrics.rolled_back += 1;
                metrics.invocations_of_rolled_back += work.taken;
            }
        }
        if let Ending::Aborted(failure) = ending {
            metrics.aborted += 1;
            bearer.statement_times.record(now.saturating_sub(work.statement_began));
            if let Some(at) = FAILURES.iter().position(|&known| known == failure) {
                bearer.failures[at] += 1;
            }
        }
        let took = now.saturating_sub(work.began);
        bearer.transaction_times.record(took);
        if let Some(record) = work.record.and_then(|at| metrics.first_transactions.get_mut(at)) {
            record.ended = now;
            record.ending = ending;
        }
        Some(took)
    }

    /// The metrics of the whole run, by database in the architecture's order.
    pub fn finish(self) -> Vec<StatementMetrics> {
        let one = |bearer: Bearer| {
            let mut metrics = bearer.metrics;
            let counted = FAILURES.into_iter().zip(bearer.failures);
            metrics.failures = counted.filter(|&(_, count)| count > 0).collect();
            metrics.transaction_time = bearer.transaction_times.finish();
            metrics.statement_time = bearer.statement_times.finish();
            for (place, times) in bearer.waiting_times {
                if let Some(trigger) = metrics.triggers.get_mut(place as usize) {
                    trigger.waiting_time = times.finish();
                }
            }
            metrics
        };
        self.bearers.into_iter().map(one).collect()
    }
}
