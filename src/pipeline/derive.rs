//! The derive stage: what follows from all pages together. Feed, sitemap, the theme's files, copied
//! files, and the link check.

use std::collections::BTreeMap;

use crate::content::{Content, Document, Kind};
use crate::date::Moment;
use crate::diagnostic::{Code, Diagnostic};
use crate::output::{Content as Bytes, Output};
use crate::pipeline::body::Body;
use crate::pipeline::dress::{self, Page};
use crate::site::feed::{Feed, FeedEntry, feed};
use crate::site::index::CONFLICT;
use crate::site::links::{self, Targets};
use crate::site::sitemap::{SitemapEntry, sitemap};
use crate::site::{Site, archive};
use crate::theme::address;
use crate::theme::assets::Assets;

/// A page whose path no file system can hold.
pub const NAME_TOO_LONG: Code = Code("E0507");
/// The most bytes of a file's name, on all usual file systems.
const NAME_MAX: usize = 255;
/// How many posts the feed holds, as jekyll-feed has it.
const FEED_POSTS: usize = 10;
/// The feed's file.
const FEED: &str = "feed.xml";
/// The folder of the site's own files for the theme.
const ASSETS: &str = "assets/";

/// What the earlier stages made.
pub struct Made<'a> {
    /// The content.
    pub content: &'a Content,
    /// The index.
    pub site: &'a Site,
    /// The bodies, in the order of the documents.
    pub bodies: &'a [Body],
    /// The theme's files.
    pub assets: &'a Assets,
}

/// The theme's files, with the site's own style sheets in their place.
pub fn assets(content: &Content) -> Assets {
    let own: BTreeMap<String, Vec<u8>> = content
        .theme
        .iter()
        .filter_map(|source| {
            let name = source.path().strip_prefix(ASSETS)?;
            Some((name.to_owned(), source.text().as_bytes().to_vec()))
        })
        .collect();
    Assets::new(&own)
}

/// The whole output: pages, copied files, the theme's files, feed and sitemap. What links, anchors
/// and images lead nowhere is reported.
pub fn derive(made: &Made<'_>, pages: Vec<Page>, diagnostics: &mut Vec<Diagnostic>) -> Output {
    let mut output = Output::default();
    for asset in &made.assets.files {
        let path = asset.path.trim_start_matches('/');
        output.insert(path, Bytes::Bytes(asset.bytes.clone()), false);
    }
    let claimed = archive::claimed(made.content);
    if !claimed.contains(FEED) {
        output.insert(FEED, Bytes::Bytes(feed(&feed_of(made)).into_bytes()), false);
    }
    for (path, text) in sitemap(&root(made.content), &sitemap_entries(made, &pages)) {
        let path = path.trim_start_matches('/');
        if !claimed.contains(path) {
            output.insert(path, Bytes::Bytes(text.into_bytes()), false);
        }
    }
    diagnostics.extend(check_links(made, &pages, &output));
    // Pages come first, then files, then documents: where two want one path, the last one stays.
    let is_document =
        |page: &Page| page.document.is_some_and(|at| made.content.documents[at].kind != Kind::Page);
    let (documents, pages): (Vec<Page>, Vec<Page>) = pages.into_iter().partition(is_document);
    write(made, pages, &mut output, diagnostics);
    for file in &made.content.static_files {
        if let Some(path) = &file.output_path {
            output.insert(path, Bytes::CopyOf(file.location.clone()), false);
        }
    }
    write(made, documents, &mut output, diagnostics);
    for path in output.take_blocking() {
        let message = format!("`{path}` can't be a file and a folder of the site at once");
        diagnostics.push(
            Diagnostic::new(CONFLICT, message)
                .note("the files in the folder are written, the file is left out")
                .hint("give one of the two another `permalink` or name"),
        );
    }
    output
}

fn write(
    made: &Made<'_>,
    pages: Vec<Page>,
    output: &mut Output,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for page in pages {
        if page.path.split('/').any(|name| name.len() > NAME_MAX) {
            let document = page.document.map(|at| &made.content.documents[at]);
            diagnostics.push(too_long(&page.path, document));
            output.incomplete = true;
            continue;
        }
        output.insert(page.path, Bytes::Bytes(page.html.into_bytes()), page.broken);
    }
}

