//! Buckets, their notifications, and what happens to their objects.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::aws::architecture::Resource;

/// A general purpose bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bucket {
    /// Its name, unique in the architecture.
    pub name: String,
    /// Whether versioning is on: a deletion then makes a delete marker.
    pub versioning: bool,
    /// Its notification configuration.
    pub notifications: Vec<Notification>,
    /// What happens to its objects.
    pub changes: Vec<Changes>,
}

/// A rule of a bucket's notification configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// The function, queue or topic that is told.
    pub target: Resource,
    /// Which operations it wants to hear of.
    pub operations: BTreeSet<Operation>,
    /// What the key of an object begins with.
    pub prefix: String,
    /// What it ends with.
    pub suffix: String,
}

/// What a source does to objects of a bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The source: an index of [`crate::aws::architecture::Architecture::sources`].
    pub source: u32,
    /// What it does.
    pub operation: Operation,
    /// The keys, one after the other.
    pub keys: Vec<String>,
    /// The bytes of each object.
    pub size: u64,
}

/// What can happen to an object, by what S3 tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// It is uploaded in one request.
    Put,
    /// It is uploaded by a form of a browser.
    Post,
    /// It is copied to there.
    Copy,
    /// It is uploaded in parts.
    CompleteMultipartUpload,
    /// It is deleted for good.
    Delete,
    /// It is deleted in a bucket with versioning.
    DeleteMarkerCreated,
}

impl Operation {
    /// Those that make an object.
    pub const CREATED: [Self; 4] =
        [Self::Put, Self::Post, Self::Copy, Self::CompleteMultipartUpload];
    /// Those that take it away.
    pub const REMOVED: [Self; 2] = [Self::Delete, Self::DeleteMarkerCreated];

    /// The type of the event that tells of it.
    pub fn event_type(self) -> &'static str {
        match self {
            Self::Put => "s3:ObjectCreated:Put",
            Self::Post => "s3:ObjectCreated:Post",
            Self::Copy => "s3:ObjectCreated:Copy",
            Self::CompleteMultipartUpload => "s3:ObjectCreated:CompleteMultipartUpload",
            Self::Delete => "s3:ObjectRemoved:Delete",
            Self::DeleteMarkerCreated => "s3:ObjectRemoved:DeleteMarkerCreated",
        }
    }
}

impl Notification {
    /// Whether it wants to hear of an operation on a key.
    pub fn wants(&self, operation: Operation, key: &str) -> bool {
        self.operations.contains(&operation)
            && key.starts_with(&self.prefix)
            && key.ends_with(&self.suffix)
    }

    /// Whether S3 couldn't tell which of two rules an object falls under: they share an event
    /// type, one prefix begins with the other, and one suffix ends with the other.
    pub fn overlaps(&self, other: &Self) -> bool {
        let prefixes =
            self.prefix.starts_with(&other.prefix) || other.prefix.starts_with(&self.prefix);
        let suffixes = self.suffix.ends_with(&other.suffix) || other.suffix.ends_with(&self.suffix);
        prefixes && suffixes && !self.operations.is_disjoint(&other.operations)
    }
}
