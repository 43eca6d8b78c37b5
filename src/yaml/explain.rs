//! Why a text isn't YAML, in an author's words. The parser says where it gave up; what the author
//! meant shows in the line.

use std::ops::Range;

use saphyr_parser::{Event, ScanError};

use super::SYNTAX;
use super::load::{Events, too_deep};
use crate::diagnostic::Diagnostic;
use crate::span::Mapped;

/// The diagnostic for a parser's error at a byte of the text.
pub(super) fn explain(
    text: &Mapped,
    events: &Events<'_>,
    error: &ScanError,
    at: usize,
) -> Diagnostic {
    let site = Site { text: text.text(), at: at.min(text.text().len()), info: error.info() };
    if site.info.contains("recursion limit") {
        return too_deep(text, site.at);
    }
    let finding = tab(&site)
        .or_else(|| unclosed_quote(&site, events))
        .or_else(|| reserved_sign(&site))
        .or_else(|| unknown_anchor(&site))
        .or_else(|| unclosed_bracket(&site, events))
        .or_else(|| second_colon(&site))
        .or_else(|| text_after_value(&site))
        .or_else(|| missing_space(&site))
        .unwrap_or_else(|| fallback(&site));
    Diagnostic::new(SYNTAX, finding.message)
        .at(text.locate(finding.range))
        .label(finding.label)
        .hint(finding.hint)
}

/// Where the parser gave up.
struct Site<'t> {
    text: &'t str,
    at: usize,
    info: &'t str,
}

struct Finding {
    range: Range<usize>,
    message: String,
    label: &'static str,
    hint: String,
}

impl Site<'_> {
    /// The bytes of the line that an offset lies in, without its end.
    fn line(&self, at: usize) -> Range<usize> {
        let at = at.min(self.text.len());
        let start = self.text[..at].rfind('\n').map_or(0, |found| found + 1);
        let end = self.text[start..].find('\n').map_or(self.text.len(), |found| start + found);
        start..start + self.text[start..end].trim_end().len()
    }

    /// The line of the error, and the last one with text before it.
    fn lines(&self) -> [Range<usize>; 2] {
        let here = self.line(self.at);
        let before = self.text[..here.start].trim_end().len();
        [here, self.line(before)]
    }

    fn next_character(&self) -> Range<usize> {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        self.at..self.at + length
    }
}

fn tab(site: &Site<'_>) -> Option<Finding> {
    for line in site.lines() {
        let text = &site.text[line.clone()];
        let indent = text.len() - text.trim_start_matches([' ', '\t', '-']).len();
        if let Some(tab) = text[..indent].find('\t') {
            return Some(Finding {
                range: line.start + tab..line.start + tab + 1,
                message: "a tab can't indent YAML".to_owned(),
                label: "this is a tab",
                hint: "use two spaces for each level".to_owned(),
            });
        }
    }
    None
}

fn unclosed_quote(site: &Site<'_>, events: &Events<'_>) -> Option<Finding> {
    let quoted = site.info.contains("quoted scalar");
    let trailing = site.info.contains("trailing content");
    if !quoted || site.info.contains("escape") && !site.info.contains("end of stream") {
        return (quoted && !trailing).then(|| bad_escape(site));
    }
    let read = events.events.last().map_or(0, |(_, range)| range.end).min(site.at);
    let opens = |at: usize| {
        let before = site.text[..at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || "[{,:".contains(c))
    };
    // A mark on the quote itself, or the first quote behind what was understood.
    let own = site.text[site.at..].starts_with(['"', '\'']).then_some(site.at);
    let found = site.text[read..].match_indices(['"', '\'']).map(|(at, _)| read + at);
    let start = own.filter(|_| !trailing).or_else(|| found.into_iter().find(|&at| opens(at)))?;
    let quote = site.text[start..].chars().next()?;
    let line = site.line(start);
    let same_line = site.text[start + 1..line.end.max(start + 1)].contains(quote);
    if trailing && same_line {
        return Some(Finding {
            range: site.at..site.line(site.at).end.max(site.at),
            message: "text behind a closing quote".to_owned(),
            label: "the value ended before this",
            hint: format!(
                "put the whole value in quotes; a {quote} inside is written {}",
                if quote == '\'' { "''" } else { "\\\"" }
            ),
        });
    }
    Some(Finding {
        range: start..start + 1,
        message: format!("a {quote} that is never closed"),
        label: "the text in quotes begins here",
        hint: format!("close the text with {quote} on its line"),
    })
}

