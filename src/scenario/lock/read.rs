//! Reading a lock: line by line, in the one layout that is written, so that a file of millions of
//! lines is read in a moment and a mistake has its line. Nothing in a file is trusted.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Entry, FORMAT, Lock, Row};
use crate::diagnostic::{Code, Diagnostic};
use crate::quantity::Quantity;
use crate::span::{Place, Source};

/// A lock that can't be read.
pub const UNREADABLE: Code = Code("E0155");

/// A lock with the places of its parts.
#[derive(Clone, Debug)]
pub struct Read {
    /// What it holds.
    pub lock: Lock,
    /// Where each scenario's id stands.
    pub scenarios: BTreeMap<String, Place>,
    /// Where each of the shared facts stands.
    pub facts: BTreeMap<String, Place>,
}

/// What a line of the file says.
#[derive(Clone, Debug)]
struct Line<'t> {
    indent: usize,
    key: String,
    /// The bytes of the key in the file.
    range: Range<usize>,
    value: &'t str,
    /// Where the value begins in the file.
    value_at: usize,
}

/// Facts with their values and places.
type Facts = (BTreeMap<String, Quantity>, BTreeMap<String, Place>);

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Reads the text of a lock.
///
/// # Errors
/// A diagnostic at the first line that isn't what bogi writes.
pub fn read(source: &Arc<Source>) -> Result<Read> {
    let mut reader = Reader { source, at: 0, ahead: None };
    let mut read =
        Read { lock: Lock::default(), scenarios: BTreeMap::new(), facts: BTreeMap::new() };
    let mut format = None;
    while let Some(line) = reader.next_at(0)? {
        match line.key.as_str() {
            "format" => format = Some(reader.format(&line)?),
            "facts" if line.value.is_empty() => {
                (read.lock.facts, read.facts) = reader.facts(2)?;
            }
            "scenarios" if line.value.is_empty() => {
                while let Some(id) = reader.next_at(2)? {
                    let entry = reader.entry(&id, &read.lock.facts)?;
                    let place = Place::new(source, id.range.clone());
                    if read.scenarios.insert(id.key.clone(), place).is_some() {
                        let message = format!("the lock has `{}` twice", id.key);
                        return Err(reader.error(id.range, message, "the second one begins here"));
                    }
                    read.lock.scenarios.insert(id.key, entry);
                }
            }
            _ => return Err(reader.unknown(&line)),
        }
    }
    if format.is_none() {
        let label = "`format: 1` is missing";
        return Err(reader.error(0..0, "the lock doesn't say its format".to_owned(), label));
    }
    Ok(read)
}

/// A lock that is larger than any that is read.
pub fn too_large(source: &Arc<Source>, bytes: u64) -> Diagnostic {
    let (bytes, most) = (bytes >> 20, super::LENGTH_MAX >> 20);
    Diagnostic::new(UNREADABLE, format!("the lock is too large: {bytes} MB"))
        .at(Place::start_of(source))
        .label(format!("at most {most} MB are read"))
        .hint("delete it and let `bogi bless` write it afresh")
}

struct Reader<'t> {
    source: &'t Arc<Source>,
    /// Where the next line begins.
    at: usize,
    ahead: Option<Line<'t>>,
}

impl<'t> Reader<'t> {
    fn error(&self, range: Range<usize>, message: String, label: &str) -> Box<Diagnostic> {
        let diagnostic = Diagnostic::new(UNREADABLE, message)
            .at(Place::new(self.source, range))
            .label(label)
            .hint("take the file from the last commit, or delete it, and run `bogi bless`");
        Box::new(diagnostic)
    }

    fn unknown(&self, line: &Line<'_>) -> Box<Diagnostic> {
        let message = format!("`{}` is nothing that a lock says here", line.key);
        self.error(line.range.clone(), message, "not written by `bogi bless`")
    }

    fn bad_value(&self, line: &Line<'_>, label: &str) -> Box<Diagnostic> {
        let range = line.value_at..line.value_at + line.value.len();
        let range = if line.value.is_empty() { line.range.clone() } else { range };
        self.error(range, format!("`{}` can't be read", line.key), label)
    }

