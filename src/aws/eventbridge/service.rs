//! The default event bus while it runs.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::deployment::{Entries, Fields, Rule, Target};
use super::metrics::{BusMetrics, BusStep, RuleMetrics};
use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Event, Message, Request};
use crate::aws::iam::directory::Directory;
use crate::aws::iam::service::directory_of;
use crate::aws::reader::Reader;
use crate::aws::sns::filter::AttributeValue;
use crate::aws::trace::What;
use crate::sim::agenda::Priority;
use crate::sim::backoff::doubled;
use crate::sim::draw::{Distribution, Draw};
use crate::sim::random::Random;
use crate::sim::statistics::distribution::Recorder;

/// Who asks when a rule invokes its targets.
const PRINCIPAL: &str = "events.amazonaws.com";
/// How many retries of an invocation are told in its story.
const RETRIES_TOLD: u64 = 16;

/// A timer of EventBridge's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A schedule triggers a rule.
    Trigger {
        /// The index of the rule.
        rule: u32,
    },
    /// A target is invoked.
    Attempt {
        /// The slot of the invocation.
        slot: u32,
    },
}

/// An invocation under way.
#[derive(Clone, Copy, Debug)]
struct Pending {
    rule: u32,
    target: u32,
    message: Message,
    /// When the event came to the bus.
    entered: u64,
    retries: u64,
}

/// A rule while it runs.
#[derive(Debug)]
struct Running {
    settings: Rule,
    targets: Vec<Member>,
    metrics: RuleMetrics,
    latency: Recorder,
}

/// A target while it runs.
#[derive(Debug)]
struct Member {
    settings: Target,
    delay: Draw,
    max_event_age: u64,
    max_retry_attempts: u64,
    /// Whether its policy doesn't let EventBridge in, or it is gone.
    closed: bool,
}

/// What the bus makes of the events of a source.
#[derive(Debug)]
struct Known {
    refused: bool,
    rules: Rc<[usize]>,
}

/// EventBridge while it runs.
#[derive(Debug)]
pub struct Service {
    rules: Vec<Running>,
    known: BTreeMap<u32, Known>,
    /// The least and the greatest wait before a retry.
    waits: (u64, u64),
    pending: Vec<Option<Pending>>,
    free: Vec<u32>,
    metrics: BusMetrics,
}

impl Service {
    /// EventBridge with an architecture's rules, the first times of their schedules on the agenda.
    pub fn new(
        architecture: &Architecture,
        reader: &Reader<'_>,
        seed: u64,
        context: &mut Context,
    ) -> Self {
        let rules = &architecture.rules;
        // Who describes policies of resources describes all of them.
        let described = !architecture.identities.resource_policies.is_empty() && !rules.is_empty();
        let directory = described.then(|| directory_of(architecture, reader));
        for (index, rule) in (0u32..).zip(rules) {
            schedule(context, rule, index, None);
        }
        let rules = rules.iter().map(|rule| {
            let targets = (0u64..).zip(&rule.targets).map(|(ordinal, target)| {
                let random = Random::stream(seed, &["rule", &rule.name, &ordinal.to_string()]);
                let allowed =
                    directory.as_ref().is_none_or(|d| granted(architecture, rule, target, d));
                Member::new(target, allowed, reader, random)
            });
            Running {
                targets: targets.collect(),
                metrics: RuleMetrics { name: rule.name.clone(), ..Default::default() },
                latency: Recorder::default(),
                settings: rule.clone(),
            }
        });
        // What is read counts as a fact behind the result, so nothing is without rules.
        let wait = |name: &str| if architecture.rules.is_empty() { 0 } else { reader.time(name) };
        let waits = (wait("eventbridge.retry_delay_min"), wait("eventbridge.retry_delay_max"));
        let mut service = Self {
            rules: rules.collect(),
            known: BTreeMap::new(),
            waits,
            pending: Vec::new(),
            free: Vec::new(),
            metrics: BusMetrics::default(),
        };
        for Entries { source, fields } in &architecture.bus_entries {
            // Only AWS's own services may say that they are the source.
            let refused = match fields.get("source") {
                Some(AttributeValue::Text(name)) => name.starts_with("aws."),
                _ => false,
            };
            let rules = service.matching(fields).into();
            service.known.insert(*source, Known { refused, rules });
        }
        service.metrics.used = !service.rules.is_empty() || !service.known.is_empty();
        service
    }

