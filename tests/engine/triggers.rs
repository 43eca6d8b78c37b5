//! Reads the lines about triggers and statements in `deployment` blocks, and measures databases.

use bogi::aws::architecture::Architecture;
use bogi::aws::metrics::Run;
use bogi::aws::rds::client::{Client, Keep, Target};
use bogi::aws::rds::trigger::{Change, Invocation, Scope, Statement, Transaction, Trigger, Via};

use crate::deployment::{number, resource};
use crate::measures::Value;
use crate::queues::settings;

/// `NAME DATABASE FUNCTION: sync`, or `async`; also `statement`.
pub fn trigger(text: &str, architecture: &mut Architecture) {
    let (names, rest) = text.split_once(':').expect("trigger NAME DATABASE FUNCTION: …");
    let names: Vec<&str> = names.split_whitespace().collect();
    let [name, database, function] = names[..] else {
        panic!("trigger NAME DATABASE FUNCTION: …")
    };
    let function = resource(function, architecture).place();
    let (mut invocation, mut scope) = (Invocation::Sync, Scope::Row);
    for (key, _) in settings(rest) {
        match key {
            "sync" => invocation = Invocation::Sync,
            "async" => invocation = Invocation::Async,
            "row" => scope = Scope::Row,
            "statement" => scope = Scope::Statement,
            _ => panic!("`{key}` is no setting of a trigger"),
        }
    }
    let database = architecture.databases.iter_mut().find(|known| known.name == database);
    let database = database.unwrap_or_else(|| panic!("no database of trigger `{name}`"));
    let via = Via::of(database.engine, invocation);
    database.invoking.triggers.push(Trigger {
        name: name.to_owned(),
        table: "t".to_owned(),
        after: vec![Change::Insert],
        scope,
        function,
        via,
        invocation,
        payload: Vec::new(),
    });
}

/// `DATABASE rows=3+2, rollback: ARRIVALS`: statements with so many rows each. Gives the client
/// with its arrivals.
pub fn writer(text: &str, architecture: &mut Architecture) -> String {
    let (head, arrivals) = text.split_once(':').expect("write DATABASE rows=3: …");
    let (name, rest) = head.split_once(' ').expect("write DATABASE rows=3: …");
    let mut transaction = Transaction::default();
    for (key, value) in settings(rest) {
        match key {
            "rows" => {
                let statements = value.split('+').map(|rows| Statement {
                    table: "t".to_owned(),
                    rows: number(rows),
                    ..Statement::default()
                });
                transaction.statements = statements.collect();
            }
            "rollback" => transaction.rolls_back = true,
            "commit" => transaction.rolls_back = false,
            _ => panic!("`{key}` is no setting of statements"),
        }
    }
    let database = architecture.databases.iter().position(|known| known.name == name);
    architecture.clients.push(Client {
        function: None,
        target: Target::Database(database.expect("a database")),
        target_name: name.to_owned(),
        link: None,
        query: None,
        connect_timeout: None,
        connection: Keep::PerInvocation,
        transaction: Some(transaction),
    });
    format!("{name}:{arrivals}")
}

/// A measure of a database.
pub fn measure(name: &str, database: &str, run: &Run) -> Option<Value> {
    let metrics = run.databases.iter().find(|known| known.name == database)?;
    let statements = &metrics.statements;
    let number = match name {
        "refused" => metrics.connections_refused as f64 / metrics.connection_attempts.max(1) as f64,
        "connections_max" => metrics.database_connections.max() as f64,
        "connections_mean" => metrics.database_connections.mean(),
        "transaction_mean" => statements.transaction_time.mean(),
        "transaction_max" => statements.transaction_time.max() as f64,
        "statement_max" => statements.statement_time.max() as f64,
        "committed" => statements.committed as f64,
        "rolled_back" => statements.rolled_back as f64,
        "aborted" => statements.aborted as f64,
        "rows" => statements.rows as f64,
        "rows_committed" => statements.rows_committed as f64,
        "outlived" => statements.invocations_of_rolled_back as f64,
        "invocations" => {
            statements.triggers.iter().map(|trigger| trigger.lambda_invocations).sum::<u64>() as f64
        }
        _ => panic!("a database has no measure `{name}`"),
    };
    Some(Value::Number(number))
}
