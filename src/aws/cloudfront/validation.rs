//! What AWS refuses to deploy, with its own errors and reasons.
//!
//! Sources: the API reference of `CreateDistribution` and `CreateFunction`, the developer guide's
//! pages on restrictions and quotas of edge functions, and messages that others have met. The
//! behaviours and functions are looked at in the author's order.

use std::collections::BTreeSet;

use crate::aws::architecture::Architecture;
use crate::aws::cloudfront::distribution::{
    Association, Behavior, Distribution, Function, Kind, Need, Trigger, Version,
};
use crate::aws::cloudfront::functions::lambda_settings;
use crate::aws::cloudfront::request::status;
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::sim::SECOND;

const INVALID_ARGUMENT: &str = "InvalidArgument";
const INVALID_FUNCTION: &str = "InvalidFunctionAssociation";
const INVALID_LAMBDA: &str = "InvalidLambdaFunctionAssociation";
/// The Region in which Lambda@Edge functions are made.
const HOME_REGION: &str = "us-east-1";
/// The runtimes of CloudFront Functions.
const JAVASCRIPT: [&str; 2] = ["cloudfront-js-1.0", "cloudfront-js-2.0"];
/// How the runtimes of Lambda@Edge begin.
const EDGE_RUNTIMES: [&str; 2] = ["nodejs", "python"];
/// Bytes in a MB.
const MEGABYTE: u64 = 1 << 20;

/// The first thing that AWS would refuse of the distributions, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let one = |distribution: &Distribution| {
        sizes(distribution, reader)
            .or_else(|| origins(distribution, reader))
            .or_else(|| {
                distribution.behaviors.iter().find_map(|b| caching(distribution, b, reader))
            })
            .or_else(|| {
                let behaviors = distribution.behaviors.iter();
                behaviors.into_iter().find_map(|b| functions(distribution, b, reader))
            })
    };
    let distributions = &architecture.distributions;
    if distributions.is_empty() {
        return None;
    }
    distributions.iter().find_map(one).or_else(|| account(architecture, reader))
}

fn rejection(resource: &str, error: &str, reason: String) -> Rejection {
    Rejection { resource: Some(resource.to_owned()), error: error.to_owned(), reason }
}

/// More of something than the quotas allow.
fn sizes(distribution: &Distribution, reader: &Reader<'_>) -> Option<Rejection> {
    let lambda = distribution
        .behaviors
        .iter()
        .flat_map(|behavior| &behavior.associations)
        .filter(|association| kind(distribution, association) == Some(Kind::LambdaEdge))
        .count();
    let counts = [
        (
            distribution.origins.len(),
            "cloudfront.origins_per_distribution",
            "TooManyOrigins",
            "origins",
        ),
        (
            // The default behaviour doesn't count.
            distribution.behaviors.len().saturating_sub(1),
            "cloudfront.cache_behaviors_per_distribution",
            "TooManyCacheBehaviors",
            "cache behaviors",
        ),
        (
            lambda,
            "cloudfront.lambda_edge.functions_per_distribution",
            "TooManyLambdaFunctionAssociations",
            "Lambda@Edge associations",
        ),
    ];
    counts.into_iter().find_map(|(count, quota, error, what)| {
        let most = reader.count(quota);
        (count as u64 > most).then(|| {
            let reason = format!("{count} {what} are more than the {most} per distribution");
            rejection(&distribution.name, error, reason)
        })
    })
}

/// Functions and distributions of the whole account.
fn account(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let mut functions = BTreeSet::new();
    let mut with_lambda = 0;
    for distribution in &architecture.distributions {
        let of = |kind| distribution.functions.iter().filter(move |f| f.kind == kind);
        functions.extend(of(Kind::CloudFrontFunction).map(|f| f.name.as_str()));
        with_lambda += u64::from(of(Kind::LambdaEdge).next().is_some());
    }
    let name = architecture.distributions.last().map_or("", |distribution| &distribution.name);
    let most = reader.count("cloudfront.functions.per_account");
    if functions.len() as u64 > most {
        let reason = format!("{} functions are more than the {most} per account", functions.len());
        return Some(rejection(name, "TooManyFunctions", reason));
    }
    let most = reader.count("cloudfront.lambda_edge.distributions_per_account");
    (with_lambda > most).then(|| {
        let reason = format!(
            "{with_lambda} distributions with Lambda functions are more than the {most} per account"
        );
        rejection(name, "TooManyDistributionsWithLambdaAssociations", reason)
    })
}

