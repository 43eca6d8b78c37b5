//! What the compiler says, in the author's words and at the author's place.

use std::ops::Range;

use codemap::SpanLoc;

use super::Sheet;
use super::engine::{MAX_SELECTORS, MAX_STEPS, Stop};
use super::library::Library;
use super::scan::{MAX_DEPTH, MAX_OPERATORS, TooDeep};
use super::tree::MAX_BLOCKS;
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::span::Place;

/// A sheet that isn't Sass, or asks for what can't be computed.
pub const WRONG: Code = Code("E0801");

/// A variable, mixin or function that nothing defines.
pub const UNDEFINED: Code = Code("E0802");

/// An import that no file answers.
pub const MISSING: Code = Code("E0803");

/// A file that imports itself, directly or through others.
pub const LOOP: Code = Code("E0804");

/// A sheet that runs too long, too deep or too wide.
pub const ENDLESS: Code = Code("E0805");

/// A sheet at which the compiler itself fails.
pub const FAILED: Code = Code("E0806");

/// What a sheet says with `@warn`.
pub const WARNED: Code = Code("W0807");

/// The author's place of what the compiler points at.
fn place(location: &SpanLoc, sheet: &Sheet<'_>, library: &Library<'_>) -> Option<Place> {
    let number = library.number_of(location.file.name())?;
    library.with_text(number, |text| {
        let offset = |at: codemap::LineCol| offset_of(&text.prepared.text, at);
        let start = text.prepared.original(offset(location.begin));
        let end = text.prepared.original(offset(location.end)).max(start);
        let inside = text.text.get(start..end).unwrap_or("").trim_end();
        text.place(sheet.text, start..start + inside.len())
    })
}

/// The byte offset of a line and column from 0; a column counts characters.
fn offset_of(text: &str, at: codemap::LineCol) -> usize {
    let start = if at.line == 0 {
        0
    } else {
        text.match_indices('\n').nth(at.line - 1).map_or(text.len(), |(found, _)| found + 1)
    };
    let line = &text[start..];
    line.char_indices().nth(at.column).map_or(text.len(), |(found, _)| start + found)
}

/// The diagnostic for an error of the compiler's.
pub(super) fn from_compiler(
    error: grass::Error,
    sheet: &Sheet<'_>,
    library: Library<'_>,
) -> Box<Diagnostic> {
    let (message, location) = match error.kind() {
        grass::ErrorKind::ParseError { message, loc, .. } => (message, loc),
        other => {
            let message = format!("the style sheet can't be read: {other:?}");
            return Box::new(Diagnostic::new(FAILED, message).at(sheet.text.locate(0..0)));
        }
    };
    let place = place(&location, sheet, &library);
    let named = place.as_ref().map_or("", Place::text).trim().to_owned();
    let diagnostic = match message.as_str() {
        "Undefined variable." => undefined_variable(&named, &library),
        "Undefined mixin." => Diagnostic::new(UNDEFINED, "there is no mixin with this name")
            .label(format!("`{}`", first_line(&named)))
            .hint("define it with `@mixin` above, or import the file that does"),
        "Undefined function." => Diagnostic::new(UNDEFINED, "there is no function with this name")
            .hint("define it with `@function` above, or import the file that does"),
        "Can't find stylesheet to import." => missing(&named, sheet),
        "This file is already being loaded." => {
            Diagnostic::new(LOOP, "a file imports itself, directly or through others")
                .label("this import closes the circle")
                .hint("move what both files need into a third one")
        }
        // What `@error` says is a value, and text among values has quotes.
        own if own.len() > 1 && own.starts_with('"') && own.ends_with('"') => {
            let message = format!("the style sheet gives up: {}", own.trim_matches('"'));
            Diagnostic::new(WRONG, message).note("this is what its `@error` says")
        }
        _ => Diagnostic::new(
            WRONG,
            format!("the style sheet can't be compiled: {}", plain(&message)),
        ),
    };
    let line = place.as_ref().map_or("", line_around);
    let liquid = line.contains("{{") || line.contains("{%");
    let diagnostic = diagnostic.at(place.clone().or_else(|| sheet.text.locate(0..0)));
    Box::new(if liquid {
        diagnostic.hint("Liquid runs in a sheet with front matter, not in what it imports")
    } else {
        diagnostic
    })
}

/// The line of the author's file that a place begins on.
fn line_around(place: &Place) -> &str {
    let text = place.source().text();
    let start = place.range().start;
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    text[from..].lines().next().unwrap_or("")
}

fn undefined_variable(name: &str, library: &Library<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(UNDEFINED, format!("there is no variable `{name}` here"));
    let known = library.variables();
    match closest(name, known.iter().map(String::as_str)) {
        Some(similar) if similar != name => diagnostic.hint(format!("did you mean `{similar}`?")),
        _ => diagnostic.hint("give it a value above, or import the file that does"),
    }
}

