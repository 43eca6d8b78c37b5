//! Filter policies: which messages a subscription wants, by their attributes or their body.
//!
//! Source: the developer guide's pages on subscription filter policies. Every key of a policy must
//! be met, by one of its conditions.

use std::collections::BTreeMap;

/// What a message says under a name.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeValue {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// Several texts: `String.Array`.
    List(Vec<String>),
}

/// A filter policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilterPolicy {
    /// Whether it looks at the body (`FilterPolicyScope: MessageBody`), not at the attributes.
    pub of_body: bool,
    /// The conditions by key; one of each key's must hold.
    pub keys: BTreeMap<String, Vec<Condition>>,
}

/// A condition on one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Exactly this text.
    Equals(String),
    /// Exactly this number.
    EqualsNumber(f64),
    /// A beginning.
    Prefix(String),
    /// An end.
    Suffix(String),
    /// The same text in any case.
    EqualsIgnoreCase(String),
    /// None of these texts.
    AnythingBut(Vec<String>),
    /// No text with this beginning.
    AnythingButPrefix(String),
    /// Comparisons, all of which hold.
    Numeric(Vec<(Comparison, f64)>),
    /// Whether the key is there.
    Exists(bool),
}

/// A comparison of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl FilterPolicy {
    /// Whether a message with these attributes (or this body) is wanted.
    pub fn accepts(&self, message: &BTreeMap<String, AttributeValue>) -> bool {
        self.keys.iter().all(|(key, conditions)| {
            let value = message.get(key);
            conditions.iter().any(|condition| condition.holds(value))
        })
    }
}

impl Condition {
    fn holds(&self, value: Option<&AttributeValue>) -> bool {
        match (self, value) {
            (Self::Exists(wanted), value) => value.is_some() == *wanted,
            (_, None) => false,
            (condition, Some(AttributeValue::Text(text))) => condition.holds_for(text),
            (condition, Some(AttributeValue::List(texts))) => {
                texts.iter().any(|text| condition.holds_for(text))
            }
            (Self::EqualsNumber(wanted), Some(AttributeValue::Number(number))) => wanted == number,
            (Self::Numeric(all), Some(AttributeValue::Number(number))) => {
                all.iter().all(|(comparison, bound)| comparison.holds(*number, *bound))
            }
            (Self::AnythingBut(texts), Some(AttributeValue::Number(number))) => {
                texts.iter().all(|text| text.parse() != Ok(*number))
            }
            (_, Some(AttributeValue::Number(_))) => false,
        }
    }

    fn holds_for(&self, text: &str) -> bool {
        match self {
            Self::Equals(wanted) => wanted == text,
            Self::Prefix(start) => text.starts_with(start.as_str()),
            Self::Suffix(end) => text.ends_with(end.as_str()),
            Self::EqualsIgnoreCase(wanted) => wanted.eq_ignore_ascii_case(text),
            Self::AnythingBut(unwanted) => unwanted.iter().all(|other| other != text),
            Self::AnythingButPrefix(start) => !text.starts_with(start.as_str()),
            Self::Exists(wanted) => *wanted,
            Self::EqualsNumber(_) | Self::Numeric(_) => false,
        }
    }
}

impl Comparison {
    fn holds(self, number: f64, bound: f64) -> bool {
        match self {
            Self::Equal => number == bound,
            Self::Less => number < bound,
            Self::LessOrEqual => number <= bound,
            Self::Greater => number > bound,
            Self::GreaterOrEqual => number >= bound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> AttributeValue {
        AttributeValue::Text(text.to_owned())
    }

    fn policy(conditions: Vec<Condition>) -> FilterPolicy {
        FilterPolicy { of_body: false, keys: BTreeMap::from([("event".to_owned(), conditions)]) }
    }

    #[test]
    fn every_key_must_be_met_by_one_of_its_conditions() {
        let message = BTreeMap::from([
            ("event".to_owned(), text("order_placed")),
            ("price".to_owned(), AttributeValue::Number(120.0)),
            ("tags".to_owned(), AttributeValue::List(vec!["a".to_owned(), "b".to_owned()])),
        ]);
        let equals = |text: &str| Condition::Equals(text.to_owned());
        assert!(policy(vec![equals("other"), equals("order_placed")]).accepts(&message));
        assert!(!policy(vec![equals("other")]).accepts(&message));
        assert!(policy(vec![Condition::Prefix("order_".to_owned())]).accepts(&message));
        assert!(policy(vec![Condition::Suffix("placed".to_owned())]).accepts(&message));
        assert!(!policy(vec![Condition::AnythingButPrefix("order".to_owned())]).accepts(&message));
        assert!(policy(vec![Condition::Exists(true)]).accepts(&message));
        assert!(policy(vec![Condition::Exists(false)]).accepts(&BTreeMap::new()));
        assert!(!policy(vec![equals("order_placed")]).accepts(&BTreeMap::new()));
        let mut both = policy(vec![equals("order_placed")]);
        let range = [(Comparison::GreaterOrEqual, 100.0), (Comparison::Less, 200.0)];
        both.keys.insert("price".to_owned(), vec![Condition::Numeric(range.to_vec())]);
        both.keys.insert("tags".to_owned(), vec![equals("b")]);
        assert!(both.accepts(&message));
        both.keys.insert("price".to_owned(), vec![Condition::EqualsNumber(1.0)]);
        assert!(!both.accepts(&message));
    }
}
