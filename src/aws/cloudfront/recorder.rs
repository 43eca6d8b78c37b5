//! Collects the metrics of a distribution as they come, in memory that the number of requests
//! doesn't change.

use crate::aws::cloudfront::distribution::{Distribution, Kind, Trigger};
use crate::aws::cloudfront::flight::Flight;
use crate::aws::cloudfront::metrics::{
    CacheResult, DistributionMetrics, FunctionMetrics, LocationMetrics, OriginMetrics,
    RequestRecord, RunEnd, Step, What,
};
use crate::aws::cloudfront::request::{Fault, Reply, Request, Source, status};
use crate::aws::cloudfront::rules::Prices;
use crate::aws::trace::Story;
use crate::sim::SECOND;
use crate::sim::statistics::distribution::Recorder as Durations;

/// How many requests are kept one by one.
pub const FIRST_REQUESTS: usize = 200;
/// How many steps of each.
pub const STEPS: usize = 40;

/// The recorder of a distribution.
#[derive(Clone, Debug)]
pub(super) struct Recorder {
    pub(super) metrics: DistributionMetrics,
    latency: Durations,
    origin_latency: Durations,
    functions: Vec<FunctionDurations>,
    prices: Prices,
}

#[derive(Clone, Debug, Default)]
struct FunctionDurations {
    utilization: Durations,
    duration: Durations,
    latency: Durations,
    gb_seconds: f64,
}

/// A function's run, as far as metrics are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct FunctionRun {
    pub(super) function: usize,
    pub(super) trigger: Trigger,
    pub(super) from: u64,
    pub(super) until: u64,
    /// How long it ran itself; `None` when it was throttled by Lambda.
    pub(super) ran: Option<u64>,
    /// The time that it might have taken.
    pub(super) allowed: u64,
    pub(super) memory: u64,
    pub(super) end: RunEnd,
}

impl Recorder {
    pub(super) fn new(distribution: &Distribution, prices: Prices) -> Self {
        let function =
            |function: &crate::aws::cloudfront::distribution::Function| FunctionMetrics {
                name: function.name.clone(),
                kind: function.kind,
                invocations: 0,
                throttles: 0,
                timeouts: 0,
                execution_errors: 0,
                validation_errors: 0,
                compute_utilization: Default::default(),
                duration: Default::default(),
                latency: Default::default(),
                cost: 0.0,
            };
        let metrics = DistributionMetrics {
            name: distribution.name.clone(),
            functions: distribution.functions.iter().map(function).collect(),
            origins: distribution
                .origins
                .iter()
                .map(|origin| OriginMetrics { name: origin.name.clone(), ..Default::default() })
                .collect(),
            locations: distribution
                .locations
                .iter()
                .map(|location| LocationMetrics {
                    name: location.name.clone(),
                    region: location.region.clone(),
                    ..Default::default()
                })
                .collect(),
            ..DistributionMetrics::default()
        };
        let functions = vec![FunctionDurations::default(); distribution.functions.len()];
        Self {
            metrics,
            latency: Durations::default(),
            origin_latency: Durations::default(),
            functions,
            prices,
        }
    }

    /// A request has come; gives the number of its record, if one is kept.
    #[inline]
    pub(super) fn arrived(
        &mut self,
        records: &mut Vec<RequestRecord>,
        distribution: u32,
        (now, story): (u64, Story),
        location: u32,
        request: &Request,
        object: u32,
    ) -> Option<u32> {
        let metrics = &mut self.metrics;
        metrics.requests += 1;
        metrics.requests_over_time.record(now);
        metrics.bytes_uploaded = metrics.bytes_uploaded.saturating_add(request.body_size);
        if let Some(place) = metrics.locations.get_mut(location as usize) {
            place.requests += 1;
        }
        let number = records.len();
        // Those that are asked for by number are kept wherever they come.
        if number >= FIRST_REQUESTS && story == Story::NONE {
            return None;
        }
        let record = record(distribution, now, location, request, object);
        records.push(RequestRecord { story: story.number(), ..record });
        Some(number as u32)
    }

