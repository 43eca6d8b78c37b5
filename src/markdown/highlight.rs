//! Syntax highlighting with Rouge's class names: by lexers of our own for the languages that blogs
//! are full of, by syntect's grammars for the others.

mod classes;
mod grammar;
mod languages;
mod lexers;
mod names;
mod scan;
mod tokens;

pub use names::is_rouge_language;
use tokens::Tokens;

/// Code longer than this stays plain: a page isn't the place to read it, and grammars take time.
const MAX_CODE: usize = 256 * 1024;
/// Code with a longer line stays plain, as a grammar's time may grow faster than the line.
const MAX_LINE: usize = 4 * 1024;

/// Code with spans of Rouge's classes, text escaped; `None` when Rouge doesn't know the language,
/// when nobody here can read it, or when the code is too long.
pub fn highlight(language: &str, code: &str) -> Option<String> {
    if !is_rouge_language(language) || code.len() > MAX_CODE {
        return None;
    }
    if code.split('\n').any(|line| line.len() > MAX_LINE) {
        return None;
    }
    let mut out = Tokens::new(code.len());
    if !lexers::lex(language, code, &mut out) {
        grammar::parse(language, code, &mut out)?;
    }
    Some(out.finish())
}

#[cfg(test)]
mod tests;
