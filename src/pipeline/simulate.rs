//! The simulate stage: the scenario blocks of all documents become outcomes. Each distinct resolved
//! scenario runs once, or not at all where the cache has its outcome, or where it wasn't selected.

pub mod run;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::aws::catalogue::Catalogue;
use crate::diagnostic::{Code, Diagnostic, Severity, Staged};
use crate::markdown;
use crate::output::cache::Cache;
use crate::pipeline::dormant::Dormant;
use crate::pipeline::selection::{Choice, Note};
use crate::scenario::{self, Block, Outcome, Scenario};
use crate::span::{Mapped, Place, Source};
use run::run_all;

/// The language of a scenario's fence.
pub const LANGUAGE: &str = "scenario";

/// A fence that says `scenario` and opens no scenario block.
pub const NO_BLOCK: Code = Code("W0103");

/// How many scenarios run at a time where the first error ends the run. The number doesn't depend
/// on threads, so that what was run doesn't, either.
const ROUND: usize = 32;

/// A clock that was lent to the pipeline: nanoseconds since some fixed moment.
pub type Clock<'a> = &'a (dyn Fn() -> u64 + Sync);

/// What became of a scenario block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was run, and its expectations were judged.
    Judged,
    /// It has errors and no outcome.
    Failed,
    /// It has no errors and wasn't selected.
    Unselected,
    /// An error elsewhere ended the run before it.
    Stopped,
}

/// A document as far as this stage looks at it: its file, and the bytes of its body.
#[derive(Clone, Debug)]
pub struct Body<'a> {
    /// The file.
    pub source: &'a Arc<Source>,
    /// The bytes behind the front matter.
    pub range: Range<usize>,
    /// Whether it is Markdown; others have no fences.
    pub markdown: bool,
}

/// A scenario block and what became of it.
#[derive(Clone, Debug)]
pub struct BlockOutcome {
    /// The id that it claims, also when it has errors.
    pub id: Option<String>,
    /// Its title, where it could be read.
    pub title: Option<String>,
    /// Where its fence opens.
    pub place: Place,
    /// Whether it is judged, and what is wrong with it said.
    pub selected: bool,
    /// What became of it.
    pub fate: Fate,
    /// For each variant of the outcome: where its expectations stand, in the order of the verdicts.
    pub claims: Vec<Vec<Option<Place>>>,
    /// Whether the cache had its outcome.
    pub cached: bool,
    /// How long its runs took, in nanoseconds by the lent clock.
    pub nanoseconds: u64,
    /// The bytes of its info string in the file.
    pub info: Range<usize>,
    /// The bytes of its lines in the file.
    pub body: Range<usize>,
    /// The YAML without indentation and quote marks, for the page.
    pub yaml: String,
    /// The outcome; `None` when the block has errors.
    pub outcome: Option<Arc<Outcome>>,
    /// The errors of the block, which the page shows in its place.
    pub errors: Vec<Diagnostic>,
}

/// What the stage gives.
#[derive(Clone, Debug, Default)]
pub struct Simulated {
    /// The outcomes by the authors' names.
    pub outcomes: BTreeMap<String, Arc<Outcome>>,
    /// The scenarios that have no outcome because their blocks have errors, with these errors.
    pub failed: BTreeMap<String, Vec<Diagnostic>>,
    /// The blocks of each document, in the order of the documents and of their text.
    pub blocks: Vec<Vec<BlockOutcome>>,
    /// Where the scenarios with an outcome stand, by the authors' names.
    pub places: BTreeMap<String, ScenarioPlace>,
    /// How many of them were taken from the cache.
    pub cached: usize,
    /// The scenarios that weren't run, by the authors' names.
    pub dormant: BTreeMap<String, Dormant>,
    /// Whether an error ended the run before all that was selected had run.
    pub stopped: bool,
    /// What the texts said, for the next time.
    known: FxHashMap<usize, Known>,
}

impl Simulated {
    /// Whether a scenario is known and has no outcome: it has errors, or isn't judged.
    pub fn is_without_outcome(&self, id: &str) -> bool {
        self.failed.contains_key(id) || self.dormant.contains_key(id)
    }

    /// The names of the scenarios whose values can be asked for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.outcomes.keys().chain(self.dormant.keys()).map(String::as_str)
    }
}

