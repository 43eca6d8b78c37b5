//! Functions that call other resources: how long a run takes is known only when it is over.
//!
//! The handler runs for its own time first, then makes its calls one after the other and waits for
//! each that wants an answer.

use crate::aws::architecture::{Architecture, Form};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Message, Request};
use crate::aws::lambda::metrics::RequestOutcome;
use crate::aws::lambda::recorder::Invocation;
use crate::aws::lambda::recursion::loops;
use crate::aws::lambda::service::{Service, Timer, resource};
use crate::aws::lambda::start::Start;
use crate::aws::reader::Reader;
use crate::aws::trace::What;
use crate::sim::agenda::Priority;
use crate::sim::backoff::jittered;
use crate::sim::random::Random;

/// A run that waits for what it calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) arrived: u64,
    /// When the handler began, or the Init that runs inside the invocation.
    pub(super) began: u64,
    pub(super) start: Start,
    pub(super) cold: bool,
    /// Whether the handler fails when it is done.
    pub(super) fails: bool,
    /// Which run of its environment it is, so that what comes too late isn't taken for another's.
    pub(super) run: u32,
    /// The number of its next call.
    pub(super) next: usize,
    /// How often that call was tried again.
    pub(super) retried: u32,
}

/// How the calls of runs are tried again after a throttle, as SDKs do in their standard mode.
#[derive(Debug)]
pub(super) struct Retries {
    /// How often a call is made at most.
    most: u64,
    base: u64,
    longest: u64,
    random: Random,
}

impl Retries {
    pub(super) fn new(reader: &Reader<'_>, seed: u64) -> Self {
        Self {
            most: reader.count("sdk.max_attempts"),
            base: reader.time("sdk.throttling_base_delay"),
            longest: reader.time("sdk.max_delay"),
            random: Random::stream(seed, &["lambda", "calls"]),
        }
    }

    /// The wait before a retry, from 0: a part drawn at random of a time that doubles.
    fn wait(&mut self, retry: u32) -> u64 {
        jittered(self.base, self.longest, retry, &mut self.random)
    }
}

/// After how many calls of a chain each function is stopped.
pub(super) fn most_calls(architecture: &Architecture, reader: &Reader<'_>) -> Vec<u64> {
    let rounds = reader.count("lambda.recursive_invocations_max");
    let loops = loops(architecture).into_iter();
    loops.map(|calls| calls.map_or(u64::MAX, |calls| calls.saturating_mul(rounds))).collect()
}

impl Service {
    /// Begins a run whose handler comes to its first call at a time.
    pub(super) fn begin(
        &mut self,
        context: &mut Context,
        slot: u32,
        mut pending: Pending,
        first_call: u64,
    ) {
        let environment = self.environments.at(slot);
        environment.run = environment.run.wrapping_add(1);
        pending.run = environment.run;
        let timeout = self.functions[environment.function as usize].settings.timeout;
        let run = pending.run;
        let at = slot as usize;
        if self.pending.len() <= at {
            self.pending.resize(at + 1, None);
        }
        self.pending[at] = Some(pending);
        let call = Event::Lambda(Timer::Call { slot, run });
        context.at(first_call, Priority::Release, call);
        let ends = pending.began.saturating_add(timeout);
        context.at(ends, Priority::Expire, Event::Lambda(Timer::Timeout { slot, run }));
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        self.apply_changes_before(context.now());
        match timer {
            Timer::Call { slot, run } => self.call(context, slot, run),
            Timer::Timeout { slot, run } => {
                if self.waiting(slot, run).is_none() {
                    context.stale();
                    return;
                }
                self.environments.at(slot).reset = true;
                self.end(context, slot, RequestOutcome::Timeout);
                let gone = Event::Gone(Caller::Invocation { slot, run });
                context.at(context.now(), Priority::Release, gone);
            }
        }
    }

    fn waiting(&mut self, slot: u32, run: u32) -> Option<&mut Pending> {
        let pending = self.pending.get_mut(slot as usize)?.as_mut()?;
        (pending.run == run).then_some(pending)
    }

    /// The run makes its next call, or is over.
    fn call(&mut self, context: &mut Context, slot: u32, run: u32) {
        let environment = *self.environments.at(slot);
        let Some(pending) = self.waiting(slot, run) else {
            context.stale();
            return;
        };
        let fails = pending.fails;
        let number = pending.next;
        pending.next += 1;
        let function = &self.functions[environment.function as usize];
        let Some(&call) = function.calls.get(number) else {
            let outcome = if fails { RequestOutcome::Error } else { RequestOutcome::Success };
            self.end(context, slot, outcome);
            return;
        };
        if !self.roles.allow(context.now(), environment.function, number) {
            let index = environment.function;
            self.functions[index as usize].recorder.metrics.calls_denied += 1;
            let (now, story) = (context.now(), environment.message.story);
            context.trace.record(now, story, resource(index), What::Denied);
            self.end(context, slot, RequestOutcome::Error);
            return;
        }
        let calls = environment.message.calls.saturating_add(1);
        let message = Message { calls, poison: false, ..environment.message };
        let request =
            Request { target: call.target, caller: Caller::Invocation { slot, run }, message };
        let event = match call.form {
            Form::Request => Event::Request(request),
            Form::Delivery => Event::HandOver(request),
        };
        context.at(context.now(), Priority::Arrive, event);
    }

    /// The answer to a call of a run comes back; what isn't served fails the run.
    pub fn answered(&mut self, context: &mut Context, slot: u32, run: u32, answer: Answer) {
        self.apply_changes_before(context.now());
        let most = self.retries.most;
        let Some(pending) = self.waiting(slot, run) else { return context.stale() };
        let throttled = matches!(answer, Answer::Throttled(_) | Answer::Refused);
        match answer {
            Answer::Success => {
                pending.retried = 0;
                self.call(context, slot, run);
            }
            _ if throttled && u64::from(pending.retried) + 1 < most => {
                let retried = pending.retried;
                pending.retried += 1;
                // The same call once more.
                pending.next = pending.next.saturating_sub(1);
                let function = self.environments.at(slot).function as usize;
                self.functions[function].recorder.metrics.call_retries += 1;
                let wait = self.retries.wait(retried);
                context.after(wait, Event::Lambda(Timer::Call { slot, run }));
            }
            _ => self.end(context, slot, RequestOutcome::Error),
        }
    }

    /// A run is over.
    fn end(&mut self, context: &mut Context, slot: u32, outcome: RequestOutcome) {
        let now = context.now();
        let Some(pending) = self.pending.get_mut(slot as usize).and_then(Option::take) else {
            return;
        };
        let environment = self.environments.at(slot);
        environment.work.outcome = outcome;
        let environment = *environment;
        let invocation = Invocation {
            arrived: pending.arrived,
            start: pending.start,
            duration: now.saturating_sub(pending.began),
            answered: now,
            cold: pending.cold,
            outcome,
        };
        let function = &mut self.functions[environment.function as usize];
        function.recorder.invoked(&invocation, &environment);
        self.release(context, slot);
    }
}
