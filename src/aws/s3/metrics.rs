//! What a run gives of a bucket.

use serde::{Deserialize, Serialize};

use super::deployment::Operation;
use crate::sim::statistics::Distribution;

/// What a bucket saw and told of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BucketMetrics {
    /// The bucket's name.
    pub name: String,
    /// Objects that were made or replaced.
    pub objects_created: u64,
    /// Objects that were deleted.
    pub objects_removed: u64,
    /// `4xxErrors`: uploads that were refused.
    pub errors_4xx: u64,
    /// `BytesUploaded`.
    pub bytes_uploaded: u64,
    /// What happened to objects and no rule wanted to hear of.
    pub untold: u64,
    /// The rules, in the author's order.
    pub notifications: Vec<NotificationMetrics>,
}

/// What a rule of a bucket's notifications did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NotificationMetrics {
    /// The name of who is told.
    pub target: String,
    /// Notifications, those that came twice counted twice.
    pub sent: u64,
    /// Notifications that came a second time.
    pub duplicates: u64,
    /// What happened to objects and the rule didn't want to hear of.
    pub filtered_out: u64,
    /// From what happened to the notification.
    pub delay: Distribution,
}

/// What can happen in a bucket, as a step of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectStep {
    /// Something was done to an object.
    Changed(Operation),
    /// The upload was refused: larger than one request may be.
    TooLarge,
    /// No rule wants to hear of it.
    Untold,
}
