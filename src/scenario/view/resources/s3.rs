//! What the summary says of buckets.

use super::{Amount, Entry, Resource};
use crate::aws::architecture::ResourceKind;
use crate::aws::s3::metrics::{BucketMetrics, NotificationMetrics};

/// A bucket.
pub(super) fn bucket(bucket: &BucketMetrics) -> Resource {
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let sum = |count: fn(&NotificationMetrics) -> u64| bucket.notifications.iter().map(count).sum();
    let untold = bucket.untold;
    Resource {
        name: bucket.name.clone(),
        kind: ResourceKind::Bucket,
        entries: vec![
            count("만든 객체", "Objects created", bucket.objects_created).headline(),
            count("지운 객체", "Objects removed", bucket.objects_removed),
            count("거부한 업로드", "Uploads refused", bucket.errors_4xx),
            count("보낸 알림", "Notifications sent", sum(|one| one.sent)).headline(),
            count("두 번 간 알림", "Duplicate notifications", sum(|one| one.duplicates)),
            count("아무 규칙에도 맞지 않은 변경", "Changes that no rule wants", untold).headline(),
        ],
    }
}
