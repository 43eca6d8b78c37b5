//! Lambda in a Region as a service of the event loop: requests come, are placed or throttled, and
//! go.
//!
//! At one instant environments become free before others expire, before provisioned concurrency
//! changes, before requests arrive. Environments that become free at once do so in the order of
//! their numbers; requests that come at once, in the order of their sources.

use std::collections::BTreeSet;

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Request};
use crate::aws::iam::service::AccessMetrics;
use crate::aws::lambda::calls::{Pending, Retries, most_calls};
use crate::aws::lambda::cost::{self, Bill};
use crate::aws::lambda::deployment::{Function, Scaling};
use crate::aws::lambda::environments::Environments;
use crate::aws::lambda::execution_role::Roles;
use crate::aws::lambda::function::{Drawn, State};
use crate::aws::lambda::metrics::{
    AccountMetrics, FunctionMetrics, RegionMetrics, ThrottleReason as Reason,
};
use crate::aws::lambda::rules::{self, Rules};
use crate::aws::lambda::tmp::Files;
use crate::aws::lambda::url::Url;
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

/// Something that happens to a function by itself. It is done when the loop comes to it for another
/// reason, so that it keeps no run alive. What comes first at one instant stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// Provisioned concurrency is asked for as it is deployed; whether it is ready at once.
    Provisioned {
        /// How many environments.
        amount: u64,
        /// Whether all are there at once.
        ready: bool,
    },
    /// A new version is deployed.
    Deployed,
    /// An allocation of provisioned concurrency is complete.
    Allocated(u32),
    /// A scheduled action takes place: its number.
    Scheduled(u32),
    /// The alarms of target tracking are evaluated.
    Evaluated,
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
    /// What reservations leave.
    pub(super) unreserved: u64,
    /// What provisioned concurrency outside of reservations sets aside of that.
    pub(super) set_aside: u64,
    /// What is left: functions without a reservation share it.
    pub(super) limit: u64,
    pub(super) busy: u64,
    pub(super) request_rate: TokenBucket,
    /// How many environments all functions together may add, if that is limited.
    pub(super) scaling: Option<TokenBucket>,
    pub(super) account: AccountMetrics,
}

impl Pool {
    /// What limits how fast a function adds environments.
    #[inline]
    pub(super) fn scaling<'a>(&'a mut self, function: &'a mut State) -> &'a mut TokenBucket {
        self.scaling.as_mut().unwrap_or(&mut function.scaling)
    }
}

/// Lambda while it runs.
#[derive(Debug)]
pub struct Service {
    pub(super) rules: Rules,
    pub(super) functions: Vec<State>,
    pub(super) environments: Environments,
    /// What is in `/tmp` of the environments whose function keeps files there, by slot.
    pub(super) tmp: Vec<Files>,
    /// The runs that wait for what they call, by the slot of their environment.
    pub(super) pending: Vec<Option<Pending>>,
    /// How the calls of runs are tried again.
    pub(super) retries: Retries,
    /// What IAM decides of the calls.
    pub(super) roles: Roles,
    /// After how many calls of a chain each function is stopped.
    pub(super) most_calls: Vec<u64>,
    pub(super) departures: EventQueue<Departure>,
    /// What is still to happen by itself, with the functions concerned.
    changes: BTreeSet<(u64, Change, usize)>,
    /// When the first of it happens.
    next_change: u64,
    pub(super) pools: Vec<Pool>,
    /// The Regions of the pools; the first is the account's own.
    pub(super) regions: Vec<String>,
    /// What has happened beside the loop's events since it last asked: environments that expired,
    /// changes.
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
    /// The same in each Region, the own one first; empty when no function has replicas.
    pub regions: Vec<RegionMetrics>,
    /// What the functions' roles were asked, by function.
    pub decisions: Vec<AccessMetrics>,
}