/// A document's blocks as they were read and judged, by the address of its source. The source is
/// kept, so that no other one can have that address.
#[derive(Clone, Debug)]
struct Known {
    source: Arc<Source>,
    range: Range<usize>,
    blocks: Arc<(Vec<Read>, Vec<Diagnostic>)>,
    judged: Vec<Option<Staged<Arc<Outcome>>>>,
}

impl Known {
    fn judged(&self, block: usize) -> Option<&Staged<Arc<Outcome>>> {
        self.judged.get(block)?.as_ref()
    }
}

/// Where a scenario and its claims stand.
#[derive(Clone, Debug)]
pub struct ScenarioPlace {
    /// The id, or the fence of a block without.
    pub id: Place,
    /// The expectations as written.
    pub expectations: Vec<(String, Option<Place>)>,
}

/// A block that was read, before it ran.
#[derive(Clone, Debug)]
struct Read {
    block: BlockOutcome,
    scenario: Option<Arc<Scenario>>,
    diagnostics: Vec<Diagnostic>,
}

/// The blocks of all documents, read and not run.
pub struct Blocks {
    known: Vec<Known>,
    documents: Vec<Vec<Read>>,
}

impl Blocks {
    /// The documents and their blocks, for selecting among them.
    pub fn notes(&self) -> Vec<Note<'_>> {
        let both = self.known.iter().zip(&self.documents);
        let note = both.map(|(known, blocks)| Note {
            path: known.source.path(),
            blocks: blocks
                .iter()
                .map(|read| (read.block.info.start..read.block.body.end, read.block.id.as_deref()))
                .collect(),
        });
        note.collect()
    }
}

/// How scenarios are run.
#[derive(Clone, Copy)]
pub struct Running<'a> {
    /// AWS's numbers.
    pub catalogue: &'a Catalogue,
    /// Outcomes of earlier runs.
    pub cache: &'a Cache,
    /// What is judged.
    pub choice: &'a Choice,
    /// Whether the first error ends the run.
    pub fail_fast: bool,
    /// Whether an error was found before.
    pub halted: bool,
    /// Whether there will be a next run that wants to know what became of the same texts.
    pub remembers: bool,
    /// For the time that each takes.
    pub clock: Clock<'a>,
}

/// Reads the scenario blocks of all documents. What `past`, an earlier run under the same
/// configuration, knows of the same texts isn't read again.
pub fn read(bodies: &[Body<'_>], catalogue: &Catalogue, past: Option<&Simulated>) -> Blocks {
    let known: Vec<Known> = bodies
        .par_iter()
        .map(|body| {
            let earlier = past.and_then(|past| past.known.get(&address(body.source)));
            let same = earlier.filter(|known| known.range == body.range && body.markdown);
            same.cloned().unwrap_or_else(|| Known {
                source: Arc::clone(body.source),
                range: body.range.clone(),
                blocks: Arc::new(read_blocks(body, catalogue)),
                judged: Vec::new(),
            })
        })
        .collect();
    let mut documents: Vec<Vec<Read>> = known.iter().map(|known| known.blocks.0.clone()).collect();
    refuse_repeated_ids(&mut documents);
    Blocks { known, documents }
}

/// Runs the scenarios that are judged, but for those of which the blocks know the outcome. What is
/// wrong with a block is reported, and stays with the block besides so that its page can show it.
pub fn simulate(blocks: Blocks, running: Running<'_>) -> Staged<Simulated> {
    let Blocks { mut known, mut documents } = blocks;
    let remarks = known.iter().flat_map(|known| known.blocks.1.iter().cloned());
    let mut diagnostics: Vec<Diagnostic> = remarks.collect();
    let mut simulated = Simulated::default();
    let runs = selected(&mut documents, running.choice);
    let kept = |found: &Diagnostic| is_error(found) && running.choice.keeps(found);
    let found = documents.iter().flatten().flat_map(|read| &read.diagnostics);
    let mut stopped = running.fail_fast && (running.halted || found.into_iter().any(kept));
    let size = if running.fail_fast { ROUND } else { runs.len().max(1) };
    for round in runs.chunks(size) {
        if stopped {
            simulated.stopped = true;
            break;
        }
        run_missing(&mut known, &mut documents, round, running);
        for &(at, number) in round {
            let read = &mut documents[at][number];
            read.take_in(known[at].judged(number), &mut simulated);
            simulated.cached += usize::from(read.block.cached);
            stopped |= running.fail_fast && read.diagnostics.iter().any(is_error);
        }
    }
    if running.remembers {
        simulated.known = known.into_iter().map(|known| (address(&known.source), known)).collect();
    }
    for document in documents {
        let blocks = document.into_iter();
        let blocks = blocks.map(|read| read.settle(&mut simulated, &mut diagnostics)).collect();
        simulated.blocks.push(blocks);
    }
    Staged::new(simulated, diagnostics)
}

/// Marks what becomes of each block before anything has run; gives those that are to be run.
fn selected(documents: &mut [Vec<Read>], choice: &Choice) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    for (at, document) in documents.iter_mut().enumerate() {
        for (number, read) in document.iter_mut().enumerate() {
            let block = &mut read.block;
            block.selected = choice.runs(block.place.source().path(), number);
            block.fate = match (&read.scenario, block.selected) {
                (None, _) => Fate::Failed,
                (Some(_), false) => Fate::Unselected,
                (Some(_), true) => Fate::Stopped,
            };
            if block.fate == Fate::Stopped {
                runs.push((at, number));
            }
        }
    }
    runs
}

