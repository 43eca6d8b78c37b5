//! Logarithm and exponential with the same bits on every platform.
//!
//! The standard library's call the platform's mathematical library, whose last bits differ from
//! one system to the next. These use only operations that IEEE 754 fixes: addition,
//! multiplication, division and rounding.

use std::f64::consts::{LOG2_E, SQRT_2};

/// The part of ln 2 whose product with an exponent is exact, and the rest.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);

/// Bits of a double's fraction.
const FRACTION_BITS: u32 = 52;
const FRACTION: u64 = (1 << FRACTION_BITS) - 1;
/// The exponent field of 1.0.
const BIAS: i64 = 1023;

/// The natural logarithm, within 2 units in the last place. Not a number for negative arguments,
/// minus infinity for zero.
#[inline]
pub fn ln(x: f64) -> f64 {
    if x <= f64::MIN_POSITIVE || x.is_nan() || x.is_infinite() {
        return ln_unusual(x);
    }
    let bits = x.to_bits();
    let exponent = (bits >> FRACTION_BITS) as i64 - BIAS;
    let fraction = f64::from_bits((bits & FRACTION) | ((BIAS as u64) << FRACTION_BITS));
    ln_parts(fraction, exponent)
}

#[cold]
fn ln_unusual(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    // Too small to have an exponent of its own: shift it into range.
    let shift = f64::from(FRACTION_BITS + 2);
    let scale = f64::from_bits(((BIAS + i64::from(FRACTION_BITS) + 2) as u64) << FRACTION_BITS);
    ln(x * scale) - shift * LN_2_HIGH - shift * LN_2_LOW
}

/// ln (fraction · 2^exponent) for a fraction from 1 to 2, by the series of the inverse hyperbolic
/// tangent around 1.
#[inline]
fn ln_parts(fraction: f64, exponent: i64) -> f64 {
    let above = fraction > SQRT_2;
    let centred = if above { fraction * 0.5 } else { fraction };
    let exponent = (exponent + i64::from(above)) as f64;
    let s = (centred - 1.0) / (centred + 1.0);
    let z = s * s;
    let z2 = z * z;
    let z4 = z2 * z2;
    // Sum of z^k / (2k + 1) for k from 1 to 11, as a tree so that the processor can overlap it.
    let a = (1.0 / 3.0 + z * (1.0 / 5.0)) + z2 * (1.0 / 7.0 + z * (1.0 / 9.0));
    let b = (1.0 / 11.0 + z * (1.0 / 13.0)) + z2 * (1.0 / 15.0 + z * (1.0 / 17.0));
    let c = (1.0 / 19.0 + z * (1.0 / 21.0)) + z2 * (1.0 / 23.0);
    let tail = z * (a + z4 * (b + z4 * c));
    exponent * LN_2_HIGH + (2.0 * s + (2.0 * s * tail + exponent * LN_2_LOW))
}

/// The exponential function, within 2 units in the last place.
pub fn exp(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    // Beyond these the result is infinite or rounds to zero.
    if x > 709.8 {
        return f64::INFINITY;
    }
    if x < -745.2 {
        return 0.0;
    }
    let exponent = (x * LOG2_E).round();
    let r = (x - exponent * LN_2_HIGH) - exponent * LN_2_LOW;
    let mut sum = 1.0;
    for term in (1..=14).rev() {
        sum = 1.0 + sum * r / f64::from(term);
    }
    // Two factors, since 2^exponent alone may be out of range where the product is not.
    let half = (exponent * 0.5).floor();
    sum * power_of_two(half) * power_of_two(exponent - half)
}

/// 2^exponent for exponents of normal numbers.
fn power_of_two(exponent: f64) -> f64 {
    f64::from_bits(((exponent as i64 + BIAS) as u64) << FRACTION_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        a == b || (a - b).abs() <= 4.0 * f64::EPSILON * b.abs().max(f64::MIN_POSITIVE)
    }

    #[test]
    fn they_agree_with_the_platform_s_to_the_last_bits() {
        for k in 1..20_000 {
            let x = f64::from(k) * 0.000_37;
            assert!(close(ln(x), x.ln()) || (ln(x) - x.ln()).abs() < 1e-16, "ln {x}");
            assert!(close(exp(x), x.exp()), "exp {x}");
            assert!(close(exp(-x * 30.0), (-x * 30.0).exp()), "exp -{x}");
        }
        for exponent in -1074..1024 {
            let x = 2f64.powi(exponent) * 1.37;
            if x > 0.0 && x.is_finite() {
                assert!(close(ln(x), x.ln()), "ln {x}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_are_those_of_mathematics() {
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert!(ln(-1.0).is_nan());
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(1000.0), f64::INFINITY);
        assert_eq!(exp(-1000.0), 0.0);
        assert!(exp(f64::NAN).is_nan());
    }

    /// The bits themselves, so that a platform on which they differ fails here.
    #[test]
    fn the_bits_are_fixed() {
        let bits = |k: u32| ln(f64::from(k)).to_bits() ^ exp(f64::from(k) / 7.0).to_bits();
        let all = (1..1000).fold(0u64, |sum, k| sum.rotate_left(7) ^ bits(k));
        assert_eq!(all, FIXED_BITS);
    }
    const FIXED_BITS: u64 = 8_645_329_636_272_365_442;
}
