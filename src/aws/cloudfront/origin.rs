//! An origin while it runs: how long it takes, what it answers, and how it fails.

use crate::aws::cloudfront::distribution::{Answer, Failure, Origin};
use crate::aws::cloudfront::request::{Fault, Method, Reply, Request, Source, matches, status};
use crate::aws::cloudfront::rules::OriginTimeouts;
use crate::aws::reader::Reader;
use crate::sim::draw::Draw;
use crate::sim::random::Random;

/// An origin while it runs.
#[derive(Clone, Debug)]
pub(super) struct OriginState<'a> {
    pub(super) origin: &'a Origin,
    timeouts: OriginTimeouts,
    duration: Draw,
    failures: Random,
}

/// What comes of asking an origin.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// How long that takes.
    pub(super) takes: u64,
    /// `None`: the copy that was asked about is confirmed.
    pub(super) reply: Option<Reply>,
    /// The state of the content.
    pub(super) version: u64,
}

impl<'a> OriginState<'a> {
    pub(super) fn new(
        distribution: &str,
        origin: &'a Origin,
        reader: &Reader<'_>,
        seed: u64,
    ) -> Self {
        let stream = |purpose| {
            Random::stream(seed, &["distribution", distribution, "origin", &origin.name, purpose])
        };
        Self {
            origin,
            timeouts: OriginTimeouts::new(origin, reader),
            duration: Draw::new(origin.duration, stream("duration")),
            failures: stream("failure"),
        }
    }

    /// How it fails a request at `now`, if it does.
    pub(super) fn failure(&mut self, now: u64) -> Option<Failure> {
        let outage = self.origin.outages.iter().find(|o| o.from <= now && now < o.until)?;
        // A unit is above 0, so a share of 0 never fails; one of 1 always does.
        (self.failures.unit() <= outage.share).then_some(outage.failure)
    }

    /// Asks it at `now`. `copy` is the state of the content that a conditional request asks about.
    pub(super) fn ask(
        &mut self,
        now: u64,
        request: &Request,
        failure: Option<Failure>,
        copy: Option<u64>,
    ) -> Asked {
        // Drawn for every request, so that what becomes of one doesn't change the others.
        let duration = self.duration.draw();
        let version = self.origin.changes_every.map_or(0, |every| now / every.max(1));
        let OriginTimeouts { connection, attempts, response } = self.timeouts;
        let reading = matches!(request.method, Method::Get | Method::Head);
        // A response is waited for again only where asking twice does no harm.
        let waits = response.saturating_mul(if reading { attempts } else { 1 });
        let failed = |takes, fault: Fault, detail: &str| {
            let detail = format!("{}: {detail}", self.origin.name);
            Asked { takes, reply: Some(Reply::fault(fault, Some(detail))), version }
        };
        let answer = self.answer(&request.path);
        match failure {
            Some(Failure::Unresolved) => failed(0, Fault::OriginDnsError, "name not resolved"),
            Some(Failure::Refused) => Asked {
                takes: duration,
                reply: Some(Reply {
                    status: status::BAD_GATEWAY,
                    ..Reply::fault(
                        Fault::OriginConnectError,
                        Some(format!("{}: connection refused", self.origin.name)),
                    )
                }),
                version,
            },
            Some(Failure::Unreachable) => {
                let takes = connection.saturating_mul(attempts);
                failed(takes, Fault::OriginConnectError, "connection timed out")
            }
            Some(Failure::Silent) => failed(waits, Fault::OriginReadError, "response timed out"),
            None if duration > response => {
                failed(waits, Fault::OriginReadError, "response timed out")
            }
            Some(Failure::Status(code)) => {
                let reply = self.reply(answer, code);
                Asked { takes: duration, reply: Some(Reply { body_size: 0, ..reply }), version }
            }
            None => {
                let code = answer.map_or(status::NOT_FOUND, |answer| answer.status);
                let confirmed = self.origin.validators
                    && reading
                    && code == status::OK
                    && copy == Some(version);
                let reply = (!confirmed).then(|| self.reply(answer, code));
                Asked { takes: duration, reply, version }
            }
        }
    }

    fn answer(&self, path: &str) -> Option<&'a Answer> {
        self.origin.answers.iter().find(|answer| matches(&answer.pattern, path))
    }

    /// A response with a status; a failure carries no headers about caching.
    fn reply(&self, answer: Option<&Answer>, code: u16) -> Reply {
        let mut reply = Reply::new(code, Source::Origin);
        reply.origin_error = reply.is_error();
        if let Some(answer) = answer.filter(|answer| answer.status == code) {
            reply.cache_control = answer.cache_control.clone();
            reply.body_size = answer.body_size;
        }
        reply
    }
}
