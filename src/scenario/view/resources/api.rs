//! What the summary says of APIs.

use super::{Amount, Entry, Resource};
use crate::aws::api_gateway::metrics::ApiMetrics;
use crate::aws::architecture::ResourceKind;
use crate::aws::metrics::Run;

/// The APIs of a run.
pub(super) fn apis(run: &Run) -> impl Iterator<Item = Resource> {
    let clients = |at: usize| {
        let api = crate::aws::architecture::Resource::new(ResourceKind::Api, at);
        run.clients.iter().find(move |metrics| metrics.target == api)
    };
    run.apis.iter().enumerate().map(move |(at, api)| {
        let mut resource = of(api);
        if let Some(clients) = clients(at) {
            let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
            resource.entries.extend([
                count("클라이언트의 요청", "Clients' requests", clients.requests),
                count("└ 보낸 횟수", "└ attempts", clients.attempts),
                count("└ 포기", "└ given up", clients.given_up),
            ]);
        }
        resource
    })
}

fn of(api: &ApiMetrics) -> Resource {
    let count = |korean, english, count| Entry::new(korean, english, Amount::Count(count));
    let latency = match api.latency.count() {
        0 => Amount::Absent,
        _ => Amount::Time(api.latency.percentile(99.0)),
    };
    Resource {
        name: api.name.clone(),
        kind: ResourceKind::Api,
        entries: vec![
            count("요청", "Count", api.count).headline(),
            count("4XX 오류", "4XX errors", api.error_4xx).headline(),
            count("5XX 오류", "5XX errors", api.error_5xx).headline(),
            count("└ API 한도 초과 (429)", "└ over the API's rate (429)", api.throttled),
            count("└ Lambda의 제한", "└ throttled by Lambda", api.integration_throttles),
            count("└ 함수 오류", "└ function errors", api.integration_errors),
            count("└ 통합 제한 시간 초과", "└ integration timeouts", api.integration_timeouts),
            Entry::new("응답 시간 p99", "Latency p99", latency),
        ],
    }
}
