//! Diagnostics as frames for people: the author's line, the mistake underlined, a way out. The room
//! of `annotate-snippets`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Component, Path};
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::span::{Place, Source};

/// How many frames are drawn; the rest is counted.
pub const FRAMES_MAX: usize = 20;
/// The width that frames in files are cut to, in columns.
pub const WIDTH_OF_FILES: usize = 140;
/// How many bytes of a line are shown at most around a mistake.
const LINE_WINDOW: usize = 400;

/// How frames are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether colours may be used.
    pub colour: bool,
    /// The terminal's width in columns.
    pub width: usize,
    /// Whether all frames are drawn, however many.
    pub all: bool,
    /// Whether Jekyll's own words are shown, too (`--trace`).
    pub originals: bool,
}

impl Style {
    /// How frames are drawn that don't go to a terminal.
    pub fn of_files() -> Self {
        Self { colour: false, width: WIDTH_OF_FILES, all: false, originals: false }
    }
}

/// The frames of sorted diagnostics, errors and warnings alike, with a blank line between them.
pub fn frames(diagnostics: &[Diagnostic], style: Style) -> String {
    let shown = shown(diagnostics, style);
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width).decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for diagnostic in &diagnostics[..shown] {
        out.push_str(&renderer.render(&[group(diagnostic, style.originals)]));
        out.push_str("\n\n");
    }
    let hidden = &diagnostics[shown..];
    if !hidden.is_empty() {
        let errors = hidden.iter().filter(|hidden| hidden.severity() == Severity::Error).count();
        let _ = writeln!(
            out,
            "and {} more: {} and {} (`--all` shows them)\n",
            hidden.len(),
            counted(errors, "error"),
            counted(hidden.len() - errors, "warning"),
        );
    }
    out
}

/// The diagnostics with the paths of their files as the user stands, who named the site's folder
/// so. Only for as many as are shown are the texts copied.
pub fn from_here(diagnostics: &[Diagnostic], folder: &Path, style: Style) -> Vec<Diagnostic> {
    let here = folder.components().all(|part| part == Component::CurDir);
    let shown = if here { 0 } else { shown(diagnostics, style) };
    let mut sources: BTreeMap<String, Arc<Source>> = BTreeMap::new();
    let mut moved = |place: &mut Place| {
        let old = place.source();
        let path = folder.join(old.path()).to_string_lossy().replace('\\', "/");
        let new = sources.entry(path.clone()).or_insert_with(|| Source::new(path, old.text()));
        *place = Place::new(new, place.range());
    };
    let mut diagnostics = diagnostics.to_vec();
    for found in diagnostics.iter_mut().take(shown) {
        found.place.iter_mut().for_each(&mut moved);
        found.related.iter_mut().for_each(|related| moved(&mut related.place));
    }
    diagnostics
}

/// How many diagnostics get a frame.
fn shown(diagnostics: &[Diagnostic], style: Style) -> usize {
    if style.all { diagnostics.len() } else { FRAMES_MAX.min(diagnostics.len()) }
}

/// `1 error`, `2 errors`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn group(diagnostic: &Diagnostic, originals: bool) -> Group<'_> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group =
        Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.0));
    if let Some(place) = &diagnostic.place {
        group = group.element(snippet(place, AnnotationKind::Primary, &diagnostic.label));
    }
    for related in &diagnostic.related {
        group = group.element(snippet(&related.place, AnnotationKind::Context, &related.label));
    }
    let notes = diagnostic.notes.iter().map(|note| Level::NOTE.message(note.as_str()));
    let hints =
        diagnostic.hints.iter().map(|hint| Level::HELP.with_name("hint").message(hint.as_str()));
    let original = diagnostic.original.iter().filter(|_| originals);
    let original = original.map(|words| Level::NOTE.with_name("jekyll").message(words.as_str()));
    group.elements(notes.chain(hints).chain(original))
}

fn snippet<'a>(
    place: &'a Place,
    kind: AnnotationKind,
    label: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = place.source().text();
    let window = window(text, place.range());
    let (line, _) = place.source().line_column(window.start);
    let span = place.range().start - window.start..place.range().end.min(window.end) - window.start;
    let annotation = kind.span(span);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(&text[window])
        .line_start(line)
        .path(place.source().path())
        .annotation(annotation)
}

/// The lines of the place, cut where a line is so long that it would fill the screen. Only these
/// are handed on, so that a frame costs the same in a large file as in a small one.
fn window(text: &str, range: Range<usize>) -> Range<usize> {
    let line_start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
    let mut start = line_start.max(range.start.saturating_sub(LINE_WINDOW));
    let mut end = line_end.min(range.end.min(range.start + LINE_WINDOW) + LINE_WINDOW);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    const STYLE: Style = Style { colour: false, width: 100, all: false, originals: false };

    #[test]
    fn the_caret_stands_under_the_mistake_behind_hangul() {
        let source = Source::new("posts/a.md", "첫 줄\n동시성은 dead: 0 이다\n");
        let at = source.text().find("dead").unwrap();
        let diagnostic = Diagnostic::new(Code("E0107"), "expectation does not hold")
            .at(Place::new(&source, at..at + 7))
            .label("expected 0, measured 3")
            .note("seed 7")
            .hint("`bogi explain E0107`");
        let expected = "\
error[E0107]: expectation does not hold
 --> posts/a.md:2:6
  |
2 | 동시성은 dead: 0 이다
  |          ^^^^^^^ expected 0, measured 3
  |
  = note: seed 7
  = hint: `bogi explain E0107`

";
        assert_eq!(frames(&[diagnostic], STYLE), expected);
    }

    #[test]
    fn a_line_of_a_megabyte_is_cut() {
        let source = Source::new("a.md", "가".repeat(400_000));
        let diagnostic =
            Diagnostic::new(Code("W0001"), "long").at(Place::new(&source, 600_000..600_003));
        assert!(frames(&[diagnostic], STYLE).len() < 4_000);
    }

    #[test]
    fn past_twenty_frames_the_rest_is_counted() {
        let all: Vec<_> = (0..23).map(|_| Diagnostic::new(Code("W0001"), "x")).collect();
        let out = frames(&all, STYLE);
        assert!(
            out.ends_with("and 3 more: 0 errors and 3 warnings (`--all` shows them)\n\n"),
            "{out}"
        );
    }
}
