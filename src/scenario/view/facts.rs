//! What the views show, as plain numbers: taken once from an outcome, so that no view asks the
//! engine's types for anything and every figure can be drawn from numbers that never ran.

use crate::aws::ecs::metrics::TaskMetrics;
use crate::aws::iam::service::AccessMetrics;
use crate::aws::lambda::asynchronous::metrics::AsynchronousMetrics;
use crate::aws::lambda::metrics::{Billed, FunctionMetrics, Lifeline, ThrottleReason};
use crate::aws::metrics::{Rejection, Run};
use crate::aws::rds_events::metrics::EmittedEvent;
use crate::aws::vpc::plan::{Connection, Plan};
use crate::scenario::outcome::{Outcome, Verdict, View};
use crate::scenario::view::backlog::Backlog;
use crate::scenario::view::edge::Exchange;
use crate::scenario::view::resources::{self, Resource};
use crate::scenario::view::statements::Statements;
use crate::scenario::view::sweep::Sweep;
use crate::scenario::view::trail::{self, Step};
use crate::sim::statistics::{Bin, Distribution, Series};

/// An outcome as the views see it. Times are nanoseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The scenario's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The seed.
    pub seed: u64,
    /// The views in order.
    pub show: Vec<View>,
    /// The variants in the author's order.
    pub variants: Vec<Variant>,
    /// What the sweep measured, if there is one.
    pub sweep: Option<Sweep>,
}

/// A variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    /// Its name; `None` for a scenario without variants.
    pub name: Option<String>,
    /// What became of the expectations.
    pub verdicts: Vec<Verdict>,
    /// Why the deployment was refused, if it was.
    pub rejected: Option<Rejection>,
    /// When the last request was answered.
    pub end: u64,
    /// The account's quota of concurrent executions.
    pub limit: u64,
    /// What reservations leave of it.
    pub unreserved_limit: u64,
    /// Busy environments of all functions.
    pub busy: Levels,
    /// The functions.
    pub functions: Vec<Function>,
    /// What waits in queues, streams and Lambda's queues of events.
    pub backlogs: Vec<Backlog>,
    /// The other resources of which there is something to say.
    pub resources: Vec<Resource>,
    /// Single requests and what IAM decided.
    pub decisions: Vec<AccessMetrics>,
    /// What became of ECS tasks.
    pub tasks: Vec<TaskMetrics>,
    /// The events of RDS, in the order of time.
    pub rds_events: Vec<EmittedEvent>,
    /// The names of event subscriptions, each with that of its topic.
    pub event_topics: Vec<(String, String)>,
    /// What happened to the messages and requests that were followed, in the order of time.
    pub steps: Vec<Step>,
    /// The first requests to distributions.
    pub exchanges: Vec<Exchange>,
    /// The network with what was looked for in it.
    pub plan: Option<Plan>,
    /// The first transactions of its databases.
    pub statements: Vec<Statements>,
    /// Whether the connections of the plan come about.
    pub connections: Vec<Connection>,
}

/// A function in a variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Requests made.
    pub requests: u64,
    /// Requests that reached an environment.
    pub invocations: u64,
    /// Function errors, timeouts included.
    pub errors: u64,
    /// Runs that the timeout ended.
    pub timeouts: u64,
    /// Requests refused.
    pub throttles: u64,
    /// Calls of its handler that were tried again, those that were denied, and runs of a recursive
    /// loop that weren't begun.
    pub calls: (u64, u64, u64),
    /// The same by reason.
    pub throttles_by_reason: Vec<(ThrottleReason, u64)>,
    /// When they were refused: times and how often from there to the next.
    pub throttles_over_time: Vec<(u64, u64)>,
    /// Invocations that waited for an Init phase.
    pub cold_starts: u64,
    /// Invocations that provisioned concurrency couldn't take.
    pub spillover: u64,
    /// What Application Auto Scaling did to provisioned concurrency.
    pub scaling_activities: u64,
    /// The reservation.
    pub reserved: Option<u64>,
    /// Busy environments.
    pub busy: Levels,
    /// Provisioned environments that are ready.
    pub provisioned_ready: Levels,
    /// Environments that exist.
    pub environments: Levels,
    /// The handler's time.
    pub duration: Percentiles,
    /// Init phases that a request waited for.
    pub init: Percentiles,
    /// What the caller waits.
    pub latency: Percentiles,
    /// Requests that found their file in `/tmp`, and those that had to download it.
    pub tmp: (u64, u64),
    /// The bill.
    pub billed: Billed,
    /// Environments up to a bound.
    pub lifelines: Vec<Lifeline>,
    /// How many there were beyond.
    pub lifelines_omitted: u64,
    /// The events that it was invoked with asynchronously.
    pub events: Events,
}

