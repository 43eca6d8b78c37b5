//! What a page's templates can look at: the site as a whole, and where in its rendering the page
//! stands.
//!
//! Jekyll renders its documents one after the other, and a document that looks at another one's
//! `content` sees HTML if that one came before it and the author's text if it comes later. bogi
//! renders on many threads and keeps that rule: the *horizon* of a page is its position in the
//! order, and what lies before it is rendered on demand.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use typed_arena::Arena;

use super::drop::collection::Collections;
use super::drop::document::Documents;
use super::drop::site::SiteDrop;
use super::drop::static_file::StaticFiles;
use super::drop::{paginator, single};
use super::filters::{Expressions, Shelf};
use super::reads::Recorder;
use super::templates::Templates;
use crate::content::{Content, Document, Plugin};
use crate::date::Moment;
use crate::liquid::{Dictionary, Globals, List, Member, Mode, Outcome, Template, Val};
use crate::plugin::paginate::Paginator;
use crate::plugin::{Filters, View};
use crate::site::Site;
use crate::value::{Map, Value};

/// The version of Jekyll whose behaviour templates find.
pub const JEKYLL_VERSION: &str = "4.3.1";

/// Bodies and excerpts, rendered when they are first asked for.
pub trait Rendered: Sync {
    /// The body of a document as HTML, without its layout.
    fn body(&self, index: usize) -> &str;

    /// A document as HTML in its layouts, as far as they are Liquid's.
    fn output(&self, index: usize) -> &str;

    /// The excerpt of a document as HTML.
    fn excerpt(&self, index: usize) -> Cow<'_, str>;
}

/// The converters of the site, for filters and tags.
pub trait Converters: Filters {
    /// Code with its tokens marked as Rouge marks them; `None` for a language without a grammar.
    fn highlight(&self, language: &str, code: &str) -> Option<String>;

    /// A style sheet as CSS: SCSS, or Sass with indentation. The files that it imports are noted.
    ///
    /// # Errors
    /// What is wrong with the style sheet.
    fn style(&self, text: &str, indented: bool, reads: &Recorder) -> Outcome<String>;
}

/// Pages that plugins have added, by their position in [`Content::documents`].
#[derive(Debug, Default)]
pub struct Generated {
    /// The parts of lists of posts.
    pub paginators: BTreeMap<usize, Paginator>,
    /// The posts of archives.
    pub archives: BTreeMap<usize, Vec<usize>>,
    /// `page.name`, where it isn't the file's.
    pub names: BTreeMap<usize, String>,
}

/// What all pages of a site share.
pub struct SiteScope<'a> {
    /// The content.
    pub content: &'a Content,
    /// The index.
    pub index: &'a Site,
    /// Layouts and includes.
    pub templates: &'a Templates,
    /// What is rendered already, or will be on demand.
    pub rendered: &'a dyn Rendered,
    /// Markdown, highlighting, style sheets.
    pub converters: &'a dyn Converters,
    /// Pages of plugins.
    pub generated: &'a Generated,
    /// What counts as now: `site.time`.
    pub now: &'a Moment,
    /// `jekyll.environment`.
    pub environment: &'a str,
    /// Lists of documents that templates ask for.
    pub lists: &'a Lists,
    /// Whether it is to be known what each rendering looks at.
    pub records: bool,
}

/// Lists of documents by position, made once for all pages.
#[derive(Debug, Default)]
pub struct Lists {
    /// The documents of each collection, posts oldest first.
    pub collections: BTreeMap<String, Vec<usize>>,
    /// The static files of each collection.
    pub collection_files: BTreeMap<String, Vec<usize>>,
    /// `site.documents`.
    pub documents: Vec<usize>,
    /// `site.pages`.
    pub pages: Vec<usize>,
    /// `site.html_pages`.
    pub html_pages: Vec<usize>,
    /// `site.static_files`.
    pub static_files: Vec<usize>,
    /// `site.categories`: names in the order in which the oldest post of each has them, each with
    /// its posts newest first.
    pub categories: Vec<(String, Vec<usize>)>,
    /// `site.tags`, likewise.
    pub tags: Vec<(String, Vec<usize>)>,
    /// The URL of everything that `link` can name, by its path.
    pub urls: HashMap<String, String>,
    /// The posts by what `post_url` can call them.
    pub posts_by_name: HashMap<String, usize>,
}

