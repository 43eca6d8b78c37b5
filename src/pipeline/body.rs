//! The render stage, first half: a document's text becomes its body as HTML. Scenario blocks give
//! way to their figures, Liquid runs, then Markdown.

mod again;
mod host;

use std::cell::Cell;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::claim::Claim;
use crate::content::{Content, Document, Kind, Plugin};
use crate::date::Moment;
use crate::diagnostic::{Diagnostic, Severity};
use crate::jekyll::reads::{Read, Recorder};
use crate::jekyll::scope::{Lists, PageScope, Rendered, SiteScope};
use crate::jekyll::templates::{self, Templates};
use crate::jekyll::{excerpt, layout};
use crate::markdown::{self, Heading};
use crate::output::cache::Cache;
use crate::pipeline::claims;
use crate::pipeline::convert::SiteConverters;
use crate::pipeline::generate::Additions;
use crate::pipeline::memory::{Changes, Made, Parts};
use crate::pipeline::mistakes::MARK;
use crate::pipeline::selection::Choice;
use crate::pipeline::simulate::{BlockOutcome, Fate, LANGUAGE, Simulated};
use crate::pipeline::values::printed::Printed;
use crate::pipeline::values::{self, Marks};
use crate::plugin::relative_links;
use crate::plugin::wiki_links::Names;
use crate::sass::Syntax;
use crate::scenario::Outcome;
use crate::site::Site;
use crate::site::links::Link;
use crate::span::{Mapped, Place};
use host::PageHost;

/// Stands before a block's number in its info string: a private-use character beside those of the
/// inline marks, so that no language an author writes is taken for a block.
const PLACEHOLDER: char = '\u{F0B20}';
/// How many documents are rendered or dressed at a time. A document may need the body of any before
/// it; those of earlier rounds are there, so that bodies needed on demand nest no deeper than a
/// round.
const ROUND: usize = 64;
/// How deep excerpts may show excerpts.
const MAX_EXCERPTS: usize = 4;

/// A document's body, before it gets its layout.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The HTML.
    pub html: Arc<str>,
    /// The map of a style sheet's CSS to its sources.
    pub source_map: Option<String>,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What it refers to.
    pub links: Vec<Link>,
    /// Its quantities that are bound to facts and measures.
    pub claims: Vec<Claim>,
    /// The computed values that it prints.
    pub printed: Vec<Printed>,
    /// The outcomes of its scenario blocks.
    pub outcomes: Vec<Arc<Outcome>>,
    /// Whether it has errors, so that it must not replace a good page.
    pub broken: bool,
    /// What is wrong with it, beyond what earlier stages said.
    pub diagnostics: Vec<Diagnostic>,
}

/// A document in its Liquid layouts.
#[derive(Clone, Debug, Default)]
pub struct Dressed {
    /// The HTML.
    pub html: Arc<str>,
    /// The layout that the outermost one names and that the site's `_layouts` don't have.
    pub missing_parent: Option<String>,
    /// Whether it has errors, those of its body among them.
    pub broken: bool,
    /// What is wrong with the layouts.
    pub diagnostics: Vec<Diagnostic>,
    /// The computed values that the layouts print.
    pub printed: Vec<Printed>,
}

/// Style sheets, scripts and data have no layout, as in Jekyll.
pub fn stands_alone(document: &Document) -> bool {
    let extension = document.name().rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "scss" | "sass" | "coffee" => true,
        "yml" | "yaml" => document.kind != Kind::Page,
        _ => false,
    }
}

fn is_html(document: &Document) -> bool {
    let path = document.output_path.as_deref().unwrap_or_default();
    [".html", ".htm", ".xhtml"].iter().any(|extension| path.ends_with(extension))
}

/// What rendering a body looks at besides its document.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The site's content.
    pub content: &'a Content,
    /// The index.
    pub site: &'a Site,
    /// The outcomes of all scenarios.
    pub simulated: &'a Simulated,
    /// For scenarios that are run when their values are asked for.
    pub cache: &'a Cache,
    /// What is judged.
    pub choice: &'a Choice,
    /// Layouts and includes.
    pub templates: &'a Templates,
    /// What plugins have added.
    pub additions: &'a Additions,
    /// Markdown, highlighting, style sheets.
    pub converters: &'a SiteConverters<'a>,
    /// Lists of documents for templates.
    pub lists: &'a Lists,
    /// What counts as now.
    pub now: &'a Moment,
    /// `jekyll.environment`.
    pub environment: &'a str,
}

