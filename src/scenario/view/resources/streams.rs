//! What the summary says of streams.

use super::{Amount, Entry, Resource};
use crate::aws::architecture::ResourceKind;
use crate::aws::streams::metrics::{MappingMetrics, StreamMetrics};

/// A stream.
pub(super) fn stream(stream: &StreamMetrics) -> Resource {
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let time = |korean, english, time| Entry::new(korean, english, Amount::Time(time));
    let sum = |count: fn(&MappingMetrics) -> u64| stream.mappings.iter().map(count).sum();
    let most =
        |time: fn(&MappingMetrics) -> u64| stream.mappings.iter().map(time).max().unwrap_or(0);
    let refused = stream.write_provisioned_throughput_exceeded;
    let blocked = |mapping: &MappingMetrics| mapping.blocked_time.iter().copied().max();
    let blocked = stream.mappings.iter().filter_map(blocked).max().unwrap_or(0);
    Resource {
        name: stream.name.clone(),
        kind: if stream.of_table { ResourceKind::Table } else { ResourceKind::Stream },
        entries: vec![
            count("들어온 레코드", "Incoming records", stream.incoming_records).headline(),
            count("거부된 쓰기", "Writes refused", refused),
            count("처리", "Processed", sum(|mapping| mapping.processed_records)).always(),
            count("버림", "Discarded", sum(|mapping| mapping.discarded_records)).headline(),
            count("보관 기간 만료", "Expired", sum(|mapping| mapping.expired_records)),
            count("남은 레코드", "Left at the end", sum(MappingMetrics::remaining)),
            count("호출", "Batches", sum(|mapping| mapping.batches)),
            count("실패한 배치", "Failed batches", sum(|mapping| mapping.failed_batches)),
            count("제한된 호출", "Throttled calls", sum(|mapping| mapping.throttles)),
            count("재시도", "Retries", sum(|mapping| mapping.retries)),
            count("배치 나누기", "Bisects", sum(|mapping| mapping.bisects)),
            count("실패 대상", "Told on failure", sum(|mapping| mapping.destination_deliveries)),
            count("밀린 레코드 최대", "Most waiting", most(|mapping| mapping.backlog.max()))
                .always(),
            time("IteratorAge 최대", "IteratorAge max", most(|m| m.iterator_age.max())).always(),
            time("샤드가 막힌 시간", "Shard blocked", blocked).always(),
        ],
    }
}
