//! Triggers that invoke functions, and the statements that fire them, as they are deployed. Times
//! are nanoseconds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::rds::deployment::DatabaseEngine;

/// What a database needs in order to invoke functions. What a scenario doesn't speak of is in
/// order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Invoking {
    /// The triggers, in the order in which they fire.
    pub triggers: Vec<Trigger>,
    /// The version of the engine; one that has everything when `None`.
    pub version: Option<Version>,
    /// The role that is associated with the instance or cluster.
    pub role: Association,
    /// PostgreSQL: the feature for which the role is associated.
    pub feature: Feature,
    /// Aurora MySQL: the role in the cluster parameter `aws_default_lambda_role`; the associated
    /// one when `Assumed`.
    pub default_role: Association,
    /// PostgreSQL: the extensions that are created; those that are needed when `None`.
    pub extensions: Option<Vec<Extension>>,
    /// The privileges of the user whose statements fire triggers; those that are needed when
    /// `None`.
    pub grants: Option<Vec<Grant>>,
    /// The place of the link to Lambda in the plan of the network; `None` without a network.
    pub link: Option<usize>,
    /// How long the database waits for a connection to Lambda; the catalogue's when `None`.
    pub connect_timeout: Option<u64>,
    /// PostgreSQL: how long it waits for an answer; the catalogue's when `None`.
    pub request_timeout: Option<u64>,
}

/// A trigger that invokes a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Its name, unique in its database.
    pub name: String,
    /// The table.
    pub table: String,
    /// The changes that fire it.
    pub after: Vec<Change>,
    /// How often it fires.
    pub scope: Scope,
    /// The place of the function in the architecture.
    pub function: usize,
    /// The function or procedure of the database that it calls.
    pub via: Via,
    /// Whether it waits for the function.
    pub invocation: Invocation,
    /// The keys of the payload, each with a text or a column; the whole row when empty.
    pub payload: Vec<(String, Field)>,
}

/// A value of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A text, or a number or truth value as JSON writes it.
    Fixed(String),
    /// A column of the row.
    Column(String),
}

/// What a statement does to rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Change {
    /// `INSERT`.
    #[default]
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl Change {
    /// SQL's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// How often a trigger fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Once for each row: `FOR EACH ROW`.
    #[default]
    Row,
    /// Once for each statement, after its rows: `FOR EACH STATEMENT`, which MySQL doesn't have.
    Statement,
}

/// What a trigger calls in order to invoke a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// Aurora MySQL's native function `lambda_sync`.
    LambdaSync,
    /// Aurora MySQL's native function `lambda_async`.
    LambdaAsync,
    /// Aurora MySQL's deprecated procedure `mysql.lambda_async`.
    Procedure,
    /// `aws_lambda.invoke` of PostgreSQL's extension.
    Invoke,
}

impl Via {
    /// Its name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::LambdaSync => "lambda_sync",
            Self::LambdaAsync => "lambda_async",
            Self::Procedure => "mysql.lambda_async",
            Self::Invoke => "aws_lambda.invoke",
        }
    }

    /// How it invokes, if it leaves no choice.
    pub fn invocation(self) -> Option<Invocation> {
        match self {
            Self::LambdaSync => Some(Invocation::Sync),
            Self::LambdaAsync | Self::Procedure => Some(Invocation::Async),
            Self::Invoke => None,
        }
    }

    /// What engines of a kind have for an invocation.
    pub fn of(engine: DatabaseEngine, invocation: Invocation) -> Self {
        match (engine.speaks_mysql(), invocation) {
            (false, _) => Self::Invoke,
            (true, Invocation::Sync) => Self::LambdaSync,
            (true, Invocation::Async) => Self::LambdaAsync,
        }
    }
}

/// Whether a trigger waits for the function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Invocation {
    /// It does: `RequestResponse`.
    #[default]
    Sync,
    /// It waits until Lambda has taken the event: `Event`.
    Async,
}

/// The version of an engine, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The major version.
    pub major: u32,
    /// The minor version.
    pub minor: u32,
}

impl Version {
    /// `14.1`, `3.04.0` or Aurora's long form `8.0.mysql_aurora.3.04.0`; the newest minor version
    /// of a major one that stands alone. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let short = text.rsplit_once("aurora.").map_or(text, |(_, short)| short);
        let mut parts = short.split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next().map_or(Ok(u32::MAX), str::parse).ok()?;
        let rest = parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        rest.then_some(Self { major, minor })
    }
}

/// Whether a role is where it has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Association {
    /// The scenario doesn't speak of it: it is there and allows what is needed.
    #[default]
    Assumed,
    /// There is none.
    Missing,
    /// A role, by its place.
    Role(usize),
}

/// The feature for which a role is associated with an instance or cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Feature {
    /// `Lambda`.
    #[default]
    Lambda,
    /// `s3Import`.
    S3Import,
    /// `s3Export`.
    S3Export,
}

/// An extension of PostgreSQL's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extension {
    /// `aws_lambda`.
    AwsLambda,
    /// `aws_commons`, which `aws_lambda` needs.
    AwsCommons,
}

/// A privilege in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// Aurora MySQL 3: the role `AWS_LAMBDA_ACCESS`.
    AwsLambdaAccess,
    /// Aurora MySQL 2: `INVOKE LAMBDA`.
    InvokeLambda,
    /// PostgreSQL: `USAGE` on the schema `aws_lambda`.
    Usage,
    /// `EXECUTE` on the function or procedure.
    Execute,
}

/// What a client does in one go: one statement, or several that hold or fall together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transaction {
    /// The statements in order; never empty.
    pub statements: Vec<Statement>,
    /// Whether the client takes it back at the end.
    pub rolls_back: bool,
}

/// A statement that changes rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// What it does.
    pub change: Change,
    /// The table.
    pub table: String,
    /// How many rows it changes.
    pub rows: u64,
    /// The columns of a row, `{n}` standing for its number.
    pub values: BTreeMap<String, String>,
}
