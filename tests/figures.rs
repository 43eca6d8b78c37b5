//! What figures promise: a title and a description, nothing that runs or comes from elsewhere, few
//! elements and bytes, words that don't run into each other, and the same bytes every time; for
//! usual scenarios and for extreme numbers.

#[path = "figures/sample.rs"]
mod sample;
#[path = "figures/svg.rs"]
mod svg;

use std::fs;
use std::path::PathBuf;

use bogi::aws::catalogue::Catalogue;
use bogi::aws::lambda::metrics::ThrottleReason;
use bogi::quantity::Language;
use bogi::scenario::outcome::{Outcome, View};
use bogi::scenario::view::facts::{Facts, Function, Levels, Percentiles, Variant};
use bogi::scenario::view::{CardContext, card, card_from, draw};
use bogi::scenario::{Block, parse};
use bogi::sim::statistics::Bin;
use bogi::span::{Mapped, Source};
use sample::{MS, SECOND, load, rejected, scenario, variant, verdict};

const ALL: [View; 10] = [
    View::Summary,
    View::Concurrency,
    View::Environments,
    View::Latency,
    View::Cost,
    View::Queue,
    View::Log,
    View::Why(0),
    View::Decisions,
    View::Tasks,
];
/// How many figures a view has; `None` for one that has as many as there are queues or variants.
fn figures(view: &View) -> Option<usize> {
    match view {
        View::Queue | View::Why(_) => None,
        View::Summary | View::Log | View::Decisions | View::Tasks => Some(0),
        _ => Some(1),
    }
}
const LANGUAGES: [Language; 2] = [Language::Korean, Language::English];

fn drawn((outcome, facts): &(Outcome, Facts), language: Language) -> String {
    let context = CardContext { language, yaml_html: "<pre>id: x</pre>" };
    let html = card_from(outcome, facts, &sample::catalogue(), context);
    let again = card_from(outcome, facts, &sample::catalogue(), context);
    assert_eq!(html, again, "the same numbers give the same bytes");
    html
}

/// Everything that is promised of any card.
fn check(html: &str, about: &str) {
    svg::check_well_formed(html, about);
    svg::check_ids(html, about);
    for svg in svg::all_of(html) {
        svg::check(svg, about);
    }
}

fn run(name: &str, yaml: &str) -> Outcome {
    let source = Source::new(name, yaml);
    let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
    let staged = parse(&block, Catalogue::builtin());
    let scenario = staged.value.unwrap_or_else(|| panic!("{name}: {:?}", staged.diagnostics));
    scenario.run(Catalogue::builtin()).value.unwrap()
}

fn outcomes() -> Vec<(String, Outcome)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/figures/scenarios");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let run = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let outcome = run(&name, &fs::read_to_string(&path).unwrap());
        (name, outcome)
    };
    paths.into_iter().map(run).collect()
}

#[test]
fn the_cards_of_real_runs_keep_every_promise() {
    for (name, outcome) in outcomes() {
        for language in LANGUAGES {
            let context = CardContext { language, yaml_html: "<pre>id: x</pre>" };
            let html = card(&outcome, context);
            assert_eq!(html, card(&outcome, context), "{name}");
            check(&html, &name);
            let drawings = svg::all_of(&html).len();
            assert!(drawings.is_multiple_of(2), "{name}: each for a column and for a phone");
            let figures: Option<usize> = outcome.show.iter().map(figures).sum();
            assert!(figures.is_none_or(|figures| drawings == 2 * figures), "{name}");
        }
    }
}

#[test]
fn the_cards_of_usual_numbers_keep_every_promise() {
    for sample in sample::scenarios() {
        for language in LANGUAGES {
            check(&drawn(&sample, language), &sample.0.id);
        }
    }
}

fn quiet_function(name: &str) -> Function {
    Function { name: name.to_owned(), ..Function::default() }
}

