//! The one source of randomness: a seeded generator, split into streams by purpose.
//!
//! Every purpose (the arrivals of a flow, the durations of a function) has a stream of its own,
//! so that a change to one part of a scenario doesn't shift the draws of another. The generator is
//! xoshiro256++ (Blackman and Vigna, 2019), seeded through SplitMix64 as its authors advise.

use std::sync::OnceLock;

use crate::sim::elementary::{exp, ln};

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: [u64; 4],
    layers: &'static Layers,
}

/// Layers of equal area under e^(-x), for [`Random::exponential`].
const LAYERS: usize = 256;

/// The right edges of the layers and the density there. The lowest layer ends in the tail.
#[derive(Debug)]
struct Layers {
    edges: [f64; LAYERS + 1],
    densities: [f64; LAYERS + 1],
}

impl Layers {
    /// Where the tail begins when 256 layers have the same area, and that area (Marsaglia and
    /// Tsang, 2000).
    const TAIL: f64 = 7.697_117_470_131_05;
    const AREA: f64 = 0.003_949_659_822_581_557;

    fn new() -> Self {
        let (mut edges, mut densities) = ([0.0; LAYERS + 1], [1.0; LAYERS + 1]);
        let mut edge = Self::TAIL;
        // The lowest layer is a rectangle as wide as its area with the tail asks for.
        edges[0] = Self::AREA / exp(-edge);
        densities[0] = 0.0;
        for layer in 1..LAYERS {
            edges[layer] = edge;
            densities[layer] = exp(-edge);
            edge = -ln(Self::AREA / edge + densities[layer]);
        }
        Self { edges, densities }
    }

    fn get() -> &'static Self {
        static LAYERS: OnceLock<Layers> = OnceLock::new();
        LAYERS.get_or_init(Self::new)
    }
}

