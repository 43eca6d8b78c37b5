//! `bogi check`: does everything that the site claims still hold? It writes no site.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::command::arguments::CheckArguments;
use crate::command::exit::Exit;
use crate::command::lock;
use crate::command::report::human::{Style, counted, frames, from_here};
use crate::command::report::{
    Base, Format, Movement, Report, Wanted, github, json, junit, sarif, summary,
};
use crate::command::selecting::{self, Selected};
use crate::command::shell::Shell;
use crate::command::site::{self, BAD_ARGUMENT, Run};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::pipeline::simulate::Fate;
use crate::pipeline::{Built, Counts};

/// A report can't be written to its file.
pub const UNWRITABLE: Code = Code("E0710");

/// Where GitHub Actions takes a step's summary.
const SUMMARY_VARIABLE: &str = "GITHUB_STEP_SUMMARY";

/// Checks the site.
pub fn check(arguments: &CheckArguments) -> Exit {
    let shell = site::shell(&arguments.site);
    let prepared =
        wanted(arguments).and_then(|wanted| Ok((wanted, selecting::selected(arguments)?)));
    let (wanted, Selected { selection, changed }) = match prepared {
        Ok(prepared) => prepared,
        Err(found) => {
            site::impossible(&shell, &[*found]);
            return Exit::Unable;
        }
    };
    let base = selecting::base(&arguments.site.source, changed);
    let mut ran = site::check(&shell, &arguments.site, &selection);
    if let (Ok(run), true) = (&ran, arguments.drift) {
        return lock::drift::drift(&shell, &arguments.site.source, &run.built);
    }
    let movements = match &mut ran {
        Ok(run) if !run.built.stopped => compared(&mut run.built, &arguments.site.source),
        _ => Vec::new(),
    };
    if let (Ok(run), true) = (&mut ran, arguments.fail_fast) {
        first_only(&mut run.built.diagnostics, arguments.strict);
    }
    let report = Report { movements: &movements, ..report(&ran, arguments, &base) };
    talk(&shell, &report, &wanted);
    let written = write_reports(&shell, &report, &wanted);
    if let (Ok(run), true) = (&ran, arguments.site.profile) {
        site::profile(&shell, &run.times, None);
    }
    if let Err(failures) = &written {
        site::impossible(&shell, failures);
    }
    if report.exit != Exit::Unable {
        let (verb, text) = last_line(&report);
        shell.status(verb, &text);
    }
    if written.is_err() { Exit::Unable } else { report.exit }
}

/// Compares the scenarios that were judged with the lock: what is wrong joins the diagnostics.
fn compared(built: &mut Built, source: &Path) -> Vec<Movement> {
    let judged: BTreeSet<&str> = built
        .blocks
        .iter()
        .filter(|block| block.fate == Fate::Judged)
        .filter_map(|block| block.outcome.as_ref())
        .map(|outcome| outcome.id.as_str())
        .collect();
    let checked = lock::check(source, built, |id| judged.contains(id));
    built.diagnostics = lock::among(&built.diagnostics, checked.diagnostics);
    let moved = checked.moved.iter().flat_map(|moved| {
        moved.movements.iter().map(|movement| {
            let (old, new) = movement.shown();
            let measure = movement.measure();
            let (scenario, variant) = (moved.id.clone(), movement.variant.clone());
            Movement { scenario, variant, measure, old, new }
        })
    });
    moved.collect()
}

/// What is to be told of a run, or of what made it impossible.
fn report<'a>(
    ran: &'a Result<Run, Vec<Diagnostic>>,
    arguments: &'a CheckArguments,
    base: &'a Base,
) -> Report<'a> {
    let empty = Report {
        diagnostics: &[],
        blocks: &[],
        movements: &[],
        counts: Counts::default(),
        exit: Exit::Unable,
        strict: arguments.strict,
        stopped: false,
        seconds: None,
        folder: &arguments.site.source,
        base,
    };
    let Run { built, seconds, .. } = match ran {
        Ok(run) => run,
        Err(diagnostics) => return Report { diagnostics, ..empty },
    };
    let report = Report {
        diagnostics: &built.diagnostics,
        blocks: &built.blocks,
        counts: built.counts,
        stopped: built.stopped,
        seconds: (!arguments.no_times).then_some(*seconds),
        ..empty
    };
    let fails = report.diagnostics.iter().any(|found| report.fails(found));
    Report { exit: if fails { Exit::Broken } else { Exit::Success }, ..report }
}

/// Keeps the first of what makes the check fail, and nothing else, if anything does.
fn first_only(diagnostics: &mut Vec<Diagnostic>, strict: bool) {
    let fails = |found: &Diagnostic| strict || found.severity() == Severity::Error;
    if let Some(at) = diagnostics.iter().position(fails) {
        diagnostics.swap(0, at);
        diagnostics.truncate(1);
    }
}