fn bad_escape(site: &Site<'_>) -> Finding {
    let known = |c: char| "0abtnvfre \"/\\N_LP\n\r\t".contains(c);
    let mut from = site.at;
    let slashes = site.text[site.at..].match_indices('\\').map(|(at, _)| site.at + at);
    let mut escaped = None;
    for at in slashes {
        if escaped == Some(at) {
            continue;
        }
        let next = site.text[at + 1..].chars().next();
        if next.is_none_or(|c| !known(c)) {
            from = at;
            break;
        }
        escaped = Some(at + 1);
    }
    let length = site.text[from..].chars().take(2).map(char::len_utf8).sum::<usize>();
    Finding {
        range: from..from + length,
        message: "a backslash sequence that YAML doesn't know".to_owned(),
        label: "",
        hint: "write `\\\\` for a backslash, or put the text in single quotes".to_owned(),
    }
}

fn reserved_sign(site: &Site<'_>) -> Option<Finding> {
    let sign = site.text[site.at..].chars().next()?;
    let known = site.info.contains("unexpected character")
        || matches!(sign, '@' | '`' | '%') && !site.info.contains("quoted");
    if !known || !matches!(sign, '@' | '`' | '%' | '!' | '&' | '*' | '|' | '>') {
        return None;
    }
    Some(Finding {
        range: site.next_character(),
        message: format!("a value can't begin with {}", quoted_sign(sign)),
        label: "",
        hint: "put the value in quotes".to_owned(),
    })
}

/// A character in back-ticks, which for a back-tick itself would not read well.
fn quoted_sign(sign: char) -> String {
    if sign == '`' { "a back-tick".to_owned() } else { format!("`{sign}`") }
}

fn unknown_anchor(site: &Site<'_>) -> Option<Finding> {
    let alias =
        site.info.contains("unknown anchor") || site.info.contains("scanning an anchor or alias");
    if !alias {
        return None;
    }
    let line = site.line(site.at);
    let star = match site.text[site.at..line.end.max(site.at)].find(['*', '&']) {
        Some(found) => site.at + found,
        None => line.start + site.text[line.clone()].rfind(['*', '&'])?,
    };
    let name = site.text[star + 1..].split(|c: char| c.is_whitespace() || ",]}*".contains(c));
    let name = name.into_iter().next().unwrap_or_default();
    let sign = if site.text[star..].starts_with('*') { '*' } else { '&' };
    let message = if name.is_empty() || sign == '&' {
        format!("a value can't begin with `{sign}` alone")
    } else {
        format!("there is no anchor `&{name}` above")
    };
    Some(Finding {
        range: star..star + 1 + name.len(),
        message,
        label: "YAML takes this for the name of another value",
        hint: "put the value in quotes if it is meant as text".to_owned(),
    })
}

/// `title: foo: bar`.
fn second_colon(site: &Site<'_>) -> Option<Finding> {
    if !site.info.contains("mapping values are not allowed")
        && !site.info.contains("illegal placement of ':'")
    {
        return None;
    }
    let line = site.line(site.at);
    let text = &site.text[line.clone()];
    let colons: Vec<usize> = text
        .match_indices(':')
        .map(|(at, _)| at)
        .filter(|&at| text[at + 1..].chars().next().is_none_or(char::is_whitespace))
        .collect();
    let [first, rest @ ..] = colons.as_slice() else { return None };
    let Some(second) = rest.first() else {
        return Some(Finding {
            range: line.start + first..line.start + first + 1,
            message: "a key where no map can begin".to_owned(),
            label: "this colon makes the text before it a key",
            hint: "indent the line like its neighbours, or put text with a colon in quotes"
                .to_owned(),
        });
    };
    let value = text[first + 1..].trim();
    let hint = if value.contains(['"', '\\']) {
        "put the value in quotes".to_owned()
    } else {
        format!("put the value in quotes: `{}: \"{value}\"`", text[..*first].trim_start())
    };
    Some(Finding {
        range: line.start + second..line.start + second + 1,
        message: "a second colon in an unquoted value".to_owned(),
        label: "YAML takes the text before this colon for a key",
        hint,
    })
}

