//! The section `buckets`: S3 buckets and who is told of what happens to their objects.

use std::collections::BTreeSet;

use super::scalar::CHOICE;
use super::{Keys, Reader};
use crate::aws::architecture::ResourceKind;
use crate::aws::s3::deployment::{Bucket, Notification, Operation};
use crate::diagnostic::closest;
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Entry, Node, NodeValue};

const BUCKET: Keys =
    Keys { known: &["versioning", "notifications"], later: &["event_bridge", "lifecycle"] };

const NOTIFICATION: Keys = Keys { known: &["to", "events", "prefix", "suffix"], later: &[] };

/// What a bucket can tell.
const TARGETS: [ResourceKind; 3] =
    [ResourceKind::Function, ResourceKind::Queue, ResourceKind::Topic];

/// The types of all creations, and of all deletions.
const CREATED: &str = "s3:ObjectCreated:*";
const REMOVED: &str = "s3:ObjectRemoved:*";

/// Beginnings of types that aren't simulated.
const LATER: [&str; 8] = [
    "s3:ObjectRestore:",
    "s3:ObjectTagging:",
    "s3:ObjectAcl:",
    "s3:ReducedRedundancyLostObject",
    "s3:Replication:",
    "s3:LifecycleExpiration:",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
];

impl Reader<'_> {
    /// The buckets in the author's order.
    pub fn buckets(&mut self, node: &Node) -> Vec<Bucket> {
        let Some(mapping) = self.mapping(node, "`buckets`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::BUCKETS, "buckets", &node.range);
        mapping.entries.iter().take(limit::BUCKETS).map(|entry| self.bucket(entry)).collect()
    }

    fn bucket(&mut self, entry: &Entry) -> Bucket {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "bucket");
        let mut bucket = Bucket { name, ..Bucket::default() };
        if entry.value.value == NodeValue::Null {
            return bucket;
        }
        let what = format!("bucket `{}`", bucket.name);
        let Some(fields) = self.fields(&entry.value, &what, BUCKET) else { return bucket };
        bucket.versioning = self.flag(fields, "versioning");
        if let Some(node) = fields.get("notifications") {
            let example = "`notifications: [{ to: NAME, events: s3:ObjectCreated:* }]`";
            let items = self.items(node, "notifications", example);
            let (size, most) = (items.len(), limit::NOTIFICATIONS);
            self.check_size(size, most, "notifications of a bucket", &node.range);
            let items = items.iter().take(limit::NOTIFICATIONS);
            bucket.notifications =
                items.filter_map(|item| self.notification(item, &what)).collect();
        }
        bucket
    }

    fn notification(&mut self, node: &Node, bucket: &str) -> Option<Notification> {
        let what = format!("a notification of {bucket}");
        let fields = self.fields(node, &what, NOTIFICATION)?;
        let to = self.required(fields, "to", &what, &node.range, "to: NAME");
        let target = to.and_then(|to| self.resource(to, "to", &TARGETS));
        let example = "events: s3:ObjectCreated:*";
        let events = self.required(fields, "events", &what, &node.range, example);
        let events = events.map(|events| self.one_or_more(events)).unwrap_or_default();
        let mut operations = BTreeSet::new();
        for event in events {
            operations.extend(self.event_type(event));
        }
        let mut text = |key: &str| {
            let node = fields.get(key).filter(|node| node.value != NodeValue::Null);
            node.and_then(|node| self.text_of(node, key)).unwrap_or_default()
        };
        let (prefix, suffix) = (text("prefix"), text("suffix"));
        Some(Notification { target: target?, operations, prefix, suffix })
    }

    /// The operations that a type of events stands for.
    fn event_type(&mut self, node: &Node) -> Vec<Operation> {
        let Some(name) = self.text_of(node, "events") else { return Vec::new() };
        let all = || Operation::CREATED.into_iter().chain(Operation::REMOVED);
        match name.as_str() {
            CREATED => return Operation::CREATED.to_vec(),
            REMOVED => return Operation::REMOVED.to_vec(),
            _ => {}
        }
        if let Some(operation) = all().find(|operation| operation.event_type() == name) {
            return vec![operation];
        }
        let names: Vec<&str> =
            [CREATED, REMOVED].into_iter().chain(all().map(Operation::event_type)).collect();
        let unknown = |reader: &Self| {
            let message = format!("S3 has no event type `{name}`");
            reader.error(CHOICE, &node.range, message).label("no type of S3's events")
        };
        let diagnostic = match closest(&name, names.iter().copied()) {
            _ if LATER.iter().any(|start| name.starts_with(start)) => {
                self.not_simulated(&node.range, &format!("`events: {name}`"))
            }
            Some(near) => unknown(self).hint(format!("did you mean `{near}`?")),
            None => unknown(self).hint(format!("this version has {}", enumerate(&names))),
        };
        self.report(diagnostic);
        Vec::new()
    }
}
