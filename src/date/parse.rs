//! Dates as people write them, after Ruby's `Date._parse`: one scan that takes tokens in any of the
//! usual orders.

use std::fmt;

use super::{Clock, Date, Moment, Zone};

/// The longest text that can be a date.
const MAX_LENGTH: usize = 128;

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// There is no date in the text.
    NotADate,
    /// The calendar doesn't have that day.
    NoSuchDay {
        /// The year as written.
        year: i32,
        /// The month as written.
        month: u32,
        /// The day as written.
        day: u32,
    },
    /// The clock doesn't have that time, or there is no such offset.
    NoSuchTime,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADate => write!(f, "not a date"),
            Self::NoSuchDay { month, .. } if !(1..=12).contains(month) => {
                write!(f, "there is no month {month}")
            }
            Self::NoSuchDay { year, month, day } => {
                write!(f, "there is no day {day} in {year}-{month:02}")
            }
            Self::NoSuchTime => write!(f, "no such time of day"),
        }
    }
}

impl std::error::Error for DateError {}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Zone names with their offset in hours, as far as Ruby and mail know them and they are clear.
const ZONES: [(&str, i32); 16] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("kst", 9),
    ("jst", 9),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("cet", 1),
    ("cest", 2),
    ("bst", 1),
];

#[derive(Debug, Default)]
struct Found {
    date: Option<(i32, u32, u32)>,
    clock: Option<Clock>,
    offset: Option<i32>,
}

pub(super) fn parse_moment(text: &str, zone: &Zone) -> Result<Moment, DateError> {
    let text = text.trim();
    if text.len() > MAX_LENGTH || !text.is_ascii() {
        return Err(DateError::NotADate);
    }
    let found = scan(text).ok_or(DateError::NotADate)?;
    let (year, month, day) = found.date.ok_or(DateError::NotADate)?;
    let date = Date::new(year, month, day).ok_or(DateError::NoSuchDay { year, month, day })?;
    let midnight = Clock { hour: 0, minute: 0, second: 0, nanosecond: 0 };
    let clock = found.clock.unwrap_or(midnight);
    let moment = match found.offset {
        Some(offset) => Moment::with_offset(date, clock, offset),
        None => Moment::local(date, clock, zone),
    };
    moment.ok_or(DateError::NoSuchTime)
}

/// Takes the text apart; `None` when something in it has no place in a date.
fn scan(text: &str) -> Option<Found> {
    let mut found = Found::default();
    let mut rest = text;
    // Numbers and a month's name of a written-out date, in their order.
    let mut loose: Vec<(u32, usize)> = Vec::new();
    let mut month_name = None;
    while !rest.is_empty() {
        let first = rest.chars().next()?;
        if first.is_whitespace() || first == ',' {
            rest = &rest[1..];
        } else if let Some((clock, after)) = take_clock(rest) {
            found.clock.is_none().then_some(())?;
            found.clock = Some(clock);
            rest = after;
        } else if found.date.is_none()
            && let Some((date, after)) = take_numeric_date(rest)
        {
            found.date = Some(date);
            rest = after;
        } else if found.clock.is_some()
            && let Some((offset, after)) = take_offset(rest)
        {
            found.offset = Some(offset);
            rest = after;
        } else if first.is_ascii_digit() {
            let (number, length, after) = take_number(rest)?;
            loose.push((number, length));
            rest = strip_ordinal(after);
        } else if first.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let word = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start_matches('.');
            take_word(&word, &mut found, &mut month_name)?;
        } else {
            return None;
        }
    }
    if let (None, Some(month)) = (found.date, month_name) {
        found.date = written_date(month, &loose);
    } else if !loose.is_empty() || month_name.is_some() {
        return None;
    }
    Some(found)
}

/// A month, a weekday, `T` between date and time, `am`/`pm`, or a zone.
fn take_word(word: &str, found: &mut Found, month_name: &mut Option<u32>) -> Option<()> {
    const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    const MONTH_NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if word == "t" && found.date.is_some() && found.clock.is_none() {
        return Some(());
    }
    if let (Some(&(_, hours)), true) =
        (ZONES.iter().find(|(name, _)| *name == word), found.clock.is_some())
    {
        found.offset = Some(hours * 3600);
        return Some(());
    }
    let month = MONTHS.iter().position(|name| *name == word || word == "sept" && *name == "sep");
    let month = month.or_else(|| MONTH_NAMES.iter().position(|name| *name == word));
    if let Some(month) = month {
        month_name.is_none().then_some(())?;
        *month_name = u32::try_from(month + 1).ok();
        return Some(());
    }
    let weekday = WEEKDAYS.iter().any(|day| {
        word.strip_prefix(day).is_some_and(|tail| {
            matches!(tail, "" | "day" | "sday" | "nesday" | "rsday" | "urday" | "s" | "rs")
        })
    });
    weekday.then_some(())
}

