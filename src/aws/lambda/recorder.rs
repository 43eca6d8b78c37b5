//! What a run records of a function, as it happens.

use std::ops::Range;

use crate::aws::engine::event::Message;
use crate::aws::lambda::cost::{Bill, Usage};
use crate::aws::lambda::environments::Environment;
use crate::aws::lambda::metrics::{
    Ending, FunctionMetrics, Lifeline, Request, RequestOutcome, ScalingActivity, ThrottleReason,
};
use crate::aws::lambda::start::Start;
use crate::aws::lambda::url::Url;
use crate::aws::reader::Reader;
use crate::sim::statistics::distribution::Recorder as Values;

/// How many of a function's first requests are kept.
pub const FIRST_REQUESTS: usize = 200;
/// How many of a function's first environments are kept as lifelines.
pub const LIFELINES: usize = 64;
/// How many busy times of a lifeline are kept.
pub const BUSY_TIMES: usize = 200;
/// How many of a function's first scaling activities are kept.
pub const SCALING_ACTIVITIES: usize = 200;

/// An invocation with its whole course, which is known when it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Invocation {
    pub(super) arrived: u64,
    /// What came before the invocation.
    pub(super) start: Start,
    /// The invocation itself, with an Init that runs inside it.
    pub(super) duration: u64,
    /// When it is over.
    pub(super) answered: u64,
    /// Whether an Init had to be waited for.
    pub(super) cold: bool,
    pub(super) outcome: RequestOutcome,
}

/// Collects a function's metrics.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder {
    pub(super) metrics: FunctionMetrics,
    duration: Values,
    init_duration: Values,
    restore_duration: Values,
    latency: Values,
    pub(super) usage: Usage,
    throttles: [u64; REASONS.len()],
    pub(super) url: Url,
}

/// The reasons in the order in which they are counted.
const REASONS: [ThrottleReason; 4] = [
    ThrottleReason::ConcurrentInvocationLimitExceeded,
    ThrottleReason::FunctionInvocationRateLimitExceeded,
    ThrottleReason::ReservedFunctionConcurrentInvocationLimitExceeded,
    ThrottleReason::ReservedFunctionInvocationRateLimitExceeded,
];

impl Recorder {
    pub(super) fn new(
        name: &str,
        reserved_concurrency: Option<u64>,
        vcpus: Option<f64>,
        usage: Usage,
    ) -> Self {
        let name = name.to_owned();
        let metrics =
            FunctionMetrics { name, reserved_concurrency, vcpus, ..FunctionMetrics::default() };
        Self { metrics, usage, ..Self::default() }
    }

    /// A refused request.
    pub(super) fn throttled(&mut self, now: u64, reason: ThrottleReason, message: &Message) {
        self.metrics.throttles += 1;
        self.url.answered(message, RequestOutcome::Throttled(reason), 0);
        self.metrics.throttles_over_time.record(now);
        if let Some(at) = REASONS.iter().position(|&known| known == reason) {
            self.throttles[at] += 1;
        }
        if self.metrics.first_requests.len() < FIRST_REQUESTS {
            self.metrics.first_requests.push(Request {
                arrived: now,
                answered: now,
                init: 0,
                cold_start: false,
                environment: None,
                provisioned: false,
                outcome: RequestOutcome::Throttled(reason),
            });
        }
    }

    /// A request that an environment serves.
    #[inline]
    pub(super) fn invoked(&mut self, invocation: &Invocation, environment: &Environment) {
        let &Invocation { arrived, start, duration, answered, cold, outcome } = invocation;
        let init = start.phase.unwrap_or_default();
        let metrics = &mut self.metrics;
        metrics.invocations += 1;
        metrics.invocations_over_time.record(arrived);
        match outcome {
            RequestOutcome::Success | RequestOutcome::Throttled(_) => {}
            RequestOutcome::Error => metrics.errors += 1,
            RequestOutcome::Timeout => {
                metrics.errors += 1;
                metrics.timeouts += 1;
            }
        }
        metrics.cold_starts += u64::from(cold);
        if start.restores {
            self.restore_duration.record(init);
            self.usage.restored();
        } else if start.phase.is_some() {
            self.init_duration.record(init);
        }
        self.duration.record(duration);
        self.latency.record(answered - arrived);
        self.url.answered(&environment.message, outcome, answered - arrived);
        self.usage.invoked(init, duration, environment.provisioned);
        if metrics.first_requests.len() < FIRST_REQUESTS {
            metrics.first_requests.push(Request {
                arrived,
                answered,
                init,
                cold_start: cold,
                environment: Some(environment.number),
                provisioned: environment.provisioned,
                outcome,
            });
        }
        if let Some(lifeline) = environment.lifeline {
            self.busy(lifeline, arrived + init, answered);
        }
    }

