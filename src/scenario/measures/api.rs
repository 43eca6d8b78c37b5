//! What is measured of APIs: CloudWatch's names in snake case. Names of the language don't begin
//! with a digit, so `4XXError` is `error_4xx`.

use super::group::{Group, durations};
use crate::aws::api_gateway::metrics::{ApiMetrics, ApiRequest};
use crate::scenario::limit;
use crate::scenario::outcome::Measure;

/// The measures of an API.
pub(super) fn api(api: &ApiMetrics) -> Group {
    let mut group = Group::default();
    group.count("count", api.count);
    group.count("error_4xx", api.error_4xx);
    group.count("error_5xx", api.error_5xx);
    let failed = api.error_4xx.saturating_add(api.error_5xx);
    group.share("success_rate", api.count.saturating_sub(failed), api.count);
    let mut statuses = Group::default();
    for (status, count) in &api.statuses {
        statuses.count(&format!("status_{status}"), *count);
    }
    group.group("statuses", statuses);
    group.count("throttled", api.throttled);
    group.count("throttled_by_account", api.throttled_by_account);
    group.count("integration_throttles", api.integration_throttles);
    group.count("integration_errors", api.integration_errors);
    group.count("integration_timeouts", api.integration_timeouts);
    group.group("integration_latency", durations(&api.integration_latency));
    group.group("latency", durations(&api.latency));
    let log = api.first_requests.iter().take(limit::LOG).map(request);
    group.put("log", Measure::List(log.collect()));
    group
}

fn request(request: &ApiRequest) -> Measure {
    let mut group = Group::default();
    group.duration("arrived", request.arrived as f64);
    group.duration("answered", request.answered as f64);
    group.duration("latency", request.answered.saturating_sub(request.arrived) as f64);
    group.count("status", u64::from(request.status));
    Measure::Map(group.0)
}
