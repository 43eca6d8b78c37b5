//! The distribution of a measure. The one file that defines what p99 means.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The most distinct values that are kept exactly.
const MOST_EXACT: usize = 1024;
/// Buckets in an octave, as a power of two. A bucket is represented by its middle, so the relative
/// error is at most half a 512th.
const BUCKET_BITS: u32 = 9;
const BUCKETS: usize = 1 << BUCKET_BITS;
/// Octaves that have buckets; smaller values have one each in the first.
const OCTAVES: usize = (u64::BITS - BUCKET_BITS + 1) as usize;

/// A distribution of non-negative integers (durations in nanoseconds).
///
/// Exact up to a number of distinct values, logarithmic buckets with a relative error under 0.1 %
/// beyond it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    count: u64,
    sum: u128,
    min: u64,
    max: u64,
    /// Values, or the middles of buckets, in ascending order with how often they came.
    values: Vec<(u64, u64)>,
}

impl Distribution {
    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sum of the values.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The mean; 0 without values.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum as f64 / self.count as f64 }
    }

    /// The least value; 0 without values.
    pub fn min(&self) -> u64 {
        self.min
    }

    /// The greatest value; 0 without values.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// The smallest recorded value below or at which at least `percent` % of the values lie
    /// (nearest rank); 0 without values. `percent` is 0 to 100.
    pub fn percentile(&self, percent: f64) -> u64 {
        if percent >= 100.0 {
            return self.max;
        }
        // The product is a little off for shares such as 99.9; a whole rank must stay itself.
        let exact = percent * self.count as f64 / 100.0;
        let rank = (exact * (1.0 - 1e-12)).ceil() as u64;
        let mut seen = 0;
        for &(value, count) in &self.values {
            seen += count;
            if seen >= rank {
                return value;
            }
        }
        self.max
    }
}

/// Collects values for a [`Distribution`].
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    count: u64,
    sum: u128,
    least: Option<u64>,
    max: u64,
    /// The value that came last, which is often the next, and how often since.
    last: (u64, u64),
    store: Store,
}

#[derive(Clone, Debug)]
enum Store {
    Exact(FxHashMap<u64, u64>),
    Buckets(Vec<Option<Box<[u64; BUCKETS]>>>),
}

impl Default for Store {
    fn default() -> Self {
        Self::Exact(FxHashMap::default())
    }
}

impl Recorder {
    /// Records a value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.count += 1;
        self.sum += u128::from(value);
        if value == self.last.0 {
            self.last.1 += 1;
            return;
        }
        let (before, times) = std::mem::replace(&mut self.last, (value, 1));
        if times > 0 {
            self.settle(before, times);
        }
    }

    /// Puts a value with the others.
    #[inline]
    fn settle(&mut self, value: u64, times: u64) {
        self.least = Some(self.least.map_or(value, |least| least.min(value)));
        self.max = self.max.max(value);
        match &mut self.store {
            Store::Buckets(octaves) => add(octaves, value, times),
            Store::Exact(values) => {
                *values.entry(value).or_default() += times;
                if values.len() > MOST_EXACT {
                    self.coarsen();
                }
            }
        }
    }

    /// Goes over from values to buckets.
    #[cold]
    fn coarsen(&mut self) {
        if let Store::Exact(values) = &self.store {
            let mut octaves = vec![None; OCTAVES];
            // Counts add up to the same whatever the order in which the values come.
            for (&value, &times) in values {
                add(&mut octaves, value, times);
            }
            self.store = Store::Buckets(octaves);
        }
    }

    /// The distribution of what was recorded.
    pub fn finish(mut self) -> Distribution {
        let (value, times) = self.last;
        if times > 0 {
            self.settle(value, times);
        }
        let (min, max) = (self.least.unwrap_or_default(), self.max);
        let mut values: Vec<(u64, u64)> = match self.store {
            Store::Exact(values) => values.into_iter().collect(),
            Store::Buckets(octaves) => {
                let filled = octaves.iter().enumerate().filter_map(|(at, octave)| {
                    octave.as_ref().map(|counts| (at, counts.iter().enumerate()))
                });
                let buckets = filled.flat_map(|(at, counts)| {
                    counts.map(move |(bucket, &count)| (middle(at, bucket).clamp(min, max), count))
                });
                buckets.filter(|&(_, count)| count > 0).collect()
            }
        };
        values.sort_unstable();
        Distribution { count: self.count, sum: self.sum, min, max, values }
    }
}