    /// The rules that match an event.
    fn matching(&self, fields: &Fields) -> Vec<usize> {
        let matches = |rule: &Running| {
            let pattern = rule.settings.pattern.as_ref();
            !rule.settings.disabled && pattern.is_some_and(|pattern| pattern.accepts(fields))
        };
        let rules = self.rules.iter().enumerate().filter(|(_, rule)| matches(rule));
        rules.map(|(at, _)| at).collect()
    }

    /// A client puts an event on the bus.
    pub fn request(&mut self, context: &mut Context, request: Request) {
        let (bus, message) = (request.target, request.message);
        let known = self.known.get(&message.source);
        let refused = known.is_some_and(|known| known.refused);
        if refused {
            self.metrics.entries += 1;
            self.metrics.failed_entries += 1;
            let what = What::Bus(BusStep::Refused);
            context.trace.record(context.now(), message.story, bus, what);
            return context.answer(request.caller, Answer::Error);
        }
        let rules = known.map(|known| Rc::clone(&known.rules)).unwrap_or_default();
        self.take(context, bus, message, &rules);
        context.answer(request.caller, Answer::Success);
    }

    /// A service of AWS's puts an event on the bus: RDS its events, with the source `aws.rds`.
    pub fn put(&mut self, context: &mut Context, bus: Resource, fields: &Fields, message: Message) {
        let rules = self.matching(fields);
        self.take(context, bus, message, &rules);
    }

    /// The bus takes an event, and gives it to rules.
    fn take(&mut self, context: &mut Context, bus: Resource, message: Message, rules: &[usize]) {
        let now = context.now();
        self.metrics.entries += 1;
        context.trace.record(now, message.story, bus, What::Bus(BusStep::Put));
        if rules.is_empty() {
            self.metrics.unmatched += 1;
            context.trace.record(now, message.story, bus, What::Bus(BusStep::Unmatched));
        }
        for &at in rules {
            let Some(rule) = self.rules.get_mut(at) else { continue };
            rule.metrics.matched_events += 1;
            let resource = Resource::new(ResourceKind::Rule, at);
            let what = What::Bus(BusStep::Matched);
            context.trace.record(now, message.story, resource, what);
            self.trigger(context, at, message);
        }
    }

    /// A rule is triggered: each target is invoked after a while.
    fn trigger(&mut self, context: &mut Context, at: usize, message: Message) {
        let now = context.now();
        let Some(rule) = self.rules.get_mut(at) else { return };
        rule.metrics.triggered_rules += 1;
        for (target, member) in (0u32..).zip(&mut rule.targets) {
            let message = match member.settings.message_group {
                // All events of a target are of one group.
                true => Message { key: 0, ..message },
                false => message,
            };
            let pending =
                Some(Pending { rule: at as u32, target, message, entered: now, retries: 0 });
            let slot = match self.free.pop() {
                Some(slot) => slot,
                None => {
                    self.pending.push(None);
                    (self.pending.len() - 1) as u32
                }
            };
            self.pending[slot as usize] = pending;
            let begins = now.saturating_add(member.delay.draw());
            context.at(begins, Priority::Arrive, Event::EventBridge(Timer::Attempt { slot }));
        }
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        match timer {
            Timer::Trigger { rule } => self.scheduled(context, rule),
            Timer::Attempt { slot } => self.attempt(context, slot),
        }
    }

    /// A schedule triggers its rule.
    fn scheduled(&mut self, context: &mut Context, index: u32) {
        let now = context.now();
        let Some(rule) = self.rules.get(index as usize) else { return };
        schedule(context, &rule.settings, index, Some(now));
        let story = context.trace.begin();
        let message = Message { story, born: now, source: u32::MAX, ..Message::default() };
        let resource = Resource { kind: ResourceKind::Rule, index };
        context.trace.record(now, story, resource, What::Bus(BusStep::Scheduled));
        self.trigger(context, index as usize, message);
    }

