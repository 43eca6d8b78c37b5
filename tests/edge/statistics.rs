//! How often the origin is asked: renewal theory against runs with different seeds.

use bogi::aws::cloudfront::distribution::Kind;
use bogi::aws::cloudfront::distribution::{Names, Objects, Parts, Trigger};
use bogi::aws::cloudfront::effect::{Arm, Effect};
use bogi::aws::cloudfront::request::Request;
use bogi::aws::metrics::Run;
use bogi::sim::flow::Arrivals;

use crate::setup::*;

const SEEDS: u64 = 20;

/// The mean of a measure over runs with different seeds lies within four standard errors of a
/// value.
#[track_caller]
fn is_near(case: &Case, expected: f64, measure: impl Fn(&Run) -> f64) {
    let values: Vec<f64> = (1..=SEEDS).map(|seed| measure(&case.seeded(seed))).collect();
    let mean = values.iter().sum::<f64>() / SEEDS as f64;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (SEEDS - 1) as f64;
    let error = (variance / SEEDS as f64).sqrt();
    let deviation = (mean - expected).abs() / error.max(1e-12);
    assert!(deviation < 4.0, "{mean} ± {error}, expected {expected}: {deviation} errors");
}

fn poisson(rate: f64, seconds: u64) -> Arrivals {
    Arrivals::Poisson { rate, from: 0, until: seconds * S }
}

fn hit_ratio(run: &Run) -> f64 {
    let metrics = &run.distributions[0];
    metrics.cache_hits as f64 / metrics.cacheable_requests as f64
}

fn origin_share(run: &Run) -> f64 {
    let metrics = &run.distributions[0];
    metrics.origin_requests as f64 / metrics.requests as f64
}

/// A site whose origin answers at once, without validators.
fn instant(ttl: u64) -> Case {
    let mut case = site("");
    case.distribution.origins = vec![origin("app", 0, "")];
    case.distribution.origins[0].validators = false;
    case.behavior().policy.default_ttl = Some(ttl);
    case
}

/// Poisson arrivals at one cache: λτ hits follow each miss.
#[test]
fn the_hit_ratio_is_that_of_renewal_theory() {
    for (product, seconds) in [(0.1, 2000), (0.5, 2000), (1.0, 2000), (5.0, 3000), (100.0, 20_000)]
    {
        let mut case = instant(10 * S);
        let rate = product / 10.0;
        let until = (seconds as f64 / rate).min(60_000.0) as u64;
        case.send(poisson(rate, until), Request::get("/"), vec![0], Objects::default());
        is_near(&case, product / (1.0 + product), hit_ratio);
    }
}

/// Objects alike share the rate.
#[test]
fn many_objects_are_many_caches() {
    let mut case = instant(10 * S);
    let objects = Objects { first: 1, count: 50, zipf: 0.0 };
    // 50 objects, 5/s: λτ = 1 for each.
    case.send(poisson(5.0, 4000), Request::get("/{n}.jpg"), vec![0], objects);
    is_near(&case, 0.5, hit_ratio);
}

/// Zipf's law: each object has its own rate.
#[test]
fn popular_objects_are_hit_more_often() {
    let mut case = instant(10 * S);
    let objects = Objects { first: 1, count: 20, zipf: 1.0 };
    case.send(poisson(2.0, 20_000), Request::get("/{n}.jpg"), vec![0], objects);
    let shares: Vec<f64> = (1..=20).map(|rank| 1.0 / f64::from(rank)).collect();
    let sum: f64 = shares.iter().sum();
    let hits = shares.iter().map(|share| {
        let share = share / sum;
        let product = 2.0 * share * 10.0;
        share * product / (1.0 + product)
    });
    is_near(&case, hits.sum(), hit_ratio);
}

/// With a fetch of length f, one request in 1 + λf + λτ reaches the origin.
#[test]
fn collapsing_makes_one_fetch_of_many() {
    for (rate, ttl, fetch, until) in
        [(10.0, S, 200 * MS, 2000), (100.0, 6 * S, 500 * MS, 1000), (1000.0, 0, S, 60)]
    {
        let mut case = instant(ttl);
        case.distribution.origins = vec![origin("app", fetch, "")];
        case.distribution.origins[0].validators = false;
        case.send(poisson(rate, until), Request::get("/"), vec![0], Objects::default());
        let seconds = |time: u64| time as f64 / S as f64;
        let expected = 1.0 / (1.0 + rate * (seconds(fetch) + seconds(ttl)));
        is_near(&case, expected, origin_share);
    }
}

