//! What RDS refuses of event subscriptions. Source: the API reference of `CreateEventSubscription`.

use super::deployment::{EventSubscription, Subject};
use crate::aws::architecture::Architecture;
use crate::aws::catalogue::events;
use crate::aws::metrics::Rejection;

/// The first subscription that RDS would refuse, if any.
pub fn refusal(architecture: &Architecture) -> Option<Rejection> {
    let subjects = architecture.incidents.iter().map(|incident| &incident.subject);
    let names = |subject: &Subject| [subject.name.clone(), subject.parameter_group.clone()];
    let sources: Vec<String> = subjects.flat_map(names).collect();
    let sources = sources.as_slice();
    architecture.event_subscriptions.iter().find_map(|subscription| refused(subscription, sources))
}

fn refused(subscription: &EventSubscription, sources: &[String]) -> Option<Rejection> {
    let rejection = |error: &str, reason: String| {
        let resource = Some(subscription.name.clone());
        Some(Rejection { resource, error: error.to_owned(), reason })
    };
    if subscription.fifo_topic {
        let reason = "SNS topic is not valid: FIFO topics are not supported for event \
                      notifications";
        return rejection("SNSInvalidTopic", reason.to_owned());
    }
    let Some(source_type) = &subscription.source_type else {
        if subscription.sources.is_empty() {
            return None;
        }
        let reason = "If the SourceIds parameter is supplied, the SourceType parameter must also \
                      be provided";
        return rejection("InvalidParameterCombination", reason.to_owned());
    };
    let known = |row: &&events::EventRow| row.source_type == *source_type;
    for category in &subscription.categories {
        let of_category = |row: &events::EventRow| row.category == *category;
        if !events::all().iter().filter(known).any(of_category) {
            let reason =
                format!("The category {category} doesn't exist for source type {source_type}");
            return rejection("SubscriptionCategoryNotFound", reason);
        }
    }
    let missing = subscription.sources.iter().find(|source| !sources.contains(source))?;
    rejection("SourceNotFound", format!("The requested source {missing} can't be found"))
}
