//! Numbers to draw: a toy pool of environments, which gives figures something to show without the
//! engine, and outcomes around them.

use bogi::aws::catalogue::{Catalogue, Entry};
use bogi::aws::lambda::metrics::{Billed, Lifeline, ThrottleReason};
use bogi::aws::metrics::{Rejection, Run};
use bogi::quantity::{Dimension, Quantity};
use bogi::scenario::Outcome;
use bogi::scenario::outcome::{
    Assumption, MeasureDimension, QuotaUsed, VariantOutcome, Verdict, View,
};
use bogi::scenario::view::facts::{Facts, Function, Levels, Percentiles, Variant};
use bogi::sim::statistics::Bin;

/// Milliseconds in nanoseconds.
pub const MS: u64 = 1_000_000;
/// Seconds in nanoseconds.
pub const SECOND: u64 = 1_000_000_000;

/// A function of the toy: requests every `gap` from `from` to `until`.
#[derive(Clone)]
pub struct Load {
    pub name: &'static str,
    pub gap: u64,
    pub from: u64,
    pub until: u64,
    pub duration: u64,
    pub init: u64,
    pub reserved: Option<u64>,
    pub provisioned: u64,
}

struct Environment {
    free_at: u64,
    used_until: u64,
    life: Lifeline,
}

/// What the toy knows of a function while it runs.
#[derive(Default)]
struct State {
    environments: Vec<Environment>,
    intervals: Vec<(u64, u64)>,
    latencies: Vec<u64>,
    durations: Vec<u64>,
    refused_at: Vec<u64>,
    cold: u64,
}

/// Runs the toy: a request takes an idle environment or a new one, up to the limits.
pub fn variant(name: Option<&str>, limit: u64, loads: &[Load], end: u64) -> Variant {
    let mut arrivals: Vec<(u64, usize)> = Vec::new();
    for (index, load) in loads.iter().enumerate() {
        let times = (load.from..load.until).step_by(load.gap.max(1) as usize);
        arrivals.extend(times.map(|time| (time, index)));
    }
    arrivals.sort_unstable();
    let mut states: Vec<State> = loads.iter().map(|_| State::default()).collect();
    let reserved: u64 = loads.iter().filter_map(|load| load.reserved).sum();
    for (count, (time, index)) in arrivals.into_iter().enumerate() {
        let busy = |state: &State| {
            state.environments.iter().filter(|one| one.free_at > time).count() as u64
        };
        let used = match loads[index].reserved {
            Some(_) => busy(&states[index]),
            None => (0..loads.len())
                .filter(|&other| loads[other].reserved.is_none())
                .map(|other| busy(&states[other]))
                .sum(),
        };
        let most = loads[index].reserved.unwrap_or(limit - reserved.min(limit));
        let state = &mut states[index];
        if used >= most {
            state.refused_at.push(time);
        } else {
            let jitter = 1.0 + 0.3 * ((count as f64 * 0.7).sin());
            serve(state, &loads[index], time, jitter);
        }
    }
    let all: Vec<(u64, u64)> =
        states.iter().flat_map(|state| state.intervals.iter().copied()).collect();
    let busy = levels(&all, end);
    let functions: Vec<Function> =
        loads.iter().zip(states).map(|(load, state)| function(load, state, end)).collect();
    Variant {
        name: name.map(str::to_owned),
        end,
        limit,
        unreserved_limit: limit - reserved.min(limit),
        busy,
        functions,
        ..Variant::default()
    }
}

fn serve(state: &mut State, load: &Load, time: u64, jitter: f64) {
    let duration = (load.duration as f64 * jitter) as u64;
    let idle = state.environments.iter().position(|one| one.free_at <= time);
    let (at, init) = match idle {
        Some(at) => (at, 0),
        None => {
            let number = state.environments.len() as u64;
            let provisioned = number < load.provisioned;
            let init = if provisioned { 0 } else { load.init };
            let created = if provisioned { 0 } else { time };
            let life = Lifeline {
                environment: number,
                provisioned,
                created,
                ready: created + init,
                busy: Vec::new(),
                gone: None,
            };
            state.environments.push(Environment { free_at: 0, used_until: 0, life });
            state.cold += u64::from(init > 0);
            (state.environments.len() - 1, init)
        }
    };
    let environment = &mut state.environments[at];
    environment.free_at = time + init + duration;
    environment.used_until = environment.free_at;
    environment.life.busy.push((time + init, time + init + duration));
    state.intervals.push((time, time + init + duration));
    state.latencies.push(init + duration);
    state.durations.push(duration);
}

