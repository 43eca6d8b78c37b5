//! Quantities as sentences state them: `15분`, `900 seconds`, `1만 2천 건`, `초당 1,000건`,
//! `1 MB/s`, `$0.20`, `1시간 30분`.

mod numeral;
mod units;

use std::ops::Range;

use super::{Dimension, Language, Quantity, format_number};
use numeral::Numeral;
use units::Meaning;

/// How many bytes before a place [`ending_at`] looks at.
const LOOK_BACK: usize = 160;
/// How many words may stand between a number and `per second`.
const WORDS_BEFORE_PER: usize = 3;

/// A quantity that a sentence states.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// The bytes of the text, from the number (or `초당`) to the unit.
    pub range: Range<usize>,
    /// The value. What is counted is a [`Dimension::Number`], `초당 5건` a [`Dimension::Rate`],
    /// `1 MB/s` a size of which `per_second` says the rest.
    pub quantity: Quantity,
    /// Whether a size is meant for each second.
    pub per_second: bool,
    /// The value of one in the last digit that is written, in the base unit: what the text is
    /// rounded to.
    pub step: f64,
    /// The bytes of the number alone.
    pub number: Range<usize>,
    /// What one of the number stands for in the base unit; `None` where several units are added.
    pub scale: Option<f64>,
    /// The bytes of the unit or counter behind the number.
    pub unit: Range<usize>,
}

impl Stated {
    /// The quantity as the text should state it to mean `value`: in the author's unit where that
    /// shows it whole.
    pub fn restated(&self, text: &str, value: Quantity) -> String {
        let of_language = || {
            let hangul = text[self.range.clone()].chars().any(|c| ('가'..='힣').contains(&c));
            let language = if hangul { Language::Korean } else { Language::English };
            value.display(language).replace('\u{202f}', " ")
        };
        let Some(scale) = self.scale else { return of_language() };
        let number = value.amount / scale;
        let decimals = (number * 100.0 - (number * 100.0).round()).abs();
        let large = value.dimension == Dimension::DataSize && number >= 1024.0;
        if number < 1.0 || large || decimals > 1e-6 * number.abs() {
            return of_language();
        }
        let before = &text[self.range.start..self.number.start];
        let after = &text[self.number.end..self.range.end];
        format!("{before}{}{after}", format_number(number))
    }
}

/// All quantities of a text in their order; none overlaps another.
pub fn quantities(text: &str) -> Vec<Stated> {
    let mut found: Vec<Stated> = Vec::new();
    let mut at = 0;
    while let Some(numeral) = numeral::next(text, at) {
        at = numeral.range.end;
        let Some(stated) = read(text, &numeral) else { continue };
        at = at.max(stated.range.end);
        // `1초에` belongs to the rate.
        found.pop_if(|last| last.range.end > stated.range.start);
        match found.last_mut() {
            Some(last) if continues(text, last, &stated) => add(last, stated),
            Some(last) if is_range(text, last, &stated) => {
                give_unit(last, &stated);
                found.push(stated);
            }
            _ => found.push(stated),
        }
    }
    found
}

/// The quantity that ends at a place of the text, but for closing marks of emphasis and brackets.
pub fn ending_at(text: &str, end: usize) -> Option<Stated> {
    let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
    let mut start = line.max(end.saturating_sub(LOOK_BACK));
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut last = quantities(&text[start..end]).pop()?;
    let between = &text[start + last.range.end..end];
    if !between.chars().all(|c| "*_)]\"'”’」) ".contains(c)) {
        return None;
    }
    for range in [&mut last.range, &mut last.number, &mut last.unit] {
        *range = range.start + start..range.end + start;
    }
    Some(last)
}

fn read(text: &str, numeral: &Numeral) -> Option<Stated> {
    let Numeral { range: number, value, step, money, native } = numeral.clone();
    let rest = &text[number.end..];
    let gap = gap(rest);
    let meaning = units::meaning_at(&rest[gap..]);
    let bare = |dimension| Stated {
        range: number.clone(),
        quantity: Quantity::new(value, dimension),
        per_second: false,
        step,
        number: number.clone(),
        scale: Some(1.0),
        unit: number.end..number.end,
    };
    let mut stated = match meaning {
        _ if money => {
            let start = number.start - 1;
            Stated { range: start..number.end, ..bare(Dimension::Money) }
        }
        Some((Meaning::Nothing, _)) => return None,
        Some((meaning, length)) => {
            let unit = number.end + gap..number.end + gap + length;
            if is_product(&text[unit.end..]) {
                return None;
            }
            let (dimension, scale) = match meaning {
                Meaning::Unit(dimension, scale) => (dimension, scale),
                Meaning::PerSecond => (Dimension::Rate, 1.0),
                Meaning::Counter | Meaning::Nothing => (Dimension::Number, 1.0),
            };
            if native && !matches!(meaning, Meaning::Counter | Meaning::Unit(..)) {
                return None;
            }
            Stated {
                range: number.start..unit.end,
                quantity: Quantity::new(value * scale, dimension),
                step: step * scale,
                scale: Some(scale),
                unit,
                ..bare(dimension)
            }
        }
        None if native || is_name(rest) => return None,
        None => bare(Dimension::Number),
    };
    make_rate(text, &mut stated);
    stated.quantity.amount.is_finite().then_some(stated)
}

