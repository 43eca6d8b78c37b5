//! How values and selectors are spelt. LibSass leaves what is plain text in the source as it was
//! written there and computes the rest; the compiler here computes everything.

use std::collections::HashMap;

use super::colour;

/// How the files of a sheet spell what the compiler spells in one way only.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// Attribute selectors with quotes, by the form that the compiler writes.
    attributes: HashMap<String, String>,
    /// Arguments of `:nth-child` and its kin with blanks, by their form without.
    positions: HashMap<String, String>,
}

impl Spellings {
    /// Reads the spellings from the files' texts.
    pub fn gather<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut found = Self::default();
        for text in texts {
            for (at, _) in text.match_indices('[') {
                if let Some((bare, quoted)) = attribute(&text[at..]) {
                    found.attributes.entry(bare).or_insert(quoted);
                }
            }
            for (at, _) in text.match_indices(":nth-") {
                let rest = text[at..].split(['{', ';', '\n']).next().unwrap_or("");
                let Some((_, rest)) = rest.split_once('(') else { continue };
                let Some((written, _)) = rest.split_once(')') else { continue };
                let written = written.trim();
                let bare: String = written.split_whitespace().collect();
                let bare = bare.to_ascii_lowercase();
                if bare != written && !written.contains("of") && !written.contains('#') {
                    found.positions.entry(bare).or_insert_with(|| written.to_owned());
                }
            }
        }
        found
    }

    /// A selector as the source spells it; `source` is the text that the rule was written with.
    pub fn selector(&self, selector: &str, source: Option<&str>) -> String {
        if !selector.contains(['[', '(']) {
            return selector.to_owned();
        }
        let own = source.map(|source| Self::gather(std::iter::once(source)));
        let mut out = String::with_capacity(selector.len());
        let mut rest = selector;
        while let Some(at) = rest.find(['[', '(']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let Some(end) = from.find([']', ')']) else { break };
            let written = &from[..=end];
            let inner = &from[1..end];
            let bare = source.is_some_and(|source| source.contains(written));
            if from.starts_with('[') {
                let own = own.as_ref().and_then(|own| own.attributes.get(written));
                let all = self.attributes.get(written).filter(|_| !bare);
                out.push_str(own.or(all).map_or(written, String::as_str));
                rest = &from[end + 1..];
            } else if let Some(position) = own
                .as_ref()
                .and_then(|own| own.position(before, inner))
                .or_else(|| self.position(before, inner).filter(|_| !bare))
            {
                out.push_str(&format!("({position})"));
                rest = &from[end + 1..];
            } else {
                out.push('(');
                rest = &from[1..];
            }
        }
        out.push_str(rest);
        out
    }

    fn position(&self, before: &str, inner: &str) -> Option<&str> {
        let is_position = before.rsplit(':').next().is_some_and(|name| name.starts_with("nth-"));
        if is_position { self.positions.get(inner).map(String::as_str) } else { None }
    }
}

/// An attribute selector at the beginning of the text with quotes: as the compiler writes it
/// (without them, or with double ones where they are needed), and as it stands there.
fn attribute(text: &str) -> Option<(String, String)> {
    let end = text.find(['\n', '{', ';']).unwrap_or(text.len());
    let (name, rest) = text.get(1..end)?.split_once('=')?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| "\"'".contains(*c))?;
    let (value, rest) = rest[1..].split_once(quote)?;
    if !rest.trim_start().starts_with(']') || value.contains(['"', '\'', '\\', ']', ')', '#']) {
        return None;
    }
    let kept = if is_identifier(value) { "" } else { "\"" };
    let name = name.trim();
    let operator = name.find(['~', '|', '^', '$', '*']).filter(|at| at + 1 == name.len());
    let key = name[..operator.unwrap_or(name.len())].trim();
    let operator = &name[operator.unwrap_or(name.len())..];
    let fits = |c: char| c.is_alphanumeric() || "-_|:\\".contains(c);
    key.chars().all(fits).then(|| {
        (
            format!("[{key}{operator}={kept}{value}{kept}]"),
            format!("[{key}{operator}={quote}{value}{quote}]"),
        )
    })
}