/// Numbers as large as they come.
fn huge_function(name: &str) -> Function {
    let many = 1_000_000_000;
    let bins: Vec<Bin> = (0..500)
        .map(|index| Bin { start: index * SECOND * 1000, max: many, mean: many as f64 / 2.0 })
        .collect();
    let levels = Levels { bins, width: 1000 * SECOND, max: many };
    let slow = Percentiles {
        count: many,
        p50: 1,
        p90: MS,
        p99: 900 * SECOND,
        p999: 900 * SECOND,
        max: u64::MAX,
    };
    Function {
        requests: 2 * many,
        invocations: many,
        throttles: many,
        throttles_by_reason: vec![(ThrottleReason::FunctionInvocationRateLimitExceeded, many)],
        throttles_over_time: (0..500).map(|index| (index * 1000 * SECOND, many / 500)).collect(),
        cold_starts: many,
        busy: levels.clone(),
        environments: levels.clone(),
        provisioned_ready: levels,
        reserved: Some(many),
        duration: slow,
        init: slow,
        latency: slow,
        lifelines_omitted: many,
        ..quiet_function(name)
    }
}

fn extremes() -> Vec<(Outcome, Facts)> {
    let long = "아주 긴 이름을 가진 변형으로서 제목 한 줄에 도저히 들어가지 않는 것 ".repeat(4);
    let hostile = "<script>&\"'</svg>";
    let one = |name: Option<&str>, functions: Vec<Function>, end: u64| Variant {
        name: name.map(str::to_owned),
        end,
        limit: 1000,
        unreserved_limit: 1000,
        functions,
        ..Variant::default()
    };
    let single = load("orders", 1, 200 * MS, 0);
    let single = sample::Load { until: 1, ..single };
    let names: Vec<String> =
        (0..30).map(|index| format!("{}-{index}", "긴이름함수".repeat(5))).collect();
    let many = names.iter().map(|name| huge_function(name)).collect();
    let twelve = (0..12).map(|index| {
        one(Some(&format!("{long}{index}")), vec![huge_function(hostile)], 500_000 * SECOND)
    });
    let thirteen = (0..13).map(|index| {
        variant(Some(&format!("변형 {index}")), 10, &[load("a", 9, SECOND, MS)], 70 * SECOND)
    });
    vec![
        scenario("nothing", "", &ALL, Vec::new()),
        scenario("no functions", "함수 없음", &ALL, vec![one(None, Vec::new(), 0)]),
        scenario("no_requests", "요청 없음", &ALL, vec![one(None, vec![quiet_function("a")], 0)]),
        scenario("single", "한 건", &ALL, vec![variant(None, 1, &[single], SECOND)]),
        scenario("huge", "십억", &ALL, vec![one(None, vec![huge_function("a")], u64::MAX)]),
        scenario("thirty", "서른", &ALL, vec![one(None, many, 500_000 * SECOND)]),
        scenario(
            hostile,
            hostile,
            &ALL,
            vec![one(Some(hostile), vec![quiet_function(hostile)], 1)],
        ),
        scenario("twelve", &long, &ALL, twelve.collect()),
        scenario("thirteen", "열셋", &ALL, thirteen.collect()),
        scenario("refused", "거부", &ALL, vec![rejected(None)]),
        scenario(
            "twice",
            "두 번",
            &[View::Cost, View::Cost],
            vec![variant(None, 5, &[load("a", 1, 1, 1)], SECOND)],
        ),
    ]
}

#[test]
fn extreme_numbers_and_names_keep_every_promise() {
    for sample in extremes() {
        for language in LANGUAGES {
            check(&drawn(&sample, language), &sample.0.id);
        }
    }
}