/// The date of a month's name and two numbers: the day first, unless the first can only be a year.
fn written_date(month: u32, numbers: &[(u32, usize)]) -> Option<(i32, u32, u32)> {
    let &[(a, a_length), (b, b_length)] = numbers else { return None };
    let (day, year, length) = if a_length > 2 { (b, a, a_length) } else { (a, b, b_length) };
    Some((full_year(year, length)?, month, day))
}

/// Two digits are 1969 to 2068, as in Ruby.
fn full_year(year: u32, digits: usize) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    Some(match digits {
        2 if year >= 69 => 1900 + year,
        2 => 2000 + year,
        _ => year,
    })
}

/// `2024-01-02`, `2024/1/2`, `2024.1.2`, `20240102`.
fn take_numeric_date(text: &str) -> Option<((i32, u32, u32), &str)> {
    let (first, length, rest) = take_number(text)?;
    if length == 8 || length == 14 {
        let digits = &text[..8];
        let year = digits[..4].parse().ok()?;
        let month = digits[4..6].parse().ok()?;
        let day = digits[6..].parse().ok()?;
        return (length == 8).then_some(((year, month, day), rest));
    }
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, month_length, rest) = take_number(rest.strip_prefix(separator)?)?;
    let (day, day_length, rest) = take_number(rest.strip_prefix(separator)?)?;
    if month_length > 2 || day_length > 2 || !(2..=4).contains(&length) {
        return None;
    }
    Some(((full_year(first, length)?, month, day), rest))
}

/// `10:20`, `10:20:30`, `10:20:30.25`, `3:04 pm`.
fn take_clock(text: &str) -> Option<(Clock, &str)> {
    let (mut hour, length, rest) = take_number(text)?;
    let (minute, minute_length, mut rest) = take_number(rest.strip_prefix(':')?)?;
    if length > 2 || minute_length > 2 {
        return None;
    }
    let mut clock = Clock { hour, minute, second: 0, nanosecond: 0 };
    if let Some(after) = rest.strip_prefix(':')
        && let Some((second, _, after)) = take_number(after)
    {
        clock.second = second;
        rest = after;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            clock.nanosecond = nanoseconds(&fraction[..end]);
            rest = &fraction[end..];
        }
    }
    let after = rest.trim_start();
    let half = after.get(..2).map(str::to_ascii_lowercase).unwrap_or_default();
    let word_ends = !after.get(2..).is_some_and(|t| t.starts_with(|c: char| c.is_alphanumeric()));
    if matches!(half.as_str(), "am" | "pm") && word_ends {
        hour %= 12;
        clock.hour = if half == "pm" { hour + 12 } else { hour };
        rest = &after[2..];
    }
    Some((clock, rest))
}

/// The digits behind a decimal point as nanoseconds, cut after nine.
pub(crate) fn nanoseconds(digits: &str) -> u32 {
    let digits: String = digits.chars().chain("000000000".chars()).take(9).collect();
    digits.parse().unwrap_or(0)
}

/// `+0900`, `+09:00`, `-9`, in seconds.
pub(crate) fn take_offset(text: &str) -> Option<(i32, &str)> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (number, length, rest) = take_number(&text[1..])?;
    let (hours, minutes, rest) = match length {
        1 | 2 => match rest.strip_prefix(':').and_then(take_number) {
            Some((minutes, 1 | 2, after)) => (number, minutes, after),
            _ => (number, 0, rest),
        },
        3 | 4 => (number / 100, number % 100, rest),
        _ => return None,
    };
    if hours > 24 || minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    Some((sign * seconds, rest))
}

/// The number at the beginning of a text, how many digits it has, and what follows.
fn take_number(text: &str) -> Option<(u32, usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..end].parse().ok()?;
    Some((number, end, &text[end..]))
}

/// Drops the `st` of `1st` and its like.
fn strip_ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|tail| text.strip_prefix(tail)).unwrap_or(text)
}
