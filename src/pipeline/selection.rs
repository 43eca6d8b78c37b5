//! What of a site is judged: all of it, or some notes, scenarios or a shard. The whole site is read
//! and rendered in any case, since links and values reach across notes; scenarios that weren't
//! selected aren't run unless a selected page prints their values.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::content::config::Config;
use crate::diagnostic::{Code, Diagnostic, Severity, closest};

/// A page, folder or scenario was named that the site doesn't have.
pub const NO_SUCH: Code = Code("E0709");

/// The most names that a misspelt one is compared with.
const MAX_CANDIDATES: usize = 1_000;

/// The most names that are listed where none of them is close.
const LISTED_MAX: usize = 20;

/// Folders and files of a site on which every page may depend, unless the configuration names
/// others: (the key of the configuration, the usual folder).
const SHARED_FOLDERS: [(&str, &str); 5] = [
    ("layouts_dir", "_layouts"),
    ("includes_dir", "_includes"),
    ("data_dir", "_data"),
    ("", "_sass"),
    ("", "templates"),
];

/// Which notes are judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Notes {
    /// All.
    #[default]
    All,
    /// Those at these paths, or below these folders; relative to the site's folder.
    Named(Vec<String>),
    /// Those among these paths, which changed. A changed layout, include, data file or
    /// configuration counts for all notes.
    Changed(Vec<String>),
}

/// One of several parts into which the notes and scenarios of a site are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    pub number: usize,
    /// Of how many, at least `number`.
    pub of: usize,
}

/// What is asked to be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Which notes.
    pub notes: Notes,
    /// Only the scenarios with these ids, and nothing else of their notes; empty for all.
    pub scenarios: Vec<String>,
    /// Only what belongs to a shard.
    pub shard: Option<Shard>,
    /// Whether to stop at the first error.
    pub fail_fast: bool,
}

impl Selection {
    /// Whether nothing is left out.
    pub fn is_everything(&self) -> bool {
        self.notes == Notes::All && self.scenarios.is_empty() && self.shard.is_none()
    }
}

/// A document as far as selecting looks at it.
#[derive(Clone, Debug)]
pub struct Note<'a> {
    /// Its path in the site's folder.
    pub path: &'a str,
    /// Its scenario blocks: their bytes in the file, and the ids that they claim.
    pub blocks: Vec<(Range<usize>, Option<&'a str>)>,
}

/// A selection applied to a site.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    everything: bool,
    notes: BTreeMap<String, Chosen>,
    /// Whether only scenarios are judged, and nothing else.
    scenarios_only: bool,
    shard: Option<Shard>,
    /// Whether a note was left out because of its path.
    by_path: bool,
}

/// What is judged of a note.
#[derive(Clone, Debug)]
struct Chosen {
    judged: bool,
    blocks: Vec<(Range<usize>, bool)>,
}

