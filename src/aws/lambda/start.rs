//! What happens in an environment before its handler runs for the first time, or again after a
//! reset: Init, or the restore of a snapshot.

use crate::aws::lambda::deployment::{Function, Qualifier, SnapStart};
use crate::aws::reader::Reader;
use crate::sim::draw::{Distribution, Draw};
use crate::sim::random::Random;

/// How the environments of a function start.
#[derive(Clone, Debug)]
pub(super) struct Starts {
    duration: Draw,
    /// Whether a snapshot is restored instead of running Init.
    pub(super) restores: bool,
    /// The limit of the phase before the invocation.
    limit: u64,
}

/// The start of an environment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    /// How long the phase before the invocation takes; `None` if the environment was there.
    pub(super) phase: Option<u64>,
    /// How long an Init runs inside the invocation, under the function's own timeout.
    pub(super) inside: u64,
    /// Whether the phase restores a snapshot.
    pub(super) restores: bool,
    /// Whether the environment can't be used: no handler runs, the request fails, and it goes.
    pub(super) fails: bool,
}

/// The snapshot that a function's environments are restored from: SnapStart works on published
/// versions alone.
pub(super) fn snapshot(function: &Function) -> Option<&SnapStart> {
    function.snap_start.as_ref().filter(|_| function.qualifier == Qualifier::Version)
}

impl Starts {
    pub(super) fn new(
        function: &Function,
        init: Distribution,
        init_timeout: u64,
        reader: &Reader<'_>,
        stream: impl Fn(&'static str) -> Random,
    ) -> Self {
        match snapshot(function) {
            Some(snapshot) => Self {
                duration: Draw::new(snapshot.restore_duration, stream("restore_duration")),
                restores: true,
                limit: reader.time("lambda.snap_start_restore_timeout"),
            },
            None => Self {
                duration: Draw::new(init, stream("init_duration")),
                restores: false,
                limit: init_timeout,
            },
        }
    }

    /// A new environment starts. An Init that isn't over in time is run again inside the
    /// invocation; a restore that isn't fails.
    pub(super) fn new_environment(&mut self) -> Start {
        let duration = self.duration.draw();
        let late = duration > self.limit;
        Start {
            phase: Some(duration.min(self.limit)),
            inside: if late && !self.restores { duration } else { 0 },
            restores: self.restores,
            fails: late && self.restores,
        }
    }

    /// An environment starts again inside the invocation, because the last run on it was reset.
    pub(super) fn again(&mut self) -> Start {
        Start { inside: self.duration.draw(), ..Start::default() }
    }
}
