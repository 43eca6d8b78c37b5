//! Clients as a service of the event loop: from a request that is wanted to its last attempt.

use std::collections::{BTreeMap, VecDeque};

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Message};
use crate::aws::reader::Reader;
use crate::aws::sdk::adaptive::{Curve, RateLimit};
use crate::aws::sdk::deployment::RetryMode;
use crate::aws::sdk::metrics::{
    ATTEMPTS, ClientMetrics, ClientOutcome, ClientRequest, ClientStep, FIRST_REQUESTS,
};
use crate::aws::sdk::retry::{Cause, Quota, Rules};
use crate::aws::trace::{Story, What};
use crate::sim::agenda::Priority;
use crate::sim::random::Random;
use crate::sim::statistics::distribution::Recorder;

/// A timer of a client's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// The wait before a retry is over.
    Due {
        /// The slot of the request.
        slot: u32,
    },
    /// The rate limit of a client may let one of its requests go.
    Release {
        /// The source.
        source: u32,
        /// The client among those of the source.
        client: u32,
    },
    /// A client has waited for an answer as long as it does.
    Timeout {
        /// The slot of the request.
        slot: u32,
        /// The attempt.
        attempt: u32,
    },
}

/// An attempt that the event loop hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    /// The source: an index of the architecture's.
    pub source: u32,
    /// Who waits for the answer.
    pub caller: Caller,
    /// What is sent.
    pub message: Message,
}

/// A request that isn't over.
#[derive(Clone, Copy, Debug)]
struct Pending {
    source: u32,
    /// The client among those of the source.
    client: u32,
    message: Message,
    began: u64,
    /// The attempt that is under way: counts on when the slot is used again, so that an answer that
    /// comes too late isn't taken for another's.
    attempt: u32,
    /// How often it was sent.
    sent: u32,
    /// What the last retry cost.
    cost: Option<u64>,
    record: Option<u32>,
    waiting: bool,
}

/// One client.
#[derive(Clone, Debug)]
struct Client {
    quota: Quota,
    limit: RateLimit,
    /// The requests that the rate limit holds back, and since when.
    held_back: VecDeque<(u32, u64)>,
}

/// The clients of a source.
#[derive(Debug)]
struct Group {
    rules: Rules,
    adaptive: bool,
    timeout: Option<u64>,
    sees_errors: bool,
    clients: Vec<Client>,
    /// The client that sends the next request.
    next: usize,
    random: Random,
    /// The place of the metrics of its target.
    target: usize,
}

/// What is recorded of the clients of a resource.
#[derive(Debug)]
struct Recorded {
    metrics: ClientMetrics,
    latency: Recorder,
    held_back: Recorder,
}

/// The clients of all sources while they run.
#[derive(Debug)]
pub struct Service {
    groups: Vec<Option<Group>>,
    curve: Curve,
    requests: Vec<Pending>,
    free: Vec<u32>,
    targets: Vec<Recorded>,
}

