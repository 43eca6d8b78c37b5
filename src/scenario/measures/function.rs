//! What is measured of functions and of the account.

use super::group::{Group, durations, series};
use crate::aws::lambda::metrics::{
    AccountMetrics, Billed, FunctionMetrics, RegionMetrics, Request, RequestOutcome,
    ScalingActivity, ScalingCause, Series, ThrottleReason,
};
use crate::scenario::limit;
use crate::scenario::outcome::{Measure, MeasureDimension};

/// The reasons by AWS's names.
const REASONS: [(&str, ThrottleReason); 4] = [
    ("ConcurrentInvocationLimitExceeded", ThrottleReason::ConcurrentInvocationLimitExceeded),
    ("FunctionInvocationRateLimitExceeded", ThrottleReason::FunctionInvocationRateLimitExceeded),
    (
        "ReservedFunctionConcurrentInvocationLimitExceeded",
        ThrottleReason::ReservedFunctionConcurrentInvocationLimitExceeded,
    ),
    (
        "ReservedFunctionInvocationRateLimitExceeded",
        ThrottleReason::ReservedFunctionInvocationRateLimitExceeded,
    ),
];

/// AWS's name of a reason.
pub fn reason_name(reason: ThrottleReason) -> &'static str {
    REASONS.iter().find(|(_, known)| *known == reason).map_or("", |(name, _)| name)
}

/// The measures of a function.
pub(super) fn function_measures(function: &FunctionMetrics) -> Group {
    let mut group = Group::default();
    group.count("requests", function.requests);
    group.count("invocations", function.invocations);
    group.count("errors", function.errors);
    group.count("timeouts", function.timeouts);
    group.count("throttles", function.throttles);
    group.count("call_retries", function.call_retries);
    group.count("calls_denied", function.calls_denied);
    group.count("recursive_invocations_dropped", function.recursive_invocations_dropped);
    let mut reasons = Group::default();
    for (name, reason) in REASONS {
        let found = function.throttles_by_reason.iter().find(|(known, _)| *known == reason);
        reasons.count(name, found.map_or(0, |(_, count)| *count));
    }
    group.group("throttles_by_reason", reasons);
    if let Some(url) = &function.url {
        group.count("url_request_count", url.url_request_count);
        group.count("url_4xx_count", url.url_4xx_count);
        group.count("url_5xx_count", url.url_5xx_count);
        group.group("url_request_latency", durations(&url.url_request_latency));
    }
    group.count("cold_starts", function.cold_starts);
    let refused = function.throttles.saturating_add(function.errors);
    group.share("success_rate", function.requests.saturating_sub(refused), function.requests);
    group.share("error_rate", function.errors, function.invocations);
    group.share("throttle_rate", function.throttles, function.requests);
    group.share("cold_start_rate", function.cold_starts, function.invocations);
    let name = "provisioned_concurrency_invocations";
    group.count(name, function.provisioned_concurrency_invocations);
    let name = "provisioned_concurrency_spillover_invocations";
    group.count(name, function.provisioned_concurrency_spillover_invocations);
    group.group("provisioned_concurrency_utilization", utilization(function));
    let requested = level(&function.provisioned_concurrency_requested);
    group.group("requested_provisioned_concurrent_executions", requested);
    let available = level(&function.provisioned_concurrency_ready);
    group.group("available_provisioned_concurrent_executions", available);
    group.count("scaling_activities_count", function.scaling_activities_count);
    let activities = function.scaling_activities.iter().take(limit::LOG).map(activity);
    group.put("scaling_activities", Measure::List(activities.collect()));
    group.group("concurrent_executions", series(&function.concurrent_executions));
    let provisioned = series(&function.provisioned_concurrent_executions);
    group.group("provisioned_concurrent_executions", provisioned);
    group.group("environments", series(&function.environments));
    let ended = &function.environments_ended;
    let mut endings = Group::default();
    endings.count("total", ended.total());
    endings.count("idle", ended.idle);
    endings.count("deployment", ended.deployment);
    endings.count("maintenance", ended.maintenance);
    endings.count("failed_start", ended.failed_start);
    endings.count("scaled_in", ended.scaled_in);
    group.group("environments_ended", endings);
    group.group("duration", durations(&function.duration));
    group.group("init_duration", durations(&function.init_duration));
    group.group("restore_duration", durations(&function.restore_duration));
    group.group("latency", durations(&function.latency));
    group.put("vcpus", function.vcpus.map_or(Measure::Absent, Measure::number));
    let mut tmp = Group::default();
    tmp.count("hits", function.tmp_hits);
    tmp.count("misses", function.tmp_misses);
    tmp.share("hit_rate", function.tmp_hits, function.tmp_hits.saturating_add(function.tmp_misses));
    group.group("tmp_cache", tmp);
    group.group("cost", cost(&function.billed));
    group.put("log", Measure::List(log(&function.first_requests)));
    group
}

