//! The origins of a distribution.

use super::scalar::RANGE;
use super::{Keys, Reader};
use crate::aws::cloudfront::distribution::{Answer, Failure, Origin, Outage};
use crate::aws::cloudfront::request::status;
use crate::aws::cloudfront::ttl::CacheControl;
use crate::diagnostic::Code;
use crate::scenario::limit;
use crate::sim::draw::Distribution as Duration;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// A `Cache-Control` header that HTTP doesn't know.
pub const CACHE_CONTROL: Code = Code("E0140");

const ORIGIN: Keys = Keys {
    known: &[
        "duration",
        "status",
        "cache_control",
        "expires",
        "body_size",
        "responses",
        "outages",
        "changes_every",
        "validators",
        "bucket_region",
        "connection_timeout",
        "connection_attempts",
        "response_timeout",
    ],
    later: &["function", "api", "bucket", "headers", "shield"],
};

const RESPONSE: Keys =
    Keys { known: &["status", "cache_control", "expires", "body_size"], later: &[] };

const OUTAGE: Keys = Keys { known: &["from", "until", "share", "fails"], later: &[] };

/// How an origin fails without a status.
const FAILURES: [(&str, Failure); 4] = [
    ("refused", Failure::Refused),
    ("unreachable", Failure::Unreachable),
    ("silent", Failure::Silent),
    ("unresolved", Failure::Unresolved),
];

impl Reader<'_> {
    /// The origins by name: those under `origins`, or the one under `origin` when that is a map.
    pub fn origins(&mut self, fields: &Mapping) -> Vec<Origin> {
        if let Some(node) = fields.get("origins") {
            let Some(mapping) = self.mapping(node, "`origins`") else { return Vec::new() };
            let size = mapping.entries.len();
            self.check_size(size, limit::ORIGINS, "origins of a distribution", &node.range);
            let entries = mapping.entries.iter().take(limit::ORIGINS);
            return entries.filter_map(|entry| self.origin(&entry.key, &entry.value)).collect();
        }
        let single = fields.get("origin").filter(|n| matches!(n.value, NodeValue::Mapping(_)));
        single.and_then(|node| self.origin("origin", node)).into_iter().collect()
    }

    fn origin(&mut self, name: &str, node: &Node) -> Option<Origin> {
        let what = format!("origin `{name}`");
        let fields = self.fields(node, &what, ORIGIN)?;
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let duration = get("duration").and_then(|node| self.distribution(node, "duration"));
        let all = Answer {
            pattern: "*".to_owned(),
            status: status::OK,
            cache_control: CacheControl::default(),
            body_size: 0,
        };
        let all = self.answer(fields, all);
        let mut answers = Vec::new();
        if let Some(node) = get("responses")
            && let Some(mapping) = self.mapping(node, "`responses`")
        {
            let size = mapping.entries.len();
            self.check_size(size, limit::PATTERNS, "responses of an origin", &node.range);
            for Entry { key, value, .. } in mapping.entries.iter().take(limit::PATTERNS) {
                let what = format!("the response to `{key}`");
                let Some(fields) = self.fields(value, &what, RESPONSE) else { continue };
                let from = Answer { pattern: key.clone(), ..all.clone() };
                answers.push(self.answer(fields, from));
            }
        }
        answers.push(all);
        let outages = get("outages").map(|node| self.one_or_more(node)).unwrap_or_default();
        let outages = outages.into_iter().take(limit::PATTERNS);
        Some(Origin {
            name: name.to_owned(),
            duration: duration.unwrap_or(Duration::Constant(0)),
            answers,
            outages: outages.filter_map(|node| self.origin_outage(node)).collect(),
            changes_every: get("changes_every")
                .and_then(|node| self.duration(node, "changes_every")),
            validators: get("validators")
                .and_then(|node| self.yes_or_no(node, "validators"))
                .unwrap_or(true),
            bucket_region: get("bucket_region").and_then(|node| self.region(node)),
            connection_timeout: get("connection_timeout")
                .and_then(|node| self.duration(node, "connection_timeout")),
            connection_attempts: get("connection_attempts")
                .and_then(|node| self.count(node, "connection_attempts", 0)),
            response_timeout: get("response_timeout")
                .and_then(|node| self.duration(node, "response_timeout")),
        })
    }

    /// A response: what is given, and from another what isn't.
    fn answer(&mut self, fields: &Mapping, from: Answer) -> Answer {
        let status = fields.get("status").and_then(|node| self.status(node, "status"));
        let header = fields.get("cache_control");
        let mut cache_control = header.and_then(|node| self.cache_control(node));
        if let Some(node) = fields.get("expires") {
            let mut headers = cache_control.unwrap_or_else(|| from.cache_control.clone());
            headers.expires = self.duration(node, "expires");
            cache_control = Some(headers);
        }
        let body_size = fields.get("body_size").and_then(|node| self.bytes(node, "body_size"));
        Answer {
            pattern: from.pattern,
            status: status.unwrap_or(from.status),
            cache_control: cache_control.unwrap_or(from.cache_control),
            body_size: body_size.unwrap_or(from.body_size),
        }
    }

    /// The value of a `Cache-Control` header.
    pub fn cache_control(&mut self, node: &Node) -> Option<CacheControl> {
        let text = self.text_of(node, "cache_control")?;
        match CacheControl::parse(&text) {
            Ok(headers) => Some(headers),
            Err(error) => {
                let message = format!("`{}` is no directive of `Cache-Control`", error.directive);
                let diagnostic = self
                    .error(CACHE_CONTROL, &node.range, message)
                    .label("what the origin would send")
                    .hint("seconds are bare numbers: `max-age=60, s-maxage=600`, `no-store`");
                self.report(diagnostic);
                None
            }
        }
    }

    fn origin_outage(&mut self, node: &Node) -> Option<Outage> {
        let what = "an outage";
        let fields = self.fields(node, what, OUTAGE)?;
        let from = fields.get("from").map(|node| self.duration(node, "from"));
        let until = self.required(fields, "until", what, &node.range, "until: 60s");
        let until = until.and_then(|node| self.duration(node, "until"));
        let share = fields.get("share").map(|node| self.share(node, "share"));
        let fails = self.required(fields, "fails", what, &node.range, "fails: 503");
        let failure = fails.and_then(|node| match node.value {
            NodeValue::Integer(_) => self.status(node, "fails").map(Failure::Status),
            _ => self.choice(node, "fails", &FAILURES, &[]),
        });
        let (from, until) = (from.unwrap_or(Some(0))?, until?);
        if until <= from {
            let diagnostic = self
                .error(RANGE, &node.range, "an outage ends before it begins")
                .label("`until` is not later than `from`");
            self.report(diagnostic);
            return None;
        }
        Some(Outage { from, until, share: share.unwrap_or(Some(1.0))?, failure: failure? })
    }
}
