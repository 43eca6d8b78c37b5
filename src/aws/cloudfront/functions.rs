//! Edge functions while they run.

use crate::aws::architecture::Resource;
use crate::aws::cloudfront::chance::{choose, is_random};
use crate::aws::cloudfront::distribution::{Association, Function, Kind, Trigger};
use crate::aws::cloudfront::edge::Edge;
use crate::aws::cloudfront::effect::{Place, Verdict, evaluate};
use crate::aws::cloudfront::flight::{Flight, Returned};
use crate::aws::cloudfront::metrics::{RequestRecord, RunEnd};
use crate::aws::cloudfront::recorder::FunctionRun;
use crate::aws::cloudfront::request::{Fault, Reply};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Event, Request as Asking};
use crate::aws::lambda::deployment::Function as LambdaFunction;
use crate::aws::reader::Reader;
use crate::sim::agenda::Priority;
use crate::sim::draw::{Distribution as Duration, Draw};
use crate::sim::random::Random;

/// Bits of the bytes in a MB.
const MEGABYTE_BITS: u32 = 20;

/// An edge function while it runs.
#[derive(Clone, Debug)]
pub(super) struct FunctionState {
    duration: Draw,
    choices: Option<Random>,
    timeout: u64,
    memory: u64,
    /// Where it is asked in each Region, for Lambda@Edge.
    replicas: Vec<Resource>,
}

/// How a run ends, for given choices, request and response; kept, since few differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    returned: Returned,
    end: RunEnd,
    extra: u64,
}

/// A run of Lambda@Edge that a request waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    association: Association,
    from: u64,
    handler: u64,
    settled: Settled,
}

/// The least memory of a Lambda function and its timeout, where nothing is said.
pub(super) fn lambda_settings(function: &Function, reader: &Reader<'_>) -> (u64, u64) {
    let memory = function.memory.unwrap_or_else(|| reader.count("lambda.memory_default"));
    let timeout = function.timeout.unwrap_or_else(|| reader.time("lambda.timeout_default"));
    (memory, timeout)
}

/// A Lambda@Edge function as it runs in a Region.
pub(super) fn replica(
    distribution: &str,
    function: &Function,
    region: &str,
    reader: &Reader<'_>,
) -> LambdaFunction {
    let (memory, timeout) = lambda_settings(function, reader);
    LambdaFunction {
        name: format!("{distribution}.{}.{region}", function.name),
        init_duration: function.init_duration,
        memory_mb: Some(memory >> MEGABYTE_BITS),
        timeout: Some(timeout),
        ..LambdaFunction::default()
    }
}

impl FunctionState {
    pub(super) fn new(
        distribution: &str,
        function: &Function,
        replicas: Vec<Resource>,
        reader: &Reader<'_>,
        seed: u64,
    ) -> Self {
        let stream = |purpose| {
            let names = ["distribution", distribution, "function", &function.name, purpose];
            Random::stream(seed, &names)
        };
        let name = match function.kind {
            Kind::CloudFrontFunction => "cloudfront.functions.duration_default",
            Kind::LambdaEdge => "cloudfront.lambda_edge.duration_default",
        };
        let duration = function.duration.unwrap_or_else(|| Duration::Constant(reader.time(name)));
        let (memory, timeout) = match function.kind {
            Kind::CloudFrontFunction => (0, 0),
            Kind::LambdaEdge => lambda_settings(function, reader),
        };
        Self {
            duration: Draw::new(duration, stream("duration")),
            choices: is_random(&function.actions).then(|| stream("choice")),
            timeout,
            memory,
            replicas,
        }
    }
}

