//! The words by which sentences speak of the catalogue's facts, as `aws/words.yml` lists them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// The words of all services and topics.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The names of services, by the key that topics know them by.
    pub services: BTreeMap<String, Vec<String>>,
    /// Words of an upper limit.
    pub most: Vec<String>,
    /// Words of a lower limit.
    pub least: Vec<String>,
    /// Words of a default.
    pub usual: Vec<String>,
    /// Words of sentences that state no fact.
    pub silent: Vec<String>,
    /// What sentences speak of.
    pub topics: Vec<Topic>,
}

/// Something that sentences say of a service, and the facts about it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Topic {
    /// The service's key.
    pub service: String,
    /// Words of what is spoken of.
    pub subject: Vec<String>,
    /// Words of which one has to stand in the sentence; none has to where the list is empty.
    pub with: Vec<String>,
    /// Words that make the sentence speak of something else.
    pub without: Vec<String>,
    /// The fact behind a word of an upper limit.
    pub most: Option<String>,
    /// The fact behind a word of a lower limit.
    pub least: Option<String>,
    /// The fact behind a word of a default.
    pub usual: Option<String>,
    /// The fact where no such word is needed.
    pub always: Option<String>,
    /// Quantities that are right as well.
    pub accept: Vec<String>,
    /// Whether a number without a counter is meant.
    pub bare: bool,
}

impl Topic {
    /// The names of all its facts.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        let facts = [&self.most, &self.least, &self.usual, &self.always];
        facts.into_iter().flatten().map(String::as_str)
    }
}

impl Words {
    /// The words that are compiled into the binary.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Words> = OnceLock::new();
        // A test holds that the embedded text can be read, so the empty list is never seen.
        BUILTIN
            .get_or_init(|| serde_yaml::from_str(include_str!("../words.yml")).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::catalogue::Catalogue;
    use crate::quantity::Quantity;

    #[test]
    fn topics_speak_of_facts_that_are_stated_by_someone() {
        let words: Words = serde_yaml::from_str(include_str!("../words.yml")).unwrap();
        for topic in &words.topics {
            assert!(words.services.contains_key(&topic.service), "{}", topic.service);
            assert!(topic.facts().next().is_some() && !topic.subject.is_empty());
            for name in topic.facts() {
                let fact = Catalogue::builtin().get(name).unwrap_or_else(|| panic!("{name}"));
                assert_ne!(fact.confidence, 'D', "{name} is an assumption");
            }
            for value in &topic.accept {
                assert!(Quantity::parse(value).is_ok(), "{value}");
            }
        }
    }
}