    /// The next line, if it is indented so far; `None` if it is indented less, or there is none.
    fn next_at(&mut self, indent: usize) -> Result<Option<Line<'t>>> {
        if self.ahead.is_none() {
            self.ahead = self.line()?;
        }
        match &self.ahead {
            Some(line) if line.indent > indent => Err(self.unknown(line)),
            Some(line) if line.indent == indent => Ok(self.ahead.take()),
            _ => Ok(None),
        }
    }

    /// The next line that isn't empty and no comment.
    fn line(&mut self) -> Result<Option<Line<'t>>> {
        let text = self.source.text();
        loop {
            let Some(rest) = text.get(self.at..).filter(|rest| !rest.is_empty()) else {
                return Ok(None);
            };
            let start = self.at;
            let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
            self.at += length;
            let line = rest.get(..length).unwrap_or_default().trim_end();
            let content = line.trim_start_matches(' ');
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let indent = line.len() - content.len();
            self.check_conflict(line, start)?;
            let whole = start + indent..start + line.len();
            let Some((key, length)) = key(content) else {
                let message = "this line can't be read".to_owned();
                return Err(self.error(whole, message, "not `name: value`"));
            };
            let rest = content.get(length + 1..).unwrap_or_default();
            let value = rest.trim_start_matches(' ');
            let value_at = whole.end - value.len();
            let range = whole.start..whole.start + length;
            return Ok(Some(Line { indent, key, range, value, value_at }));
        }
    }

    fn check_conflict(&self, line: &str, start: usize) -> Result<()> {
        let is_mark = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
        if !is_mark.iter().any(|mark| line.starts_with(mark)) {
            return Ok(());
        }
        let diagnostic =
            Diagnostic::new(UNREADABLE, "two branches disagree in the lock, and nobody decided")
                .at(Place::new(self.source, start..start + line.len()))
                .label("a mark of a merge")
                .hint("take either side, and run `bogi bless` for what the merged site measures");
        Err(Box::new(diagnostic))
    }

    fn format(&self, line: &Line<'_>) -> Result<u32> {
        match line.value.parse::<u32>() {
            Ok(format) if format == FORMAT => Ok(format),
            Ok(format) if format > FORMAT => {
                Err(self.bad_value(line, "written by a newer version of bogi"))
            }
            _ => Err(self.bad_value(line, "no version of the lock's layout")),
        }
    }

    fn number(&self, line: &Line<'_>) -> Result<usize> {
        line.value.parse().map_err(|_| self.bad_value(line, "not a number"))
    }

    fn facts(&mut self, indent: usize) -> Result<Facts> {
        let (mut facts, mut places) = (BTreeMap::new(), BTreeMap::new());
        while let Some(line) = self.next_at(indent)? {
            let value = Quantity::parse_exact(line.value);
            let value = value.ok_or_else(|| self.bad_value(&line, "no value of a fact"))?;
            let place = Place::new(self.source, line.range.clone());
            places.insert(line.key.clone(), place);
            if facts.insert(line.key.clone(), value).is_some() {
                let message = format!("the lock has the fact `{}` twice", line.key);
                return Err(self.error(line.range, message, "the second one"));
            }
        }
        Ok((facts, places))
    }

    fn entry(&mut self, id: &Line<'_>, shared: &BTreeMap<String, Quantity>) -> Result<Entry> {
        let mut entry = Entry::default();
        let mut named: Option<Line<'t>> = None;
        let mut own = BTreeMap::new();
        while let Some(line) = self.next_at(4)? {
            match line.key.as_str() {
                "key" => line.value.clone_into(&mut entry.key),
                "digest" => line.value.clone_into(&mut entry.digest),
                "engine" => {
                    let engine = line.value.parse().ok();
                    entry.engine = engine.ok_or_else(|| self.bad_value(&line, "not a number"))?;
                }
                "catalogue" => line.value.clone_into(&mut entry.catalogue),
                "facts" => named = Some(line),
                "other facts" if line.value.is_empty() => own = self.facts(6)?.0,
                "variants" => {
                    let names = names(line.value);
                    entry.variants =
                        names.ok_or_else(|| self.bad_value(&line, "no list of names"))?;
                }
                "measures" if line.value.is_empty() => {
                    entry.measures = self.rows(|value| by_variant(value, &entry.variants))?;
                }
                "points" => entry.points = self.number(&line)?,
                "sweep" if line.value.is_empty() => {
                    entry.sweep = self.rows(|value| by_point(value, entry.points))?;
                }
                "unlisted" => entry.unlisted = self.number(&line)?,
                _ => return Err(self.unknown(&line)),
            }
        }
        for (name, value) in [("key", &entry.key), ("digest", &entry.digest)] {
            if value.is_empty() {
                let message = format!("`{}` has no `{name}` in the lock", id.key);
                return Err(self.error(id.range.clone(), message, "half an entry"));
            }
        }
        if let Some(line) = named {
            let names = names(line.value);
            let names = names.ok_or_else(|| self.bad_value(&line, "no list of names"))?;
            for name in names {
                let value = own.get(&name).or_else(|| shared.get(&name)).copied();
                let lost =
                    || self.bad_value(&line, "names a fact whose value the lock doesn't have");
                entry.facts.insert(name, value.ok_or_else(lost)?);
            }
        }
        Ok(entry)
    }

    fn rows(&mut self, parse: impl Fn(&str) -> Option<Row>) -> Result<BTreeMap<String, Row>> {
        let mut rows = BTreeMap::new();
        while let Some(line) = self.next_at(6)? {
            let row = parse(line.value);
            let row = row.ok_or_else(|| self.bad_value(&line, "no value of a measure"))?;
            if rows.insert(line.key.clone(), row).is_some() {
                let message = format!("the lock has the measure `{}` twice", line.key);
                return Err(self.error(line.range, message, "the second one"));
            }
        }
        Ok(rows)
    }
}

