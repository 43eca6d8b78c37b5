//! The event loop in which all services of an architecture run together.
//!
//! [`run`] takes an [`Architecture`] and gives a [`Run`], or the reason for which AWS would have
//! refused the deployment. Services don't know each other: what one wants of another goes over the
//! agenda as an [`event::Event`], and this file alone knows which service an event belongs to.
//!
//! At one instant environments become free first, then the agenda's entries come in the order of
//! their priority, then what arrives from outside, and last what waits for all of that.

pub mod context;
pub mod event;
mod sources;

use std::collections::BTreeSet;

use crate::aws::api_gateway;
use crate::aws::architecture::{Architecture, Form, Resource, ResourceKind, Sender};
use crate::aws::catalogue::Quotas;
use crate::aws::lambda::asynchronous;
use crate::aws::lambda::metrics::ThrottleReason;
use crate::aws::metrics::{Rejection, Run};
use crate::aws::reader::Reader;
use crate::aws::sdk::{self, Sending};
use crate::aws::trace::{Trace, What};
use crate::aws::vpc::{self, plan::Connection};
use crate::aws::{
    cloudfront, ecs, eventbridge, iam, lambda, rds, rds_events, s3, sns, sqs, streams,
};
use context::Context;
use event::{Answer, Caller, Event, Message, Request};
use sources::Sources;

pub use crate::sim::{Bounds, RunError};

/// What a run is bounded by and what it records, beside the architecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The seed of all random numbers.
    pub seed: u64,
    /// What bounds the run.
    pub bounds: Bounds,
    /// The numbers of the messages and requests that are followed beside the first ones.
    pub followed: BTreeSet<u64>,
}

/// Deploys and runs. The same arguments give the same bits on every platform.
///
/// # Errors
/// [`RunError`], when the run would pass its bounds.
pub fn run(
    architecture: &Architecture,
    quotas: &Quotas<'_>,
    settings: &Settings,
) -> Result<Run, RunError> {
    let reader = Reader::new(quotas, &architecture.account.region);
    if let Some(rejection) = refusal(architecture, &reader) {
        return Ok(refused(architecture, rejection, &reader));
    }
    Engine::new(architecture, reader, settings).run()
}

/// The first thing that AWS would refuse, if any.
fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    lambda::refusal(architecture, reader)
        .or_else(|| cloudfront::refusal(architecture, reader))
        .or_else(|| {
            let plan = architecture.plan.as_ref()?;
            vpc::refusal(&plan.network, &plan.nodes, reader)
        })
        .or_else(|| rds::refusal(architecture, reader))
        .or_else(|| iam::service::refusal(architecture, reader))
        .or_else(|| lambda::role_refusal(architecture, reader))
        .or_else(|| ecs::refusal(architecture))
        .or_else(|| api_gateway::refusal(architecture, reader))
        .or_else(|| s3::refusal(architecture, reader))
        .or_else(|| eventbridge::refusal(architecture, reader))
        .or_else(|| sns::refusal(architecture, reader))
        .or_else(|| sqs::refusal(architecture, reader))
        .or_else(|| streams::refusal(architecture, reader))
        .or_else(|| rds_events::refusal(architecture, reader))
}

/// The result of a deployment that AWS refuses: nothing runs.
fn refused(architecture: &Architecture, rejection: Rejection, reader: &Reader<'_>) -> Run {
    let rds = rds::idle(architecture, reader);
    Run {
        rejected: Some(rejection),
        functions: lambda::idle(architecture),
        account: lambda::idle_account(architecture, reader),
        distributions: cloudfront::idle(architecture, reader),
        tasks: ecs::service::idle(architecture),
        apis: api_gateway::idle(architecture),
        databases: rds.databases,
        proxies: rds.proxies,
        queues: sqs::idle(architecture),
        streams: streams::idle(architecture),
        event_subscriptions: rds_events::idle(architecture),
        ..Run::default()
    }
}