fn too_long(path: &str, document: Option<&Document>) -> Diagnostic {
    let longest = path.split('/').map(str::len).max().unwrap_or_default();
    let message = format!("a name of {longest} bytes is too long for a file");
    Diagnostic::new(NAME_TOO_LONG, message)
        .at(document.map(|document| document.place_of_key("permalink")))
        .note(format!("file systems allow {NAME_MAX} bytes, which are 85 Hangul syllables"))
        .note(format!("the page would be written to `{path}`"))
        .hint("give the document a shorter `permalink` or `slug`, or the tag a shorter name")
}

/// The site's address: scheme, host and `baseurl`.
fn root(content: &Content) -> String {
    format!("{}{}", content.config.url, content.config.baseurl)
}

fn check_links(made: &Made<'_>, pages: &[Page], output: &Output) -> Vec<Diagnostic> {
    let content = made.content;
    let mut targets = Targets {
        files: output.entries.keys().map(String::as_str).collect(),
        baseurl: &content.config.baseurl,
        url: &content.config.url,
    };
    targets.files.extend(pages.iter().map(|page| page.path.as_str()));
    targets
        .files
        .extend(content.static_files.iter().filter_map(|file| file.output_path.as_deref()));
    let linked: Vec<links::Page<'_>> = pages
        .iter()
        .map(|page| links::Page {
            url: &page.url,
            path: &page.path,
            html: &page.html,
            links: page.document.map_or(&[], |at| made.bodies[at].links.as_slice()),
        })
        .collect();
    let mut diagnostics = links::check(&linked, &targets);
    diagnostics.extend(links::check_headers(&content.documents, &targets));
    diagnostics
}

fn feed_of(made: &Made<'_>) -> Feed {
    let config = &made.content.config;
    let absolute = |url: &str| address::absolute(url, &config.url, &config.baseurl);
    let author = config.get("author").and_then(|author| {
        author.as_str().or_else(|| author.get("name")?.as_str()).map(str::to_owned)
    });
    // A post with errors keeps its last good page; the feed has no such memory and leaves it out.
    let posts = made.site.posts.iter().filter(|&&at| !made.bodies[at].broken);
    let entries = posts.take(FEED_POSTS).map(|&at| {
        let document = &made.content.documents[at];
        let body = &made.bodies[at];
        FeedEntry {
            url: absolute(&document.url),
            title: document.title.clone(),
            published: document.date.as_ref().map(Moment::xmlschema).unwrap_or_default(),
            updated: document.get("last_modified_at").and_then(crate::theme::plain::text),
            summary: Some(dress::excerpt(document, body)),
            content: Some(body.html.clone()),
            author: None,
            categories: document.categories.iter().chain(&document.tags).cloned().collect(),
        }
    });
    Feed {
        title: config.title.clone(),
        subtitle: Some(config.description.clone()).filter(|text| !text.is_empty()),
        author,
        language: config.locale.clone().unwrap_or_else(|| config.language.tag().to_owned()),
        site_url: absolute("/"),
        feed_url: absolute("/feed.xml"),
        entries: entries.collect(),
    }
}

fn sitemap_entries(made: &Made<'_>, pages: &[Page]) -> Vec<SitemapEntry> {
    let config = &made.content.config;
    let mut entries: Vec<SitemapEntry> = pages
        .iter()
        .filter(|page| page.path.ends_with(".html") && page.path != "404.html")
        .filter_map(|page| {
            let document = page.document.map(|at| &made.content.documents[at]);
            if document.is_some_and(|document| {
                document.get("sitemap").and_then(|value| value.as_bool()) == Some(false)
            }) {
                return None;
            }
            let modified = document.and_then(|document| {
                let changed = document.get("last_modified_at").and_then(crate::theme::plain::text);
                changed.or_else(|| document.date.as_ref().map(Moment::xmlschema))
            });
            let url = address::absolute(&page.url, &config.url, &config.baseurl);
            Some(SitemapEntry { url, modified })
        })
        .collect();
    entries.sort_by(|a, b| a.url.cmp(&b.url));
    entries
}
