//! Schedule expressions: `rate(5 minutes)` and `cron(0 12 ? * MON-FRI *)`.
//!
//! Source: the EventBridge user guide's pages on rate and cron expressions of rules.

use crate::sim::SECOND;

/// A minute, which is as exact as schedules are.
const MINUTE: u64 = 60 * SECOND;
const MINUTES_OF_HOUR: u64 = 60;
const MINUTES_OF_DAY: u64 = 24 * MINUTES_OF_HOUR;
/// The values that each field of a cron expression may have.
const MINUTE_FIELD: (u64, u64) = (0, 59);
const HOUR_FIELD: (u64, u64) = (0, 23);
const DAY_OF_MONTH_FIELD: (u64, u64) = (1, 31);
const MONTH_FIELD: (u64, u64) = (1, 12);
const DAY_OF_WEEK_FIELD: (u64, u64) = (1, 7);
const YEAR_FIELD: (u64, u64) = (1970, 2199);
/// Days of the months of the year in which runs begin.
const MONTHS: [u64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// The year in which runs begin: its first day is a Monday.
const YEAR: u64 = 2024;
/// How far a cron expression is looked ahead for its next time: a year, in minutes.
const AHEAD: u64 = 366 * MINUTES_OF_DAY;

const MONTH_NAMES: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAY_NAMES: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// When a rule is triggered by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Again after this time, in nanoseconds.
    Rate(u64),
    /// At certain minutes.
    Cron(Box<Cron>),
}

/// The fields of a cron expression: the values that fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: Vec<u64>,
    hours: Vec<u64>,
    days_of_month: Option<Vec<u64>>,
    months: Vec<u64>,
    days_of_week: Option<Vec<u64>>,
    years: Vec<u64>,
}

impl Schedule {
    /// Reads an expression; `None` for what EventBridge refuses.
    pub fn parse(expression: &str) -> Option<Self> {
        let inner = |name: &str| expression.strip_prefix(name)?.strip_suffix(')');
        if let Some(rate) = inner("rate(") {
            return Self::rate(rate);
        }
        Cron::parse(inner("cron(")?).map(|cron| Self::Cron(Box::new(cron)))
    }

    /// `5 minutes`, `1 hour`: one of something is singular, several are plural.
    fn rate(text: &str) -> Option<Self> {
        let (number, unit) = text.split_once(' ')?;
        let number: u64 = number.parse().ok().filter(|&number| number > 0)?;
        let singular = match number {
            1 => unit,
            _ => unit.strip_suffix('s')?,
        };
        let minutes = match singular {
            "minute" => 1,
            "hour" => MINUTES_OF_HOUR,
            "day" => MINUTES_OF_DAY,
            _ => return None,
        };
        number.checked_mul(minutes * MINUTE).map(Self::Rate)
    }

    /// The first time after a time, both from the beginning of the run; `None` when there is none
    /// within a year.
    pub fn after(&self, time: u64) -> Option<u64> {
        match self {
            Self::Rate(period) => (time / period + 1).checked_mul(*period),
            Self::Cron(cron) => cron.after(time / MINUTE + 1),
        }
    }

    /// The first time of a run.
    pub fn first(&self) -> Option<u64> {
        match self {
            Self::Rate(period) => Some(*period),
            Self::Cron(cron) => cron.after(0),
        }
    }
}

