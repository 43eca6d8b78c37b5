//! The dress stage: bodies get their layouts, those of the site or those of the built-in theme.

pub mod builtin;

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::content::document::Layout;
use crate::content::{Content, Plugin};
use crate::diagnostic::{Diagnostic, Staged};
use crate::pipeline::body::{Bodies, Dressed, Surroundings, stands_alone};
use crate::plugin::jemoji;
use crate::site::Site;
use crate::site::archive::Archive;
use crate::theme::assets::Assets;
use crate::theme::templates::FALLBACK_LAYOUT;
use builtin::{Builtin, MadePage, Maker, Relations, Remembered};

/// The folder of the site's own templates.
pub const TEMPLATES: &str = "templates/";

/// A page in its layout.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its URL.
    pub url: String,
    /// Its file below the destination.
    pub path: String,
    /// The whole HTML.
    pub html: Arc<str>,
    /// Whether it has errors.
    pub broken: bool,
    /// Whether a template of the built-in theme or of `templates/` dresses it, which may refer to
    /// the theme's files.
    pub by_theme: bool,
    /// The document behind it, as position in [`Content::documents`].
    pub document: Option<usize>,
    /// How the theme made it, for the next run.
    made: Option<Arc<MadePage>>,
}

/// All that the layouts are made with.
pub struct Wardrobe<'a> {
    bodies: &'a Bodies<'a>,
    content: &'a Content,
    site: &'a Site,
    builtin: Option<Arc<Builtin>>,
    past: Option<&'a Remembered>,
    /// The fields of the theme's view of the site that are new; `None` where all may be.
    changed_fields: Option<Vec<&'static str>>,
    /// The URLs of the posts that lists show otherwise, where nothing else is otherwise.
    touched: Option<BTreeSet<String>>,
}

