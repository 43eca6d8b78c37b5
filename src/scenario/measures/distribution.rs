//! The measures of CloudFront distributions, and of the first requests to them.

use super::group::{Group, durations};
use crate::aws::cloudfront::distribution::{Kind, Trigger};
use crate::aws::cloudfront::metrics::{
    CacheResult, DistributionMetrics, FunctionMetrics, LocationMetrics, OriginMetrics,
    RequestRecord,
};
use crate::aws::metrics::Run;
use crate::scenario::limit;
use crate::scenario::outcome::{Measure, MeasureDimension};

/// Thousandths of a per cent in a whole.
const THOUSANDTHS: f64 = 100_000.0;

/// The measures of a distribution.
pub(super) fn distribution(metrics: &DistributionMetrics) -> Group {
    let mut group = Group::default();
    let bytes = |amount: u64| Measure::Quantity(amount as f64, MeasureDimension::DataSize);
    group.count("requests", metrics.requests);
    group.put("bytes_downloaded", bytes(metrics.bytes_downloaded));
    group.put("bytes_uploaded", bytes(metrics.bytes_uploaded));
    group.count("errors_4xx", metrics.errors_4xx);
    group.count("errors_5xx", metrics.errors_5xx);
    group.share("error_rate_4xx", metrics.errors_4xx, metrics.requests);
    group.share("error_rate_5xx", metrics.errors_5xx, metrics.requests);
    let errors = metrics.errors_4xx.saturating_add(metrics.errors_5xx);
    group.share("total_error_rate", errors, metrics.requests);
    group.count("cacheable_requests", metrics.cacheable_requests);
    group.count("cache_hits", metrics.cache_hits);
    group.share("cache_hit_rate", metrics.cache_hits, metrics.cacheable_requests);
    for (name, result) in [
        ("hits", CacheResult::Hit),
        ("regional_hits", CacheResult::RegionalHit),
        ("refresh_hits", CacheResult::RefreshHit),
        ("stale", CacheResult::Stale),
        ("collapsed", CacheResult::Collapsed),
        ("misses", CacheResult::Miss),
        ("uncacheable", CacheResult::Uncacheable),
    ] {
        group.count(name, metrics.result(result));
    }
    group.count("generated_responses", metrics.generated_responses);
    group.count("origin_requests", metrics.origin_requests);
    group.count("not_modified", metrics.not_modified);
    group.count("failovers", metrics.failovers);
    group.group("origin_latency", durations(&metrics.origin_latency));
    group.group("latency", durations(&metrics.latency));
    group.count("lambda_execution_errors", metrics.lambda_execution_errors);
    group.count("lambda_validation_errors", metrics.lambda_validation_errors);
    group.count("lambda_limit_exceeded_errors", metrics.lambda_limit_exceeded_errors);
    let mut functions = Group::default();
    for metrics in &metrics.functions {
        functions.group(&metrics.name, function(metrics));
        // One without a name of its own is known by its event.
        if Trigger::ALL.iter().any(|trigger| trigger.name() == metrics.name) {
            group.group(&metrics.name, function(metrics));
        }
    }
    group.group("functions", functions);
    let mut origins = Group::default();
    for OriginMetrics { name, requests, errors } in &metrics.origins {
        let mut origin = Group::default();
        origin.count("requests", *requests);
        origin.count("errors", *errors);
        origins.group(name, origin);
    }
    group.group("origins", origins);
    let mut locations = Group::default();
    for LocationMetrics { name, region, requests, hits } in &metrics.locations {
        let mut location = Group::default();
        location.count("requests", *requests);
        location.count("hits", *hits);
        location.put("region", Measure::Text(region.clone()));
        locations.group(name, location);
    }
    group.group("locations", locations);
    group.money("cost", metrics.functions.iter().map(|function| function.cost).sum());
    group
}

fn function(metrics: &FunctionMetrics) -> Group {
    let mut group = Group::default();
    group.count("invocations", metrics.invocations);
    group.count("throttles", metrics.throttles);
    group.count("execution_errors", metrics.execution_errors);
    group.count("validation_errors", metrics.validation_errors);
    group.count("timeouts", metrics.timeouts);
    if metrics.kind == Kind::CloudFrontFunction {
        let mut utilization = Group::default();
        let share =
            |amount: f64| Measure::Quantity(amount / THOUSANDTHS, MeasureDimension::Percent);
        utilization.put("max", share(metrics.compute_utilization.max() as f64));
        utilization.put("mean", share(metrics.compute_utilization.mean()));
        group.group("compute_utilization", utilization);
    }
    group.group("duration", durations(&metrics.duration));
    group.group("latency", durations(&metrics.latency));
    group.money("cost", metrics.cost);
    group
}

/// The first requests in the order in which they came.
pub(super) fn requests(run: &Run) -> Vec<Measure> {
    run.requests.iter().take(limit::LOG).map(|record| request(run, record)).collect()
}

fn request(run: &Run, record: &RequestRecord) -> Measure {
    let mut group = Group::default();
    let distribution = run.distributions.get(record.distribution as usize);
    let text =
        |text: Option<&str>| text.map_or(Measure::Absent, |text| Measure::Text(text.to_owned()));
    group.put("distribution", text(distribution.map(|d| d.name.as_str())));
    let location = distribution.and_then(|d| d.locations.get(record.location as usize));
    group.put("location", text(location.map(|location| location.name.as_str())));
    group.put("method", text(Some(&record.method)));
    group.put("path", text(Some(&record.path)));
    group.duration("arrived", record.arrived as f64);
    group.duration("answered", record.answered as f64);
    group.duration("latency", record.answered.saturating_sub(record.arrived) as f64);
    group.count("status", u64::from(record.status));
    group.put("cache", text(Some(record.cache.name())));
    let trigger = |trigger: &Trigger| Measure::Text(trigger.name().to_owned());
    group.put("triggers", Measure::List(record.triggers.iter().map(trigger).collect()));
    let origin = record.origin.and_then(|at| distribution?.origins.get(at as usize));
    group.put("origin", text(origin.map(|origin| origin.name.as_str())));
    group.put("error", text(record.fault.map(|fault| fault.name())));
    group.put("reason", text(record.detail.as_deref()));
    Measure::Map(group.0)
}
