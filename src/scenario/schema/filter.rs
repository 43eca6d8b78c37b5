//! Filter policies of subscriptions, written as SNS writes them, and what messages say.

use std::collections::BTreeMap;

use super::{KIND, Reader, kind};
use crate::aws::sns::filter::{AttributeValue, Comparison, Condition, FilterPolicy};
use crate::scenario::limit;
use crate::scenario::schema::scalar::CHOICE;
use crate::yaml::{Mapping, Node, NodeValue};

const COMPARISONS: [(&str, Comparison); 5] = [
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];

impl Reader<'_> {
    /// `filter: { event: [order_placed, { prefix: order_ }], price: [{ numeric: [">=", 100] }] }`
    pub(super) fn filter_policy(&mut self, node: &Node, of_body: bool) -> Option<FilterPolicy> {
        let mapping = self.mapping(node, "`filter`")?;
        let size = mapping.entries.len();
        self.check_size(size, limit::FILTER_KEYS, "keys in a filter policy", &node.range);
        let mut keys = BTreeMap::new();
        for entry in mapping.entries.iter().take(limit::FILTER_KEYS) {
            let items = match &entry.value.value {
                NodeValue::Sequence(items) => items.as_slice(),
                _ => std::slice::from_ref(&entry.value),
            };
            let items = items.iter().take(limit::FILTER_CONDITIONS);
            let conditions = items.filter_map(|item| self.condition(item)).collect();
            keys.insert(entry.key.clone(), conditions);
        }
        Some(FilterPolicy { of_body, keys })
    }

    pub(super) fn condition(&mut self, node: &Node) -> Option<Condition> {
        let mapping = match &node.value {
            NodeValue::Integer(number) => return Some(Condition::EqualsNumber(*number as f64)),
            NodeValue::Float(number) => return Some(Condition::EqualsNumber(*number)),
            NodeValue::Mapping(mapping) => mapping,
            _ => return self.text_of(node, "filter").map(Condition::Equals),
        };
        match mapping.entries.as_slice() {
            [entry] => self.written_condition(&entry.key, &entry.value),
            _ => self.no_condition(node),
        }
    }

    fn written_condition(&mut self, key: &str, value: &Node) -> Option<Condition> {
        match key {
            "prefix" => self.text_of(value, key).map(Condition::Prefix),
            "suffix" => self.text_of(value, key).map(Condition::Suffix),
            "equals-ignore-case" => self.text_of(value, key).map(Condition::EqualsIgnoreCase),
            "exists" => match value.value {
                NodeValue::Bool(exists) => Some(Condition::Exists(exists)),
                _ => self.no_condition(value),
            },
            "anything-but" => self.anything_but(value),
            "numeric" => self.numeric(value),
            _ => self.no_condition(value),
        }
    }

    fn anything_but(&mut self, node: &Node) -> Option<Condition> {
        match &node.value {
            NodeValue::Mapping(mapping) => match mapping.entries.as_slice() {
                [entry] if entry.key == "prefix" => {
                    self.text_of(&entry.value, "prefix").map(Condition::AnythingButPrefix)
                }
                _ => self.no_condition(node),
            },
            NodeValue::Sequence(items) => {
                let items = items.iter().take(limit::FILTER_CONDITIONS);
                let texts = items.filter_map(|item| self.text_of(item, "anything-but"));
                Some(Condition::AnythingBut(texts.collect()))
            }
            _ => self.text_of(node, "anything-but").map(|text| Condition::AnythingBut(vec![text])),
        }
    }

    /// `numeric: [">=", 100, "<", 200]`
    fn numeric(&mut self, node: &Node) -> Option<Condition> {
        let NodeValue::Sequence(items) = &node.value else { return self.no_condition(node) };
        let mut all = Vec::new();
        for pair in items.chunks(2).take(limit::FILTER_CONDITIONS) {
            let [comparison, bound] = pair else { return self.no_condition(node) };
            let comparison = self.choice(comparison, "numeric", &COMPARISONS, &[])?;
            all.push((comparison, self.bare_number(bound, "numeric")?));
        }
        Some(Condition::Numeric(all))
    }

    fn no_condition<T>(&mut self, node: &Node) -> Option<T> {
        let diagnostic = self
            .error(CHOICE, &node.range, "this is no condition of a filter policy")
            .label(format!("this is {}", kind(&node.value)))
            .hint(
                "a text, a number, or one of `{ prefix: order_ }`, `{ suffix: _placed }`, \
                   `{ equals-ignore-case: Order }`, `{ anything-but: [test] }`, \
                   `{ numeric: [\">=\", 100] }`, `{ exists: true }`",
            );
        self.report(diagnostic);
        None
    }

    /// What messages say under a key of an event: `attributes: { event: order_placed }`.
    pub(super) fn attributes(
        &mut self,
        fields: &Mapping,
        key: &str,
    ) -> BTreeMap<String, AttributeValue> {
        let mut values = BTreeMap::new();
        let Some(node) = fields.get(key).filter(|node| node.value != NodeValue::Null) else {
            return values;
        };
        let Some(mapping) = self.mapping(node, &format!("`{key}`")) else { return values };
        let size = mapping.entries.len();
        self.check_size(size, limit::ATTRIBUTES, "attributes of a message", &node.range);
        for entry in mapping.entries.iter().take(limit::ATTRIBUTES) {
            if let NodeValue::Mapping(_) = &entry.value.value {
                let diagnostic = self
                    .error(KIND, &entry.value.range, format!("`{}` is one value", entry.key))
                    .label("this is a map");
                self.report(diagnostic);
                continue;
            }
            let value = self.attribute_value(&entry.value, key);
            values.extend(value.map(|value| (entry.key.clone(), value)));
        }
        values
    }

    /// One value, or a list of texts.
    pub(super) fn attribute_value(&mut self, node: &Node, key: &str) -> Option<AttributeValue> {
        Some(match &node.value {
            NodeValue::Integer(number) => AttributeValue::Number(*number as f64),
            NodeValue::Float(number) => AttributeValue::Number(*number),
            NodeValue::Bool(truth) => AttributeValue::Text(truth.to_string()),
            NodeValue::Sequence(items) => {
                let items = items.iter().take(limit::ATTRIBUTES);
                let texts = items.filter_map(|item| self.text_of(item, key));
                AttributeValue::List(texts.collect())
            }
            _ => AttributeValue::Text(self.text_of(node, key)?),
        })
    }
}
