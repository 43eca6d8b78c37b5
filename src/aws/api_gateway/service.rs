//! API Gateway as a service of the event loop.

use std::collections::{BTreeMap, VecDeque};

use crate::aws::api_gateway::deployment::{Api, ApiKind};
use crate::aws::api_gateway::metrics::{ApiMetrics, ApiRequest, FIRST_REQUESTS};
use crate::aws::architecture::{Architecture, Form, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Message, Request};
use crate::aws::reader::Reader;
use crate::aws::trace::What;
use crate::sim::agenda::Priority;
use crate::sim::bucket::TokenBucket;
use crate::sim::draw::Draw;
use crate::sim::random::Random;
use crate::sim::statistics::distribution::Recorder;

/// A timer of API Gateway's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A request is handed to its integration.
    Integrate {
        /// The slot of the request.
        slot: u32,
    },
    /// The oldest request of an API may have come to the integration's time limit.
    Timeout {
        /// The API.
        api: u32,
    },
}

/// A request that isn't answered.
#[derive(Clone, Copy, Debug)]
struct Pending {
    api: u32,
    caller: Caller,
    message: Message,
    arrived: u64,
    integrated: u64,
    /// Which request of its slot it is, so that an answer that comes too late isn't taken for
    /// another's.
    run: u32,
    waiting: bool,
    /// Its place among those that are kept one by one.
    record: Option<u32>,
}

/// The statuses of a kind of API.
#[derive(Clone, Copy, Debug)]
struct Statuses {
    success: u16,
    throttled: u16,
    refused: u16,
    error: u16,
    timeout: u16,
}

/// An API while it runs.
#[derive(Debug)]
struct Running {
    integration: Resource,
    form: Form,
    timeout: u64,
    throttle: Option<TokenBucket>,
    overhead: Draw,
    statuses: Statuses,
    /// When each request under way comes to the time limit, in order: the time, its slot and which
    /// request of the slot.
    deadlines: VecDeque<(u64, u32, u32)>,
    metrics: ApiMetrics,
    latency: Recorder,
    integration_latency: Recorder,
    by_status: BTreeMap<u16, u64>,
}

/// API Gateway while it runs.
#[derive(Debug)]
pub struct Service {
    account: TokenBucket,
    apis: Vec<Running>,
    requests: Vec<Pending>,
    free: Vec<u32>,
}

