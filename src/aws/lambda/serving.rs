//! Environments serve requests: from the place that a request was given until it is answered.

use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Request};
use crate::aws::lambda::calls::Pending;
use crate::aws::lambda::environments::{Environment, Environments, Work};
use crate::aws::lambda::function::State;
use crate::aws::lambda::metrics::RequestOutcome;
use crate::aws::lambda::recorder::Invocation;
use crate::aws::lambda::service::{Departure, Place, Service, resource};
use crate::aws::trace::What;

impl Service {
    /// An environment serves a request.
    #[inline]
    pub(super) fn serve(
        &mut self,
        context: &mut Context,
        request: &Request,
        place: Place,
        handler: u64,
        fails: bool,
    ) {
        let now = context.now();
        let index = request.target.place();
        let taken = match place {
            Place::Provisioned => self.take_provisioned(index),
            Place::Warm => self.functions[index].idle.take(&mut self.environments),
            Place::New => None,
        };
        let function = &mut self.functions[index];
        // An Init that runs inside the invocation, under the function's own timeout: after its
        // phase was cut off, or after a timeout has reset the environment.
        let (mut init_phase, mut init_inside) = (None, 0);
        let slot = match taken {
            Some(slot) => slot,
            None => {
                function.scaling.take();
                let init = function.init_duration.draw();
                let phase = init.min(self.rules.init_timeout);
                init_phase = Some(phase);
                init_inside = if init > phase { init } else { 0 };
                create(function, &mut self.environments, index, now, phase)
            }
        };
        let environment = self.environments.at(slot);
        let reset = std::mem::take(&mut environment.reset);
        if reset {
            init_inside = function.init_duration.draw();
        }
        let cold = init_phase.is_some() || reset;
        let invoked = What::Invoked { environment: environment.number, init: init_phase };
        context.trace.record(now, request.message.story, request.target, invoked);
        let wanted = init_inside.saturating_add(handler);
        let began = now.saturating_add(init_phase.unwrap_or_default());
        environment.work = Work { caller: request.caller, outcome: RequestOutcome::Success };
        environment.message = request.message;
        let provisioned = environment.provisioned;
        if function.calls.is_empty() {
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
            let invocation =
                Invocation { arrived: now, init_phase, duration, answered, cold, outcome };
            let environment = *environment;
            function.recorder.invoked(&invocation, &environment);
            self.departures.push(answered, Departure::new(environment.number, slot));
        } else {
            let pending = Pending { arrived: now, began, init_phase, cold, fails, run: 0, next: 0 };
            self.begin(context, slot, pending, began.saturating_add(wanted));
        }
        self.occupy(now, index, provisioned);
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
            return;
        }
        if function.provisioned.as_ref().is_some_and(|provisioned| provisioned.ready) {
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
            if let Some(provisioned) = &mut function.provisioned {
                provisioned.idle.add(&mut self.environments, slot, now);
            }
        } else {
            function.idle.add(&mut self.environments, slot, now);
            function.on_demand_busy -= 1;
            if function.reserved.is_none() {
                pool.busy -= 1;
                pool.account.unreserved_concurrent_executions.decrease(now);
                pool.account.claimed_account_concurrency.decrease(now);
            }
        }
        answer(context, &environment);
    }

    /// A provisioned environment that is free: one that has been used, else the next.
    fn take_provisioned(&mut self, index: usize) -> Option<u32> {
        let function = &mut self.functions[index];
        let provisioned = function.provisioned.as_mut()?;
        provisioned.request_rate.take();
        if let Some(slot) = provisioned.idle.take(&mut self.environments) {
            return Some(slot);
        }
        let number = provisioned.first_number.saturating_add(provisioned.used);
        let lifeline = u32::try_from(provisioned.used).ok();
        provisioned.used += 1;
        let slot = self.environments.create(number, index as u32, true);
        let first = function.provisioned_lifelines.clone();
        let lifeline = lifeline.and_then(|at| at.checked_add(first.start));
        self.environments.at(slot).lifeline = lifeline.filter(|at| first.contains(at));
        Some(slot)
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
    let times = now..now.saturating_add(phase);
    environments.at(slot).lifeline = function.recorder.created(number, false, times);
    slot
}
