//! Writes kramdown's HTML from pulldown-cmark's events and the printer's side tables.

mod contents;

use std::fmt::Write as _;
use std::iter::Peekable;

use pulldown_cmark::{Event, Options as CommonMarkOptions, Parser, Tag, TagEnd};

use crate::markdown::print::{HeadingNode, Node, Object, Printed, TableNode};
use crate::markdown::skeleton::{
    AMPERSAND, EDGE, GUARD, is_own, may_be_own, reference_high, reference_low, reveal,
};
use crate::markdown::tree::{Alignment, Attributes, Group};
use crate::markdown::{Heading, Host, Rendered, mark, tag};

/// Parses what was printed, and writes it as HTML.
pub fn write(printed: &Printed, host: &dyn Host) -> Rendered {
    let mut options = CommonMarkOptions::empty();
    options.insert(CommonMarkOptions::ENABLE_TABLES);
    options.insert(CommonMarkOptions::ENABLE_STRIKETHROUGH);
    let mut writer = Writer {
        printed,
        events: Parser::new_ext(&printed.text, options).peekable(),
        next_node: 0,
        closing: Vec::new(),
        out: String::with_capacity(printed.text.len() * 2),
        headings: Vec::new(),
        listed: Vec::new(),
        contents: None,
        notes_place: None,
        notes_start: None,
    };
    writer.run();
    let mut html = std::mem::take(&mut writer.out);
    writer.place_notes(&mut html);
    if let Some((at, name, attributes)) = writer.contents {
        let contents = contents::contents(&writer.headings, &writer.listed, name, attributes);
        html.insert_str(at, &contents);
    }
    let mut anchors: Vec<String> = writer
        .headings
        .iter()
        .filter(|heading| !heading.id.is_empty())
        .map(|heading| heading.id.clone())
        .collect();
    anchors.extend(printed.anchors.iter().cloned());
    Rendered {
        html: resolve_marks(html, host),
        headings: writer.headings,
        links: printed.links.clone(),
        anchors,
        remarks: Vec::new(),
    }
}

struct Writer<'p> {
    printed: &'p Printed,
    events: Peekable<Parser<'p>>,
    next_node: usize,
    /// What closes the containers that are open.
    closing: Vec<&'p str>,
    out: String,
    headings: Vec<Heading>,
    /// For each heading whether a table of contents lists it.
    listed: Vec<bool>,
    /// Where the table of contents goes, its element and attributes.
    contents: Option<(usize, &'static str, &'p Attributes)>,
    /// Where the footnotes go, if not to the end.
    notes_place: Option<usize>,
    /// Where the footnotes begin.
    notes_start: Option<usize>,
}

