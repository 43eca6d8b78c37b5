//! How a function is invoked asynchronously: its `FunctionEventInvokeConfig` and dead-letter queue.

use crate::aws::architecture::Resource;

/// What becomes of events for a function. Times are nanoseconds; the catalogue's default for what
/// is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventInvokeConfig {
    /// `MaximumEventAgeInSeconds`: how old an event may be when the function is invoked with it.
    pub max_event_age: Option<u64>,
    /// `MaximumRetryAttempts`: how often an event is tried again after function errors.
    pub max_retry_attempts: Option<u64>,
    /// Where the record of an invocation that succeeded goes.
    pub on_success: Option<Destination>,
    /// Where the record of an event that was given up goes.
    pub on_failure: Option<Destination>,
    /// `DeadLetterConfig`: where an event that was given up goes, without a record.
    pub dead_letter: Option<Destination>,
}

/// Where Lambda sends something by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Where to.
    pub target: Resource,
    /// Whether the function's execution role may send there; what can't be sent is lost.
    pub allowed: bool,
}
