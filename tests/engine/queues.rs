//! Reads the lines of queues in `deployment` blocks, and measures them.

use bogi::aws::architecture::{Architecture, Resource, ResourceKind};
use bogi::aws::metrics::Run;
use bogi::aws::sqs::deployment::{Mapping, ProvisionedPollers, Queue, RedrivePolicy};
use bogi::aws::sqs::metrics::QueueMetrics;
use bogi::quantity::Quantity;

use crate::deployment::{number, resource, time};
use crate::measures::Value;

/// Settings `key=value`, split at commas; `-` as a value leaves the key out.
pub fn settings(text: &str) -> Vec<(&str, &str)> {
    let settings = text.split(',').map(str::trim).filter(|setting| !setting.is_empty());
    let settings = settings.map(|setting| setting.split_once('=').unwrap_or((setting, "yes")));
    settings.filter(|(_, value)| *value != "-").collect()
}

/// `NAME: fifo, visibility=30s, retention=4d, delay=0s, dead=QUEUE/3`.
pub fn queue(text: &str, architecture: &Architecture) -> Queue {
    let (name, rest) = text.split_once(':').expect("queue NAME: …");
    let mut queue = Queue { name: name.trim().to_owned(), ..Queue::default() };
    for (key, value) in settings(rest) {
        match key {
            "fifo" => queue.fifo = value == "yes",
            "high_throughput" => queue.high_throughput = value == "yes",
            "visibility" => queue.visibility_timeout = Some(time(value)),
            "retention" => queue.retention_period = Some(time(value)),
            "delay" => queue.delay = Some(time(value)),
            "dead" => {
                let (name, count) = value.split_once('/').expect("dead=QUEUE/COUNT");
                queue.redrive_policy = Some(RedrivePolicy {
                    dead_letter_queue: resource(name, architecture),
                    max_receive_count: number(count),
                });
            }
            _ => panic!("`{key}` is no setting of a queue"),
        }
    }
    queue
}

/// `QUEUE FUNCTION: batch=10, window=0s, max=5, pollers=2..10, reports`.
pub fn mapping(text: &str, architecture: &mut Architecture) {
    let (names, rest) = text.split_once(':').expect("poll SOURCE FUNCTION: …");
    let (source, function) = names.split_once(' ').expect("poll SOURCE FUNCTION: …");
    let function = resource(function.trim(), architecture);
    let source = resource(source.trim(), architecture);
    let mut mapping = Mapping {
        function,
        batch_size: None,
        batching_window: None,
        max_concurrency: None,
        provisioned_pollers: None,
        report_batch_item_failures: false,
    };
    for (key, value) in settings(rest) {
        match key {
            "batch" => mapping.batch_size = Some(number(value)),
            "window" => mapping.batching_window = Some(time(value)),
            "max" => mapping.max_concurrency = Some(number(value)),
            "pollers" => {
                let (min, max) = value.split_once("..").expect("pollers=MIN..MAX");
                let count = |text: &str| (!text.is_empty()).then(|| number(text));
                mapping.provisioned_pollers =
                    Some(ProvisionedPollers { min: count(min), max: count(max) });
            }
            "reports" => mapping.report_batch_item_failures = value == "yes",
            _ => panic!("`{key}` is no setting of a mapping"),
        }
    }
    architecture.queues[source.place()].event_source_mappings.push(mapping);
}

/// A measure of a queue.
pub fn measure(name: &str, queue: Resource, run: &Run) -> Option<Value> {
    if queue.kind != ResourceKind::Queue {
        return None;
    }
    let metrics = &run.queues[queue.place()];
    balanced(metrics);
    Some(Value::Number(value(name, metrics)))
}

/// What has come in is somewhere.
pub fn balanced(queue: &QueueMetrics) {
    assert_eq!(
        queue.number_of_messages_sent + queue.dead_letters,
        queue.number_of_messages_deleted + queue.dead_lettered + queue.expired + queue.remaining(),
        "{}: messages are lost or made",
        queue.name
    );
}

fn value(name: &str, queue: &QueueMetrics) -> f64 {
    let mapping = || &queue.mappings[0];
    if let Some((name, at)) = name.split_once(" at ") {
        let at = Quantity::parse(at).expect("a time").amount;
        let series = match name {
            "batches" => &mapping().concurrent_batches,
            "limit" => &mapping().concurrency_limit,
            "visible" => &queue.approximate_number_of_messages_visible,
            _ => panic!("no `{name}` over time"),
        };
        let bins = series.bins();
        let bin = bins.iter().rev().find(|bin| bin.start as f64 <= at).expect("a bin");
        return bin.max as f64;
    }
    match name {
        "sent" => queue.number_of_messages_sent as f64,
        "deduplicated" => queue.number_of_deduplicated_sent_messages as f64,
        "refused" => queue.throttled_messages as f64,
        "received" => queue.number_of_messages_received as f64,
        "deleted" => queue.number_of_messages_deleted as f64,
        "dead_lettered" => queue.dead_lettered as f64,
        "dead_letters" => queue.dead_letters as f64,
        "expired" => queue.expired as f64,
        "returned" => queue.returned as f64,
        "remaining" => queue.remaining() as f64,
        "visible_max" => queue.approximate_number_of_messages_visible.max() as f64,
        "visible_mean" => queue.approximate_number_of_messages_visible.mean(),
        "visible_end" => queue.approximate_number_of_messages_visible.value() as f64,
        "hidden_max" => queue.approximate_number_of_messages_not_visible.max() as f64,
        "delayed_max" => queue.approximate_number_of_messages_delayed.max() as f64,
        "age_max" => queue.approximate_age_of_oldest_message.max() as f64,
        "wait_mean" => queue.waiting_time.mean(),
        "wait_max" => queue.waiting_time.max() as f64,
        "waited" => share_above(&queue.waiting_time, 0),
        "waited_1s" => share_above(&queue.waiting_time, 1_000_000_000),
        "sojourn_mean" => queue.sojourn_time.mean(),
        "sojourn_max" => queue.sojourn_time.max() as f64,
        "batches" => mapping().batches as f64,
        "batch_mean" => mapping().batch_size.mean(),
        "batch_max" => mapping().batch_size.max() as f64,
        "failed_batches" => mapping().failed_batches as f64,
        "throttles" => mapping().throttles as f64,
        "abandoned" => mapping().abandoned_batches as f64,
        "item_failures" => mapping().batch_item_failures as f64,
        "batches_max" => mapping().concurrent_batches.max() as f64,
        "limit_max" => mapping().concurrency_limit.max() as f64,
        _ => panic!("a queue has no measure `{name}`"),
    }
}

/// The share of values above a bound: percentiles are nearest ranks, so the greatest percentile
/// at or below the bound is found by halving.
fn share_above(distribution: &bogi::sim::statistics::Distribution, bound: u64) -> f64 {
    if distribution.min() > bound {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 100.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if distribution.percentile(middle) <= bound { low = middle } else { high = middle }
    }
    1.0 - low / 100.0
}
