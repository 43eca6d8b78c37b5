//! Flows of arrivals: the times at which something comes, one after the other, without a list.

use crate::sim::SECOND;
use crate::sim::random::Random;

/// The greatest rate whose period is taken as a fraction of whole numbers.
const GREATEST_EXACT_RATE: f64 = 1e18;
/// How near to a whole number of nanoseconds a period must be to be taken for it: the error of
/// two roundings (`100/m` is no finite binary fraction of a second).
const NEARNESS: f64 = 1e-12;

/// How requests arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arrivals {
    /// `count` requests at one instant.
    Once {
        /// When.
        at: u64,
        /// How many.
        count: u64,
    },
    /// Evenly spaced: request k (from 0) comes at `from + k / rate`, as long as that is before
    /// `until`.
    Constant {
        /// Requests per second, above 0.
        rate: f64,
        /// The first.
        from: u64,
        /// The end, not included.
        until: u64,
    },
    /// A Poisson process: gaps are exponential, the first begins at `from`.
    Poisson {
        /// Mean requests per second, above 0.
        rate: f64,
        /// The beginning.
        from: u64,
        /// The end, not included.
        until: u64,
    },
}

/// The times of arrivals, in order.
#[derive(Clone, Debug)]
pub struct Flow {
    kind: Kind,
    /// The time of the next arrival, if there is one.
    next: Option<u64>,
    until: u64,
}

#[derive(Clone, Debug)]
enum Kind {
    /// This many more after the next, at the same instant.
    Once { more: u64 },
    /// A period of `whole` + `numerator` / `denominator` nanoseconds; `rest` / `denominator` has
    /// been saved up.
    Exact { whole: u64, numerator: u64, denominator: u64, rest: u64 },
    /// A period that is no such fraction: arrival k lies at `from` + k · `period`.
    Even { from: u64, period: f64, index: u64 },
    /// Exponential gaps; the part of a nanosecond that is left is kept, so that rounding doesn't
    /// change the rate.
    Poisson { mean_gap: f64, rest: f64, random: Random },
}

impl Flow {
    /// `count` arrivals at one instant.
    pub fn once(at: u64, count: u64) -> Self {
        let next = (count > 0).then_some(at);
        Self { kind: Kind::Once { more: count.saturating_sub(1) }, next, until: u64::MAX }
    }

    /// Arrival k, from 0, at `from` + k / `rate`, as long as that is before `until`. A whole rate
    /// is exact over any time: times are rounded down to whole nanoseconds. A rate that isn't a
    /// positive number gives nothing.
    pub fn constant(rate: f64, from: u64, until: u64) -> Self {
        let usable = rate > 0.0 && from < until;
        let period = SECOND as f64 / rate;
        let nearest = period.round();
        let kind = if rate.fract() == 0.0 && rate <= GREATEST_EXACT_RATE && usable {
            let denominator = rate as u64;
            let (whole, numerator) = (SECOND / denominator, SECOND % denominator);
            Kind::Exact { whole, numerator, denominator, rest: 0 }
        } else if (period - nearest).abs() <= nearest * NEARNESS && nearest < u64::MAX as f64 {
            Kind::Exact { whole: nearest as u64, numerator: 0, denominator: 1, rest: 0 }
        } else {
            Kind::Even { from, period, index: 0 }
        };
        Self { kind, next: usable.then_some(from), until }
    }

    /// A Poisson process: the first gap begins at `from`, arrivals are before `until`. A rate that
    /// isn't a positive number gives nothing.
    pub fn poisson(rate: f64, from: u64, until: u64, random: Random) -> Self {
        let kind = Kind::Poisson { mean_gap: SECOND as f64 / rate, rest: 0.0, random };
        let mut flow = Self { kind, next: (rate > 0.0 && from < until).then_some(from), until };
        flow.advance();
        flow
    }

    /// When the next one comes; `None` at the end of the flow.
    #[inline]
    pub fn next(&self) -> Option<u64> {
        self.next
    }

    /// Goes on to the arrival after the next.
    #[inline]
    pub fn advance(&mut self) {
        let Some(now) = self.next else { return };
        let after = match &mut self.kind {
            Kind::Once { more: 0 } => None,
            Kind::Once { more } => {
                *more -= 1;
                Some(now)
            }
            Kind::Exact { whole, numerator, denominator, rest } => {
                *rest += *numerator;
                let carried = *rest >= *denominator;
                if carried {
                    *rest -= *denominator;
                }
                now.checked_add(*whole).and_then(|time| time.checked_add(u64::from(carried)))
            }
            Kind::Even { from, period, index } => {
                *index += 1;
                let distance = (*index as f64 * *period).round();
                from.checked_add(whole_nanoseconds(distance))
            }
            Kind::Poisson { mean_gap, rest, random } => {
                let gap = random.exponential() * *mean_gap + *rest;
                let whole = whole_nanoseconds(gap);
                *rest = gap - whole as f64;
                now.checked_add(whole)
            }
        };
        self.next = after.filter(|&time| time < self.until);
    }