/// Counts how many intervals overlap, in bins.
pub fn levels(intervals: &[(u64, u64)], end: u64) -> Levels {
    let width = (end / 300).max(1);
    let mut changes: Vec<(u64, i64)> = Vec::new();
    for &(from, to) in intervals {
        changes.extend([(from, 1), (to, -1)]);
    }
    changes.sort_unstable();
    let (mut now, mut next, mut bins) = (0i64, 0, Vec::new());
    for index in 0..end.div_ceil(width) {
        let (start, stop) = (index * width, (index + 1) * width);
        let (mut max, mut area, mut at) = (now, 0.0, start);
        while next < changes.len() && changes[next].0 < stop {
            let (time, change) = changes[next];
            area += now as f64 * (time.max(at) - at) as f64;
            at = time.max(at);
            now += change;
            max = max.max(now);
            next += 1;
        }
        area += now as f64 * (stop - at) as f64;
        bins.push(Bin { start, max: max.max(0) as u64, mean: area / width as f64 });
    }
    let max = bins.iter().map(|bin| bin.max).max().unwrap_or(0);
    Levels { bins, width, max }
}

fn percentiles(mut values: Vec<u64>) -> Percentiles {
    values.sort_unstable();
    let at = |permille: usize| {
        let rank = (values.len() * permille).div_ceil(1000).max(1);
        values.get(rank - 1).copied().unwrap_or(0)
    };
    let count = values.len() as u64;
    Percentiles { count, p50: at(500), p90: at(900), p99: at(990), p999: at(999), max: at(1000) }
}

fn function(load: &Load, state: State, end: u64) -> Function {
    let invocations = state.latencies.len() as u64;
    let throttles = state.refused_at.len() as u64;
    let seconds = state.durations.iter().sum::<u64>() as f64 / 1e9;
    let init = state.cold as f64 * load.init as f64 / 1e9 * 0.5 * 0.0000166667;
    let duration = seconds * 0.5 * 0.0000166667 + init;
    let requests = invocations as f64 * 2e-7;
    let holding = load.provisioned as f64 * end as f64 / 1e9 * 0.5 * 0.0000041667;
    let mut lifelines: Vec<Lifeline> = Vec::new();
    let mut lives = Vec::new();
    let count = state.environments.len();
    for environment in state.environments {
        let mut life = environment.life;
        let expires = environment.used_until + 5 * SECOND;
        life.gone = (!life.provisioned && expires < end).then_some(expires);
        lives.push((life.created, life.gone.unwrap_or(end)));
        if lifelines.len() < 64 {
            lifelines.push(life);
        }
    }
    let reason = match load.reserved {
        Some(_) => ThrottleReason::ReservedFunctionConcurrentInvocationLimitExceeded,
        None => ThrottleReason::ConcurrentInvocationLimitExceeded,
    };
    let ready: Vec<(u64, u64)> = (0..load.provisioned).map(|_| (end / 6, end)).collect();
    Function {
        name: load.name.to_owned(),
        requests: invocations + throttles,
        invocations,
        throttles,
        throttles_by_reason: if throttles > 0 { vec![(reason, throttles)] } else { Vec::new() },
        cold_starts: state.cold,
        reserved: load.reserved,
        busy: levels(&state.intervals, end),
        provisioned_ready: if ready.is_empty() { Levels::default() } else { levels(&ready, end) },
        environments: levels(&lives, end),
        duration: percentiles(state.durations),
        init: percentiles(vec![load.init; state.cold as usize]),
        latency: percentiles(state.latencies),
        billed: Billed {
            requests,
            duration,
            init,
            provisioned_concurrency: holding,
            total: requests + duration + holding,
            ..Billed::default()
        },
        lifelines_omitted: (count as u64).saturating_sub(lifelines.len() as u64),
        lifelines,
        throttles_over_time: state.refused_at.iter().map(|&time| (time, 1)).collect(),
        ..Function::default()
    }
}

