//! Keys, remembered outcomes, values by name, and blocks of any shape.

use proptest::prelude::*;

use super::*;
use crate::quantity::Language;
use crate::scenario::outcome::Measure;
use crate::span::Source;

const BLOCK: &str = "\
id: neighbours
title: 이웃
account: { region: ap-northeast-2, concurrent_executions: 200 }
functions:
  orders: { duration: { exponential: 200ms }, init_duration: 600ms, memory: 512MB }
  reports: { duration: 4s, timeout: 10s, failure_rate: 5%, provisioned_concurrency: { amount: 10 } }
events:
  - { invoke: orders, via: api_gateway, rate: 10/s, until: 5s, arrivals: poisson }
  - { invoke: reports, at: 1s, count: 80 }
variants:
  예약 없음:
  예약:
    with: { functions.orders.reserved_concurrency: 50, events.1.count: 81, seed: 3 }
    expect: ['orders.throttles == 0']
quotas: { lambda.idle_timeout: 5m }
policies: { routing: newest }
sweep:
  functions.orders.timeout: [1s, 3s]
  account.concurrent_executions: { from: 100, to: 200, points: 3 }
expect:
  - orders.requests > 0 && reports.requests in [80, 81]
show: [summary, cost, sweep(orders.throttles)]
";

fn read(yaml: &str) -> Staged<Option<Scenario>> {
    let source = Source::new("posts/a.md", yaml);
    let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
    parse(&block, Catalogue::builtin())
}

fn scenario(yaml: &str) -> Scenario {
    let staged = read(yaml);
    assert!(staged.diagnostics.is_empty(), "{:?}", staged.diagnostics);
    staged.value.unwrap()
}

#[test]
fn the_key_is_the_meaning() {
    let key = |yaml: &str| scenario(yaml).key().to_owned();
    let same = [
        ("title: 이웃", "title: 다른 이름"),
        ("title: 이웃", "# 설명\n\ntitle:   이웃"),
        ("5s,", "5000ms,"),
        ("[summary, cost, sweep(orders.throttles)]", "[summary, sweep, sweep(orders.errors)]"),
        ("[1s, 3s]", "[1000ms, 3000ms]"),
        ("{ from: 100, to: 200, points: 3 }", "[100, 150, 200]"),
        ("orders.requests > 0", "orders.requests > 1"),
        ("policies: { routing: newest }\n", "policies:\n  routing: newest\n"),
    ];
    for (from, to) in same {
        assert_eq!(key(BLOCK), key(&BLOCK.replace(from, to)), "{to}");
    }
    let other = [
        ("10/s", "11/s"),
        ("count: 81", "count: 82"),
        ("seed: 3", "seed: 4"),
        ("policies: { routing: newest }", "seed: 1"),
        ("5m", "6m"),
        ("예약:", "예약 50:"),
        ("5%", "6%"),
        ("ap-northeast-2", "us-east-1"),
        ("[1s, 3s]", "[1s, 2s]"),
        ("[1s, 3s]", "[3s, 1s]"),
        ("points: 3", "points: 5"),
        ("functions.orders.timeout", "functions.reports.timeout"),
    ];
    for (from, to) in other {
        assert_ne!(key(BLOCK), key(&BLOCK.replace(from, to)), "{to}");
    }
    let mut catalogue = Catalogue::builtin().clone();
    catalogue.entries.get_mut("lambda.timeout_default").unwrap().value.amount += 1.0;
    let source = Source::new("posts/a.md", BLOCK);
    let block = Block { yaml: Mapped::from_source(&source, 0..BLOCK.len()) };
    let changed = parse(&block, &catalogue).value.unwrap();
    assert_ne!(changed.key(), key(BLOCK));
}

#[test]
fn a_remembered_outcome_is_judged_like_a_fresh_one() {
    let scenario_before = scenario(BLOCK);
    let fresh = scenario_before.run(Catalogue::builtin());
    assert!(fresh.diagnostics.is_empty(), "{:?}", fresh.diagnostics);
    let remembered = fresh.value;
    let edited = BLOCK.replace("orders.requests > 0", "orders.requests == 0");
    let edited = edited.replace("sweep(orders.throttles)", "sweep(reports.errors * 2), sweep");
    let edited = scenario(&edited.replace("title: 이웃", "title: 새 제목"));
    let judged = edited.judge(remembered.unwrap());
    assert_eq!(judged.value.title, "새 제목");
    assert!(!judged.value.holds());
    assert_eq!(judged.diagnostics.len(), 1);
    assert_eq!(judged.diagnostics[0].code, expect::EXPECTATION);
    let charts = judged.value.sweep.as_ref().unwrap().charts.iter();
    let charts: Vec<&str> = charts.map(|chart| chart.expression.as_str()).collect();
    assert_eq!(charts, ["reports.errors * 2", "orders.throttles"]);
    assert_eq!(Some(judged.value), edited.run(Catalogue::builtin()).value);
}