/// What a document is dressed in.
enum Clothes<'a> {
    Nothing,
    Liquid(&'a Dressed),
    Tera(&'a str),
}

impl<'a> Wardrobe<'a> {
    /// Prepares the theme and the site's view once for all pages.
    pub fn new(
        bodies: &'a Bodies<'a>,
        assets: &Assets,
        past: Option<&'a Remembered>,
    ) -> Staged<Self> {
        let Surroundings { content, site, .. } = bodies.surroundings();
        let wardrobe = Self {
            bodies,
            content,
            site,
            builtin: None,
            past,
            changed_fields: None,
            touched: None,
        };
        if !wardrobe.needs_builtin() {
            return Staged::clean(wardrobe);
        }
        let Staged { value: builtin, diagnostics } = Builtin::new(bodies, assets, past);
        let wardrobe = Self { builtin: Some(builtin), ..wardrobe };
        let changed_fields = wardrobe.compared();
        let pair = past.zip(wardrobe.builtin.as_ref()).zip(bodies.changes());
        let touched =
            pair.and_then(|((past, theme), changes)| past.touched(theme, bodies, changes));
        Staged::new(Self { changed_fields, touched, ..wardrobe }, diagnostics)
    }

    /// The theme and its pages for the next run; `diagnostics` are what was wrong with the theme.
    pub fn remember(
        &self,
        diagnostics: &[Diagnostic],
        assets: &Assets,
        pages: &[Page],
    ) -> Option<Remembered> {
        let theme = self.builtin.as_ref()?;
        Some(Remembered::new(theme, diagnostics.to_vec(), self.content, assets, pages))
    }

    /// Whether some page asks for a layout that `_layouts` doesn't have.
    fn needs_builtin(&self) -> bool {
        let templates = self.bodies.surroundings().templates;
        let known = |name: &str| templates.layout(name).is_some();
        let parents = templates.layouts().filter_map(|name| templates.layout(name)?.parent());
        let of_documents = self.content.documents.iter().filter_map(|page| page.layout.name());
        templates.layouts().next().is_none() || parents.chain(of_documents).any(|name| !known(name))
    }

    /// All documents that are written, in their layouts, and the theme's own pages.
    pub fn dress(&self, archives: &[Archive]) -> Staged<Vec<Page>> {
        let documents = (0..self.content.documents.len()).into_par_iter();
        let documents = documents.filter_map(|at| self.document(at));
        let archives = archives
            .par_iter()
            .filter_map(|archive| Some(self.builtin.as_ref()?.archive(self, archive)));
        let staged: Vec<Staged<Page>> = documents.chain(archives).collect();
        let mut diagnostics = Vec::new();
        let pages = staged.into_iter().map(|page| page.collect_into(&mut diagnostics)).collect();
        Staged::new(pages, diagnostics)
    }

    fn document(&self, at: usize) -> Option<Staged<Page>> {
        let document = &self.content.documents[at];
        let path = document.output_path.clone()?;
        let body = self.bodies.get(at);
        let mut diagnostics = Vec::new();
        let clothes = self.clothes(at, &path, &mut diagnostics);
        let mut page = Page {
            url: document.url.clone(),
            path,
            html: "".into(),
            broken: body.broken,
            by_theme: false,
            document: Some(at),
            made: None,
        };
        match clothes {
            Clothes::Nothing => page.html.clone_from(&body.html),
            Clothes::Liquid(dressed) => self.in_liquid(at, dressed, &mut page, &mut diagnostics),
            Clothes::Tera(layout) => {
                if let Some(builtin) = &self.builtin {
                    let content = Arc::clone(&body.html);
                    self.in_tera(builtin, (at, layout), content)
                        .put_on(&mut page, &mut diagnostics);
                }
            }
        }
        if self.content.config.uses(Plugin::Jemoji) && page.path.ends_with(".html") {
            page.html = jemoji::emojify(&page.html, &self.content.config.values).into();
        }
        Some(Staged::new(page, diagnostics))
    }

    /// The layout of a document: of the site's `_layouts`, else of its `templates/`, else of the
    /// built-in theme. A page that names no layout stands alone in Jekyll, and so does one that
    /// names a layout which isn't there.
    fn clothes(&self, at: usize, path: &str, diagnostics: &mut Vec<Diagnostic>) -> Clothes<'a> {
        let document = &self.content.documents[at];
        let Layout::Named(name) = &document.layout else { return Clothes::Nothing };
        if stands_alone(document) {
            return Clothes::Nothing;
        }
        if let Some(dressed) = self.bodies.dressed(at) {
            return Clothes::Liquid(dressed);
        }
        let Some(builtin) = &self.builtin else { return Clothes::Nothing };
        let is_html = path.ends_with(".html");
        if is_html && builtin.theme.has(name) && (builtin.is_builtin || self.has_template(name)) {
            return Clothes::Tera(name);
        }
        let falls_back = builtin.is_builtin && is_html;
        if !is_html && builtin.is_builtin {
            return Clothes::Nothing;
        }
        let place = document.front_matter.place_of_value("layout");
        let liquid = self.bodies.surroundings().templates.layouts();
        diagnostics.push(builtin.theme.unknown_layout(name, place, liquid, falls_back));
        if falls_back { Clothes::Tera(FALLBACK_LAYOUT) } else { Clothes::Nothing }
    }

    /// Whether the site's `templates/` have a layout.
    fn has_template(&self, name: &str) -> bool {
        self.content.theme_file(&format!("{TEMPLATES}{name}.html")).is_some()
    }

    /// A page in its Liquid layouts. Where the outermost one names a layout that the built-in theme
    /// has and the site's theme, which isn't here, would have had, that one comes around them.
    fn in_liquid(
        &self,
        at: usize,
        dressed: &Dressed,
        page: &mut Page,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        page.broken |= dressed.broken;
        page.html.clone_from(&dressed.html);
        diagnostics.extend(dressed.diagnostics.iter().cloned());
        // Without one Jekyll leaves the page as it is and says nothing.
        if let (Some(builtin), Some(name)) = (&self.builtin, dressed.missing_parent.as_deref())
            && builtin.theme.has(name)
            && page.path.ends_with(".html")
            && (builtin.is_builtin || self.has_template(name))
        {
            let content = Arc::clone(&page.html);
            self.in_tera(builtin, (at, name), content).put_on(page, diagnostics);
        }
    }

    /// A document in a layout of the theme, `content` being its HTML so far.
    fn in_tera(
        &self,
        theme: &Builtin,
        (at, layout): (usize, &str),
        content: Arc<str>,
    ) -> Arc<MadePage> {
        let document = &self.content.documents[at];
        let relations = || theme.relations(self, at);
        let view = |relations: &Relations| {
            let mut view = theme.view_of(self, at, document, self.bodies.get(at), relations);
            view.content = content.to_string();
            view
        };
        let maker = Maker { layout, at: Some(at), content: Some(Arc::clone(&content)) };
        self.made(theme, &maker, None, &relations, &view)
    }
}
