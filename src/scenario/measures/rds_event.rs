//! What is measured of the events of RDS and of subscriptions to them.

use super::group::{Group, durations};
use crate::aws::metrics::Run;
use crate::aws::rds_events::metrics::{EmittedEvent, EventSubscriptionMetrics};
use crate::scenario::outcome::Measure;

/// The events in the order of time.
pub(super) fn events(run: &Run) -> Measure {
    Measure::List(run.rds_events.iter().map(event).collect())
}

fn text(text: &str) -> Measure {
    Measure::Text(text.to_owned())
}

fn event(event: &EmittedEvent) -> Measure {
    let mut group = Group::default();
    group.put("id", text(&event.id));
    group.put("source_type", text(&event.source_type));
    group.put("category", text(&event.category));
    group.put("source", text(&event.source));
    group.duration("time", event.time as f64);
    let notified = event.notified.iter().map(|(subscription, time)| {
        let mut group = Group::default();
        group.put("subscription", text(subscription));
        group.duration("time", *time as f64);
        group.duration("delay", time.saturating_sub(event.time) as f64);
        Measure::Map(group.0)
    });
    group.put("notified", Measure::List(notified.collect()));
    Measure::Map(group.0)
}

/// The measures of a subscription.
pub(super) fn subscription(subscription: &EventSubscriptionMetrics) -> Group {
    let mut group = Group::default();
    group.count("notifications", subscription.notifications);
    group.count("filtered", subscription.filtered);
    group.count("out_of_order", subscription.out_of_order);
    group.group("delay", durations(&subscription.delay));
    group
}