#[test]
fn values_are_found_by_name() {
    let outcome = scenario(BLOCK).run(Catalogue::builtin()).value.unwrap();
    let hint = |path: &[&str]| outcome.lookup(path).unwrap_err().hint.unwrap_or_default();
    let requests = outcome.lookup(&["예약", "reports", "requests"]).unwrap();
    assert_eq!(*requests, Measure::number(81.0));
    assert_eq!(outcome.lookup(&["variants", "예약", "reports", "requests"]), Ok(requests));
    assert_eq!(outcome.lookup(&["deploy", "rejected"]), Ok(&Measure::Bool(false)));
    assert!(hint(&["reports", "requests"]).contains("scenario.neighbours[\"예약 없음\"]"));
    assert_eq!(hint(&["orders", "throtles"]), "did you mean `throttles`?");
    assert_eq!(hint(&["variants", "예악", "orders"]), "did you mean `예약`?");
    assert!(outcome.lookup(&["예약", "orders", "log", "0", "latency"]).is_ok());
    let error = outcome.lookup(&["orders", "requests", "max"]).unwrap_err();
    assert_eq!((error.step, error.hint), (2, None));
    let first = outcome.lookup(&["예약", "reports", "log", "0", "arrived"]).unwrap();
    assert_eq!(lookup::display(first, Language::Korean), "1초");
    assert_eq!(lookup::display(&Measure::Bool(true), Language::Korean), "예");
    assert_eq!(lookup::display(&Measure::Absent, Language::English), "none");
}

#[test]
fn points_of_a_sweep_are_found_by_number() {
    let outcome = scenario(BLOCK).run(Catalogue::builtin()).value.unwrap();
    let at = outcome.lookup(&["sweep", "3", "at", "functions.orders.timeout"]).unwrap();
    assert_eq!(lookup::display(at, Language::Korean), "3초");
    assert_eq!(outcome.lookup(&["sweep", "3", "at", "timeout"]), Ok(at));
    let limit = outcome.lookup(&["sweep", "1", "account", "concurrent_executions", "limit"]);
    assert_eq!(limit, Ok(&Measure::number(150.0)));
    let error = outcome.lookup(&["sweep", "6", "orders"]).unwrap_err();
    assert_eq!((error.step, error.message.as_str()), (1, "`sweep` has no element `6`"));
    let error = outcome.lookup(&["sweep", "0", "ordres", "requests"]).unwrap_err();
    assert_eq!((error.step, error.hint.as_deref()), (2, Some("did you mean `orders`?")));
}

/// The parts may run anywhere, in any order.
#[test]
fn parts_make_the_same_outcome_as_the_whole() {
    let scenario = scenario(BLOCK);
    assert_eq!(scenario.parts(), 2 + 6);
    let run = |part| (part, scenario.simulate_part(part, Catalogue::builtin()));
    let mut parts: Vec<_> = (0..scenario.parts()).rev().map(run).collect();
    parts.sort_by_key(|(part, _)| *part);
    let parts = parts.into_iter().map(|(_, run)| run).collect();
    let whole = scenario.simulate(Catalogue::builtin());
    assert_eq!(scenario.gather(Catalogue::builtin(), parts), whole);
}

#[test]
fn what_a_result_rests_on_is_named() {
    let outcome = scenario(BLOCK).run(Catalogue::builtin()).value.unwrap();
    let routing = outcome.assumptions.iter().find(|a| a.name == "policies.routing").unwrap();
    assert_eq!(routing.value, "newest");
    let idle = outcome.quotas.iter().find(|quota| quota.name == "lambda.idle_timeout").unwrap();
    assert!(idle.overridden);
    assert_eq!(idle.value, 300e9);
}

#[test]
fn a_block_is_bounded() {
    let long = format!("id: a\ntitle: {}\n", "가".repeat(limit::TEXT));
    assert_eq!(read(&long).diagnostics[0].code, schema::TOO_MANY);
    let functions: String = (0..200).map(|n| format!("  f{n}: {{ duration: 1s }}\n")).collect();
    let many = read(&format!("id: a\nfunctions:\n{functions}"));
    assert!(many.diagnostics.iter().any(|d| d.code == schema::TOO_MANY));
    let wrong: String = (0..900).map(|n| format!("  - {{ invoke: f{n}, at: 1 }}\n")).collect();
    let wrong = read(&format!("id: a\nfunctions: {{ f: {{ duration: 1s }} }}\nevents:\n{wrong}"));
    assert!(wrong.diagnostics.len() <= limit::DIAGNOSTICS);
    for head in ["quotas", "functions.f", "policies"] {
        let path = format!("{head}{}", ".a".repeat(30_000));
        let deep = read(&format!(
            "id: a\nfunctions: {{ f: {{ duration: 1s }} }}\n\
             variants: {{ v: {{ with: {{ ? {path} : 1 }} }} }}\n"
        ));
        assert_eq!(deep.diagnostics[0].code, schema::variant::PATH, "{head}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let staged = read(&text);
        prop_assert!(staged.value.is_some() || !staged.diagnostics.is_empty());
    }

    #[test]
    fn a_damaged_block_is_read_or_refused(
        start in 0..BLOCK.len(),
        length in 0..40usize,
        patch in prop::sample::select(vec![
            "", " ", "-", "0", "-1", "1e400", "5%", "10/s", "[", "]", "{", "}", ":", "\n", "'",
            "100%", "\"",
            "null", "[1, 2]", "{ a: b }", "999999999999999999999", "*", "&x", "가", ".",
        ]),
    ) {
        let start = (0..=start).rev().find(|at| BLOCK.is_char_boundary(*at)).unwrap();
        let end = (start + length..).find(|at| BLOCK.is_char_boundary((*at).min(BLOCK.len())));
        let end = end.unwrap().min(BLOCK.len());
        let damaged = format!("{}{patch}{}", &BLOCK[..start], &BLOCK[end..]);
        let staged = read(&damaged);
        prop_assert!(staged.value.is_some() || !staged.diagnostics.is_empty());
        for diagnostic in &staged.diagnostics {
            prop_assert!(diagnostic.place.is_some(), "{diagnostic:?}");
        }
    }
}