impl<'a> Surroundings<'a> {
    /// The outcome of a scenario for the page of the document at a path. One that wasn't selected
    /// is run now if the page is judged.
    pub fn outcome(&self, id: &str, path: &str) -> Option<&'a Outcome> {
        if let Some(outcome) = self.simulated.outcomes.get(id) {
            return Some(outcome);
        }
        let dormant = self.simulated.dormant.get(id).filter(|_| self.choice.judges(path));
        dormant?.outcome(self.cache, &self.content.catalogue)
    }
}

/// The bodies and excerpts of all documents, rendered when they are first needed.
pub struct Bodies<'a> {
    around: Surroundings<'a>,
    past: Option<(&'a [Parts], &'a Changes<'a>)>,
    records: bool,
    /// The pages by name, where wiki links are on.
    names: Option<Names>,
    bodies: Vec<OnceLock<Made<Body>>>,
    excerpts: Vec<OnceLock<Made<str>>>,
    dressed: Vec<OnceLock<Made<Dressed>>>,
}

impl<'a> Bodies<'a> {
    /// All bodies, none of them rendered. With what was made in the last run, and what has changed
    /// since, they are taken over where they would come out the same; `records` is whether there
    /// will be a next run that wants to know what each has looked at.
    pub fn new(
        around: Surroundings<'a>,
        past: Option<(&'a [Parts], &'a Changes<'a>)>,
        records: bool,
    ) -> Self {
        let count = around.content.documents.len();
        let bodies = std::iter::repeat_with(OnceLock::new).take(count).collect();
        let excerpts = std::iter::repeat_with(OnceLock::new).take(count).collect();
        let dressed = std::iter::repeat_with(OnceLock::new).take(count).collect();
        let names = Names::of_site(&around.content.config, &around.content.documents);
        Self { around, past, records, names, bodies, excerpts, dressed }
    }

    /// A document in its Liquid layouts; `None` for one that asks for none of `_layouts`.
    pub fn dressed(&self, at: usize) -> Option<&Dressed> {
        let document = &self.around.content.documents[at];
        let layout = self.around.templates.layout(document.layout.name()?)?;
        if stands_alone(document) {
            return None;
        }
        let made = self.dressed[at]
            .get_or_init(|| self.dressed_before(at).unwrap_or_else(|| self.dress(at, layout)));
        Some(&made.value)
    }

    fn dress(&self, at: usize, layout: &templates::Layout) -> Made<Dressed> {
        let around = self.around;
        let body = self.get(at);
        let site = self.scope();
        let scope = PageScope::of_layout(&site, at);
        let marks = Marks::new(false);
        let options = values::options(around.content, around.now);
        let mode = values::error_mode(around.content);
        let path = around.content.documents[at].path();
        let more = || values::computed(around, path, &marks, &scope.reads);
        let dressed = layout::dress(&scope, body.html.to_string(), layout, mode, &options, &more);
        let is_error = |found: &Diagnostic| found.severity() == Severity::Error;
        let broken =
            body.broken || marks.is_incomplete() || dressed.diagnostics.iter().any(is_error);
        values::note_time(&options, &scope.reads);
        let dressed = Dressed {
            html: dressed.html.into(),
            missing_parent: dressed.missing_parent,
            broken,
            diagnostics: dressed.diagnostics,
            printed: marks.printed(&around.content.documents[at], None),
        };
        Made::new(dressed.into(), scope.reads.take())
    }

    /// Renders all bodies; gives what is wrong with them.
    pub fn render_all(&self) -> impl Iterator<Item = Diagnostic> {
        self.in_rounds(|at| {
            self.get(at);
        });
        (0..self.bodies.len()).flat_map(|at| self.get(at).diagnostics.iter().cloned())
    }

    /// Puts all documents into their Liquid layouts, which may show those of earlier documents.
    pub fn dress_all(&self) {
        self.in_rounds(|at| {
            self.dressed(at);
        });
    }

    fn in_rounds(&self, work: impl Fn(usize) + Sync) {
        for start in (0..self.bodies.len()).step_by(ROUND) {
            let end = (start + ROUND).min(self.bodies.len());
            (start..end).into_par_iter().for_each(&work);
        }
    }

    /// The body of a document. A body needs only bodies before it, so that no two threads wait for
    /// each other.
    pub fn get(&self, at: usize) -> &Body {
        let render = || self.body_before(at).unwrap_or_else(|| self.render(at));
        &self.bodies[at].get_or_init(render).value
    }

    /// What the pages of the site share.
    pub fn scope(&self) -> SiteScope<'_> {
        let around = self.around;
        SiteScope {
            content: around.content,
            index: around.site,
            templates: around.templates,
            rendered: self,
            converters: around.converters,
            generated: &around.additions.seen,
            now: around.now,
            environment: around.environment,
            lists: around.lists,
            records: self.records,
        }
    }

