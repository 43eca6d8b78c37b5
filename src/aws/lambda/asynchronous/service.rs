//! The queues of events as a service of the event loop.
//!
//! An event has exactly one thing to come at any time: an answer of the function, its next try, or
//! the end of its life. So no timer is ever about an event that is gone.

use std::collections::BTreeSet;

use crate::aws::architecture::{Architecture, Resource};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Message, Request};
use crate::aws::lambda::asynchronous::deployment::{Destination, EventInvokeConfig};
use crate::aws::lambda::asynchronous::metrics::{
    ATTEMPTS, AsynchronousMetrics, Attempt, AttemptResult, Condition, EventRecord, EventStep,
    FIRST_EVENTS, Fate,
};
use crate::aws::lambda::deployment::Function;
use crate::aws::lambda::metrics::ThrottleReason;
use crate::aws::lambda::rules::Rules;
use crate::aws::lambda::service::resource;
use crate::aws::reader::Reader;
use crate::aws::trace::What;
use crate::sim::agenda::Priority;
use crate::sim::backoff::doubled;
use crate::sim::bucket::TokenBucket;
use crate::sim::statistics::distribution::Recorder as Values;

/// A timer of the queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// An event is tried again.
    Retry {
        /// The slot of the event.
        slot: u32,
    },
    /// An event has come to its greatest age.
    Expire {
        /// The slot of the event.
        slot: u32,
    },
}

/// An event that Lambda has taken and not yet done with.
#[derive(Clone, Copy, Debug)]
struct Pending {
    function: u32,
    message: Message,
    received: u64,
    /// When it was tried last.
    tried: u64,
    /// Runs of the function that failed.
    errors: u64,
    /// Tries that were throttled since the function ran last.
    throttles: u32,
    /// Its place among the events that are kept one by one.
    record: Option<u32>,
}

/// The queue of a function.
#[derive(Debug)]
struct Queue {
    max_event_age: u64,
    max_retry_attempts: u64,
    config: EventInvokeConfig,
    /// Whether the function's reservation is 0.
    switched_off: bool,
    metrics: AsynchronousMetrics,
    /// Events that wait for their next try: when they were received, and their slots.
    waiting: BTreeSet<(u64, u32)>,
    dropped: [u64; CONDITIONS.len()],
    age: Values,
    dropped_age: Values,
}

const CONDITIONS: [Condition; 4] = [
    Condition::EventAgeExceeded,
    Condition::RetriesExhausted,
    Condition::ZeroReservedConcurrency,
    Condition::RecursiveInvocation,
];

/// How long an event waits for its next try.
#[derive(Clone, Copy, Debug)]
struct Waits {
    after_first_error: u64,
    after_second_error: u64,
    after_first_throttle: u64,
    after_throttle_at_most: u64,
}

impl Waits {
    fn new(reader: &Reader<'_>) -> Self {
        Self {
            after_first_error: reader.time("lambda.async_retry_first_delay"),
            after_second_error: reader.time("lambda.async_retry_second_delay"),
            after_first_throttle: reader.time("lambda.async_throttle_delay_min"),
            after_throttle_at_most: reader.time("lambda.async_throttle_delay_max"),
        }
    }

    /// After so many runs that failed, from 1.
    fn after_errors(self, errors: u64) -> u64 {
        if errors <= 1 { self.after_first_error } else { self.after_second_error }
    }

    /// After so many throttles in a row, from 1: each wait is twice the one before.
    fn after_throttles(self, throttles: u32) -> u64 {
        let retry = throttles.saturating_sub(1);
        doubled(self.after_first_throttle, self.after_throttle_at_most, retry)
    }
}

/// Lambda's queues of events while it runs.
#[derive(Debug)]
pub struct Service {
    waits: Waits,
    queues: Vec<Queue>,
    events: Vec<Pending>,
    free: Vec<u32>,
    /// The cap on what clients send in a Region.
    request_rate: TokenBucket,
}

