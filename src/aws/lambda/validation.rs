//! What AWS refuses to deploy, with its own errors and reasons.
//!
//! Sources: the API reference of `CreateFunction`, `PutFunctionConcurrency` and
//! `PutProvisionedConcurrencyConfig`, and the developer guide's pages on reserved and provisioned
//! concurrency. The functions are configured in the author's order, as successive calls would.

use crate::aws::architecture::Architecture;
use crate::aws::lambda::asynchronous;
use crate::aws::lambda::deployment::Function;
use crate::aws::lambda::rules::{Settings, quota};
use crate::aws::lambda::snap_start;
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::sim::SECOND;

/// A parameter is out of the range that the API's model allows.
const VALIDATION: &str = "ValidationException";
/// A parameter's value can't be accepted in this account.
pub(super) const INVALID_PARAMETER_VALUE: &str = "InvalidParameterValueException";

/// The first thing that AWS would refuse, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let sizes = architecture.functions.iter().find_map(|function| out_of_range(function, reader));
    let scaling = || architecture.functions.iter().find_map(|f| auto_scaling(f, reader));
    let versions = || architecture.functions.iter().find_map(|f| snap_start::refusal(f, reader));
    let sizes = sizes.or_else(versions);
    sizes.or_else(|| concurrency(architecture, reader)).or_else(scaling)
}

/// What Application Auto Scaling takes no policy or schedule with.
fn auto_scaling(function: &Function, reader: &Reader<'_>) -> Option<Rejection> {
    let provisioned = function.provisioned_concurrency.as_ref()?;
    let tracking = provisioned.target_tracking;
    let wrong = |(min, max): &(u64, u64)| min > max;
    let actions = provisioned.schedule.iter().filter_map(|action| action.min.zip(action.max));
    let mut bounds = tracking.iter().map(|tracking| (tracking.min, tracking.max)).chain(actions);
    if let Some((min, max)) = bounds.find(wrong) {
        let reason = format!(
            "Maximum capacity cannot be less than minimum capacity: MinCapacity {min}, MaxCapacity \
             {max}"
        );
        return Some(rejection(function, VALIDATION, reason));
    }
    let target = tracking?.utilization;
    let bound = |bound: &str| reader.amount(&format!("lambda.provisioned_utilization_{bound}"));
    if (bound("min")..=bound("max")).contains(&target) {
        return None;
    }
    let reason = format!(
        "The target value of LambdaProvisionedConcurrencyUtilization must be between {} and {}: \
         {target}",
        bound("min"),
        bound("max")
    );
    Some(rejection(function, VALIDATION, reason))
}

/// A refusal that concerns a function.
pub(super) fn rejection(function: &Function, error: &str, reason: String) -> Rejection {
    Rejection { resource: Some(function.name.clone()), error: error.to_owned(), reason }
}

/// Memory, timeout or ephemeral storage that no function can have.
fn out_of_range(function: &Function, reader: &Reader<'_>) -> Option<Rejection> {
    let settings = Settings::new(function, reader);
    let seconds = |nanoseconds: u64| nanoseconds as f64 / SECOND as f64;
    let memory = |bound: &str| reader.megabytes(&format!("lambda.memory_{bound}")) as f64;
    let timeout = |bound: &str| reader.seconds(&format!("lambda.timeout_{bound}"));
    let storage =
        |bound: &str| reader.megabytes(&format!("lambda.ephemeral_storage_{bound}")) as f64;
    let checks = [
        (
            function.memory_mb.is_some(),
            settings.memory_mb as f64,
            "memorySize",
            &memory as Bound<'_>,
        ),
        (function.timeout.is_some(), seconds(settings.timeout), "timeout", &timeout),
        (
            function.ephemeral_storage_mb.is_some(),
            settings.ephemeral_storage_mb as f64,
            "ephemeralStorage.size",
            &storage,
        ),
    ];
    let checks = checks.into_iter().filter(|&(given, ..)| given);
    let mut ranges =
        checks.map(|(_, value, member, bound)| (member, value, bound("min"), bound("max")));
    let outside = ranges.find(|&(_, value, least, most)| value < least || value > most);
    let outside = outside.or_else(|| asynchronous::out_of_range(function, reader));
    let (member, value, least, most) = outside?;
    let (relation, limit) = if value < least { ("greater", least) } else { ("less", most) };
    let reason = format!(
        "Value '{value}' at '{member}' failed to satisfy constraint: Member must have value \
         {relation} than or equal to {limit}"
    );
    Some(rejection(function, VALIDATION, reason))
}

/// Gives the bound `min` or `max` of a parameter.
type Bound<'a> = &'a dyn Fn(&str) -> f64;

/// Reservations and provisioned concurrency that the account can't give.
fn concurrency(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let quota = quota(&architecture.account, reader);
    let mut unreserved = quota;
    for function in &architecture.functions {
        let reserved = function.reserved_concurrency;
        let provisioned = function.provisioned_concurrency.as_ref().map_or(0, |p| p.amount);
        if let Some(reserved) = reserved
            && provisioned > reserved
        {
            let reason = format!(
                "Requested Provisioned Concurrency should not be greater than the \
                 reservedConcurrentExecution for function [{provisioned} > {reserved}]"
            );
            return Some(rejection(function, INVALID_PARAMETER_VALUE, reason));
        }
        let (claimed, what) = match reserved {
            Some(reserved) => (reserved, "ReservedConcurrentExecutions"),
            None => (provisioned, "ConcurrentExecutions"),
        };
        if claimed == 0 {
            continue;
        }
        let minimum = reader.count("lambda.unreserved_concurrency_minimum");
        match unreserved.checked_sub(claimed) {
            Some(left) if left >= minimum => unreserved = left,
            _ => {
                let reason = format!(
                    "Specified {what} for function decreases account's \
                     UnreservedConcurrentExecution below its minimum value of [{minimum}]: \
                     {claimed} of {unreserved} unreserved, account limit {quota}"
                );
                return Some(rejection(function, INVALID_PARAMETER_VALUE, reason));
            }
        }
    }
    None
}
