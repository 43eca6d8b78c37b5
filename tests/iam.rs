//! Runs the pages of `tests/iam/`, which say in prose and tables what IAM decides.
//!
//! A page holds `scenario` blocks without an id and without events, each followed by a table. Every
//! row of the table is a run: columns whose names stand as `{name}` in the block are put into it,
//! `principal`, `action`, `resource`, `context`, `session_name` and `session_policy` make a request
//! (a cell of `-` leaves the key out), and columns in back-ticks are compared: measures of the
//! request, or of the whole run where the name begins with `deploy`, `tasks` or `decisions`. A text
//! in a cell has to be part of the measure; `-` means that there is none.

use std::fs;
use std::path::Path;

use bogi::aws::catalogue::Catalogue;
use bogi::scenario::expression::dimension::code;
use bogi::scenario::outcome::Measure;
use bogi::scenario::{Block, Outcome, parse};
use bogi::span::{Mapped, Source};

const REQUEST: [&str; 6] =
    ["principal", "action", "resource", "context", "session_name", "session_policy"];

fn run(yaml: &str) -> Result<Outcome, String> {
    let source = Source::new("block", yaml);
    let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
    let parsed = parse(&block, Catalogue::builtin());
    let errors: Vec<String> =
        parsed.diagnostics.iter().map(|d| format!("{}: {}", d.code.0, d.message)).collect();
    let Some(scenario) = parsed.value else { return Err(errors.join("; ")) };
    scenario.simulate(Catalogue::builtin()).map_err(|_| "the run failed".to_owned())
}

fn cells(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The block of a row.
fn scenario(block: &str, header: &[String], row: &[String]) -> String {
    let mut text = block.to_owned();
    let mut keys = Vec::new();
    for (name, cell) in header.iter().zip(row) {
        text = text.replace(&format!("{{{name}}}"), cell);
        if REQUEST.contains(&name.as_str()) && cell != "-" {
            keys.push(format!("{name}: {cell}"));
        }
    }
    let event = match keys.is_empty() {
        true => String::new(),
        false => format!("events:\n  - {{ access: {{ {} }} }}\n", keys.join(", ")),
    };
    format!("id: case\n{text}\n{event}")
}

fn compare(outcome: &Outcome, name: &str, expected: &str) -> Option<String> {
    let whole = ["deploy", "tasks", "decisions"].iter().any(|start| name.starts_with(start));
    let path = if whole { name.to_owned() } else { format!("decisions.0.{name}") };
    let found = outcome.lookup(&path.split('.').collect::<Vec<_>>());
    let holds = match &found {
        Ok(Measure::Absent) | Err(_) => expected == "-",
        Ok(Measure::Text(text)) if expected.starts_with('"') => {
            text.contains(expected.trim_matches('"'))
        }
        Ok(Measure::Text(text)) => text == expected,
        Ok(measure) => code(measure) == expected,
    };
    let found = found.map_or_else(|error| error.message, code);
    (!holds).then(|| format!("`{name}` is {found}, not {expected}"))
}

#[test]
fn decisions_are_as_the_pages_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/iam");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (mut failures, mut compared) = (Vec::new(), 0);
    for path in paths {
        let page = fs::read_to_string(&path).unwrap();
        let (mut block, mut header): (String, Option<Vec<String>>) = (String::new(), None);
        let mut lines = page.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            if line == "```scenario" {
                let body = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
                block = body.collect::<Vec<_>>().join("\n");
                continue;
            }
            if !line.starts_with('|') {
                header = None;
                continue;
            }
            let row = cells(line);
            let Some(header) = &header else {
                header = Some(row);
                continue;
            };
            if row.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c)) && cell.len() > 1) {
                continue;
            }
            assert_eq!(row.len(), header.len(), "{}:{}", path.display(), index + 1);
            let yaml = scenario(&block, header, &row);
            let mut fail = |text: String| {
                failures.push(format!("{}:{}: {text}", path.display(), index + 1));
            };
            let outcome = match run(&yaml) {
                Ok(outcome) => outcome,
                Err(error) => {
                    fail(error);
                    continue;
                }
            };
            for (name, cell) in header.iter().zip(&row) {
                let measure = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
                if let Some(measure) = measure {
                    compared += 1;
                    compare(&outcome, measure, cell).into_iter().for_each(&mut fail);
                }
            }
        }
    }
    assert!(compared > 0, "the pages check nothing");
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}