impl Lists {
    /// Makes the lists of a site.
    pub fn new(content: &Content, site: &Site) -> Self {
        let mut lists = Self::default();
        for label in content.config.collections.keys() {
            lists.collections.entry(label.clone()).or_default();
        }
        for (at, document) in content.documents.iter().enumerate() {
            match document.kind.collection() {
                Some(label) => {
                    lists.collections.entry(label.to_owned()).or_default().push(at);
                    lists.documents.push(at);
                }
                None => {
                    lists.pages.push(at);
                    let path = document.output_path.as_deref().unwrap_or_default();
                    let is_html = [".html", ".xhtml", ".htm"].iter().any(|end| path.ends_with(end));
                    if is_html || document.url.ends_with('/') {
                        lists.html_pages.push(at);
                    }
                }
            }
        }
        for (at, file) in content.static_files.iter().enumerate() {
            match &file.collection {
                Some(label) => {
                    lists.collection_files.entry(label.clone()).or_default().push(at);
                }
                None => lists.static_files.push(at),
            }
        }
        for label in content.config.collections.keys() {
            let files = lists.collection_files.get(label).into_iter().flatten();
            lists.static_files.extend(files);
        }
        lists.categories = named(content, site, "categories");
        lists.tags = named(content, site, "tags");
        lists.name_everything(content);
        lists
    }

    fn name_everything(&mut self, content: &Content) {
        let pages = self.pages.iter().map(|&at| &content.documents[at]);
        let written = self.documents.iter().map(|&at| &content.documents[at]);
        let written = written.filter(|document| document.output_path.is_some());
        let files = content.static_files.iter().filter(|file| file.output_path.is_some());
        let path = |document: &Document| relative_path(content, document).to_owned();
        let named = pages
            .map(|page| (path(page), &page.url))
            .chain(files.map(|file| (file.path.clone(), &file.url)))
            .chain(written.map(|document| (path(document), &document.url)));
        for (path, url) in named {
            self.urls.entry(path).or_insert_with(|| url.clone());
        }
        for &at in self.collections.get("posts").into_iter().flatten() {
            let path = path(&content.documents[at]);
            // A name ends before any point of the file's name.
            let name = path.rfind('/').map_or(0, |slash| slash + 1);
            for (dot, _) in path[name..].match_indices('.') {
                self.posts_by_name.entry(path[..name + dot].to_owned()).or_insert(at);
            }
        }
    }
}

/// The path by which Jekyll knows a document: relative to the folder of collections for those of a
/// collection. Posts of a site's plain `posts/` go by the name that Jekyll would give them.
pub fn relative_path<'d>(content: &Content, document: &'d Document) -> &'d str {
    let path = document.path();
    if document.kind.collection().is_none() {
        return path;
    }
    let below = path.strip_prefix(content.config.collections_dir.as_str());
    below.and_then(|path| path.strip_prefix('/')).unwrap_or(path)
}

/// The posts by the names of a list in their data. A name that is given twice counts twice.
fn named(content: &Content, site: &Site, key: &str) -> Vec<(String, Vec<usize>)> {
    let mut found: indexmap::IndexMap<String, Vec<usize>> = indexmap::IndexMap::new();
    for &at in site.posts.iter().rev() {
        let names = content.documents[at].get(key).and_then(Value::as_array);
        let mut kinds: Vec<(&Value, String)> = Vec::new();
        for name in names.into_iter().flatten() {
            let Some(text) = name.scalar_text() else { continue };
            // `2026` and `\"2026\"` are one name here, and two in the list of a post's categories.
            if kinds.iter().all(|(known, shown)| *known == name || *shown != text) {
                found.entry(text.clone()).or_default().push(at);
            }
            kinds.push((name, text));
        }
    }
    for posts in found.values_mut() {
        posts.reverse();
    }
    found.into_iter().collect()
}