fn unclosed_bracket(site: &Site<'_>, events: &Events<'_>) -> Option<Finding> {
    let mut open = Vec::new();
    for (event, range) in &events.events {
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => open.push(range.start),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
            }
            _ => {}
        }
    }
    let bracket = |at: &usize| site.text[*at..].starts_with(['[', '{']);
    let flow = site.info.contains("flow") || site.info.contains("','");
    let start = match open.last().filter(|at| bracket(at)) {
        Some(&start) => start,
        // The bracket was the last thing that the parser saw.
        None if flow => site.at.min(site.text.rfind(['[', '{'])?),
        None => return None,
    };
    let sign = site.text[start..].chars().next()?;
    let closing = if sign == '[' { ']' } else { '}' };
    let line = site.line(start);
    if site.text[start..line.end.max(start)].contains(closing) {
        return Some(Finding {
            range: site.next_character(),
            message: format!("this doesn't fit between `{sign}` and `{closing}`"),
            label: "",
            hint: "separate entries with commas, and put text with special signs in quotes"
                .to_owned(),
        });
    }
    Some(Finding {
        range: start..start + 1,
        message: format!("a `{sign}` that is never closed"),
        label: "the brackets open here",
        hint: format!("add the `{closing}`, or put the value in quotes if it is text"),
    })
}

/// `title: [x] y`.
fn text_after_value(site: &Site<'_>) -> Option<Finding> {
    for line in site.lines() {
        let text = &site.text[line.clone()];
        let Some(colon) = text.find(": ") else { continue };
        let value = text[colon + 1..].trim_start();
        let start = line.start + text.len() - value.len();
        let closing = match value.chars().next() {
            Some('[') => ']',
            Some('{') => '}',
            _ => continue,
        };
        let Some(end) = value.rfind(closing) else { continue };
        let tail = value[end + 1..].trim_start();
        if tail.is_empty() || tail.starts_with('#') {
            continue;
        }
        let tail_start = start + value.len() - tail.len();
        return Some(Finding {
            range: tail_start..start + value.len(),
            message: "text behind a closing bracket".to_owned(),
            label: "the value ended before this",
            hint: "put the whole value in quotes".to_owned(),
        });
    }
    None
}

/// `layout:post`.
fn missing_space(site: &Site<'_>) -> Option<Finding> {
    for line in site.lines() {
        let text = &site.text[line.clone()];
        let key = text.trim_start();
        let indent = text.len() - key.len();
        let Some(colon) = key.find(':') else { continue };
        let plain_key = key[..colon].chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        let glued = key[colon + 1..].starts_with(|c: char| !c.is_whitespace() && c != '/');
        if colon > 0 && plain_key && glued {
            let at = line.start + indent + colon;
            return Some(Finding {
                range: at..at + 1,
                message: "no space behind the colon of a key".to_owned(),
                label: "",
                hint: format!("write `{}: {}`", &key[..colon], key[colon + 1..].trim()),
            });
        }
    }
    None
}

fn fallback(site: &Site<'_>) -> Finding {
    let [here, before] = site.lines();
    let line = if site.text[here.clone()].trim().is_empty() { before } else { here };
    let text = &site.text[line.clone()];
    let start = line.start + text.len() - text.trim_start().len();
    let indentation = site.info.contains("indent");
    let bare = !text.contains(':') && !text.trim_start().starts_with('-');
    let (message, hint) = if bare && !indentation {
        ("a line that is neither `key: value` nor a list entry", "write `key: value`")
    } else if indentation || start > line.start {
        ("the indentation doesn't fit the lines around", "indent entries of one level equally")
    } else {
        ("this line doesn't fit the YAML around it", "put text with special signs in quotes")
    };
    Finding {
        range: start..line.end.max(start),
        message: message.to_owned(),
        label: "",
        hint: hint.to_owned(),
    }
}