impl Service {
    /// The clients of an architecture's sources.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>, seed: u64) -> Self {
        let mut targets: Vec<Recorded> = Vec::new();
        let mut ordinals: BTreeMap<Resource, u64> = BTreeMap::new();
        let mut groups = Vec::with_capacity(architecture.sources.len());
        for source in &architecture.sources {
            let Some(clients) = &source.clients else {
                groups.push(None);
                continue;
            };
            let ordinal = ordinals.entry(source.target).or_default();
            let name = architecture.name(source.target);
            let random = Random::stream(seed, &["client", name, &ordinal.to_string()]);
            *ordinal += 1;
            let known = targets.iter().position(|known| known.metrics.target == source.target);
            let target = known.unwrap_or_else(|| {
                targets.push(Recorded::new(source.target));
                targets.len() - 1
            });
            let rules = Rules::new(clients.mode, clients.max_attempts, reader);
            let client = Client {
                quota: Quota::new(&rules),
                limit: RateLimit::default(),
                held_back: VecDeque::new(),
            };
            groups.push(Some(Group {
                rules,
                adaptive: clients.mode == RetryMode::Adaptive,
                timeout: clients.timeout,
                sees_errors: clients.sees_errors,
                clients: vec![client; clients.count.max(1) as usize],
                next: 0,
                random,
                target,
            }));
        }
        let adaptive = groups.iter().flatten().any(|group: &Group| group.adaptive);
        let curve = if adaptive { Curve::new(reader) } else { Curve::default() };
        Self { groups, curve, requests: Vec::new(), free: Vec::new(), targets }
    }

    /// A source wants something: gives what is sent for it at once.
    pub fn begin(&mut self, context: &mut Context, message: Message) -> Option<Sending> {
        let source = message.source;
        let group = self.groups.get_mut(source as usize)?.as_mut()?;
        let client = group.next;
        group.next = (client + 1) % group.clients.len();
        let record = self.targets.get_mut(group.target)?.begin(context.now());
        let pending = Pending {
            source,
            client: client as u32,
            message,
            began: context.now(),
            attempt: 0,
            sent: 0,
            cost: None,
            record,
            waiting: false,
        };
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.requests.push(pending);
                (self.requests.len() - 1) as u32
            }
        };
        let attempt = self.requests[slot as usize].attempt;
        self.requests[slot as usize] = Pending { attempt, ..pending };
        self.send(context, slot)
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) -> Option<Sending> {
        match timer {
            Timer::Due { slot } => self.send(context, slot),
            Timer::Release { source, client } => self.release(context, source, client),
            Timer::Timeout { slot, attempt } => {
                if !self.is_under_way(slot, attempt) {
                    context.stale();
                    return None;
                }
                let source = self.requests.get(slot as usize)?.source;
                let story = self.requests.get(slot as usize)?.message.story;
                record(context, story, source, ClientStep::TimedOut);
                if let Some(recorded) = self.recorded(slot) {
                    recorded.metrics.timeouts += 1;
                }
                self.failed(context, slot, Cause::Transient);
                None
            }
        }
    }

    fn is_under_way(&self, slot: u32, attempt: u32) -> bool {
        let request = self.requests.get(slot as usize);
        request.is_some_and(|request| request.waiting && request.attempt == attempt)
    }

    /// A request is sent as soon as its client may.
    fn send(&mut self, context: &mut Context, slot: u32) -> Option<Sending> {
        let now = context.now();
        let request = *self.requests.get(slot as usize)?;
        let group = self.groups.get_mut(request.source as usize)?.as_mut()?;
        if group.adaptive
            && let Some(client) = group.clients.get_mut(request.client as usize)
        {
            // Those that wait already come first; their timer is set.
            let first = client.held_back.is_empty();
            let taken = if first { client.limit.take(now) } else { Err(0) };
            if let Err(wait) = taken {
                client.held_back.push_back((slot, now));
                let (story, source) = (request.message.story, request.source);
                record(context, story, source, ClientStep::HeldBack);
                if first {
                    let timer = Timer::Release { source, client: request.client };
                    context.after(wait, Event::Sdk(timer));
                }
                return None;
            }
        }
        self.sent(context, slot)
    }

    /// The next request that a rate limit holds back goes, if there is a token for it by now.
    fn release(&mut self, context: &mut Context, source: u32, index: u32) -> Option<Sending> {
        let now = context.now();
        let group = self.groups.get_mut(source as usize)?.as_mut()?;
        let client = group.clients.get_mut(index as usize)?;
        let taken = client.limit.take(now);
        let sent = taken.is_ok().then(|| client.held_back.pop_front()).flatten();
        if !client.held_back.is_empty() {
            // A rate that has changed meanwhile counts from the next look on.
            let wait = taken.err().unwrap_or(0);
            context.after(wait, Event::Sdk(Timer::Release { source, client: index }));
        }
        let (slot, since) = sent?;
        self.targets.get_mut(group.target)?.held_back.record(now.saturating_sub(since));
        self.sent(context, slot)
    }

    /// A request is sent.
    fn sent(&mut self, context: &mut Context, slot: u32) -> Option<Sending> {
        let now = context.now();
        let request = self.requests.get_mut(slot as usize)?;
        request.attempt = request.attempt.wrapping_add(1);
        request.sent += 1;
        request.waiting = true;
        let request = *request;
        let group = self.groups.get(request.source as usize)?.as_ref()?;
        let recorded = self.targets.get_mut(group.target)?;
        recorded.metrics.attempts += 1;
        if let Some(record) = recorded.request(request.record)
            && record.attempts.len() < ATTEMPTS
        {
            record.attempts.push(now);
        }
        let attempt = request.attempt;
        if let Some(timeout) = group.timeout {
            let timer = Timer::Timeout { slot, attempt };
            context.at(now.saturating_add(timeout), Priority::Expire, Event::Sdk(timer));
        }
        let caller = Caller::Client { slot, attempt };
        Some(Sending { source: request.source, caller, message: request.message })
    }

    /// An attempt is answered.
    pub fn answered(&mut self, context: &mut Context, slot: u32, attempt: u32, answer: Answer) {
        if !self.is_under_way(slot, attempt) {
            context.stale();
            return;
        }
        let now = context.now();
        let Some(request) = self.requests.get(slot as usize).copied() else { return };
        let group = self.groups.get_mut(request.source as usize).and_then(Option::as_mut);
        let Some(group) = group else { return };
        let throttle = matches!(answer, Answer::Throttled(_) | Answer::Refused);
        let client = group.clients.get_mut(request.client as usize);
        if group.adaptive
            && let Some(client) = client
        {
            client.limit.answered(now, throttle, &self.curve);
        }
        match answer {
            Answer::Success => self.end(context, slot, ClientOutcome::Success),
            Answer::Throttled(_) | Answer::Refused => self.failed(context, slot, Cause::Throttle),
            Answer::Error | Answer::Timeout | Answer::Recursive if !group.sees_errors => {
                self.end(context, slot, ClientOutcome::FunctionError);
            }
            Answer::Error | Answer::Timeout | Answer::Recursive => {
                self.failed(context, slot, Cause::Transient);
            }
        }
    }

    /// An attempt failed in a way that may pass: the client waits and tries again, if it may.
    fn failed(&mut self, context: &mut Context, slot: u32, cause: Cause) {
        let now = context.now();
        let Some(request) = self.requests.get_mut(slot as usize) else { return };
        request.waiting = false;
        let group = self.groups.get_mut(request.source as usize).and_then(Option::as_mut);
        let Some(group) = group else { return };
        let (story, source) = (request.message.story, request.source);
        if u64::from(request.sent) >= group.rules.max_attempts {
            record(context, story, source, ClientStep::GivenUp { quota: false });
            return self.end(context, slot, ClientOutcome::GivenUp);
        }
        let Some(client) = group.clients.get_mut(request.client as usize) else { return };
        let Some(cost) = client.quota.take(&group.rules, cause) else {
            record(context, story, source, ClientStep::GivenUp { quota: true });
            return self.end(context, slot, ClientOutcome::QuotaExhausted);
        };
        request.cost = Some(cost);
        let retry = request.sent.saturating_sub(1);
        let at = now.saturating_add(group.rules.delay(cause, retry, &mut group.random));
        record(context, story, source, ClientStep::Retry { at });
        context.at(at, Priority::Arrive, Event::Sdk(Timer::Due { slot }));
    }

    /// A request is over.
    fn end(&mut self, context: &mut Context, slot: u32, outcome: ClientOutcome) {
        let now = context.now();
        let Some(request) = self.requests.get_mut(slot as usize) else { return };
        request.waiting = false;
        let request = *request;
        self.free.push(slot);
        let group = self.groups.get_mut(request.source as usize).and_then(Option::as_mut);
        let Some(group) = group else { return };
        let answered = matches!(outcome, ClientOutcome::Success | ClientOutcome::FunctionError);
        if answered && let Some(client) = group.clients.get_mut(request.client as usize) {
            client.quota.give_back(&group.rules, request.cost);
        }
        if let Some(recorded) = self.targets.get_mut(group.target) {
            recorded.end(&request, outcome, now);
        }
    }

    fn recorded(&mut self, slot: u32) -> Option<&mut Recorded> {
        let request = self.requests.get(slot as usize)?;
        let group = self.groups.get(request.source as usize)?.as_ref()?;
        self.targets.get_mut(group.target)
    }

    /// The metrics by target, in the order in which sources name them.
    pub fn finish(self) -> Vec<ClientMetrics> {
        let finish = |recorded: Recorded| ClientMetrics {
            latency: recorded.latency.finish(),
            held_back: recorded.held_back.finish(),
            ..recorded.metrics
        };
        self.targets.into_iter().map(finish).collect()
    }
}

