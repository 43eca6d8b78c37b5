//! What the templates of the built-in theme see of the site and of a page.

mod relations;
mod summary;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Page, TEMPLATES, Wardrobe};
use crate::content::{Content, Document, Plugin};
use crate::date::Moment;
use crate::diagnostic::Staged;
use crate::pipeline::body::{Bodies, Body, Surroundings};
use crate::site::archive::{self, Archive, ArchiveKind};
use crate::site::{Site, Term, index};
use crate::theme::templates::{FALLBACK_LAYOUT, SiteTemplate, Theme};
use crate::theme::view::{
    LinkView, Neighbour, PageView, Paginator, PostSummary, SiteView, TermLink, TermView, TocEntry,
    YearView,
};
use crate::theme::{assets::Assets, prose, words};
use crate::value::Map;
use summary::{checks, excerpt, summary};

pub use relations::Remembered;
pub(super) use relations::{MadePage, Maker, Relations};

/// The length of an excerpt in characters.
const EXCERPT_LENGTH: usize = 180;
/// How many posts of a term the index of all terms shows.
const TERM_PREVIEW: usize = 10;
/// The layout that lists posts, all of them on a page that isn't paginated.
const HOME: &str = "home";
/// How many related posts a post names.
const RELATED: usize = 4;

/// The built-in theme with what its templates see; made only for sites that need it.
pub(super) struct Builtin {
    view: SiteView,
    /// The posts in lists, newest first.
    summaries: Vec<Arc<PostSummary>>,
    /// The categories and the tags.
    terms: [Vec<Term>; 2],
    /// The URLs of the home page's parts.
    home_urls: Vec<String>,
    term_pages: TermPages,
    pub(super) theme: Theme,
    /// Whether the theme's own templates dress pages, and not just those of the site's
    /// `templates/`: where the site has no layouts, or its theme is one that isn't here.
    pub(super) is_builtin: bool,
    /// Whether the site has Liquid layouts.
    has_layouts: bool,
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Builtin({} posts)", self.summaries.len())
    }
}

impl Builtin {
    /// The theme for this site; that of the last run where it would be the same.
    pub(super) fn new(
        bodies: &Bodies<'_>,
        assets: &Assets,
        past: Option<&Remembered>,
    ) -> Staged<Arc<Self>> {
        let Surroundings { content, site, .. } = bodies.surroundings();
        let term_pages = TermPages::new(content);
        let minutes = SiteView::from_config(&content.config.values, &Map::new()).words_per_minute();
        let before = past.zip(bodies.changes());
        let before = before.filter(|(past, _)| past.has_terms(site, &term_pages));
        let summaries: Vec<Arc<PostSummary>> = site
            .posts
            .par_iter()
            .map(|&at| {
                let known = before.and_then(|(past, changes)| past.summary(at, bodies, changes));
                known.unwrap_or_else(|| {
                    let (document, body) = (&content.documents[at], bodies.get(at));
                    Arc::new(summary(document, body, site, &term_pages, minutes))
                })
            })
            .collect();
        if let Some((past, changes)) = before
            && past.is_same(bodies, changes, &summaries, assets)
        {
            return past.theme();
        }
        let built = Self::build(bodies, assets, summaries, term_pages, past);
        Staged::new(Arc::new(built.value), built.diagnostics)
    }

    fn build(
        bodies: &Bodies<'_>,
        assets: &Assets,
        summaries: Vec<Arc<PostSummary>>,
        term_pages: TermPages,
        past: Option<&Remembered>,
    ) -> Staged<Self> {
        let Surroundings { content, site, templates, additions, .. } = bodies.surroundings();
        let config = &content.config;
        let mut view = SiteView::from_config(&config.values, &content.data);
        view.baseurl.clone_from(&config.baseurl);
        view.url.clone_from(&config.url);
        view.stylesheet.clone_from(&assets.stylesheet);
        view.icon.clone_from(&assets.icon);
        let has_feed = archive::is_of_built_in_theme(content) || config.uses(Plugin::Feed);
        view.feed = has_feed.then(|| "/feed.xml".to_owned());
        view.posts.clone_from(&summaries);
        view.year = summaries.first().and_then(|post| post.date.as_deref()).map(year_of);
        view.years = years(&summaries);
        let place = |at: &usize| site.order.get(at).and_then(|&at| summaries.get(at)).cloned();
        let terms = |terms: &[Term], folder: &str| -> Vec<TermView> {
            let preview =
                |term: &Term| term.posts.iter().take(TERM_PREVIEW).filter_map(place).collect();
            terms.iter().map(|term| term_pages.view(term, folder, preview(term))).collect()
        };
        view.categories = terms(&site.categories, "categories");
        view.tags = terms(&site.tags, "tags");
        view.categories_url = term_pages.page("/categories/".to_owned());
        view.tags_url = term_pages.page("/tags/".to_owned());
        let Staged { value: theme, diagnostics } = match past {
            Some(past) if past.has_templates(content) => past.renewed(&view),
            _ => Theme::new(&overrides(content), &view),
        };
        let parts = match term_pages {
            TermPages::All => archive::home_pages(content, site),
            TermPages::Of(_) => additions.seen.paginators.len().max(1),
        };
        let home_urls = (1..=parts).map(|number| archive::home_url(content, number)).collect();
        let names_theme = ["theme", "remote_theme"]
            .iter()
            .any(|key| config.get(key).is_some_and(|theme| theme.is_truthy()));
        let is_missing = names_theme && !config.theme_is_here;
        let has_layouts = templates.layouts().next().is_some();
        let is_builtin = is_missing || !has_layouts;
        let terms = [site.categories.clone(), site.tags.clone()];
        let value =
            Self { view, summaries, terms, home_urls, term_pages, theme, is_builtin, has_layouts };
        Staged::new(value, diagnostics)
    }

