//! What the summary says of queues.

use super::{Amount, Entry, Resource};
use crate::aws::architecture::ResourceKind;
use crate::aws::sqs::metrics::{MappingMetrics, QueueMetrics};

/// A queue.
pub(super) fn queue(queue: &QueueMetrics) -> Resource {
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let time = |korean, english, time| Entry::new(korean, english, Amount::Time(time));
    let sum = |count: fn(&MappingMetrics) -> u64| queue.mappings.iter().map(count).sum();
    let visible = &queue.approximate_number_of_messages_visible;
    let hidden = &queue.approximate_number_of_messages_not_visible;
    let age = queue.approximate_age_of_oldest_message.max();
    Resource {
        name: queue.name.clone(),
        kind: ResourceKind::Queue,
        entries: vec![
            count("보낸 메시지", "Messages sent", queue.number_of_messages_sent).headline(),
            count("거부된 전송", "Sends refused", queue.throttled_messages),
            count("중복 제거", "Deduplicated", queue.number_of_deduplicated_sent_messages),
            count("받은 횟수", "Messages received", queue.number_of_messages_received).always(),
            count("삭제", "Messages deleted", queue.number_of_messages_deleted).always(),
            count("다시 보임", "Visible again", queue.returned),
            count("DLQ로 옮김", "Moved to the DLQ", queue.dead_lettered).headline(),
            count("DLQ로 받음", "Dead letters", queue.dead_letters),
            count("보관 기간 만료", "Expired", queue.expired),
            count("남은 메시지", "Left at the end", queue.remaining()),
            count("쌓인 메시지 최대", "Most visible", visible.max()).always(),
            count("처리 중 최대", "Most in flight", hidden.max()).always(),
            time("가장 오래된 메시지", "Oldest message", age).always(),
            time("대기 p50", "Waiting p50", queue.waiting_time.percentile(50.0)),
            time("대기 p99", "Waiting p99", queue.waiting_time.percentile(99.0)),
            count("배치", "Batches", sum(|mapping| mapping.batches)),
            count("실패한 배치", "Failed batches", sum(|mapping| mapping.failed_batches)),
            count("제한된 호출", "Throttled calls", sum(|mapping| mapping.throttles)),
            count("부분 실패", "Item failures", sum(|mapping| mapping.batch_item_failures)),
        ],
    }
}