impl<'p> Writer<'p> {
    fn run(&mut self) {
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(start) => self.start(&start),
                Event::End(end) => self.end(end),
                event => write_span(&event, self.printed, &mut self.out, false),
            }
        }
        while let Some(close) = self.closing.pop() {
            self.out.push_str(close);
        }
    }

    fn node(&mut self) -> Option<&'p Node> {
        let node = self.printed.nodes.get(self.next_node);
        self.next_node += 1;
        node
    }

    fn start(&mut self, start: &Tag<'_>) {
        match start {
            Tag::Heading { .. }
            | Tag::Paragraph
            | Tag::BlockQuote(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::HtmlBlock
            | Tag::CodeBlock(_)
            | Tag::Table(_) => self.start_block(),
            Tag::Image { .. } => {
                write_span(&Event::Start(start.clone()), self.printed, &mut self.out, false);
                self.skip_image();
            }
            start => write_span(&Event::Start(start.clone()), self.printed, &mut self.out, false),
        }
    }

    fn start_block(&mut self) {
        match self.node() {
            Some(Node::Wrap(open, close)) => {
                self.out.push_str(open);
                self.closing.push(close);
            }
            Some(Node::Heading(heading)) => self.heading(heading),
            Some(Node::Table(table)) => self.table(table),
            Some(Node::Raw(html)) => {
                self.out.push_str(html);
                self.skip_block();
            }
            Some(Node::Contents(name, attributes, blank)) => {
                self.contents = Some((self.out.len(), name, attributes));
                self.out.push_str(if *blank { "\n" } else { "" });
                self.skip_block();
            }
            Some(Node::NotesPlace) => {
                self.notes_place = Some(self.out.len());
                self.skip_block();
            }
            Some(Node::Notes(html)) => {
                self.notes_start = Some(self.out.len());
                self.out.push_str(html);
                self.skip_block();
            }
            None => self.closing.push(""),
        }
    }

    /// Moves the footnotes from the end to their place.
    fn place_notes(&mut self, html: &mut String) {
        let (Some(place), Some(start)) = (self.notes_place, self.notes_start) else { return };
        let notes = html.split_off(start);
        html.insert_str(place, &notes);
        if let Some((at, ..)) = &mut self.contents
            && *at > place
        {
            *at += notes.len();
        }
    }

    /// Leaves out what a placeholder holds.
    fn skip_block(&mut self) {
        for event in self.events.by_ref() {
            if matches!(event, Event::End(TagEnd::HtmlBlock)) {
                break;
            }
        }
    }

    fn skip_image(&mut self) {
        for event in self.events.by_ref() {
            if matches!(event, Event::End(TagEnd::Image)) {
                break;
            }
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::HtmlBlock
            | TagEnd::CodeBlock => {
                if let Some(close) = self.closing.pop() {
                    self.out.push_str(close);
                }
            }
            end => write_span(&Event::End(end), self.printed, &mut self.out, false),
        }
    }

    /// Writes a heading, and keeps its content without links.
    fn heading(&mut self, node: &'p HeadingNode) {
        self.out.push_str(&node.open);
        let mut plain = String::new();
        let mut in_image = false;
        for event in self.events.by_ref() {
            match &event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::End(TagEnd::Image) => {
                    in_image = false;
                    continue;
                }
                _ if in_image => continue,
                Event::Start(Tag::Image { .. }) => in_image = true,
                _ => {}
            }
            write_span(&event, self.printed, &mut self.out, false);
            write_span(&event, self.printed, &mut plain, true);
        }
        self.out.push_str(&node.close);
        if node.blank {
            self.out.push('\n');
        }
        self.headings.push(Heading {
            level: node.level,
            id: node.id.clone(),
            html: mark::strip(&plain),
            no_toc: node.no_toc,
        });
        self.listed.push(node.listed);
    }

    fn table(&mut self, node: &'p TableNode) {
        let pad = " ".repeat(node.indent);
        self.push(&[&pad, &node.open, "\n"]);
        let mut groups = node.groups.iter();
        let mut left = 0;
        let mut group = None;
        let mut column = 0;
        let mut in_head = true;
        let mut cell_start = 0;
        while let Some(event) = self.events.next() {
            match event {
                Event::End(TagEnd::Table) => break,
                Event::End(TagEnd::TableHead) => in_head = false,
                _ if in_head => {}
                Event::Start(Tag::TableRow) => {
                    while left == 0 {
                        self.close_group(group, &pad);
                        let Some((next, rows)) = groups.next() else { break };
                        group = Some(*next);
                        left = *rows;
                        self.push(&[&pad, "  <", group_name(*next), ">\n"]);
                    }
                    left = left.saturating_sub(1);
                    column = 0;
                    self.push(&[&pad, "    <tr>\n"]);
                }
                Event::End(TagEnd::TableRow) => {
                    self.push(&[&pad, "    </tr>\n"]);
                }
                Event::Start(Tag::TableCell) => {
                    let name = cell_name(group);
                    let style = alignment_style(node.alignment.get(column));
                    self.push(&[&pad, "      <", name, style, ">"]);
                    cell_start = self.out.len();
                }
                Event::End(TagEnd::TableCell) => {
                    if self.out.len() == cell_start {
                        self.out.push_str(&self.printed.no_break_space);
                    }
                    self.push(&["</", cell_name(group), ">\n"]);
                    column += 1;
                }
                Event::Start(start) => self.start(&start),
                event => write_span(&event, self.printed, &mut self.out, false),
            }
        }
        self.close_group(group, &pad);
        self.push(&[&pad, "</table>\n"]);
        if node.blank {
            self.out.push('\n');
        }
    }

    fn push(&mut self, pieces: &[&str]) {
        for piece in pieces {
            self.out.push_str(piece);
        }
    }

    fn close_group(&mut self, group: Option<Group>, pad: &str) {
        if let Some(group) = group {
            self.push(&[pad, "  </", group_name(group), ">\n"]);
        }
    }
}

fn group_name(group: Group) -> &'static str {
    match group {
        Group::Head => "thead",
        Group::Body => "tbody",
        Group::Foot => "tfoot",
    }
}

fn cell_name(group: Option<Group>) -> &'static str {
    if group == Some(Group::Head) { "th" } else { "td" }
}

fn alignment_style(alignment: Option<&Alignment>) -> &'static str {
    match alignment {
        Some(Alignment::Left) => " style=\"text-align: left\"",
        Some(Alignment::Right) => " style=\"text-align: right\"",
        Some(Alignment::Center) => " style=\"text-align: center\"",
        _ => "",
    }
}

/// Writes an event of text; without links and references to footnotes if it is `plain`.
fn write_span(event: &Event<'_>, printed: &Printed, out: &mut String, plain: bool) {
    let piece = |number: &str| {
        number.parse().ok().and_then(|index: usize| printed.pieces.get(index)).map(String::as_str)
    };
    match event {
        Event::Text(text) => write_text(text, printed, out, plain),
        Event::Code(number) => out.push_str(piece(number).unwrap_or_default()),
        Event::Start(Tag::Emphasis) => out.push_str("<em>"),
        Event::End(TagEnd::Emphasis) => out.push_str("</em>"),
        Event::Start(Tag::Strong) => out.push_str("<strong>"),
        Event::End(TagEnd::Strong) => out.push_str("</strong>"),
        Event::Start(Tag::Strikethrough) => out.push_str("<del>"),
        Event::End(TagEnd::Strikethrough) => out.push_str("</del>"),
        Event::Start(Tag::Link { dest_url, .. }) if !plain => {
            out.push_str(piece(dest_url).unwrap_or("<a>"));
        }
        Event::End(TagEnd::Link) if !plain => out.push_str("</a>"),
        Event::Start(Tag::Image { dest_url, .. }) => {
            out.push_str(piece(dest_url).unwrap_or_default());
        }
        Event::SoftBreak | Event::HardBreak => out.push('\n'),
        _ => {}
    }
}