/// Runs those of a round whose outcomes aren't known.
fn run_missing(
    known: &mut [Known],
    documents: &mut [Vec<Read>],
    round: &[(usize, usize)],
    running: Running<'_>,
) {
    let is_missing = |&&(at, number): &&(usize, usize)| known[at].judged(number).is_none();
    let missing: Vec<(usize, usize)> = round.iter().filter(is_missing).copied().collect();
    for &(at, number) in round {
        documents[at][number].block.cached = true;
    }
    let scenario = |&(at, number): &(usize, usize)| documents[at][number].scenario.as_deref();
    let scenarios: Vec<&Scenario> = missing.iter().filter_map(scenario).collect();
    let results = run_all(&scenarios, running);
    for (&(at, number), ran) in missing.iter().zip(results) {
        let read = &mut documents[at][number];
        read.block.cached = ran.cached;
        read.block.nanoseconds = ran.nanoseconds;
        let Staged { value, diagnostics } = ran.judged;
        match value {
            Some(outcome) => {
                let judged = &mut known[at].judged;
                judged.resize(documents[at].len(), None);
                judged[number] = Some(Staged::new(Arc::new(outcome), diagnostics));
            }
            None => read.diagnostics.extend(diagnostics),
        }
    }
}

fn address(source: &Arc<Source>) -> usize {
    Arc::as_ptr(source) as usize
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity() == Severity::Error
}

impl Read {
    /// Puts what came of its run to the block; nothing came of a run that passed its bounds.
    fn take_in(&mut self, judged: Option<&Staged<Arc<Outcome>>>, simulated: &mut Simulated) {
        let Some(judged) = judged else {
            self.block.fate = Fate::Failed;
            return;
        };
        self.diagnostics.extend(judged.diagnostics.iter().cloned());
        self.block.fate = Fate::Judged;
        let claims = self.scenario.as_ref().map(|scenario| scenario.claim_places());
        self.block.claims = claims.unwrap_or_default();
        let id = judged.value.id.clone();
        if let Some(scenario) = &self.scenario {
            let place = scenario.id_place().unwrap_or_else(|| self.block.place.clone());
            let expectations = scenario.expectation_places();
            simulated.places.insert(id.clone(), ScenarioPlace { id: place, expectations });
        }
        simulated.outcomes.insert(id, Arc::clone(&judged.value));
        self.block.outcome = Some(Arc::clone(&judged.value));
    }

