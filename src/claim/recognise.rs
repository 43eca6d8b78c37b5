//! Quantities beside a service's name that nobody bound: which fact each speaks of, and whether it
//! contradicts the catalogue. It is precise rather than complete: a quantity is left alone unless
//! service, subject and kind of limit are clear from its sentence and the headings above it.

use std::ops::Range;

use super::judge;
use super::lexicon::{Direction, Lexicon, Role, Word};
use super::prose::{self, OPAQUE, Sentence};
use super::relation::{self, Relation};
use crate::aws::catalogue::words::{Topic, Words};
use crate::aws::catalogue::{Catalogue, Entry};
use crate::quantity::prose::{Stated, quantities};
use crate::quantity::{Dimension, Quantity};

/// How far in bytes a topic's word may be from its quantity; a Korean syllable has three.
const SUBJECT_REACH: usize = 90;
/// How far a word of a limit may stand before its quantity.
const DIRECTION_REACH: usize = 60;
/// What joins clauses: a word of a limit before it isn't about the quantity behind it.
const JOINTS: [&str; 11] =
    ["때", "면 ", "보다", "지만", "하고", "이고", "이며", "와 ", "과 ", " and ", " but "];
/// What may stand between a quantity and the word behind it that says which limit it is.
const PARTICLES: [&str; 10] = ["", "의", "로", "으로", "이", "가", "을", "를", "as the", "is the"];
/// Words behind a quantity that make it one side of a comparison.
const COMPARED: [&str; 4] = ["보다", "이면", "라도", "이라도"];
/// How much farther a topic's word seems when it stands behind its quantity.
const BEHIND_FACTOR: usize = 3;
/// How many bytes of a heading or list item above are looked at.
const CONTEXT_BYTES: usize = 200;

/// A quantity that speaks of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
    /// The quantity, with ranges of the text that was given.
    pub stated: Stated,
    /// The quantity as it is written.
    pub text: String,
    /// The quantity as the text would have to state it.
    pub right: String,
    /// Whether it is said to be about this much.
    pub relation: Relation,
    /// The fact.
    pub fact: &'static Entry,
    /// Whether the fact is as the sentence says.
    pub holds: bool,
}

/// The quantities of a Markdown text that speak of facts. `title` is the page's, which counts as a
/// heading above everything.
pub fn recognise(text: &str, title: &str) -> Vec<Recognised> {
    let Some(lexicon) = Lexicon::builtin() else { return Vec::new() };
    let words = Words::builtin();
    let mut found = Vec::new();
    for sentence in prose::sentences(text) {
        if sentence.silenced || is_option(&sentence.text) || sentence.text.contains('?') {
            continue;
        }
        let here = lexicon.find(&sentence.text);
        let speaks = |word: &Word| word.roles.iter().any(|role| matches!(role, Role::Subject(_)));
        if !here.iter().any(speaks) || here.iter().any(|word| word.is(Role::Silent)) {
            continue;
        }
        let stated = quantities(&sentence.text);
        if stated.is_empty() {
            continue;
        }
        let above = Above::new(lexicon, &sentence, title);
        let reader = Reader { words, sentence: &sentence.text, here, above, stated: &stated };
        for at in 0..stated.len() {
            found.extend(reader.read(at).map(|mut recognised| {
                let shift = |range: &mut Range<usize>| {
                    *range = range.start + sentence.start..range.end + sentence.start;
                };
                shift(&mut recognised.stated.range);
                shift(&mut recognised.stated.number);
                shift(&mut recognised.stated.unit);
                recognised
            }));
        }
    }
    found
}

/// Whether a line is one of the answers to choose from: `A. …`, `(b) …`, `| C | …`.
fn is_option(sentence: &str) -> bool {
    let text = sentence.trim_start_matches([' ', '-', '*', '|', '(', '[', ']', '\t']);
    let mut chars = text.chars();
    let letter = chars.next().is_some_and(|c| matches!(c, 'A'..='F' | 'a'..='f' | '①'..='⑤'));
    let rest = chars.as_str().trim_start();
    letter && rest.starts_with(['.', ')', '|', ':'])
}

/// The words of the headings and list items above a sentence, the nearest first.
struct Above {
    words: Vec<Vec<Word>>,
}

impl Above {
    fn new(lexicon: &'static Lexicon, sentence: &Sentence, title: &str) -> Self {
        let texts = sentence.context.iter().rev().map(String::as_str).chain([title]);
        let cut = |text: &'_ str| {
            let mut end = text.len().min(CONTEXT_BYTES);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            lexicon.find(&text[..end])
        };
        Self { words: texts.map(cut).collect() }
    }

    /// The service that the nearest heading with a service's name names, if it names one only.
    fn service(&self) -> Option<usize> {
        let named = self.words.iter().map(|words| services(words)).find(|found| !found.is_empty());
        let named = named?;
        let (first, rest) = named.split_first()?;
        rest.iter().all(|other| other.1 == first.1).then_some(first.1)
    }

    fn has(&self, role: Role) -> bool {
        self.words.iter().flatten().any(|word| word.is(role))
    }
}

