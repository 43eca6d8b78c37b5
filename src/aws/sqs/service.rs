//! SQS as a service of the event loop: messages are sent to queues, mappings receive them in
//! batches and ask functions to handle them.
//!
//! Long polling means that a message wakes a mapping as soon as it is there. A mapping looks at
//! its queue once all that arrives at an instant has arrived, so that what comes at once can go
//! into one batch.

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Message, Request};
use crate::aws::reader::Reader;
use crate::aws::sqs::mapping::{self, Batches, Scaled};
use crate::aws::sqs::messages::Taken;
use crate::aws::sqs::metrics::{MappingMetrics, QueueMetrics, QueueStep as Step};
use crate::aws::sqs::queue::{self, DeadLetter, Load, Sent};
use crate::aws::sqs::rules::{MappingSettings, Settings};
use crate::aws::trace::{Story, Trace, What};
use crate::sim::agenda::Priority;

/// A timer of SQS's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Messages of a queue become visible.
    Due {
        /// The queue.
        queue: u32,
    },
    /// A mapping looks at its queue.
    Poll {
        /// The mapping.
        mapping: u32,
    },
    /// The batching window of a batch that a mapping gathers is over.
    Window {
        /// The mapping.
        mapping: u32,
        /// The number of the batch among those of the mapping.
        batch: u64,
    },
    /// A mapping decides how many batches may run.
    Scale {
        /// The mapping.
        mapping: u32,
    },
    /// A throttled batch is tried again.
    Retry {
        /// The slot of the batch.
        batch: u32,
    },
}

/// SQS while it runs.
#[derive(Debug)]
pub struct Service {
    queues: Vec<queue::State>,
    mappings: Vec<mapping::State>,
    /// The mappings of each queue: the first and the one after the last.
    of_queue: Vec<(usize, usize)>,
    /// The dead-letter queue of each queue.
    dead_letter_queues: Vec<Option<Resource>>,
    pub(super) batches: Batches,
    /// Room for what a receive finds.
    dead: Vec<DeadLetter>,
}

