//! Requests and responses as functions, caches and origins see them.

use std::collections::BTreeMap;

use crate::aws::cloudfront::distribution::{AllowedMethods, Parts, Trigger};
use crate::aws::cloudfront::ttl::CacheControl;

/// Stands in a path for the number of one of many objects: `/images/{n}.jpg`.
pub const OBJECT: &str = "{n}";

/// HTTP's statuses that CloudFront itself answers with, or treats in a way of their own.
pub mod status {
    #![allow(missing_docs)]
    pub const OK: u16 = 200;
    pub const MOVED_PERMANENTLY: u16 = 301;
    pub const FOUND: u16 = 302;
    pub const NOT_MODIFIED: u16 = 304;
    pub const BAD_REQUEST: u16 = 400;
    pub const FORBIDDEN: u16 = 403;
    pub const NOT_FOUND: u16 = 404;
    pub const BAD_GATEWAY: u16 = 502;
    pub const SERVICE_UNAVAILABLE: u16 = 503;
    pub const GATEWAY_TIMEOUT: u16 = 504;
    /// The first of the errors of the server.
    pub const SERVER_ERROR: u16 = 500;
    /// The statuses that a function may generate.
    pub const GENERATED: std::ops::RangeInclusive<u16> = 200..=599;
    /// Errors that are always cached for the error caching minimum TTL.
    pub const CACHED_ERRORS: [u16; 8] = [404, 405, 414, 500, 501, 502, 503, 504];
    /// Errors that are cached where the origin gives an age.
    pub const CACHED_WITH_AGE: [u16; 4] = [400, 403, 412, 415];
    /// Statuses that an origin group may fail over on.
    pub const FAILOVER: [u16; 6] = [403, 404, 500, 502, 503, 504];
}

/// An HTTP method that CloudFront knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `GET`.
    #[default]
    Get,
    /// `HEAD`.
    Head,
    /// `OPTIONS`.
    Options,
    /// `PUT`.
    Put,
    /// `POST`.
    Post,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// All seven.
    pub const ALL: [Self; 7] =
        [Self::Get, Self::Head, Self::Options, Self::Put, Self::Post, Self::Patch, Self::Delete];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether its responses are cached.
    pub fn is_cached(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }

    /// Whether the second origin of a group may be asked.
    pub fn fails_over(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options)
    }

    /// Whether a behaviour lets it through.
    pub fn is_allowed(self, methods: AllowedMethods) -> bool {
        match methods {
            AllowedMethods::Reading => self.is_cached(),
            AllowedMethods::ReadingAndOptions => self.fails_over(),
            AllowedMethods::All => true,
        }
    }
}

/// A request. Names of headers are lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Whether the viewer uses plain HTTP.
    pub plain_http: bool,
    /// The path, which may hold [`OBJECT`] once.
    pub path: String,
    /// Headers but for `Cookie`.
    pub headers: BTreeMap<String, String>,
    /// Cookies.
    pub cookies: BTreeMap<String, String>,
    /// The query string.
    pub query: BTreeMap<String, String>,
    /// The size of the body, in bytes.
    pub body_size: u64,
    /// The index of the origin that a function has chosen.
    pub origin: Option<usize>,
}

impl Request {
    /// A `GET` of a path over HTTPS.
    pub fn get(path: &str) -> Self {
        Self { path: path.to_owned(), ..Self::default() }
    }

    /// What of it is part of the cache key, as a text that differs when the keys differ.
    pub(super) fn key(&self, parts: &Parts) -> String {
        let mut key = self.path.clone();
        let lists = [
            (&self.headers, &parts.headers),
            (&self.cookies, &parts.cookies),
            (&self.query, &parts.query),
        ];
        for (values, names) in lists {
            // Line ends stand in no path, header, cookie or query string.
            key.push('\n');
            for (name, value) in values.iter().filter(|(name, _)| names.contain(name)) {
                key.push_str(&format!("{name}={value}\r"));
            }
        }
        key
    }

    /// What reaches the origin's side: the parts of the key, and those of the origin request
    /// policy.
    pub(super) fn forwarded(&self, key: &Parts, more: &Parts) -> Self {
        let mut request = self.clone();
        request.headers.retain(|name, _| key.headers.contain(name) || more.headers.contain(name));
        request.cookies.retain(|name, _| key.cookies.contain(name) || more.cookies.contain(name));
        request.query.retain(|name, _| key.query.contain(name) || more.query.contain(name));
        request
    }
}

/// Where a response comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The origin.
    Origin,
    /// A function at an event.
    Function(Trigger),
    /// CloudFront itself.
    CloudFront,
}

