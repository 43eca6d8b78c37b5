//! What a page of the theme shows of the rest of the site, and when a page that was made before is
//! still the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Builtin, TEMPLATES, TermPages, overrides};
use crate::content::{Content, Plugin};
use crate::diagnostic::{Diagnostic, Staged};
use crate::pipeline::body::{Bodies, Body};
use crate::pipeline::dress::{Page, Wardrobe};
use crate::pipeline::memory::Changes;
use crate::site::{Site, Term, archive};
use crate::theme::assets::Assets;
use crate::theme::templates::Theme;
use crate::theme::view::{
    Neighbour, PageView, Paginator, PostSummary, SiteView, TermLink, TermView,
};
use crate::value::same_maps;

/// What a page shows of the rest of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::pipeline::dress) struct Relations {
    /// The post itself as lists show it.
    pub(super) summary: Option<Arc<PostSummary>>,
    pub(super) categories: Vec<TermLink>,
    pub(super) tags: Vec<TermLink>,
    pub(super) previous: Option<Neighbour>,
    pub(super) next: Option<Neighbour>,
    pub(super) related: Vec<Arc<PostSummary>>,
    pub(super) paginator: Option<Paginator>,
    pub(super) term: Option<TermView>,
}

impl Relations {
    /// Whether a page shows one of these posts.
    fn show_one_of(&self, urls: &BTreeSet<String>) -> bool {
        let paginator = self.paginator.iter().flat_map(|paginator| &paginator.posts);
        let term = self.term.iter().flat_map(|term| &term.posts);
        let summaries = self.summary.iter().chain(&self.related).chain(paginator).chain(term);
        let neighbours = self.previous.iter().chain(&self.next).map(|neighbour| &neighbour.url);
        summaries.map(|summary| &summary.url).chain(neighbours).any(|url| urls.contains(url))
    }
}

/// What a page is made of besides its relations.
pub(in crate::pipeline::dress) struct Maker<'m> {
    /// The layout.
    pub(in crate::pipeline::dress) layout: &'m str,
    /// The document, if there is one.
    pub(in crate::pipeline::dress) at: Option<usize>,
    /// Its HTML, in its Liquid layouts if it has any.
    pub(in crate::pipeline::dress) content: Option<Arc<str>>,
}

/// A page as the theme made it.
#[derive(Clone, Debug)]
pub(in crate::pipeline::dress) struct MadePage {
    layout: String,
    content: Option<Arc<str>>,
    body: Option<Arc<Body>>,
    relations: Relations,
    html: Result<Arc<str>, Box<Diagnostic>>,
}

impl MadePage {
    /// Makes it the page's HTML.
    pub(in crate::pipeline::dress) fn put_on(
        self: &Arc<Self>,
        page: &mut Page,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        page.by_theme = true;
        match &self.html {
            Ok(html) => page.html = Arc::clone(html),
            Err(diagnostic) => {
                page.broken = true;
                diagnostics.push(Diagnostic::clone(diagnostic));
            }
        }
        page.made = Some(Arc::clone(self));
    }
}

/// The theme and the pages of the last run.
#[derive(Clone, Debug)]
pub struct Remembered {
    theme: Arc<Builtin>,
    /// What was wrong with its templates.
    diagnostics: Vec<Diagnostic>,
    pages: BTreeMap<usize, Arc<MadePage>>,
    archives: BTreeMap<String, Arc<MadePage>>,
    stylesheet: (String, String),
    templates: Vec<Arc<crate::span::Source>>,
    data: Arc<crate::value::Map>,
}

impl Remembered {
    /// Keeps a theme and its pages for the next run.
    pub(in crate::pipeline::dress) fn new(
        theme: &Arc<Builtin>,
        diagnostics: Vec<Diagnostic>,
        content: &Content,
        assets: &Assets,
        pages: &[Page],
    ) -> Self {
        let made = |page: &Page| page.made.clone();
        let of_documents = pages.iter().filter_map(|page| Some((page.document?, made(page)?)));
        let others = pages.iter().filter(|page| page.document.is_none());
        let archives = others.filter_map(|page| Some((page.url.clone(), made(page)?)));
        Self {
            theme: Arc::clone(theme),
            diagnostics,
            pages: of_documents.collect(),
            archives: archives.collect(),
            stylesheet: (assets.stylesheet.clone(), assets.icon.clone()),
            templates: overrides(content).into_iter().map(|template| template.source).collect(),
            data: Arc::clone(&content.data),
        }
    }

    /// Whether the site's templates are as they were.
    pub(super) fn has_templates(&self, content: &Content) -> bool {
        let templates = content.theme.iter();
        templates.filter(|source| source.path().starts_with(TEMPLATES)).eq(&self.templates)
    }

    /// The templates with another view of the site.
    pub(super) fn renewed(&self, view: &SiteView) -> Staged<Theme> {
        Staged::new(self.theme.theme.renewed(view), self.diagnostics.clone())
    }

    /// The URLs of the posts that lists show otherwise than before, where everything else that
    /// pages show of the site is as it was: order, terms, data. `None` where more has changed.
    pub(in crate::pipeline::dress) fn touched(
        &self,
        theme: &Builtin,
        bodies: &Bodies<'_>,
        changes: &Changes<'_>,
    ) -> Option<BTreeSet<String>> {
        let is_same = changes.stays()
            && self.theme.terms == theme.terms
            && self.theme.term_pages == theme.term_pages
            && self.theme.home_urls == theme.home_urls
            && same_maps(&self.data, &bodies.surroundings().content.data);
        let pairs = self.theme.summaries.iter().zip(&theme.summaries);
        let touched = pairs.filter(|(before, now)| before != now);
        let urls = touched.flat_map(|(before, now)| [before.url.clone(), now.url.clone()]);
        is_same.then(|| urls.collect())
    }