/// The places and numbers of the services that words name.
fn services(words: &[Word]) -> Vec<(Range<usize>, usize)> {
    let service = |word: &Word| {
        word.roles.iter().find_map(|role| match role {
            Role::Service(number) => Some((word.range.clone(), *number)),
            _ => None,
        })
    };
    words.iter().filter_map(service).collect()
}

/// How many bytes lie between two ranges.
fn distance(a: &Range<usize>, b: &Range<usize>) -> usize {
    if a.end <= b.start { b.start - a.end } else { a.start.saturating_sub(b.end) }
}

struct Reader<'s> {
    words: &'static Words,
    sentence: &'s str,
    here: Vec<Word>,
    above: Above,
    stated: &'s [Stated],
}

impl Reader<'_> {
    fn read(&self, at: usize) -> Option<Recognised> {
        let stated = self.stated.get(at)?;
        if self.is_quoted(&stated.range) {
            return None;
        }
        let service = self.service(&stated.range)?;
        let key = self.words.services.keys().nth(service)?;
        let (number, topic) = self.topic(stated, key)?;
        let before = &self.sentence[..stated.range.start];
        let relation = relation::around(before, &self.sentence[stated.range.end..]);
        let behind = self.sentence[stated.range.end..].trim_start();
        let compared = COMPARED.iter().any(|word| behind.starts_with(word));
        if compared || !matches!(relation, Relation::Equal | Relation::About | Relation::AtMost) {
            return None;
        }
        let name = self.fact(at, topic)?;
        let catalogue = Catalogue::builtin();
        let fact = catalogue.get(name)?;
        if !fits(stated, fact) || !self.is_counted(stated, topic, number) {
            return None;
        }
        let origin = judge::Origin::Fact;
        let is = |value: Quantity| judge::holds(stated, relation, false, value, origin);
        let holds = is(fact.value)?;
        let others = topic.facts().filter_map(|name| Some(catalogue.get(name)?.value));
        let accepted = topic.accept.iter().filter_map(|text| Quantity::parse(text).ok());
        // The default where the limit was expected: the words were read wrongly, not written so.
        if !holds && others.chain(accepted).any(|value| is(value) == Some(true)) {
            return None;
        }
        let text = self.sentence[stated.range.clone()].to_owned();
        let right = stated.restated(self.sentence, fact.value);
        Some(Recognised { stated: stated.clone(), text, right, relation, fact, holds })
    }

    /// The service of the name that stands nearest, else the one that the headings are about.
    fn service(&self, quantity: &Range<usize>) -> Option<usize> {
        let named = services(&self.here);
        let nearest = named.iter().min_by_key(|(range, _)| distance(range, quantity));
        let Some((range, service)) = nearest else { return self.above.service() };
        // `Default timeout is 29 seconds regardless of Lambda's` speaks of what the headings do.
        let behind = range.start >= quantity.end;
        let above = self.above.service();
        (!behind || above.is_none_or(|above| above == *service)).then_some(*service)
    }

    /// The topic of the service whose word stands nearest to the quantity, of those that speak of
    /// quantities of its kind.
    fn topic(&self, stated: &Stated, service: &str) -> Option<(usize, &'static Topic)> {
        let mut best: Option<(usize, usize)> = None;
        for word in &self.here {
            let away = distance(&word.range, &stated.range);
            let behind = word.range.start >= stated.range.end;
            let away = if behind { away * BEHIND_FACTOR } else { away };
            for role in word.roles {
                let Role::Subject(number) = role else { continue };
                let near = away <= SUBJECT_REACH && best.is_none_or(|(_, other)| away < other);
                if near && self.topic_fits(*number, stated, service) {
                    best = Some((*number, away));
                }
            }
        }
        let (number, _) = best?;
        Some((number, self.words.topics.get(number)?))
    }

    fn topic_fits(&self, number: usize, stated: &Stated, service: &str) -> bool {
        let Some(topic) = self.words.topics.get(number) else { return false };
        let has = |role| self.here.iter().any(|word| word.is(role)) || self.above.has(role);
        let catalogue = Catalogue::builtin();
        topic.service == service
            && (topic.with.is_empty() || has(Role::With(number)))
            && !has(Role::Without(number))
            && topic.facts().filter_map(|name| catalogue.get(name)).any(|fact| fits(stated, fact))
    }

    /// The fact that the quantity is said to be.
    fn fact(&self, at: usize, topic: &'static Topic) -> Option<&'static str> {
        let of = |direction| match direction {
            Direction::Most => topic.most.as_deref(),
            Direction::Least => topic.least.as_deref(),
            Direction::Usual => topic.usual.as_deref(),
        };
        if let Some(direction) = self.in_range(at, topic) {
            return of(direction);
        }
        match (self.direction_before(at), self.direction_behind(at)) {
            (Some(one), Some(other)) if of(one) != of(other) => None,
            (Some(direction), _) | (None, Some(direction)) => of(direction),
            (None, None) => None,
        }
        .or(topic.always.as_deref())
    }

    /// `128MB에서 10GB`: the first is the least, the second the most. A range that begins elsewhere
    /// is the author's own.
    fn in_range(&self, at: usize, topic: &Topic) -> Option<Direction> {
        let joined = |first: &Stated, second: &Stated| {
            let between = self.sentence.get(first.range.end..second.range.start)?.trim();
            let joins = ["~", "∼", "-", "–", "에서", "부터", "to", "에서 최대", "~ 최대"];
            joins.contains(&between).then_some(())
        };
        let stated = self.stated.get(at)?;
        let least = Catalogue::builtin().get(topic.least.as_deref()?)?.value;
        let begins = |first: &Stated| {
            first.quantity.dimension == least.dimension && first.quantity.amount == least.amount
        };
        if let Some(next) = self.stated.get(at + 1)
            && begins(stated)
            && joined(stated, next).is_some()
        {
            return Some(Direction::Least);
        }
        let previous = self.stated.get(at.checked_sub(1)?)?;
        (begins(previous) && joined(previous, stated).is_some()).then_some(Direction::Most)
    }

    fn direction_before(&self, at: usize) -> Option<Direction> {
        let quantity = &self.stated.get(at)?.range;
        let previous = at.checked_sub(1).and_then(|at| self.stated.get(at));
        let from = previous.map_or(0, |previous| previous.range.end);
        let before = self.here.iter().rev().filter(|word| {
            let range = &word.range;
            // `초당 최대 1,000건` has the word inside.
            from <= range.start && range.start < quantity.end && range.end <= quantity.end
        });
        let (range, direction) = before.filter_map(direction).next()?;
        if range.start >= quantity.start {
            return Some(direction);
        }
        let between = &self.sentence[range.end..quantity.start];
        let breaks = between.contains([OPAQUE, ',', ';', '|', '·', '/', '→']);
        let breaks = breaks || JOINTS.iter().any(|joint| between.contains(joint));
        (between.len() <= DIRECTION_REACH && !breaks).then_some(direction)
    }

    fn direction_behind(&self, at: usize) -> Option<Direction> {
        let quantity = &self.stated.get(at)?.range;
        let mut behind = self.here.iter().filter(|word| word.range.start >= quantity.end);
        let (range, direction) = behind.find_map(direction)?;
        let between = &self.sentence[quantity.end..range.start];
        let near = PARTICLES.contains(&between.trim());
        let next = self.stated.get(at + 1).is_some_and(|next| next.range.start < range.start);
        (near && !next).then_some(direction)
    }

    /// Whether a bare number counts what the topic counts.
    fn is_counted(&self, stated: &Stated, topic: &Topic, number: usize) -> bool {
        if stated.quantity.dimension != Dimension::Number || topic.bare || !stated.unit.is_empty() {
            return true;
        }
        self.here.iter().any(|word| {
            let follows = word.range.start >= stated.range.end;
            follows && word.range.start <= stated.range.end + 1 && word.is(Role::Subject(number))
        })
    }

    fn is_quoted(&self, quantity: &Range<usize>) -> bool {
        const PAIRS: [(char, char); 5] =
            [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('"', '"')];
        let before = &self.sentence[..quantity.start];
        let behind = &self.sentence[quantity.end..];
        PAIRS.iter().any(|&(open, close)| {
            let opened = before.matches(open).count();
            let closed = if open == close { opened / 2 * 2 } else { before.matches(close).count() };
            opened > closed && behind.contains(close)
        })
    }
}

