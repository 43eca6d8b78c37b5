//! An event source mapping while it runs: how many batches it may have running, and those that it
//! has.

use crate::aws::architecture::Resource;
use crate::aws::sqs::messages::Taken;
use crate::aws::sqs::metrics::MappingMetrics;
use crate::aws::sqs::rules::MappingSettings;
use crate::sim::statistics::distribution::Recorder;

/// An event source mapping while it runs.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The queue: an index of the service's.
    pub(super) queue: usize,
    pub(super) function: Resource,
    pub(super) settings: MappingSettings,
    /// How many batches may run at one time.
    pub(super) limit: u64,
    /// How many do, the one that is being gathered included.
    pub(super) running: u64,
    /// The most that ran in this interval of scaling.
    peak: u64,
    /// Whether it scales: from the first message until the queue has been quiet.
    active: bool,
    /// When the limit fell, if nothing has happened since: a quiet queue doesn't prolong a run.
    fell_at: Option<u64>,
    /// The batch that is being gathered.
    pub(super) gathering: Option<u32>,
    /// Whether it is on the agenda that it looks at the queue.
    pub(super) polling: bool,
    pub(super) metrics: MappingMetrics,
    batch_size: Recorder,
}

/// What a mapping does at the end of an interval of scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scaled {
    /// More batches may run now.
    Grown,
    /// Nothing changes, but it goes on looking.
    Same,
    /// The queue is quiet: it stops.
    Quiet,
}

impl State {
    pub(super) fn new(
        queue: usize,
        function: Resource,
        name: &str,
        settings: MappingSettings,
    ) -> Self {
        let mut metrics = MappingMetrics { function: name.to_owned(), ..MappingMetrics::default() };
        metrics.concurrency_limit.set(0, settings.scaling.start);
        Self {
            queue,
            function,
            settings,
            limit: settings.scaling.start,
            running: 0,
            peak: 0,
            active: false,
            fell_at: None,
            gathering: None,
            polling: false,
            metrics,
            batch_size: Recorder::default(),
        }
    }

    /// A batch begins. Gives when the mapping is to be scaled, if that begins with it.
    pub(super) fn begin(&mut self, now: u64) -> Option<u64> {
        self.record_fall(now);
        self.running += 1;
        self.peak = self.peak.max(self.running);
        self.metrics.concurrent_batches.increase(now);
        let first = !std::mem::replace(&mut self.active, true);
        first.then(|| now.saturating_add(self.settings.scaling.interval))
    }

    /// A batch is over.
    pub(super) fn end(&mut self, now: u64) {
        self.running -= 1;
        self.metrics.concurrent_batches.decrease(now);
    }

    /// The batch is handed to the function.
    pub(super) fn hand_over(&mut self, messages: usize) {
        self.metrics.batches += 1;
        self.batch_size.record(messages as u64);
    }

    /// An interval of scaling is over. `waiting` says whether messages are left over.
    pub(super) fn scale(&mut self, now: u64, waiting: bool) -> Scaled {
        let scaling = self.settings.scaling;
        let peak = std::mem::replace(&mut self.peak, self.running);
        if waiting {
            let limit = self.limit.saturating_add(scaling.growth).min(scaling.most);
            let grown = limit > self.limit;
            self.record_fall(now);
            self.limit = limit;
            self.metrics.concurrency_limit.set(now, limit);
            return if grown { Scaled::Grown } else { Scaled::Same };
        }
        if peak > scaling.start {
            return Scaled::Same;
        }
        if self.limit > scaling.start {
            self.fell_at = Some(now);
            self.limit = scaling.start;
        }
        if self.running > 0 {
            return Scaled::Same;
        }
        self.active = false;
        Scaled::Quiet
    }

    /// Records that the limit fell, if it did by `now`.
    fn record_fall(&mut self, now: u64) {
        if let Some(time) = self.fell_at.take_if(|time| *time <= now) {
            self.metrics.concurrency_limit.set(time, self.limit);
        }
    }

    pub(super) fn finish(mut self, end: u64) -> MappingMetrics {
        self.record_fall(end);
        let mut metrics = self.metrics;
        metrics.concurrency_limit.finish(end);
        metrics.concurrent_batches.finish(end);
        metrics.batch_size = self.batch_size.finish();
        metrics
    }
}

/// A batch: messages that were received for one invocation.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    pub(super) mapping: u32,
    pub(super) messages: Vec<Taken>,
    /// Up to when it may be tried: the first of its messages becomes visible then.
    pub(super) deadline: u64,
    /// How many bytes it may still take.
    pub(super) room: u64,
    /// How long it waits when it is throttled again.
    wait: u64,
}

impl Batch {
    /// How long the batch waits now that it has been throttled: twice as long each time.
    pub(super) fn next_wait(&mut self, settings: &MappingSettings) -> u64 {
        let wait = self.wait.max(settings.retry_first).min(settings.retry_most).max(1);
        self.wait = wait.saturating_mul(2);
        wait
    }
}

/// The batches that run, by slot. Slots, and the room in them, are used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Batches {
    slots: Vec<Batch>,
    free: Vec<u32>,
}

impl Batches {
    /// A new batch without messages.
    pub(super) fn begin(&mut self, mapping: u32, deadline: u64, room: u64) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Batch::default());
            (self.slots.len() - 1) as u32
        });
        if let Some(batch) = self.slots.get_mut(slot as usize) {
            batch.messages.clear();
            (batch.mapping, batch.deadline, batch.room) = (mapping, deadline, room);
            batch.wait = 0;
        }
        slot
    }

    pub(super) fn get(&mut self, slot: u32) -> Option<&mut Batch> {
        self.slots.get_mut(slot as usize)
    }

    /// A batch is over.
    pub(super) fn end(&mut self, slot: u32) {
        self.free.push(slot);
    }
}
