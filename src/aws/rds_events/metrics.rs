//! What a run gives of RDS's events.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::Distribution;

/// An event that was emitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmittedEvent {
    /// Its number: 49 is `RDS-EVENT-0049`.
    pub number: u16,
    /// Its identifier, for instance `RDS-EVENT-0049`.
    pub id: String,
    /// The type of its source.
    pub source_type: String,
    /// Its category.
    pub category: String,
    /// The name of its source.
    pub source: String,
    /// When it was emitted, in nanoseconds.
    pub time: u64,
    /// The subscriptions that want it, and when their topic gets it.
    pub notified: Vec<(String, u64)>,
}

/// What became of the events at a subscription.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventSubscriptionMetrics {
    /// Its name.
    pub name: String,
    /// The name of its topic.
    pub topic: String,
    /// Events that it handed to its topic.
    pub notifications: u64,
    /// Events that it doesn't want.
    pub filtered: u64,
    /// Notifications that reached the topic after one of an event that was emitted later.
    pub out_of_order: u64,
    /// From the event to the topic.
    pub delay: Distribution,
}
