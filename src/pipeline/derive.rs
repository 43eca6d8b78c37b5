//! The derive stage: what follows from all pages together. Feed, sitemap, the theme's files, copied
//! files, and the link check.

use std::collections::BTreeMap;

use crate::content::{Content, Document};
use crate::diagnostic::{Code, Diagnostic};
use crate::output::{Content as Bytes, Output};
use crate::pipeline::body::{self, Body};
use crate::pipeline::dress::{self, Page};
use crate::plugin::feed::{self, FeedPlan};
use crate::plugin::sitemap::{self, Listed};
use crate::plugin::{self, Rendered, View};
use crate::site::index::CONFLICT;
use crate::site::links::{self, Targets};
use crate::site::{Site, archive};
use crate::theme::assets::Assets;
use crate::value::Map;
use crate::{escape, markdown};

/// A page whose path no file system can hold.
pub const NAME_TOO_LONG: Code = Code("E0507");
/// The most bytes of a file's name, on all usual file systems.
const NAME_MAX: usize = 255;
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
        output.insert(FEED, Bytes::Bytes(feed_of(made).into_bytes()), false);
    }
    for (path, text) in sitemap_of(made, &pages) {
        if !claimed.contains(path.as_str()) {
            output.insert(path, Bytes::Bytes(text.into_bytes()), false);
        }
    }
    diagnostics.extend(check_links(made, &pages, &output));
    for page in pages {
        if page.path.split('/').any(|name| name.len() > NAME_MAX) {
            let document = page.document.map(|at| &made.content.documents[at]);
            diagnostics.push(too_long(&page.path, document));
            output.incomplete = true;
            continue;
        }
        output.insert(page.path, Bytes::Bytes(page.html.into_bytes()), page.broken);
    }
    // Files come last: where a file and a page want one path, Jekyll's site holds the file.
    for file in &made.content.static_files {
        if let Some(path) = &file.output_path {
            output.insert(path, Bytes::CopyOf(file.location.clone()), false);
        }
    }
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

fn too_long(path: &str, document: Option<&Document>) -> Diagnostic {
    let longest = path.split('/').map(str::len).max().unwrap_or_default();
    let message = format!("a name of {longest} bytes is too long for a file");
    Diagnostic::new(NAME_TOO_LONG, message)
        .at(document.map(|document| document.place_of_key("permalink")))
        .note(format!("file systems allow {NAME_MAX} bytes, which are 85 Hangul syllables"))
        .note(format!("the page would be written to `{path}`"))
        .hint("give the document a shorter `permalink` or `slug`, or the tag a shorter name")
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

fn feed_of(made: &Made<'_>) -> String {
    // A post with errors keeps its last good page; the feed has no such memory and leaves it out.
    let whole = made.site.posts.iter().filter(|&&at| !made.bodies[at].broken);
    let posts: Vec<(String, String, &Document, &Body)> = whole
        .map(|&at| {
            let (document, body) = (&made.content.documents[at], &made.bodies[at]);
            let excerpt = escape::text(&dress::excerpt(document, body)).into_owned();
            (document.id(), excerpt, document, body)
        })
        .collect();
    let rendered: Vec<Rendered<'_>> = posts
        .iter()
        .map(|(id, excerpt, document, body)| Rendered {
            data: &document.data,
            url: &document.url,
            id,
            content: &body.html,
            excerpt,
        })
        .collect();
    let plan = FeedPlan {
        path: format!("/{FEED}"),
        collection: "posts".to_owned(),
        category: None,
        tag: None,
        has_style: false,
    };
    let filters = Filters { options: body::markdown_options(made.content) };
    feed::feed(&plan, &rendered, &View::of(made.content, &filters))
}

/// The sitemap with the pages that the theme adds.
fn sitemap_of(made: &Made<'_>, pages: &[Page]) -> Vec<(String, String)> {
    let mut contents = sitemap::Contents::of(made.content);
    let nothing = Map::new();
    let is_added = |page: &&Page| {
        let document = page.document.map(|at| &made.content.documents[at]);
        sitemap::is_html(&page.url, &page.path)
            && document.is_none_or(|document| document.url != page.url)
    };
    let added = pages.iter().filter(is_added);
    contents.pages.extend(added.map(|page| Listed { url: &page.url, data: &nothing }));
    let filters = Filters { options: body::markdown_options(made.content) };
    sitemap::sitemap(&contents, false, &View::of(made.content, &filters))
}

/// The theme's titles and summaries, which hold no Markdown.
struct Filters {
    options: markdown::Options,
}

/// Code in a summary isn't highlighted.
struct Plain;

impl markdown::Host for Plain {}

impl plugin::Filters for Filters {
    fn markdownify(&self, text: &str) -> String {
        markdown::render(text, &self.options, &Plain).html
    }

    fn smartify(&self, text: &str) -> String {
        text.to_owned()
    }
}
