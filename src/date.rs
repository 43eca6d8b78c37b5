//! Calendar dates and instants as Jekyll's files write them. The room of the `jiff` crate.

mod parse;
mod strftime;

use std::fmt;
use std::sync::LazyLock;

use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, Zoned, civil};

pub use parse::DateError;
pub(crate) use parse::{nanoseconds, take_offset};
pub use strftime::MONTHS;

/// A day of the calendar, without a time or a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// An instant together with the zone or offset in which it is shown.
///
/// Two moments are equal when they are the same instant, whatever their zones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Zoned);

/// A time zone: the `timezone` of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

/// A clock on a wall in Greenwich that knows no summer time. Ruby tells the local time of a machine
/// in UTC (`+0000`) from universal time (`UTC`), and both from a written offset of zero, which has
/// no name.
static LOCAL_UTC: LazyLock<TimeZone> = LazyLock::new(|| posix("UTC0"));

/// A written offset of zero.
static NO_OFFSET: LazyLock<TimeZone> = LazyLock::new(|| posix("<+00>0"));

fn posix(rule: &str) -> TimeZone {
    TimeZone::posix(rule).unwrap_or(TimeZone::UTC)
}

impl Zone {
    /// The local time of a machine whose clock shows Coordinated Universal Time.
    pub fn utc() -> Self {
        Self(LOCAL_UTC.clone())
    }

    /// The zone that the machine is set to; UTC where it doesn't say.
    pub fn of_machine() -> Self {
        TimeZone::try_system().map_or_else(|_| Self::utc(), Self)
    }

    /// Universal time, as a `Z` behind a time asks for.
    pub(crate) fn universal() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone of an IANA name such as `Asia/Seoul` (case doesn't matter), or of a POSIX rule
    /// such as `KST-9`. The zone data is part of the program, not of the machine.
    pub fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("utc") {
            return Some(Self::utc());
        }
        TimeZone::get(name).or_else(|_| TimeZone::posix(name)).ok().map(Self)
    }

    /// An offset in seconds east of Greenwich.
    fn fixed(offset_seconds: i32) -> Option<Self> {
        if offset_seconds == 0 {
            return Some(Self(NO_OFFSET.clone()));
        }
        Offset::from_seconds(offset_seconds).ok().map(TimeZone::fixed).map(Self)
    }

    /// The offset that the zone's clocks have in a year while they show a zone of this name.
    fn offset_named(&self, name: &str, year: i32) -> Option<i32> {
        [1, 7].into_iter().find_map(|month| {
            let moment = Date::new(year, month, 1)?.at_midnight(self)?;
            let named = moment.zone_abbreviation().eq_ignore_ascii_case(name);
            named.then(|| moment.offset_seconds())
        })
    }
}

impl Date {
    /// A day of the Gregorian calendar; `None` for one that doesn't exist. Years 0 to 9999.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let year = i16::try_from(year).ok().filter(|year| (0..=9999).contains(year))?;
        let month = i8::try_from(month).ok()?;
        let day = i8::try_from(day).ok()?;
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads `2024-01-02` or `2024-1-2`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let mut number = |most: usize| {
            let part = parts.next()?;
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            (digits && part.len() <= most).then(|| part.parse::<u32>().ok()).flatten()
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        Self::new(i32::try_from(year).ok()?, month, day)
    }

    /// The year, 0 to 9999.
    pub fn year(self) -> i32 {
        i32::from(self.0.year())
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        u32::from(self.0.month().unsigned_abs())
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        u32::from(self.0.day().unsigned_abs())
    }

    /// The beginning of the day in a zone.
    pub fn at_midnight(self, zone: &Zone) -> Option<Moment> {
        zone.0.to_zoned(self.0.at(0, 0, 0, 0)).ok().map(Moment)
    }

    /// As Ruby's `Date#inspect`, which also says the Julian day: what a list or a map with a day in
    /// it prints.
    pub fn inspected(self) -> String {
        const JULIAN_DAY_OF_1970: i64 = 2_440_588;
        let seconds = self.at_midnight(&Zone::utc()).map_or(0, |moment| moment.unix_seconds());
        let day = JULIAN_DAY_OF_1970 + seconds.div_euclid(86_400);
        format!("#<Date: {self} (({day}j,0s,0n),+0s,2299161j)>")
    }

