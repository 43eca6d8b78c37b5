//! Rules, their targets, and the events that come to the bus. Times are nanoseconds.

use std::collections::BTreeMap;

use super::schedule::Schedule;
use crate::aws::architecture::Resource;
use crate::aws::sns::filter::{AttributeValue, FilterPolicy};
use crate::sim::windows::Windows;

/// What an event says, flat: `source`, `detail-type`, `detail.order.price`.
pub type Fields = BTreeMap<String, AttributeValue>;

/// A rule on the default event bus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// Its name, unique in the architecture.
    pub name: String,
    /// Which events it matches; none when `None`.
    pub pattern: Option<FilterPolicy>,
    /// When it is triggered by itself.
    pub schedule: Option<Scheduled>,
    /// Whether it is switched off: `State: DISABLED`.
    pub disabled: bool,
    /// Who is invoked.
    pub targets: Vec<Target>,
}

/// The schedule of a rule, and until when a run looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// The expression as it is written.
    pub expression: String,
    /// What it means; `None` when EventBridge can't read it.
    pub schedule: Option<Schedule>,
    /// The end of the stretch of time in which it is looked at.
    pub until: u64,
}

/// A target of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// A function, a queue or a topic.
    pub target: Resource,
    /// `MaximumEventAgeInSeconds`; EventBridge's default when `None`.
    pub max_event_age: Option<u64>,
    /// `MaximumRetryAttempts`; EventBridge's default when `None`.
    pub max_retry_attempts: Option<u64>,
    /// The queue that gets what can't be delivered.
    pub dead_letter: Option<Resource>,
    /// `MessageGroupId`, which a FIFO queue needs.
    pub message_group: bool,
    /// When the target's service doesn't answer.
    pub down: Windows,
    /// Whether the target is gone: an error that isn't retried.
    pub deleted: bool,
}

/// Events that a source puts on the bus.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries {
    /// The source: an index of [`crate::aws::architecture::Architecture::sources`].
    pub source: u32,
    /// What they say.
    pub fields: Fields,
}