/// The reports that are asked for. One at most goes to standard output.
fn wanted(arguments: &CheckArguments) -> Result<Vec<Wanted>, Box<Diagnostic>> {
    let mut wanted = arguments.formats.clone();
    if arguments.json {
        wanted.push(Wanted { format: Format::Json, file: None });
    }
    if wanted.is_empty() {
        wanted.push(Wanted { format: Format::Human, file: None });
    }
    let mut printed = wanted.iter_mut().filter(|wanted| wanted.file.is_none());
    let first = printed.next();
    if printed.next().is_some() {
        let message = "only one report can go to standard output";
        let hint = "give the others a file: `--format junit=report.xml`";
        return Err(Box::new(Diagnostic::new(BAD_ARGUMENT, message).hint(hint)));
    }
    match (first, &arguments.output) {
        (Some(first), Some(file)) => first.file = Some(file.clone()),
        (None, Some(file)) => {
            let message = format!("nothing is left to be written to `{}`", file.display());
            let hint = "every `--format` has a file already";
            return Err(Box::new(Diagnostic::new(BAD_ARGUMENT, message).hint(hint)));
        }
        _ => {}
    }
    Ok(wanted)
}

/// Frames for people on standard error; without those that the report for GitHub shows in its
/// groups.
fn talk(shell: &Shell, report: &Report<'_>, wanted: &[Wanted]) {
    let printed = |format| wanted.iter().any(|w| w.format == format && w.file.is_none());
    let grouped = if printed(Format::Github) { github::grouped(report) } else { BTreeSet::new() };
    let is_shown = |found: &&Diagnostic| {
        (report.fails(found) || !shell.is_quiet()) && !grouped.contains(github::path(found))
    };
    let shown: Vec<Diagnostic> = report.diagnostics.iter().filter(is_shown).cloned().collect();
    let shown = from_here(&shown, report.folder, shell.style());
    shell.error_text(&frames(&shown, shell.style()));
}

/// Writes all reports.
///
/// # Errors
/// A diagnostic for each that couldn't be written.
fn write_reports(
    shell: &Shell,
    report: &Report<'_>,
    wanted: &[Wanted],
) -> Result<(), Vec<Diagnostic>> {
    let mut failures = Vec::new();
    for Wanted { format, file } in wanted {
        let text = match format {
            Format::Human if file.is_none() => continue,
            Format::Human => Ok(human(report)),
            Format::Github => Ok(github::report(report)),
            Format::Junit => junit::report(report),
            Format::Sarif => Ok(sarif::report(report)),
            Format::Json => Ok(json::report(report)),
        };
        let written = match (text, file) {
            (Ok(text), Some(file)) => fs::write(file, text),
            (Ok(text), None) => {
                shell.data(&text);
                Ok(())
            }
            (Err(error), _) => Err(error),
        };
        if let Err(error) = written {
            let name = file.as_deref().unwrap_or(Path::new("standard output"));
            failures.push(unwritable(name, &error));
        }
    }
    let is_github = wanted.iter().any(|wanted| wanted.format == Format::Github);
    let file = std::env::var_os(SUMMARY_VARIABLE).filter(|file| is_github && !file.is_empty());
    if let Some(file) = file {
        let file = Path::new(&file);
        if let Err(error) = append(file, &summary::report(report)) {
            failures.push(unwritable(file, &error));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures) }
}

/// A step's commands share one file.
fn append(file: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).open(file)?.write_all(text.as_bytes())
}

fn unwritable(file: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("the report can't be written to `{}`", file.display());
    Diagnostic::new(UNWRITABLE, message).note(error.to_string())
}

/// The report for people, as it stands in a file.
fn human(report: &Report<'_>) -> String {
    let style = Style { all: true, ..Style::of_files() };
    let (verb, text) = last_line(report);
    let shown = from_here(report.diagnostics, report.folder, style);
    format!("{}{verb} {text}\n", frames(&shown, style))
}

/// The last line: a verb, and what came of it.
fn last_line(report: &Report<'_>) -> (&'static str, String) {
    let counts = report.counts;
    let (errors, warnings) = report.totals();
    let mut text = report.held();
    let left_out = [(counts.unselected, "not selected"), (counts.stopped, "not run")];
    let left_out = left_out.iter().filter(|(count, _)| *count > 0);
    let left_out: Vec<String> = left_out.map(|(count, why)| format!("{count} {why}")).collect();
    if !left_out.is_empty() {
        text.push_str(&format!(" ({})", left_out.join(", ")));
    }
    text.push_str(&format!(", {} and {}", counted(errors, "error"), counted(warnings, "warning")));
    if let Some(seconds) = report.seconds {
        text.push_str(&format!(" in {seconds:.2}s"));
    }
    if report.stopped {
        return ("Stopped", format!("at the first error: {text}"));
    }
    if counts.pages == 0 && counts.unselected > 0 {
        return ("Checked", text);
    }
    ("Checked", format!("{}: {text}", counted(counts.pages, "page")))
}
