//! What the messages of an event are like: their groups or keys, which of them are poison, how
//! large they are. Any event that sends messages may have these keys.

use super::event::WrittenEvent;
use super::scalar::RANGE;
use super::{KIND, Reader};
use crate::aws::architecture::{Cargo, Poison};
use crate::quantity::{Dimension, Quantity};
use crate::scenario::limit;
use crate::sim::flow::Arrivals;
use crate::yaml::{Node, NodeValue};

/// The most bytes of a message of any service.
const LARGEST: &str = "sqs.message_size_max";
/// The most messages of one call.
const ENTRIES: &str = "sqs.entries_max";

impl Reader<'_> {
    /// What an event's messages are like.
    pub fn cargo(&mut self, event: &WrittenEvent<'_>, arrivals: Option<Arrivals>) -> Cargo {
        let get = |key: &str| event.fields.get(key).filter(|node| node.value != NodeValue::Null);
        let keys = get("groups").or(get("keys"));
        // The size of an object isn't that of the message that tells of it.
        let size = get("size").filter(|_| event.fields.get("upload").is_none());
        let name = if event.fields.get("groups").is_some() { "groups" } else { "keys" };
        Cargo {
            keys: keys.map_or(0, |node| self.keys(node, name)),
            deduplication_ids: get("deduplication_ids")
                .map_or(0, |node| self.keys(node, "deduplication_ids")),
            poison: get("poison").map_or(Poison::None, |node| self.poison(node, arrivals)),
            size: size.map_or(0, |node| self.message_size(node)),
            entries: get("entries").map_or(0, |node| self.entries(node)),
        }
    }

    fn keys(&mut self, node: &Node, name: &str) -> u32 {
        let Some(keys) = self.count(node, name, 1) else { return 0 };
        if keys <= limit::KEYS {
            return keys as u32;
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`{name}` is at most {}", limit::KEYS))
            .label("more than a run keeps apart");
        self.report(diagnostic);
        0
    }

    /// `1%`, or the numbers of the messages, from 0: `[17]`.
    fn poison(&mut self, node: &Node, arrivals: Option<Arrivals>) -> Poison {
        let items = match &node.value {
            NodeValue::Sequence(items) => items,
            NodeValue::Integer(_) | NodeValue::Float(_) | NodeValue::String(_) => {
                return self.share(node, "poison").map_or(Poison::None, Poison::Share);
            }
            other => {
                let diagnostic = self
                    .error(KIND, &node.range, "`poison` is a share, or a list of numbers")
                    .label(format!("this is {}", super::kind(other)))
                    .hint("for instance `1%`, or `[17]` for the message with number 17");
                self.report(diagnostic);
                return Poison::None;
            }
        };
        self.check_size(items.len(), limit::POISON, "poison messages", &node.range);
        let mut numbers = Vec::new();
        for item in items.iter().take(limit::POISON) {
            let Some(number) = self.count(item, "poison", 0) else { continue };
            if let Some(Arrivals::Once { count, .. }) = arrivals
                && number >= count
            {
                let last = count.saturating_sub(1);
                let diagnostic = self
                    .error(RANGE, &item.range, format!("no message has the number {number}"))
                    .label(format!("they are numbered from 0 to {last}"));
                self.report(diagnostic);
            }
            numbers.push(number);
        }
        numbers.sort_unstable();
        Poison::Numbers(numbers)
    }

    fn message_size(&mut self, node: &Node) -> u32 {
        let Some(size) = self.quantity(node, "size", Dimension::DataSize) else { return 0 };
        let most =
            self.catalogue.get(LARGEST).map_or(f64::from(u32::MAX), |fact| fact.value.amount);
        if size.amount <= most {
            return size.amount as u32;
        }
        let most = Quantity::new(most, Dimension::DataSize).code();
        let diagnostic = self
            .error(RANGE, &node.range, format!("`size` is at most {most}"))
            .label("larger than any message");
        self.report(diagnostic);
        0
    }

    fn entries(&mut self, node: &Node) -> u32 {
        let Some(entries) = self.count(node, "entries", 1) else { return 0 };
        let most = self.catalogue.get(ENTRIES).map_or(1.0, |fact| fact.value.amount);
        if entries as f64 <= most {
            return entries as u32;
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`entries` is at most {most}"))
            .label("so many messages fit into one call");
        self.report(diagnostic);
        0
    }
}
