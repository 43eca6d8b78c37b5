//! A function while it runs: its configuration, environments, limits and records.

use crate::aws::architecture::Policies;
use crate::aws::engine::event::Message;
use crate::aws::lambda::cost::Usage;
use crate::aws::lambda::cpu::durations;
use crate::aws::lambda::deployment::{Call, Function};
use crate::aws::lambda::environments::{Environments, Idle};
use crate::aws::lambda::provisioned::Provisioned;
use crate::aws::lambda::recorder::Recorder;
use crate::aws::lambda::rules::{Rules, Settings, prepared_init_limit};
use crate::aws::lambda::start::Starts;
use crate::aws::lambda::tmp::{Wanted, Wants};
use crate::aws::reader::Reader;
use crate::sim::bucket::TokenBucket;
use crate::sim::draw::Draw;
use crate::sim::random::Random;
use crate::sim::windows::Windows;

/// What was drawn for a request. It is for every request, so that what becomes of one doesn't
/// change the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn {
    /// How long the handler runs.
    pub(super) handler: u64,
    /// Whether it fails.
    pub(super) fails: bool,
    /// What it wants of `/tmp`.
    pub(super) tmp: Option<Wanted>,
}

/// A function while it runs.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The pool of its Region: an index of [`super::service::Service::pools`].
    pub(super) pool: usize,
    pub(super) settings: Settings,
    /// What the handler calls when its own time is over, in order.
    pub(super) calls: Vec<Call>,
    pub(super) duration: Draw,
    /// How much longer the handler runs for each record.
    duration_per_record: u64,
    /// How its environments start.
    pub(super) starts: Starts,
    /// The shortest Init that can be drawn.
    pub(super) least_init: u64,
    /// The limit of an Init that runs ahead of any request.
    pub(super) prepared_init_limit: u64,
    /// What requests want of `/tmp`.
    pub(super) tmp: Option<Wants>,
    failure_rate: f64,
    failing: Windows,
    failures: Random,
    /// Its reservation; its on-demand environments come out of that, else out of the pool.
    pub(super) reserved: Option<u64>,
    /// How many on-demand environments it may keep busy under its reservation.
    pub(super) on_demand_limit: u64,
    pub(super) on_demand_busy: u64,
    pub(super) provisioned: Option<Provisioned>,
    pub(super) idle: Idle,
    /// How many environments it may add.
    pub(super) scaling: TokenBucket,
    /// The cap on requests under its reservation.
    pub(super) request_rate: Option<TokenBucket>,
    /// The number of the next environment.
    pub(super) next_number: u64,
    pub(super) recorder: Recorder,
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
        let deployed = function.provisioned_concurrency.as_ref();
        let provisioned = deployed
            .map(|deployed| Provisioned::new(deployed, idle("provisioned routing"), rules, reader));
        let settings = Settings::new(function, reader);
        let usage = Usage::new(reader);
        let usage = if deployed.is_some() { usage.with_provisioned(reader) } else { usage };
        let durations = durations(function, &settings, reader);
        let starts = Starts::new(function, durations.init, rules.init_timeout, reader, stream);
        let usage = if starts.restores { usage.with_snap_start(reader) } else { usage };
        let reserved = function.reserved_concurrency;
        Self {
            pool: 0,
            settings,
            calls: function.calls.clone(),
            duration: Draw::new(durations.handler, stream("duration")),
            duration_per_record: function.duration_per_record,
            starts,
            tmp: Wants::new(function, &settings, stream),
            least_init: durations.init.least(),
            prepared_init_limit: match deployed {
                Some(_) => prepared_init_limit(settings.timeout, reader),
                None => u64::MAX,
            },
            failure_rate: function.failure_rate,
            failing: function.failing.clone(),
            failures: stream("failure"),
            reserved,
            on_demand_limit: reserved.unwrap_or(0),
            on_demand_busy: 0,
            provisioned,
            idle: idle("routing"),
            scaling: TokenBucket::new(rules.scaling_capacity, rules.scaling_rate),
            request_rate: reserved.map(|reserved| rules.request_rate(reserved)),
            next_number: 0,
            recorder: Recorder::new(&function.name, reserved, durations.vcpus, usage),
        }
    }

    /// How long the next handler run takes for so many records.
    #[inline]
    fn run_time(&mut self, records: u32) -> u64 {
        let own = self.duration.draw();
        own.saturating_add(self.duration_per_record.saturating_mul(u64::from(records)))
    }

    /// How many environments serve a request.
    #[inline]
    pub(super) fn busy(&self) -> u64 {
        let provisioned = self.provisioned.as_ref().map_or(0, |provisioned| provisioned.busy);
        self.on_demand_busy + provisioned
    }

    /// Draws for a request that comes at `now`.
    #[inline]
    pub(super) fn draw(&mut self, now: u64, message: &Message) -> Drawn {
        Drawn {
            handler: self.run_time(message.records),
            fails: self.fails(now, message.poison),
            tmp: self.tmp.as_mut().map(Wants::next),
        }
    }

    /// Whether the next handler run fails, which begins at `now`: by chance, at a time at which
    /// all fail, or because it gets poison.
    #[inline]
    fn fails(&mut self, now: u64, poison: bool) -> bool {
        // A unit is above 0, so a rate of 0 never fails; one of 1 always does.
        let by_chance = self.failure_rate > 0.0 && self.failures.unit() <= self.failure_rate;
        by_chance || poison || self.failing.contain(now)
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
}
