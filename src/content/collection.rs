//! The order of a collection's documents.

use std::cmp::Ordering;

use super::config::Collection;
use super::document::Document;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Place;
use crate::value::Value;

/// A document without the key by which its collection is sorted.
pub const NO_SORT_KEY: Code = Code("W0219");

/// Sorts the documents of a collection: by `order` or `sort_by` of its configuration, else by date
/// and path.
pub(super) fn sort(documents: &mut [Document], collection: Option<&Collection>) -> Vec<Diagnostic> {
    sort_by_date_and_path(documents);
    let Some(collection) = collection else { return Vec::new() };
    if let Some(order) = &collection.order {
        let position = |document: &Document| {
            let end = |name: &String| {
                document.path().strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('/'))
            };
            order.iter().position(end).unwrap_or(order.len())
        };
        documents.sort_by_key(position);
    } else if let Some(key) = &collection.sort_by {
        // A document without the key comes last.
        documents.sort_by(|a, b| match (a.get(key), b.get(key)) {
            (None | Some(Value::Null), None | Some(Value::Null)) => Ordering::Equal,
            (None | Some(Value::Null), _) => Ordering::Greater,
            (_, None | Some(Value::Null)) => Ordering::Less,
            (Some(a), Some(b)) => compare(a, b),
        });
        let lacks =
            |document: &&Document| document.get(key).is_none_or(|value| *value == Value::Null);
        return documents.iter().filter(lacks).map(|document| without_key(document, key)).collect();
    }
    Vec::new()
}

fn without_key(document: &Document, key: &str) -> Diagnostic {
    Diagnostic::new(NO_SORT_KEY, format!("`{key}`, by which the collection is sorted, isn't given"))
        .at(Place::start_of(&document.source))
        .note("the document comes last")
        .hint(format!("give it `{key}: …`, or a default under `defaults`"))
        .original(format!("Sort warning: '{key}' not defined in {}", document.path()))
}

/// Sorts by date and path. Between a document with a date and one without only the paths decide;
/// that is no order of all three, and what comes out is what insertion makes of it, as in Jekyll.
fn sort_by_date_and_path(documents: &mut [Document]) {
    let by_path = |a: &Document, b: &Document| a.path().cmp(b.path());
    documents.sort_by(by_path);
    let dated = documents.iter().filter(|document| document.date.is_some()).count();
    if dated == documents.len() {
        documents.sort_by(|a, b| a.date.cmp(&b.date));
    } else if dated > 0 {
        for end in 1..documents.len() {
            let goes_before = |other: &Document| match (&documents[end].date, &other.date) {
                (Some(own), Some(other)) => own < other,
                _ => false,
            };
            let before = documents[..end].iter().rev().take_while(|other| goes_before(other));
            let start = end - before.count();
            documents[start..=end].rotate_right(1);
        }
    }
}

/// The order of two values of one kind; values of different kinds by kind, so that the order is
/// total.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => rank(a).cmp(&rank(b)),
        },
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Integer(_) | Value::Float(_) => 2,
        Value::String(_) => 3,
        Value::Date(_) => 4,
        Value::Time(_) => 5,
        Value::Array(_) => 6,
        Value::Map(_) => 7,
    }
}