/// Without collapsing, all requests of the fetch reach the origin; they lengthen the copy's life by
/// at most the fetch.
#[test]
fn without_collapsing_all_of_a_fetch_reach_the_origin() {
    let (rate, ttl, fetch) = (10.0, 20 * S, 200 * MS);
    let mut case = instant(ttl);
    case.distribution.origins = vec![origin("app", fetch, "")];
    case.distribution.origins[0].validators = false;
    let cookies = Names::Some(["session".to_owned()].into());
    case.behavior().policy.key = Parts { cookies, ..Parts::default() };
    case.send(poisson(rate, 4000), Request::get("/"), vec![0], Objects::default());
    let (fetch, ttl) = (0.2, 20.0);
    let least = (1.0 + rate * fetch) / (1.0 + rate * (fetch + ttl + fetch));
    let most = (1.0 + rate * fetch) / (1.0 + rate * (fetch + ttl));
    let mean = (1..=SEEDS).map(|seed| origin_share(&case.seeded(seed))).sum::<f64>() / 20.0;
    assert!(least * 0.97 < mean && mean < most * 1.03, "{least} {mean} {most}");
}

/// Two tiers: with one location the regional copy has always expired when it is asked for; with
/// many the origin is asked as if all locations were one source of misses.
#[test]
fn two_tiers_ask_the_origin_as_renewal_theory_says() {
    let mut case = instant(60 * S);
    case.send(poisson(1.0, 20_000), Request::get("/"), vec![0], Objects::default());
    is_near(&case, 1.0 / 61.0, origin_share);

    let count = 100;
    let mut case = instant(60 * S);
    let name = |at| location(&format!("L{at}"), "ap-northeast-2");
    case.distribution.locations = (0..count).map(name).collect();
    let locations: Vec<u32> = (0..count).collect();
    case.send(poisson(10.0, 20_000), Request::get("/"), locations, Objects::default());
    // 0.1/s at each location: a miss rate of 1/70 there, 100/70 together.
    let together = 100.0 / 70.0;
    let expected = together / (1.0 + together * 60.0) / 10.0;
    let mean = (1..=SEEDS).map(|seed| origin_share(&case.seeded(seed))).sum::<f64>() / 20.0;
    assert!((mean / expected - 1.0).abs() < 0.02, "{mean} {expected}");
    let local = |run: &Run| {
        let locations = &run.distributions[0].locations;
        let hits: u64 = locations.iter().map(|location| location.hits).sum();
        hits as f64 / run.distributions[0].requests as f64
    };
    is_near(&case, 6.0 / 7.0, local);
}

/// A split by cookie: the arms' shares, and twice the misses when the cookie is in the key.
#[test]
fn a_split_divides_viewers_by_its_shares() {
    let mut case = instant(3600 * S);
    case.distribution.origins.push(origin("b", 0, ""));
    let arm = |name: &str, share, origin| Arm {
        name: name.to_owned(),
        share,
        prefix: None,
        origin: Some(origin),
    };
    let arms = vec![arm("A", 3.0, 0), arm("B", 1.0, 1)];
    let split = Effect::Split { cookie: "ab".to_owned(), arms };
    let kind = Kind::CloudFrontFunction;
    case.associate(Trigger::ViewerRequest, function("f", kind, vec![always(split)]));
    case.behavior().policy.max_ttl = Some(0);
    case.behavior().policy.default_ttl = Some(0);
    case.send(poisson(10.0, 200), Request::get("/"), vec![0], Objects::default());
    let share = |run: &Run| {
        let origins = &run.distributions[0].origins;
        origins[1].requests as f64 / (origins[0].requests + origins[1].requests) as f64
    };
    is_near(&case, 0.25, share);
    // Cached without the cookie in the key, all get the first one's arm; with it, each their own.
    case.behavior().policy.max_ttl = None;
    case.behavior().policy.default_ttl = None;
    assert_eq!(case.run().distributions[0].origin_requests, 1);
    let cookies = Names::Some(["ab".to_owned()].into());
    case.behavior().policy.key = Parts { cookies, ..Parts::default() };
    assert_eq!(case.run().distributions[0].origin_requests, 2);
}

#[test]
fn runs_repeat() {
    let mut case = with_all_triggers();
    let objects = Objects { first: 1, count: 10, zipf: 0.8 };
    case.send(poisson(20.0, 100), Request::get("/{n}"), vec![0], objects);
    assert_eq!(case.seeded(3), case.seeded(3));
    assert_ne!(case.seeded(3), case.seeded(4));
}
