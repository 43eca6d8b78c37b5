//! What waits in queues, in streams and in Lambda's queues of events, as plain numbers.
//!
//! All of it comes from the run's series, which have at most [`crate::sim::statistics::MOST_BINS`]
//! bins, so that a backlog of a million messages is as large here as one of ten.

use crate::aws::lambda::asynchronous::metrics::AsynchronousMetrics;
use crate::aws::metrics::Run;
use crate::aws::sqs::metrics::QueueMetrics;
use crate::aws::streams::metrics::{MappingMetrics, StreamMetrics};
use crate::scenario::view::facts::Levels;
use crate::sim::statistics::Ages;

/// Something in which messages, events or records wait.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backlog {
    /// The name of the queue, function, stream or table.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The function that reads a stream; empty for what is no stream.
    pub reader: String,
    /// Messages, events or records that came.
    pub arrived: u64,
    /// Those that wait: `ApproximateNumberOfMessagesVisible` of a queue.
    pub waiting: Levels,
    /// Those that are worked on: `ApproximateNumberOfMessagesNotVisible` of a queue, batches that
    /// run of a stream.
    pub hidden: Levels,
    /// Those that aren't to be seen yet: `ApproximateNumberOfMessagesDelayed`.
    pub delayed: Levels,
    /// The age of the oldest one, in nanoseconds.
    pub age: Levels,
    /// `IteratorAge` or `AsyncEventAge`: the greatest one; `None` where nothing ran.
    pub age_at_work: Option<u64>,
    /// Those that are left at the end.
    pub left: u64,
    /// Those that nobody handled: given up, or no longer kept.
    pub lost: u64,
    /// Those that went to a dead-letter queue by the queue's redrive policy.
    pub dead_lettered: u64,
    /// The ages at which something happens, in nanoseconds.
    pub bounds: Vec<(Bound, u64)>,
}

/// In what messages, events or records wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A standard queue of SQS.
    #[default]
    Queue,
    /// A FIFO queue of SQS.
    FifoQueue,
    /// The queue of Lambda for a function's asynchronous events.
    Events,
    /// A Kinesis data stream.
    Stream,
    /// A DynamoDB table's stream.
    Table,
}

/// An age at which something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// What is older is no longer kept.
    Retention,
    /// For so long a message that was received is hidden.
    VisibilityTimeout,
    /// `MaximumEventAgeInSeconds`.
    MaximumEventAge,
    /// `MaximumRecordAgeInSeconds`.
    MaximumRecordAge,
}

impl Backlog {
    /// Everything of a run in which something came.
    pub fn of(run: &Run) -> Vec<Self> {
        let mut all: Vec<Self> = run.queues.iter().map(queue).collect();
        for stream in &run.streams {
            all.extend(stream.mappings.iter().map(|mapping| reader(stream, mapping)));
        }
        let functions = run.functions.iter().zip(&run.asynchronous);
        all.extend(functions.map(|(function, metrics)| events(&function.name, metrics)));
        all.retain(|backlog| backlog.arrived > 0);
        all
    }

    /// What tells it from the others of its run.
    pub fn key(&self) -> (&str, &str) {
        (&self.name, &self.reader)
    }

    /// When most waited for the first time; `None` where nothing ever waited.
    pub fn peak_at(&self) -> Option<u64> {
        let most = self.waiting.max;
        let peak = self.waiting.bins.iter().find(|bin| bin.max == most && most > 0);
        peak.map(|bin| bin.start)
    }

    /// From when on nothing waited and nothing was worked on any more; `None` where something is
    /// left at the end.
    pub fn empty_from(&self) -> Option<u64> {
        if self.left > 0 {
            return None;
        }
        let last = |levels: &Levels| {
            let bin = levels.bins.iter().rev().find(|bin| bin.max > 0);
            bin.map_or(0, |bin| bin.start.saturating_add(levels.width))
        };
        Some(last(&self.waiting).max(last(&self.hidden)).max(last(&self.delayed)))
    }
}

fn ages(ages: &Ages) -> Levels {
    Levels { bins: ages.bins(), width: ages.bin_width(), max: ages.max() }
}

fn queue(metrics: &QueueMetrics) -> Backlog {
    // Nothing is hidden in a queue that nobody reads.
    let read = metrics.number_of_messages_received > 0;
    let hidden_for = read.then_some((Bound::VisibilityTimeout, metrics.visibility_timeout));
    let kept_for = (Bound::Retention, metrics.retention_period);
    Backlog {
        name: metrics.name.clone(),
        kind: if metrics.fifo { Kind::FifoQueue } else { Kind::Queue },
        arrived: metrics.number_of_messages_sent.saturating_add(metrics.dead_letters),
        waiting: Levels::of(&metrics.approximate_number_of_messages_visible),
        hidden: Levels::of(&metrics.approximate_number_of_messages_not_visible),
        delayed: Levels::of(&metrics.approximate_number_of_messages_delayed),
        age: ages(&metrics.approximate_age_of_oldest_message),
        left: metrics.remaining(),
        lost: metrics.expired,
        dead_lettered: metrics.dead_lettered,
        bounds: hidden_for.into_iter().chain([kept_for]).collect(),
        ..Backlog::default()
    }
}

fn reader(stream: &StreamMetrics, mapping: &MappingMetrics) -> Backlog {
    let own = mapping.max_record_age.map(|age| (Bound::MaximumRecordAge, age));
    Backlog {
        name: stream.name.clone(),
        kind: if stream.of_table { Kind::Table } else { Kind::Stream },
        reader: mapping.function.clone(),
        arrived: mapping.records,
        waiting: Levels::of(&mapping.backlog),
        hidden: Levels::of(&mapping.concurrent_batches),
        age: ages(&mapping.oldest_record),
        age_at_work: (mapping.iterator_age.count() > 0).then(|| mapping.iterator_age.max()),
        left: mapping.remaining(),
        lost: mapping.discarded_records.saturating_add(mapping.expired_records),
        bounds: own.into_iter().chain([(Bound::Retention, mapping.retention_period)]).collect(),
        ..Backlog::default()
    }
}

fn events(function: &str, metrics: &AsynchronousMetrics) -> Backlog {
    let age = &metrics.async_event_age;
    Backlog {
        name: function.to_owned(),
        kind: Kind::Events,
        arrived: metrics.async_events_received,
        waiting: Levels::of(&metrics.async_events_waiting),
        age: ages(&metrics.oldest_event),
        age_at_work: (age.count() > 0).then(|| age.max()),
        left: metrics.async_events_waiting.value(),
        lost: metrics.async_events_dropped,
        bounds: vec![(Bound::MaximumEventAge, metrics.max_event_age)],
        ..Backlog::default()
    }
}
