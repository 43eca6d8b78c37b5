//! The order of a collection's documents.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::config::Collection;
use super::document::Document;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Place;
use crate::value::Value;

/// A document without the key by which its collection is sorted.
pub const NO_SORT_KEY: Code = Code("W0219");

/// Sorts the documents of a collection: by `order` or `sort_by` of its configuration, else by date
/// and path.
pub(super) fn sort(
    documents: &mut [Arc<Document>],
    collection: Option<&Collection>,
) -> Vec<Diagnostic> {
    sort_by_date_and_path(documents);
    let Some(collection) = collection else { return Vec::new() };
    if let Some(order) = &collection.order {
        let position = |document: &Arc<Document>| {
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
            |document: &&Arc<Document>| document.get(key).is_none_or(|value| *value == Value::Null);
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
/// that is no order of all three, and what comes out is what merging makes of it, as in Jekyll.
fn sort_by_date_and_path(documents: &mut [Arc<Document>]) {
    documents.sort_by(|a, b| a.path().cmp(b.path()));
    let dated = documents.iter().filter(|document| document.date.is_some()).count();
    if dated == documents.len() {
        documents.sort_by(|a, b| a.date.cmp(&b.date));
    } else if dated > 0 {
        let order = merged(documents, 0..documents.len());
        let places = order.iter().enumerate();
        let places: BTreeMap<String, usize> =
            places.map(|(place, &at)| (documents[at].path().to_owned(), place)).collect();
        documents.sort_by_cached_key(|document| places.get(document.path()).copied());
    }
}

/// The positions of documents, which stand in the order of their paths, halves merged into halves.
fn merged(documents: &[Arc<Document>], range: Range<usize>) -> Vec<usize> {
    if range.len() < 2 {
        return range.collect();
    }
    let middle = range.start + range.len() / 2;
    let mut left = merged(documents, range.start..middle).into_iter().peekable();
    let mut right = merged(documents, middle..range.end).into_iter().peekable();
    let mut out = Vec::with_capacity(range.len());
    while let (Some(&a), Some(&b)) = (left.peek(), right.peek()) {
        let by_date = documents[a].date.as_ref().zip(documents[b].date.as_ref());
        let order = by_date.map_or(Ordering::Equal, |(a, b)| a.cmp(b)).then(a.cmp(&b));
        out.extend(if order.is_le() { left.next() } else { right.next() });
    }
    out.extend(left.chain(right));
    out
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
