//! A count that changes over time.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::{FIRST_WIDTH, bin_start, width_for};

/// A count that changes over time, kept exactly as integral and extremes, and as bins of equal
/// width for a figure. The width doubles when the bins run out, so memory is bounded. All counts
/// and series of one run have the same width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The bins before the current one.
    bins: Vec<Cell>,
    width: u64,
    /// The end of the run, once it is known.
    end: u64,
    value: u64,
    /// The greatest value of the current bin.
    current_max: u64,
    /// What the integral over the current bin lacks when its value up to the bin's end is taken
    /// for the whole time from zero: each change by its time. It wraps, as does the difference.
    lacking: u128,
    /// Where the current bin ends.
    current_end: u64,
}

/// What a bin accumulates: the integral of the value over its time and the greatest value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cell {
    integral: u128,
    max: u64,
}

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

impl Default for Series {
    fn default() -> Self {
        Self {
            bins: Vec::new(),
            width: FIRST_WIDTH,
            end: 0,
            value: 0,
            current_max: 0,
            lacking: 0,
            current_end: FIRST_WIDTH,
        }
    }
}

impl Series {
    /// The value from `time` on, which isn't before an earlier call's.
    pub fn set(&mut self, time: u64, value: u64) {
        self.advance(time);
        let before = u128::from(self.value).wrapping_mul(u128::from(time));
        let after = u128::from(value).wrapping_mul(u128::from(time));
        self.lacking = self.lacking.wrapping_add(after).wrapping_sub(before);
        self.value = value;
        self.current_max = self.current_max.max(value);
    }

    /// One more from `time` on.
    #[inline]
    pub fn increase(&mut self, time: u64) {
        self.advance(time);
        self.lacking = self.lacking.wrapping_add(u128::from(time));
        self.value = self.value.saturating_add(1);
        self.current_max = self.current_max.max(self.value);
    }

    /// One less from `time` on; the value must be above 0.
    #[inline]
    pub fn decrease(&mut self, time: u64) {
        self.advance(time);
        self.lacking = self.lacking.wrapping_sub(u128::from(time));
        self.value = self.value.saturating_sub(1);
    }

    /// The value since the last change.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// Makes the bin of `time` the current one.
    #[inline]
    fn advance(&mut self, time: u64) {
        if time >= self.current_end {
            self.advance_bins(time);
        }
    }

    /// Closes the bins that end at or before `time`.
    #[cold]
    fn advance_bins(&mut self, time: u64) {
        let width = width_for(time, self.width);
        while self.width < width {
            self.double();
        }
        while time >= self.current_end && self.current_end < u64::MAX {
            self.bins.push(self.current(self.current_end));
            self.lacking = u128::from(self.value) * u128::from(self.current_end);
            self.current_max = self.value;
            self.current_end = bin_start(self.bins.len() + 1, self.width);
        }
    }

    /// What the current bin has accumulated up to `time`.
    fn current(&self, time: u64) -> Cell {
        let whole = u128::from(self.value) * u128::from(time);
        Cell { integral: whole.wrapping_sub(self.lacking), max: self.current_max }
    }

    /// Joins neighbouring bins.
    fn double(&mut self) {
        let odd = (self.bins.len() % 2 == 1).then(|| self.bins.pop()).flatten();
        if let Some(before) = odd {
            self.lacking = self.lacking.wrapping_sub(before.integral);
            self.current_max = self.current_max.max(before.max);
        }
        let pairs = self.bins.chunks(2);
        self.bins = pairs.map(|pair| pair.iter().copied().fold(Cell::default(), join)).collect();
        self.width = self.width.saturating_mul(2);
        self.current_end = bin_start(self.bins.len() + 1, self.width);
    }

    /// Ends the series at the end of the run.
    pub fn finish(&mut self, end: u64) {
        self.advance(end);
        self.end = end;
    }

    /// The greatest value ever.
    pub fn max(&self) -> u64 {
        self.bins.iter().map(|cell| cell.max).fold(self.current_max, u64::max)
    }

