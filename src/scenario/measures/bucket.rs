//! What is measured of buckets.

use super::group::{Group, durations};
use crate::aws::s3::metrics::{BucketMetrics, NotificationMetrics};
use crate::scenario::outcome::{Measure, MeasureDimension};

/// The measures of a bucket; those of its rules stand in a list in the author's order.
pub(super) fn bucket(bucket: &BucketMetrics) -> Group {
    let mut group = Group::default();
    let sum = |count: fn(&NotificationMetrics) -> u64| bucket.notifications.iter().map(count).sum();
    group.count("objects_created", bucket.objects_created);
    group.count("objects_removed", bucket.objects_removed);
    group.count("error_4xx", bucket.errors_4xx);
    let bytes = bucket.bytes_uploaded as f64;
    group.put("bytes_uploaded", Measure::Quantity(bytes, MeasureDimension::DataSize));
    group.count("notifications_sent", sum(|one| one.sent));
    group.count("duplicate_notifications", sum(|one| one.duplicates));
    group.count("changes_without_notification", bucket.untold);
    let rules = bucket.notifications.iter().map(rule);
    group.put("notifications", Measure::List(rules.collect()));
    group
}

fn rule(rule: &NotificationMetrics) -> Measure {
    let mut group = Group::default();
    group.put("to", Measure::Text(rule.target.clone()));
    group.count("sent", rule.sent);
    group.count("duplicates", rule.duplicates);
    group.count("filtered_out", rule.filtered_out);
    group.group("delay", durations(&rule.delay));
    Measure::Map(group.0)
}
