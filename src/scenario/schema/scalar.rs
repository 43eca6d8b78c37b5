//! Single values: quantities with their units, counts without, names out of a list.

use std::ops::Range;

use super::{KIND, Reader, kind};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::quantity::{Dimension, ParseError, Quantity, unit_names};
use crate::scenario::expression::dimension::{dimension_kind, with_units};
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Node, NodeValue};

/// A quantity without its unit, of another dimension, or a count with a unit.
pub const UNIT: Code = Code("E0103");
/// A value beyond what makes sense.
pub const RANGE: Code = Code("E0113");
/// A word that isn't one of those that fit.
pub const CHOICE: Code = Code("E0119");

impl Reader<'_> {
    /// A quantity of one dimension under the key `name`.
    pub fn quantity(&mut self, node: &Node, name: &str, wanted: Dimension) -> Option<Quantity> {
        let written = self.written(&node.range);
        let read = match &node.value {
            NodeValue::Integer(number) => Ok(Quantity::number(*number as f64)),
            NodeValue::Float(number) if number.is_finite() => Ok(Quantity::number(*number)),
            NodeValue::String(text) => Quantity::parse(text),
            other => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{name}` is {}", dimension_kind(wanted)))
                    .label(format!("this is {}", kind(other)))
                    .hint(format!("for instance {}", wanted.examples()));
                self.report(diagnostic);
                return None;
            }
        };
        let diagnostic = match read {
            Ok(quantity) if quantity.dimension == wanted => {
                return self.not_negative(node, name, quantity);
            }
            Ok(quantity) if quantity.dimension == Dimension::Number => {
                self.missing_unit(&node.range, name, wanted, written, quantity.amount)
            }
            Ok(quantity) => {
                let (given, fits) = (dimension_kind(quantity.dimension), dimension_kind(wanted));
                let message = match wanted {
                    Dimension::Number => format!("`{name}` is a bare number, without a unit"),
                    _ => format!("`{name}` is {fits}, not {given}"),
                };
                let diagnostic =
                    self.error(UNIT, &node.range, message).label(format!("this is {given}"));
                match wanted {
                    Dimension::Number => diagnostic.hint(without_unit(written)),
                    _ => diagnostic.hint(format!("for instance {}", wanted.examples())),
                }
            }
            Err(error) => self.unreadable(&node.range, name, wanted, &error),
        };
        self.report(diagnostic);
        None
    }

    fn not_negative(&mut self, node: &Node, name: &str, quantity: Quantity) -> Option<Quantity> {
        if quantity.amount >= 0.0 {
            return Some(quantity);
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`{name}` can't be negative"))
            .label("below zero");
        self.report(diagnostic);
        None
    }

    fn missing_unit(
        &self,
        range: &Range<usize>,
        name: &str,
        wanted: Dimension,
        written: &str,
        amount: f64,
    ) -> Diagnostic {
        let bare = written.trim_matches(['"', '\'']);
        // YAML reads `1:30` as 90; the number it saw is then the honest one to show.
        let number = match Quantity::parse(bare) {
            Ok(_) => bare.to_owned(),
            Err(_) => amount.to_string(),
        };
        let percent = wanted == Dimension::Percent && amount > 0.0 && amount < 1.0;
        let fits = match percent {
            // 0.05 most likely stands for five percent.
            true => format!("`{}%` (or `{number}%`)", round(amount * 100.0)),
            false => with_units(&number, wanted),
        };
        self.error(UNIT, range, format!("`{name}` needs a unit"))
            .label("a number without a unit")
            .hint(format!("write {fits}"))
    }

    fn unreadable(
        &self,
        range: &Range<usize>,
        name: &str,
        wanted: Dimension,
        error: &ParseError,
    ) -> Diagnostic {
        let article = dimension_kind(wanted);
        match error {
            ParseError::UnknownUnit(unit) => {
                let diagnostic = self
                    .error(UNIT, range, format!("unknown unit `{unit}` in `{name}`"))
                    .label(format!("`{name}` is {article}"));
                let lower = unit.to_lowercase();
                match similar_unit(unit).or_else(|| closest(&lower, unit_names())) {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => diagnostic.hint(format!("for instance {}", wanted.examples())),
                }
            }
            ParseError::NotANumber => self
                .error(UNIT, range, format!("`{name}` is {article}"))
                .label("no number with a unit")
                .hint(format!("for instance {}", wanted.examples())),
            ParseError::OutOfRange => self
                .error(RANGE, range, format!("`{name}` is too large"))
                .label("larger than any number that can be computed with"),
        }
    }

    /// A duration in whole nanoseconds, no longer than a run may be.
    pub fn duration(&mut self, node: &Node, name: &str) -> Option<u64> {
        let quantity = self.quantity(node, name, Dimension::Duration)?;
        match quantity.as_nanoseconds() {
            Some(nanoseconds) if nanoseconds <= limit::SIMULATED_TIME => Some(nanoseconds),
            _ => {
                let bound = Quantity::nanoseconds(limit::SIMULATED_TIME as f64).code();
                let diagnostic = self
                    .error(RANGE, &node.range, format!("`{name}` is longer than a run may be"))
                    .label(format!("a run simulates at most {bound}"));
                self.report(diagnostic);
                None
            }
        }
    }

    /// A size in whole MB.
    pub fn megabytes(&mut self, node: &Node, name: &str) -> Option<u64> {
        const MEGABYTE: f64 = 1024.0 * 1024.0;
        let bytes = self.quantity(node, name, Dimension::DataSize)?.amount;
        let amount = bytes / MEGABYTE;
        if amount.fract() == 0.0 && amount <= limit::COUNT as f64 {
            return Some(amount as u64);
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`{name}` is a whole number of MB"))
            .label(format!("this is {amount} MB"))
            .note("1 MB is 1024 KB, as AWS means it here");
        self.report(diagnostic);
        None
    }

    /// A share from 0% to 100%, as a number from 0 to 1.
    pub fn share(&mut self, node: &Node, name: &str) -> Option<f64> {
        let share = self.quantity(node, name, Dimension::Percent)?.amount;
        if share <= 1.0 {
            return Some(share);
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`{name}` lies between 0% and 100%"))
            .label("more than all");
        self.report(diagnostic);
        None
    }

    /// A whole number from `least` up, without a unit.
    pub fn count(&mut self, node: &Node, name: &str, least: u64) -> Option<u64> {
        let amount = match &node.value {
            // Read as it stands, because a large one isn't exact as a floating-point number.
            NodeValue::Integer(number) if (0..=limit::COUNT).contains(number) => *number as f64,
            _ => match &node.value {
                NodeValue::Integer(_) | NodeValue::Float(_) | NodeValue::String(_) => {
                    self.bare_number(node, name)?
                }
                other => {
                    let diagnostic = self
                        .error(KIND, &node.range, format!("`{name}` is a whole number"))
                        .label(format!("this is {}", kind(other)));
                    self.report(diagnostic);
                    return None;
                }
            },
        };
        let whole = amount.fract() == 0.0 && (0.0..=limit::COUNT as f64).contains(&amount);
        if whole && amount >= least as f64 {
            return Some(amount as u64);
        }
        let problem = match () {
            () if amount < 0.0 => "below zero".to_owned(),
            () if amount.fract() != 0.0 => "not a whole number".to_owned(),
            () if amount < least as f64 => format!("at least {least}"),
            () => "too large".to_owned(),
        };
        let diagnostic = self
            .error(RANGE, &node.range, format!("`{name}` is a whole number from {least} up"))
            .label(problem);
        self.report(diagnostic);
        None
    }

    /// A number without a unit.
    pub fn bare_number(&mut self, node: &Node, name: &str) -> Option<f64> {
        let read = match &node.value {
            NodeValue::Integer(number) => return Some(*number as f64),
            NodeValue::Float(number) if number.is_finite() => return Some(*number),
            NodeValue::String(text) => Quantity::parse(text),
            _ => Err(ParseError::NotANumber),
        };
        let diagnostic = match read {
            Ok(quantity) if quantity.dimension == Dimension::Number => {
                return Some(quantity.amount);
            }
            Ok(quantity) => self
                .error(UNIT, &node.range, format!("`{name}` is a bare number, without a unit"))
                .label(format!("this is {}", dimension_kind(quantity.dimension)))
                .hint(without_unit(self.written(&node.range))),
            Err(_) => self
                .error(UNIT, &node.range, format!("`{name}` is a number"))
                .label(format!("this is {}", kind(&node.value)))
                .hint("for instance `10`"),
        };
        self.report(diagnostic);
        None
    }

    /// A text; a number or date that stands for one is taken as it is written.
    pub fn text_of(&mut self, node: &Node, name: &str) -> Option<String> {
        match &node.value {
            NodeValue::String(text) => Some(text.clone()),
            NodeValue::Null | NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{name}` is a text"))
                    .label(format!("this is {}", kind(&node.value)));
                self.report(diagnostic);
                None
            }
            _ => Some(self.written(&node.range).to_owned()),
        }
    }

    /// `true` or `false`.
    pub fn truth(&mut self, node: &Node, name: &str) -> Option<bool> {
        if let NodeValue::Bool(truth) = node.value {
            return Some(truth);
        }
        let diagnostic = self
            .error(KIND, &node.range, format!("`{name}` is true or false"))
            .label(format!("this is {}", kind(&node.value)))
            .hint(format!("write `{name}: true`"));
        self.report(diagnostic);
        None
    }

    /// One of some words; `later` are those that this version doesn't simulate.
    pub fn choice<T: Copy>(
        &mut self,
        node: &Node,
        name: &str,
        options: &[(&'static str, T)],
        later: &[&'static str],
    ) -> Option<T> {
        let word = self.text_of(node, name)?;
        if let Some((_, value)) = options.iter().find(|(option, _)| *option == word) {
            return Some(*value);
        }
        let names: Vec<&str> = options.iter().map(|(option, _)| *option).collect();
        let diagnostic = if later.contains(&word.as_str()) {
            self.not_simulated(&node.range, &format!("`{name}: {word}`"))
                .hint(format!("this version has {}", enumerate(&names)))
        } else {
            let diagnostic = self
                .error(CHOICE, &node.range, format!("`{name}` can't be `{word}`"))
                .label(format!("not one of the words for `{name}`"));
            match closest(&word, names.iter().chain(later).copied()) {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                None => diagnostic.hint(format!("it is one of {}", enumerate(&names))),
            }
        };
        self.report(diagnostic);
        None
    }
}

/// The unit of this language for another spelling of it.
pub fn similar_unit(unit: &str) -> Option<&'static str> {
    Some(match unit.to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" => "s",
        "msec" | "millis" | "millisecond" | "milliseconds" | "밀리초" => "ms",
        "mins" | "minute" | "minutes" => "m",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "d",
        "rps" | "qps" | "tps" | "/sec" | "req/s" | "requests/s" | "per second" | "건/초" => "/s",
        "mb" | "m b" | "mega" | "megabytes" => "MB",
        "gb" | "g" | "gigabytes" => "GB",
        "kb" | "k" | "kilobytes" => "KB",
        "percent" | "pct" | "퍼센트" => "%",
        "usd" | "dollar" | "dollars" => "USD",
        _ => return None,
    })
}

/// How to write a number that has a unit too much.
fn without_unit(written: &str) -> String {
    let number = written.trim_matches(['"', '\'', '$']);
    let end = number.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '_' | '-'));
    format!("write `{}`", number[..end.unwrap_or(number.len())].trim_end_matches(['.', ',']))
}

fn round(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}
