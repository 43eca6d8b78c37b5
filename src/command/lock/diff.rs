//! `bogi diff BASE`: what moved between the locks of two revisions, without running anything.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::table::table;
use super::{load, load_file, parse};
use crate::command::arguments::{DiffArguments, DiffFormat};
use crate::command::exit::Exit;
use crate::command::report::human::{counted, frames};
use crate::command::shell::{Shell, Verbosity};
use crate::diagnostic::Diagnostic;
use crate::scenario::lock::accept::fact_changes;
use crate::scenario::lock::compare::{Comparison, FactChange, compare};
use crate::scenario::lock::{Entry, FILE, LENGTH_MAX, Lock};

/// The version of what `--json` prints.
const VERSION: u32 = 1;
/// How many rows a Markdown table has: a comment on a pull request holds 64 KB.
const ROWS_MAX: usize = 300;

/// Why there is nothing to compare.
enum Trouble {
    /// One line, and what to do.
    Words(String, &'static str),
    /// A lock that can't be read.
    Lock(Box<Diagnostic>),
}

impl From<Box<Diagnostic>> for Trouble {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Lock(diagnostic)
    }
}

/// What became of a scenario.
enum Change {
    New(usize),
    Removed,
    Other(Comparison),
}

/// Compares two locks and prints what moved.
pub fn diff(arguments: &DiffArguments) -> Exit {
    let shell = Shell::new(Verbosity::Normal, false);
    let format = if arguments.json { DiffFormat::Json } else { arguments.format };
    match locks(arguments) {
        Ok((base, head)) => {
            let changes = changes(&base, &head);
            let facts = fact_changes(&base.facts, &head.facts);
            shell.data(&match format {
                DiffFormat::Text => text(&changes, &facts),
                DiffFormat::Markdown => markdown(&changes, &facts),
                DiffFormat::Json => json_text(&arguments.base, &changes, &facts),
            });
            Exit::Success
        }
        Err(Trouble::Words(message, hint)) => {
            shell.error_text(&format!("error: {message}\n\nhint: {hint}\n"));
            Exit::Unable
        }
        Err(Trouble::Lock(diagnostic)) => {
            shell.error_text(&frames(&[*diagnostic], shell.style()));
            Exit::Unable
        }
    }
}

fn locks(arguments: &DiffArguments) -> Result<(Lock, Lock), Trouble> {
    let none = || {
        let message = format!("the site has no `{FILE}`");
        Trouble::Words(message, "`bogi bless` writes it; commit it")
    };
    let head = load(&arguments.source)?.ok_or_else(none)?;
    Ok((base(&arguments.base, &arguments.source)?, head.lock))
}

/// The lock of a file or of a revision.
fn base(base: &str, source: &Path) -> Result<Lock, Trouble> {
    if Path::new(base).is_file()
        && let Some(read) = load_file(Path::new(base), base)?
    {
        return Ok(read.lock);
    }
    // What begins with a dash would be an option of git's.
    if base.starts_with('-') {
        let message = format!("`{base}` is no revision");
        return Err(Trouble::Words(message, "name a branch, a tag or a commit"));
    }
    let output = Command::new("git")
        .arg("-C")
        .arg(source)
        .args(["show", "--no-textconv", &format!("{base}:./{FILE}")])
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Trouble::Words(
                format!("`{base}` is no file, and there is no git to ask for a revision"),
                "install git, or name a lock file",
            ),
            _ => Trouble::Words(format!("git can't be run: {error}"), "name a lock file instead"),
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
        return Err(Trouble::Words(
            format!("there is no `{FILE}` in `{base}`: git says, {said}"),
            "name a revision that has it, and fetch it first where the clone is shallow",
        ));
    }
    if output.stdout.len() as u64 > LENGTH_MAX {
        let message = format!("the lock of `{base}` is too large");
        return Err(Trouble::Words(message, "at most 64 MB are read"));
    }
    Ok(parse(output.stdout, &format!("{base}:{FILE}"))?.lock)
}

fn changes<'a>(base: &'a Lock, head: &'a Lock) -> Vec<(&'a str, Change)> {
    let ids: BTreeSet<&String> = base.scenarios.keys().chain(head.scenarios.keys()).collect();
    let mut changes = Vec::new();
    for id in ids {
        let change = match (base.scenarios.get(id), head.scenarios.get(id)) {
            (Some(before), Some(after)) => {
                let comparison = compare(before, after);
                if comparison.is_same() {
                    continue;
                }
                Change::Other(comparison)
            }
            (None, Some(after)) => Change::New(measures(after)),
            _ => Change::Removed,
        };
        changes.push((id.as_str(), change));
    }
    changes
}

fn measures(entry: &Entry) -> usize {
    entry.measures.len() + entry.sweep.len()
}

