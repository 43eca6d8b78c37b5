//! `send`: messages to a queue.

use super::event::{Action, Placed, WrittenEvent};
use super::function::CONFLICT;
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, Form, ResourceKind};

/// The action.
pub const SEND: Action = Action {
    key: "send",
    keys: Keys {
        known: &[
            "send",
            "at",
            "count",
            "rate",
            "from",
            "until",
            "arrivals",
            "groups",
            "deduplication_ids",
            "poison",
            "size",
            "entries",
        ],
        later: &["burst", "ramp"],
    },
    read: |reader, event, architecture| reader.send(event, architecture),
};

/// What only FIFO queues look at.
const OF_FIFO_QUEUES: [&str; 2] = ["groups", "deduplication_ids"];

impl Reader<'_> {
    fn send(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let target = self.resource(event.value, "send", &[ResourceKind::Queue]);
        let queue = target.and_then(|target| architecture.queues.get(target.place()));
        let fifo = queue.is_none_or(|queue| queue.fifo);
        let foreign = event.fields.entries.iter();
        for entry in foreign.filter(|entry| OF_FIFO_QUEUES.contains(&entry.key.as_str())) {
            if let Some(queue) = queue.filter(|queue| !queue.fifo) {
                let name = &queue.name;
                let diagnostic = self
                    .error(
                        CONFLICT,
                        &entry.key_range,
                        format!("`{}` has no effect here", entry.key),
                    )
                    .label(format!("`{name}` is a standard queue"))
                    .hint(format!("add `fifo: true` to `{name}`, or leave this out"));
                self.report(diagnostic);
            }
        }
        let placed = self.source(event, target, Form::Delivery, architecture)?;
        // Messages that name no group are all of one.
        if fifo && let Some(source) = architecture.sources.last_mut() {
            source.cargo.keys = source.cargo.keys.max(1);
        }
        Some(placed)
    }
}
