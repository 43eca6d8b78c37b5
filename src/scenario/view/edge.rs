//! What the views show of distributions: their measures, and single requests.

use crate::aws::architecture::ResourceKind;
use crate::aws::cloudfront::distribution::Kind;
use crate::aws::cloudfront::metrics::{CacheResult, DistributionMetrics, RequestRecord};
use crate::aws::lambda::metrics::RegionMetrics;
use crate::aws::metrics::Run;
use crate::quantity::Language;
use crate::scenario::view::phrase::pick;
use crate::scenario::view::resources::{Amount, Entry, Resource};

/// A request to a distribution, with the names of those that took part.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// What happened.
    pub record: RequestRecord,
    /// The edge location.
    pub location: String,
    /// The distribution's origins.
    pub origins: Vec<String>,
}

impl Exchange {
    /// The exchanges of a run that are kept.
    pub fn of(run: &Run) -> Vec<Self> {
        let one = |record: &RequestRecord| {
            let distribution = run.distributions.get(record.distribution as usize);
            let location = distribution.and_then(|d| d.locations.get(record.location as usize));
            let origins = distribution.map(|d| d.origins.iter().map(|o| o.name.clone()).collect());
            Self {
                record: record.clone(),
                location: location.map_or_else(String::new, |location| location.name.clone()),
                origins: origins.unwrap_or_default(),
            }
        };
        run.requests.iter().map(one).collect()
    }

    /// Whether another request went the same way, whatever the times.
    pub fn is_like(&self, other: &Self) -> bool {
        let (a, b) = (&self.record, &other.record);
        let whats =
            |record: &RequestRecord| record.steps.iter().map(|step| step.what).collect::<Vec<_>>();
        (a.status, a.cache, a.fault, a.distribution) == (b.status, b.cache, b.fault, b.distribution)
            && whats(a) == whats(b)
    }
}

/// What the caches had, in the reader's language.
pub fn cache_word(result: CacheResult, language: Language) -> &'static str {
    let (korean, english) = match result {
        CacheResult::None => ("조회 안 함", "not asked"),
        CacheResult::Hit => ("적중", "hit"),
        CacheResult::RegionalHit => ("리전 캐시 적중", "regional hit"),
        CacheResult::RefreshHit => ("재검증 적중", "refresh hit"),
        CacheResult::Stale => ("만료된 사본", "stale copy"),
        CacheResult::Collapsed => ("앞선 요청과 공유", "collapsed"),
        CacheResult::Miss => ("미스", "miss"),
        CacheResult::Uncacheable => ("캐시 불가", "uncacheable"),
    };
    pick(language, korean, english)
}

/// What is worth saying of the distributions of a run.
pub fn resources(run: &Run) -> Vec<Resource> {
    let one = |metrics: &DistributionMetrics| Resource {
        name: metrics.name.clone(),
        kind: ResourceKind::Distribution,
        entries: entries(metrics),
    };
    run.distributions.iter().map(one).chain(run.regions.iter().map(region)).collect()
}

/// What runs in a Region, of replicas and of other functions.
fn region(metrics: &RegionMetrics) -> Resource {
    let count = |korean, english, amount| Entry::new(korean, english, Amount::Count(amount));
    let account = &metrics.account;
    Resource {
        name: metrics.region.clone(),
        kind: ResourceKind::Function,
        entries: vec![
            count(
                "리전 동시 실행 최대",
                "Most executions at once",
                account.concurrent_executions.max(),
            )
            .headline(),
            count("└ 할당량", "└ quota", account.concurrent_executions_limit),
        ],
    }
}

fn entries(metrics: &DistributionMetrics) -> Vec<Entry> {
    let count = |korean, english, amount| Entry::new(korean, english, Amount::Count(amount));
    let result = |result| metrics.result(result);
    let runs = |kind| {
        let functions = metrics.functions.iter().filter(move |function| function.kind == kind);
        functions.map(|function| function.invocations).fold(0, u64::saturating_add)
    };
    let throttles = metrics.functions.iter().map(|f| f.throttles).fold(0, u64::saturating_add);
    let faults = metrics
        .functions
        .iter()
        .map(|f| f.execution_errors.saturating_add(f.validation_errors).saturating_add(f.timeouts))
        .fold(0, u64::saturating_add);
    let time =
        |value| if metrics.latency.count() == 0 { Amount::Absent } else { Amount::Time(value) };
    let rate = match metrics.cacheable_requests {
        0 => Amount::Absent,
        whole => Amount::Share(metrics.cache_hits, whole),
    };
    vec![
        count("요청", "Requests", metrics.requests).headline(),
        Entry::new("캐시 적중률", "Cache hit rate", rate).headline(),
        count("└ 엣지 적중", "└ edge hits", result(CacheResult::Hit)),
        count("└ 리전 캐시 적중", "└ regional hits", result(CacheResult::RegionalHit)),
        count("└ 재검증 적중", "└ refresh hits", result(CacheResult::RefreshHit)),
        count("└ 만료된 사본", "└ stale copies", result(CacheResult::Stale)),
        count("└ 앞선 요청과 공유", "└ collapsed", result(CacheResult::Collapsed)),
        count("오리진 요청", "Origin requests", metrics.origin_requests).headline(),
        count("└ 304 응답", "└ not modified", metrics.not_modified),
        count("└ 오리진 장애 조치", "└ failovers", metrics.failovers),
        count("함수가 만든 응답", "Generated responses", metrics.generated_responses),
        count("4xx 오류", "4xx errors", metrics.errors_4xx),
        count("5xx 오류", "5xx errors", metrics.errors_5xx),
        count(
            "CloudFront Functions 실행",
            "CloudFront Functions runs",
            runs(Kind::CloudFrontFunction),
        ),
        count("Lambda@Edge 실행", "Lambda@Edge runs", runs(Kind::LambdaEdge)),
        count("└ 제한된 함수", "└ throttled functions", throttles),
        count("└ 실패한 함수", "└ failed functions", faults),
        Entry::new("응답 시간 p50", "Latency p50", time(metrics.latency.percentile(50.0))),
        Entry::new("응답 시간 p99", "Latency p99", time(metrics.latency.percentile(99.0)))
            .headline(),
        Entry::new(
            "함수 비용",
            "Cost of functions",
            Amount::Money(metrics.functions.iter().map(|function| function.cost).sum()),
        ),
    ]
}
