//! `provisioned_concurrency` of a function: an amount, and what changes it over time.

use super::function::CONFLICT;
use super::scalar::RANGE;
use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::lambda::deployment::{Provisioned, ScheduledAction, TargetTracking};
use crate::quantity::Quantity;
use crate::scenario::limit;
use crate::yaml::{Node, NodeValue};

const NAME: &str = "provisioned_concurrency";
const WHAT: &str = "`provisioned_concurrency`";

const PROVISIONED: Keys =
    Keys { known: &["amount", "requested_at", "schedule", "target_tracking"], later: &[] };
const ACTION: Keys = Keys { known: &["at", "every", "amount", "min", "max"], later: &[] };
const TRACKING: Keys = Keys { known: &["utilization", "min", "max"], later: &[] };

impl Reader<'_> {
    /// `10`, or `{ amount: 10, requested_at: 5s, schedule: […], target_tracking: {…} }`.
    pub(super) fn provisioned(&mut self, node: &Node) -> Option<Provisioned> {
        if !matches!(node.value, NodeValue::Mapping(_)) {
            let amount = self.count(node, NAME, 0)?;
            // None at all is what `0` says: it keeps nothing ready and nothing spills over.
            return (amount > 0).then(|| Provisioned::fixed(amount));
        }
        let fields = self.fields(node, WHAT, PROVISIONED)?;
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let tracking = get("target_tracking").map(|node| self.target_tracking(node));
        let schedule = get("schedule").map(|node| self.schedule(node)).unwrap_or_default();
        let requested_at = get("requested_at").map(|node| self.duration(node, "requested_at"));
        let changes = get("schedule").is_some() || tracking.is_some();
        let amount = match get("amount") {
            Some(node) => Some(self.count(node, "amount", 0)?),
            None if changes => None,
            None => self.required(fields, "amount", WHAT, &node.range, "amount: 10").and(None)?,
        };
        let target_tracking = match tracking {
            Some(tracking) => Some(tracking?),
            None => None,
        };
        let least = target_tracking.map_or(0, |tracking| tracking.min);
        let provisioned = Provisioned {
            amount: amount.unwrap_or(least),
            requested_at: requested_at.flatten(),
            schedule,
            target_tracking,
        };
        if let (Some(tracking), Some(amount), Some(node)) = (target_tracking, amount, get("amount"))
            && !(tracking.min..=tracking.max.max(tracking.min)).contains(&amount)
        {
            let TargetTracking { min, max, .. } = tracking;
            let diagnostic = self
                .error(RANGE, &node.range, "`amount` lies between `min` and `max`")
                .label(format!("not within {min} to {max} of `target_tracking`"))
                .hint("leave `amount` out to begin with `min`");
            self.report(diagnostic);
        }
        (provisioned.amount > 0 || changes).then_some(provisioned)
    }

    fn target_tracking(&mut self, node: &Node) -> Option<TargetTracking> {
        let what = "`target_tracking`";
        let fields = self.fields(node, what, TRACKING)?;
        let utilization =
            self.required(fields, "utilization", what, &node.range, "utilization: 70%");
        let utilization = utilization.and_then(|node| self.share(node, "utilization"));
        let min = self.required(fields, "min", what, &node.range, "min: 1");
        let min = min.and_then(|node| self.count(node, "min", 0));
        let max = self.required(fields, "max", what, &node.range, "max: 100");
        let max = max.and_then(|node| self.count(node, "max", 0));
        Some(TargetTracking { utilization: utilization?, min: min?, max: max? })
    }

    fn schedule(&mut self, node: &Node) -> Vec<ScheduledAction> {
        let NodeValue::Sequence(items) = &node.value else {
            let diagnostic = self
                .error(KIND, &node.range, "`schedule` is a list")
                .label(format!("this is {}", kind(&node.value)))
                .hint("for instance `[{ at: 8h, amount: 100 }, { at: 20h, amount: 10 }]`");
            self.report(diagnostic);
            return Vec::new();
        };
        self.check_size(items.len(), limit::SCHEDULED_ACTIONS, "scheduled actions", &node.range);
        let items = items.iter().take(limit::SCHEDULED_ACTIONS);
        items.filter_map(|item| self.scheduled_action(item)).collect()
    }

    fn scheduled_action(&mut self, node: &Node) -> Option<ScheduledAction> {
        let what = "a scheduled action";
        let fields = self.fields(node, what, ACTION)?;
        let at = self.required(fields, "at", what, &node.range, "at: 8h");
        let at = at.and_then(|node| self.duration(node, "at"));
        let every = fields.get("every").map(|node| self.every(node));
        let mut bound = |key: &'static str| fields.get(key).map(|node| self.count(node, key, 0));
        let (amount, min, max) = (bound("amount"), bound("min"), bound("max"));
        if amount.is_some() && (min.is_some() || max.is_some()) {
            let diagnostic = self
                .error(CONFLICT, &node.range, "`amount` already says `min` and `max`")
                .label("an amount, or bounds for target tracking")
                .hint("leave out `amount`, or the bounds");
            self.report(diagnostic);
            return None;
        }
        if amount.is_none() && min.is_none() && max.is_none() {
            let diagnostic = self
                .error(MISSING, &node.range, format!("{what} has no `amount`"))
                .label("`amount` is missing")
                .hint("add `amount: 100`, or bounds for target tracking: `min: 10, max: 100`");
            self.report(diagnostic);
            return None;
        }
        let read = |bound: Option<Option<u64>>| match bound {
            Some(None) => None,
            Some(Some(bound)) => Some(Some(bound)),
            None => Some(None),
        };
        let (min, max) = (read(min.or(amount))?, read(max.or(amount))?);
        Some(ScheduledAction { at: at?, every: read(every)?, min, max })
    }

    /// How often a scheduled action takes place; Application Auto Scaling counts in minutes.
    fn every(&mut self, node: &Node) -> Option<u64> {
        let every = self.duration(node, "every")?;
        if every >= limit::SCHEDULE_PERIOD {
            return Some(every);
        }
        let least = Quantity::nanoseconds(limit::SCHEDULE_PERIOD as f64).code();
        let diagnostic = self
            .error(RANGE, &node.range, format!("`every` is at least {least}"))
            .label("scheduled actions take place once a minute at most");
        self.report(diagnostic);
        None
    }
}
