//! The state machine of the Region: requests come, are placed or throttled, and go.
//!
//! At one instant environments become free before others expire, before provisioned concurrency
//! changes, before requests arrive. Environments that become free at once do so in the order of
//! their numbers; requests that come at once, in the order of their flows.

use crate::aws::lambda::Bounds;
use crate::aws::lambda::RunError;
use crate::aws::lambda::cost::Bill;
use crate::aws::lambda::deployment::{Arrivals, Deployment, Load, Policies};
use crate::aws::lambda::environments::Environments;
use crate::aws::lambda::function::State;
use crate::aws::lambda::metrics::{AccountMetrics, RequestOutcome, Run, ThrottleReason as Reason};
use crate::aws::lambda::recorder::Invocation;
use crate::aws::lambda::rules::{Reader, Rules};
use crate::sim::bucket::TokenBucket;
use crate::sim::flow::Flow;
use crate::sim::queue::EventQueue;
use crate::sim::random::Random;

/// Bits for the slot in a [`Departure`].
const SLOT_BITS: u32 = 26;

/// An environment becomes free: its number, which orders those of one instant, above its slot.
#[derive(Clone, Copy, Debug)]
struct Departure(u64);

impl From<u64> for Departure {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<Departure> for u64 {
    fn from(departure: Departure) -> Self {
        departure.0
    }
}

impl Departure {
    fn new(number: u64, slot: u32) -> Self {
        Self(number << SLOT_BITS | u64::from(slot))
    }

    fn slot(self) -> u32 {
        (self.0 & ((1 << SLOT_BITS) - 1)) as u32
    }
}

/// A change of a function's provisioned concurrency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    /// It is taken from the pool or the reservation.
    Requested,
    /// All of it can be used.
    Ready,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A provisioned environment.
    Provisioned,
    /// An idle on-demand environment.
    Warm,
    /// A new on-demand environment.
    New,
}

/// A run in progress.
pub(super) struct Engine<'a> {
    deployment: &'a Deployment,
    reader: Reader<'a>,
    rules: Rules,
    bounds: Bounds,
    functions: Vec<State>,
    environments: Environments,
    /// The flows with the index of their function.
    flows: Vec<(usize, Flow)>,
    /// The indices of flows.
    arrivals: EventQueue<u64>,
    departures: EventQueue<Departure>,
    /// Changes of provisioned concurrency that are still to come, the next one last.
    changes: Vec<(u64, Change, usize)>,
    events: u64,
    /// What functions without a reservation share.
    pool_limit: u64,
    pool_busy: u64,
    request_rate: TokenBucket,
    account: AccountMetrics,
}

/// The flows of all loads, each with its own stream of random numbers: its function's name and
/// its place among that function's flows, so that other functions' flows don't change it.
fn flows(deployment: &Deployment, load: &[Load], seed: u64) -> Vec<(usize, Flow)> {
    let mut flows: Vec<(usize, Flow)> = Vec::with_capacity(load.len());
    let mut counts = vec![0u64; deployment.functions.len()];
    for load in load {
        // A load on a function that isn't there has nothing to go to.
        let Some(function) = deployment.functions.get(load.function) else { continue };
        let ordinal = counts[load.function].to_string();
        counts[load.function] += 1;
        let flow = match load.arrivals {
            Arrivals::Once { at, count } => Flow::once(at, count),
            Arrivals::Constant { rate, from, until } => Flow::constant(rate, from, until),
            Arrivals::Poisson { rate, from, until } => {
                let random = Random::stream(seed, &["arrivals", &function.name, &ordinal]);
                Flow::poisson(rate, from, until, random)
            }
        };
        flows.push((load.function, flow));
    }
    flows
}

impl<'a> Engine<'a> {
    pub(super) fn new(
        deployment: &'a Deployment,
        load: &[Load],
        policies: &Policies,
        reader: Reader<'a>,
        seed: u64,
        bounds: Bounds,
    ) -> Self {
        let rules = Rules::new(deployment, &reader);
        let functions: Vec<State> = deployment
            .functions
            .iter()
            .zip(0..)
            .map(|(function, index)| State::new(index, function, &rules, policies, &reader, seed))
            .collect();
        let reserved: u64 = functions.iter().filter_map(|f| f.reserved).sum();
        let mut changes = Vec::new();
        for (index, function) in functions.iter().enumerate() {
            if let Some(provisioned) = &function.provisioned {
                let requested_at = provisioned.requested_at.unwrap_or_default();
                changes.push((requested_at, Change::Requested, index));
                changes.push((provisioned.ready_at, Change::Ready, index));
            }
        }
        changes.sort_unstable_by(|a, b| b.cmp(a));
        let flows = flows(deployment, load, seed);
        let mut arrivals = EventQueue::default();
        for (index, (_, flow)) in flows.iter().enumerate() {
            if let Some(time) = flow.next() {
                arrivals.push(time, index as u64);
            }
        }
        let pool_limit = rules.quota.saturating_sub(reserved);
        let mut account = AccountMetrics {
            concurrent_executions_limit: rules.quota,
            unreserved_concurrent_executions_limit: pool_limit,
            ..AccountMetrics::default()
        };
        account.claimed_account_concurrency.set(0, reserved);
        Self {
            deployment,
            reader,
            request_rate: rules.request_rate(rules.quota),
            rules,
            bounds,
            functions,
            environments: Environments::default(),
            flows,
            arrivals,
            departures: EventQueue::default(),
            changes,
            events: 0,
            pool_limit,
            pool_busy: 0,
            account,
        }
    }