    /// The day by a pattern of Ruby's `strftime`; the time of day is midnight, the offset zero.
    pub fn strftime(self, pattern: &str) -> String {
        self.at_midnight(&Zone::utc()).map_or_else(String::new, |moment| moment.strftime(pattern))
    }
}

impl fmt::Display for Date {
    /// `2024-01-02`, as Ruby's `Date#to_s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

/// What a clock on the wall shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// 0 to 23; 24 with nothing behind it is the next day's midnight.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59; 60, a leap second, counts as the second after it.
    pub second: u32,
    /// 0 to 999,999,999.
    pub nanosecond: u32,
}

impl Moment {
    /// The moment at which clocks in a zone show a date and time; `None` when the time of day
    /// doesn't exist. A time that clocks skip or repeat (summer time) is resolved as Ruby does:
    /// skipped ones go forward, repeated ones are the second.
    pub fn local(date: Date, clock: Clock, zone: &Zone) -> Option<Self> {
        let datetime = civil_time(date, clock)?;
        let times = zone.0.to_ambiguous_zoned(datetime);
        let repeated = matches!(times.offset(), AmbiguousOffset::Fold { .. });
        let zoned = if repeated { times.later() } else { times.compatible() };
        zoned.ok().map(Self)
    }

    /// The moment at a date and time with a written offset in seconds east of Greenwich.
    pub fn with_offset(date: Date, clock: Clock, offset_seconds: i32) -> Option<Self> {
        Self::local(date, clock, &Zone::fixed(offset_seconds)?)
    }

    /// A time that was written without an offset in YAML. Psych takes it as UTC and shows it in
    /// the local zone; which zone that is, is not known yet: see [`Moment::shown_in`].
    pub(crate) fn without_zone(date: Date, clock: Clock) -> Option<Self> {
        Self::local(date, clock, &Zone(TimeZone::unknown()))
    }

