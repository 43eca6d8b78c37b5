//! Syntax highlighting with Rouge's class names, by syntect's grammars.

mod names;

pub use names::is_rouge_language;

/// Code with spans of Rouge's classes; `None` when the language has no grammar.
pub fn highlight(_language: &str, _code: &str) -> Option<String> {
    None
}
