//! What all threads of the preview share: the site as it is served, what has changed since, and who
//! waits for the next one.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::command::serve::snapshot::Snapshot;
use crate::command::site::Changes;

/// How long a request waits for a rebuild that was begun, or is due, before it gets the last site.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long nothing must change before a rebuild begins: a save is several steps.
const QUIET: Duration = Duration::from_millis(40);
/// The same when the last thing noticed was the end of a save.
const QUIET_AFTER_SAVE: Duration = Duration::from_millis(10);
/// The same when many files changed, as when git changes to another branch.
const QUIET_IN_BURST: Duration = Duration::from_millis(80);
/// How many files make a burst.
const BURST: usize = 3;
/// How long changes that never end put a rebuild off.
const DELAY_MAX: Duration = Duration::from_secs(2);
/// How many paths are kept; of more nobody keeps count, and everything is looked at.
const PATHS_MAX: usize = 10_000;

/// Something that was noticed of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// These files or folders changed.
    Changed(Vec<PathBuf>),
    /// A save has ended.
    Saved,
    /// Something happened, and nobody knows what.
    Unknown,
}

/// What the threads share.
#[derive(Debug)]
pub struct Preview {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    site: Arc<Snapshot>,
    /// Counts what was noticed.
    noticed: u64,
    /// The count up to which `site` knows all.
    built: u64,
    /// Counts the states that were published.
    edition: u64,
    pending: Pending,
    ends: bool,
}

/// Changes that no rebuild has taken yet.
#[derive(Debug, Default)]
struct Pending {
    paths: BTreeSet<PathBuf>,
    everything: bool,
    /// When the first and the last of them were noticed.
    times: Option<(Instant, Instant)>,
    saved: bool,
}

impl Pending {
    /// When a rebuild is due; `None` when nothing changed.
    fn due(&self) -> Option<Instant> {
        let (first, last) = self.times?;
        let quiet = if self.paths.len() >= BURST || self.everything {
            QUIET_IN_BURST
        } else if self.saved {
            QUIET_AFTER_SAVE
        } else {
            QUIET
        };
        Some((last + quiet).min(first + DELAY_MAX))
    }

    fn take(&mut self) -> Changes {
        let taken = std::mem::take(self);
        if taken.everything { Changes::Everything } else { Changes::Files(taken.paths) }
    }
}

impl Preview {
    /// A preview that shows this site.
    pub fn new(site: Arc<Snapshot>) -> Self {
        let state = State {
            site,
            noticed: 0,
            built: 0,
            edition: 0,
            pending: Pending::default(),
            ends: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock can panic half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a change. From now on requests wait for a rebuild that knows of it.
    pub fn notice(&self, noticed: Noticed) {
        let mut state = self.lock();
        let now = Instant::now();
        let first = state.pending.times.map_or(now, |(first, _)| first);
        match noticed {
            // The end of a save in which nothing changed is none.
            Noticed::Saved => {
                if state.pending.times.is_none() {
                    return;
                }
                state.pending.saved = true;
            }
            Noticed::Changed(paths) => {
                state.pending.paths.extend(paths);
                state.pending.everything |= state.pending.paths.len() > PATHS_MAX;
                state.pending.saved = false;
            }
            Noticed::Unknown => state.pending.everything = true,
        }
        state.pending.times = Some((first, now));
        state.noticed += 1;
        self.changed.notify_all();
    }

    /// Waits until changes are due for a rebuild, and takes them: what changed, and the count to
    /// publish the rebuilt site with. `None` at the end of the preview.
    pub fn next_changes(&self) -> Option<(Changes, u64)> {
        let mut state = self.lock();
        loop {
            if state.ends {
                return None;
            }
            state = match state.pending.due() {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(due) => {
                    let left = due.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Some((state.pending.take(), state.noticed));
                    }
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// The count of what was noticed, to publish a site with whose build begins now.
    pub fn count(&self) -> u64 {
        self.lock().noticed
    }

    /// Shows a site that knows all changes up to a count.
    pub fn publish(&self, site: Arc<Snapshot>, built: u64) {
        let mut state = self.lock();
        state.site = site;
        state.built = built;
        state.edition += 1;
        self.changed.notify_all();
    }

    /// The site for a request. One that comes after a change was noticed waits for the rebuild.
    pub fn site(&self) -> Arc<Snapshot> {
        let mut state = self.lock();
        let wanted = state.noticed;
        let until = Instant::now() + PATIENCE;
        while state.built < wanted && !state.ends {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Arc::clone(&state.site)
    }

    /// The site as it is shown, with its edition, without waiting.
    pub fn shown(&self) -> (Arc<Snapshot>, u64) {
        let state = self.lock();
        (Arc::clone(&state.site), state.edition)
    }

    /// Waits for an edition after this one; `None` when none came in time, or at the end.
    pub fn next_edition(&self, after: u64, time: Duration) -> Option<(Arc<Snapshot>, u64)> {
        let until = Instant::now() + time;
        let mut state = self.lock();
        while state.edition <= after && !state.ends {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        (!state.ends).then(|| (Arc::clone(&state.site), state.edition))
    }

    /// Ends the preview: nobody waits any longer.
    pub fn end(&self) {
        self.lock().ends = true;
        self.changed.notify_all();
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.lock().ends
    }
}