impl Service {
    /// API Gateway with an architecture's APIs.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>, seed: u64) -> Self {
        let apis = &architecture.apis;
        let account = if apis.is_empty() {
            TokenBucket::new(0.0, 0.0)
        } else {
            let burst = reader.amount("api_gateway.throttle_burst");
            TokenBucket::new(burst, reader.amount("api_gateway.throttle_rate"))
        };
        Self {
            account,
            apis: apis.iter().map(|api| Running::new(api, reader, seed)).collect(),
            requests: Vec::new(),
            free: Vec::new(),
        }
    }

    /// A request comes.
    pub fn request(&mut self, context: &mut Context, request: Request) {
        let now = context.now();
        let Some(api) = self.apis.get_mut(request.target.place()) else { return };
        let record = api.arrived(now);
        let story = request.message.story;
        let of_stage = api.throttle.as_mut().is_none_or(|throttle| throttle.has_token(now));
        if !of_stage || !self.account.has_token(now) {
            api.metrics.throttled += 1;
            api.metrics.throttled_by_account += u64::from(of_stage);
            let status = api.statuses.refused;
            api.answered(record, now, now, status);
            context.trace.record(now, story, request.target, What::Status(status));
            context.answer(request.caller, Answer::Refused);
            return;
        }
        self.account.take();
        if let Some(throttle) = &mut api.throttle {
            throttle.take();
        }
        let overhead = api.overhead.draw();
        let pending = Pending {
            api: request.target.index,
            caller: request.caller,
            message: request.message,
            arrived: now,
            integrated: now,
            run: 0,
            waiting: true,
            record,
        };
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.requests.push(pending);
                (self.requests.len() - 1) as u32
            }
        };
        let run = self.requests[slot as usize].run.wrapping_add(1);
        self.requests[slot as usize] = Pending { run, ..pending };
        if overhead == 0 {
            self.integrate(context, slot);
        } else {
            context.after(overhead, Event::ApiGateway(Timer::Integrate { slot }));
        }
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        match timer {
            Timer::Integrate { slot } => self.integrate(context, slot),
            Timer::Timeout { api } => self.time_out(context, api),
        }
    }

    /// A request is handed to the function.
    fn integrate(&mut self, context: &mut Context, slot: u32) {
        let now = context.now();
        let Some(pending) = self.requests.get_mut(slot as usize) else { return };
        pending.integrated = now;
        let Pending { api: index, message, run, .. } = *pending;
        let Some(api) = self.apis.get_mut(index as usize) else { return };
        let target = api.integration;
        if api.form == Form::Delivery {
            context.at(now, Priority::Arrive, Event::Delivery(target, message));
            let status = api.statuses.success;
            self.respond(context, slot, status, Answer::Success);
            return;
        }
        let deadline = now.saturating_add(api.timeout);
        if api.deadlines.is_empty() {
            let timer = Event::ApiGateway(Timer::Timeout { api: index });
            context.at(deadline, Priority::Expire, timer);
        }
        api.deadlines.push_back((deadline, slot, run));
        let caller = Caller::Integration { slot, run };
        let request = Request { target, caller, message };
        context.at(now, Priority::Arrive, Event::Request(request));
    }

    fn is_under_way(&self, slot: u32, run: u32) -> bool {
        let request = self.requests.get(slot as usize);
        request.is_some_and(|request| request.waiting && request.run == run)
    }

    /// The function has answered, or couldn't be invoked.
    pub fn answered(&mut self, context: &mut Context, slot: u32, run: u32, answer: Answer) {
        if !self.is_under_way(slot, run) {
            context.stale();
            return;
        }
        let index = self.requests.get(slot as usize).map_or(0, |pending| pending.api);
        let Some(api) = self.apis.get_mut(index as usize) else { return };
        let statuses = api.statuses;
        let (status, answer) = match answer {
            Answer::Success => (statuses.success, Answer::Success),
            Answer::Error | Answer::Timeout | Answer::Recursive => {
                api.metrics.integration_errors += 1;
                (statuses.error, Answer::Error)
            }
            Answer::Throttled(_) | Answer::Refused => {
                api.metrics.integration_throttles += 1;
                (statuses.throttled, Answer::Error)
            }
        };
        self.respond(context, slot, status, answer);
    }

    /// Answers the requests of an API that have waited as long as it waits.
    fn time_out(&mut self, context: &mut Context, index: u32) {
        let now = context.now();
        let mut timed_out = false;
        loop {
            let Some(api) = self.apis.get_mut(index as usize) else { return };
            let Some(&(deadline, slot, run)) = api.deadlines.front() else { break };
            let alive = self.requests.get(slot as usize);
            let alive = alive.is_some_and(|request| request.waiting && request.run == run);
            if alive && deadline > now {
                let timer = Event::ApiGateway(Timer::Timeout { api: index });
                context.at(deadline, Priority::Expire, timer);
                break;
            }
            api.deadlines.pop_front();
            if alive {
                timed_out = true;
                api.metrics.integration_timeouts += 1;
                let status = api.statuses.timeout;
                self.respond(context, slot, status, Answer::Timeout);
            }
        }
        if !timed_out {
            context.stale();
        }
    }

    /// A request is answered.
    fn respond(&mut self, context: &mut Context, slot: u32, status: u16, answer: Answer) {
        let now = context.now();
        let Some(request) = self.requests.get_mut(slot as usize) else { return };
        request.waiting = false;
        let request = *request;
        self.free.push(slot);
        let Some(api) = self.apis.get_mut(request.api as usize) else { return };
        api.integration_latency.record(now.saturating_sub(request.integrated));
        api.answered(request.record, request.arrived, now, status);
        let resource = Resource { kind: ResourceKind::Api, index: request.api };
        context.trace.record(now, request.message.story, resource, What::Status(status));
        context.answer(request.caller, answer);
    }

    /// The metrics of the APIs.
    pub fn finish(self, end: u64) -> Vec<ApiMetrics> {
        self.apis.into_iter().map(|api| api.finish(end)).collect()
    }
}

