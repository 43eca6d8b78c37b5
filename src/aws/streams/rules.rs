//! What a run takes from the catalogue: the settings of streams and of mappings with the defaults
//! filled in.

use crate::aws::reader::Reader;
use crate::aws::streams::deployment::{Kind, Mapping, StartingPosition, Stream};
use crate::sim::SECOND;
use crate::sim::bucket::TokenBucket;

/// A stream's configuration.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) shards: u32,
    /// What a shard takes; `None` for as much as comes.
    pub(super) limits: Option<Limits>,
}

/// How much a shard takes.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) records: TokenBucket,
    /// Tokens are kilobytes.
    pub(super) kilobytes: TokenBucket,
}

/// The bytes of a kilobyte.
pub(super) const KILOBYTE: u64 = 1024;

impl Settings {
    pub(super) fn new(stream: &Stream, reader: &Reader<'_>) -> Self {
        let limits = (stream.kind == Kind::Kinesis).then(|| {
            let records = reader.amount("streams.kinesis.records_per_shard");
            let kilobytes = reader.amount("streams.kinesis.bytes_per_shard") / KILOBYTE as f64;
            Limits {
                records: TokenBucket::new(records, records),
                kilobytes: TokenBucket::new(kilobytes, kilobytes),
            }
        });
        Self { shards: stream.shards.max(1), limits }
    }
}

/// How long records are kept.
pub(super) fn retention_period(stream: &Stream, reader: &Reader<'_>) -> u64 {
    match stream.kind {
        Kind::Kinesis => {
            let default = || reader.time("streams.kinesis.retention_period_default");
            stream.retention_period.unwrap_or_else(default)
        }
        Kind::DynamoDb => reader.time("streams.dynamodb.retention_period"),
    }
}

/// A mapping's configuration.
#[derive(Clone, Copy, Debug)]
pub(super) struct MappingSettings {
    pub(super) batch_size: usize,
    pub(super) batching_window: u64,
    /// Lanes of a shard.
    pub(super) factor: u32,
    pub(super) created_at: u64,
    /// Whether records of before the mapping aren't its own.
    pub(super) only_new: bool,
    pub(super) bisects: bool,
    pub(super) max_retry_attempts: Option<u64>,
    pub(super) max_record_age: Option<u64>,
    pub(super) retention_period: u64,
    pub(super) reports: bool,
    /// How often an idle lane is looked at.
    pub(super) poll_interval: u64,
    /// After how long a record is pushed instead.
    pub(super) push_latency: Option<u64>,
    /// After how long a batch is tried again first, and the most that grows to.
    pub(super) retry_first: u64,
    pub(super) retry_most: u64,
    /// The most bytes of a batch.
    pub(super) payload: u64,
}

impl MappingSettings {
    pub(super) fn new(stream: &Stream, mapping: &Mapping, reader: &Reader<'_>) -> Self {
        let batch_size = || reader.count("streams.batch_size_default");
        let batch_size = mapping.batch_size.unwrap_or_else(batch_size).max(1);
        let pushes = mapping.enhanced_fan_out;
        Self {
            batch_size: usize::try_from(batch_size).unwrap_or(usize::MAX),
            batching_window: mapping.batching_window.unwrap_or(0),
            factor: mapping.parallelization_factor.unwrap_or(1).clamp(1, u64::from(u8::MAX)) as u32,
            created_at: mapping.created_at,
            only_new: mapping.starting_position == StartingPosition::Latest,
            bisects: mapping.bisect_batch_on_function_error,
            max_retry_attempts: mapping.max_retry_attempts,
            max_record_age: mapping.max_record_age,
            retention_period: retention_period(stream, reader),
            reports: mapping.report_batch_item_failures,
            poll_interval: poll_interval(stream, reader),
            push_latency: pushes.then(|| reader.time("streams.kinesis.fan_out_latency")),
            retry_first: reader.time("streams.retry_first"),
            retry_most: reader.time("streams.retry_most"),
            payload: reader.amount("lambda.payload_sync_max") as u64,
        }
    }
}

/// How often a shard is looked at: more consumers than it has reads for look less often.
fn poll_interval(stream: &Stream, reader: &Reader<'_>) -> u64 {
    match stream.kind {
        Kind::DynamoDb => reader.time("streams.dynamodb.poll_interval"),
        Kind::Kinesis => {
            let interval = reader.time("streams.kinesis.poll_interval");
            let reads = reader.amount("streams.kinesis.reads_per_shard");
            let consumers = stream.event_source_mappings.iter();
            let consumers = consumers.filter(|mapping| !mapping.enhanced_fan_out).count();
            // The reads of a second are enough for so many; it is no wait where there is none.
            let shared = (consumers as f64 / reads * SECOND as f64) as u64;
            if interval == 0 { 0 } else { interval.max(shared) }
        }
    }
}