/// SplitMix64: the next of a sequence of well mixed numbers.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random {
    /// The stream of a purpose under a seed. The purpose is a path of names, such as a function's
    /// name and `duration`; other paths give unrelated streams.
    pub fn stream(seed: u64, purpose: &[&str]) -> Self {
        let mut mixed = seed;
        let mut hash = split_mix(&mut mixed);
        for part in purpose {
            for &byte in part.as_bytes().iter().chain(&[0xFF]) {
                // 0xFF stands in no UTF-8 text, so `["ab", "c"]` and `["a", "bc"]` differ.
                let mut next = hash ^ u64::from(byte);
                hash = split_mix(&mut next);
            }
        }
        let state = std::array::from_fn(|_| split_mix(&mut hash));
        Self { state, layers: Layers::get() }
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }

    /// A number above 0 and at most 1, one of 2^53 evenly spaced ones.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        const SPACING: f64 = 1.0 / (1u64 << 53) as f64;
        ((self.bits() >> 11) + 1) as f64 * SPACING
    }

    /// A whole number below `bound`, each with equal chance; 0 for a bound of 0.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        // The high half of a product is uniform up to bound / 2^64, far below what a run can show.
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// An exponential variable of mean 1, by Marsaglia and Tsang's ziggurat: a point under the
    /// density is found without a logarithm in 98 of 100 cases.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        let (layer, x) = self.point();
        if x < self.layers.edges[layer + 1] { x } else { self.exponential_edge(layer, x) }
    }

    /// A layer and a point in its width.
    #[inline]
    fn point(&mut self) -> (usize, f64) {
        const SPACING: f64 = 1.0 / (1u64 << 53) as f64;
        let bits = self.bits();
        let layer = (bits % LAYERS as u64) as usize;
        (layer, (bits >> 11) as f64 * SPACING * self.layers.edges[layer])
    }

    /// A point that lies where its layer isn't wholly under the density.
    #[cold]
    fn exponential_edge(&mut self, mut layer: usize, mut x: f64) -> f64 {
        loop {
            if layer == 0 {
                // What is left of an exponential variable after any time is one again.
                return Layers::TAIL - ln(self.unit());
            }
            let (below, above) = (self.layers.densities[layer], self.layers.densities[layer + 1]);
            if below + self.unit() * (above - below) < exp(-x) {
                return x;
            }
            (layer, x) = self.point();
            if x < self.layers.edges[layer + 1] {
                return x;
            }
        }
    }

    /// A normal variable of mean 0 and standard deviation 1, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        loop {
            let x = 2.0 * self.unit() - 1.0;
            let y = 2.0 * self.unit() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return x * (-2.0 * ln(square) / square).sqrt();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_depend_on_seed_and_purpose_alone() {
        let first = |seed, purpose: &[&str]| Random::stream(seed, purpose).bits();
        assert_eq!(first(0, &["orders", "duration"]), first(0, &["orders", "duration"]));
        assert_ne!(first(0, &["orders", "duration"]), first(1, &["orders", "duration"]));
        assert_ne!(first(0, &["orders", "duration"]), first(0, &["orders", "init"]));
        assert_ne!(first(0, &["ab", "c"]), first(0, &["a", "bc"]));
    }

    /// Ours against the generators as the crate `rand_xoshiro` has them, draw by draw.
    #[test]
    fn draws_are_those_of_the_published_generators() {
        use rand_xoshiro::rand_core::{Rng, SeedableRng};
        for seed in [0, 1, 7, u64::MAX, 0x0123_4567_89AB_CDEF] {
            let mut mixed = seed;
            let mut published = rand_xoshiro::SplitMix64::seed_from_u64(seed);
            for _ in 0..1000 {
                assert_eq!(split_mix(&mut mixed), published.next_u64());
            }
            let mut ours = Random::stream(seed, &["orders", "duration"]);
            let bytes: Vec<u8> = ours.state.iter().flat_map(|part| part.to_le_bytes()).collect();
            let bytes: [u8; 32] = bytes.try_into().unwrap();
            let mut published = rand_xoshiro::Xoshiro256PlusPlus::from_seed(bytes);
            for _ in 0..100_000 {
                assert_eq!(ours.bits(), published.next_u64());
            }
        }
    }

    /// The first draws of each kind, to the last bit: what a result rests on must not depend on
    /// platform or compiler.
    #[test]
    fn draws_are_the_same_everywhere() {
        let mut random = Random::stream(1, &["golden"]);
        let bits: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        let mut draws = |draw: &mut dyn FnMut(&mut Random) -> f64| -> Vec<u64> {
            (0..3).map(|_| draw(&mut random).to_bits()).collect()
        };
        let units = draws(&mut Random::unit);
        let exponentials = draws(&mut Random::exponential);
        let normals = draws(&mut Random::normal);
        assert_eq!(
            [bits, units, exponentials, normals].map(|some| format!("{some:x?}")),
            [
                "[9ec81b7e24fdc8e3, ec73fe8c16e063d9, 3893548d1a602cb9]",
                "[3fe2bef74ae0a3ac, 3fee98b894f48d01, 3fc3284874abc5cc]",
                "[3fd57b8c4553f38f, 400a49fbbfd81d08, 3fe344613e09f6e1]",
                "[3ff2b3212dda0930, bfe9029fcd0f9383, 3fea84e19a4d2519]",
            ]
        );
        // Far out in the tail, where the ziggurat falls back on logarithms.
        let mut sum = 0u64;
        for _ in 0..1_000_000 {
            sum = sum.wrapping_mul(31).wrapping_add(random.exponential().to_bits());
        }
        assert_eq!(format!("{sum:x}"), "c527eea1490d90a2");
    }

    #[test]
    fn means_are_those_of_the_distributions() {
        let mut random = Random::stream(7, &["test"]);
        let draws = 200_000;
        let mut mean = |draw: &mut dyn FnMut(&mut Random) -> f64| {
            (0..draws).map(|_| draw(&mut random)).sum::<f64>() / f64::from(draws)
        };
        assert!((mean(&mut Random::unit) - 0.5).abs() < 0.004);
        assert!((mean(&mut Random::exponential) - 1.0).abs() < 0.01);
        assert!(mean(&mut Random::normal).abs() < 0.01);
        assert!((mean(&mut |r| r.normal().powi(2)) - 1.0).abs() < 0.02);
        assert!((mean(&mut |r| r.below(10) as f64) - 4.5).abs() < 0.04);
    }

    #[test]
    fn the_exponential_distribution_is_met_everywhere() {
        let mut random = Random::stream(11, &["test"]);
        let draws = 1_000_000;
        let values: Vec<f64> = (0..draws).map(|_| random.exponential()).collect();
        for limit in [0.001, 0.05, 0.3, 1.0, 2.5, 5.0, 7.6, 7.8, 9.0, 11.0] {
            let above = values.iter().filter(|&&value| value > limit).count() as f64;
            let expected = f64::from(draws) * (-limit).exp();
            let error = (expected * (1.0 - (-limit).exp())).sqrt();
            assert!((above - expected).abs() < 4.0 * error, "above {limit}: {above}, {expected}");
        }
        let square = values.iter().map(|value| value * value).sum::<f64>() / f64::from(draws);
        assert!((square - 2.0).abs() < 0.02, "{square}");
    }

    #[test]
    fn a_bound_is_never_reached() {
        let mut random = Random::stream(3, &[]);
        assert_eq!(random.below(0), 0);
        assert_eq!(random.below(1), 0);
        assert!((0..1000).all(|_| random.below(3) < 3));
        assert!((0..1000).all(|_| random.unit() > 0.0));
    }
}