impl SiteScope<'_> {
    /// What plugins see of the site.
    pub fn view(&self) -> View<'_> {
        let filters: &dyn Filters = self.converters;
        let view = View::of(self.content, filters);
        let config = &self.content.config;
        let is_timed = config.uses(Plugin::Feed) || config.uses(Plugin::Sitemap);
        if is_timed { view.at(self.now) } else { view }
    }
}

/// What the templates of one page see.
pub struct PageScope<'a> {
    /// The site.
    pub site: &'a SiteScope<'a>,
    /// The page's position in [`Content::documents`].
    pub current: usize,
    /// Documents before this position are rendered.
    pub horizon: usize,
    /// All documents.
    pub documents: Documents<'a>,
    /// All static files.
    pub files: StaticFiles<'a>,
    /// All collections.
    pub collections: Collections<'a>,
    /// Where lists stay that only this page needs.
    pub positions: Arena<Vec<usize>>,
    /// Where merged front matter of layouts stays.
    pub maps: Arena<Map>,
    /// Where files stay that only this page includes.
    pub partials: Arena<Template>,
    /// What the page looks at.
    pub reads: Rc<Recorder>,
    shelf: Shelf,
}

impl<'a> PageScope<'a> {
    /// What the body of a document sees: its own text isn't rendered yet.
    pub fn of_body(site: &'a SiteScope<'a>, current: usize) -> Self {
        Self::new(site, current, current, false)
    }

    /// What the layouts of a document see: its body is rendered.
    pub fn of_layout(site: &'a SiteScope<'a>, current: usize) -> Self {
        Self::new(site, current, current + 1, false)
    }

    /// What an excerpt sees: nothing is rendered, so that excerpts depend on no order.
    pub fn of_excerpt(site: &'a SiteScope<'a>, current: usize) -> Self {
        Self::new(site, current, 0, true)
    }

    fn new(site: &'a SiteScope<'a>, current: usize, horizon: usize, in_excerpt: bool) -> Self {
        let reads = Rc::new(Recorder::new(site.records));
        let documents = Documents { site, current, horizon, in_excerpt, reads: Rc::clone(&reads) };
        let of_collections = Documents { in_excerpt: false, ..documents.clone() };
        let files = StaticFiles { content: site.content, reads: Rc::clone(&reads) };
        Self {
            site,
            current,
            horizon,
            documents,
            collections: Collections::new(of_collections, files.clone()),
            files,
            positions: Arena::new(),
            maps: Arena::new(),
            partials: Arena::new(),
            reads,
            shelf: Shelf::new(),
        }
    }

    /// The document.
    pub fn document(&self) -> &'a Document {
        &self.site.content.documents[self.current]
    }

    /// The parsed expressions of one rendering.
    pub fn expressions<'s>(&'s self, mode: Mode) -> Expressions<'s>
    where
        'a: 's,
    {
        Expressions::new(&self.shelf, mode)
    }

    /// A document as a value.
    pub fn member<'s>(&'s self, index: usize) -> Val<'s>
    where
        'a: 's,
    {
        Val::Member(Member { family: &self.documents, index })
    }

    /// Documents as a value.
    pub fn members<'s>(&'s self, indices: &'s [usize]) -> Val<'s>
    where
        'a: 's,
    {
        Val::List(List::Members(&self.documents, indices))
    }

    /// The variables that Jekyll gives to every template.
    pub fn globals<'s>(&'s self) -> Globals<'s>
    where
        'a: 's,
    {
        let paginator = match self.site.generated.paginators.get(&self.current) {
            Some(paginator) => paginator::drop(self, paginator),
            None => Val::Nil,
        };
        let jekyll = single([
            ("version", Val::text(JEKYLL_VERSION)),
            ("environment", Val::text(self.site.environment)),
        ]);
        Globals::from([
            ("site", Val::object(SiteDrop::new(self))),
            ("page", self.member(self.current)),
            ("paginator", paginator),
            ("jekyll", jekyll),
            ("highlighter_prefix", Val::Nil),
            ("highlighter_suffix", Val::Nil),
        ])
    }

    /// A map as a value, kept for this page.
    pub fn kept<'s>(&'s self, map: Map) -> Val<'s>
    where
        'a: 's,
    {
        Val::Map(Dictionary::Borrowed(self.maps.alloc(map)))
    }
}
