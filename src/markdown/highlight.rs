//! Syntax highlighting with Rouge's class names, by syntect's grammars.

mod classes;
mod languages;
mod names;

use std::collections::HashMap;
use std::sync::OnceLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::escape;
use classes::{Class, class_of};
pub use names::is_rouge_language;

/// Code longer than this stays plain: a page isn't the place to read it, and grammars take time.
const MAX_CODE: usize = 256 * 1024;
/// Code with a longer line stays plain, as a grammar's time may grow faster than the line.
const MAX_LINE: usize = 4 * 1024;

/// Grammars of languages in which a word that has no scope is text.
const WORDS_ARE_TEXT: &[&str] = &[
    "Bourne Again Shell (bash)",
    "commands-builtin-shell-bash",
    "Dockerfile",
    "HTML",
    "XML",
    "Markdown",
    "YAML",
    "Diff",
    "INI",
];

/// The grammars, read once.
fn grammars() -> &'static SyntaxSet {
    static GRAMMARS: OnceLock<SyntaxSet> = OnceLock::new();
    GRAMMARS.get_or_init(two_face::syntax::extra_newlines)
}

/// The grammar of a language by any of the names that Rouge, or an author, has for it. What
/// follows a colon or a brace is a file's name or line numbers.
fn grammar(language: &str) -> Option<&'static SyntaxReference> {
    let name = language.split([':', '{', ',', '?']).next().unwrap_or_default();
    let name = name.to_lowercase();
    let token = languages::token(&name)?;
    grammars().find_syntax_by_token(token)
}

/// Code with spans of Rouge's classes, text escaped; `None` when the language has no grammar or
/// the code is too long.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    if code.len() > MAX_CODE || code.split('\n').any(|line| line.len() > MAX_LINE) {
        return None;
    }
    let grammar = grammar(language)?;
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let mut writer = Writer::new(code.len());
    writer.names = !WORDS_ARE_TEXT.contains(&grammar.name.as_str());
    for line in code.split_inclusive('\n') {
        let terminated = line.ends_with('\n');
        let with_end = if terminated { line } else { &format!("{line}\n") };
        let operations = state.parse_line(with_end, grammars()).ok()?;
        let mut from = 0;
        for (at, operation) in operations {
            let at = at.min(line.len());
            if at > from {
                writer.token(&line[from..at], &stack);
                from = at;
            }
            stack.apply(&operation).ok()?;
        }
        writer.token(&line[from..], &stack);
    }
    Some(writer.finish())
}

/// Writes tokens; those of one class that follow each other share a span.
struct Writer {
    out: String,
    /// The class of the span that is open.
    open: Option<&'static str>,
    /// Classes by scope, as most tokens have few.
    known: HashMap<Scope, Option<Class>>,
    /// The class of the string that is open, by its quote.
    quoted: Option<&'static str>,
    /// Whether words without a scope are names.
    names: bool,
}

impl Writer {
    fn new(length: usize) -> Self {
        Self {
            out: String::with_capacity(length * 3),
            open: None,
            known: HashMap::new(),
            quoted: None,
            names: true,
        }
    }

    fn class(&mut self, scope: Scope) -> Option<Class> {
        *self.known.entry(scope).or_insert_with(|| class_of(scope))
    }

    /// The class of the innermost scope that has one.
    fn class_in(&mut self, stack: &ScopeStack) -> Option<&'static str> {
        let mut found = None;
        for &scope in stack.as_slice().iter().rev() {
            match self.class(scope) {
                Some(Class::Token(class)) if found.is_none() => found = Some(class),
                Some(Class::Quote) => {
                    // The quotes around a string belong to it.
                    found = None;
                }
                Some(Class::Key) if found.is_some_and(|class| class.starts_with('s')) => {
                    return Some("nl");
                }
                _ => {}
            }
        }
        found
    }

    /// Strings of which the grammar doesn't tell the quotes get their class by the first one.
    fn by_quote(&mut self, class: &'static str, text: &str) -> &'static str {
        match class {
            "s" => {
                let first = text.bytes().next();
                self.quoted.get_or_insert(match first {
                    Some(b'"') => "s2",
                    Some(b'\'') => "s1",
                    Some(b'`') => "sb",
                    _ => "s",
                })
            }
            "se" | "si" => class,
            _ => {
                self.quoted = None;
                class
            }
        }
    }

    fn token(&mut self, text: &str, stack: &ScopeStack) {
        let class = self.class_in(stack).map(|class| self.by_quote(class, text));
        // Line breaks stay outside of spans, so that lines can be told apart.
        for piece in text.split_inclusive('\n') {
            let bare = piece.strip_suffix('\n').unwrap_or(piece);
            match class {
                Some(class) => self.piece(bare, Some(class)),
                None => {
                    self.quoted = None;
                    self.unnamed(bare);
                }
            }
            if bare.len() < piece.len() {
                self.close();
                self.out.push('\n');
            }
        }
    }

    /// Writes code that the grammar has no name for: words as names, the rest as it is.
    fn unnamed(&mut self, text: &str) {
        if !self.names {
            self.piece(text, None);
            return;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let word = is_word(first);
            let end = rest.find(|c| is_word(c) != word).unwrap_or(rest.len());
            let class = (word && !first.is_numeric()).then_some("n");
            self.piece(&rest[..end], class);
            rest = &rest[end..];
        }
    }

    fn piece(&mut self, text: &str, class: Option<&'static str>) {
        if text.is_empty() {
            return;
        }
        let class = class.filter(|_| !text.trim().is_empty());
        if self.open != class {
            self.close();
            if let Some(class) = class {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
            }
            self.open = class;
        }
        self.out.push_str(&escape::text(text));
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.out.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.out
    }
}

#[cfg(test)]
mod tests;
