//! The events of Amazon RDS, as `rds_events/events.yml` lists them.

use std::sync::OnceLock;

use serde::Deserialize;

use super::CatalogueError;

/// An event that RDS notifies.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRow {
    /// Its identifier, for instance `RDS-EVENT-0049`.
    pub id: String,
    /// What it is about: `db-instance`, `db-cluster`, `db-parameter-group`, …
    pub source_type: String,
    /// The category that subscriptions name.
    pub category: String,
    /// What it says.
    pub korean: String,
    /// The same in English.
    pub english: String,
}

/// All events, by identifier.
pub fn all() -> &'static [EventRow] {
    static ALL: OnceLock<Vec<EventRow>> = OnceLock::new();
    // A test holds that the embedded text can be read, so the empty list is never seen.
    ALL.get_or_init(|| parse(include_str!("../rds_events/events.yml")).unwrap_or_default())
}

/// The event with a number: 49 is `RDS-EVENT-0049`.
pub fn numbered(number: u16) -> Option<&'static EventRow> {
    let id = format!("RDS-EVENT-{number:04}");
    all().iter().find(|row| row.id == id)
}

fn parse(text: &str) -> Result<Vec<EventRow>, CatalogueError> {
    let error = |error: serde_yaml::Error| CatalogueError { name: None, reason: error.to_string() };
    serde_yaml::from_str(text).map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_complete_and_there_once() {
        let rows = parse(include_str!("../rds_events/events.yml")).expect("a list of events");
        assert!(rows.len() > 80);
        for (at, row) in rows.iter().enumerate() {
            assert!(row.id.starts_with("RDS-EVENT-") && row.id.len() == 14, "{}", row.id);
            assert!(rows[..at].iter().all(|other| other.id != row.id), "{}", row.id);
            assert!(row.korean.chars().any(|c| ('가'..='힣').contains(&c)), "{}", row.id);
        }
        assert_eq!(numbered(49).map(|row| row.category.as_str()), Some("failover"));
        assert_eq!(numbered(9999), None);
    }
}
