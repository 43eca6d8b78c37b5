//! `publish`: messages to a topic.

use super::event::{Action, Placed, WrittenEvent};
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, Form, ResourceKind};

/// The action.
pub const PUBLISH: Action = Action {
    key: "publish",
    keys: Keys {
        known: &[
            "publish",
            "attributes",
            "body",
            "at",
            "count",
            "rate",
            "from",
            "until",
            "arrivals",
        ],
        later: &["group"],
    },
    read: |reader, event, architecture| reader.publish(event, architecture),
};

impl Reader<'_> {
    fn publish(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let topic = self.resource(event.value, "publish", &[ResourceKind::Topic]);
        let attributes = self.attributes(event.fields, "attributes");
        let body = self.attributes(event.fields, "body");
        let placed = self.source(event, topic, Form::Delivery, architecture)?;
        if let Some(source) = architecture.sources.last_mut() {
            source.attributes = attributes;
            source.body = body;
        }
        Some(placed)
    }
}
