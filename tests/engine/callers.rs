//! Reads the lines of APIs and of clients that try again in `deployment` blocks, and measures them.

use bogi::aws::api_gateway::deployment::{Api, ApiKind, Throttle};
use bogi::aws::api_gateway::metrics::ApiMetrics;
use bogi::aws::architecture::{Architecture, Form, Resource};
use bogi::aws::metrics::Run;
use bogi::aws::sdk::deployment::{Clients, RetryMode};
use bogi::quantity::Quantity;
use bogi::sim::draw::Distribution;

use crate::deployment::{number, resource, time};
use crate::measures::Value;
use crate::queues::settings;

/// `… retries standard [attempts COUNT] [timeout TIME] [clients COUNT]`.
pub fn clients(words: &[&str], sees_errors: bool) -> Option<Clients> {
    let after = |word: &str| {
        let at = words.iter().position(|&known| known == word)?;
        words.get(at + 1).copied()
    };
    let mode = match after("retries")? {
        "standard" => RetryMode::Standard,
        "adaptive" => RetryMode::Adaptive,
        "legacy" => RetryMode::Legacy,
        "none" => return None,
        mode => panic!("`{mode}` is no mode"),
    };
    Some(Clients {
        mode,
        max_attempts: after("attempts").map(number),
        timeout: after("timeout").map(time),
        count: after("clients").map_or(1, |count| number(count) as u32),
        sees_errors,
    })
}

/// `NAME: integration=FUNCTION, key=value, …`.
pub fn api(text: &str, architecture: &Architecture) -> Api {
    let (name, rest) = text.split_once(':').expect("api NAME: …");
    let settings = settings(rest);
    let get = |key: &str| settings.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
    let throttle = get("rate").map(|rate| Throttle {
        rate: Quantity::parse(rate).expect("a rate").amount,
        burst: number(get("burst").expect("burst")),
    });
    Api {
        name: name.trim().to_owned(),
        kind: if get("kind") == Some("http") { ApiKind::Http } else { ApiKind::Rest },
        integration: resource(get("integration").expect("integration"), architecture),
        form: if get("mode") == Some("async") { Form::Delivery } else { Form::Request },
        integration_timeout: get("timeout").map(time),
        throttle,
        overhead: Distribution::Constant(get("overhead").map_or(0, time)),
    }
}

/// Of an API.
pub fn of_api(name: &str, api: &ApiMetrics) -> Value {
    Value::Number(match name {
        "count" => api.count as f64,
        "4xx" => api.error_4xx as f64,
        "5xx" => api.error_5xx as f64,
        "throttled" => api.throttled as f64,
        "throttled_by_account" => api.throttled_by_account as f64,
        "integration_throttles" => api.integration_throttles as f64,
        "integration_errors" => api.integration_errors as f64,
        "integration_timeouts" => api.integration_timeouts as f64,
        "latency_max" => api.latency.max() as f64,
        "integration_latency_max" => api.integration_latency.max() as f64,
        "statuses" => {
            let statuses = api.statuses.iter().map(|(status, count)| format!("{status}×{count}"));
            return Value::Text(statuses.collect::<Vec<_>>().join(" "));
        }
        _ => panic!("an API has no measure `{name}`"),
    })
}

/// Of the clients of a resource.
pub fn of_clients(name: &str, target: Resource, run: &Run) -> Value {
    let found = run.clients.iter().find(|metrics| metrics.target == target);
    let clients = found.unwrap_or_else(|| panic!("nobody tries again at {target:?}"));
    Value::Number(match name {
        "requests" => clients.requests as f64,
        "attempts" => clients.attempts as f64,
        "attempts_per_request" => clients.attempts as f64 / clients.requests as f64,
        "succeeded" => clients.succeeded as f64,
        "function_errors" => clients.function_errors as f64,
        "given_up" => clients.given_up as f64,
        "given_up_share" => clients.given_up as f64 / clients.requests as f64,
        "quota_exhausted" => clients.retry_quota_exhausted as f64,
        "timeouts" => clients.timeouts as f64,
        "latency_max" => clients.latency.max() as f64,
        "latency_mean" => clients.latency.mean(),
        "held_back" => clients.held_back.count() as f64,
        _ => panic!("clients have no measure `{name}`"),
    })
}
