//! What is deployed and what happens to it: the input of a run. Times are nanoseconds.

/// How a random duration is drawn. All durations are nanoseconds; draws are rounded to whole ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(u64),
    /// Exponential with this mean.
    Exponential {
        /// The mean.
        mean: u64,
    },
    /// Uniform between two values, both included.
    Uniform {
        /// The least.
        min: u64,
        /// The greatest.
        max: u64,
    },
    /// Log-normal with this mean and coefficient of variation (standard deviation by mean).
    LogNormal {
        /// The mean.
        mean: u64,
        /// The coefficient of variation, at least 0.
        coefficient_of_variation: f64,
    },
}

/// The instruction set, which decides the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InstructionSet {
    /// `x86_64`.
    #[default]
    X86_64,
    /// `arm64`.
    Arm64,
}

/// The account's side of a deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// The Region, for instance `ap-northeast-2`.
    pub region: String,
    /// The quota "Concurrent executions" of the Region; the catalogue's when `None`.
    pub concurrent_executions: Option<u64>,
}

/// A Lambda function.
#[derive(Clone, Debug, PartialEq)]
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

/// How requests arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arrivals {
    /// `count` requests at one instant.
    Once {
        /// When.
        at: u64,
        /// How many.
        count: u64,
    },
    /// Evenly spaced: request k (from 0) comes at `from + k / rate`, as long as that is before
    /// `until`.
    Constant {
        /// Requests per second, above 0.
        rate: f64,
        /// The first.
        from: u64,
        /// The end, not included.
        until: u64,
    },
    /// A Poisson process: gaps are exponential, the first begins at `from`.
    Poisson {
        /// Mean requests per second, above 0.
        rate: f64,
        /// The beginning.
        from: u64,
        /// The end, not included.
        until: u64,
    },
}

/// Synchronous requests to one function.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// The index of the function in [`Deployment::functions`].
    pub function: usize,
    /// How they arrive.
    pub arrivals: Arrivals,
}

/// What is deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// The account and Region.
    pub account: Account,
    /// The functions, in the author's order.
    pub functions: Vec<Function>,
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

/// Behaviour that AWS doesn't document, as a choice with a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policies {
    /// Which idle environment gets the next request.
    pub routing: Routing,
}