    /// Runs until the last request is answered; gives the metrics.
    pub(super) fn run(mut self) -> Result<Run, RunError> {
        let certain: u64 =
            self.flows.iter().fold(0, |sum, (_, flow)| flow.certain().saturating_add(sum));
        if certain > self.bounds.events {
            return Err(RunError::TooManyEvents { bound: self.bounds.events, reached: 0 });
        }
        let mut end = 0;
        loop {
            let departure = self.departures.peek();
            let arrival = self.arrivals.peek();
            let now = match (departure, arrival) {
                (None, None) => break,
                (Some((time, _)), None) | (None, Some((time, _))) => time,
                (Some((departure, _)), Some((arrival, _))) => departure.min(arrival),
            };
            self.events += 1;
            self.check(now)?;
            end = now;
            match (departure, arrival) {
                (Some((time, departure)), _) if time == now => {
                    // Those of the same instant come after what becomes free in it.
                    self.apply_changes_before(now);
                    self.departures.pop();
                    self.depart(now, departure);
                }
                (_, Some((_, flow))) => {
                    self.apply_changes_before(now.saturating_add(1));
                    self.arrive(now, flow as usize)?;
                }
                _ => {}
            }
        }
        Ok(self.finish(end))
    }

    #[inline]
    fn check(&self, now: u64) -> Result<(), RunError> {
        if self.events > self.bounds.events {
            return Err(RunError::TooManyEvents { bound: self.bounds.events, reached: now });
        }
        if now > self.bounds.time {
            return Err(RunError::TooLong { bound: self.bounds.time });
        }
        Ok(())
    }

    /// Applies the changes of provisioned concurrency that lie before `time`.
    #[inline]
    fn apply_changes_before(&mut self, time: u64) {
        while let Some(&(at, change, function)) = self.changes.last()
            && at < time
        {
            self.changes.pop();
            self.apply(at, change, function);
        }
    }

    #[cold]
    fn apply(&mut self, now: u64, change: Change, index: usize) {
        let function = &mut self.functions[index];
        let amount = function.provisioned.as_ref().map_or(0, |provisioned| provisioned.amount);
        match change {
            Change::Ready => {
                self.events += function.expire(&mut self.environments, now);
                function.provisioned_ready(now);
            }
            Change::Requested if function.reserved.is_none() => {
                self.pool_limit = self.pool_limit.saturating_sub(amount);
                self.account.unreserved_concurrent_executions_limit = self.pool_limit;
                let claimed = &mut self.account.claimed_account_concurrency;
                claimed.set(now, claimed.value().saturating_add(amount));
            }
            // It comes out of the reservation, which is claimed already.
            Change::Requested => {}
        }
    }

    /// An environment becomes free.
    #[inline]
    fn depart(&mut self, now: u64, departure: Departure) {
        let slot = departure.slot();
        let environment = *self.environments.at(slot);
        let function = &mut self.functions[environment.function as usize];
        function.recorder.metrics.concurrent_executions.decrease(now);
        self.account.concurrent_executions.decrease(now);
        if environment.provisioned {
            function.recorder.metrics.provisioned_concurrent_executions.decrease(now);
            if let Some(provisioned) = &mut function.provisioned {
                provisioned.idle.add(&mut self.environments, slot, now);
            }
            return;
        }
        function.idle.add(&mut self.environments, slot, now);
        function.on_demand_busy -= 1;
        if function.reserved.is_none() {
            self.pool_busy -= 1;
            self.account.unreserved_concurrent_executions.decrease(now);
            self.account.claimed_account_concurrency.decrease(now);
        }
    }

    /// A request comes.
    #[inline]
    fn arrive(&mut self, now: u64, flow: usize) -> Result<(), RunError> {
        let (index, flow_state) = &mut self.flows[flow];
        let index = *index;
        flow_state.advance();
        match flow_state.next() {
            Some(time) => self.arrivals.replace_next(time, flow as u64),
            None => {
                self.arrivals.pop();
            }
        }
        let function = &mut self.functions[index];
        self.events += function.expire(&mut self.environments, now);
        // Drawn for every request, so that what becomes of one doesn't change the others.
        let duration = function.duration.next();
        let fails = function.fails();
        match self.admit(now, index) {
            Ok(place) => self.serve(now, index, place, duration, fails),
            Err(reason) => {
                self.functions[index].recorder.throttled(now, reason);
                Ok(())
            }
        }
    }