/// A verdict.
pub fn verdict(expression: &str, holds: bool, values: &[(&str, &str)]) -> Verdict {
    Verdict {
        expression: expression.to_owned(),
        holds,
        values: values.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect(),
    }
}

/// A variant that AWS refuses.
pub fn rejected(name: Option<&str>) -> Variant {
    Variant {
        name: name.map(str::to_owned),
        rejected: Some(Rejection {
            resource: Some("orders".into()),
            error: "InvalidParameterValueException".into(),
            reason: "Specified ReservedConcurrentExecutions for function decreases account's \
                     UnreservedConcurrentExecution below its minimum value of [100]."
                .into(),
        }),
        ..Variant::default()
    }
}

/// The facts of a scenario, and the outcome around them.
pub fn scenario(id: &str, title: &str, show: &[View], variants: Vec<Variant>) -> (Outcome, Facts) {
    let run = Run::default();
    let outcomes = variants.iter().map(|variant| VariantOutcome {
        name: variant.name.clone(),
        measures: indexmap::IndexMap::new(),
        verdicts: variant.verdicts.clone(),
        run: Run { rejected: variant.rejected.clone(), ..run.clone() },
    });
    let outcome = Outcome {
        id: id.to_owned(),
        title: title.to_owned(),
        key: "0".repeat(64),
        meaning: "0".repeat(32),
        seed: 0,
        show: show.to_vec(),
        variants: outcomes.collect(),
        sweep: None,
        assumptions: vec![Assumption {
            name: "policies.routing".into(),
            value: "most_recently_used".into(),
        }],
        quotas: vec![
            QuotaUsed {
                name: "lambda.concurrent_executions".into(),
                value: 1000.0,
                dimension: MeasureDimension::Number,
                overridden: true,
            },
            QuotaUsed {
                name: "lambda.price.duration".into(),
                value: 0.0000166667,
                dimension: MeasureDimension::Money,
                overridden: false,
            },
        ],
    };
    let facts = Facts {
        id: id.to_owned(),
        title: title.to_owned(),
        seed: 0,
        show: show.to_vec(),
        variants,
        sweep: None,
    };
    (outcome, facts)
}

/// A catalogue of two facts.
pub fn catalogue() -> Catalogue {
    let entry = |name: &str, value, unit: &str| Entry {
        name: name.into(),
        value,
        unit: unit.into(),
        as_of: "2023-11-26".into(),
        source: "AWS Lambda Developer Guide, Lambda quotas".into(),
        confidence: 'A',
        summary: "설명".into(),
    };
    let entries = [
        entry("lambda.concurrent_executions", Quantity::number(1000.0), "environments"),
        entry("lambda.price.duration", Quantity::new(0.0000166667, Dimension::Money), "USD/GB-s"),
    ];
    Catalogue { entries: entries.into_iter().map(|entry| (entry.name.clone(), entry)).collect() }
}

/// A load with usual values.
pub fn load(name: &'static str, per_second: u64, duration: u64, init: u64) -> Load {
    Load {
        name,
        gap: SECOND / per_second.max(1),
        from: 0,
        until: 60 * SECOND,
        duration,
        init,
        reserved: None,
        provisioned: 0,
    }
}

const ALL: [View; 5] =
    [View::Summary, View::Concurrency, View::Environments, View::Latency, View::Cost];

/// The scenarios that are looked at.
pub fn scenarios() -> Vec<(Outcome, Facts)> {
    vec![noisy_neighbour(), cold_starts(), spill_over(), sweep(), many(), refused(), quick()]
}

