//! Buckets while they run.

use std::collections::BTreeMap;

use super::deployment::{Bucket, Changes, Notification, Operation};
use super::metrics::{BucketMetrics, NotificationMetrics, ObjectStep};
use crate::aws::architecture::{Architecture, Resource};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Event, Request};
use crate::aws::reader::Reader;
use crate::aws::trace::What;
use crate::sim::draw::{Distribution, Draw};
use crate::sim::random::Random;
use crate::sim::statistics::distribution::Recorder;

/// S3 while it runs.
#[derive(Debug)]
pub struct Service {
    buckets: Vec<Running>,
}

/// A bucket while it runs.
#[derive(Debug)]
struct Running {
    changes: BTreeMap<u32, Changes>,
    rules: Vec<Rule>,
    /// The most bytes of one request.
    largest: u64,
    metrics: BucketMetrics,
}

/// A rule of notifications while it runs.
#[derive(Debug)]
struct Rule {
    settings: Notification,
    delay: Draw,
    /// Decides which notifications come twice.
    again: Random,
    /// How many of them do, 0 to 1.
    share: f64,
    metrics: NotificationMetrics,
    delays: Recorder,
}

impl Service {
    /// S3 with an architecture's buckets.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>, seed: u64) -> Self {
        let bucket = |bucket: &Bucket| {
            let rules = (0u64..).zip(&bucket.notifications).map(|(ordinal, settings)| {
                let ordinal = ordinal.to_string();
                let stream = |what: &str| Random::stream(seed, &[what, &bucket.name, &ordinal]);
                let mean = reader.time("s3.notification_delay");
                let target = architecture.name(settings.target).to_owned();
                Rule {
                    settings: settings.clone(),
                    delay: Draw::new(Distribution::Exponential { mean }, stream("s3 delay")),
                    again: stream("s3 again"),
                    share: reader.amount("s3.notification_duplicate_share"),
                    metrics: NotificationMetrics { target, ..Default::default() },
                    delays: Recorder::default(),
                }
            });
            let changes = bucket.changes.iter().map(|changes| (changes.source, changes.clone()));
            Running {
                changes: changes.collect(),
                rules: rules.collect(),
                largest: reader.count("s3.put_size_max"),
                metrics: BucketMetrics { name: bucket.name.clone(), ..Default::default() },
            }
        };
        Self { buckets: architecture.buckets.iter().map(bucket).collect() }
    }

    /// Something is done to an object.
    pub fn request(&mut self, context: &mut Context, request: Request) {
        let Some(bucket) = self.buckets.get_mut(request.target.place()) else { return };
        let answer = bucket.change(context, request);
        context.answer(request.caller, answer);
    }

    /// The metrics of the buckets.
    pub fn finish(self) -> Vec<BucketMetrics> {
        self.buckets.into_iter().map(Running::finish).collect()
    }
}

impl Running {
    fn change(&mut self, context: &mut Context, request: Request) -> Answer {
        let Request { target, message, .. } = request;
        let Some(changes) = self.changes.get(&message.source) else { return Answer::Success };
        let (now, operation) = (context.now(), changes.operation);
        let mut record =
            |step: ObjectStep| context.trace.record(now, message.story, target, What::Object(step));
        let in_parts = operation == Operation::CompleteMultipartUpload;
        if changes.size > self.largest && !in_parts {
            self.metrics.errors_4xx += 1;
            record(ObjectStep::TooLarge);
            return Answer::Error;
        }
        record(ObjectStep::Changed(operation));
        if Operation::REMOVED.contains(&operation) {
            self.metrics.objects_removed += 1;
        } else {
            self.metrics.objects_created += 1;
            let bytes = if operation == Operation::Copy { 0 } else { changes.size };
            self.metrics.bytes_uploaded = self.metrics.bytes_uploaded.saturating_add(bytes);
        }
        let number = message.key as usize % changes.keys.len().max(1);
        let key = changes.keys.get(number).map_or("", String::as_str);
        let mut told = false;
        for rule in &mut self.rules {
            told |= rule.tell(context, request, operation, key);
        }
        if !told {
            self.metrics.untold += 1;
            let untold = What::Object(ObjectStep::Untold);
            context.trace.record(now, message.story, target, untold);
        }
        Answer::Success
    }

    fn finish(self) -> BucketMetrics {
        let notifications = self
            .rules
            .into_iter()
            .map(|rule| NotificationMetrics { delay: rule.delays.finish(), ..rule.metrics });
        BucketMetrics { notifications: notifications.collect(), ..self.metrics }
    }
}

impl Rule {
    /// Tells of an operation, if the rule wants to; gives whether it does.
    fn tell(
        &mut self,
        context: &mut Context,
        request: Request,
        operation: Operation,
        key: &str,
    ) -> bool {
        // Drawn for every operation, so that a filter doesn't shift what comes later.
        let delays = [self.delay.draw(), self.delay.draw()];
        // A unit is above 0, so a share of 0 is none.
        let twice = self.again.unit() <= self.share;
        if !self.settings.wants(operation, key) {
            self.metrics.filtered_out += 1;
            return false;
        }
        let (target, message): (Resource, _) = (self.settings.target, request.message);
        for delay in delays.into_iter().take(if twice { 2 } else { 1 }) {
            self.metrics.sent += 1;
            self.delays.record(delay);
            let time = context.now().saturating_add(delay);
            context.trace.record(time, message.story, target, What::Delivered);
            context.after(delay, Event::Delivery(target, message));
        }
        self.metrics.duplicates += u64::from(twice);
        true
    }
}
