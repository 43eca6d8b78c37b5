//! The output: path to content, settled on disk by [`settle()`].

pub mod cache;
pub mod settle;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashSet;

pub use settle::{Settled, settle};

/// What a path of the site holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Bytes that were made. A page that is the same in several outputs is there once.
    Bytes(Arc<[u8]>),
    /// The bytes of a file of the source folder, which are copied as they are.
    CopyOf(PathBuf),
}

/// One file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it holds.
    pub content: Content,
    /// Whether its page has errors. Such a file is never written over a good one: what stood at
    /// its path stays as it was.
    pub broken: bool,
}

/// The whole site: paths relative to the destination (`/` as separator, no `.` or `..`) and what
/// they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The files by path.
    pub entries: BTreeMap<String, Entry>,
    /// Whether a document was so broken that its path isn't known. Then nothing is removed from
    /// the destination, for its old page may be among what nobody claims.
    pub incomplete: bool,
}

impl Output {
    /// Takes out the files that stand where others need a folder (`a` beside `a/index.html`), for a
    /// disk can't hold both; gives their paths.
    pub fn take_blocking(&mut self) -> Vec<String> {
        let paths: FxHashSet<&str> = self.entries.keys().map(String::as_str).collect();
        let mut blocking = BTreeSet::new();
        for path in self.entries.keys() {
            for (at, _) in path.match_indices('/') {
                if paths.contains(&path[..at]) {
                    blocking.insert(path[..at].to_owned());
                }
            }
        }
        for path in &blocking {
            self.entries.remove(path);
        }
        blocking.into_iter().collect()
    }

    /// Adds a file. A path that was there already gets the new content, as in Jekyll, where the
    /// last write wins.
    pub fn insert(&mut self, path: impl Into<String>, content: Content, broken: bool) {
        self.entries.insert(path.into(), Entry { content, broken });
    }
}
