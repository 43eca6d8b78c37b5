//! A count that changes over time.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::{FIRST_WIDTH, bin_start, width_for};

/// A count that changes over time, kept exactly as integral and extremes, and as bins of equal
/// width for a figure. The width doubles when the bins run out, so memory is bounded. All counts
/// and series of one run have the same width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The bins up to the current one, which isn't complete.
    bins: Vec<Cell>,
    width: u64,
    /// Up to when time has been accounted for; at last the end of the run.
    last: u64,
    value: u64,
    max: u64,
    /// The current bin, which isn't in `bins` yet.
    current: Cell,
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
            last: 0,
            value: 0,
            max: 0,
            current: Cell::default(),
            current_end: FIRST_WIDTH,
        }
    }
}

impl Series {
    /// The value from `time` on, which isn't before an earlier call's.
    #[inline]
    pub fn set(&mut self, time: u64, value: u64) {
        self.advance(time);
        self.value = value;
        self.current.max = self.current.max.max(value);
    }

    /// One more from `time` on.
    #[inline]
    pub fn increase(&mut self, time: u64) {
        self.set(time, self.value.saturating_add(1));
    }

    /// One less from `time` on.
    #[inline]
    pub fn decrease(&mut self, time: u64) {
        self.set(time, self.value.saturating_sub(1));
    }

    /// The value since the last change.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// Accounts for the time up to `time`.
    #[inline]
    fn advance(&mut self, time: u64) {
        if time >= self.current_end {
            self.advance_bins(time);
        }
        self.accumulate(time);
    }

    #[inline]
    fn accumulate(&mut self, time: u64) {
        self.current.integral +=
            u128::from(self.value) * u128::from(time.saturating_sub(self.last));
        self.last = self.last.max(time);
    }

    /// Closes the bins that end at or before `time`.
    #[cold]
    fn advance_bins(&mut self, time: u64) {
        let width = width_for(time, self.width);
        while self.width < width {
            self.double();
        }
        while time >= self.current_end && self.current_end < u64::MAX {
            let end = self.current_end;
            self.accumulate(end);
            self.close();
        }
    }

    /// Puts the current bin with the complete ones and begins the next.
    fn close(&mut self) {
        self.max = self.max.max(self.current.max);
        self.bins.push(self.current);
        self.current = Cell { integral: 0, max: self.value };
        self.current_end = bin_start(self.bins.len() + 1, self.width);
    }

    /// Joins neighbouring bins.
    fn double(&mut self) {
        let odd = (self.bins.len() % 2 == 1).then(|| self.bins.pop()).flatten();
        if let Some(before) = odd {
            self.current = join(before, self.current);
        }
        self.bins = self
            .bins
            .chunks(2)
            .map(|pair| pair.iter().copied().fold(Cell::default(), join))
            .collect();
        self.width = self.width.saturating_mul(2);
        self.current_end = bin_start(self.bins.len() + 1, self.width);
    }

    /// Ends the series at the end of the run.
    pub fn finish(&mut self, end: u64) {
        self.advance(end);
        self.max = self.max.max(self.current.max);
    }

    /// The greatest value ever.
    pub fn max(&self) -> u64 {
        self.max.max(self.current.max)
    }

    /// The integral over time, in nanoseconds.
    pub fn integral(&self) -> u128 {
        self.bins.iter().map(|cell| cell.integral).sum::<u128>() + self.current.integral
    }

    /// The mean over time from zero to the end of the run; 0 for a run of no length.
    pub fn mean(&self) -> f64 {
        if self.last == 0 { 0.0 } else { self.integral() as f64 / self.last as f64 }
    }

    /// The bins from time zero to the end of the run, at most [`super::MOST_BINS`].
    pub fn bins(&self) -> Vec<Bin> {
        let begun = self.last > bin_start(self.bins.len(), self.width) || self.last == 0;
        let current = (begun && (self.last > 0 || self.max() > 0)).then_some(&self.current);
        let cells = self.bins.iter().chain(current).enumerate();
        cells
            .map(|(index, cell)| {
                let start = bin_start(index, self.width);
                let length = self.last.min(bin_start(index + 1, self.width)) - start;
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
