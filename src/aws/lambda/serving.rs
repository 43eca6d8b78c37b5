//! Environments serve requests: from the place that a request was given until it is answered.

use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Request};
use crate::aws::lambda::calls::Pending;
use crate::aws::lambda::environments::{Environment, Environments, Work};
use crate::aws::lambda::function::{Drawn, State};
use crate::aws::lambda::metrics::{Ending, RequestOutcome};
use crate::aws::lambda::recorder::Invocation;
use crate::aws::lambda::service::{Departure, Place, Service, resource};
use crate::aws::lambda::start::Start;
use crate::aws::lambda::tmp::{Files, Found, Wanted};
use crate::aws::trace::What;

/// What is left of a run when its environment is there.
struct Run {
    /// How long it takes without calls, if nothing ends it.
    wanted: u64,
    fails: bool,
    /// Whether the handler comes to its own work.
    handler: bool,
}

impl Service {
    /// An environment serves a request.
    #[inline]
    pub(super) fn serve(
        &mut self,
        context: &mut Context,
        request: &Request,
        place: Place,
        drawn: Drawn,
    ) {
        let now = context.now();
        let index = request.target.place();
        let (slot, start, cold) = self.environment(now, index, place);
        let environment = self.environments.at(slot);
        let story = request.message.story;
        context.trace.record(now, story, request.target, begins(environment.number, start));
        environment.work = Work { caller: request.caller, outcome: RequestOutcome::Success };
        environment.message = request.message;
        let provisioned = environment.provisioned;
        let began = now.saturating_add(start.phase.unwrap_or_default());
        let mut run =
            Run { wanted: start.inside, fails: drawn.fails || start.fails, handler: !start.fails };
        if let Some(wanted) = drawn.tmp.filter(|_| !start.fails) {
            let found = self.find_in_tmp(index, slot, wanted, start.inside);
            let what = if found.hit { What::TmpHit } else { What::TmpMiss(found.download) };
            context.trace.record(began, story, request.target, what);
            run.wanted = run.wanted.saturating_add(found.download);
            run.fails |= found.full;
            run.handler = !found.full;
        }
        let Run { wanted, fails, handler } = run;
        let wanted = if handler { wanted.saturating_add(drawn.handler) } else { wanted };
        let function = &mut self.functions[index];
        let environment = self.environments.at(slot);
        environment.used = true;
        if function.calls.is_empty() || !handler {
            let timeout = function.settings.timeout;
            let duration = wanted.min(timeout);
            let answered = began.saturating_add(duration);
            let outcome = match (wanted > timeout, fails) {
                (true, _) => RequestOutcome::Timeout,
                (false, true) => RequestOutcome::Error,
                (false, false) => RequestOutcome::Success,
            };
            environment.reset = wanted > timeout;
            environment.work.outcome = outcome;
            let invocation = Invocation { arrived: now, start, duration, answered, cold, outcome };
            let environment = *environment;
            function.recorder.invoked(&invocation, &environment);
            self.departures.push(answered, Departure::new(environment.number, slot));
        } else {
            let pending =
                Pending { arrived: now, began, start, cold, fails, run: 0, next: 0, retried: 0 };
            self.begin(context, slot, pending, began.saturating_add(wanted));
        }
        self.occupy(now, index, provisioned);
    }

    /// The environment that serves a request, how it starts, and whether the request waits for
    /// that.
    #[inline]
    fn environment(&mut self, now: u64, index: usize, place: Place) -> (u32, Start, bool) {
        let taken = match place {
            Place::Provisioned => self.take_provisioned(index),
            Place::Warm => self.functions[index].idle.take(&mut self.environments),
            Place::New => None,
        };
        let function = &mut self.functions[index];
        let Some(slot) = taken else {
            self.pools[function.pool].scaling(function).take();
            let start = function.starts.new_environment();
            let phase = start.phase.unwrap_or_default();
            let slot = create(function, &mut self.environments, index, now, phase);
            self.environments.at(slot).leaves = start.fails.then_some(Ending::FailedStart);
            return (slot, start, true);
        };
        let environment = self.environments.at(slot);
        if std::mem::take(&mut environment.reset) {
            let start = function.starts.again();
            if start.fails {
                environment.leaves = Some(Ending::FailedStart);
            }
            return (slot, start, true);
        }
        (slot, Start::default(), false)
    }

