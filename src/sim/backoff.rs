//! How long to wait before something is tried again. Times are nanoseconds.

use crate::sim::random::Random;

/// The wait before a retry, the first one being 0: each is twice the one before, up to `most`.
pub fn doubled(first: u64, most: u64, retry: u32) -> u64 {
    let factor = 1u64.checked_shl(retry).unwrap_or(u64::MAX);
    first.saturating_mul(factor).min(most)
}

/// A part of that wait, drawn at random: full jitter.
pub fn jittered(first: u64, most: u64, retry: u32, random: &mut Random) -> u64 {
    (random.unit() * doubled(first, most, retry) as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_most() {
        let waits = [0, 1, 2, 3, 4, 63, 64, u32::MAX].map(|retry| doubled(3, 40, retry));
        assert_eq!(waits, [3, 6, 12, 24, 40, 40, 40, 40]);
        assert_eq!(doubled(0, 40, 64), 0);
        assert_eq!(doubled(u64::MAX, u64::MAX, 1), u64::MAX);
    }

    #[test]
    fn jitter_shortens_the_wait() {
        let mut random = Random::stream(7, &["jitter"]);
        let waits: Vec<u64> = (0..1000).map(|_| jittered(100, 800, 2, &mut random)).collect();
        assert!(waits.iter().all(|&wait| wait <= 400));
        let mean = waits.iter().sum::<u64>() as f64 / 1000.0;
        assert!((190.0..210.0).contains(&mean), "{mean}");
    }
}
