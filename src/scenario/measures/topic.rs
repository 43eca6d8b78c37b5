//! What is measured of topics: CloudWatch's names, and single deliveries.

use super::group::{Group, durations};
use crate::aws::sns::metrics::{Delivery, DeliveryOutcome, SubscriptionMetrics, TopicMetrics};
use crate::scenario::limit;
use crate::scenario::outcome::Measure;

/// The measures of a topic; those of a subscription stand under the name of its endpoint.
pub(super) fn topic(topic: &TopicMetrics) -> Group {
    let mut group = Group::default();
    group.count("number_of_messages_published", topic.number_of_messages_published);
    group.count("number_of_notifications_delivered", topic.number_of_notifications_delivered);
    group.count("number_of_notifications_failed", topic.number_of_notifications_failed);
    group.count("number_of_notifications_filtered_out", topic.number_of_notifications_filtered_out);
    group.count(
        "number_of_notifications_redriven_to_dlq",
        topic.number_of_notifications_redriven_to_dlq,
    );
    group.count("retries", topic.retries);
    let mut subscriptions = Group::default();
    for one in &topic.subscriptions {
        subscriptions.group(&one.endpoint, subscription(one));
    }
    group.group("subscriptions", subscriptions);
    let deliveries = topic.deliveries.iter().take(limit::LOG).map(delivery);
    group.put("deliveries", Measure::List(deliveries.collect()));
    group
}

fn subscription(one: &SubscriptionMetrics) -> Group {
    let mut group = Group::default();
    group.count("delivered", one.delivered);
    group.count("failed", one.failed);
    group.count("filtered_out", one.filtered_out);
    group.count("retries", one.retries);
    group.count("redriven_to_dlq", one.redriven_to_dlq);
    group.count("out_of_order", one.out_of_order);
    group.group("latency", durations(&one.latency));
    group
}

fn delivery(delivery: &Delivery) -> Measure {
    let mut group = Group::default();
    let outcome = match delivery.outcome {
        DeliveryOutcome::Delivered => "delivered",
        DeliveryOutcome::GivenUp => "given_up",
        DeliveryOutcome::Refused => "refused",
    };
    group.put("endpoint", Measure::Text(delivery.endpoint.clone()));
    group.duration("published", delivery.published as f64);
    group.duration("ended", delivery.ended as f64);
    group.count("attempts", delivery.attempts);
    group.put("outcome", Measure::Text(outcome.to_owned()));
    group.put("redriven_to_dlq", Measure::Bool(delivery.redriven));
    Measure::Map(group.0)
}
