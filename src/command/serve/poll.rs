//! Looking at all files again and again, where the system can't tell what changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_secs(1);
/// How deep folders are entered, as when a site is read.
const DEPTH_MAX: usize = 64;

/// What can be seen of a file without reading it.
type Look = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// A thread that looks; it ends with the value.
#[derive(Debug)]
pub struct Poll {
    _ends: Sender<()>,
}

impl Poll {
    /// Looks at these files and folders from now on; `concerns` says which paths matter, and
    /// `changed` gets those that changed.
    pub fn new(
        places: Vec<PathBuf>,
        concerns: impl Fn(&Path) -> bool + Send + 'static,
        changed: impl Fn(Vec<PathBuf>) + Send + 'static,
    ) -> Self {
        let (ends, ended) = mpsc::channel();
        let mut last = look(&places, &concerns);
        thread::spawn(move || {
            while ended.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                let now = look(&places, &concerns);
                let differ = now.iter().filter(|(path, seen)| last.get(*path) != Some(seen));
                let gone = last.keys().filter(|path| !now.contains_key(*path));
                let paths: Vec<PathBuf> =
                    differ.map(|(path, _)| path).chain(gone).cloned().collect();
                if !paths.is_empty() {
                    changed(paths);
                }
                last = now;
            }
        });
        Self { _ends: ends }
    }
}

fn look(places: &[PathBuf], concerns: &impl Fn(&Path) -> bool) -> Look {
    let mut seen = Look::new();
    let mut waiting: Vec<(PathBuf, usize)> = places.iter().map(|path| (path.clone(), 0)).collect();
    while let Some((path, depth)) = waiting.pop() {
        if depth > 0 && !concerns(&path) {
            continue;
        }
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        if metadata.is_dir() && depth < DEPTH_MAX {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            waiting.extend(entries.map(|entry| (entry.path(), depth + 1)));
            // A folder's own time changes with files that don't matter.
            seen.insert(path, (None, 0));
        } else {
            seen.insert(path, (metadata.modified().ok(), metadata.len()));
        }
    }
    seen
}
