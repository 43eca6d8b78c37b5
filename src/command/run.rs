//! `bogi run`: one scenario's results in the terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::command::arguments::RunArguments;
use crate::command::exit::Exit;
use crate::command::report::human::{frames, from_here};
use crate::command::site;
use crate::pipeline::selection::Selection;
use crate::quantity::Language;
use crate::scenario::Outcome;
use crate::scenario::lookup::display;
use crate::scenario::outcome::{Measure, SweepAxis, SweepChart, SweepOutcome};

/// Runs the scenario and prints its measures and verdicts.
pub fn run(arguments: &RunArguments) -> Exit {
    let shell = site::shell(&arguments.site);
    let source = &arguments.site.source;
    let selection = Selection { scenarios: vec![arguments.id.clone()], ..Selection::default() };
    let run = match site::attempt(&shell, &arguments.site, None, &selection) {
        Ok(run) => run,
        Err(diagnostics) => {
            site::impossible(&shell, &from_here(&diagnostics, source, shell.style()));
            return Exit::Unable;
        }
    };
    let Some(outcome) = run.built.outcomes.get(&arguments.id) else {
        let errors = run.built.failed.get(&arguments.id).map_or(&[][..], Vec::as_slice);
        let errors = from_here(errors, source, shell.style());
        shell.error_text(&frames(&errors, shell.style()));
        return Exit::Broken;
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
    if let Some(sweep) = &outcome.sweep {
        out.push_str("\nsweep\n");
        table(&points(sweep), &mut out);
        out.push('\n');
    }
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

/// The sweep as a table: a point a line, what is set and what is drawn a column.
fn points(sweep: &SweepOutcome) -> Vec<(String, Vec<String>)> {
    let show = |measure: &Measure| display(measure, Language::English);
    let mut head: Vec<String> = sweep.axes.iter().map(|axis| axis.path.clone()).collect();
    head.extend(sweep.charts.iter().map(|chart| chart.expression.clone()));
    let mut rows = vec![(String::new(), head)];
    for (index, point) in sweep.points().enumerate() {
        let set = |axis: &SweepAxis| match point.get("at") {
            Some(Measure::Map(values)) => values.get(&axis.path).map(show),
            _ => None,
        };
        let mut cells: Vec<String> =
            sweep.axes.iter().map(|axis| set(axis).unwrap_or_default()).collect();
        let measured = |chart: &SweepChart| chart.values.get(index).map(show).unwrap_or_default();
        cells.extend(sweep.charts.iter().map(measured));
        rows.push((format!("sweep[{index}]"), cells));
    }
    rows
}

fn flatten(name: &str, measure: &Measure, out: &mut Vec<(String, String)>) {
    match measure {
        Measure::Map(map) => {
            for (key, inner) in map.iter().filter(|(key, inner)| !is_absent(key, inner)) {
                flatten(&format!("{name}.{key}"), inner, out);
            }
        }
        // Single requests would push everything else off the screen; `--json` has them.
        Measure::List(items) => out.push((format!("{name}[…]"), items.len().to_string())),
        _ => out.push((name.to_owned(), display(measure, Language::English))),
    }
}

/// Whether a group tells only that nobody is there: clients that try again, where none does.
/// Expectations can still ask for it.
fn is_absent(key: &str, measure: &Measure) -> bool {
    let Measure::Map(group) = measure else { return false };
    key == "clients" && group.get("requests") == Some(&Measure::number(0.0))
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

#[cfg(test)]
mod tests {
    use super::*;
    use indexmap::IndexMap;

    #[test]
    fn clients_stand_only_where_there_are_some() {
        let group = |requests: f64| {
            let clients = [("requests", requests), ("attempts", 2.0 * requests)];
            let clients = clients.map(|(name, value)| (name.to_owned(), Measure::number(value)));
            let clients = Measure::Map(clients.into_iter().collect());
            Measure::Map(IndexMap::from([("clients".to_owned(), clients)]))
        };
        let mut rows = Vec::new();
        flatten("quiet", &group(0.0), &mut rows);
        flatten("busy", &group(1.0), &mut rows);
        let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(rows, [row("busy.clients.requests", "1"), row("busy.clients.attempts", "2")]);
    }

    #[test]
    fn a_sweep_is_a_table_of_points() {
        let map = |entries: &[(&str, Measure)]| {
            let entries = entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            Measure::Map(entries.collect::<IndexMap<_, _>>())
        };
        let point = |seed: f64| map(&[("at", map(&[("seed", Measure::number(seed))]))]);
        let sweep = SweepOutcome {
            axes: vec![SweepAxis { path: "seed".to_owned(), values: Vec::new() }],
            points: Measure::List(vec![point(1.0), point(20.0)]),
            charts: vec![SweepChart {
                expression: "a.throttles".to_owned(),
                values: vec![Measure::number(3.0), Measure::Absent],
            }],
        };
        let mut out = String::new();
        table(&points(&sweep), &mut out);
        let expected = "            seed  a.throttles\n  sweep[0]     1            3\n  \
                        sweep[1]    20         none\n";
        assert_eq!(out, expected);
    }
}
