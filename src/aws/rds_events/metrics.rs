//! What a run gives of RDS's events.

use serde::{Deserialize, Serialize};

/// An event that was emitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmittedEvent {
    /// Its identifier, for instance `RDS-EVENT-0049`.
    pub id: String,
    /// The type of its source.
    pub source_type: String,
    /// Its category.
    pub category: String,
    /// The name of its source.
    pub source: String,
    /// When it was emitted.
    pub time: u64,
    /// The subscriptions that want it, and when their topic gets it.
    pub notified: Vec<(String, u64)>,
}
