//! `jsonify` and `inspect`.

use std::fmt::Write as _;

use super::Call;
use super::elements::{entries, entries_at};
use super::text::xml_escape;
use crate::liquid::{Context, Outcome, Printer, Problem, Val, float_to_s};

/// How deep values may nest, as in Ruby's JSON.
const MAX_DEPTH: usize = 100;

impl<'s> Call<'_, 's> {
    /// The value as JSON, without spaces.
    pub(super) fn jsonify(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let most = context.options().limits.text;
        let mut json = Json { out: String::new(), most, indented: false };
        json.value(self.input, 0)?;
        Ok(Val::from(json.out))
    }

    /// The value as Ruby would write it, escaped for HTML; an object of the site as JSON.
    pub(super) fn inspect(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let is_plain = matches!(self.input, Val::Map(_)) || entries(self.input).is_none();
        let shown = if is_plain {
            let mut printer = Printer::default();
            printer.inspect(self.input);
            printer.finish()
        } else {
            let most = context.options().limits.text;
            let mut json = Json { out: String::new(), most, indented: true };
            json.value(self.input, 0)?;
            json.out
        };
        Ok(Val::from(xml_escape(&shown)))
    }
}

/// JSON in the making.
struct Json {
    out: String,
    most: usize,
    indented: bool,
}

impl Json {
    fn value(&mut self, value: &Val<'_>, depth: usize) -> Outcome<()> {
        if self.out.len() > self.most {
            return Err(Problem::limit(format!("a value has more than {} bytes", self.most)));
        }
        if depth > MAX_DEPTH {
            return Err(Problem::internal(format!("a value nests deeper than {MAX_DEPTH}")));
        }
        if let Some(members) = entries_at(value, depth) {
            self.out.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                self.separate(index, depth + 1);
                self.text(key);
                self.out.push_str(if self.indented { ": " } else { ":" });
                self.value(member, depth + 1)?;
            }
            self.close('}', depth);
            return Ok(());
        }
        match value {
            Val::Nil => self.out.push_str("null"),
            Val::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Val::Integer(number) => self.out.push_str(&number.to_string()),
            Val::Float(number) if number.is_finite() => self.out.push_str(&float_to_s(*number)),
            Val::Float(_) => return Err(Problem::internal("JSON has no such number")),
            Val::List(list) => {
                self.out.push('[');
                for (index, element) in list.iter().enumerate() {
                    self.separate(index, depth + 1);
                    self.value(&element, depth + 1)?;
                }
                if list.is_empty() && self.indented {
                    self.out.push('\n');
                }
                self.close(']', depth);
            }
            _ => self.text(&value.to_text()),
        }
        Ok(())
    }

    fn separate(&mut self, index: usize, depth: usize) {
        if index > 0 {
            self.out.push(',');
        }
        self.break_line(depth);
    }

    fn close(&mut self, bracket: char, depth: usize) {
        self.break_line(depth);
        self.out.push(bracket);
    }

    fn break_line(&mut self, depth: usize) {
        if self.indented {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", depth));
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                c if c < ' ' => {
                    // Writing into a String can't fail.
                    let _ = write!(self.out, "\\u{:04x}", u32::from(c));
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}
