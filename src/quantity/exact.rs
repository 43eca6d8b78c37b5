//! Quantities as text that loses nothing, for files in which two texts are equal exactly when the
//! amounts are: `200ms`, `1.234567891s`, `15m`, `33.333333333333336%`.

use super::{Dimension, Quantity};

/// Units of time that are a power of ten of nanoseconds, largest first, with that power.
const DECIMAL_TIMES: [(&str, f64, i32); 4] =
    [("s", 1e9, 9), ("ms", 1e6, 6), ("us", 1e3, 3), ("ns", 1.0, 0)];
/// Longer units, used for whole multiples only, largest first.
const LONG_TIMES: [(&str, f64); 3] = [("d", 86400e9), ("h", 3600e9), ("m", 60e9)];
/// Units of data, largest first. Dividing by a power of two loses nothing.
const SIZES: [(&str, f64); 5] =
    [("TB", 1099511627776.0), ("GB", 1073741824.0), ("MB", 1048576.0), ("KB", 1024.0), ("B", 1.0)];
/// The power of ten by which a percentage is written larger than the share.
const PERCENT: i32 = 2;
/// The longest number that is read, in bytes: the smallest amount there is takes 1,100.
const NUMBER_BYTES: usize = 1_200;

impl Quantity {
    /// The quantity as text from which [`Quantity::parse_exact`] gets the same bits; two quantities
    /// have the same text exactly when they are equal. ASCII only.
    pub fn exact(self) -> String {
        // There is one zero.
        let amount = if self.amount == 0.0 { 0.0 } else { self.amount };
        match self.dimension {
            Dimension::Number => format!("{amount}"),
            Dimension::Rate => format!("{amount}/s"),
            Dimension::Money => format!("{amount}USD"),
            Dimension::Percent => format!("{}%", shifted(amount, PERCENT)),
            Dimension::DataSize => {
                let fits =
                    |(_, size): &&(&str, f64)| amount.abs() >= *size && is_short(amount / size);
                let (unit, size) = SIZES.iter().find(fits).unwrap_or(&("B", 1.0));
                format!("{}{unit}", amount / size)
            }
            Dimension::Duration => exact_duration(amount),
        }
    }

    /// Reads what [`Quantity::exact`] writes. `None` for any other text.
    pub fn parse_exact(text: &str) -> Option<Self> {
        let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
        let split = text.find(|c| !is_number(c)).unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let read = |power: i32| {
            let is_usual = number.ends_with(|c: char| c.is_ascii_digit());
            let is_usual = is_usual && number.len() <= NUMBER_BYTES;
            let amount: f64 = format!("{number}e{power}").parse().ok().filter(|_| is_usual)?;
            amount.is_finite().then_some(amount)
        };
        let scaled = |dimension, size: f64| Some(Self::new(read(0)? * size, dimension));
        let quantity = match unit {
            "" => Self::number(read(0)?),
            "/s" => scaled(Dimension::Rate, 1.0)?,
            "USD" => scaled(Dimension::Money, 1.0)?,
            "%" => Self::new(read(-PERCENT)?, Dimension::Percent),
            _ => {
                let power = DECIMAL_TIMES.iter().find(|(name, ..)| *name == unit);
                let long = LONG_TIMES.iter().find(|(name, _)| *name == unit);
                let size = SIZES.iter().find(|(name, _)| *name == unit);
                match (power, long, size) {
                    (Some(&(_, _, power)), ..) => Self::nanoseconds(read(power)?),
                    (_, Some(&(_, size)), _) => scaled(Dimension::Duration, size)?,
                    (_, _, Some(&(_, size))) => scaled(Dimension::DataSize, size)?,
                    _ => return None,
                }
            }
        };
        // One text for each amount: `0.20s` is no text that was written here.
        (quantity.exact() == text).then_some(quantity)
    }
}

fn exact_duration(nanoseconds: f64) -> String {
    let size = nanoseconds.abs();
    for (unit, length) in LONG_TIMES {
        if size >= length && size % length == 0.0 && size < 9e15 {
            return format!("{}{unit}", nanoseconds / length);
        }
    }
    let fits = |&&(_, length, _): &&(&str, f64, i32)| size >= length;
    let least = if size == 0.0 { &("s", 1e9, 9) } else { &("ns", 1.0, 0) };
    let (unit, _, power) = DECIMAL_TIMES.iter().find(fits).unwrap_or(least);
    format!("{}{unit}", shifted(nanoseconds, -power))
}

/// Whether a number has at most one digit behind the point.
fn is_short(number: f64) -> bool {
    (number * 10.0).fract() == 0.0
}

/// The shortest decimal text of a number times ten to a power. Moving the point in the text, and
/// not multiplying, keeps every bit.
fn shifted(number: f64, power: i32) -> String {
    let text = format!("{:e}", number);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0).saturating_add(power);
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let digits: String = digits.chars().filter(|&c| c != '.').collect();
    // Where the point stands among the digits.
    let point = exponent.saturating_add(1);
    if digits == "0" || digits == "inf" || digits == "NaN" {
        return format!("{sign}{digits}");
    }
    let whole = usize::try_from(point).unwrap_or(0);
    if point <= 0 {
        let zeros = usize::try_from(point.unsigned_abs()).unwrap_or(0);
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    }
    match digits.split_at_checked(whole) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits}{}", "0".repeat(whole - digits.len())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn exact_texts_are_as_short_as_they_can_be() {
        let exact = |text: &str| Quantity::parse(text).unwrap().exact();
        for text in ["200ms", "1.5s", "15m", "2h", "3d", "90.5s", "512MB", "1.5GB", "10GB", "64B"] {
            assert_eq!(exact(text), text);
        }
        for text in ["0", "12000", "0.5", "-3", "100/s", "0.0000002USD", "5%", "0.1%", "250us"] {
            assert_eq!(exact(text), text);
        }
        assert_eq!(exact("60s"), "1m");
        assert_eq!(exact("0ms"), "0s");
        assert_eq!(Quantity::nanoseconds(1_234_567_891.0).exact(), "1.234567891s");
        assert_eq!(Quantity::new(1.0 / 3.0, Dimension::Percent).exact(), "33.33333333333333%");
    }

    #[test]
    fn what_was_not_written_is_not_read() {
        for text in ["", "s", "1e5", "1.0", "0.20s", "60s", "1 s", "05", "+1", "1.", "-0", "1kB"] {
            assert_eq!(Quantity::parse_exact(text), None, "{text}");
        }
        assert_eq!(Quantity::parse_exact(&"9".repeat(5_000)), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(bits in any::<u64>(), small in 0u64..10_000_000_000, kind in 0usize..6) {
            let dimensions = [
                Dimension::Number,
                Dimension::Duration,
                Dimension::Rate,
                Dimension::DataSize,
                Dimension::Percent,
                Dimension::Money,
            ];
            let small = small as f64;
            for amount in [f64::from_bits(bits), small, small / 7.0, small / 1e4] {
                prop_assume!(amount.is_finite());
                let quantity = Quantity::new(amount, dimensions[kind]);
                let read = Quantity::parse_exact(&quantity.exact());
                prop_assert_eq!(read, Some(quantity), "{}", quantity.exact());
            }
        }
    }
}
