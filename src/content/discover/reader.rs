//! Files that the walk doesn't know to be needed, because only a template names them while pages
//! are rendered (`include_relative`).

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::load;
use crate::diagnostic::Diagnostic;
use crate::span::Source;

/// Reads files of the site by their path, each once.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    root: PathBuf,
    real_root: PathBuf,
    known: Arc<Mutex<BTreeMap<String, Known>>>,
}

/// What reading a file gave.
type Known = Result<Arc<Source>, FileError>;

/// Why a file can't be read.
#[derive(Clone, Debug)]
pub enum FileError {
    /// There is no such file in the site.
    Missing,
    /// It is there and can't be read, is too large, or isn't UTF-8.
    Unreadable(Box<Diagnostic>),
}

impl Reader {
    pub(super) fn new(root: PathBuf, real_root: PathBuf) -> Self {
        Self { root, real_root, known: Arc::default() }
    }

    /// A reader of the same site that knows nothing yet.
    pub(super) fn afresh(&self) -> Self {
        Self::new(self.root.clone(), self.real_root.clone())
    }

    /// The text of a file by its path relative to the site's folder.
    ///
    /// # Errors
    /// [`FileError::Missing`] also for a path that leads out of the site, by `..` or by a link.
    pub fn read(&self, path: &str) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(result) = known.get(path) {
            return result.clone();
        }
        let result = self.read_new(path);
        known.insert(path.to_owned(), result.clone());
        result
    }

    /// What reading a file has given already, if it was read.
    pub fn known(&self, path: &str) -> Option<Result<Arc<Source>, FileError>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    fn read_new(&self, path: &str) -> Known {
        let stays = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let location = self.root.join(path);
        let is_inside = |real: PathBuf| real.starts_with(&self.real_root) && real.is_file();
        if !stays || !location.canonicalize().is_ok_and(is_inside) {
            return Err(FileError::Missing);
        }
        load::read_text(&location, path).map_err(FileError::Unreadable)
    }
}