impl Service {
    /// SQS with an architecture's queues.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>) -> Self {
        let load = |source: &crate::aws::architecture::Source| Load {
            size: source.cargo.size,
            entries: source.cargo.entries,
            come: 0,
        };
        let loads: Vec<Load> = architecture.sources.iter().map(load).collect();
        let mut service = Self {
            queues: Vec::new(),
            mappings: Vec::new(),
            of_queue: Vec::new(),
            dead_letter_queues: Vec::new(),
            batches: Batches::default(),
            dead: Vec::new(),
        };
        for (at, queue) in architecture.queues.iter().enumerate() {
            let settings = Settings::new(queue, reader);
            service.queues.push(queue::State::new(queue, settings, loads.clone()));
            let first = service.mappings.len();
            for mapping in &queue.event_source_mappings {
                let settings = MappingSettings::new(queue, mapping, reader);
                let name = architecture.name(mapping.function);
                service.mappings.push(mapping::State::new(at, mapping.function, name, settings));
            }
            service.of_queue.push((first, service.mappings.len()));
            let policy = queue.redrive_policy;
            service.dead_letter_queues.push(policy.map(|policy| policy.dead_letter_queue));
        }
        service
    }

    /// Whether a queue holds more messages than a run has places for.
    #[inline]
    pub fn overflowed(&self) -> bool {
        self.queues.iter().any(|queue| queue.messages.overflowed)
    }

    /// A message is sent to a queue.
    pub fn send(&mut self, context: &mut Context, request: Request) {
        let (now, at) = (context.now(), request.target.place());
        let Some(queue) = self.queues.get_mut(at) else { return };
        let sent = queue.send(now, request.message);
        let (what, answer) = match sent {
            Sent::Accepted => (What::Queue(Step::Sent), Answer::Success),
            Sent::Duplicate => (What::Queue(Step::Deduplicated), Answer::Success),
            Sent::Refused => (What::Queue(Step::Refused), Answer::Error),
        };
        context.trace.record(now, request.message.story, request.target, what);
        context.answer(request.caller, answer);
        if sent == Sent::Accepted {
            self.rearm(context, at);
            self.ring(context, at);
        }
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        match timer {
            Timer::Due { queue } => self.due(context, queue as usize),
            Timer::Poll { mapping } => {
                if let Some(state) = self.mappings.get_mut(mapping as usize) {
                    state.polling = false;
                }
                if !self.poll(context, mapping) {
                    context.stale();
                }
            }
            Timer::Window { mapping, batch } => {
                let state = self.mappings.get_mut(mapping as usize);
                let gathered = state
                    .filter(|state| state.metrics.batches == batch)
                    .and_then(|state| state.gathering.take());
                match gathered {
                    Some(slot) => self.hand_over(context, slot),
                    None => context.stale(),
                }
            }
            Timer::Scale { mapping } => self.scale(context, mapping),
            Timer::Retry { batch } => self.ask(context, batch),
        }
    }

    /// Messages become visible again, or for the first time after a delay.
    fn due(&mut self, context: &mut Context, at: usize) {
        let now = context.now();
        let Some(queue) = self.queues.get_mut(at) else { return };
        queue.wake_at = None;
        let mut any = queue.expire(now);
        while let Some((message, received)) = queue.show_due(now) {
            any = true;
            let what =
                if received { What::Queue(Step::Returned) } else { What::Queue(Step::Visible) };
            context.trace.record(now, message.story, resource(at), what);
        }
        if !any {
            context.stale();
        }
        self.rearm(context, at);
        self.ring(context, at);
    }

    /// Puts on the agenda when messages of a queue become visible of themselves.
    fn rearm(&mut self, context: &mut Context, at: usize) {
        self.record_expired(&mut context.trace, at);
        let Some(queue) = self.queues.get_mut(at) else { return };
        if let Some(due) = queue.next_due()
            && queue.wake_at.is_none_or(|wake| due < wake)
        {
            queue.wake_at = Some(due);
            let timer = Timer::Due { queue: at as u32 };
            context.at(due, Priority::Expire, Event::Sqs(timer));
        }
    }

    /// Has the mappings of a queue look at it, if they can take something.
    fn ring(&mut self, context: &mut Context, at: usize) {
        let (Some(queue), Some(&(first, end))) = (self.queues.get(at), self.of_queue.get(at))
        else {
            return;
        };
        if !queue.lines.can_receive() {
            return;
        }
        for index in first..end {
            let Some(state) = self.mappings.get_mut(index) else { return };
            let can = state.gathering.is_some() || state.running < state.limit;
            if can && !std::mem::replace(&mut state.polling, true) {
                let timer = Timer::Poll { mapping: index as u32 };
                context.at(context.now(), Priority::Rest, Event::Sqs(timer));
            }
        }
    }

    /// A mapping receives as many batches as it may. Says whether it received anything.
    fn poll(&mut self, context: &mut Context, mapping: u32) -> bool {
        let now = context.now();
        let mut any = false;
        loop {
            let Some(state) = self.mappings.get_mut(mapping as usize) else { return any };
            let at = state.queue;
            let Some(queue) = self.queues.get_mut(at) else { return any };
            any |= queue.expire(now);
            if state.gathering.is_none() && state.running >= state.limit
                || !queue.lines.can_receive()
            {
                break;
            }
            if let Err(later) = queue.may_receive(now) {
                state.polling = true;
                context.at(later, Priority::Rest, Event::Sqs(Timer::Poll { mapping }));
                break;
            }
            let settings = state.settings;
            let deadline = now.saturating_add(queue.settings.visibility_timeout);
            let gathering = state.gathering.take();
            let slot = gathering
                .unwrap_or_else(|| self.batches.begin(mapping, deadline, settings.payload));
            let Some(batch) = self.batches.get(slot) else { return any };
            let before = batch.messages.len();
            let most = settings.batch_size as usize;
            queue.receive(now, most, &mut batch.room, &mut batch.messages, &mut self.dead);
            let (size, received) = (batch.messages.len(), batch.messages.len() - before);
            any |= received > 0 || !self.dead.is_empty();
            if gathering.is_none() && received == 0 {
                self.batches.end(slot);
                break;
            }
            if gathering.is_none()
                && let Some(scale) = state.begin(now)
            {
                let timer = Event::Sqs(Timer::Scale { mapping });
                context.at(scale, Priority::Change, timer);
            }
            // What is left in the queue although there is room in the batch would make it too big.
            let full = size >= most || queue.lines.can_receive();
            self.record_receives(context, slot, before);
            if settings.batching_window == 0 || full {
                self.hand_over(context, slot);
                continue;
            }
            self.gather(context, mapping, slot, gathering.is_none());
            break;
        }
        self.bury(context, mapping);
        if let Some(at) = self.mappings.get(mapping as usize).map(|state| state.queue) {
            self.rearm(context, at);
        }
        any
    }

    /// A batch waits for more messages, for as long as the window lasts.
    fn gather(&mut self, context: &mut Context, mapping: u32, slot: u32, begins: bool) {
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        state.gathering = Some(slot);
        if begins {
            let timer = Timer::Window { mapping, batch: state.metrics.batches };
            let ends = context.now().saturating_add(state.settings.batching_window);
            context.at(ends, Priority::Expire, Event::Sqs(timer));
        }
    }

    /// Moves what was received too often to the dead-letter queue.
    fn bury(&mut self, context: &mut Context, mapping: u32) {
        let now = context.now();
        let Some(at) = self.mappings.get(mapping as usize).map(|state| state.queue) else { return };
        let Some(target) = self.dead_letter_queues.get(at).copied().flatten() else { return };
        if self.dead.is_empty() {
            return;
        }
        let letters = std::mem::take(&mut self.dead);
        for &letter in &letters {
            let story = letter.message.story;
            context.trace.record(now, story, resource(at), What::DeadLettered);
            context.trace.record(now, story, target, What::Queue(Step::Sent));
            if let Some(queue) = self.queues.get_mut(target.place()) {
                queue.take_dead_letter(now, letter);
            }
        }
        self.dead = letters;
        self.dead.clear();
        self.ring(context, target.place());
    }

    /// A mapping decides how many batches may run.
    fn scale(&mut self, context: &mut Context, mapping: u32) {
        let now = context.now();
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        let at = state.queue;
        let Some(queue) = self.queues.get_mut(at) else { return };
        let expired = queue.expire(now);
        let scaled = state.scale(now, queue.lines.can_receive());
        if scaled != Scaled::Quiet {
            let next = now.saturating_add(state.settings.scaling.interval);
            context.at(next, Priority::Change, Event::Sqs(Timer::Scale { mapping }));
        }
        if scaled == Scaled::Grown {
            self.ring(context, at);
        } else if !expired {
            context.stale();
        }
    }

    /// A batch is complete.
    fn hand_over(&mut self, context: &mut Context, slot: u32) {
        let Some(batch) = self.batches.get(slot) else { return };
        let Some(state) = self.mappings.get_mut(batch.mapping as usize) else { return };
        state.hand_over(batch.messages.len());
        let size = batch.messages.len() as u32;
        let function = state.function;
        self.record(context, slot, function, What::Queue(Step::Batched { size }), Story::NONE);
        self.ask(context, slot);
    }

    /// The function is asked to handle a batch.
    fn ask(&mut self, context: &mut Context, slot: u32) {
        let Some(message) = self.message(slot) else { return };
        let Some(batch) = self.batches.get(slot) else { return };
        let Some(state) = self.mappings.get(batch.mapping as usize) else { return };
        let caller = Caller::QueueBatch { slot };
        let request = Request { target: state.function, caller, message };
        context.at(context.now(), Priority::Arrive, Event::Request(request));
    }

    /// What the function is asked with: the batch's first message that is followed, else its
    /// first, with what concerns the whole batch.
    fn message(&mut self, slot: u32) -> Option<Message> {
        let batch = self.batches.get(slot)?;
        let state = self.mappings.get(batch.mapping as usize)?;
        let queue = self.queues.get(state.queue)?;
        let mut lead: Option<Message> = None;
        let mut poison = false;
        for &taken in &batch.messages {
            let Some(stored) = queue.taken(taken) else { continue };
            poison |= stored.message.poison;
            if lead.is_none_or(|lead| lead.story == Story::NONE) {
                let follows = stored.message.story != Story::NONE;
                lead = lead.filter(|_| !follows).or(Some(stored.message));
            }
        }
        let poison = poison && !state.settings.report_batch_item_failures;
        let records = batch.messages.len() as u32;
        Some(Message { poison, records, ..lead.unwrap_or_default() })
    }

    /// The function has answered for a batch.
    pub fn answered(&mut self, context: &mut Context, slot: u32, answer: Answer) {
        let now = context.now();
        let lead = self.message(slot).map_or(Story::NONE, |message| message.story);
        let Some(batch) = self.batches.get(slot) else { return };
        let Some(state) = self.mappings.get_mut(batch.mapping as usize) else { return };
        let function = state.function;
        let what = match answer {
            Answer::Success => What::Succeeded,
            Answer::Error | Answer::Refused => What::Failed,
            Answer::Recursive => What::Recursive,
            Answer::Timeout => What::TimedOut,
            Answer::Throttled(reason) => What::Throttled(reason),
        };
        if let Answer::Throttled(_) = answer {
            state.metrics.throttles += 1;
            let again = now.saturating_add(batch.next_wait(&state.settings));
            if again < batch.deadline {
                context.at(again, Priority::Arrive, Event::Sqs(Timer::Retry { batch: slot }));
                self.record(context, slot, function, what, lead);
                return;
            }
            state.metrics.abandoned_batches += 1;
        } else if answer != Answer::Success {
            state.metrics.failed_batches += 1;
        }
        self.record(context, slot, function, what, lead);
        if answer == Answer::Success {
            self.delete(context, slot);
        }
        self.end(context, slot);
    }

    /// Deletes the messages of a batch that was handled, but for those that the function says it
    /// failed with: they stay hidden until they come again. In a FIFO queue that is everything
    /// from the first failure on.
    fn delete(&mut self, context: &mut Context, slot: u32) {
        let now = context.now();
        let Some(batch) = self.batches.get(slot) else { return };
        let Some(state) = self.mappings.get_mut(batch.mapping as usize) else { return };
        let at = state.queue;
        let Some(queue) = self.queues.get_mut(at) else { return };
        let reports = state.settings.report_batch_item_failures;
        let mut failed = false;
        for &taken in &batch.messages {
            let Some(message) = queue.taken(taken).map(|stored| stored.message) else { continue };
            failed = reports && (message.poison || failed && queue.metrics.fifo);
            if failed {
                state.metrics.batch_item_failures += 1;
                context.trace.record(now, message.story, state.function, What::Failed);
            } else if queue.delete(now, taken) {
                context.trace.record(now, message.story, resource(at), What::Queue(Step::Deleted));
            }
        }
    }

    /// A batch is over: another may begin.
    fn end(&mut self, context: &mut Context, slot: u32) {
        let Some(batch) = self.batches.get(slot) else { return };
        let Some(state) = self.mappings.get_mut(batch.mapping as usize) else { return };
        state.end(context.now());
        let at = state.queue;
        self.batches.end(slot);
        self.ring(context, at);
    }

    /// Records a step for all messages of a batch but those of one story.
    fn record(&mut self, context: &mut Context, slot: u32, at: Resource, what: What, but: Story) {
        let now = context.now();
        let Some(batch) = self.batches.get(slot) else { return };
        let Some(state) = self.mappings.get(batch.mapping as usize) else { return };
        let Some(queue) = self.queues.get(state.queue) else { return };
        for &taken in &batch.messages {
            let story = queue.taken(taken).map_or(Story::NONE, |stored| stored.message.story);
            if story != but {
                context.trace.record(now, story, at, what);
            }
        }
    }

    /// Records that messages of a batch have been received, from the one with a number on.
    fn record_receives(&mut self, context: &mut Context, slot: u32, from: usize) {
        let now = context.now();
        let Some(batch) = self.batches.get(slot) else { return };
        let Some(state) = self.mappings.get(batch.mapping as usize) else { return };
        let Some(queue) = self.queues.get(state.queue) else { return };
        let new = |taken: &Taken| queue.taken(*taken);
        for stored in batch.messages.iter().skip(from).filter_map(new) {
            let what = What::Queue(Step::Received { receives: stored.receives });
            context.trace.record(now, stored.message.story, resource(state.queue), what);
        }
    }

    /// Records which messages of a queue have expired.
    fn record_expired(&mut self, trace: &mut Trace, at: usize) {
        if let Some(queue) = self.queues.get_mut(at) {
            for (time, story) in queue.expired.drain(..) {
                trace.record(time, story, resource(at), What::Queue(Step::Expired));
            }
        }
    }

    /// The metrics of the whole run.
    pub fn finish(mut self, end: u64, trace: &mut Trace) -> Vec<QueueMetrics> {
        for at in 0..self.queues.len() {
            if let Some(queue) = self.queues.get_mut(at) {
                queue.expire(end);
            }
            self.record_expired(trace, at);
        }
        let mut mappings = self.mappings.into_iter();
        let mut queues = Vec::with_capacity(self.queues.len());
        for (queue, (first, last)) in self.queues.into_iter().zip(self.of_queue) {
            let mut metrics = queue.finish(end);
            let own = mappings.by_ref().take(last - first);
            metrics.mappings = own.map(|mapping| mapping.finish(end)).collect();
            queues.push(metrics);
        }
        queues
    }
}

/// The resource that a queue is.
fn resource(at: usize) -> Resource {
    Resource::new(ResourceKind::Queue, at)
}

/// The metrics of queues to which nothing happens.
pub fn idle(architecture: &Architecture) -> Vec<QueueMetrics> {
    let empty = |queue: &crate::aws::sqs::deployment::Queue| QueueMetrics {
        name: queue.name.clone(),
        fifo: queue.fifo,
        mappings: queue
            .event_source_mappings
            .iter()
            .map(|mapping| MappingMetrics {
                function: architecture.name(mapping.function).to_owned(),
                ..MappingMetrics::default()
            })
            .collect(),
        ..QueueMetrics::default()
    };
    architecture.queues.iter().map(empty).collect()
}
