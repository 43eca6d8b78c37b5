//! A token bucket in exact integer arithmetic: so many at once, and so many more a second.

use crate::sim::SECOND;

/// Parts of a token in which levels are kept: so many that whole rates a second and a minute are
/// exact.
const PARTS: u128 = (SECOND as u128) * 3 * 1000 * 1000;
/// The greatest capacity, and the greatest rate a second; more is as good as no limit.
const MOST: f64 = 1e12;

/// A bucket of tokens that refills continuously and never holds more than its capacity. It is
/// full at time zero.
#[derive(Clone, Debug)]
pub struct TokenBucket {
    level: u128,
    capacity: u128,
    /// Parts of a token that come in a nanosecond.
    parts_per_nanosecond: u64,
    refilled: u64,
}

impl TokenBucket {
    /// A full bucket. `capacity` in tokens, `rate` in tokens a second, in steps of a third
    /// of a millionth; what is no number or negative counts as 0.
    pub fn new(capacity: f64, rate: f64) -> Self {
        let parts = |tokens: f64| {
            // Whole tokens and the rest apart: a double has no room for both at full precision.
            let tokens = tokens.clamp(0.0, MOST);
            let whole = tokens.floor();
            whole as u128 * PARTS + ((tokens - whole) * PARTS as f64) as u128
        };
        let capacity = parts(if capacity.is_nan() { 0.0 } else { capacity });
        let rate = if rate.is_nan() { 0.0 } else { rate.clamp(0.0, MOST) };
        let parts_per_nanosecond = (rate * (PARTS / u128::from(SECOND)) as f64).round() as u64;
        Self { level: capacity, capacity, parts_per_nanosecond, refilled: 0 }
    }

    /// Whether a token is there at `now`, which must not lie before an earlier call's.
    #[inline]
    pub fn has_token(&mut self, now: u64) -> bool {
        self.has_tokens(now, 1)
    }

    /// Whether so many tokens are there at `now`, which must not lie before an earlier call's.
    #[inline]
    pub fn has_tokens(&mut self, now: u64, count: u64) -> bool {
        if now > self.refilled {
            let gained = u128::from(now - self.refilled) * u128::from(self.parts_per_nanosecond);
            self.level = self.level.saturating_add(gained).min(self.capacity);
            self.refilled = now;
        }
        self.level >= PARTS.saturating_mul(u128::from(count))
    }

    /// Takes on the capacity and the rate of another bucket from `now` on. What it holds grows
    /// with the capacity, and never above it.
    pub fn become_like(&mut self, now: u64, other: Self) {
        self.has_token(now);
        let more = other.capacity.saturating_sub(self.capacity);
        self.level = self.level.saturating_add(more).min(other.capacity);
        self.capacity = other.capacity;
        self.parts_per_nanosecond = other.parts_per_nanosecond;
    }

    /// Takes the token that [`Self::has_token`] saw.
    #[inline]
    pub fn take(&mut self) {
        self.take_tokens(1);
    }

    /// Takes the tokens that [`Self::has_tokens`] saw.
    #[inline]
    pub fn take_tokens(&mut self, count: u64) {
        self.level = self.level.saturating_sub(PARTS.saturating_mul(u128::from(count)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bucket: &mut TokenBucket, now: u64, wanted: u64) -> u64 {
        (0..wanted).filter(|_| bucket.has_token(now).then(|| bucket.take()).is_some()).count()
            as u64
    }

    #[test]
    fn it_gives_its_capacity_at_once_and_its_rate_after() {
        let mut bucket = TokenBucket::new(1000.0, 100.0);
        assert_eq!(taken(&mut bucket, 0, 5000), 1000);
        assert_eq!(taken(&mut bucket, SECOND, 5000), 100);
        assert_eq!(taken(&mut bucket, SECOND + 10_000_000 - 1, 5000), 0);
        assert_eq!(taken(&mut bucket, SECOND + 10_000_000, 5000), 1);
    }

    #[test]
    fn what_is_not_used_is_not_saved_beyond_the_capacity() {
        let mut bucket = TokenBucket::new(10.0, 100.0);
        assert_eq!(taken(&mut bucket, 3600 * SECOND, 5000), 10);
    }

    #[test]
    fn a_rate_per_minute_is_exact() {
        let mut bucket = TokenBucket::new(0.0, 0.0);
        bucket.become_like(0, TokenBucket::new(500.0, 500.0 / 60.0));
        assert_eq!(taken(&mut bucket, 0, 5000), 500);
        assert_eq!(taken(&mut bucket, 60 * SECOND - 1, 5000), 499);
        assert_eq!(taken(&mut bucket, 60 * SECOND, 5000), 1);
    }

    #[test]
    fn it_can_become_another() {
        let mut bucket = TokenBucket::new(10.0, 1.0);
        assert_eq!(taken(&mut bucket, 0, 4), 4);
        bucket.become_like(0, TokenBucket::new(30.0, 2.0));
        assert_eq!(taken(&mut bucket, 0, 50), 26);
        assert_eq!(taken(&mut bucket, SECOND, 50), 2);
        bucket.become_like(60 * SECOND, TokenBucket::new(5.0, 1.0));
        assert_eq!(taken(&mut bucket, 60 * SECOND, 50), 5);
    }

    #[test]
    fn strange_numbers_are_limits_too() {
        assert!(!TokenBucket::new(0.0, 0.0).has_token(u64::MAX));
        assert!(!TokenBucket::new(f64::NAN, f64::NAN).has_token(u64::MAX));
        assert!(!TokenBucket::new(-5.0, -1.0).has_token(u64::MAX));
        let mut endless = TokenBucket::new(f64::INFINITY, f64::INFINITY);
        assert_eq!(taken(&mut endless, u64::MAX, 1000), 1000);
        let mut slow = TokenBucket::new(1.0, 0.5);
        assert_eq!(taken(&mut slow, 0, 9), 1);
        assert_eq!(taken(&mut slow, 2 * SECOND - 1, 9), 0);
        assert_eq!(taken(&mut slow, 2 * SECOND, 9), 1);
    }
}
