//! The events of Amazon RDS, as `rds_events/events.yml` lists them.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::CatalogueError;
use crate::aws::rds_events::deployment::Happening;

/// What every identifier begins with.
const PREFIX: &str = "RDS-EVENT-";

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
    let is_it = |row: &&EventRow| {
        row.id.strip_prefix(PREFIX).and_then(|digits| digits.parse().ok()) == Some(number)
    };
    all().iter().find(is_it)
}

/// To whom something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Any instance or cluster.
    Any,
    /// An instance, be it Multi-AZ or not.
    Instance,
    /// An instance with a standby.
    MultiAz,
    /// A cluster of Aurora.
    Cluster,
    /// An RDS Proxy.
    Proxy,
}

/// When nobody can connect to a database because of something that happens to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Down {
    /// Connections go on.
    #[default]
    Never,
    /// From its begin to its end.
    Course,
    /// In the failover with which it ends, which lets RDS Proxy in first.
    Failover,
    /// From its begin on.
    Since,
    /// From its end on.
    After,
    /// It brings the database up at its end.
    Up,
}

/// The events that something emits: their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// What happens.
    pub happening: Happening,
    /// To whom.
    pub of: Of,
    /// What is emitted when it begins, in order.
    pub begin: Vec<u16>,
    /// What is emitted when a standby begins to take over on the way.
    #[serde(default)]
    pub switch: Vec<u16>,
    /// What is emitted when it is over, in order.
    pub end: Vec<u16>,
    /// When nobody can connect because of it.
    #[serde(default)]
    pub down: Down,
}

/// All courses.
pub fn courses() -> &'static [Course] {
    static ALL: OnceLock<Vec<Course>> = OnceLock::new();
    ALL.get_or_init(|| parse(include_str!("../rds_events/happenings.yml")).unwrap_or_default())
}

/// The categories of each source type, as [`all`] and the API have them.
pub fn categories() -> &'static IndexMap<String, Vec<String>> {
    static ALL: OnceLock<IndexMap<String, Vec<String>>> = OnceLock::new();
    let text = include_str!("../rds_events/categories.yml");
    ALL.get_or_init(|| serde_yaml::from_str(text).unwrap_or_default())
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, CatalogueError> {
    let error = |error: serde_yaml::Error| CatalogueError { name: None, reason: error.to_string() };
    serde_yaml::from_str(text).map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_complete_and_there_once() {
        let text = include_str!("../rds_events/events.yml");
        let rows: Vec<EventRow> = parse(text).expect("a list of events");
        assert!(rows.len() > 80);
        for (at, row) in rows.iter().enumerate() {
            assert!(row.id.starts_with("RDS-EVENT-") && row.id.len() == 14, "{}", row.id);
            assert!(rows[..at].iter().all(|other| other.id != row.id), "{}", row.id);
            assert!(row.korean.chars().any(|c| ('가'..='힣').contains(&c)), "{}", row.id);
        }
        assert_eq!(numbered(49).map(|row| row.category.as_str()), Some("failover"));
        assert_eq!(numbered(9999), None);
        let text = include_str!("../rds_events/happenings.yml");
        let courses: Vec<Course> = parse(text).expect("a list of courses");
        let numbers =
            |course: &Course| [&course.begin[..], &course.switch[..], &course.end[..]].concat();
        for number in courses.iter().flat_map(numbers) {
            assert!(numbered(number).is_some(), "{number}");
        }
        for row in &rows {
            assert!(categories()[&row.source_type].contains(&row.category), "{}", row.id);
        }
    }
}