impl Choice {
    /// Everything is judged.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Applies a selection to the notes of a site.
    ///
    /// # Errors
    /// A diagnostic for each name that the site doesn't have.
    pub fn new(
        selection: &Selection,
        config: &Config,
        notes: &[Note<'_>],
    ) -> Result<Self, Vec<Diagnostic>> {
        if selection.is_everything() {
            return Ok(Self::everything());
        }
        let unknown = unknown(selection, notes);
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let shards = shards(selection.shard, notes);
        let is_named = named(selection, config);
        let chosen = notes.iter().zip(shards).map(|(note, (own, blocks))| {
            let named = is_named(note.path);
            let blocks = note.blocks.iter().zip(blocks).map(|((range, id), in_shard)| {
                let asked = selection.scenarios.is_empty()
                    || id.is_some_and(|id| selection.scenarios.iter().any(|asked| asked == id));
                (range.clone(), named && in_shard && asked)
            });
            let judged = named && own && selection.scenarios.is_empty();
            (note.path.to_owned(), Chosen { judged, blocks: blocks.collect() })
        });
        Ok(Self {
            everything: false,
            notes: chosen.collect(),
            scenarios_only: !selection.scenarios.is_empty(),
            shard: selection.shard,
            by_path: notes.iter().any(|note| !is_named(note.path)),
        })
    }

    /// Whether everything is judged.
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// Whether what stands in a note is judged, its scenarios aside.
    pub fn judges(&self, path: &str) -> bool {
        self.everything || self.notes.get(path).is_some_and(|note| note.judged)
    }

    /// Whether the scenario block with a number is judged.
    pub fn runs(&self, path: &str, block: usize) -> bool {
        let chosen = || self.notes.get(path)?.blocks.get(block).map(|(_, chosen)| *chosen);
        self.everything || chosen().unwrap_or_default()
    }

    /// Whether a diagnostic speaks of something that is judged. What stands in a scenario block
    /// goes with its scenario. What concerns no note (a layout, a data file, the disk) is part of
    /// one shard, and of any selection of notes if it is an error or shows in their pages.
    pub fn keeps(&self, found: &Diagnostic) -> bool {
        if self.everything {
            return true;
        }
        let place = found.place.as_ref();
        let path = place.map_or("", |place| place.source().path());
        if let (Some(note), Some(place)) = (self.notes.get(path), place) {
            let at = place.range().start;
            let block =
                note.blocks.iter().find(|(range, _)| (range.start..=range.end).contains(&at));
            let kept = block.map_or(note.judged, |(_, judged)| *judged);
            return kept || (!self.scenarios_only && self.concerns_judged(found));
        }
        if self.scenarios_only {
            return false;
        }
        if let Some(shard) = self.shard {
            return stable_hash(path) % shard.of as u64 == shard.number as u64 - 1;
        }
        let is_error = found.severity() == Severity::Error;
        is_error || place.is_none() || !self.by_path || self.concerns_judged(found)
    }

    /// Whether a further place of a diagnostic stands in a note that is judged. Of shards one keeps
    /// it already.
    fn concerns_judged(&self, found: &Diagnostic) -> bool {
        self.shard.is_none()
            && found.related.iter().any(|related| self.judges(related.place.source().path()))
    }
}

/// Whether a note is among those asked for by path.
fn named<'s>(selection: &'s Selection, config: &Config) -> Box<dyn Fn(&str) -> bool + 's> {
    match &selection.notes {
        Notes::All => Box::new(|_| true),
        Notes::Named(paths) => {
            Box::new(move |note| paths.iter().any(|path| is_at_or_below(note, path)))
        }
        Notes::Changed(paths) if paths.iter().any(|path| is_shared(path, config)) => {
            Box::new(|_| true)
        }
        Notes::Changed(paths) => Box::new(move |note| paths.iter().any(|path| path == note)),
    }
}

fn is_at_or_below(note: &str, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let below = note.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    path.is_empty() || note == path || below
}

/// Whether every page may depend on a file.
fn is_shared(path: &str, config: &Config) -> bool {
    let is_config = path.starts_with("_config.") || path.starts_with("_config_");
    is_config
        || SHARED_FOLDERS.iter().any(|(key, usual)| {
            let folder = config.get(key).and_then(|value| value.as_str()).unwrap_or(usual);
            is_at_or_below(path, folder.trim_start_matches("./"))
        })
}

