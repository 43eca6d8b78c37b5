//! Streams as they are deployed, and the mappings by which functions get their records. Times are
//! nanoseconds.

use crate::aws::architecture::Resource;

/// Whose stream it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A Kinesis data stream.
    #[default]
    Kinesis,
    /// The stream of a DynamoDB table.
    DynamoDb,
}

/// A stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stream {
    /// Its name, unique in the deployment: that of the table for DynamoDB.
    pub name: String,
    /// Whose stream it is.
    pub kind: Kind,
    /// How many shards it has; 0 is as good as 1.
    pub shards: u32,
    /// How long records are kept; the catalogue's default when `None`.
    pub retention_period: Option<u64>,
    /// The functions that get its records.
    pub event_source_mappings: Vec<Mapping>,
}

/// Where a mapping begins to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartingPosition {
    /// At the oldest record that is kept.
    #[default]
    TrimHorizon,
    /// At the records that come after the mapping was created.
    Latest,
}

/// An event source mapping from a stream to a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The function that gets the batches.
    pub function: Resource,
    /// `BatchSize`; the catalogue's default when `None`.
    pub batch_size: Option<u64>,
    /// `MaximumBatchingWindowInSeconds`; none when `None`.
    pub batching_window: Option<u64>,
    /// `ParallelizationFactor`; 1 when `None`.
    pub parallelization_factor: Option<u64>,
    /// `StartingPosition`.
    pub starting_position: StartingPosition,
    /// When the mapping is created.
    pub created_at: u64,
    /// `BisectBatchOnFunctionError`.
    pub bisect_batch_on_function_error: bool,
    /// `MaximumRetryAttempts`; `None` for as many as there is time for.
    pub max_retry_attempts: Option<u64>,
    /// `MaximumRecordAgeInSeconds`; `None` for as long as records are kept.
    pub max_record_age: Option<u64>,
    /// `DestinationConfig.OnFailure`: what gets a message about records that are given up.
    pub on_failure: Option<Resource>,
    /// Whether the function says from which record on it failed: `ReportBatchItemFailures`.
    pub report_batch_item_failures: bool,
    /// Whether it reads as a consumer with enhanced fan-out.
    pub enhanced_fan_out: bool,
}

impl Mapping {
    /// A mapping to a function with AWS's defaults.
    pub fn to(function: Resource) -> Self {
        Self {
            function,
            batch_size: None,
            batching_window: None,
            parallelization_factor: None,
            starting_position: StartingPosition::default(),
            created_at: 0,
            bisect_batch_on_function_error: false,
            max_retry_attempts: None,
            max_record_age: None,
            on_failure: None,
            report_batch_item_failures: false,
            enhanced_fan_out: false,
        }
    }
}
