//! Where an axis has its marks: round numbers, at most seven, the unit once at the end.

use crate::quantity::{Dimension, Language, Quantity, format_number};

/// The most marks of an axis.
const MOST: usize = 7;

/// The marks of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// Their values from 0 up.
    pub values: Vec<f64>,
    /// Their labels; the last one carries the unit.
    pub labels: Vec<String>,
}

impl Ticks {
    /// The value of the last mark.
    pub fn last(&self) -> f64 {
        self.values.last().copied().unwrap_or(1.0)
    }
}

fn multiples(step: f64, max: f64) -> Vec<f64> {
    let most = (max / step + 1e-9).floor().clamp(0.0, (MOST - 1) as f64) as usize;
    (0..=most).map(|index| index as f64 * step).collect()
}

/// Marks for a count from 0 to `max`, in whole numbers, about `wanted` of them. Large numbers are
/// shortened: 만, 억; k, M, G.
pub fn counts(max: f64, wanted: usize, language: Language) -> Ticks {
    let max = if max.is_finite() { max.max(1.0) } else { 1.0 };
    let rough = max / wanted.clamp(1, MOST - 1) as f64;
    // By multiplication, because logarithms may differ in the last bit between platforms.
    let mut power = 1.0;
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    let mut steps = steps.into_iter().filter(|step| step.fract() == 0.0);
    let step = steps.find(|&step| step >= rough * 0.999).unwrap_or(rough.ceil());
    let values = multiples(step, max);
    let labels = values.iter().map(|&value| short_count(value, language)).collect();
    Ticks { values, labels }
}

/// A count as the axes show it: `1,000`, `2만`, `3억`; `20k`, `5M`.
pub fn short_count(value: f64, language: Language) -> String {
    let units: [(f64, &str); 3] = match language {
        Language::Korean => [(1e12, "조"), (1e8, "억"), (1e4, "만")],
        Language::English => [(1e9, "G"), (1e6, "M"), (1e4, "k")],
    };
    for (size, unit) in units {
        if value.abs() >= size {
            let size = if unit == "k" { 1e3 } else { size };
            return format!("{}{unit}", format_number(value / size));
        }
    }
    format_number(value)
}

const MS: f64 = 1e6;
const SECOND: f64 = 1e9;
const MINUTE: f64 = 60e9;
const HOUR: f64 = 3600e9;
const DAY: f64 = 86400e9;

/// Steps that a clock or a stop-watch would have, with the unit in which they are counted.
const TIME_STEPS: [(f64, &[f64]); 6] = [
    (1e3, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]),
    (MS, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]),
    (SECOND, &[1.0, 2.0, 5.0, 10.0, 20.0, 30.0]),
    (MINUTE, &[1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0]),
    (HOUR, &[1.0, 2.0, 3.0, 6.0, 12.0]),
    (DAY, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 10_000.0, 50_000.0]),
];

/// Marks for a time from 0 to `max` nanoseconds, about `wanted` of them.
pub fn time(max: f64, wanted: usize, language: Language) -> Ticks {
    let max = if max.is_finite() { max.max(1e3) } else { SECOND };
    let rough = max / wanted.clamp(1, MOST - 1) as f64;
    let steps = TIME_STEPS
        .iter()
        .flat_map(|&(unit, counts)| counts.iter().map(move |&count| (unit, count * unit)));
    let mut last = (DAY, 50_000.0 * DAY);
    for (unit, step) in steps {
        last = (unit, step);
        if step >= rough * 0.85 {
            break;
        }
    }
    let (unit, step) = last;
    let values = multiples(step, max);
    let count = values.len();
    let label = |(index, &value): (usize, &f64)| {
        let number = format_number(value / unit);
        if index + 1 == count { format!("{number}{}", unit_name(unit, language)) } else { number }
    };
    let labels = values.iter().enumerate().map(label).collect();
    Ticks { values, labels }
}

/// Marks for a quantity from 0 to `max` in the base unit of its dimension, about `wanted` of them.
/// Bare numbers get fractions only where they have some.
pub fn quantities(
    max: f64,
    dimension: Dimension,
    fractions: bool,
    wanted: usize,
    language: Language,
) -> Ticks {
    let decimal = |size: f64, before: &str, after: &str| {
        let mut ticks = decimals(max / size, wanted);
        if let Some(last) = ticks.labels.last_mut() {
            *last = format!("{before}{last}{after}");
        }
        ticks.values.iter_mut().for_each(|value| *value *= size);
        ticks
    };
    match (dimension, language) {
        (Dimension::Number, _) if !fractions => counts(max, wanted, language),
        (Dimension::Number, _) => decimal(1.0, "", ""),
        (Dimension::Duration, _) => time(max, wanted, language),
        (Dimension::Rate, Language::Korean) => decimal(1.0, "", "건/초"),
        (Dimension::Rate, Language::English) => decimal(1.0, "", "/s"),
        (Dimension::Percent, _) => decimal(0.01, "", "%"),
        (Dimension::Money, _) => decimal(1.0, "$", ""),
        (Dimension::DataSize, _) => {
            let units = [(1024.0 * 1024.0 * 1024.0, "GB"), (1024.0 * 1024.0, "MB"), (1024.0, "KB")];
            let unit = units.into_iter().find(|(size, _)| max >= *size);
            let (size, name) = unit.unwrap_or((1.0, "B"));
            decimal(size, "", &format!("\u{202f}{name}"))
        }
    }
}