    /// At least how many arrivals are certainly still to come, for a bound that is passed before
    /// any work is done. Of a Poisson process, less than a run could fall short of by chance.
    pub fn certain(&self) -> u64 {
        let Some(next) = self.next else { return 0 };
        let left = self.until.saturating_sub(next) as f64;
        match self.kind {
            Kind::Once { more } => more.saturating_add(1),
            Kind::Exact { whole, numerator, denominator, .. } => {
                let period = whole as f64 + numerator as f64 / denominator as f64;
                (left / period) as u64
            }
            Kind::Even { period, .. } => (left / period) as u64,
            Kind::Poisson { mean_gap, .. } => {
                let mean = left / mean_gap;
                (mean - 10.0 * mean.sqrt()).max(0.0) as u64
            }
        }
    }
}

/// The whole nanoseconds of a number that isn't negative; the greatest for what doesn't fit, which
/// lies after any end.
#[inline]
fn whole_nanoseconds(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(mut flow: Flow) -> Vec<u64> {
        std::iter::from_fn(|| {
            let next = flow.next();
            flow.advance();
            next
        })
        .take(100_000)
        .collect()
    }

    #[test]
    fn a_constant_flow_is_exact_over_any_time() {
        assert_eq!(
            times(Flow::constant(3.0, 0, SECOND + 1)),
            [0, 333_333_333, 666_666_666, SECOND]
        );
        let day = times(Flow::constant(1.0 / 6.0, 0, 60 * SECOND));
        assert_eq!(day, (0..10).map(|k| k * 6 * SECOND).collect::<Vec<_>>());
        let minute = times(Flow::constant(100.0 / 60.0, SECOND, 61 * SECOND));
        assert_eq!(minute.len(), 100);
        assert_eq!(minute.last(), Some(&(60 * SECOND + 400_000_000)));
        assert_eq!(times(Flow::constant(7000.0, 0, 10 * SECOND)).len(), 70_000);
    }

    #[test]
    fn once_is_once() {
        assert_eq!(times(Flow::once(5, 3)), [5, 5, 5]);
        assert!(times(Flow::once(5, 0)).is_empty());
    }

    #[test]
    fn strange_rates_end() {
        for rate in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert!(times(Flow::constant(rate, 0, u64::MAX)).is_empty());
            assert!(times(Flow::poisson(rate, 0, u64::MAX, Random::stream(0, &[]))).is_empty());
        }
        assert_eq!(times(Flow::constant(1e-9, 0, u64::MAX)).len(), 19);
        assert_eq!(times(Flow::constant(1e-30, 0, u64::MAX)).len(), 1);
        assert!(times(Flow::poisson(1e-30, 0, u64::MAX, Random::stream(0, &[]))).is_empty());
        for rate in [1e9, 1e10, 1e30, f64::INFINITY] {
            assert_eq!(times(Flow::constant(rate, 0, u64::MAX)).len(), 100_000);
            let poisson = Flow::poisson(rate, 0, u64::MAX, Random::stream(0, &[]));
            assert_eq!(times(poisson).len(), 100_000);
        }
        assert!(times(Flow::constant(5.0, 10, 10)).is_empty());
    }

    #[test]
    fn rounding_doesn_t_change_the_rate_of_a_fast_flow() {
        let flow = Flow::poisson(1e9, 0, u64::MAX, Random::stream(1, &[]));
        let last = times(flow).last().copied().unwrap_or_default() as f64;
        assert!((last - 1e5).abs() < 2000.0, "{last}");
    }

    #[test]
    fn what_is_certain_comes() {
        assert_eq!(Flow::once(0, 7).certain(), 7);
        assert_eq!(Flow::constant(10.0, 0, 10 * SECOND).certain(), 100);
        let poisson = Flow::poisson(1000.0, 0, 10 * SECOND, Random::stream(1, &[]));
        assert!((8000..10_000).contains(&poisson.certain()));
        assert_eq!(Flow::once(0, u64::MAX).certain(), u64::MAX);
    }
}
