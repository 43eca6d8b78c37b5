//! Dates as people write them, after Ruby's `Time.parse`: its patterns are tried one after the
//! other on the whole text, and what none of them takes is passed over.

mod patterns;

use std::fmt;

use super::{Clock, Date, Moment, Zone};

/// The longest text that can be a date, in bytes; Ruby's own bound.
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

/// The zone names that Ruby knows wherever it runs, with their offset in hours.
const ZONES: [(&str, i32); 12] = [
    ("utc", 0),
    ("z", 0),
    ("ut", 0),
    ("gmt", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// What was found in a text, as written.
#[derive(Debug, Default)]
struct Found {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    clock: Option<Clock>,
    zone: Option<String>,
}

/// `rolls` is whether a day that its month doesn't have is one of the next month, as in Ruby.
pub(super) fn parse_moment(text: &str, zone: &Zone, rolls: bool) -> Result<Moment, DateError> {
    if text.len() > MAX_LENGTH {
        return Err(DateError::NotADate);
    }
    let found = patterns::find(text);
    let year = found.year.ok_or(DateError::NotADate)?;
    let date = match found.day_of_year {
        Some(day) => day_of_year(year, day)?,
        None => {
            let (month, day) = (found.month.unwrap_or(1), found.day.unwrap_or(1));
            let date = Date::new(year, month, day);
            let date = if rolls { date.or_else(|| rolled(year, month, day)) } else { date };
            date.ok_or(DateError::NoSuchDay { year, month, day })?
        }
    };
    let midnight = Clock { hour: 0, minute: 0, second: 0, nanosecond: 0 };
    let clock = found.clock.unwrap_or(midnight);
    let name = found.zone.as_deref();
    let offset = name.and_then(|name| offset_of(name, zone, year));
    let moment = match (name, offset) {
        (Some("z" | "utc" | "ut" | "-00:00" | "-0000" | "-00"), _) => {
            Moment::local(date, clock, &Zone::universal())
        }
        (_, Some(offset)) => Moment::with_offset(date, clock, offset).map(|moment| {
            // A zone has a name and summer time, an offset hasn't: Ruby prefers the zone.
            let local = moment.in_zone(zone);
            if local.offset_seconds() == offset { local } else { moment }
        }),
        (_, None) => Moment::local(date, clock, zone),
    };
    moment.ok_or(DateError::NoSuchTime)
}

/// The day of the next month that a day of this one stands for which it doesn't have: 30 February
/// is 1 or 2 March. No month has more than 31.
fn rolled(year: i32, month: u32, day: u32) -> Option<Date> {
    let last = (28..=31).rev().find(|&last| Date::new(year, month, last).is_some())?;
    let over = day.checked_sub(last).filter(|over| (1..=3).contains(over) && day <= 31)?;
    Date::new(year, month + 1, over)
}

fn day_of_year(year: i32, day: u32) -> Result<Date, DateError> {
    let error = DateError::NoSuchDay { year, month: 1, day };
    let mut rest = day;
    for month in 1..=12 {
        let length = (28..=31).rev().find(|&last| Date::new(year, month, last).is_some());
        let length = length.ok_or(error)?;
        if rest <= length {
            return Date::new(year, month, rest).ok_or(error);
        }
        rest -= length;
    }
    Err(error)
}

/// The offset that a zone's name or number means, in seconds; nothing for one that Ruby passes
/// over: `+9`, or a name that is neither known everywhere nor that of the local zone.
fn offset_of(name: &str, zone: &Zone, year: i32) -> Option<i32> {
    if name.starts_with(['+', '-']) {
        return numeric_offset(name);
    }
    if let Some((_, hours)) = ZONES.iter().find(|(known, _)| *known == name) {
        return Some(hours * 3600);
    }
    // The letters of military zones: `a` to `m` without `j` go east, `n` to `y` west.
    let mut letters = name.bytes();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        let hours = match letter {
            b'a'..=b'i' => i32::from(letter - b'a') + 1,
            b'k'..=b'm' => i32::from(letter - b'a'),
            b'n'..=b'y' => -(i32::from(letter - b'n') + 1),
            _ => return None,
        };
        return Some(hours * 3600);
    }
    zone.offset_named(name, year)
}

/// `+09`, `+0900`, `+09:00`, each part with its two digits.
fn numeric_offset(text: &str) -> Option<i32> {
    let digits: String = text.get(1..)?.chars().filter(|&c| c != ':').collect();
    let number = |at: usize| digits.get(at..at + 2)?.parse::<i32>().ok();
    let seconds = match (digits.len(), text.len()) {
        (2, 3) => number(0)? * 3600,
        (4, 5) | (4, 6) => (number(0)? * 60 + number(2)?) * 60,
        (6, 7) | (6, 9) => (number(0)? * 60 + number(2)?) * 60 + number(4)?,
        _ => return None,
    };
    Some(if text.starts_with('-') { -seconds } else { seconds })
}

/// The digits behind a decimal point as nanoseconds, cut after nine.
pub(crate) fn nanoseconds(digits: &str) -> u32 {
    let digits: String = digits.chars().chain("000000000".chars()).take(9).collect();
    digits.parse().unwrap_or(0)
}

/// `+0900`, `+09:00`, `-9` as YAML has them, in seconds, and what follows.
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
