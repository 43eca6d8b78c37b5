//! `bogi run`: one scenario's results in the terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::command::arguments::RunArguments;
use crate::command::exit::Exit;
use crate::command::report::human::frames;
use crate::command::shell::Shell;
use crate::command::site;
use crate::diagnostic::closest;
use crate::quantity::Language;
use crate::scenario::Outcome;
use crate::scenario::lookup::display;
use crate::scenario::outcome::Measure;

/// Runs the scenario and prints its measures and verdicts.
pub fn run(arguments: &RunArguments) -> Exit {
    let shell = site::shell(&arguments.site);
    let run = match site::run(&shell, &arguments.site, None) {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    let outcomes = &run.built.outcomes;
    let Some(outcome) = outcomes.get(&arguments.id) else {
        if let Some(errors) = run.built.failed.get(&arguments.id) {
            shell.error_text(&frames(errors, shell.style()));
            return Exit::Broken;
        }
        unknown(&shell, &arguments.id, outcomes.keys().map(String::as_str));
        return Exit::Unable;
    };
    if arguments.json {
        match serde_json::to_string_pretty(outcome) {
            Ok(json) => shell.data(&format!("{json}\n")),
            Err(error) => {
                shell.error_text(&format!("error: the results can't be written: {error}\n"));
                return Exit::Unable;
            }
        }
    } else {
        shell.data(&text(outcome));
    }
    if outcome.holds() { Exit::Success } else { Exit::Broken }
}

fn unknown<'a>(shell: &Shell, id: &str, names: impl Iterator<Item = &'a str>) {
    let names: Vec<&str> = names.collect();
    shell.error_text(&format!("error: there is no scenario `{id}`\n"));
    match closest(id, names.iter().copied()) {
        Some(near) => shell.error_text(&format!("\nhint: did you mean `{near}`?\n")),
        None if names.is_empty() => {}
        None => shell.error_text(&format!("\nhint: the site has {}\n", names.join(", "))),
    }
}

/// The outcome as a table: a measure a line, a variant a column.
fn text(outcome: &Outcome) -> String {
    let mut out = format!("{} — {} (seed {})\n", outcome.id, outcome.title, outcome.seed);
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for (at, variant) in outcome.variants.iter().enumerate() {
        let mut measured = Vec::new();
        for (name, measure) in &variant.measures {
            flatten(name, measure, &mut measured);
        }
        for (name, value) in measured {
            let row = match rows.iter_mut().find(|(known, _)| *known == name) {
                Some((_, row)) => row,
                None => {
                    rows.push((name, Vec::new()));
                    let Some((_, row)) = rows.last_mut() else { continue };
                    row
                }
            };
            row.resize(at, String::new());
            row.push(value);
        }
    }
    let names = outcome.variants.iter().filter_map(|variant| variant.name.clone());
    let names: Vec<String> = names.collect();
    if !names.is_empty() {
        rows.insert(0, (String::new(), names));
    }
    table(&rows, &mut out);
    for variant in &outcome.variants {
        for verdict in &variant.verdicts {
            let mark = if verdict.holds { "holds " } else { "BROKEN" };
            let name = variant.name.as_ref().map(|name| format!(" [{name}]")).unwrap_or_default();
            let _ = writeln!(out, "{mark}{name} {}", verdict.expression);
            if !verdict.holds {
                for (part, value) in &verdict.values {
                    let _ = writeln!(out, "         {part} = {value}");
                }
            }
        }
    }
    out
}

fn flatten(name: &str, measure: &Measure, out: &mut Vec<(String, String)>) {
    match measure {
        Measure::Map(map) => {
            for (key, inner) in map {
                flatten(&format!("{name}.{key}"), inner, out);
            }
        }
        // Single requests would push everything else off the screen; `--json` has them.
        Measure::List(items) => out.push((format!("{name}[…]"), items.len().to_string())),
        _ => out.push((name.to_owned(), display(measure, Language::English))),
    }
}

/// The most columns of what stands in line with other figures; a longer text, such as a reason,
/// would push them all off the screen.
const WIDEST_FIGURE: usize = 32;

fn table(rows: &[(String, Vec<String>)], out: &mut String) {
    let columns = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(at));
        let widths = cells.map(|cell| cell.width()).filter(|&width| width <= WIDEST_FIGURE);
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let first = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    for (name, cells) in rows {
        let mut line = format!("  {name}{}", " ".repeat(first - name.width()));
        for (cell, width) in cells.iter().zip(&widths) {
            let padding = width.saturating_sub(cell.width());
            let _ = write!(line, "  {}{cell}", " ".repeat(padding));
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
