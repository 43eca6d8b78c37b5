//! RDS's events while they run: each is emitted at its time and handed to the topics of the
//! subscriptions that want it.
//!
//! EventBridge gets every event as well, and at once: [`Service::handle`] gives what it says there.

use std::collections::BTreeMap;

use super::deployment::{EventSubscription, Incident};
use super::happening::emissions;
use super::letter;
use super::metrics::{EmittedEvent, EventSubscriptionMetrics};
use super::timing::Timing;
use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::catalogue::events::{EventRow, numbered};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Event, Message};
use crate::aws::reader::Reader;
use crate::aws::sns::filter::AttributeValue;
use crate::aws::trace::What;
use crate::sim::agenda::Priority;
use crate::sim::draw::{Distribution, Draw};
use crate::sim::random::Random;
use crate::sim::statistics::distribution::Recorder;

/// The most events that are kept.
pub const MOST_EVENTS: usize = 2_000;

/// A timer of RDS's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// An event is emitted.
    Emit {
        /// The index of the incident.
        incident: u32,
        /// The number of its event, from 0.
        emission: u32,
        /// The number of the event among those of all incidents.
        letter: u32,
    },
}

/// What an event of RDS says on EventBridge's bus.
#[derive(Clone, Debug, PartialEq)]
pub struct BusEvent {
    /// The message that stands for it.
    pub message: Message,
    /// What it says, flat.
    pub fields: BTreeMap<String, AttributeValue>,
}

/// A subscription while it runs.
#[derive(Debug)]
struct Running {
    settings: EventSubscription,
    topic: String,
    /// How long it takes from an event to the topic.
    delay: Draw,
    filtered: u64,
    delays: Recorder,
    /// When its notifications reach the topic, in the order of the events.
    arrivals: Vec<u64>,
}

/// Event notification while it runs.
#[derive(Debug)]
pub struct Service {
    incidents: Vec<Incident>,
    subscriptions: Vec<Running>,
    emitted: Vec<EmittedEvent>,
}

impl Service {
    /// Event notification, with each event on the agenda at its time.
    pub fn new(
        architecture: &Architecture,
        reader: &Reader<'_>,
        seed: u64,
        context: &mut Context,
    ) -> Self {
        let incidents = &architecture.incidents;
        let subscriptions = &architecture.event_subscriptions;
        let delay = match subscriptions.as_slice() {
            [] => Distribution::Constant(0),
            _ => {
                let max = reader.time("rds_events.delivery_delay_max");
                let min = reader.time("rds_events.delivery_delay_min").min(max);
                Distribution::Uniform { min, max }
            }
        };
        let running = |settings: &EventSubscription| {
            let random = Random::stream(seed, &["rds event", &settings.name]);
            Running {
                topic: architecture.name(settings.topic).to_owned(),
                delay: Draw::new(delay, random),
                filtered: 0,
                delays: Recorder::default(),
                arrivals: Vec::new(),
                settings: settings.clone(),
            }
        };
        let timing = Timing::new(architecture, reader);
        let mut letter = 0;
        for (index, incident) in incidents.iter().enumerate() {
            let all = emissions(incident.happening, &incident.subject);
            for (emission, (phase, _)) in (0u32..).zip(all) {
                let timer = Timer::Emit { incident: index as u32, emission, letter };
                let time = timing.time(index, phase);
                context.at(time, Priority::Change, Event::RdsEvents(timer));
                letter += 1;
            }
        }
        Self {
            incidents: incidents.clone(),
            subscriptions: subscriptions.iter().map(running).collect(),
            emitted: Vec::new(),
        }
    }

