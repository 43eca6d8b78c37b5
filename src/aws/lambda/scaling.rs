//! Application Auto Scaling of provisioned concurrency: scheduled actions, and target tracking
//! through two alarms.
//!
//! Sources: the developer guide's page on provisioned concurrency (average of each minute, no data
//! without requests, larger steps out than in), and George Mao's "Understanding Lambda Provisioned
//! Concurrency Autoscaling" of 2020 (data points that the alarms need). What they leave open is
//! decided so:
//! - Minutes are counted from the beginning of the run. Utilization is the mean over a minute of
//!   the busy ones by that of the available ones; a minute without a request has no data point,
//!   and alarms count data points from anew after it.
//! - While an allocation is under way no alarm acts, and data points count from anew after it.
//! - A scale-in takes a share of the amount at most, once a minute while the alarm lasts.

use crate::aws::lambda::deployment::{self, ScheduledAction, TargetTracking};
use crate::aws::lambda::metrics::{ScalingActivity, ScalingCause};
use crate::aws::lambda::service::{Change, Service};
use crate::aws::reader::Reader;
use crate::sim::SECOND;

/// The period of the alarms' statistic, in nanoseconds: CloudWatch's standard resolution, one data
/// point a minute.
const PERIOD: u64 = 60 * SECOND;

/// What Application Auto Scaling knows of a function.
#[derive(Clone, Debug)]
pub(super) struct Scaling {
    schedule: Vec<ScheduledAction>,
    tracking: Option<Tracking>,
    min: u64,
    max: u64,
}

/// A target tracking policy with its alarms.
#[derive(Clone, Debug)]
struct Tracking {
    policy: TargetTracking,
    rules: AlarmRules,
    /// The minute's integrals of busy and available environments, in nanoseconds.
    busy: u128,
    available: u128,
    /// Until when they reach.
    until: u64,
    /// Whether the minute has a data point.
    active: bool,
    /// How many data points in a row were above the target, or below the scale-in threshold.
    above: u64,
    below: u64,
}

/// What the alarms need, from the catalogue.
#[derive(Clone, Copy, Debug)]
struct AlarmRules {
    scale_out_data_points: u64,
    scale_in_data_points: u64,
    /// The share of the target below which the scale-in alarm counts.
    scale_in_threshold: f64,
    /// The share of the amount that a scale-in takes at most.
    scale_in_step: f64,
}

impl Scaling {
    pub(super) fn new(deployed: &deployment::Provisioned, reader: &Reader<'_>) -> Self {
        let tracking = deployed.target_tracking.map(|policy| Tracking {
            policy,
            rules: AlarmRules {
                scale_out_data_points: reader.count("lambda.scale_out_data_points").max(1),
                scale_in_data_points: reader.count("lambda.scale_in_data_points").max(1),
                scale_in_threshold: reader.amount("lambda.scale_in_threshold"),
                scale_in_step: reader.amount("lambda.scale_in_step"),
            },
            busy: 0,
            available: 0,
            until: 0,
            active: false,
            above: 0,
            below: 0,
        });
        let policy = deployed.target_tracking;
        Self {
            schedule: deployed.schedule.clone(),
            tracking,
            min: policy.map_or(0, |policy| policy.min),
            max: policy.map_or(u64::MAX, |policy| policy.max),
        }
    }

    /// What will happen by itself, at the beginning of a run.
    pub(super) fn first(&self) -> Vec<(u64, Change)> {
        let actions = self.schedule.iter().zip(0..);
        let mut first: Vec<_> =
            actions.map(|(action, number)| (action.at, Change::Scheduled(number))).collect();
        if self.tracking.is_some() {
            first.push((PERIOD, Change::Evaluated));
        }
        first
    }

    /// Carries the minute's integrals on to `now`.
    #[inline]
    pub(super) fn advance(&mut self, now: u64, busy: u64, available: u64) {
        if let Some(tracking) = &mut self.tracking {
            let passed = u128::from(now.saturating_sub(tracking.until));
            tracking.busy += passed * u128::from(busy);
            tracking.available += passed * u128::from(available);
            tracking.active |= busy > 0;
            tracking.until = now;
        }
    }

    /// A request comes, so the minute has a data point.
    #[inline]
    pub(super) fn active(&mut self) {
        if let Some(tracking) = &mut self.tracking {
            tracking.active = true;
        }
    }