    /// A request looks for a file in `/tmp` of its environment, after a time.
    #[cold]
    fn find_in_tmp(&mut self, index: usize, slot: u32, wanted: Wanted, after: u64) -> Found {
        let at = slot as usize;
        if self.tmp.len() <= at {
            self.tmp.resize(at + 1, Files::new());
        }
        let files = &mut self.tmp[at];
        if !self.environments.at(slot).used {
            files.clear();
        }
        let function = &mut self.functions[index];
        let found = wanted.find(files, function.settings.timeout.saturating_sub(after));
        let metrics = &mut function.recorder.metrics;
        let count = if found.hit { &mut metrics.tmp_hits } else { &mut metrics.tmp_misses };
        *count += 1;
        found
    }

    /// Counts an environment as busy.
    #[inline]
    fn occupy(&mut self, now: u64, index: usize, provisioned: bool) {
        let function = &mut self.functions[index];
        let pool = &mut self.pools[function.pool];
        let metrics = &mut function.recorder.metrics;
        metrics.concurrent_executions.increase(now);
        pool.account.concurrent_executions.increase(now);
        if provisioned {
            metrics.provisioned_concurrency_invocations += 1;
            metrics.provisioned_concurrent_executions.increase(now);
            if let Some(provisioned) = &mut function.provisioned {
                provisioned.occupy(now);
                function.recorder.utilized(provisioned.busy, provisioned.available);
            }
            return;
        }
        if function.provisioned.as_ref().is_some_and(|provisioned| provisioned.available > 0) {
            metrics.provisioned_concurrency_spillover_invocations += 1;
        }
        function.on_demand_busy += 1;
        if function.reserved.is_none() {
            pool.busy += 1;
            pool.account.unreserved_concurrent_executions.increase(now);
            pool.account.claimed_account_concurrency.increase(now);
        }
    }

    /// An environment has answered and becomes free.
    #[inline]
    pub(super) fn release(&mut self, context: &mut Context, slot: u32) {
        let now = context.now();
        let environment = *self.environments.at(slot);
        let function = &mut self.functions[environment.function as usize];
        let pool = &mut self.pools[function.pool];
        function.recorder.metrics.concurrent_executions.decrease(now);
        pool.account.concurrent_executions.decrease(now);
        if environment.provisioned {
            function.recorder.metrics.provisioned_concurrent_executions.decrease(now);
            self.release_provisioned(now, environment.function as usize, slot);
        } else {
            if function.maintenance.is_some() {
                self.expired += function.expire(&mut self.environments, now);
            }
            if let Some(ending) = function.ends(self.environments.at(slot)) {
                self.expired += function.expire(&mut self.environments, now);
                function.recorder.gone(&environment, now, ending);
                self.environments.free(slot);
            } else {
                function.idle.add(&mut self.environments, slot, now);
            }
            function.on_demand_busy -= 1;
            if function.reserved.is_none() {
                pool.busy -= 1;
                pool.account.unreserved_concurrent_executions.decrease(now);
                pool.account.claimed_account_concurrency.decrease(now);
            }
        }
        answer(context, &environment);
    }
}

/// Tells the caller, and the story, what became of a run that is over.
#[inline]
fn answer(context: &mut Context, environment: &Environment) {
    let (answer, what) = match environment.work.outcome {
        RequestOutcome::Success => (Answer::Success, What::Succeeded),
        RequestOutcome::Error => (Answer::Error, What::Failed),
        RequestOutcome::Timeout => (Answer::Timeout, What::TimedOut),
        RequestOutcome::Throttled(reason) => (Answer::Throttled(reason), What::Throttled(reason)),
    };
    let function = resource(environment.function);
    context.trace.record(context.now(), environment.message.story, function, what);
    context.answer(environment.work.caller, answer);
}

/// An environment begins to serve a request.
#[inline]
fn begins(environment: u64, start: Start) -> What {
    match start.phase {
        Some(restore) if start.restores => What::Restored { environment, restore },
        init => What::Invoked { environment, init },
    }
}

/// A new on-demand environment, whose Init phase takes `phase`.
fn create(
    function: &mut State,
    environments: &mut Environments,
    index: usize,
    now: u64,
    phase: u64,
) -> u32 {
    let number = function.next_number;
    function.next_number = number.saturating_add(1);
    function.recorder.metrics.environments.increase(now);
    let slot = environments.create(number, index as u32, false);
    environments.at(slot).version = function.version;
    if let Some(maintenance) = &mut function.maintenance {
        maintenance.created(now, slot, number);
    }
    let times = now..now.saturating_add(phase);
    environments.at(slot).lifeline = function.recorder.created(number, false, times);
    slot
}
