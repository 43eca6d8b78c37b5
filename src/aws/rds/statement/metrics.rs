//! What is recorded of statements and of the functions that they invoke.

use serde::{Deserialize, Serialize};

use crate::aws::iam::decision::Decision;
use crate::aws::rds::statement::failure::Failure;
use crate::aws::rds::trigger::{Change, Invocation};
use crate::sim::statistics::distribution::Distribution;

/// How many of a database's first transactions are kept step by step.
pub const FIRST_TRANSACTIONS: usize = 20;
/// How many steps of one of them are kept.
pub const MOST_STEPS: usize = 40;
/// How many of a database's first payloads are kept.
pub const FIRST_PAYLOADS: usize = 20;

/// What a database recorded of statements that change rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StatementMetrics {
    /// Transactions that began.
    pub transactions: u64,
    /// Those that were committed.
    pub committed: u64,
    /// Those that were rolled back, by the client or because a statement failed.
    pub rolled_back: u64,
    /// Statements that began.
    pub statements: u64,
    /// Statements that failed.
    pub aborted: u64,
    /// Rows that statements changed, whatever became of them.
    pub rows: u64,
    /// Rows whose change was committed.
    pub rows_committed: u64,
    /// Invocations that Lambda had taken before their transaction was rolled back.
    pub invocations_of_rolled_back: u64,
    /// How often each reason made a statement fail, in the order of
    /// [`super::failure::FAILURES`]; those that didn't come up are left out.
    pub failures: Vec<(Failure, u64)>,
    /// From the first statement of a transaction to its end: as long as it holds its locks.
    pub transaction_time: Distribution,
    /// How long statements took with all that they fired.
    pub statement_time: Distribution,
    /// The triggers, in the author's order.
    pub triggers: Vec<TriggerMetrics>,
    /// The first transactions.
    pub first_transactions: Vec<TransactionRecord>,
    /// The first payloads.
    pub payloads: Vec<Payload>,
}

/// What a trigger recorded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TriggerMetrics {
    /// Its name.
    pub name: String,
    /// The function that it invokes.
    pub function: String,
    /// The table.
    pub table: String,
    /// What it calls: `lambda_sync` and its like.
    pub via: String,
    /// Whether it waits for the function.
    pub invocation: Invocation,
    /// How often it fired.
    pub fired: u64,
    /// Invocations that Lambda took, whatever became of them; a database that has stopped waiting
    /// for the answer doesn't stop the function.
    pub lambda_invocations: u64,
    /// Those that failed.
    pub failed: u64,
    /// How long each of them kept the statement waiting.
    pub waiting_time: Distribution,
    /// The last failure.
    pub failure: Option<Failure>,
    /// The error of the database that came of it.
    pub error: Option<String>,
    /// What IAM decided of `lambda:InvokeFunction`, if a role was asked about.
    pub decision: Option<Decision>,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It hasn't yet.
    #[default]
    Open,
    /// It was committed.
    Committed,
    /// The client took it back.
    RolledBack,
    /// A statement failed.
    Aborted(Failure),
    /// The database went down.
    ConnectionLost,
}

/// A transaction that is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransactionRecord {
    /// When it began.
    pub began: u64,
    /// When it ended.
    pub ended: u64,
    /// How.
    pub ending: Ending,
    /// What happened in it, in order.
    pub steps: Vec<TransactionStep>,
    /// Steps that aren't kept.
    pub left_out: u64,
}

/// A step of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionStep {
    /// When it began.
    pub from: u64,
    /// When it was over.
    pub until: u64,
    /// What it was.
    pub what: TransactionWhat,
}

/// What can happen in a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransactionWhat {
    /// A statement did its own work.
    Statement {
        /// What it does.
        change: Change,
        /// The table.
        table: String,
        /// How many rows it changes.
        rows: u64,
    },
    /// A trigger invoked its function.
    Invocation {
        /// The place of the trigger.
        trigger: u32,
        /// The number of the row in its statement, from 1; 0 for the statement as a whole.
        row: u64,
        /// Why it failed, if it did.
        failure: Option<Failure>,
    },
}

/// A payload that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// When it was sent.
    pub at: u64,
    /// The trigger.
    pub trigger: String,
    /// The function.
    pub function: String,
    /// The JSON.
    pub json: String,
}
