//! Text to tokens with byte spans.

use std::ops::Range;

use super::Fault;
use super::parser::SYNTAX;
use crate::diagnostic::closest;
use crate::quantity::{Dimension, Quantity, unit, unit_names};
use crate::scenario::schema::scalar::similar_unit;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A number with or without a unit.
    Number(Quantity),
    /// A text, its escapes resolved.
    Text(String),
    /// A name or one of the words `true`, `false`, `null`, `in`.
    Name(String),
    /// An operator or bracket.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// The operators and brackets, longer ones before their beginnings.
const SYMBOLS: [&str; 21] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")",
    "[", "]", ",",
];

/// What people write instead of an operator, and the operator.
const LOOKALIKES: [(&str, &str); 16] = [
    ("=<", "<="),
    ("=>", ">="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("<>", "!="),
    ("×", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("–", "-"),
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
    ("“", "\""),
    ("”", "\""),
    ("’", "'"),
];

/// Whether a name can begin with this character.
pub fn begins_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Whether a name can go on with this character.
pub fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads all tokens. `names` are the known names; those with a hyphen are read as one token
/// where they stand, so that `my-function.throttles` is no subtraction.
///
/// # Errors
/// The first thing that is no token.
pub fn tokens(text: &str, names: &[&str]) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let hyphenated: Vec<&str> = names.iter().copied().filter(|name| name.contains('-')).collect();
    let mut lexer = Lexer { text, at: 0, hyphenated };
    let mut tokens = Vec::new();
    loop {
        let (token, span) = lexer.next()?;
        let end = token == Token::End;
        tokens.push((token, span));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    hyphenated: Vec<&'a str>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, while_true: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !while_true(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn next(&mut self) -> Result<(Token, Range<usize>), Fault> {
        self.take(char::is_whitespace);
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok((Token::End, start..start));
        };
        let token = if first.is_ascii_digit() {
            self.number()?
        } else if first == '$' {
            self.dollars()?
        } else if begins_name(first) {
            Token::Name(self.name())
        } else if first == '"' || first == '\'' {
            self.string(first)?
        } else if first == '.' {
            self.at += 1;
            Token::Symbol(".")
        } else {
            self.symbol(first)?
        };
        Ok((token, start..self.at))
    }

    fn symbol(&mut self, first: char) -> Result<Token, Fault> {
        let rest = self.rest();
        let exact = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
        let similar = LOOKALIKES.iter().find(|(wrong, _)| rest.starts_with(wrong));
        // `<>` begins like `<`, so the longer reading decides.
        match (exact, similar) {
            (Some(symbol), None) => {
                self.at += symbol.len();
                return Ok(Token::Symbol(symbol));
            }
            (Some(symbol), Some((wrong, _))) if symbol.len() >= wrong.len() => {
                self.at += symbol.len();
                return Ok(Token::Symbol(symbol));
            }
            _ => {}
        }
        let span = self.at..self.at + first.len_utf8();
        if let Some((wrong, right)) = similar {
            let span = self.at..self.at + wrong.len();
            return Err(Fault::new(
                SYNTAX,
                span,
                format!("`{wrong}` is no operator of expectations"),
                format!("write `{right}`"),
            ));
        }
        let fault = Fault::new(
            SYNTAX,
            span,
            format!("`{first}` has no meaning in an expectation"),
            "not understood",
        );
        Err(match first {
            '~' | '≈' | '±' => fault.hint("write `near(measured, expected, 5%)`"),
            '{' | '}' => fault.hint("write `orders.throttles`, without braces"),
            _ => fault,
        })
    }

    fn name(&mut self) -> String {
        let rest = self.rest();
        let known = self.hyphenated.iter().filter(|name| {
            rest.strip_prefix(**name)
                .is_some_and(|after| !after.chars().next().is_some_and(continues_name))
        });
        if let Some(name) = known.max_by_key(|name| name.len()) {
            let name = (*name).to_owned();
            self.at += name.len();
            return name;
        }
        self.take(continues_name).to_owned()
    }

    fn digits(&mut self) -> Result<f64, Fault> {
        let start = self.at;
        self.take(|c| c.is_ascii_digit() || c == '_');
        let mut rest = self.rest().chars();
        if rest.next() == Some('.') && rest.next().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            self.take(|c| c.is_ascii_digit() || c == '_');
        }
        let rest = self.rest().as_bytes();
        let sign = usize::from(matches!(rest.get(1), Some(b'+' | b'-')));
        if matches!(rest.first(), Some(b'e' | b'E'))
            && rest.get(1 + sign).is_some_and(u8::is_ascii_digit)
        {
            self.at += 1 + sign;
            self.take(|c| c.is_ascii_digit());
        }
        let digits = self.text[start..self.at].replace('_', "");
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(Fault::new(
                SYNTAX,
                start..self.at,
                "a number is too large",
                "larger than any number that can be computed with",
            )),
        }
    }

    fn dollars(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        self.at += 1;
        if !self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Fault::new(
                SYNTAX,
                start..self.at,
                "`$` stands before an amount",
                "write an amount such as `$0.2`",
            ));
        }
        Ok(Token::Number(Quantity::new(self.digits()?, Dimension::Money)))
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        let amount = self.digits()?;
        let rest = self.rest();
        let (name, length) = self.unit_at(rest);
        if name.is_empty() {
            return Ok(Token::Number(Quantity::number(amount)));
        }
        let Some((dimension, size)) = unit(name) else {
            let span = self.at + length - name.len()..self.at + length;
            let fault = Fault::new(
                SYNTAX,
                span,
                format!("unknown unit `{name}`"),
                format!("`{}` is no quantity", &self.text[start..self.at + length]),
            );
            return Err(match similar_unit(name).or_else(|| closest(name, unit_names())) {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => fault.hint("units are `ms`, `s`, `m`, `h`, `/s`, `MB`, `GB`, `%`, `USD`"),
            });
        };
        self.at += length;
        let value = amount * size;
        if !value.is_finite() {
            return Err(Fault::new(SYNTAX, start..self.at, "a number is too large", ""));
        }
        Ok(Token::Number(Quantity::new(value, dimension)))
    }

    /// The unit that stands here, and how many bytes to skip for it. A word behind a number is
    /// always a unit, known or not, unless it is an operator (or was meant for one).
    fn unit_at(&self, rest: &'a str) -> (&'a str, usize) {
        if let Some(after) = rest.strip_prefix('%') {
            let operand = after.starts_with(|c: char| continues_name(c) || c == '(');
            return if operand { ("", 0) } else { ("%", 1) };
        }
        let word = |text: &'a str| {
            let length = text.find(|c| !continues_name(c)).unwrap_or(text.len());
            &text[..length]
        };
        if let Some(after) = rest.strip_prefix('/') {
            let name = &rest[..1 + word(after).len()];
            return if unit(name).is_some() { (name, name.len()) } else { ("", 0) };
        }
        if rest.starts_with(begins_name) {
            let name = word(rest);
            return (name, name.len());
        }
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        let name = word(&rest[spaces..]);
        let operator = ["in", "and", "or", "is", "not"].contains(&name);
        let is_unit = spaces > 0 && name.starts_with(begins_name) && !operator;
        if is_unit { (name, spaces + name.len()) } else { ("", 0) }
    }

    fn string(&mut self, quote: char) -> Result<Token, Fault> {
        let start = self.at;
        let mut out = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, c)) = characters.next() {
            match c {
                '\\' => match characters.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, c)) => out.push(c),
                    None => break,
                },
                c if c == quote => {
                    self.at = start + offset + c.len_utf8();
                    return Ok(Token::Text(out));
                }
                c => out.push(c),
            }
        }
        Err(Fault::new(
            SYNTAX,
            start..self.text.len(),
            "a text has no end",
            format!("the closing `{quote}` is missing"),
        ))
    }
}
