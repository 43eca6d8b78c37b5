//! What is measured of streams.

use super::group::{Group, durations, series};
use super::queue::sizes;
use crate::aws::metrics::Run;
use crate::aws::streams::metrics::{MappingMetrics, StreamMetrics};
use crate::scenario::outcome::{Measure, MeasureDimension};

/// The measures of a stream. Those of its mappings are added up, or the greatest of them.
pub(super) fn stream_measures(stream: &StreamMetrics) -> Group {
    let mut group = Group::default();
    group.count("incoming_records", stream.incoming_records);
    let bytes = Measure::Quantity(stream.incoming_bytes as f64, MeasureDimension::DataSize);
    group.put("incoming_bytes", bytes);
    let refused = stream.write_provisioned_throughput_exceeded;
    group.count("write_provisioned_throughput_exceeded", refused);
    let shards = stream.shards.iter().map(|shard| {
        let mut group = Group::default();
        group.count("incoming_records", shard.incoming_records);
        let refused = shard.write_provisioned_throughput_exceeded;
        group.count("write_provisioned_throughput_exceeded", refused);
        Measure::Map(group.0)
    });
    group.put("shards", Measure::List(shards.collect()));
    let mappings = &stream.mappings;
    for (name, count) in COUNTS {
        group.count(name, mappings.iter().map(count).fold(0, u64::saturating_add));
    }
    let most = |time: fn(&MappingMetrics) -> u64| mappings.iter().map(time).max().unwrap_or(0);
    let mut age = Group::default();
    age.duration("max", most(|mapping| mapping.iterator_age.max()) as f64);
    group.group("iterator_age", age);
    group.group("blocked_time", most_blocked(mappings));
    let each = mappings.iter().map(|mapping| Measure::Map(mapping_measures(mapping).0));
    group.put("event_source_mappings", Measure::List(each.collect()));
    group
}

/// A count of a mapping.
type Count = fn(&MappingMetrics) -> u64;

/// What is counted of each mapping.
const COUNTS: [(&str, Count); 12] = [
    ("records", |mapping| mapping.records),
    ("processed_records", |mapping| mapping.processed_records),
    ("discarded_records", |mapping| mapping.discarded_records),
    ("expired_records", |mapping| mapping.expired_records),
    ("remaining_records", MappingMetrics::remaining),
    ("destination_deliveries", |mapping| mapping.destination_deliveries),
    ("batches", |mapping| mapping.batches),
    ("failed_batches", |mapping| mapping.failed_batches),
    ("throttles", |mapping| mapping.throttles),
    ("retries", |mapping| mapping.retries),
    ("bisects", |mapping| mapping.bisects),
    ("blocked_shards", blocked_shards),
];

fn blocked_shards(mapping: &MappingMetrics) -> u64 {
    mapping.blocked_time.iter().filter(|&&time| time > 0).count() as u64
}

fn most_blocked(mappings: &[MappingMetrics]) -> Group {
    let times = || mappings.iter().flat_map(|mapping| &mapping.blocked_time).copied();
    let mut group = Group::default();
    group.duration("max", times().max().unwrap_or(0) as f64);
    group.duration("sum", times().fold(0, u64::saturating_add) as f64);
    group
}

fn mapping_measures(mapping: &MappingMetrics) -> Group {
    let mut group = Group::default();
    group.put("function", Measure::Text(mapping.function.clone()));
    for (name, count) in COUNTS {
        group.count(name, count(mapping));
    }
    group.group("batch_size", sizes(&mapping.batch_size));
    group.group("iterator_age", durations(&mapping.iterator_age));
    group.group("backlog", series(&mapping.backlog));
    let mut oldest = Group::default();
    oldest.duration("max", mapping.oldest_record.max() as f64);
    group.group("oldest_record", oldest);
    group.group("concurrent_batches", series(&mapping.concurrent_batches));
    let times = mapping.blocked_time.iter();
    let times = times.map(|&time| Measure::Quantity(time as f64, MeasureDimension::Duration));
    group.put("blocked_time", Measure::List(times.collect()));
    group
}

/// Adds to a function's measures the age of the records that it gets from streams, if it does.
pub(super) fn add(group: &mut Group, function: &str, run: &Run) {
    let mappings = run.streams.iter().flat_map(|stream| &stream.mappings);
    let own = mappings.filter(|mapping| mapping.function == function);
    let oldest = own.max_by_key(|mapping| mapping.iterator_age.max());
    if let Some(mapping) = oldest {
        group.group("iterator_age", durations(&mapping.iterator_age));
    }
}
