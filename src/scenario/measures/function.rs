//! What is measured of functions and of the account.

use super::group::{Group, durations, series};
use crate::aws::lambda::metrics::{
    AccountMetrics, Billed, FunctionMetrics, Request, RequestOutcome, ThrottleReason,
};
use crate::scenario::limit;
use crate::scenario::outcome::Measure;

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
    let mut reasons = Group::default();
    for (name, reason) in REASONS {
        let found = function.throttles_by_reason.iter().find(|(known, _)| *known == reason);
        reasons.count(name, found.map_or(0, |(_, count)| *count));
    }
    group.group("throttles_by_reason", reasons);
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
    let ready = function.provisioned_concurrency_ready.max();
    let mut utilization = Group::default();
    utilization.share("max", function.provisioned_concurrent_executions.max(), ready);
    group.group("provisioned_concurrency_utilization", utilization);
    group.group("concurrent_executions", series(&function.concurrent_executions));
    let provisioned = series(&function.provisioned_concurrent_executions);
    group.group("provisioned_concurrent_executions", provisioned);
    group.group("environments", series(&function.environments));
    group.group("duration", durations(&function.duration));
    group.group("init_duration", durations(&function.init_duration));
    group.group("latency", durations(&function.latency));
    group.group("cost", cost(&function.billed));
    group.put("log", Measure::List(log(&function.first_requests)));
    group
}

fn cost(billed: &Billed) -> Group {
    let mut group = Group::default();
    group.money("total", billed.total);
    group.money("requests", billed.requests);
    group.money("duration", billed.duration);
    group.money("init", billed.init);
    group.money("provisioned_concurrency", billed.provisioned_concurrency);
    group.money("provisioned_duration", billed.provisioned_duration);
    group.money("ephemeral_storage", billed.ephemeral_storage);
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
pub(super) fn account(account: &AccountMetrics) -> Group {
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