    pub(super) fn view_of(
        &self,
        wardrobe: &Wardrobe<'_>,
        at: usize,
        document: &Document,
        body: &Body,
        relations: &Relations,
    ) -> PageView {
        let Wardrobe { site, .. } = wardrobe;
        let mut view = PageView::from_front_matter(&document.data, &self.view);
        view.url.clone_from(&document.url);
        view.title.clone_from(&document.title);
        view.content = body.html.to_string();
        view.is_post = document.kind.is_post();
        view.date = document.date.as_ref().map(Moment::xmlschema);
        view.categories.clone_from(&relations.categories);
        view.tags.clone_from(&relations.tags);
        view.contents = TocEntry::tree(&body.headings);
        view.checks = checks(body);
        let summary = site.order.get(&at).and_then(|&place| self.summaries.get(place));
        view.read_minutes = match summary {
            Some(summary) => summary.read_minutes,
            None => Some(prose::read_minutes(&body.html, self.view.words_per_minute())),
        };
        if view.description.is_empty() {
            view.description = match summary {
                Some(summary) => summary.excerpt.clone(),
                None => excerpt(document, body),
            };
        }
        if view.is_post {
            view.previous.clone_from(&relations.previous);
            view.next.clone_from(&relations.next);
            view.related_posts.clone_from(&relations.related);
            view.breadcrumbs = self.breadcrumbs(&view.categories);
        }
        view.paginator.clone_from(&relations.paginator);
        view
    }

    fn summary_of(&self, site: &Site, at: usize) -> Option<Arc<PostSummary>> {
        site.order.get(&at).and_then(|&place| self.summaries.get(place)).cloned()
    }

    /// The way to a post: the home page and its first category.
    fn breadcrumbs(&self, categories: &[TermLink]) -> Vec<LinkView> {
        let home = LinkView { label: self.view.title.clone(), url: "/".to_owned() };
        let category = categories
            .first()
            .filter(|term| !term.url.is_empty())
            .map(|term| LinkView { label: term.name.clone(), url: term.url.clone() });
        std::iter::once(home).chain(category).collect()
    }

    fn paginator(&self, content: &Content, page: usize) -> Paginator {
        let size = match content.config.paginate {
            Some(size) if size > 0 && self.home_urls.len() > 1 => size,
            _ => self.summaries.len(),
        };
        let posts = self.summaries.iter().skip((page - 1) * size).take(size).cloned().collect();
        Paginator::new(page, &self.home_urls, self.summaries.len(), posts)
    }

    /// A page that the theme adds.
    pub(super) fn archive(&self, wardrobe: &Wardrobe<'_>, archive: &Archive) -> Staged<Page> {
        let Wardrobe { content, bodies, .. } = wardrobe;
        let mut diagnostics = Vec::new();
        let mut page = Page {
            url: archive.url.clone(),
            path: archive.output_path.clone(),
            html: "".into(),
            broken: false,
            by_theme: true,
            document: None,
            made: None,
        };
        let mut layout = archive.layout();
        if let Some(at) = archive.document {
            layout = content.documents[at].layout.name().unwrap_or(layout);
            page.broken = bodies.get(at).broken;
        }
        let layout = if self.theme.has(layout) { layout } else { FALLBACK_LAYOUT };
        let relations = || self.relations_of_archive(wardrobe, archive);
        let make = |relations: &Relations| {
            let mut view = match archive.document {
                Some(at) => {
                    let (document, body) = (&content.documents[at], bodies.get(at));
                    self.view_of(wardrobe, at, document, body, relations)
                }
                None => PageView::from_front_matter(&Map::new(), &self.view),
            };
            view.url.clone_from(&archive.url);
            view.paginator.clone_from(&relations.paginator);
            view.term.clone_from(&relations.term);
            if let Some(term) = &view.term {
                view.title.clone_from(&term.name);
            }
            if let Some(word) = archive.title_word()
                && let Some(title) = words::words(self.view.language).get(word)
            {
                view.title = (*title).to_owned();
            }
            view
        };
        let body = archive.document.map(|at| bodies.get(at).html.clone());
        let maker = Maker { layout, at: archive.document, content: body };
        let made = wardrobe.made(self, &maker, Some(&archive.url), &relations, &make);
        made.put_on(&mut page, &mut diagnostics);
        Staged::new(page, diagnostics)
    }

