//! Tables: any lines with a bar between block boundaries.

use std::ops::Range;

use super::paragraph::before_boundary;
use super::{Container, Cursor, Parser};
use crate::markdown::codespan::{self, Unmatched};
use crate::markdown::tag;
use crate::markdown::text::{Text, byte, is_space_char, line, line_end, skip_indent, skip_space};
use crate::markdown::tree::{Alignment, Block, Group, Kind, Table};

/// The most cells that a table's shorter rows are filled up to in all.
const MAX_CELLS: usize = 200_000;

/// Whether a bar stands in a line without a backslash before it.
pub(super) fn has_bar(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.iter().enumerate().any(|(at, &b)| b == b'|' && (at == 0 || bytes[at - 1] != b'\\'))
}

/// Whether a line consists of a separator's characters around at least one `dash`.
pub(super) fn is_separator(line: &str, dash: u8) -> bool {
    line.as_bytes().contains(&dash)
        && line.bytes().all(|b| b == dash || matches!(b, b'+' | b'|' | b':' | b' ' | b'\t'))
}

/// The alignments that a separator line asks for.
fn alignments(line: &str) -> Vec<Alignment> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'-' {
            at += 1;
            continue;
        }
        let left = at > 0 && bytes[at - 1] == b':';
        while bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let right = bytes.get(at) == Some(&b':');
        at += usize::from(right);
        found.push(match (left, right) {
            (false, false) => Alignment::None,
            (true, false) => Alignment::Left,
            (false, true) => Alignment::Right,
            (true, true) => Alignment::Center,
        });
    }
    found
}

/// The end of a `<code>` element that begins at an offset.
fn code_element_end(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix("<code")?;
    let open = rest.find('>')?;
    let close = rest[open..].find("</code>")?;
    Some(at + "<code".len() + open + close + "</code>".len())
}

/// The cells of a row while it is split.
struct Row<'t> {
    source: &'t Text,
    cells: Vec<Text>,
}

impl Row<'_> {
    fn add(&mut self, part: Range<usize>) {
        match self.cells.last_mut() {
            Some(cell) => cell.push_part(self.source, part),
            None => self.cells.push(self.source.part(part)),
        }
    }

    /// Splits text without code at its bars; an escaped bar loses its backslash.
    fn add_text(&mut self, part: Range<usize>) {
        let text = self.source.as_str();
        if self.cells.is_empty() {
            self.cells.push(Text::default());
        }
        let mut from = part.start;
        for at in part.clone().filter(|&at| byte(text, at) == b'|') {
            if at > part.start && byte(text, at - 1) == b'\\' {
                self.add(from..at - 1);
                from = at;
            } else {
                self.add(from..at);
                self.cells.push(Text::default());
                from = at + 1;
            }
        }
        self.add(from..part.end);
    }
}

/// Splits a row into its cells.
fn cells(source: &Text, range: Range<usize>, leading_bar: bool) -> Vec<Text> {
    let whole = source.as_str();
    let text = &whole[..range.end];
    let mut row = Row { source, cells: Vec::new() };
    let mut unmatched = Unmatched::default();
    let mut no_code_element = false;
    let mut from = range.start;
    let mut at = range.start;
    while at < range.end {
        match byte(text, at) {
            b'`' => match codespan::at(&text[range.start..], at - range.start, &mut unmatched) {
                Ok(span) => {
                    row.add_text(from..at);
                    from = range.start + span.end;
                    row.add(at..from);
                    at = from;
                }
                Err(after) => at = range.start + after,
            },
            b'<' if !no_code_element && text[at..].starts_with("<code") => {
                match code_element_end(text, at) {
                    Some(end) => {
                        row.add_text(from..at);
                        row.add(at..end);
                        from = end;
                        at = end;
                    }
                    None => {
                        no_code_element = true;
                        at += 1;
                    }
                }
            }
            _ => at += 1,
        }
    }
    row.add_text(from..range.end);
    let mut cells = row.cells;
    let is_blank = |cell: &Text| cell.as_str().chars().all(is_space_char);
    if leading_bar && cells.first().is_some_and(is_blank) {
        cells.remove(0);
    }
    if cells.last().is_some_and(is_blank) {
        cells.pop();
    }
    cells
        .into_iter()
        .map(|mut cell| {
            cell.trim_end();
            cell.trimmed_start()
        })
        .collect()
}

/// Follows the check whether bars stand outside code spans and elements.
struct BarCheck {
    bar_on_line: bool,
    stopped: bool,
}

impl BarCheck {
    fn feed(&mut self, value: &str, code: bool) {
        if self.stopped {
            return;
        }
        let value = value.trim_end_matches('\n');
        let lines = if value.is_empty() { 0 } else { value.matches('\n').count() + 1 };
        if code {
            if lines > 2 || (lines == 2 && !self.bar_on_line) {
                self.stopped = true;
            } else if lines == 2 {
                self.bar_on_line = false;
            }
            return;
        }
        let first = value.split('\n').next().unwrap_or_default();
        if lines > 1 && !self.bar_on_line && !has_bar(first) {
            self.stopped = true;
            return;
        }
        let last = value.rsplit('\n').next().unwrap_or_default();
        self.bar_on_line = (lines <= 1 && self.bar_on_line) || has_bar(last);
    }
}

