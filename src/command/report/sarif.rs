//! Reports for code scanning: SARIF 2.1.0, as OASIS publishes it. Each diagnostic is a result, each
//! code a rule whose help is the page that `bogi explain` prints.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::region::{Columns, Region};
use super::{Report, details};
use crate::command::exit::Exit;
use crate::command::explain;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::span::Place;

/// The schema that the report follows.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of the folder that all paths start from.
const ROOT: &str = "SRCROOT";

/// The report as one JSON document with a line break at the end.
pub fn report(report: &Report<'_>) -> String {
    let codes: BTreeSet<Code> = report.diagnostics.iter().map(|found| found.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let mut seen = BTreeMap::new();
    let (mut results, mut notifications) = (Vec::new(), Vec::new());
    for found in report.diagnostics {
        let index = codes.binary_search(&found.code).unwrap_or_default();
        match &found.place {
            Some(place) => results.push(result(report, found, place, index, &mut seen)),
            // Code scanning refuses results without a place.
            None => notifications.push(json!({
                "associatedRule": { "id": found.code.0, "index": index },
                "level": level(report, found),
                "message": { "text": text(found) },
            })),
        }
    }
    let root = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bogi",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "invocations": [{
                "executionSuccessful": report.exit != Exit::Unable,
                "exitCode": report.exit.code(),
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": {
                ROOT: { "description": { "text": "the repository that holds the site" } },
            },
            "results": results,
        }],
    });
    format!("{root:#}\n")
}

/// The rule of a code: the first line and the page of `bogi explain`.
fn rule(code: Code) -> Value {
    let page = explain::page(code.0).unwrap_or_default();
    let title = explain::title(&page).to_owned();
    let level = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({
        "id": code.0,
        "shortDescription": { "text": title },
        "fullDescription": { "text": title },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level },
    })
}

fn level(report: &Report<'_>, found: &Diagnostic) -> &'static str {
    if report.fails(found) { "error" } else { "warning" }
}

fn text(found: &Diagnostic) -> String {
    let mut lines = vec![found.message.clone()];
    lines.extend(details(found));
    lines.join("\n")
}

fn result(
    report: &Report<'_>,
    found: &Diagnostic,
    place: &Place,
    index: usize,
    seen: &mut BTreeMap<String, usize>,
) -> Value {
    let related = found.related.iter().enumerate().map(|(number, related)| {
        let mut location = location(report, &related.place);
        location["id"] = json!(number);
        location["message"] = json!({ "text": related.label });
        location
    });
    json!({
        "ruleId": found.code.0,
        "ruleIndex": index,
        "level": level(report, found),
        "message": { "text": text(found) },
        "locations": [location(report, place)],
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": { "bogiLine/v1": fingerprint(report, found, place, seen) },
    })
}

fn location(report: &Report<'_>, place: &Place) -> Value {
    let region = Region::of(place, Columns::Utf16);
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&report.path(place)), "uriBaseId": ROOT },
            "region": {
                "startLine": region.line,
                "startColumn": region.column,
                "endLine": region.end_line,
                "endColumn": region.end_column,
            },
        },
    })
}

/// A hash that stays the same when the line moves: of the code, the path, the line's own text, and
/// the number among equals.
fn fingerprint(
    report: &Report<'_>,
    found: &Diagnostic,
    place: &Place,
    seen: &mut BTreeMap<String, usize>,
) -> String {
    let (text, at) = (place.source().text(), place.range().start);
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let what = format!("{}\n{}\n{}", found.code.0, report.path(place), line.trim());
    let number = seen.entry(what.clone()).or_default();
    *number += 1;
    let hash = blake3::hash(format!("{what}\n{number}").as_bytes()).to_hex();
    hash.chars().take(32).collect()
}

/// A relative path as a URI reference (RFC 3986): what isn't unreserved is written in per cent.
pub fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