impl Cron {
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days_of_month, months, days_of_week, years] = fields[..] else {
            return None;
        };
        // Exactly one of the two kinds of days is left open.
        if (days_of_month == "?") == (days_of_week == "?") {
            return None;
        }
        let days = |text: &str, field, names: &[&str]| match text {
            "?" => Some(None),
            text => values(text, field, names).map(Some),
        };
        Some(Self {
            minutes: values(minutes, MINUTE_FIELD, &[])?,
            hours: values(hours, HOUR_FIELD, &[])?,
            days_of_month: days(days_of_month, DAY_OF_MONTH_FIELD, &[])?,
            months: values(months, MONTH_FIELD, &MONTH_NAMES)?,
            days_of_week: days(days_of_week, DAY_OF_WEEK_FIELD, &DAY_NAMES)?,
            years: values(years, YEAR_FIELD, &[])?,
        })
    }

    /// The first minute from one on that fits, as a time.
    fn after(&self, from: u64) -> Option<u64> {
        let mut minute = from;
        while minute < from.saturating_add(AHEAD) {
            let (day, of_day) = (minute / MINUTES_OF_DAY, minute % MINUTES_OF_DAY);
            if !self.on_day(day) {
                minute = (day + 1) * MINUTES_OF_DAY;
            } else if !self.hours.contains(&(of_day / MINUTES_OF_HOUR)) {
                minute = (minute / MINUTES_OF_HOUR + 1) * MINUTES_OF_HOUR;
            } else if !self.minutes.contains(&(of_day % MINUTES_OF_HOUR)) {
                minute += 1;
            } else {
                return minute.checked_mul(MINUTE);
            }
        }
        None
    }

    /// Whether a day of the run fits, from 0.
    fn on_day(&self, day: u64) -> bool {
        let mut of_month = day;
        let Some(month) = (1u64..).zip(MONTHS).find(|(_, days)| match of_month < *days {
            true => true,
            false => {
                of_month -= days;
                false
            }
        }) else {
            return false;
        };
        // Sunday is 1, and a run begins on a Monday.
        let of_week = (day + 1) % DAY_NAMES.len() as u64 + 1;
        let fits = |days: &Option<Vec<u64>>, day| days.as_ref().is_none_or(|d| d.contains(&day));
        self.years.contains(&YEAR)
            && self.months.contains(&month.0)
            && fits(&self.days_of_month, of_month + 1)
            && fits(&self.days_of_week, of_week)
    }
}

/// The values of a field: `*`, `5`, `1-5`, `0/15`, `MON-FRI`, and several of these after commas.
fn values(text: &str, (least, most): (u64, u64), names: &[&str]) -> Option<Vec<u64>> {
    let number = |text: &str| -> Option<u64> {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let value = named.map(|at| at as u64 + least).or_else(|| text.parse().ok())?;
        (least..=most).contains(&value).then_some(value)
    };
    let mut all = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|&step| step > 0)?),
            None => (part, 1),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (least, most),
            Some((first, last)) => (number(first)?, number(last)?),
            // A step from one value on goes to the end.
            None if part.contains('/') => (number(range)?, most),
            None => (number(range)?, number(range)?),
        };
        if first > last {
            return None;
        }
        all.extend((first..=last).step_by(step));
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(expression: &str, count: usize) -> Vec<u64> {
        let schedule = Schedule::parse(expression).unwrap_or_else(|| panic!("{expression}"));
        let first = schedule.first();
        let times = std::iter::successors(first, |&time| schedule.after(time));
        times.take(count).map(|time| time / MINUTE).collect()
    }

    /// A run begins at midnight on a Monday, the first of January.
    #[test]
    fn expressions_say_when() {
        let day = MINUTES_OF_DAY;
        assert_eq!(minutes("rate(5 minutes)", 3), [5, 10, 15]);
        assert_eq!(minutes("rate(1 hour)", 2), [60, 120]);
        assert_eq!(minutes("cron(0/15 8-9 * * ? *)", 3), [480, 495, 510]);
        assert_eq!(minutes("cron(0 12 ? * SAT,SUN *)", 2), [5 * day + 720, 6 * day + 720]);
        assert_eq!(minutes("cron(30 0 15 * ? *)", 2), [14 * day + 30, 45 * day + 30]);
        assert_eq!(minutes("cron(0 0 1 FEB ? *)", 1), [31 * day]);
        assert_eq!(minutes("cron(0 0 ? * 2 2024)", 2), [0, 7 * day]);
        assert!(minutes("cron(0 0 1 1 ? 2023)", 1).is_empty());
    }

    #[test]
    fn what_eventbridge_cannot_read_is_nothing() {
        for expression in [
            "rate(1 minutes)",
            "rate(5 minute)",
            "rate(0 minutes)",
            "rate(30 seconds)",
            "cron(0 12 * * * *)",
            "cron(0 12 ? * ? *)",
            "cron(0 12 * * ?)",
            "cron(60 12 * * ? *)",
            "cron(0 9-8 * * ? *)",
            "every 5 minutes",
        ] {
            assert_eq!(Schedule::parse(expression), None, "{expression}");
        }
    }
}