/// A run in progress.
struct Engine<'a> {
    architecture: &'a Architecture,
    reader: Reader<'a>,
    bounds: Bounds,
    context: Context,
    sources: Sources,
    lambda: lambda::Service,
    cloudfront: cloudfront::Service<'a>,
    rds: rds::Service,
    connections: Vec<Connection>,
    iam: iam::service::Service,
    ecs: ecs::service::Service,
    asynchronous: asynchronous::Service,
    api_gateway: api_gateway::Service,
    sdk: sdk::Service,
    sqs: sqs::Service,
    streams: streams::Service,
    sns: sns::Service,
    s3: s3::Service,
    eventbridge: eventbridge::Service,
    rds_events: rds_events::Service,
    events: u64,
}

impl<'a> Engine<'a> {
    fn new(architecture: &'a Architecture, reader: Reader<'a>, settings: &Settings) -> Self {
        let seed = settings.seed;
        let mut lambda = lambda::Service::new(architecture, &reader, seed);
        let mut replicate = |function: &_, region: &_| {
            lambda.replicate(function, region, architecture, &reader, seed)
        };
        let cloudfront = cloudfront::Service::new(architecture, &reader, seed, &mut replicate);
        let plan = architecture.plan.as_ref();
        let connections = plan.map(|plan| plan.connections(vpc::Rules::new(&reader)));
        let connections = connections.unwrap_or_default();
        let rds = rds::Service::new(architecture, &connections, &reader, seed);
        let mut context = Context::new(Trace::new(settings.followed.clone()));
        rds::Service::schedule(&mut context, &rds_events::outages(architecture, &reader));
        let rds_events = rds_events::Service::new(architecture, &reader, seed, &mut context);
        let eventbridge = eventbridge::Service::new(architecture, &reader, seed, &mut context);
        Self {
            architecture,
            bounds: settings.bounds,
            sqs: sqs::Service::new(architecture, &reader),
            streams: streams::Service::new(architecture, &reader),
            sources: Sources::new(architecture, seed),
            lambda,
            cloudfront,
            asynchronous: asynchronous::Service::new(architecture, &reader),
            api_gateway: api_gateway::Service::new(architecture, &reader, seed),
            sdk: sdk::Service::new(architecture, &reader, seed),
            rds,
            iam: iam::service::Service::new(architecture, &reader, &mut context),
            ecs: ecs::service::Service::new(architecture, &reader, &mut context),
            s3: s3::Service::new(architecture, &reader, seed),
            eventbridge,
            sns: sns::Service::new(architecture, &rds_events::letters(architecture), &reader, seed),
            rds_events,
            connections,
            context,
            reader,
            events: 0,
        }
    }

    /// Runs until nothing is left to happen; gives the metrics.
    fn run(mut self) -> Result<Run, RunError> {
        if self.sources.certain() > self.bounds.events {
            return Err(RunError::TooManyEvents { bound: self.bounds.events, reached: 0 });
        }
        let mut end = 0;
        loop {
            let departure = self.lambda.next_departure();
            let entry = self.context.next_time();
            let arrival = self.sources.next_time();
            let now = earliest(earliest(departure, entry), arrival);
            let Some(now) = now else { break };
            self.events += 1;
            self.check(now)?;
            self.context.set_now(now);
            if departure == Some(now) {
                self.events += self.lambda.depart(&mut self.context);
            } else if entry == Some(now) && !(arrival == Some(now) && self.context.next_is_rest()) {
                if let Some(event) = self.context.pop() {
                    self.handle(event);
                }
                if self.context.was_stale() {
                    continue;
                }
            } else {
                self.arrive();
            }
            end = now;
        }
        Ok(self.finish(end))
    }

    #[inline]
    fn check(&self, now: u64) -> Result<(), RunError> {
        if self.events > self.bounds.events {
            return Err(RunError::TooManyEvents { bound: self.bounds.events, reached: now });
        }
        if now > self.bounds.time {
            return Err(RunError::TooLong { bound: self.bounds.time });
        }
        let stored = self.sqs.overflowed() || self.streams.overflowed();
        if self.context.overflowed() || self.lambda.overflowed() || stored {
            return Err(RunError::TooManyWaiting { reached: now });
        }
        Ok(())
    }

