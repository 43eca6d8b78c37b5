//! What Markdown asks of a page: the figures of its scenario blocks, its computed values, its code.

use super::PLACEHOLDER;
use crate::aws::catalogue::Catalogue;
use crate::escape;
use crate::markdown;
use crate::pipeline::card;
use crate::pipeline::convert::SiteConverters;
use crate::pipeline::mistakes::MARK;
use crate::pipeline::simulate::{BlockOutcome, Fate, LANGUAGE};
use crate::pipeline::values::Marks;
use crate::quantity::Language;
use crate::scenario::view::facts::Facts;
use crate::scenario::view::{self, CardContext};

/// What Markdown asks of the page.
pub struct PageHost<'a> {
    /// The document's blocks.
    pub blocks: &'a [BlockOutcome],
    /// What highlights code.
    pub converters: &'a SiteConverters<'a>,
    /// The computed values.
    pub marks: &'a Marks,
    /// The language of captions.
    pub language: Language,
    /// The facts of AWS as the site has them.
    pub catalogue: &'a Catalogue,
    /// The block behind whose figure a mark is put.
    pub marked: Option<usize>,
}

impl markdown::Host for PageHost<'_> {
    fn code_block(&self, language: &str, _code: &str) -> Option<String> {
        let number = language.strip_prefix(LANGUAGE)?.strip_prefix(PLACEHOLDER)?;
        let number = number.parse::<usize>().ok()?;
        let block = self.blocks.get(number)?;
        let mut html = match &block.outcome {
            Some(outcome) => {
                let yaml = self.highlight("yaml", &block.yaml);
                let yaml = yaml.unwrap_or_else(|| escape::text(&block.yaml).into_owned());
                let yaml = format!(
                    "<div class=\"language-yaml highlighter-rouge\"><div class=\"highlight\">\
                     <pre class=\"highlight\"><code>{yaml}</code></pre></div></div>"
                );
                let context = CardContext { language: self.language, yaml_html: &yaml };
                view::card_from(outcome, &Facts::of(outcome), self.catalogue, context)
            }
            None if block.fate == Fate::Failed => card::errors(&block.errors, self.language),
            None => card::empty(block.id.as_deref().unwrap_or_default()),
        };
        if self.marked == Some(number) {
            html.push(MARK);
        }
        Some(html)
    }

    fn mark(&self, index: usize) -> Option<(String, String)> {
        self.marks.html(index)
    }

    fn highlight(&self, language: &str, code: &str) -> Option<String> {
        self.converters.highlighted(language, code)
    }
}
