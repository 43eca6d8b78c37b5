//! Tera's errors as diagnostics in the author's file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tera::{ErrorKind, ReportError};

use super::outline::Outline;
use super::{BUILT_IN, CIRCLE, MISSING_BLOCK, RENDERING, SYNTAX, UNKNOWN_NAME};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::span::{Place, Source};

/// The site's templates by name.
type Sources = BTreeMap<String, Arc<Source>>;

/// One report in the text that Tera gives where it gives no data.
#[derive(Debug, PartialEq, Eq)]
struct Report {
    message: String,
    file: String,
    line: usize,
    column: usize,
    width: usize,
}

/// The site's templates that an error at loading speaks of, each with what to say of it.
pub fn while_loading(
    error: &tera::Error,
    sources: &Sources,
    outlines: &BTreeMap<String, Outline>,
) -> Vec<(String, Diagnostic)> {
    match error.kind() {
        ErrorKind::SyntaxError(report) => sources
            .get(report.filename())
            .map(|source| {
                let place = Place::new(source, report.span().range.clone());
                let diagnostic = from_message(SYNTAX, report.message()).at(place);
                let hint = "a literal `{{`, `{%` or `{#` stands between `{% raw %}` and \
                    `{% endraw %}`";
                (report.filename().to_owned(), diagnostic.hint(hint))
            })
            .into_iter()
            .collect(),
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            circle(tpl, inheritance_chain, sources, outlines).into_iter().collect()
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            circle(tpl, include_chain, sources, outlines).into_iter().collect()
        }
        ErrorKind::MissingParent { current, parent } => {
            let missing = missing_parent(current, parent, sources, outlines);
            missing.into_iter().collect()
        }
        ErrorKind::Msg(text) => from_text(text, sources, outlines),
        _ => Vec::new(),
    }
}

/// Errors that come as text: reports with a place, or a sentence that names templates.
fn from_text(
    text: &str,
    sources: &Sources,
    outlines: &BTreeMap<String, Outline>,
) -> Vec<(String, Diagnostic)> {
    let mut found: BTreeMap<String, Diagnostic> = BTreeMap::new();
    for report in reports(text) {
        let Some(source) = sources.get(&report.file) else { continue };
        let place = Place::new(source, bytes(source, report.line, report.column, report.width));
        let diagnostic = from_message(UNKNOWN_NAME, &report.message).at(place.clone());
        let diagnostic = match known_names(&report.message, outlines) {
            Some((name, known)) => suggest(diagnostic, &name, &known),
            None => diagnostic,
        };
        found.entry(report.file).or_insert(diagnostic);
    }
    if found.is_empty() {
        for (name, source) in sources.iter().filter(|(name, _)| text.contains(&format!("`{name}`")))
        {
            let diagnostic = from_message(UNKNOWN_NAME, text).at(Place::start_of(source));
            found.insert(name.clone(), diagnostic);
        }
    }
    found.into_iter().collect()
}

/// The name that a message says is unknown, and the names of its kind that bogi adds or loads.
fn known_names(
    message: &str,
    outlines: &BTreeMap<String, Outline>,
) -> Option<(String, Vec<String>)> {
    let name = message.split('`').nth(1)?.to_owned();
    let known = if message.starts_with("Unknown template") {
        template_names(outlines)
    } else if message.starts_with("Unknown filter") {
        FILTERS.iter().map(|&filter| filter.to_owned()).collect()
    } else {
        return None;
    };
    Some((name, known))
}

/// Filters that templates use most, for a "did you mean": ours, then Tera's.
const FILTERS: [&str; 27] = [
    "relative_url",
    "absolute_url",
    "url_component",
    "date_long",
    "date_short",
    "date_day",
    "date_machine",
    "strip_html",
    "shorten",
    "readable",
    "fill",
    "json",
    "safe",
    "default",
    "upper",
    "lower",
    "escape",
    "trim",
    "replace",
    "capitalize",
    "truncate",
    "length",
    "first",
    "last",
    "join",
    "sort",
    "group_by",
];

