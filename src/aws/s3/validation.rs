//! What S3 refuses of a bucket's notifications. Source: the API reference of
//! `PutBucketNotificationConfiguration` and the user guide's pages on event notifications.

use super::deployment::{Bucket, Notification};
use crate::aws::architecture::{Architecture, ResourceKind};
use crate::aws::iam::directory::Directory;
use crate::aws::iam::service::directory_of;
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;

/// Who asks when a bucket tells of its objects.
const PRINCIPAL: &str = "s3.amazonaws.com";

/// The first bucket whose notifications S3 would refuse, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    if architecture.buckets.is_empty() {
        return None;
    }
    // Who describes policies of resources describes all of them; who doesn't has given the grants.
    let described = !architecture.identities.resource_policies.is_empty();
    let directory = described.then(|| directory_of(architecture, reader));
    let most = reader.count("s3.notifications_max");
    let buckets = architecture.buckets.iter();
    buckets.filter_map(|bucket| refused(architecture, bucket, directory.as_ref(), most)).next()
}

fn refused(
    architecture: &Architecture,
    bucket: &Bucket,
    directory: Option<&Directory>,
    most: u64,
) -> Option<Rejection> {
    let rejection = |error: &str, reason: String| {
        let resource = Some(bucket.name.clone());
        Some(Rejection { resource, error: error.to_owned(), reason })
    };
    let rules = &bucket.notifications;
    if rules.len() as u64 > most {
        let reason = format!("the bucket has more than {most} event notifications");
        return rejection("TooManyConfigurations", reason);
    }
    for (at, rule) in rules.iter().enumerate() {
        if rules.iter().take(at).any(|other| rule.overlaps(other)) {
            let reason = "Configuration is ambiguously defined. Cannot have overlapping suffixes \
                          in two rules if the prefixes are overlapping for the same event type.";
            return rejection("InvalidArgument", reason.to_owned());
        }
        if let Some(why) = unusable(architecture, bucket, rule, directory) {
            let reason = format!(
                "Unable to validate the following destination configurations: {} ({why})",
                architecture.arn(rule.target)
            );
            return rejection("InvalidArgument", reason);
        }
    }
    None
}

/// Why a rule's target can't be told of anything.
fn unusable(
    architecture: &Architecture,
    bucket: &Bucket,
    rule: &Notification,
    directory: Option<&Directory>,
) -> Option<String> {
    let kind = rule.target.kind;
    if architecture.is_fifo(rule.target) {
        let word = if kind == ResourceKind::Queue { "queue" } else { "topic" };
        return Some(format!("a FIFO {word} takes no event notifications"));
    }
    let action = kind.sending_action();
    let directory = directory?;
    let source = format!("arn:aws:s3:::{}", bucket.name);
    let resource = architecture.arn(rule.target);
    let decision = directory.service(PRINCIPAL, action, &resource, Some(source));
    (!decision.allowed()).then(|| format!("its policy doesn't let {PRINCIPAL} do {action}"))
}
