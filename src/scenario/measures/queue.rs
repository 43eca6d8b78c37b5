//! What is measured of queues.

use super::group::{Group, durations, series};
use crate::aws::sqs::metrics::{MappingMetrics, QueueMetrics};
use crate::scenario::outcome::Measure;
use crate::sim::statistics::{Distribution, Series};

/// The measures of a queue.
pub(super) fn queue_measures(queue: &QueueMetrics) -> Group {
    let mut group = Group::default();
    group.count("number_of_messages_sent", queue.number_of_messages_sent);
    let deduplicated = queue.number_of_deduplicated_sent_messages;
    group.count("number_of_deduplicated_sent_messages", deduplicated);
    group.count("throttled_messages", queue.throttled_messages);
    group.count("number_of_messages_received", queue.number_of_messages_received);
    group.count("number_of_messages_deleted", queue.number_of_messages_deleted);
    group.count("messages_dead_lettered", queue.dead_lettered);
    group.count("dead_letters", queue.dead_letters);
    group.count("messages_expired", queue.expired);
    group.count("messages_returned", queue.returned);
    for (name, level) in [
        ("approximate_number_of_messages_visible", &queue.approximate_number_of_messages_visible),
        (
            "approximate_number_of_messages_not_visible",
            &queue.approximate_number_of_messages_not_visible,
        ),
        ("approximate_number_of_messages_delayed", &queue.approximate_number_of_messages_delayed),
    ] {
        group.group(name, level_measures(level));
    }
    let mut age = Group::default();
    age.duration("max", queue.approximate_age_of_oldest_message.max() as f64);
    group.group("approximate_age_of_oldest_message", age);
    group.count("remaining", queue.remaining());
    group.group("waiting_time", durations(&queue.waiting_time));
    group.group("sojourn_time", durations(&queue.sojourn_time));
    let sum = |count: fn(&MappingMetrics) -> u64| queue.mappings.iter().map(count).sum();
    let batches: u64 = sum(|mapping| mapping.batches);
    let messages: u64 = sum(|mapping| u64::try_from(mapping.batch_size.sum()).unwrap_or(u64::MAX));
    let largest = queue.mappings.iter().map(|mapping| mapping.batch_size.max()).max();
    group.count("batches", batches);
    let mut size = Group::default();
    let mean = if batches == 0 { None } else { Some(messages as f64 / batches as f64) };
    size.put("mean", mean.map_or(Measure::Absent, Measure::number));
    size.put("max", largest.filter(|_| batches > 0).map_or(Measure::Absent, number));
    group.group("batch_size", size);
    group.count("failed_batches", sum(|mapping| mapping.failed_batches));
    group.count("throttles", sum(|mapping| mapping.throttles));
    group.count("abandoned_batches", sum(|mapping| mapping.abandoned_batches));
    group.count("batch_item_failures", sum(|mapping| mapping.batch_item_failures));
    let mappings = queue.mappings.iter().map(|mapping| Measure::Map(mapping_measures(mapping).0));
    group.put("event_source_mappings", Measure::List(mappings.collect()));
    group
}

fn number(count: u64) -> Measure {
    Measure::number(count as f64)
}

/// A level with its value at the end of the run.
fn level_measures(level: &Series) -> Group {
    let mut group = series(level);
    group.count("end", level.value());
    group
}

fn mapping_measures(mapping: &MappingMetrics) -> Group {
    let mut group = Group::default();
    group.put("function", Measure::Text(mapping.function.clone()));
    group.count("batches", mapping.batches);
    group.group("batch_size", sizes(&mapping.batch_size));
    group.count("failed_batches", mapping.failed_batches);
    group.count("throttles", mapping.throttles);
    group.count("abandoned_batches", mapping.abandoned_batches);
    group.count("batch_item_failures", mapping.batch_item_failures);
    group.group("concurrent_batches", series(&mapping.concurrent_batches));
    group.group("concurrency_limit", series(&mapping.concurrency_limit));
    group
}

/// The sizes of batches.
pub(super) fn sizes(sizes: &Distribution) -> Group {
    let mut group = Group::default();
    let known =
        |value: f64| if sizes.count() == 0 { Measure::Absent } else { Measure::number(value) };
    group.put("mean", known(sizes.mean()));
    group.put("max", known(sizes.max() as f64));
    group
}