/// What became of the events for a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// Taken into the queue.
    pub received: u64,
    /// Refused, because clients sent too many.
    pub refused: u64,
    /// Tried again.
    pub retries: u64,
    /// Given up.
    pub dropped: u64,
    /// Sent to a destination or a dead-letter queue.
    pub sent_on: u64,
    /// What couldn't be sent there.
    pub undelivered: u64,
    /// How old events were when the function ran.
    pub age: Percentiles,
}

/// A count over time in bins of equal width.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    /// The bins from time zero on.
    pub bins: Vec<Bin>,
    /// Their width.
    pub width: u64,
    /// The greatest value.
    pub max: u64,
}

/// What is shown of a distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percentiles {
    /// How many values there are; the others are 0 without any.
    pub count: u64,
    /// The median.
    pub p50: u64,
    /// 90 % lie at or below it.
    pub p90: u64,
    /// 99 % lie at or below it.
    pub p99: u64,
    /// 99.9 % lie at or below it.
    pub p999: u64,
    /// The greatest.
    pub max: u64,
}

impl Facts {
    /// The facts of an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        let variants = outcome.variants.iter().map(|variant| Variant {
            name: variant.name.clone(),
            verdicts: variant.verdicts.clone(),
            rejected: variant.run.rejected.clone(),
            end: variant.run.end,
            limit: variant.run.account.concurrent_executions_limit,
            unreserved_limit: variant.run.account.unreserved_concurrent_executions_limit,
            busy: Levels::of(&variant.run.account.concurrent_executions),
            functions: functions(&variant.run),
            backlogs: Backlog::of(&variant.run),
            resources: resources::of(&variant.run),
            decisions: variant.run.decisions.clone(),
            tasks: variant.run.tasks.clone(),
            rds_events: variant.run.rds_events.clone(),
            event_topics: event_topics(&variant.run),
            steps: trail::steps(&variant.run),
            exchanges: Exchange::of(&variant.run),
            plan: variant.run.plan.clone(),
            statements: Statements::of(&variant.run),
            connections: variant.run.connections.clone(),
        });
        Self {
            id: outcome.id.clone(),
            title: outcome.title.clone(),
            seed: outcome.seed,
            show: outcome.show.clone(),
            variants: variants.collect(),
            sweep: Sweep::of(outcome),
        }
    }

    /// The variants that ran.
    pub fn ran(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.rejected.is_none())
    }

    /// When the last request of any variant was answered.
    pub fn end(&self) -> u64 {
        self.ran().map(|variant| variant.end).max().unwrap_or(0)
    }

    /// The names of the functions in the order of the first variant that has them.
    pub fn function_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for function in self.variants.iter().flat_map(|variant| &variant.functions) {
            if !names.contains(&function.name.as_str()) {
                names.push(&function.name);
            }
        }
        names
    }
}

fn functions(run: &Run) -> Vec<Function> {
    let mut functions: Vec<Function> = run.functions.iter().map(Function::of).collect();
    for (function, events) in functions.iter_mut().zip(&run.asynchronous) {
        function.events = Events::of(events);
    }
    functions
}

fn event_topics(run: &Run) -> Vec<(String, String)> {
    let subscriptions = run.event_subscriptions.iter();
    subscriptions.map(|one| (one.name.clone(), one.topic.clone())).collect()
}

impl Variant {
    /// A function by name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// The sum of a count over all functions.
    pub fn sum(&self, count: impl Fn(&Function) -> u64) -> u64 {
        self.functions.iter().map(count).fold(0, u64::saturating_add)
    }
}

