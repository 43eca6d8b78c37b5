//! `upload` and `delete`: what happens to the objects of a bucket.

use super::event::{Action, Placed, WrittenEvent};
use super::numbered::Numbered;
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, Form, ResourceKind};
use crate::aws::s3::deployment::{Changes, Operation};
use crate::scenario::limit;
use crate::yaml::Node;

/// Objects are uploaded to a bucket, or copied there.
pub const UPLOAD: Action = Action {
    key: "upload",
    keys: Keys {
        known: &[
            "upload", "key", "as", "size", "at", "count", "rate", "from", "until", "arrivals",
            "poison",
        ],
        later: &["burst", "ramp"],
    },
    read: |reader, event, architecture| reader.upload(event, architecture),
};

/// Objects are deleted from a bucket.
pub const DELETE: Action = Action {
    key: "delete",
    keys: Keys {
        known: &["delete", "key", "at", "count", "rate", "from", "until", "arrivals", "poison"],
        later: &["burst", "ramp"],
    },
    read: |reader, event, architecture| reader.delete(event, architecture),
};

/// How an object comes to a bucket.
const UPLOADS: [(&str, Operation); 4] = [
    ("put", Operation::Put),
    ("post", Operation::Post),
    ("copy", Operation::Copy),
    ("multipart", Operation::CompleteMultipartUpload),
];

impl Reader<'_> {
    fn upload(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let fields = event.fields;
        let operation = fields.get("as").and_then(|node| self.choice(node, "as", &UPLOADS, &[]));
        let size = fields.get("size").and_then(|node| self.bytes(node, "size"));
        let operation = operation.unwrap_or(Operation::Put);
        self.change(event, operation, size.unwrap_or_default(), architecture)
    }

    fn delete(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        self.change(event, Operation::Delete, 0, architecture)
    }

    fn change(
        &mut self,
        event: &WrittenEvent<'_>,
        operation: Operation,
        size: u64,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let action = if operation == Operation::Delete { DELETE.key } else { UPLOAD.key };
        let target = self.resource(event.value, action, &[ResourceKind::Bucket]);
        let keys = event.fields.get("key").map_or_else(Vec::new, |node| self.object_keys(node));
        let placed = self.source(event, target, Form::Delivery, architecture)?;
        let source = architecture.sources.len().saturating_sub(1) as u32;
        // Each object is a message whose key is the place of its own key in the list.
        if let Some(source) = architecture.sources.last_mut() {
            source.cargo.keys = keys.len().max(1) as u32;
        }
        let bucket = architecture.buckets.get_mut(placed.target.place())?;
        let operation = match operation {
            Operation::Delete if bucket.versioning => Operation::DeleteMarkerCreated,
            operation => operation,
        };
        bucket.changes.push(Changes { source, operation, keys, size });
        Some(placed)
    }

    /// The keys of an event: one or several, and `images/{1..100}.jpg` stands for a hundred.
    fn object_keys(&mut self, node: &Node) -> Vec<String> {
        let mut keys = Vec::new();
        for item in self.one_or_more(node) {
            let Some(text) = self.text_of(item, "key") else { continue };
            let Some(numbered) = self.numbered(item, &text, "key") else { continue };
            let count = numbered.map_or(1, |range| u64::from(range.last - range.first) + 1);
            let whole = usize::try_from(count).unwrap_or(usize::MAX).saturating_add(keys.len());
            let what = "keys of objects in an event";
            if !self.check_size(whole, limit::OBJECT_KEYS, what, &item.range) {
                break;
            }
            match numbered {
                Some(Numbered { before, first, last, after }) => {
                    keys.extend((first..=last).map(|at| format!("{before}{at}{after}")));
                }
                None => keys.push(text),
            }
        }
        keys
    }
}
