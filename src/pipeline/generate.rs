//! The generate stage: the pages that plugins add to the site's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::content::document::Layout;
use crate::content::{Content, Document, FrontMatter, Kind, Plugin};
use crate::jekyll::scope::Generated;
use crate::jekyll::templates::Templates;
use crate::plugin::feed::{FeedPlan, plans};
use crate::plugin::{Filters, View, archives, paginate, redirect};
use crate::site::{Site, archive};
use crate::span::Source;
use crate::value::{Map, Value};

/// What plugins have added.
#[derive(Debug, Default)]
pub struct Additions {
    /// What templates see of the pages.
    pub seen: Generated,
    /// For a page that shows another document's text: that document.
    pub origins: BTreeMap<usize, usize>,
    /// Bodies that are given as HTML.
    pub bodies: BTreeMap<usize, String>,
    /// Files that are given as text.
    pub files: Vec<(String, String)>,
    /// The feeds that are made of the rendered pages.
    pub feeds: Vec<FeedPlan>,
}

/// Adds the pages of plugins behind the documents of the site.
pub fn generate(
    content: &mut Content,
    site: &Site,
    templates: &Templates,
    filters: &dyn Filters,
    environment: &str,
) -> Additions {
    let mut additions = Additions::default();
    let sources: BTreeSet<String> =
        archive::claimed(content).into_iter().map(str::to_owned).collect();
    if content.config.uses(Plugin::Archives) {
        add_archives(content, templates, &mut additions);
    }
    if content.config.uses(Plugin::RedirectFrom) {
        add_redirects(content, templates, filters, &mut additions);
    }
    if content.config.uses(Plugin::Paginate) {
        add_parts(content, site, templates, &mut additions);
    }
    if content.config.uses(Plugin::Feed) {
        let tags: Vec<&str> = site.tags.iter().map(|term| term.name.as_str()).collect();
        let in_development = environment == "development";
        let exists = |path: &str| sources.contains(path);
        let view = View::of(content, filters);
        additions.feeds = plans(&view, &tags, in_development, &exists);
        let paths: Vec<String> = additions.feeds.iter().map(|feed| feed.path.clone()).collect();
        for path in paths {
            // jekyll-feed names the page by its whole path.
            additions.seen.names.insert(content.documents.len(), path.clone());
            content.documents.push(Arc::new(listed_page(&path)));
        }
    }
    if content.config.uses(Plugin::Sitemap) {
        let made = ["/sitemap.xml", "/robots.txt"];
        let missing = made.into_iter().filter(|path| !sources.contains(&path[1..]));
        content.documents.extend(missing.map(|path| Arc::new(listed_page(path))));
    }
    additions
}

/// A page that templates find in `site.pages`, as in Jekyll; its file is made of the rendered site.
fn listed_page(url: &str) -> Document {
    let data =
        Map::from([("layout".to_owned(), Value::Null), ("sitemap".to_owned(), Value::Bool(false))]);
    let mut page = page(url.trim_start_matches('/'), data, Layout::Unset, url);
    page.output_path = None;
    page
}

fn add_archives(content: &mut Content, templates: &Templates, additions: &mut Additions) {
    for archive in archives::archives(content) {
        // Jekyll warns of a missing layout for each archive; one layout is one mistake.
        let layout = match templates.layout(&archive.layout) {
            Some(_) => Layout::Named(archive.layout.clone()),
            None => Layout::Unset,
        };
        let page = page(&archive.output_path, archive.data(), layout, &archive.url);
        additions.seen.archives.insert(content.documents.len(), archive.posts);
        content.documents.push(Arc::new(page));
    }
}

/// A page without a file of its own.
fn page(path: &str, data: Map, layout: Layout, url: &str) -> Document {
    let text = |key: &str| data.get(key).and_then(|value| value.as_str()).unwrap_or_default();
    Document {
        source: Source::new(path, ""),
        kind: Kind::Page,
        front_matter: FrontMatter::default(),
        title: text("title").to_owned(),
        slug: String::new(),
        categories: Vec::new(),
        tags: Vec::new(),
        excerpt_separator: String::new(),
        body: 0..0,
        date: None,
        url: url.to_owned(),
        output_path: Some(path.to_owned()),
        is_markdown: false,
        layout,
        data,
    }
}

fn add_redirects(
    content: &mut Content,
    templates: &Templates,
    filters: &dyn Filters,
    additions: &mut Additions,
) {
    let written: Vec<usize> = (0..content.documents.len())
        .filter(|&at| content.documents[at].output_path.is_some())
        .collect();
    let candidates: Vec<redirect::Candidate<'_>> = written
        .iter()
        .map(|&at| &content.documents[at])
        .map(|document| redirect::Candidate { data: &document.data, url: &document.url })
        .collect();
    let view = View::of(content, filters);
    let redirects = redirect::redirects(&candidates, &view);
    let layout = match templates.layout(redirect::LAYOUT) {
        Some(_) => Layout::Named(redirect::LAYOUT.to_owned()),
        None => Layout::Unset,
    };
    for redirect in redirects.pages {
        let page = page(&redirect.output_path, redirect.data(), layout.clone(), &redirect.url);
        additions.bodies.insert(content.documents.len(), redirect::page(&redirect.to));
        content.documents.push(Arc::new(page));
    }
    for (at, redirect) in redirects.moved {
        let at = written[at];
        let document = Arc::make_mut(&mut content.documents[at]);
        crate::content::config::deep_merge(&mut document.data, redirect.data());
        document.layout = layout.clone();
        additions.bodies.insert(at, redirect::page(&redirect.to));
    }
    let has_file = content.documents.iter().any(|document| document.path() == "redirects.json");
    if let Some(json) = redirects.json.filter(|_| !has_file) {
        additions.files.push(("redirects.json".to_owned(), json));
    }
}

/// The parts of the list of posts. Where the built-in theme shows them it makes them itself.
fn add_parts(content: &mut Content, site: &Site, templates: &Templates, additions: &mut Additions) {
    let Some(pagination) = paginate::paginate(content, &site.posts) else { return };
    let template = pagination.template;
    let by_theme = content.documents[template].layout.name();
    let by_theme = by_theme.is_some_and(|name| templates.layout(name).is_none());
    let by_theme = by_theme && archive::is_of_built_in_theme(content);
    if by_theme && archive::is_paged(&content.documents[template]) {
        return;
    }
    for (number, part) in pagination.parts.into_iter().enumerate() {
        if number == 0 {
            additions.seen.paginators.insert(template, part.paginator);
            continue;
        }
        let mut page = Document::clone(&content.documents[template]);
        page.url = part.url;
        page.output_path = Some(part.output_path);
        let at = content.documents.len();
        additions.seen.paginators.insert(at, part.paginator);
        additions.origins.insert(at, template);
        content.documents.push(Arc::new(page));
    }
}
