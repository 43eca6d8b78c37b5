//! The file's text there and back, what isn't one, and what is said of differences.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::accept::{Change, accept};
use super::compare::compare;
use super::judge::{Looked, Site, judge};
use super::read::{Read, read};
use super::write::write;
use super::*;
use crate::scenario::{Block, parse};
use crate::span::{Mapped, Source};

fn outcome(yaml: &str) -> Outcome {
    let source = Source::new("posts/a.md", yaml);
    let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
    let scenario = parse(&block, Catalogue::builtin()).value.unwrap();
    scenario.run(Catalogue::builtin()).value.unwrap()
}

const BLOCK: &str = "\
id: neighbours
functions: { orders: { duration: 200ms } }
events: [{ invoke: orders, rate: 100/s, until: 1s }]
variants:
  없음:
  '둘, \"셋\"': { with: { functions.orders.reserved_concurrency: 5 } }
sweep: { functions.orders.reserved_concurrency: [1, 5, 100] }
";

fn entry() -> Entry {
    Entry::of(&outcome(BLOCK), "2026-01-01/abcdef01")
}

fn lock(entry: Entry) -> Lock {
    let facts = entry.facts.clone();
    Lock { facts, scenarios: BTreeMap::from([("neighbours".to_owned(), entry)]) }
}

fn reread(text: &str) -> Result<Read, Box<crate::diagnostic::Diagnostic>> {
    read(&Source::new("scenario.lock", text))
}

#[test]
fn what_is_written_is_read() {
    let mut lock = lock(entry());
    // Accepted by itself: it knows another value than the rest.
    let fact = lock.facts.iter_mut().next().unwrap().1;
    fact.amount += 1.0;
    let text = write(&lock);
    let again = reread(&text).unwrap();
    assert_eq!(again.lock, lock);
    assert_eq!(write(&again.lock), text);
    assert!(text.contains("\n    other facts:\n"), "{text}");
    assert!(text.contains("  orders.throttles: { 없음: 0, \"둘, \\\"셋\\\"\": 75 }\n"), "{text}");
    assert!(text.contains("  orders.throttles: [95, 75, 0]\n"), "{text}");
    // YAML for whoever has no bogi at hand.
    let source = Source::new("scenario.lock", text.clone());
    let yaml = crate::yaml::load(&Mapped::from_source(&source, 0..text.len())).unwrap();
    assert_eq!(yaml.diagnostics, []);
}

#[test]
fn the_key_is_what_the_measures_follow_from() {
    let key = |yaml: &str| Entry::of(&outcome(yaml), "").key;
    let expecting = format!("{BLOCK}title: 이웃\nexpect: ['orders.requests > 0']\nshow: [log]\n");
    assert_eq!(key(BLOCK), key(&expecting));
    assert_eq!(key(BLOCK), key(&BLOCK.replace("200ms", "0.2s")));
    assert_ne!(key(BLOCK), key(&BLOCK.replace("200ms", "201ms")));
    assert_ne!(key(BLOCK), key(&format!("{BLOCK}seed: 7\n")));
    assert_ne!(key(BLOCK), key(&format!("{BLOCK}quotas: {{ lambda.idle_timeout: 5m }}\n")));
    // A fact that isn't read is no reason.
    let mut changed = outcome(BLOCK);
    assert!(changed.quotas.iter().all(|quota| quota.name != "sqs.retention_period_max"));
    changed.quotas[0].value += 1.0;
    assert_ne!(key(BLOCK), Entry::of(&changed, "").key);
}

#[test]
fn every_value_is_in_the_digest() {
    let before = outcome(BLOCK);
    let digest = Entry::of(&before, "").digest;
    let mut after = before.clone();
    let Some(crate::scenario::outcome::Measure::Map(orders)) =
        after.variants[0].measures.get_mut("orders")
    else {
        panic!("no measures of a function");
    };
    // From 0 to none: neither is listed.
    orders.insert("errors".to_owned(), crate::scenario::outcome::Measure::Absent);
    let entry = Entry::of(&after, "");
    assert_ne!(entry.digest, digest);
    let comparison = compare(&Entry::of(&before, ""), &entry);
    assert!(comparison.other_measures && comparison.movements.is_empty());
}

#[test]
fn long_lists_are_counted() {
    let entry = entry();
    let log = entry.measures.get("orders.log").and_then(|row| row.at(0)).expect("a log");
    assert!(log.starts_with("100 entries ") && log.len() == 44, "{log}");
    assert!(!entry.measures.keys().any(|path| path.starts_with("orders.log[")));
}

fn looked(entry: Entry, holds: bool) -> Site {
    let id = "neighbours".to_owned();
    let known = [id.clone()].into();
    let catalogue = Catalogue::builtin().iter();
    let catalogue = catalogue.map(|fact| (fact.name.clone(), fact.value)).collect();
    let looked = vec![Looked { id, place: None, now: entry, holds }];
    Site { looked, known, printed: BTreeMap::new(), catalogue }
}

fn codes(site: &Site, lock: &Lock) -> Vec<&'static str> {
    let read = reread(&write(lock)).unwrap();
    judge(&read, site).diagnostics.iter().map(|found| found.code.0).collect()
}

