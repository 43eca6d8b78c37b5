//! Measures that stream: distributions and series over time in bounded memory. The one file that
//! defines what p99 means.

use serde::{Deserialize, Serialize};

/// A distribution of non-negative integers (durations in nanoseconds).
///
/// Exact up to a number of distinct values, logarithmic buckets with a relative error under 0.1 %
/// beyond it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distribution {}

impl Distribution {
    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        todo!()
    }
    /// The sum of the values.
    pub fn sum(&self) -> u128 {
        todo!()
    }
    /// The mean; 0 without values.
    pub fn mean(&self) -> f64 {
        todo!()
    }
    /// The least value; 0 without values.
    pub fn min(&self) -> u64 {
        todo!()
    }
    /// The greatest value; 0 without values.
    pub fn max(&self) -> u64 {
        todo!()
    }
    /// The smallest recorded value below or at which at least `percent` % of the values lie
    /// (nearest rank); 0 without values. `percent` is 0 to 100.
    pub fn percentile(&self, _percent: f64) -> u64 {
        todo!()
    }
}

/// A count that changes over time, kept exactly as integral and extremes, and as bins of equal
/// width for a figure. The width doubles when the bins run out, so memory is bounded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {}

/// One bin of a [`Series`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Where it begins, in nanoseconds.
    pub start: u64,
    /// The greatest value in it.
    pub max: u64,
    /// The mean over its time.
    pub mean: f64,
}

impl Series {
    /// The greatest value ever.
    pub fn max(&self) -> u64 {
        todo!()
    }
    /// The mean over time from zero to the end of the run.
    pub fn mean(&self) -> f64 {
        todo!()
    }
    /// The bins from time zero on, at most a bounded number (some hundreds).
    pub fn bins(&self) -> Vec<Bin> {
        todo!()
    }
    /// The width of a bin in nanoseconds.
    pub fn bin_width(&self) -> u64 {
        todo!()
    }
}
