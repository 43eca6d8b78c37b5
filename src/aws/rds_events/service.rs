//! RDS's events while they run: each is emitted at its time and handed to the topics of the
//! subscriptions that want it.

use super::deployment::{EventSubscription, Incident};
use super::happening::{Phase, emissions};
use super::metrics::EmittedEvent;
use crate::aws::architecture::Architecture;
use crate::aws::catalogue::events::{EventRow, numbered};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Event, Message};
use crate::aws::reader::Reader;
use crate::sim::agenda::Priority;
use crate::sim::draw::{Distribution, Draw};
use crate::sim::random::Random;

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
    },
}

/// Event notification while it runs.
#[derive(Debug)]
pub struct Service {
    incidents: Vec<Incident>,
    subscriptions: Vec<EventSubscription>,
    /// How long it takes from an event to a topic, of each subscription.
    delays: Vec<Draw>,
    durations: Durations,
    emitted: Vec<EmittedEvent>,
}

/// How long things take that don't say so.
#[derive(Clone, Copy, Debug)]
struct Durations {
    failover: u64,
    other: u64,
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
        let longest =
            if subscriptions.is_empty() { 0 } else { reader.time("rds_events.delivery_delay_max") };
        let delay = |subscription: &EventSubscription| {
            let random = Random::stream(seed, &["rds event", &subscription.name]);
            Draw::new(Distribution::Uniform { min: 0, max: longest }, random)
        };
        let durations = if incidents.is_empty() {
            Durations { failover: 0, other: 0 }
        } else {
            Durations {
                failover: reader.time("rds_events.failover_duration"),
                other: reader.time("rds_events.modification_duration"),
            }
        };
        let service = Self {
            incidents: incidents.to_vec(),
            subscriptions: subscriptions.to_vec(),
            delays: subscriptions.iter().map(delay).collect(),
            durations,
            emitted: Vec::new(),
        };
        for (index, incident) in (0u32..).zip(incidents) {
            let all = emissions(incident.happening, &incident.subject);
            for (emission, (phase, _)) in (0u32..).zip(all) {
                let time = service.time(incident, phase);
                let timer = Timer::Emit { incident: index, emission };
                context.at(time, Priority::Change, Event::RdsEvents(timer));
            }
        }
        service
    }

    /// When a phase of an incident is.
    fn time(&self, incident: &Incident, phase: Phase) -> u64 {
        use super::deployment::Happening::{Failover, FailoverInZone, Reboot, RebootWithFailover};
        let usual = match incident.happening {
            Failover | FailoverInZone | Reboot | RebootWithFailover => self.durations.failover,
            _ => self.durations.other,
        };
        match phase {
            Phase::Begin => incident.at,
            Phase::End => incident.at.saturating_add(incident.takes.unwrap_or(usual)),
        }
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        let Timer::Emit { incident, emission } = timer;
        let Some(incident) = self.incidents.get(incident as usize) else { return };
        let number = emissions(incident.happening, &incident.subject).nth(emission as usize);
        let Some((_, number)) = number else { return };
        let Some(row) = numbered(number) else { return };
        let source = match row.source_type.as_str() {
            "db-parameter-group" => incident.subject.parameter_group.clone(),
            _ => incident.subject.name.clone(),
        };
        self.emit(context, row, source);
    }

    /// An event is emitted.
    fn emit(&mut self, context: &mut Context, row: &EventRow, source: String) {
        let now = context.now();
        let mut notified = Vec::new();
        for (subscription, delay) in self.subscriptions.iter().zip(&mut self.delays) {
            // Drawn for every event, so that a filter doesn't shift the others' delays.
            let delay = delay.draw();
            if !subscription.wants(row, &source) {
                continue;
            }
            let arrives = now.saturating_add(delay);
            let story = context.trace.begin();
            let message = Message { story, born: now, ..Message::default() };
            let delivery = Event::Delivery(subscription.topic, message);
            context.at(arrives, Priority::Arrive, delivery);
            notified.push((subscription.name.clone(), arrives));
        }
        if self.emitted.len() < MOST_EVENTS {
            self.emitted.push(EmittedEvent {
                id: row.id.clone(),
                source_type: row.source_type.clone(),
                category: row.category.clone(),
                source,
                time: now,
                notified,
            });
        }
    }

    /// What was emitted, in the order of time.
    pub fn finish(self) -> Vec<EmittedEvent> {
        self.emitted
    }
}
