//! The preparation of SCSS: one pass over the text that knows strings, comments, interpolation and
//! blocks, and no more of the language than where statements begin and end.

use super::prepare::{self, Draft, MarkKind, Prepared};

/// How deep blocks, parentheses, strings and interpolations may lie inside each other; the
/// compiler goes down as many calls. Themes in the wild stay below 20.
pub const MAX_DEPTH: usize = 128;

/// How many operators one value may have between two commas; each is a call inside another.
pub const MAX_OPERATORS: usize = 2000;

/// Where a text has more of something than is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooDeep {
    /// Nesting beyond [`MAX_DEPTH`].
    Nesting(usize),
    /// Operators beyond [`MAX_OPERATORS`].
    Operators(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Block { function: bool },
    Group,
    Text(u8),
    Interpolation,
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// Where the current statement begins.
    start: Option<usize>,
    operators: usize,
    /// How many of the open blocks are functions.
    functions: usize,
    draft: Draft<'a>,
}

/// Prepares a text in SCSS.
pub(super) fn prepare(text: &str, file: usize, marks: bool) -> Result<Prepared, TooDeep> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        start: None,
        operators: 0,
        functions: 0,
        draft: Draft::new(text, file, marks),
    };
    scanner.run()?;
    Ok(scanner.draft.finish())
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), TooDeep> {
        while let Some(&byte) = self.bytes.get(self.at) {
            let before = self.at;
            if let Some(Open::Text(quote)) = self.open.last().copied() {
                self.in_text(byte, quote);
            } else {
                self.outside(byte);
            }
            if self.open.len() > MAX_DEPTH {
                return Err(TooDeep::Nesting(before));
            }
            if self.operators > MAX_OPERATORS {
                return Err(TooDeep::Operators(before));
            }
        }
        self.end_statement();
        Ok(())
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn in_text(&mut self, byte: u8, quote: u8) {
        if byte == b'\\' {
            self.at += 2;
        } else if byte == b'#' && self.peek(1) == b'{' {
            self.open.push(Open::Interpolation);
            self.at += 2;
        } else {
            if byte == quote || byte == b'\n' {
                self.open.pop();
            }
            self.at += 1;
        }
    }

    fn outside(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' => self.at += 1,
            b'/' if self.peek(1) == b'/' => {
                let rest = &self.text[self.at..];
                self.at += rest.find('\n').unwrap_or(rest.len());
            }
            b'/' if self.peek(1) == b'*' => {
                let rest = &self.text[self.at..];
                let end = self.at + rest[2..].find("*/").map_or(rest.len(), |length| length + 4);
                if self.start.is_none() && self.between_statements() && self.functions == 0 {
                    let mark = self.draft.mark(MarkKind::Comment, self.at..end);
                    self.draft.insert(self.at, mark);
                }
                self.at = end;
            }
            b';' if self.between_statements() => {
                self.end_statement();
                self.start = None;
                self.at += 1;
            }
            b'}' => self.close(),
            b'{' => self.open_block(),
            _ => {
                if self.start.is_none() && self.between_statements() {
                    self.start = Some(self.at);
                    self.operators = 0;
                    if byte == b'-' && self.peek(1) == b'-' && self.custom_property() {
                        return;
                    }
                }
                self.inside_statement(byte);
            }
        }
    }

    fn inside_statement(&mut self, byte: u8) {
        match byte {
            b'\\' => self.at += 1,
            b'"' | b'\'' => self.open.push(Open::Text(byte)),
            b'#' if self.peek(1) == b'{' => {
                self.open.push(Open::Interpolation);
                self.at += 1;
            }
            b'(' if self.is_url() => {
                self.skip_url();
                return;
            }
            b'(' | b'[' => self.open.push(Open::Group),
            b')' | b']' if self.open.last() == Some(&Open::Group) => {
                self.open.pop();
            }
            b',' => self.operators = 0,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'=' | b'<' | b'>' => self.operators += 1,
            // `not`, `and` and `or` stand between blanks.
            b'n' | b'a' | b'o' if self.at > 0 && self.bytes[self.at - 1] == b' ' => {
                self.operators += 1;
            }
            _ => {}
        }
        self.at += 1;
    }

    fn between_statements(&self) -> bool {
        matches!(self.open.last(), None | Some(Open::Block { .. }))
    }

    /// Whether the parenthesis here opens an address without quotes, which is no expression.
    fn is_url(&self) -> bool {
        let before = &self.bytes[..self.at];
        let named = before.len() >= 3 && before[before.len() - 3..].eq_ignore_ascii_case(b"url");
        let inner = self.bytes[self.at + 1..].trim_ascii_start();
        named && !inner.starts_with(b"\"") && !inner.starts_with(b"'") && !inner.starts_with(b"$")
    }

    fn skip_url(&mut self) {
        let mut braces = 0_usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'{' => braces += 1,
                b'}' => braces = braces.saturating_sub(1),
                b')' if braces == 0 => break,
                b'\n' => break,
                _ => {}
            }
        }
    }

    /// Passes over the value of a custom property, which may hold anything; marks it.
    fn custom_property(&mut self) -> bool {
        let start = self.at;
        let rest = &self.bytes[start..];
        let name = rest.iter().position(|&b| b":;{}\n".contains(&b)).unwrap_or(rest.len());
        if rest.get(name) != Some(&b':') {
            return false;
        }
        let (mut depth, mut quote, mut at) = (0_usize, None, start + name);
        while let Some(&byte) = self.bytes.get(at) {
            match (byte, quote) {
                (b'\\', _) => at += 1,
                (byte, Some(open)) if byte == open || byte == b'\n' => quote = None,
                (_, Some(_)) => {}
                (b'"' | b'\'', None) => quote = Some(byte),
                (b'{' | b'(' | b'[', None) => depth += 1,
                (b'}' | b';', None) if depth == 0 => break,
                (b'}' | b')' | b']', None) => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        self.at = at.min(self.bytes.len());
        true
    }

    fn open_block(&mut self) {
        let at = self.at;
        self.at += 1;
        if !self.between_statements() {
            self.open.push(Open::Group);
            return;
        }
        let start = self.start.take().unwrap_or(at);
        let head = self.text[start..at].trim_end();
        let name = head.split(|c: char| c.is_whitespace() || "({".contains(c)).next().unwrap_or("");
        let function = name == "@function";
        let marks = self.functions == 0;
        match name {
            "@function" | "@mixin" | "@for" | "@each" | "@while" => {
                self.draft.insert(self.at, prepare::step());
            }
            "@if" | "@else" | "@include" | "@at-root" => {}
            _ if name.starts_with('@') => {
                let mark = self.draft.mark(MarkKind::AtRule, start..start + head.len());
                self.draft.insert(start, mark);
            }
            _ if marks && !head.ends_with(':') => {
                let mut inserted = self.draft.mark(MarkKind::Rule, start..start + head.len());
                if !self.open.is_empty() {
                    inserted.push_str(&prepare::step_in_rule());
                }
                self.draft.insert(self.at, inserted);
            }
            _ => {}
        }
        self.functions += usize::from(function);
        self.open.push(Open::Block { function });
    }

    fn close(&mut self) {
        match self.open.last() {
            Some(Open::Block { function }) => {
                let function = *function;
                self.end_statement();
                self.functions -= usize::from(function);
                self.start = None;
            }
            None => self.start = None,
            Some(_) => {}
        }
        self.open.pop();
        self.at += 1;
    }

    /// Marks the statement that ends here, where it is a declaration or an import.
    fn end_statement(&mut self) {
        let Some(start) = self.start else { return };
        let end = start + self.text[start..self.at.min(self.text.len())].trim_end().len();
        let statement = &self.text[start..end];
        if let Some(rule) = ["@import", "@use", "@forward"]
            .into_iter()
            .find(|rule| statement.get(..rule.len()).is_some_and(|s| s.eq_ignore_ascii_case(rule)))
        {
            self.imports(start + rule.len(), end, rule == "@import");
        } else if !statement.starts_with(['@', '$'])
            && statement.contains(':')
            && self.functions == 0
            && !self.open.is_empty()
        {
            let mark = self.draft.mark(MarkKind::Declaration, start..end);
            self.draft.insert(start, mark);
        }
    }

    /// Prepares the addresses of an import.
    fn imports(&mut self, start: usize, end: usize, many: bool) {
        let mut at = start;
        while at < end {
            let byte = self.bytes[at];
            if byte == b'(' {
                self.plain_import(start);
                at += self.text[at..end].find(')').unwrap_or(end - at);
            } else if byte == b'"' || byte == b'\'' {
                let inner = at + 1;
                let Some(length) = self.text[inner..end].find(char::from(byte)) else { return };
                let after = self.text[inner + length + 1..end].trim_start();
                let plain = many && !(after.is_empty() || after.starts_with(','));
                let url = &self.text[inner..inner + length];
                if plain || prepare::is_plain_import(url) {
                    self.plain_import(start);
                } else if !url.contains(['\\', '#']) {
                    self.draft.import(inner..inner + length);
                }
                if !many {
                    return;
                }
                at = inner + length;
            }
            at += 1;
        }
    }

    fn plain_import(&mut self, after_name: usize) {
        if let (Some(start), true) = (self.start, self.functions == 0) {
            let mark = self.draft.mark(MarkKind::Import, start..after_name);
            self.draft.insert(start, mark);
        }
    }
}
