//! What the summary says of topics.

use super::{Amount, Entry, Resource};
use crate::aws::architecture::ResourceKind;
use crate::aws::sns::metrics::TopicMetrics;

/// A topic.
pub(super) fn topic(topic: &TopicMetrics) -> Resource {
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let published = topic.number_of_messages_published;
    let delivered = topic.number_of_notifications_delivered;
    let failed = topic.number_of_notifications_failed;
    let filtered = topic.number_of_notifications_filtered_out;
    let redriven = topic.number_of_notifications_redriven_to_dlq;
    Resource {
        name: topic.name.clone(),
        kind: ResourceKind::Topic,
        entries: vec![
            count("게시한 메시지", "Messages published", published).headline(),
            count("전달한 알림", "Notifications delivered", delivered).headline(),
            count("필터에 걸러진 알림", "Filtered out", filtered),
            count("재시도", "Retries", topic.retries),
            count("전달하지 못한 알림", "Notifications failed", failed).headline(),
            count("DLQ로 보낸 알림", "Redriven to the DLQ", redriven),
        ],
    }
}