/// The names of a selection that the site doesn't have.
fn unknown(selection: &Selection, notes: &[Note<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Notes::Named(paths) = &selection.notes {
        for path in paths {
            if notes.iter().any(|note| is_at_or_below(note.path, path)) {
                continue;
            }
            let known = notes.iter().map(|note| note.path).take(MAX_CANDIDATES);
            let hint = match closest(path, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "a draft needs `--drafts`, a post with a date in the future `--future`"
                    .to_owned(),
            };
            let message = format!("the site has no page `{path}`");
            found.push(Diagnostic::new(NO_SUCH, message).hint(hint));
        }
    }
    let ids: Vec<&str> =
        notes.iter().flat_map(|note| note.blocks.iter().filter_map(|(_, id)| *id)).collect();
    for asked in selection.scenarios.iter().filter(|asked| !ids.contains(&asked.as_str())) {
        let message = format!("there is no scenario `{asked}`");
        let hint = match closest(asked, ids.iter().copied().take(MAX_CANDIDATES)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if (1..=LISTED_MAX).contains(&ids.len()) => {
                let names: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
                format!("the site has {}", names.join(", "))
            }
            None => "the `id` of a scenario block is its name".to_owned(),
        };
        found.push(Diagnostic::new(NO_SUCH, message).hint(hint));
    }
    found
}

/// For each note whether it belongs to the shard, and which of its blocks do.
///
/// Notes are put into the order of a hash of their paths, and the row of all their scenarios is cut
/// into pieces of one size: shards differ by one scenario at most, a note's scenarios stay together
/// but where a cut falls into them, and a new scenario moves only the cuts. Notes without scenarios
/// are a row of their own.
fn shards(shard: Option<Shard>, notes: &[Note<'_>]) -> Vec<(bool, Vec<bool>)> {
    let all = |note: &Note<'_>| (true, vec![true; note.blocks.len()]);
    let Some(shard) = shard else { return notes.iter().map(all).collect() };
    let mut order: Vec<usize> = (0..notes.len()).collect();
    order.sort_by_key(|&at| (stable_hash(notes[at].path), notes[at].path));
    let scenarios: usize = notes.iter().map(|note| note.blocks.len()).sum();
    let plain = notes.iter().filter(|note| note.blocks.is_empty()).count();
    let holds = |rank: usize, of: usize| rank * shard.of / of.max(1) == shard.number - 1;
    let mut chosen = vec![(false, Vec::new()); notes.len()];
    let (mut scenario_rank, mut plain_rank) = (0, 0);
    for at in order {
        let count = notes[at].blocks.len();
        if count == 0 {
            chosen[at].0 = holds(plain_rank, plain);
            plain_rank += 1;
        } else {
            chosen[at].1 = (0..count).map(|add| holds(scenario_rank + add, scenarios)).collect();
            chosen[at].0 = holds(scenario_rank, scenarios);
            scenario_rank += count;
        }
    }
    chosen
}

/// A hash of a name that is the same on every machine and in every version.
fn stable_hash(name: &str) -> u64 {
    let hash = blake3::hash(name.as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(notes: &[Note<'_>], of: usize) -> Vec<Vec<(bool, Vec<bool>)>> {
        (1..=of).map(|number| shards(Some(Shard { number, of }), notes)).collect()
    }

    #[test]
    fn every_note_and_scenario_is_in_one_shard_and_shards_are_even() {
        let names: Vec<String> = (0..101).map(|at| format!("posts/{at}.md")).collect();
        let notes: Vec<Note<'_>> = names
            .iter()
            .enumerate()
            .map(|(at, path)| Note { path, blocks: vec![(0..1, None); at % 4] })
            .collect();
        let shards = split(&notes, 8);
        for at in 0..notes.len() {
            assert_eq!(shards.iter().filter(|shard| shard[at].0).count(), 1);
            for block in 0..notes[at].blocks.len() {
                assert_eq!(shards.iter().filter(|shard| shard[at].1[block]).count(), 1);
            }
        }
        let sizes: Vec<usize> = shards
            .iter()
            .map(|shard| shard.iter().flat_map(|(_, blocks)| blocks).filter(|own| **own).count())
            .collect();
        assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
    }

    #[test]
    fn a_new_note_moves_few_scenarios() {
        let names: Vec<String> = (0..201).map(|at| format!("posts/{at}.md")).collect();
        let note = |path| Note { path, blocks: vec![(0..1, None); 5] };
        let notes: Vec<Note<'_>> = names.iter().map(|path| note(path.as_str())).collect();
        let (before, after) = (split(&notes[..200], 4), split(&notes, 4));
        let moved = (0..200)
            .flat_map(|at| (0..5).map(move |block| (at, block)))
            .filter(|&(at, block)| {
                (0..4).any(|shard| before[shard][at].1[block] != after[shard][at].1[block])
            })
            .count();
        assert!(moved <= 15, "{moved} of 1000");
    }
}