/// The length of what may stand between a number and its unit: a blank, a hyphen (`15 minutes`,
/// `15-minute`), the end of emphasis (`**15**분`).
fn gap(rest: &str) -> usize {
    let emphasis = rest.len() - rest.trim_start_matches('*').len();
    let blank = match rest[emphasis..].chars().next() {
        Some(c @ (' ' | '\u{a0}' | '\u{202f}')) => c.len_utf8(),
        Some('-') if rest[emphasis + 1..].starts_with(|c: char| c.is_ascii_lowercase()) => 1,
        _ => 0,
    };
    emphasis + blank
}

/// Whether letters or more of a name follow at once (`3x`, `2nd`, `10.0.0.0/16`).
fn is_name(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some(c) if c.is_ascii_alphabetic() || "_/:\\".contains(c) => true,
        Some('.' | '-') => chars.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        _ => false,
    }
}

/// Whether a unit is only the first factor of another one: `GB-초`, `GB-s`.
fn is_product(rest: &str) -> bool {
    ["-초", "-s", "·초", "-시간", "-h", " 초당", "/hour", "/월", "/GB"]
        .iter()
        .any(|tail| rest.starts_with(tail))
}

/// Makes a count or a size a rate where the words around say so.
fn make_rate(text: &str, stated: &mut Stated) {
    const BEFORE: [(&str, f64); 6] = [
        ("초당", 1.0),
        ("초 당", 1.0),
        ("1초에", 1.0),
        ("매초", 1.0),
        ("분당", 60.0),
        ("1분에", 60.0),
    ];
    const AFTER: [(&str, f64); 7] = [
        ("/s", 1.0),
        ("/초", 1.0),
        ("/분", 60.0),
        ("/min", 60.0),
        ("per second", 1.0),
        ("per minute", 60.0),
        ("a second", 1.0),
    ];
    if !matches!(stated.quantity.dimension, Dimension::Number | Dimension::DataSize) {
        return;
    }
    let mut before = text[..stated.range.start].trim_end_matches([' ', '*', '_']);
    for word in ["최대", "약", "최소"] {
        before = before.strip_suffix(word).unwrap_or(before).trim_end_matches([' ', '*', '_']);
    }
    let prefix = BEFORE.iter().find(|(word, _)| before.ends_with(word));
    let rest = &text[stated.range.end..];
    let suffix = AFTER.iter().find_map(|&(word, seconds)| {
        let at = if word.starts_with('/') {
            rest.starts_with(word).then_some(0)?
        } else {
            let sentence = rest.split(['.', ',', ';', '(', '\n']).next().unwrap_or_default();
            let at = sentence.find(word)?;
            let words = sentence[..at].split_whitespace().count();
            let plain = sentence[..at].chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
            (words <= WORDS_BEFORE_PER && plain).then_some(at)?
        };
        Some((at + word.len(), seconds))
    });
    let seconds = match (prefix, suffix) {
        (Some((word, seconds)), _) => {
            stated.range.start = before.len() - word.len();
            *seconds
        }
        (None, Some((length, seconds))) => {
            stated.range.end += length;
            seconds
        }
        (None, None) => return,
    };
    stated.quantity.amount /= seconds;
    stated.step /= seconds;
    stated.scale = stated.scale.map(|scale| scale / seconds);
    match stated.quantity.dimension {
        Dimension::DataSize => stated.per_second = true,
        _ => stated.quantity.dimension = Dimension::Rate,
    }
}

/// `1시간` and `30분` are one length of time.
fn continues(text: &str, last: &Stated, next: &Stated) -> bool {
    let durations =
        [last, next].map(|stated| stated.quantity.dimension) == [Dimension::Duration; 2];
    let between = text.get(last.range.end..next.range.start);
    let smaller = last.step > next.quantity.amount && next.scale.is_some();
    durations && smaller && matches!(between, Some("" | " "))
}

fn add(last: &mut Stated, next: Stated) {
    last.range.end = next.range.end;
    last.quantity.amount += next.quantity.amount;
    last.step = next.step;
    last.scale = None;
}

/// Whether a bare number begins a range that ends with a quantity.
fn is_range(text: &str, last: &Stated, next: &Stated) -> bool {
    let between = text.get(last.range.end..next.range.start).map(str::trim);
    let bare = last.unit.is_empty() && last.quantity.dimension == Dimension::Number;
    let has_unit = !next.unit.is_empty() && next.scale.is_some();
    bare && has_unit && matches!(between, Some("~" | "-" | "–" | "∼" | "에서" | "to"))
}

fn give_unit(last: &mut Stated, next: &Stated) {
    let Some(scale) = next.scale else { return };
    last.quantity = Quantity::new(last.quantity.amount * scale, next.quantity.dimension);
    last.step *= scale;
    last.scale = Some(scale);
    last.per_second = next.per_second;
}

#[cfg(test)]
mod tests;
