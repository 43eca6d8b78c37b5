//! The site's converters: Markdown, highlighted code, style sheets.

use crate::content::Content;
use crate::jekyll::scope::Converters;
use crate::liquid::{Outcome, Problem};
use crate::output::cache::{self, Cache};
use crate::{markdown, plugin};

/// The converters as the configuration sets them.
pub struct SiteConverters<'a> {
    cache: &'a Cache,
    options: markdown::Options,
}

impl<'a> SiteConverters<'a> {
    /// The converters of a site; what they highlight is kept in the cache.
    pub fn new(content: &Content, cache: &'a Cache) -> Self {
        Self { cache, options: markdown_options(content) }
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

/// kramdown's options from the configuration.
fn markdown_options(content: &Content) -> markdown::Options {
    let mut options = markdown::Options::default();
    let Some(kramdown) = content.config.get("kramdown") else { return options };
    if let Some(hard_wrap) = kramdown.get("hard_wrap").and_then(|value| value.as_bool()) {
        options.hard_wrap = hard_wrap;
    }
    if let Some(auto_ids) = kramdown.get("auto_ids").and_then(|value| value.as_bool()) {
        options.auto_ids = auto_ids;
    }
    if let Some(prefix) = kramdown.get("auto_id_prefix").and_then(|value| value.as_str()) {
        prefix.clone_into(&mut options.auto_id_prefix);
    }
    options
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

    fn style(&self, _text: &str, _indented: bool) -> Outcome<String> {
        Err(Problem::render("style sheets can't be converted"))
    }
}