    /// Something comes from outside.
    #[inline]
    fn arrive(&mut self) {
        let Some(message) = self.sources.pop() else { return };
        let index = message.source;
        let Some(source) = self.architecture.sources.get(index as usize) else { return };
        let story = self.context.trace.begin();
        let now = self.context.now();
        let sender = Resource { kind: ResourceKind::Source, index };
        self.context.trace.record(now, story, sender, What::Arrived);
        let message = Message { story, born: now, ..message };
        match source.form {
            _ if source.clients.is_some() => {
                if let Some(sending) = self.sdk.begin(&mut self.context, message) {
                    self.send(sending);
                }
            }
            Form::Request => {
                self.request(Request { target: source.target, caller: Caller::Nobody, message });
            }
            Form::Delivery => {
                self.deliver(source.target, message, source.sender);
            }
        }
    }

    #[inline]
    fn handle(&mut self, event: Event) {
        match event {
            Event::Request(request) => self.request(request),
            Event::Delivery(target, message) => {
                self.deliver(target, message, Sender::Service);
            }
            Event::HandOver(request) => {
                let Request { target, caller, message } = request;
                let refused = self.deliver(target, message, Sender::Client);
                let answer = refused.map_or(Answer::Success, Answer::Throttled);
                self.context.answer(caller, answer);
            }
            Event::Answer(caller, answer) => self.answer(caller, answer),
            Event::ApiGateway(timer) => self.api_gateway.handle(&mut self.context, timer),
            Event::Sdk(timer) => {
                if let Some(sending) = self.sdk.handle(&mut self.context, timer) {
                    self.send(sending);
                }
            }
            Event::Run(request, time) => {
                self.events += self.lambda.invoke_for(&mut self.context, request, time);
            }
            Event::CloudFront(timer) => self.cloudfront.handle(&mut self.context, timer),
            Event::Asynchronous(timer) => self.asynchronous.handle(&mut self.context, timer),
            Event::Lambda(timer) => self.lambda.handle(&mut self.context, timer),
            Event::Rds(timer) => self.rds.handle(&mut self.context, timer),
            Event::Gone(caller) => self.rds.abandoned(&mut self.context, caller),
            Event::Iam(timer) => self.iam.handle(self.architecture, &mut self.context, timer),
            Event::Ecs(timer) => self.ecs.handle(self.architecture, &mut self.context, timer),
            Event::Sqs(timer) => self.sqs.handle(&mut self.context, timer),
            Event::Streams(timer) => self.streams.handle(&mut self.context, timer),
            Event::Sns(timer) => self.sns.handle(&mut self.context, timer),
            Event::EventBridge(timer) => self.eventbridge.handle(&mut self.context, timer),
            Event::RdsEvents(timer) => {
                let bus = Resource::new(ResourceKind::Bus, 0);
                let told = self.rds_events.handle(self.architecture, &mut self.context, timer);
                if let Some(rds_events::BusEvent { message, fields }) = told {
                    self.eventbridge.put(&mut self.context, bus, &fields, message);
                }
            }
        }
    }

    /// A client sends a request, for the first time or again.
    fn send(&mut self, sending: Sending) {
        let Sending { source, caller, message } = sending;
        let Some(source) = self.architecture.sources.get(source as usize) else { return };
        let target = source.target;
        match source.form {
            Form::Request => self.request(Request { target, caller, message }),
            Form::Delivery => {
                let refused = self.deliver(target, message, source.sender);
                let answer = refused.map_or(Answer::Success, Answer::Throttled);
                self.context.answer(caller, answer);
            }
        }
    }

    /// A resource is asked for something.
    #[inline]
    fn request(&mut self, request: Request) {
        match request.target.kind {
            ResourceKind::Function => self.events += self.lambda.invoke(&mut self.context, request),
            ResourceKind::Api => self.api_gateway.request(&mut self.context, request),
            ResourceKind::Client => self.rds.request(&mut self.context, request),
            ResourceKind::Queue => self.sqs.send(&mut self.context, request),
            ResourceKind::Bucket => self.s3.request(&mut self.context, request),
            ResourceKind::Bus => self.eventbridge.request(&mut self.context, request),
            ResourceKind::Stream | ResourceKind::Table => {
                self.streams.put(&mut self.context, request);
            }
            ResourceKind::Distribution => self.cloudfront.request(&mut self.context, request),
            // Publishing is answered when the topic has taken the message.
            ResourceKind::Topic => {
                self.sns.publish(&mut self.context, request.target, request.message);
                self.context.answer(request.caller, Answer::Success);
            }
            ResourceKind::Source
            | ResourceKind::Database
            | ResourceKind::Proxy
            | ResourceKind::Rule
            | ResourceKind::Endpoint
            | ResourceKind::EventSubscription
            | ResourceKind::Role
            | ResourceKind::User
            | ResourceKind::Task => {}
        }
    }

