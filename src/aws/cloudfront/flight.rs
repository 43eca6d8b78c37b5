//! A request on its way through CloudFront.

use crate::aws::cloudfront::cache::Key;
use crate::aws::cloudfront::distribution::Failure;
use crate::aws::cloudfront::metrics::CacheResult;

/// What a request does when it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It has come to the edge location.
    Received,
    /// It looks into the edge location's cache.
    AtEdge,
    /// Nobody's cache at the edge location has it: it goes on towards the origin.
    Upstream,
    /// It looks into the regional edge cache.
    AtRegional,
    /// It is about to be forwarded to the origin.
    BeforeOrigin,
    /// It is forwarded.
    Forwarded,
    /// The origin has answered.
    Answered,
    /// The response is ready to be cached, first in the regional edge cache.
    Cached,
    /// The response is back at the edge location.
    BackAtEdge,
    /// The response is ready for the viewer.
    Ready,
}

/// What a function has returned, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Returned {
    Request(u32),
    Reply(u32),
}

/// How a response is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// As its headers and the policy say.
    AsItSays,
    /// It is an expired one, which stands in for a failing origin until then.
    StandsInUntil(u64),
}

/// An expired copy of an object: the response and the state of the content that it is a copy of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Copied {
    pub(super) reply: u32,
    pub(super) version: u64,
}

/// The state of the content of what no origin sent.
pub(super) const GENERATED: u64 = u64::MAX;

/// A request on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    pub(super) stage: Stage,
    pub(super) arrived: u64,
    pub(super) location: u32,
    /// The number of the object, for a path that stands for many.
    pub(super) object: u32,
    /// The number of the request as it came.
    pub(super) original: u32,
    /// The number of the request after the viewer request function.
    pub(super) request: u32,
    /// The number of the request as it is forwarded.
    pub(super) forwarded: u32,
    pub(super) behavior: u32,
    pub(super) key: Key,
    /// What a function that is over has returned, until it is looked at.
    pub(super) returned: Option<Returned>,
    /// The number of the response.
    pub(super) reply: u32,
    /// The state of the origin's content that the response is a copy of.
    pub(super) version: u64,
    pub(super) keep: Keep,
    pub(super) result: CacheResult,
    /// Whether others wait for its fetch.
    pub(super) leads_edge: bool,
    pub(super) leads_regional: bool,
    /// Whether it goes through the regional edge cache.
    pub(super) through_regional: bool,
    /// Whether an origin was asked for this request.
    pub(super) asked: bool,
    pub(super) not_modified: bool,
    /// Expired copies that a conditional request can confirm.
    pub(super) edge_copy: Option<Copied>,
    pub(super) regional_copy: Option<Copied>,
    /// Whether the second origin of the group is asked.
    pub(super) failed_over: bool,
    /// How the origin fails for it, drawn before the origin request function.
    pub(super) failure: Option<Failure>,
    pub(super) origin: u32,
    /// The error whose page is fetched: its status and that for the viewer, and its fault's
    /// response.
    pub(super) page_for: Option<PageFor>,
    /// When it began to wait for another's fetch.
    pub(super) waits_since: u64,
    /// The number of its record, if one is kept.
    pub(super) record: Option<u32>,
}

/// An error for which a page is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageFor {
    /// The status that the viewer gets.
    pub(super) status: u16,
    /// The number of the error's own response.
    pub(super) error: u32,
    /// What the caches had for the error.
    pub(super) result: CacheResult,
}

impl Flight {
    pub(super) fn new(
        arrived: u64,
        location: u32,
        request: u32,
        object: u32,
        behavior: u32,
    ) -> Self {
        Self {
            stage: Stage::Received,
            arrived,
            location,
            object,
            original: request,
            request,
            forwarded: request,
            behavior,
            key: 0,
            returned: None,
            reply: 0,
            version: GENERATED,
            keep: Keep::AsItSays,
            result: CacheResult::None,
            leads_edge: false,
            leads_regional: false,
            through_regional: false,
            asked: false,
            not_modified: false,
            edge_copy: None,
            regional_copy: None,
            failed_over: false,
            failure: None,
            origin: 0,
            page_for: None,
            waits_since: 0,
            record: None,
        }
    }

    /// The same flight, beginning again for the page of an error.
    pub(super) fn for_page(&self, request: u32, behavior: u32, page_for: PageFor) -> Self {
        Self {
            stage: Stage::AtEdge,
            page_for: Some(page_for),
            record: self.record,
            original: self.original,
            asked: self.asked,
            origin: self.origin,
            ..Self::new(self.arrived, self.location, request, 0, behavior)
        }
    }
}
