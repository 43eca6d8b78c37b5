//! Ruby's `strftime`: directives with flags, width and colons, names in English.

use std::fmt::Write as _;

use super::{Date, Moment};

/// The widest padding that a directive may ask for; wider is cut to it.
const MAX_WIDTH: usize = 1024;

/// How deep composite directives (`%c`, `%D`) nest; they don't nest further.
const PLAIN: &str = "";

/// The English names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The flags, width and colons between `%` and the directive's letter.
#[derive(Clone, Copy, Debug, Default)]
struct Modifiers {
    upper: bool,
    swap: bool,
    no_padding: bool,
    padding: Option<char>,
    width: Option<usize>,
    colons: usize,
}

pub(super) fn format(moment: &Moment, pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let directive = &rest[at..];
        let (modifiers, letter, length) = read_directive(directive);
        let written = letter.and_then(|letter| directive_text(moment, letter, modifiers));
        match written {
            Some(text) => out.push_str(&text),
            None => out.push_str(&directive[..length]),
        }
        rest = &directive[length..];
    }
    out.push_str(rest);
    out
}

/// The parts of the directive that a text begins with, and its length in bytes.
fn read_directive(text: &str) -> (Modifiers, Option<char>, usize) {
    let mut modifiers = Modifiers::default();
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '-' => modifiers.no_padding = true,
            '^' => modifiers.upper = true,
            '#' => modifiers.swap = true,
            '_' => modifiers.padding = Some(' '),
            '0' if modifiers.width.is_none() => modifiers.padding = Some('0'),
            ':' => modifiers.colons += 1,
            'E' | 'O' => {}
            '0'..='9' => {
                let digit = usize::try_from(u32::from(c) - u32::from('0')).unwrap_or(0);
                let width = modifiers.width.unwrap_or(0).saturating_mul(10).saturating_add(digit);
                modifiers.width = Some(width.min(MAX_WIDTH));
            }
            _ => return (modifiers, Some(c), at + c.len_utf8()),
        }
    }
    (modifiers, None, text.len())
}

/// What stands for a directive; `None` for a letter that Ruby doesn't know.
fn directive_text(moment: &Moment, letter: char, modifiers: Modifiers) -> Option<String> {
    if let Some((number, width, padding)) = number_of(moment, letter) {
        return Some(pad_number(number, width, padding, modifiers));
    }
    if let Some(composite) = composite_of(letter) {
        return Some(pad_text(format(moment, composite), modifiers));
    }
    let date = moment.date();
    let month = MONTHS.get(date.month() as usize - 1).copied().unwrap_or(PLAIN);
    let weekday = WEEKDAYS.get(weekday(date)).copied().unwrap_or(PLAIN);
    let swap = Modifiers { upper: modifiers.upper || modifiers.swap, ..modifiers };
    let text = match letter {
        'B' => pad_text(month.to_owned(), swap),
        'b' | 'h' => pad_text(month.chars().take(3).collect(), swap),
        'A' => pad_text(weekday.to_owned(), swap),
        'a' => pad_text(weekday.chars().take(3).collect(), swap),
        'p' => {
            let half = if moment.clock().hour < 12 { "AM" } else { "PM" };
            let half = if modifiers.swap { half.to_ascii_lowercase() } else { half.to_owned() };
            pad_text(half, modifiers)
        }
        'P' => {
            let half = if moment.clock().hour < 12 { "am" } else { "pm" };
            pad_text(half.to_owned(), modifiers)
        }
        'Z' => {
            let name = moment.zone_abbreviation();
            let name = if modifiers.swap { name.to_lowercase() } else { name };
            pad_text(name, modifiers)
        }
        'z' => offset_text(moment.offset_seconds(), modifiers)?,
        'L' => fraction_text(moment, modifiers.width.unwrap_or(3)),
        'N' => fraction_text(moment, modifiers.width.unwrap_or(9)),
        'n' => pad_text("\n".to_owned(), modifiers),
        't' => pad_text("\t".to_owned(), modifiers),
        '%' => pad_text("%".to_owned(), modifiers),
        _ => return None,
    };
    Some(text)
}

