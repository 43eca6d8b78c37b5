//! When SNS tries again: its delivery policies, phase by phase.
//!
//! Source: the developer guide's page on message delivery retries. Delays are without the jitter
//! that SNS adds.

use crate::aws::reader::Reader;
use crate::aws::sns::deployment::{BackoffFunction, RetryPolicy};
use crate::sim::elementary::{exp, ln};

/// A delivery policy: what follows the first attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    immediate: u64,
    minimum: u64,
    backoff: u64,
    maximum: u64,
    min_delay: u64,
    max_delay: u64,
    is_geometric: bool,
    /// The longest time that all retries together may take.
    longest: u64,
}

impl Schedule {
    /// The policy of a kind of endpoints: `aws_managed` or `customer_managed`.
    pub fn of_protocol(reader: &Reader<'_>, kind: &str) -> Self {
        let count = |phase: &str| reader.count(&format!("sns.{kind}_{phase}"));
        let time = |phase: &str| reader.time(&format!("sns.{kind}_{phase}"));
        Self {
            immediate: count("immediate_retries"),
            minimum: count("pre_backoff_retries"),
            backoff: count("backoff_retries"),
            maximum: count("post_backoff_retries"),
            min_delay: time("min_delay"),
            max_delay: time("max_delay"),
            is_geometric: true,
            longest: u64::MAX,
        }
    }

    /// The policy of an HTTP/S subscription.
    pub fn of_http(reader: &Reader<'_>, policy: Option<&RetryPolicy>) -> Self {
        let longest = reader.time("sns.http_total_delay_max");
        let Some(policy) = policy else {
            let delay = reader.time("sns.http_default_delay");
            return Self {
                immediate: 0,
                minimum: reader.count("sns.http_default_retries"),
                backoff: 0,
                maximum: 0,
                min_delay: delay,
                max_delay: delay,
                is_geometric: false,
                longest,
            };
        };
        let phases = policy.num_no_delay_retries
            + policy.num_min_delay_retries
            + policy.num_max_delay_retries;
        Self {
            immediate: policy.num_no_delay_retries,
            minimum: policy.num_min_delay_retries,
            backoff: policy.num_retries.saturating_sub(phases),
            maximum: policy.num_max_delay_retries,
            min_delay: policy.min_delay_target,
            max_delay: policy.max_delay_target,
            is_geometric: matches!(
                policy.backoff_function,
                BackoffFunction::Geometric | BackoffFunction::Exponential
            ),
            longest,
        }
    }

    /// How many retries there are at most.
    pub fn retries(&self) -> u64 {
        let phases = self.immediate.saturating_add(self.minimum);
        phases.saturating_add(self.backoff).saturating_add(self.maximum)
    }

    /// How long SNS waits before a retry (from 0) that comes `waited` after the first attempt;
    /// `None` when there is no such retry any more.
    pub fn delay(&self, retry: u64, waited: u64) -> Option<u64> {
        let delay = if retry < self.immediate {
            0
        } else if retry < self.immediate + self.minimum {
            self.min_delay
        } else if retry < self.immediate + self.minimum + self.backoff {
            self.grown(retry - self.immediate - self.minimum)
        } else if retry < self.retries() {
            self.max_delay
        } else {
            return None;
        };
        (waited.saturating_add(delay) <= self.longest).then_some(delay)
    }

    /// The delay of a step of the back-off, the first of which is the least delay and the last the
    /// greatest.
    fn grown(&self, step: u64) -> u64 {
        let (least, greatest) = (self.min_delay as f64, self.max_delay as f64);
        let share = match self.backoff {
            0 | 1 => 0.0,
            steps => step as f64 / (steps - 1) as f64,
        };
        let delay = if self.is_geometric && least > 0.0 && greatest > 0.0 {
            least * exp(share * ln(greatest / least))
        } else {
            least + share * (greatest - least)
        };
        delay.round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::catalogue::{Catalogue, Quotas};
    use crate::sim::SECOND;
    use std::collections::BTreeMap;

    fn totals(schedule: &Schedule) -> (u64, f64) {
        let (mut retry, mut waited) = (0, 0);
        while let Some(delay) = schedule.delay(retry, waited) {
            retry += 1;
            waited += delay;
        }
        (retry, (waited as f64 / SECOND as f64).round())
    }

    /// The counts that AWS documents (100,015 over 23 days; 50 over about six hours; 3 for HTTP),
    /// and the sums of the delays.
    #[test]
    fn retries_are_as_many_as_documented() {
        let quotas = Quotas::new(Catalogue::builtin(), BTreeMap::new());
        let reader = Reader::new(&quotas, "us-east-1");
        let managed = Schedule::of_protocol(&reader, "aws_managed");
        assert_eq!(totals(&managed), (100_015, 2_000_070.0));
        let customer = Schedule::of_protocol(&reader, "customer_managed");
        assert_eq!(totals(&customer), (50, 24_444.0));
        assert_eq!(totals(&Schedule::of_http(&reader, None)), (3, 60.0));
    }

    /// Whatever a policy says, HTTP/S is given up after an hour.
    #[test]
    fn http_is_given_up_after_an_hour() {
        let quotas = Quotas::new(Catalogue::builtin(), BTreeMap::new());
        let reader = Reader::new(&quotas, "us-east-1");
        let policy = RetryPolicy {
            num_retries: 100,
            num_no_delay_retries: 0,
            num_min_delay_retries: 0,
            num_max_delay_retries: 100,
            min_delay_target: 20 * SECOND,
            max_delay_target: 600 * SECOND,
            backoff_function: BackoffFunction::Linear,
        };
        assert_eq!(totals(&Schedule::of_http(&reader, Some(&policy))), (6, 3600.0));
    }
}
