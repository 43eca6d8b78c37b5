//! Front matter: the YAML between `---` lines at the beginning of a file.

use std::ops::Range;
use std::sync::Arc;

use super::config::NOT_A_MAP;
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::span::{Mapped, Place, Source};
use crate::yaml::{self, Mapping, Node, NodeValue};

/// Front matter that is opened and never closed.
pub const UNCLOSED: Code = Code("E0205");

/// The front matter of a file as its author wrote it.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// The YAML with its place; without text when the file has no front matter.
    pub text: Mapped,
    /// The keys and values with their ranges in `text`.
    pub mapping: Mapping,
}

impl FrontMatter {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.mapping.get(key)
    }

    /// Where the value of a key stands in the author's file; where the key stands, if it has no
    /// value.
    pub fn place_of_value(&self, key: &str) -> Option<Place> {
        self.place_of(self.get(key)?)
    }

    /// Where a key stands in the author's file.
    pub fn place_of_key(&self, key: &str) -> Option<Place> {
        self.text.locate(self.mapping.entry(key)?.key_range.clone())
    }

    /// Where a node of this front matter stands in the author's file.
    pub fn place_of(&self, node: &Node) -> Option<Place> {
        self.text.locate(node.range.clone())
    }
}

/// The parts of a file with front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The bytes of the YAML between the lines.
    pub yaml: Range<usize>,
    /// The bytes behind the front matter. Blank lines behind the closing line belong to neither.
    pub body: Range<usize>,
}

/// Why a text can't be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSplit {
    /// The first line isn't `---`.
    NoFrontMatter,
    /// The front matter is opened but no line closes it.
    Unclosed,
}

/// Whether a file with this beginning has front matter: its first line is `---`.
pub fn opens(beginning: &str) -> bool {
    let text = beginning.strip_prefix('\u{feff}').unwrap_or(beginning);
    let Some((line, _)) = text.split_once('\n') else { return false };
    is_line(line, "---")
}

/// Finds the front matter of a text: from a first line `---` to the next line `---` or `...`.
/// Spaces behind the dashes don't matter.
///
/// # Errors
/// [`NoSplit`], when there is none.
pub fn split(text: &str) -> Result<Split, NoSplit> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    if !opens(text) {
        return Err(NoSplit::NoFrontMatter);
    }
    let mut at = start;
    let mut yaml_start = None;
    for line in text[start..].split_inclusive('\n') {
        let next = at + line.len();
        match yaml_start {
            None => yaml_start = Some(next),
            Some(yaml_start) if is_line(line, "---") || is_line(line, "...") => {
                let body = after_blank_lines(text, next);
                return Ok(Split { yaml: yaml_start..at, body: body..text.len() });
            }
            Some(_) => {}
        }
        at = next;
    }
    Err(NoSplit::Unclosed)
}

fn is_line(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.trim_ascii_end().is_empty())
}

/// Where the first line with text begins, from the beginning of a line on.
fn after_blank_lines(text: &str, mut at: usize) -> usize {
    for line in text[at..].split_inclusive('\n') {
        if !line.trim_ascii().is_empty() || !line.ends_with('\n') {
            break;
        }
        at += line.len();
    }
    at
}

/// Front matter that was read, and the bytes of the file behind it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The front matter; empty when the file has none.
    pub front_matter: FrontMatter,
    /// The bytes behind it.
    pub body: Range<usize>,
}

/// Reads the front matter of a file. A file without front matter is all body.
///
/// # Errors
/// A diagnostic for front matter that isn't closed, isn't YAML, or isn't a map.
pub fn parse(source: &Arc<Source>) -> Result<Staged<Parsed>, Box<Diagnostic>> {
    let text = source.text();
    let split = match split(text) {
        Ok(split) => split,
        Err(NoSplit::NoFrontMatter) => return Ok(without(source)),
        Err(NoSplit::Unclosed) => return Err(Box::new(unclosed(source))),
    };
    let yaml_text = Mapped::from_source(source, split.yaml);
    let mut diagnostics = Vec::new();
    let node = yaml::load(&yaml_text)?.collect_into(&mut diagnostics);
    let mapping = match node.value {
        NodeValue::Mapping(mapping) => mapping,
        NodeValue::Null => Mapping::default(),
        _ => {
            let message = format!("the front matter is {}, not a map", node.kind());
            let mut diagnostic = Diagnostic::new(NOT_A_MAP, message)
                .at(yaml_text.locate(node.range.clone()))
                .hint("write lines such as `title: 첫 글`");
            if let Some(key) = glued_key(yaml_text.text()) {
                diagnostic = diagnostic.hint(format!("put a space behind the colon of `{key}:`"));
            }
            return Err(Box::new(diagnostic));
        }
    };
    let front_matter = FrontMatter { text: yaml_text, mapping };
    Ok(Staged::new(Parsed { front_matter, body: split.body }, diagnostics))
}

