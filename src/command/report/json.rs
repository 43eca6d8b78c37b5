//! The report for programs, described in `docs/check-json.md`. A change that readers could trip
//! over (a key that goes or changes its meaning) is a new version; new keys aren't.

use serde_json::{Map, Value, json};

use super::region::{Columns, Region};
use super::{Base, Movement, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::pipeline::simulate::{BlockOutcome, Fate};
use crate::scenario::outcome::{VariantOutcome, Verdict};
use crate::span::Place;

/// The version of the form.
pub const VERSION: u32 = 1;

/// The report as one JSON document with a line break at the end.
pub fn report(report: &Report<'_>) -> String {
    let counts = report.counts;
    let (errors, warnings) = report.totals();
    let diagnostics = report.diagnostics.iter().map(|found| diagnostic(report.base, found));
    let mut root = json!({
        "version": VERSION,
        "tool": tool(),
        "exit_code": report.exit.code(),
        "stopped_at_first_error": report.stopped,
        "counts": {
            "pages": counts.pages,
            "errors": errors,
            "warnings": warnings,
            "scenarios": counts.scenarios,
            "holding": counts.scenarios - counts.broken,
            "broken": counts.broken,
            "not_selected": counts.unselected,
            "not_run": counts.stopped,
        },
        "diagnostics": diagnostics.collect::<Vec<_>>(),
        "scenarios": report.selected().map(|block| scenario(report, block)).collect::<Vec<_>>(),
        "moved": report.movements.iter().map(moved).collect::<Vec<_>>(),
    });
    if let Some(seconds) = report.seconds {
        root["seconds"] = rounded(seconds);
    }
    // Text with string keys can always be written.
    format!("{root:#}\n")
}

/// What wrote a report.
pub fn tool() -> Value {
    json!({ "name": "bogi", "version": env!("CARGO_PKG_VERSION") })
}

/// Seconds to the microsecond.
pub fn rounded(seconds: f64) -> Value {
    json!((seconds * 1e6).round() / 1e6)
}

/// A diagnostic, as all commands write it.
pub fn diagnostic(base: &Base, found: &Diagnostic) -> Value {
    let related = found.related.iter().map(|related| {
        let mut value = place(base, Some(&related.place));
        value.insert("label".to_owned(), json!(related.label));
        Value::Object(value)
    });
    let severity = match found.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut value = Map::new();
    value.insert("code".to_owned(), json!(found.code.0));
    value.insert("severity".to_owned(), json!(severity));
    value.insert("message".to_owned(), json!(found.message));
    value.append(&mut place(base, found.place.as_ref()));
    value.insert("label".to_owned(), json!(found.label));
    value.insert("notes".to_owned(), json!(found.notes));
    value.insert("hints".to_owned(), json!(found.hints));
    value.insert("related".to_owned(), related.collect());
    Value::Object(value)
}

/// A place; its keys are there with `null` where there is none.
fn place(base: &Base, place: Option<&Place>) -> Map<String, Value> {
    let region = place.map(|place| Region::of(place, Columns::Characters));
    let of = |pick: fn(Region) -> usize| json!(region.map(pick));
    Map::from_iter([
        ("file".to_owned(), json!(place.map(|place| base.path(place)))),
        ("line".to_owned(), of(|region| region.line)),
        ("column".to_owned(), of(|region| region.column)),
        ("end_line".to_owned(), of(|region| region.end_line)),
        ("end_column".to_owned(), of(|region| region.end_column)),
    ])
}

fn scenario(report: &Report<'_>, block: &BlockOutcome) -> Value {
    let holds = block.outcome.as_ref().is_some_and(|outcome| outcome.holds());
    let verdict = match block.fate {
        Fate::Judged if holds => "holds",
        Fate::Judged => "broken",
        Fate::Failed => "failed",
        Fate::Unselected | Fate::Stopped => "not_run",
    };
    let outcome = block.outcome.as_ref();
    let variants = outcome.map_or(&[][..], |outcome| outcome.variants.as_slice());
    let variants = variants.iter().enumerate().map(|(at, variant)| {
        variant_of(report, variant, block.claims.get(at).map_or(&[][..], Vec::as_slice))
    });
    let mut value = json!({
        "id": block.id,
        "title": block.title,
        "file": report.path(&block.place),
        "line": block.place.line_column().0,
        "verdict": verdict,
        "seed": outcome.map(|outcome| outcome.seed),
        "variants": variants.collect::<Vec<_>>(),
    });
    if report.seconds.is_some() {
        value["cached"] = json!(block.cached);
        value["seconds"] = rounded(block.nanoseconds as f64 / 1e9);
    }
    value
}

fn variant_of(report: &Report<'_>, variant: &VariantOutcome, claims: &[Option<Place>]) -> Value {
    let expectations = variant.verdicts.iter().enumerate().map(|(number, verdict)| {
        let at = claims.get(number).and_then(Option::as_ref);
        let mut value = expectation(verdict);
        value.append(&mut place(report.base, at));
        Value::Object(value)
    });
    json!({ "name": variant.name, "expectations": expectations.collect::<Vec<_>>() })
}

fn expectation(verdict: &Verdict) -> Map<String, Value> {
    let values = verdict.values.iter();
    let values = values.map(|(part, value)| json!({ "expression": part, "value": value }));
    Map::from_iter([
        ("expression".to_owned(), json!(verdict.expression)),
        ("holds".to_owned(), json!(verdict.holds)),
        ("values".to_owned(), values.collect()),
    ])
}

fn moved(movement: &Movement) -> Value {
    let Movement { scenario, variant, measure, old, new } = movement;
    json!({
        "scenario": scenario,
        "variant": variant,
        "measure": measure,
        "old": old,
        "new": new,
    })
}
