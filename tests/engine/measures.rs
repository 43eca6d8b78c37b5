//! What the columns of a table measure; `README.md` lists the names.

use bogi::aws::architecture::{Architecture, ResourceKind};
use bogi::aws::engine::RunError;
use bogi::aws::lambda::asynchronous::metrics::{AsynchronousMetrics, Fate};
use bogi::aws::lambda::metrics::{AccountMetrics, Counts, FunctionMetrics, ScalingActivity};
use bogi::aws::metrics::{Rejection, Run};
use bogi::quantity::Quantity;

use crate::{callers, deployment, queues, rds_events, streams, triggers};

#[derive(Debug)]
pub enum Value {
    Number(f64),
    Text(String),
}

pub fn measure(name: &str, run: &Result<Run, RunError>, architecture: &Architecture) -> Value {
    let run = match run {
        Ok(run) => run,
        Err(error) => return Value::Text(format!("{error:?}")),
    };
    let rejected = |part: fn(&Rejection) -> String| {
        Value::Text(run.rejected.as_ref().map(part).unwrap_or_default())
    };
    match name.split_once('.') {
        None if name == "run" => Value::Text("ok".to_owned()),
        None if name == "error" => rejected(|rejection| rejection.error.clone()),
        None if name == "reason" => rejected(|rejection| rejection.reason.clone()),
        None if name == "end" => Value::Number(run.end as f64),
        None if name == "events" => Value::Number(run.events as f64),
        Some(("account", name)) => Value::Number(account(name, &run.account)),
        Some((function, name)) => {
            if let Some(value) = triggers::measure(name, function, run) {
                return value;
            }
            if let Some(value) = rds_events::measure(name, function, run) {
                return value;
            }
            let resource = deployment::resource(function, architecture);
            if let Some(value) = queues::measure(name, resource, run) {
                return value;
            }
            if let Some(value) = streams::measure(name, resource, run, architecture) {
                return value;
            }
            if let Some(name) = name.strip_prefix("clients.") {
                return callers::of_clients(name, resource, run);
            }
            if resource.kind == ResourceKind::Api {
                return callers::of_api(name, &run.apis[resource.place()]);
            }
            let metrics = &run.functions[resource.place()];
            assert_eq!(metrics.requests, metrics.invocations + metrics.throttles);
            let events = &run.asynchronous.get(resource.place()).cloned().unwrap_or_default();
            if let Some(name) = name.strip_prefix("events.") {
                return asynchronous(name, events);
            }
            text(name, metrics).unwrap_or_else(|| Value::Number(number(name, metrics)))
        }
        None => panic!("`{name}` is no measure"),
    }
}

/// Of the events for a function; `times` are those of the tries of the first one, in seconds.
fn asynchronous(name: &str, events: &AsynchronousMetrics) -> Value {
    let first = events.first_events.first();
    let tries = || first.into_iter().flat_map(|event| &event.attempts);
    let number = match name {
        "received" => events.async_events_received,
        "refused" => events.async_events_refused,
        "dropped" => events.async_events_dropped,
        "retries_after_errors" => events.retries_after_errors,
        "retries_after_throttles" => events.retries_after_throttles,
        "on_success" => events.on_success_deliveries,
        "on_failure" => events.on_failure_deliveries,
        "dead_letters" => events.dead_letter_deliveries,
        "destination_delivery_failures" => events.destination_delivery_failures,
        "dead_letter_errors" => events.dead_letter_errors,
        "age_max" => events.async_event_age.max(),
        "age_count" => events.async_event_age.count(),
        "dropped_age_max" => events.dropped_event_age.max(),
        "waiting_max" => events.async_events_waiting.max(),
        "tries" => tries().count() as u64,
        "last_try" => tries().last().map_or(0, |attempt| attempt.time),
        "ended" => first.map_or(0, |event| event.ended),
        "times" => {
            let seconds = tries().map(|attempt| (attempt.time as f64 / 1e9).to_string());
            return Value::Text(seconds.collect::<Vec<_>>().join(" "));
        }
        "condition" => {
            return Value::Text(match first.map(|event| event.fate) {
                Some(Fate::Dropped(condition)) => format!("{condition:?}"),
                _ => String::new(),
            });
        }
        _ => panic!("events have no measure `{name}`"),
    };
    Value::Number(number as f64)
}