    /// What stays of the block when all has run.
    fn settle(
        mut self,
        simulated: &mut Simulated,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BlockOutcome {
        match (self.block.fate, self.scenario) {
            (Fate::Failed, _) => {
                self.block.errors.clone_from(&self.diagnostics);
                let errors = self.block.errors.iter().cloned();
                if let Some(id) = self.block.id.clone() {
                    simulated.failed.entry(id).or_default().extend(errors);
                }
            }
            (Fate::Unselected | Fate::Stopped, Some(scenario)) => {
                simulated.dormant.insert(scenario.id.clone(), Dormant::new(scenario));
            }
            _ => {}
        }
        diagnostics.append(&mut self.diagnostics);
        self.block
    }
}

fn read_blocks(body: &Body<'_>, catalogue: &Catalogue) -> (Vec<Read>, Vec<Diagnostic>) {
    if !body.markdown {
        return (Vec::new(), Vec::new());
    }
    let text = &body.source.text()[body.range.clone()];
    // Most documents hold no scenario, and a search for the word costs nothing.
    let words = text.to_ascii_lowercase();
    if !words.contains(LANGUAGE) {
        return (Vec::new(), Vec::new());
    }
    let shift = |range: &Range<usize>| range.start + body.range.start..range.end + body.range.start;
    let fences = markdown::fences(text);
    let remarks = missed_fences(text, &fences)
        .map(|line| {
            let place = Place::new(body.source, shift(&line));
            Diagnostic::new(NO_BLOCK, "this fence opens no scenario block")
                .at(place)
                .label("what follows is not run, and its claims are not checked")
                .note("the info string is `scenario` and nothing else, in small letters")
                .hint("see whether the block is closed by a line of as many marks as it opens with")
        })
        .collect();
    let blocks = fences
        .into_iter()
        .filter(|fence| fence.language == LANGUAGE)
        .map(|fence| {
            let mut yaml = Mapped::new();
            for line in &fence.lines {
                yaml.push_source(body.source, shift(line));
            }
            if fence.lines.is_empty() {
                let place = Place::new(body.source, shift(&fence.info));
                yaml.push_derived("", &place);
            }
            let place = Place::new(body.source, shift(&fence.info));
            let block = Block { yaml: yaml.clone() };
            let staged = scenario::parse(&block, catalogue);
            let block = BlockOutcome {
                id: scenario::claimed_id(&block).map(|(id, _)| id),
                title: staged.value.as_ref().map(|scenario| scenario.title.clone()),
                place,
                selected: true,
                fate: Fate::Failed,
                claims: Vec::new(),
                cached: false,
                nanoseconds: 0,
                info: shift(&fence.info),
                body: shift(&fence.body),
                yaml: yaml.text().to_owned(),
                outcome: None,
                errors: Vec::new(),
            };
            let scenario = staged.value.map(Arc::new);
            Read { block, scenario, diagnostics: staged.diagnostics }
        })
        .collect();
    (blocks, remarks)
}

/// The lines that look like the opening of a scenario's fence and belong to no fence that was
/// found.
fn missed_fences<'t>(
    text: &'t str,
    fences: &'t [markdown::Fence],
) -> impl Iterator<Item = Range<usize>> + 't {
    let mut end = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = end;
        end += line.len();
        let opening = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']).trim_end();
        let marks = ["```", "~~~"].iter().find(|marks| opening.starts_with(**marks))?;
        let info = opening.trim_start_matches(&marks[..1]).to_ascii_lowercase();
        let says =
            info.split_whitespace().any(|word| word.trim_matches(['{', '.', '}']) == LANGUAGE);
        let known = fences.iter().any(|fence| {
            let whole = fence.info.start..fence.body.end.max(fence.info.end);
            let is_opening = fence.language == LANGUAGE && (start..end).contains(&whole.start);
            is_opening || fence.body.contains(&start)
        });
        (says && !known).then(|| start..start + line.trim_end().len())
    })
}

/// Of scenarios with one id the first keeps it, in the order of the documents.
fn refuse_repeated_ids(documents: &mut [Vec<Read>]) {
    let mut first: BTreeMap<String, Place> = BTreeMap::new();
    for read in documents.iter_mut().flatten() {
        let Some(scenario) = &read.scenario else { continue };
        let place = scenario.id_place().unwrap_or_else(|| read.block.place.clone());
        match first.get(&scenario.id) {
            None => {
                first.insert(scenario.id.clone(), place);
            }
            Some(earlier) => {
                read.diagnostics.push(scenario::repeated_id(&scenario.id, place, earlier.clone()));
                read.scenario = None;
            }
        }
    }
}
