//! Lambda functions as they are deployed. Times are nanoseconds.

use crate::aws::architecture::{Form, Resource};
use crate::aws::lambda::asynchronous::deployment::EventInvokeConfig;
use crate::sim::draw::Distribution;
use crate::sim::windows::Windows;

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
    /// How much longer it runs for each record of a batch.
    pub duration_per_record: u64,
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
    /// The share of Init phases that fail, 0 to 1. One that fails is run again inside the
    /// invocation, and may fail again.
    pub init_failure_rate: f64,
    /// The share of handler runs that end in a function error, 0 to 1.
    pub failure_rate: f64,
    /// When all handler runs that begin end in a function error, for instance because something
    /// that they need is down.
    pub failing: Windows,
    /// The instruction set.
    pub architecture: InstructionSet,
    /// The runtime by AWS's identifier, for instance `java21`; nothing depends on one that isn't
    /// given.
    pub runtime: Option<String>,
    /// What the invocations name.
    pub qualifier: Qualifier,
    /// SnapStart, on published versions.
    pub snap_start: Option<SnapStart>,
    /// What of its time is CPU work; durations don't depend on the memory when `None`.
    pub cpu: Option<Cpu>,
    /// What the handler keeps in `/tmp`.
    pub tmp_cache: Option<TmpCache>,
    /// What the handler calls after its own time, one after the other.
    pub calls: Vec<Call>,
    /// What becomes of events that it is invoked with asynchronously.
    pub event_invoke: EventInvokeConfig,
    /// The execution role: a place in the roles of the architecture's identities. Without one the
    /// function may do everything.
    pub role: Option<usize>,
}

/// What the invocations of a function name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// A published version, or an alias of one.
    #[default]
    Version,
    /// The unpublished version, `$LATEST`.
    Latest,
}

/// SnapStart: environments start from a snapshot that was taken when the version was published.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SnapStart {
    /// How long restoring the snapshot takes, hooks included.
    pub restore_duration: Distribution,
}

/// How a function's durations depend on its memory, and with it its CPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cpu {
    /// The share of the durations that is CPU work at the memory at which they were measured, 0 to
    /// 1.
    pub bound: f64,
    /// That memory in MB; the one that brings a whole vCPU when `None`.
    pub measured_at_mb: Option<u64>,
    /// How many cores the code can use at once, at least 1.
    pub parallelism: u32,
}

/// Files that a handler keeps in `/tmp`: each request wants one of them, and downloads it first
/// where its environment doesn't have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TmpCache {
    /// How long a download takes.
    pub download_duration: Distribution,
    /// The size of a file in MB; so small that it doesn't matter when `None`.
    pub size_mb: Option<u64>,
    /// How many different files there are, at least 1. Requests want each with equal chance.
    pub files: u32,
}

/// A call that a handler makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub target: Resource,
    /// Whether the handler waits for the answer.
    pub form: Form,
}

/// Provisioned concurrency on a version or alias, and what changes it over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provisioned {
    /// How many environments at the beginning; 0 for none.
    pub amount: u64,
    /// When they are requested. `None`: long before the run begins, so that all are ready at time
    /// zero.
    pub requested_at: Option<u64>,
    /// Scheduled actions of Application Auto Scaling, in the author's order.
    pub schedule: Vec<ScheduledAction>,
    /// A target tracking policy of Application Auto Scaling.
    pub target_tracking: Option<TargetTracking>,
}

/// A scheduled action: from a time on the amount lies between two bounds. What is outside of them
/// is brought to the nearer one at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScheduledAction {
    /// When.
    pub at: u64,
    /// After which time it happens again, above 0; once when `None`.
    pub every: Option<u64>,
    /// The least amount from then on; unchanged when `None`.
    pub min: Option<u64>,
    /// The greatest amount from then on; unchanged when `None`.
    pub max: Option<u64>,
}

/// Target tracking on `ProvisionedConcurrencyUtilization`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TargetTracking {
    /// The share of the provisioned environments that shall be busy, 0 to 1.
    pub utilization: f64,
    /// The least amount, until a scheduled action changes it.
    pub min: u64,
    /// The greatest amount, until a scheduled action changes it.
    pub max: u64,
}

impl Provisioned {
    /// An amount that is there from the beginning and never changes.
    pub fn fixed(amount: u64) -> Self {
        Self { amount, ..Self::default() }
    }
}

/// A new version of a function is deployed, which replaces its environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The function: an index of the architecture's list.
    pub function: u32,
    /// When.
    pub at: u64,
}

/// Whether maintenance replaces environments that requests keep warm. AWS publishes no rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Maintenance {
    /// Never.
    #[default]
    None,
    /// When they have existed for the time that the catalogue assumes.
    Lifetime,
}

/// How fast environments may be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scaling {
    /// Each function has its own rate, as since November 2023.
    #[default]
    PerFunction,
    /// All functions of the Region share a burst, and a rate after it, as before.
    RegionalBurst,
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
