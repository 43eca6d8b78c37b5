//! Numbers as sentences write them: digits with commas, `1만 2천`, `백만`, and the native numerals
//! before a counter (`두 번`).

use std::ops::Range;

/// A number of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeral {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its value.
    pub value: f64,
    /// The value of one in its last digit.
    pub step: f64,
    /// Whether a dollar sign stands before it.
    pub money: bool,
    /// Whether it is a native Korean numeral, which needs a counter.
    pub native: bool,
}

/// Powers of ten by their names; longer ones first.
const POWERS: [(&str, f64); 9] = [
    ("천만", 1e7),
    ("백만", 1e6),
    ("십만", 1e5),
    ("만", 1e4),
    ("천", 1e3),
    ("백", 1e2),
    ("억", 1e8),
    ("조", 1e12),
    (" million", 1e6),
];

const NATIVE: [(&str, f64); 11] = [
    ("한", 1.0),
    ("두", 2.0),
    ("세", 3.0),
    ("네", 4.0),
    ("다섯", 5.0),
    ("여섯", 6.0),
    ("일곱", 7.0),
    ("여덟", 8.0),
    ("아홉", 9.0),
    ("열", 10.0),
    ("스무", 20.0),
];

/// How many digits a number may have.
const DIGITS_MAX: usize = 18;

/// The next number at or behind `from`.
pub fn next(text: &str, from: usize) -> Option<Numeral> {
    let mut at = from;
    let mut before = text[..from].chars().next_back();
    while let Some(c) = text[at..].chars().next() {
        if c.is_ascii_digit() {
            let numeral = digits(text, at);
            let is_part = before.is_some_and(|b| b.is_ascii_alphanumeric() || "_@#".contains(b))
                || is_tail(&text[..at]);
            match numeral {
                Some(numeral) if !is_part => return Some(numeral),
                Some(numeral) => {
                    at = numeral.range.end;
                    before = text[..at].chars().next_back();
                    continue;
                }
                None => {
                    at += run(text, at);
                    before = Some('0');
                    continue;
                }
            }
        }
        let word_begins = before.is_none_or(|b| !b.is_alphanumeric());
        if word_begins
            && ('가'..='힣').contains(&c)
            && let Some(numeral) = word(text, at)
        {
            return Some(numeral);
        }
        before = Some(c);
        at += c.len_utf8();
    }
    None
}

fn run(text: &str, at: usize) -> usize {
    text[at..].bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether what ends here makes the digits that follow part of a name: `SAA-C03`, `us-east-1`,
/// `2025-08-01`, `12:30`, `1.2.3`, `/16`, the numerator of `3분의 1`.
fn is_tail(before: &str) -> bool {
    if before.ends_with("분의 ") {
        return true;
    }
    let mut chars = before.chars().rev();
    match chars.next() {
        Some('-' | '.' | ':' | '/') => chars.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(',') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// A number in digits, with what multiplies it.
fn digits(text: &str, start: usize) -> Option<Numeral> {
    let (mut value, mut end, mut step) = plain(text, start)?;
    let money = text[..start].ends_with('$');
    if let Some((length, factor)) = power(&text[end..]) {
        value *= factor;
        step *= factor;
        end += length;
        // `1만 2천`, `1만 2,000`
        let gap = usize::from(text[end..].starts_with(' '));
        if let Some((more, more_end, more_step)) = plain(text, end + gap) {
            let (length, small) = power(&text[more_end..]).unwrap_or((0, 1.0));
            if more * small < factor {
                value += more * small;
                step = more_step * small;
                end = more_end + length;
            }
        }
    }
    Some(Numeral { range: start..end, value, step, money, native: false })
}

fn power(rest: &str) -> Option<(usize, f64)> {
    let found = POWERS.iter().find(|(name, _)| rest.starts_with(name));
    found.map(|&(name, power)| (name.len(), power))
}

/// Digits with commas between thousands and a fraction: value, end, and the value of the last
/// digit.
fn plain(text: &str, start: usize) -> Option<(f64, usize, f64)> {
    let bytes = text.as_bytes();
    let mut end = start;
    let mut cleaned = String::new();
    let mut decimals = None;
    while let Some(&byte) = bytes.get(end) {
        let digits_follow = |count: usize| {
            let behind = bytes.get(end + 1..).unwrap_or_default();
            let found = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if count == 3 { found == 3 } else { found >= count }
        };
        match byte {
            b'0'..=b'9' => {
                cleaned.push(char::from(byte));
                decimals = decimals.map(|count: i32| count + 1);
            }
            b',' if decimals.is_none() && !cleaned.is_empty() && digits_follow(3) => {}
            b'.' if decimals.is_none() && !cleaned.is_empty() && digits_follow(1) => {
                cleaned.push('.');
                decimals = Some(0);
            }
            _ => break,
        }
        end += 1;
    }
    if cleaned.is_empty() || cleaned.len() > DIGITS_MAX {
        return None;
    }
    // `1.2.3` is a version.
    if decimals.is_some()
        && text[end..].starts_with('.')
        && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
    {
        return None;
    }
    let mut step = 1.0;
    for _ in 0..decimals.unwrap_or(0) {
        step /= 10.0;
    }
    Some((cleaned.parse().ok()?, end, step))
}

/// `백만 건`, `두 번`: a number in words.
fn word(text: &str, at: usize) -> Option<Numeral> {
    let rest = &text[at..];
    let counted = |length: usize| {
        let behind = &rest[length..];
        let behind = behind.strip_prefix(' ').unwrap_or(behind);
        ["개", "건", "번", "회", "가지", "명", "시간", "곳", "배", "달러"]
            .iter()
            .any(|counter| behind.starts_with(counter))
    };
    let numeral = |length: usize, value: f64, native| Numeral {
        range: at..at + length,
        value,
        step: 1.0,
        money: false,
        native,
    };
    let powers = POWERS.iter().filter(|(name, _)| name.chars().count() > 1);
    for &(name, power) in powers {
        if rest.starts_with(name) && counted(name.len()) {
            return Some(numeral(name.len(), power, false));
        }
    }
    let native = NATIVE.iter().filter(|(name, _)| rest.starts_with(name) && counted(name.len()));
    native.map(|&(name, value)| numeral(name.len(), value, true)).next()
}