#[test]
fn a_figure_s_title_is_its_finding() {
    let finding = |variants: Vec<Variant>, view, language| {
        let (_, facts) = scenario("x", "제목", &[view], variants);
        draw(view, &facts, language).finding
    };
    let orders = load("orders", 100, 200 * MS, 600 * MS);
    let calm = variant(None, 1000, std::slice::from_ref(&orders), 61 * SECOND);
    assert_eq!(
        finding(vec![calm.clone()], View::Concurrency, Language::Korean),
        "요청 6,000건이 제한 없이 처리됨: 동시 실행은 최대 81로 계정 한도 1,000의 8.1%"
    );
    assert_eq!(
        finding(vec![calm], View::Environments, Language::Korean),
        "환경 81개가 요청 6,000건을 처리함: 콜드 스타트 81건"
    );
    let tight = variant(None, 15, std::slice::from_ref(&orders), 61 * SECOND);
    let throttles = bogi::quantity::format_number(tight.functions[0].throttles as f64);
    assert_ne!(throttles, "0");
    let found = finding(vec![tight], View::Concurrency, Language::Korean);
    assert!(found.starts_with(&format!("orders: 요청 6,000건 중 {throttles}건(")), "{found}");
    assert!(found.ends_with("이 제한됨 (원인: 리전 동시 실행 한도)"), "{found}");

    let narrow = variant(Some("한도 15"), 15, std::slice::from_ref(&orders), 61 * SECOND);
    let wide = variant(Some("한도 1,000"), 1000, &[orders], 61 * SECOND);
    assert_eq!(
        finding(vec![narrow, wide], View::Concurrency, Language::English),
        format!("throttled requests of orders: ‘한도 15’ {throttles} → ‘한도 1,000’ 0")
    );
}

#[test]
fn a_card_says_which_expectations_fail_and_what_was_measured() {
    let mut variant = variant(Some("기본"), 10, &[load("orders", 5, MS, MS)], SECOND);
    variant.verdicts = vec![
        verdict("orders.throttles == 0", false, &[("orders.throttles", "3"), ("0", "0")]),
        verdict("orders.errors == 0", true, &[]),
    ];
    let html = drawn(&scenario("x", "제목", &[View::Summary], vec![variant]), Language::Korean);
    assert!(html.contains("기대 2개 중 1개가 성립하지 않음"), "{html}");
    assert!(html.contains(
        "<code>orders.throttles == 0</code> (기본): 측정 <code>orders.throttles</code> = 3</li>"
    ));
    assert!(!html.contains("orders.errors == 0"));
}

#[test]
fn a_refused_deployment_is_shown_in_aws_s_words() {
    let html =
        drawn(&scenario("x", "제목", &ALL, vec![rejected(Some("950 예약"))]), Language::Korean);
    assert!(html.contains("950 예약: AWS가 배포를 거부함 (orders)"), "{html}");
    assert!(html.contains("<code>InvalidParameterValueException</code>: Specified"));
    assert!(svg::all_of(&html).is_empty(), "nothing ran, so there is nothing to draw");
}

#[test]
fn a_card_tells_its_assumptions_with_dates_and_sources() {
    let sample = &sample::scenarios()[0];
    let html = drawn(sample, Language::Korean);
    for part in ["policies.routing", "시드", "2023-11-26", "AWS Lambda Developer Guide"] {
        assert!(html.contains(part), "{part}");
    }
    assert!(html.contains("시나리오가 정함"), "an override is said to be one");
    assert!(!html.contains("<details open"), "folds are closed");
}

#[test]
fn colours_have_the_contrast_that_is_promised() {
    svg::check_colours(include_str!("../assets/scenario.css"));
}

