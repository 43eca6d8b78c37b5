//! kramdown's spans: emphasis, links, code, raw HTML, quotes and symbols of a text, found in
//! kramdown's order and with its rules.

mod abbreviation;
mod emphasis;
mod entity;
mod extension;
mod html;
mod link;
mod plain;
mod quotes;
pub mod smart;
mod start;
mod symbols;

use std::ops::Range;

pub use abbreviation::Abbreviations;
pub use entity::no_break_space;
pub use plain::{bare_text, plain_text};
pub use start::is_plain;

use crate::markdown::Options;
use crate::markdown::codespan::{self, Unmatched};
use crate::markdown::mark;
use crate::markdown::options::Input;
use crate::markdown::tag;
use crate::markdown::text::{Text, byte, is_space_char};
use crate::markdown::tree::{Attributes, Definitions};

/// How deep spans may be nested; what would be deeper is text.
const MAX_DEPTH: usize = 48;
/// The steps a text may take for each of its bytes. kramdown tries every opener again to the end
/// of the text; a text that needs more than this is text from there on.
const STEPS_PER_BYTE: usize = 16;
/// The steps that any text may take.
const STEPS: usize = 4096;

/// The kind of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text as written.
    Text(String),
    /// A character that stands for something else: an entity, a quote, a dash.
    Character(char),
    /// Such characters that are written in HTML of their own.
    Entity(Box<Entity>),
    /// `em`
    Emphasis,
    /// `strong`
    Strong,
    /// `del`
    Deleted,
    /// A code span.
    Code(String),
    /// A link; the bytes of its destination in the input.
    Link(Range<usize>),
    /// An image; the bytes of its destination in the input.
    Image(Range<usize>),
    /// A raw element by its name; the bytes of its tag in the input.
    Html(String, Range<usize>),
    /// HTML as it is to be written.
    Verbatim(String),
    /// A formula.
    Math(String),
    /// A reference to a footnote.
    Footnote(String),
    /// A line break.
    Break,
    /// An abbreviation.
    Abbreviation(String),
}

/// Characters that are written in HTML of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// The characters.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// A span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its kind.
    pub kind: Kind,
    /// Its attributes.
    pub attributes: Attributes,
    /// Names its attribute list refers to.
    pub references: Vec<String>,
    /// The spans inside.
    pub children: Vec<Span>,
}

impl Span {
    /// A span without attributes and content.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            attributes: Attributes::default(),
            references: Vec::new(),
            children: Vec::new(),
        }
    }

    fn with(kind: Kind, children: Vec<Span>) -> Self {
        Self { children, ..Self::new(kind) }
    }
}

/// What spans of a document share.
pub struct Context<'d> {
    /// The document's definitions.
    pub definitions: &'d Definitions,
    /// Its options.
    pub options: &'d Options,
    /// Its abbreviations.
    pub abbreviations: &'d Abbreviations,
}

impl Context<'_> {
    fn hard_wrap(&self) -> bool {
        self.options.hard_wrap && self.options.input == Input::Gfm
    }
}

/// The spans of a text. `backslash_breaks` is whether a backslash at a line's end breaks it, which
/// kramdown leaves out in footnotes.
pub fn parse(text: &Text, context: &Context<'_>, backslash_breaks: bool) -> Vec<Span> {
    let mut parser = Parser::new(text, 0..text.len(), context);
    parser.steps = text.len().saturating_mul(STEPS_PER_BYTE).saturating_add(STEPS);
    let mut spans = Vec::new();
    parser.spans(&mut spans, Level::Root, None, Parsers::All);
    if !context.abbreviations.is_empty() {
        spans = context.abbreviations.replace(spans);
    }
    if !backslash_breaks || context.options.input != Input::Gfm {
        return spans;
    }
    let line_break = if context.hard_wrap() { "\n" } else { "\\\n" };
    // A break at the very end of a block isn't one.
    if let Some(Span { kind: Kind::Text(text), .. }) = spans.last_mut()
        && text.ends_with(line_break)
    {
        text.truncate(text.len() - line_break.len());
    }
    if has_break(&spans, line_break) { break_lines(spans, line_break) } else { spans }
}

/// Whether a line of text ends with a break somewhere.
fn has_break(spans: &[Span], line_break: &str) -> bool {
    spans.iter().any(|span| match &span.kind {
        Kind::Text(text) => text.contains(line_break),
        Kind::Html(..) => false,
        _ => has_break(&span.children, line_break),
    })
}

