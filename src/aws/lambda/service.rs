//! Lambda in a Region as a service of the event loop: requests come, are placed or throttled, and
//! go.
//!
//! At one instant environments become free before others expire, before provisioned concurrency
//! changes, before requests arrive. Environments that become free at once do so in the order of
//! their numbers; requests that come at once, in the order of their sources.

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Request};
use crate::aws::lambda::calls::Pending;
use crate::aws::lambda::cost::Bill;
use crate::aws::lambda::environments::Environments;
use crate::aws::lambda::function::State;
use crate::aws::lambda::metrics::{AccountMetrics, FunctionMetrics, ThrottleReason as Reason};
use crate::aws::lambda::rules::{self, Rules};
use crate::aws::reader::Reader;
use crate::aws::trace::What;
use crate::sim::bucket::TokenBucket;
use crate::sim::queue::EventQueue;

/// Bits for the slot in a [`Departure`].
const SLOT_BITS: u32 = 26;

/// An environment becomes free: its number, which orders those of one instant, above its slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Departure(u64);

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
    pub(super) fn new(number: u64, slot: u32) -> Self {
        Self(number << SLOT_BITS | u64::from(slot))
    }

    fn slot(self) -> u32 {
        (self.0 & ((1 << SLOT_BITS) - 1)) as u32
    }
}

/// A timer of Lambda's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// The handler of an environment's run has come to its next call of another resource.
    Call {
        /// The slot of the environment.
        slot: u32,
        /// Which of its runs.
        run: u32,
    },
    /// An environment's run has come to the function's timeout.
    Timeout {
        /// The slot of the environment.
        slot: u32,
        /// Which of its runs.
        run: u32,
    },
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
pub(super) enum Place {
    /// A provisioned environment.
    Provisioned,
    /// An idle on-demand environment.
    Warm,
    /// A new on-demand environment.
    New,
}

/// What the functions of a Region share.
#[derive(Debug)]
pub(super) struct Pool {
    /// What functions without a reservation share.
    pub(super) limit: u64,
    pub(super) busy: u64,
    request_rate: TokenBucket,
    pub(super) account: AccountMetrics,
}

/// Lambda while it runs.
#[derive(Debug)]
pub struct Service {
    pub(super) rules: Rules,
    pub(super) functions: Vec<State>,
    pub(super) environments: Environments,
    /// The runs that wait for what they call, by the slot of their environment.
    pub(super) pending: Vec<Option<Pending>>,
    pub(super) departures: EventQueue<Departure>,
    /// Changes of provisioned concurrency that are still to come, the next one last.
    changes: Vec<(u64, Change, usize)>,
    pub(super) pools: Vec<Pool>,
    /// Environments that have expired since the loop last asked.
    pub(super) expired: u64,
}

/// What Lambda's part of a run was.
#[derive(Debug)]
pub struct Finished {
    /// Environments that expired at the end.
    pub events: u64,
    /// The functions' metrics, in the architecture's order.
    pub functions: Vec<FunctionMetrics>,
    /// The account's side, in its own Region.
    pub account: AccountMetrics,
}