impl Function {
    fn of(metrics: &FunctionMetrics) -> Self {
        let throttles = metrics.throttles_over_time.bins();
        let throttles = throttles.iter().filter(|bin| bin.count > 0);
        Self {
            name: metrics.name.clone(),
            requests: metrics.requests,
            invocations: metrics.invocations,
            errors: metrics.errors,
            timeouts: metrics.timeouts,
            throttles: metrics.throttles,
            calls: (
                metrics.call_retries,
                metrics.calls_denied,
                metrics.recursive_invocations_dropped,
            ),
            throttles_by_reason: metrics.throttles_by_reason.clone(),
            throttles_over_time: throttles.map(|bin| (bin.start, bin.count)).collect(),
            cold_starts: metrics.cold_starts,
            spillover: metrics.provisioned_concurrency_spillover_invocations,
            scaling_activities: metrics.scaling_activities_count,
            reserved: metrics.reserved_concurrency,
            busy: Levels::of(&metrics.concurrent_executions),
            provisioned_ready: Levels::of(&metrics.provisioned_concurrency_ready),
            environments: Levels::of(&metrics.environments),
            duration: Percentiles::of(&metrics.duration),
            init: Percentiles::of(&metrics.init_duration),
            latency: Percentiles::of(&metrics.latency),
            tmp: (metrics.tmp_hits, metrics.tmp_misses),
            billed: metrics.billed,
            lifelines: metrics.lifelines.clone(),
            lifelines_omitted: metrics.lifelines_omitted,
            events: Events::default(),
        }
    }

    /// How often requests were refused, in columns of equal width from 0 to `end`.
    pub fn refused_in_columns(&self, end: u64, columns: usize) -> Vec<u64> {
        let mut refused = vec![0u64; columns];
        for &(time, times) in &self.throttles_over_time {
            let share = time as f64 / end.max(1) as f64 * columns as f64;
            let column = (share as usize).min(columns.saturating_sub(1));
            if let Some(count) = refused.get_mut(column) {
                *count = count.saturating_add(times);
            }
        }
        refused
    }
}

impl Events {
    fn of(metrics: &AsynchronousMetrics) -> Self {
        Self {
            received: metrics.async_events_received,
            refused: metrics.async_events_refused,
            retries: metrics.retries_after_errors.saturating_add(metrics.retries_after_throttles),
            dropped: metrics.async_events_dropped,
            sent_on: metrics.on_success_deliveries
                + metrics.on_failure_deliveries
                + metrics.dead_letter_deliveries,
            undelivered: metrics.destination_delivery_failures + metrics.dead_letter_errors,
            age: Percentiles::of(&metrics.async_event_age),
        }
    }
}

impl Percentiles {
    fn of(distribution: &Distribution) -> Self {
        Self {
            count: distribution.count(),
            p50: distribution.percentile(50.0),
            p90: distribution.percentile(90.0),
            p99: distribution.percentile(99.0),
            p999: distribution.percentile(99.9),
            max: distribution.max(),
        }
    }
}

/// The greatest and the mean value of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// The greatest.
    pub max: f64,
    /// The mean over the column's time.
    pub mean: f64,
}

impl Levels {
    pub(super) fn of(series: &Series) -> Self {
        Self { bins: series.bins(), width: series.bin_width(), max: series.max() }
    }

    /// The values in columns of equal width from 0 to `end`. What lies behind the last bin is 0.
    pub fn in_columns(&self, end: u64, columns: usize) -> Vec<Level> {
        let mut levels = vec![Level::default(); columns];
        let width = end.max(1) as f64 / columns.max(1) as f64;
        for bin in &self.bins {
            let from = bin.start as f64 / width;
            let to = (bin.start.saturating_add(self.width.max(1))) as f64 / width;
            let first = from.max(0.0) as usize;
            let last = (to.ceil().max(0.0) as usize).min(columns);
            for (index, level) in levels.iter_mut().enumerate().take(last).skip(first) {
                let left = index as f64;
                let overlap = (to.min(left + 1.0) - from.max(left)).max(0.0);
                if overlap > 1e-9 {
                    level.max = level.max.max(bin.max as f64);
                    level.mean += bin.mean * overlap;
                }
            }
        }
        levels
    }
}
