//! Queues as they are deployed, and the mappings by which functions get their messages. Times are
//! nanoseconds.

use crate::aws::architecture::Resource;

/// An SQS queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// Its name, unique in the deployment.
    pub name: String,
    /// Whether it keeps the order of each message group and drops duplicates: `FifoQueue`.
    pub fifo: bool,
    /// Whether a FIFO queue's throughput is limited per message group: `FifoThroughputLimit`.
    pub high_throughput: bool,
    /// `VisibilityTimeout`; the catalogue's default when `None`.
    pub visibility_timeout: Option<u64>,
    /// `MessageRetentionPeriod`; the catalogue's default when `None`.
    pub retention_period: Option<u64>,
    /// `DelaySeconds`; none when `None`.
    pub delay: Option<u64>,
    /// `RedrivePolicy`.
    pub redrive_policy: Option<RedrivePolicy>,
    /// The functions that get its messages.
    pub event_source_mappings: Vec<Mapping>,
}

/// Where messages go that were received too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedrivePolicy {
    /// The queue: `deadLetterTargetArn`.
    pub dead_letter_queue: Resource,
    /// How often a message may be received before: `maxReceiveCount`.
    pub max_receive_count: u64,
}

/// An event source mapping from a queue to a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The function that gets the batches.
    pub function: Resource,
    /// `BatchSize`; the catalogue's default when `None`.
    pub batch_size: Option<u64>,
    /// `MaximumBatchingWindowInSeconds`; none when `None`.
    pub batching_window: Option<u64>,
    /// `ScalingConfig.MaximumConcurrency`.
    pub max_concurrency: Option<u64>,
    /// `ProvisionedPollerConfig`.
    pub provisioned_pollers: Option<ProvisionedPollers>,
    /// Whether the function says which messages failed: `ReportBatchItemFailures`.
    pub report_batch_item_failures: bool,
}

/// How many event pollers a mapping in provisioned mode has; the catalogue's defaults when `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProvisionedPollers {
    /// `MinimumPollers`.
    pub min: Option<u64>,
    /// `MaximumPollers`.
    pub max: Option<u64>,
}