/// The number, natural width and padding of a numeric directive.
fn number_of(moment: &Moment, letter: char) -> Option<(i64, usize, char)> {
    let date = moment.date();
    let clock = moment.clock();
    let twelve = (clock.hour + 11) % 12 + 1;
    let year_day = i64::from(moment.0.day_of_year());
    let week_day = weekday(date) as i64;
    let iso = moment.0.date().iso_week_date();
    Some(match letter {
        'Y' => (i64::from(date.year()), 4, '0'),
        'C' => (i64::from(date.year() / 100), 2, '0'),
        'y' => (i64::from(date.year() % 100), 2, '0'),
        'm' => (i64::from(date.month()), 2, '0'),
        'd' => (i64::from(date.day()), 2, '0'),
        'e' => (i64::from(date.day()), 2, ' '),
        'j' => (year_day, 3, '0'),
        'H' => (i64::from(clock.hour), 2, '0'),
        'k' => (i64::from(clock.hour), 2, ' '),
        'I' => (i64::from(twelve), 2, '0'),
        'l' => (i64::from(twelve), 2, ' '),
        'M' => (i64::from(clock.minute), 2, '0'),
        'S' => (i64::from(clock.second), 2, '0'),
        'u' => (if week_day == 0 { 7 } else { week_day }, 1, '0'),
        'w' => (week_day, 1, '0'),
        'G' => (i64::from(iso.year()), 4, '0'),
        'g' => (i64::from(iso.year().rem_euclid(100)), 2, '0'),
        'V' => (i64::from(iso.week()), 2, '0'),
        'U' => ((year_day + 6 - week_day) / 7, 2, '0'),
        'W' => ((year_day + 6 - (week_day + 6) % 7) / 7, 2, '0'),
        's' => (moment.unix_seconds(), 1, '0'),
        _ => return None,
    })
}

/// The pattern that a composite directive stands for.
fn composite_of(letter: char) -> Option<&'static str> {
    Some(match letter {
        'c' => "%a %b %e %H:%M:%S %Y",
        'D' | 'x' => "%m/%d/%y",
        'F' => "%Y-%m-%d",
        'v' => "%e-%^b-%Y",
        'r' => "%I:%M:%S %p",
        'R' => "%H:%M",
        'T' | 'X' => "%H:%M:%S",
        '+' => "%a %b %e %H:%M:%S %Z %Y",
        _ => return None,
    })
}

/// Days since Sunday.
fn weekday(date: Date) -> usize {
    usize::try_from(date.0.weekday().to_sunday_zero_offset()).unwrap_or(0)
}

fn pad_number(number: i64, width: usize, padding: char, modifiers: Modifiers) -> String {
    let width = if modifiers.no_padding { 0 } else { modifiers.width.unwrap_or(width) };
    let padding = modifiers.padding.unwrap_or(padding);
    let digits = number.unsigned_abs().to_string();
    let sign = if number < 0 { "-" } else { "" };
    let fill: String =
        std::iter::repeat_n(padding, width.saturating_sub(digits.len() + sign.len())).collect();
    if padding == '0' { format!("{sign}{fill}{digits}") } else { format!("{fill}{sign}{digits}") }
}

fn pad_text(text: String, modifiers: Modifiers) -> String {
    let text = if modifiers.upper { text.to_uppercase() } else { text };
    let width = if modifiers.no_padding { 0 } else { modifiers.width.unwrap_or(0) };
    let padding = modifiers.padding.unwrap_or(' ');
    let missing = width.saturating_sub(text.chars().count());
    let mut out: String = std::iter::repeat_n(padding, missing).collect();
    out.push_str(&text);
    out
}

/// `+0900`, with one colon `+09:00`, with two `+09:00:00`.
fn offset_text(seconds: i32, modifiers: Modifiers) -> Option<String> {
    let sign = if seconds < 0 { '-' } else { '+' };
    let total = seconds.unsigned_abs();
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60);
    let tail = match modifiers.colons {
        0 => format!("{minutes:02}"),
        1 => format!(":{minutes:02}"),
        2 => format!(":{minutes:02}:{rest:02}"),
        _ => return None,
    };
    let wanted = modifiers.width.unwrap_or(0).saturating_sub(tail.len() + 1).max(2);
    let mut out = String::new();
    if modifiers.padding == Some(' ') || modifiers.no_padding {
        let hours = format!("{sign}{hours}");
        let wanted = if modifiers.no_padding { 0 } else { wanted + 1 };
        let _ = write!(out, "{hours:>wanted$}{tail}");
    } else {
        let _ = write!(out, "{sign}{hours:0>wanted$}{tail}");
    }
    Some(out)
}

/// The fraction of the second, cut (not rounded) to so many digits.
fn fraction_text(moment: &Moment, digits: usize) -> String {
    let all = format!("{:09}", moment.clock().nanosecond);
    all.chars().chain(std::iter::repeat('0')).take(digits.clamp(1, MAX_WIDTH)).collect()
}
