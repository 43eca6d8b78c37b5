//! `put_events`: events on EventBridge's default bus.

use super::event::{Action, Placed, WrittenEvent};
use super::{KIND, Keys, Reader, kind};
use crate::aws::architecture::{Architecture, Form, Resource, ResourceKind};
use crate::aws::eventbridge::deployment::{Entries, Fields};
use crate::aws::sns::filter::AttributeValue;
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// The action: its value is the events' source.
pub const PUT_EVENTS: Action = Action {
    key: "put_events",
    keys: Keys {
        known: &[
            "put_events",
            "detail_type",
            "detail",
            "at",
            "count",
            "rate",
            "from",
            "until",
            "arrivals",
            "poison",
        ],
        later: &["bus", "resources", "burst", "ramp"],
    },
    read: |reader, event, architecture| reader.put_events(event, architecture),
};

impl Reader<'_> {
    fn put_events(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let mut fields = Fields::new();
        let mut say = |key: &str, text: String| {
            fields.insert(key.to_owned(), AttributeValue::Text(text));
        };
        say("region", architecture.account.region.clone());
        say("account", architecture.identities.account.clone());
        let source = self.text_of(event.value, "put_events");
        source.into_iter().for_each(|source| say("source", source));
        let written = event.fields.get("detail_type").filter(|n| n.value != NodeValue::Null);
        let detail_type = written.and_then(|node| self.text_of(node, "detail_type"));
        detail_type.into_iter().for_each(|text| say("detail-type", text));
        if let Some(node) = event.fields.get("detail").filter(|n| n.value != NodeValue::Null)
            && let Some(mapping) = self.mapping(node, "`detail`")
        {
            self.detail(mapping, "detail", 0, &mut fields);
        }
        let bus = Resource::new(ResourceKind::Bus, 0);
        let placed = self.source(event, Some(bus), Form::Delivery, architecture)?;
        let source = architecture.sources.len().saturating_sub(1) as u32;
        architecture.bus_entries.push(Entries { source, fields });
        Some(placed)
    }

    /// What the detail of an event says, flat.
    fn detail(&mut self, mapping: &Mapping, path: &str, depth: usize, fields: &mut Fields) {
        for Entry { key, value, .. } in &mapping.entries {
            let name = format!("{path}.{key}");
            let size = fields.len() + 1;
            if !self.check_size(size, limit::ATTRIBUTES, "values in an event", &value.range) {
                return;
            }
            match &value.value {
                NodeValue::Mapping(inner) if depth < limit::DETAIL => {
                    self.detail(inner, &name, depth + 1, fields);
                }
                _ => {
                    let value = self.detail_value(value, key);
                    fields.extend(value.map(|value| (name, value)));
                }
            }
        }
    }

    fn detail_value(&mut self, node: &Node, key: &str) -> Option<AttributeValue> {
        match &node.value {
            NodeValue::Null => Some(AttributeValue::Text("null".to_owned())),
            NodeValue::Mapping(_) => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{key}` lies too deep in `detail`"))
                    .label(format!("this is {}", kind(&node.value)));
                self.report(diagnostic);
                None
            }
            _ => self.attribute_value(node, key),
        }
    }
}
