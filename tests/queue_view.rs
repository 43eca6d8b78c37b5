//! What the view `queue` and the drawn stories of `why` say and promise: findings computed from
//! runs, in both languages, and figures whose size doesn't grow with the number of messages.

use bogi::aws::catalogue::Catalogue;
use bogi::quantity::Language;
use bogi::scenario::outcome::{Outcome, View};
use bogi::scenario::view::facts::Facts;
use bogi::scenario::view::{Shown, draw};
use bogi::scenario::{Block, parse};
use bogi::sim::statistics::MOST_BINS;
use bogi::span::{Mapped, Source};

fn run(yaml: &str) -> Outcome {
    let source = Source::new("block", yaml);
    let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
    let staged = parse(&block, Catalogue::builtin());
    let scenario = staged.value.unwrap_or_else(|| panic!("{:?}", staged.diagnostics));
    scenario.run(Catalogue::builtin()).value.unwrap()
}

fn shown(yaml: &str, view: View, language: Language) -> Shown {
    draw(view, &Facts::of(&run(yaml)), language)
}

/// A function that handles ten messages a second at most, and 20 a second for a minute.
const BEHIND: &str = "
id: behind
functions:
  worker: { duration: 1s }
queues:
  jobs:
    visibility_timeout: 30s
    event_source_mapping: { function: worker, batch_size: 1, max_concurrency: 10 }
events:
  - { send: jobs, rate: 20/s, until: 60s }
";

#[test]
fn a_backlog_is_told_in_both_languages() {
    // 1,200 messages come. In the first minute five are handled at a time, so 900 are left; then
    // ten at a time, which takes 90 s more.
    let korean = shown(BEHIND, View::Queue, Language::Korean);
    assert!(korean.finding.starts_with("jobs: "), "{}", korean.finding);
    for part in ["메시지 900개까지 쌓임", "가장 오래된 것은", "2.5분부터 다시 빔"]
    {
        assert!(korean.finding.contains(part), "{part}: {}", korean.finding);
    }
    let english = shown(BEHIND, View::Queue, Language::English);
    for part in ["the backlog peaks at 900 messages after", "the oldest is", "empty again after"] {
        assert!(english.finding.contains(part), "{part}: {}", english.finding);
    }
    for (body, names) in [
        (&korean.body, ["가시성 제한 시간 30초", "보관 기간 4일: 그림 밖", "처리 중 (NotVisible)"]),
        (&english.body, ["visibility timeout", "retention", "in flight (NotVisible)"]),
    ] {
        assert!(names.iter().all(|name| body.contains(name)), "{body}");
        assert_eq!(body.matches("<svg").count(), 4, "backlog and age, each in two sizes");
    }
    let table = korean.table.unwrap();
    assert!(table.rows.len() > 4 && table.columns.len() == 4);
}

#[test]
fn the_limits_of_streams_and_events_are_drawn() {
    let stream = "
id: stream
functions:
  reader: { duration: 100ms }
streams:
  clicks: { event_source_mapping: { function: reader, max_record_age: 90s } }
events:
  - { put: clicks, at: 0s, count: 5, poison: [2] }
";
    let body = shown(stream, View::Queue, Language::English).body;
    assert!(body.contains("maximum record age") && body.contains("IteratorAge max"), "{body}");
    let events = "
id: events
account: { concurrent_executions: 10 }
functions:
  thumbs: { duration: 30s, max_event_age: 60s }
events:
  - { invoke: thumbs, via: s3, at: 0s, count: 100 }
";
    let shown = shown(events, View::Queue, Language::English);
    assert!(shown.finding.starts_with("event queue of thumbs: "), "{}", shown.finding);
    assert!(shown.finding.contains("never handled"), "{}", shown.finding);
    assert!(shown.body.contains("maximum event age"), "{}", shown.body);
}

#[test]
fn what_never_waited_is_said_and_not_drawn() {
    let quiet = "
id: quiet
functions:
  f: { duration: 100ms }
events:
  - { invoke: f, via: s3, at: 0s }
";
    let shown = shown(quiet, View::Queue, Language::Korean);
    assert_eq!(shown.finding, "기다린 것이 없음: 오는 대로 처리됨");
    assert!(shown.body.is_empty() && shown.drawings.is_empty() && shown.table.is_none());
}

#[test]
fn a_million_messages_take_no_more_room_than_a_thousand() {
    let of = |rate: u64| {
        let yaml = BEHIND
            .replace("rate: 20/s", &format!("rate: {rate}/s"))
            .replace("batch_size: 1,", "batch_size: 10,")
            .replace("max_concurrency: 10", "max_concurrency: 1000");
        let facts = Facts::of(&run(&yaml));
        let backlog = facts.variants[0].backlogs[0].clone();
        let bins = backlog.waiting.bins.len() + backlog.hidden.bins.len() + backlog.age.bins.len();
        assert!(bins <= 3 * MOST_BINS, "{bins} bins");
        (backlog.arrived, draw(View::Queue, &facts, Language::Korean).body.len())
    };
    let (few, small) = of(17);
    let (many, large) = of(16_667);
    assert!(few > 1000 && many > 1_000_000, "{few} and {many} messages");
    // A figure has so many columns, whatever comes: a line that changes in each of them is as
    // long as it gets.
    assert!(large < 100_000 && large < 3 * small, "{small} and {large} bytes");
}

#[test]
fn views_that_fit_include_queues() {
    assert!(run(BEHIND).show.contains(&View::Queue));
    let synchronous = "
id: synchronous
functions: { f: { duration: 1s } }
events: [{ invoke: f, at: 0s }]
";
    assert!(!run(synchronous).show.contains(&View::Queue));
}

#[test]
fn the_story_of_a_request_to_a_distribution_is_drawn() {
    let edge = "
id: edge
distributions:
  site:
    origins:
      app:
        duration: 80ms
        cache_control: \"max-age=60\"
        outages: [{ from: 0s, until: 20s, fails: 503 }]
      backup: { duration: 40ms, cache_control: \"max-age=60\" }
    failover: { to: backup, statuses: [503] }
    viewer_request: { kind: cloudfront_functions, duration: 300us }
events:
  - { request: site, path: /a, at: 0s }
  - { request: site, path: /a, at: 1s }
";
    let first = shown(edge, View::Why(0), Language::English).body;
    let told = [
        "not in the edge cache",
        "the origin is asked, answers 503",
        "asked as a failover, answers 200",
        "answers the viewer 200",
        "viewer_request",
    ];
    for part in told {
        assert!(first.contains(part), "{part}: {first}");
    }
    let second = shown(edge, View::Why(1), Language::Korean);
    assert!(second.body.contains("엣지 캐시에 있음"), "{}", second.body);
    assert!(second.finding.contains("뷰어에게 200 응답 (캐시: 적중)"), "{}", second.finding);
    assert_eq!(second.body.matches("<svg").count(), 2);
}

#[test]
fn tasks_and_decisions_have_stories() {
    let task = "
id: task
roles:
  app: { trust: ecs-tasks.amazonaws.com }
tasks:
  web: { image: nginx, task_role: app }
events:
  - { run_task: web }
  - at: 1s
    access: { principal: app, action: s3:GetObject, resource: \"arn:aws:s3:::reports/a\" }
";
    let task_story = shown(task, View::Why(0), Language::Korean);
    assert!(task_story.finding.contains("컨테이너가 돎 (RUNNING)"), "{}", task_story.finding);
    let access = shown(task, View::Why(1), Language::English);
    assert!(access.finding.contains("implicit deny"), "{}", access.finding);
    assert!(access.body.contains("asks for s3:GetObject"), "{}", access.body);
}