    /// A message is handed to a resource. Gives why it isn't taken, if it isn't.
    fn deliver(
        &mut self,
        target: Resource,
        message: Message,
        sender: Sender,
    ) -> Option<ThrottleReason> {
        let request = Request { target, caller: Caller::Nobody, message };
        match target.kind {
            ResourceKind::Function => {
                let from_client = sender == Sender::Client;
                return self.asynchronous.accept(&mut self.context, target, message, from_client);
            }
            ResourceKind::Queue => self.sqs.send(&mut self.context, request),
            ResourceKind::Bucket => self.s3.request(&mut self.context, request),
            ResourceKind::Bus => self.eventbridge.request(&mut self.context, request),
            ResourceKind::Stream | ResourceKind::Table => {
                self.streams.put(&mut self.context, request);
            }
            ResourceKind::Distribution => self.cloudfront.request(&mut self.context, request),
            ResourceKind::Topic => self.sns.publish(&mut self.context, target, message),
            ResourceKind::Source
            | ResourceKind::Api
            | ResourceKind::Database
            | ResourceKind::Proxy
            | ResourceKind::Client
            | ResourceKind::Rule
            | ResourceKind::Endpoint
            | ResourceKind::EventSubscription
            | ResourceKind::Role
            | ResourceKind::User
            | ResourceKind::Task => {}
        }
        None
    }

    /// An answer comes back to who waits for it.
    fn answer(&mut self, caller: Caller, answer: Answer) {
        match caller {
            Caller::Nobody => {}
            Caller::Invocation { slot, run } => {
                self.lambda.answered(&mut self.context, slot, run, answer);
            }
            Caller::Client { slot, attempt } => {
                self.sdk.answered(&mut self.context, slot, attempt, answer);
            }
            Caller::Integration { slot, run } => {
                self.api_gateway.answered(&mut self.context, slot, run, answer);
            }
            Caller::Edge(timer) => self.cloudfront.answered(&mut self.context, timer, answer),
            Caller::AsynchronousEvent { slot } => {
                self.asynchronous.answered(&mut self.context, slot, answer);
            }
            Caller::Trigger { session, step } => {
                self.rds.lambda_answered(&mut self.context, session, step, answer);
            }
            Caller::QueueBatch { slot } => self.sqs.answered(&mut self.context, slot, answer),
            Caller::StreamBatch { mapping, lane } => {
                self.streams.answered(&mut self.context, mapping, lane, answer);
            }
        }
    }

    /// The metrics of the whole run.
    fn finish(mut self, end: u64) -> Run {
        let functions = self.lambda.finish(end, self.architecture, &self.reader);
        let rds = self.rds.finish(end);
        let queues = self.sqs.finish(end, &mut self.context.trace);
        let cloudfront = self.cloudfront.finish(end);
        let (rds_events, event_subscriptions) = self.rds_events.finish();
        let steps = self.context.trace.finish();
        let resources: BTreeSet<Resource> = steps.iter().map(|step| step.resource).collect();
        let name = |resource| (resource, self.architecture.name(resource).to_owned());
        Run {
            rejected: None,
            end,
            events: self.events + functions.events,
            functions: functions.functions,
            asynchronous: self.asynchronous.finish(end),
            apis: self.api_gateway.finish(end),
            clients: self.sdk.finish(),
            account: functions.account,
            regions: functions.regions,
            distributions: cloudfront.distributions,
            requests: cloudfront.requests,
            databases: rds.databases,
            proxies: rds.proxies,
            plan: self.architecture.plan.clone(),
            connections: self.connections,
            decisions: self.iam.finish().into_iter().chain(functions.decisions).collect(),
            tasks: self.ecs.finish(),
            queues,
            streams: self.streams.finish(end),
            topics: self.sns.finish(self.architecture),
            buckets: self.s3.finish(),
            event_bus: self.eventbridge.finish(),
            rds_events,
            event_subscriptions,
            steps,
            names: resources.into_iter().map(name).collect(),
        }
    }
}

#[inline]
fn earliest(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
