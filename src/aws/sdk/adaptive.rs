//! The rate limit of the adaptive mode: a token bucket whose rate falls by a factor at a throttle
//! and then grows along a cubic curve, slowly around the rate at which it was throttled, faster
//! beyond. It is the congestion control CUBIC of TCP, with requests a second for a window.
//!
//! Attempts that have to wait go in the order in which they came.

use crate::aws::reader::Reader;
use crate::sim::SECOND;
use crate::sim::elementary::{exp, ln};

/// The constants of the curve, and how the rate of attempts is measured.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Curve {
    beta: f64,
    scale: f64,
    smoothing: f64,
    least_rate: f64,
    interval: f64,
}

impl Curve {
    pub(super) fn new(reader: &Reader<'_>) -> Self {
        Self {
            beta: reader.amount("sdk.adaptive_beta"),
            scale: reader.amount("sdk.adaptive_scale"),
            smoothing: reader.amount("sdk.adaptive_smoothing"),
            least_rate: reader.amount("sdk.adaptive_min_rate"),
            interval: reader.seconds("sdk.adaptive_measuring_interval"),
        }
    }
}

/// The rate limit of a client. Times are seconds, rates are attempts a second.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RateLimit {
    /// Whether there was a throttle, so that attempts are held back.
    enabled: bool,
    rate: f64,
    capacity: f64,
    tokens: f64,
    refilled: f64,
    measured: f64,
    interval: f64,
    attempts: f64,
    greatest: f64,
    throttled: f64,
    window: f64,
}

/// What a token may lack: times are whole nanoseconds.
const NEARNESS: f64 = 1e-6;

fn seconds(time: u64) -> f64 {
    time as f64 / SECOND as f64
}

impl RateLimit {
    /// Takes a token for an attempt. Where there is none, gives how long it takes until there will
    /// be, in nanoseconds, at the present rate.
    pub(super) fn take(&mut self, now: u64) -> Result<(), u64> {
        if !self.enabled {
            return Ok(());
        }
        self.refill(seconds(now));
        let lacking = 1.0 - self.tokens;
        if lacking <= NEARNESS {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err((lacking / self.rate * SECOND as f64).ceil() as u64)
    }

    fn refill(&mut self, now: f64) {
        let gained = (now - self.refilled).max(0.0) * self.rate;
        self.tokens = (self.tokens + gained).min(self.capacity);
        self.refilled = now;
    }

    /// An attempt was answered.
    pub(super) fn answered(&mut self, now: u64, throttle: bool, curve: &Curve) {
        let now = seconds(now);
        self.measure(now, curve);
        let rate = if throttle {
            let rate = if self.enabled { self.measured.min(self.rate) } else { self.measured };
            self.greatest = rate;
            self.throttled = now;
            self.enabled = true;
            rate * curve.beta
        } else {
            let since = now - self.throttled - self.window;
            curve.scale * since * since * since + self.greatest
        };
        self.window = cube_root(self.greatest * (1.0 - curve.beta) / curve.scale);
        self.refill(now);
        let rate = rate.min(2.0 * self.measured);
        self.rate = rate.max(curve.least_rate);
        self.capacity = rate.max(1.0);
        self.tokens = self.tokens.min(self.capacity);
    }

    /// Counts attempts in intervals, and smooths the rate over them.
    fn measure(&mut self, now: f64, curve: &Curve) {
        let interval = (now / curve.interval).floor() * curve.interval;
        self.attempts += 1.0;
        if interval > self.interval {
            let current = self.attempts / (interval - self.interval);
            self.measured = current * curve.smoothing + self.measured * (1.0 - curve.smoothing);
            self.attempts = 0.0;
            self.interval = interval;
        }
    }
}

/// The cube root of a number; 0 for what isn't positive.
fn cube_root(number: f64) -> f64 {
    const CUBE: f64 = 3.0;
    if number > 0.0 { exp(ln(number) / CUBE) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: Curve =
        Curve { beta: 0.7, scale: 0.4, smoothing: 0.8, least_rate: 0.5, interval: 0.5 };

    /// After a throttle the rate is beta of what it was; it comes back to it in the window's time,
    /// slowly at last, and goes beyond.
    #[test]
    fn the_rate_falls_and_comes_back_along_a_cubic() {
        let mut limit = RateLimit::default();
        let mut now = 0;
        let every = SECOND / 100;
        let mut answer = |limit: &mut RateLimit, throttle| {
            now += every;
            limit.answered(now, throttle, &CURVE);
            now
        };
        (0..1000).for_each(|_| {
            answer(&mut limit, false);
        });
        assert!(!limit.enabled && (limit.measured - 100.0).abs() < 3.0, "{limit:?}");
        let throttled = answer(&mut limit, true);
        assert!((limit.rate - 70.0).abs() < 3.0, "{limit:?}");
        // The window: the cube root of 100 · 0.3 / 0.4.
        assert!((limit.window - 4.217).abs() < 0.1, "{limit:?}");
        let mut back = 0;
        while back == 0 {
            let now = answer(&mut limit, false);
            if limit.rate >= limit.greatest {
                back = now;
            }
        }
        let took = seconds(back - throttled);
        assert!((took - limit.window).abs() < 0.1, "{took}");
        (0..1000).for_each(|_| {
            answer(&mut limit, false);
        });
        assert!(limit.rate > 150.0);
    }

    #[test]
    fn tokens_come_at_the_rate() {
        let mut limit = RateLimit { enabled: true, rate: 2.0, capacity: 1.0, ..Default::default() };
        assert_eq!(limit.take(0), Err(SECOND / 2));
        assert_eq!(limit.take(SECOND / 2), Ok(()));
        assert_eq!(limit.take(SECOND * 3 / 4), Err(SECOND / 4));
        assert_eq!(limit.take(9 * SECOND), Ok(()));
        assert_eq!(limit.take(9 * SECOND), Err(SECOND / 2));
        assert_eq!(RateLimit::default().take(5), Ok(()));
    }
}