    /// The integral over time to the end of the run, in nanoseconds.
    pub fn integral(&self) -> u128 {
        let complete: u128 = self.bins.iter().map(|cell| cell.integral).sum();
        complete.wrapping_add(self.current(self.end).integral)
    }

    /// The mean over time from zero to the end of the run; 0 for a run of no length.
    pub fn mean(&self) -> f64 {
        if self.end == 0 { 0.0 } else { self.integral() as f64 / self.end as f64 }
    }

    /// The bins from time zero to the end of the run, at most [`super::MOST_BINS`].
    pub fn bins(&self) -> Vec<Bin> {
        let last = self.current(self.end);
        let begun = self.end > bin_start(self.bins.len(), self.width);
        let of_no_length = self.end == 0 && last.max > 0;
        let cells = self.bins.iter().copied().chain((begun || of_no_length).then_some(last));
        cells
            .enumerate()
            .map(|(index, cell)| {
                let start = bin_start(index, self.width);
                let length = self.end.min(bin_start(index + 1, self.width)) - start;
                let mean = if length == 0 { 0.0 } else { cell.integral as f64 / length as f64 };
                Bin { start, max: cell.max, mean }
            })
            .collect()
    }

    /// The width of a bin in nanoseconds.
    pub fn bin_width(&self) -> u64 {
        self.width
    }
}

fn join(a: Cell, b: Cell) -> Cell {
    Cell { integral: a.integral + b.integral, max: a.max.max(b.max) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::statistics::MOST_BINS;

    #[test]
    fn mean_and_maximum_are_exact() {
        let mut series = Series::default();
        series.set(1_000_000_000, 3);
        series.set(2_000_000_000, 1);
        series.set(4_000_000_000, 0);
        series.finish(10_000_000_000);
        assert_eq!(series.max(), 3);
        assert_eq!(series.integral(), 5_000_000_000);
        assert_eq!(series.mean(), 0.5);
        let bins = series.bins();
        assert!(bins.len() > MOST_BINS / 4 && bins.len() <= MOST_BINS);
        assert!(bins.iter().all(|bin| bin.max <= 3 && bin.mean <= 3.0));
    }

    #[test]
    fn a_bin_knows_its_greatest_value_even_of_no_length() {
        let mut series = Series::default();
        series.increase(100);
        series.decrease(100);
        series.finish(4000);
        let bin = |start, max| Bin { start, max, mean: 0.0 };
        assert_eq!(series.bins(), [bin(0, 1), bin(1000, 0), bin(2000, 0), bin(3000, 0)]);
    }

    #[test]
    fn a_run_of_no_length_has_one_bin() {
        let mut series = Series::default();
        series.increase(0);
        series.decrease(0);
        series.finish(0);
        assert_eq!(series.bins(), [Bin { start: 0, max: 1, mean: 0.0 }]);
        assert_eq!(series.mean(), 0.0);
        assert!(Series::default().bins().is_empty());
    }

    proptest::proptest! {
        #[test]
        fn bins_add_up_to_the_integral(
            steps in proptest::collection::vec((0u64..1 << 40, 0u64..1000), 1..60)
        ) {
            let mut series = Series::default();
            let (mut time, mut value, mut integral, mut max) = (0u64, 0u64, 0u128, 0u64);
            for (gap, next) in steps {
                integral += u128::from(gap) * u128::from(value);
                time += gap;
                value = next;
                max = max.max(next);
                series.set(time, next);
            }
            series.finish(time);
            assert_eq!(series.integral(), integral);
            assert_eq!(series.max(), max);
            let bins = series.bins();
            assert!(bins.len() <= MOST_BINS);
            if time > 0 {
                let width = series.bin_width();
                let sum: f64 =
                    bins.iter().map(|bin| bin.mean * (time - bin.start).min(width) as f64).sum();
                assert!((sum - integral as f64).abs() <= 1e-9 * integral as f64 + 1e-6);
            }
        }
    }
}