impl Service {
    /// The queues of an architecture's functions.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>) -> Self {
        let rules = Rules::new(&architecture.account, reader);
        let request_rate = rules.request_rate(rules.quota);
        let queues = architecture.functions.iter();
        let queues = queues.map(|function| Queue::new(function, architecture, reader));
        Self {
            waits: Waits::new(reader),
            queues: queues.collect(),
            events: Vec::new(),
            free: Vec::new(),
            request_rate,
        }
    }

    /// An event for a function comes; `from_client` says whether from a client, whose requests
    /// count against the Region's quota, or from an AWS service, whose events are always taken.
    /// Gives why it was refused, if it was.
    pub fn accept(
        &mut self,
        context: &mut Context,
        target: Resource,
        message: Message,
        from_client: bool,
    ) -> Option<ThrottleReason> {
        let now = context.now();
        let queue = self.queues.get_mut(target.place())?;
        let story = message.story;
        if from_client && !self.request_rate.has_token(now) {
            let reason = ThrottleReason::FunctionInvocationRateLimitExceeded;
            queue.metrics.async_events_refused += 1;
            context.trace.record(now, story, target, What::Throttled(reason));
            return Some(reason);
        }
        if from_client {
            self.request_rate.take();
        }
        let record = queue.received(now);
        context.trace.record(now, story, target, What::Asynchronous(EventStep::Queued));
        let switched_off = queue.switched_off;
        let pending = Pending {
            function: target.index,
            message,
            received: now,
            tried: now,
            errors: 0,
            throttles: 0,
            record,
        };
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.events.push(pending);
                (self.events.len() - 1) as u32
            }
        };
        self.events[slot as usize] = pending;
        if switched_off {
            self.give_up(context, slot, Condition::ZeroReservedConcurrency);
        } else {
            self.invoke(context, slot);
        }
        None
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        let (Timer::Retry { slot } | Timer::Expire { slot }) = timer;
        let Some(event) = self.events.get(slot as usize) else { return };
        if let Some(queue) = self.queues.get_mut(event.function as usize) {
            queue.waits_no_longer(context.now(), event.received, slot);
        }
        match timer {
            Timer::Retry { slot } => self.invoke(context, slot),
            Timer::Expire { slot } => self.give_up(context, slot, Condition::EventAgeExceeded),
        }
    }

    /// The function is invoked with an event.
    fn invoke(&mut self, context: &mut Context, slot: u32) {
        let now = context.now();
        let Some(event) = self.events.get_mut(slot as usize) else { return };
        event.tried = now;
        let event = *event;
        if let Some(queue) = self.queues.get_mut(event.function as usize) {
            queue.tried(&event, AttemptResult::Running);
        }
        let request = Request {
            target: resource(event.function),
            caller: Caller::AsynchronousEvent { slot },
            message: event.message,
        };
        context.at(now, Priority::Arrive, Event::Request(request));
    }

    /// The function has answered, or couldn't be invoked.
    pub fn answered(&mut self, context: &mut Context, slot: u32, answer: Answer) {
        let now = context.now();
        let Some(event) = self.events.get_mut(slot as usize) else { return };
        let Some(queue) = self.queues.get_mut(event.function as usize) else { return };
        let result = match answer {
            Answer::Success => AttemptResult::Success,
            Answer::Error => AttemptResult::Error,
            Answer::Timeout => AttemptResult::Timeout,
            Answer::Throttled(reason) => AttemptResult::Throttled(reason),
            Answer::Refused | Answer::Recursive => AttemptResult::Unavailable,
        };
        queue.answered(event, result);
        if answer == Answer::Recursive {
            return self.give_up(context, slot, Condition::RecursiveInvocation);
        }
        let after_error = match result {
            AttemptResult::Success => return self.succeed(context, slot),
            AttemptResult::Error | AttemptResult::Timeout => true,
            _ => false,
        };
        let wait = if after_error {
            event.errors += 1;
            event.throttles = 0;
            if event.errors > queue.max_retry_attempts {
                return self.give_up(context, slot, Condition::RetriesExhausted);
            }
            self.waits.after_errors(event.errors)
        } else {
            event.throttles = event.throttles.saturating_add(1);
            self.waits.after_throttles(event.throttles)
        };
        let at = now.saturating_add(wait);
        let last = event.received.saturating_add(queue.max_event_age);
        queue.waits(now, event.received, slot);
        if at > last {
            context.at(last, Priority::Expire, Event::Asynchronous(Timer::Expire { slot }));
            return;
        }
        if after_error {
            queue.metrics.retries_after_errors += 1;
        } else {
            queue.metrics.retries_after_throttles += 1;
        }
        let step = What::Asynchronous(EventStep::Retry { at, after_error });
        context.trace.record(now, event.message.story, resource(event.function), step);
        context.at(at, Priority::Arrive, Event::Asynchronous(Timer::Retry { slot }));
    }

    fn succeed(&mut self, context: &mut Context, slot: u32) {
        let Some(event) = self.release(context, slot, Fate::Success) else { return };
        let Some(queue) = self.queues.get_mut(event.function as usize) else { return };
        let Some(destination) = queue.config.on_success else { return };
        queue.count(destination, |metrics| &mut metrics.on_success_deliveries);
        let step = |sent| EventStep::OnSuccess { sent };
        send(context, &event, destination, step);
    }

    /// An event is given up: it goes to the destination for failures and the dead-letter queue.
    fn give_up(&mut self, context: &mut Context, slot: u32, condition: Condition) {
        let now = context.now();
        let Some(event) = self.release(context, slot, Fate::Dropped(condition)) else { return };
        let Some(queue) = self.queues.get_mut(event.function as usize) else { return };
        queue.dropped(&event, condition, now);
        let dropped = What::Asynchronous(EventStep::Dropped(condition));
        context.trace.record(now, event.message.story, resource(event.function), dropped);
        if let Some(destination) = queue.config.on_failure {
            queue.count(destination, |metrics| &mut metrics.on_failure_deliveries);
            send(context, &event, destination, |sent| EventStep::OnFailure { sent });
        }
        if let Some(destination) = queue.config.dead_letter {
            let metrics = &mut queue.metrics;
            match destination.allowed {
                true => metrics.dead_letter_deliveries += 1,
                false => metrics.dead_letter_errors += 1,
            }
            send(context, &event, destination, |sent| EventStep::DeadLettered { sent });
        }
    }

    /// Takes an event out of the queue.
    fn release(&mut self, context: &Context, slot: u32, fate: Fate) -> Option<Pending> {
        let event = *self.events.get(slot as usize)?;
        self.free.push(slot);
        let queue = self.queues.get_mut(event.function as usize)?;
        if let Some(record) = queue.record(&event) {
            record.ended = context.now();
            record.fate = fate;
        }
        Some(event)
    }

    /// The metrics of the whole run, by function in the architecture's order.
    pub fn finish(self, end: u64) -> Vec<AsynchronousMetrics> {
        self.queues.into_iter().map(|queue| queue.finish(end)).collect()
    }
}

