//! `query`: an application's statements that change rows; and those of functions' calls.

use std::collections::BTreeMap;

use super::event::{Action, Placed, WrittenEvent};
use super::function::CONFLICT;
use super::trigger::CHANGES;
use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::architecture::{Architecture, Form, Resource, ResourceKind};
use crate::aws::rds::client::{Client, Keep, Target};
use crate::aws::rds::trigger::{Statement, Transaction};
use crate::scenario::limit;
use crate::yaml::{Mapping, Node, NodeValue};

/// The action.
pub const QUERY: Action = Action {
    key: "query",
    keys: Keys {
        known: &[
            "query",
            "statement",
            "table",
            "rows",
            "values",
            "transaction",
            "ends_with",
            "duration",
            "at",
            "count",
            "rate",
            "from",
            "until",
            "arrivals",
        ],
        later: &["connection", "retries"],
    },
    read: |reader, event, architecture| reader.query_event(event, architecture),
};

const STATEMENT: Keys =
    Keys { known: &["statement", "table", "rows", "values"], later: &["duration"] };

/// How a transaction ends, by the words of the language: whether it is taken back.
const ENDINGS: [(&str, bool); 2] = [("commit", false), ("rollback", true)];

impl Reader<'_> {
    fn query_event(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let kinds = [ResourceKind::Database, ResourceKind::Proxy];
        let asked = self.resource(event.value, "query", &kinds);
        let duration = event.fields.get("duration");
        let query = duration.and_then(|node| self.distribution(node, "duration"));
        let transaction = self.transaction(event.fields, event.what);
        if transaction.is_none() && !has_statement(event.fields) {
            let diagnostic = self
                .error(MISSING, &event.node.range, format!("{} has no `statement`", event.what))
                .label("neither `statement` nor `transaction`")
                .hint("add `statement: insert, table: orders, rows: 10`");
            self.report(diagnostic);
        }
        let client = architecture.clients.len();
        let resource = Resource::new(ResourceKind::Client, client);
        let placed = self.source(event, asked.map(|_| resource), Form::Request, architecture)?;
        let asked = asked?;
        let target = match asked.kind {
            ResourceKind::Proxy => Target::Proxy(asked.place()),
            _ => Target::Database(asked.place()),
        };
        architecture.clients.push(Client {
            function: None,
            target,
            target_name: self.text_of(event.value, "query").unwrap_or_default(),
            link: None,
            query,
            connect_timeout: None,
            connection: Keep::PerInvocation,
            transaction,
        });
        Some(placed)
    }

    /// The statements of an event or a call; `None` when it has none.
    pub fn transaction(&mut self, fields: &Mapping, what: &str) -> Option<Transaction> {
        let several = fields.get("transaction").filter(|node| node.value != NodeValue::Null);
        let ending = fields.get("ends_with");
        let rolls_back = ending.and_then(|node| self.choice(node, "ends_with", &ENDINGS, &[]));
        let rolls_back = rolls_back.unwrap_or(false);
        let Some(node) = several else {
            if !has_statement(fields) {
                self.without_statement(fields, what);
                return None;
            }
            let owner = &fields.entries.first()?.key_range.clone();
            let statement = self.statement(fields, what, owner)?;
            return Some(Transaction { statements: vec![statement], rolls_back });
        };
        for key in ["statement", "table", "rows", "values"] {
            let Some(entry) = fields.entries.iter().find(|entry| entry.key == key) else {
                continue;
            };
            let diagnostic = self
                .error(CONFLICT, &entry.key_range, format!("`{key}` has no effect here"))
                .label("the statements stand under `transaction`");
            self.report(diagnostic);
        }
        let NodeValue::Sequence(items) = &node.value else {
            let diagnostic = self
                .error(KIND, &node.range, "`transaction` is a list of statements")
                .label(format!("this is {}", kind(&node.value)))
                .hint("for instance `transaction: [{ statement: insert, table: orders }]`");
            self.report(diagnostic);
            return None;
        };
        self.check_size(items.len(), limit::STATEMENTS, "statements", &node.range);
        let mut statements = Vec::new();
        for item in items.iter().take(limit::STATEMENTS) {
            let what = format!("a statement of {what}");
            let Some(fields) = self.fields(item, &what, STATEMENT) else { continue };
            statements.extend(self.statement(fields, &what, &item.range));
        }
        (!statements.is_empty()).then_some(Transaction { statements, rolls_back })
    }

    /// Reports what means nothing without a statement.
    fn without_statement(&mut self, fields: &Mapping, what: &str) {
        for key in ["table", "rows", "values", "ends_with"] {
            let Some(entry) = fields.entries.iter().find(|entry| entry.key == key) else {
                continue;
            };
            let diagnostic = self
                .error(MISSING, &entry.key_range, format!("{what} has no `statement`"))
                .label(format!("`{key}` needs a statement"))
                .hint("add `statement: insert`");
            self.report(diagnostic);
        }
    }

    fn statement(
        &mut self,
        fields: &Mapping,
        what: &str,
        owner: &std::ops::Range<usize>,
    ) -> Option<Statement> {
        let change = self.required(fields, "statement", what, owner, "statement: insert");
        let change = change.and_then(|node| self.choice(node, "statement", &CHANGES, &[]));
        let table = self.required(fields, "table", what, owner, "table: orders");
        let table = table.and_then(|node| self.table(node));
        let rows = fields.get("rows").map(|node| {
            let rows = self.count(node, "rows", 0)?;
            let fits = usize::try_from(rows).is_ok_and(|rows| rows <= limit::ROWS);
            let size = usize::try_from(rows).unwrap_or(usize::MAX);
            if !fits {
                self.check_size(size, limit::ROWS, "rows in one statement", &node.range);
            }
            fits.then_some(rows)
        });
        let values = fields.get("values").filter(|node| node.value != NodeValue::Null);
        let values = values.map(|node| self.columns(node)).unwrap_or_default();
        Some(Statement { change: change?, table: table?, rows: rows.unwrap_or(Some(1))?, values })
    }

    fn columns(&mut self, node: &Node) -> BTreeMap<String, String> {
        let Some(mapping) = self.mapping(node, "`values`") else { return BTreeMap::new() };
        self.check_size(mapping.entries.len(), limit::COLUMNS, "columns", &node.range);
        let entries = mapping.entries.iter().take(limit::COLUMNS);
        entries
            .filter_map(|entry| Some((entry.key.clone(), self.json_of(&entry.value, "values")?)))
            .collect()
    }
}

fn has_statement(fields: &Mapping) -> bool {
    ["statement", "transaction"].iter().any(|key| fields.get(key).is_some())
}
