//! Condition operators: how the values of a policy are compared with those of a request.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs.
//! multivalued context keys".

use std::net::IpAddr;

use crate::aws::iam::arn;
use crate::aws::iam::context::Context;
use crate::aws::iam::pattern::{Pattern, Wildcards};
use crate::date::{Date, Moment, Zone};

/// What is compared, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Texts, letter by letter.
    Equals,
    /// Texts, whatever their case.
    EqualsIgnoreCase,
    /// Texts with wildcards.
    Like,
    /// Numbers.
    Numeric(Order),
    /// Points in time: ISO 8601, or seconds since 1970.
    Date(Order),
    /// Truth values.
    Bool,
    /// An address in a range.
    IpAddress,
    /// ARNs with wildcards, field by field. AWS treats `ArnEquals` and `ArnLike` alike.
    Arn,
    /// Whether the key is absent.
    Null,
}

/// Which order of two values holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The same.
    Equal,
    /// The request's is smaller.
    Less,
    /// It is smaller or the same.
    LessOrEqual,
    /// It is greater.
    Greater,
    /// It is greater or the same.
    GreaterOrEqual,
}

/// How the values of a key with several are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Several {
    /// Every value of the request has to fit; none fits too.
    ForAllValues,
    /// One value of the request has to fit.
    ForAnyValue,
}

/// An operator with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The comparison.
    pub comparison: Comparison,
    /// Whether none of the policy's values may fit.
    pub negated: bool,
    /// Whether an absent key is fine.
    pub if_exists: bool,
    /// How several values are taken.
    pub several: Option<Several>,
}

/// A key, an operator and the values of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The operator as it is written.
    pub written: String,
    /// The key.
    pub key: String,
    /// The values, with their variables.
    pub values: Vec<String>,
}

/// The operators by name: what they compare, and whether they are negated.
const OPERATORS: [(&str, Comparison, bool); 27] = [
    ("StringEquals", Comparison::Equals, false),
    ("StringNotEquals", Comparison::Equals, true),
    ("StringEqualsIgnoreCase", Comparison::EqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Comparison::EqualsIgnoreCase, true),
    ("StringLike", Comparison::Like, false),
    ("StringNotLike", Comparison::Like, true),
    ("NumericEquals", Comparison::Numeric(Order::Equal), false),
    ("NumericNotEquals", Comparison::Numeric(Order::Equal), true),
    ("NumericLessThan", Comparison::Numeric(Order::Less), false),
    ("NumericLessThanEquals", Comparison::Numeric(Order::LessOrEqual), false),
    ("NumericGreaterThan", Comparison::Numeric(Order::Greater), false),
    ("NumericGreaterThanEquals", Comparison::Numeric(Order::GreaterOrEqual), false),
    ("DateEquals", Comparison::Date(Order::Equal), false),
    ("DateNotEquals", Comparison::Date(Order::Equal), true),
    ("DateLessThan", Comparison::Date(Order::Less), false),
    ("DateLessThanEquals", Comparison::Date(Order::LessOrEqual), false),
    ("DateGreaterThan", Comparison::Date(Order::Greater), false),
    ("DateGreaterThanEquals", Comparison::Date(Order::GreaterOrEqual), false),
    ("Bool", Comparison::Bool, false),
    ("BinaryEquals", Comparison::Equals, false),
    ("IpAddress", Comparison::IpAddress, false),
    ("NotIpAddress", Comparison::IpAddress, true),
    ("ArnEquals", Comparison::Arn, false),
    ("ArnLike", Comparison::Arn, false),
    ("ArnNotEquals", Comparison::Arn, true),
    ("ArnNotLike", Comparison::Arn, true),
    ("Null", Comparison::Null, false),
];

impl Operator {
    /// The operator of a name such as `ForAnyValue:StringLikeIfExists`. Names ignore case.
    pub fn parse(name: &str) -> Option<Self> {
        let lower = name.to_lowercase();
        let (several, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Several::ForAllValues), rest),
            Some(("foranyvalue", rest)) => (Some(Several::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, lower.as_str()),
        };
        let (rest, if_exists) = match rest.strip_suffix("ifexists") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let known = OPERATORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(rest));
        let &(_, comparison, negated) = known?;
        // Whether a key exists can't be asked "if it exists".
        if comparison == Comparison::Null && if_exists {
            return None;
        }
        Some(Self { comparison, negated, if_exists, several })
    }

    /// Whether a value can be compared by this operator at all.
    pub fn takes(&self, value: &str) -> bool {
        match self.comparison {
            Comparison::Numeric(_) => number(value).is_some(),
            Comparison::Date(_) => instant(value).is_some(),
            Comparison::Bool | Comparison::Null => truth(value).is_some(),
            Comparison::IpAddress => Range::parse(value).is_some(),
            _ => true,
        }
    }
}

