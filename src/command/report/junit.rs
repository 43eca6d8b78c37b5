//! Reports for CI servers that show tests: the XML of JUnit in the form that Jenkins reads, as
//! cargo-nextest writes it. A note is a suite, an expectation in a variant a case. The room of
//! `quick_xml`.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Case, Report, details, frame, in_block};
use crate::diagnostic::Diagnostic;
use crate::pipeline::simulate::{BlockOutcome, Fate};

/// Stands for a character that XML 1.0 can't hold.
const REPLACEMENT: char = '\u{FFFD}';

/// How a case ended.
enum End {
    Passed,
    /// Something doesn't hold: its kind, one line, and the frame.
    Failed {
        kind: String,
        message: String,
        text: String,
    },
    /// It could not be run at all; the same.
    Errored {
        kind: String,
        message: String,
        text: String,
    },
    /// It was not run, and why.
    Skipped(&'static str),
}

struct TestCase {
    name: String,
    seconds: f64,
    end: End,
}

/// What a note comes to.
#[derive(Default)]
struct Suite {
    cases: Vec<TestCase>,
    /// Frames of warnings, which fail nothing.
    said: Vec<String>,
}

/// The report.
///
/// # Errors
/// None that a text in memory gives; the type is the writer's.
pub fn report(report: &Report<'_>) -> io::Result<String> {
    let suites = suites(report);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases = || suites.values().flat_map(|suite| &suite.cases);
    let mut root = BytesStart::new("testsuites");
    root.push_attribute(("name", "bogi check"));
    push_counts(&mut root, cases(), report);
    writer.write_event(Event::Start(root))?;
    for (name, suite) in &suites {
        write_suite(&mut writer, name, suite, report)?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let mut out = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    out.push('\n');
    Ok(out)
}

/// The suites by the names of their notes.
fn suites(report: &Report<'_>) -> BTreeMap<String, Suite> {
    let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
    let mut told: BTreeSet<*const Diagnostic> = BTreeSet::new();
    for block in report.selected() {
        let cases = report.cases(block);
        told.extend(cases.iter().filter_map(|case| case.diagnostic.map(std::ptr::from_ref)));
        let suite = suites.entry(report.path(&block.place)).or_default();
        suite.cases.extend(scenario_cases(report, block, &cases, &mut told));
    }
    for found in report.diagnostics {
        if told.contains(&std::ptr::from_ref(found)) {
            continue;
        }
        let path = found.place.as_ref().map(|place| report.path(place));
        let suite = suites.entry(path.unwrap_or_else(|| "the site".to_owned())).or_default();
        if report.fails(found) {
            let name = format!("{}: {}", found.code.0, found.message);
            suite.cases.push(TestCase { name, seconds: 0.0, end: failed(found) });
        } else {
            suite.said.push(frame(found));
        }
    }
    suites.values_mut().for_each(number_same_names);
    suites
}

/// A server takes cases of one name for one case.
fn number_same_names(suite: &mut Suite) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in &mut suite.cases {
        let count = seen.entry(case.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            case.name.push_str(&format!(" ({count})"));
        }
    }
}

fn failed(found: &Diagnostic) -> End {
    End::Failed { kind: found.code.0.to_owned(), message: one_line(found), text: frame(found) }
}

fn one_line(found: &Diagnostic) -> String {
    match details(found).first().filter(|_| !found.label.is_empty()) {
        Some(label) => format!("{}: {label}", found.message),
        None => found.message.clone(),
    }
}

/// The cases of a scenario: its expectations; of one without any, or that didn't run, one case.
fn scenario_cases(
    report: &Report<'_>,
    block: &BlockOutcome,
    cases: &[Case<'_>],
    told: &mut BTreeSet<*const Diagnostic>,
) -> Vec<TestCase> {
    let id = block.id.clone().unwrap_or_else(|| "a scenario without an id".to_owned());
    let seconds = report.seconds.map_or(0.0, |_| block.nanoseconds as f64 / 1e9);
    let whole = |end| vec![TestCase { name: id.clone(), seconds, end }];
    match block.fate {
        Fate::Stopped => return whole(End::Skipped("an error before it ended the run")),
        Fate::Unselected => return whole(End::Skipped("it was not selected")),
        Fate::Failed => {
            let is_here = |found: &&Diagnostic| report.fails(found) && in_block(found, block);
            let found: Vec<&Diagnostic> = report.diagnostics.iter().filter(is_here).collect();
            told.extend(found.iter().map(|found| std::ptr::from_ref(*found)));
            let text = found.iter().map(|found| frame(found)).collect::<Vec<_>>().join("\n\n");
            let first = found.first();
            return whole(End::Errored {
                kind: first.map_or(String::new(), |found| found.code.0.to_owned()),
                message: first.map_or("the block has errors".to_owned(), |found| one_line(found)),
                text,
            });
        }
        Fate::Judged if cases.is_empty() => return whole(End::Passed),
        Fate::Judged => {}
    }
    // Each variant's time isn't known; the first case takes what the whole scenario took.
    let cases = cases.iter().enumerate().map(|(number, case)| TestCase {
        name: name(&id, case),
        seconds: if number == 0 { seconds } else { 0.0 },
        end: end(case),
    });
    cases.collect()
}

fn name(id: &str, case: &Case<'_>) -> String {
    let variant = case.variant.map(|variant| format!(" · {variant}")).unwrap_or_default();
    format!("{id}{variant} · {}", case.verdict.expression)
}

fn end(case: &Case<'_>) -> End {
    if case.verdict.holds {
        return End::Passed;
    }
    if let Some(found) = case.diagnostic {
        return failed(found);
    }
    let values = case.verdict.values.iter().map(|(part, value)| format!("{part} = {value}"));
    End::Failed {
        kind: String::new(),
        message: "expectation does not hold".to_owned(),
        text: values.collect::<Vec<_>>().join("\n"),
    }
}

fn write_suite(
    writer: &mut Writer<Vec<u8>>,
    name: &str,
    suite: &Suite,
    report: &Report<'_>,
) -> io::Result<()> {
    // Headings change, paths seldom; a dot would be taken for the end of a package's name.
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let class = stem.replace('.', "_").replace('/', ".");
    let mut start = BytesStart::new("testsuite");
    push(&mut start, "name", name);
    push_counts(&mut start, suite.cases.iter(), report);
    writer.write_event(Event::Start(start))?;
    for case in &suite.cases {
        write_case(writer, &class, case, report)?;
    }
    if !suite.said.is_empty() {
        write_text(writer, BytesStart::new("system-out"), &suite.said.join("\n\n"))?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
}

fn write_case(
    writer: &mut Writer<Vec<u8>>,
    class: &str,
    case: &TestCase,
    report: &Report<'_>,
) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    push(&mut start, "name", &case.name);
    push(&mut start, "classname", class);
    if report.seconds.is_some() {
        push(&mut start, "time", &format!("{:.3}", case.seconds));
    }
    let (tag, kind, message, text) = match &case.end {
        End::Passed => return writer.write_event(Event::Empty(start)),
        End::Skipped(why) => ("skipped", "", *why, ""),
        End::Failed { kind, message, text } => {
            ("failure", kind.as_str(), message.as_str(), text.as_str())
        }
        End::Errored { kind, message, text } => {
            ("error", kind.as_str(), message.as_str(), text.as_str())
        }
    };
    writer.write_event(Event::Start(start))?;
    let mut inner = BytesStart::new(tag);
    push(&mut inner, "message", message);
    if !kind.is_empty() {
        push(&mut inner, "type", kind);
    }
    if text.is_empty() {
        writer.write_event(Event::Empty(inner))?;
    } else {
        write_text(writer, inner, text)?;
    }
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

fn write_text(writer: &mut Writer<Vec<u8>>, start: BytesStart<'_>, text: &str) -> io::Result<()> {
    let end = start.to_end().into_owned();
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Text(BytesText::new(&allowed(text))))?;
    writer.write_event(Event::End(end))
}

fn push(start: &mut BytesStart<'_>, key: &str, value: &str) {
    start.push_attribute((key, allowed(value).as_str()));
}

fn push_counts<'a>(
    start: &mut BytesStart<'_>,
    cases: impl Iterator<Item = &'a TestCase> + Clone,
    report: &Report<'_>,
) {
    let count = |is: fn(&End) -> bool| cases.clone().filter(|case| is(&case.end)).count();
    push(start, "tests", &count(|_| true).to_string());
    push(start, "failures", &count(|end| matches!(end, End::Failed { .. })).to_string());
    push(start, "errors", &count(|end| matches!(end, End::Errored { .. })).to_string());
    push(start, "skipped", &count(|end| matches!(end, End::Skipped(_))).to_string());
    if report.seconds.is_some() {
        let seconds: f64 = cases.clone().map(|case| case.seconds).sum();
        push(start, "time", &format!("{seconds:.3}"));
    }
}

/// The text with what XML 1.0 can't hold replaced.
fn allowed(text: &str) -> String {
    let is_allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && c != '\u{FFFE}' && c != '\u{FFFF}')
    };
    text.chars().map(|c| if is_allowed(c) { c } else { REPLACEMENT }).collect()
}