/// The rows of the table: scenario, measure, base, head, change.
fn rows(changes: &[(&str, Change)], facts: &[FactChange]) -> Vec<[String; 5]> {
    let mut rows = Vec::new();
    for fact in facts.iter().filter(|fact| fact.before.is_some() && fact.after.is_some()) {
        let (before, after) = fact.shown();
        rows.push([String::new(), format!("fact {}", fact.name), before, after, String::new()]);
    }
    let whole =
        |id: &str, text: String| [id.to_owned(), text, String::new(), String::new(), String::new()];
    for (id, change) in changes {
        match change {
            Change::New(count) => {
                rows.push(whole(id, format!("new, {}", counted(*count, "measure"))))
            }
            Change::Removed => rows.push(whole(id, "removed".to_owned())),
            Change::Other(comparison) if comparison.movements.is_empty() => {
                let text = match comparison.other_measures {
                    true => "measures moved that a lock doesn't list",
                    false => "measures the same, for other reasons",
                };
                rows.push(whole(id, text.to_owned()));
            }
            Change::Other(comparison) => {
                for movement in &comparison.movements {
                    let (before, after) = movement.shown();
                    let change = movement.change().unwrap_or_default();
                    rows.push([(*id).to_owned(), movement.name(), before, after, change]);
                }
            }
        }
    }
    rows
}

const HEADS: [&str; 5] = ["scenario", "measure", "base", "head", "change"];

/// `2 scenarios moved, 1 is new`.
fn summary(changes: &[(&str, Change)]) -> String {
    let count = |wanted: fn(&Change) -> bool| {
        let count = changes.iter().filter(|(_, change)| wanted(change)).count();
        (count, if count == 1 { "" } else { "s" })
    };
    let parts = [
        (count(|change| matches!(change, Change::Other(c) if c.other_measures)), "moved"),
        (count(|change| matches!(change, Change::Other(c) if !c.other_measures)), "unmoved"),
        (count(|change| matches!(change, Change::New(_))), "new"),
        (count(|change| matches!(change, Change::Removed)), "removed"),
    ];
    let parts = parts.iter().filter(|((count, _), _)| *count > 0);
    let parts = parts.map(|((count, plural), word)| format!("{count} scenario{plural} {word}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// The one line for locks that say the same.
const NOTHING: &str = "no measure moved";

fn text(changes: &[(&str, Change)], facts: &[FactChange]) -> String {
    let rows = rows(changes, facts);
    if rows.is_empty() {
        return format!("{NOTHING}\n");
    }
    let mut cells = vec![HEADS.map(str::to_owned).to_vec()];
    cells.extend(rows.into_iter().map(|row| row.to_vec()));
    let summary = summary(changes);
    let end = if summary.is_empty() { String::new() } else { format!("\n{summary}\n") };
    format!("{}{end}", table(&cells, 0))
}

fn markdown(changes: &[(&str, Change)], facts: &[FactChange]) -> String {
    let rows = rows(changes, facts);
    if rows.is_empty() {
        return format!("✅ {NOTHING}\n");
    }
    let mut out = String::from("### Measures that moved\n\n");
    let summary = summary(changes);
    if !summary.is_empty() {
        let _ = writeln!(out, "{summary}\n");
    }
    let _ = writeln!(out, "| {} |\n| --- | --- | ---: | ---: | ---: |", HEADS.join(" | "));
    for row in rows.iter().take(ROWS_MAX) {
        let _ = writeln!(out, "| {} |", row.each_ref().map(|cell| cell_text(cell)).join(" | "));
    }
    if let Some(more) = rows.len().checked_sub(ROWS_MAX).filter(|&more| more > 0) {
        let _ = writeln!(out, "\nand {more} more rows");
    }
    out
}

/// A cell in which nothing is Markdown.
fn cell_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '#' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn json_text(base: &str, changes: &[(&str, Change)], facts: &[FactChange]) -> String {
    let exact = |value: Option<crate::quantity::Quantity>| value.map(|value| value.exact());
    let facts: Vec<Value> = facts
        .iter()
        .map(|fact| {
            let (before, after) = (exact(fact.before), exact(fact.after));
            json!({ "name": fact.name, "base": before, "head": after })
        })
        .collect();
    let scenarios: Vec<Value> = changes.iter().map(|(id, change)| scenario(id, change)).collect();
    let all = json!({ "version": VERSION, "base": base, "facts": facts, "scenarios": scenarios });
    format!("{all:#}\n")
}

fn scenario(id: &str, change: &Change) -> Value {
    match change {
        Change::New(_) => json!({ "id": id, "change": "new" }),
        Change::Removed => json!({ "id": id, "change": "removed" }),
        Change::Other(comparison) => {
            let movements: Vec<Value> = comparison
                .movements
                .iter()
                .map(|movement| {
                    json!({
                        "measure": movement.path,
                        "variant": movement.variant,
                        "point": movement.point,
                        "base": movement.before,
                        "head": movement.after,
                        "change": movement.change(),
                    })
                })
                .collect();
            let word = if comparison.other_measures { "moved" } else { "unmoved" };
            let reasons = comparison.reasons();
            json!({ "id": id, "change": word, "reasons": reasons, "measures": movements })
        }
    }
}
