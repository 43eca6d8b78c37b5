//! The pages that the built-in theme adds to a site: the home page in its parts, the lists of
//! categories, tags and years, the page for what isn't found.

use std::collections::BTreeSet;

use crate::content::{Content, Document};
use crate::diagnostic::{Code, Diagnostic};
use crate::site::{Site, Term};

/// What a page of the theme shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveKind {
    /// The newest posts, in parts of `paginate`; the number counts from 1.
    Home {
        /// Which part.
        page: usize,
    },
    /// All categories.
    Categories,
    /// The posts of the category at this position.
    Category(usize),
    /// All tags.
    Tags,
    /// The posts of the tag at this position.
    Tag(usize),
    /// All posts by year.
    Years,
    /// What isn't found.
    NotFound,
}

/// A page that no document stands behind, or the further parts of one that is paginated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// What it shows.
    pub kind: ArchiveKind,
    /// Its URL.
    pub url: String,
    /// Its file below the destination.
    pub output_path: String,
    /// The document whose front matter and text it shows, for the parts of a paginated page.
    pub document: Option<usize>,
}

impl Archive {
    /// The template that shows it.
    pub fn layout(&self) -> &'static str {
        match self.kind {
            ArchiveKind::Home { .. } => "home",
            ArchiveKind::Categories => "categories",
            ArchiveKind::Category(_) => "category",
            ArchiveKind::Tags => "tags",
            ArchiveKind::Tag(_) => "tag",
            ArchiveKind::Years => "posts",
            ArchiveKind::NotFound => "404",
        }
    }
}

impl Archive {
    /// The theme's word for its title; `None` for the home page and for terms, which have names.
    pub fn title_word(&self) -> Option<&'static str> {
        match self.kind {
            ArchiveKind::Categories => Some("categories"),
            ArchiveKind::Tags => Some("tags"),
            ArchiveKind::Years => Some("archive"),
            ArchiveKind::NotFound => Some("not_found"),
            ArchiveKind::Home { .. } | ArchiveKind::Category(_) | ArchiveKind::Tag(_) => None,
        }
    }
}

/// Jekyll's `paginate_path`, in place of one that can't be used.
const PAGINATE_PATH: &str = "/page:num";
/// A `paginate_path` that can't be used.
pub const BAD_PAGINATE_PATH: Code = Code("W0506");

/// What is wrong with the configuration's `paginate_path`, if anything is.
pub fn check_paginate_path(content: &Content) -> Option<Diagnostic> {
    let pattern = content.config.paginate_path.as_str();
    let label = if !pattern.contains(":num") {
        "without `:num` all parts of the list would be one page"
    } else if pattern.split('/').any(|part| part == "..") {
        "`..` leads out of the site"
    } else {
        return None;
    };
    let message = format!("`paginate_path` can't be `{pattern}`");
    let diagnostic = Diagnostic::new(BAD_PAGINATE_PATH, message)
        .at(content.config.place_of_key("paginate_path"))
        .label(label)
        .note(format!("`{PAGINATE_PATH}` is used instead"))
        .hint("write it like `/page:num/`");
    Some(diagnostic)
}

/// The template names that show the newest posts, part by part.
const PAGED_LAYOUTS: [&str; 2] = ["home", "index"];

/// Whether the built-in theme dresses the site: it has no layouts of its own, and asks for some or
/// names a theme.
pub fn is_of_built_in_theme(content: &Content) -> bool {
    let folder = format!("{}/", content.config.layouts_dir);
    let has_layouts = content.theme.iter().any(|source| source.path().starts_with(&folder));
    let names_theme = ["theme", "remote_theme"]
        .iter()
        .any(|key| content.config.get(key).is_some_and(|theme| theme.is_truthy()));
    let asks = || content.documents.iter().any(|page| page.layout.name().is_some());
    !has_layouts && (names_theme && !content.config.theme_is_here || asks())
}

