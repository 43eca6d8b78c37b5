//! What the messages say that RDS hands to a topic, and its events on EventBridge's bus: what
//! filter policies of SNS and event patterns can see.
//!
//! The category of an event stands in none of them, so only the event subscription can choose by
//! it; on the bus it stands in the event.

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

fn letter(architecture: &Architecture, incident: &Incident, row: &EventRow) -> Letter {
    let source = incident.subject.source(&row.source_type, incident.happening);
    let arn = arn(architecture, incident, row, &source);
    let map = |entries: [(&str, &str); 2]| {
        BTreeMap::from(entries.map(|(name, value)| (name.to_owned(), text(value))))
    };
    Letter {
        attributes: map([("EventID", &row.id), ("Resource", &arn)]),
        body: map([("Event Source", &row.source_type), ("Source ID", &source)]),
    }
}

/// What an event says on EventBridge's bus, flat. Its words are left out.
///
/// Source: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloudwatch-events.sample.html
pub(super) fn fields(
    architecture: &Architecture,
    incident: &Incident,
    row: &EventRow,
) -> BTreeMap<String, AttributeValue> {
    let source = incident.subject.source(&row.source_type, incident.happening);
    let arn = arn(architecture, incident, row, &source);
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
    let list = |text: &str| AttributeValue::List(vec![text.to_owned()]);
    let fields = [
        ("source", text("aws.rds")),
        ("detail-type", text(detail_type)),
        ("account", text(&architecture.identities.account)),
        ("region", text(&architecture.account.region)),
        ("resources", list(&arn)),
        ("detail.EventCategories", list(&row.category)),
        ("detail.SourceType", text(source_type)),
        ("detail.SourceArn", text(&arn)),
        ("detail.SourceIdentifier", text(&source)),
        ("detail.EventID", text(&row.id)),
    ];
    BTreeMap::from(fields.map(|(name, value)| (name.to_owned(), value)))
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::Text(text.to_owned())
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