    /// A target is invoked, for the first time or again.
    fn attempt(&mut self, context: &mut Context, slot: u32) {
        let place = self.pending.get_mut(slot as usize);
        let Some(pending) = place.and_then(Option::as_mut) else { return context.stale() };
        let Some(rule) = self.rules.get_mut(pending.rule as usize) else { return };
        let Some(member) = rule.targets.get(pending.target as usize) else { return };
        let (now, story, target) = (context.now(), pending.message.story, member.settings.target);
        let answers = !member.closed && !member.settings.down.contain(now);
        if !answers && !member.closed {
            let retry = u32::try_from(pending.retries).unwrap_or(u32::MAX);
            let wait = doubled(self.waits.0, self.waits.1, retry);
            let last = pending.entered.saturating_add(member.max_event_age);
            if pending.retries < member.max_retry_attempts && now.saturating_add(wait) <= last {
                pending.retries += 1;
                rule.metrics.retry_invocation_attempts += 1;
                if pending.retries <= RETRIES_TOLD {
                    let what = What::Bus(BusStep::Failed { next: Some(wait) });
                    context.trace.record(now, story, target, what);
                }
                return context.after(wait, Event::EventBridge(Timer::Attempt { slot }));
            }
        }
        let pending = *pending;
        self.pending[slot as usize] = None;
        self.free.push(slot);
        if answers {
            rule.metrics.invocations += 1;
            rule.latency.record(now.saturating_sub(pending.entered));
            context.trace.record(now, story, target, What::Delivered);
            return context.after(0, Event::Delivery(target, pending.message));
        }
        rule.metrics.failed_invocations += 1;
        context.trace.record(now, story, target, What::Bus(BusStep::Failed { next: None }));
        if let Some(queue) = member.settings.dead_letter {
            rule.metrics.invocations_sent_to_dlq += 1;
            context.trace.record(now, story, queue, What::DeadLettered);
            context.after(0, Event::Delivery(queue, pending.message));
        }
    }

    /// The metrics of the bus and its rules.
    pub fn finish(self) -> BusMetrics {
        let rules = self.rules.into_iter();
        let rules =
            rules.map(|rule| RuleMetrics { latency: rule.latency.finish(), ..rule.metrics });
        BusMetrics { rules: rules.collect(), ..self.metrics }
    }
}

impl Member {
    fn new(settings: &Target, allowed: bool, reader: &Reader<'_>, random: Random) -> Self {
        let age = || reader.time("eventbridge.event_age_max");
        let attempts = || reader.count("eventbridge.retry_attempts_max");
        let mean = reader.time("eventbridge.latency");
        Self {
            delay: Draw::new(Distribution::Exponential { mean }, random),
            max_event_age: settings.max_event_age.unwrap_or_else(age),
            max_retry_attempts: settings.max_retry_attempts.unwrap_or_else(attempts),
            closed: settings.deleted || !allowed,
            settings: settings.clone(),
        }
    }
}

/// Puts the next time of a rule's schedule on the agenda, if the run still looks at it.
fn schedule(context: &mut Context, rule: &Rule, index: u32, now: Option<u64>) {
    let Some(scheduled) = rule.schedule.as_ref().filter(|_| !rule.disabled) else { return };
    let Some(schedule) = &scheduled.schedule else { return };
    let next = now.map_or_else(|| schedule.first(), |now| schedule.after(now));
    if let Some(next) = next.filter(|&next| next < scheduled.until) {
        let timer = Timer::Trigger { rule: index };
        context.at(next, Priority::Arrive, Event::EventBridge(timer));
    }
}

/// Whether a target's policy lets a rule in.
fn granted(
    architecture: &Architecture,
    rule: &Rule,
    target: &Target,
    directory: &Directory,
) -> bool {
    let (region, account) = (directory.region(), directory.account());
    let source = format!("arn:aws:events:{region}:{account}:rule/{}", rule.name);
    let action = target.target.kind.sending_action();
    let resource = architecture.arn(target.target);
    directory.service(PRINCIPAL, action, &resource, Some(source)).allowed()
}