/// The octave and bucket of a value: the first octave has a bucket for each value, octave k above
/// it those with k + [`BUCKET_BITS`] - 1 bits behind their first one.
#[inline]
fn bucket_of(value: u64) -> (usize, usize) {
    let mask = BUCKETS - 1;
    let bits = u64::BITS - value.leading_zeros();
    if bits <= BUCKET_BITS {
        return (0, value as usize & mask);
    }
    let shift = bits - BUCKET_BITS - 1;
    (shift as usize + 1, (value >> shift) as usize & mask)
}

/// The value that stands for a bucket.
fn middle(octave: usize, bucket: usize) -> u64 {
    let Some(shift) = octave.checked_sub(1) else { return bucket as u64 };
    let low = ((BUCKETS + bucket) as u64) << shift;
    low + ((1u64 << shift) - 1) / 2
}

#[inline]
fn add(octaves: &mut [Option<Box<[u64; BUCKETS]>>], value: u64, times: u64) {
    let (octave, bucket) = bucket_of(value);
    if let Some(counts) = octaves.get_mut(octave) {
        let counts = counts.get_or_insert_with(|| Box::new([0; BUCKETS]));
        if let Some(count) = counts.get_mut(bucket) {
            *count += times;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(values: &[u64]) -> Distribution {
        let mut recorder = Recorder::default();
        values.iter().for_each(|&value| recorder.record(value));
        recorder.finish()
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let all = distribution(&(1..=100).rev().collect::<Vec<_>>());
        assert_eq!(
            [0.0, 1.0, 1.01, 50.0, 99.0, 99.9, 100.0].map(|p| all.percentile(p)),
            [1, 1, 2, 50, 99, 100, 100]
        );
        let thousand = distribution(&(1..=1000).collect::<Vec<_>>());
        assert_eq!(thousand.percentile(99.9), 999);
        assert_eq!(thousand.percentile(f64::NAN), 1);
        assert_eq!(distribution(&[7]).percentile(50.0), 7);
    }

    #[test]
    fn without_values_all_measures_are_zero() {
        let none = distribution(&[]);
        assert_eq!((none.count(), none.sum(), none.min(), none.max()), (0, 0, 0, 0));
        assert_eq!((none.mean(), none.percentile(99.0)), (0.0, 0));
    }

    #[test]
    fn zeros_count() {
        let zeros = distribution(&[0, 0, 5, 0]);
        assert_eq!((zeros.count(), zeros.min(), zeros.percentile(75.0)), (4, 0, 0));
        assert_eq!(zeros.percentile(76.0), 5);
    }

    #[test]
    fn buckets_hold_every_value_within_their_error() {
        for bits in 0..64 {
            for offset in [0, 1, 3, 12345] {
                let value = (1u64 << bits).saturating_add(offset << bits.max(20) >> 20);
                let (octave, bucket) = bucket_of(value);
                assert!(octave < OCTAVES && bucket < BUCKETS);
                let error = middle(octave, bucket).abs_diff(value) as f64 / value as f64;
                assert!(error < 0.001, "{value}: {error}");
            }
        }
        assert!(bucket_of(u64::MAX).0 < OCTAVES);
    }

    proptest::proptest! {
        #[test]
        fn many_values_keep_their_percentiles_within_a_thousandth(
            seed in 0u64..1000, scale in 0u32..40
        ) {
            let mut random = crate::sim::random::Random::stream(seed, &[]);
            let mut values: Vec<u64> =
                (0..3000).map(|_| random.below(1 << (20 + scale % 20)) + 1).collect();
            let all = distribution(&values);
            values.sort_unstable();
            assert_eq!((all.min(), all.max()), (values[0], values[2999]));
            assert_eq!(all.sum(), values.iter().map(|&v| u128::from(v)).sum::<u128>());
            for percent in [0.1, 1.0, 50.0, 90.0, 99.0, 99.9] {
                let rank = (percent * 30.0f64).ceil() as usize;
                let exact = values[rank.max(1) - 1] as f64;
                let error = (all.percentile(percent) as f64 - exact).abs() / exact;
                assert!(error < 0.001, "p{percent}: {error}");
            }
        }
    }
}