    /// The theme, which is the same.
    pub(super) fn theme(&self) -> Staged<Arc<Builtin>> {
        Staged::new(Arc::clone(&self.theme), self.diagnostics.clone())
    }

    /// Whether the terms have the same names and pages.
    pub(super) fn has_terms(&self, site: &Site, term_pages: &TermPages) -> bool {
        let same = |old: &[Term], new: &[Term]| {
            old.len() == new.len()
                && old.iter().zip(new).all(|(a, b)| a.name == b.name && a.slug == b.slug)
        };
        let [categories, tags] = &self.theme.terms;
        self.theme.term_pages == *term_pages
            && same(categories, &site.categories)
            && same(tags, &site.tags)
    }

    /// The summary of a post that is as it was.
    pub(super) fn summary(
        &self,
        at: usize,
        bodies: &Bodies<'_>,
        changes: &Changes<'_>,
    ) -> Option<Arc<PostSummary>> {
        let is_same = changes.is_same(at) && bodies.is_old(at);
        let old = changes.old(at).filter(|_| is_same)?;
        let place = changes.past_order(old)?;
        self.theme.summaries.get(place).cloned()
    }

    /// Whether everything that the theme sees of the site as a whole is as it was.
    pub(super) fn is_same(
        &self,
        bodies: &Bodies<'_>,
        changes: &Changes<'_>,
        summaries: &[Arc<PostSummary>],
        assets: &Assets,
    ) -> bool {
        let around = bodies.surroundings();
        let content = around.content;
        let has_feed = archive::is_of_built_in_theme(content) || content.config.uses(Plugin::Feed);
        let has_layouts = around.templates.layouts().next().is_some();
        let [categories, tags] = &self.theme.terms;
        changes.stays()
            && *categories == around.site.categories
            && *tags == around.site.tags
            && self.theme.summaries == summaries
            && self.stylesheet == (assets.stylesheet.clone(), assets.icon.clone())
            && self.theme.view.feed.is_some() == has_feed
            && self.theme.has_layouts == has_layouts
            && self.has_templates(content)
            && same_maps(&self.data, &content.data)
    }
}

impl Wardrobe<'_> {
    /// A page of the theme: that of the last run where it is still the same.
    pub(in crate::pipeline::dress) fn made(
        &self,
        theme: &Builtin,
        maker: &Maker<'_>,
        url: Option<&str>,
        relations: &dyn Fn() -> Relations,
        view: &dyn Fn(&Relations) -> PageView,
    ) -> Arc<MadePage> {
        let body = maker.at.map(|at| self.bodies.shared(at));
        let before = self.before(maker, url, body.as_ref());
        if let Some((made, true)) = &before {
            return Arc::clone(made);
        }
        let before = before.filter(|_| self.shows_the_same(theme, maker.layout));
        if let (Some((made, _)), Some(touched)) = (&before, &self.touched)
            && !made.relations.show_one_of(touched)
        {
            return Arc::clone(made);
        }
        let relations = relations();
        if let Some((made, _)) = before
            && made.relations == relations
        {
            return made;
        }
        let html = theme.theme.render(maker.layout, &view(&relations));
        let content = maker.content.clone();
        let html = html.map(Arc::from);
        Arc::new(MadePage { layout: maker.layout.to_owned(), content, body, relations, html })
    }

    /// The page of the last run if its own text is as it was, and whether the rest of the site is
    /// so, too.
    fn before(
        &self,
        maker: &Maker<'_>,
        url: Option<&str>,
        body: Option<&Arc<Body>>,
    ) -> Option<(Arc<MadePage>, bool)> {
        let (past, changes) = self.past.zip(self.bodies.changes())?;
        if maker.at.is_some_and(|at| !changes.is_same(at)) {
            return None;
        }
        let made = match (url, maker.at) {
            (Some(url), _) => past.archives.get(url)?,
            (None, at) => past.pages.get(&changes.old(at?)?)?,
        };
        let same_body = match (&made.body, body) {
            (Some(before), Some(now)) => Arc::ptr_eq(before, now),
            (before, now) => before.is_none() && now.is_none(),
        };
        let is_same = same_body && made.layout == maker.layout && made.content == maker.content;
        let is_old = self.builtin.as_ref().is_some_and(|theme| Arc::ptr_eq(theme, &past.theme));
        is_same.then(|| (Arc::clone(made), is_old))
    }

    /// Whether a layout shows nothing of the site that has changed.
    fn shows_the_same(&self, theme: &Builtin, layout: &str) -> bool {
        let Some(past) = self.past else { return false };
        let Some(changed) = self.changed_fields.as_ref() else { return false };
        let same_fields = match theme.theme.site_fields(layout) {
            Some(fields) => !changed.iter().any(|field| fields.contains(*field)),
            None => changed.is_empty(),
        };
        same_fields && theme.theme.is_same(&past.theme.theme, layout)
    }

    /// The fields of the site's view that aren't as they were; `None` where everything may be
    /// otherwise.
    pub(in crate::pipeline::dress) fn compared(&self) -> Option<Vec<&'static str>> {
        let (past, theme) = self.past.zip(self.builtin.as_ref())?;
        let same_data = same_maps(&past.data, &self.content.data);
        same_data.then(|| theme.view.changed_fields(&past.theme.view))
    }
}
