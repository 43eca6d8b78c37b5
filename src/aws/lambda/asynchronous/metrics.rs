//! What a run gives of the events of a function, under CloudWatch's names. Times are nanoseconds
//! from the beginning of the run.

use serde::{Deserialize, Serialize};

use crate::aws::lambda::metrics::{Counts, Durations, Series, ThrottleReason};
use crate::sim::statistics::Ages;

/// How many of a function's first events are kept one by one.
pub const FIRST_EVENTS: usize = 200;
/// How many attempts of such an event are kept.
pub const ATTEMPTS: usize = 128;

/// What CloudWatch shows of the asynchronous invocations of a function, and what it doesn't.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AsynchronousMetrics {
    /// `AsyncEventsReceived`: events that Lambda has taken into its queue.
    pub async_events_received: u64,
    /// Events that Lambda didn't take, because clients sent more than the Region's quota of
    /// requests a second. Their senders got a 429.
    pub async_events_refused: u64,
    /// `AsyncEventsDropped`: events that were given up without a run that succeeded.
    pub async_events_dropped: u64,
    /// The same by condition; conditions that didn't occur are absent.
    pub dropped_by_condition: Vec<(Condition, u64)>,
    /// `AsyncEventAge`: from the time at which an event was taken to each run of the function.
    pub async_event_age: Durations,
    /// How old events were when they were given up.
    pub dropped_event_age: Durations,
    /// Events that wait in the queue for their next try.
    pub async_events_waiting: Series,
    /// How old the oldest of them is.
    pub oldest_event: Ages,
    /// How old an event may become: `MaximumEventAgeInSeconds`.
    pub max_event_age: u64,
    /// Tries after a function error.
    pub retries_after_errors: u64,
    /// Tries after a throttle or an error of a service.
    pub retries_after_throttles: u64,
    /// Records sent to the destination for success.
    pub on_success_deliveries: u64,
    /// Records sent to the destination for failure.
    pub on_failure_deliveries: u64,
    /// `DestinationDeliveryFailures`: records that couldn't be sent.
    pub destination_delivery_failures: u64,
    /// Events sent to the dead-letter queue.
    pub dead_letter_deliveries: u64,
    /// `DeadLetterErrors`: events that couldn't be sent to it.
    pub dead_letter_errors: u64,
    /// When events were given up.
    pub dropped_over_time: Counts,
    /// The first events, up to [`FIRST_EVENTS`].
    pub first_events: Vec<EventRecord>,
}

/// Why an event was given up: the `condition` of the record that goes to the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Condition {
    /// It became older than the function's greatest event age.
    EventAgeExceeded,
    /// The function failed in every try that it had.
    RetriesExhausted,
    /// The function's reservation is 0.
    ZeroReservedConcurrency,
    /// A recursive loop was detected.
    RecursiveInvocation,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// When it was taken into the queue.
    pub received: u64,
    /// The tries, up to [`ATTEMPTS`].
    pub attempts: Vec<Attempt>,
    /// When it succeeded or was given up.
    pub ended: u64,
    /// What became of it.
    pub fate: Fate,
}

/// A try to invoke the function with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub time: u64,
    /// What came of it.
    pub result: AttemptResult,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttemptResult {
    /// The function has not answered yet.
    Running,
    /// It succeeded.
    Success,
    /// The code failed.
    Error,
    /// The timeout ended it.
    Timeout,
    /// It was throttled.
    Throttled(ThrottleReason),
    /// A service couldn't serve it.
    Unavailable,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It is in the queue, or a run is going on.
    Pending,
    /// A run succeeded.
    Success,
    /// It was given up.
    Dropped(Condition),
}

/// What can happen to an event on its way, as a step of its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventStep {
    /// Lambda took it into its queue.
    Queued,
    /// It is tried again.
    Retry {
        /// When.
        at: u64,
        /// Whether after a function error, else after a throttle.
        after_error: bool,
    },
    /// It was given up.
    Dropped(Condition),
    /// The record of a success went to a destination, or couldn't.
    OnSuccess {
        /// Whether it could be sent.
        sent: bool,
    },
    /// The record of a failure went to a destination, or couldn't.
    OnFailure {
        /// Whether it could be sent.
        sent: bool,
    },
    /// The event went to the dead-letter queue, or couldn't.
    DeadLettered {
        /// Whether it could be sent.
        sent: bool,
    },
}
