//! Languages without a lexer of their own: syntect's grammars, their scopes by a table.

use std::collections::HashMap;
use std::sync::OnceLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::classes::{Class, class_of};
use super::languages;
use super::tokens::Tokens;

/// Grammars of languages in which a word that has no scope is text.
const WORDS_ARE_TEXT: &[&str] = &["HTML", "XML", "Markdown", "Diff"];

/// The grammars, read once.
fn grammars() -> &'static SyntaxSet {
    static GRAMMARS: OnceLock<SyntaxSet> = OnceLock::new();
    GRAMMARS.get_or_init(two_face::syntax::extra_newlines)
}

/// The grammar of a language by any of Rouge's names for it.
fn grammar(language: &str) -> Option<&'static SyntaxReference> {
    let token = languages::token(language)?;
    grammars().find_syntax_by_token(token)
}

/// Reads code; `None` when its language has no grammar.
pub fn parse(language: &str, code: &str, out: &mut Tokens) -> Option<()> {
    let grammar = grammar(language)?;
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let mut writer = Writer::new(out);
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
    Some(())
}

/// Gives classes to tokens.
struct Writer<'o> {
    out: &'o mut Tokens,
    /// Classes by scope, as most tokens have few.
    known: HashMap<Scope, Option<Class>>,
    /// The class of the string that is open, by its quote.
    quoted: Option<&'static str>,
    /// Whether words without a scope are names.
    names: bool,
}

impl<'o> Writer<'o> {
    fn new(out: &'o mut Tokens) -> Self {
        Self { out, known: HashMap::new(), quoted: None, names: true }
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
        // Line breaks and blank pieces are text, as in most of Rouge's lexers.
        for piece in text.split_inclusive('\n') {
            let bare = piece.strip_suffix('\n').unwrap_or(piece);
            match class {
                Some(class) => self.piece(bare, class),
                None => {
                    self.quoted = None;
                    self.unnamed(bare);
                }
            }
            self.out.push("", &piece[bare.len()..]);
        }
    }

    /// Writes code that the grammar has no name for: words as names, the rest as it is.
    fn unnamed(&mut self, text: &str) {
        if !self.names {
            self.piece(text, "");
            return;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let word = is_word(first);
            let end = rest.find(|c| is_word(c) != word).unwrap_or(rest.len());
            let class = if word && !first.is_numeric() { "n" } else { "" };
            self.piece(&rest[..end], class);
            rest = &rest[end..];
        }
    }

    fn piece(&mut self, text: &str, class: &'static str) {
        self.out.push(if text.trim().is_empty() { "" } else { class }, text);
    }
}
