//! Topics, their subscriptions and the endpoints outside of AWS. Times are nanoseconds.

use crate::aws::architecture::Resource;
use crate::aws::sns::filter::FilterPolicy;
use crate::sim::windows::Windows;

/// An SNS topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topic {
    /// Its name, unique in the architecture.
    pub name: String,
    /// Whether it is a FIFO topic: deliveries keep the order.
    pub fifo: bool,
    /// Who gets its messages.
    pub subscriptions: Vec<Subscription>,
}

/// A subscription of a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// A function, a queue or an [`Endpoint`].
    pub endpoint: Resource,
    /// Which messages it wants; all when `None`.
    pub filter: Option<FilterPolicy>,
    /// When nobody answers there, beside the endpoint's own times.
    pub down: Windows,
    /// Whether the endpoint is gone or forbids the delivery: an error of the client's side, which
    /// isn't retried.
    pub deleted: bool,
    /// Whether the message goes without SNS's envelope: `RawMessageDelivery`.
    pub raw_delivery: bool,
    /// How HTTP/S deliveries are retried; SNS's default when `None`.
    pub retry_policy: Option<RetryPolicy>,
    /// Where messages go that can't be delivered.
    pub dead_letter: Option<Resource>,
}

/// Something outside of AWS that a topic can deliver to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// Its name, unique in the architecture.
    pub name: String,
    /// How it is reached.
    pub protocol: Protocol,
    /// When nobody answers there.
    pub down: Windows,
}

/// The protocols of endpoints outside of AWS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// A web hook.
    Http,
    /// The same with TLS.
    #[default]
    Https,
    /// E-mail.
    Email,
    /// A text message.
    Sms,
    /// A push notification to a mobile device.
    Push,
}

/// A retry policy for HTTP/S: SNS's `healthyRetryPolicy`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// All retries.
    pub num_retries: u64,
    /// How many of them follow at once.
    pub num_no_delay_retries: u64,
    /// How many then follow after the least delay.
    pub num_min_delay_retries: u64,
    /// How many at the end follow after the greatest delay.
    pub num_max_delay_retries: u64,
    /// The least delay.
    pub min_delay_target: u64,
    /// The greatest delay.
    pub max_delay_target: u64,
    /// How the delay grows in between.
    pub backoff_function: BackoffFunction,
}

/// How a delay grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BackoffFunction {
    /// By the same amount each time.
    #[default]
    Linear,
    /// By the same amount each time, as SNS documents it.
    Arithmetic,
    /// By the same factor each time.
    Geometric,
    /// By the same factor each time, as SNS documents it.
    Exponential,
}
