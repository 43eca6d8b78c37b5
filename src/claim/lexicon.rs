//! The words of services, topics and limits in a sentence, all found in one pass.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::aws::catalogue::words::Words;

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A service by its number.
    Service(usize),
    /// The subject of a topic, by the topic's number.
    Subject(usize),
    /// A limit or a default.
    Direction(Direction),
    /// The sentence states no fact.
    Silent,
    /// A topic asks for it.
    With(usize),
    /// A topic forbids it.
    Without(usize),
}

/// Which fact of a topic a quantity is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// An upper limit.
    Most,
    /// A lower limit.
    Least,
    /// A default.
    Usual,
}

/// A word that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its roles.
    pub roles: &'static [Role],
}

impl Word {
    /// Whether it has a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// All words, ready to be searched for.
pub struct Lexicon {
    automaton: AhoCorasick,
    words: Vec<(String, Vec<Role>)>,
}

impl Lexicon {
    /// The words that are compiled into the binary. `None` only if they were no words.
    pub fn builtin() -> Option<&'static Self> {
        static BUILTIN: OnceLock<Option<Lexicon>> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::new(Words::builtin())).as_ref()
    }

    fn new(words: &Words) -> Option<Self> {
        let mut roles: BTreeMap<String, Vec<Role>> = BTreeMap::new();
        let mut add = |words: &[String], role: Role| {
            for word in words {
                roles.entry(word.to_lowercase()).or_default().push(role);
            }
        };
        for (number, names) in words.services.values().enumerate() {
            add(names, Role::Service(number));
        }
        add(&words.most, Role::Direction(Direction::Most));
        add(&words.least, Role::Direction(Direction::Least));
        add(&words.usual, Role::Direction(Direction::Usual));
        add(&words.silent, Role::Silent);
        for (number, topic) in words.topics.iter().enumerate() {
            add(&topic.subject, Role::Subject(number));
            add(&topic.with, Role::With(number));
            add(&topic.without, Role::Without(number));
        }
        let words: Vec<(String, Vec<Role>)> = roles.into_iter().collect();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(words.iter().map(|(word, _)| word))
            .ok()?;
        Some(Self { automaton, words })
    }

    /// The words of a text in their order. A word inside a longer one of the kind that says what is
    /// spoken of isn't given: `DynamoDB` of `DynamoDB Streams`, `제한` of `제한 시간`.
    pub fn find(&'static self, text: &str) -> Vec<Word> {
        let mut found: Vec<Word> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            let range = hit.start()..hit.end();
            let Some((word, roles)) = self.words.get(hit.pattern().as_usize()) else { continue };
            if stands_alone(text, &range, word) {
                found.push(Word { range, roles });
            }
        }
        let names = |word: &Word| {
            let kinds = |role: &Role| matches!(role, Role::Service(_) | Role::Subject(_));
            word.roles.iter().any(kinds)
        };
        let longer: Vec<Range<usize>> =
            found.iter().filter(|word| names(word)).map(|word| word.range.clone()).collect();
        let inside = |range: &Range<usize>| {
            longer.iter().any(|outer| {
                outer.start <= range.start && range.end <= outer.end && outer.len() > range.len()
            })
        };
        found.retain(|word| !inside(&word.range));
        found.sort_by_key(|word| (word.range.start, word.range.end));
        found
    }
}

/// Whether a word isn't only a part of another: letters of its own script don't go on. Korean words
/// take particles and join others, so only one of a single syllable has to begin a word.
fn stands_alone(text: &str, range: &Range<usize>, word: &str) -> bool {
    let before = text[..range.start].chars().next_back();
    let behind = text[range.end..].chars().next();
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let begins = word.starts_with(|c: char| c.is_ascii_alphanumeric());
    let ends = word.ends_with(|c: char| c.is_ascii_alphanumeric());
    if (begins && is_latin(before)) || (ends && is_latin(behind)) {
        return false;
    }
    let is_syllable = word == "램";
    !(is_syllable && before.is_some_and(|c| c.is_alphanumeric()))
}
