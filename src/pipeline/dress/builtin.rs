//! What the templates of the built-in theme see of the site and of a page.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{Page, TEMPLATES, Wardrobe};
use crate::content::{Content, Document, Plugin};
use crate::date::Moment;
use crate::diagnostic::{Diagnostic, Staged};
use crate::pipeline::body::{Bodies, Body, Surroundings};
use crate::site::archive::{self, Archive, ArchiveKind};
use crate::site::{Site, Term, index};
use crate::theme::templates::{FALLBACK_LAYOUT, SiteTemplate, Theme};
use crate::theme::view::{
    ChecksView, LinkView, Neighbour, PageView, Paginator, PostSummary, SiteView, TermLink,
    TermView, TocEntry, YearView,
};
use crate::theme::vocabulary::last_change;
use crate::theme::{assets::Assets, prose, words};
use crate::value::Map;

/// The length of an excerpt in characters.
const EXCERPT_LENGTH: usize = 180;
/// How many posts of a term the index of all terms shows.
const TERM_PREVIEW: usize = 10;
/// How many related posts a post names.
const RELATED: usize = 4;

/// The built-in theme with what its templates see; made only for sites that need it.
pub(super) struct Builtin {
    view: SiteView,
    summaries: Vec<PostSummary>,
    /// The URLs of the home page's parts.
    home_urls: Vec<String>,
    term_pages: TermPages,
    pub(super) theme: Theme,
    /// Whether the theme's own templates dress pages, and not just those of the site's
    /// `templates/`: where the site has no layouts, or its theme is one that isn't here.
    pub(super) is_builtin: bool,
}

impl Builtin {
    pub(super) fn new(bodies: &Bodies<'_>, assets: &Assets) -> Staged<Self> {
        let Surroundings { content, site, templates, additions, .. } = bodies.surroundings();
        let config = &content.config;
        let mut view = SiteView::from_config(&config.values, &content.data);
        view.baseurl.clone_from(&config.baseurl);
        view.url.clone_from(&config.url);
        view.stylesheet.clone_from(&assets.stylesheet);
        view.icon.clone_from(&assets.icon);
        let has_feed = archive::is_of_built_in_theme(content) || config.uses(Plugin::Feed);
        view.feed = has_feed.then(|| "/feed.xml".to_owned());
        let term_pages = TermPages::new(content);
        let minutes = view.words_per_minute();
        let summaries: Vec<PostSummary> = site
            .posts
            .par_iter()
            .map(|&at| summary(&content.documents[at], bodies.get(at), site, &term_pages, minutes))
            .collect();
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
        let overrides: Vec<SiteTemplate> = content
            .theme
            .iter()
            .filter_map(|source| {
                let name = source.path().strip_prefix(TEMPLATES)?.to_owned();
                Some(SiteTemplate { name, source: source.clone() })
            })
            .collect();
        let Staged { value: theme, diagnostics } = Theme::new(&overrides, &view);
        let parts = match term_pages {
            TermPages::All => archive::home_pages(content, site),
            TermPages::Of(_) => additions.seen.paginators.len().max(1),
        };
        let home_urls = (1..=parts).map(|number| archive::home_url(content, number)).collect();
        let names_theme = ["theme", "remote_theme"]
            .iter()
            .any(|key| config.get(key).is_some_and(|theme| theme.is_truthy()));
        let is_missing = names_theme && !config.theme_is_here;
        let is_builtin = is_missing || templates.layouts().next().is_none();
        Staged::new(Self { view, summaries, home_urls, term_pages, theme, is_builtin }, diagnostics)
    }

    pub(super) fn render(
        &self,
        layout: &str,
        view: &PageView,
        page: &mut Page,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        page.by_theme = true;
        match self.theme.render(layout, view) {
            Ok(html) => page.html = html.into(),
            Err(diagnostic) => {
                page.broken = true;
                diagnostics.push(*diagnostic);
            }
        }
    }

    pub(super) fn view_of(
        &self,
        wardrobe: &Wardrobe<'_>,
        at: usize,
        document: &Document,
        body: &Body,
    ) -> PageView {
        let Wardrobe { site, content, bodies, .. } = wardrobe;
        let mut view = PageView::from_front_matter(&document.data, &self.view);
        view.url.clone_from(&document.url);
        view.title.clone_from(&document.title);
        view.content = body.html.to_string();
        view.is_post = document.kind.is_post();
        view.date = document.date.as_ref().map(Moment::xmlschema);
        view.categories =
            self.term_pages.links(&document.categories, &site.categories, "categories");
        view.tags = self.term_pages.links(&document.tags, &site.tags, "tags");
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
            let (older, newer) = site.neighbours(at);
            view.previous = older.map(|at| neighbour(&content.documents[at]));
            view.next = newer.map(|at| neighbour(&content.documents[at]));
            let related = site.related(content, at, RELATED);
            view.related_posts =
                related.iter().filter_map(|at| self.summary_of(site, *at)).collect();
            view.breadcrumbs = self.breadcrumbs(&view.categories);
        }
        let generated = &bodies.surroundings().additions.seen;
        if let Some(part) = generated.paginators.get(&at) {
            view.paginator = Some(self.paginator(content, part.page));
        } else if archive::is_paged(document) {
            view.paginator = Some(self.paginator(content, 1));
        }
        view
    }

    fn summary_of(&self, site: &Site, at: usize) -> Option<PostSummary> {
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

    pub(super) fn archive(&self, wardrobe: &Wardrobe<'_>, archive: &Archive) -> Staged<Page> {
        let Wardrobe { site, content, bodies, .. } = wardrobe;
        let mut diagnostics = Vec::new();
        let mut page = Page {
            url: archive.url.clone(),
            path: archive.output_path.clone(),
            html: "".into(),
            broken: false,
            by_theme: true,
            document: None,
        };
        let mut layout = archive.layout();
        let mut view = match archive.document {
            Some(at) => {
                let document = &content.documents[at];
                layout = document.layout.name().unwrap_or(layout);
                page.broken = bodies.get(at).broken;
                self.view_of(wardrobe, at, document, bodies.get(at))
            }
            None => PageView::from_front_matter(&Map::new(), &self.view),
        };
        view.url.clone_from(&archive.url);
        match archive.kind {
            ArchiveKind::Home { page } => view.paginator = Some(self.paginator(content, page)),
            ArchiveKind::Category(at) => {
                view.term = self.term(site, site.categories.get(at), "categories");
            }
            ArchiveKind::Tag(at) => view.term = self.term(site, site.tags.get(at), "tags"),
            _ => {}
        }
        if let Some(term) = &view.term {
            view.title.clone_from(&term.name);
        }
        if let Some(word) = archive.title_word()
            && let Some(title) = words::words(self.view.language).get(word)
        {
            view.title = (*title).to_owned();
        }
        let layout = if self.theme.has(layout) { layout } else { FALLBACK_LAYOUT };
        self.render(layout, &view, &mut page, &mut diagnostics);
        Staged::new(page, diagnostics)
    }

    fn term(&self, site: &Site, term: Option<&Term>, folder: &str) -> Option<TermView> {
        let term = term?;
        let posts = term.posts.iter().filter_map(|&at| self.summary_of(site, at)).collect();
        Some(self.term_pages.view(term, folder, posts))
    }
}

