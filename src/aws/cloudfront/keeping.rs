//! What a cache does with a response that comes to it.
//!
//! What AWS leaves open is decided so:
//! - Each tier counts a response's lifetime from when it gets it.
//! - What a function's failing made isn't kept, and those that wait for it fetch for themselves.
//! - Errors of the origin that CloudFront itself answers with (no connection, no response) are kept
//!   as the origin's own are.
//! - No copy is evicted before its end.

use crate::aws::cloudfront::cache::{Cache, Entry};
use crate::aws::cloudfront::edge::Edge;
use crate::aws::cloudfront::flight::{Flight, GENERATED, Keep};
use crate::aws::cloudfront::metrics::{CacheResult, Tier};
use crate::aws::cloudfront::request::{Reply, status};
use crate::aws::cloudfront::ttl::{collapses, lifetime};

impl Edge<'_> {
    /// The cache that a request has to do with at a tier.
    pub(super) fn cache(&mut self, flight: &Flight, tier: Tier) -> Option<&mut Cache> {
        let location = flight.location as usize;
        match tier {
            Tier::Edge => self.edges.get_mut(location),
            Tier::Regional => {
                let place = *self.regional_of.get(location)?;
                self.regionals.get_mut(place)
            }
        }
    }

    /// Puts a request's response into a cache, or takes an expired copy in its place when the
    /// origin has failed. Gives whether others may share what the request now has.
    pub(super) fn keep(&mut self, flight: &mut Flight, tier: Tier, now: u64) -> bool {
        let is_cached = self.is_cached(flight);
        let Some(state) = self.behaviors.get(flight.behavior as usize) else { return false };
        let ttls = state.ttls;
        let reply = self.replies.get(flight.reply);
        if !is_cached || reply.fault.is_some_and(|fault| !fault.is_origin()) {
            return false;
        }
        let error = reply.is_error().then(|| self.error_lifetime(reply));
        let kept = match error {
            Some(kept) => kept,
            None => lifetime(ttls, &reply.cache_control),
        };
        let shares = error.is_some() || collapses(ttls, &reply.cache_control);
        let fails = reply.status >= status::SERVER_ERROR;
        let error_until = now.saturating_add(self.error_ttl(reply.status));
        let before = self.cache(flight, tier).and_then(|cache| cache.entry(flight.key)).copied();
        let copy = before.and_then(|entry| entry.reply.map(|reply| (reply, entry)));
        let stands_in = match flight.keep {
            Keep::StandsInUntil(until) => Some(until),
            Keep::AsItSays if fails => copy
                .filter(|(copy, entry)| self.stands_in(self.replies.get(*copy), entry, now))
                .map(|_| error_until),
            Keep::AsItSays => None,
        };
        let entry = if let Some(until) = stands_in {
            flight.keep = Keep::StandsInUntil(until);
            flight.result = CacheResult::Stale;
            let (reply, expires, version) = match copy {
                Some((reply, entry)) => (reply, entry.expires.min(now), entry.version),
                None => (flight.reply, now, flight.version),
            };
            (flight.reply, flight.version) = (reply, version);
            let reply = Some(reply);
            Entry { reply, expires, stands_in_until: until, version, collapses: true }
        } else {
            Entry {
                reply: kept.map(|_| flight.reply),
                expires: now.saturating_add(kept.unwrap_or_default()),
                stands_in_until: 0,
                // An error has nothing that could be confirmed.
                version: if error.is_some() { GENERATED } else { flight.version },
                collapses: shares,
            }
        };
        if let Some(cache) = self.cache(flight, tier) {
            cache.store(flight.key, entry);
        }
        entry.reply.is_some()
    }

    /// Whether an expired copy may stand in for an error at `now`.
    fn stands_in(&self, copy: &Reply, entry: &Entry, now: u64) -> bool {
        let until =
            copy.cache_control.stale_if_error.map(|time| entry.expires.saturating_add(time));
        !copy.is_error() && until.is_none_or(|until| now < until)
    }

    /// How long an error is cached at least.
    fn error_ttl(&self, status: u16) -> u64 {
        let pages = &self.distribution.error_pages;
        let page = pages.iter().find(|page| page.status == status);
        page.and_then(|page| page.min_ttl).unwrap_or(self.error_ttl)
    }

    /// How long an error is kept; `None` when it isn't.
    fn error_lifetime(&self, reply: &Reply) -> Option<u64> {
        let headers = &reply.cache_control;
        let age = headers.s_maxage.or(headers.max_age);
        let least = self.error_ttl(reply.status);
        let always = status::CACHED_ERRORS.contains(&reply.status);
        let with_age = status::CACHED_WITH_AGE.contains(&reply.status) && age.is_some();
        (always || with_age).then(|| age.unwrap_or_default().max(least))
    }
}
