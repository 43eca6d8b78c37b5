//! What holds in every run, whatever is deployed: properties over random deployments.

use bogi::aws::engine::RunError;
use bogi::aws::lambda::metrics::{FunctionMetrics, RequestOutcome};
use bogi::aws::metrics::Run;
use proptest::prelude::*;

use crate::deployment;

fn duration() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("0s".to_owned()),
        (1u64..5000).prop_map(|ms| format!("{ms}ms")),
        (1u64..5000).prop_map(|ms| format!("exponential {ms}ms")),
        (0u64..5000).prop_map(|ms| format!("uniform {ms}ms 4s")),
        (1u64..5000).prop_map(|ms| format!("log_normal {ms}ms 3")),
        Just("30s".to_owned()),
    ]
}

fn optional(values: std::ops::Range<u64>) -> impl Strategy<Value = String> {
    prop_oneof![Just("-".to_owned()), values.prop_map(|value| value.to_string())]
}

fn arrivals() -> impl Strategy<Value = String> {
    prop_oneof![
        (0u64..60, 0u64..200).prop_map(|(at, count)| format!("once {count} at {at}s")),
        (0u64..400, 0u64..60).prop_map(|(rate, until)| format!("constant {rate}/s until {until}s")),
        (0u64..400, 0u64..60, 0u64..30).prop_map(|(rate, until, from)| format!(
            "poisson {rate}/s from {from}s until {until}s"
        )),
    ]
}

fn function(name: &'static str) -> impl Strategy<Value = String> {
    let sizes = (optional(0..40), optional(0..20), 0u64..200, prop::bool::ANY);
    (duration(), duration(), sizes, 0u64..20, 0u64..100, arrivals(), arrivals()).prop_map(
        move |(duration, init, (reserved, provisioned, at, later), idle, fails, load, more)| {
            let at = if later && provisioned != "-" { format!(" at {at}s") } else { String::new() };
            format!(
                "function {name}: duration={duration}, init={init}, timeout=3s, \
                 reserved={reserved}, provisioned={provisioned}{at}, idle={idle}s, \
                 fails={fails}%\nload {name}: {load}\nload {name}: {more}\n"
            )
        },
    )
}

/// What changes the provisioned concurrency of a function over time.
fn scaling(name: &'static str) -> impl Strategy<Value = String> {
    let actions = prop::collection::vec((0u64..90, 0u64..20), 0..4);
    (actions, prop::bool::ANY, 0u64..5, 5u64..20).prop_map(move |(actions, tracks, min, max)| {
        let action = |(at, amount)| format!("schedule {name}: at {at}s amount {amount}\n");
        let mut lines: String = actions.into_iter().map(action).collect();
        if tracks {
            lines += &format!("tracking {name}: 50% {min} {max}\n");
        }
        lines
    })
}

fn routing() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["newest", "most_recently_used", "least_recently_used", "random"])
}

fn check_function(function: &FunctionMetrics, run: &Run) {
    assert_eq!(function.requests, function.invocations + function.throttles);
    let by_reason: u64 = function.throttles_by_reason.iter().map(|(_, count)| count).sum();
    assert_eq!(by_reason, function.throttles);
    assert_eq!(function.throttles_over_time.total(), function.throttles);
    assert_eq!(function.invocations_over_time.total(), function.invocations);
    assert!(function.timeouts <= function.errors && function.errors <= function.invocations);
    assert!(function.cold_starts <= function.invocations);
    if (function.first_requests.len() as u64) == function.requests {
        let cold = function.first_requests.iter().filter(|request| request.cold_start);
        assert_eq!(cold.count() as u64, function.cold_starts);
    }
    for counted in [&function.duration, &function.latency] {
        assert_eq!(counted.count(), function.invocations);
    }
    // Environments are busy exactly while requests wait for them.
    assert_eq!(function.concurrent_executions.integral(), function.latency.sum());
    let waited =
        function.duration.sum() + function.init_duration.sum() + function.restore_duration.sum();
    assert_eq!(function.latency.sum(), waited);
    assert!(function.environments.integral() >= function.concurrent_executions.integral());
    assert!(function.environments.max() >= function.concurrent_executions.max());
    let provisioned = &function.provisioned_concurrent_executions;
    assert!(provisioned.max() <= function.provisioned_concurrency_ready.max());
    for request in &function.first_requests {
        assert!(request.arrived <= request.answered && request.answered <= run.end);
        let throttled = matches!(request.outcome, RequestOutcome::Throttled(_));
        assert_eq!(request.environment.is_none(), throttled);
    }
    for life in &function.lifelines {
        assert!(life.created <= life.ready && life.gone.is_none_or(|gone| gone < run.end));
        let mut free = life.ready;
        for &(from, to) in &life.busy {
            assert!(free <= from && from <= to);
            free = to;
        }
        assert!(life.gone.is_none_or(|gone| free <= gone));
    }
    let widths = [
        function.environments.bin_width(),
        function.throttles_over_time.bin_width(),
        run.account.concurrent_executions.bin_width(),
    ];
    assert!(widths.iter().all(|&width| width == widths[0]), "{widths:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn measures_agree_with_each_other(
        f in function("f"), g in function("g"), h in function("h"), scaling in scaling("f"),
        routing in routing(), quota in 0u64..150, seed in 0u64..1000,
    ) {
        let text = format!(
            "account {quota}\nquota lambda.unreserved_concurrency_minimum=10\n\
             events 200000\nrouting {routing}\n{f}{scaling}{g}{h}\
             quota lambda.provisioned_preparation=5s\nquota lambda.scale_in_data_points=1\n"
        );
        let case = deployment::parse(&text);
        let run = match case.run(seed) {
            Ok(run) => run,
            Err(RunError::TooManyEvents { .. }) => return Ok(()),
            Err(error) => panic!("{error:?}"),
        };
        prop_assert_eq!(&case.run(seed), &Ok(run.clone()));
        if run.rejected.is_some() {
            prop_assert!(run.functions.iter().all(|function| function.requests == 0));
            return Ok(());
        }
        run.functions.iter().for_each(|function| check_function(function, &run));
        let integrals = run.functions.iter().map(|f| f.concurrent_executions.integral());
        prop_assert_eq!(run.account.concurrent_executions.integral(), integrals.sum::<u128>());
        for (metrics, function) in run.functions.iter().zip(&case.architecture.functions) {
            if let Some(reserved) = function.reserved_concurrency {
                prop_assert!(metrics.concurrent_executions.max() <= reserved);
            }
        }
        let unreserved = run.account.unreserved_concurrent_executions.max();
        prop_assert!(unreserved <= quota);
        let requested_later = case.architecture.functions.iter().any(|function| {
            let provisioned = function.provisioned_concurrency.as_ref();
            provisioned.is_some_and(|p| {
                let changes = !p.schedule.is_empty() || p.target_tracking.is_some();
                p.requested_at.is_some() || changes
            })
        });
        if !requested_later {
            prop_assert!(run.account.concurrent_executions.max() <= quota);
            prop_assert!(run.account.claimed_account_concurrency.max() <= quota);
        }
    }
}
