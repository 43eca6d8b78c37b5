//! What a run takes from the catalogue: the settings of queues and of mappings with the defaults
//! filled in.

use crate::aws::reader::Reader;
use crate::aws::sqs::deployment::{Mapping, Queue};
use crate::sim::SECOND;

/// A queue's configuration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) visibility_timeout: u64,
    pub(super) retention_period: u64,
    pub(super) delay: u64,
    /// How many messages may be received and not deleted at one time.
    pub(super) in_flight_max: u64,
    /// Within which time messages with the same deduplication id are one.
    pub(super) deduplication_interval: u64,
    /// How often a message is received before it no longer counts for the age of the oldest.
    pub(super) poison_pill_receives: u64,
    /// Calls a second of one action of the API; `None` for as many as come.
    pub(super) calls: Option<f64>,
    /// In which time one more call can be made when they are used up.
    pub(super) call_period: u64,
    /// The most messages of one call.
    pub(super) entries_max: u64,
}

impl Settings {
    pub(super) fn new(queue: &Queue, reader: &Reader<'_>) -> Self {
        let visibility = || reader.time("sqs.visibility_timeout_default");
        let retention = || reader.time("sqs.retention_period_default");
        let in_flight_max = match queue.fifo {
            true => reader.count("sqs.fifo.in_flight_max"),
            false => reader.count("sqs.in_flight_max"),
        };
        let calls = match (queue.fifo, queue.high_throughput) {
            (false, _) => None,
            (true, false) => Some(reader.amount("sqs.fifo.calls")),
            (true, true) => Some(reader.amount("sqs.fifo.calls_high_throughput")),
        };
        Self {
            visibility_timeout: queue.visibility_timeout.unwrap_or_else(visibility),
            retention_period: queue.retention_period.unwrap_or_else(retention),
            delay: queue.delay.unwrap_or(0),
            in_flight_max,
            deduplication_interval: reader.time("sqs.fifo.deduplication_interval"),
            poison_pill_receives: reader.count("sqs.poison_pill_receives"),
            calls,
            call_period: calls.map_or(0, |calls| (SECOND as f64 / calls.max(1e-3)) as u64 + 1),
            entries_max: reader.count("sqs.entries_max"),
        }
    }
}

/// How many batches of a mapping may run at one time, and how that changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scaling {
    /// How many when the queue becomes active, and again when it is quiet.
    pub(super) start: u64,
    /// How many more in each interval in which messages are left over.
    pub(super) growth: u64,
    /// The most.
    pub(super) most: u64,
    /// The interval.
    pub(super) interval: u64,
}

/// A mapping's configuration.
#[derive(Clone, Copy, Debug)]
pub(super) struct MappingSettings {
    pub(super) batch_size: u64,
    pub(super) batching_window: u64,
    pub(super) report_batch_item_failures: bool,
    pub(super) scaling: Scaling,
    /// After how long a throttled batch is tried again first, and the most that grows to.
    pub(super) retry_first: u64,
    pub(super) retry_most: u64,
    /// The most bytes of a batch.
    pub(super) payload: u64,
}

impl MappingSettings {
    pub(super) fn new(queue: &Queue, mapping: &Mapping, reader: &Reader<'_>) -> Self {
        let batch_size = || reader.count("sqs.batch_size_default");
        Self {
            batch_size: mapping.batch_size.unwrap_or_else(batch_size).max(1),
            batching_window: mapping.batching_window.unwrap_or(0),
            report_batch_item_failures: mapping.report_batch_item_failures,
            scaling: Scaling::new(queue, mapping, reader),
            retry_first: reader.time("sqs.throttle_retry_first"),
            retry_most: reader.time("sqs.throttle_retry_most"),
            payload: reader.amount("lambda.payload_sync_max") as u64,
        }
    }
}

impl Scaling {
    fn new(queue: &Queue, mapping: &Mapping, reader: &Reader<'_>) -> Self {
        let interval = reader.time("sqs.scaling_interval").max(SECOND / 1000);
        if let Some(pollers) = mapping.provisioned_pollers {
            let each = reader.count("sqs.provisioned.concurrency_per_poller");
            let min = || reader.count("sqs.provisioned.min_default");
            let max = || reader.count("sqs.provisioned.max_default");
            let start = pollers.min.unwrap_or_else(min).saturating_mul(each);
            return Self {
                start,
                growth: reader.count("sqs.provisioned.scaling_rate"),
                most: pollers.max.unwrap_or_else(max).saturating_mul(each).max(start),
                interval,
            };
        }
        let most = reader.count("sqs.concurrent_batches_max");
        let most = mapping.max_concurrency.map_or(most, |max| max.min(most)).max(1);
        // A FIFO queue is scaled to its message groups, not in steps.
        let start = if queue.fifo { most } else { reader.count("sqs.concurrent_batches_start") };
        Self { start: start.min(most), growth: reader.count("sqs.scaling_rate"), most, interval }
    }
}