impl Service {
    /// Lambda with an architecture's functions.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>, seed: u64) -> Self {
        let rules = Rules::new(&architecture.account, reader);
        let policies = &architecture.policies;
        let functions: Vec<State> = architecture
            .functions
            .iter()
            .zip(0..)
            .map(|(function, index)| State::new(index, function, &rules, policies, reader, seed))
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
        let limit = rules.quota.saturating_sub(reserved);
        let mut account = AccountMetrics {
            concurrent_executions_limit: rules.quota,
            unreserved_concurrent_executions_limit: limit,
            ..AccountMetrics::default()
        };
        account.claimed_account_concurrency.set(0, reserved);
        let request_rate = rules.request_rate(rules.quota);
        Self {
            rules,
            functions,
            environments: Environments::default(),
            pending: Vec::new(),
            departures: EventQueue::default(),
            changes,
            pools: vec![Pool { limit, busy: 0, request_rate, account }],
            expired: 0,
        }
    }

    /// When the next environment becomes free.
    #[inline]
    pub fn next_departure(&self) -> Option<u64> {
        self.departures.peek().map(|(time, _)| time)
    }

    /// Whether there are more environments than can be told apart.
    #[inline]
    pub fn overflowed(&self) -> bool {
        self.environments.slots() >= 1 << SLOT_BITS
    }

    /// The next environment becomes free. Gives how many environments have expired.
    #[inline]
    pub fn depart(&mut self, context: &mut Context) -> u64 {
        let now = context.now();
        // Those of the same instant come after what becomes free in it.
        self.apply_changes_before(now);
        if let Some((_, departure)) = self.departures.pop() {
            self.release(context, departure.slot());
        }
        std::mem::take(&mut self.expired)
    }

    /// Applies the changes of provisioned concurrency that lie before `time`.
    #[inline]
    pub(super) fn apply_changes_before(&mut self, time: u64) {
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
                self.expired += function.expire(&mut self.environments, now);
                function.provisioned_ready(now);
            }
            Change::Requested if function.reserved.is_none() => {
                let pool = &mut self.pools[function.pool];
                pool.limit = pool.limit.saturating_sub(amount);
                pool.account.unreserved_concurrent_executions_limit = pool.limit;
                let claimed = &mut pool.account.claimed_account_concurrency;
                claimed.set(now, claimed.value().saturating_add(amount));
            }
            // It comes out of the reservation, which is claimed already.
            Change::Requested => {}
        }
    }

    /// A request comes. Gives how many environments have expired.
    #[inline]
    pub fn invoke(&mut self, context: &mut Context, request: Request) -> u64 {
        let now = context.now();
        self.apply_changes_before(now.saturating_add(1));
        let index = request.target.place();
        let Some(function) = self.functions.get_mut(index) else { return 0 };
        self.expired += function.expire(&mut self.environments, now);
        // Drawn for every request, so that what becomes of one doesn't change the others.
        let handler = function.duration.draw();
        let fails = function.fails();
        match self.admit(now, index) {
            Ok(place) => self.serve(context, &request, place, handler, fails),
            Err(reason) => {
                self.functions[index].recorder.throttled(now, reason);
                let story = request.message.story;
                context.trace.record(now, story, request.target, What::Throttled(reason));
                context.answer(request.caller, Answer::Throttled(reason));
            }
        }
        std::mem::take(&mut self.expired)
    }

    /// Where a request of a function goes, or why it is throttled. Concurrency is looked at first,
    /// so a request that is throttled for that uses nothing of the caps on requests.
    #[inline]
    fn admit(&mut self, now: u64, index: usize) -> Result<Place, Reason> {
        let function = &mut self.functions[index];
        let pool = &mut self.pools[function.pool];
        let place = if function.provisioned.as_mut().is_some_and(|p| p.has_room(now)) {
            Place::Provisioned
        } else {
            match function.reserved {
                Some(_) if function.on_demand_busy >= function.on_demand_limit => {
                    return Err(Reason::ReservedFunctionConcurrentInvocationLimitExceeded);
                }
                None if pool.busy >= pool.limit => {
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
        if !pool.request_rate.has_token(now) {
            return Err(Reason::FunctionInvocationRateLimitExceeded);
        }
        pool.request_rate.take();
        if let Some(rate) = &mut function.request_rate {
            rate.take();
        }
        Ok(place)
    }

    /// The metrics of the whole run.
    pub fn finish(
        mut self,
        end: u64,
        architecture: &Architecture,
        reader: &Reader<'_>,
    ) -> Finished {
        self.apply_changes_before(end.saturating_add(1));
        let mut events = self.expired;
        let mut functions = Vec::with_capacity(self.functions.len());
        for (mut state, function) in self.functions.into_iter().zip(&architecture.functions) {
            events += state.expire(&mut self.environments, end);
            let bill = Bill { function, settings: state.settings, end };
            functions.push(state.recorder.finish(&bill, reader));
        }
        let pool = self.pools.into_iter().next();
        let mut account = pool.map(|pool| pool.account).unwrap_or_default();
        for series in [
            &mut account.concurrent_executions,
            &mut account.unreserved_concurrent_executions,
            &mut account.claimed_account_concurrency,
        ] {
            series.finish(end);
        }
        Finished { events, functions, account }
    }
}

/// The resource that a function is.
pub(super) fn resource(index: u32) -> Resource {
    Resource { kind: ResourceKind::Function, index }
}

/// The metrics of functions to which nothing happens.
pub fn idle(architecture: &Architecture) -> Vec<FunctionMetrics> {
    let empty = |name: &String| FunctionMetrics { name: name.clone(), ..Default::default() };
    architecture.functions.iter().map(|function| empty(&function.name)).collect()
}

/// The metrics of an account in which nothing happens.
pub fn idle_account(architecture: &Architecture, reader: &Reader<'_>) -> AccountMetrics {
    let limit = rules::quota(&architecture.account, reader);
    AccountMetrics {
        concurrent_executions_limit: limit,
        unreserved_concurrent_executions_limit: limit,
        ..AccountMetrics::default()
    }
}
