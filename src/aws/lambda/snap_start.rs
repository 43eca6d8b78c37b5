//! What AWS refuses of versions: provisioned concurrency on `$LATEST`, and SnapStart where it
//! isn't supported.
//!
//! Source: the developer guide's pages on SnapStart and provisioned concurrency, and the states of
//! a version in the API reference.

use crate::aws::lambda::cpu::durations;
use crate::aws::lambda::deployment::{Function, Qualifier};
use crate::aws::lambda::rules::{Settings, prepared_init_limit};
use crate::aws::lambda::start::snapshot;
use crate::aws::lambda::validation::{INVALID_PARAMETER_VALUE, rejection};
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::sim::SECOND;

/// Why a version isn't published when its Init takes too long: the code of its state.
const INIT_TIMEOUT: &str = "FunctionError.InitTimeout";

/// The runtimes that support SnapStart from a version on: the beginning of their identifiers, and
/// the first version's number in the catalogue.
const RUNTIMES: [(&str, &str); 3] = [
    ("java", "lambda.snap_start_java"),
    ("python3.", "lambda.snap_start_python3"),
    ("dotnet", "lambda.snap_start_dotnet"),
];

/// What AWS refuses of a function's versions, if anything.
pub(super) fn refusal(function: &Function, reader: &Reader<'_>) -> Option<Rejection> {
    let provisioned = function.provisioned_concurrency.is_some();
    if provisioned && function.qualifier == Qualifier::Latest {
        let reason = "Provisioned Concurrency Configs cannot be applied to unpublished function \
                      versions: $LATEST";
        return Some(rejection(function, INVALID_PARAMETER_VALUE, reason.to_owned()));
    }
    function.snap_start?;
    let invalid = |reason| Some(rejection(function, INVALID_PARAMETER_VALUE, reason));
    if let Some(runtime) = &function.runtime
        && !supports(runtime, reader)
    {
        return invalid(format!("{runtime} is not supported for SnapStart enabled functions"));
    }
    let settings = Settings::new(function, reader);
    let most = reader.megabytes("lambda.snap_start_ephemeral_storage_max");
    if settings.ephemeral_storage_mb > most {
        return invalid(format!(
            "SnapStart is not supported for functions with ephemeral storage greater than {most} \
             MB: {} MB",
            settings.ephemeral_storage_mb
        ));
    }
    snapshot(function)?;
    if provisioned {
        let reason = "Provisioned Concurrency is not supported on versions with SnapStart enabled";
        return invalid(reason.to_owned());
    }
    let limit = prepared_init_limit(settings.timeout, reader);
    let least = durations(function, &settings, reader).init.least();
    if least <= limit {
        return None;
    }
    let seconds = |nanoseconds: u64| nanoseconds as f64 / SECOND as f64;
    let reason = format!(
        "The version can't be published: Init takes {} s, and a snapshot's may take {} s",
        seconds(least),
        seconds(limit)
    );
    Some(rejection(function, INIT_TIMEOUT, reason))
}

/// Whether a runtime supports SnapStart.
fn supports(runtime: &str, reader: &Reader<'_>) -> bool {
    RUNTIMES.iter().any(|(prefix, first)| {
        let version = runtime.strip_prefix(prefix).and_then(|rest| rest.split('.').next());
        let version = version.and_then(|version| version.parse::<u64>().ok());
        version.is_some_and(|version| version >= reader.count(first))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::supports;
    use crate::aws::catalogue::{Catalogue, Quotas};
    use crate::aws::reader::Reader;

    #[test]
    fn runtimes_are_told_apart_by_their_versions() {
        let quotas = Quotas::new(Catalogue::builtin(), BTreeMap::new());
        let reader = Reader::new(&quotas, "us-east-1");
        for runtime in ["java11", "java21", "python3.12", "python3.14", "dotnet8", "dotnet10"] {
            assert!(supports(runtime, &reader), "{runtime}");
        }
        for runtime in ["java8.al2", "python3.9", "python3.11", "dotnet6", "nodejs22.x", "java", ""]
        {
            assert!(!supports(runtime, &reader), "{runtime}");
        }
    }
}