/// Whether the last line has a bar outside code spans and elements, and no line lacks one.
fn bars_outside_code(text: &str) -> bool {
    let mut check = BarCheck { bar_on_line: false, stopped: false };
    let mut unmatched = Unmatched::default();
    let mut from = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['`', '<']) {
        at += found;
        if byte(text, at) == b'`' {
            match codespan::at(text, at, &mut unmatched) {
                Ok(span) => {
                    check.feed(&text[from..at], false);
                    check.feed(&text[span.code.clone()], true);
                    from = span.end;
                    at = span.end;
                }
                Err(after) => at = after,
            }
            continue;
        }
        let Some(tag) = tag::opening(text, at).filter(|tag| !tag::is_block_element(&tag.name))
        else {
            at += 1;
            continue;
        };
        check.feed(&text[from..at], false);
        if tag.closed || tag::is_void(&tag.name) {
            at = tag.end;
        } else {
            at = element_end(text, tag.end, &tag.name).unwrap_or(text.len());
        }
        from = at;
        if check.stopped {
            break;
        }
    }
    check.feed(&text[from..], false);
    check.bar_on_line
}

/// The offset after the closing tag of an element.
fn element_end(text: &str, from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    loop {
        at += text[at..].find("</")?;
        match tag::closing(text, at) {
            Some((found, end)) if tag::closes(name, found) => return Some(end),
            _ => at += 2,
        }
    }
}

/// A table while its lines are read.
struct Reader {
    table: Table,
    rows: Vec<Vec<Text>>,
    columns: usize,
    has_footer: bool,
}

impl Reader {
    fn close(&mut self, group: Group, force: bool) {
        if !self.has_footer || group != Group::Body || force {
            self.table.groups.push((group, std::mem::take(&mut self.rows)));
        }
    }

    fn add_line(&mut self, source: &Text, at: usize, leading_bar: bool) {
        let text = line(source.as_str(), at);
        if is_separator(text, b'-') {
            if self.rows.is_empty() {
                return;
            }
            if self.table.alignment.is_empty() && !self.has_footer {
                self.close(Group::Head, false);
                self.table.alignment = alignments(text);
            } else {
                self.close(Group::Body, false);
            }
        } else if is_separator(text, b'=') {
            if !self.rows.is_empty() {
                self.close(Group::Body, true);
            }
            self.has_footer = true;
        } else {
            let end = at + text.trim_end_matches([' ', '\t']).len();
            let cells = cells(source, at..end, leading_bar);
            self.columns = self.columns.max(cells.len());
            self.rows.push(cells);
        }
    }

    /// The finished table, all rows of one length; `None` without a body.
    fn finish(mut self) -> Option<Table> {
        if !self.rows.is_empty() {
            let group = if self.has_footer { Group::Foot } else { Group::Body };
            self.close(group, false);
        }
        let rows: usize = self.table.groups.iter().map(|(_, rows)| rows.len()).sum();
        let has_body = self.table.groups.iter().any(|(group, _)| *group == Group::Body);
        if !has_body || self.columns == 0 || rows.saturating_mul(self.columns) > MAX_CELLS {
            return None;
        }
        for row in self.table.groups.iter_mut().flat_map(|(_, rows)| rows) {
            row.resize(self.columns, Text::default());
        }
        self.table.alignment.resize(self.columns, Alignment::None);
        Some(self.table)
    }
}

impl Parser {
    pub(super) fn table(&mut self, cursor: &mut Cursor<'_>, container: &mut Container<'_>) -> bool {
        let text = cursor.str();
        let first = skip_indent(text, cursor.at);
        if !container.after_boundary()
            || byte(text, first) == b' '
            || byte(text, first) == b'\t'
            || !has_bar(line(text, first))
        {
            return false;
        }
        // An attribute list before lines that turn out to be no table is lost, as in kramdown.
        let list = container.pending.take();
        let leading_bar = byte(text, skip_space(text, cursor.at)) == b'|';
        let mut reader =
            Reader { table: Table::default(), rows: Vec::new(), columns: 0, has_footer: false };
        let mut at = cursor.at;
        while at < text.len() && has_bar(line(text, at)) {
            reader.add_line(cursor.text, at, leading_bar);
            at = line_end(text, at);
        }
        if !before_boundary(text, at) || !bars_outside_code(&text[cursor.at..at.max(1) - 1]) {
            return false;
        }
        let Some(table) = reader.finish() else { return false };
        let mut block = Block::new(Kind::Table(table));
        block.list = list;
        container.push(block);
        cursor.at = at;
        true
    }
}
