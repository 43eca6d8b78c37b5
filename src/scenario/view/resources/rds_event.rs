//! What the summary says of subscriptions to the events of RDS.

use super::{Amount, Entry, Resource};
use crate::aws::architecture::ResourceKind;
use crate::aws::rds_events::metrics::EventSubscriptionMetrics;

/// A subscription.
pub(super) fn subscription(subscription: &EventSubscriptionMetrics) -> Resource {
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let delay = |percent: f64| match subscription.delay.count() {
        0 => Amount::Absent,
        _ => Amount::Time(subscription.delay.percentile(percent)),
    };
    Resource {
        name: subscription.name.clone(),
        kind: ResourceKind::EventSubscription,
        entries: vec![
            count("알림", "Notifications", subscription.notifications).headline(),
            count("걸러진 이벤트", "Events filtered", subscription.filtered).headline(),
            count("순서가 뒤바뀐 알림", "Out of order", subscription.out_of_order),
            Entry::new("주제까지 지연 p50", "Delay to the topic, p50", delay(50.0)),
            Entry::new("주제까지 지연 최대", "Delay to the topic, most", delay(100.0)),
        ],
    }
}
