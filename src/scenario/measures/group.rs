//! Measures under construction.

use indexmap::IndexMap;

use crate::scenario::outcome::{Measure, MeasureDimension};
use crate::sim::statistics::{Distribution, Series};

/// A group of measures under construction.
#[derive(Default)]
pub(super) struct Group(pub(super) IndexMap<String, Measure>);

impl Group {
    pub(super) fn put(&mut self, name: &str, measure: Measure) {
        self.0.insert(name.to_owned(), measure);
    }

    pub(super) fn count(&mut self, name: &str, count: u64) {
        self.put(name, Measure::number(count as f64));
    }

    pub(super) fn duration(&mut self, name: &str, nanoseconds: f64) {
        self.put(name, Measure::Quantity(nanoseconds, MeasureDimension::Duration));
    }

    pub(super) fn money(&mut self, name: &str, dollars: f64) {
        self.put(name, Measure::Quantity(dollars, MeasureDimension::Money));
    }

    /// A share of a whole; nothing when there is no whole.
    pub(super) fn share(&mut self, name: &str, part: u64, whole: u64) {
        let measure = match whole {
            0 => Measure::Absent,
            _ => Measure::Quantity(part as f64 / whole as f64, MeasureDimension::Percent),
        };
        self.put(name, measure);
    }

    pub(super) fn group(&mut self, name: &str, group: Group) {
        self.put(name, Measure::Map(group.0));
    }
}

/// The greatest value and the mean of something over time.
pub(super) fn series(series: &Series) -> Group {
    let mut group = Group::default();
    group.count("max", series.max());
    group.put("mean", Measure::number(series.mean()));
    group
}

/// The percentiles of a distribution of durations.
pub(super) fn durations(durations: &Distribution) -> Group {
    let mut group = Group::default();
    let count = durations.count();
    let mut value = |name: &str, nanoseconds: f64| match count {
        0 => group.put(name, Measure::Absent),
        _ => group.duration(name, nanoseconds),
    };
    for (name, percent) in
        [("p50", 50.0), ("p90", 90.0), ("p95", 95.0), ("p99", 99.0), ("p999", 99.9)]
    {
        value(name, durations.percentile(percent) as f64);
    }
    value("min", durations.min() as f64);
    value("max", durations.max() as f64);
    value("mean", durations.mean());
    group.duration("sum", durations.sum() as f64);
    group.count("count", count);
    group
}
