//! Files that were read before, by what the disk says of them.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use rustc_hash::FxHashMap;

use super::load::Loaded;
use super::walk::{Candidate, Plan};

/// What the disk says of a file: as long as it says the same, the file holds the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    /// In nanoseconds since 1970.
    modified: Option<u128>,
    /// The file's number and the time of its last change of any kind, where there are such.
    identity: (u64, i64, i64),
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
        };
        #[cfg(not(unix))]
        let identity = (0, 0, 0);
        let modified = metadata.modified().ok();
        let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = modified.map(|since| since.as_nanos());
        Self { length: metadata.len(), modified, identity }
    }
}

type Entries = FxHashMap<(PathBuf, Plan), (Stamp, Loaded)>;

/// The files of the last reading, by place and use.
#[derive(Debug, Default)]
pub struct Files(Mutex<Entries>);

impl Files {
    /// Forgets the files with the name of a path, wherever they lie: the same folder may be known
    /// under several names.
    pub(in crate::content) fn forget(&self, path: &Path) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|(known, _), _| known.file_name() != path.file_name());
    }

    /// What a file was, if the disk says that it is the same.
    pub(super) fn get(&self, candidate: &Candidate, stamp: &Stamp) -> Option<Loaded> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (candidate.location.clone(), candidate.plan.clone());
        let (known, loaded) = entries.get(&key)?;
        (known == stamp).then(|| loaded.clone())
    }

    /// Keeps the files of a reading in the place of those before.
    pub(super) fn keep(&self, entries: Entries) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = entries;
    }
}