    /// Where a request of a function goes, or why it is throttled. Concurrency is looked at first,
    /// so a request that is throttled for that uses nothing of the caps on requests.
    #[inline]
    fn admit(&mut self, now: u64, index: usize) -> Result<Place, Reason> {
        let function = &mut self.functions[index];
        let place = if function.provisioned.as_mut().is_some_and(|p| p.has_room(now)) {
            Place::Provisioned
        } else {
            match function.reserved {
                Some(_) if function.on_demand_busy >= function.on_demand_limit => {
                    return Err(Reason::ReservedFunctionConcurrentInvocationLimitExceeded);
                }
                None if self.pool_busy >= self.pool_limit => {
                    return Err(Reason::ConcurrentInvocationLimitExceeded);
                }
                _ => {}
            }
            if !function.idle.is_empty() {
                Place::Warm
            } else if function.scaling.has_token(now) {
                Place::New
            } else {
                return Err(Reason::ConcurrentInvocationLimitExceeded);
            }
        };
        if function.request_rate.as_mut().is_some_and(|rate| !rate.has_token(now)) {
            return Err(Reason::ReservedFunctionInvocationRateLimitExceeded);
        }
        if !self.request_rate.has_token(now) {
            return Err(Reason::FunctionInvocationRateLimitExceeded);
        }
        self.request_rate.take();
        if let Some(rate) = &mut function.request_rate {
            rate.take();
        }
        Ok(place)
    }

    /// An environment serves a request.
    #[inline]
    fn serve(
        &mut self,
        now: u64,
        index: usize,
        place: Place,
        handler: u64,
        fails: bool,
    ) -> Result<(), RunError> {
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
                let init = function.init_duration.next();
                let phase = init.min(self.rules.init_timeout);
                init_phase = Some(phase);
                init_inside = if init > phase { init } else { 0 };
                create(function, &mut self.environments, index, now, phase)
            }
        };
        let environment = self.environments.at(slot);
        let reset = std::mem::take(&mut environment.reset);
        if reset {
            init_inside = function.init_duration.next();
        }
        let wanted = init_inside.saturating_add(handler);
        let timeout = function.settings.timeout;
        let outcome = match (wanted > timeout, fails) {
            (true, _) => RequestOutcome::Timeout,
            (false, true) => RequestOutcome::Error,
            (false, false) => RequestOutcome::Success,
        };
        environment.reset = wanted > timeout;
        let duration = wanted.min(timeout);
        let answered = now.saturating_add(init_phase.unwrap_or_default()).saturating_add(duration);
        let cold = init_phase.is_some() || reset;
        let invocation = Invocation { arrived: now, init_phase, duration, answered, cold, outcome };
        let environment = *environment;
        function.recorder.invoked(&invocation, &environment);
        self.occupy(now, index, environment.provisioned);
        self.departures.push(answered, Departure::new(environment.number, slot));
        if self.environments.slots() >= 1 << SLOT_BITS {
            return Err(RunError::TooManyEvents { bound: self.bounds.events, reached: now });
        }
        Ok(())
    }

    /// Counts an environment as busy.
    #[inline]
    fn occupy(&mut self, now: u64, index: usize, provisioned: bool) {
        let function = &mut self.functions[index];
        let metrics = &mut function.recorder.metrics;
        metrics.concurrent_executions.increase(now);
        self.account.concurrent_executions.increase(now);
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
            self.pool_busy += 1;
            self.account.unreserved_concurrent_executions.increase(now);
            self.account.claimed_account_concurrency.increase(now);
        }
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

    /// The metrics of the whole run.
    fn finish(mut self, end: u64) -> Run {
        self.apply_changes_before(end.saturating_add(1));
        for series in [
            &mut self.account.concurrent_executions,
            &mut self.account.unreserved_concurrent_executions,
            &mut self.account.claimed_account_concurrency,
        ] {
            series.finish(end);
        }
        let mut functions = Vec::with_capacity(self.functions.len());
        for (mut state, function) in self.functions.into_iter().zip(&self.deployment.functions) {
            self.events += state.expire(&mut self.environments, end);
            let bill = Bill { function, settings: state.settings, end };
            functions.push(state.recorder.finish(&bill, &self.reader));
        }
        Run { rejected: None, end, events: self.events, functions, account: self.account }
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
    let times = now..now.saturating_add(phase);
    environments.at(slot).lifeline = function.recorder.created(number, false, times);
    slot
}