fn account(name: &str, account: &AccountMetrics) -> f64 {
    match name {
        "limit" => account.concurrent_executions_limit as f64,
        "unreserved_limit" => account.unreserved_concurrent_executions_limit as f64,
        "concurrency_max" => account.concurrent_executions.max() as f64,
        "concurrency_mean" => account.concurrent_executions.mean(),
        "unreserved_max" => account.unreserved_concurrent_executions.max() as f64,
        "claimed_max" => account.claimed_account_concurrency.max() as f64,
        "claimed_min" => {
            let bins = account.claimed_account_concurrency.bins();
            bins.iter().map(|bin| bin.mean).fold(f64::INFINITY, f64::min)
        }
        _ => panic!("the account has no measure `{name}`"),
    }
}

fn text(name: &str, function: &FunctionMetrics) -> Option<Value> {
    let requests = || function.first_requests.iter();
    let text = match name {
        "reasons" => {
            let names =
                function.throttles_by_reason.iter().map(|(reason, _)| format!("{reason:?}"));
            names.collect::<Vec<_>>().join(" ")
        }
        "activities" => {
            let activities = function.scaling_activities.iter().map(|activity| {
                let ScalingActivity { time, cause, from, to, succeeded } = *activity;
                let failed = if succeeded { "" } else { " failed" };
                format!("{}s {cause:?} {from}-{to}{failed}", time as f64 / 1e9)
            });
            activities.collect::<Vec<_>>().join(", ")
        }
        "endings" => {
            let ended = &function.environments_ended;
            let counts = [
                ("idle", ended.idle),
                ("deployment", ended.deployment),
                ("maintenance", ended.maintenance),
                ("failed_start", ended.failed_start),
                ("scaled_in", ended.scaled_in),
            ];
            let counts = counts.into_iter().filter(|&(_, count)| count > 0);
            counts.map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
        }
        "outcomes" => {
            let outcomes = requests().map(|request| format!("{:?}", request.outcome));
            outcomes.collect::<Vec<_>>().join(" ")
        }
        // The environments that served the requests, A being the first.
        "served_by" => {
            let letter = |number: Option<u64>| match number {
                Some(number @ 0..26) => char::from(b'A' + number as u8),
                Some(_) => '?',
                None => '-',
            };
            requests().map(|request| letter(request.environment)).collect()
        }
        "lives" => {
            let seconds = |time: u64| time as f64 / 1e9;
            let lives = function.lifelines.iter().map(|life| match life.gone {
                Some(gone) => format!("{}-{}s", seconds(life.created), seconds(gone)),
                None => format!("{}s-", seconds(life.created)),
            });
            lives.collect::<Vec<_>>().join(" ")
        }
        _ => return None,
    };
    Some(Value::Text(text))
}

/// The part of what was counted that lies at or after a time.
fn after(counts: &Counts, time: f64) -> f64 {
    let late = counts.bins().into_iter().filter(|bin| bin.start as f64 >= time);
    late.map(|bin| bin.count).sum::<u64>() as f64
}

/// How many environments are busy at a time: the mean of the bins that end and begin there, which
/// errs by less than the curve bends within a bin.
fn busy_at(function: &FunctionMetrics, time: f64) -> f64 {
    let series = &function.concurrent_executions;
    let bins = series.bins();
    let index = (time / series.bin_width() as f64).round() as usize;
    let mean = |index: usize| bins.get(index).map_or(0.0, |bin| bin.mean);
    f64::midpoint(mean(index.saturating_sub(1)), mean(index))
}