impl Condition {
    /// Whether a request fulfils the condition.
    pub fn holds(&self, context: &Context) -> bool {
        let found = context.get(&self.key).filter(|values| !values.is_empty());
        let Operator { comparison, negated, if_exists, several } = self.operator;
        if comparison == Comparison::Null {
            let wanted = self.values.iter().filter_map(|value| truth(value));
            return wanted.into_iter().any(|absent| absent == found.is_none());
        }
        let Some(found) = found else {
            return match several {
                Some(Several::ForAllValues) => true,
                Some(Several::ForAnyValue) => if_exists,
                // A negated comparison with nothing is true.
                None => negated || if_exists,
            };
        };
        let fits = |value: &String| {
            let any = self.values.iter().any(|wanted| fits(comparison, wanted, value, context));
            any != negated
        };
        match several {
            Some(Several::ForAllValues) => found.iter().all(fits),
            Some(Several::ForAnyValue) => found.iter().any(fits),
            None if negated => found.iter().all(fits),
            None => found.iter().any(fits),
        }
    }
}

/// Whether a value of a request fits one of a policy.
fn fits(comparison: Comparison, wanted: &str, value: &str, context: &Context) -> bool {
    let pattern = |wildcards| Pattern::with_variables(wanted, wildcards, context);
    match comparison {
        Comparison::Equals => pattern(Wildcards::Literal).is_some_and(|p| p.matches(value)),
        Comparison::EqualsIgnoreCase => pattern(Wildcards::Literal)
            .is_some_and(|pattern| pattern.lowercase().matches(&value.to_lowercase())),
        Comparison::Like => pattern(Wildcards::Read).is_some_and(|p| p.matches(value)),
        Comparison::Arn => pattern(Wildcards::Read).is_some_and(|p| arn::matches(&p, value)),
        Comparison::Numeric(order) => {
            let values = number(value).zip(number(wanted));
            values.is_some_and(|(a, b)| a.partial_cmp(&b).is_some_and(|o| order.holds(o)))
        }
        Comparison::Date(order) => {
            let values = instant(value).zip(instant(wanted));
            values.is_some_and(|(a, b)| order.holds(a.cmp(&b)))
        }
        Comparison::Bool => truth(value).is_some_and(|value| truth(wanted) == Some(value)),
        Comparison::IpAddress => {
            let range = Range::parse(wanted);
            range.zip(value.parse().ok()).is_some_and(|(range, address)| range.has(address))
        }
        Comparison::Null => false,
    }
}

impl Order {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    match text {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// Seconds since 1970.
fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    // The year first and a dash behind it: what ISO 8601 has and other notations don't.
    let (year, _) = text.split_once('-')?;
    if year.is_empty() || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let utc = Zone::utc();
    let moment = match Date::parse(text) {
        Some(date) => date.at_midnight(&utc),
        None => Moment::parse(text, &utc).ok(),
    };
    moment.map(|moment| moment.unix_seconds())
}

/// A range of addresses in CIDR notation; one address is a range of its own.
struct Range {
    first: IpAddr,
    prefix: u32,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().ok()?)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().ok()?;
        let bits = bits(first);
        let prefix = prefix.unwrap_or(bits);
        (prefix <= bits).then_some(Self { first, prefix })
    }

    fn has(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let rest = u32::BITS - self.prefix;
                let head = |address: u32| address.checked_shr(rest).unwrap_or(0);
                head(first.to_bits()) == head(address.to_bits())
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let rest = u128::BITS - self.prefix;
                let head = |address: u128| address.checked_shr(rest).unwrap_or(0);
                head(first.to_bits()) == head(address.to_bits())
            }
            _ => false,
        }
    }
}

