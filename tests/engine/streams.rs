//! Reads the lines of streams in `deployment` blocks, and measures them.

use bogi::aws::architecture::{Architecture, Resource, ResourceKind};
use bogi::aws::metrics::Run;
use bogi::aws::streams::deployment::{Kind, Mapping, StartingPosition, Stream};
use bogi::aws::streams::metrics::{MappingMetrics, StreamMetrics};
use bogi::quantity::Quantity;

use crate::deployment::{number, resource, time};
use crate::measures::Value;
use crate::queues::settings;

/// `NAME: shards=4, retention=24h`.
pub fn stream(text: &str, kind: Kind) -> Stream {
    let (name, rest) = text.split_once(':').expect("stream NAME: …");
    let mut stream = Stream { name: name.trim().to_owned(), kind, shards: 1, ..Stream::default() };
    for (key, value) in settings(rest) {
        match key {
            "shards" => stream.shards = number(value) as u32,
            "retention" => stream.retention_period = Some(time(value)),
            _ => panic!("`{key}` is no setting of a stream"),
        }
    }
    stream
}

/// `STREAM FUNCTION: batch=10, window=0s, factor=2, retries=3, age=60s, bisect, reports,
/// dead=QUEUE, latest, created=10s, fan_out`.
pub fn mapping(text: &str, architecture: &mut Architecture) {
    let (names, rest) = text.split_once(':').expect("read STREAM FUNCTION: …");
    let (source, function) = names.split_once(' ').expect("read STREAM FUNCTION: …");
    let mut mapping = Mapping::to(resource(function.trim(), architecture));
    let source = resource(source.trim(), architecture);
    for (key, value) in settings(rest) {
        match key {
            "batch" => mapping.batch_size = Some(number(value)),
            "window" => mapping.batching_window = Some(time(value)),
            "factor" => mapping.parallelization_factor = Some(number(value)),
            "retries" => mapping.max_retry_attempts = Some(number(value)),
            "age" => mapping.max_record_age = Some(time(value)),
            "bisect" => mapping.bisect_batch_on_function_error = value == "yes",
            "reports" => mapping.report_batch_item_failures = value == "yes",
            "dead" => mapping.on_failure = Some(resource(value, architecture)),
            "latest" => mapping.starting_position = StartingPosition::Latest,
            "created" => mapping.created_at = time(value),
            "fan_out" => mapping.enhanced_fan_out = value == "yes",
            _ => panic!("`{key}` is no setting of a stream's mapping"),
        }
    }
    let streams = match source.kind {
        ResourceKind::Table => &mut architecture.tables,
        _ => &mut architecture.streams,
    };
    streams[source.place()].event_source_mappings.push(mapping);
}

/// A measure of a stream.
pub fn measure(
    name: &str,
    stream: Resource,
    run: &Run,
    architecture: &Architecture,
) -> Option<Value> {
    let at = match stream.kind {
        ResourceKind::Stream => stream.place(),
        ResourceKind::Table => architecture.streams.len() + stream.place(),
        _ => return None,
    };
    let metrics = &run.streams[at];
    metrics.mappings.iter().for_each(balanced);
    Some(Value::Number(value(name, metrics)))
}

/// What a mapping had to handle is somewhere.
pub fn balanced(mapping: &MappingMetrics) {
    let settled = mapping.processed_records + mapping.discarded_records + mapping.expired_records;
    assert_eq!(mapping.records, settled + mapping.remaining(), "records are lost or made");
}

fn value(name: &str, stream: &StreamMetrics) -> f64 {
    let mapping = || &stream.mappings[0];
    if let Some((name, at)) = name.split_once(" of ") {
        let at: usize = at.parse().expect("the number of a shard");
        return match name {
            "incoming" => stream.shards[at].incoming_records as f64,
            "refused" => stream.shards[at].write_provisioned_throughput_exceeded as f64,
            "blocked" => mapping().blocked_time[at] as f64,
            _ => panic!("a shard has no measure `{name}`"),
        };
    }
    if let Some((name, at)) = name.split_once(" at ") {
        let at = Quantity::parse(at).expect("a time").amount;
        let series = match name {
            "backlog" => &mapping().backlog,
            "batches" => &mapping().concurrent_batches,
            _ => panic!("no `{name}` over time"),
        };
        let bins = series.bins();
        let bin = bins.iter().rev().find(|bin| bin.start as f64 <= at).expect("a bin");
        return bin.max as f64;
    }
    let blocked = || mapping().blocked_time.iter().copied();
    match name {
        "incoming" => stream.incoming_records as f64,
        "refused" => stream.write_provisioned_throughput_exceeded as f64,
        "records" => mapping().records as f64,
        "processed" => mapping().processed_records as f64,
        "discarded" => mapping().discarded_records as f64,
        "expired" => mapping().expired_records as f64,
        "remaining" => mapping().remaining() as f64,
        "told" => mapping().destination_deliveries as f64,
        "batches" => mapping().batches as f64,
        "batch_mean" => mapping().batch_size.mean(),
        "batch_max" => mapping().batch_size.max() as f64,
        "failed" => mapping().failed_batches as f64,
        "succeeded" => (mapping().batches - mapping().failed_batches - mapping().throttles) as f64,
        "throttles" => mapping().throttles as f64,
        "retries" => mapping().retries as f64,
        "bisects" => mapping().bisects as f64,
        "batches_max" => mapping().concurrent_batches.max() as f64,
        "backlog_mean" => mapping().backlog.mean(),
        "backlog_max" => mapping().backlog.max() as f64,
        "age_max" => mapping().iterator_age.max() as f64,
        "age_min" => mapping().iterator_age.min() as f64,
        "age_mean" => mapping().iterator_age.mean(),
        "oldest_max" => mapping().oldest_record.max() as f64,
        "blocked_shards" => blocked().filter(|&time| time > 0).count() as f64,
        "blocked" => blocked().sum::<u64>() as f64,
        _ => panic!("a stream has no measure `{name}`"),
    }
}
