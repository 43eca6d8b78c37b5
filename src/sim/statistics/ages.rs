//! The age of the oldest of some things over time.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::{Bin, FIRST_WIDTH, bin_start, width_for};

/// The age of the oldest of some things over time: its greatest value in bins of equal width, and
/// over all time. The width doubles when the bins run out, so memory is bounded. All ages, counts
/// and series of one run have the same width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ages {
    bins: Vec<u64>,
    width: u64,
    end: u64,
    /// Up to when the age is known.
    until: u64,
    max: u64,
}

impl Default for Ages {
    fn default() -> Self {
        Self { bins: Vec::new(), width: FIRST_WIDTH, end: 0, until: 0, max: 0 }
    }
}

impl Ages {
    /// The oldest of the time since the last call up to `time` was born at `born`; `None` where
    /// there was nothing. `time` isn't before an earlier call's.
    #[inline]
    pub fn record(&mut self, time: u64, born: Option<u64>) {
        let from = std::mem::replace(&mut self.until, time);
        if let Some(born) = born {
            self.grow(from.max(born), time, born);
        }
    }

    fn grow(&mut self, from: u64, time: u64, born: u64) {
        self.max = self.max.max(time.saturating_sub(born));
        self.widen(time);
        let last = (time / self.width) as usize;
        if self.bins.len() <= last {
            self.bins.resize(last + 1, 0);
        }
        for index in (from / self.width) as usize..=last {
            let oldest = bin_start(index + 1, self.width).min(time).saturating_sub(born);
            if let Some(bin) = self.bins.get_mut(index) {
                *bin = (*bin).max(oldest);
            }
        }
    }

    /// Joins neighbouring bins until `time` lies within the greatest number of them.
    fn widen(&mut self, time: u64) {
        let width = width_for(time, self.width);
        while self.width < width {
            let pairs = self.bins.chunks(2);
            self.bins = pairs.map(|pair| pair.iter().copied().fold(0, u64::max)).collect();
            self.width = self.width.saturating_mul(2);
        }
    }

    /// Ends at the end of the run, up to which the age must have been recorded.
    pub fn finish(&mut self, end: u64) {
        self.widen(end);
        self.end = end;
    }

    /// The greatest age ever, in nanoseconds.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// The bins from time zero to the end of the run, at most [`super::MOST_BINS`]; an age stands
    /// for its bin's mean, too.
    pub fn bins(&self) -> Vec<Bin> {
        let covering = self.end.div_ceil(self.width) as usize;
        let bin = |index| {
            let max = self.bins.get(index).copied().unwrap_or_default();
            Bin { start: bin_start(index, self.width), max, mean: max as f64 }
        };
        (0..covering.max(self.bins.len())).map(bin).collect()
    }

    /// The width of a bin in nanoseconds.
    pub fn bin_width(&self) -> u64 {
        self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_grow_until_the_oldest_goes() {
        let mut ages = Ages::default();
        ages.record(1000, None);
        ages.record(4500, Some(1000));
        ages.record(6000, Some(4000));
        ages.record(9000, None);
        ages.finish(9000);
        assert_eq!(ages.max(), 3500);
        let bins: Vec<u64> = ages.bins().iter().map(|bin| bin.max).collect();
        assert_eq!(bins, [0, 1000, 2000, 3000, 3500, 2000, 2000, 0, 0]);
    }

    #[test]
    fn bins_widen_with_time() {
        let mut ages = Ages::default();
        ages.record(1_000_000, Some(0));
        ages.record(1_000_000_000, Some(500_000));
        ages.finish(1_000_000_000);
        assert_eq!(ages.max(), 999_500_000);
        let bins = ages.bins();
        assert!(bins.len() <= crate::sim::statistics::MOST_BINS);
        assert!(bins.windows(2).all(|pair| pair[0].max <= pair[1].max));
    }
}