/// Writes text, its hidden characters and objects.
fn write_text(text: &str, printed: &Printed, out: &mut String, plain: bool) {
    let bytes = text.as_bytes();
    // What was revealed and not yet written: an ampersand needs to see what follows it.
    let mut run = String::new();
    let mut high = None;
    let (mut at, mut copied) = (0, 0);
    let flush = |run: &mut String, piece: &str, all: bool, out: &mut String| {
        if run.is_empty() {
            tag::write_text(out, piece);
            return;
        }
        run.push_str(piece);
        if all {
            tag::write_text(out, run);
            run.clear();
        }
    };
    while let Some(found) = bytes[at..].iter().position(|&b| may_be_own(b)) {
        at += found;
        let c = text[at..].chars().next().unwrap_or_default();
        let end = at + c.len_utf8();
        let hidden = reveal(c);
        let own = hidden.is_some() || is_own(c);
        if own {
            let goes_on = hidden.is_some() || c == EDGE || c == GUARD;
            flush(&mut run, &text[copied..at], !goes_on, out);
            copied = end;
        }
        at = end;
        if let Some(hidden) = hidden {
            match hidden {
                '&' => run.push('&'),
                hidden if run.is_empty() => write_character(hidden, out),
                hidden => run.push(hidden),
            }
        } else if let Some(low) = reference_low(c) {
            let index = high.take().unwrap_or(0) + low;
            if let Some(object) = printed.objects.get(index) {
                write_object(object, printed, out, plain);
            }
        } else if let Some(bits) = reference_high(c) {
            high = Some(bits);
        } else if c == AMPERSAND {
            out.push_str("&amp;");
        }
    }
    flush(&mut run, &text[copied..], true, out);
}

fn write_character(c: char, out: &mut String) {
    match c {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        c => out.push(c),
    }
}

fn write_object(object: &Object, printed: &Printed, out: &mut String, plain: bool) {
    match object {
        Object::Raw(html) => out.push_str(html),
        Object::Footnote(html) if !plain => out.push_str(html),
        Object::Footnote(_) => {}
        Object::Backlinks(index, after_text) => {
            let Some(note) = printed.notes.get(*index) else { return };
            let text = &printed.backlink;
            if text.is_empty() {
                return;
            }
            for repeat in 0..=note.repeats {
                if repeat > 0 || *after_text {
                    out.push_str(&printed.no_break_space);
                }
                let name = &note.name;
                let (suffix, number) = match repeat {
                    0 => (String::new(), String::new()),
                    _ => (format!(":{repeat}"), format!("<sup>{}</sup>", repeat + 1)),
                };
                let _written = write!(
                    out,
                    "<a href=\"#fnref:{name}{suffix}\" class=\"reversefootnote\" \
                     role=\"doc-backlink\">{text}{number}</a>"
                );
            }
        }
    }
}

/// The mark at the beginning of a text: its index, its own text, and the length of all.
fn mark_at(text: &str) -> Option<(usize, &str, usize)> {
    let rest = text.strip_prefix(mark::OPEN)?;
    let mut index = 0_usize;
    let mut chars = rest.chars();
    loop {
        let c = chars.next()?;
        if c == mark::BEGIN {
            break;
        }
        let digit = u32::from(c).checked_sub(u32::from(mark::DIGIT_ZERO)).filter(|&d| d < 10)?;
        index = index.checked_mul(10)?.checked_add(digit as usize)?;
    }
    let body = chars.as_str();
    let close = body.find(['<', '>', mark::OPEN, mark::CLOSE])?;
    let inner = &body[..close];
    let length = text.len() - body.len() + close + mark::CLOSE.len_utf8();
    body[close..].starts_with(mark::CLOSE).then_some((index, inner, length))
}

/// Puts the host's HTML around marked text, and removes the marks.
pub(super) fn resolve_marks(html: String, host: &dyn Host) -> String {
    if mark::find(&html).is_none() {
        return html;
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = mark::find(rest) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((index, inner, length)) = mark_at(rest) {
            let (open, close) = host.mark(index).unwrap_or_default();
            out.push_str(&open);
            out.push_str(inner);
            out.push_str(&close);
            rest = &rest[length..];
        } else {
            rest = &rest[rest.chars().next().map_or(1, char::len_utf8)..];
        }
    }
    out.push_str(rest);
    out
}