/// Lambda sends something on, if the function's role may send there.
fn send(
    context: &mut Context,
    event: &Pending,
    destination: Destination,
    step: fn(bool) -> EventStep,
) {
    let now = context.now();
    let what = What::Asynchronous(step(destination.allowed));
    context.trace.record(now, event.message.story, resource(event.function), what);
    if destination.allowed {
        let delivery = Event::Delivery(destination.target, event.message);
        context.at(now, Priority::Arrive, delivery);
    }
}

impl Queue {
    fn new(function: &Function, architecture: &Architecture, reader: &Reader<'_>) -> Self {
        let mut config = function.event_invoke.clone();
        for destination in [&mut config.on_success, &mut config.on_failure, &mut config.dead_letter]
        {
            // Lambda takes FIFO topics and queues in a configuration, but can't send to them.
            let sendable = |to: &Destination| !architecture.is_fifo(to.target);
            if let Some(destination) = destination {
                destination.allowed &= sendable(destination);
            }
        }
        let age = || reader.time("lambda.async_event_age_max");
        let attempts = || reader.count("lambda.async_retry_attempts");
        Self {
            max_event_age: config.max_event_age.unwrap_or_else(age),
            max_retry_attempts: config.max_retry_attempts.unwrap_or_else(attempts),
            config,
            switched_off: function.reserved_concurrency == Some(0),
            metrics: AsynchronousMetrics::default(),
            waiting: BTreeSet::new(),
            dropped: [0; CONDITIONS.len()],
            age: Values::default(),
            dropped_age: Values::default(),
        }
    }

