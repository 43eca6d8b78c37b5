//! The stages in their order: the only file that knows it.
//!
//! discover → read → simulate → index → generate → render → dress → derive; the commands settle
//! what comes out.

pub mod body;
pub mod card;
pub mod claims;
pub mod convert;
pub mod derive;
pub mod dormant;
pub mod dress;
pub mod generate;
pub mod index;
pub mod memory;
pub mod mistakes;
pub mod said;
pub mod selection;
pub mod simulate;
pub mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::aws::catalogue::Catalogue;
use crate::claim::Claim;
use crate::content::{self, Content, discover};
use crate::date::Moment;
use crate::diagnostic::{Diagnostic, Severity};
use crate::jekyll::tag;
use crate::jekyll::templates::Templates;
use crate::output::cache::Cache;
use crate::output::{Entry, Output};
use crate::scenario::Outcome;
use crate::site::Archive;
use body::{Bodies, Surroundings};
use convert::SiteConverters;
use index::Index;
use memory::{Changes, MadePages, Memory, Past};
use mistakes::Mistake;
use said::{fails, judge, sort};
use selection::{Choice, Selection};
use simulate::{BlockOutcome, Clock, Fate, ScenarioPlace, Simulated};
use values::printed::Printed;

/// The stages, for those who want to know how long each takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Walking and reading the source folder.
    Discover,
    /// Front matter, dates, URLs.
    Read,
    /// Running scenarios.
    Simulate,
    /// Sorting posts, categories and tags, and the pages that plugins add.
    Index,
    /// Liquid and Markdown.
    Render,
    /// Layouts.
    Dress,
    /// Feed, sitemap, links.
    Derive,
}

/// What a run of the pipeline needs besides the source folder.
pub struct Request<'a> {
    /// What the command asks for.
    pub options: &'a content::Options,
    /// Where the disk cache lives; it is opened by the caller once the site's folder is known.
    pub cache: &'a Cache,
    /// What counts as now: for posts in the future, and for templates that print it.
    pub now: &'a Moment,
    /// `jekyll.environment`: `development` or `production`, as a rule.
    pub environment: &'a str,
    /// What earlier runs with the same options remember, for who runs again and again.
    pub memory: Option<&'a Memory>,
    /// Whether quantities of the prose that nobody bound are compared with the catalogue. That
    /// costs time, and only a check asks for it.
    pub judges_prose: bool,
    /// What is judged. What isn't can't be settled: its scenarios have no figures.
    pub selection: &'a Selection,
    /// For the time that each scenario takes.
    pub clock: Clock<'a>,
}

/// What the pipeline makes of a site.
#[derive(Debug)]
pub struct Built {
    /// The site.
    pub output: Output,
    /// Where it goes.
    pub destination: PathBuf,
    /// What is kept there.
    pub keep_files: Vec<String>,
    /// Where in pages with errors each of them stands, by the pages' paths in the output.
    pub mistakes: BTreeMap<String, Vec<Mistake>>,
    /// The path under which the site is served, as the configuration or the command has it.
    pub baseurl: String,
    /// Everything that was wrong, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// The outcomes by id.
    pub outcomes: BTreeMap<String, Arc<Outcome>>,
    /// The scenarios without an outcome, with what is wrong in their blocks.
    pub failed: BTreeMap<String, Vec<Diagnostic>>,
    /// The quantities of the prose that speak of facts and measures, by file and place; each once,
    /// though more pages may show it.
    pub claims: Vec<Claim>,
    /// The scenario blocks in the order of the documents and of their text.
    pub blocks: Vec<BlockOutcome>,
    /// Whether the first error ended the run, so that there is no output.
    pub stopped: bool,
    /// Where the scenarios with an outcome stand.
    pub places: BTreeMap<String, ScenarioPlace>,
    /// The computed values that pages print.
    pub printed: Vec<Printed>,
    /// The facts of AWS as the site has them.
    pub catalogue: Arc<Catalogue>,
    /// The URLs of the documents with scenarios or computed values, by their files.
    pub urls: BTreeMap<String, String>,
    /// Counts for the last line.
    pub counts: Counts,
}

