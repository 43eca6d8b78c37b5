//! What is deployed: a distribution with its origins, cache behaviours, and edge functions. Times
//! are nanoseconds, sizes bytes.

use std::collections::BTreeSet;

use crate::aws::cloudfront::effect::Action;
use crate::aws::cloudfront::request::Request;
use crate::aws::cloudfront::ttl::CacheControl;
use crate::sim::draw::Distribution as Duration;

/// A CloudFront distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// Its name.
    pub name: String,
    /// The origins, in the author's order.
    pub origins: Vec<Origin>,
    /// The cache behaviours; the first whose pattern matches the viewer's path counts. The last
    /// one is the default, with the pattern `*`.
    pub behaviors: Vec<Behavior>,
    /// Custom error responses.
    pub error_pages: Vec<ErrorPage>,
    /// The edge functions that behaviours are associated with.
    pub functions: Vec<Function>,
    /// The edge locations that viewers reach.
    pub locations: Vec<Location>,
    /// Who asks it, and for what.
    pub viewers: Vec<Viewers>,
}

/// What the requests of a source are like.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewers {
    /// The index of the source in the architecture.
    pub source: u32,
    /// The requests; each is drawn with equal chance.
    pub requests: Vec<Request>,
    /// The objects that [`crate::aws::cloudfront::request::OBJECT`] stands for.
    pub objects: Objects,
    /// The edge locations that they reach, by index; each with equal chance.
    pub locations: Vec<u32>,
}

/// Objects that a path with a number stands for, and how often each is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objects {
    /// The first number.
    pub first: u32,
    /// How many there are, at least 1.
    pub count: u32,
    /// The exponent of Zipf's law: object k, from 1, is asked for in proportion to 1 / k^s. 0 asks
    /// for all alike.
    pub zipf: f64,
}

impl Default for Objects {
    fn default() -> Self {
        Self { first: 0, count: 1, zipf: 0.0 }
    }
}

/// An edge location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its name, for instance the code of the airport nearby.
    pub name: String,
    /// The Region whose regional edge cache stands behind it, and whose quotas Lambda@Edge uses.
    pub region: String,
}

/// Where CloudFront fetches objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Its name.
    pub name: String,
    /// From the request's leaving CloudFront to the response's being back.
    pub duration: Duration,
    /// What it answers; the first whose pattern matches the path counts, and nothing is a 404.
    pub answers: Vec<Answer>,
    /// When it fails.
    pub outages: Vec<Outage>,
    /// How often its content changes, so that a conditional request gets a new copy; never when
    /// `None`.
    pub changes_every: Option<u64>,
    /// Whether its responses carry a validator (`ETag`, `Last-Modified`), so that an expired copy
    /// can be confirmed by a 304.
    pub validators: bool,
    /// The Region of an S3 bucket; `None` for any other origin. A bucket in the Region of the
    /// regional edge cache is asked directly.
    pub bucket_region: Option<String>,
    /// How long a connection is waited for; the catalogue's when `None`.
    pub connection_timeout: Option<u64>,
    /// How often a connection is tried; the catalogue's when `None`.
    pub connection_attempts: Option<u64>,
    /// How long a response is waited for; the catalogue's when `None`.
    pub response_timeout: Option<u64>,
}

/// An origin's response to some paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The paths, with `*` for any text and `?` for any character.
    pub pattern: String,
    /// The status.
    pub status: u16,
    /// Its headers about caching.
    pub cache_control: CacheControl,
    /// The size of its body.
    pub body_size: u64,
}

/// A time in which an origin fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    /// The beginning.
    pub from: u64,
    /// The end, not included.
    pub until: u64,
    /// The share of requests that fail, 0 to 1.
    pub share: f64,
    /// How.
    pub failure: Failure,
}

/// How an origin fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It answers with this status.
    Status(u16),
    /// It refuses connections.
    Refused,
    /// Connections to it get no answer, until they time out.
    Unreachable,
    /// It accepts requests and doesn't respond, until that times out.
    Silent,
    /// Its name can't be resolved.
    Unresolved,
}

/// A cache behaviour.
#[derive(Clone, Debug, PartialEq)]
pub struct Behavior {
    /// The viewer's paths that it holds for, with `*` for any text and `?` for any character.
    pub pattern: String,
    /// The index of the origin in [`Distribution::origins`].
    pub origin: usize,
    /// The second origin of an origin group.
    pub failover: Option<Failover>,
    /// The cache policy.
    pub policy: CachePolicy,
    /// What is sent to the origin beyond the cache key.
    pub origin_request_policy: Parts,
    /// What becomes of requests over HTTP.
    pub viewer_protocol: ViewerProtocol,
    /// The methods that are let through.
    pub allowed_methods: AllowedMethods,
    /// The functions, in the author's order.
    pub associations: Vec<Association>,
}

/// The second origin of an origin group, and when it takes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failover {
    /// The index of the second origin in [`Distribution::origins`].
    pub origin: usize,
    /// The statuses of the first origin that make CloudFront ask the second.
    pub statuses: BTreeSet<u16>,
}

/// A cache policy: how long, and what is part of the key beside the path. A TTL of `None` is the
/// catalogue's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CachePolicy {
    /// Minimum TTL.
    pub min_ttl: Option<u64>,
    /// Default TTL.
    pub default_ttl: Option<u64>,
    /// Maximum TTL; 0 turns caching off.
    pub max_ttl: Option<u64>,
    /// The parts of the key, which also reach the origin.
    pub key: Parts,
}

/// Headers, cookies and query strings of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Headers, by lower-case name.
    pub headers: Names,
    /// Cookies.
    pub cookies: Names,
    /// Query strings.
    pub query: Names,
}

