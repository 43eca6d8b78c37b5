//! Reports: one file per kind of reader, over one plain description of what was checked.

pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod region;
pub mod sarif;
pub mod summary;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::command::exit::Exit;
use crate::diagnostic::{Diagnostic, Severity};
use crate::pipeline::Counts;
use crate::pipeline::simulate::BlockOutcome;
use crate::scenario::outcome::Verdict;
use crate::span::Place;
use human::{Style, frames};

/// Who reads a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// People: frames and a last line.
    Human,
    /// GitHub Actions: annotations and folded groups.
    Github,
    /// CI servers that show tests: Jenkins' form of JUnit's XML.
    Junit,
    /// Code scanning: SARIF 2.1.0.
    Sarif,
    /// Programs: documented in `docs/check-json.md`.
    Json,
}

/// The formats by their names on the command line.
pub const FORMATS: [(&str, Format); 5] = [
    ("human", Format::Human),
    ("github", Format::Github),
    ("junit", Format::Junit),
    ("sarif", Format::Sarif),
    ("json", Format::Json),
];

/// A report that is asked for: `FORMAT`, or `FORMAT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Who reads it.
    pub format: Format,
    /// The file that it goes to; standard output when there is none.
    pub file: Option<PathBuf>,
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the name of a file is missing behind `=`".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let known = FORMATS.iter().find(|(known, _)| *known == name);
        let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
        let (_, format) = known.ok_or_else(|| format!("the formats are {}", names.join(", ")))?;
        Ok(Self { format: *format, file })
    }
}

/// A measure that is no longer what the lock says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The scenario's id.
    pub scenario: String,
    /// The variant's name; `None` for a scenario without variants.
    pub variant: Option<String>,
    /// The measure by its name in the language.
    pub measure: String,
    /// Its value in the lock, as text.
    pub old: String,
    /// Its value now, as text.
    pub new: String,
}

/// Where the site lies for those who read a report elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The path of the site's folder in its repository: empty, or with a slash at the end.
    pub prefix: String,
    /// What stands before a file's path in an address that shows it; `None` where there is none.
    pub link: Option<String>,
    /// The notes that changed, which are told first; relative to the site's folder.
    pub changed: BTreeSet<String>,
}

impl Base {
    /// A file's path in the repository.
    pub fn path(&self, place: &Place) -> String {
        format!("{}{}", self.prefix, place.source().path())
    }
}

/// What a check found.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Everything that is wrong, in the order of files and places.
    pub diagnostics: &'a [Diagnostic],
    /// The scenario blocks of the site, those that weren't selected among them.
    pub blocks: &'a [BlockOutcome],
    /// The measures that moved.
    pub movements: &'a [Movement],
    /// How many of what.
    pub counts: Counts,
    /// How the command ends.
    pub exit: Exit,
    /// Whether warnings count as errors.
    pub strict: bool,
    /// Whether the first error ended the run.
    pub stopped: bool,
    /// How long it all took; `None` where no times are wanted.
    pub seconds: Option<f64>,
    /// The site's folder as the user named it.
    pub folder: &'a Path,
    /// Where the site lies for others.
    pub base: &'a Base,
}

/// An expectation in one variant, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The scenario's block.
    pub block: &'a BlockOutcome,
    /// The variant's name; `None` for a scenario without variants.
    pub variant: Option<&'a str>,
    /// What became of it.
    pub verdict: &'a Verdict,
    /// Where it is written.
    pub place: Option<&'a Place>,
    /// What was said of it, if it doesn't hold.
    pub diagnostic: Option<&'a Diagnostic>,
}

impl<'a> Report<'a> {
    /// Whether a diagnostic makes the check fail.
    pub fn fails(&self, found: &Diagnostic) -> bool {
        self.strict || found.severity() == Severity::Error
    }

    /// A file's path in the repository.
    pub fn path(&self, place: &Place) -> String {
        self.base.path(place)
    }

    /// How many diagnostics are errors, and how many warnings.
    pub fn totals(&self) -> (usize, usize) {
        let is_error = |found: &&Diagnostic| found.severity() == Severity::Error;
        let errors = self.diagnostics.iter().filter(is_error).count();
        (errors, self.diagnostics.len() - errors)
    }

    /// How many scenarios hold, in words.
    pub fn held(&self) -> String {
        let Counts { scenarios, broken, .. } = self.counts;
        let hold = if scenarios == 1 { "holds" } else { "hold" };
        format!("{} of {} {hold}", scenarios - broken, human::counted(scenarios, "scenario"))
    }

    /// The blocks that are judged.
    pub fn selected(&self) -> impl Iterator<Item = &'a BlockOutcome> + use<'a> {
        self.blocks.iter().filter(|block| block.selected)
    }

    /// The expectations of a block, variant by variant.
    pub fn cases(&self, block: &'a BlockOutcome) -> Vec<Case<'a>> {
        let Some(outcome) = &block.outcome else { return Vec::new() };
        let mut cases = Vec::new();
        for (at, variant) in outcome.variants.iter().enumerate() {
            for (number, verdict) in variant.verdicts.iter().enumerate() {
                let claim = block.claims.get(at).and_then(|claims| claims.get(number));
                let place = claim.and_then(Option::as_ref);
                let said = place.filter(|_| !verdict.holds).and_then(|place| {
                    self.diagnostics.iter().find(|found| self.fails(found) && within(found, place))
                });
                let variant = variant.name.as_deref();
                cases.push(Case { block, variant, verdict, place, diagnostic: said });
            }
        }
        cases
    }
}

/// Whether a diagnostic stands inside a place.
pub fn within(found: &Diagnostic, place: &Place) -> bool {
    found.place.as_ref().is_some_and(|inner| {
        let (inner_range, range) = (inner.range(), place.range());
        inner.source().path() == place.source().path()
            && range.start <= inner_range.start
            && inner_range.end <= range.end
    })
}

/// Whether a diagnostic stands in a scenario's block.
pub fn in_block(found: &Diagnostic, block: &BlockOutcome) -> bool {
    let source = block.place.source();
    within(found, &Place::new(source, block.info.start..block.body.end))
}

/// A diagnostic's frame without colours.
pub fn frame(found: &Diagnostic) -> String {
    frames(std::slice::from_ref(found), Style::of_files()).trim_end().to_owned()
}

/// What a diagnostic says behind its message: the words under the caret, facts, ways out; a line
/// each.
pub fn details(found: &Diagnostic) -> Vec<String> {
    let label = (!found.label.is_empty()).then(|| found.label.clone());
    let notes = found.notes.iter().map(|note| format!("note: {note}"));
    let hints = found.hints.iter().map(|hint| format!("hint: {hint}"));
    label.into_iter().chain(notes).chain(hints).collect()
}
