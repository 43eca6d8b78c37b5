//! Lambda functions as they are deployed. Times are nanoseconds.

use crate::aws::architecture::{Form, Resource};
use crate::sim::draw::Distribution;

/// The instruction set, which decides the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InstructionSet {
    /// `x86_64`.
    #[default]
    X86_64,
    /// `arm64`.
    Arm64,
}

/// A Lambda function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Function {
    /// Its name, unique in the deployment.
    pub name: String,
    /// How long the handler runs.
    pub duration: Distribution,
    /// How long the Init phase takes; zero when there is none to speak of.
    pub init_duration: Distribution,
    /// The configured memory in MB; the catalogue's default when `None`.
    pub memory_mb: Option<u64>,
    /// The configured timeout; the catalogue's default when `None`.
    pub timeout: Option<u64>,
    /// The size of `/tmp` in MB; the catalogue's default when `None`.
    pub ephemeral_storage_mb: Option<u64>,
    /// Reserved concurrency.
    pub reserved_concurrency: Option<u64>,
    /// Provisioned concurrency, on the version or alias that the invocations go to.
    pub provisioned_concurrency: Option<Provisioned>,
    /// How long an idle environment lives; the catalogue's assumption when `None`.
    pub idle_timeout: Option<u64>,
    /// The share of handler runs that end in a function error, 0 to 1.
    pub failure_rate: f64,
    /// The instruction set.
    pub architecture: InstructionSet,
    /// What the handler calls after its own time, one after the other.
    pub calls: Vec<Call>,
}

/// A call that a handler makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub target: Resource,
    /// Whether the handler waits for the answer.
    pub form: Form,
}

/// Provisioned concurrency and when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// How many environments.
    pub amount: u64,
    /// When the allocation is requested. `None`: long before the run begins, so that all are ready
    /// at time zero.
    pub requested_at: Option<u64>,
}

/// Which idle environment gets the next request. AWS publishes no rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Routing {
    /// The one created last.
    Newest,
    /// The one used last, which lets the others expire.
    #[default]
    MostRecentlyUsed,
    /// The one that has been idle longest.
    LeastRecentlyUsed,
    /// Any, with equal chance.
    Random,
}
