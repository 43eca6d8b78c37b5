//! Expressions over hand-made measures, and any text at all.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use proptest::prelude::*;

use super::evaluate::Evaluator;
use super::explain;
use super::name::{Scope, check};
use super::parser::parse;
use crate::quantity::{Dimension, Quantity};
use crate::scenario::outcome::{Measure, MeasureDimension};

fn map(entries: &[(&str, Measure)]) -> IndexMap<String, Measure> {
    entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn measures() -> IndexMap<String, Measure> {
    let ms = |amount: f64| Measure::Quantity(amount * 1e6, MeasureDimension::Duration);
    let number = Measure::number;
    let duration = map(&[("p50", ms(200.0)), ("p99", ms(612.0)), ("p999", Measure::Absent)]);
    let request = |status: f64| Measure::Map(map(&[("status", number(status))]));
    let orders = map(&[
        ("requests", number(16800.0)),
        ("throttles", number(12.0)),
        ("rate", Measure::Quantity(100.0, MeasureDimension::Rate)),
        ("duration", Measure::Map(duration)),
        ("share", Measure::Quantity(7.0 / 100.0, MeasureDimension::Percent)),
        ("log", Measure::List(vec![request(200.0), request(429.0), request(200.0)])),
    ]);
    map(&[("orders", Measure::Map(orders)), ("주문-처리", number(3.0))])
}

/// The value, or the code and the text under the caret.
fn value(text: &str) -> Result<Measure, (String, String)> {
    let quotas = BTreeMap::from([(
        "lambda.timeout_max".to_owned(),
        Quantity::new(900e9, Dimension::Duration),
    )]);
    let measures = measures();
    let scope = Scope { variants: &[], measures: &measures, quotas: &quotas, seed: 7, sweep: None };
    let fault = |fault: super::Fault| (fault.code.0.to_owned(), text[fault.span].to_owned());
    let expression = parse(text, &["orders", "주문-처리"]).map_err(fault)?;
    check(scope, &expression).map_err(fault)?;
    let mut evaluator = Evaluator::new(scope, text);
    let value = evaluator.value(&expression).map_err(fault)?.into_owned();
    explain::values(&mut evaluator, &expression);
    explain::failure(&mut evaluator, &expression);
    Ok(value)
}

#[track_caller]
fn holds(text: &str) {
    assert_eq!(value(text), Ok(Measure::Bool(true)), "{text}");
}

#[track_caller]
fn fault(text: &str, code: &str, at: &str) {
    assert_eq!(value(text), Err((code.to_owned(), at.to_owned())), "{text}");
}

#[test]
fn operators_bind_as_in_cel() {
    holds("1 + 2 * 3 == 7 && !(1 > 2)");
    holds("true || false && false");
    holds("10 - 2 - 3 == 5");
    holds("-2 * -3 == 6");
    holds("false ? 1 > 2 : true ? true : false");
    holds("10%3 == 1 && 10 % 4 == 2");
    holds("\"b\" in [\"a\", 'b'] && !(3 in [1, 2])");
    holds("1_000 == 1e3");
}

#[test]
fn units_are_computed_with() {
    holds("orders.rate * 500ms == 50");
    holds("5 / 100ms == 50/s");
    holds("50 / orders.rate == 500ms");
    holds("250ms * 4 == 1s && 1m - 30s == 30초");
    holds("orders.requests * 5% == 840");
    holds("orders.throttles / orders.requests < 1%");
    holds("1GB / 512MB == 2 && $0.5 + 0.5USD == $1");
    holds("orders.share == 7%");
    holds("quota.lambda.timeout_max == 15m && seed == 7");
    holds("1 / 2 == 0.5");
    holds("250 ms == 250ms");
}

#[test]
fn functions_and_macros() {
    holds("size(orders.log) == 3 && orders.log.size() == 3");
    holds("orders.log.exists_one(r, r.status == 429)");
    holds("orders.log.map(r, r.status) == [200, 429, 200]");
    holds("orders.log.filter(r, r.status == 200).size() == 2");
    holds("!orders.log.all(r, r.status == 200) && orders.log.exists(r, r.status > 400)");
    holds("has(orders.duration.p99) && !has(orders.duration.p999) && !has(orders.none)");
    holds("orders.duration.p999 == null && orders.duration.p99 != null");
    holds("min(3, 1, 2) == 1 && max([1s, 2s]) == 2s && abs(-5%) == 5%");
    holds("round(612ms, 100ms) == 600ms && round(2.5) == 3");
    holds("near(orders.requests, 16_000, 5%) && near(612ms, 600ms, 12ms)");
    holds("orders[\"throttles\"] == 12 && 주문-처리 + 1 == 4 && 주문-처리-1 == 2");
    holds("\"abc\".startsWith(\"ab\") && \"abc\".contains('c') && \"abc\".endsWith(\"bc\")");
}

#[test]
fn faults_stand_where_they_are() {
    fault("orders.duration.p99 < 250", "E0110", "250");
    fault("orders.duration.p99 < 5%", "E0110", "orders.duration.p99 < 5%");
    fault("1 + true == 2", "E0110", "1 + true");
    fault("orders.throttle == 0", "E0109", "throttle");
    fault("false && order.throttles > 0", "E0109", "order");
    fault("orders.throttles / 0 > 1", "E0111", "0");
    fault("orders.log[3].status == 200", "E0111", "3");
    fault("orders.duration.p999 < 1s", "E0111", "orders.duration.p999");
    fault("orders.log.all(r, r.nothing == 1)", "E0109", "nothing");
    fault("1 < 2 < 3", "E0108", "<");
    fault("(1 < 2", "E0108", "(");
    fault("orders.throttles == 5 weeks", "E0108", "weeks");
    fault("1e308 * 1e308 > 0", "E0111", "1e308 * 1e308");
}

#[test]
fn length_depth_and_work_are_bounded() {
    let code = |text: String| value(&text).map_err(|(code, _)| code);
    assert_eq!(code("(".repeat(3000)), Err("E0108".to_owned()));
    assert_eq!(code("!".repeat(3999)), Err("E0108".to_owned()));
    assert_eq!(code(format!("0{}", "+1".repeat(1500))), Err("E0108".to_owned()));
    assert_eq!(code(format!("0{} == 0", ".a".repeat(1500))), Err("E0108".to_owned()));
    assert_eq!(code("1".repeat(5000)), Err("E0108".to_owned()));
    let list = format!("[{}]", vec!["1"; 60].join(","));
    let nested =
        format!("{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a + b + c + d == 4))))");
    assert_eq!(code(nested), Err("E0111".to_owned()));
}

#[test]
fn copies_are_counted() {
    let nested = |depth: usize| {
        let open: String = (0..depth).map(|n| format!("orders.log.map(a{n}, ")).collect();
        value(&format!("size({open}orders.log{}) == 3", ")".repeat(depth)))
    };
    assert_eq!(nested(3), Ok(Measure::Bool(true)));
    assert_eq!(nested(10).map_err(|(code, _)| code), Err("E0111".to_owned()));
    let doubled = |times: usize| {
        let text = "가".repeat(100);
        value(&format!("size(['{text}']{}) == 1", ".map(a, a + a)".repeat(times)))
    };
    assert_eq!(doubled(3), Ok(Measure::Bool(true)));
    assert_eq!(doubled(40).map_err(|(code, _)| code), Err("E0111".to_owned()));
    let literals = format!("'{}'", "a".repeat(3000));
    let list = format!("[{}]", vec!["1"; 60].join(","));
    let many = format!("{list}.map(a, {list}.map(b, {literals})) == null");
    assert_eq!(value(&many).map_err(|(code, _)| code), Err("E0111".to_owned()));
    fault("round(1e308, 0.001) > 0", "E0111", "0.001");
}

proptest! {
    #[test]
    fn any_text_has_a_value_or_a_fault(text in "\\PC*") {
        let _ = value(&text);
    }

    #[test]
    fn any_mixture_of_tokens_has_a_value_or_a_fault(
        words in prop::collection::vec(prop::sample::select(vec![
            "orders", ".", "log", "duration", "p99", "[", "]", "(", ")", "0", "250ms", "5%", "%",
            "==", "<", "&&", "||", "!", "-", "+", "*", "/", "?", ":", ",", "in", "null", "true",
            "all", "map", "r", "r.status", "near", "has", "round", "max", "\"가\"", "'",
            "주문-처리", "quota.lambda.timeout_max", "variants", "100/s", "$0.2", " ", "\\",
        ]), 0..24)
    ) {
        let _ = value(&words.concat());
        let _ = value(&words.join(" "));
    }

    #[test]
    fn numbers_are_compared_as_numbers(a in -1e6..1e6f64, b in -1e6..1e6f64) {
        prop_assert_eq!(value(&format!("{a} < {b}")), Ok(Measure::Bool(a < b)));
        prop_assert_eq!(value(&format!("{a}ms <= {a}ms")), Ok(Measure::Bool(true)));
    }
}
