//! Tera and the templates: bogi's own, compiled in, and the site's, each of which takes the place
//! of bogi's template of the same name. With the files beside it, the room of the `tera` crate.

pub mod fields;
mod filters;
mod outline;
mod problem;
mod site;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, ErrorKind, Map, Tera, Value};

use self::fields::Fields;
use self::outline::Outline;
use self::site::Posts;
use super::embedded;
use super::plain::Plain;
use super::view::{PageView, SiteView};
use super::words;
use crate::diagnostic::{Code, Diagnostic, Staged, closest};
use crate::escape;
use crate::quantity::Language;
use crate::span::{Place, Source};

/// A template that isn't Tera.
pub const SYNTAX: Code = Code("E0601");
/// A template that asks for a template, filter, function, test or component that doesn't exist.
pub const UNKNOWN_NAME: Code = Code("E0602");
/// Templates that extend or include each other in a circle.
pub const CIRCLE: Code = Code("E0603");
/// A template that fails while it shows a page.
pub const RENDERING: Code = Code("E0604");
/// A template without a block that another one fills.
pub const MISSING_BLOCK: Code = Code("W0605");
/// A layout that doesn't exist.
pub const UNKNOWN_LAYOUT: Code = Code("W0606");

/// The names of bogi's own templates begin so; `{% extends "bogi/single.html" %}` extends bogi's
/// template also from the site's file of the same name.
const BUILT_IN: &str = "bogi/";

/// The layout of pages that name none, or one that doesn't exist.
pub const FALLBACK_LAYOUT: &str = "single";

/// The template that layouts extend. It shows nothing by itself, so it is no layout.
const FRAME: &str = "base.html";

/// The most bytes of a rendered page: a template that repeats itself without end stops here.
pub const MAX_PAGE_BYTES: usize = 64 << 20;

/// What a page is reckoned to have around its text, in bytes.
const FRAME_BYTES: usize = 16 << 10;

/// A template of the site.
#[derive(Clone, Debug)]
pub struct SiteTemplate {
    /// Its name relative to the site's `templates/`, such as `parts/footer.html`.
    pub name: String,
    /// Its file.
    pub source: Arc<Source>,
}

/// What pages in a layout are made with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Closure {
    /// The fields of `site` that the templates can show.
    fields: Fields,
    /// The templates, those of the site with their files.
    templates: BTreeMap<String, Option<Arc<Source>>>,
}

/// The templates, ready to show pages.
pub struct Theme {
    tera: Tera,
    language: Language,
    /// The site's templates by name.
    sources: BTreeMap<String, Arc<Source>>,
    /// What is wrong with those of them that can't be used; pages that need them get this.
    broken: BTreeMap<String, Diagnostic>,
    /// The posts as values.
    posts: Posts,
    /// The names that `layout` may have, each with what pages in it are made with.
    layouts: BTreeMap<String, Closure>,
}

impl Theme {
    /// The built-in templates with the site's own in their place. What is wrong with a template of
    /// the site is a diagnostic, and again the result of [`Theme::render`] for the pages that use
    /// it; other pages don't notice.
    pub fn new(overrides: &[SiteTemplate], site: &SiteView) -> Staged<Self> {
        let sources: BTreeMap<String, Arc<Source>> = overrides
            .iter()
            .map(|template| (template.name.clone(), Arc::clone(&template.source)))
            .collect();
        let built_in = embedded::templates();
        let names: BTreeSet<String> = built_in
            .iter()
            .map(|(name, _)| name)
            .chain(sources.keys())
            .filter(|name| !name.starts_with("parts/") && *name != FRAME)
            .filter_map(|name| name.strip_suffix(".html"))
            .map(str::to_owned)
            .collect();
        let mut loader = Loader::new(built_in, &sources);
        let (posts, value) = Posts::of_site(site, &Posts::default());
        let tera = loader.load(&empty(site, value));
        let layouts = names.into_iter().map(|name| {
            let closure = loader.closure(&name);
            (name, closure)
        });
        let layouts = layouts.collect();
        let Loader { broken, lacks, .. } = loader;
        let lacks = lacks.into_iter().filter(|(name, _)| !broken.contains_key(name));
        let mut remarks: Vec<Diagnostic> = lacks.map(|(_, remark)| remark).collect();
        remarks.extend(broken.values().cloned());
        let theme = Self { tera, language: site.language, sources, broken, posts, layouts };
        Staged::new(theme, remarks)
    }

