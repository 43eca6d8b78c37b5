//! What a plain scalar means: YAML 1.1 as Ruby's Psych resolves it, whose order of rules this
//! follows. Quoted scalars never come here.

use super::NodeValue;
use crate::date::{Clock, Date, Moment};

/// The value of an unquoted scalar.
pub(super) fn resolve(text: &str) -> NodeValue {
    if text.is_empty() {
        return NodeValue::Null;
    }
    if begins_as_word(text) || text.contains('\n') {
        return word(text);
    }
    time(text)
        .or_else(|| date(text))
        .or_else(|| special_float(text))
        .or_else(|| sexagesimal(text))
        .or_else(|| float(text))
        .or_else(|| integer(text))
        .unwrap_or_else(|| NodeValue::String(text.to_owned()))
}

/// Psych's first question: a letter or one of its word signs, at most one odd sign before it.
fn begins_as_word(text: &str) -> bool {
    let is_word = |c: char| c.is_alphabetic() || " \t\n_!@#$%^&*(){}<>|/\\~;=".contains(c);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if is_word(first) => true,
        Some(first) if first.is_ascii_digit() || matches!(first, '.' | ':' | '-') => false,
        Some(_) => chars.next().is_some_and(is_word),
        None => false,
    }
}

fn word(text: &str) -> NodeValue {
    let is = |names: &[&str]| names.iter().any(|name| text.eq_ignore_ascii_case(name));
    if text == "~" || is(&["null"]) {
        NodeValue::Null
    } else if is(&["yes", "true", "on"]) {
        NodeValue::Bool(true)
    } else if is(&["no", "false", "off"]) {
        NodeValue::Bool(false)
    } else {
        NodeValue::String(text.to_owned())
    }
}

fn date(text: &str) -> Option<NodeValue> {
    (text.len() >= 8 && text.as_bytes().get(4) == Some(&b'-'))
        .then(|| Date::parse(text))
        .flatten()
        .map(NodeValue::Date)
}

/// `2024-01-02 10:20:30`, with `T` or spaces between, with a fraction, with an offset or without.
/// Minutes alone (`10:20`) are text, as in Psych.
fn time(text: &str) -> Option<NodeValue> {
    let split = text.find(|c: char| c == 'T' || c == 't' || c.is_ascii_whitespace())?;
    let (day, rest) = (text.get(..split)?, text.get(split + 1..)?);
    let day = Date::parse(day).filter(|_| day.find('-') == Some(4))?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len());
    let (clock, mut rest) = rest.split_at(end);
    let mut parts = clock.split(':');
    let mut part = |shortest: usize| {
        let part = parts.next()?;
        (shortest..=2).contains(&part.len()).then(|| part.parse::<u32>().ok()).flatten()
    };
    let (hour, minute, second) = (part(1)?, part(2)?, part(2)?);
    if parts.next().is_some() {
        return None;
    }
    let mut nanosecond = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        nanosecond = crate::date::nanoseconds(fraction.get(..end)?);
        rest = fraction.get(end..)?;
    }
    let clock = Clock { hour, minute, second, nanosecond };
    let moment = match rest.trim_start() {
        "" => Moment::without_zone(day, clock)?,
        "Z" => Moment::local(day, clock, &crate::date::Zone::universal())?,
        offset => match crate::date::take_offset(offset)? {
            (seconds, "") => Moment::with_offset(day, clock, seconds)?,
            _ => return None,
        },
    };
    Some(NodeValue::Time(moment))
}

fn special_float(text: &str) -> Option<NodeValue> {
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    if is(".inf") || is("+.inf") {
        return Some(NodeValue::Float(f64::INFINITY));
    }
    if is("-.inf") {
        return Some(NodeValue::Float(f64::NEG_INFINITY));
    }
    // A value is never NaN: what is no number is nothing.
    is(".nan").then_some(NodeValue::Null)
}

/// `1:30` is 5400 and `1:30:15` 5415, for Psych counts from the hour; `1:30.5` has a fraction.
fn sexagesimal(text: &str) -> Option<NodeValue> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let parts: Vec<&str> = whole.split(':').collect();
    let (first, minor) = parts.split_first()?;
    let digits = first.strip_prefix(['-', '+']).unwrap_or(first);
    let first_fits = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let minor_fits = (1..=2).contains(&minor.len())
        && minor
            .iter()
            .all(|part| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']));
    if !first_fits || !minor_fits {
        return None;
    }
    let mut total: i64 = 0;
    let mut scale: i64 = 3600;
    for part in &parts {
        let number: i64 = part.replace('_', "").parse().ok()?;
        total = total.checked_add(number.checked_mul(scale)?)?;
        scale /= 60;
    }
    let Some(fraction) = fraction else { return Some(NodeValue::Integer(total)) };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        return None;
    }
    let fraction: f64 = format!("0.{}", fraction.replace('_', "")).parse().ok()?;
    let last_scale = if parts.len() == 2 { 60.0 } else { 1.0 };
    Some(NodeValue::Float(total as f64 + fraction * last_scale))
}

/// Digits with a point among them, an exponent only with its sign: `1.5`, `.5`, `1.5e+3`.
fn float(text: &str) -> Option<NodeValue> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, tail) = unsigned.split_once('.')?;
    let whole_fits = whole.is_empty()
        || whole.starts_with(|c: char| c.is_ascii_digit())
            && whole.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b','));
    let (digits, exponent) = match tail.find(['e', 'E']) {
        Some(at) => (tail.get(..at)?, tail.get(at + 1..)),
        None => (tail, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['-', '+']).is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    });
    let fits = whole_fits
        && exponent_fits
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !(whole.is_empty() && digits.is_empty());
    if !fits {
        return None;
    }
    let number: f64 = text.replace(['_', ','], "").parse().ok()?;
    Some(NodeValue::Float(number))
}

/// Binary `0b1`, octal `010`, hexadecimal `0xff`, decimal with `_` or `,` between digits.
fn integer(text: &str) -> Option<NodeValue> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) if text.starts_with('-') => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", text),
    };
    let (radix, digits) = if let Some(digits) = digits.strip_prefix("0b") {
        (2, digits)
    } else if let Some(digits) = digits.strip_prefix("0x") {
        (16, digits)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (8, digits)
    } else {
        (10, digits)
    };
    let decimal_fits = radix != 10
        || digits.starts_with(|c: char| c.is_ascii_digit())
            && !digits.ends_with(['_', ','])
            && !["__", ",,", "_,", ",_"].iter().any(|pair| digits.contains(pair));
    let fits = |c: char| c.is_digit(radix) || matches!(c, '_' | ',');
    if !decimal_fits || !digits.chars().all(fits) || !digits.chars().any(|c| c.is_digit(radix)) {
        return None;
    }
    let plain = format!("{sign}{}", digits.replace(['_', ','], ""));
    match i64::from_str_radix(&plain, radix) {
        Ok(number) => Some(NodeValue::Integer(number)),
        // Ruby's integers have no end; past 64 bits it is the digits that are kept.
        Err(_) if radix == 10 => Some(NodeValue::String(plain)),
        Err(_) => None,
    }
}