/// Counts for a command's last line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All pages that could be made, posts among them.
    pub pages: usize,
    /// Scenarios that have an outcome, or should.
    pub scenarios: usize,
    /// Those taken from the cache.
    pub cached: usize,
    /// Scenarios with an expectation that doesn't hold, or without an outcome.
    pub broken: usize,
    /// Further scenarios, which weren't selected.
    pub unselected: usize,
    /// Further scenarios, which an error elsewhere kept from being run.
    pub stopped: usize,
}

/// The stack of a thread, in bytes: a page may need another one's body, and that one another's.
const STACK: usize = 64 << 20;

/// Lets all stages work on this many threads; 0 is one for each core. What comes out doesn't depend
/// on it.
pub fn use_threads(number: usize) {
    // Building the pool twice in one process fails, and then the first one stays: harmless.
    let builder = rayon::ThreadPoolBuilder::new().num_threads(number).stack_size(STACK);
    let _ = builder.build_global();
}

/// Runs all stages. `observe` is called when a stage begins.
///
/// # Errors
/// What makes any site impossible: no source folder, a configuration that can't be read, a
/// destination that would destroy the source. Then nothing may be settled.
pub fn run(
    request: &Request<'_>,
    observe: &mut dyn FnMut(Stage),
) -> Result<Built, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    use_threads(0);
    let mut content = content(request, observe, &mut diagnostics)?;
    let is_lost = |found: &Diagnostic| found.severity() == Severity::Error && !found.tolerated;
    let incomplete = diagnostics.iter().any(is_lost);
    let theme_unread = diagnostics.iter().any(concerns_template);
    // Under another configuration everything may be otherwise.
    let past = request.memory.and_then(Memory::take);
    let past = past.filter(|past| past.content.config.is_same(&content.config));

    observe(Stage::Simulate);
    let (choice, simulated) = simulated(&content, request, past.as_ref(), &mut diagnostics)?;
    if request.selection.fail_fast && diagnostics.iter().any(|found| fails(found, &choice)) {
        return Ok(stopped(&content, &choice, simulated, diagnostics));
    }

    observe(Stage::Index);
    let environment = request.environment;
    let converters = SiteConverters::new(&content, request.cache, environment, &mut diagnostics);
    let dialect = tag::dialect(values::error_mode(&content));
    let templates = Templates::new(&content, dialect).collect_into(&mut diagnostics);
    let past = past.as_ref();
    let before = past.and_then(|past| Index::again(past, &mut content, &templates));
    let same_index = before.is_some();
    let index = before.unwrap_or_else(|| {
        let index = Index::new(&mut content, &templates, &converters, environment);
        Arc::new(index.collect_into(&mut diagnostics))
    });

    let around = Surroundings {
        content: &content,
        site: &index.site,
        simulated: &simulated,
        cache: request.cache,
        choice: &choice,
        templates: &templates,
        additions: &index.additions,
        converters: &converters,
        lists: &index.lists,
        now: &content.time,
        environment,
    };
    let changes = past.map(|past| Changes::new(past, around));
    let (changes, archives) = (changes.as_ref(), index.archives.as_slice());
    let run = Run {
        around,
        archives,
        past,
        changes,
        same_index,
        incomplete,
        theme_unread,
        records: request.memory.is_some(),
        judges_prose: request.judges_prose,
    };
    let pages = run.pages(observe, &mut diagnostics);
    let faulty = templates.faulty();
    let urls = urls(&content, &simulated, &pages);
    let Pages { output, counts, made, mistakes, claims, printed } = pages;
    let known = Built::new(&content, &simulated);
    let built = Built { output, mistakes, claims, printed, urls, counts, diagnostics, ..known };
    if let Some(memory) = request.memory {
        memory.keep(Past { content, index, simulated, made, faulty });
    }
    Ok(built)
}

impl Built {
    /// What is known of a site before anything of it is made.
    fn new(content: &Content, simulated: &Simulated) -> Self {
        Self {
            output: Output::default(),
            destination: content.destination.clone(),
            keep_files: content.config.keep_files.clone(),
            mistakes: BTreeMap::new(),
            baseurl: content.config.baseurl.clone(),
            diagnostics: Vec::new(),
            outcomes: simulated.outcomes.clone(),
            failed: simulated.failed.clone(),
            claims: Vec::new(),
            places: simulated.places.clone(),
            printed: Vec::new(),
            catalogue: Arc::clone(&content.catalogue),
            urls: BTreeMap::new(),
            blocks: simulated.blocks.iter().flatten().cloned().collect(),
            stopped: false,
            counts: Counts::default(),
        }
    }
}

