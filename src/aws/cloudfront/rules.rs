//! What a run takes from the catalogue.

use crate::aws::cloudfront::distribution::{Behavior, Distribution, Kind, Origin, Trigger};
use crate::aws::cloudfront::ttl::Ttls;
use crate::aws::reader::Reader;

/// What bounds a function while it runs, for the viewer's and the origin's events.
#[derive(Clone, Copy, Debug)]
pub(super) struct FunctionLimits {
    viewer_response_size: u64,
    origin_response_size: u64,
    viewer_body: u64,
    origin_body: u64,
    /// The longest URI.
    pub(super) uri_length: u64,
    /// The memory of a CloudFront Function.
    pub(super) function_memory: u64,
    /// The time of a CloudFront Function.
    pub(super) function_time: u64,
}

impl FunctionLimits {
    pub(super) fn new(reader: &Reader<'_>) -> Self {
        Self {
            viewer_response_size: reader.count("cloudfront.lambda_edge.viewer_response_size_max"),
            origin_response_size: reader.count("cloudfront.lambda_edge.origin_response_size_max"),
            viewer_body: reader.count("cloudfront.lambda_edge.viewer_body_max"),
            origin_body: reader.count("cloudfront.lambda_edge.origin_body_max"),
            uri_length: reader.count("cloudfront.uri_length_max"),
            function_memory: reader.count("cloudfront.functions.memory_max"),
            function_time: reader.time("cloudfront.functions.time_max"),
        }
    }

    /// The greatest response that Lambda@Edge may generate at an event.
    pub(super) fn response_size(&self, trigger: Trigger) -> u64 {
        if trigger.is_viewer() { self.viewer_response_size } else { self.origin_response_size }
    }

    /// The greatest body of a request that it may return.
    pub(super) fn body(&self, trigger: Trigger) -> u64 {
        if trigger.is_viewer() { self.viewer_body } else { self.origin_body }
    }
}

/// The TTLs of a behaviour, with the catalogue's where the policy has none.
pub(super) fn ttls(behavior: &Behavior, reader: &Reader<'_>) -> Ttls {
    let policy = &behavior.policy;
    let given = |ttl: Option<u64>, name| ttl.unwrap_or_else(|| reader.time(name));
    Ttls {
        min: given(policy.min_ttl, "cloudfront.min_ttl_default"),
        default: given(policy.default_ttl, "cloudfront.default_ttl_default"),
        max: given(policy.max_ttl, "cloudfront.max_ttl_default"),
    }
}

/// An origin's timeouts with the catalogue's where it has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct OriginTimeouts {
    pub(super) connection: u64,
    pub(super) attempts: u64,
    pub(super) response: u64,
}

impl OriginTimeouts {
    pub(super) fn new(origin: &Origin, reader: &Reader<'_>) -> Self {
        let given = |value: Option<u64>, name| value.unwrap_or_else(|| reader.time(name));
        Self {
            connection: given(origin.connection_timeout, "cloudfront.origin_connection_timeout"),
            attempts: origin
                .connection_attempts
                .unwrap_or_else(|| reader.count("cloudfront.origin_connection_attempts")),
            response: given(origin.response_timeout, "cloudfront.origin_response_timeout"),
        }
    }
}

/// What functions cost.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prices {
    /// A CloudFront Function's run, in US dollars.
    pub(super) function: f64,
    /// A Lambda@Edge run.
    pub(super) lambda: f64,
    /// A GB-second of Lambda@Edge.
    pub(super) gb_second: f64,
}

impl Prices {
    pub(super) fn new(distribution: &Distribution, reader: &Reader<'_>) -> Self {
        const MILLION: f64 = 1e6;
        let has = |kind| distribution.functions.iter().any(|function| function.kind == kind);
        let price = |kind, name| if has(kind) { reader.amount(name) } else { 0.0 };
        let lambda = |name| price(Kind::LambdaEdge, name);
        Self {
            function: price(Kind::CloudFrontFunction, "cloudfront.functions.price_per_million")
                / MILLION,
            lambda: lambda("cloudfront.lambda_edge.price_requests_per_million") / MILLION,
            gb_second: lambda("cloudfront.lambda_edge.price_duration"),
        }
    }
}
