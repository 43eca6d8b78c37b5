//! The layouts and includes of a site, each parsed at most once and shared between threads.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::reads::Read;
use crate::content::front_matter::{self, FrontMatter};
use crate::content::{Config, Content};
use crate::diagnostic::{Diagnostic, Staged};
use crate::liquid::{Dialect, Template};
use crate::span::{Mapped, Source};
use crate::value::Map;

/// A text that is parsed when it is first used.
#[derive(Debug)]
pub struct Partial {
    text: Mapped,
    parsed: OnceLock<Staged<Template>>,
}

impl Partial {
    fn new(text: Mapped) -> Self {
        Self { text, parsed: OnceLock::new() }
    }
}

/// A layout: a template with front matter, which names the layout around it.
#[derive(Debug)]
pub struct Layout {
    /// Its name: the path below `_layouts` without its extension.
    pub name: String,
    /// The file.
    pub source: Arc<Source>,
    /// Its front matter, which templates see as `layout`.
    pub data: Map,
    /// The same as written, with places.
    pub front_matter: FrontMatter,
    partial: Partial,
}

impl Layout {
    /// The name of the layout around this one.
    pub fn parent(&self) -> Option<&str> {
        self.data.get("layout")?.as_str()
    }
}

/// All layouts and includes of a site.
#[derive(Debug)]
pub struct Templates {
    dialect: Dialect,
    layouts: BTreeMap<String, Layout>,
    includes: BTreeMap<String, Partial>,
}

impl Templates {
    /// Finds the layouts and includes among the theme's files. What is wrong with the front matter
    /// of a layout is reported; the templates themselves are parsed when pages use them.
    pub fn new(content: &Content, dialect: Dialect) -> Staged<Self> {
        let config = &content.config;
        let mut diagnostics = Vec::new();
        let mut layouts = BTreeMap::new();
        let mut includes = BTreeMap::new();
        for source in &content.theme {
            if let Some(name) = below(source.path(), &config.layouts_dir) {
                // A file without an extension is no layout.
                if !name.contains('.') {
                    continue;
                }
                if let Some(layout) = layout(source, name, config).collect_into(&mut diagnostics) {
                    layouts.insert(layout.name.clone(), layout);
                }
            } else if let Some(name) = below(source.path(), &config.includes_dir) {
                let text = Mapped::from_source(source, 0..source.text().len());
                includes.insert(name.to_owned(), Partial::new(text));
            }
        }
        Staged::new(Self { dialect, layouts, includes }, diagnostics)
    }

    /// The language of the site's templates.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// A layout by its name: the path below `_layouts` without its extension.
    pub fn layout(&self, name: &str) -> Option<&Layout> {
        self.layouts.get(name)
    }

    /// The names of all layouts.
    pub fn layouts(&self) -> impl Iterator<Item = &str> {
        self.layouts.keys().map(String::as_str)
    }

    /// The template of a layout.
    pub fn layout_template<'t>(&'t self, layout: &'t Layout) -> &'t Template {
        self.parsed(&layout.partial)
    }

    /// The template of an include by its path below `_includes`.
    pub fn include(&self, path: &str) -> Option<&Template> {
        self.includes.get(path.trim_start_matches('/')).map(|partial| self.parsed(partial))
    }

    /// The paths of all includes.
    pub fn includes(&self) -> impl Iterator<Item = &str> {
        self.includes.keys().map(String::as_str)
    }

    fn parsed<'t>(&'t self, partial: &'t Partial) -> &'t Template {
        &partial.parsed.get_or_init(|| Template::parse(&partial.text, &self.dialect)).value
    }

    /// The templates that pages have used and that have something wrong with them.
    pub fn faulty(&self) -> Vec<Read> {
        let is_faulty = |partial: &Partial| {
            partial.parsed.get().is_some_and(|parsed| !parsed.diagnostics.is_empty())
        };
        let layouts = self.layouts.iter().filter(|(_, layout)| is_faulty(&layout.partial));
        let includes = self.includes.iter().filter(|(_, partial)| is_faulty(partial));
        let layouts = layouts.map(|(name, _)| Read::Layout(name.clone()));
        layouts.chain(includes.map(|(path, _)| Read::Include(path.clone()))).collect()
    }

    /// What is wrong with the templates that pages have used.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let layouts = self.layouts.values().map(|layout| &layout.partial);
        let partials = layouts.chain(self.includes.values());
        let used = partials.filter_map(|partial| partial.parsed.get());
        used.flat_map(|staged| &staged.diagnostics).cloned().collect()
    }
}

/// The rest of a path below a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

fn layout(source: &Arc<Source>, name: &str, config: &Config) -> Staged<Option<Layout>> {
    let mut diagnostics = Vec::new();
    let parsed = match front_matter::parse(source) {
        Ok(parsed) => parsed.collect_into(&mut diagnostics),
        Err(diagnostic) => return Staged::new(None, vec![*diagnostic]),
    };
    let data = crate::content::config::localize_map(
        parsed.front_matter.mapping.to_map(),
        &config.timezone,
    );
    let partial = Partial::new(Mapped::from_source(source, parsed.body));
    let front_matter = parsed.front_matter;
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let layout = Layout { name, source: Arc::clone(source), data, front_matter, partial };
    Staged::new(Some(layout), diagnostics)
}
