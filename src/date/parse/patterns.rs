//! The patterns of Ruby's `Date._parse`, in its order. Each looks for its first place in the text
//! and leaves a space there. Those that can't find a year are left out (a year has no default
//! here), and so are eras and the reigns of Japanese emperors.

use super::{Found, nanoseconds};
use crate::date::Clock;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Takes a text apart.
pub(super) fn find(text: &str) -> Found {
    let mut found = Found::default();
    let mut text = Text::new(text);
    text.take(day_name);
    if let Some((clock, zone)) = text.take(time) {
        found.clock = Some(clock);
        found.zone = zone;
    }
    for pattern in [european, american, iso, vms, vms_american, slashed, dotted] {
        if let Some(parts) = text.take(pattern) {
            parts.settle(&mut found);
            return found;
        }
    }
    if text.take(week).is_some() {
        return found;
    }
    if let Some((year, day)) = text.take(year_and_day) {
        found.year = Some(full_year(&year, true));
        found.day_of_year = day.parse().ok();
        return found;
    }
    if let Some(year) = text.take(short_year) {
        found.year = Some(full_year(&year, year.len() <= 2));
    } else if let Some(digits) = text.take(digits_only) {
        digits.settle(&mut found);
    }
    found
}

/// Two digits are 1969 to 2068, as in Ruby.
fn full_year(digits: &str, may_be_short: bool) -> i32 {
    let year: i32 = digits.parse().unwrap_or(i32::MAX);
    match year {
        69..=99 if may_be_short => 1900 + year,
        0..=68 if may_be_short => 2000 + year,
        _ => year,
    }
}

/// A text in lower case from which matches are taken out.
struct Text {
    chars: Vec<char>,
}

impl Text {
    /// Signs that mean nothing in a date become spaces.
    fn new(text: &str) -> Self {
        let keeps = |c: char| c.is_alphanumeric() || "-+',./:@[]".contains(c);
        let lower = text.chars().map(|c| if keeps(c) { c.to_ascii_lowercase() } else { ' ' });
        Self { chars: lower.collect() }
    }

