//! Values as text, in the words of Ruby's `to_s`, `inspect` and `join`.

use super::{Dictionary, Val};

/// How deep lists and maps are printed; what is deeper prints as `…`.
const MAX_DEPTH: usize = 64;
/// How many bytes one value may print; what is beyond is cut.
const MAX_BYTES: usize = 1 << 25;

/// Text that values are printed into.
#[derive(Default)]
pub struct Printer {
    out: String,
    depth: usize,
    full: bool,
}

impl Printer {
    /// The text.
    pub fn finish(self) -> String {
        self.out
    }

    /// Whether something didn't fit.
    pub fn is_full(&self) -> bool {
        self.full
    }

    fn push(&mut self, text: &str) {
        if self.out.len().saturating_add(text.len()) > MAX_BYTES {
            self.full = true;
        }
        if !self.full {
            self.out.push_str(text);
        }
    }

    /// Ruby's `to_s`.
    pub fn to_s(&mut self, value: &Val<'_>) {
        match value {
            Val::Nil => {}
            Val::Text(text) => self.push(text),
            Val::Date(date) => self.push(&date.to_string()),
            Val::Time(moment) => self.push(&moment.to_string()),
            _ => self.inspect(value),
        }
    }

    /// Ruby's `inspect`.
    pub fn inspect(&mut self, value: &Val<'_>) {
        match value {
            Val::Nil => self.push("nil"),
            Val::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Val::Integer(number) => self.push(&number.to_string()),
            Val::Float(number) => self.push(&float_to_s(*number)),
            Val::Text(text) => self.quote(text),
            Val::Range(first, last) => self.push(&format!("{first}..{last}")),
            Val::Date(date) => self.push(&date.inspected()),
            Val::Time(moment) => self.push(&moment.inspected()),
            Val::Object(object) => self.push(&object.to_output()),
            Val::Member(member) => self.push(&member.to_output()),
            Val::List(_) | Val::Map(_) if self.depth >= MAX_DEPTH || self.full => self.push("…"),
            Val::List(list) => {
                self.depth += 1;
                self.push("[");
                for (index, element) in list.iter().enumerate() {
                    if self.full {
                        break;
                    }
                    self.push(if index > 0 { ", " } else { "" });
                    self.inspect(&element);
                }
                self.push("]");
                self.depth -= 1;
            }
            Val::Map(map) => self.inspect_map(map),
        }
    }

    fn inspect_map(&mut self, map: &Dictionary<'_>) {
        self.depth += 1;
        self.push("{");
        for (index, (key, value)) in map.iter().enumerate() {
            if self.full {
                break;
            }
            self.push(if index > 0 { ", " } else { "" });
            self.quote(&key);
            self.push("=>");
            self.inspect(&value);
        }
        self.push("}");
        self.depth -= 1;
    }

    /// Ruby's `join`, which joins the lists inside a list as well; an empty one is an empty text.
    pub fn join(&mut self, value: &Val<'_>, glue: &str) {
        let Val::List(list) = value else {
            self.to_s(value);
            return;
        };
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        for (index, element) in list.iter().enumerate() {
            if self.full {
                break;
            }
            self.push(if index > 0 { glue } else { "" });
            self.join(&element, glue);
        }
        self.depth -= 1;
    }

    fn quote(&mut self, text: &str) {
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push('"');
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '"' => quoted.push_str("\\\""),
                '\\' => quoted.push_str("\\\\"),
                '\n' => quoted.push_str("\\n"),
                '\r' => quoted.push_str("\\r"),
                '\t' => quoted.push_str("\\t"),
                '\u{7}' => quoted.push_str("\\a"),
                '\u{8}' => quoted.push_str("\\b"),
                '\u{b}' => quoted.push_str("\\v"),
                '\u{c}' => quoted.push_str("\\f"),
                '\u{1b}' => quoted.push_str("\\e"),
                '#' if matches!(characters.peek(), Some('{' | '$' | '@')) => {
                    quoted.push_str("\\#");
                }
                c if c.is_control() && c != '\u{85}' => {
                    quoted.push_str(&format!("\\u{:04X}", u32::from(c)));
                }
                c => quoted.push(c),
            }
        }
        quoted.push('"');
        self.push(&quoted);
    }
}

/// A number with a fraction as Ruby prints it: the shortest digits that mean it, in scientific
/// notation from 10¹⁵ on and below 10⁻⁴.
pub fn float_to_s(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let has_fraction = exponent == 15 && count > 16;
    if number != 0.0 && !(-4..15).contains(&exponent) && !has_fraction {
        let point = if digits.contains('.') { "" } else { ".0" };
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}{point}e{sign}{:02}", exponent.abs());
    }
    let plain = number.to_string();
    if plain.contains('.') { plain } else { format!("{plain}.0") }
}

#[cfg(test)]
mod tests {
    use super::float_to_s;

    #[test]
    fn floats_print_as_ruby_prints_them() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1.0e-05"),
            (1e14, "100000000000000.0"),
            (1e15, "1.0e+15"),
            (3_000_000_000_000_000.5, "3000000000000000.5"),
            (1.5e20, "1.5e+20"),
            (123456.789, "123456.789"),
        ];
        for (number, expected) in cases {
            assert_eq!(float_to_s(number), expected);
        }
    }
}
