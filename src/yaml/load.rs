//! The loader: the parser's events become a tree of nodes, within bounds on depth and expansion.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::resolve::resolve;
use super::{
    DUPLICATE_KEY, Entry, MAX_DEPTH, MAX_EXPANSION, Mapping, Node, NodeValue, TOO_DEEP,
    UNBOUNDED_EXPANSION, UNSUPPORTED_TAG,
};
use crate::diagnostic::{Diagnostic, Staged};
use crate::span::Mapped;

/// What a node costs of [`MAX_EXPANSION`] besides its text.
const NODE_WEIGHT: usize = 64;

/// The events of the first document with the byte ranges they stand in.
pub(super) struct Events<'t> {
    pub(super) events: Vec<(Event<'t>, Range<usize>)>,
    pub(super) error: Option<(ScanError, usize)>,
}

/// Reads the events of the first document, as far as they go.
pub(super) fn read_events(text: &str) -> Events<'_> {
    let offsets = ByteOffsets::of(text);
    let mut events = Vec::new();
    let mut parser = Parser::new_from_str(text);
    let mut depth = 0_usize;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => {
                depth = match event {
                    Event::MappingStart(..) | Event::SequenceStart(..) => depth + 1,
                    Event::MappingEnd | Event::SequenceEnd => depth.saturating_sub(1),
                    _ => depth,
                };
                let last = matches!(event, Event::DocumentEnd) || depth > MAX_DEPTH;
                events.push((event, offsets.range(span)));
                if last {
                    break;
                }
            }
            Err(error) => {
                let at = offsets.byte(error.marker().index());
                return Events { events, error: Some((error, at)) };
            }
        }
    }
    Events { events, error: None }
}

/// The text with a space for each tab behind a key's colon, where YAML allows one and the parser
/// doesn't; nothing if there is no such tab.
pub(super) fn with_spaces_for_tabs(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let colon = line.find(":\t").filter(|&colon| !line[..colon].contains(['"', '\'', '#']));
        let Some(colon) = colon else {
            out.push_str(line);
            continue;
        };
        let (key, value) = line.split_at(colon + 1);
        let rest = value.trim_start_matches('\t');
        out.push_str(key);
        out.push_str(&" ".repeat(value.len() - rest.len()));
        out.push_str(rest);
    }
    (out != text).then_some(out)
}

/// From the parser's offsets, which count characters, to bytes.
struct ByteOffsets {
    /// Where each character begins; empty when all are one byte long.
    starts: Vec<usize>,
    length: usize,
}

