//! What an earlier reading of the same site found, for a caller that reads it again and again: what
//! hasn't changed since is shared with the earlier reading instead of being made anew. The result
//! is the same as without.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::discover::Files;
use super::discover::Last;
use super::{Config, Document, Kind, TextFile};
use crate::date::Moment;
use crate::diagnostic::{Diagnostic, Staged};
use crate::span::Source;
use crate::value::Map;

/// Files, documents and data of the last reading.
#[derive(Debug, Default)]
pub struct Known {
    pub(super) files: Files,
    /// The last walk, and the only files that were changed since, if that is known.
    pub(super) last: Mutex<Last>,
    read: Mutex<Read>,
}

/// What was made of the files; documents by the address of the text that they were made of, which
/// is kept with them, so that no other text can have it.
#[derive(Debug, Default)]
struct Read {
    config: Config,
    documents: FxHashMap<usize, Made>,
    data: Option<DataRead>,
}

/// The data, and the files that it was made of.
type DataRead = (Vec<Arc<Source>>, Staged<Arc<Map>>);

/// A document, and the text that it was made of.
#[derive(Clone, Debug)]
struct Made {
    text: TextFile,
    document: Arc<Document>,
    diagnostics: Vec<Diagnostic>,
}

impl Known {
    /// Lets files be read again although they may look as before: those with the names of these
    /// paths. (A file that is written twice within the same tick of the disk's clock shows no other
    /// time.) With `only` the caller promises that nothing else was changed since the last
    /// reading, so that the next one needn't look.
    pub fn changed<'p>(&self, paths: impl IntoIterator<Item = &'p Path>, only: bool) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.only &= only;
        for path in paths {
            self.files.forget(path);
            last.changed.insert(path.to_owned());
        }
    }

    /// Under another configuration nothing is known.
    pub(super) fn begin(&self, config: &Config) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if !read.config.is_same(config) {
            *read = Read { config: config.clone(), ..Read::default() };
        }
    }

    /// The document of a text that is as it was, if it is the same at any later time.
    pub(super) fn document(
        &self,
        text: &TextFile,
        now: &Moment,
    ) -> Option<Staged<Option<Arc<Document>>>> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let made = read.documents.get(&address(text))?;
        let is_same = made.text.role == text.role && is_timeless(&made.document, now);
        is_same.then(|| Staged::new(Some(Arc::clone(&made.document)), made.diagnostics.clone()))
    }

    /// Keeps the documents of a reading.
    pub(super) fn keep(&self, texts: &[TextFile], documents: &[Staged<Option<Arc<Document>>>]) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        // Texts that are gone go when they are as many as those that are there.
        if read.documents.len() > texts.len() * 2 {
            read.documents.clear();
        }
        for (text, staged) in texts.iter().zip(documents) {
            let Some(document) = &staged.value else { continue };
            let known = read.documents.get(&address(text));
            if known.is_some_and(|made| Arc::ptr_eq(&made.document, document)) {
                continue;
            }
            let (document, diagnostics) = (Arc::clone(document), staged.diagnostics.clone());
            let made = Made { text: text.clone(), document, diagnostics };
            read.documents.insert(address(text), made);
        }
    }

    /// The data of these files, made anew where one of them isn't as it was.
    pub(super) fn data(
        &self,
        files: &[Arc<Source>],
        make: impl FnOnce() -> Staged<Map>,
    ) -> Staged<Arc<Map>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, data)) = &read.data {
            let pairs = known.iter().zip(files);
            if known.len() == files.len() && pairs.into_iter().all(|(a, b)| Arc::ptr_eq(a, b)) {
                return data.clone();
            }
        }
        let Staged { value, diagnostics } = make();
        let data = Staged::new(Arc::new(value), diagnostics);
        read.data = Some((files.to_vec(), data.clone()));
        data
    }
}

fn address(text: &TextFile) -> usize {
    Arc::as_ptr(&text.source) as usize
}

/// Whether a document that was made before is the same now. One without a date has that of the
/// build, one with a date in the future may come to be published.
fn is_timeless(document: &Document, now: &Moment) -> bool {
    let date = document.date.as_ref();
    match document.kind {
        Kind::Page => true,
        Kind::Draft => false,
        _ => date.is_some_and(|date| date.unix_seconds() <= now.unix_seconds()),
    }
}
