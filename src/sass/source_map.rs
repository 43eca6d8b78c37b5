//! Source maps of version 3: which place of which file a place of the CSS comes from.
//!
//! A mapping stands for each selector, property and value whose statement is known.

use super::Sheet;
use super::engine::Ran;
use super::prepare::Mark;

/// A place of the CSS with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The line of the CSS, from 0.
    pub line: usize,
    /// The column, from 0, in units of UTF-16.
    pub column: usize,
    /// The statement.
    pub mark: Mark,
    /// How many bytes into the statement.
    pub inside: usize,
}

/// The JSON, laid out as LibSass does it.
pub(super) fn write(css_name: &str, sheet: &Sheet<'_>, ran: &Ran, segments: &[Segment]) -> String {
    let mut sources = vec![sheet.path.rsplit('/').next().unwrap_or(sheet.path)];
    sources.extend(ran.texts.iter().skip(1).map(|text| text.path.as_str()));
    let sources: Vec<String> = sources.iter().map(|path| json(&encoded_name(path))).collect();
    let contents: Vec<String> = ran.texts.iter().map(|text| json(&text.text)).collect();
    format!(
        "{{\n\t\"version\": 3,\n\t\"file\": {},\n\t\"sources\": [\n\t\t{}\n\t],\n\
         \t\"sourcesContent\": [\n\t\t{}\n\t],\n\t\"names\": [],\n\t\"mappings\": {}\n}}",
        json(&encoded_name(css_name)),
        sources.join(",\n\t\t"),
        contents.join(",\n\t\t"),
        json(&mappings(ran, segments)),
    )
}

/// Where the lines of a text begin.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(after).collect() }
    }

    /// The line and column of an offset, both from 0, the column in units of UTF-16.
    fn position(&self, text: &str, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = text.get(start..offset).map_or(0, |before| before.encode_utf16().count());
        (line, column)
    }
}

fn mappings(ran: &Ran, segments: &[Segment]) -> String {
    let lines: Vec<Lines> = ran.texts.iter().map(|text| Lines::of(&text.text)).collect();
    let mut out = String::new();
    let mut line = 0;
    let mut first = true;
    // Columns count from the line's beginning, everything else from the mapping before.
    let mut last = [0_usize; 4];
    for segment in segments {
        let Mark { file, statement } = segment.mark;
        let (Some(text), Some(lines)) = (ran.texts.get(file), lines.get(file)) else { continue };
        let Some(range) = text.prepared.statements.get(statement) else { continue };
        let (source_line, source_column) =
            lines.position(&text.text, (range.start + segment.inside).min(range.end));
        while line < segment.line {
            out.push(';');
            line += 1;
            last[0] = 0;
            first = true;
        }
        if !first {
            out.push(',');
        }
        first = false;
        let next = [segment.column, file, source_line, source_column];
        for (value, before) in next.iter().zip(&mut last) {
            push_difference(&mut out, *value, *before);
            *before = *value;
        }
    }
    out
}

/// Appends a difference in base 64, five bits a digit, the sign in the lowest bit.
fn push_difference(out: &mut String, value: usize, before: usize) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let negative = value < before;
    let mut rest = (value.abs_diff(before) << 1) | usize::from(negative);
    loop {
        let more = if rest > 31 { 32 } else { 0 };
        out.push(char::from(DIGITS[(rest & 31) | more]));
        rest >>= 5;
        if rest == 0 {
            return;
        }
    }
}

/// A path as part of a URL.
pub(super) fn encoded_name(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()/:@&=+$,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A string of JSON.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