impl ByteOffsets {
    fn of(text: &str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        Self { starts, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.starts.is_empty() {
            return character.min(self.length);
        }
        self.starts.get(character).copied().unwrap_or(self.length)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }
}

/// A value with what its place in a collection needs to know.
struct Built {
    node: Node,
    /// Depth of the tree below, itself included.
    depth: usize,
    /// What a copy of it costs.
    weight: usize,
    /// Whether it is an empty value, which stands nowhere.
    empty: bool,
}

enum Open {
    Sequence { range: Range<usize>, anchor: usize, items: Vec<Node>, inside: Inside },
    Mapping { range: Range<usize>, anchor: usize, map: MapBuilder, inside: Inside },
}

#[derive(Default)]
struct Inside {
    depth: usize,
    weight: usize,
}

impl Inside {
    fn add(&mut self, built: &Built) {
        self.depth = self.depth.max(built.depth);
        self.weight = self.weight.saturating_add(built.weight);
    }
}

#[derive(Default)]
struct MapBuilder {
    entries: Vec<Entry>,
    positions: HashMap<String, usize>,
    key: Option<(String, Range<usize>)>,
}

/// Builds the tree.
pub(super) struct Loader<'m> {
    text: &'m Mapped,
    open: Vec<Open>,
    aliased: HashSet<usize>,
    anchors: HashMap<usize, (Node, usize, usize)>,
    expansion: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'m> Loader<'m> {
    pub(super) fn new(text: &'m Mapped, events: &Events<'_>) -> Self {
        let aliased = events.events.iter().filter_map(|(event, _)| match event {
            Event::Alias(id) => Some(*id),
            _ => None,
        });
        Self {
            text,
            open: Vec::new(),
            aliased: aliased.collect(),
            anchors: HashMap::new(),
            expansion: 0,
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn build(
        mut self,
        events: Vec<(Event<'_>, Range<usize>)>,
    ) -> Result<Staged<Node>, Box<Diagnostic>> {
        let mut root = None;
        for (event, range) in events {
            let Some((built, anchor)) = self.step(event, range)? else { continue };
            if let Some(built) = self.place(built, anchor)? {
                root = Some(built.node);
                break;
            }
        }
        let root = root.unwrap_or(Node { range: 0..0, value: NodeValue::Null });
        Ok(Staged::new(root, self.diagnostics))
    }

    /// Takes an event; gives the value that it completes, with its anchor.
    fn step(
        &mut self,
        event: Event<'_>,
        range: Range<usize>,
    ) -> Result<Option<(Built, usize)>, Box<Diagnostic>> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let range = self.tight(range, style);
                let tag = tag_name(tag.as_deref());
                let value = self.scalar(&text, style, &tag, &range)?;
                let empty = style == ScalarStyle::Plain && text.is_empty();
                let weight = NODE_WEIGHT + text.len();
                let node = Node { range, value };
                Ok(Some((Built { node, depth: 1, weight, empty }, anchor)))
            }
            Event::Alias(id) => Ok(Some((self.expand(id, range)?, 0))),
            Event::SequenceStart(anchor, tag) => {
                self.refuse_ruby(&tag_name(tag.as_deref()), &range)?;
                let inside = Inside::default();
                self.push(Open::Sequence { range, anchor, items: Vec::new(), inside })?;
                Ok(None)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_ruby(&tag_name(tag.as_deref()), &range)?;
                let (map, inside) = (MapBuilder::default(), Inside::default());
                self.push(Open::Mapping { range, anchor, map, inside })?;
                Ok(None)
            }
            Event::SequenceEnd | Event::MappingEnd => Ok(self.close(range.end)),
            _ => Ok(None),
        }
    }

    fn push(&mut self, open: Open) -> Result<(), Box<Diagnostic>> {
        self.open.push(open);
        if self.open.len() < MAX_DEPTH {
            return Ok(());
        }
        let range = match self.open.last() {
            Some(Open::Sequence { range, .. } | Open::Mapping { range, .. }) => range.clone(),
            None => 0..0,
        };
        Err(Box::new(too_deep(self.text, range.start)))
    }

    /// Closes the innermost collection. One in brackets ends behind its bracket, another one with
    /// its last element.
    fn close(&mut self, end: usize) -> Option<(Built, usize)> {
        let text = self.text.text();
        let bracketed = |range: &Range<usize>| text[range.start..].starts_with(['[', '{']);
        let (range, last, value, anchor, inside) = match self.open.pop()? {
            Open::Sequence { range, anchor, items, inside } => {
                let last = items.last().map(|item| item.range.end);
                (range, last, NodeValue::Sequence(items), anchor, inside)
            }
            Open::Mapping { mut range, anchor, map, inside } => {
                if let Some(first) = map.entries.first() {
                    range.start = range.start.min(first.key_range.start);
                }
                let ends = map.entries.iter().map(|e| e.value.range.end.max(e.key_range.end));
                let last = ends.max();
                (range, last, NodeValue::Mapping(Mapping { entries: map.entries }), anchor, inside)
            }
        };
        let end = if bracketed(&range) { end } else { last.unwrap_or(range.end) };
        let range = range.start..end.max(range.start);
        let weight = inside.weight.saturating_add(NODE_WEIGHT);
        let node = Node { range, value };
        Some((Built { node, depth: inside.depth + 1, weight, empty: false }, anchor))
    }

    /// Puts a finished value where it belongs; gives it back when it is the root.
    fn place(&mut self, built: Built, anchor: usize) -> Result<Option<Built>, Box<Diagnostic>> {
        if anchor != 0 && self.aliased.contains(&anchor) {
            self.spend(built.weight, &built.node.range)?;
            self.anchors.insert(anchor, (built.node.clone(), built.depth, built.weight));
        }
        match self.open.last_mut() {
            None => return Ok(Some(built)),
            Some(Open::Sequence { items, inside, .. }) => {
                inside.add(&built);
                items.push(built.node);
            }
            Some(Open::Mapping { map, inside, .. }) => {
                inside.add(&built);
                match map.key.take() {
                    None => {
                        let key = key_text(&built.node, self.text.text());
                        map.key = Some((key, built.node.range));
                    }
                    Some((key, key_range)) => {
                        let mut value = built.node;
                        if built.empty {
                            value.range = key_range.clone();
                        }
                        let twice = map.insert(key, key_range, value);
                        self.diagnostics.extend(twice.and_then(|t| t.diagnostic(self.text)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// A copy of what an alias names.
    fn expand(&mut self, id: usize, range: Range<usize>) -> Result<Built, Box<Diagnostic>> {
        let Some((_, depth, weight)) = self.anchors.get(&id) else {
            // The anchor is still open: a collection that contains itself.
            return Err(Box::new(
                self.without_end(&range, "this names a value that it is part of"),
            ));
        };
        let (depth, weight) = (*depth, *weight);
        if self.open.len() + depth >= MAX_DEPTH {
            return Err(Box::new(too_deep(self.text, range.start)));
        }
        self.spend(weight, &range)?;
        let node = match self.anchors.get(&id) {
            Some((node, ..)) => Node { range, value: node.value.clone() },
            None => Node { range, value: NodeValue::Null },
        };
        Ok(Built { node, depth, weight, empty: false })
    }

    fn spend(&mut self, weight: usize, range: &Range<usize>) -> Result<(), Box<Diagnostic>> {
        self.expansion = self.expansion.saturating_add(weight);
        if self.expansion <= MAX_EXPANSION {
            return Ok(());
        }
        Err(Box::new(self.without_end(range, "the copies are too large from here on")))
    }

    fn without_end(&self, range: &Range<usize>, label: &str) -> Diagnostic {
        Diagnostic::new(UNBOUNDED_EXPANSION, "YAML that expands without end")
            .at(self.text.locate(range.clone()))
            .label(label)
            .note("an alias (`*name`) is a copy of what its anchor (`&name`) marks")
            .hint("write the values out, or use fewer aliases within aliases")
    }

    /// The range without what the parser counts to a scalar but isn't part of it.
    fn tight(&self, range: Range<usize>, style: ScalarStyle) -> Range<usize> {
        let text = &self.text.text()[range.clone()];
        let quote = match style {
            ScalarStyle::DoubleQuoted => Some('"'),
            ScalarStyle::SingleQuoted => Some('\''),
            _ => None,
        };
        let length = match quote.and_then(|quote| text.rfind(quote)) {
            Some(at) => at + 1,
            None => text.trim_end().len(),
        };
        let start = range.start;
        if length > 0 {
            return start..start + length;
        }
        // An empty value: the sign before it is where the eye should go.
        let before = self.text.text()[..start].trim_end();
        let last = before.chars().next_back().map_or(0, char::len_utf8);
        before.len() - last..before.len()
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: &str,
        range: &Range<usize>,
    ) -> Result<NodeValue, Box<Diagnostic>> {
        self.refuse_ruby(tag, range)?;
        let quoted = style != ScalarStyle::Plain;
        match tag {
            "!" | "!str" | "tag:yaml.org,2002:str" => Ok(NodeValue::String(text.to_owned())),
            "!float" | "tag:yaml.org,2002:float" => Ok(match resolve(text) {
                NodeValue::Integer(number) => NodeValue::Float(number as f64),
                value => value,
            }),
            _ if quoted => Ok(NodeValue::String(text.to_owned())),
            _ => Ok(resolve(text)),
        }
    }

    /// Objects of Ruby are made neither by Psych's safe loading nor here.
    fn refuse_ruby(&self, tag: &str, range: &Range<usize>) -> Result<(), Box<Diagnostic>> {
        if !tag.contains("ruby/") || tag.ends_with("ruby/string") {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::new(UNSUPPORTED_TAG, format!("the tag `{tag}` asks for Ruby"))
                .at(self.text.locate(range.clone()))
                .hint("write the value as plain text, a number, a list or a map"),
        ))
    }
}

/// A tag as it is written, with its handle resolved; empty for none.
fn tag_name(tag: Option<&Tag>) -> String {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix)).unwrap_or_default()
}

/// A key that stands twice in a map.
struct Twice {
    key: String,
    first: Range<usize>,
    second: Range<usize>,
}

impl Twice {
    fn diagnostic(self, text: &Mapped) -> Option<Diagnostic> {
        let first = text.locate(self.first)?;
        Some(
            Diagnostic::new(DUPLICATE_KEY, format!("the key `{}` is given twice", self.key))
                .at(text.locate(self.second))
                .label("this value is used")
                .related(first, "this one is lost")
                .hint("remove one of the two"),
        )
    }
}

impl MapBuilder {
    /// Adds an entry as Psych does: `<<` merges its map (or maps, the first of which wins) into
    /// what was read so far, and a repeated key replaces the value.
    fn insert(&mut self, key: String, key_range: Range<usize>, value: Node) -> Option<Twice> {
        if key == "<<" {
            match value.value {
                NodeValue::Mapping(map) => {
                    self.merge(map.entries);
                    return None;
                }
                NodeValue::Sequence(maps) if maps.iter().all(|map| map.as_mapping().is_some()) => {
                    for map in maps.into_iter().rev() {
                        if let NodeValue::Mapping(map) = map.value {
                            self.merge(map.entries);
                        }
                    }
                    return None;
                }
                _ => {}
            }
        }
        let second = key_range.clone();
        let first = self.set(Entry { key, key_range, value, merged: false })?;
        let key = first.key;
        (!first.merged).then_some(Twice { key, first: first.key_range, second })
    }

    fn merge(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.set(Entry { merged: true, ..entry });
        }
    }

    /// Sets an entry; gives back the one that it replaces.
    fn set(&mut self, entry: Entry) -> Option<Entry> {
        if let Some(old) =
            self.positions.get(&entry.key).and_then(|&position| self.entries.get_mut(position))
        {
            return Some(std::mem::replace(old, entry));
        }
        self.positions.insert(entry.key.clone(), self.entries.len());
        self.entries.push(entry);
        None
    }
}

/// A key as text: Ruby's `to_s` of a scalar; a list or map as it is written.
fn key_text(node: &Node, text: &str) -> String {
    match &node.value {
        NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
            text.get(node.range.clone()).unwrap_or_default().to_owned()
        }
        _ => node.scalar_text().unwrap_or_default(),
    }
}

pub(super) fn too_deep(text: &Mapped, at: usize) -> Diagnostic {
    Diagnostic::new(TOO_DEEP, format!("more than {MAX_DEPTH} lists and maps inside each other"))
        .at(text.locate(at..at + 1))
        .hint("flatten the structure")
}
