//! The render stage, first half: a document's text becomes its body as HTML. Scenario blocks give
//! way to their figures, Liquid runs, then Markdown.

use std::sync::Arc;

use crate::content::{Content, Document};
use crate::diagnostic::{Diagnostic, Severity};
use crate::escape;
use crate::markdown::{self, Heading};
use crate::output::cache::{self, Cache};
use crate::pipeline::simulate::{BlockOutcome, LANGUAGE, Simulated};
use crate::pipeline::values::{self, Marks};
use crate::quantity::Language;
use crate::scenario::Outcome;
use crate::scenario::view::{self, CardContext};
use crate::site::links::Link;
use crate::span::{Mapped, Place};

/// Stands before a block's number in its info string: a private-use character beside those of the
/// inline marks, so that no language an author writes is taken for a block.
const PLACEHOLDER: char = '\u{F0B20}';

/// A document's body, before it gets its layout.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What it refers to.
    pub links: Vec<Link>,
    /// The outcomes of its scenario blocks.
    pub outcomes: Vec<Arc<Outcome>>,
    /// Whether it has errors, so that it must not replace a good page.
    pub broken: bool,
    /// What is wrong with it, beyond what earlier stages said.
    pub diagnostics: Vec<Diagnostic>,
}

/// What rendering a body looks at besides its document.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The site's content.
    pub content: &'a Content,
    /// The outcomes of all scenarios.
    pub simulated: &'a Simulated,
    /// Highlighted code by content.
    pub cache: &'a Cache,
}

/// Renders the body of a document with its scenario blocks.
pub fn render(document: &Document, blocks: &[BlockOutcome], around: Surroundings<'_>) -> Body {
    let mut body = Body {
        outcomes: blocks.iter().filter_map(|block| block.outcome.clone()).collect(),
        broken: blocks.iter().any(|block| block.outcome.is_none()),
        ..Body::default()
    };
    let marks = Marks::new(document.is_markdown);
    let text = without_scenarios(document, blocks);
    let text = values::expand(document, text, around, &marks, &mut body.diagnostics);
    if document.is_markdown {
        convert(&text, blocks, around, &marks, &mut body);
    } else {
        body.links = located(markdown::html_links(text.text()), &text);
        body.html = text.text().to_owned();
    }
    body.broken |= marks.is_incomplete();
    body.broken |= body.diagnostics.iter().any(|found| found.severity() == Severity::Error);
    body
}

/// The document's text with every scenario block emptied and its info string numbered, so that
/// neither Liquid nor Markdown ever sees the YAML.
fn without_scenarios(document: &Document, blocks: &[BlockOutcome]) -> Mapped {
    let source = &document.source;
    let mut text = Mapped::new();
    let mut at = document.body.start;
    for (number, block) in blocks.iter().enumerate() {
        text.push_source(source, at..block.info.start);
        let place = Place::new(source, block.info.clone());
        text.push_derived(&format!("{LANGUAGE}{PLACEHOLDER}{number}"), &place);
        text.push_source(source, block.info.end..block.body.start);
        at = block.body.end;
    }
    text.push_source(source, at..document.body.end);
    text
}

fn convert(
    text: &Mapped,
    blocks: &[BlockOutcome],
    around: Surroundings<'_>,
    marks: &Marks,
    body: &mut Body,
) {
    let language = around.content.config.language;
    let host = PageHost { blocks, cache: around.cache, marks, language };
    let rendered = markdown::render(text.text(), &markdown_options(around.content), &host);
    for (range, remark) in rendered.remarks {
        let place = text.locate(range);
        body.diagnostics.push(remark.at(place));
    }
    body.links = located(rendered.links, text);
    body.html = rendered.html;
    body.headings = rendered.headings;
}

/// Links with their places in the author's file. A destination with a gap where a value should be
/// has been reported already.
fn located(links: Vec<markdown::LinkUse>, text: &Mapped) -> Vec<Link> {
    links
        .into_iter()
        .filter(|link| !link.destination.contains(values::NO_VALUE))
        .map(|link| Link {
            place: text.locate(link.range),
            destination: link.destination,
            kind: link.kind,
            alt_missing: link.alt_missing,
        })
        .collect()
}

/// kramdown's options from the configuration.
pub fn markdown_options(content: &Content) -> markdown::Options {
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

/// What Markdown asks of the page.
struct PageHost<'a> {
    blocks: &'a [BlockOutcome],
    cache: &'a Cache,
    marks: &'a Marks,
    language: Language,
}

impl markdown::Host for PageHost<'_> {
    fn code_block(&self, language: &str, _code: &str) -> Option<String> {
        let number = language.strip_prefix(LANGUAGE)?.strip_prefix(PLACEHOLDER)?;
        let block = self.blocks.get(number.parse::<usize>().ok()?)?;
        Some(match &block.outcome {
            Some(outcome) => {
                let yaml = self.highlight("yaml", &block.yaml);
                let yaml = yaml.unwrap_or_else(|| escape::text(&block.yaml).into_owned());
                let yaml = format!(
                    "<div class=\"language-yaml highlighter-rouge\"><div class=\"highlight\">\
                     <pre class=\"highlight\"><code>{yaml}</code></pre></div></div>"
                );
                view::card(outcome, CardContext { language: self.language, yaml_html: &yaml })
            }
            None => error_card(&block.errors, self.language),
        })
    }

    fn mark(&self, index: usize) -> Option<(String, String)> {
        self.marks.html(index)
    }

    fn highlight(&self, language: &str, code: &str) -> Option<String> {
        let key = cache::key("highlight", &[language.as_bytes(), code.as_bytes()]);
        if let Some(cached) = self.cache.get(&key) {
            return String::from_utf8(cached).ok();
        }
        let html = markdown::highlight::highlight(language, code)?;
        self.cache.put(key, html.clone().into_bytes());
        Some(html)
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