fn noisy_neighbour() -> (Outcome, Facts) {
    let orders = load("orders", 100, 200 * MS, 600 * MS);
    let reports =
        Load { from: 10 * SECOND, until: 40 * SECOND, ..load("reports", 400, 4 * SECOND, SECOND) };
    let end = 65 * SECOND;
    let mut free = variant(Some("예약 없음"), 1000, &[orders.clone(), reports.clone()], end);
    free.verdicts = vec![verdict("orders.throttles > 0", true, &[])];
    let reserved = Load { reserved: Some(100), ..orders };
    let mut safe = variant(Some("orders에 100 예약"), 1000, &[reserved, reports], end);
    safe.verdicts = vec![
        verdict("orders.throttles == 0", true, &[]),
        verdict("orders.invocations == 6000", true, &[]),
    ];
    scenario("noisy_neighbour", "이웃 노이즈와 예약 동시성", &ALL, vec![free, safe])
}

fn cold_starts() -> (Outcome, Facts) {
    let load = Load { until: 20 * SECOND, ..load("checkout", 6, 900 * MS, 1200 * MS) };
    let mut variant = variant(None, 10, &[load], 30 * SECOND);
    variant.verdicts = vec![
        verdict("checkout.throttles == 0", false, &[("checkout.throttles", "3"), ("0", "0")]),
        verdict("checkout.cold_starts < 20", true, &[]),
    ];
    let show = [View::Environments, View::Summary, View::Latency];
    scenario("cold_starts", "콜드 스타트가 겹치는 처음 2초", &show, vec![variant])
}

fn spill_over() -> (Outcome, Facts) {
    let base = load("api", 200, 300 * MS, 900 * MS);
    let none = variant(Some("프로비저닝 없음"), 1000, std::slice::from_ref(&base), 62 * SECOND);
    let some = Load { provisioned: 40, ..base };
    let with = variant(Some("프로비저닝 40"), 1000, &[some], 62 * SECOND);
    let show = [View::Concurrency, View::Latency, View::Cost];
    scenario("spill_over", "프로비저닝을 넘친 요청은 어디로 가는가", &show, vec![none, with])
}

fn sweep() -> (Outcome, Facts) {
    let variants = (1..=9).map(|step| {
        let load = Load {
            reserved: Some(step * 10),
            until: 30 * SECOND,
            ..load("worker", 100, 500 * MS, 800 * MS)
        };
        let name = format!("예약 {}", step * 10);
        variant(Some(&name), 1000, &[load], 32 * SECOND)
    });
    let show = [View::Concurrency, View::Latency, View::Summary];
    scenario("sweep", "예약을 10씩 늘리면", &show, variants.collect())
}

fn many() -> (Outcome, Facts) {
    let names =
        ["api", "auth", "billing", "catalog", "delivery", "email", "feed", "gateway", "history"];
    let loads = names.iter().enumerate().map(|(index, name)| Load {
        from: index as u64 * 3 * SECOND,
        ..load(name, 5 + 9 * index as u64, 300 * MS, 500 * MS)
    });
    let loads: Vec<Load> = loads.collect();
    let variant = variant(None, 150, &loads, 62 * SECOND);
    scenario("many", "함수 아홉 개가 나누어 쓰는 한도", &ALL, vec![variant])
}

fn refused() -> (Outcome, Facts) {
    let load = Load { until: 5 * SECOND, ..load("orders", 20, 200 * MS, 600 * MS) };
    let fine = variant(Some("900 예약"), 1000, &[load], 6 * SECOND);
    let variants = vec![fine, rejected(Some("950 예약"))];
    let show = [View::Concurrency, View::Environments, View::Summary];
    scenario("refused", "남는 동시성이 100보다 작아지는 예약", &show, variants)
}

fn quick() -> (Outcome, Facts) {
    let load = Load {
        reserved: Some(3),
        until: 20 * SECOND,
        ..load("아주-긴-이름을-가진-주문-처리-함수", 40, 70 * MS, 300 * MS)
    };
    let mut provisioned = Load { provisioned: 2, ..load.clone() };
    provisioned.name = "payments";
    let variant = variant(None, 100, &[load, provisioned], 21 * SECOND);
    scenario("quick", "요청이 잦은 환경", &ALL, vec![variant])
}
