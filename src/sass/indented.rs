//! The preparation of the indented syntax: line by line, because a line is a statement there.

use super::prepare::{self, Draft, MarkKind, Prepared};
use super::scan::{MAX_DEPTH, MAX_OPERATORS, TooDeep};

struct Line<'a> {
    start: usize,
    indent: &'a str,
    content: &'a str,
}

impl Line<'_> {
    fn range(&self) -> std::ops::Range<usize> {
        let start = self.start + self.indent.len();
        start..start + self.content.len()
    }
}

/// The lines that are neither blank nor part of a comment.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut comment: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let indent = &line[..line.len() - line.trim_start().len()];
        let in_comment = comment.is_some_and(|depth| indent.len() > depth);
        if !content.is_empty() && !in_comment {
            let is_comment = content.starts_with("//") || content.starts_with("/*");
            comment = is_comment.then_some(indent.len());
            if !is_comment {
                lines.push(Line { start, indent, content });
            }
        }
        start += line.len();
    }
    lines
}

/// The text as the compiler wants it, byte for byte as long. LibSass counts a tab that indents a
/// line like a space, so that a file may have lines of either kind, and lets a list of selectors
/// end with a comma; the compiler refuses both.
fn accepted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Where a comma ends a line that may open a block, and how far that line is indented.
    let mut comma: Option<(usize, usize)> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - content.len();
        let content_end = content.trim_end();
        if let Some((at, outer)) = comma.filter(|_| !content_end.is_empty()) {
            if indent > outer {
                out.replace_range(at..at + 1, " ");
            }
            comma = None;
        }
        out.extend(std::iter::repeat_n(' ', indent));
        let is_selector = !content.starts_with(['@', '$', '=', '+', '/', '*']);
        let open = content_end.matches('(').count() > content_end.matches(')').count();
        if is_selector && !open && content_end.ends_with(',') {
            comma = Some((out.len() + content_end.len() - 1, indent));
        }
        out.push_str(content);
    }
    out
}

/// Prepares a text in the indented syntax.
pub(super) fn prepare(text: &str, file: usize, marks: bool) -> Result<Prepared, TooDeep> {
    let text = &*accepted(text);
    let lines = lines(text);
    let mut draft = Draft::new(text, file, marks);
    let mut open: Vec<usize> = Vec::new();
    let mut function: Option<usize> = None;
    for (index, line) in lines.iter().enumerate() {
        let depth = line.indent.len();
        open.retain(|&outer| outer < depth);
        open.push(depth);
        bounds(line, open.len())?;
        if function.is_some_and(|outer| depth <= outer) {
            function = None;
        }
        let block = lines.get(index + 1).filter(|next| next.indent.len() > depth);
        let word = line.content.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
        if word == "@function" {
            function = Some(depth);
        }
        if word == "@import" {
            imports(line, &mut draft);
        }
        let counted = ["@function", "@mixin", "@for", "@each", "@while"].contains(&word)
            || line.content.starts_with('=');
        if let Some(block) = block {
            let mut inserted = String::new();
            let rule = !line.content.starts_with(['@', '=', '+', '$', ':']) && function.is_none();
            if counted {
                inserted.push_str(prepare::step().trim_end_matches(';'));
            } else if rule && !line.content.ends_with([':', ',']) {
                inserted.push_str(&draft.mark(MarkKind::Rule, line.range()));
            }
            if !inserted.is_empty() {
                draft.insert(block.start, format!("{}{inserted}\n", block.indent));
            }
        } else if function.is_none() && !open_list(&lines, index) && is_declaration(line.content) {
            let mark = draft.mark(MarkKind::Declaration, line.range());
            if !mark.is_empty() {
                draft.insert(line.start, format!("{}{mark}\n", line.indent));
            }
        }
    }
    // At the end of a text the compiler looks for the end of a comment forever; at the end of a
    // line it gives up, one line later if the line ends with a star.
    draft.insert(text.len(), "\n\n");
    Ok(draft.finish())
}

/// Whether the line before ends with a comma, so that this one goes on with it.
fn open_list(lines: &[Line<'_>], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| lines.get(before));
    before.is_some_and(|line| line.content.ends_with(','))
}

fn is_declaration(content: &str) -> bool {
    !content.starts_with(['@', '=', '+', '$', ':', '&', '.', '>', '~', '%', '['])
        && content.contains(": ")
}

fn bounds(line: &Line<'_>, depth: usize) -> Result<(), TooDeep> {
    let range = line.range();
    let mut groups = 0_usize;
    let mut operators = 0_usize;
    for (at, byte) in line.content.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => groups += 1,
            b')' | b']' | b'}' => groups = groups.saturating_sub(1),
            b',' => operators = 0,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'=' | b'<' | b'>' => operators += 1,
            _ => {}
        }
        if depth + groups > MAX_DEPTH {
            return Err(TooDeep::Nesting(range.start + at));
        }
        if operators > MAX_OPERATORS {
            return Err(TooDeep::Operators(range.start + at));
        }
    }
    Ok(())
}

/// Prepares the addresses of an import, which need no quotes here.
fn imports(line: &Line<'_>, draft: &mut Draft<'_>) {
    let mut at = line.range().start + "@import".len();
    for part in line.content["@import".len()..].split(',') {
        let url = part.trim();
        let start = at + (part.len() - part.trim_start().len());
        at += part.len() + 1;
        let quote = url.chars().next().filter(|c| "\"'".contains(*c));
        let inner = url.trim_matches(['"', '\'']);
        let plain = url.starts_with("url(") || inner.contains(['"', '\'', ' ', '#']);
        if plain || prepare::is_plain_import(inner) {
            continue;
        }
        let from = start + usize::from(quote.is_some());
        if quote.is_none() {
            draft.insert(from, "\"");
        }
        draft.import(from..from + inner.len());
        if quote.is_none() {
            draft.insert(from + inner.len(), "\"");
        }
    }
}