    /// An event is taken: gives its place among those that are kept.
    fn received(&mut self, now: u64) -> Option<u32> {
        self.metrics.async_events_received += 1;
        let events = &mut self.metrics.first_events;
        if events.len() >= FIRST_EVENTS {
            return None;
        }
        let fate = Fate::Pending;
        events.push(EventRecord { received: now, attempts: Vec::new(), ended: now, fate });
        Some((events.len() - 1) as u32)
    }

    fn record(&mut self, event: &Pending) -> Option<&mut EventRecord> {
        self.metrics.first_events.get_mut(event.record? as usize)
    }

    /// A try begins.
    fn tried(&mut self, event: &Pending, result: AttemptResult) {
        if let Some(record) = self.record(event)
            && record.attempts.len() < ATTEMPTS
        {
            record.attempts.push(Attempt { time: event.tried, result });
        }
    }

    /// A try is over.
    fn answered(&mut self, event: &Pending, result: AttemptResult) {
        let ran = !matches!(result, AttemptResult::Throttled(_) | AttemptResult::Unavailable);
        if ran {
            self.age.record(event.tried.saturating_sub(event.received));
        }
        let last = self.record(event).and_then(|record| record.attempts.last_mut());
        if let Some(last) = last.filter(|last| last.time == event.tried) {
            last.result = result;
        }
    }

    fn dropped(&mut self, event: &Pending, condition: Condition, now: u64) {
        self.metrics.async_events_dropped += 1;
        self.metrics.dropped_over_time.record(now);
        self.dropped_age.record(now.saturating_sub(event.received));
        if let Some(at) = CONDITIONS.iter().position(|&known| known == condition) {
            self.dropped[at] += 1;
        }
    }

    /// Counts what goes to a destination, or can't.
    fn count(&mut self, destination: Destination, sent: fn(&mut AsynchronousMetrics) -> &mut u64) {
        let metrics = &mut self.metrics;
        match destination.allowed {
            true => *sent(metrics) += 1,
            false => metrics.destination_delivery_failures += 1,
        }
    }

    /// An event waits for its next try from now on.
    fn waits(&mut self, now: u64, received: u64, slot: u32) {
        let event = (received, slot);
        if self.waiting.first().is_none_or(|oldest| event < *oldest) {
            self.oldest_changes(now);
        }
        self.waiting.insert(event);
        self.metrics.async_events_waiting.increase(now);
    }

    /// An event's wait is over.
    fn waits_no_longer(&mut self, now: u64, received: u64, slot: u32) {
        let event = (received, slot);
        if self.waiting.first() == Some(&event) {
            self.oldest_changes(now);
        }
        self.waiting.remove(&event);
        self.metrics.async_events_waiting.decrease(now);
    }

    /// Records up to now how old the oldest event is that waits.
    fn oldest_changes(&mut self, now: u64) {
        let oldest = self.waiting.first().map(|&(received, _)| received);
        self.metrics.oldest_event.record(now, oldest);
    }

    fn finish(mut self, end: u64) -> AsynchronousMetrics {
        self.oldest_changes(end);
        let mut metrics = self.metrics;
        metrics.max_event_age = self.max_event_age;
        metrics.oldest_event.finish(end);
        let counted = CONDITIONS.into_iter().zip(self.dropped);
        metrics.dropped_by_condition = counted.filter(|&(_, count)| count > 0).collect();
        metrics.async_event_age = self.age.finish();
        metrics.dropped_event_age = self.dropped_age.finish();
        metrics.async_events_waiting.finish(end);
        metrics.dropped_over_time.finish(end);
        metrics
    }
}