fn number(name: &str, function: &FunctionMetrics) -> f64 {
    let (name, from) = match name.split_once(" after ") {
        Some((name, time)) => (name, Quantity::parse(time).expect("a time").amount),
        None => (name, 0.0),
    };
    let throttles = after(&function.throttles_over_time, from);
    let invocations = after(&function.invocations_over_time, from);
    if let Some(time) = name.strip_prefix("busy at ") {
        return busy_at(function, Quantity::parse(time).expect("a time").amount);
    }
    if let Some(reason) = name.strip_prefix("throttles_") {
        let counted = function.throttles_by_reason.iter();
        let of_reason = counted.filter(|(known, _)| format!("{known:?}") == reason);
        return of_reason.map(|&(_, count)| count as f64).sum();
    }
    match name {
        "requests" => function.requests as f64,
        "invocations" => invocations,
        "throttles" => throttles,
        "throttled" => throttles / (throttles + invocations),
        "cold_starts" => function.cold_starts as f64,
        "cold" => function.cold_starts as f64 / function.requests as f64,
        "cold_accepted" => function.cold_starts as f64 / function.invocations as f64,
        "errors" => function.errors as f64,
        "failed" => function.errors as f64 / function.invocations as f64,
        "timeouts" => function.timeouts as f64,
        "busy_max" => function.concurrent_executions.max() as f64,
        "busy_mean" => function.concurrent_executions.mean(),
        "environments_max" => function.environments.max() as f64,
        "environments_mean" => function.environments.mean(),
        "provisioned_ready" => function.provisioned_concurrency_ready.max() as f64,
        "provisioned_ready_last" => function.provisioned_concurrency_ready.value() as f64,
        "provisioned_requested_last" => function.provisioned_concurrency_requested.value() as f64,
        "provisioned_mean" => function.provisioned_concurrency_ready.mean(),
        "activities_count" => function.scaling_activities_count as f64,
        "utilization_max" => function.provisioned_concurrency_utilization.unwrap_or(f64::NAN),
        "provisioned_busy_max" => function.provisioned_concurrent_executions.max() as f64,
        "provisioned_invocations" => function.provisioned_concurrency_invocations as f64,
        "spillover" => function.provisioned_concurrency_spillover_invocations as f64,
        "duration_mean" => function.duration.mean(),
        "duration_max" => function.duration.max() as f64,
        "duration_p50" => function.duration.percentile(50.0) as f64,
        "duration_p99" => function.duration.percentile(99.0) as f64,
        "init_mean" => function.init_duration.mean(),
        "init_count" => function.init_duration.count() as f64,
        "restore_mean" => function.restore_duration.mean(),
        "restore_count" => function.restore_duration.count() as f64,
        "latency_max" => function.latency.max() as f64,
        "latency_p99" => function.latency.percentile(99.0) as f64,
        "omitted" => function.lifelines_omitted as f64,
        "vcpus" => function.vcpus.unwrap_or(f64::NAN),
        "tmp_hits" => function.tmp_hits as f64,
        "tmp_misses" => function.tmp_misses as f64,
        "tmp_missed" => {
            function.tmp_misses as f64 / (function.tmp_hits + function.tmp_misses) as f64
        }
        _ => cost(name, function),
    }
}

fn cost(name: &str, function: &FunctionMetrics) -> f64 {
    let billed = &function.billed;
    match name {
        "gb_seconds" => billed.on_demand_gb_seconds,
        "billed_gb_seconds" => billed.billed_gb_seconds,
        "cost_free_tier" => billed.free_tier,
        "provisioned_gb_seconds" => billed.provisioned_gb_seconds,
        "cost_requests" => billed.requests,
        "cost_duration" => billed.duration,
        "cost_init" => billed.init,
        "cost_provisioned_duration" => billed.provisioned_duration,
        "cost_provisioned_concurrency" => billed.provisioned_concurrency,
        "cost_snap_start_cache" => billed.snap_start_cache,
        "cost_snap_start_restore" => billed.snap_start_restore,
        "cost_storage" => billed.ephemeral_storage,
        "cost_total" => billed.total,
        _ => panic!("a function has no measure `{name}`"),
    }
}
