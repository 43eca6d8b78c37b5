//! Files and their metadata: configuration, front matter, documents, data, URLs.
//!
//! [`discover::discover`] walks the source folder once and gives [`Sources`]; [`read`] makes of
//! them the [`Content`] that the later stages work on.

pub mod collection;
pub mod config;
pub mod data;
pub mod defaults;
pub mod discover;
pub mod document;
pub mod filter;
pub mod front_matter;
mod github;
pub mod known;
pub mod permalink;
pub mod plugins;
pub mod reading;
pub mod slug;

use std::path::PathBuf;
use std::sync::Arc;

use crate::aws::catalogue::Catalogue;
use crate::date::Moment;
use crate::diagnostic::Staged;
use crate::span::Source;
use crate::value::Map;

pub use config::Config;
pub use discover::reader::Reader;
pub use document::{Document, Kind, StaticFile};
pub use front_matter::FrontMatter;
pub use known::Known;
pub use plugins::Plugin;

/// What a command asks of the site's content, over what the configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The site's folder.
    pub source: PathBuf,
    /// Where the site is written, when it isn't the configuration's `destination`. Relative to
    /// the working directory, as in a command line.
    pub destination: Option<PathBuf>,
    /// Configuration files instead of `_config.yml`; later ones override earlier ones. Relative
    /// to the working directory.
    pub config_files: Vec<PathBuf>,
    /// Whether drafts are posts too (`--drafts`).
    pub drafts: bool,
    /// Whether documents with a future date are published (`--future`).
    pub future: bool,
    /// Whether documents with `published: false` are published (`--unpublished`).
    pub unpublished: bool,
    /// Whether front matter that can't be read stops its page (`--strict_front_matter`).
    pub strict_front_matter: bool,
    /// How many of the newest posts are built (`--limit_posts`); 0 is all.
    pub limit_posts: Option<usize>,
    /// The machine's time zone, where the configuration names none (`TZ`); UTC without it.
    pub zone: Option<String>,
    /// Where gems lie, as `GEM_PATH` has it: each folder holds `gems/NAME-VERSION`.
    pub gem_paths: Vec<PathBuf>,
    /// The path under which the site is served (`--baseurl`).
    pub baseurl: Option<String>,
}

/// What a text file of the site is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A post in `_posts`, or in `posts/` where the site has no `_posts`.
    Post,
    /// A draft in `_drafts`.
    Draft,
    /// A file with front matter outside the special folders.
    Page,
    /// A document with front matter of the collection with this label.
    Collection(String),
    /// A file under `_data`.
    Data,
    /// A layout, include, template or style sheet that pages are made with.
    Theme,
}

/// A text file of the site with its role.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// The text.
    pub source: Arc<Source>,
    /// What it is for.
    pub role: Role,
}

/// A file that is copied as it is. Its bytes stay on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainFile {
    /// The path relative to the site's folder, `/` as separator.
    pub path: String,
    /// Where it lies on the disk.
    pub location: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed, in seconds since 1970.
    pub modified: i64,
    /// The label of the collection that it lies in.
    pub collection: Option<String>,
}

/// Everything in the source folder that belongs to the site, in the order of paths.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The site's folder.
    pub root: PathBuf,
    /// Where the site goes.
    pub destination: PathBuf,
    /// The configuration, with the command's overrides.
    pub config: Config,
    /// Text files.
    pub texts: Vec<TextFile>,
    /// Files that are copied.
    pub files: Vec<PlainFile>,
    /// For files that only a template names.
    pub reader: Reader,
    /// Ruby files in the folder of plugins, by path.
    pub ruby_files: Vec<String>,
}

/// The site's content: typed, with its URLs, not yet rendered.
#[derive(Clone, Debug)]
pub struct Content {
    /// The configuration.
    pub config: Config,
    /// Where the site goes.
    pub destination: PathBuf,
    /// The documents that are published: posts and drafts by date and path, then collections in
    /// the order of the configuration, then pages by name and path.
    pub documents: Vec<Arc<Document>>,
    /// Files that are copied, by path.
    pub static_files: Vec<StaticFile>,
    /// The facts of AWS as the site has them: the catalogue with `quotas` of the configuration.
    pub catalogue: Arc<Catalogue>,
    /// `site.data`.
    pub data: Arc<Map>,
    /// Layouts, includes, templates and style sheets, by path.
    pub theme: Vec<Arc<Source>>,
    /// For files that only a template names.
    pub files: Reader,
    /// What counts as now: `site.time`.
    pub time: Moment,
}

impl Content {
    /// The posts, drafts among them, oldest first.
    pub fn posts(&self) -> impl DoubleEndedIterator<Item = &Document> {
        self.documents.iter().map(Arc::as_ref).filter(|document| document.kind.is_post())
    }

    /// The pages.
    pub fn pages(&self) -> impl DoubleEndedIterator<Item = &Document> {
        self.documents.iter().map(Arc::as_ref).filter(|document| document.kind == Kind::Page)
    }

    /// The documents of a collection.
    pub fn collection(&self, label: &str) -> impl DoubleEndedIterator<Item = &Document> {
        let of_label = move |document: &&Document| document.kind.collection() == Some(label);
        self.documents.iter().map(Arc::as_ref).filter(of_label)
    }

    /// A layout, include or template by its path (`_layouts/post.html`).
    pub fn theme_file(&self, path: &str) -> Option<&Arc<Source>> {
        let at = self.theme.binary_search_by(|source| source.path().cmp(path)).ok()?;
        self.theme.get(at)
    }
}

/// Makes documents, data and static files of the sources. `now` decides what lies in the future.
pub fn read(sources: Sources, now: &Moment) -> Staged<Content> {
    reading::read(sources, now, None)
}

/// The same for a caller who has read the site before: what is known is shared.
pub fn read_again(sources: Sources, now: &Moment, known: Option<&Known>) -> Staged<Content> {
    reading::read(sources, now, known)
}