/// The pages of categories and tags: those that the theme adds, or the site's own at the same
/// addresses.
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

    fn view(&self, term: &Term, folder: &str, posts: Vec<PostSummary>) -> TermView {
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

fn checks(body: &Body) -> Option<ChecksView> {
    if body.outcomes.is_empty() {
        return None;
    }
    let variants = body.outcomes.iter().flat_map(|outcome| &outcome.variants);
    let verdicts: Vec<bool> =
        variants.flat_map(|variant| &variant.verdicts).map(|verdict| verdict.holds).collect();
    Some(ChecksView {
        scenarios: body.outcomes.len(),
        expectations: verdicts.len(),
        held: verdicts.iter().filter(|holds| **holds).count(),
    })
}

fn summary(
    document: &Document,
    body: &Body,
    site: &Site,
    term_pages: &TermPages,
    words_per_minute: usize,
) -> PostSummary {
    let teaser = document.get("header").and_then(|header| header.get("teaser"));
    PostSummary {
        title: document.title.clone(),
        url: document.url.clone(),
        date: document.date.as_ref().map(Moment::xmlschema),
        modified: last_change(&document.data),
        excerpt: excerpt(document, body),
        categories: term_pages.links(&document.categories, &site.categories, "categories"),
        tags: term_pages.links(&document.tags, &site.tags, "tags"),
        read_minutes: Some(prose::read_minutes(&body.html, words_per_minute)),
        teaser: teaser.and_then(|teaser| teaser.as_str()).map(str::to_owned),
        checks: checks(body),
    }
}

/// The `excerpt` or `description` of the front matter, else the first paragraph.
pub fn excerpt(document: &Document, body: &Body) -> String {
    let given = ["excerpt", "description"]
        .iter()
        .find_map(|key| document.get(key)?.as_str().filter(|text| !text.trim().is_empty()));
    let text = prose::text(given.unwrap_or_else(|| first_paragraph(&body.html)));
    prose::shorten(&text, EXCERPT_LENGTH).into_owned()
}

/// The elements whose paragraphs are no excerpt, with their ends.
const NOT_PROSE: [(&str, &str); 4] = [
    ("figure", "</figure>"),
    ("blockquote", "</blockquote>"),
    ("table", "</table>"),
    ("nav", "</nav>"),
];

/// The first paragraph that isn't part of a figure, a quotation, a table or a menu.
fn first_paragraph(html: &str) -> &str {
    // Elements that are known to have no end are searched for one no more.
    let mut unclosed = [false; NOT_PROSE.len()];
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|open| at + open) {
        let rest = &html[open..];
        if rest.starts_with("<p>") || rest.starts_with("<p ") {
            let end = rest.find("</p>").map_or(rest.len(), |end| end + "</p>".len());
            return &rest[..end];
        }
        at = open + 1;
        for ((name, close), unclosed) in NOT_PROSE.into_iter().zip(&mut unclosed) {
            let opens = html[at..].strip_prefix(name);
            if !opens.is_some_and(|inside| inside.starts_with(['>', ' '])) || *unclosed {
                continue;
            }
            match html[at..].find(close) {
                Some(inside) => at += inside + close.len(),
                None => *unclosed = true,
            }
            break;
        }
    }
    ""
}

fn year_of(date: &str) -> String {
    date.split('-').next().unwrap_or_default().to_owned()
}

fn years(posts: &[PostSummary]) -> Vec<YearView> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_paragraph_is_one_of_the_text() {
        let html = "<h2>제목</h2><figure class=\"a\"><p>그림</p></figure><nav><p>차례</p></nav>\
            <p class=\"lead\">본문 <b>하나</b></p><p>둘</p>";
        assert_eq!(first_paragraph(html), "<p class=\"lead\">본문 <b>하나</b></p>");
        assert_eq!(first_paragraph("<figure><table><p>가</p>"), "<p>가</p>");
        assert_eq!(first_paragraph("<pre>가</pre>"), "");
        assert_eq!(first_paragraph("<p>가"), "<p>가");
        assert_eq!(first_paragraph(&"<figure><nav>".repeat(20_000)), "");
    }
}