    /// The moment so many seconds after 1970-01-01 00:00 UTC, shown in [`Zone::utc`].
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        let timestamp = Timestamp::from_second(seconds).ok()?;
        Some(Self(timestamp.to_zoned(LOCAL_UTC.clone())))
    }

    /// Reads a date, with or without a time, as Ruby's `Time.parse` does: `2024-01-02`,
    /// `2024/1/2 10:20`, `2024-01-02T10:20:30.5+09:00`, `2 Jan 2024`, `January 2, 2024 3:04 pm`,
    /// and whatever else holds a year. Words that say nothing of a date are passed over. Without an
    /// offset, or with the name of a zone that Ruby doesn't know there, it is local to `zone`.
    ///
    /// # Errors
    /// [`DateError`], when there is no date in the text or it doesn't exist.
    pub fn parse(text: &str, zone: &Zone) -> Result<Self, DateError> {
        parse::parse_moment(text, zone, false)
    }

    /// Reads a date as [`Moment::parse`] does, but takes a day that its month doesn't have for one
    /// of the next month, as Ruby does: 30 February is 1 or 2 March.
    ///
    /// # Errors
    /// Those of [`Moment::parse`].
    pub fn parse_rolling(text: &str, zone: &Zone) -> Result<Self, DateError> {
        parse::parse_moment(text, zone, true)
    }

    /// The moment at the beginning of its second.
    pub fn whole_second(&self) -> Self {
        let floor = jiff::ZonedRound::new().smallest(jiff::Unit::Second);
        let round = self.0.round(floor.mode(jiff::RoundMode::Floor));
        Self(round.unwrap_or_else(|_| self.0.clone()))
    }

    /// The same instant, shown in a zone.
    pub fn in_zone(&self, zone: &Zone) -> Self {
        Self(self.0.with_time_zone(zone.0.clone()))
    }

    /// The same instant; one that was written without an offset is now shown in `zone`, others
    /// keep their own offset.
    pub fn shown_in(&self, zone: &Zone) -> Self {
        if self.0.time_zone().is_unknown() { self.in_zone(zone) } else { self.clone() }
    }

    /// The day that the calendar shows in the moment's zone.
    pub fn date(&self) -> Date {
        Date(self.0.date())
    }

    /// What the clock shows in the moment's zone.
    pub fn clock(&self) -> Clock {
        Clock {
            hour: u32::from(self.0.hour().unsigned_abs()),
            minute: u32::from(self.0.minute().unsigned_abs()),
            second: u32::from(self.0.second().unsigned_abs()),
            nanosecond: u32::try_from(self.0.subsec_nanosecond()).unwrap_or(0),
        }
    }

    /// Seconds since 1970-01-01 00:00 UTC.
    pub fn unix_seconds(&self) -> i64 {
        self.0.timestamp().as_second()
    }

    /// Seconds east of Greenwich.
    pub fn offset_seconds(&self) -> i32 {
        self.0.offset().seconds()
    }

    /// The moment by a pattern of Ruby's `strftime` (`%-d %B %Y`, `%^b`, `%:z`). Names are English,
    /// as Ruby's are. A directive that Ruby doesn't know stays as it is.
    pub fn strftime(&self, pattern: &str) -> String {
        strftime::format(self, pattern)
    }

    /// `2024-01-02T10:20:30+09:00`: XML Schema and RFC 3339, as the filter `date_to_xmlschema`
    /// and Atom feeds want it.
    pub fn xmlschema(&self) -> String {
        self.strftime("%Y-%m-%dT%H:%M:%S%:z")
    }

    /// `Tue, 02 Jan 2024 10:20:30 +0900`: RFC 822 with a four-digit year, as the filter
    /// `date_to_rfc822` and RSS feeds want it.
    pub fn rfc822(&self) -> String {
        self.strftime("%a, %d %b %Y %H:%M:%S %z")
    }

    /// As Ruby's `Time#inspect`: what it prints, with the fraction of a second.
    pub fn inspected(&self) -> String {
        let plain = self.to_string();
        let nanosecond = self.clock().nanosecond;
        if nanosecond == 0 {
            return plain;
        }
        let digits = format!("{nanosecond:09}");
        match plain.rsplit_once(' ') {
            Some((time, zone)) => format!("{time}.{} {zone}", digits.trim_end_matches('0')),
            None => plain,
        }
    }

    /// The short name of the zone (`KST`, `UTC`); nothing for a bare offset, as in Ruby.
    fn zone_abbreviation(&self) -> String {
        let zone = self.0.time_zone();
        if zone.is_unknown() {
            return "UTC".to_owned();
        }
        let fixed = *zone != TimeZone::UTC && zone.to_fixed_offset().is_ok();
        if fixed || *zone == *NO_OFFSET {
            return String::new();
        }
        zone.to_offset_info(self.0.timestamp()).abbreviation().to_owned()
    }
}

impl fmt::Display for Moment {
    /// `2024-01-02 10:20:30 +0900`, as Ruby's `Time#to_s`; UTC is called so.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = *self.0.time_zone() == TimeZone::UTC;
        let pattern = if utc { "%Y-%m-%d %H:%M:%S UTC" } else { "%Y-%m-%d %H:%M:%S %z" };
        f.write_str(&self.strftime(pattern))
    }
}

fn civil_time(date: Date, clock: Clock) -> Option<civil::DateTime> {
    let small = |number: u32| i8::try_from(number).ok();
    let nanosecond = i32::try_from(clock.nanosecond).ok()?;
    let after_midnight = clock.minute == 0 && clock.second == 0 && clock.nanosecond == 0;
    if clock.hour == 24 && after_midnight {
        return date.0.tomorrow().ok().map(|day| day.at(0, 0, 0, 0));
    }
    let leap = clock.second == 60;
    let second = if leap { 59 } else { clock.second };
    let time =
        civil::Time::new(small(clock.hour)?, small(clock.minute)?, small(second)?, nanosecond);
    let datetime = date.0.to_datetime(time.ok()?);
    if leap {
        return datetime.checked_add(jiff::SignedDuration::from_secs(1)).ok();
    }
    Some(datetime)
}

#[cfg(test)]
mod tests;
