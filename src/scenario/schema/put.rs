//! `put` and `write`: records to a stream, and items to a table whose stream tells of them.

use super::event::{Action, Placed, WrittenEvent};
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, Form, ResourceKind};

/// Records are put into a Kinesis data stream.
pub const PUT: Action = Action {
    key: "put",
    keys: Keys {
        known: &[
            "put", "at", "count", "rate", "from", "until", "arrivals", "keys", "poison", "size",
        ],
        later: &["burst", "ramp"],
    },
    read: |reader, event, architecture| reader.put(event, ResourceKind::Stream, architecture),
};

/// Items are written to a DynamoDB table.
pub const WRITE: Action = Action {
    key: "write",
    keys: Keys {
        known: &[
            "write", "at", "count", "rate", "from", "until", "arrivals", "keys", "poison", "size",
        ],
        later: &["burst", "ramp"],
    },
    read: |reader, event, architecture| reader.put(event, ResourceKind::Table, architecture),
};

impl Reader<'_> {
    fn put(
        &mut self,
        event: &WrittenEvent<'_>,
        kind: ResourceKind,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let action = if kind == ResourceKind::Table { WRITE.key } else { PUT.key };
        let target = self.resource(event.value, action, &[kind]);
        self.source(event, target, Form::Delivery, architecture)
    }
}