/// Why CloudFront answers with an error, or before it looks at anything: the values of
/// `x-edge-detailed-result-type` where there is one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Fault {
    /// The response or request that a Lambda@Edge function returned isn't valid.
    LambdaValidationError,
    /// A Lambda@Edge function threw.
    LambdaExecutionError,
    /// A Lambda@Edge function was throttled or took too long.
    LambdaLimitExceeded,
    /// What a CloudFront Function returned isn't valid.
    FunctionValidationError,
    /// A CloudFront Function threw.
    FunctionExecutionError,
    /// A CloudFront Function took too long.
    FunctionThrottledError,
    /// The origin's name couldn't be resolved.
    OriginDnsError,
    /// No connection to the origin came about.
    OriginConnectError,
    /// The origin didn't respond in time.
    OriginReadError,
    /// The method isn't allowed.
    MethodNotAllowed,
    /// Plain HTTP isn't allowed.
    HttpsRequired,
}

impl Fault {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::LambdaValidationError => "LambdaValidationError",
            Self::LambdaExecutionError => "LambdaExecutionError",
            Self::LambdaLimitExceeded => "LambdaLimitExceeded",
            Self::FunctionValidationError => "FunctionValidationError",
            Self::FunctionExecutionError => "FunctionExecutionError",
            Self::FunctionThrottledError => "FunctionThrottledError",
            Self::OriginDnsError => "OriginDnsError",
            Self::OriginConnectError => "OriginConnectError",
            Self::OriginReadError => "OriginReadError",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::HttpsRequired => "HttpsRequired",
        }
    }

    /// The status that the viewer gets.
    pub fn status(self) -> u16 {
        match self {
            Self::LambdaValidationError | Self::FunctionValidationError | Self::OriginDnsError => {
                status::BAD_GATEWAY
            }
            Self::LambdaExecutionError
            | Self::LambdaLimitExceeded
            | Self::FunctionExecutionError
            | Self::FunctionThrottledError => status::SERVICE_UNAVAILABLE,
            Self::OriginConnectError | Self::OriginReadError => status::GATEWAY_TIMEOUT,
            Self::MethodNotAllowed | Self::HttpsRequired => status::FORBIDDEN,
        }
    }

    /// Whether it is the origin's, so that it is cached and may be stood in for as its errors are.
    pub fn is_origin(self) -> bool {
        matches!(self, Self::OriginDnsError | Self::OriginConnectError | Self::OriginReadError)
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers about caching.
    pub cache_control: CacheControl,
    /// Headers that functions have set, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The size of the body, in bytes.
    pub body_size: u64,
    /// Where it comes from.
    pub source: Source,
    /// Whether the origin itself answered with an error, whatever a function made of that.
    pub origin_error: bool,
    /// Why CloudFront answers itself.
    pub fault: Option<Fault>,
    /// That in words.
    pub detail: Option<String>,
}

impl Reply {
    /// A response without headers and body.
    pub fn new(status: u16, source: Source) -> Self {
        Self {
            status,
            cache_control: CacheControl::default(),
            headers: BTreeMap::new(),
            body_size: 0,
            source,
            origin_error: false,
            fault: None,
            detail: None,
        }
    }

    /// CloudFront's own answer to a fault.
    pub fn fault(fault: Fault, detail: Option<String>) -> Self {
        Self { fault: Some(fault), detail, ..Self::new(fault.status(), Source::CloudFront) }
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.status >= status::BAD_REQUEST
    }
}

/// Whether a pattern with `*` (any text) and `?` (any character) matches a whole text.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from) = (0, 0);
    // Where the last `*` stands, and up to where it has been stretched.
    let mut star: Option<(usize, usize)> = None;
    while let Some(&c) = text.get(from) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(&p) if p == '?' || p == c => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((place, stretched)) = star else { return false };
                star = Some((place, stretched + 1));
                at = place + 1;
                from = stretched + 1;
            }
        }
    }
    pattern.get(at..).is_none_or(|rest| rest.iter().all(|&c| c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::cloudfront::distribution::Names;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, text, expected) in [
            ("*", "/a", true),
            ("/a/*", "/a/b/c", true),
            ("/a/*", "/a", false),
            ("*.jpg", "/x/y.jpg", true),
            ("/a?c", "/abc", true),
            ("/a?c", "/ac", false),
            ("/*/b*d", "/a/bcbd", true),
            ("/a", "/a/", false),
            ("/**", "/", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_key_holds_what_the_policy_names_and_nothing_else() {
        let mut request = Request::get("/a");
        request.cookies.insert("ab".to_owned(), "A".to_owned());
        request.headers.insert("accept".to_owned(), "x".to_owned());
        let none = Parts::default();
        let cookies = Parts { cookies: Names::Some(["ab".to_owned()].into()), ..Parts::default() };
        let mut other = request.clone();
        other.cookies.insert("ab".to_owned(), "B".to_owned());
        assert_eq!(request.key(&none), other.key(&none));
        assert_ne!(request.key(&cookies), other.key(&cookies));
        other.cookies.insert("ab".to_owned(), "A".to_owned());
        other.headers.clear();
        assert_eq!(request.key(&cookies), other.key(&cookies));
        assert!(request.forwarded(&cookies, &none).headers.is_empty());
        assert_eq!(request.forwarded(&cookies, &none).cookies.len(), 1);
    }
}