/// The pages to add. A site that brings layouts of its own gets none, for they are its theme's
/// business; and where the site has a page of its own, that one stands.
pub fn archives(content: &Content, site: &Site) -> Vec<Archive> {
    if !is_of_built_in_theme(content) {
        return Vec::new();
    }
    let mut archives = home(content, site);
    archives.push(page(ArchiveKind::Categories, "/categories/"));
    archives.push(page(ArchiveKind::Tags, "/tags/"));
    archives.push(page(ArchiveKind::Years, "/posts/"));
    let term_page =
        |kind, folder: &str, term: &Term| page(kind, &format!("/{folder}/{}/", term.slug));
    for (at, term) in site.categories.iter().enumerate() {
        archives.push(term_page(ArchiveKind::Category(at), "categories", term));
    }
    for (at, term) in site.tags.iter().enumerate() {
        archives.push(term_page(ArchiveKind::Tag(at), "tags", term));
    }
    archives.push(Archive {
        kind: ArchiveKind::NotFound,
        url: "/404.html".to_owned(),
        output_path: "404.html".to_owned(),
        document: None,
    });
    let claimed = claimed(content);
    archives.retain(|archive| {
        archive.document.is_some() || !claimed.contains(archive.output_path.as_str())
    });
    archives
}

/// The paths below the destination that documents and files of the site take.
pub fn claimed(content: &Content) -> BTreeSet<&str> {
    let documents = content.documents.iter().filter_map(|document| document.output_path.as_deref());
    let files = content.static_files.iter().filter_map(|file| file.output_path.as_deref());
    documents.chain(files).collect()
}

fn page(kind: ArchiveKind, url: &str) -> Archive {
    let output_path = format!("{}index.html", url.trim_start_matches('/'));
    Archive { kind, url: url.to_owned(), output_path, document: None }
}

/// The number of parts of the home page: at least one, also without posts.
pub fn home_pages(content: &Content, site: &Site) -> usize {
    match content.config.paginate {
        Some(size) if size > 0 => site.posts.len().div_ceil(size).max(1),
        _ => 1,
    }
}

/// The URL of a part of the home page: `paginate_path` with `:num`, and `/` for the first.
pub fn home_url(content: &Content, page: usize) -> String {
    if page <= 1 {
        return "/".to_owned();
    }
    let pattern = content.config.paginate_path.as_str();
    // Without a number all parts would be one file; a path that climbs would leave the site.
    let usable = pattern.contains(":num") && !pattern.split('/').any(|part| part == "..");
    let pattern = if usable { pattern } else { PAGINATE_PATH };
    let path = pattern.replace(":num", &page.to_string());
    let path = format!("/{}", path.trim_start_matches('/'));
    if path.ends_with('/') || path.ends_with(".html") { path } else { format!("{path}/") }
}

/// The home page's parts. Where the site has an `index` document with a paged layout, the first
/// part is that document and the others repeat it.
fn home(content: &Content, site: &Site) -> Vec<Archive> {
    let own = content
        .documents
        .iter()
        .position(|document| document.output_path.as_deref() == Some("index.html"));
    if own.is_some_and(|at| !is_paged(&content.documents[at])) {
        return Vec::new();
    }
    let first = if own.is_some() { 2 } else { 1 };
    (first..=home_pages(content, site))
        .map(|number| {
            let url = home_url(content, number);
            let file = url.trim_start_matches('/');
            let output_path =
                if file.ends_with(".html") { file.to_owned() } else { format!("{file}index.html") };
            let kind = ArchiveKind::Home { page: number };
            Archive { kind, url, output_path, document: own }
        })
        .collect()
}

/// Whether a document is a home page that lists the newest posts.
pub fn is_paged(document: &Document) -> bool {
    document.output_path.as_deref() == Some("index.html")
        && document.layout.name().is_some_and(|layout| PAGED_LAYOUTS.contains(&layout))
}
