//! Calendar dates and instants as Jekyll's files write them. The room of the `jiff` crate.

use jiff::{Zoned, civil};

/// A day of the calendar, without a time or a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// An instant together with the zone or offset in which it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Zoned);