    #[cold]
    fn busy(&mut self, lifeline: u32, from: u64, to: u64) {
        if let Some(lifeline) = self.metrics.lifelines.get_mut(lifeline as usize)
            && lifeline.busy.len() < BUSY_TIMES
        {
            lifeline.busy.push((from, to));
        }
    }

    /// A new environment: gives the place of its lifeline, if it is kept.
    pub(super) fn created(
        &mut self,
        number: u64,
        provisioned: bool,
        times: Range<u64>,
    ) -> Option<u32> {
        let lifelines = &mut self.metrics.lifelines;
        if lifelines.len() >= LIFELINES {
            self.metrics.lifelines_omitted += 1;
            return None;
        }
        lifelines.push(Lifeline {
            environment: number,
            provisioned,
            created: times.start,
            ready: times.end,
            busy: Vec::new(),
            gone: None,
        });
        Some((lifelines.len() - 1) as u32)
    }

    /// The place of a provisioned environment's lifeline, if it is kept.
    pub(super) fn lifeline(&self, number: u64) -> Option<u32> {
        let mut lifelines = self.metrics.lifelines.iter();
        let at = lifelines.position(|life| life.provisioned && life.environment == number)?;
        u32::try_from(at).ok()
    }

    /// Provisioned environments that have served nothing have gone.
    pub(super) fn all_gone(&mut self, numbers: Range<u64>, time: u64, ending: Ending) {
        let lifelines = self.metrics.lifelines.iter_mut();
        for life in lifelines.filter(|life| life.provisioned && numbers.contains(&life.environment))
        {
            life.gone = Some(time);
        }
        let count = numbers.end.saturating_sub(numbers.start);
        self.metrics.environments_ended.count(ending, count);
        let left = self.metrics.environments.value().saturating_sub(count);
        self.metrics.environments.set(time, left);
    }

    /// Another amount of provisioned concurrency is asked for.
    pub(super) fn provisioned_requested(&mut self, time: u64, before: u64, amount: u64) {
        self.metrics.provisioned_concurrency_requested.set(time, amount);
        self.usage.hold(time, before, amount);
    }

    /// Provisioned concurrency is in use.
    #[inline]
    pub(super) fn utilized(&mut self, busy: u64, available: u64) {
        let utilization = if available == 0 { 1.0 } else { busy as f64 / available as f64 };
        let greatest = &mut self.metrics.provisioned_concurrency_utilization;
        if greatest.is_none_or(|greatest| greatest < utilization) {
            *greatest = Some(utilization);
        }
    }

    /// Application Auto Scaling has done something.
    pub(super) fn scaled(&mut self, activity: ScalingActivity) {
        self.metrics.scaling_activities_count += 1;
        if self.metrics.scaling_activities.len() < SCALING_ACTIVITIES {
            self.metrics.scaling_activities.push(activity);
        }
    }

    /// An environment has gone.
    pub(super) fn gone(&mut self, environment: &Environment, time: u64, ending: Ending) {
        self.metrics.environments_ended.count(ending, 1);
        self.metrics.environments.decrease(time);
        let lifeline = environment.lifeline.map(|lifeline| lifeline as usize);
        if let Some(lifeline) = lifeline.and_then(|at| self.metrics.lifelines.get_mut(at)) {
            lifeline.gone = Some(time);
        }
    }

    /// The metrics, with the bill, at the end of the run.
    pub(super) fn finish(mut self, bill: &Bill<'_>, reader: &Reader<'_>) -> FunctionMetrics {
        let end = bill.end;
        self.usage.hold(end, self.metrics.provisioned_concurrency_requested.value(), 0);
        let mut metrics = self.metrics;
        metrics.requests = metrics.invocations + metrics.throttles;
        let counted = REASONS.into_iter().zip(self.throttles);
        metrics.throttles_by_reason = counted.filter(|&(_, count)| count > 0).collect();
        for series in [
            &mut metrics.concurrent_executions,
            &mut metrics.provisioned_concurrent_executions,
            &mut metrics.provisioned_concurrency_requested,
            &mut metrics.provisioned_concurrency_ready,
            &mut metrics.environments,
        ] {
            series.finish(end);
        }
        metrics.invocations_over_time.finish(end);
        metrics.throttles_over_time.finish(end);
        metrics.duration = self.duration.finish();
        metrics.init_duration = self.init_duration.finish();
        metrics.restore_duration = self.restore_duration.finish();
        metrics.latency = self.latency.finish();
        metrics.url = self.url.finish();
        metrics.billed = self.usage.bill(bill, reader);
        metrics
    }
}