fn direction(word: &Word) -> Option<(Range<usize>, Direction)> {
    word.roles.iter().find_map(|role| match role {
        Role::Direction(direction) => Some((word.range.clone(), *direction)),
        _ => None,
    })
}

/// Whether a quantity is of the kind of a fact: a size for each second is no size.
fn fits(stated: &Stated, fact: &Entry) -> bool {
    let each_second = fact.unit.contains("per second");
    judge::comparable(stated, fact.value)
        && stated.per_second == (each_second && fact.value.dimension == Dimension::DataSize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The catalogue says of itself nothing that it would warn about.
    #[test]
    fn the_catalogue_s_own_summaries_contradict_nothing() {
        for entry in Catalogue::builtin().iter() {
            let service = entry.name.split('.').next().unwrap_or_default();
            let value = entry.value.display(crate::quantity::Language::Korean);
            let text = format!("# {service}\n\n{}: {value}\n", entry.summary);
            let wrong: Vec<Recognised> =
                recognise(&text, "AWS").into_iter().filter(|found| !found.holds).collect();
            assert!(wrong.is_empty(), "{text}{wrong:?}");
        }
    }

    #[test]
    fn any_text_is_read_without_panic() {
        for text in
            ["Lambda 최대", "| Lambda | 최대 15분", "- `\n  15분`", "Lambda 최대 “15분", "<!--"]
        {
            recognise(text, "");
        }
    }
}
