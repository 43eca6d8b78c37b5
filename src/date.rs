//! Calendar dates and instants as Jekyll's files write them. The room of the `jiff` crate.

use std::fmt;

use jiff::{Zoned, civil};

/// A day of the calendar, without a time or a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// An instant together with the zone or offset in which it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Zoned);

impl fmt::Display for Date {
    /// ISO 8601: `2026-01-04`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Moment {
    /// RFC 3339: `2026-01-04T09:00:00+09:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S%:z"))
    }
}
