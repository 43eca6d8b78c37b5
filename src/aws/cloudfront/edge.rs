//! A distribution while it runs: its caches, and the requests on their way.

use rustc_hash::FxHashMap;

use crate::aws::architecture::Resource;
use crate::aws::cloudfront::cache::{Cache, Found, Key};
use crate::aws::cloudfront::distribution::{
    Association, Behavior, Distribution, Kind, Names, Trigger, ViewerProtocol,
};
use crate::aws::cloudfront::flight::Flight;
use crate::aws::cloudfront::functions::{FunctionState, Settled, Waiting, replica};
use crate::aws::cloudfront::interned::Interned;
use crate::aws::cloudfront::metrics::{DistributionMetrics, RequestRecord, Tier, What};
use crate::aws::cloudfront::origin::OriginState;
use crate::aws::cloudfront::recorder::Recorder;
use crate::aws::cloudfront::request::{OBJECT, Reply, Request, matches};
use crate::aws::cloudfront::rules::{FunctionLimits, Prices, ttls};
use crate::aws::cloudfront::service::{Replicate, Timer};
use crate::aws::cloudfront::ttl::Ttls;
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Request as Asking};
use crate::aws::reader::Reader;
use crate::sim::agenda::Priority;

/// The events of a request.
const EVENTS: usize = Trigger::ALL.len();

/// A cache behaviour with what follows from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BehaviorState<'a> {
    pub(super) behavior: &'a Behavior,
    pub(super) ttls: Ttls,
    /// Whether requests for one object wait for each other at all.
    pub(super) collapses: bool,
    /// Whether requests are dynamic, so that they skip the regional edge cache.
    pub(super) dynamic: bool,
    /// Whether functions at the origin's events see the query string.
    pub(super) sees_query: bool,
    /// By [`Trigger`].
    pub(super) associations: [Option<Association>; EVENTS],
}

/// What a kind of request comes to at once.
#[derive(Clone, Copy, Debug)]
struct Entrance {
    behavior: u32,
    key: Key,
    has_object: bool,
    /// Whether nothing stands between it and the edge location's cache, and nothing between that
    /// and the viewer.
    plain: bool,
}

/// A distribution while it runs.
#[derive(Debug)]
pub(super) struct Edge<'a> {
    pub(super) index: u32,
    pub(super) distribution: &'a Distribution,
    pub(super) limits: FunctionLimits,
    pub(super) error_ttl: u64,
    /// From an edge location to its regional edge cache, and back.
    pub(super) travel: (u64, u64),
    pub(super) behaviors: Vec<BehaviorState<'a>>,
    pub(super) functions: Vec<FunctionState>,
    pub(super) origins: Vec<OriginState<'a>>,
    pub(super) edges: Vec<Cache>,
    pub(super) regionals: Vec<Cache>,
    /// The place of the regional edge cache behind each edge location.
    pub(super) regional_of: Vec<usize>,
    pub(super) requests: Interned<Request>,
    pub(super) replies: Interned<Reply>,
    keys: Interned<String>,
    entrances: Vec<Entrance>,
    /// Keys, and whether the path has objects, by behaviour and request.
    routes: FxHashMap<(u32, u32), (Key, bool)>,
    /// What is forwarded, by behaviour and request.
    forwarded: FxHashMap<(u32, u32), u32>,
    pub(super) settled: FxHashMap<(u32, u64, u32, u32), Settled>,
    pub(super) flights: Vec<Option<Flight>>,
    /// The runs of Lambda@Edge that requests wait for, by the slot of the request.
    pub(super) waiting: Vec<Option<Waiting>>,
    pub(super) callers: Vec<Asking>,
    free: Vec<u32>,
    pub(super) recorder: Recorder,
}

