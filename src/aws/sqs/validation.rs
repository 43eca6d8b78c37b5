//! What AWS refuses to deploy of queues and their event source mappings, with its own errors and
//! reasons.
//!
//! Sources: the API references of `CreateQueue`, `SetQueueAttributes` and
//! `CreateEventSourceMapping`, and the errors that their callers report.

use crate::aws::architecture::Architecture;
use crate::aws::lambda;
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::aws::sqs::deployment::{Mapping, Queue};
use crate::aws::sqs::rules::{MappingSettings, Settings};
use crate::sim::SECOND;

/// A parameter is out of the range that Lambda's API model allows.
const VALIDATION: &str = "ValidationException";
/// A parameter's value can't be accepted.
const INVALID_PARAMETER_VALUE: &str = "InvalidParameterValueException";
/// A queue's attribute can't have the value.
const INVALID_ATTRIBUTE_VALUE: &str = "InvalidAttributeValue";
/// A parameter of SQS can't have the value.
const INVALID_QUEUE_PARAMETER: &str = "InvalidParameterValue";

/// The first thing that AWS would refuse, if any: queues come before mappings.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let queues = &architecture.queues;
    let attributes = queues.iter().find_map(|queue| attributes(queue, reader));
    let policies = || queues.iter().find_map(|queue| redrive_policy(architecture, queue, reader));
    let mappings = || {
        let all = queues.iter().flat_map(|queue| {
            let own = queue.event_source_mappings.iter();
            own.map(move |mapping| (queue, mapping))
        });
        all.into_iter().find_map(|(queue, one)| mapping(architecture, queue, one, reader))
    };
    attributes.or_else(policies).or_else(mappings)
}

fn rejection(queue: &Queue, error: &str, reason: String) -> Rejection {
    Rejection { resource: Some(queue.name.clone()), error: error.to_owned(), reason }
}

/// An attribute that no queue can have.
fn attributes(queue: &Queue, reader: &Reader<'_>) -> Option<Rejection> {
    let settings = Settings::new(queue, reader);
    let visibility = 0..=reader.time("sqs.visibility_timeout_max");
    let retention =
        reader.time("sqs.retention_period_min")..=reader.time("sqs.retention_period_max");
    let checks = [
        ("VisibilityTimeout", settings.visibility_timeout, visibility),
        ("MessageRetentionPeriod", settings.retention_period, retention),
        ("DelaySeconds", settings.delay, 0..=reader.time("sqs.delay_max")),
    ];
    let wrong = checks.into_iter().find(|(_, value, range)| !range.contains(value));
    wrong.map(|(name, value, range)| {
        let seconds = |time: u64| time as f64 / SECOND as f64;
        let (value, least, most) = (seconds(value), seconds(*range.start()), seconds(*range.end()));
        let reason = format!(
            "Invalid value for the parameter {name}. Reason: {value} is not between {least} and \
             {most} seconds."
        );
        rejection(queue, INVALID_ATTRIBUTE_VALUE, reason)
    })
}

fn redrive_policy(
    architecture: &Architecture,
    queue: &Queue,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    let policy = queue.redrive_policy?;
    let count = policy.max_receive_count;
    let most = reader.count("sqs.max_receive_count_max");
    let target = architecture.queues.get(policy.dead_letter_queue.place())?;
    let why = if !(1..=most).contains(&count) {
        format!(
            "Invalid value for maxReceiveCount: {count}, valid values are from 1 to {most} both \
             inclusive."
        )
    } else if target.fifo != queue.fifo {
        "Dead-letter queue must be same type of queue as the source.".to_owned()
    } else {
        return None;
    };
    let reason = format!(
        "Value {{\"deadLetterTargetArn\":\"{}\",\"maxReceiveCount\":{count}}} for parameter \
         RedrivePolicy is invalid. Reason: {why}",
        target.name
    );
    Some(rejection(queue, INVALID_QUEUE_PARAMETER, reason))
}

fn mapping(
    architecture: &Architecture,
    queue: &Queue,
    mapping: &Mapping,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    if let Some(reason) = out_of_range(mapping, reader) {
        return Some(rejection(queue, VALIDATION, reason));
    }
    let settings = MappingSettings::new(queue, mapping, reader);
    let (size, window) = (settings.batch_size, settings.batching_window);
    let without_window = reader.count("sqs.batch_size_without_window_max");
    let fifo_most = reader.count("sqs.fifo.batch_size_max");
    let visibility = Settings::new(queue, reader).visibility_timeout;
    let function = architecture.functions.get(mapping.function.place())?;
    let timeout = lambda::timeout(function, reader);
    let seconds = |time: u64| time as f64 / SECOND as f64;
    let reason = if queue.fifo && window > 0 {
        "Batching window is not supported for FIFO queues".to_owned()
    } else if queue.fifo && size > fifo_most {
        format!("Maximum batch size for FIFO queues is {fifo_most}: {size}")
    } else if size > without_window && window < reader.time("sqs.batching_window_min") {
        format!(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is \
             greater than {without_window}"
        )
    } else if visibility < timeout {
        format!(
            "Queue visibility timeout: {} seconds is less than Function timeout: {} seconds",
            seconds(visibility),
            seconds(timeout)
        )
    } else if mapping.max_concurrency.is_some() && mapping.provisioned_pollers.is_some() {
        "Maximum concurrency and provisioned mode can't be used together".to_owned()
    } else {
        return None;
    };
    Some(rejection(queue, INVALID_PARAMETER_VALUE, reason))
}

/// Values that Lambda's API model doesn't allow.
fn out_of_range(mapping: &Mapping, reader: &Reader<'_>) -> Option<String> {
    let window = |time: u64| time.div_ceil(SECOND);
    let pollers = mapping.provisioned_pollers.unwrap_or_default();
    let least = reader.count("sqs.provisioned.min_default");
    let checks = [
        ("batchSize", mapping.batch_size, 1, reader.count("sqs.batch_size_max")),
        (
            "maximumBatchingWindowInSeconds",
            mapping.batching_window.map(window),
            0,
            window(reader.time("sqs.batching_window_max")),
        ),
        (
            "scalingConfig.maximumConcurrency",
            mapping.max_concurrency,
            reader.count("sqs.max_concurrency_min"),
            reader.count("sqs.max_concurrency_max"),
        ),
        (
            "provisionedPollerConfig.minimumPollers",
            pollers.min,
            least,
            reader.count("sqs.provisioned.min_max"),
        ),
        (
            "provisionedPollerConfig.maximumPollers",
            pollers.max,
            least,
            reader.count("sqs.provisioned.max_max"),
        ),
    ];
    let given = checks
        .into_iter()
        .filter_map(|(at, value, least, most)| value.map(|value| (at, value, least, most)));
    given.into_iter().find_map(|(at, value, least, most)| {
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