    /// The same templates for another state of the site with the same configuration.
    pub fn renewed(&self, site: &SiteView) -> Self {
        let (posts, value) = Posts::of_site(site, &self.posts);
        let mut tera = self.tera.clone();
        tera.global_context().insert_value("site", value);
        Self {
            tera,
            language: self.language,
            sources: self.sources.clone(),
            broken: self.broken.clone(),
            posts,
            layouts: self.layouts.clone(),
        }
    }

    /// Whether there is a layout of that name.
    pub fn has(&self, layout: &str) -> bool {
        self.layouts.contains_key(layout)
    }

    /// The layouts, sorted.
    pub fn layouts(&self) -> impl Iterator<Item = &str> {
        self.layouts.keys().map(String::as_str)
    }

    /// The fields of `site` that a page in this layout can show.
    pub fn site_fields(&self, layout: &str) -> &Fields {
        self.closure(layout).map_or(&None, |closure| &closure.fields)
    }

    fn closure(&self, layout: &str) -> Option<&Closure> {
        let layout = if self.has(layout) { layout } else { FALLBACK_LAYOUT };
        self.layouts.get(layout)
    }

    /// Whether another theme makes the same page in this layout of the same values.
    pub fn is_same(&self, other: &Self, layout: &str) -> bool {
        let is_whole = self.broken.is_empty() && other.broken.is_empty();
        let same_closure = || is_whole && self.closure(layout) == other.closure(layout);
        self.sources == other.sources || same_closure()
    }

    /// What to say of a layout that doesn't exist, at the place where it is named. `liquid` are the
    /// layouts of the site's `_layouts`; `falls_back` is whether the page gets
    /// [`FALLBACK_LAYOUT`] in its place.
    pub fn unknown_layout<'n>(
        &'n self,
        layout: &str,
        place: Option<Place>,
        liquid: impl Iterator<Item = &'n str>,
        falls_back: bool,
    ) -> Diagnostic {
        let message = format!("there is no layout `{layout}`");
        let instead = if falls_back {
            format!("the page is shown with the layout `{FALLBACK_LAYOUT}`")
        } else {
            "the page is written without a layout, as in Jekyll".to_owned()
        };
        let mut liquid: Vec<&str> = liquid.collect();
        let folder = if liquid.is_empty() { "templates" } else { "_layouts" };
        let label = if falls_back {
            "not in `_layouts/` or `templates/`, and no layout of the theme"
        } else {
            "not in `_layouts/` or `templates/`"
        };
        let diagnostic =
            Diagnostic::new(UNKNOWN_LAYOUT, message).at(place).label(label).note(instead);
        if falls_back {
            liquid.extend(self.layouts());
        }
        match closest(layout, liquid) {
            Some(name) => diagnostic.hint(format!("did you mean `{name}`?")),
            None => diagnostic.hint(format!("add `{folder}/{layout}.html`")),
        }
    }

    /// A page in its layout, or in [`FALLBACK_LAYOUT`] when there is no layout of that name.
    ///
    /// # Errors
    /// What is wrong with the template, at its place in the site's file.
    pub fn render(&self, layout: &str, page: &PageView) -> Result<String, Box<Diagnostic>> {
        let layout = if self.has(layout) { layout } else { FALLBACK_LAYOUT };
        let mut context = Context::new();
        context.insert_value("page", overlay(&page.data, page));
        let language = Language::from_locale(&page.lang);
        if language != self.language && !page.lang.is_empty() {
            set_language(&mut context, language);
        }
        let name = format!("{layout}.html");
        let mut page_bytes = Bounded(Vec::with_capacity(page.content.len() * 2 + FRAME_BYTES));
        match self.tera.render_to(&name, &context, &mut page_bytes) {
            // A copy, as the buffer is larger than the page.
            Ok(()) => Ok(match std::str::from_utf8(&page_bytes.0) {
                Ok(html) => html.to_owned(),
                Err(_) => String::from_utf8_lossy(&page_bytes.0).into_owned(),
            }),
            Err(error) => Err(Box::new(self.failure(&name, page, &error))),
        }
    }

    /// What to say of an error while a page was shown.
    fn failure(&self, name: &str, page: &PageView, error: &tera::Error) -> Diagnostic {
        let diagnostic = match error.kind() {
            ErrorKind::RenderingError(report) => {
                if let Some(diagnostic) = self.broken.get(report.filename()) {
                    return diagnostic.clone();
                }
                problem::while_rendering(report, self.sources.get(report.filename()))
            }
            ErrorKind::Io(_) => {
                let place = self.sources.get(name).map(Place::start_of);
                let limit = MAX_PAGE_BYTES >> 20;
                Diagnostic::new(RENDERING, format!("template makes a page of over {limit} MiB"))
                    .at(place)
                    .hint("look for a loop that goes over more than it should")
            }
            _ => {
                let message = problem::plain_message(&error.to_string());
                Diagnostic::new(RENDERING, message).at(self.sources.get(name).map(Place::start_of))
            }
        };
        diagnostic.note(format!("while showing `{}`", page.url))
    }
}