/// Timeouts of origins.
fn origins(distribution: &Distribution, reader: &Reader<'_>) -> Option<Rejection> {
    let seconds = |time: u64| time as f64 / SECOND as f64;
    distribution.origins.iter().find_map(|origin| {
        let bound = |name: &str| reader.time(&format!("cloudfront.{name}"));
        let connection = ("origin_connection_timeout_min", "origin_connection_timeout_max");
        let response = ("origin_response_timeout_min", "origin_response_timeout_max");
        let times = [
            (origin.connection_timeout, connection, INVALID_ARGUMENT, "ConnectionTimeout"),
            (origin.response_timeout, response, "InvalidOriginReadTimeout", "OriginReadTimeout"),
        ];
        let time = times.into_iter().find_map(|(time, (min, max), error, what)| {
            let (time, min, max) = (time?, bound(min), bound(max));
            (time < min || time > max).then(|| {
                let (time, min, max) = (seconds(time), seconds(min), seconds(max));
                let reason = format!("{what} must be between {min} and {max} seconds: {time}");
                rejection(&origin.name, error, reason)
            })
        });
        let most = reader.count("cloudfront.origin_connection_attempts_max");
        let attempts =
            origin.connection_attempts.filter(|&attempts| attempts < 1 || attempts > most);
        time.or_else(|| {
            let reason = format!("ConnectionAttempts must be between 1 and {most}: {}", attempts?);
            Some(rejection(&origin.name, INVALID_ARGUMENT, reason))
        })
    })
}

/// TTLs and failover of a behaviour.
fn caching(
    distribution: &Distribution,
    behavior: &Behavior,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    let ttls = crate::aws::cloudfront::rules::ttls(behavior, reader);
    let seconds = |time: u64| time as f64 / SECOND as f64;
    if ttls.min > ttls.max {
        let reason = format!(
            "the minimum TTL of {} seconds is greater than the maximum TTL of {}",
            seconds(ttls.min),
            seconds(ttls.max)
        );
        return Some(rejection(&distribution.name, "InvalidTTLOrder", reason));
    }
    let failover = behavior.failover.as_ref()?;
    let wrong = failover.statuses.iter().find(|code| !status::FAILOVER.contains(code))?;
    let known = status::FAILOVER.map(|code| code.to_string()).join(", ");
    let reason = format!("an origin group can't fail over on {wrong}, only on {known}");
    Some(rejection(&distribution.name, INVALID_ARGUMENT, reason))
}

fn kind(distribution: &Distribution, association: &Association) -> Option<Kind> {
    distribution.functions.get(association.function).map(|function| function.kind)
}

fn error_of(kind: Kind) -> &'static str {
    match kind {
        Kind::CloudFrontFunction => INVALID_FUNCTION,
        Kind::LambdaEdge => INVALID_LAMBDA,
    }
}

/// The functions of a behaviour, each by itself and all together.
fn functions(
    distribution: &Distribution,
    behavior: &Behavior,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    let associations = &behavior.associations;
    let alone = associations.iter().find_map(|association| {
        let function = distribution.functions.get(association.function)?;
        match function.kind {
            Kind::CloudFrontFunction => cloudfront_function(function, association, reader),
            Kind::LambdaEdge => lambda_edge(function, association, reader),
        }
    });
    alone.or_else(|| {
        for (at, association) in associations.iter().enumerate() {
            let function = distribution.functions.get(association.function)?;
            let earlier = associations.get(..at).unwrap_or_default();
            let trigger = association.trigger;
            if earlier.iter().any(|other| other.trigger == trigger) {
                let reason = format!(
                    "a cache behavior can have one function for {}, be it a CloudFront function \
                     or a Lambda function",
                    trigger.api_name()
                );
                return Some(rejection(&function.name, error_of(function.kind), reason));
            }
            let mixes = |other: &&Association| {
                let different = kind(distribution, other).is_some_and(|k| k != function.kind);
                different && other.trigger.is_viewer() && trigger.is_viewer()
            };
            if let Some(other) = earlier.iter().find(mixes) {
                let reason = format!(
                    "CloudFront Functions and Lambda@Edge can't be combined in the viewer events \
                     of a cache behavior: {} has one, {} the other",
                    other.trigger.api_name(),
                    trigger.api_name()
                );
                return Some(rejection(&function.name, error_of(function.kind), reason));
            }
        }
        None
    })
}

/// What needs a function of the other kind, in words.
fn need_name(need: Need) -> &'static str {
    match need {
        Need::Network => "network access",
        Need::FileSystem => "a file system",
        Need::KeyValueStore => "a key value store",
        Need::EnvironmentVariables => "environment variables",
        Need::Vpc => "a VPC configuration",
        Need::Layers => "layers",
        Need::XRay => "X-Ray tracing",
        Need::DeadLetterQueue => "a dead-letter queue",
        Need::ReservedConcurrency => "reserved concurrency",
        Need::ProvisionedConcurrency => "provisioned concurrency",
        Need::ContainerImage => "a container image",
        Need::Arm64 => "the arm64 architecture",
    }
}

