//! What a run gives of queues: CloudWatch's metrics, what became of the messages, and the batches
//! of each mapping. Times are nanoseconds.

use serde::{Deserialize, Serialize};

use crate::sim::statistics::{Ages, Distribution, Series};

/// The metrics of a queue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueMetrics {
    /// Its name.
    pub name: String,
    /// Whether it is a FIFO queue.
    pub fifo: bool,
    /// How long a message that was received is hidden from others.
    pub visibility_timeout: u64,
    /// How long a message is kept.
    pub retention_period: u64,
    /// `NumberOfMessagesSent`: messages that were accepted; not those that came from another
    /// queue by its redrive policy.
    pub number_of_messages_sent: u64,
    /// `NumberOfDeduplicatedSentMessages`: accepted, but like one of the last minutes.
    pub number_of_deduplicated_sent_messages: u64,
    /// Messages whose sending was refused because the API was called too often.
    pub throttled_messages: u64,
    /// `NumberOfMessagesReceived`; a message counts each time.
    pub number_of_messages_received: u64,
    /// `NumberOfMessagesDeleted`.
    pub number_of_messages_deleted: u64,
    /// Messages that were moved to the dead-letter queue.
    pub dead_lettered: u64,
    /// Messages that came here as to a dead-letter queue.
    pub dead_letters: u64,
    /// Messages whose retention period ended.
    pub expired: u64,
    /// How often a message became visible again because nobody deleted it in time.
    pub returned: u64,
    /// `ApproximateNumberOfMessagesVisible`.
    pub approximate_number_of_messages_visible: Series,
    /// `ApproximateNumberOfMessagesNotVisible`.
    pub approximate_number_of_messages_not_visible: Series,
    /// `ApproximateNumberOfMessagesDelayed`.
    pub approximate_number_of_messages_delayed: Series,
    /// `ApproximateAgeOfOldestMessage`.
    pub approximate_age_of_oldest_message: Ages,
    /// From when a message came to when it was received first.
    pub waiting_time: Distribution,
    /// From when a message came to when it was deleted.
    pub sojourn_time: Distribution,
    /// Its mappings, in the architecture's order.
    pub mappings: Vec<MappingMetrics>,
}

/// The metrics of an event source mapping.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MappingMetrics {
    /// The function's name.
    pub function: String,
    /// Batches that were handed to the function; one that is tried again counts once.
    pub batches: u64,
    /// How many messages were in them.
    pub batch_size: Distribution,
    /// Batches that the function failed with.
    pub failed_batches: u64,
    /// How often the function was throttled.
    pub throttles: u64,
    /// Throttled batches that were given up when the visibility timeout ended.
    pub abandoned_batches: u64,
    /// Messages that the function said it failed with.
    pub batch_item_failures: u64,
    /// How many batches may run at one time.
    pub concurrency_limit: Series,
    /// How many batches run.
    pub concurrent_batches: Series,
}

impl QueueMetrics {
    /// Messages that are in the queue at the end of the run.
    pub fn remaining(&self) -> u64 {
        let levels = [
            &self.approximate_number_of_messages_visible,
            &self.approximate_number_of_messages_not_visible,
            &self.approximate_number_of_messages_delayed,
        ];
        levels.iter().map(|level| level.value()).sum()
    }
}

/// What can happen to a message in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueStep {
    /// It came in.
    Sent,
    /// It was accepted and dropped, because it is like an earlier one.
    Deduplicated,
    /// It was refused, because the API is called too often.
    Refused,
    /// Its delay is over.
    Visible,
    /// It was received, and is hidden from others.
    Received {
        /// How often that has happened to it.
        receives: u32,
    },
    /// It was handed to a function with others.
    Batched {
        /// How many they are together.
        size: u32,
    },
    /// It is visible again: nobody deleted it in time.
    Returned,
    /// It was handled, and is no longer in the queue.
    Deleted,
    /// Its retention ended before it was handled.
    Expired,
}
