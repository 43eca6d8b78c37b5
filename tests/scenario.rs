//! The literate suites of the scenario language: each page under `tests/scenario/` explains a rule
//! and shows blocks with what bogi says of them.
//!
//! After a `scenario` fence may come a `console` fence with the diagnostics (`holds` when there
//! are none) and a table of measures and their values. `BLESS=1 cargo test --test scenario` writes
//! what bogi says now into the pages; look at the difference before you keep it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bogi::aws::catalogue::Catalogue;
use bogi::diagnostic::{Diagnostic, Severity};
use bogi::scenario::expression::dimension::code;
use bogi::scenario::{Block, Outcome, parse};
use bogi::span::{Mapped, Source};

/// A stretch of a page.
enum Part {
    /// Prose and everything else, kept as it is.
    Text(String),
    /// A block, between its fences.
    Scenario(String),
    /// What is said of the block before it.
    Console,
    /// The measure in a row of a table.
    Measure(String),
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut fence: Option<(String, String)> = None;
    for line in page.split_inclusive('\n') {
        match fence.take() {
            Some((info, body)) if line.trim_end() == "```" => {
                parts.push(if info == "scenario" { Part::Scenario(body) } else { Part::Console });
            }
            Some((info, body)) => fence = Some((info, body + line)),
            None => match line.trim_end() {
                "```scenario" => fence = Some(("scenario".to_owned(), String::new())),
                "```console" => fence = Some(("console".to_owned(), String::new())),
                row if row.starts_with("| `") => {
                    let mut cells = row.trim_matches('|').split('|').map(str::trim);
                    let name = cells.next().unwrap().trim_matches('`').to_owned();
                    parts.push(Part::Measure(name));
                }
                _ => parts.push(Part::Text(line.to_owned())),
            },
        }
    }
    assert!(fence.is_none(), "a fence is never closed");
    parts
}

/// Parses and, if it can be, runs a block: its outcome and what is said of it.
fn evaluate(yaml: &str) -> (Option<Outcome>, Vec<Diagnostic>) {
    let source = Source::new("block", yaml);
    let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
    let parsed = parse(&block, Catalogue::builtin());
    let mut diagnostics = parsed.diagnostics;
    let outcome = parsed
        .value
        .and_then(|scenario| scenario.run(Catalogue::builtin()).collect_into(&mut diagnostics));
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    (outcome, diagnostics)
}

fn render(diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    if diagnostics.is_empty() {
        out.push_str("holds\n");
    }
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(out, "{severity}[{}]: {}", diagnostic.code.0, diagnostic.message).unwrap();
        if let Some(place) = &diagnostic.place {
            let (line, column) = place.line_column();
            let shown: Vec<&str> = place.text().split_whitespace().collect();
            writeln!(out, "  {line}:{column} `{}`: {}", shown.join(" "), diagnostic.label).unwrap();
        }
        for related in &diagnostic.related {
            let (line, column) = related.place.line_column();
            writeln!(out, "  {line}:{column}: {}", related.label).unwrap();
        }
        for note in &diagnostic.notes {
            writeln!(out, "  = {note}").unwrap();
        }
        for hint in &diagnostic.hints {
            writeln!(out, "  hint: {hint}").unwrap();
        }
    }
    out
}

/// The page as it should be.
fn rewritten(page: &str) -> String {
    let mut out = String::new();
    let mut current: Option<(Option<Outcome>, Vec<Diagnostic>)> = None;
    for part in parts(page) {
        match part {
            Part::Text(text) => out.push_str(&text),
            Part::Scenario(yaml) => {
                write!(out, "```scenario\n{yaml}```\n").unwrap();
                current = Some(evaluate(&yaml));
            }
            Part::Console => {
                let (_, diagnostics) = current.as_ref().expect("a console before any scenario");
                write!(out, "```console\n{}```\n", render(diagnostics)).unwrap();
            }
            Part::Measure(name) => {
                let (outcome, diagnostics) = current.as_ref().expect("a table before any scenario");
                let value = match outcome {
                    Some(outcome) => match outcome.lookup(&name.split('.').collect::<Vec<_>>()) {
                        Ok(measure) => code(measure),
                        Err(error) => error.message,
                    },
                    None => render(diagnostics),
                };
                writeln!(out, "| `{name}` | {value} |").unwrap();
            }
        }
    }
    out
}

#[test]
fn pages_say_what_bogi_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario");
    let mut pages: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for path in pages {
        let page = fs::read_to_string(&path).unwrap();
        let expected = rewritten(&page);
        if expected == page {
            continue;
        }
        if bless {
            fs::write(&path, expected).unwrap();
            continue;
        }
        let difference = page.lines().zip(expected.lines()).enumerate().find(|(_, (a, b))| a != b);
        let (line, (written, said)) = difference.unwrap_or((0, ("", "(length differs)")));
        writeln!(wrong, "{}:{}:\n  page: {written}\n  bogi: {said}", path.display(), line + 1)
            .unwrap();
    }
    assert!(wrong.is_empty(), "pages differ from what bogi says:\n{wrong}");
}

/// The page of each code of the language shows a block that brings it about.
#[test]
fn each_message_has_a_block_that_causes_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        // Two blocks with one id, and fences that open no block, are found by the pipeline; what
        // is said of a lock is no fault of a block.
        let elsewhere = ["E0101", "W0103"].contains(&code.as_str()) || code.starts_with("E015");
        if !code.starts_with("E01") && !code.starts_with("W01") || elsewhere {
            continue;
        }
        seen += 1;
        let page = fs::read_to_string(&path).unwrap();
        let blocks = parts(&page).into_iter().filter_map(|part| match part {
            Part::Scenario(yaml) => Some(yaml),
            _ => None,
        });
        for yaml in blocks {
            let (_, diagnostics) = evaluate(&yaml);
            if diagnostics.iter().any(|diagnostic| diagnostic.code.0 != code)
                || diagnostics.is_empty()
            {
                wrong.push(format!("{code}: {}", render(&diagnostics)));
            }
        }
    }
    assert!(seen > 0, "no pages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A cache keeps outcomes as bytes.
#[test]
fn an_outcome_survives_being_stored() {
    let yaml = "\
id: stored
functions:
  orders: { duration: { exponential: 200ms }, init_duration: 600ms, reserved_concurrency: 3 }
  reports: { duration: 4s }
events:
  - { invoke: orders, rate: 50/s, until: 5s, arrivals: poisson }
sweep: { functions.orders.reserved_concurrency: [null, 5], policies.routing: [newest, random] }
expect: [orders.throttles > 0, reports.duration.p99 == null]
show: [sweep, sweep(orders.latency.p99)]
";
    let (outcome, diagnostics) = evaluate(yaml);
    assert!(diagnostics.is_empty(), "{}", render(&diagnostics));
    let outcome = outcome.unwrap();
    let bytes = postcard::to_stdvec(&outcome).unwrap();
    assert_eq!(postcard::from_bytes::<Outcome>(&bytes).unwrap(), outcome);
}
