//! What becomes of events that a function is invoked with asynchronously: keys of a function.

use super::{Keys, Reader};
use crate::aws::architecture::ResourceKind;
use crate::aws::lambda::asynchronous::deployment::{Destination, EventInvokeConfig};
use crate::yaml::{Mapping, Node, NodeValue};

/// What can be a destination.
const DESTINATIONS: [ResourceKind; 3] =
    [ResourceKind::Function, ResourceKind::Queue, ResourceKind::Topic];
/// What can be a dead-letter queue.
const DEAD_LETTER: [ResourceKind; 2] = [ResourceKind::Queue, ResourceKind::Topic];

const DESTINATION: Keys = Keys { known: &["to", "denied"], later: &[] };

impl Reader<'_> {
    /// The configuration of a function's asynchronous invocations.
    pub(super) fn event_invoke(&mut self, fields: &Mapping) -> EventInvokeConfig {
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let mut destination = |key, kinds| get(key).and_then(|n| self.destination(n, key, kinds));
        let on_success = destination("on_success", &DESTINATIONS);
        let on_failure = destination("on_failure", &DESTINATIONS);
        let dead_letter = destination("dead_letter", &DEAD_LETTER);
        EventInvokeConfig {
            max_event_age: get("max_event_age").and_then(|n| self.duration(n, "max_event_age")),
            max_retry_attempts: get("max_retry_attempts")
                .and_then(|node| self.count(node, "max_retry_attempts", 0)),
            on_success,
            on_failure,
            dead_letter,
        }
    }

    /// `NAME`, or `{ to: NAME, denied: true }` for one that the role may not send to.
    fn destination(
        &mut self,
        node: &Node,
        key: &str,
        kinds: &[ResourceKind],
    ) -> Option<Destination> {
        if !matches!(node.value, NodeValue::Mapping(_)) {
            let target = self.resource(node, key, kinds)?;
            return Some(Destination { target, allowed: true });
        }
        let what = format!("`{key}`");
        let fields = self.fields(node, &what, DESTINATION)?;
        let allowed = !self.flag(fields, "denied");
        let target = self.required(fields, "to", &what, &node.range, "to: NAME")?;
        let target = self.resource(target, key, kinds)?;
        Some(Destination { target, allowed })
    }
}