impl Edge<'_> {
    /// The function at an event of a behaviour.
    pub(super) fn association(&self, behavior: u32, trigger: Trigger) -> Option<Association> {
        self.behaviors.get(behavior as usize)?.associations[trigger as usize]
    }

    /// A function begins for a request; it goes on when the function is over. `request` is what
    /// the function sees, `reply` the response at a response event.
    pub(super) fn begin(
        &mut self,
        context: &mut Context,
        records: &mut [RequestRecord],
        (slot, flight): (u32, &mut Flight),
        association: Association,
        (request, reply): (u32, Option<u32>),
    ) {
        let now = context.now();
        let Some(state) = self.functions.get_mut(association.function) else { return };
        let Some(function) = self.distribution.functions.get(association.function) else { return };
        let own = state.duration.draw();
        let choices = state.choices.as_mut().map_or(0, |random| choose(&function.actions, random));
        let memory = state.memory;
        let region = self.regional_of.get(flight.location as usize).copied().unwrap_or_default();
        let replica = state.replicas.get(region).copied();
        let settled = self.settle(flight.behavior, association, choices, request, reply);
        let handler = own.saturating_add(settled.extra);
        let waiting = Waiting { association, from: now, handler, settled };
        if let Some(target) = replica {
            let message = self.callers[slot as usize].message;
            let asking = Asking { target, caller: self.caller(slot), message };
            self.waiting[slot as usize] = Some(waiting);
            context.at(now, Priority::Arrive, Event::Run(asking, handler));
            return;
        }
        // A CloudFront Function that takes longer than it may is cut off.
        let allowed = self.limits.function_time;
        let ran = handler.min(allowed);
        let until = now.saturating_add(ran);
        let (returned, end) = if handler > allowed {
            let detail = format!("{} took longer than it may", function.name);
            self.fault(Fault::FunctionThrottledError, detail)
        } else {
            (settled.returned, settled.end)
        };
        flight.returned = Some(returned);
        let run = FunctionRun {
            function: association.function,
            trigger: association.trigger,
            from: now,
            until,
            ran: Some(handler.min(allowed)),
            allowed,
            memory,
            end,
        };
        self.recorder.ran(records, &run, flight.record);
        self.wake(context, slot, until);
    }

    fn fault(&mut self, fault: Fault, detail: String) -> (Returned, RunEnd) {
        let reply = self.replies.number(Reply::fault(fault, Some(detail)));
        (Returned::Reply(reply), RunEnd::Failed(fault))
    }

    /// A Lambda@Edge function that a request waits for has answered.
    pub(super) fn function_answered(
        &mut self,
        context: &mut Context,
        records: &mut Vec<RequestRecord>,
        slot: u32,
        answer: Answer,
    ) {
        let now = context.now();
        let Some(waiting) = self.waiting.get_mut(slot as usize).and_then(Option::take) else {
            return;
        };
        let Waiting { association, from, handler, settled } = waiting;
        let Some(function) = self.distribution.functions.get(association.function) else { return };
        let Some(state) = self.functions.get(association.function) else { return };
        let (timeout, memory) = (state.timeout, state.memory);
        let Some(mut flight) = self.flights.get(slot as usize).copied().flatten() else { return };
        let location = self.distribution.locations.get(flight.location as usize);
        let region = location.map_or("", |location| &location.region);
        let (returned, end) = match answer {
            Answer::Success => (settled.returned, settled.end),
            Answer::Error | Answer::Refused | Answer::Recursive => {
                self.fault(Fault::LambdaExecutionError, format!("{} failed", function.name))
            }
            Answer::Timeout => {
                let detail = format!("{} timed out in {region}", function.name);
                self.fault(Fault::LambdaLimitExceeded, detail)
            }
            Answer::Throttled(reason) => {
                let detail = format!("{} throttled in {region}: {reason:?}", function.name);
                self.fault(Fault::LambdaLimitExceeded, detail)
            }
        };
        let throttled = matches!(answer, Answer::Throttled(_));
        let run = FunctionRun {
            function: association.function,
            trigger: association.trigger,
            from,
            until: now,
            ran: (!throttled).then_some(handler.min(timeout)),
            allowed: timeout,
            memory,
            end,
        };
        self.recorder.ran(records, &run, flight.record);
        flight.returned = Some(returned);
        self.flights[slot as usize] = Some(flight);
        self.go_on(context, records, slot);
    }

    /// How a run ends.
    fn settle(
        &mut self,
        behavior: u32,
        association: Association,
        choices: u64,
        request: u32,
        reply: Option<u32>,
    ) -> Settled {
        let place = behavior * Trigger::ALL.len() as u32 + association.trigger as u32;
        let key = (place, choices, request, reply.map_or(0, |reply| reply + 1));
        if let Some(&settled) = self.settled.get(&key) {
            return settled;
        }
        let distribution = self.distribution;
        let sees_query = association.trigger.is_viewer()
            || self.behaviors.get(behavior as usize).is_some_and(|state| state.sees_query);
        let ending = distribution.functions.get(association.function).map(|function| {
            let place = Place {
                function,
                trigger: association.trigger,
                include_body: association.include_body,
                sees_query,
                limits: &self.limits,
            };
            let reply = reply.map(|reply| self.replies.get(reply));
            evaluate(place, choices, self.requests.get(request), reply)
        });
        let Some(ending) = ending else {
            return Settled {
                returned: Returned::Request(request),
                end: RunEnd::Continued,
                extra: 0,
            };
        };
        let (returned, end) = match ending.verdict {
            Verdict::Request(request) => {
                (Returned::Request(self.requests.number(request)), RunEnd::Continued)
            }
            Verdict::Reply(made) => {
                let end = match made.fault {
                    // A fault that came from further on only passes.
                    Some(fault) if reply.is_none_or(|r| self.replies.get(r).fault.is_none()) => {
                        RunEnd::Failed(fault)
                    }
                    _ if association.trigger.is_request() => RunEnd::Responded(made.status),
                    _ => RunEnd::Continued,
                };
                (Returned::Reply(self.replies.number(made)), end)
            }
        };
        let settled = Settled { returned, end, extra: ending.extra };
        self.settled.insert(key, settled);
        settled
    }
}