/// How much of the provisioned concurrency is in use: the most at any moment, and over the run.
fn utilization(function: &FunctionMetrics) -> Group {
    let mut group = Group::default();
    let share = |share: f64| Measure::Quantity(share, MeasureDimension::Percent);
    group.put("max", function.provisioned_concurrency_utilization.map_or(Measure::Absent, share));
    let available = function.provisioned_concurrency_ready.integral();
    let busy = function.provisioned_concurrent_executions.integral();
    let mean = (available > 0).then(|| busy as f64 / available as f64);
    group.put("mean", mean.map_or(Measure::Absent, share));
    group
}

/// Something over time, with its value at the end.
fn level(values: &Series) -> Group {
    let mut group = series(values);
    group.count("last", values.value());
    group
}

/// A scaling activity.
fn activity(activity: &ScalingActivity) -> Measure {
    let mut group = Group::default();
    group.duration("time", activity.time as f64);
    let cause = match activity.cause {
        ScalingCause::Schedule => "schedule",
        ScalingCause::ScaleOut => "scale_out",
        ScalingCause::ScaleIn => "scale_in",
    };
    group.put("cause", Measure::Text(cause.to_owned()));
    group.count("from", activity.from);
    group.count("to", activity.to);
    group.put("succeeded", Measure::Bool(activity.succeeded));
    Measure::Map(group.0)
}

fn cost(billed: &Billed) -> Group {
    let mut group = Group::default();
    group.money("total", billed.total);
    group.money("requests", billed.requests);
    group.money("duration", billed.duration);
    group.money("init", billed.init);
    group.money("provisioned_concurrency", billed.provisioned_concurrency);
    group.money("provisioned_duration", billed.provisioned_duration);
    group.money("snap_start_cache", billed.snap_start_cache);
    group.money("snap_start_restore", billed.snap_start_restore);
    group.money("ephemeral_storage", billed.ephemeral_storage);
    group.money("free_tier", billed.free_tier);
    group.put("billed_gb_seconds", Measure::number(billed.billed_gb_seconds));
    group.put("gb_seconds", Measure::number(billed.on_demand_gb_seconds));
    group.put("provisioned_gb_seconds", Measure::number(billed.provisioned_gb_seconds));
    group
}

/// The HTTP status that a synchronous `Invoke` gets: a function error is answered with 200.
const OK: u64 = 200;
/// The HTTP status of `TooManyRequestsException`.
const TOO_MANY_REQUESTS: u64 = 429;

/// The first requests.
fn log(requests: &[Request]) -> Vec<Measure> {
    requests.iter().take(limit::LOG).map(request).collect()
}

fn request(request: &Request) -> Measure {
    let mut group = Group::default();
    group.duration("arrived", request.arrived as f64);
    group.duration("answered", request.answered as f64);
    group.duration("latency", request.answered.saturating_sub(request.arrived) as f64);
    group.duration("init", request.init as f64);
    let throttle = match request.outcome {
        RequestOutcome::Throttled(reason) => Some(reason),
        _ => None,
    };
    group.put("cold_start", Measure::Bool(request.cold_start));
    let environment = request.environment.map_or(Measure::Absent, |e| Measure::number(e as f64));
    group.put("environment", environment);
    group.put("provisioned", Measure::Bool(request.provisioned));
    group.count("status", if throttle.is_some() { TOO_MANY_REQUESTS } else { OK });
    let outcome = match request.outcome {
        RequestOutcome::Success => "success",
        RequestOutcome::Error => "error",
        RequestOutcome::Timeout => "timeout",
        RequestOutcome::Throttled(_) => "throttled",
    };
    group.put("outcome", Measure::Text(outcome.to_owned()));
    let reason = throttle.map(|reason| Measure::Text(reason_name(reason).to_owned()));
    group.put("reason", reason.unwrap_or(Measure::Absent));
    Measure::Map(group.0)
}

/// The measures of the account in its Region.
pub(super) fn account(account: &AccountMetrics, regions: &[RegionMetrics]) -> Group {
    let mut group = region(account);
    if !regions.is_empty() {
        let mut all = Group::default();
        for known in regions {
            all.group(&known.region, region(&known.account));
        }
        group.group("regions", all);
    }
    group
}

fn region(account: &AccountMetrics) -> Group {
    let mut group = Group::default();
    let mut all = series(&account.concurrent_executions);
    all.count("limit", account.concurrent_executions_limit);
    group.group("concurrent_executions", all);
    let mut unreserved = series(&account.unreserved_concurrent_executions);
    unreserved.count("limit", account.unreserved_concurrent_executions_limit);
    group.group("unreserved_concurrent_executions", unreserved);
    group.group("claimed_account_concurrency", series(&account.claimed_account_concurrency));
    group
}

/// The sums over all functions.
pub(super) fn total(functions: &[FunctionMetrics]) -> Group {
    let sum = |count: fn(&FunctionMetrics) -> u64| functions.iter().map(count).sum();
    let mut group = Group::default();
    group.count("requests", sum(|function| function.requests));
    group.count("invocations", sum(|function| function.invocations));
    group.count("throttles", sum(|function| function.throttles));
    group.count("errors", sum(|function| function.errors));
    group.count("cold_starts", sum(|function| function.cold_starts));
    group.money("cost", functions.iter().map(|function| function.billed.total).sum());
    group
}
