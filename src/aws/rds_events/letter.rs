//! What the messages say that RDS hands to a topic, and its events on EventBridge's bus: what
//! filter policies of SNS and event patterns can see.
//!
//! The category of an event stands in none of them, so only the event subscription can choose by
//! it.

use std::collections::BTreeMap;

use super::deployment::Incident;
use super::happening::emissions;
use crate::aws::architecture::{Architecture, Letter};
use crate::aws::catalogue::events::{EventRow, numbered};
use crate::aws::sns::filter::AttributeValue;

/// The letters of all events that an architecture's incidents emit, in the order of incidents and,
/// in each, of its events.
pub fn letters(architecture: &Architecture) -> Vec<Letter> {
    if architecture.event_subscriptions.is_empty() {
        return Vec::new();
    }
    let of = |incident: &'_ Incident| -> Vec<Letter> {
        emissions(incident.happening, &incident.subject)
            .filter_map(|(_, number)| Some(letter(architecture, incident, numbered(number)?)))
            .collect()
    };
    architecture.incidents.iter().flat_map(of).collect()
}

/// What the same events say on EventBridge's default bus, in the same order; other than in a
/// letter, their category is among it.
///
/// Source: RDS's user guide on events of DB instances in EventBridge.
pub fn bus_events(architecture: &Architecture) -> Vec<BTreeMap<String, AttributeValue>> {
    if architecture.rules.is_empty() {
        return Vec::new();
    }
    let of = |incident: &'_ Incident| -> Vec<BTreeMap<String, AttributeValue>> {
        emissions(incident.happening, &incident.subject)
            .filter_map(|(_, number)| Some(bus_event(architecture, incident, numbered(number)?)))
            .collect()
    };
    architecture.incidents.iter().flat_map(of).collect()
}

fn bus_event(
    architecture: &Architecture,
    incident: &Incident,
    row: &EventRow,
) -> BTreeMap<String, AttributeValue> {
    let (detail_type, source_type) = match row.source_type.as_str() {
        "db-cluster" => ("RDS DB Cluster Event", "CLUSTER"),
        "db-parameter-group" => ("RDS DB Parameter Group Event", "DB_PARAM"),
        "db-security-group" => ("RDS DB Security Group Event", "SECURITY_GROUP"),
        "db-snapshot" => ("RDS DB Snapshot Event", "SNAPSHOT"),
        "db-cluster-snapshot" => ("RDS DB Cluster Snapshot Event", "CLUSTER_SNAPSHOT"),
        "db-proxy" => ("RDS DB Proxy Event", "DB_PROXY"),
        "blue-green-deployment" => ("RDS Blue Green Deployment Event", "BLUE_GREEN_DEPLOYMENT"),
        _ => ("RDS DB Instance Event", "DB_INSTANCE"),
    };
    let source = incident.subject.source(&row.source_type, incident.happening);
    let (region, account) = (&architecture.account.region, &architecture.identities.account);
    let arn = arn(architecture, incident, row, &source);
    let texts = [
        ("source", "aws.rds"),
        ("region", region),
        ("account", account),
        ("detail-type", detail_type),
        ("detail.SourceType", source_type),
        ("detail.SourceArn", &arn),
        ("detail.SourceIdentifier", &source),
        ("detail.EventID", &row.id),
    ];
    let text =
        |(name, text): (&str, &str)| (name.to_owned(), AttributeValue::Text(text.to_owned()));
    let mut fields = BTreeMap::from(texts.map(text));
    let categories = AttributeValue::List(vec![row.category.clone()]);
    fields.insert("detail.EventCategories".to_owned(), categories);
    fields.insert("resources".to_owned(), AttributeValue::List(vec![arn]));
    fields
}

fn letter(architecture: &Architecture, incident: &Incident, row: &EventRow) -> Letter {
    let source = incident.subject.source(&row.source_type, incident.happening);
    let arn = arn(architecture, incident, row, &source);
    let map = |entries: [(&str, &str); 2]| {
        let value = |value: &str| AttributeValue::Text(value.to_owned());
        BTreeMap::from(entries.map(|(name, text)| (name.to_owned(), value(text))))
    };
    Letter {
        attributes: map([("EventID", &row.id), ("Resource", &arn)]),
        body: map([("Event Source", &row.source_type), ("Source ID", &source)]),
    }
}

/// The ARN of the source of an event.
fn arn(architecture: &Architecture, incident: &Incident, row: &EventRow, source: &str) -> String {
    let kind = match row.source_type.as_str() {
        "db-cluster" => "cluster",
        "db-parameter-group" if incident.subject.is_aurora => "cluster-pg",
        "db-parameter-group" => "pg",
        "db-snapshot" => "snapshot",
        "db-cluster-snapshot" => "cluster-snapshot",
        "db-proxy" => "db-proxy",
        "blue-green-deployment" => "deployment",
        _ => "db",
    };
    let (region, account) = (&architecture.account.region, &architecture.identities.account);
    format!("arn:aws:rds:{region}:{account}:{kind}:{source}")
}
