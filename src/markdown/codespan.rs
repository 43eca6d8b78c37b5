//! Code spans, which tables look for before text does.

use std::ops::Range;

use crate::markdown::text::{byte, is_space, run};

/// Lengths of runs of backticks that have no like further on, so that they are searched once.
#[derive(Debug, Default)]
pub struct Unmatched(Vec<usize>);

/// A code span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSpan {
    /// The bytes of its code.
    pub code: Range<usize>,
    /// The offset after it.
    pub end: usize,
}

/// The code span whose backticks begin at `at` in `text`. `Err` gives the offset after backticks
/// that begin none.
pub fn at(text: &str, at: usize, unmatched: &mut Unmatched) -> Result<CodeSpan, usize> {
    let length = run(text, at, b'`');
    let start = at + length;
    let before_is_space = at == 0 || is_space(byte(text, at - 1));
    if length == 1 && before_is_space && is_space(byte(text, start)) {
        return Err(start);
    }
    if unmatched.0.contains(&length) {
        return Err(start);
    }
    let Some(found) = text[start..].find(&text[at..start]) else {
        unmatched.0.push(length);
        return Err(start);
    };
    let mut code = start..start + found;
    if length > 1 {
        code.start += usize::from(text[code.clone()].starts_with(' '));
        code.end -= usize::from(text[code.clone()].ends_with(' '));
    }
    Ok(CodeSpan { code, end: start + found + length })
}