impl<'a> Edge<'a> {
    pub(super) fn new(
        index: u32,
        distribution: &'a Distribution,
        reader: &Reader<'_>,
        seed: u64,
        replicate: &mut Replicate<'_>,
    ) -> Self {
        let mut regions: Vec<&str> = Vec::new();
        let mut regional_of = Vec::new();
        for location in &distribution.locations {
            let known = regions.iter().position(|region| *region == location.region);
            regional_of.push(known.unwrap_or(regions.len()));
            if known.is_none() {
                regions.push(&location.region);
            }
        }
        let functions = distribution
            .functions
            .iter()
            .map(|function| {
                let replicas: Vec<Resource> = match function.kind {
                    Kind::CloudFrontFunction => Vec::new(),
                    Kind::LambdaEdge => {
                        let replica = |region: &&str| {
                            let function = replica(&distribution.name, function, region, reader);
                            replicate(&function, region)
                        };
                        regions.iter().map(replica).collect()
                    }
                };
                FunctionState::new(&distribution.name, function, replicas, reader, seed)
            })
            .collect();
        let travel = reader.time("cloudfront.regional_edge_cache_round_trip");
        Self {
            index,
            distribution,
            limits: FunctionLimits::new(reader),
            error_ttl: reader.time("cloudfront.error_caching_min_ttl"),
            travel: (travel / 2, travel - travel / 2),
            behaviors: distribution
                .behaviors
                .iter()
                .map(|behavior| BehaviorState::new(behavior, reader))
                .collect(),
            functions,
            origins: distribution
                .origins
                .iter()
                .map(|origin| OriginState::new(&distribution.name, origin, reader, seed))
                .collect(),
            edges: vec![Cache::default(); distribution.locations.len()],
            regionals: vec![Cache::default(); regions.len()],
            regional_of,
            requests: Interned::default(),
            replies: Interned::default(),
            keys: Interned::default(),
            entrances: Vec::new(),
            routes: FxHashMap::default(),
            forwarded: FxHashMap::default(),
            settled: FxHashMap::default(),
            flights: Vec::new(),
            waiting: Vec::new(),
            callers: Vec::new(),
            free: Vec::new(),
            recorder: Recorder::new(distribution, Prices::new(distribution, reader)),
        }
    }

    /// Makes a kind of request known; gives its number.
    pub(super) fn add(&mut self, request: Request) -> u32 {
        let behavior = self.behavior_for(&request.path);
        let number = self.requests.number(request);
        let request = self.requests.get(number);
        let state = self.behaviors.get(behavior as usize);
        let plain = state.is_some_and(|state| {
            let at_viewer = |trigger: Trigger| state.associations[trigger as usize].is_some();
            request.method.is_cached()
                && (!request.plain_http
                    || state.behavior.viewer_protocol == ViewerProtocol::AllowAll)
                && !at_viewer(Trigger::ViewerRequest)
                && !at_viewer(Trigger::ViewerResponse)
                && state.ttls.max > 0
        });
        let (key, has_object) = self.route(behavior, number);
        let entrance = Entrance { behavior, key, has_object, plain };
        // Requests that functions make are no entrances, so numbers may be skipped.
        if self.entrances.len() <= number as usize {
            self.entrances.resize(number as usize + 1, entrance);
        }
        if let Some(place) = self.entrances.get_mut(number as usize) {
            *place = entrance;
        }
        number
    }

    /// The behaviour of a viewer's path: the first that matches. A path with objects is looked at
    /// as it is written.
    pub(super) fn behavior_for(&self, path: &str) -> u32 {
        let behaviors = &self.distribution.behaviors;
        let found = behaviors.iter().position(|behavior| matches(&behavior.pattern, path));
        found.unwrap_or(behaviors.len().saturating_sub(1)) as u32
    }

    /// The cache key of a request under a behaviour, without the object's number, and whether it
    /// has one.
    pub(super) fn route(&mut self, behavior: u32, request: u32) -> (Key, bool) {
        if let Some(&route) = self.routes.get(&(behavior, request)) {
            return route;
        }
        let value = self.requests.get(request);
        let has_object = value.path.contains(OBJECT);
        let policy = self.behaviors.get(behavior as usize).map(|state| &state.behavior.policy);
        let text = policy.map_or_else(String::new, |policy| value.key(&policy.key));
        let key = Key::from(self.keys.number(text)) << u32::BITS;
        self.routes.insert((behavior, request), (key, has_object));
        (key, has_object)
    }