fn record(context: &mut Context, story: Story, index: u32, step: ClientStep) {
    let client = Resource { kind: ResourceKind::Source, index };
    let now = context.now();
    context.trace.record(now, story, client, What::Client(step));
}

impl Recorded {
    fn new(target: Resource) -> Self {
        let metrics = ClientMetrics::new(target);
        Self { metrics, latency: Recorder::default(), held_back: Recorder::default() }
    }

    /// A request is wanted: gives its place among those that are kept.
    fn begin(&mut self, now: u64) -> Option<u32> {
        self.metrics.requests += 1;
        let requests = &mut self.metrics.first_requests;
        if requests.len() >= FIRST_REQUESTS {
            return None;
        }
        let (attempts, outcome) = (Vec::new(), ClientOutcome::Pending);
        requests.push(ClientRequest { began: now, attempts, ended: now, outcome });
        Some((requests.len() - 1) as u32)
    }

    fn request(&mut self, record: Option<u32>) -> Option<&mut ClientRequest> {
        self.metrics.first_requests.get_mut(record? as usize)
    }

    fn end(&mut self, request: &Pending, outcome: ClientOutcome, now: u64) {
        self.latency.record(now.saturating_sub(request.began));
        let metrics = &mut self.metrics;
        match outcome {
            ClientOutcome::Success => metrics.succeeded += 1,
            ClientOutcome::FunctionError => metrics.function_errors += 1,
            ClientOutcome::GivenUp => metrics.given_up += 1,
            ClientOutcome::QuotaExhausted => {
                metrics.given_up += 1;
                metrics.retry_quota_exhausted += 1;
            }
            ClientOutcome::Pending => {}
        }
        if let Some(record) = self.request(request.record) {
            record.ended = now;
            record.outcome = outcome;
        }
    }
}
