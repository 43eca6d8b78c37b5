//! What CloudWatch shows for a function's URL.
//!
//! Source: docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::aws::architecture::{Resource, Sender, Source};
use crate::aws::engine::event::Message;
use crate::aws::lambda::metrics::RequestOutcome;
use crate::sim::statistics::Distribution;
use crate::sim::statistics::distribution::Recorder;

/// What CloudWatch shows for a function's URL. A client that tries again makes a request each time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UrlMetrics {
    /// `UrlRequestCount`.
    pub url_request_count: u64,
    /// `Url4xxCount`: throttled, with the status 429.
    pub url_4xx_count: u64,
    /// `Url5xxCount`: function errors and timeouts.
    pub url_5xx_count: u64,
    /// `UrlRequestLatency`.
    pub url_request_latency: Distribution,
}

/// Counts what comes by a function's URL.
#[derive(Clone, Debug, Default)]
pub(super) struct Url {
    /// The sources whose requests do.
    sources: BTreeSet<u32>,
    metrics: UrlMetrics,
    latency: Recorder,
}

impl Url {
    /// The URL of a function.
    pub(super) fn new(function: Resource, sources: &[Source]) -> Self {
        let by_url =
            |source: &Source| source.target == function && source.sender == Sender::FunctionUrl;
        let sources = (0u32..).zip(sources).filter(|(_, source)| by_url(source));
        Self { sources: sources.map(|(index, _)| index).collect(), ..Self::default() }
    }

    /// A request of the function is answered after a time. Those that it makes itself, or others in
    /// its course, don't come by the URL.
    #[inline]
    pub(super) fn answered(&mut self, message: &Message, outcome: RequestOutcome, latency: u64) {
        if self.sources.is_empty() || message.calls > 0 || !self.sources.contains(&message.source) {
            return;
        }
        self.metrics.url_request_count += 1;
        match outcome {
            RequestOutcome::Success => {}
            RequestOutcome::Throttled(_) => self.metrics.url_4xx_count += 1,
            RequestOutcome::Error | RequestOutcome::Timeout => self.metrics.url_5xx_count += 1,
        }
        self.latency.record(latency);
    }

    /// What was counted; nothing where nobody uses the URL.
    pub(super) fn finish(self) -> Option<UrlMetrics> {
        let Self { sources, mut metrics, latency } = self;
        metrics.url_request_latency = latency.finish();
        (!sources.is_empty()).then_some(metrics)
    }
}
