//! Topics while they run.

use std::collections::{BTreeMap, BTreeSet};

use super::deployment::{Protocol, Subscription, Topic};
use super::metrics::{Delivery, DeliveryOutcome, SubscriptionMetrics, TopicMetrics};
use super::retry::Schedule;
use crate::aws::architecture::{Architecture, Letter, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Event, Message};
use crate::aws::reader::Reader;
use crate::aws::trace::What;
use crate::sim::agenda::Priority;
use crate::sim::draw::{Distribution, Draw};
use crate::sim::random::Random;
use crate::sim::statistics::distribution::Recorder;
use crate::sim::windows::Windows;

/// How many deliveries of a topic are kept one by one.
pub const MOST_DELIVERIES: usize = 200;
/// How many retries of a delivery are told in its story.
const RETRIES_TOLD: u32 = 16;

/// A timer of SNS's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A delivery is attempted.
    Attempt {
        /// The slot of the delivery.
        slot: u32,
    },
}

/// A delivery under way.
#[derive(Clone, Copy, Debug)]
struct Pending {
    topic: u32,
    subscription: u32,
    message: Message,
    published: u64,
    /// The number of the message in its topic.
    number: u64,
    first_attempt: u64,
    retries: u64,
}

/// A topic while it runs.
#[derive(Debug)]
struct Running {
    published: u64,
    subscriptions: Vec<Member>,
    deliveries: Vec<Delivery>,
}

/// A subscription while it runs.
#[derive(Debug)]
struct Member {
    settings: Subscription,
    name: String,
    schedule: Schedule,
    /// When nobody answers: of the subscription, and of its endpoint.
    down: Vec<Windows>,
    delay: Draw,
    metrics: SubscriptionMetrics,
    latency: Recorder,
    /// The number after that of the latest message that was delivered.
    latest: u64,
    /// Whether it wants the messages of a source: by the source's number; what isn't of a source
    /// under the greatest one.
    wants: BTreeMap<u32, bool>,
    /// The sources whose messages have more attributes than an SQS message may: without SNS's
    /// envelope each would be one of the message's own.
    overfull: BTreeSet<u32>,
}

/// SNS while it runs.
#[derive(Debug)]
pub struct Service {
    topics: Vec<Running>,
    pending: Vec<Option<Pending>>,
    free: Vec<u32>,
}

impl Service {
    /// SNS with an architecture's topics. `letters` are what other services publish.
    pub fn new(
        architecture: &Architecture,
        letters: &[Letter],
        reader: &Reader<'_>,
        seed: u64,
    ) -> Self {
        let topic = |topic: &Topic| Running {
            published: 0,
            subscriptions: (0u64..)
                .zip(&topic.subscriptions)
                .map(|(ordinal, one)| {
                    let ordinal = ordinal.to_string();
                    let random = Random::stream(seed, &["sns", &topic.name, &ordinal]);
                    let mut member = Member::new(architecture, topic, one, reader, random);
                    member.read(letters);
                    member
                })
                .collect(),
            deliveries: Vec::new(),
        };
        let topics = architecture.topics.iter().map(topic).collect();
        Self { topics, pending: Vec::new(), free: Vec::new() }
    }

    /// A message is published.
    pub fn publish(&mut self, context: &mut Context, topic: Resource, message: Message) {
        let now = context.now();
        let Some(running) = self.topics.get_mut(topic.place()) else { return };
        let number = running.published;
        running.published += 1;
        context.trace.record(now, message.story, topic, What::Published);
        for (at, member) in (0u32..).zip(&mut running.subscriptions) {
            // Drawn for every message, so that a filter doesn't shift the other delays.
            let delay = member.delay.draw();
            if !member.wants.get(&message.source).copied().unwrap_or(true) {
                member.metrics.filtered_out += 1;
                let what = What::FilteredOut;
                context.trace.record(now, message.story, member.settings.endpoint, what);
                continue;
            }
            let first_attempt = now.saturating_add(delay);
            let pending = Pending {
                topic: topic.index,
                subscription: at,
                message,
                published: now,
                number,
                first_attempt,
                retries: 0,
            };
            let slot = match self.free.pop() {
                Some(slot) => slot,
                None => {
                    self.pending.push(None);
                    (self.pending.len() - 1) as u32
                }
            };
            self.pending[slot as usize] = Some(pending);
            context.at(first_attempt, Priority::Arrive, Event::Sns(Timer::Attempt { slot }));
        }
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        let Timer::Attempt { slot } = timer;
        let Some(pending) = self.pending.get_mut(slot as usize).and_then(Option::as_mut) else {
            context.stale();
            return;
        };
        let Some(topic) = self.topics.get_mut(pending.topic as usize) else { return };
        let Some(member) = topic.subscriptions.get_mut(pending.subscription as usize) else {
            return;
        };
        let now = context.now();
        let endpoint = member.settings.endpoint;
        let overfull = member.overfull.contains(&pending.message.source);
        let outcome = if member.settings.deleted || overfull {
            DeliveryOutcome::Refused
        } else if member.down.iter().any(|windows| windows.contain(now)) {
            let waited = now.saturating_sub(pending.first_attempt);
            if let Some(delay) = member.schedule.delay(pending.retries, waited) {
                pending.retries += 1;
                member.metrics.retries += 1;
                if pending.retries <= u64::from(RETRIES_TOLD) {
                    let what = What::DeliveryFailed { next: Some(delay) };
                    context.trace.record(now, pending.message.story, endpoint, what);
                }
                context.after(delay, Event::Sns(Timer::Attempt { slot }));
                return;
            }
            DeliveryOutcome::GivenUp
        } else {
            DeliveryOutcome::Delivered
        };
        let pending = *pending;
        self.pending[slot as usize] = None;
        self.free.push(slot);
        let redriven = member.end(context, &pending, outcome);
        if topic.deliveries.len() < MOST_DELIVERIES {
            topic.deliveries.push(Delivery {
                endpoint: member.name.clone(),
                published: pending.published,
                ended: now,
                attempts: pending.retries + 1,
                outcome,
                redriven,
            });
        }
    }