fn bits(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => u32::BITS,
        IpAddr::V6(_) => u128::BITS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(operator: &str, values: &[&str], request: Option<&[&str]>) -> bool {
        let mut context = Context::default();
        context.set("aws:username", &["jin"]);
        if let Some(values) = request {
            context.set("k", values);
        }
        let condition = Condition {
            operator: Operator::parse(operator).expect(operator),
            written: operator.to_owned(),
            key: "K".to_owned(),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        };
        condition.holds(&context)
    }

    /// Operator, values of the policy, value of the request, whether it holds.
    const CASES: [(&str, &[&str], &str, bool); 44] = [
        ("StringEquals", &["a", "b"], "b", true),
        ("StringEquals", &["a*"], "ab", false),
        ("StringEquals", &["${aws:username}"], "jin", true),
        ("StringNotEquals", &["a", "b"], "b", false),
        ("StringNotEquals", &["a", "b"], "c", true),
        ("StringEquals", &["A"], "a", false),
        ("StringEqualsIgnoreCase", &["A"], "a", true),
        ("StringNotEqualsIgnoreCase", &["A"], "a", false),
        ("StringLike", &["home/*", ""], "home/jin", true),
        ("StringLike", &["home/${aws:username}/*"], "home/jin/a", true),
        ("StringNotLike", &["home/*"], "home/jin", false),
        ("NumericLessThan", &["10"], "9.5", true),
        ("NumericLessThanEquals", &["10"], "10", true),
        ("NumericGreaterThan", &["10"], "10", false),
        ("NumericGreaterThanEquals", &["10"], "10", true),
        ("NumericEquals", &["10"], "10.0", true),
        ("NumericNotEquals", &["10"], "10.0", false),
        ("NumericEquals", &["10"], "ten", false),
        ("DateGreaterThan", &["2026-01-01T00:00:00Z"], "2026-01-01T09:00:01+09:00", true),
        ("DateGreaterThan", &["2026-01-01T00:00:00Z"], "2026-01-01T09:00:00+09:00", false),
        ("DateLessThan", &["2026-01-02"], "2026-01-01T23:59:59Z", true),
        ("DateEquals", &["1767225600"], "2026-01-01T00:00:00Z", true),
        ("DateNotEquals", &["1767225600"], "2026-01-01T00:00:00Z", false),
        ("DateLessThanEquals", &["2026-01-01"], "2026-01-01", true),
        ("DateGreaterThanEquals", &["2026-01-01"], "2025-12-31", false),
        ("Bool", &["true"], "TRUE", true),
        ("Bool", &["false"], "true", false),
        ("BinaryEquals", &["QmluYXJ5"], "QmluYXJ5", true),
        ("IpAddress", &["203.0.113.0/24"], "203.0.113.7", true),
        ("IpAddress", &["203.0.113.0/24"], "203.0.114.7", false),
        ("IpAddress", &["203.0.113.7"], "203.0.113.7", true),
        ("IpAddress", &["0.0.0.0/0"], "8.8.8.8", true),
        ("IpAddress", &["2001:db8::/32"], "2001:db8::1", true),
        ("IpAddress", &["2001:db8::/32"], "10.0.0.1", false),
        ("NotIpAddress", &["203.0.113.0/24"], "203.0.113.7", false),
        ("NotIpAddress", &["203.0.113.0/24"], "10.0.0.1", true),
        (
            "ArnEquals",
            &["arn:aws:sns:*:111122223333:*"],
            "arn:aws:sns:us-east-1:111122223333:t",
            true,
        ),
        ("ArnLike", &["arn:aws:sns:*:t"], "arn:aws:sns:us-east-1:111122223333:t", false),
        ("ArnNotLike", &["arn:aws:sns:*:*:t"], "arn:aws:sns:us-east-1:111122223333:t", false),
        ("ArnNotEquals", &["arn:aws:sns:*:*:u"], "arn:aws:sns:us-east-1:111122223333:t", true),
        ("Null", &["true"], "x", false),
        ("Null", &["false"], "x", true),
        ("StringEqualsIfExists", &["a"], "b", false),
        ("stringequals", &["a"], "a", true),
    ];

    #[test]
    fn operators_compare() {
        for (operator, values, request, expected) in CASES {
            assert_eq!(
                holds(operator, values, Some(&[request])),
                expected,
                "{operator} {values:?}"
            );
        }
    }

    /// A key that isn't there fails a condition, except where the operator is negated, says "if it
    /// exists", asks for all of none, or asks whether the key is absent.
    #[test]
    fn absent_keys() {
        for (name, comparison, negated) in OPERATORS {
            if comparison == Comparison::Null {
                continue;
            }
            assert_eq!(holds(name, &["true"], None), negated, "{name}");
            assert!(holds(&format!("{name}IfExists"), &["true"], None), "{name}IfExists");
            assert!(holds(&format!("ForAllValues:{name}"), &["true"], None), "{name}");
            assert!(!holds(&format!("ForAnyValue:{name}"), &["true"], None), "{name}");
        }
        assert!(holds("Null", &["true"], None) && !holds("Null", &["false"], None));
    }

    #[test]
    fn several_values() {
        let tags: Option<&[&str]> = Some(&["team", "cost"]);
        assert!(holds("ForAllValues:StringEquals", &["team", "cost", "x"], tags));
        assert!(!holds("ForAllValues:StringEquals", &["team"], tags));
        assert!(holds("ForAnyValue:StringEquals", &["team"], tags));
        assert!(!holds("ForAnyValue:StringEquals", &["x"], tags));
        assert!(holds("ForAllValues:StringNotEquals", &["x"], tags));
        assert!(!holds("ForAllValues:StringNotEquals", &["team"], tags));
        assert!(holds("ForAnyValue:StringNotEquals", &["team"], tags));
    }

    /// Over all pairs: a negated operator says the opposite of its positive one.
    #[test]
    fn negated_operators_are_opposites() {
        let pairs = [
            ("StringEquals", "StringNotEquals"),
            ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
            ("StringLike", "StringNotLike"),
            ("NumericEquals", "NumericNotEquals"),
            ("DateEquals", "DateNotEquals"),
            ("IpAddress", "NotIpAddress"),
            ("ArnLike", "ArnNotLike"),
        ];
        let values = ["a", "A", "a*", "1", "1.0", "10.0.0.1", "10.0.0.0/8", "2026-01-01", "*"];
        for (positive, negative) in pairs {
            for wanted in values {
                for value in values {
                    let (wanted, value): (&[&str], Option<&[&str]>) = (&[wanted], Some(&[value]));
                    assert_ne!(holds(positive, wanted, value), holds(negative, wanted, value));
                }
            }
        }
    }

    #[test]
    fn unknown_operators_are_none() {
        for name in ["StringEqual", "ForSome:StringEquals", "NullIfExists", "IfExists", ""] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