/// What there is when the first error ends the run.
fn stopped(
    content: &Content,
    choice: &Choice,
    simulated: Simulated,
    mut diagnostics: Vec<Diagnostic>,
) -> Built {
    judge(&mut diagnostics, choice);
    let counts = count(&simulated);
    Built { counts, diagnostics, stopped: true, ..Built::new(content, &simulated) }
}

/// What the stages from rendering on work with.
struct Run<'r> {
    around: Surroundings<'r>,
    archives: &'r [Archive],
    past: Option<&'r Past>,
    changes: Option<&'r Changes<'r>>,
    /// Whether documents and files have the addresses that they had.
    same_index: bool,
    /// Whether a document was so broken that its address isn't known.
    incomplete: bool,
    /// Whether a template of the site couldn't be read.
    theme_unread: bool,
    /// Whether there will be a next run that wants to know what each part has looked at.
    records: bool,
    /// [`Request::judges_prose`].
    judges_prose: bool,
}

/// What they give.
struct Pages {
    output: Output,
    counts: Counts,
    printed: Vec<Printed>,
    made: MadePages,
    mistakes: BTreeMap<String, Vec<Mistake>>,
    claims: Vec<Claim>,
}

impl Run<'_> {
    fn pages(&self, observe: &mut dyn FnMut(Stage), diagnostics: &mut Vec<Diagnostic>) -> Pages {
        let Surroundings { content, simulated, templates, choice, .. } = self.around;
        observe(Stage::Render);
        let past = self.past.zip(self.changes);
        let past = past.map(|(past, changes)| (past.made.parts.as_slice(), changes));
        let bodies = Bodies::new(self.around, past, self.records);
        diagnostics.extend(bodies.render_all());

        observe(Stage::Dress);
        bodies.dress_all();
        let claims = claims::of_site(&bodies, self.judges_prose).collect_into(diagnostics);
        let assets = derive::assets(content);
        let dressing = self.past.and_then(|past| past.made.dressing.as_ref());
        let wardrobe = dress::Wardrobe::new(&bodies, &assets, dressing);
        let of_theme = wardrobe.diagnostics.clone();
        let wardrobe = wardrobe.collect_into(diagnostics);
        let mut pages = wardrobe.dress(self.archives).collect_into(diagnostics);
        if self.theme_unread {
            // The built-in template in the place of one that can't be read would be another site.
            pages.iter_mut().for_each(|page| page.broken = true);
        }

        let dressing =
            if self.records { wardrobe.remember(&of_theme, &assets, &pages) } else { None };

        observe(Stage::Derive);
        let mut counts = count(simulated);
        counts.pages = count_pages(&pages, content, choice);
        let past = self.past.filter(|_| self.same_index).map(|past| &past.made.derived);
        let (mut output, derived) = derive::derive(&bodies, &assets, pages, past, diagnostics);
        drop(wardrobe);
        if let Some(past) = self.past {
            past.parse_faulty(&bodies, templates);
        }
        diagnostics.extend(templates.diagnostics());
        // What a withheld page refers to (its old style sheet, its old neighbours) must stay as
        // well.
        output.incomplete |= self.incomplete || withheld(&output).next().is_some();
        judge(diagnostics, choice);
        let mistakes = mistakes::locate(&bodies, &output, diagnostics);
        let printed = bodies.printed();
        let parts = bodies.into_parts().into_iter().map(|parts| parts.settled(self.changes));
        let parts = if self.records { parts.collect() } else { Vec::new() };
        let made = MadePages { parts, dressing, derived };
        Pages { output, counts, made, mistakes, claims, printed }
    }
}

