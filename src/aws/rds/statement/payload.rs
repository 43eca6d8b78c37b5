//! The JSON that a trigger hands to its function.

use std::collections::BTreeMap;

use crate::aws::rds::trigger::{Field, Scope, Statement, Trigger};

/// What stands for the number of a row in an author's values.
const NUMBER: &str = "{n}";

/// The payload for a row, which has a number among all rows that the database has changed. Without
/// a description of its own it says the operation, the table and the row's columns; of a whole
/// statement it says how many rows it changed.
pub(super) fn json(trigger: &Trigger, statement: &Statement, number: u64) -> String {
    if !trigger.payload.is_empty() {
        let value = |field: &Field| match field {
            Field::Fixed(json) => filled(json, number),
            Field::Column(column) => {
                column_value(&statement.values, column, number).unwrap_or_else(|| "null".to_owned())
            }
        };
        let fields = trigger.payload.iter().map(|(key, field)| (key.as_str(), value(field)));
        return object(fields);
    }
    let operation = text(statement.change.name());
    let head = [("operation", operation), ("table", text(&statement.table))];
    let tail = match trigger.scope {
        Scope::Statement => ("rows", statement.rows.to_string()),
        Scope::Row => {
            let given = statement.values.keys().map(String::as_str);
            let id = (!statement.values.contains_key("id")).then_some("id");
            let columns = id.into_iter().chain(given);
            let value = |column| column_value(&statement.values, column, number);
            let columns = columns.filter_map(|column| Some((column, value(column)?)));
            ("row", object(columns))
        }
    };
    object(head.into_iter().chain([tail]))
}

/// The value of a column as JSON. `id` is the row's number unless it is given.
fn column_value(values: &BTreeMap<String, String>, column: &str, number: u64) -> Option<String> {
    match values.get(column) {
        Some(json) => Some(filled(json, number)),
        None if column == "id" => Some(number.to_string()),
        None => None,
    }
}

/// A value with the row's number in it. The number alone is a number, not a text.
fn filled(json: &str, number: u64) -> String {
    let number = number.to_string();
    if json == text(NUMBER) { number } else { json.replace(NUMBER, &number) }
}

fn object<'a>(fields: impl Iterator<Item = (&'a str, String)>) -> String {
    let fields: Vec<String> = fields.map(|(key, value)| format!("{}:{value}", text(key))).collect();
    format!("{{{}}}", fields.join(","))
}

/// A text as JSON.
pub fn text(text: &str) -> String {
    /// How many digits JSON gives a character by its number.
    const DIGITS: usize = 4;
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:0DIGITS$x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