fn cloudfront_function(
    function: &Function,
    association: &Association,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    let reject = |error, reason| Some(rejection(&function.name, error, reason));
    if let Some(runtime) = &function.runtime
        && !JAVASCRIPT.contains(&runtime.as_str())
    {
        let reason = format!(
            "Value '{runtime}' at 'functionConfig.runtime' failed to satisfy constraint: Member \
             must satisfy enum value set: [{}]",
            JAVASCRIPT.join(", ")
        );
        return reject(INVALID_ARGUMENT, reason);
    }
    let most = reader.count("cloudfront.functions.code_size_max");
    if let Some(size) = function.code_size.filter(|&size| size > most) {
        let reason = format!("The function's code of {size} bytes is larger than {most} bytes");
        return reject("FunctionSizeLimitExceeded", reason);
    }
    let run_time = [Need::Network, Need::FileSystem];
    for &need in function.needs.iter().filter(|need| !run_time.contains(need)) {
        match need {
            Need::KeyValueStore if function.is_js_2() => {}
            Need::KeyValueStore => {
                let reason = "A key value store needs the runtime cloudfront-js-2.0".to_owned();
                return reject(INVALID_ARGUMENT, reason);
            }
            need => {
                let reason = format!("CloudFront Functions don't have {}", need_name(need));
                return reject(INVALID_ARGUMENT, reason);
            }
        }
    }
    if !association.trigger.is_viewer() {
        let reason = format!(
            "a CloudFront function can be associated with viewer-request and viewer-response, not \
             with {}",
            association.trigger.api_name()
        );
        return reject(INVALID_FUNCTION, reason);
    }
    if association.include_body {
        let reason = "CloudFront Functions can't access the body of a request".to_owned();
        return reject(INVALID_ARGUMENT, reason);
    }
    None
}

fn lambda_edge(
    function: &Function,
    association: &Association,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    let (trigger, name) = (association.trigger, &function.name);
    let reject = |reason: String| {
        Some(rejection(name, INVALID_LAMBDA, format!("{reason} Function: {name}")))
    };
    let region = function.region.as_deref().unwrap_or(HOME_REGION);
    if region != HOME_REGION {
        return reject(format!("The function must be in region '{HOME_REGION}', not '{region}'."));
    }
    if function.version != Version::Numbered {
        return reject(
            "The function ARN must reference a specific function version. (The ARN must end with \
             the version number.)"
                .to_owned(),
        );
    }
    if let Some(runtime) = &function.runtime
        && !EDGE_RUNTIMES.iter().any(|start| runtime.starts_with(start))
    {
        let reason = format!("Lambda@Edge supports Node.js and Python, not the runtime {runtime}.");
        return reject(reason);
    }
    if !function.trusts_edge {
        return reject(
            "The function execution role must be assumable with edgelambda.amazonaws.com as well \
             as lambda.amazonaws.com principals."
                .to_owned(),
        );
    }
    let allowed = [Need::Network, Need::FileSystem];
    if let Some(&need) = function.needs.iter().find(|need| !allowed.contains(need)) {
        return reject(format!("The function cannot have {}.", need_name(need)));
    }
    if association.include_body && !trigger.is_request() {
        return reject(format!("IncludeBody can't be set for {}.", trigger.api_name()));
    }
    edge_sizes(function, trigger, reader).and_then(reject)
}

/// What of a Lambda@Edge function is greater than its event allows.
fn edge_sizes(function: &Function, trigger: Trigger, reader: &Reader<'_>) -> Option<String> {
    let side = if trigger.is_viewer() { "viewer" } else { "origin" };
    let limit = |name: &str| reader.count(&format!("cloudfront.lambda_edge.{side}_{name}"));
    let (memory, timeout) = lambda_settings(function, reader);
    let megabytes = |bytes: u64| bytes as f64 / MEGABYTE as f64;
    let seconds = |time: u64| time as f64 / SECOND as f64;
    let storage = reader.count("cloudfront.lambda_edge.ephemeral_storage_max");
    let checks = [
        ("timeout", seconds(timeout), seconds(limit("timeout_max"))),
        ("memory size", megabytes(memory), megabytes(limit("memory_max"))),
        ("code size", function.code_size.unwrap_or_default() as f64, limit("code_size_max") as f64),
        (
            "ephemeral storage size",
            megabytes(function.ephemeral_storage.unwrap_or_default()),
            megabytes(storage),
        ),
    ];
    let too_large = checks.into_iter().find(|(_, value, most)| value > most);
    if let Some((what, value, most)) = too_large {
        return Some(format!(
            "The function {what} is larger than the maximum allowed for functions that are \
             triggered by a CloudFront event: {value} Max allowed: {most}"
        ));
    }
    let least = reader.count("cloudfront.lambda_edge.memory_min");
    (memory < least).then(|| {
        format!(
            "The function memory size is smaller than the minimum: {} Min allowed: {}",
            megabytes(memory),
            megabytes(least)
        )
    })
}