/// What the chart of a sweep finds: what is swept and drawn, and the sentences.
#[test]
fn a_sweep_is_told_in_a_sentence() {
    let cases = [
        (
            "functions.orders.reserved_concurrency: [0, 100, 50, 25, 75]",
            "orders.throttles",
            "예약 동시성이 50 이상이면 제한이 0건이다",
            "throttles: 0 with reserved concurrency of 50 or more",
        ),
        (
            "account.concurrent_executions: [1, 20, 30, 40]",
            "orders.throttles",
            "계정의 동시 실행 한도를 1에서 40으로 늘리면 제한은 980건에서 200건으로 줄어든다",
            "throttles: 980 → 200 as account's concurrency quota grows from 1 to 40",
        ),
        (
            "events.0.rate: [100/s, 400/s, 2000/s, 4000/s]",
            "orders.throttles",
            "요청 빈도가 초당 2,000건 이하이면 제한이 0건이고, 초당 4,000건에서는 20,000건이다",
            "throttles: 0 with request rate of 2,000/s or less, 20,000 at 4,000/s",
        ),
        (
            "functions.orders.memory: [128MB, 256MB, 1GB]",
            "orders.duration.p99",
            "메모리를 바꾸어도 처리 시간 p99는 500\u{202f}ms로 같다",
            "p99 duration: 500\u{202f}ms whatever the memory",
        ),
        (
            "functions.orders.architecture: [x86_64, arm64]",
            "orders.cost.total",
            "비용은 $0.00103(아키텍처 arm64)에서 $0.00124(아키텍처 x86_64)까지 걸쳐 있다",
            "cost: from $0.00103 (architecture arm64) to $0.00124 (architecture x86_64)",
        ),
        (
            "functions.orders.reserved_concurrency: [0, 25, 50, 75, 950]",
            "orders.throttle_rate",
            "예약 동시성이 50 이상이면 제한율이 0%다 (950에서는 AWS가 배포를 거부한다)",
            "throttle rate: 0% with reserved concurrency of 50 or more (AWS refuses 950)",
        ),
        (
            "{ functions.orders.reserved_concurrency: [0, 25, 50, 100, 125], \
             functions.orders.duration: [250ms, 1s] }",
            "orders.throttles",
            "제한이 0건이 되는 예약 동시성 — 처리 시간 250\u{202f}ms: 25 이상 · 처리 시간 1초: \
             100 이상",
            "throttles at 0: reserved concurrency — duration 250\u{202f}ms: 25 or more · \
             duration 1\u{202f}s: 100 or more",
        ),
    ];
    for (sweep, measure, korean, english) in cases {
        let sweep =
            if sweep.starts_with('{') { sweep.to_owned() } else { format!("{{ {sweep} }}") };
        let outcome = run(
            sweep.as_str(),
            &format!(
                "id: x\nfunctions: {{ orders: {{ duration: 500ms }} }}\n\
                 events: [{{ invoke: orders, rate: 100/s, until: 10s }}]\n\
                 sweep: {sweep}\nshow: [sweep({measure})]\n"
            ),
        );
        let facts = Facts::of(&outcome);
        for (language, sentence) in [(Language::Korean, korean), (Language::English, english)] {
            assert_eq!(draw(View::Sweep(0), &facts, language).finding, sentence, "{sweep}");
        }
        for language in LANGUAGES {
            check(&card(&outcome, CardContext { language, yaml_html: "" }), &sweep);
        }
    }
}

/// The points of a sweep without a script: a radio button for each, described by what was measured.
#[test]
fn the_points_of_a_sweep_are_radio_buttons_with_descriptions() {
    let outcome = run(
        "points",
        "id: 점\nfunctions: { a: { duration: 1s } }\n\
         events: [{ invoke: a, rate: 5/s, until: 10s }]\n\
         sweep: { functions.a.reserved_concurrency: [9, 1, 5, 950] }\n",
    );
    let html = card(&outcome, CardContext { language: Language::Korean, yaml_html: "" });
    check(&html, "points");
    assert_eq!(html.matches("<fieldset").count(), 1);
    assert_eq!(html.matches("type=\"radio\" name=\"점-point\"").count(), 4);
    assert_eq!(html.matches("checked=\"checked\"").count(), 1);
    let stop = |place: usize, label: &str, value: &str| {
        let id = format!("점-point-{place}");
        let before = format!("aria-describedby=\"{id}-of\"/><label for=\"{id}\">{label}</label>");
        let at = html.find(&before).unwrap_or_else(|| panic!("{label}: {html}"));
        let point = html[at..].split("</div></div>").next().unwrap();
        assert!(point.contains(&format!("id=\"{id}-of\"")) && point.contains(value), "{point}");
    };
    stop(0, "1", "40건");
    stop(1, "5", "0건");
    stop(2, "9", "0건");
    stop(3, "950", "InvalidParameterValueException");
    let checked = html.split("checked=\"checked\"").nth(1).unwrap();
    assert!(checked.starts_with(" aria-describedby=\"점-point-1-of\""), "the knee comes first");
}
