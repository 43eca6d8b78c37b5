//! The summary of a job on GitHub, in its Markdown: one line when all is well, else what is broken,
//! with both sides' values, and the measures that moved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::human::counted;
use super::{Case, Movement, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::pipeline::simulate::Fate;
use crate::span::Place;

/// The most bytes that GitHub takes of a step's summary; a longer one is dropped whole.
const SIZE_MAX: usize = 1024 * 1024;
/// What a summary says that was cut.
const CUT: &str = "\n_The rest did not fit here; the log of this step has more._\n";

/// What is wrong with a note.
#[derive(Default)]
struct Row {
    scenarios: usize,
    holding: usize,
    errors: usize,
    warnings: usize,
}

/// The summary.
pub fn report(report: &Report<'_>) -> String {
    let (errors, warnings) = report.totals();
    let counts = report.counts;
    let held = report.held();
    let fine = !report.diagnostics.iter().any(|found| report.fails(found));
    let mut out = String::new();
    let mark = if fine { "✅" } else { "❌" };
    let _ = write!(out, "{mark} **bogi check**: {}, {held}", counted(counts.pages, "page"));
    if errors + warnings > 0 {
        let _ = write!(out, ", {} and {}", counted(errors, "error"), counted(warnings, "warning"));
    }
    if report.stopped {
        let _ = write!(out, "; stopped at the first error");
    }
    out.push('\n');
    if !fine {
        write_notes(report, &mut out);
        write_broken(report, &mut out);
        write_others(report, &mut out);
    }
    write_moved(report.movements, &mut out);
    cut(out)
}

/// The notes that aren't fine.
fn write_notes(report: &Report<'_>, out: &mut String) {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for block in report.selected() {
        let row = rows.entry(report.path(&block.place)).or_default();
        row.scenarios += 1;
        let holds = block.outcome.as_ref().is_some_and(|outcome| outcome.holds());
        row.holding += usize::from(block.fate == Fate::Judged && holds);
    }
    for found in report.diagnostics {
        let path = found.place.as_ref().map_or_else(String::new, |place| report.path(place));
        let row = rows.entry(path).or_default();
        match found.severity() {
            Severity::Error => row.errors += 1,
            Severity::Warning => row.warnings += 1,
        }
    }
    out.push_str("\n| | scenarios | errors | warnings |\n| --- | ---: | ---: | ---: |\n");
    for (path, row) in rows.iter().filter(|(_, row)| row.errors + row.warnings > 0) {
        let Row { scenarios, holding, errors, warnings } = row;
        let name = if path.is_empty() { "the site" } else { path };
        let held =
            if *scenarios == 0 { String::new() } else { format!("{holding} of {scenarios}") };
        let _ = writeln!(out, "| {} | {held} | {errors} | {warnings} |", code(name));
    }
}

/// The expectations that don't hold.
fn write_broken(report: &Report<'_>, out: &mut String) {
    let cases: Vec<Case<'_>> = report
        .selected()
        .flat_map(|block| report.cases(block))
        .filter(|case| !case.verdict.holds)
        .collect();
    if cases.is_empty() {
        return;
    }
    out.push_str(
        "\n### Broken expectations\n\n| scenario | expectation | measured | where |\n\
         | --- | --- | --- | --- |\n",
    );
    for case in cases {
        let id = code(case.block.id.as_deref().unwrap_or_default());
        let variant = case.variant.map(|name| format!(" · {}", plain(name))).unwrap_or_default();
        let values = case.verdict.values.iter();
        let values = values.map(|(part, value)| format!("{} is {}", code(part), code(value)));
        let _ = writeln!(
            out,
            "| {id}{variant} | {} | {} | {} |",
            code(&case.verdict.expression),
            values.collect::<Vec<_>>().join("<br>"),
            link(report, case.place.unwrap_or(&case.block.place)),
        );
    }
}

/// All other errors.
fn write_others(report: &Report<'_>, out: &mut String) {
    let told: BTreeSet<*const Diagnostic> = report
        .selected()
        .flat_map(|block| report.cases(block))
        .filter_map(|case| case.diagnostic.map(std::ptr::from_ref))
        .collect();
    let is_other =
        |found: &&Diagnostic| report.fails(found) && !told.contains(&std::ptr::from_ref(*found));
    let others: Vec<&Diagnostic> = report.diagnostics.iter().filter(is_other).collect();
    if others.is_empty() {
        return;
    }
    out.push_str("\n### Other errors\n\n| code | what | where |\n| --- | --- | --- |\n");
    for found in others {
        let label = if found.label.is_empty() { "" } else { ": " };
        let what = format!("{}{label}{}", found.message, found.label);
        let at = found.place.as_ref().map(|place| link(report, place)).unwrap_or_default();
        let _ = writeln!(out, "| {} | {} | {at} |", found.code.0, plain(&what));
    }
}

/// The measures that moved since the lock was written.
fn write_moved(movements: &[Movement], out: &mut String) {
    if movements.is_empty() {
        return;
    }
    out.push_str(
        "\n### Measures that moved\n\n| scenario | measure | was | is |\n\
         | --- | --- | ---: | ---: |\n",
    );
    for movement in movements {
        let variant = movement.variant.as_deref();
        let variant = variant.map(|name| format!(" · {}", plain(name))).unwrap_or_default();
        let _ = writeln!(
            out,
            "| {}{variant} | {} | {} | {} |",
            code(&movement.scenario),
            code(&movement.measure),
            plain(&movement.old),
            plain(&movement.new),
        );
    }
}

/// A place as `file:line`, with an address where there is one.
fn link(report: &Report<'_>, place: &Place) -> String {
    let (line, _) = place.line_column();
    let path = report.path(place);
    let name = plain(&format!("{path}:{line}"));
    match &report.base.link {
        Some(base) => {
            let path = super::sarif::uri(&path);
            format!("[{name}]({base}{path}?plain=1#L{line})")
        }
        None => name,
    }
}

/// Text in a table's cell as it is.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text in a table's cell as code. HTML rather than back-ticks, between which a bar can't stand.
fn code(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let text = text.replace('|', "&#124;").replace(['\n', '\r'], " ");
    // What Markdown would take for its own between the tags.
    let text = text.replace('*', "&#42;").replace('_', "&#95;").replace('`', "&#96;");
    let text = text.replace('[', "&#91;").replace('~', "&#126;").replace('\\', "&#92;");
    format!("<code>{text}</code>")
}

/// The text, cut at the end of a line if GitHub wouldn't take it whole.
fn cut(mut text: String) -> String {
    if text.len() <= SIZE_MAX {
        return text;
    }
    let mut end = SIZE_MAX - CUT.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').map_or(end, |at| at + 1);
    text.truncate(end);
    text.push_str(CUT);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_between_rows_and_says_so() {
        let row = "| 가나다 | x |\n";
        let cut = cut(row.repeat(SIZE_MAX / row.len() + 10));
        assert!(cut.len() <= SIZE_MAX);
        assert!(cut.ends_with(&format!("{row}{CUT}")));
    }

    #[test]
    fn cells_hold_whatever_an_author_writes() {
        assert_eq!(plain("a|b\n<c>"), "a\\|b &lt;c>");
        assert_eq!(code("a || b < c"), "<code>a &#124;&#124; b &lt; c</code>");
    }
}
