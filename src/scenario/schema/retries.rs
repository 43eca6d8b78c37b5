//! `retries` of an event: how its clients try again.

use super::scalar::RANGE;
use super::{Keys, Reader};
use crate::aws::sdk::deployment::{Clients, RetryMode};
use crate::scenario::limit;
use crate::yaml::{Mapping, Node, NodeValue};

const RETRIES: Keys = Keys { known: &["mode", "max_attempts", "timeout", "clients"], later: &[] };

/// The modes by the names of the SDKs.
const MODES: [(&str, RetryMode); 3] = [
    ("standard", RetryMode::Standard),
    ("adaptive", RetryMode::Adaptive),
    ("legacy", RetryMode::Legacy),
];

impl Reader<'_> {
    /// The clients of an event: `retries: standard`, or
    /// `retries: { mode: standard, max_attempts: 5, timeout: 10s, clients: 20 }`.
    pub(super) fn clients(&mut self, fields: &Mapping, sees_errors: bool) -> Option<Clients> {
        let node = fields.get("retries").filter(|node| node.value != NodeValue::Null)?;
        let mut clients = Clients {
            mode: RetryMode::default(),
            max_attempts: None,
            timeout: None,
            count: 1,
            sees_errors,
        };
        if !matches!(node.value, NodeValue::Mapping(_)) {
            clients.mode = self.choice(node, "retries", &MODES, &[])?;
            return Some(clients);
        }
        let fields = self.fields(node, "`retries`", RETRIES)?;
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        if let Some(node) = get("mode") {
            clients.mode = self.choice(node, "mode", &MODES, &[]).unwrap_or_default();
        }
        let attempts = get("max_attempts");
        clients.max_attempts =
            attempts.and_then(|node| self.up_to(node, "max_attempts", limit::ATTEMPTS));
        clients.timeout = get("timeout").and_then(|node| self.duration(node, "timeout"));
        let count = get("clients").and_then(|node| self.up_to(node, "clients", limit::CLIENTS));
        clients.count = count.map_or(1, |count| count as u32);
        Some(clients)
    }

    /// A whole number from 1 to a bound.
    fn up_to(&mut self, node: &Node, name: &str, most: u64) -> Option<u64> {
        let count = self.count(node, name, 1)?;
        if count <= most {
            return Some(count);
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`{name}` is at most {most}"))
            .label("more than a run keeps apart");
        self.report(diagnostic);
        None
    }
}