    /// Counts data points from anew.
    pub(super) fn restart(&mut self) {
        if let Some(tracking) = &mut self.tracking {
            (tracking.above, tracking.below) = (0, 0);
        }
    }
}

impl Tracking {
    /// The data point of the minute that ends, if it has one.
    fn data_point(&mut self) -> Option<f64> {
        let (busy, available) =
            (std::mem::take(&mut self.busy), std::mem::take(&mut self.available));
        let active = std::mem::take(&mut self.active);
        (active && available > 0).then(|| busy as f64 / available as f64)
    }

    /// The amount that a data point asks for, and why, if an alarm acts on it.
    fn wanted(&mut self, point: f64, available: u64, acts: bool) -> Option<(ScalingCause, u64)> {
        let target = self.policy.utilization;
        self.above = if point > target { self.above.saturating_add(1) } else { 0 };
        let low = target * self.rules.scale_in_threshold;
        self.below = if point < low { self.below.saturating_add(1) } else { 0 };
        if !acts {
            return None;
        }
        // What would bring the data point to the target.
        let fitting = (available as f64 * point / target).ceil() as u64;
        if self.above >= self.rules.scale_out_data_points {
            return Some((ScalingCause::ScaleOut, fitting));
        }
        if self.below >= self.rules.scale_in_data_points {
            let step = ((available as f64 * self.rules.scale_in_step) as u64).max(1);
            return Some((ScalingCause::ScaleIn, fitting.max(available.saturating_sub(step))));
        }
        None
    }
}

impl Service {
    /// A scheduled action takes place.
    pub(super) fn scheduled(&mut self, now: u64, index: usize, number: u32) {
        let Some(provisioned) = &mut self.functions[index].provisioned else { return };
        let Some(&action) = provisioned.scaling.schedule.get(number as usize) else { return };
        let scaling = &mut provisioned.scaling;
        let (min, max) = (action.min.unwrap_or(scaling.min), action.max.unwrap_or(scaling.max));
        let before = provisioned.requested;
        if min <= max {
            (scaling.min, scaling.max) = (min, max);
            let amount = before.clamp(min, max);
            if amount != before {
                self.scale(now, index, ScalingCause::Schedule, amount);
            }
        } else {
            // Application Auto Scaling takes no bounds that are the wrong way round.
            self.record(now, index, ScalingCause::Schedule, (before, before), false);
        }
        if let Some(next) = action.every.and_then(|every| now.checked_add(every.max(1))) {
            self.later(next, Change::Scheduled(number), index);
        }
    }

    /// The alarms of a target tracking policy are evaluated.
    pub(super) fn evaluated(&mut self, now: u64, index: usize) {
        self.later(now.saturating_add(PERIOD), Change::Evaluated, index);
        let Some(provisioned) = &mut self.functions[index].provisioned else { return };
        provisioned.scaling.advance(now, provisioned.busy, provisioned.available);
        let (available, requested) = (provisioned.available, provisioned.requested);
        let acts = !provisioned.allocating;
        let (min, max) = (provisioned.scaling.min, provisioned.scaling.max);
        let Some(tracking) = &mut provisioned.scaling.tracking else { return };
        let Some(point) = tracking.data_point() else {
            (tracking.above, tracking.below) = (0, 0);
            return;
        };
        let Some((cause, amount)) = tracking.wanted(point, available, acts) else { return };
        let amount = amount.clamp(min, max);
        let scales = match cause {
            ScalingCause::ScaleOut => amount > requested,
            _ => amount < requested,
        };
        if scales {
            self.scale(now, index, cause, amount);
        }
    }

    /// A scaling activity.
    fn scale(&mut self, now: u64, index: usize, cause: ScalingCause, amount: u64) {
        let Some(provisioned) = &mut self.functions[index].provisioned else { return };
        let before = provisioned.requested;
        if cause == ScalingCause::ScaleOut {
            provisioned.scaling.restart();
        }
        let succeeded = self.set_provisioned(now, index, amount);
        self.record(now, index, cause, (before, amount), succeeded);
    }

    fn record(
        &mut self,
        time: u64,
        index: usize,
        cause: ScalingCause,
        (from, to): (u64, u64),
        succeeded: bool,
    ) {
        let activity = ScalingActivity { time, cause, from, to, succeeded };
        self.functions[index].recorder.scaled(activity);
    }
}
