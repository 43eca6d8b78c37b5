//! The simulate stage: the scenario blocks of all documents become outcomes. Each distinct resolved
//! scenario runs once, or not at all where the cache has its outcome.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::aws::catalogue::Catalogue;
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::markdown;
use crate::output::cache::{self, Cache};
use crate::scenario::{self, Block, Outcome, Scenario};
use crate::span::{Mapped, Place, Source};

/// The language of a scenario's fence.
pub const LANGUAGE: &str = "scenario";

/// A fence that says `scenario` and opens no scenario block.
pub const NO_BLOCK: Code = Code("W0103");

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
    /// What the texts said, for the next time.
    known: FxHashMap<usize, Known>,
}

impl Simulated {
    /// Takes over a block's outcome.
    fn take(&mut self, read: &mut Read, judged: &Staged<Arc<Outcome>>) {
        let outcome = &judged.value;
        if let Some(scenario) = &read.scenario {
            let id = scenario.id_place().unwrap_or_else(|| read.place.clone());
            let place = ScenarioPlace { id, expectations: scenario.expectation_places() };
            self.places.insert(outcome.id.clone(), place);
        }
        read.diagnostics.extend(judged.diagnostics.iter().cloned());
        self.outcomes.insert(outcome.id.clone(), Arc::clone(outcome));
        read.block.outcome = Some(Arc::clone(outcome));
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
    /// The name that the block claims, also when it has errors.
    claimed: Option<String>,
    scenario: Option<Arc<Scenario>>,
    place: Place,
    diagnostics: Vec<Diagnostic>,
}

/// Runs the scenarios of all documents. What is wrong with a block is reported, and stays with the
/// block besides so that its page can show it.
///
/// What `past`, an earlier run under the same configuration, knows of the same texts isn't done
/// again.
pub fn simulate(
    bodies: &[Body<'_>],
    catalogue: &Catalogue,
    cache: &Cache,
    past: Option<&Simulated>,
) -> Staged<Simulated> {
    let read = |body| known_or_read(body, catalogue, past);
    let mut known: Vec<Known> = bodies.par_iter().map(read).collect();
    let mut documents: Vec<Vec<Read>> = known.iter().map(|known| known.blocks.0.clone()).collect();
    let mut diagnostics: Vec<Diagnostic> =
        known.iter().flat_map(|known| known.blocks.1.iter().cloned()).collect();
    refuse_repeated_ids(&mut documents);
    let runs: Vec<(usize, usize)> = documents
        .iter()
        .enumerate()
        .flat_map(|(at, blocks)| (0..blocks.len()).map(move |block| (at, block)))
        .filter(|&(at, block)| documents[at][block].scenario.is_some())
        .collect();
    let is_judged =
        |&&(at, block): &&(usize, usize)| known[at].judged.get(block).is_some_and(Option::is_some);
    let missing: Vec<(usize, usize)> = runs.iter().filter(|run| !is_judged(run)).copied().collect();
    let results = run_all(&documents, &missing, catalogue, cache);
    let mut simulated = Simulated { cached: runs.len() - missing.len(), ..Simulated::default() };
    for (&(at, block), (staged, from_cache)) in missing.iter().zip(results) {
        simulated.cached += usize::from(from_cache);
        let judged = &mut known[at].judged;
        judged.resize(documents[at].len(), None);
        let Staged { value, diagnostics } = staged;
        match value {
            Some(outcome) => judged[block] = Some(Staged::new(Arc::new(outcome), diagnostics)),
            None => documents[at][block].diagnostics.extend(diagnostics),
        }
    }
    for &(at, block) in &runs {
        if let Some(Some(judged)) = known[at].judged.get(block) {
            simulated.take(&mut documents[at][block], judged);
        }
    }
    if past.is_some() {
        simulated.known = known.into_iter().map(|known| (address(&known.source), known)).collect();
    }
    for document in documents {
        let mut blocks = Vec::with_capacity(document.len());
        for mut read in document {
            if read.block.outcome.is_none() {
                read.block.errors.clone_from(&read.diagnostics);
                let errors = read.block.errors.iter().cloned();
                if let Some(id) = read.claimed {
                    simulated.failed.entry(id).or_default().extend(errors);
                }
            }
            diagnostics.append(&mut read.diagnostics);
            blocks.push(read.block);
        }
        simulated.blocks.push(blocks);
    }
    Staged::new(simulated, diagnostics)
}

fn known_or_read(body: &Body<'_>, catalogue: &Catalogue, past: Option<&Simulated>) -> Known {
    let earlier = past.and_then(|past| past.known.get(&address(body.source)));
    let same = earlier.filter(|known| known.range == body.range && body.markdown);
    same.cloned().unwrap_or_else(|| Known {
        source: Arc::clone(body.source),
        range: body.range.clone(),
        blocks: Arc::new(read_blocks(body, catalogue)),
        judged: Vec::new(),
    })
}

fn address(source: &Arc<Source>) -> usize {
    Arc::as_ptr(source) as usize
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
            let block = BlockOutcome {
                info: shift(&fence.info),
                body: shift(&fence.body),
                yaml: yaml.text().to_owned(),
                outcome: None,
                errors: Vec::new(),
            };
            let yaml = Block { yaml };
            let staged = scenario::parse(&yaml, catalogue);
            let claimed = scenario::claimed_id(&yaml).map(|(id, _)| id);
            let diagnostics = staged.diagnostics;
            Read { block, claimed, scenario: staged.value.map(Arc::new), place, diagnostics }
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
        let place = scenario.id_place().unwrap_or_else(|| read.place.clone());
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

/// The judged outcomes of the scenarios, in the order of `runs`, and whether the cache had them.
/// Scenarios that resolve to the same thing are simulated once.
fn run_all(
    documents: &[Vec<Read>],
    runs: &[(usize, usize)],
    catalogue: &Catalogue,
    cache: &Cache,
) -> Vec<(Staged<Option<Outcome>>, bool)> {
    let scenarios: Vec<&Scenario> =
        runs.iter().filter_map(|&(at, block)| documents[at][block].scenario.as_deref()).collect();
    let distinct: BTreeMap<&str, &Scenario> =
        scenarios.iter().map(|scenario| (scenario.key(), *scenario)).collect();
    let simulated: BTreeMap<&str, (Option<Outcome>, bool)> = distinct
        .into_par_iter()
        .map(|(key, scenario)| (key, simulate_one(scenario, catalogue, cache)))
        .collect();
    scenarios
        .par_iter()
        .map(|scenario| match simulated.get(scenario.key()) {
            Some((Some(outcome), from_cache)) => {
                let judged = scenario.judge(outcome.clone());
                (Staged::new(Some(judged.value), judged.diagnostics), *from_cache)
            }
            // A run that passed its bounds says so at each block that asks for it.
            _ => (scenario.run(catalogue), false),
        })
        .collect()
}

/// The unjudged outcome of a scenario, and whether the cache had it. `None` when a run passed its
/// bounds.
fn simulate_one(
    scenario: &Scenario,
    catalogue: &Catalogue,
    cache: &Cache,
) -> (Option<Outcome>, bool) {
    let key = cache::key("outcome", &[scenario.key().as_bytes()]);
    if let Some(outcome) = cache.get(&key).and_then(|bytes| postcard::from_bytes(&bytes).ok()) {
        return (Some(outcome), true);
    }
    let parts = (0..scenario.parts()).into_par_iter();
    let parts = parts.map(|part| scenario.simulate_part(part, catalogue)).collect();
    let outcome = scenario.gather(catalogue, parts).ok();
    if let Some(bytes) = outcome.as_ref().and_then(|outcome| postcard::to_stdvec(outcome).ok()) {
        cache.put(key, bytes);
    }
    (outcome, false)
}