    fn relations_of_archive(&self, wardrobe: &Wardrobe<'_>, archive: &Archive) -> Relations {
        let Wardrobe { site, content, .. } = wardrobe;
        let mut relations = match archive.document {
            Some(at) => self.relations(wardrobe, at),
            None => Relations::default(),
        };
        match archive.kind {
            ArchiveKind::Home { page } => relations.paginator = Some(self.paginator(content, page)),
            ArchiveKind::Category(at) => {
                relations.term = self.term(site, site.categories.get(at), "categories");
            }
            ArchiveKind::Tag(at) => relations.term = self.term(site, site.tags.get(at), "tags"),
            _ => {}
        }
        relations
    }

    /// What a page shows of the rest of the site.
    pub(super) fn relations(&self, wardrobe: &Wardrobe<'_>, at: usize) -> Relations {
        let Wardrobe { site, content, bodies, .. } = wardrobe;
        let document = &content.documents[at];
        let categories = &document.categories;
        let mut relations = Relations {
            summary: self.summary_of(site, at),
            categories: self.term_pages.links(categories, &site.categories, "categories"),
            tags: self.term_pages.links(&document.tags, &site.tags, "tags"),
            ..Relations::default()
        };
        if document.kind.is_post() {
            let (older, newer) = site.neighbours(at);
            relations.previous = older.map(|at| neighbour(&content.documents[at]));
            relations.next = newer.map(|at| neighbour(&content.documents[at]));
            let related = site.related(content, at, RELATED);
            relations.related =
                related.iter().filter_map(|at| self.summary_of(site, *at)).collect();
        }
        let generated = &bodies.surroundings().additions.seen;
        if let Some(part) = generated.paginators.get(&at) {
            relations.paginator = Some(self.paginator(content, part.page));
        } else if archive::is_paged(document) {
            relations.paginator = Some(self.paginator(content, 1));
        } else if document.layout.name() == Some(HOME) {
            let (url, count) = (document.url.clone(), self.summaries.len());
            relations.paginator = Some(Paginator::new(1, &[url], count, self.summaries.clone()));
        }
        relations
    }

    fn term(&self, site: &Site, term: Option<&Term>, folder: &str) -> Option<TermView> {
        let term = term?;
        let posts = term.posts.iter().filter_map(|&at| self.summary_of(site, at)).collect();
        Some(self.term_pages.view(term, folder, posts))
    }
}

/// The site's templates.
fn overrides(content: &Content) -> Vec<SiteTemplate> {
    let named = content.theme.iter().filter_map(|source| {
        let name = source.path().strip_prefix(TEMPLATES)?.to_owned();
        Some(SiteTemplate { name, source: source.clone() })
    });
    named.collect()
}

/// The pages of categories and tags: those that the theme adds, or the site's own at the same
/// addresses.
#[derive(Debug, PartialEq, Eq)]
enum TermPages {
    All,
    Of(BTreeSet<String>),
}

impl TermPages {
    fn new(content: &Content) -> Self {
        if archive::is_of_built_in_theme(content) {
            return Self::All;
        }
        Self::Of(archive::claimed(content).into_iter().map(str::to_owned).collect())
    }

    /// The URL of a page of the theme, if there is one.
    fn page(&self, url: String) -> Option<String> {
        let is_there = match self {
            Self::All => true,
            Self::Of(paths) => {
                paths.contains(&format!("{}index.html", url.trim_start_matches('/')))
            }
        };
        is_there.then_some(url)
    }

    /// The URL of a term's page; nothing where there is none.
    fn url(&self, folder: &str, term: &Term) -> String {
        self.page(format!("/{folder}/{}/", term.slug)).unwrap_or_default()
    }

    fn links(&self, names: &[String], terms: &[Term], folder: &str) -> Vec<TermLink> {
        names
            .iter()
            .filter_map(|name| index::named(terms, name))
            .map(|term| TermLink { name: term.name.clone(), url: self.url(folder, term) })
            .collect()
    }

    fn view(&self, term: &Term, folder: &str, posts: Vec<Arc<PostSummary>>) -> TermView {
        TermView {
            name: term.name.clone(),
            slug: term.slug.clone(),
            url: self.url(folder, term),
            count: term.posts.len(),
            posts,
        }
    }
}

fn neighbour(document: &Document) -> Neighbour {
    Neighbour { title: document.title.clone(), url: document.url.clone() }
}

fn year_of(date: &str) -> String {
    date.split('-').next().unwrap_or_default().to_owned()
}

fn years(posts: &[Arc<PostSummary>]) -> Vec<YearView> {
    let mut years: Vec<YearView> = Vec::new();
    for post in posts {
        let year = post.date.as_deref().map(year_of).unwrap_or_default();
        match years.last_mut() {
            Some(last) if last.year == year => last.posts.push(post.clone()),
            _ => years.push(YearView { year, posts: vec![post.clone()] }),
        }
    }
    years
}