impl Service {
    /// Lambda with an architecture's functions.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>, seed: u64) -> Self {
        let rules = Rules::new(&architecture.account, reader);
        let policies = &architecture.policies;
        let state = |(function, index): (&Function, u32)| {
            let mut state = State::new(index, function, &rules, policies, reader, seed);
            state.recorder.url = Url::new(resource(index), &architecture.sources);
            state
        };
        let functions: Vec<State> = architecture.functions.iter().zip(0..).map(state).collect();
        let reserved: u64 = functions.iter().filter_map(|f| f.reserved).sum();
        let limit = rules.quota.saturating_sub(reserved);
        let mut account = AccountMetrics {
            concurrent_executions_limit: rules.quota,
            unreserved_concurrent_executions_limit: limit,
            ..AccountMetrics::default()
        };
        account.claimed_account_concurrency.set(0, reserved);
        let request_rate = rules.request_rate(rules.quota);
        let mut service = Self {
            rules,
            functions,
            environments: Environments::default(),
            tmp: Vec::new(),
            pending: Vec::new(),
            retries: Retries::new(reader, seed),
            roles: Roles::new(architecture, reader),
            most_calls: most_calls(architecture, reader),
            departures: EventQueue::default(),
            changes: BTreeSet::new(),
            next_change: u64::MAX,
            pools: vec![Pool {
                unreserved: limit,
                set_aside: 0,
                limit,
                busy: 0,
                request_rate,
                scaling: match policies.scaling {
                    Scaling::PerFunction => None,
                    Scaling::RegionalBurst => Some(rules::regional_burst(reader)),
                },
                account,
            }],
            regions: vec![architecture.account.region.clone()],
            expired: 0,
        };
        service.plan(architecture);
        service
    }

    /// Puts down what will happen by itself.
    fn plan(&mut self, architecture: &Architecture) {
        for deployment in &architecture.deployments {
            let index = deployment.function as usize;
            if index < self.functions.len() {
                self.later(deployment.at, Change::Deployed, index);
            }
        }
        for (index, function) in architecture.functions.iter().enumerate() {
            let Some(deployed) = &function.provisioned_concurrency else { continue };
            let (amount, ready) = (deployed.amount, deployed.requested_at.is_none());
            let at = deployed.requested_at.unwrap_or_default();
            self.later(at, Change::Provisioned { amount, ready }, index);
            let scaling = self.functions[index].provisioned.as_ref().map(|p| p.scaling.first());
            for (at, change) in scaling.into_iter().flatten() {
                self.later(at, change, index);
            }
        }
    }

    /// Something will happen to a function by itself.
    pub(super) fn later(&mut self, at: u64, change: Change, index: usize) {
        self.changes.insert((at, change, index));
        self.next_change = self.next_change.min(at);
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

    /// Applies what happens by itself before `time`.
    #[inline]
    pub(super) fn apply_changes_before(&mut self, time: u64) {
        while self.next_change < time {
            self.apply_next_change();
        }
    }

    #[cold]
    fn apply_next_change(&mut self) {
        let first = self.changes.pop_first();
        self.next_change = self.changes.first().map_or(u64::MAX, |&(at, ..)| at);
        let Some((now, change, index)) = first else { return };
        self.expired += 1;
        match change {
            Change::Provisioned { amount, ready } => self.provision(now, index, amount, ready),
            Change::Deployed => self.deployed(now, index),
            Change::Allocated(allocation) => self.allocated(now, index, allocation),
            Change::Scheduled(number) => self.scheduled(now, index, number),
            Change::Evaluated => self.evaluated(now, index),
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
        let most = self.most_calls.get(index).copied().unwrap_or(u64::MAX);
        if u64::from(request.message.calls) >= most {
            function.recorder.metrics.recursive_invocations_dropped += 1;
            context.trace.record(now, request.message.story, request.target, What::Recursive);
            context.answer(request.caller, Answer::Recursive);
            return std::mem::take(&mut self.expired);
        }
        // Drawn for every request, so that what becomes of one doesn't change the others.
        let drawn = function.draw(now, &request.message);
        self.place(context, request, drawn);
        std::mem::take(&mut self.expired)
    }

    /// A request is served by an environment, or throttled.
    #[inline]
    pub(super) fn place(&mut self, context: &mut Context, request: Request, drawn: Drawn) {
        let (now, index) = (context.now(), request.target.place());
        // What comes out of the queue of events has passed the caps on requests when it went in.
        let capped = !matches!(request.caller, Caller::AsynchronousEvent { .. });
        match self.admit(now, index, capped) {
            Ok(place) => self.serve(context, &request, place, drawn),
            Err(reason) => {
                self.functions[index].recorder.throttled(now, reason, &request.message);
                let story = request.message.story;
                context.trace.record(now, story, request.target, What::Throttled(reason));
                context.answer(request.caller, Answer::Throttled(reason));
            }
        }
    }

    /// Where a request of a function goes, or why it is throttled. Concurrency is looked at first,
    /// so a request that is throttled for that uses nothing of the caps on requests; `capped` says
    /// whether those concern it.
    #[inline]
    fn admit(&mut self, now: u64, index: usize, capped: bool) -> Result<Place, Reason> {
        let function = &mut self.functions[index];
        let pool = &mut self.pools[function.pool];
        let place = if function.provisioned.as_mut().is_some_and(|p| p.has_room(now)) {
            // What ran on demand before the allocation is still a part of the reservation.
            if function.reserved.is_some_and(|reserved| function.busy() >= reserved) {
                return Err(Reason::ReservedFunctionConcurrentInvocationLimitExceeded);
            }
            Place::Provisioned
        } else {
            match function.reserved {
                Some(reserved)
                    if function.on_demand_busy >= function.on_demand_limit
                        || function.busy() >= reserved =>
                {
                    return Err(Reason::ReservedFunctionConcurrentInvocationLimitExceeded);
                }
                None if pool.busy >= pool.limit => {
                    return Err(Reason::ConcurrentInvocationLimitExceeded);
                }
                _ => {}
            }
            if !function.idle.is_empty() {
                Place::Warm
            } else if pool.scaling(function).has_token(now) {
                Place::New
            } else {
                return Err(Reason::ConcurrentInvocationLimitExceeded);
            }
        };
        if !capped {
            return Ok(place);
        }
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
        let replicated = self.functions.len() > architecture.functions.len();
        let mut functions = Vec::with_capacity(self.functions.len());
        for (mut state, function) in self.functions.into_iter().zip(&architecture.functions) {
            events += state.expire(&mut self.environments, end);
            let bill = Bill { function, settings: state.settings, end };
            functions.push(state.recorder.finish(&bill, reader));
        }
        if architecture.account.free_tier {
            cost::free_tier(&mut functions, reader);
        }
        let pools = self.pools.into_iter().zip(self.regions);
        let mut regions: Vec<RegionMetrics> = pools
            .map(|(pool, region)| RegionMetrics { region, account: pool.account.ended(end) })
            .collect();
        let account = regions.first().map(|own| own.account.clone()).unwrap_or_default();
        if !replicated {
            regions.clear();
        }
        Finished { events, functions, account, regions, decisions: self.roles.finish() }
    }
}

/// The resource that a function is.
pub(super) fn resource(index: u32) -> Resource {
    Resource { kind: ResourceKind::Function, index }
}

/// The metrics of functions to which nothing happens.
pub fn idle(architecture: &Architecture) -> Vec<FunctionMetrics> {
    let empty = |(function, index): (&Function, u32)| {
        let url = Url::new(resource(index), &architecture.sources).finish();
        FunctionMetrics { name: function.name.clone(), url, ..Default::default() }
    };
    architecture.functions.iter().zip(0..).map(empty).collect()
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