/// The first two stages, and what they must give before anything else is worth doing.
fn content(
    request: &Request<'_>,
    observe: &mut dyn FnMut(Stage),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Content, Vec<Diagnostic>> {
    observe(Stage::Discover);
    let known = request.memory.map(|memory| &memory.known);
    let sources = discover::discover_again(request.options, known).map_err(|found| vec![*found])?;
    let sources = sources.collect_into(diagnostics);
    if diagnostics.iter().any(|found| makes_config_unreadable(found, request.options)) {
        let mut found = std::mem::take(diagnostics);
        sort(&mut found);
        return Err(found);
    }
    observe(Stage::Read);
    Ok(content::read_again(sources, request.now, known).collect_into(diagnostics))
}

/// The third stage: what is judged, and the scenario blocks of all documents.
fn simulated(
    content: &Content,
    request: &Request<'_>,
    past: Option<&Past>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Choice, Simulated), Vec<Diagnostic>> {
    let nothing = Simulated::default();
    let past = request.memory.map(|_| past.map_or(&nothing, |past| &past.simulated));
    let bodies: Vec<simulate::Body<'_>> = content
        .documents
        .iter()
        .map(|document| simulate::Body {
            source: &document.source,
            range: document.body.clone(),
            markdown: document.is_markdown,
        })
        .collect();
    let catalogue = &content.catalogue;
    let blocks = simulate::read(&bodies, catalogue, past);
    let choice = Choice::new(request.selection, &content.config, &blocks.notes())?;
    let running = simulate::Running {
        catalogue,
        cache: request.cache,
        choice: &choice,
        fail_fast: request.selection.fail_fast,
        halted: diagnostics.iter().any(|found| fails(found, &choice)),
        clock: request.clock,
        remembers: past.is_some(),
    };
    let simulated = simulate::simulate(blocks, running).collect_into(diagnostics);
    Ok((choice, simulated))
}

fn urls(content: &Content, simulated: &Simulated, pages: &Pages) -> BTreeMap<String, String> {
    let blocks = simulated.places.values().map(|place| place.id.source().path());
    let printed = pages.printed.iter().map(|printed| printed.page.as_str());
    let claimed = pages.claims.iter().map(|claim| claim.page.as_str());
    let files: BTreeSet<&str> = printed.chain(claimed).chain(blocks).collect();
    let written = content.documents.iter().filter(|document| document.output_path.is_some());
    let asked = written.filter(|document| files.contains(document.path()));
    asked.map(|document| (document.path().to_owned(), document.url.clone())).collect()
}

/// Whether a template of the site couldn't be read.
fn concerns_template(found: &Diagnostic) -> bool {
    let is_template = found
        .place
        .as_ref()
        .is_some_and(|place| place.source().path().starts_with(dress::TEMPLATES));
    is_template && found.severity() == Severity::Error
}

/// Whether something of the configuration could not be understood. A site built with defaults in
/// its place would be another site, and must not replace the good one.
fn makes_config_unreadable(found: &Diagnostic, options: &content::Options) -> bool {
    let is_config = found.place.as_ref().is_some_and(|place| {
        let path = place.source().path();
        if options.config_files.is_empty() {
            return ["_config.yml", "_config.yaml", "_config.toml"].contains(&path);
        }
        options.config_files.iter().any(|file| file.ends_with(path))
    });
    is_config && found.severity() == Severity::Error
}

/// Counts scenarios, of pages nothing.
fn count(simulated: &Simulated) -> Counts {
    let count = |is: &dyn Fn(&BlockOutcome) -> bool| {
        simulated.blocks.iter().flatten().filter(|block| is(block)).count()
    };
    let is_judged = |block: &BlockOutcome| block.selected && block.fate != Fate::Stopped;
    let is_broken =
        |block: &BlockOutcome| block.outcome.as_ref().is_none_or(|outcome| !outcome.holds());
    Counts {
        pages: 0,
        scenarios: count(&is_judged),
        cached: simulated.cached,
        broken: count(&|block| is_judged(block) && is_broken(block)),
        unselected: count(&|block| !block.selected),
        stopped: count(&|block| block.fate == Fate::Stopped),
    }
}

/// How many pages could be made, or of a part of the site: are judged and could be made.
fn count_pages(pages: &[dress::Page], content: &Content, choice: &Choice) -> usize {
    let is_judged = |page: &&dress::Page| {
        let document = page.document.and_then(|at| content.documents.get(at));
        choice.is_everything() || document.is_some_and(|document| choice.judges(document.path()))
    };
    pages.iter().filter(|page| !page.broken).filter(is_judged).count()
}

/// The files whose pages have errors, for the command's last words.
pub fn withheld(output: &Output) -> impl Iterator<Item = &String> {
    let broken = |(path, entry): (_, &Entry)| entry.broken.then_some(path);
    output.entries.iter().filter_map(broken)
}
