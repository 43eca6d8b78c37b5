//! How the clients of a source behave. Times are nanoseconds.

/// The clients of a source: its requests go over them in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clients {
    /// How they try again.
    pub mode: RetryMode,
    /// How often a request is sent at most, the first time included; the mode's default when
    /// `None`.
    pub max_attempts: Option<u64>,
    /// How long a client waits for the answer to an attempt; for ever when `None`.
    pub timeout: Option<u64>,
    /// How many there are, at least 1. Each has a quota of retries and a rate of its own.
    pub count: u32,
    /// Whether an error of the code is a failure to them, as it is behind a URL, where it arrives
    /// as a status of 500 or more.
    pub sees_errors: bool,
}

/// How an SDK tries again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RetryMode {
    /// Exponential back-off with jitter, under a quota of retries.
    #[default]
    Standard,
    /// The same, and a rate limit on all attempts.
    Adaptive,
    /// Exponential back-off with jitter alone.
    Legacy,
}