    /// The metrics of the topics.
    pub fn finish(self, architecture: &Architecture) -> Vec<TopicMetrics> {
        let topics = self.topics.into_iter().zip(&architecture.topics);
        topics.map(|(running, topic)| running.finish(&topic.name)).collect()
    }
}

impl Member {
    fn new(
        architecture: &Architecture,
        topic: &Topic,
        settings: &Subscription,
        reader: &Reader<'_>,
        random: Random,
    ) -> Self {
        let mean = reader.time("sns.delivery_latency");
        let delay = match topic.fifo {
            true => Distribution::Constant(mean),
            false => Distribution::Exponential { mean },
        };
        let mut down = vec![settings.down.clone()];
        let mut schedule = None;
        if settings.endpoint.kind == ResourceKind::Endpoint
            && let Some(endpoint) = architecture.endpoints.get(settings.endpoint.place())
        {
            down.push(endpoint.down.clone());
            schedule = Some(match endpoint.protocol {
                Protocol::Http | Protocol::Https => {
                    Schedule::of_http(reader, settings.retry_policy.as_ref())
                }
                Protocol::Email | Protocol::Sms | Protocol::Push => {
                    Schedule::of_protocol(reader, "customer_managed")
                }
            });
        }
        let wants = settings.filter.iter().flat_map(|filter| {
            let of_source = (0u32..).zip(&architecture.sources);
            let of_source = of_source.map(|(at, source)| {
                let says = if filter.of_body { &source.body } else { &source.attributes };
                (at, filter.accepts(says))
            });
            of_source.chain([(u32::MAX, filter.accepts(&BTreeMap::new()))])
        });
        let raw = settings.raw_delivery && settings.endpoint.kind == ResourceKind::Queue;
        let most = if raw { reader.count("sns.raw_attributes_max") } else { u64::MAX };
        let of_source = (0u32..).zip(&architecture.sources);
        let overfull = of_source.filter(|(_, source)| source.attributes.len() as u64 > most);
        let name = architecture.name(settings.endpoint).to_owned();
        Self {
            schedule: schedule.unwrap_or_else(|| Schedule::of_protocol(reader, "aws_managed")),
            down,
            delay: Draw::new(delay, random),
            metrics: SubscriptionMetrics { endpoint: name.clone(), ..Default::default() },
            latency: Recorder::default(),
            latest: 0,
            wants: wants.collect(),
            overfull: overfull.map(|(at, _)| at).collect(),
            settings: settings.clone(),
            name,
        }
    }

    /// Which letters it wants.
    fn read(&mut self, letters: &[Letter]) {
        let Some(filter) = &self.settings.filter else { return };
        for (number, letter) in (Message::LETTERS..).zip(letters) {
            let says = if filter.of_body { &letter.body } else { &letter.attributes };
            self.wants.insert(number, filter.accepts(says));
        }
    }

    /// A delivery has ended. Gives whether it goes to a dead-letter queue.
    fn end(&mut self, context: &mut Context, pending: &Pending, outcome: DeliveryOutcome) -> bool {
        let now = context.now();
        let endpoint = self.settings.endpoint;
        let story = pending.message.story;
        if outcome == DeliveryOutcome::Delivered {
            self.metrics.delivered += 1;
            self.latency.record(now.saturating_sub(pending.published));
            if pending.number < self.latest {
                self.metrics.out_of_order += 1;
            }
            self.latest = self.latest.max(pending.number + 1);
            context.trace.record(now, story, endpoint, What::Delivered);
            if endpoint.kind != ResourceKind::Endpoint {
                context.after(0, Event::Delivery(endpoint, pending.message));
            }
            return false;
        }
        self.metrics.failed += 1;
        context.trace.record(now, story, endpoint, What::DeliveryFailed { next: None });
        let Some(queue) = self.settings.dead_letter else { return false };
        self.metrics.redriven_to_dlq += 1;
        context.trace.record(now, story, queue, What::DeadLettered);
        context.after(0, Event::Delivery(queue, pending.message));
        true
    }
}

impl Running {
    fn finish(self, name: &str) -> TopicMetrics {
        let members = self.subscriptions.into_iter();
        let subscriptions: Vec<SubscriptionMetrics> = members
            .map(|member| SubscriptionMetrics {
                latency: member.latency.finish(),
                ..member.metrics
            })
            .collect();
        let sum = |count: fn(&SubscriptionMetrics) -> u64| subscriptions.iter().map(count).sum();
        TopicMetrics {
            name: name.to_owned(),
            number_of_messages_published: self.published,
            number_of_notifications_delivered: sum(|one| one.delivered),
            number_of_notifications_failed: sum(|one| one.failed),
            number_of_notifications_filtered_out: sum(|one| one.filtered_out),
            number_of_notifications_redriven_to_dlq: sum(|one| one.redriven_to_dlq),
            retries: sum(|one| one.retries),
            deliveries: self.deliveries,
            subscriptions,
        }
    }
}
