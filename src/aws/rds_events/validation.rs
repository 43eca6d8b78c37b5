//! What RDS refuses of event subscriptions. Source: the API reference of `CreateEventSubscription`.

use super::deployment::EventSubscription;
use super::happening::emissions;
use crate::aws::architecture::Architecture;
use crate::aws::catalogue::events::{self, numbered};
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;

/// The first subscription that RDS would refuse, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let subscriptions = &architecture.event_subscriptions;
    let refused = |subscription| refused(subscription, architecture);
    subscriptions.iter().find_map(refused).or_else(|| too_many(architecture, reader))
}

fn rejection(subscription: &EventSubscription, error: &str, reason: String) -> Option<Rejection> {
    let resource = Some(subscription.name.clone());
    Some(Rejection { resource, error: error.to_owned(), reason })
}

/// More subscriptions than an account may have.
fn too_many(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let subscriptions = &architecture.event_subscriptions;
    let last = subscriptions.last()?;
    let most = reader.count("rds_events.subscriptions_max");
    let reason = || format!("An account has at most {most} event subscriptions in a Region");
    let over = subscriptions.len() as u64 > most;
    over.then(|| rejection(last, "EventSubscriptionQuotaExceeded", reason())).flatten()
}

fn refused(subscription: &EventSubscription, architecture: &Architecture) -> Option<Rejection> {
    if subscription.fifo_topic {
        let reason = "SNS topic is not valid: FIFO topics are not supported for event \
                      notifications";
        return rejection(subscription, "SNSInvalidTopic", reason.to_owned());
    }
    let all = events::categories();
    let Some(source_type) = &subscription.source_type else {
        if !subscription.sources.is_empty() {
            let reason = "If the SourceIds parameter is supplied, the SourceType parameter must \
                          also be provided";
            return rejection(subscription, "InvalidParameterCombination", reason.to_owned());
        }
        let known = |category: &&String| all.values().any(|known| known.contains(category));
        let unknown = subscription.categories.iter().find(|category| !known(category))?;
        let reason = format!("The category {unknown} doesn't exist");
        return rejection(subscription, "SubscriptionCategoryNotFound", reason);
    };
    let known = all.get(source_type).map(Vec::as_slice).unwrap_or_default();
    if let Some(unknown) = subscription.categories.iter().find(|c| !known.contains(c)) {
        let known = known.join(", ");
        let reason = format!(
            "The category {unknown} doesn't exist for source type {source_type}, which has {known}"
        );
        return rejection(subscription, "SubscriptionCategoryNotFound", reason);
    }
    let sources = sources(architecture, source_type);
    let missing = subscription.sources.iter().find(|source| !sources.contains(source))?;
    let reason = format!("The requested source {missing} of type {source_type} can't be found");
    rejection(subscription, "SourceNotFound", reason)
}

/// The names of the sources of a type that are there, or come to be there in the run.
fn sources(architecture: &Architecture, source_type: &str) -> Vec<String> {
    let databases = || architecture.databases.iter();
    let mut names: Vec<String> = match source_type {
        "db-instance" => databases().map(|database| database.name.clone()).collect(),
        "db-cluster" => databases()
            .filter(|database| database.engine.is_aurora())
            .map(|database| database.name.clone())
            .collect(),
        "db-parameter-group" => databases().map(|d| d.parameter_group().to_owned()).collect(),
        "db-proxy" => architecture.proxies.iter().map(|proxy| proxy.name.clone()).collect(),
        _ => Vec::new(),
    };
    for incident in &architecture.incidents {
        for (_, number) in emissions(incident.happening, &incident.subject) {
            if numbered(number).is_some_and(|row| row.source_type == source_type) {
                names.push(incident.subject.source(source_type, incident.happening));
            }
        }
    }
    names
}
