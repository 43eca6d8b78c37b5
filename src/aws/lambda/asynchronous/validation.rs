//! What AWS refuses of a function's `FunctionEventInvokeConfig`: the ranges of the API reference of
//! `PutFunctionEventInvokeConfig`.

use crate::aws::lambda::deployment::Function;
use crate::aws::reader::Reader;
use crate::sim::SECOND;

/// The member that is out of its range, with its value and the range in the API's units.
pub(in crate::aws::lambda) fn out_of_range(
    function: &Function,
    reader: &Reader<'_>,
) -> Option<(&'static str, f64, f64, f64)> {
    let config = &function.event_invoke;
    let age = config.max_event_age.map(|age| {
        let bound = |name: &str| reader.seconds(name);
        let age = age as f64 / SECOND as f64;
        let (least, most) = ("lambda.async_event_age_min", "lambda.async_event_age_max");
        ("maximumEventAgeInSeconds", age, bound(least), bound(most))
    });
    let attempts = config.max_retry_attempts.map(|attempts| {
        let most = reader.count("lambda.async_retry_attempts_max");
        ("maximumRetryAttempts", attempts as f64, 0.0, most as f64)
    });
    let outside = |&(_, value, least, most): &(&str, f64, f64, f64)| value < least || value > most;
    age.into_iter().chain(attempts).find(outside)
}
