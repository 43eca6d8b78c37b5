//! A built site as it is served: in memory, the same bytes that `bogi build` writes, and one script
//! tag in pages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::command::build::demote;
use crate::command::serve::problems::Problems;
use crate::command::serve::script;
use crate::diagnostic::Diagnostic;
use crate::output::{Content, cache};
use crate::pipeline::Built;

/// The bytes of an entity tag.
const TAG_LENGTH: usize = 10;

/// What a path of the site holds.
#[derive(Clone, Debug)]
enum Stored {
    /// Bytes that were made, and whether their page has errors.
    Made(Arc<[u8]>, bool),
    /// A file that is copied as it is.
    Copied(PathBuf),
}

/// Bytes with their entity tag.
pub type Tagged = (Arc<[u8]>, String);

/// A file as it is sent.
#[derive(Clone, Debug)]
pub enum Served {
    /// Bytes with their entity tag.
    Made(Arc<[u8]>, String),
    /// The file to send.
    Copied(PathBuf),
}

/// One state of the site.
#[derive(Debug)]
pub struct Snapshot {
    files: Arc<BTreeMap<String, Stored>>,
    /// The path under which the site is served: empty, or with a `/` before it and none behind.
    pub baseurl: String,
    /// What is wrong with the site.
    pub problems: Problems,
    /// Whether pages get the script that reloads them.
    reload: bool,
    /// What was asked for, with the script in it.
    ready: Mutex<BTreeMap<String, Tagged>>,
}

/// What two states of a site differ in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Files whose bytes differ.
    pub changed: Vec<String>,
    /// Files that are new.
    pub added: Vec<String>,
    /// Files that are gone.
    pub removed: Vec<String>,
}

impl Snapshot {
    /// The state after a build, and what is wrong in the order in which it is shown.
    pub fn of(built: Built, reload: bool) -> Self {
        let stored = |content| match content {
            (Content::Bytes(bytes), broken) => Stored::Made(bytes, broken),
            (Content::CopyOf(path), _) => Stored::Copied(path),
        };
        let entries = built.output.entries.into_iter();
        let files: BTreeMap<String, Stored> =
            entries.map(|(path, entry)| (path, stored((entry.content, entry.broken)))).collect();
        let diagnostics = built.diagnostics.into_iter().map(demote).collect();
        Self {
            files: Arc::new(files),
            baseurl: built.baseurl,
            problems: Problems::of_site(diagnostics, built.mistakes),
            reload,
            ready: Mutex::default(),
        }
    }

    /// The state after a build that gave no site: the files of the last one, with what is wrong on
    /// each page.
    pub fn without_site(last: Option<&Self>, found: Vec<Diagnostic>, reload: bool) -> Self {
        Self {
            files: last.map(|last| Arc::clone(&last.files)).unwrap_or_default(),
            baseurl: last.map(|last| last.baseurl.clone()).unwrap_or_default(),
            problems: Problems::of_no_site(found),
            reload,
            ready: Mutex::default(),
        }
    }

    /// Whether there is a file at a path: relative to the site, without `/` before it.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether there is something below a folder, given with a `/` behind it.
    pub fn has_folder(&self, folder: &str) -> bool {
        let mut behind = self.files.range(folder.to_owned()..);
        behind.next().is_some_and(|(path, _)| path.starts_with(folder))
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }

    /// A file as it is sent.
    pub fn file(&self, path: &str) -> Option<Served> {
        match self.files.get(path)? {
            Stored::Copied(source) => Some(Served::Copied(source.clone())),
            Stored::Made(bytes, broken) => {
                let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
                let made = ready.entry(path.to_owned());
                let (bytes, tag) = made.or_insert_with(|| self.make(path, bytes, *broken));
                Some(Served::Made(Arc::clone(bytes), tag.clone()))
            }
        }
    }

    fn make(&self, path: &str, bytes: &Arc<[u8]>, broken: bool) -> Tagged {
        if !is_page(path) {
            return (Arc::clone(bytes), tag(&[bytes]));
        }
        let framed = self.problems.in_page(path, bytes, broken);
        self.with_script(framed.as_ref().unwrap_or(bytes))
    }

    /// A page that bogi makes itself, with the script where pages get it.
    pub fn with_script(&self, bytes: &Arc<[u8]>) -> Tagged {
        let tag = tag(&[bytes, &[u8::from(self.reload)]]);
        if !self.reload {
            return (Arc::clone(bytes), tag);
        }
        (script::insert(bytes, &tag).into(), tag)
    }

    /// What differs between two states.
    pub fn difference(&self, last: &Self) -> Difference {
        let mut difference = Difference::default();
        if Arc::ptr_eq(&self.files, &last.files) {
            return difference;
        }
        for (path, stored) in self.files.iter() {
            match (last.files.get(path), stored) {
                (None, _) => difference.added.push(path.clone()),
                (Some(Stored::Made(old, _)), Stored::Made(new, _)) if old == new => {}
                (Some(Stored::Copied(old)), Stored::Copied(new)) if old == new => {}
                _ => difference.changed.push(path.clone()),
            }
        }
        let gone = last.files.keys().filter(|path| !self.files.contains_key(*path));
        difference.removed = gone.cloned().collect();
        difference
    }
}

/// Whether a file is a page, by its name.
pub fn is_page(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| ["html", "htm"].contains(&extension))
}

/// The entity tag of some bytes, without quotes.
pub fn tag(parts: &[&[u8]]) -> String {
    let key = cache::key("served", parts);
    key.iter().take(TAG_LENGTH).map(|byte| format!("{byte:02x}")).collect()
}
