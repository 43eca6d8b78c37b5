//! The site's converters: Markdown, highlighted code, style sheets.

mod options;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::content::Content;
use crate::content::discover::reader::Reader;
use crate::diagnostic::Diagnostic;
use crate::jekyll::reads::{Read, Recorder};
use crate::jekyll::scope::Converters;
use crate::liquid::{Outcome, Problem};
use crate::output::cache::{self, Cache};
use crate::sass::{self, Compiled, Sheet, Syntax};
use crate::span::{Mapped, Source};
use crate::{markdown, plugin};

/// The converters as the configuration sets them.
pub struct SiteConverters<'a> {
    cache: &'a Cache,
    options: markdown::Options,
    settings: sass::Settings,
    folders: Vec<String>,
    source_maps: bool,
    sheets: SheetFiles,
}

/// The files that style sheets may import.
struct SheetFiles {
    theme: Vec<Arc<Source>>,
    reader: Reader,
}

impl sass::Files for SheetFiles {
    fn source(&self, path: &str) -> Option<Arc<Source>> {
        let at = self.theme.binary_search_by(|source| source.path().cmp(path));
        match at.ok().and_then(|at| self.theme.get(at)) {
            Some(source) => Some(Arc::clone(source)),
            None => self.reader.read(path).ok(),
        }
    }
}

/// The same, noting which were asked for, found or not. A sheet is compiled on a thread of its own.
struct HeardFiles<'s> {
    sheets: &'s SheetFiles,
    asked: Mutex<BTreeSet<String>>,
}

impl sass::Files for HeardFiles<'_> {
    fn source(&self, path: &str) -> Option<Arc<Source>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(path.to_owned());
        drop(asked);
        self.sheets.source(path)
    }
}

impl<'a> SiteConverters<'a> {
    /// The converters of a site; what they highlight is kept in the cache.
    pub fn new(
        content: &Content,
        cache: &'a Cache,
        environment: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let config = &content.config;
        let settings = sass::Settings::read(config.get("sass").and_then(|sass| sass.as_map()));
        let folders = settings.folders(&config.sass_dir, None);
        let source_maps = settings.wants_source_map(environment);
        let sheets = SheetFiles { theme: content.theme.clone(), reader: content.files.clone() };
        let options = options::read(config).collect_into(diagnostics);
        Self { cache, options, settings, folders, source_maps, sheets }
    }

    /// A style sheet as CSS.
    ///
    /// # Errors
    /// What is wrong with it, at the author's place.
    pub fn sheet(
        &self,
        path: &str,
        text: &Mapped,
        reads: &Recorder,
    ) -> Result<Compiled, Box<Diagnostic>> {
        let syntax = Syntax::of_path(path).unwrap_or(Syntax::Scss);
        self.compile(path, text, syntax, (self.source_maps, reads))
    }

    fn compile(
        &self,
        path: &str,
        text: &Mapped,
        syntax: Syntax,
        (source_map, reads): (bool, &Recorder),
    ) -> Result<Compiled, Box<Diagnostic>> {
        let load_paths = &self.folders;
        let style = self.settings.style;
        let sheet = Sheet { path, text, syntax, style, load_paths, source_map };
        let files = HeardFiles { sheets: &self.sheets, asked: Mutex::default() };
        let compiled = sass::compile(&sheet, &files);
        let asked = files.asked.into_inner().unwrap_or_else(PoisonError::into_inner);
        asked.into_iter().for_each(|path| reads.note(Read::File(path)));
        compiled
    }

    /// kramdown's options.
    pub fn options(&self) -> &markdown::Options {
        &self.options
    }

    /// Code with its tokens marked, from the cache where it has been marked before.
    pub fn highlighted(&self, language: &str, code: &str) -> Option<String> {
        let key = cache::key("highlight", &[language.as_bytes(), code.as_bytes()]);
        if let Some(cached) = self.cache.get(&key) {
            return String::from_utf8(cached).ok();
        }
        let html = markdown::highlight::highlight(language, code)?;
        self.cache.put(key, html.clone().into_bytes());
        Some(html)
    }
}

/// What Markdown asks for where it stands in no page.
struct Loose<'c, 'a>(&'c SiteConverters<'a>);

impl markdown::Host for Loose<'_, '_> {
    fn highlight(&self, language: &str, code: &str) -> Option<String> {
        self.0.highlighted(language, code)
    }
}

impl plugin::Filters for SiteConverters<'_> {
    fn markdownify(&self, text: &str) -> String {
        markdown::render(text, &self.options, &Loose(self)).html
    }

    fn smartify(&self, text: &str) -> String {
        markdown::smartify(text)
    }
}

impl Converters for SiteConverters<'_> {
    fn highlight(&self, language: &str, code: &str) -> Option<String> {
        self.highlighted(language, code)
    }

    fn style(&self, text: &str, indented: bool, reads: &Recorder) -> Outcome<String> {
        let syntax = if indented { Syntax::Sass } else { Syntax::Scss };
        let source = Mapped::from_source(&Source::new("stdin", text), 0..text.len());
        let compiled = self.compile("stdin", &source, syntax, (false, reads));
        compiled.map(|compiled| compiled.css).map_err(|found| {
            let mut problem = Problem::render(found.message);
            if let Some(place) = &found.place {
                let (line, column) = place.line_column();
                let path = place.source().path();
                problem.notes.push(format!("in `{path}`, line {line}, column {column}"));
            }
            problem.hints = found.hints;
            problem
        })
    }
}
