//! What went wrong, where, and what to do about it. Nothing here prints.

use crate::span::Place;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The page it belongs to, or the claim, can't stand.
    Error,
    /// The page is built, but likely not as its author meant.
    Warning,
}

/// The name of a rule: `E` or `W` and four digits, for instance `E0107`.
///
/// Each code has one owner, a `const` in the file that finds the mistake, and one page under
/// `tests/messages/` which `bogi explain` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl Code {
    /// The severity that the code's letter stands for.
    pub fn severity(self) -> Severity {
        if self.0.starts_with('W') { Severity::Warning } else { Severity::Error }
    }
}

/// A second place that a diagnostic speaks of, with its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What to see there, one short line.
    pub label: String,
}

/// One mistake in the author's words: a message, its place, and a way out.
///
/// Messages are one line, lower case unless a name begins them, no full stop, names in back-ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub code: Code,
    /// What is wrong, one line.
    pub message: String,
    /// Where; `None` for what has no place in a file (a command-line argument, a full disk).
    pub place: Option<Place>,
    /// The words under the caret, may be empty.
    pub label: String,
    /// Further places.
    pub related: Vec<Related>,
    /// Facts that explain the message, a line each.
    pub notes: Vec<String>,
    /// What to do, a line each.
    pub hints: Vec<String>,
    /// What Jekyll says of the same mistake, for those who ask for a trace.
    pub original: Option<String>,
    /// Whether Jekyll builds the site all the same, so that `bogi build` does, too.
    pub tolerated: bool,
    /// Whether a command that doesn't care lets an error pass as a warning.
    pub demoted: bool,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            place: None,
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            hints: Vec::new(),
            original: None,
            tolerated: false,
            demoted: false,
        }
    }

    /// Sets the place.
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    /// Sets the words under the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a further place.
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push(Related { place, label: label.into() });
        self
    }

    /// Adds a fact.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Says that Jekyll builds the site all the same.
    pub fn tolerated(mut self) -> Self {
        self.tolerated = true;
        self
    }

    /// Sets what Jekyll says of the same mistake.
    pub fn original(mut self, words: impl Into<String>) -> Self {
        self.original = Some(words.into());
        self
    }

    /// The severity, which follows from the code unless the diagnostic was demoted.
    pub fn severity(&self) -> Severity {
        if self.demoted { Severity::Warning } else { self.code.severity() }
    }

    /// The order in which diagnostics are shown: file, place, code, message; those without a
    /// place come first. It doesn't depend on the order in which stages found them.
    pub fn sort_key(&self) -> (Option<(&str, usize, usize)>, Code, &str) {
        let place = self.place.as_ref().map(|place| {
            let range = place.range();
            (place.source().path(), range.start, range.end)
        });
        (place, self.code, &self.message)
    }
}

/// What a stage gives: its value, and what it has to say about its input.
#[derive(Clone, Debug)]
pub struct Staged<T> {
    /// The result, as far as it could be made.
    pub value: T,
    /// What was wrong with the input, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Staged<T> {
    /// A value about which there is nothing to say.
    pub fn clean(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// A value with diagnostics.
    pub fn new(value: T, diagnostics: Vec<Diagnostic>) -> Self {
        Self { value, diagnostics }
    }

    /// The value; the diagnostics go to the end of `sink`.
    pub fn collect_into(self, sink: &mut Vec<Diagnostic>) -> T {
        sink.extend(self.diagnostics);
        self.value
    }
}

/// The closest of `candidates` to a misspelt `word`, for a "did you mean": at most a third of the
/// word's characters differ (one at least), the first of equals in the order given.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(word, candidate), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance with a swap of neighbours as one edit; words over 64 characters count as
/// far from everything, so that the work is bounded.
fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(65).collect();
    let b: Vec<char> = b.chars().take(65).collect();
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_finds_its_neighbour() {
        let keys = ["duration", "init_duration", "memory", "timeout"];
        assert_eq!(closest("duraiton", keys), Some("duration"));
        assert_eq!(closest("memroy", keys), Some("memory"));
        assert_eq!(closest("region", keys), None);
        assert_eq!(closest(&"x".repeat(1_000_000), keys), None);
    }
}