    /// A fresh copy is served at once.
    #[inline]
    pub(super) fn hit(
        &mut self,
        records: &mut [RequestRecord],
        location: u32,
        reply: &Reply,
        record: Option<u32>,
        now: u64,
    ) {
        self.latency.record(0);
        let metrics = &mut self.metrics;
        metrics.cacheable_requests += 1;
        metrics.cache_hits += 1;
        count(metrics, CacheResult::Hit);
        metrics.bytes_downloaded = metrics.bytes_downloaded.saturating_add(reply.body_size);
        if let Some(place) = metrics.locations.get_mut(location as usize) {
            place.hits += 1;
        }
        if let Some(record) = at(records, record) {
            record.answered = now;
            record.status = reply.status;
            record.cache = CacheResult::Hit;
        }
    }

    /// Something has happened to a request.
    pub(super) fn step(
        &mut self,
        records: &mut [RequestRecord],
        record: Option<u32>,
        from: u64,
        until: u64,
        what: What,
    ) {
        let Some(record) = at(records, record) else { return };
        if let What::Trigger { trigger, .. } = what {
            record.triggers.push(trigger);
        }
        if record.steps.len() < STEPS {
            record.steps.push(Step { from, until, what });
        }
    }

    /// A request is answered.
    pub(super) fn answered(
        &mut self,
        records: &mut [RequestRecord],
        flight: &Flight,
        reply: &Reply,
        method_cached: bool,
        now: u64,
    ) {
        let latency = now.saturating_sub(flight.arrived);
        self.latency.record(latency);
        let metrics = &mut self.metrics;
        metrics.bytes_downloaded = metrics.bytes_downloaded.saturating_add(reply.body_size);
        if reply.status >= status::SERVER_ERROR {
            metrics.errors_5xx += 1;
        } else if reply.is_error() {
            metrics.errors_4xx += 1;
        } else if method_cached && flight.result != CacheResult::None {
            metrics.cacheable_requests += 1;
            metrics.cache_hits += u64::from(flight.result.is_hit());
        }
        count(metrics, flight.result);
        if flight.result == CacheResult::Hit
            && let Some(place) = metrics.locations.get_mut(flight.location as usize)
        {
            place.hits += 1;
        }
        let at_request = matches!(reply.source, Source::Function(trigger) if trigger.is_request());
        metrics.generated_responses +=
            u64::from(at_request && (flight.result == CacheResult::None || is_new(flight.result)));
        match reply.fault {
            Some(Fault::LambdaExecutionError) => metrics.lambda_execution_errors += 1,
            Some(Fault::LambdaValidationError) => metrics.lambda_validation_errors += 1,
            Some(Fault::LambdaLimitExceeded) => metrics.lambda_limit_exceeded_errors += 1,
            _ => {}
        }
        if flight.asked {
            self.origin_latency.record(latency);
        }
        let (result, origin) = (flight.result, flight.asked.then_some(flight.origin));
        if let Some(record) = at(records, flight.record) {
            record.answered = now;
            record.status = reply.status;
            record.cache = result;
            record.origin = origin;
            record.fault = reply.fault;
            record.detail.clone_from(&reply.detail);
        }
    }

    /// An origin is asked.
    pub(super) fn origin_request(&mut self, origin: u32, now: u64) {
        self.metrics.origin_requests += 1;
        self.metrics.origin_requests_over_time.record(now);
        if let Some(origin) = self.metrics.origins.get_mut(origin as usize) {
            origin.requests += 1;
        }
    }

    /// It has failed, or answered with an error.
    pub(super) fn origin_error(&mut self, origin: u32) {
        if let Some(origin) = self.metrics.origins.get_mut(origin as usize) {
            origin.errors += 1;
        }
    }

