//! Filters for texts: slugs, escapes, words, numbers.

use super::{Call, wrong_kind};
use crate::content::slug::{Mode, downcase, slugify};
use crate::liquid::{Outcome, Val, is_space, url_encode};

impl<'s> Call<'_, 's> {
    pub(super) fn text_filter(&self) -> Outcome<Val<'s>> {
        match self.name {
            "slugify" => self.slugify(),
            "xml_escape" => Ok(Val::from(xml_escape(&self.input.to_text()))),
            "cgi_escape" => Ok(Val::from(url_encode(self.text()?))),
            "normalize_whitespace" => Ok(Val::from(normalize(&self.input.to_text()))),
            "number_of_words" => self.number_of_words(),
            "strip_index" => self.strip_index(),
            _ => self.to_integer(),
        }
    }

    fn slugify(&self) -> Outcome<Val<'s>> {
        if self.input.is_nil() {
            return Ok(Val::Nil);
        }
        let text = self.text()?;
        let mode = match self.arguments.get(0) {
            mode if !mode.is_truthy() => Mode::Default,
            mode => match mode.as_text() {
                Some("default") => Mode::Default,
                Some("raw") => Mode::Raw,
                Some("pretty") => Mode::Pretty,
                Some("ascii") => Mode::Ascii,
                Some("latin") => Mode::Latin,
                _ => return Ok(Val::from(downcase(text))),
            },
        };
        Ok(Val::from(slugify(text, mode, false)))
    }

    fn number_of_words(&self) -> Outcome<Val<'s>> {
        let text = self.text()?;
        let words = text.split(is_space).filter(|word| !word.is_empty()).count();
        let mode = self.arguments.get(0);
        let count = match mode.as_text() {
            Some("cjk") => count_cjk(text).0 + count_cjk(text).1,
            Some("auto") => match count_cjk(text) {
                (0, _) => words,
                (characters, others) => characters + others,
            },
            _ => words,
        };
        Ok(Val::Integer(count as i128))
    }

    /// The first `/index.html` or `/index.htm` at the end of a line, as a slash.
    fn strip_index(&self) -> Outcome<Val<'s>> {
        if self.input.is_nil() {
            return Ok(Val::Nil);
        }
        let text = self.text()?;
        if text.is_empty() {
            return Ok(Val::Nil);
        }
        const INDEX: &str = "/index.htm";
        let found = text.match_indices(INDEX).find_map(|(at, _)| {
            let end = at + INDEX.len();
            let rest = text.get(end..)?;
            let longer = rest.strip_prefix('l').filter(|rest| is_line_end(rest));
            match longer {
                Some(_) => Some((at, end + 1)),
                None => is_line_end(rest).then_some((at, end)),
            }
        });
        Ok(match found {
            Some((start, end)) => Val::from(format!("{}/{}", &text[..start], &text[end..])),
            None => self.input.clone(),
        })
    }

    fn to_integer(&self) -> Outcome<Val<'s>> {
        Ok(Val::Integer(match self.input {
            Val::Nil => 0,
            Val::Bool(value) => i128::from(*value),
            Val::Float(number) if !number.is_finite() => {
                return Err(wrong_kind(self.name, self.input));
            }
            Val::Integer(_) | Val::Float(_) | Val::Text(_) => self.input.to_i(),
            Val::Time(moment) => moment.unix_seconds().into(),
            _ => return Err(wrong_kind(self.name, self.input)),
        }))
    }
}

fn is_line_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('\n')
}

/// Ruby's `encode(xml: :attr)` without its quotes; this is what a template asked for, not bogi's
/// own way to escape.
pub(super) fn xml_escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Runs of white space as one space, none at the ends.
fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_gap = false;
    for c in text.chars() {
        if !is_space(c) {
            out.push(c);
        } else if !in_gap {
            out.push(' ');
        }
        in_gap = is_space(c);
    }
    let ends = |c: char| c == ' ' || c == '\0';
    out.trim_matches(ends).to_owned()
}

/// How many Chinese, Japanese and Korean characters a text has, and how many words of others.
fn count_cjk(text: &str) -> (usize, usize) {
    let mut characters = 0;
    let mut words = 0;
    let mut in_word = false;
    for c in text.chars() {
        let is_character = is_cjk(c);
        characters += usize::from(is_character);
        let is_part = !is_character && !is_space(c);
        words += usize::from(is_part && !in_word);
        in_word = is_part;
    }
    (characters, words)
}

/// Unicode's scripts Han, Hangul, Hiragana and Katakana.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11ff | 0x2e80..=0x2e99 | 0x2e9b..=0x2ef3 | 0x2f00..=0x2fd5 | 0x3005 | 0x3007
        | 0x3021..=0x3029 | 0x302e..=0x302f | 0x3038..=0x303b | 0x3041..=0x3096 | 0x309d..=0x309f
        | 0x30a1..=0x30fa | 0x30fd..=0x30ff | 0x3131..=0x318e | 0x31f0..=0x321e | 0x3260..=0x327e
        | 0x32d0..=0x32fe | 0x3300..=0x3357 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa960..=0xa97c
        | 0xac00..=0xd7a3 | 0xd7b0..=0xd7c6 | 0xd7cb..=0xd7fb | 0xf900..=0xfa6d | 0xfa70..=0xfad9
        | 0xff66..=0xff6f | 0xff71..=0xff9d | 0xffa0..=0xffbe | 0xffc2..=0xffc7 | 0xffca..=0xffcf
        | 0xffd2..=0xffd7 | 0xffda..=0xffdc | 0x16ff0..=0x16ff1 | 0x1b000..=0x1b11e
        | 0x1b150..=0x1b152 | 0x1b164..=0x1b167 | 0x1f200 | 0x20000..=0x2a6df | 0x2a700..=0x2b739
        | 0x2b740..=0x2b81d | 0x2b820..=0x2cea1 | 0x2ceb0..=0x2ebe0 | 0x2f800..=0x2fa1d
        | 0x30000..=0x3134a)
}
