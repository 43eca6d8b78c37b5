//! What SNS refuses. Source: the API reference of `Subscribe` and `SetSubscriptionAttributes`.

use super::deployment::{Protocol, RetryPolicy, Subscription, Topic};
use crate::aws::architecture::{Architecture, ResourceKind};
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::sim::SECOND;

/// The first subscription that SNS would refuse, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    architecture.topics.iter().find_map(|topic| {
        topic.subscriptions.iter().find_map(|one| refused(architecture, topic, one, reader))
    })
}

fn refused(
    architecture: &Architecture,
    topic: &Topic,
    subscription: &Subscription,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    let rejection = |reason: String| {
        let resource = Some(topic.name.clone());
        Some(Rejection { resource, error: "InvalidParameter".to_owned(), reason })
    };
    let endpoint = architecture.name(subscription.endpoint);
    // An endpoint has one subscription to a topic: AWS gives back the one that is there.
    let first = topic.subscriptions.iter().find(|other| other.endpoint == subscription.endpoint);
    if first.is_some_and(|first| first != subscription) {
        return rejection(
            "Invalid parameter: Attributes Reason: Subscription already exists with different \
             attributes"
                .to_owned(),
        );
    }
    if topic.fifo && subscription.endpoint.kind == ResourceKind::Endpoint {
        return rejection(format!(
            "Invalid parameter: Invalid protocol type: a FIFO topic doesn't deliver to {endpoint}"
        ));
    }
    if subscription.raw_delivery
        && let Some(protocol) = enveloped(architecture, subscription)
    {
        return rejection(format!(
            "Invalid parameter: Attributes Reason: RawMessageDelivery: Delivery protocol \
             [{protocol}] does not support raw message delivery."
        ));
    }
    let policy = subscription.retry_policy?;
    let longest = reader.time("sns.http_total_delay_max");
    if policy.max_delay_target < policy.min_delay_target {
        return rejection(
            "Invalid parameter: DeliveryPolicy: healthyRetryPolicy.maxDelayTarget must be greater \
             than or equal to minDelayTarget"
                .to_owned(),
        );
    }
    if total(&policy) > longest {
        return rejection(format!(
            "Invalid parameter: DeliveryPolicy: the total time of all retries must not exceed {} \
             seconds",
            longest / SECOND
        ));
    }
    let phases =
        [policy.num_no_delay_retries, policy.num_min_delay_retries, policy.num_max_delay_retries];
    let phases = phases.iter().fold(0u64, |sum, &count| sum.saturating_add(count));
    if phases > policy.num_retries {
        return rejection(
            "Invalid parameter: DeliveryPolicy: healthyRetryPolicy.numRetries must be at least the \
             sum of numNoDelayRetries, numMinDelayRetries and numMaxDelayRetries"
                .to_owned(),
        );
    }
    None
}

/// The protocol of a subscription that can't do without SNS's envelope.
fn enveloped(architecture: &Architecture, subscription: &Subscription) -> Option<&'static str> {
    let endpoint = subscription.endpoint;
    match endpoint.kind {
        ResourceKind::Function => Some("lambda"),
        ResourceKind::Endpoint => match architecture.endpoints.get(endpoint.place())?.protocol {
            Protocol::Http | Protocol::Https => None,
            Protocol::Email => Some("email"),
            Protocol::Sms => Some("sms"),
            Protocol::Push => Some("application"),
        },
        _ => None,
    }
}

/// The least time that the retries of a policy take: those whose delay is fixed.
fn total(policy: &RetryPolicy) -> u64 {
    let least = policy.num_min_delay_retries.saturating_mul(policy.min_delay_target);
    least.saturating_add(policy.num_max_delay_retries.saturating_mul(policy.max_delay_target))
}