    /// A function has run, or was throttled.
    pub(super) fn ran(
        &mut self,
        records: &mut [RequestRecord],
        run: &FunctionRun,
        record: Option<u32>,
    ) {
        let what =
            What::Trigger { trigger: run.trigger, function: run.function as u32, end: run.end };
        self.step(records, record, run.from, run.until, what);
        let metrics = self.metrics.functions.get_mut(run.function);
        let (Some(metrics), Some(durations)) = (metrics, self.functions.get_mut(run.function))
        else {
            return;
        };
        match run.end {
            RunEnd::Failed(Fault::LambdaExecutionError | Fault::FunctionExecutionError) => {
                metrics.execution_errors += 1;
            }
            RunEnd::Failed(Fault::LambdaValidationError | Fault::FunctionValidationError) => {
                metrics.validation_errors += 1;
            }
            RunEnd::Failed(Fault::LambdaLimitExceeded) if run.ran.is_some() => {
                metrics.timeouts += 1;
            }
            RunEnd::Failed(Fault::LambdaLimitExceeded | Fault::FunctionThrottledError) => {
                metrics.throttles += 1;
            }
            _ => {}
        }
        durations.latency.record(run.until.saturating_sub(run.from));
        let Some(ran) = run.ran else { return };
        metrics.invocations += 1;
        durations.duration.record(ran);
        match metrics.kind {
            Kind::CloudFrontFunction => {
                const THOUSANDTHS: u128 = 100_000;
                let share = u128::from(ran) * THOUSANDTHS / u128::from(run.allowed.max(1));
                durations.utilization.record(u64::try_from(share).unwrap_or(u64::MAX));
            }
            Kind::LambdaEdge => {
                const MILLISECOND: u64 = SECOND / 1000;
                const GIGABYTE: f64 = (1u64 << 30) as f64;
                let billed = ran.div_ceil(MILLISECOND).saturating_mul(MILLISECOND);
                durations.gb_seconds +=
                    billed as f64 / SECOND as f64 * (run.memory as f64 / GIGABYTE);
            }
        }
    }

    /// The metrics of the whole run, which ends at `end`.
    pub(super) fn finish(mut self, end: u64) -> DistributionMetrics {
        self.metrics.requests_over_time.finish(end);
        self.metrics.origin_requests_over_time.finish(end);
        self.metrics.latency = self.latency.finish();
        self.metrics.origin_latency = self.origin_latency.finish();
        for (metrics, durations) in self.metrics.functions.iter_mut().zip(self.functions) {
            let invocations = metrics.invocations as f64;
            metrics.cost = match metrics.kind {
                Kind::CloudFrontFunction => invocations * self.prices.function,
                Kind::LambdaEdge => {
                    invocations * self.prices.lambda + durations.gb_seconds * self.prices.gb_second
                }
            };
            metrics.compute_utilization = durations.utilization.finish();
            metrics.duration = durations.duration.finish();
            metrics.latency = durations.latency.finish();
        }
        self.metrics
    }
}

#[inline]
fn count(metrics: &mut DistributionMetrics, result: CacheResult) {
    if let Some(count) = metrics.results.get_mut(result as usize) {
        *count += 1;
    }
}

fn record(
    distribution: u32,
    now: u64,
    location: u32,
    request: &Request,
    object: u32,
) -> RequestRecord {
    use crate::aws::cloudfront::request::OBJECT;
    RequestRecord {
        story: None,
        distribution,
        location,
        method: request.method.name().to_owned(),
        path: request.path.replace(OBJECT, &object.to_string()),
        arrived: now,
        answered: now,
        status: 0,
        cache: CacheResult::None,
        triggers: Vec::new(),
        origin: None,
        fault: None,
        detail: None,
        steps: Vec::new(),
    }
}

/// A record by number.
fn at(records: &mut [RequestRecord], record: Option<u32>) -> Option<&mut RequestRecord> {
    records.get_mut(record? as usize)
}

/// Whether a response was fetched for the request that got it.
fn is_new(result: CacheResult) -> bool {
    matches!(result, CacheResult::Miss | CacheResult::Uncacheable)
}