/// A Tera with the filters and the site, and no template yet.
fn empty(site: &SiteView, value: Value) -> Tera {
    let mut tera = Tera::default();
    // The only error is that there are templates already.
    let _ = tera.set_fallback_prefixes([BUILT_IN]);
    tera.set_escape_fn(|text, out| out.write_all(escape::attribute(text).as_bytes()));
    filters::register(&mut tera, site);
    let context = tera.global_context();
    context.insert_value("site", value);
    set_language(context, site.language);
    tera
}

/// The words of a language, and its tag, by which filters know it.
fn set_language(context: &mut Context, language: Language) {
    context.insert("words", &words::words(language));
    context.insert(filters::LANGUAGE, language.tag());
}

/// An author's keys with the documented fields of a view laid over them.
fn overlay<T: Serialize>(keys: &crate::value::Map, view: &T) -> Value {
    let mut map: Map = keys
        .iter()
        .map(|(key, value)| (key.clone().into(), Value::from_serializable(&Plain(value))))
        .collect();
    if let Some(fields) = Value::from_serializable(view).into_map() {
        map.extend(fields);
    }
    Value::from(map)
}

/// Bytes up to [`MAX_PAGE_BYTES`].
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_PAGE_BYTES {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Puts templates together, and sets those of the site aside that don't fit.
struct Loader<'a> {
    built_in: Vec<(String, String)>,
    sources: &'a BTreeMap<String, Arc<Source>>,
    outlines: BTreeMap<String, Outline>,
    broken: BTreeMap<String, Diagnostic>,
    /// Templates without a block that others fill.
    lacks: Vec<(String, Diagnostic)>,
}

impl<'a> Loader<'a> {
    fn new(built_in: Vec<(String, String)>, sources: &'a BTreeMap<String, Arc<Source>>) -> Self {
        let built_in: Vec<(String, String)> =
            built_in.into_iter().map(|(name, text)| (format!("{BUILT_IN}{name}"), text)).collect();
        let mut outlines: BTreeMap<String, Outline> =
            built_in.iter().map(|(name, text)| (name.clone(), Outline::of(text))).collect();
        let own = sources.iter().map(|(name, source)| (name.clone(), Outline::of(source.text())));
        outlines.extend(own);
        Self { built_in, sources, outlines, broken: BTreeMap::new(), lacks: Vec::new() }
    }

    /// Every attempt that fails sets at least one more template of the site aside, so there are at
    /// most as many attempts as templates of the site, and one.
    fn load(&mut self, empty: &Tera) -> Tera {
        let hidden = self.hidden_blocks();
        for _ in 0..=self.sources.len() {
            let mut tera = empty.clone();
            let own = self.sources.iter().map(|(name, source)| {
                let text = match (self.broken.contains_key(name), hidden.get(name)) {
                    (true, _) => self.stand_in(),
                    (false, Some(blocks)) => {
                        format!("{}{}", source.text(), blocks_without_place(blocks.iter()))
                    }
                    (false, None) => source.text().to_owned(),
                };
                (name.clone(), text)
            });
            let templates: Vec<(String, String)> =
                self.built_in.iter().cloned().chain(own).collect();
            match tera.add_raw_templates(templates) {
                Ok(()) => return tera,
                Err(error) => self.set_aside(&error),
            }
        }
        empty.clone()
    }

    /// Finds the templates that an error speaks of.
    fn set_aside(&mut self, error: &tera::Error) {
        let found = problem::while_loading(error, self.sources, &self.outlines);
        let before = self.broken.len();
        for (name, diagnostic) in found {
            self.broken.entry(name).or_insert(diagnostic);
        }
        if self.broken.len() > before {
            return;
        }
        let message = problem::plain_message(&error.to_string());
        for (name, source) in self.sources {
            let diagnostic =
                Diagnostic::new(UNKNOWN_NAME, message.clone()).at(Place::start_of(source));
            self.broken.entry(name.clone()).or_insert(diagnostic);
        }
    }

