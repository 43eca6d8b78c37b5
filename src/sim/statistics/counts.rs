//! How often something happened over time.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::{FIRST_WIDTH, bin_start, width_for};

/// Counts of something over time, in bins of equal width. The width doubles when the bins run
/// out, so memory is bounded. All counts and series of one run have the same width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    bins: Vec<u64>,
    width: u64,
    end: u64,
    /// Where the bin of the last count ends, so that the next count needn't divide.
    current: (usize, u64),
}

/// One bin of [`Counts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountBin {
    /// Where it begins, in nanoseconds.
    pub start: u64,
    /// What was counted in it.
    pub count: u64,
}

impl Default for Counts {
    fn default() -> Self {
        Self { bins: Vec::new(), width: FIRST_WIDTH, end: 0, current: (0, 0) }
    }
}

impl Counts {
    /// Counts one at a time that isn't before an earlier one's.
    #[inline]
    pub fn record(&mut self, time: u64) {
        if time >= self.current.1 {
            self.go_to(time);
        }
        if let Some(bin) = self.bins.get_mut(self.current.0) {
            *bin += 1;
        }
    }

    /// Makes the bin of `time` the current one.
    #[cold]
    fn go_to(&mut self, time: u64) {
        self.widen(time);
        let index = (time / self.width) as usize;
        if self.bins.len() <= index {
            self.bins.resize(index + 1, 0);
        }
        self.current = (index, bin_start(index + 1, self.width));
    }

    /// Joins neighbouring bins until `time` lies within the greatest number of them.
    fn widen(&mut self, time: u64) {
        let width = width_for(time, self.width);
        while self.width < width {
            self.bins = self.bins.chunks(2).map(|pair| pair.iter().sum()).collect();
            self.width = self.width.saturating_mul(2);
        }
    }

    /// Ends the count at the end of the run.
    pub fn finish(&mut self, end: u64) {
        self.widen(end);
        self.current = (0, 0);
        self.end = end;
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.bins.iter().sum()
    }

    /// The bins from time zero to the end of the run, at most [`super::MOST_BINS`].
    pub fn bins(&self) -> Vec<CountBin> {
        let covering = self.end.div_ceil(self.width) as usize;
        (0..covering.max(self.bins.len()))
            .map(|index| CountBin {
                start: bin_start(index, self.width),
                count: self.bins.get(index).copied().unwrap_or_default(),
            })
            .collect()
    }

    /// The width of a bin in nanoseconds.
    pub fn bin_width(&self) -> u64 {
        self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::statistics::MOST_BINS;

    #[test]
    fn nothing_is_lost_when_bins_widen() {
        let mut counts = Counts::default();
        let times = [0, 0, 999, 1000, 600_000, 70_000_000, 70_000_000, u64::MAX / 2, u64::MAX];
        for time in times {
            counts.record(time);
        }
        counts.finish(u64::MAX);
        assert_eq!(counts.total(), times.len() as u64);
        assert!(counts.bins().len() <= MOST_BINS);
        assert_eq!(counts.bins().iter().map(|bin| bin.count).sum::<u64>(), times.len() as u64);
    }

    #[test]
    fn bins_reach_to_the_end_of_the_run() {
        let mut counts = Counts::default();
        counts.record(5);
        counts.finish(10_000);
        assert_eq!(counts.bins().len(), 10);
        assert_eq!(counts.bins()[0], CountBin { start: 0, count: 1 });
        assert!(Counts::default().bins().is_empty());
    }
}
