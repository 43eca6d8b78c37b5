//! What a run gives of streams: CloudWatch's metrics, what became of the records in each mapping,
//! and how long shards were blocked. Times are nanoseconds.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::{Ages, Distribution, Series};

/// The metrics of a stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StreamMetrics {
    /// Its name.
    pub name: String,
    /// Whether it is a DynamoDB table's.
    pub of_table: bool,
    /// `IncomingRecords`: those that were accepted.
    pub incoming_records: u64,
    /// `IncomingBytes`, as far as sizes are given.
    pub incoming_bytes: u64,
    /// `WriteProvisionedThroughputExceeded`: records that a shard refused.
    pub write_provisioned_throughput_exceeded: u64,
    /// Its shards.
    pub shards: Vec<ShardMetrics>,
    /// Its mappings, in the architecture's order.
    pub mappings: Vec<MappingMetrics>,
}

/// The metrics of a shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardMetrics {
    /// Records that it accepted.
    pub incoming_records: u64,
    /// Records that it refused.
    pub write_provisioned_throughput_exceeded: u64,
}

/// The metrics of an event source mapping.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MappingMetrics {
    /// The function's name.
    pub function: String,
    /// How long the stream keeps a record.
    pub retention_period: u64,
    /// How old a record may become before the mapping gives it up; `None` without a limit of its
    /// own.
    pub max_record_age: Option<u64>,
    /// Records that it had to handle.
    pub records: u64,
    /// Records that were handled.
    pub processed_records: u64,
    /// Records that were given up: too many attempts, or too old for the mapping.
    pub discarded_records: u64,
    /// Records that the stream no longer kept.
    pub expired_records: u64,
    /// Messages about records that were given up.
    pub destination_deliveries: u64,
    /// How often the function was asked, throttles included.
    pub batches: u64,
    /// How many records were in them.
    pub batch_size: Distribution,
    /// How often the function failed with a batch, or with a part of one.
    pub failed_batches: u64,
    /// How often the function was throttled.
    pub throttles: u64,
    /// How often a batch was tried again as it was.
    pub retries: u64,
    /// How often a batch was split.
    pub bisects: u64,
    /// `IteratorAge`: the age of the last record of a batch when its invocation was over.
    pub iterator_age: Distribution,
    /// The age of the oldest record that isn't handled yet.
    pub oldest_record: Ages,
    /// Records that aren't handled yet.
    pub backlog: Series,
    /// How many batches run.
    pub concurrent_batches: Series,
    /// How long each shard was held up by batches that failed or were throttled: from the first
    /// failure to the end of the batch; lanes of a shard are added up.
    pub blocked_time: Vec<u64>,
}

impl MappingMetrics {
    /// Records that aren't handled at the end of the run.
    pub fn remaining(&self) -> u64 {
        self.backlog.value()
    }
}

/// What can happen to a record in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StreamStep {
    /// It came into a shard.
    Put {
        /// The shard.
        shard: u32,
    },
    /// The shard refused it: too many records or bytes.
    Refused {
        /// The shard.
        shard: u32,
    },
    /// It was handed to a function with others.
    Batched {
        /// How many they are together.
        size: u32,
    },
    /// Its batch waits to be tried again.
    Waits {
        /// How long.
        delay: u64,
    },
    /// Its batch is split.
    Split {
        /// How many records its half has.
        size: u32,
    },
    /// It was handled: the lane goes on behind it.
    Processed,
    /// It was given up after too many attempts.
    AttemptsExhausted,
    /// It was given up because it is too old for the mapping.
    TooOld,
    /// The stream no longer keeps it.
    Expired,
}