/// Turns what ends a line of text into breaks; not inside raw HTML.
fn break_lines(spans: Vec<Span>, line_break: &str) -> Vec<Span> {
    let mut out = Vec::with_capacity(spans.len());
    for mut span in spans {
        match &span.kind {
            Kind::Text(text) if text.contains(line_break) => {
                for (index, piece) in text.split(line_break).enumerate() {
                    if index == 0 {
                        out.push(Span::new(Kind::Text(piece.to_owned())));
                    } else {
                        out.push(Span::new(Kind::Break));
                        out.push(Span::new(Kind::Text(format!("\n{piece}"))));
                    }
                }
                continue;
            }
            Kind::Html(..) => {}
            _ => span.children = break_lines(span.children, line_break),
        }
        out.push(span);
    }
    out
}

/// The element whose content is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Root,
    Emphasis,
    Strong,
    Link,
    Image,
    Html,
}

/// What ends the content of an element.
#[derive(Clone, Copy)]
enum Stop<'s> {
    /// The closing mark of an emphasis.
    Mark(u8, usize),
    /// The bracket that closes a link's text.
    Bracket,
    /// The closing tag of an element.
    Tag(&'s str),
}

/// Which spans are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parsers {
    All,
    /// Only HTML, in raw elements.
    Html,
}

struct Parser<'t> {
    source: &'t Text,
    /// The text up to the end of what is parsed.
    text: &'t str,
    /// Where what is parsed begins.
    start: usize,
    at: usize,
    context: &'t Context<'t>,
    levels: Vec<Level>,
    steps: usize,
    unmatched: Unmatched,
    /// The last of each emphasis mark in the text.
    last_marks: [Option<usize>; 2],
    /// How many bytes the last search for the end of a destination looked at.
    looked_at: usize,
    no_comment_end: bool,
    no_formula_end: bool,
    no_strike_end: bool,
}

/// Adds text to the spans, to a text at their end if there is one.
fn add_text(spans: &mut Vec<Span>, text: &str) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(Span { kind: Kind::Text(last), .. }) => last.push_str(text),
        _ => spans.push(Span::new(Kind::Text(text.to_owned()))),
    }
}

impl<'t> Parser<'t> {
    fn new(source: &'t Text, range: Range<usize>, context: &'t Context<'t>) -> Self {
        let text = &source.as_str()[..range.end];
        Self {
            source,
            text,
            start: range.start,
            at: range.start,
            context,
            levels: Vec::new(),
            steps: 0,
            unmatched: Unmatched::default(),
            last_marks: [b'*', b'_']
                .map(|mark| memchr::memrchr(mark, &text.as_bytes()[range.clone()]))
                .map(|found| found.map(|at| range.start + at)),
            looked_at: 0,
            no_comment_end: false,
            no_formula_end: false,
            no_strike_end: false,
        }
    }

    fn byte(&self, ahead: usize) -> u8 {
        byte(self.text, self.at + ahead)
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The character before an offset, within what is parsed.
    fn char_before(&self, at: usize) -> Option<char> {
        crate::markdown::text::char_before(&self.text[self.start..at], at - self.start)
    }

    fn spend(&mut self, steps: usize) {
        self.steps = self.steps.saturating_sub(steps);
    }

    /// Adds characters from here on as text.
    fn take_text(&mut self, spans: &mut Vec<Span>, length: usize) {
        add_text(spans, &self.text[self.at..self.at + length]);
        self.at += length;
    }

    /// Parses the content of an element up to what stops it (kramdown's `parse_spans`); whether
    /// that was found. The place after is that of the stop.
    fn spans(
        &mut self,
        spans: &mut Vec<Span>,
        level: Level,
        stop: Option<Stop<'_>>,
        parsers: Parsers,
    ) -> bool {
        self.levels.push(level);
        let mut found = false;
        let mut brackets = 1;
        while self.at < self.text.len() {
            let next = match self.steps {
                0 => None,
                _ => self.next_start(stop, parsers),
            };
            let Some(next) = next else {
                if stop.is_none() {
                    let length = self.text.len() - self.at;
                    self.take_text(spans, length);
                }
                break;
            };
            self.spend(1 + (next - self.at) / 16);
            self.take_text(spans, next - self.at);
            if matches!(stop, Some(Stop::Bracket)) && self.byte(0) == b']' {
                // Images among the spans are counted then.
                self.spend(spans.len() / 8);
            }
            if self.stops(spans, stop, &mut brackets) {
                found = true;
                break;
            }
            let before = self.at;
            if !self.one(spans, parsers) && self.at == before {
                let length = self.rest().chars().next().map_or(0, char::len_utf8);
                self.take_text(spans, length);
            }
            // A long code span or attribute list costs more than a short one when it is read
            // again for every opener before it.
            self.spend(self.at.saturating_sub(before) / 8);
        }
        self.levels.pop();
        found
    }

    /// The next offset at which a span or the stop may begin.
    fn next_start(&self, stop: Option<Stop<'_>>, parsers: Parsers) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if parsers == Parsers::Html {
            return memchr::memchr(b'<', &bytes[self.at..]).map(|found| self.at + found);
        }
        let at = start::span_start(bytes, self.at, matches!(stop, Some(Stop::Bracket)))?;
        if !matches!(bytes[at], b'"' | b'\'') {
            return Some(at);
        }
        // A quote is read together with the character before it.
        let before = self.text[self.at..at].chars().next_back();
        Some(at - before.map_or(0, char::len_utf8))
    }