#[test]
fn a_lock_is_judged() {
    let now = entry();
    let current = lock(now.clone());
    assert_eq!(codes(&looked(now.clone(), true), &current), [""; 0]);
    let mut stale = current.clone();
    stale.scenarios.get_mut("neighbours").unwrap().key = "0".repeat(32);
    assert_eq!(codes(&looked(now.clone(), true), &stale), ["E0151"]);
    let slower = Entry::of(&outcome(&BLOCK.replace("200ms", "300ms")), "");
    assert_eq!(codes(&looked(slower.clone(), true), &current), ["E0150"]);
    // The claim that broke is said already.
    assert_eq!(codes(&looked(slower.clone(), false), &current), [""; 0]);
    assert_eq!(codes(&looked(now.clone(), true), &Lock::default()), ["E0152"]);
    let mut gone = current.clone();
    gone.scenarios.insert("old".to_owned(), slower);
    assert_eq!(codes(&looked(now.clone(), true), &gone), ["E0153"]);
    // Scenarios that weren't looked at aren't judged.
    let mut part = looked(now, true);
    part.known.insert("old".to_owned());
    assert_eq!(codes(&part, &gone), [""; 0]);
    part.looked.clear();
    assert_eq!(codes(&part, &gone), [""; 0]);
}

#[test]
fn what_is_blessed_is_current() {
    let now = entry();
    let slower = Entry::of(&outcome(&BLOCK.replace("200ms", "300ms")), "");
    let before = lock(slower.clone());
    let all = BTreeSet::new();
    let accepted = accept(Some(&before), &looked(now.clone(), true), &all);
    assert!(matches!(accepted.changes.get("neighbours"), Some(Change::Other(_))));
    assert_eq!(codes(&looked(now.clone(), true), &accepted.lock), [""; 0]);
    assert!(accept(Some(&accepted.lock), &looked(now.clone(), true), &all).is_empty());
    let refused = accept(Some(&before), &looked(now.clone(), false), &all);
    assert_eq!(refused.refused, ["neighbours"]);
    assert_eq!(refused.lock.scenarios, before.scenarios);
    let others = accept(Some(&before), &looked(now, true), &["other".to_owned()].into());
    assert!(others.is_empty());
}

#[test]
fn what_is_no_lock_has_a_place() {
    let text = write(&lock(entry()));
    let fails = |text: &str, label: &str| {
        let found = reread(text).expect_err(label);
        assert_eq!(found.label, label, "{found:?}");
        found.place.unwrap().line_column().0
    };
    assert_eq!(fails("", "`format: 1` is missing"), 1);
    assert_eq!(fails("format: 2\n", "written by a newer version of bogi"), 1);
    let conflict = text.replacen("scenarios:", "<<<<<<< HEAD\nscenarios:", 1);
    assert!(fails(&conflict, "a mark of a merge") > 20);
    assert!(fails(&text.replace("format: 1", "format: 1\n\tx"), "not `name: value`") > 3);
    let facts = text.replacen("facts:\n  ", "facts:\n  other: ten\n  ", 1);
    assert_eq!(fails(&facts, "no value of a fact"), 5);
    assert!(fails(&text.replace("[95, 75, 0]", "[95, 75]"), "no value of a measure") > 20);
    assert!(fails(&text.replace("    digest", "    digits"), "not written by `bogi bless`") > 20);
    let twice = text.split_once("  neighbours:").unwrap().1;
    fails(&format!("{text}  neighbours:{twice}"), "the second one begins here");
}

fn word() -> impl Strategy<Value = String> {
    let quantity = (any::<f64>(), 0usize..6).prop_filter_map("finite", |(amount, kind)| {
        use crate::quantity::Dimension::*;
        let dimension = [Number, Duration, Rate, DataSize, Percent, Money][kind];
        let quantity = Quantity::new(amount, dimension);
        amount.is_finite().then(|| quantity.exact())
    });
    let text = any::<String>().prop_map(|text| super::write::quoted(&text));
    prop_oneof![quantity, text, Just("none".to_owned()), Just("3 entries 0ab".to_owned())]
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let names = proptest::collection::btree_set("\\PC{1,8}", 0..4);
    (names, 0usize..4, 0usize..9).prop_flat_map(|(names, points, unlisted)| {
        let row = |runs: usize| {
            let each = proptest::collection::vec(word(), runs).prop_map(Row::Each).boxed();
            let same = word().prop_map(Row::Same);
            if runs > 0 { prop_oneof![same, each].boxed() } else { same.boxed() }
        };
        let rows = |runs, most| proptest::collection::btree_map("\\PC{1,12}", row(runs), 0..most);
        let sweep = rows(points, if points > 0 { 5 } else { 1 });
        let variants: Vec<String> = names.into_iter().collect();
        (rows(variants.len(), 6), sweep).prop_map(move |(measures, sweep)| Entry {
            key: "ab".to_owned(),
            digest: "cd".to_owned(),
            engine: 7,
            catalogue: "2026-01-01/1".to_owned(),
            variants: variants.clone(),
            measures,
            points,
            sweep,
            unlisted,
            ..Entry::default()
        })
    })
}

proptest! {
    #[test]
    fn any_lock_comes_back(
        scenarios in proptest::collection::btree_map("\\PC{1,12}", any_entry(), 0..4),
    ) {
        let lock = Lock { facts: BTreeMap::new(), scenarios };
        let text = write(&lock);
        let failed = |found| TestCaseError::fail(format!("{found:?}\n{text}"));
        let again = reread(&text).map_err(failed)?;
        prop_assert_eq!(again.lock, lock);
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC*", at in 0usize..4000, put in "\\PC{0,9}") {
        let _ = reread(&text);
        let mut broken = write(&lock(fixed()));
        let at = (0..=at.min(broken.len())).rev().find(|&at| broken.is_char_boundary(at)).unwrap();
        broken.insert_str(at, &put);
        let _ = reread(&broken);
        broken.truncate(at);
        let _ = reread(&broken);
    }
}

/// The entry, made once.
fn fixed() -> Entry {
    static ENTRY: std::sync::OnceLock<Arc<Entry>> = std::sync::OnceLock::new();
    (**ENTRY.get_or_init(|| Arc::new(entry()))).clone()
}