/// The key of a line, and its length in it.
fn key(content: &str) -> Option<(String, usize)> {
    if content.starts_with('"') {
        let (text, length) = unquoted(content)?;
        return content.get(length..)?.starts_with(':').then_some((text, length));
    }
    let length = content.find(':').filter(|&at| at > 0)?;
    let after = content.get(length + 1..)?;
    let ends = after.is_empty() || after.starts_with(' ');
    ends.then(|| (content.get(..length).unwrap_or_default().to_owned(), length))
}

/// A text in quotes at the beginning of another, and its length there.
fn unquoted(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut characters = text.char_indices();
    characters.next().filter(|&(_, c)| c == '"')?;
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((out, at + 1)),
            '\\' => match characters.next()?.1 {
                'n' => out.push('\n'),
                'u' => {
                    let digits: String = characters.by_ref().take(4).map(|(_, c)| c).collect();
                    out.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                c => out.push(c),
            },
            c => out.push(c),
        }
    }
    None
}

/// The parts between commas outside quotes, without the spaces around them.
fn parts(inner: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = inner.get(at..)?.chars().next() {
        match c {
            '"' => at += unquoted(inner.get(at..)?)?.1,
            ',' => {
                parts.push(inner.get(start..at)?.trim());
                at += 1;
                start = at;
            }
            c => at += c.len_utf8(),
        }
    }
    let last = inner.get(start..)?.trim();
    if !(last.is_empty() && parts.is_empty()) {
        parts.push(last);
    }
    parts.iter().all(|part| !part.is_empty()).then_some(parts)
}

fn inside(value: &str, open: char, close: char) -> Option<&str> {
    value.strip_prefix(open)?.strip_suffix(close)
}

fn names(value: &str) -> Option<Vec<String>> {
    parts(inside(value, '[', ']')?)?.into_iter().map(name).collect()
}

fn name(part: &str) -> Option<String> {
    if part.starts_with('"') {
        let (text, length) = unquoted(part)?;
        return (length == part.len()).then_some(text);
    }
    Some(part.to_owned())
}

/// A value that stands for itself.
fn single(value: &str) -> Option<String> {
    if value.starts_with('"') {
        let (_, length) = unquoted(value)?;
        return (length == value.len()).then(|| value.to_owned());
    }
    let is_plain = !value.is_empty() && !value.contains(['{', '}', '[', ']', '"', ',']);
    is_plain.then(|| value.to_owned())
}

fn by_variant(value: &str, variants: &[String]) -> Option<Row> {
    let Some(inner) = inside(value, '{', '}') else { return single(value).map(Row::Same) };
    let mut values = Vec::new();
    for (part, variant) in parts(inner)?.into_iter().zip(variants) {
        let (name, length) = key(part)?;
        let value = part.get(length + 1..)?.trim();
        values.push(single(value).filter(|_| name == *variant)?);
    }
    (parts(inner)?.len() == variants.len() && values.len() == variants.len())
        .then_some(Row::Each(values))
}

fn by_point(value: &str, points: usize) -> Option<Row> {
    let Some(inner) = inside(value, '[', ']') else { return single(value).map(Row::Same) };
    let values: Option<Vec<String>> = parts(inner)?.into_iter().map(single).collect();
    values.filter(|values| values.len() == points).map(Row::Each)
}
