//! A function while it runs: its configuration, environments, limits and records.

use std::ops::Range;

use crate::aws::architecture::Policies;
use crate::aws::lambda::cost::Usage;
use crate::aws::lambda::deployment::{Call, Function};
use crate::aws::lambda::environments::{Environments, Idle};
use crate::aws::lambda::recorder::{LIFELINES, Recorder};
use crate::aws::lambda::rules::{Rules, Settings};
use crate::aws::reader::Reader;
use crate::sim::bucket::TokenBucket;
use crate::sim::draw::Draw;
use crate::sim::random::Random;

/// A function while it runs.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The pool of its Region: an index of [`super::service::Service::pools`].
    pub(super) pool: usize,
    pub(super) settings: Settings,
    /// What the handler calls when its own time is over, in order.
    pub(super) calls: Vec<Call>,
    pub(super) duration: Draw,
    pub(super) init_duration: Draw,
    failure_rate: f64,
    failures: Random,
    /// Its reservation; its on-demand environments come out of that, else out of the pool.
    pub(super) reserved: Option<u64>,
    /// How many on-demand environments it may keep busy under its reservation.
    pub(super) on_demand_limit: u64,
    pub(super) on_demand_busy: u64,
    pub(super) provisioned: Option<Provisioned>,
    /// The places of the provisioned environments' lifelines that are kept.
    pub(super) provisioned_lifelines: Range<u32>,
    pub(super) idle: Idle,
    /// How many environments it may add.
    pub(super) scaling: TokenBucket,
    /// The cap on requests under its reservation.
    pub(super) request_rate: Option<TokenBucket>,
    /// The number of the next environment.
    pub(super) next_number: u64,
    pub(super) recorder: Recorder,
}

/// A function's provisioned concurrency while it runs.
#[derive(Clone, Debug)]
pub(super) struct Provisioned {
    pub(super) amount: u64,
    /// When it is asked for, and from when on it is there.
    pub(super) requested_at: Option<u64>,
    pub(super) ready_at: u64,
    pub(super) ready: bool,
    /// The number of the first of its environments.
    pub(super) first_number: u64,
    /// How many of its environments have been used; the others are not kept one by one.
    pub(super) used: u64,
    pub(super) idle: Idle,
    /// The cap on requests that it serves.
    pub(super) request_rate: TokenBucket,
}

impl State {
    pub(super) fn new(
        index: u32,
        function: &Function,
        rules: &Rules,
        policies: &Policies,
        reader: &Reader<'_>,
        seed: u64,
    ) -> Self {
        let stream = |purpose| Random::stream(seed, &["function", &function.name, purpose]);
        let idle = |purpose| Idle::new(policies.routing, index, stream(purpose));
        let request_rate = |concurrency| rules.request_rate(concurrency);
        let provisioned = function.provisioned_concurrency.map(|provisioned| {
            let preparation = reader.time("lambda.provisioned_preparation");
            let rate = reader.amount("lambda.provisioned_allocation_rate");
            let allocation = Rules::time_for(provisioned.amount, rate);
            let ready_at = |from: u64| from.saturating_add(preparation).saturating_add(allocation);
            Provisioned {
                amount: provisioned.amount,
                requested_at: provisioned.requested_at,
                ready_at: provisioned.requested_at.map_or(0, ready_at),
                ready: false,
                first_number: 0,
                used: 0,
                idle: idle("provisioned routing"),
                request_rate: request_rate(provisioned.amount),
            }
        });
        let set_aside = function.provisioned_concurrency.map_or(0, |p| p.amount);
        let reserved = function.reserved_concurrency;
        Self {
            pool: 0,
            settings: Settings::new(function, reader),
            calls: function.calls.clone(),
            duration: Draw::new(function.duration, stream("duration")),
            init_duration: Draw::new(function.init_duration, stream("init_duration")),
            failure_rate: function.failure_rate,
            failures: stream("failure"),
            reserved,
            on_demand_limit: reserved.map_or(0, |reserved| reserved.saturating_sub(set_aside)),
            on_demand_busy: 0,
            provisioned,
            provisioned_lifelines: 0..0,
            idle: idle("routing"),
            scaling: TokenBucket::new(rules.scaling_capacity, rules.scaling_rate),
            request_rate: reserved.map(request_rate),
            next_number: 0,
            recorder: Recorder::new(
                &function.name,
                function.reserved_concurrency,
                Usage::new(reader),
            ),
        }
    }

    /// Whether the next handler run fails.
    #[inline]
    pub(super) fn fails(&mut self) -> bool {
        // A unit is above 0, so a rate of 0 never fails; one of 1 always does.
        self.failure_rate > 0.0 && self.failures.unit() <= self.failure_rate
    }

    /// Ends the on-demand environments that have been idle too long before `now`.
    #[inline]
    pub(super) fn expire(&mut self, environments: &mut Environments, now: u64) -> u64 {
        let mut expired = 0;
        let idle_timeout = self.settings.idle_timeout;
        while let Some((environment, gone)) = self.idle.expire(environments, idle_timeout, now) {
            self.recorder.gone(&environment, gone);
            expired += 1;
        }
        expired
    }

    /// All provisioned environments are there from `now` on.
    pub(super) fn provisioned_ready(&mut self, now: u64) {
        let Some(provisioned) = &mut self.provisioned else { return };
        provisioned.ready = true;
        provisioned.first_number = self.next_number;
        self.next_number = self.next_number.saturating_add(provisioned.amount);
        let metrics = &mut self.recorder.metrics;
        metrics.provisioned_concurrency_ready.set(now, provisioned.amount);
        let environments = metrics.environments.value().saturating_add(provisioned.amount);
        metrics.environments.set(now, environments);
        let first = metrics.lifelines.len() as u32;
        for number in (provisioned.first_number..).take(LIFELINES) {
            if number < self.next_number {
                self.recorder.created(number, true, now..now);
            }
        }
        let kept = self.recorder.metrics.lifelines.len() as u32;
        self.recorder.metrics.lifelines_omitted +=
            provisioned.amount.saturating_sub(LIFELINES as u64);
        self.provisioned_lifelines = first..kept;
    }
}

impl Provisioned {
    /// Whether one of its environments can take a request at `now`.
    #[inline]
    pub(super) fn has_room(&mut self, now: u64) -> bool {
        let free = !self.idle.is_empty() || self.used < self.amount;
        self.ready && free && self.request_rate.has_token(now)
    }
}
