//! Remarks on text that kramdown reads otherwise than its author likely meant.

use std::ops::Range;

use super::Parser;
use super::paragraph::fence_start;
use super::table::{has_bar, is_separator};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::options::Input;
use crate::markdown::text::{Text, is_word, line, line_end, run, skip_indent};

/// A table that stands right after a line of text is text itself.
pub const TABLE_IN_TEXT: Code = Code("W0401");
/// A code fence that nothing closes is text.
pub const OPEN_FENCE: Code = Code("W0402");
/// Number signs without a space after them begin no heading.
pub const HEADING_WITHOUT_SPACE: Code = Code("W0404");

/// The most remarks on one text.
const MAX_REMARKS: usize = 100;

impl Parser {
    /// Looks through the lines of a paragraph.
    pub(super) fn remark_on_text(&mut self, source: &Text, range: Range<usize>) {
        if self.remarks.len() >= MAX_REMARKS {
            return;
        }
        let text = source.as_str();
        if self.options.input == Input::Gfm && fence_start(text, range.start) {
            self.remark_on_fence(source, range.start);
        }
        let mut header = range.start;
        let mut first = true;
        let mut no_heading = self.options.input != Input::Gfm;
        while header < range.end {
            let next = line_end(text, header);
            if !no_heading && let Some(signs) = unspaced_heading(line(text, header)) {
                no_heading = true;
                let place = source.origin_range(header..header + signs);
                self.remarks.push((place, heading_without_space(signs)));
            }
            let under = line(text, next.min(range.end));
            if !first
                && next < range.end
                && under.contains('|')
                && is_separator(under, b'-')
                && has_bar(line(text, header))
            {
                let place = source.origin_range(header..next - 1);
                self.remarks.push((place, table_in_text()));
                return;
            }
            first = false;
            header = next;
        }
    }

    fn remark_on_fence(&mut self, source: &Text, at: usize) {
        let text = source.as_str();
        let start = skip_indent(text, at);
        let full = line(text, start).trim_end();
        let info = full.trim_start_matches(['`', '~']);
        // Back-ticks that are closed on their line are a code span.
        if info.contains(['`', '~']) {
            return;
        }
        let place = source.origin_range(start..start + full.len());
        let mut remark = Diagnostic::new(OPEN_FENCE, "code fence opens no code block");
        remark = if info.trim().contains(char::is_whitespace) {
            remark
                .label("more than one word after the fence")
                .note("kramdown takes a fence whose info has several words for text")
                .hint("write the language alone, or join the words with `:`")
        } else {
            remark
                .label("nothing closes this fence")
                .note("without a closing fence everything below it is read as text")
                .hint("add a line with the same fence after the code")
        };
        self.remarks.push((place, remark));
    }
}

/// The number signs of a line that was likely meant for a heading: several, or one on a line
/// without further words that begin so, as tags do.
fn unspaced_heading(line: &str) -> Option<usize> {
    let signs = run(line, 0, b'#');
    let rest = line[signs..].trim_end();
    let word = rest.chars().next().is_some_and(is_word);
    let tags = signs == 1 && (rest.contains('#') || rest.starts_with(|c: char| c.is_numeric()));
    ((1..=6).contains(&signs) && word && !tags).then_some(signs)
}

fn heading_without_space(signs: usize) -> Diagnostic {
    Diagnostic::new(HEADING_WITHOUT_SPACE, "heading is read as text")
        .label("no space follows the number signs")
        .hint(format!("write `{} ` before the heading's text", "#".repeat(signs)))
}

fn table_in_text() -> Diagnostic {
    Diagnostic::new(TABLE_IN_TEXT, "table is read as text")
        .label("the line before this one is text")
        .note("a table begins only after a blank line")
        .hint("add a blank line before the table")
}
