//! The derive stage: what follows from all pages together. Feed, sitemap, the theme's files, copied
//! files, and the link check.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::content::{Content, Document, Kind, Plugin};
use crate::date::Moment;
use crate::diagnostic::{Code, Diagnostic};
use crate::jekyll::scope::PageScope;
use crate::output::{Content as Bytes, Output};
use crate::pipeline::body::{Bodies, Body, Surroundings};
use crate::pipeline::dress::Page;
use crate::plugin::feed::{self, FeedPlan};
use crate::plugin::sitemap::{self, Listed};
use crate::plugin::{Rendered, View};
use crate::site::archive;
use crate::site::index::CONFLICT;
use crate::site::links::{self, Looked, Targets};
use crate::theme::assets::Assets;
use crate::value::Map;

/// A page whose path no file system can hold.
pub const NAME_TOO_LONG: Code = Code("E0507");
/// The most bytes of a file's name, on all usual file systems.
const NAME_MAX: usize = 255;
/// The feed's file.
const FEED: &str = "feed.xml";
/// The folder of the site's own files for the theme.
const ASSETS: &str = "assets/";

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

/// The whole output: pages, copied files, the theme's files, feeds and sitemap. What links, anchors
/// and images lead nowhere is reported.
///
/// `past` is what the last run derived, if the site has the same documents and files at the same
/// addresses as then.
pub fn derive(
    bodies: &Bodies<'_>,
    assets: &Assets,
    pages: Vec<Page>,
    past: Option<&Derived>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Output, Derived) {
    let Surroundings { content, additions, .. } = bodies.surroundings();
    let mut output = Output::default();
    // Only the built-in theme asks for its files, a feed and a sitemap without being told.
    let by_theme = archive::is_of_built_in_theme(content);
    if by_theme || pages.iter().any(|page| page.by_theme) {
        for asset in &assets.files {
            let path = asset.path.trim_start_matches('/');
            output.insert(path, Bytes::Bytes(asset.bytes.as_slice().into()), false);
        }
    }
    let mut files = additions.files.clone();
    if by_theme || content.config.uses(Plugin::Feed) {
        files.extend(feeds(bodies));
    }
    let mut derived = Derived { time: Some(content.time.clone()), ..Derived::default() };
    if by_theme || content.config.uses(Plugin::Sitemap) {
        let same_time = |past: &&Derived| past.time.as_ref() == Some(&content.time);
        let prints_time = bodies.scope().view().time.is_some();
        let past = past.filter(|past| !prints_time || same_time(past));
        derived.sitemap = match past {
            Some(past) => past.sitemap.clone(),
            None => sitemap_of(bodies, &pages),
        };
        files.extend(derived.sitemap.iter().cloned());
    }
    let claimed = archive::claimed(content);
    for (path, text) in files {
        if !claimed.contains(path.as_str()) {
            output.insert(path, Bytes::Bytes(text.into_bytes().into()), false);
        }
    }
    derived.links = check_links(bodies, &pages, &output, past, diagnostics);
    // Pages come first, then files, then documents: where two want one path, the last one stays.
    let is_document =
        |page: &Page| page.document.is_some_and(|at| content.documents[at].kind != Kind::Page);
    let (documents, pages): (Vec<Page>, Vec<Page>) = pages.into_iter().partition(is_document);
    write(content, pages, &mut output, diagnostics);
    for file in &content.static_files {
        if let Some(path) = &file.output_path {
            output.insert(path, Bytes::CopyOf(file.location.clone()), false);
        }
    }
    write(content, documents, &mut output, diagnostics);
    for (document, at) in content.documents.iter().zip(0..) {
        if let (Some(path), Some(map)) = (&document.output_path, &bodies.get(at).source_map) {
            output.insert(format!("{path}.map"), Bytes::Bytes(map.as_bytes().into()), false);
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
    (output, derived)
}

/// What follows from all pages together, for the next run.
#[derive(Debug, Default)]
pub struct Derived {
    time: Option<Moment>,
    sitemap: Vec<(String, String)>,
    links: Vec<LinksOfPage>,
}

/// What the links of a page were found to be.
#[derive(Debug)]
struct LinksOfPage {
    path: String,
    html: Arc<str>,
    body: Option<Arc<Body>>,
    looked: Arc<Looked>,
}

impl Derived {
    /// What was found in each page of now, where it would be found again.
    fn looked(&self, pages: &[Page], bodies: &Bodies<'_>) -> Vec<Option<&Arc<Looked>>> {
        let pairs = || self.links.iter().zip(pages);
        if self.links.len() != pages.len() || pairs().any(|(then, now)| then.path != now.path) {
            return vec![None; pages.len()];
        }
        let changed: BTreeSet<&str> = pairs()
            .filter(|(then, now)| then.html != now.html)
            .map(|(_, page)| page.path.as_str())
            .collect();
        let same = |(then, now): (&LinksOfPage, &Page)| {
            let same_body = match (&then.body, now.document) {
                (Some(body), Some(at)) => Arc::ptr_eq(body, &bodies.shared(at)),
                (body, document) => body.is_none() && document.is_none(),
            };
            same_body && !then.looked.into.iter().any(|path| changed.contains(path.as_str()))
        };
        pairs().map(|(then, now)| same((then, now)).then_some(&then.looked)).collect()
    }
}

fn write(
    content: &Content,
    pages: Vec<Page>,
    output: &mut Output,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for page in pages {
        if page.path.split('/').any(|name| name.len() > NAME_MAX) {
            let document = page.document.map(|at| &*content.documents[at]);
            diagnostics.push(too_long(&page.path, document));
            output.incomplete = true;
            continue;
        }
        output.insert(page.path, Bytes::Bytes(page.html.into()), page.broken);
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

fn check_links(
    bodies: &Bodies<'_>,
    pages: &[Page],
    output: &Output,
    past: Option<&Derived>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<LinksOfPage> {
    let content = bodies.surroundings().content;
    // All at once: a set that is made of a list is made faster than one that grows.
    let of_files = content.static_files.iter().filter_map(|file| file.output_path.as_deref());
    let of_pages = pages.iter().map(|page| page.path.as_str());
    let made = output.entries.keys().map(String::as_str);
    let targets = Targets {
        files: made.chain(of_pages).chain(of_files).collect(),
        baseurl: &content.config.baseurl,
        url: &content.config.url,
    };
    let none = vec![None; pages.len()];
    let looked = past.map_or(none, |past| past.looked(pages, bodies));
    let linked: Vec<links::Page<'_>> = pages
        .iter()
        .zip(looked)
        .map(|(page, looked)| links::Page {
            url: &page.url,
            path: &page.path,
            html: &page.html,
            links: page.document.map_or(&[], |at| bodies.get(at).links.as_slice()),
            looked,
        })
        .collect();
    let checked = links::check(&linked, &targets);
    diagnostics.extend(checked.diagnostics);
    diagnostics.extend(links::check_headers(&content.documents, &targets));
    let of_page = |(page, looked): (&Page, Arc<Looked>)| LinksOfPage {
        path: page.path.clone(),
        html: Arc::clone(&page.html),
        body: page.document.map(|at| bodies.shared(at)),
        looked,
    };
    pages.iter().zip(checked.looked).map(of_page).collect()
}

/// The feeds: those that the configuration asks for, or the one of the posts.
fn feeds(bodies: &Bodies<'_>) -> Vec<(String, String)> {
    let Surroundings { content, site, lists, additions, .. } = bodies.surroundings();
    let scope = bodies.scope();
    let view = scope.view();
    let plans = if content.config.uses(Plugin::Feed) {
        additions.feeds.clone()
    } else {
        vec![FeedPlan {
            path: format!("/{FEED}"),
            collection: "posts".to_owned(),
            category: None,
            tag: None,
            has_style: false,
        }]
    };
    let of_plan = |plan: FeedPlan| {
        let tagged = plan.tag.as_ref().map(|tag| {
            let named = lists.tags.iter().find(|(name, _)| name == tag);
            named.map_or(&[][..], |(_, posts)| posts.as_slice())
        });
        let documents = match tagged {
            Some(posts) => posts,
            None if plan.collection == "posts" => &site.posts,
            None => lists.collections.get(&plan.collection).map_or(&[][..], Vec::as_slice),
        };
        let text = feed_of(bodies, &plan, documents, &view);
        (plan.path.trim_start_matches('/').to_owned(), text)
    };
    plans.into_iter().map(of_plan).collect()
}

fn feed_of(bodies: &Bodies<'_>, plan: &FeedPlan, documents: &[usize], view: &View<'_>) -> String {
    let content = bodies.surroundings().content;
    // A post with errors keeps its last good page; the feed has no such memory and leaves it out.
    let whole: Vec<usize> =
        documents.iter().copied().filter(|&at| !bodies.get(at).broken).collect();
    fn rendered<'d>(bodies: &'d Bodies<'_>, at: usize, told: (&'d str, &'d str)) -> Rendered<'d> {
        let document = &bodies.surroundings().content.documents[at];
        let ((id, excerpt), content) = (told, &bodies.get(at).html);
        Rendered { data: &document.data, url: &document.url, id, content, excerpt }
    }
    // Who is chosen depends on dates only.
    let all: Vec<Rendered<'_>> = whole.iter().map(|&at| rendered(bodies, at, ("", ""))).collect();
    let mut chosen: Vec<usize> = feed::chosen(plan, &all, view)
        .into_iter()
        .filter_map(|post| all.iter().position(|other| std::ptr::eq(other, post)))
        .collect();
    // The order of posts of one time depends on the order in which they are given.
    chosen.sort_unstable();
    let told: Vec<(String, String)> = chosen
        .iter()
        .map(|&post| (content.documents[whole[post]].id(), excerpt(bodies, whole[post])))
        .collect();
    let posts: Vec<Rendered<'_>> = chosen
        .iter()
        .zip(&told)
        .map(|(&post, (id, excerpt))| rendered(bodies, whole[post], (id, excerpt)))
        .collect();
    feed::feed(plan, &posts, view)
}

/// The excerpt as the document's templates see it.
fn excerpt(bodies: &Bodies<'_>, at: usize) -> String {
    let site = bodies.scope();
    let scope = PageScope::of_layout(&site, at);
    scope.documents.excerpt(at).to_string()
}

/// The sitemap with the pages that the theme adds, and `robots.txt`.
fn sitemap_of(bodies: &Bodies<'_>, pages: &[Page]) -> Vec<(String, String)> {
    let content = bodies.surroundings().content;
    let mut contents = sitemap::Contents::of(content);
    let nothing = Map::new();
    let is_added = |page: &&Page| {
        let document = page.document.map(|at| &content.documents[at]);
        sitemap::is_html(&page.url, &page.path)
            && document.is_none_or(|document| document.url != page.url)
    };
    let added = pages.iter().filter(is_added);
    contents.pages.extend(added.map(|page| Listed {
        url: &page.url,
        data: &nothing,
        modified: None,
    }));
    let scope = bodies.scope();
    let view = scope.view();
    let has_style = archive::claimed(content).contains("sitemap.xsl");
    let mut files = sitemap::sitemap(&contents, has_style, &view);
    if content.config.uses(Plugin::Sitemap) {
        files.push(("robots.txt".to_owned(), sitemap::robots(&view)));
    }
    files
}
