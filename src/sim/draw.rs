//! Durations that are drawn at random.

use crate::sim::elementary::{exp, ln};
use crate::sim::random::Random;

/// How a random duration is drawn. All durations are nanoseconds; draws are rounded to whole ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(u64),
    /// Exponential with this mean.
    Exponential {
        /// The mean.
        mean: u64,
    },
    /// Uniform between two values, both included.
    Uniform {
        /// The least.
        min: u64,
        /// The greatest.
        max: u64,
    },
    /// Log-normal with this mean and coefficient of variation (standard deviation by mean).
    LogNormal {
        /// The mean.
        mean: u64,
        /// The coefficient of variation, at least 0.
        coefficient_of_variation: f64,
    },
}

impl Distribution {
    /// The same with every value multiplied; a factor that is no number or negative counts as 0.
    pub fn scaled(self, factor: f64) -> Self {
        let scaled = |value: u64| (value as f64 * factor).round() as u64;
        match self {
            Self::Constant(value) => Self::Constant(scaled(value)),
            Self::Exponential { mean } => Self::Exponential { mean: scaled(mean) },
            Self::Uniform { min, max } => Self::Uniform { min: scaled(min), max: scaled(max) },
            Self::LogNormal { mean, coefficient_of_variation } => {
                Self::LogNormal { mean: scaled(mean), coefficient_of_variation }
            }
        }
    }

    /// The least value that can be drawn.
    pub fn least(self) -> u64 {
        match self {
            Self::Constant(value) => value,
            Self::Uniform { min, .. } => min,
            Self::Exponential { .. } | Self::LogNormal { .. } => 0,
        }
    }
}

impl Default for Distribution {
    fn default() -> Self {
        Self::Constant(0)
    }
}

/// A distribution, ready to be drawn from, with its stream of random numbers.
#[derive(Clone, Debug)]
pub struct Draw {
    kind: Kind,
    random: Random,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Constant(u64),
    Exponential {
        mean: f64,
    },
    Uniform {
        min: u64,
        count: u64,
    },
    /// The exponential of a normal variable.
    LogNormal {
        mean: f64,
        deviation: f64,
    },
}

impl Draw {
    pub fn new(distribution: Distribution, random: Random) -> Self {
        let kind = match distribution {
            Distribution::Constant(value) => Kind::Constant(value),
            Distribution::Exponential { mean: 0 } => Kind::Constant(0),
            Distribution::Exponential { mean } => Kind::Exponential { mean: mean as f64 },
            Distribution::Uniform { min, max } if max <= min => Kind::Constant(min),
            Distribution::Uniform { min, max } => {
                Kind::Uniform { min, count: (max - min).saturating_add(1) }
            }
            Distribution::LogNormal { mean, coefficient_of_variation: variation }
                if mean == 0 || variation.is_nan() || variation <= 0.0 =>
            {
                Kind::Constant(mean)
            }
            Distribution::LogNormal { mean, coefficient_of_variation } => {
                let variance = ln(1.0 + coefficient_of_variation * coefficient_of_variation);
                Kind::LogNormal {
                    mean: ln(mean as f64) - variance / 2.0,
                    deviation: variance.sqrt(),
                }
            }
        };
        Self { kind, random }
    }

    /// A value; what is too great for a `u64` is its greatest.
    #[inline]
    pub fn draw(&mut self) -> u64 {
        match self.kind {
            Kind::Constant(value) => value,
            Kind::Exponential { mean } => (self.random.exponential() * mean + 0.5) as u64,
            Kind::Uniform { min, count } => min.saturating_add(self.random.below(count)),
            Kind::LogNormal { mean, deviation } => {
                exp(mean + deviation * self.random.normal()).round() as u64
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_deviation(distribution: Distribution) -> (f64, f64) {
        let mut draw = Draw::new(distribution, Random::stream(1, &["test"]));
        let values: Vec<f64> = (0..200_000).map(|_| draw.draw() as f64).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let square = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
        (mean, square.sqrt())
    }

    #[test]
    fn mean_and_deviation_are_those_asked_for() {
        let near = |distribution, mean: f64, deviation: f64| {
            let (m, d) = mean_and_deviation(distribution);
            assert!((m - mean).abs() <= 0.02 * mean, "{distribution:?}: mean {m}");
            assert!((d - deviation).abs() <= 0.05 * deviation, "{distribution:?}: deviation {d}");
        };
        near(Distribution::Constant(1_000_000), 1e6, 0.0);
        near(Distribution::Exponential { mean: 1_000_000 }, 1e6, 1e6);
        near(Distribution::Uniform { min: 0, max: 1_200_000 }, 6e5, 1.2e6 / 12f64.sqrt());
        let log_normal = Distribution::LogNormal { mean: 1_000_000, coefficient_of_variation: 0.5 };
        near(log_normal, 1e6, 5e5);
    }

    #[test]
    fn a_distribution_can_be_scaled() {
        let uniform = Distribution::Uniform { min: 100, max: 300 };
        assert_eq!(uniform.scaled(1.5), Distribution::Uniform { min: 150, max: 450 });
        assert_eq!(uniform.scaled(1.5).least(), 150);
        let log_normal = |mean| Distribution::LogNormal { mean, coefficient_of_variation: 2.0 };
        assert_eq!(log_normal(100).scaled(0.5), log_normal(50));
        assert_eq!(Distribution::Constant(7).scaled(f64::NAN), Distribution::Constant(0));
        assert_eq!(Distribution::Exponential { mean: 7 }.scaled(-1.0).least(), 0);
    }

    #[test]
    fn strange_parameters_draw_too() {
        let draw = |distribution| Draw::new(distribution, Random::stream(1, &[])).draw();
        assert_eq!(draw(Distribution::Exponential { mean: 0 }), 0);
        assert_eq!(draw(Distribution::Uniform { min: 9, max: 3 }), 9);
        draw(Distribution::Uniform { min: 0, max: u64::MAX });
        draw(Distribution::Exponential { mean: u64::MAX });
        for coefficient_of_variation in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
            draw(Distribution::LogNormal { mean: 5, coefficient_of_variation });
            draw(Distribution::LogNormal { mean: 0, coefficient_of_variation });
        }
    }
}
