//! What surrounds the Liquid of a page: Jekyll's filters and tags.

use super::filters::{self, Expressions, FilterSite};
use super::scope::PageScope;
use super::tag;
use crate::liquid::{Arguments, Context, CustomTag, Host, Mode, Outcome, Text, Val};
use crate::markdown::mark;
use crate::plugin::toc;

/// The names of the filters that plugins add.
const OF_PLUGINS: [&str; 3] = ["inject_anchors", "toc", "toc_only"];

/// The surroundings of one rendering.
pub struct JekyllHost<'s, 'a> {
    /// What the page sees.
    pub scope: &'s PageScope<'a>,
    expressions: Expressions<'s>,
    names: Vec<&'static str>,
}

impl<'s, 'a: 's> JekyllHost<'s, 'a> {
    /// The surroundings for a page. `mode` is the site's error mode.
    pub fn new(scope: &'s PageScope<'a>, mode: Mode) -> Self {
        let names = filters::NAMES.into_iter().chain(OF_PLUGINS).collect();
        Self { scope, expressions: scope.expressions(mode), names }
    }

    fn of_plugin(&self, name: &str, input: &Val<'s>) -> Option<Val<'s>> {
        if !OF_PLUGINS.contains(&name) {
            return None;
        }
        let html = input.to_text();
        let config = &self.scope.site.content.config.values;
        if !toc::is_wanted(&self.scope.document().data, false) {
            return Some(input.clone());
        }
        Some(Val::text(match name {
            "toc" => toc::toc(&html, config),
            "toc_only" => toc::toc_only(&html, config),
            _ => toc::inject_anchors(&html, config),
        }))
    }
}

impl<'s> Host<'s> for JekyllHost<'s, '_> {
    fn filter(
        &self,
        name: &str,
        input: &Val<'s>,
        arguments: &Arguments<'s>,
        context: &mut Context<'_, 's>,
    ) -> Option<Outcome<Val<'s>>> {
        if let Some(value) = self.of_plugin(name, input) {
            return Some(Ok(value));
        }
        filters::apply(name, input, arguments, context, self)
    }

    fn filters(&self) -> &[&str] {
        &self.names
    }

    fn tag(&self, tag: &'s CustomTag, context: &mut Context<'_, 's>) -> Outcome<()> {
        tag::render(self, tag, context)
    }

    fn visible(&self, text: Text<'s>) -> Text<'s> {
        if text.chars().any(mark::is_mark) { mark::strip(&text).into() } else { text }
    }
}

impl<'s> FilterSite<'s> for JekyllHost<'s, '_> {
    fn url(&self) -> &str {
        self.text_of("url")
    }

    fn baseurl(&self) -> &str {
        self.text_of("baseurl")
    }

    fn markdownify(&self, text: &str) -> Outcome<String> {
        Ok(self.scope.site.converters.markdownify(text))
    }

    fn smartify(&self, text: &str) -> Outcome<String> {
        Ok(self.scope.site.converters.smartify(text))
    }

    fn scssify(&self, text: &str) -> Outcome<String> {
        self.scope.site.converters.style(text, false, &self.scope.reads)
    }

    fn sassify(&self, text: &str) -> Outcome<String> {
        self.scope.site.converters.style(text, true, &self.scope.reads)
    }

    fn expressions(&self) -> &Expressions<'s> {
        &self.expressions
    }
}

impl JekyllHost<'_, '_> {
    fn text_of(&self, key: &str) -> &str {
        let value = self.scope.site.content.config.get(key);
        value.and_then(|value| value.as_str()).unwrap_or_default()
    }
}
