//! Words and numbers of the views in the reader's language.

use crate::aws::lambda::metrics::ThrottleReason;
use crate::korean;
use crate::quantity::{Dimension, Language, Quantity, format_number};

/// One of two wordings.
pub fn pick<'a>(language: Language, korean: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::Korean => korean,
        Language::English => english,
    }
}

/// A text with the Korean particle that fits behind it.
pub fn with_particle(text: &str, particle: &str) -> String {
    let fitting = korean::particle(text, particle).unwrap_or_else(|| particle.to_owned());
    format!("{text}{fitting}")
}

/// A count: `12,345`.
pub fn count(count: u64) -> String {
    // Not through `f64`, which has no room for the last digits of very large counts.
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `part` of `whole` as a percentage with a sensible number of digits.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0%".to_owned();
    }
    let percent = part as f64 / whole as f64 * 100.0;
    let rounded = match percent {
        percent if percent >= 10.0 => percent.round(),
        percent if percent >= 1.0 => (percent * 10.0).round() / 10.0,
        percent => (percent * 100.0).round() / 100.0,
    };
    match (part, whole) {
        (part, whole) if part < whole && rounded >= 100.0 => ">99%".to_owned(),
        (part, _) if part > 0 && rounded == 0.0 => "<0.01%".to_owned(),
        _ => format!("{}%", format_number(rounded)),
    }
}

/// An amount of US dollars; below one with three significant digits, because a run costs little.
pub fn money(dollars: f64) -> String {
    let dollars = if dollars.is_finite() { dollars.max(0.0) } else { 0.0 };
    if dollars == 0.0 || dollars >= 1.0 {
        return Quantity::new(dollars, Dimension::Money).display(Language::English);
    }
    let mut scale = 1.0;
    while dollars * scale < 100.0 && scale < 1e15 {
        scale *= 10.0;
    }
    format!("${}", format_number((dollars * scale).round() / scale))
}

/// What a throttle's reason means. AWS's own word for it stands in the tables.
pub fn reason(reason: ThrottleReason, language: Language) -> &'static str {
    let (korean, english) = match reason {
        ThrottleReason::ConcurrentInvocationLimitExceeded => {
            ("리전 동시 실행 한도", "the Region's concurrency")
        }
        ThrottleReason::FunctionInvocationRateLimitExceeded => {
            ("초당 요청 한도", "the request rate limit")
        }
        ThrottleReason::ReservedFunctionConcurrentInvocationLimitExceeded => {
            ("예약 동시성", "the reserved concurrency")
        }
        ThrottleReason::ReservedFunctionInvocationRateLimitExceeded => {
            ("예약 동시성의 초당 요청 한도", "the reservation's request rate limit")
        }
    };
    pick(language, korean, english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_claim_all_or_nothing_wrongly() {
        assert_eq!(share(0, 0), "0%");
        assert_eq!(share(1, 3), "33%");
        assert_eq!(share(1, 300), "0.33%");
        assert_eq!(share(413, 10_000), "4.1%");
        assert_eq!(share(1, 1_000_000), "<0.01%");
        assert_eq!(share(999_999, 1_000_000), ">99%");
        assert_eq!(share(7, 7), "100%");
    }

    #[test]
    fn small_amounts_keep_what_tells_them_apart() {
        let amounts = [0.0, 0.009863, 0.01024, 0.2529, 1.239, f64::NAN].map(money);
        assert_eq!(amounts, ["$0.00", "$0.00986", "$0.0102", "$0.253", "$1.24", "$0.00"]);
    }

    #[test]
    fn counts_keep_all_their_digits() {
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(count(0), "0");
    }
}
