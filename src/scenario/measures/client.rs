//! What clients that try again see of a function or an API.

use super::group::{Group, durations};
use crate::aws::architecture::{Resource, ResourceKind};
use crate::aws::metrics::Run;
use crate::aws::sdk::metrics::{ClientMetrics, ClientOutcome, ClientRequest};
use crate::scenario::limit;
use crate::scenario::outcome::Measure;

/// Adds the measures of a resource's clients to its own, all zero when none tries again.
pub(super) fn add(group: &mut Group, run: &Run, kind: ResourceKind, at: usize) {
    let target = Resource::new(kind, at);
    let none = ClientMetrics::new(target);
    let metrics = run.clients.iter().find(|metrics| metrics.target == target).unwrap_or(&none);
    group.group("clients", clients(metrics));
}

fn clients(metrics: &ClientMetrics) -> Group {
    let mut group = Group::default();
    group.count("requests", metrics.requests);
    group.count("attempts", metrics.attempts);
    group.count("retries", metrics.attempts.saturating_sub(metrics.requests));
    group.count("succeeded", metrics.succeeded);
    group.count("function_errors", metrics.function_errors);
    group.count("given_up", metrics.given_up);
    group.count("retry_quota_exhausted", metrics.retry_quota_exhausted);
    group.count("timeouts", metrics.timeouts);
    group.share("success_rate", metrics.succeeded, metrics.requests);
    let amplification = match metrics.requests {
        0 => Measure::Absent,
        requests => Measure::number(metrics.attempts as f64 / requests as f64),
    };
    group.put("attempts_per_request", amplification);
    group.group("latency", durations(&metrics.latency));
    group.group("held_back", durations(&metrics.held_back));
    let log = metrics.first_requests.iter().take(limit::LOG).map(request);
    group.put("log", Measure::List(log.collect()));
    group
}

/// One request. The times of its attempts count from when it was wanted.
fn request(request: &ClientRequest) -> Measure {
    let mut group = Group::default();
    group.duration("began", request.began as f64);
    let after = |time: u64| {
        let mut group = Group::default();
        group.duration("after", time.saturating_sub(request.began) as f64);
        Measure::Map(group.0)
    };
    group.put("attempts", Measure::List(request.attempts.iter().copied().map(after).collect()));
    group.duration("latency", request.ended.saturating_sub(request.began) as f64);
    let outcome = match request.outcome {
        ClientOutcome::Pending => "pending",
        ClientOutcome::Success => "success",
        ClientOutcome::FunctionError => "function_error",
        ClientOutcome::GivenUp => "given_up",
        ClientOutcome::QuotaExhausted => "retry_quota_exhausted",
    };
    group.put("outcome", Measure::Text(outcome.to_owned()));
    Measure::Map(group.0)
}