    /// What rendering looks at.
    pub fn surroundings(&self) -> Surroundings<'a> {
        self.around
    }

    /// The blocks of a document, or of the one whose text it shows.
    fn blocks(&self, at: usize) -> &'a [BlockOutcome] {
        let origin = self.around.additions.origins.get(&at).copied().unwrap_or(at);
        self.around.simulated.blocks.get(origin).map_or(&[], Vec::as_slice)
    }

    fn render(&self, at: usize) -> Made<Body> {
        if let Some(html) = self.around.additions.bodies.get(&at) {
            let body = Body { html: html.as_str().into(), ..Body::default() };
            return Made::new(body.into(), Vec::new());
        }
        let document = &self.around.content.documents[at];
        let blocks = self.blocks(at);
        let mut body = Body {
            outcomes: blocks.iter().filter_map(|block| block.outcome.clone()).collect(),
            broken: blocks.iter().any(|block| block.fate == Fate::Failed),
            ..Body::default()
        };
        let marks = Marks::new(document.is_markdown);
        let site = self.scope();
        let scope = PageScope::of_body(&site, at);
        let (text, wiki) = self.text(document, blocks, &scope.reads);
        let text = values::expand(&scope, text, self.around, &marks, &mut body.diagnostics);
        body.printed = marks.printed(document, Some(&text));
        if document.is_markdown {
            let bound = claims::bind(&text, document.path(), self.around, &marks, &scope.reads);
            self.convert(bound.text(), blocks, &marks, &mut body);
            body.claims = bound.judge(document.path(), &marks, &mut body.diagnostics);
        } else if Syntax::of_path(document.name()).is_some() {
            self.style(document, &text, &scope.reads, &mut body);
        } else {
            // Scripts and style sheets hold no links, whatever looks like one in them.
            if is_html(document) {
                body.links = located(markdown::html_links(text.text()), &text);
            }
            body.html = text.text().into();
        }
        body.broken |= marks.is_incomplete();
        body.broken |= body.diagnostics.iter().any(|found| found.severity() == Severity::Error);
        // A link that leads nowhere breaks no page.
        body.diagnostics.extend(wiki);
        Made::new(body.into(), scope.reads.take())
    }

    fn convert(&self, text: &Mapped, blocks: &[BlockOutcome], marks: &Marks, body: &mut Body) {
        let host = self.page_host(blocks, marks);
        let rendered = markdown::render(text.text(), self.around.converters.options(), &host);
        for (range, remark) in rendered.remarks {
            let place = text.locate(range);
            body.diagnostics.push(remark.at(place));
        }
        body.links = located(rendered.links, text);
        body.html = rendered.html.into();
        body.headings = rendered.headings;
    }

    /// The HTML of a Markdown document with a mark where a place of its text comes out: at the
    /// place itself, and at the end of its line; behind a scenario's figure for a place in its
    /// block.
    pub fn marked(&self, at: usize, place: &Place) -> Vec<String> {
        let document = &self.around.content.documents[at];
        if !document.is_markdown {
            return Vec::new();
        }
        let offset = place.range().start;
        let blocks = self.blocks(at);
        let marks = Marks::new(true);
        let site = self.scope();
        let scope = PageScope::of_body(&site, at);
        let (text, _) = self.text(document, blocks, &scope.reads);
        let text = values::expand(&scope, text, self.around, &marks, &mut Vec::new());
        let text =
            claims::bind(&text, document.path(), self.around, &marks, &scope.reads).into_text();
        let render = |text: &str, block: Option<usize>| {
            let host = PageHost { marked: block, ..self.page_host(blocks, &marks) };
            markdown::render(text, self.around.converters.options(), &host).html
        };
        let block =
            blocks.iter().position(|block| (block.info.start..=block.body.end).contains(&offset));
        if block.is_some() {
            return vec![render(text.text(), block)];
        }
        let Some(found) = text.find(&document.source, offset) else { return Vec::new() };
        let text = text.text();
        let line_end = text[found..].find('\n').map_or(text.len(), |length| found + length);
        [found, line_end]
            .map(|at| render(&format!("{}{MARK}{}", &text[..at], &text[at..]), None))
            .into()
    }

    /// The text that is to be rendered, and what is wrong with its wiki links.
    fn text(
        &self,
        document: &Document,
        blocks: &[BlockOutcome],
        reads: &Recorder,
    ) -> (Mapped, Vec<Diagnostic>) {
        let text = self.relinked(document, blocks, reads);
        match &self.names {
            Some(names) if document.is_markdown && text.text().contains("[[") => {
                // Any page may get the name that a link uses.
                reads.note(Read::Documents);
                names.expand(&text, &self.scope().view())
            }
            _ => (text, Vec::new()),
        }
    }

    fn relinked(&self, document: &Document, blocks: &[BlockOutcome], reads: &Recorder) -> Mapped {
        let text = without_scenarios(document, blocks);
        let Surroundings { content, lists, .. } = self.around;
        let relinks = content.config.uses(Plugin::RelativeLinks)
            && relative_links::applies(document, &content.config);
        if !relinks {
            return text;
        }
        let url_of = |path: &str| {
            reads.note_with(|| Read::Link(path.to_owned()));
            lists.urls.get(path).cloned()
        };
        relative_links::relink(&text, document.path(), &url_of, &self.scope().view())
    }

    fn page_host<'h>(&'h self, blocks: &'h [BlockOutcome], marks: &'h Marks) -> PageHost<'h> {
        let language = self.around.content.config.language;
        let catalogue = &self.around.content.catalogue;
        let converters = self.around.converters;
        PageHost { blocks, converters, marks, language, catalogue, marked: None }
    }

    fn style(&self, document: &Document, text: &Mapped, reads: &Recorder, body: &mut Body) {
        match self.around.converters.sheet(document.path(), text, reads) {
            Ok(compiled) => {
                body.html = compiled.css.into();
                body.source_map = compiled.map;
                body.diagnostics.extend(compiled.warnings);
            }
            Err(diagnostic) => body.diagnostics.push(*diagnostic),
        }
    }

    /// The excerpt as HTML. What is wrong in it is wrong in the body, too, and said there.
    fn render_excerpt(&self, at: usize) -> Made<str> {
        let document = &self.around.content.documents[at];
        let blocks = self.blocks(at);
        let site = self.scope();
        let scope = PageScope::of_excerpt(&site, at);
        let (text, _) = self.text(document, blocks, &scope.reads);
        let text = excerpt::extract(&text, &document.excerpt_separator);
        let marks = Marks::new(document.is_markdown);
        let text = values::expand(&scope, text, self.around, &marks, &mut Vec::new());
        if !document.is_markdown {
            return Made::new(text.text().into(), scope.reads.take());
        }
        let text =
            claims::bind(&text, document.path(), self.around, &marks, &scope.reads).into_text();
        let host = self.page_host(blocks, &marks);
        let html = markdown::render(text.text(), self.around.converters.options(), &host).html;
        Made::new(html.into(), scope.reads.take())
    }
}