    /// What stands in the place of a template that can't be used. It has every block there is, so
    /// that those who extend it can be loaded, and fails when it is reached.
    fn stand_in(&self) -> String {
        let blocks: BTreeSet<&String> =
            self.outlines.values().flat_map(|outline| &outline.blocks).collect();
        format!("{{{{ throw(message=\"\") }}}}{}", blocks_without_place(blocks.into_iter()))
    }

    /// For each of the site's templates: the blocks that it lacks and another one fills. Tera
    /// refuses the other one for that; with blocks that are never shown, the page just lacks the
    /// part, and a warning says so.
    fn hidden_blocks(&mut self) -> BTreeMap<String, BTreeSet<String>> {
        let mut hidden: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut lacks = Vec::new();
        for (child, outline) in &self.outlines {
            let (known, root) = self.ancestry(outline);
            let Some((root, source)) = root.and_then(|name| {
                let source = self.sources.get(&name)?;
                Some((name, source))
            }) else {
                continue;
            };
            for block in outline.outer_blocks.iter().filter(|block| !known.contains(block)) {
                if hidden.entry(root.clone()).or_default().insert(block.clone()) {
                    let filled_by = child.strip_prefix(BUILT_IN).unwrap_or(child);
                    let remark = problem::missing_block(source, block, filled_by);
                    lacks.push((root.clone(), remark));
                }
            }
        }
        self.lacks = lacks;
        hidden
    }

    /// The blocks of all templates that a template extends, and the last of these, unless the way
    /// there is broken.
    fn ancestry<'b>(&'b self, outline: &'b Outline) -> (BTreeSet<&'b String>, Option<String>) {
        let mut known = BTreeSet::new();
        let mut root = None;
        let mut next = outline.parent.as_ref();
        let mut steps = 0;
        while let Some((parent, _)) = next {
            let found = self.resolve(parent).and_then(|name| {
                let outline = self.outlines.get(&name)?;
                Some((name, outline))
            });
            let Some((name, outline)) = found else { return (known, None) };
            if steps > self.outlines.len() {
                return (known, None);
            }
            known.extend(&outline.blocks);
            next = outline.parent.as_ref();
            root = Some(name);
            steps += 1;
        }
        (known, root)
    }

    /// The templates in which components are defined.
    fn with_components(&self) -> Vec<String> {
        let own = self.sources.iter().map(|(name, source)| (name, source.text()));
        let built_in = self.built_in.iter().map(|(name, text)| (name, text.as_str()));
        let defines = |text: &str| text.contains("component ");
        let named = own.chain(built_in).filter(|(_, text)| defines(text));
        named.map(|(name, _)| name.clone()).collect()
    }

    /// A layout and all that it extends and includes.
    fn closure(&self, layout: &str) -> Closure {
        let mut closure = Closure { fields: Some(BTreeSet::new()), ..Closure::default() };
        // Any of them may use a component, which stands in any other.
        let mut next = self.with_components();
        next.push(format!("{layout}.html"));
        while let Some(name) = next.pop() {
            // One that isn't there fails, and what it says then is no field's business.
            let Some(name) = self.resolve(&name) else { continue };
            let source = self.sources.get(&name);
            if closure.templates.insert(name.clone(), source.cloned()).is_some() {
                continue;
            }
            let built_in = || self.built_in.iter().find(|(known, _)| *known == name);
            let text = match source {
                Some(source) => source.text(),
                None => built_in().map_or("", |(_, text)| text.as_str()),
            };
            let found = fields::of(text);
            closure.fields = closure.fields.zip(found).map(|(mut all, found)| {
                all.extend(found);
                all
            });
            let Some(outline) = self.outlines.get(&name) else { continue };
            next.extend(
                outline.parent.iter().chain(&outline.includes).map(|(name, _)| name.clone()),
            );
        }
        closure
    }

    /// The name under which a template is loaded, as Tera finds it.
    fn resolve(&self, name: &str) -> Option<String> {
        let built_in = format!("{BUILT_IN}{name}");
        [name.to_owned(), built_in].into_iter().find(|name| self.outlines.contains_key(name))
    }
}

/// Blocks that exist and are never shown.
fn blocks_without_place<'a>(blocks: impl Iterator<Item = &'a String>) -> String {
    let blocks: String =
        blocks.map(|name| format!("{{% block {name} %}}{{% endblock %}}")).collect();
    format!("{{% if false %}}{blocks}{{% endif %}}")
}