    /// The first match of a pattern; a space takes its place.
    fn take<T>(&mut self, pattern: fn(&mut Cursor<'_>) -> Option<T>) -> Option<T> {
        let found = (0..self.chars.len()).find_map(|start| {
            let mut cursor = Cursor { chars: &self.chars, at: start };
            let value = pattern(&mut cursor)?;
            Some((start..cursor.at, value))
        });
        let (range, value) = found?;
        self.chars.splice(range, [' ']);
        Some(value)
    }
}

/// A place in the text. Each step moves behind what it takes, or stays and gives nothing.
#[derive(Clone, Copy)]
struct Cursor<'t> {
    chars: &'t [char],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn sign(&mut self, signs: &str) -> Option<char> {
        let sign = self.peek().filter(|&c| signs.contains(c))?;
        self.at += 1;
        Some(sign)
    }

    fn while_true(&mut self, fits: impl Fn(char) -> bool) -> String {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let taken: String = rest.iter().copied().take_while(|&c| fits(c)).collect();
        self.at += taken.chars().count();
        taken
    }

    fn spaces(&mut self) {
        self.while_true(char::is_whitespace);
    }

    fn digits(&mut self) -> Option<String> {
        let digits = self.while_true(|c| c.is_ascii_digit());
        (!digits.is_empty()).then_some(digits)
    }

    /// Digits with an apostrophe before them, or one of these signs, or both.
    fn number(&mut self, signs: &str) -> Option<String> {
        let start = self.at;
        let mut text = String::new();
        text.extend(self.sign("'"));
        text.extend(self.sign(signs));
        match self.digits() {
            Some(digits) => Some(text + &digits),
            None => {
                self.at = start;
                None
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let end = self.at + word.chars().count();
        let here = self.chars.get(self.at..end)?;
        here.iter().copied().eq(word.chars()).then(|| self.at = end)
    }

    /// Whether a word begins or ends here.
    fn is_boundary(&self) -> bool {
        let is_word = |at: Option<usize>| {
            at.and_then(|at| self.chars.get(at)).is_some_and(|c| c.is_alphanumeric() || *c == '_')
        };
        is_word(self.at.checked_sub(1)) != is_word(Some(self.at))
    }

    fn month(&mut self) -> Option<u32> {
        let month = MONTHS.iter().position(|name| self.word(name).is_some())?;
        u32::try_from(month + 1).ok()
    }
}

fn day_name(cursor: &mut Cursor<'_>) -> Option<()> {
    let begins = cursor.is_boundary();
    DAYS.iter().find(|day| begins && cursor.word(day).is_some())?;
    cursor.while_true(|c| !("-/".contains(c) || c.is_ascii_digit() || c.is_whitespace()));
    Some(())
}

/// `10:20`, `10:20:30.5`, `10h 20m`, `3 pm`, with a zone behind.
fn time(cursor: &mut Cursor<'_>) -> Option<(Clock, Option<String>)> {
    let number = |text: String| text.parse::<u32>().ok();
    let mut hour = number(cursor.digits()?)?;
    cursor.spaces();
    let mut clock = Clock { hour, minute: 0, second: 0, nanosecond: 0 };
    let mut half = None;
    if cursor.sign(":").is_some() {
        cursor.spaces();
        clock.minute = number(cursor.digits()?)?;
        seconds(cursor, &mut clock);
    } else if cursor.sign("h").is_some() {
        let mut ahead = *cursor;
        ahead.spaces();
        if let Some(minute) = ahead.digits().and_then(number) {
            ahead.sign("m");
            clock.minute = minute;
            *cursor = ahead;
            ahead.spaces();
            if let Some(second) = ahead.digits().and_then(number) {
                ahead.sign("s");
                clock.second = second;
                *cursor = ahead;
            }
        }
    } else {
        half = Some(half_of_day(cursor)?);
    }
    if half.is_none() {
        let mut ahead = *cursor;
        ahead.spaces();
        half = half_of_day(&mut ahead).inspect(|_| *cursor = ahead);
    }
    if let Some(half) = half {
        hour %= 12;
        clock.hour = if half == 'p' { hour + 12 } else { hour };
    }
    let mut ahead = *cursor;
    ahead.spaces();
    let zone = zone(&mut ahead).inspect(|_| *cursor = ahead);
    Some((clock, zone))
}

fn seconds(cursor: &mut Cursor<'_>, clock: &mut Clock) {
    let mut ahead = *cursor;
    ahead.spaces();
    let colon = ahead.sign(":");
    ahead.spaces();
    let second = ahead.digits().filter(|_| colon.is_some()).and_then(|text| text.parse().ok());
    let Some(second) = second else { return };
    clock.second = second;
    if ahead.sign(",.").is_some() {
        clock.nanosecond = nanoseconds(&ahead.digits().unwrap_or_default());
    }
    *cursor = ahead;
}

fn half_of_day(cursor: &mut Cursor<'_>) -> Option<char> {
    let mut ahead = *cursor;
    let half = ahead.sign("ap")?;
    let dotted = ahead.word(".m.").is_some();
    let ends = dotted || ahead.word("m").is_some() && ahead.is_boundary();
    ends.then(|| {
        *cursor = ahead;
        half
    })
}

/// `+0900`, `utc+9`, `kst`, `est dst`.
fn zone(cursor: &mut Cursor<'_>) -> Option<String> {
    let start = cursor.at;
    let mut ahead = *cursor;
    for name in ["gmt", "utc", "ut"] {
        if ahead.word(name).is_some() {
            break;
        }
    }
    if ahead.sign("+-").is_some() && ahead.digits().is_some() {
        for signs in [",.:", ":"] {
            let mut further = ahead;
            if further.sign(signs).is_none() || further.digits().is_none() {
                break;
            }
            ahead = further;
        }
    } else {
        ahead = *cursor;
        let letters = ahead.while_true(char::is_alphabetic);
        if letters.is_empty() || !ahead.is_boundary() {
            return None;
        }
        let mut further = ahead;
        if further.sign(" ").and_then(|_| further.word("dst")).is_some() && further.is_boundary() {
            ahead = further;
        }
    }
    *cursor = ahead;
    Some(cursor.chars.get(start..cursor.at)?.iter().collect())
}

/// Year, month and day as they stand in the text; which is which shows in their form.
#[derive(Default)]
struct Parts {
    year: Option<String>,
    month: Option<String>,
    day: Option<String>,
}

impl Parts {
    /// A number with more than two digits or with an apostrophe can only be a year.
    fn settle(self, found: &mut Found) {
        let Self { mut year, mut month, mut day } = self;
        let is_year = |part: &Option<String>| {
            part.as_ref().is_some_and(|part| part.starts_with('\'') || part.len() > 2)
        };
        if day.is_none() && year.is_some() && month.is_some() {
            (year, month, day) = (day, year, month);
        }
        if year.is_none() && is_year(&day) {
            (year, day) = (day, year);
        }
        if is_year(&month) {
            (year, month, day) = (month, day, year);
        }
        if is_year(&day) {
            (year, day) = (day, year);
        }
        if let Some(text) = year {
            let digits = text.trim_start_matches(['\'', '+', '-']);
            let signed = text.contains(['+', '-']);
            let short = digits.len() <= 2 && !signed && !text.starts_with('\'');
            let value = full_year(digits, short || text.starts_with('\'') && digits.len() <= 2);
            found.year = Some(if text.contains('-') { -value } else { value });
        }
        let number = |part: Option<String>| part?.trim_start_matches(['\'', '-']).parse().ok();
        found.month = number(month);
        found.day = number(day);
    }
}

/// `2 Jan 2024`, `2nd of January`. A year behind the month is taken if there is one.
fn european(cursor: &mut Cursor<'_>) -> Option<Parts> {
    let day = cursor.number("")?;
    let mut behind = *cursor;
    behind.while_true(|c| !(c == '-' || c.is_ascii_digit() || c.is_whitespace()));
    let month = (cursor.at..=behind.at).rev().find_map(|at| {
        let mut ahead = Cursor { at, ..*cursor };
        ahead.spaces();
        let month = ahead.month()?;
        *cursor = ahead;
        Some(month)
    })?;
    cursor.while_true(|c| !("-'".contains(c) || c.is_ascii_digit() || c.is_whitespace()));
    let mut ahead = *cursor;
    ahead.spaces();
    let year = ahead.number("-").inspect(|_| *cursor = ahead);
    Some(Parts { year, month: Some(month.to_string()), day: Some(day) })
}

/// `January 2, 2024`.
fn american(cursor: &mut Cursor<'_>) -> Option<Parts> {
    let month = cursor.is_boundary().then(|| cursor.month())??;
    let is_rest = |c: char| !("-'".contains(c) || c.is_ascii_digit() || c.is_whitespace());
    cursor.while_true(is_rest);
    cursor.spaces();
    let day = cursor.number("")?;
    cursor.while_true(is_rest);
    let mut ahead = *cursor;
    ahead.spaces();
    ahead.sign(",");
    ahead.spaces();
    let year = ahead.number("-").inspect(|_| *cursor = ahead);
    Some(Parts { year, month: Some(month.to_string()), day: Some(day) })
}

/// `2024-1-2`.
fn iso(cursor: &mut Cursor<'_>) -> Option<Parts> {
    let year = cursor.number("+-")?;
    cursor.sign("-")?;
    let month = cursor.digits()?;
    cursor.sign("-")?;
    let day = cursor.number("-")?;
    Some(Parts { year: Some(year), month: Some(month), day: Some(day) })
}

/// `2-Jan-2024`.
fn vms(cursor: &mut Cursor<'_>) -> Option<Parts> {
    let day = cursor.number("-")?;
    cursor.sign("-")?;
    let month = cursor.month()?;
    cursor.while_true(|c| !"-/.".contains(c));
    cursor.sign("-")?;
    let year = cursor.number("-")?;
    Some(Parts { year: Some(year), month: Some(month.to_string()), day: Some(day) })
}

/// `Jan-2-2024`.
fn vms_american(cursor: &mut Cursor<'_>) -> Option<Parts> {
    let month = cursor.is_boundary().then(|| cursor.month())??;
    cursor.while_true(|c| !"-/.".contains(c));
    cursor.sign("-")?;
    let day = cursor.number("-")?;
    let mut ahead = *cursor;
    let year = ahead.sign("-").and_then(|_| ahead.number("-")).inspect(|_| *cursor = ahead);
    Some(Parts { year, month: Some(month.to_string()), day: Some(day) })
}

/// `2024/1/2`, `2/1/2024`.
fn slashed(cursor: &mut Cursor<'_>) -> Option<Parts> {
    let year = cursor.number("-")?;
    cursor.sign("/")?;
    cursor.spaces();
    let month = cursor.number("")?;
    let mut ahead = *cursor;
    let separated = ahead.peek().is_some();
    ahead.at += 1;
    ahead.spaces();
    let day = ahead.number("-").filter(|_| separated).inspect(|_| *cursor = ahead);
    Some(Parts { year: Some(year), month: Some(month), day })
}

/// `2024. 1. 2`.
fn dotted(cursor: &mut Cursor<'_>) -> Option<Parts> {
    let year = cursor.number("-")?;
    cursor.sign(".")?;
    cursor.spaces();
    let month = cursor.number("")?;
    cursor.sign(".")?;
    cursor.spaces();
    let day = cursor.number("-")?;
    Some(Parts { year: Some(year), month: Some(month), day: Some(day) })
}

/// `2024-W10-3`: a week, of which `Time.parse` makes nothing.
fn week(cursor: &mut Cursor<'_>) -> Option<()> {
    if !cursor.is_boundary() {
        return None;
    }
    cursor.digits();
    cursor.sign("-");
    cursor.word("w")?;
    let week = cursor.digits()?;
    let mut ahead = *cursor;
    if ahead.sign("-").and_then(|_| ahead.digits()).is_some() {
        *cursor = ahead;
    }
    (week.len() <= 3 && cursor.is_boundary()).then_some(())
}

/// `2024-070`: a day by its number in the year.
fn year_and_day(cursor: &mut Cursor<'_>) -> Option<(String, String)> {
    let begins = cursor.is_boundary();
    let year = cursor.digits().filter(|year| begins && [2, 4].contains(&year.len()))?;
    cursor.sign("-")?;
    let day = cursor.digits().filter(|day| day.len() == 3)?;
    cursor.is_boundary().then_some((year, day))
}

/// `'24`.
fn short_year(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.sign("'")?;
    cursor.digits().filter(|_| cursor.is_boundary())
}

/// A date without any sign in it, and the time that may follow.
struct Digits {
    date: String,
    time: Option<String>,
    fraction: String,
    zone: Option<String>,
}

/// `20240102`, `20240102T030405.5Z`, `20240102030405+0900`.
fn digits_only(cursor: &mut Cursor<'_>) -> Option<Digits> {
    let date = cursor.digits().filter(|date| (2..=14).contains(&date.len()))?;
    let mut ahead = *cursor;
    ahead.spaces();
    ahead.sign("t");
    ahead.spaces();
    let time = ahead.digits().filter(|time| (2..=6).contains(&time.len()));
    let time = time.inspect(|_| *cursor = ahead);
    let mut fraction = String::new();
    if time.is_some() && cursor.sign(",.").is_some() {
        fraction = cursor.digits().unwrap_or_default();
    }
    let start = cursor.at;
    let mut ahead = *cursor;
    let named = ahead.word("z").is_some() && ahead.is_boundary();
    let has_zone = named || ahead.sign("+-").is_some() && ahead.digits().is_some();
    let zone = cursor.chars.get(start..ahead.at).filter(|_| has_zone);
    let zone = zone.map(|zone| zone.iter().collect());
    Some(Digits { date, time, fraction, zone })
}

impl Digits {
    fn settle(self, found: &mut Found) {
        let date = self.date.as_str();
        let number = |at: usize| date.get(at..at + 2)?.parse::<u32>().ok();
        match date.len() {
            5 | 7 => {
                let (year, day) = date.split_at(date.len() - 3);
                found.year = Some(full_year(year, year.len() == 2));
                found.day_of_year = day.parse().ok();
            }
            6 => {
                found.year = date.get(..2).map(|year| full_year(year, true));
                (found.month, found.day) = (number(2), number(4));
            }
            8 | 10 | 12 | 14 => {
                found.year = date.get(..4).map(|year| full_year(year, false));
                (found.month, found.day) = (number(4), number(6));
            }
            _ => return,
        }
        // The time is the rest of the digits, or digits behind a `T`.
        let rest = date.get(8..).filter(|rest| !rest.is_empty());
        if let Some(time) = self.time.as_deref().or(rest) {
            let part = |at: usize| time.get(at..at + 2).and_then(|part| part.parse().ok());
            found.clock = Some(Clock {
                hour: part(0).unwrap_or(0),
                minute: part(2).unwrap_or(0),
                second: part(4).unwrap_or(0),
                nanosecond: nanoseconds(&self.fraction),
            });
        }
        found.zone = found.zone.take().or(self.zone);
    }
}