    /// What of a request reaches the origin's side.
    pub(super) fn forwarded(&mut self, behavior: u32, request: u32) -> u32 {
        if let Some(&number) = self.forwarded.get(&(behavior, request)) {
            return number;
        }
        let Some(state) = self.behaviors.get(behavior as usize) else { return request };
        let (key, more) = (&state.behavior.policy.key, &state.behavior.origin_request_policy);
        let value = self.requests.get(request).forwarded(key, more);
        let number = self.requests.number(value);
        self.forwarded.insert((behavior, request), number);
        number
    }

    /// A viewer's request comes to an edge location.
    #[inline]
    pub(super) fn receive(
        &mut self,
        context: &mut Context,
        records: &mut Vec<RequestRecord>,
        asking: &Asking,
        number: u32,
        location: u32,
        object: u32,
    ) {
        let now = context.now();
        let Some(&entrance) = self.entrances.get(number as usize) else { return };
        let request = self.requests.get(number);
        let came = (now, asking.message.story);
        let record = self.recorder.arrived(records, self.index, came, location, request, object);
        let object = if entrance.has_object { object } else { 0 };
        let key = entrance.key | Key::from(object);
        if entrance.plain
            && let Some(cache) = self.edges.get(location as usize)
            && let Found::Fresh(reply) = cache.look_up(key, now)
        {
            let reply = self.replies.get(reply);
            // The page of an error may have to be fetched.
            if !reply.is_error() {
                if record.is_some() {
                    let hit = What::Lookup { tier: Tier::Edge, hit: true, expired: false };
                    self.recorder.step(records, record, now, now, hit);
                }
                self.recorder.hit(records, location, reply, record, now);
                context.answer(asking.caller, Answer::Success);
                return;
            }
        }
        let mut flight = Flight::new(now, location, number, object, entrance.behavior);
        flight.record = record;
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.flights.push(None);
                self.waiting.push(None);
                self.callers.push(*asking);
                (self.flights.len() - 1) as u32
            }
        };
        self.flights[slot as usize] = Some(flight);
        self.callers[slot as usize] = *asking;
        self.go_on(context, records, slot);
    }

    /// The request is answered and gone; its slot is free.
    pub(super) fn done(
        &mut self,
        context: &mut Context,
        records: &mut [RequestRecord],
        slot: u32,
        flight: &Flight,
        reply: &Reply,
    ) {
        let now = context.now();
        let is_cached = self.requests.get(flight.original).method.is_cached();
        self.recorder.answered(records, flight, reply, is_cached, now);
        let answer = if reply.is_error() { Answer::Error } else { Answer::Success };
        if let Some(asking) = self.callers.get(slot as usize) {
            context.answer(asking.caller, answer);
        }
        self.flights[slot as usize] = None;
        self.free.push(slot);
    }

    /// A request goes on after a time.
    pub(super) fn wake(&self, context: &mut Context, slot: u32, at: u64) {
        let timer = Timer { distribution: self.index, flight: slot };
        context.at(at, Priority::Release, Event::CloudFront(timer));
    }

    /// Who waits when a request asks a Lambda@Edge function.
    pub(super) fn caller(&self, slot: u32) -> Caller {
        Caller::Edge(Timer { distribution: self.index, flight: slot })
    }

    pub(super) fn finish(self, end: u64) -> DistributionMetrics {
        self.recorder.finish(end)
    }
}

impl<'a> BehaviorState<'a> {
    fn new(behavior: &'a Behavior, reader: &Reader<'_>) -> Self {
        let mut associations = [None; EVENTS];
        for association in &behavior.associations {
            associations[association.trigger as usize] = Some(*association);
        }
        let ttls = ttls(behavior, reader);
        let (key, more) = (&behavior.policy.key, &behavior.origin_request_policy);
        let cookies = [&key.cookies, &more.cookies].iter().any(|names| **names != Names::None);
        Self {
            behavior,
            ttls,
            collapses: !cookies && ttls.max > 0,
            dynamic: ttls.max == 0 || key.headers == Names::All,
            sees_query: [&key.query, &more.query].iter().any(|names| **names == Names::All),
            associations,
        }
    }
}
