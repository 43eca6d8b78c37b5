//! Ranges of bytes, one at a time.

use std::ops::Range;

/// What a request's `Range` field asks of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it: there is no such field, or one that may be passed over (other units, several
    /// ranges, a form that isn't understood).
    Whole,
    /// A part, never empty.
    Part(Range<u64>),
    /// A part that the file doesn't have.
    Nothing,
}

/// Reads the value of a `Range` field for a file of this length.
pub fn asked(field: Option<&str>, length: u64) -> Asked {
    let Some(range) = field.and_then(|field| field.trim().strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = range.trim().split_once('-') else { return Asked::Whole };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(first) || !digits(last) || (first.is_empty() && last.is_empty()) {
        return Asked::Whole;
    }
    // A number that is too large for 64 bits is past the end of any file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let part = match (first, last) {
        ("", suffix) => length.saturating_sub(number(suffix))..length,
        (first, "") => number(first)..length,
        (first, last) if number(last) < number(first) => return Asked::Whole,
        (first, last) => number(first)..number(last).saturating_add(1).min(length),
    };
    if part.is_empty() { Asked::Nothing } else { Asked::Part(part) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_forms_of_a_range() {
        for (field, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-", Asked::Part(2..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=4-99999999999999999999999", Asked::Part(4..10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=5-4", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("lines=1-2", Asked::Whole),
        ] {
            assert_eq!(asked(Some(field), 10), expected, "{field}");
        }
        assert_eq!(asked(Some("bytes=0-"), 0), Asked::Nothing);
        assert_eq!(asked(None, 10), Asked::Whole);
    }

    proptest! {
        #[test]
        fn a_part_lies_in_the_file(
            field in "bytes=[0-9]{0,21}-[0-9]{0,21}",
            length in any::<u64>(),
        ) {
            if let Asked::Part(part) = asked(Some(&field), length) {
                prop_assert!(part.start < part.end && part.end <= length);
            }
        }
    }
}