/// A file as one without front matter: all body.
pub fn without(source: &Source) -> Staged<Parsed> {
    let text = source.text();
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let (front_matter, body) = (FrontMatter::default(), start..text.len());
    Staged::clean(Parsed { front_matter, body })
}

/// A file whose front matter can't be read as one that says nothing: what stands behind the front
/// matter is the body, or all where no line closes it.
pub fn unread(source: &Source) -> Staged<Parsed> {
    match split(source.text()) {
        Ok(split) => {
            let front_matter = FrontMatter::default();
            Staged::clean(Parsed { front_matter, body: split.body })
        }
        Err(_) => without(source),
    }
}

/// The key of a first line like `layout:post`.
fn glued_key(text: &str) -> Option<&str> {
    let (key, _) = text.lines().next()?.split_once(':')?;
    let plain = key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    (plain && !key.is_empty()).then_some(key)
}

fn unclosed(source: &Arc<Source>) -> Diagnostic {
    let text = source.text();
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut diagnostic = Diagnostic::new(UNCLOSED, "front matter that is never closed")
        .at(Place::new(source, start..start + 3))
        .label("it opens here")
        .hint("put a line `---` behind its last key");
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let looks_like_yaml = line.starts_with([' ', '\t', '-', '#', ']', '}', '\u{feff}'])
            || line.trim().is_empty()
            || line.split_once(':').is_some_and(|(key, _)| !key.contains(char::is_whitespace));
        if !looks_like_yaml {
            let place = Place::new(source, at..at + line.trim_end().len());
            diagnostic = diagnostic.related(place, "the first line that doesn't look like YAML");
            break;
        }
        at += line.len();
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(text: &str) -> Option<(&str, &str)> {
        let split = split(text).ok()?;
        Some((&text[split.yaml], &text[split.body]))
    }

    #[test]
    fn front_matter_lies_between_lines_of_dashes() {
        for (text, yaml, body) in [
            ("---\na: 1\n---\n글\n", "a: 1\n", "글\n"),
            ("---  \r\na: 1\r\n--- \r\n글\r\n", "a: 1\r\n", "글\r\n"),
            ("---\n---\nx", "", "x"),
            ("---\na: 1\n...\nx", "a: 1\n", "x"),
            ("---\na: 1\n---", "a: 1\n", ""),
            ("\u{feff}---\na: 1\n---\nx", "a: 1\n", "x"),
            ("---\na: |\n  ---\n---\nx", "a: |\n  ---\n", "x"),
            // Blank lines behind it go, the indentation of the first line with text stays.
            ("---\n---\n\n \n    code\n", "", "    code\n"),
        ] {
            assert_eq!(parts(text), Some((yaml, body)), "{text:?}");
        }
    }

    #[test]
    fn other_texts_have_none() {
        for text in ["", "---", "----\n---\n", " ---\n---\n", "글\n---\n", "--- # x\n---\n"] {
            assert_eq!(split(text), Err(NoSplit::NoFrontMatter), "{text:?}");
        }
        for text in ["---\n", "---\na: 1\n", "---\na: 1\n ---\n----\n"] {
            assert_eq!(split(text), Err(NoSplit::Unclosed), "{text:?}");
        }
    }

    #[test]
    fn unclosed_front_matter_shows_where_it_likely_ends() {
        let source = Source::new("a.md", "---\ntitle: 글\ntags:\n- a\n\n본문이다.\n");
        let diagnostic = *parse(&source).unwrap_err();
        assert_eq!(diagnostic.code, UNCLOSED);
        assert_eq!(diagnostic.place.unwrap().line_column(), (1, 1));
        assert_eq!(diagnostic.related[0].place.line_column(), (6, 1));
    }

    #[test]
    fn a_mistake_points_into_the_file() {
        let source = Source::new("a.md", "\u{feff}---\r\n제목: 람다: 동시성\r\n---\r\n");
        let place = parse(&source).unwrap_err().place.unwrap();
        assert_eq!((place.line_column(), place.text()), ((2, 7), ":"));
        let source = Source::new("a.md", "---\nlayout:post\n---\n");
        let diagnostic = parse(&source).unwrap_err();
        assert_eq!(diagnostic.code, NOT_A_MAP);
        assert!(diagnostic.hints[1].contains("space behind the colon"));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_splitter_panic(lines in proptest::collection::vec(
            prop_oneof![
                Just("---".to_owned()),
                Just("...".to_owned()),
                Just("\u{feff}---".to_owned()),
                Just("a: 1".to_owned()),
                Just(String::new()),
                "\\PC{0,6}",
            ],
            0..8,
        ), end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")]) {
            let text = lines.join(end);
            if let Ok(split) = split(&text) {
                prop_assert!(text.get(split.yaml.clone()).is_some());
                prop_assert!(text.get(split.body.clone()).is_some());
                prop_assert!(split.yaml.end <= split.body.start);
            }
            let _ = parse(&Source::new("a.md", text));
        }
    }
}
