//! What CloudWatch shows for topics, and single deliveries up to a bound.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::Distribution;

/// What CloudWatch shows for a topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TopicMetrics {
    /// The topic's name.
    pub name: String,
    /// `NumberOfMessagesPublished`.
    pub number_of_messages_published: u64,
    /// `NumberOfNotificationsDelivered`.
    pub number_of_notifications_delivered: u64,
    /// `NumberOfNotificationsFailed`: given up.
    pub number_of_notifications_failed: u64,
    /// `NumberOfNotificationsFilteredOut`.
    pub number_of_notifications_filtered_out: u64,
    /// `NumberOfNotificationsRedrivenToDlq`.
    pub number_of_notifications_redriven_to_dlq: u64,
    /// Attempts after the first ones.
    pub retries: u64,
    /// The subscriptions, in the author's order.
    pub subscriptions: Vec<SubscriptionMetrics>,
    /// The first deliveries of the topic, up to [`super::MOST_DELIVERIES`], in the order in which
    /// they ended.
    pub deliveries: Vec<Delivery>,
}

/// What became of the messages of a topic at one subscription.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SubscriptionMetrics {
    /// The name of its endpoint.
    pub endpoint: String,
    /// Delivered.
    pub delivered: u64,
    /// Given up.
    pub failed: u64,
    /// Not wanted.
    pub filtered_out: u64,
    /// Attempts after the first ones.
    pub retries: u64,
    /// Sent to the dead-letter queue.
    pub redriven_to_dlq: u64,
    /// Messages that were delivered after one that was published later.
    pub out_of_order: u64,
    /// From the publication to the delivery.
    pub latency: Distribution,
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryOutcome {
    /// The endpoint took it.
    Delivered,
    /// All retries were used up.
    GivenUp,
    /// An error of the client's side, which isn't retried.
    Refused,
}

/// One delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The name of the endpoint.
    pub endpoint: String,
    /// When the message was published.
    pub published: u64,
    /// When the delivery ended.
    pub ended: u64,
    /// How many attempts there were.
    pub attempts: u64,
    /// How it ended.
    pub outcome: DeliveryOutcome,
    /// Whether it went to a dead-letter queue then.
    pub redriven: bool,
}
