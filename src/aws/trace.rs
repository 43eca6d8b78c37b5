//! What happened to single messages and requests, step by step, up to a bound.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::aws::architecture::Resource;
use crate::aws::eventbridge::metrics::BusStep;
use crate::aws::lambda::asynchronous::metrics::EventStep;
use crate::aws::lambda::metrics::ThrottleReason;
use crate::aws::rds::statement::failure::Failure;
use crate::aws::s3::metrics::ObjectStep;
use crate::aws::sdk::metrics::ClientStep;
use crate::aws::sqs::metrics::QueueStep;
use crate::aws::streams::metrics::StreamStep;

/// How many of the first messages and requests of a run are followed.
pub const FIRST_STORIES: u64 = 200;
/// How many steps are kept of a run.
pub const MOST_STEPS: usize = 20_000;

/// The story of one message or request: its number in the run, from 0 in the order in which they
/// came, if it is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story(u32);

impl Default for Story {
    fn default() -> Self {
        Self::NONE
    }
}

impl Story {
    /// A story that nobody follows.
    pub const NONE: Self = Self(u32::MAX);

    /// Its number in the run; `None` for one that nobody follows.
    pub fn number(self) -> Option<u32> {
        (self != Self::NONE).then_some(self.0)
    }
}

/// A step of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The number of the message or request in the run, from 0.
    pub story: u32,
    /// When.
    pub time: u64,
    /// Where.
    pub resource: Resource,
    /// What happened.
    pub what: What,
}

/// What can happen to a message or a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// It came to the resource.
    Arrived,
    /// An environment began to serve it, after an Init phase or without one.
    Invoked {
        /// The number of the environment in the function.
        environment: u64,
        /// How long the Init phase took that it waited for; `None` for a warm start.
        init: Option<u64>,
    },
    /// A new environment, restored from a snapshot, began to serve it.
    Restored {
        /// The number of the environment in the function.
        environment: u64,
        /// How long the restore took that it waited for.
        restore: u64,
    },
    /// The handler found its file in `/tmp`.
    TmpHit,
    /// The handler downloads its file to `/tmp`, which takes so long.
    TmpMiss(u64),
    /// The handler made a call that its execution role doesn't allow.
    Denied,
    /// It wasn't begun: a recursive loop was detected.
    Recursive,
    /// It was served.
    Succeeded,
    /// The code failed.
    Failed,
    /// The timeout ended the run.
    TimedOut,
    /// It was refused.
    Throttled(ThrottleReason),
    /// It was answered with an HTTP status.
    Status(u16),
    /// Something happened on the side of the client.
    Client(ClientStep),
    /// No path leads to the resource.
    Unreachable,
    /// The database had as many connections as it takes.
    TooManyConnections,
    /// The database was failing over.
    ConnectionFailed,
    /// It waits for a connection of the proxy.
    WaitsForConnection,
    /// It waited for one for too long.
    BorrowTimedOut,
    /// A failover ended its connection.
    ConnectionLost,
    /// The database answered.
    QueryAnswered,
    /// Something happened to an event for an asynchronous invocation.
    Asynchronous(EventStep),
    /// It goes through a queue.
    Queue(QueueStep),
    /// It goes through a stream.
    Stream(StreamStep),
    /// Something happened to a statement that changes rows.
    Statement(StatementStep),
    /// Something happened to an object in a bucket.
    Object(ObjectStep),
    /// It goes through EventBridge.
    Bus(BusStep),
    /// RDS emitted the event with this number, and hands it to a topic.
    RdsEvent(u16),
    /// The topic took it.
    Published,
    /// The subscription doesn't want it.
    FilteredOut,
    /// The endpoint took it.
    Delivered,
    /// The endpoint didn't take it.
    DeliveryFailed {
        /// How long the topic waits before it tries again; `None` when it gives up.
        next: Option<u64>,
    },
    /// It went to a dead-letter queue.
    DeadLettered,
}

/// What can happen to a statement that changes rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementStep {
    /// A trigger invokes its function.
    Fired {
        /// The number of the row in its statement, from 1; 0 for the statement as a whole.
        row: u64,
        /// Whether as an event, so that it doesn't wait for the function.
        is_event: bool,
    },
    /// An invocation failed, and the statement with it.
    Failed(Failure),
    /// The transaction was committed.
    Committed,
    /// The transaction was rolled back.
    RolledBack,
}

/// The steps that are kept, as they are recorded.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    begun: u64,
    wanted: BTreeSet<u64>,
    steps: Vec<Step>,
}

impl Trace {
    /// A trace that follows the stories with these numbers besides the first ones.
    pub fn new(wanted: BTreeSet<u64>) -> Self {
        Self { begun: 0, wanted, steps: Vec::new() }
    }

    /// A new message or request comes.
    #[inline]
    pub fn begin(&mut self) -> Story {
        let number = self.begun;
        self.begun += 1;
        if number < FIRST_STORIES { Story(number as u32) } else { self.wanted(number) }
    }

    #[inline]
    fn wanted(&self, number: u64) -> Story {
        if self.wanted.is_empty() || !self.wanted.contains(&number) {
            return Story::NONE;
        }
        u32::try_from(number).map_or(Story::NONE, Story)
    }

    /// Records a step of a story that is followed.
    #[inline]
    pub fn record(&mut self, time: u64, story: Story, resource: Resource, what: What) {
        if story != Story::NONE {
            self.keep(Step { story: story.0, time, resource, what });
        }
    }

    #[cold]
    fn keep(&mut self, step: Step) {
        if self.steps.len() < MOST_STEPS {
            self.steps.push(step);
        }
    }

    /// The steps in the order of their time.
    pub fn finish(mut self) -> Vec<Step> {
        self.steps.sort_by_key(|step| step.time);
        self.steps
    }
}
