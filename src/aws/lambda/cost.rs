//! What a function costs: usage while the run goes on, money at its end.
//!
//! Source: AWS's page of Lambda prices; Init is billed as "AWS Lambda standardizes billing for INIT
//! Phase" of 2025-04-29 says. Neither the free tier nor the tiers for volume are applied.

use crate::aws::lambda::deployment::{Function, InstructionSet};
use crate::aws::lambda::metrics::Billed;
use crate::aws::lambda::rules::Settings;
use crate::aws::reader::Reader;
use crate::quantity::unit;
use crate::sim::SECOND;

/// Requests are priced by the million.
const MILLION: f64 = 1000.0 * 1000.0;

/// What is used of what is billed.
#[derive(Clone, Debug)]
pub(super) struct Usage {
    /// What durations are rounded up to, in nanoseconds; at least 1.
    granularity: u64,
    /// The share of on-demand Init, or of restores, that is billed.
    init_billed: f64,
    /// How often a snapshot was restored.
    restores: u64,
    /// The least time for which a snapshot is billed, if there is one.
    snapshot: Option<u64>,
    requests: u64,
    on_demand: u64,
    provisioned: u64,
    init: u128,
    held: Held,
}

/// Provisioned concurrency that is held. A unit is billed from when it is asked for until it isn't
/// any more, each such time rounded up; the unit that came last goes first.
#[derive(Clone, Debug, Default)]
struct Held {
    /// What time is rounded up to, in nanoseconds; at least 1.
    granularity: u64,
    /// Since when how many units are held, in the order of time.
    layers: Vec<(u64, u64)>,
    /// Units times rounded times of those that aren't held any more.
    periods: u128,
}

impl Default for Usage {
    fn default() -> Self {
        Self {
            granularity: 1,
            init_billed: 1.0,
            restores: 0,
            snapshot: None,
            requests: 0,
            on_demand: 0,
            provisioned: 0,
            init: 0,
            held: Held::default(),
        }
    }
}

impl Held {
    fn change(&mut self, time: u64, before: u64, amount: u64) {
        if let Some(more) = amount.checked_sub(before).filter(|&more| more > 0) {
            self.layers.push((time, more));
        }
        let mut less = before.saturating_sub(amount);
        while less > 0
            && let Some((since, units)) = self.layers.pop()
        {
            let gone = units.min(less);
            let periods = time.saturating_sub(since).div_ceil(self.granularity).max(1);
            self.periods += u128::from(gone) * u128::from(periods);
            less -= gone;
            if gone < units {
                self.layers.push((since, units - gone));
            }
        }
    }
}

/// What is known of a function when its bill is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bill<'a> {
    pub(super) function: &'a Function,
    pub(super) settings: Settings,
    /// The end of the run.
    pub(super) end: u64,
}

impl Usage {
    pub(super) fn new(reader: &Reader<'_>) -> Self {
        Self {
            granularity: reader.time("lambda.price.duration_granularity").max(1),
            init_billed: reader.amount("lambda.price.init_billed"),
            ..Self::default()
        }
    }

    /// An invocation. The Init of a provisioned environment is paid by holding it.
    #[inline]
    pub(super) fn invoked(&mut self, init: u64, duration: u64, provisioned: bool) {
        self.requests += 1;
        if provisioned {
            let units = duration.div_ceil(self.granularity);
            self.provisioned = self.provisioned.saturating_add(units);
            return;
        }
        let init = if init == 0 { 0 } else { (init as f64 * self.init_billed).round() as u64 };
        self.init += u128::from(init);
        let units = init.saturating_add(duration).div_ceil(self.granularity);
        self.on_demand = self.on_demand.saturating_add(units);
    }

    /// Provisioned concurrency is asked for by another amount than before, at a time.
    pub(super) fn hold(&mut self, time: u64, before: u64, amount: u64) {
        self.held.change(time, before, amount);
    }

    /// What provisioned times are rounded up to.
    pub(super) fn with_provisioned(mut self, reader: &Reader<'_>) -> Self {
        self.held.granularity = reader.time("lambda.price.provisioned_granularity").max(1);
        self
    }

    /// Environments are restored from a snapshot.
    pub(super) fn with_snap_start(mut self, reader: &Reader<'_>) -> Self {
        self.init_billed = reader.amount("lambda.price.restore_billed");
        self.snapshot = Some(reader.time("lambda.price.snap_start_cache_minimum"));
        self
    }

    /// A snapshot was restored.
    pub(super) fn restored(&mut self) {
        self.restores += 1;
    }

    /// The bill in the Region's prices.
    pub(super) fn bill(&self, bill: &Bill<'_>, reader: &Reader<'_>) -> Billed {
        let &Bill { function, settings, end } = bill;
        let seconds = |nanoseconds: f64| nanoseconds / SECOND as f64;
        let size = |name| unit(name).map_or(1.0, |(_, size)| size);
        let gigabytes = |megabytes: u64| megabytes as f64 * (size("MB") / size("GB"));
        let instruction_set = match function.architecture {
            InstructionSet::X86_64 => "x86_64",
            InstructionSet::Arm64 => "arm64",
        };
        let price = |item: &str| reader.price(&format!("lambda.price.{item}_{instruction_set}"));
        let memory = gigabytes(settings.memory_mb);
        let on_demand = seconds(self.on_demand as f64 * self.granularity as f64);
        let provisioned = seconds(self.provisioned as f64 * self.granularity as f64);

        let mut billed = Billed {
            on_demand_gb_seconds: on_demand * memory,
            provisioned_gb_seconds: provisioned * memory,
            requests: self.requests as f64 / MILLION * reader.price("lambda.price.requests"),
            ..Billed::default()
        };
        if self.on_demand > 0 {
            let price = price("duration");
            billed.duration = billed.on_demand_gb_seconds * price;
            billed.init = seconds(self.init as f64) * memory * price;
        }
        if self.held.periods > 0 {
            billed.provisioned_duration =
                billed.provisioned_gb_seconds * price("provisioned_duration");
            let held = seconds(self.held.periods as f64 * self.held.granularity as f64);
            billed.provisioned_concurrency = held * memory * price("provisioned_concurrency");
        }
        let java = function.runtime.as_ref().is_some_and(|runtime| runtime.starts_with("java"));
        if let Some(least) = self.snapshot.filter(|_| !java) {
            let kept = seconds(end.max(least) as f64);
            billed.snap_start_cache = kept * memory * reader.price("lambda.price.snap_start_cache");
            let restored = self.restores as f64 * memory;
            billed.snap_start_restore = restored * reader.price("lambda.price.snap_start_restore");
        }
        let free = reader.megabytes("lambda.ephemeral_storage_default");
        if let Some(more) = settings.ephemeral_storage_mb.checked_sub(free)
            && more > 0
        {
            let price = reader.price("lambda.price.ephemeral_storage");
            billed.ephemeral_storage = (on_demand + provisioned) * gigabytes(more) * price;
        }
        billed.total = billed.requests
            + billed.duration
            + billed.provisioned_duration
            + billed.provisioned_concurrency
            + billed.snap_start_cache
            + billed.snap_start_restore
            + billed.ephemeral_storage;
        billed
    }
}