/// Which ones of things that have names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// None.
    #[default]
    None,
    /// These.
    Some(BTreeSet<String>),
    /// All but these.
    AllExcept(BTreeSet<String>),
    /// All.
    All,
}

impl Names {
    /// Whether a name is among them.
    pub fn contain(&self, name: &str) -> bool {
        match self {
            Self::None => false,
            Self::Some(names) => names.contains(name),
            Self::AllExcept(names) => !names.contains(name),
            Self::All => true,
        }
    }
}

/// What becomes of a viewer's request over HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewerProtocol {
    /// It is served.
    #[default]
    AllowAll,
    /// It is redirected to HTTPS.
    RedirectToHttps,
    /// It is refused.
    HttpsOnly,
}

/// The methods that a behaviour lets through, as CloudFront has them to choose from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AllowedMethods {
    /// `GET` and `HEAD`.
    #[default]
    Reading,
    /// `GET`, `HEAD` and `OPTIONS`.
    ReadingAndOptions,
    /// All seven.
    All,
}

/// A custom error response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPage {
    /// The status that it is for.
    pub status: u16,
    /// The path of the page; without one only the time counts.
    pub page: Option<String>,
    /// The status that the viewer gets; the original one when `None`.
    pub response_status: Option<u16>,
    /// How long the error is cached at least; the catalogue's when `None`.
    pub min_ttl: Option<u64>,
}

/// When a function runs, in the order of a request that isn't in the cache.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Trigger {
    /// When CloudFront receives a request, before it looks into the cache.
    ViewerRequest,
    /// Before it forwards a request to the origin.
    OriginRequest,
    /// When it has a response from the origin, before it caches it.
    OriginResponse,
    /// Before it answers the viewer.
    ViewerResponse,
}

impl Trigger {
    /// All four, in order.
    pub const ALL: [Self; 4] =
        [Self::ViewerRequest, Self::OriginRequest, Self::OriginResponse, Self::ViewerResponse];

    /// The event's name, as scenarios write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ViewerRequest => "viewer_request",
            Self::OriginRequest => "origin_request",
            Self::OriginResponse => "origin_response",
            Self::ViewerResponse => "viewer_response",
        }
    }

    /// The event's name in the API.
    pub fn api_name(self) -> &'static str {
        match self {
            Self::ViewerRequest => "viewer-request",
            Self::OriginRequest => "origin-request",
            Self::OriginResponse => "origin-response",
            Self::ViewerResponse => "viewer-response",
        }
    }

    /// Whether it is one of the viewer's two events.
    pub fn is_viewer(self) -> bool {
        matches!(self, Self::ViewerRequest | Self::ViewerResponse)
    }

    /// Whether the function gets a request, and not a response.
    pub fn is_request(self) -> bool {
        matches!(self, Self::ViewerRequest | Self::OriginRequest)
    }
}

/// A function at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Association {
    /// The event.
    pub trigger: Trigger,
    /// The index of the function in [`Distribution::functions`].
    pub function: usize,
    /// Whether the function gets the request's body ("Include body").
    pub include_body: bool,
}

/// The two kinds of edge functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// A CloudFront Function, which runs at the edge location.
    CloudFrontFunction,
    /// A Lambda@Edge function, which runs in a Region near by.
    LambdaEdge,
}

impl Kind {
    /// What AWS calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CloudFrontFunction => "CloudFront Functions",
            Self::LambdaEdge => "Lambda@Edge",
        }
    }
}

/// Which version of a Lambda function an association names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// A numbered one.
    #[default]
    Numbered,
    /// `$LATEST`.
    Latest,
    /// An alias.
    Alias,
}

/// What a function needs that not every kind has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Calls over the network.
    Network,
    /// The file system.
    FileSystem,
    /// CloudFront's key value store.
    KeyValueStore,
    /// Lambda environment variables.
    EnvironmentVariables,
    /// Access to a VPC.
    Vpc,
    /// Lambda layers.
    Layers,
    /// X-Ray.
    XRay,
    /// A dead-letter queue.
    DeadLetterQueue,
    /// Reserved concurrency.
    ReservedConcurrency,
    /// Provisioned concurrency.
    ProvisionedConcurrency,
    /// A container image in the place of a zip.
    ContainerImage,
    /// The arm64 architecture.
    Arm64,
}

/// An edge function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// The runtime, for instance `nodejs22.x` or `cloudfront-js-2.0`; one that fits when `None`.
    pub runtime: Option<String>,
    /// The Region in which it was created; the right one when `None`.
    pub region: Option<String>,
    /// The size of its code, of a zip for Lambda@Edge.
    pub code_size: Option<u64>,
    /// The memory, configured or, for CloudFront Functions, used; the least when `None`.
    pub memory: Option<u64>,
    /// The size of `/tmp`; what is allowed when `None`.
    pub ephemeral_storage: Option<u64>,
    /// The configured timeout of Lambda@Edge; Lambda's default when `None`.
    pub timeout: Option<u64>,
    /// How long it runs; the catalogue's assumption when `None`.
    pub duration: Option<Duration>,
    /// How long the Init phase of Lambda@Edge takes.
    pub init_duration: Duration,
    /// The version that the association names.
    pub version: Version,
    /// Whether the role may be assumed by `edgelambda.amazonaws.com` too.
    pub trusts_edge: bool,
    /// What else it needs.
    pub needs: BTreeSet<Need>,
    /// What it does, in this order.
    pub actions: Vec<Action>,
}

impl Function {
    /// Whether it runs under JavaScript runtime 2.0 of CloudFront Functions.
    pub fn is_js_2(&self) -> bool {
        const JS_1: &str = "cloudfront-js-1.0";
        self.kind == Kind::CloudFrontFunction && self.runtime.as_deref() != Some(JS_1)
    }
}