fn is_identifier(text: &str) -> bool {
    let first = text.trim_start_matches('-').chars().next();
    first.is_some_and(|c| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// Where the value of a declaration begins in its statement.
pub(super) fn value_start(statement: &str) -> Option<usize> {
    let mut braces = 0_usize;
    for (at, byte) in statement.bytes().enumerate() {
        match byte {
            b'{' => braces += 1,
            b'}' => braces = braces.saturating_sub(1),
            b':' if braces == 0 && at > 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A value as LibSass writes it: `source` is the statement that it comes from, `computed` is what
/// the compiler made of it. Also says whether it is the source's own text.
pub(super) fn value(name: &str, source: Option<&str>, computed: &str) -> (String, bool) {
    let written = source.and_then(|source| source.get(value_start(source)?..));
    if name.starts_with("--") {
        let written = written.filter(|written| !written.contains("#{"));
        return (written.unwrap_or(computed).to_owned(), true);
    }
    match written.and_then(|written| plain(written.trim())) {
        Some(plain) => (plain, true),
        None => (colours(&one_line(computed)), false),
    }
}

/// A value with each line break and the blanks around it as one blank.
fn one_line(value: &str) -> String {
    let mut lines = value.split('\n');
    let mut out = lines.next().unwrap_or("").to_owned();
    for line in lines {
        out.truncate(out.trim_end().len());
        out.push(' ');
        out.push_str(line.trim_start());
    }
    out
}

/// A value that is plain text for LibSass, which then doesn't look into it; blanks with a line
/// break among them become one.
fn plain(value: &str) -> Option<String> {
    if value.contains("#{") || value.contains('$') {
        return None;
    }
    if value.starts_with("progid:") {
        return Some(value.to_owned());
    }
    let mut rest = value;
    let mut out = String::with_capacity(value.len());
    loop {
        let length = component(rest)?;
        let (text, after) = rest.split_at(length);
        match text.strip_prefix('!') {
            Some(word) => {
                out.truncate(out.trim_end().len());
                out.push_str(" !");
                out.push_str(word.trim_start());
            }
            None => out.push_str(text),
        }
        if after.is_empty() {
            return Some(out);
        }
        let next = after.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '/');
        let between = &after[..after.len() - next.len()];
        let signs = between.chars().filter(|c| !c.is_whitespace()).count();
        let comment = between.contains("//") || next.starts_with('*');
        if next.is_empty() || signs > 1 || comment || (between.is_empty() && !next.starts_with('!'))
        {
            return None;
        }
        push_one_line(&mut out, between);
        rest = next;
    }
}

fn push_one_line(out: &mut String, between: &str) {
    match between.split_once('\n') {
        None => out.push_str(between),
        Some(_) => {
            out.push_str(between.trim());
            out.push(' ');
        }
    }
}

/// The length of the word, string, number, colour, `!important` or `calc(…)` that a value begins
/// with.
fn component(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    match first {
        '"' | '\'' => {
            let mut escaped = false;
            for (at, c) in text.char_indices().skip(1) {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '\n' => return None,
                    c if c == first => return Some(at + 1),
                    _ => {}
                }
            }
            None
        }
        '#' => Some(1 + text[1..].find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len() - 1)),
        '!' => {
            let word = text[1..].trim_start();
            let named = word.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("important"));
            named.then(|| text.len() - word.len() + 9)
        }
        '0'..='9' | '.' | '+' => number(text),
        '-' if text[1..].starts_with(|c: char| c.is_ascii_digit() || c == '.') => number(text),
        _ => word(text),
    }
}

fn number(text: &str) -> Option<usize> {
    let unsigned = text.trim_start_matches(['+', '-']);
    let digits = unsigned.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &unsigned[..unsigned.len() - digits.len()];
    let unit = digits.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let whole = text.len() - unsigned.len() <= 1 && number.contains(|c: char| c.is_ascii_digit());
    (whole && number.matches('.').count() <= 1).then(|| text.len() - unit.len())
}

fn word(text: &str) -> Option<usize> {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let length = text.find(|c: char| !fits(c)).unwrap_or(text.len());
    let name = &text[..length];
    if !is_identifier(name) || ["not", "and", "or"].contains(&name) {
        return None;
    }
    if !text[length..].starts_with('(') {
        return Some(length);
    }
    if !["calc", "-webkit-calc", "-moz-calc"].contains(&name) {
        return None;
    }
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(length) {
        match byte {
            b'(' => open += 1,
            b')' if open == 1 => return Some(at + 1),
            b')' => open -= 1,
            b'"' | b'\'' | b'\n' => return None,
            _ => {}
        }
    }
    None
}

/// A computed value with its colours as LibSass writes them.
fn colours(value: &str) -> String {
    map_words(value, &|word, after, _| {
        if !["rgb", "rgba", "hsl", "hsla"].contains(&word) {
            return None;
        }
        let inner = after.strip_prefix('(')?;
        let end = inner.find(')')?;
        Some((colour::function(word, &inner[..end])?, end + 2))
    })
}

/// A value in as few characters as LibSass takes.
pub(super) fn compressed(value: &str) -> String {
    map_words(value, &|word, after, depth| {
        if word == "," {
            return (depth == 0 && after.starts_with(' ')).then(|| (",".to_owned(), 1));
        }
        if let ("rgb" | "rgba", Some(inner)) = (word, after.strip_prefix('(')) {
            let end = inner.find(')')?;
            let numbers = |c: char| c.is_ascii_digit() || ",. ".contains(c);
            let inner = Some(&inner[..end]).filter(|inner| inner.chars().all(numbers))?;
            return Some((format!("{word}({})", inner.replace(' ', "")), end + 2));
        }
        if after.starts_with('(') || (depth > 0 && !word.starts_with('#')) {
            return None;
        }
        if let Some(fraction) = word.strip_prefix("0.").filter(|rest| !rest.is_empty()) {
            return Some((format!(".{fraction}"), 0));
        }
        if let Some(fraction) = word.strip_prefix("-0.").filter(|rest| !rest.is_empty()) {
            return Some((format!("-.{fraction}"), 0));
        }
        Some((colour::shortest(word)?, 0))
    })
}

/// What stands for a word, and how many bytes after the word go with it.
type Replaced = Option<(String, usize)>;

/// Replaces words outside strings and addresses. The function gets a word (or a comma), what
/// follows it, and how many parentheses are open.
fn map_words(value: &str, replace: &dyn Fn(&str, &str, usize) -> Replaced) -> String {
    let fits = |c: char| c.is_alphanumeric() || "-_#.%\\".contains(c);
    let mut out = String::with_capacity(value.len());
    let (mut rest, mut depth) = (value, 0_usize);
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !fits(c)).unwrap_or(rest.len());
        let mut length = if word > 0 { word } else { first.len_utf8() };
        if first == '"' || first == '\'' {
            length = component(rest).unwrap_or(rest.len());
        } else if rest[..word].eq_ignore_ascii_case("url") && rest[word..].starts_with('(') {
            length = rest.find(')').map_or(rest.len(), |end| end + 1);
        } else if word > 0 || first == ',' {
            let (text, after) = rest.split_at(length);
            if let Some((replacement, more)) = replace(text, after, depth) {
                out.push_str(&replacement);
                rest = &after[more..];
                continue;
            }
        }
        match first {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}
