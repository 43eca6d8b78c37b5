//! What Markdown asks of a page: the figures of its scenario blocks, its computed values, its code.

use super::PLACEHOLDER;
use crate::aws::catalogue::Catalogue;
use crate::diagnostic::{Diagnostic, Severity};
use crate::escape;
use crate::markdown;
use crate::pipeline::convert::SiteConverters;
use crate::pipeline::mistakes::MARK;
use crate::pipeline::simulate::{BlockOutcome, LANGUAGE};
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
            None => error_card(&block.errors, self.language),
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

/// The place of a block that has errors: what is wrong, in the page.
fn error_card(errors: &[Diagnostic], language: Language) -> String {
    let heading = match language {
        Language::Korean => "이 시나리오는 실행되지 않았다",
        Language::English => "This scenario was not run",
    };
    let mut html =
        format!("<figure class=\"scenario scenario--error\" role=\"alert\"><p>{heading}</p><ul>");
    for error in errors.iter().filter(|error| error.severity() == Severity::Error) {
        html.push_str("<li>");
        html.push_str(&escape::text(&error.message));
        html.push_str("</li>");
    }
    html.push_str("</ul></figure>\n");
    html
}
