//! Reports for GitHub Actions: workflow commands that become annotations at the lines of a pull
//! request, and frames in groups that are folded in the log.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::human::{Style, counted, frames};
use super::region::{Columns, Region};
use super::{Report, details};
use crate::diagnostic::{Diagnostic, Severity};

/// How many annotations of a kind GitHub shows of one step; it drops the rest without a word.
pub const ANNOTATIONS_MAX: usize = 10;
/// How many further diagnostics of its note an annotation lists.
const LISTED_MAX: usize = 20;

/// The report: a folded group for each note with errors, the annotations, and a last notice if some
/// had no place among them.
pub fn report(report: &Report<'_>) -> String {
    let mut out = String::new();
    write_groups(report, &mut out);
    let mut hidden = [0, 0];
    for (at, is_error) in [true, false].into_iter().enumerate() {
        let of_kind = report.diagnostics.iter().filter(|found| report.fails(found) == is_error);
        let (annotations, left_out) = chosen(report, of_kind.collect());
        hidden[at] = left_out;
        for (first, more) in annotations {
            write_annotation(report, first, &more, &mut out);
        }
    }
    if hidden != [0, 0] {
        let hidden =
            format!("{} and {}", counted(hidden[0], "error"), counted(hidden[1], "warning"));
        let _ = writeln!(
            out,
            "::notice title=bogi check::{} more not shown here: the log of this step has more",
            data(&hidden),
        );
    }
    out
}

/// The path that a diagnostic belongs to; empty for none.
pub fn path(found: &Diagnostic) -> &str {
    found.place.as_ref().map_or("", |place| place.source().path())
}

/// The paths of the notes whose frames stand in groups: those with something that fails.
pub fn grouped<'a>(report: &Report<'a>) -> BTreeSet<&'a str> {
    report.diagnostics.iter().filter(|found| report.fails(found)).map(path).collect()
}

/// Notes with their diagnostics, in the order of the given ones; notes that changed first.
fn by_note<'a>(
    report: &Report<'_>,
    found: Vec<&'a Diagnostic>,
) -> Vec<(&'a str, Vec<&'a Diagnostic>)> {
    let mut notes: BTreeMap<(bool, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for found in found {
        let path = path(found);
        let key = (!report.base.changed.contains(path), path);
        notes.entry(key).or_default().push(found);
    }
    notes.into_iter().map(|((_, path), found)| (path, found)).collect()
}

/// What is annotated: each diagnostic alone where GitHub shows them all, else one of each note with
/// the others of it; and how many are in no annotation.
fn chosen<'a>(
    report: &Report<'_>,
    found: Vec<&'a Diagnostic>,
) -> (Vec<(&'a Diagnostic, Vec<&'a Diagnostic>)>, usize) {
    let fit = found.len() <= ANNOTATIONS_MAX;
    let notes = by_note(report, found).into_iter().map(|(_, found)| found);
    if fit {
        return (notes.flatten().map(|found| (found, Vec::new())).collect(), 0);
    }
    let mut annotations = Vec::new();
    let mut hidden = 0;
    for found in notes {
        let mut found = found.into_iter();
        let Some(first) = found.next() else { continue };
        if annotations.len() == ANNOTATIONS_MAX {
            hidden += 1 + found.len();
            continue;
        }
        let more: Vec<&Diagnostic> = found.by_ref().take(LISTED_MAX).collect();
        hidden += found.len();
        annotations.push((first, more));
    }
    (annotations, hidden)
}

fn write_annotation(
    report: &Report<'_>,
    found: &Diagnostic,
    more: &[&Diagnostic],
    out: &mut String,
) {
    out.push_str(if report.fails(found) { "::error " } else { "::warning " });
    if let Some(place) = &found.place {
        let region = Region::of(place, Columns::Characters);
        let _ = write!(out, "file={},line={}", property(&report.path(place)), region.line);
        // GitHub takes columns only where the end is in the same line.
        if region.line == region.end_line {
            let Region { column, end_line, end_column, .. } = region;
            let _ = write!(out, ",col={column},endLine={end_line},endColumn={end_column}");
        } else {
            let _ = write!(out, ",endLine={}", region.end_line);
        }
        out.push(',');
    }
    let title = format!("{}: {}", found.code.0, found.message);
    let mut lines = details(found);
    if lines.is_empty() {
        lines.push(found.message.clone());
    }
    lines.extend(found.related.iter().map(|related| {
        let (line, _) = related.place.line_column();
        format!("{}:{line}: {}", report.path(&related.place), related.label)
    }));
    lines.extend(more.iter().map(|found| {
        let line = found.place.as_ref().map_or(0, |place| place.line_column().0);
        format!("also in line {line}: {}: {}", found.code.0, found.message)
    }));
    let _ = writeln!(out, "title={}::{}", property(&title), data(&lines.join("\n")));
}