    /// Whether the content stops here.
    fn stops(&self, spans: &[Span], stop: Option<Stop<'_>>, brackets: &mut usize) -> bool {
        match stop {
            None => false,
            Some(Stop::Mark(mark, length)) => self.emphasis_stops(spans, mark, length),
            Some(Stop::Tag(name)) => {
                tag::closing(self.text, self.at).is_some_and(|(found, _)| tag::closes(name, found))
            }
            Some(Stop::Bracket) => match (self.byte(0), self.byte(1)) {
                (b']', _) => {
                    *brackets = brackets.saturating_sub(1);
                    let images =
                        spans.iter().filter(|span| matches!(span.kind, Kind::Image(_))).count();
                    *brackets == images
                }
                (b'[', _) | (b'!', b'[') => {
                    *brackets += 1;
                    false
                }
                _ => false,
            },
        }
    }

    /// Parses one span here; `false` if none begins and nothing was taken.
    fn one(&mut self, spans: &mut Vec<Span>, parsers: Parsers) -> bool {
        if self.levels.len() > MAX_DEPTH {
            return false;
        }
        if parsers == Parsers::Html {
            return self.html(spans, parsers);
        }
        match self.byte(0) {
            b'*' | b'_' => {
                self.emphasis(spans);
                return true;
            }
            b'`' => {
                self.code(spans);
                return true;
            }
            b'<' if self.autolink(spans) || self.html(spans, parsers) => return true,
            b'[' | b'!' if self.footnote(spans) || self.link(spans) => return true,
            _ => {}
        }
        if self.quotes(spans) {
            return true;
        }
        match self.byte(0) {
            b'$' => self.math(spans),
            b'{' => self.extension(spans),
            b'&' => self.entity(spans),
            b'-' | b'.' | b'<' | b'>' | b' ' | b'\\' => {
                self.symbol(spans) || self.line_break(spans) || self.escaped(spans)
            }
            b'~' if self.context.options.input == Input::Gfm => self.deleted(spans),
            _ => false,
        }
    }

    fn code(&mut self, spans: &mut Vec<Span>) {
        let text = &self.text[self.start..];
        match codespan::at(text, self.at - self.start, &mut self.unmatched) {
            Ok(found) => {
                spans.push(Span::new(Kind::Code(mark::strip(&text[found.code]))));
                self.at = self.start + found.end;
            }
            Err(after) => {
                let length = self.start + after - self.at;
                self.take_text(spans, length);
            }
        }
    }

    fn math(&mut self, spans: &mut Vec<Span>) -> bool {
        if self.byte(1) != b'$' || self.no_formula_end {
            return false;
        }
        let Some(length) = self.rest()[2..].find("$$") else {
            self.no_formula_end = true;
            return false;
        };
        let formula = self.rest()[2..2 + length].trim_matches(is_space_char);
        spans.push(Span::new(Kind::Math(mark::strip(formula))));
        self.at += length + 4;
        true
    }

    /// `~~text~~`, whose text is parsed on its own.
    fn deleted(&mut self, spans: &mut Vec<Span>) -> bool {
        let rest = self.rest();
        let first = rest[2..].chars().next();
        if self.no_strike_end || first.is_none_or(|c| is_space_char(c) || c == '~') {
            return false;
        }
        let mut from = 2;
        let length = loop {
            let Some(found) = rest[from..].find("~~") else {
                self.no_strike_end = true;
                return false;
            };
            from += found;
            let before = rest[2..from].chars().next_back();
            if before.is_some_and(|c| !is_space_char(c) && c != '~') {
                break from - 2;
            }
            from += 1;
        };
        let mut inner = Parser::new(self.source, self.at + 2..self.at + 2 + length, self.context);
        inner.steps = self.steps;
        let mut children = Vec::new();
        inner.levels.clone_from(&vec![Level::Root; self.levels.len().min(MAX_DEPTH)]);
        inner.spans(&mut children, Level::Root, None, Parsers::All);
        self.steps = inner.steps;
        spans.push(Span::with(Kind::Deleted, children));
        self.at += length + 4;
        true
    }
}