impl Running {
    fn new(api: &Api, reader: &Reader<'_>, seed: u64) -> Self {
        let kind = match api.kind {
            ApiKind::Rest => "rest",
            ApiKind::Http => "http",
        };
        let status = |of: &str| reader.count(&format!("api_gateway.{kind}_{of}_status")) as u16;
        let timeout = || reader.time(&format!("api_gateway.{kind}_integration_timeout"));
        let random = Random::stream(seed, &["api", &api.name, "overhead"]);
        let throttle = |throttle: super::deployment::Throttle| {
            TokenBucket::new(throttle.burst as f64, throttle.rate)
        };
        Self {
            integration: api.integration,
            form: api.form,
            timeout: api.integration_timeout.unwrap_or_else(timeout),
            throttle: api.throttle.map(throttle),
            overhead: Draw::new(api.overhead, random),
            statuses: Statuses {
                success: reader.count("api_gateway.success_status") as u16,
                refused: reader.count("api_gateway.throttle_status") as u16,
                throttled: status("throttled"),
                error: status("error"),
                timeout: status("timeout"),
            },
            deadlines: VecDeque::new(),
            metrics: ApiMetrics { name: api.name.clone(), ..ApiMetrics::default() },
            latency: Recorder::default(),
            integration_latency: Recorder::default(),
            by_status: BTreeMap::new(),
        }
    }

    /// Counts a request: gives its place among those that are kept.
    fn arrived(&mut self, now: u64) -> Option<u32> {
        self.metrics.count += 1;
        let requests = &mut self.metrics.first_requests;
        if requests.len() >= FIRST_REQUESTS {
            return None;
        }
        requests.push(ApiRequest { arrived: now, answered: now, status: 0 });
        Some((requests.len() - 1) as u32)
    }

    /// Counts an answer.
    fn answered(&mut self, record: Option<u32>, arrived: u64, now: u64, status: u16) {
        *self.by_status.entry(status).or_default() += 1;
        match status / 100 {
            // The classes of HTTP: errors of the client's side, and of the server's.
            CLIENT_ERRORS => self.metrics.error_4xx += 1,
            SERVER_ERRORS => self.metrics.error_5xx += 1,
            _ => {}
        }
        if status / 100 >= CLIENT_ERRORS {
            self.metrics.errors_over_time.record(now);
        }
        self.latency.record(now.saturating_sub(arrived));
        let record = record.and_then(|at| self.metrics.first_requests.get_mut(at as usize));
        if let Some(record) = record {
            *record = ApiRequest { arrived, answered: now, status };
        }
    }

    fn finish(self, end: u64) -> ApiMetrics {
        let mut metrics = self.metrics;
        metrics.statuses = self.by_status.into_iter().collect();
        metrics.latency = self.latency.finish();
        metrics.integration_latency = self.integration_latency.finish();
        metrics.errors_over_time.finish(end);
        metrics
    }
}

/// The metrics of APIs to which nothing happens.
pub fn idle(architecture: &Architecture) -> Vec<ApiMetrics> {
    let empty = |api: &Api| ApiMetrics { name: api.name.clone(), ..ApiMetrics::default() };
    architecture.apis.iter().map(empty).collect()
}

/// The class of statuses that mean a mistake of the client's.
const CLIENT_ERRORS: u16 = 4;
/// The class of statuses that mean a failure of the server's.
const SERVER_ERRORS: u16 = 5;