/// The frames of each note that has errors, folded. Between the two `stop-commands` nothing that an
/// author wrote is taken for a command.
fn write_groups(report: &Report<'_>, out: &mut String) {
    let failing = grouped(report);
    let of_failing = report.diagnostics.iter().filter(|found| failing.contains(&path(found)));
    for (path, found) in by_note(report, of_failing.collect()) {
        let name = if path.is_empty() { "the site" } else { path };
        let prefix = if path.is_empty() { "" } else { report.base.prefix.as_str() };
        let is_error = |found: &&&Diagnostic| found.severity() == Severity::Error;
        let errors = found.iter().filter(is_error).count();
        let counts = format!(
            "{} and {}",
            counted(errors, "error"),
            counted(found.len() - errors, "warning")
        );
        let found: Vec<Diagnostic> = found.into_iter().cloned().collect();
        let frames = frames(&found, Style::of_files());
        let frames = frames.trim_end();
        let token = blake3::hash(frames.as_bytes()).to_hex();
        let _ = writeln!(out, "::group::{}", data(&format!("{prefix}{name}: {counts}")));
        let _ = writeln!(out, "::stop-commands::{token}\n{frames}\n::{token}::\n::endgroup::");
    }
}

/// Text behind the second `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::exit::Exit;
    use crate::command::report::Base;
    use crate::diagnostic::Code;
    use crate::pipeline::Counts;
    use crate::span::{Place, Source};

    fn printed(diagnostics: &[Diagnostic], base: &Base) -> String {
        report(&Report {
            diagnostics,
            blocks: &[],
            movements: &[],
            counts: Counts::default(),
            exit: Exit::Broken,
            strict: false,
            stopped: false,
            seconds: None,
            folder: std::path::Path::new("."),
            base,
        })
    }

    fn annotations(printed: &str, kind: &str) -> Vec<String> {
        let start = format!("::{kind} ");
        printed.lines().filter(|line| line.starts_with(&start)).map(str::to_owned).collect()
    }

    fn error(path: &str, text: &str) -> Diagnostic {
        let source = Source::new(path, text);
        Diagnostic::new(Code("E0107"), "no").at(Place::new(&source, 0..1))
    }

    #[test]
    fn what_would_end_a_property_or_a_line_is_escaped() {
        let source = Source::new("posts/a, b: 100%.md", "한글 x\n");
        let found = Diagnostic::new(Code("E0107"), "50%: a, b")
            .at(Place::new(&source, 7..8))
            .label("one\r\ntwo");
        let base = Base { prefix: "docs/".to_owned(), ..Base::default() };
        let expected = "::error file=docs/posts/a%2C b%3A 100%25.md,line=1,col=4,endLine=1,\
                        endColumn=5,title=E0107%3A 50%25%3A a%2C b::one%0D%0Atwo";
        assert_eq!(annotations(&printed(&[found], &base), "error"), [expected]);
    }

    #[test]
    fn past_ten_errors_each_note_has_one_and_the_rest_is_counted() {
        let mut found: Vec<Diagnostic> =
            (0..15).map(|at| error(&format!("{at:02}.md"), "x")).collect();
        found.push(error("14.md", "x"));
        let base = Base { changed: ["14.md".to_owned()].into(), ..Base::default() };
        let printed = printed(&found, &base);
        let errors = annotations(&printed, "error");
        assert_eq!(errors.len(), ANNOTATIONS_MAX);
        assert!(errors[0].contains("file=14.md") && errors[0].contains("also in line 1"));
        let notices = annotations(&printed, "notice");
        assert_eq!(notices.len(), 1);
        assert!(notices[0].contains("5 errors and 0 warnings"), "{notices:?}");
    }

    #[test]
    fn what_authors_write_is_no_command() {
        let found = error("a.md", "::error::gotcha\n");
        let printed = printed(&[found], &Base::default());
        let stop = printed.find("::stop-commands::").unwrap();
        let token = printed[stop + "::stop-commands::".len()..].lines().next().unwrap();
        let end = printed.find(&format!("\n::{token}::\n")).unwrap();
        let at = printed.find("::error::gotcha").unwrap();
        assert!((stop..end).contains(&at));
    }
}