/// Marks for a number from 0 to `max`, fractions among them.
fn decimals(max: f64, wanted: usize) -> Ticks {
    let max = if max.is_finite() && max > 0.0 { max.max(1e-12) } else { 1.0 };
    let rough = max / wanted.clamp(1, MOST - 1) as f64;
    let mut power = 1.0;
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    // Divided once, because a power of ten is exact and its inverse isn't.
    let mut below = 1.0;
    while power / below > rough {
        below *= 10.0;
    }
    let step = |factor: f64| factor * power / below;
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let step = steps.into_iter().map(step).find(|&step| step >= rough * 0.999).unwrap_or(rough);
    let values = multiples(step, max);
    let labels = values.iter().map(|&value| format_number(value)).collect();
    Ticks { values, labels }
}

/// The unit as it follows a number.
fn unit_name(unit: f64, language: Language) -> &'static str {
    match (unit, language) {
        (DAY, Language::Korean) => "일",
        (HOUR, Language::Korean) => "시간",
        (MINUTE, Language::Korean) => "분",
        (SECOND, Language::Korean) => "초",
        (DAY, Language::English) => "\u{202f}d",
        (HOUR, Language::English) => "\u{202f}h",
        (MINUTE, Language::English) => "\u{202f}min",
        (SECOND, Language::English) => "\u{202f}s",
        (MS, _) => "\u{202f}ms",
        _ => "\u{202f}µs",
    }
}

/// A time in a sentence or table cell, with at most three significant digits: `212 ms`, `1.35초`.
pub fn duration(nanoseconds: u64, language: Language) -> String {
    let amount = nanoseconds as f64;
    let mut scale = 1.0;
    while amount / scale >= 1000.0 {
        scale *= 10.0;
    }
    let rounded = if nanoseconds.is_multiple_of(1_000_000_000) {
        amount
    } else {
        (amount / scale).round() * scale
    };
    Quantity::new(rounded, Dimension::Duration).display(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_round_whole_marks() {
        let labels = |max| counts(max, 4, Language::Korean).labels.join(" ");
        assert_eq!(labels(0.0), "0 1");
        assert_eq!(labels(3.0), "0 1 2 3");
        assert_eq!(labels(1000.0), "0 250 500 750 1,000");
        assert_eq!(labels(1e9), "0 2.5억 5억 7.5억 10억");
        assert_eq!(labels(f64::NAN), "0 1");
    }

    #[test]
    fn the_unit_of_time_stands_once_at_the_end() {
        let labels = |max| time(max, 6, Language::Korean).labels.join(" ");
        assert_eq!(labels(60e9), "0 10 20 30 40 50 60초");
        assert_eq!(labels(900e9), "0 5 10 15분");
        assert_eq!(labels(0.5e9), "0 100 200 300 400 500\u{202f}ms");
        assert_eq!(labels(0.0), "0 1\u{202f}µs");
        assert!(time(u64::MAX as f64, 6, Language::English).values.len() <= MOST);
    }

    #[test]
    fn fractions_have_round_marks_too() {
        let labels =
            |max, dimension| quantities(max, dimension, true, 4, Language::Korean).labels.join(" ");
        assert_eq!(labels(0.75, Dimension::Percent), "0 20 40 60%");
        assert_eq!(labels(0.0131, Dimension::Money), "0 0.005 $0.01");
        assert_eq!(labels(1.2, Dimension::Number), "0 0.5 1");
        assert_eq!(labels(0.0, Dimension::Number), "0 0.25 0.5 0.75 1");
        assert_eq!(labels(2048.0 * 1048576.0, Dimension::DataSize), "0 0.5 1 1.5 2\u{202f}GB");
        assert_eq!(labels(f64::INFINITY, Dimension::Rate), "0 0.25 0.5 0.75 1건/초");
    }

    #[test]
    fn durations_are_rounded_to_what_a_reader_can_use() {
        assert_eq!(duration(212_345_678, Language::Korean), "212\u{202f}ms");
        assert_eq!(duration(1_349_999_999, Language::Korean), "1.35초");
        assert_eq!(duration(1234 * 1_000_000_000, Language::Korean), "1,234초");
        assert_eq!(duration(0, Language::English), "0\u{202f}s");
    }
}