    /// A timer goes off. Gives the event for EventBridge, if any rule could match it.
    pub fn handle(
        &mut self,
        architecture: &Architecture,
        context: &mut Context,
        timer: Timer,
    ) -> Option<BusEvent> {
        let Timer::Emit { incident, emission, letter } = timer;
        let incident = self.incidents.get(incident as usize)?;
        let number = emissions(incident.happening, &incident.subject).nth(emission as usize);
        let (_, number) = number?;
        let row = numbered(number)?;
        let source = incident.subject.source(&row.source_type, incident.happening);
        let fields =
            (!architecture.rules.is_empty()).then(|| letter::fields(architecture, incident, row));
        self.emit(context, (number, row), source, letter);
        let (fields, born) = (fields?, context.now());
        let story = context.trace.begin();
        let bus = Resource::new(ResourceKind::Bus, 0);
        context.trace.record(born, story, bus, What::RdsEvent(number));
        let message = Message { story, born, source: u32::MAX, ..Message::default() };
        Some(BusEvent { message, fields })
    }

    /// An event is emitted.
    fn emit(
        &mut self,
        context: &mut Context,
        (number, row): (u16, &EventRow),
        source: String,
        letter: u32,
    ) {
        let now = context.now();
        let mut notified = Vec::new();
        for (at, subscription) in self.subscriptions.iter_mut().enumerate() {
            // Drawn for every event, so that a filter doesn't shift the others' delays.
            let delay = subscription.delay.draw();
            let settings = &subscription.settings;
            if !settings.wants(row, &source) {
                subscription.filtered += 1;
                continue;
            }
            let arrives = now.saturating_add(delay);
            let story = context.trace.begin();
            let place = Resource::new(ResourceKind::EventSubscription, at);
            context.trace.record(now, story, place, What::RdsEvent(number));
            let source = Message::LETTERS.saturating_add(letter);
            let message = Message { story, source, born: now, ..Message::default() };
            let delivery = Event::Delivery(settings.topic, message);
            context.at(arrives, Priority::Arrive, delivery);
            notified.push((settings.name.clone(), arrives));
            subscription.delays.record(delay);
            subscription.arrivals.push(arrives);
        }
        if self.emitted.len() < MOST_EVENTS {
            self.emitted.push(EmittedEvent {
                number,
                id: row.id.clone(),
                source_type: row.source_type.clone(),
                category: row.category.clone(),
                source,
                time: now,
                notified,
            });
        }
    }

    /// What was emitted, in the order of time, and what became of it at the subscriptions.
    pub fn finish(self) -> (Vec<EmittedEvent>, Vec<EventSubscriptionMetrics>) {
        (self.emitted, self.subscriptions.into_iter().map(Running::finish).collect())
    }
}

impl Running {
    fn finish(self) -> EventSubscriptionMetrics {
        EventSubscriptionMetrics {
            name: self.settings.name,
            topic: self.topic,
            notifications: self.arrivals.len() as u64,
            filtered: self.filtered,
            out_of_order: overtaken(&self.arrivals),
            delay: self.delays.finish(),
        }
    }
}

/// How many arrive after one that set out later.
fn overtaken(arrivals: &[u64]) -> u64 {
    let mut earliest = u64::MAX;
    let mut overtaken = 0;
    for &arrival in arrivals.iter().rev() {
        overtaken += u64::from(arrival > earliest);
        earliest = earliest.min(arrival);
    }
    overtaken
}

/// What the subscriptions of an architecture measure that never runs.
pub fn idle(architecture: &Architecture) -> Vec<EventSubscriptionMetrics> {
    let idle = |subscription: &EventSubscription| EventSubscriptionMetrics {
        name: subscription.name.clone(),
        topic: architecture.name(subscription.topic).to_owned(),
        ..EventSubscriptionMetrics::default()
    };
    architecture.event_subscriptions.iter().map(idle).collect()
}

#[cfg(test)]
mod tests {
    use super::overtaken;

    #[test]
    fn what_a_later_one_passes_is_out_of_order() {
        assert_eq!(overtaken(&[]), 0);
        assert_eq!(overtaken(&[1, 2, 2, 5]), 0);
        assert_eq!(overtaken(&[9, 2, 4, 3]), 2);
    }
}
