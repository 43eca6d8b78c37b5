//! What API Gateway refuses. Source: the API reference of `PutIntegration` and `CreateIntegration`.

use crate::aws::api_gateway::deployment::{Api, ApiKind};
use crate::aws::architecture::Architecture;
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;

/// The first API that would be refused, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    architecture.apis.iter().find_map(|api| timeout(api, reader))
}

/// A time limit of the integration that its kind of API can't have.
fn timeout(api: &Api, reader: &Reader<'_>) -> Option<Rejection> {
    let timeout = api.integration_timeout?;
    let kind = match api.kind {
        ApiKind::Rest => "rest",
        ApiKind::Http => "http",
    };
    let least = reader.time("api_gateway.integration_timeout_min");
    let most = reader.time(&format!("api_gateway.{kind}_integration_timeout_max"));
    if (least..=most).contains(&timeout) {
        return None;
    }
    let milliseconds = |time: u64| time / (1000 * 1000);
    Some(Rejection {
        resource: Some(api.name.clone()),
        error: "BadRequestException".to_owned(),
        reason: format!(
            "Timeout should be between {} ms and {} ms",
            milliseconds(least),
            milliseconds(most)
        ),
    })
}
