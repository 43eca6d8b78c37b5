//! What a rendering looked at besides its own document: enough to know later, of another state of
//! the site, whether it would come out the same. Who renders only once records nothing.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::liquid::Listener;

/// The most that is remembered of one rendering; one that reads more counts as reading everything.
/// (A page that lists all documents reads them all; a thousand such pages must not remember
/// millions of them.)
pub const READS_MAX: usize = 512;

/// One thing that a rendering looked at. Documents are named by their position in
/// [`crate::content::Content::documents`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// The address and the front matter of a document.
    Document(usize),
    /// Those of all documents.
    Documents,
    /// The text of a document as its author wrote it.
    Text(usize),
    /// The body of a document as HTML.
    Body(usize),
    /// The excerpt of a document.
    Excerpt(usize),
    /// A document as HTML in its layouts.
    Output(usize),
    /// Which documents stand before and behind a document in its collection.
    Neighbours(usize),
    /// Which documents a list has, in which order.
    List(List),
    /// The files that are copied.
    StaticFiles,
    /// A key of `site.data`: what the files of that name below `_data` say.
    Data(String),
    /// All of `site.data`.
    AllData,
    /// A layout by its name.
    Layout(String),
    /// An include by its path, found among the includes or not.
    Include(String),
    /// A file by its path, found in the site's folder or not.
    File(String),
    /// The address of what `link` names by its path.
    Link(String),
    /// The post that `post_url` calls by this name.
    PostName(String),
    /// The results of a scenario by its id.
    Scenario(String),
    /// Which names there are: of includes, of files and posts, of scenarios, for a "did you mean".
    Names,
    /// The time of the build.
    Time,
    /// More than is remembered one by one.
    Everything,
}

impl Read {
    /// The same read where documents have other positions; `None` if its document is gone.
    pub fn moved(&self, position: impl Fn(usize) -> Option<usize>) -> Option<Self> {
        Some(match self {
            Self::Document(at) => Self::Document(position(*at)?),
            Self::Text(at) => Self::Text(position(*at)?),
            Self::Body(at) => Self::Body(position(*at)?),
            Self::Excerpt(at) => Self::Excerpt(position(*at)?),
            Self::Output(at) => Self::Output(position(*at)?),
            Self::Neighbours(at) => Self::Neighbours(position(*at)?),
            read => read.clone(),
        })
    }
}

/// A list of documents that templates ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// `site.posts`.
    Posts,
    /// `site.pages`.
    Pages,
    /// `site.html_pages`.
    HtmlPages,
    /// `site.documents`.
    Documents,
    /// The documents of a collection, by its label.
    Collection(String),
    /// `site.categories`, with the posts of each.
    Categories,
    /// `site.tags`, likewise.
    Tags,
}

/// Everything that a rendering looked at, sorted, each once.
pub type Reads = Vec<Read>;

/// Hears what a rendering looks at.
#[derive(Debug, Default)]
pub struct Recorder {
    reads: Option<RefCell<FxHashSet<Read>>>,
}

impl Recorder {
    /// A recorder that hears, or one that doesn't listen.
    pub fn new(listens: bool) -> Self {
        Self { reads: listens.then(RefCell::default) }
    }

    /// Notes a read.
    pub fn note(&self, read: Read) {
        if let Some(reads) = &self.reads {
            reads.borrow_mut().insert(read);
        }
    }

    /// Notes a read that costs something to name.
    pub fn note_with(&self, read: impl FnOnce() -> Read) {
        if self.reads.is_some() {
            self.note(read());
        }
    }

    /// What was heard so far; the recorder begins anew.
    pub fn take(&self) -> Reads {
        let Some(reads) = &self.reads else { return Reads::new() };
        let mut reads: Reads = reads.take().into_iter().collect();
        if reads.len() > READS_MAX {
            reads.retain(|read| !matches!(read, Read::Document(_)));
            reads.push(Read::Documents);
        }
        if reads.len() > READS_MAX {
            reads = vec![Read::Everything];
        }
        reads.sort_unstable();
        reads
    }
}

/// Of `site.data` each key counts for itself.
impl Listener for Recorder {
    fn key(&self, key: &str) {
        self.note_with(|| Read::Data(key.to_owned()));
    }

    fn all(&self) {
        self.note(Read::AllData);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_documents_count_as_all_and_too_much_as_everything() {
        let recorder = Recorder::new(true);
        (0..READS_MAX + 1).for_each(|at| recorder.note(Read::Document(at)));
        recorder.note(Read::Time);
        assert_eq!(recorder.take(), [Read::Documents, Read::Time]);
        (0..READS_MAX + 1).for_each(|at| recorder.note(Read::Body(at)));
        assert_eq!(recorder.take(), [Read::Everything]);
        assert_eq!(recorder.take(), []);
    }
}
