//! The things that become pages or files of the site, with everything that is known of them before
//! they are rendered.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::front_matter::FrontMatter;
use crate::date::Moment;
use crate::span::{Mapped, Place, Source};
use crate::value::{Map, Value};

/// What a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A post.
    Post,
    /// A post that isn't finished, from `_drafts`.
    Draft,
    /// A page.
    Page,
    /// A document of the collection with this label.
    Collection(String),
}

impl Kind {
    /// Whether it is a post or a draft.
    pub fn is_post(&self) -> bool {
        matches!(self, Self::Post | Self::Draft)
    }

    /// The label of its collection; `posts` for posts and drafts.
    pub fn collection(&self) -> Option<&str> {
        match self {
            Self::Post | Self::Draft => Some("posts"),
            Self::Page => None,
            Self::Collection(label) => Some(label),
        }
    }
}

/// The layout that a document asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Nothing is said; the page stands alone in Jekyll.
    Unset,
    /// `layout: none`: certainly no layout, whatever a default says.
    None,
    /// A layout's name.
    Named(String),
}

impl Layout {
    /// The name of a named layout.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::Unset | Self::None => None,
        }
    }
}

/// A post, draft, page or document of a collection.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub source: Arc<Source>,
    /// What it is.
    pub kind: Kind,
    /// The front matter as written, with places.
    pub front_matter: FrontMatter,
    /// The front matter over the configuration's `defaults`, without places. Dates are in the
    /// site's zone unless they say otherwise.
    pub data: Map,
    /// The bytes of the file behind the front matter.
    pub body: Range<usize>,
    /// The date of front matter or file name, in the site's zone.
    pub date: Option<Moment>,
    /// `title`, or for posts and collections the file's name made readable; may be empty for a
    /// page.
    pub title: String,
    /// `slug`, or the file's name without date and extension.
    pub slug: String,
    /// Categories: from the folders above `_posts`, then from `categories` or `category`, without
    /// repetition.
    pub categories: Vec<String>,
    /// From `tags` or `tag`.
    pub tags: Vec<String>,
    /// The layout.
    pub layout: Layout,
    /// What ends the excerpt; empty for none.
    pub excerpt_separator: String,
    /// The URL path from the site's root, without `baseurl`: `/aws/2026/01/04/lambda.html`.
    pub url: String,
    /// The file below the destination, `/` as separator; `None` for what templates can list but
    /// what isn't written (a collection without `output`, a future document of a collection).
    pub output_path: Option<String>,
    /// Whether the text is Markdown by the file's extension.
    pub is_markdown: bool,
}

impl Document {
    /// The file's path relative to the site's folder.
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        let path = self.path();
        path.rsplit('/').next().unwrap_or(path)
    }

    /// The text behind the front matter.
    pub fn text(&self) -> &str {
        self.source.text().get(self.body.clone()).unwrap_or_default()
    }

    /// The text behind the front matter, with its place in the file.
    pub fn mapped(&self) -> Mapped {
        Mapped::from_source(&self.source, self.body.clone())
    }

    /// The value of a front-matter key, defaults included.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.data.get(key)
    }

    /// Where the value of a front-matter key stands: in the file itself; the beginning of the
    /// file when the value is from a default.
    pub fn place_of_key(&self, key: &str) -> Place {
        self.front_matter.place_of_value(key).unwrap_or_else(|| Place::start_of(&self.source))
    }

    /// The identity that Jekyll gives a post: its URL with the slug as last part.
    pub fn id(&self) -> String {
        let folder = self.url.trim_end_matches('/').rsplit_once('/').map_or("", |(dir, _)| dir);
        format!("{folder}/{}", self.slug)
    }
}

/// A file that is copied into the site.
#[derive(Clone, Debug)]
pub struct StaticFile {
    /// The path relative to the site's folder, `/` as separator.
    pub path: String,
    /// Where it lies on the disk.
    pub location: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: Moment,
    /// The label of the collection that it lies in.
    pub collection: Option<String>,
    /// Values that `defaults` give it.
    pub data: Map,
    /// The URL path from the site's root, without `baseurl`.
    pub url: String,
    /// The file below the destination; `None` when it isn't written.
    pub output_path: Option<String>,
}

/// The date and the rest of a file's name like `2026-01-04-title.md`, as text: the date's part and
/// the name between date and extension. The date need not exist.
pub(super) fn file_date(path: &str) -> Option<(&str, &str)> {
    let name = path.rsplit('/').next()?;
    let (stem, extension) = name.rsplit_once('.')?;
    if extension.is_empty() {
        return None;
    }
    let mut at = 0;
    for (least, most) in [(2, 4), (1, 2), (1, 2)] {
        let digits = stem.get(at..)?.bytes().take_while(u8::is_ascii_digit).count();
        let fits =
            (least..=most).contains(&digits) && stem.as_bytes().get(at + digits) == Some(&b'-');
        if !fits {
            return None;
        }
        at += digits + 1;
    }
    Some((stem.get(..at - 1)?, stem.get(at..)?))
}
