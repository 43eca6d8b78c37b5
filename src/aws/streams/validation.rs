//! What AWS refuses to deploy of streams and their event source mappings, with its own errors and
//! reasons.
//!
//! Sources: the API references of `IncreaseStreamRetentionPeriod` and `CreateEventSourceMapping`.

use crate::aws::architecture::Architecture;
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::aws::streams::deployment::{Kind, Mapping, Stream};
use crate::aws::streams::rules::retention_period;
use crate::sim::SECOND;

/// A parameter is out of the range that Lambda's API model allows.
const VALIDATION: &str = "ValidationException";
/// A parameter of a stream can't have the value.
const INVALID_ARGUMENT: &str = "InvalidArgumentException";

/// The first thing that AWS would refuse, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let all = || architecture.streams.iter().chain(&architecture.tables);
    let retention = all().find_map(|stream| retention(stream, reader));
    retention.or_else(|| {
        all().find_map(|stream| {
            let mappings = stream.event_source_mappings.iter();
            let mut reasons = mappings.filter_map(|mapping| out_of_range(mapping, reader));
            Some(rejection(stream, VALIDATION, reasons.next()?))
        })
    })
}

fn rejection(stream: &Stream, error: &str, reason: String) -> Rejection {
    Rejection { resource: Some(stream.name.clone()), error: error.to_owned(), reason }
}

/// A retention that no Kinesis stream can have.
fn retention(stream: &Stream, reader: &Reader<'_>) -> Option<Rejection> {
    let hours = |time: u64| time as f64 / HOUR as f64;
    let least = reader.time("streams.kinesis.retention_period_default");
    let most = reader.time("streams.kinesis.retention_period_max");
    let asked = retention_period(stream, reader);
    if stream.kind != Kind::Kinesis || (least..=most).contains(&asked) {
        return None;
    }
    let (word, bound) = if asked < least { ("Minimum", least) } else { ("Maximum", most) };
    let reason = format!(
        "{word} allowed retention period is {} hours. Requested retention period ({} hours) is too \
         {}.",
        hours(bound),
        hours(asked),
        if asked < least { "short" } else { "long" }
    );
    Some(rejection(stream, INVALID_ARGUMENT, reason))
}

/// Nanoseconds in an hour.
const HOUR: u64 = 60 * 60 * SECOND;

/// Values that Lambda's API model doesn't allow.
fn out_of_range(mapping: &Mapping, reader: &Reader<'_>) -> Option<String> {
    let seconds = |time: u64| time.div_ceil(SECOND);
    let age = |name: &str| seconds(reader.time(name));
    let checks = [
        ("batchSize", mapping.batch_size, 1, reader.count("streams.batch_size_max")),
        (
            "maximumBatchingWindowInSeconds",
            mapping.batching_window.map(seconds),
            0,
            age("streams.batching_window_max"),
        ),
        (
            "parallelizationFactor",
            mapping.parallelization_factor,
            1,
            reader.count("streams.parallelization_factor_max"),
        ),
        (
            "maximumRetryAttempts",
            mapping.max_retry_attempts,
            0,
            reader.count("streams.max_retry_attempts_max"),
        ),
        (
            "maximumRecordAgeInSeconds",
            mapping.max_record_age.map(seconds),
            age("streams.max_record_age_min"),
            age("streams.max_record_age_max"),
        ),
    ];
    checks.into_iter().find_map(|(at, value, least, most)| {
        let value = value?;
        let (relation, limit) = if value < least {
            ("greater", least)
        } else if value > most {
            ("less", most)
        } else {
            return None;
        };
        Some(format!(
            "Value '{value}' at '{at}' failed to satisfy constraint: Member must have value \
             {relation} than or equal to {limit}"
        ))
    })
}