fn missing(named: &str, sheet: &Sheet<'_>) -> Diagnostic {
    let url = named.trim_matches(['"', '\'']);
    let folders: Vec<String> =
        sheet.load_paths.iter().map(|path| format!("`{}/`", path.trim_end_matches('/'))).collect();
    Diagnostic::new(MISSING, format!("there is no style sheet `{url}` to import"))
        .note(format!("looked beside the importing file and in {}", folders.join(", ")))
        .hint("an import names a file without `_` and without `.scss`")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

/// A message of the compiler's as our own are: lower case, no full stop, one line.
fn plain(message: &str) -> String {
    let message = message.trim().trim_end_matches('.').replace('\n', " ");
    let mut characters = message.chars();
    match characters.next() {
        Some(first) if !characters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => message,
    }
}

/// The diagnostic for a run that was stopped.
pub(super) fn stopped(
    stop: Stop,
    last: Option<SpanLoc>,
    sheet: &Sheet<'_>,
    library: Library<'_>,
) -> Box<Diagnostic> {
    if let Stop::TooDeep(number, deep) = stop {
        let place = library
            .with_text(number, |text| text.place(sheet.text, deep_range(deep)))
            .or_else(|| sheet.text.locate(0..0));
        return too_deep(place, deep);
    }
    let place = last.and_then(|last| place(&last, sheet, &library));
    let diagnostic = match stop {
        Stop::Depth => Diagnostic::new(ENDLESS, "a function or mixin calls itself without end")
            .label("the last step was made here")
            .hint("a recursion needs an `@if` that ends it"),
        Stop::Selectors => Diagnostic::new(
            ENDLESS,
            format!("nested lists of selectors multiply to more than {MAX_SELECTORS}"),
        )
        .label("inside this rule")
        .hint("name the innermost elements with a class, without the lists around them"),
        Stop::Steps | Stop::TooDeep(..) => Diagnostic::new(
            ENDLESS,
            format!("the style sheet doesn't come to an end within {MAX_STEPS} steps"),
        )
        .label("the last step was made here")
        .note("each run of a loop's body and each call of a mixin or function is a step")
        .hint("a `@while` needs a condition that becomes false"),
    };
    Box::new(diagnostic.at(place.or_else(|| sheet.text.locate(0..0))))
}

/// The range of one character where a text became too deep.
pub(super) fn deep_range(deep: TooDeep) -> Range<usize> {
    let (TooDeep::Nesting(at) | TooDeep::Operators(at)) = deep;
    at..at + 1
}

/// The diagnostic for a text that is nested too deep to be parsed.
pub(super) fn too_deep(place: Option<Place>, deep: TooDeep) -> Box<Diagnostic> {
    let message = match deep {
        TooDeep::Nesting(_) => {
            format!("more than {MAX_DEPTH} blocks or parentheses lie inside each other")
        }
        TooDeep::Operators(_) => format!("one value has more than {MAX_OPERATORS} operators"),
    };
    Box::new(Diagnostic::new(ENDLESS, message).at(place).hint("is a bracket left open above?"))
}

/// The diagnostic for CSS with too many blocks inside each other.
pub(super) fn too_nested(sheet: &Sheet<'_>) -> Box<Diagnostic> {
    let message = format!("the CSS has more than {MAX_BLOCKS} blocks inside each other");
    Box::new(
        Diagnostic::new(ENDLESS, message)
            .at(sheet.text.locate(0..0))
            .hint("look for a mixin that includes itself within an at-rule"),
    )
}

/// The diagnostic for a panic inside the compiler.
pub(super) fn given_up(
    reason: &str,
    last: Option<SpanLoc>,
    sheet: &Sheet<'_>,
    library: Library<'_>,
) -> Box<Diagnostic> {
    let place = last.and_then(|last| place(&last, sheet, &library));
    Box::new(
        Diagnostic::new(FAILED, "the Sass compiler fails at this style sheet")
            .at(place.or_else(|| sheet.text.locate(0..0)))
            .note(format!("it says: {}", plain(reason)))
            .note("what comes after the place shown is the cause, or what it calls"),
    )
}

/// The diagnostic for a machine without room for a thread.
pub(super) fn no_thread(error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(FAILED, format!("there is no room to compile a style sheet: {error}")))
}

/// What the sheet said with `@warn`.
pub(super) fn warnings(
    said: Vec<(SpanLoc, String)>,
    sheet: &Sheet<'_>,
    library: &Library<'_>,
) -> Vec<Diagnostic> {
    said.into_iter()
        .map(|(location, message)| {
            let message =
                format!("the style sheet warns: {}", first_line(message.trim_matches('"')));
            Diagnostic::new(WARNED, message).at(place(&location, sheet, library))
        })
        .collect()
}