fn suggest(diagnostic: Diagnostic, name: &str, known: &[String]) -> Diagnostic {
    match closest(name, known.iter().map(String::as_str)) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

fn template_names(outlines: &BTreeMap<String, Outline>) -> Vec<String> {
    outlines.keys().map(|name| name.strip_prefix(BUILT_IN).unwrap_or(name).to_owned()).collect()
}

fn missing_parent(
    current: &str,
    parent: &str,
    sources: &Sources,
    outlines: &BTreeMap<String, Outline>,
) -> Option<(String, Diagnostic)> {
    let source = sources.get(current)?;
    let range = outlines.get(current).and_then(|outline| outline.parent.as_ref());
    let range = range.map_or(0..0, |(_, range)| range.clone());
    let diagnostic =
        Diagnostic::new(UNKNOWN_NAME, format!("there is no template `{parent}` to extend"))
            .at(Place::new(source, range));
    Some((current.to_owned(), suggest(diagnostic, parent, &template_names(outlines))))
}

/// A circle is told at the site's first template in it, at the tag that leads on.
fn circle(
    start: &str,
    chain: &[String],
    sources: &Sources,
    outlines: &BTreeMap<String, Outline>,
) -> Option<(String, Diagnostic)> {
    let all: Vec<&str> = std::iter::once(start).chain(chain.iter().map(String::as_str)).collect();
    let name = all.iter().find(|name| sources.contains_key(**name))?;
    let source = sources.get(*name)?;
    let outline = outlines.get(*name)?;
    let targets = outline.parent.iter().chain(&outline.includes);
    let leads_on = |target: &str| {
        all.iter().any(|name| *name == target || name.strip_prefix(BUILT_IN) == Some(target))
    };
    let range = targets.clone().find(|(target, _)| leads_on(target));
    let range = range.map_or(0..0, |(_, range)| range.clone());
    let mut way: Vec<&str> = Vec::new();
    for name in all.iter().copied() {
        if way.last() != Some(&name) {
            way.push(name);
        }
    }
    let message = format!("template `{name}` leads back to itself");
    let diagnostic = Diagnostic::new(CIRCLE, message)
        .at(Place::new(source, range))
        .note(format!("the way is `{}`", way.join("` → `")))
        .hint(format!("`{BUILT_IN}{name}` names the built-in template of the same name"));
    Some(((*name).to_owned(), diagnostic))
}

/// What to say of a template that fails while it shows a page; `source` is the site's file, `None`
/// for a template of bogi's own.
pub fn while_rendering(report: &ReportError, source: Option<&Arc<Source>>) -> Diagnostic {
    let Some(source) = source else {
        let name = report.filename().strip_prefix(BUILT_IN).unwrap_or(report.filename());
        let (line, column) = (report.span().start_line, report.span().start_col + 1);
        return from_message(RENDERING, report.message())
            .note(format!("in the built-in template `{name}`, line {line}, column {column}"));
    };
    let place = Place::new(source, report.span().range.clone());
    let diagnostic = from_message(RENDERING, report.message()).at(place);
    let (_, names) = parts(report.message());
    let Some(missing) = report.message().split('`').nth(1) else { return diagnostic };
    if names.is_empty() {
        return diagnostic;
    }
    let diagnostic = match closest(missing, names.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic,
    };
    let field = report.message().starts_with("Field");
    let holder = if field { "page." } else { "" };
    let example = format!("`{{% if {holder}{missing} %}}…{{% endif %}}`");
    diagnostic.hint(format!("what not every page has goes inside {example}"))
}

/// What to say of a block that a template of the site lacks.
pub fn missing_block(source: &Arc<Source>, block: &str, filled_by: &str) -> Diagnostic {
    Diagnostic::new(MISSING_BLOCK, format!("template has no block `{block}`"))
        .at(Place::start_of(source))
        .note(format!("`{filled_by}` fills it, and what it puts there isn't shown"))
        .hint(format!("add `{{% block {block} %}}{{% endblock %}}` where it belongs"))
}

/// A diagnostic with Tera's words as bogi's messages are written, the lists of names left out.
fn from_message(code: Code, message: &str) -> Diagnostic {
    Diagnostic::new(code, plain_message(parts(message).0))
}

/// The first line of a message, lower case at its beginning, without a full stop.
pub fn plain_message(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim();
    let line = line.strip_prefix("error: ").unwrap_or(line).trim_end_matches('.');
    let mut chars = line.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => "template can't be used".to_owned(),
    }
}

/// A message without its list of names, and the names.
fn parts(message: &str) -> (&str, Vec<&str>) {
    for mark in [" Available fields: ", " Available variables: "] {
        if let Some((before, names)) = message.split_once(mark) {
            return (before, names.split(", ").collect());
        }
    }
    (message, Vec::new())
}

/// Reads reports of the form `error: …`, ` --> file:line:column`, … ` | ^^^`.
fn reports(text: &str) -> Vec<Report> {
    let mut all: Vec<Report> = Vec::new();
    let mut message = "";
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("error: ") {
            message = rest;
        } else if let Some(place) = line.trim_start().strip_prefix("--> ") {
            let mut parts = place.rsplitn(3, ':');
            let number = |part: Option<&str>| part.and_then(|part| part.parse().ok()).unwrap_or(1);
            let column = number(parts.next());
            let line = number(parts.next());
            let file = parts.next().unwrap_or_default().to_owned();
            all.push(Report { message: message.to_owned(), file, line, column, width: 0 });
        } else if let Some(report) = all.last_mut()
            && report.width == 0
            && line.trim_start().starts_with('|')
        {
            report.width = line.matches('^').count();
        }
    }
    all
}

/// The bytes of a stretch given by line and column, both from 1, counted in characters.
fn bytes(source: &Source, line: usize, column: usize, width: usize) -> Range<usize> {
    let text = source.text();
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let offset = |count: usize| rest.char_indices().nth(count).map_or(rest.len(), |(at, _)| at);
    let first = column.saturating_sub(1);
    start + offset(first)..start + offset(first + width.max(1))
}
