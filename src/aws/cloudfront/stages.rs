//! The way of a request: edge location, regional edge cache, origin, and back.

use crate::aws::cloudfront::cache::{Found, Key, Turn};
use crate::aws::cloudfront::distribution::{Failure, Trigger, ViewerProtocol};
use crate::aws::cloudfront::edge::Edge;
use crate::aws::cloudfront::flight::{Copied, Flight, GENERATED, Keep, PageFor, Returned, Stage};
use crate::aws::cloudfront::metrics::{CacheResult, RequestRecord, Tier, What};
use crate::aws::cloudfront::request::{Fault, Reply, Request, Source, status};
use crate::aws::engine::context::Context;

/// What becomes of a request after a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// It goes on at once.
    Now,
    /// It goes on when somebody says so.
    Later,
    /// It is answered.
    Done,
}

/// What a stage works with beside the distribution and the request.
struct Hands<'h> {
    context: &'h mut Context,
    records: &'h mut Vec<RequestRecord>,
    slot: u32,
    /// Requests that go on at once too, since what they waited for is there.
    ready: &'h mut Vec<u32>,
}

impl Edge<'_> {
    /// A request goes on, and with it those that waited for it.
    pub(super) fn go_on(
        &mut self,
        context: &mut Context,
        records: &mut Vec<RequestRecord>,
        slot: u32,
    ) {
        let mut ready = vec![slot];
        let mut next = 0;
        while let Some(&slot) = ready.get(next) {
            next += 1;
            let Some(mut flight) = self.flights.get(slot as usize).copied().flatten() else {
                continue;
            };
            let mut hands = Hands { context, records, slot, ready: &mut ready };
            let end = loop {
                match self.stage(&mut hands, &mut flight) {
                    Next::Now => {}
                    end => break end,
                }
            };
            if end == Next::Done {
                let reply = self.last_reply(&flight);
                self.done(context, records, slot, &flight, &reply);
            } else {
                self.flights[slot as usize] = Some(flight);
            }
        }
    }

    fn stage(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        match flight.stage {
            Stage::Received => self.received(hands, flight),
            Stage::AtEdge => self.at_edge(hands, flight),
            Stage::Upstream => self.upstream(hands, flight),
            Stage::AtRegional => self.at_regional(hands, flight),
            Stage::BeforeOrigin => self.before_origin(hands, flight),
            Stage::Forwarded => self.forwarded_to_origin(hands, flight),
            Stage::Answered => self.answered_by_origin(hands, flight),
            Stage::Cached => self.cached(hands, flight),
            Stage::BackAtEdge => self.back_at_edge(hands, flight),
            Stage::Ready => self.ready(hands, flight),
        }
    }

    /// The request goes on at its next stage after a time.
    fn after(&self, hands: &mut Hands<'_>, flight: &mut Flight, stage: Stage, time: u64) -> Next {
        flight.stage = stage;
        if time == 0 {
            return Next::Now;
        }
        let at = hands.context.now().saturating_add(time);
        self.wake(hands.context, hands.slot, at);
        Next::Later
    }

    fn record(&mut self, hands: &mut Hands<'_>, flight: &Flight, until: u64, what: What) {
        if flight.record.is_some() {
            let now = hands.context.now();
            self.recorder.step(hands.records, flight.record, now, until, what);
        }
    }

    fn received(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        let request = self.requests.get(flight.request);
        let Some(state) = self.behaviors.get(flight.behavior as usize) else { return Next::Done };
        let refusal = if !request.plain_http {
            None
        } else {
            match state.behavior.viewer_protocol {
                ViewerProtocol::AllowAll => None,
                ViewerProtocol::RedirectToHttps => {
                    Some(Reply::new(status::MOVED_PERMANENTLY, Source::CloudFront))
                }
                ViewerProtocol::HttpsOnly => Some(Reply::fault(Fault::HttpsRequired, None)),
            }
        };
        let allowed = request.method.is_allowed(state.behavior.allowed_methods);
        let not_allowed = || (!allowed).then(|| Reply::fault(Fault::MethodNotAllowed, None));
        if let Some(reply) = refusal.or_else(not_allowed) {
            flight.reply = self.replies.number(reply);
            return Next::Done;
        }
        flight.stage = Stage::AtEdge;
        match self.association(flight.behavior, Trigger::ViewerRequest) {
            Some(association) => {
                let seen = (flight.request, None);
                let at = (hands.slot, flight);
                self.begin(hands.context, hands.records, at, association, seen);
                Next::Later
            }
            None => Next::Now,
        }
    }

    /// Whether caches have to do with a request at all.
    pub(super) fn is_cached(&self, flight: &Flight) -> bool {
        let state = self.behaviors.get(flight.behavior as usize);
        self.requests.get(flight.request).method.is_cached()
            && state.is_some_and(|state| state.ttls.max > 0)
    }

    fn at_edge(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        match flight.returned.take() {
            Some(Returned::Request(request)) => flight.request = request,
            Some(Returned::Reply(reply)) => {
                flight.reply = reply;
                return Next::Done;
            }
            None => {}
        }
        let (key, has_object) = self.route(flight.behavior, flight.request);
        flight.key = if has_object { key | Key::from(flight.object) } else { key };
        flight.stage = Stage::Upstream;
        if !self.is_cached(flight) {
            return Next::Now;
        }
        let found = self.look_up(hands, flight, Tier::Edge);
        let (reply, result) = match found {
            Found::Fresh(reply) => (reply, CacheResult::Hit),
            Found::StandIn(reply) => (reply, CacheResult::Stale),
            Found::Expired { reply, version } => {
                flight.edge_copy = Some(Copied { reply, version });
                return self.take_turn(hands, flight, Tier::Edge);
            }
            Found::Nothing => return self.take_turn(hands, flight, Tier::Edge),
        };
        (flight.reply, flight.result, flight.stage) = (reply, result, Stage::Ready);
        Next::Now
    }

    fn look_up(&mut self, hands: &mut Hands<'_>, flight: &Flight, tier: Tier) -> Found {
        let now = hands.context.now();
        let found = self.cache(flight, tier).map_or(Found::Nothing, |c| c.look_up(flight.key, now));
        let hit = matches!(found, Found::Fresh(_) | Found::StandIn(_));
        let expired = matches!(found, Found::StandIn(_) | Found::Expired { .. });
        self.record(hands, flight, now, What::Lookup { tier, hit, expired });
        found
    }

    /// A request that a cache can't serve leads, waits, or goes alone.
    fn take_turn(&mut self, hands: &mut Hands<'_>, flight: &mut Flight, tier: Tier) -> Next {
        let collapses =
            self.behaviors.get(flight.behavior as usize).is_some_and(|state| state.collapses);
        let key = flight.key;
        let slot = hands.slot;
        let turn =
            self.cache(flight, tier).map_or(Turn::Alone, |cache| cache.turn(key, slot, collapses));
        match (turn, tier) {
            (Turn::Leads, Tier::Edge) => flight.leads_edge = true,
            (Turn::Leads, Tier::Regional) => flight.leads_regional = true,
            (Turn::Waits, _) => {
                flight.waits_since = hands.context.now();
                return Next::Later;
            }
            (Turn::Alone, _) => {}
        }
        Next::Now
    }

    /// Towards the origin: through the regional edge cache, or past it.
    fn upstream(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        let Some(state) = self.behaviors.get(flight.behavior as usize) else { return Next::Done };
        let location = self.distribution.locations.get(flight.location as usize);
        let origin = self.distribution.origins.get(state.behavior.origin);
        let bucket_is_near = origin
            .and_then(|origin| origin.bucket_region.as_deref())
            .is_some_and(|region| location.is_some_and(|location| location.region == region));
        flight.through_regional = self.is_cached(flight) && !state.dynamic && !bucket_is_near;
        if !flight.through_regional {
            flight.stage = Stage::BeforeOrigin;
            return Next::Now;
        }
        let until = hands.context.now().saturating_add(self.travel.0);
        self.record(hands, flight, until, What::ToRegional);
        self.after(hands, flight, Stage::AtRegional, self.travel.0)
    }

    fn at_regional(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        flight.stage = Stage::BeforeOrigin;
        let now = hands.context.now();
        match self.look_up(hands, flight, Tier::Regional) {
            Found::Fresh(reply) => {
                (flight.reply, flight.result) = (reply, CacheResult::RegionalHit);
                let entry = self.cache(flight, Tier::Regional).and_then(|c| c.entry(flight.key));
                flight.version = entry.map_or(GENERATED, |entry| entry.version);
                self.travel_back(hands, flight)
            }
            Found::StandIn(reply) => {
                (flight.reply, flight.result) = (reply, CacheResult::Stale);
                let entry = self.cache(flight, Tier::Regional).and_then(|c| c.entry(flight.key));
                let (version, until) =
                    entry.map_or((GENERATED, now), |e| (e.version, e.stands_in_until));
                flight.version = version;
                flight.keep = Keep::StandsInUntil(until);
                self.travel_back(hands, flight)
            }
            Found::Expired { reply, version } => {
                flight.regional_copy = Some(Copied { reply, version });
                self.take_turn(hands, flight, Tier::Regional)
            }
            Found::Nothing => self.take_turn(hands, flight, Tier::Regional),
        }
    }

    /// From the regional edge cache back to the edge location.
    fn travel_back(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        let until = hands.context.now().saturating_add(self.travel.1);
        self.record(hands, flight, until, What::FromRegional);
        self.after(hands, flight, Stage::BackAtEdge, self.travel.1)
    }

    fn before_origin(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        let Some(state) = self.behaviors.get(flight.behavior as usize) else { return Next::Done };
        let behavior = state.behavior;
        let mut forwarded = self.forwarded(flight.behavior, flight.request);
        let chosen = self.requests.get(forwarded).origin;
        let origin = match &behavior.failover {
            Some(failover) if flight.failed_over => {
                let request = Request { origin: None, ..self.requests.get(forwarded).clone() };
                forwarded = self.requests.number(request);
                failover.origin
            }
            _ => chosen.unwrap_or(behavior.origin),
        };
        flight.forwarded = forwarded;
        flight.origin = origin as u32;
        let now = hands.context.now();
        flight.failure = self.origins.get_mut(origin).and_then(|origin| origin.failure(now));
        // The name is resolved before the function runs.
        if flight.failure == Some(Failure::Unresolved) {
            let name = self.distribution.origins.get(origin).map_or("", |origin| &origin.name);
            let detail = format!("{name}: name not resolved");
            let reply = Reply::fault(Fault::OriginDnsError, Some(detail));
            flight.reply = self.replies.number(reply);
            self.recorder.origin_error(flight.origin);
            flight.stage = Stage::Answered;
            return Next::Now;
        }
        flight.stage = Stage::Forwarded;
        match self.association(flight.behavior, Trigger::OriginRequest) {
            Some(association) => {
                let seen = (flight.forwarded, None);
                let at = (hands.slot, flight);
                self.begin(hands.context, hands.records, at, association, seen);
                Next::Later
            }
            None => Next::Now,
        }
    }

    fn forwarded_to_origin(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        match flight.returned.take() {
            Some(Returned::Request(request)) => flight.forwarded = request,
            Some(Returned::Reply(reply)) => {
                (flight.reply, flight.version) = (reply, GENERATED);
                flight.stage = Stage::Cached;
                return Next::Now;
            }
            None => {}
        }
        let now = hands.context.now();
        let request = self.requests.get(flight.forwarded);
        if let Some(origin) = request.origin
            && origin as u32 != flight.origin
        {
            flight.origin = origin as u32;
            flight.failure = self.origins.get_mut(origin).and_then(|origin| origin.failure(now));
        }
        let copy = flight.regional_copy.or(flight.edge_copy);
        let Some(origin) = self.origins.get_mut(flight.origin as usize) else { return Next::Done };
        let asked = origin.ask(now, request, flight.failure, copy.map(|copy| copy.version));
        flight.version = asked.version;
        flight.asked = true;
        flight.not_modified = asked.reply.is_none();
        let code = asked.reply.as_ref().map_or(status::NOT_MODIFIED, |reply| reply.status);
        flight.reply = match (asked.reply, copy) {
            (Some(reply), _) => self.replies.number(reply),
            (None, Some(copy)) => copy.reply,
            (None, None) => return Next::Done,
        };
        self.recorder.origin_request(flight.origin, now);
        if flight.not_modified {
            self.recorder.metrics.not_modified += 1;
        }
        if code >= status::BAD_REQUEST {
            self.recorder.origin_error(flight.origin);
        }
        let what = What::Origin {
            origin: flight.origin,
            status: code,
            through_regional: flight.through_regional,
        };
        self.record(hands, flight, now.saturating_add(asked.takes), what);
        self.after(hands, flight, Stage::Answered, asked.takes)
    }

    fn answered_by_origin(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        let Some(state) = self.behaviors.get(flight.behavior as usize) else { return Next::Done };
        let reply = self.replies.get(flight.reply);
        let method = self.requests.get(flight.request).method;
        if let Some(failover) = &state.behavior.failover
            && !flight.failed_over
            && !flight.not_modified
            && method.fails_over()
            && (reply.fault.is_some() || failover.statuses.contains(&reply.status))
        {
            flight.failed_over = true;
            self.recorder.metrics.failovers += 1;
            flight.stage = Stage::BeforeOrigin;
            return Next::Now;
        }
        flight.stage = Stage::Cached;
        match self.association(flight.behavior, Trigger::OriginResponse) {
            Some(association) if reply.fault.is_none() => {
                let seen = (flight.forwarded, Some(flight.reply));
                let at = (hands.slot, flight);
                self.begin(hands.context, hands.records, at, association, seen);
                Next::Later
            }
            _ => Next::Now,
        }
    }

    fn cached(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        if let Some(Returned::Reply(reply)) = flight.returned.take() {
            flight.reply = reply;
        }
        if !flight.through_regional {
            flight.stage = Stage::BackAtEdge;
            return Next::Now;
        }
        let shared = self.keep(flight, Tier::Regional, hands.context.now());
        if std::mem::take(&mut flight.leads_regional) {
            self.release(hands, flight, Tier::Regional, shared);
        }
        self.travel_back(hands, flight)
    }

    fn back_at_edge(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        let stored = self.keep(flight, Tier::Edge, hands.context.now());
        if flight.result == CacheResult::None {
            let fault = self.replies.get(flight.reply).fault;
            flight.result = if flight.not_modified {
                CacheResult::RefreshHit
            } else if stored || self.is_cached(flight) && fault.is_some() {
                CacheResult::Miss
            } else {
                CacheResult::Uncacheable
            };
        }
        if std::mem::take(&mut flight.leads_edge) {
            self.release(hands, flight, Tier::Edge, stored);
        }
        flight.stage = Stage::Ready;
        Next::Now
    }

    /// A fetch is over: those that waited share it, or fetch for themselves.
    fn release(&mut self, hands: &mut Hands<'_>, leader: &Flight, tier: Tier, shared: bool) {
        let now = hands.context.now();
        let waiting = self.cache(leader, tier).map(|cache| cache.fetched(leader.key));
        for slot in waiting.unwrap_or_default() {
            let Some(mut flight) = self.flights.get(slot as usize).copied().flatten() else {
                continue;
            };
            let since = flight.waits_since;
            let waited = What::Waited { tier };
            self.recorder.step(hands.records, flight.record, since, now, waited);
            let stage = match (tier, shared) {
                (Tier::Edge, true) => Stage::Ready,
                (Tier::Edge, false) => Stage::Upstream,
                (Tier::Regional, true) => Stage::BackAtEdge,
                (Tier::Regional, false) => Stage::BeforeOrigin,
            };
            flight.stage = stage;
            if shared {
                (flight.reply, flight.version) = (leader.reply, leader.version);
                flight.keep = leader.keep;
                flight.result = match leader.keep {
                    Keep::AsItSays => CacheResult::Collapsed,
                    Keep::StandsInUntil(_) => CacheResult::Stale,
                };
            }
            if stage == Stage::BackAtEdge && self.travel.1 > 0 {
                let until = now.saturating_add(self.travel.1);
                let back = What::FromRegional;
                self.recorder.step(hands.records, flight.record, now, until, back);
                self.wake(hands.context, slot, until);
            } else {
                hands.ready.push(slot);
            }
            self.flights[slot as usize] = Some(flight);
        }
    }

    /// The response is there: an error may get a page, and the viewer response function runs.
    fn ready(&mut self, hands: &mut Hands<'_>, flight: &mut Flight) -> Next {
        if let Some(Returned::Reply(reply)) = flight.returned.take() {
            flight.reply = reply;
            return Next::Done;
        }
        if flight.page_for.is_some() {
            return Next::Done;
        }
        let reply = self.replies.get(flight.reply);
        let page = self.distribution.error_pages.iter().find(|page| page.status == reply.status);
        if let Some(page) = page.filter(|_| reply.is_error())
            && let Some(path) = &page.page
        {
            let behavior = self.behavior_for(path);
            let request = self.requests.number(Request::get(path));
            let page_for = PageFor {
                status: page.response_status.unwrap_or(reply.status),
                error: flight.reply,
                result: flight.result,
            };
            let now = hands.context.now();
            self.record(hands, flight, now, What::ErrorPage);
            *flight = flight.for_page(request, behavior, page_for);
            return Next::Now;
        }
        let runs = !reply.origin_error && reply.fault.is_none();
        match self.association(flight.behavior, Trigger::ViewerResponse) {
            Some(association) if runs => {
                let seen = (flight.request, Some(flight.reply));
                let at = (hands.slot, flight);
                self.begin(hands.context, hands.records, at, association, seen);
                Next::Later
            }
            _ => Next::Done,
        }
    }

    /// What the viewer gets.
    fn last_reply(&self, flight: &Flight) -> Reply {
        let reply = self.replies.get(flight.reply).clone();
        let Some(page) = flight.page_for else { return reply };
        let error = self.replies.get(page.error);
        // A page that can't be had is an error of its own.
        let status = if reply.is_error() { reply.status } else { page.status };
        let fault = reply.fault.or(error.fault);
        let detail = reply.detail.clone().or_else(|| error.detail.clone());
        Reply { status, fault, detail, ..reply }
    }
}