thread_local! {
    /// How many excerpts this thread is rendering inside each other.
    static NESTED: Cell<usize> = const { Cell::new(0) };
}

impl Rendered for Bodies<'_> {
    fn body(&self, index: usize) -> &str {
        &self.get(index).html
    }

    fn output(&self, index: usize) -> &str {
        self.dressed(index).map_or_else(|| self.body(index), |dressed| &dressed.html)
    }

    /// An excerpt that another excerpt shows is made for that one alone, so that two that show each
    /// other are the same whichever is asked for first.
    fn excerpt(&self, index: usize) -> std::borrow::Cow<'_, str> {
        let depth = NESTED.get();
        if depth >= MAX_EXCERPTS {
            return "".into();
        }
        if depth == 0
            && let Some(excerpt) = self.excerpts[index].get()
        {
            return (&*excerpt.value).into();
        }
        let before = self.excerpt_before(index).filter(|_| depth == 0);
        let excerpt = before.unwrap_or_else(|| {
            NESTED.set(depth + 1);
            let excerpt = self.render_excerpt(index);
            NESTED.set(depth);
            excerpt
        });
        if depth == 0 {
            return (&*self.excerpts[index].get_or_init(|| excerpt).value).into();
        }
        excerpt.value.to_string().into()
    }
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
