//! The quota catalogue: every AWS quota, default, price and behaviour constant that the engine
//! uses, each with its unit, the date from which it holds and the document that says so.
//!
//! The facts themselves stand in `quotas/`, a file for each service.

pub mod behaviour;
pub mod events;
pub mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::diagnostic::closest;
use crate::quantity::{Language, Quantity};

/// One fact of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name under which scenarios and posts know it, for instance `lambda.timeout_max`.
    pub name: String,
    /// The value.
    pub value: Quantity,
    /// The unit as the source has it, for instance `requests/s`, `USD/GB-s`, `environments`.
    pub unit: String,
    /// The day from which it holds, or on which it was read (`2023-11-26`).
    pub as_of: String,
    /// The document that says so.
    pub source: String,
    /// How sure it is: `A` stated by AWS in a current page, `B` in an older one, `C` measured by
    /// others, `D` an assumption of this model.
    pub confidence: char,
    /// What it is, one Korean sentence without a full stop.
    pub summary: String,
}

/// The files of facts, each under the name of its service, with which its facts' names begin.
const FILES: [(&str, &str); 14] = [
    ("api_gateway", include_str!("quotas/api_gateway.yml")),
    ("cloudfront", include_str!("quotas/cloudfront.yml")),
    ("lambda", include_str!("quotas/lambda.yml")),
    ("eventbridge", include_str!("quotas/eventbridge.yml")),
    ("iam", include_str!("quotas/iam.yml")),
    ("rds", include_str!("quotas/rds.yml")),
    ("rds_events", include_str!("quotas/rds_events.yml")),
    ("s3", include_str!("quotas/s3.yml")),
    ("sdk", include_str!("quotas/sdk.yml")),
    ("rds_proxy", include_str!("quotas/rds_proxy.yml")),
    ("sns", include_str!("quotas/sns.yml")),
    ("vpc", include_str!("quotas/vpc.yml")),
    ("sqs", include_str!("quotas/sqs.yml")),
    ("streams", include_str!("quotas/streams.yml")),
];

/// A fact as the files write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    value: String,
    unit: String,
    as_of: String,
    source: String,
    confidence: char,
    summary: String,
}

/// Why a text is no catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueError {
    /// The fact concerned, if the text could be read that far.
    pub name: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "`{name}`: {}", self.reason),
            None => write!(f, "{}", self.reason),
        }
    }
}

impl std::error::Error for CatalogueError {}

/// The confidence of a fact that the author gives.
const GIVEN: char = 'A';

/// The general name of a fact of a Region: that of `NAME_eu_west_1` is `NAME`.
fn of_all_regions(name: &str) -> Option<&str> {
    let (rest, number) = name.rsplit_once('_')?;
    let (rest, direction) = rest.rsplit_once('_')?;
    let (general, continent) = rest.rsplit_once('_')?;
    let letters = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_region = number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && letters(direction)
        && continent.len() == 2
        && letters(continent);
    is_region.then_some(general)
}

/// All facts, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// The facts by name.
    pub entries: BTreeMap<String, Entry>,
}

impl Catalogue {
    /// The catalogue that is compiled into the binary.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Catalogue> = OnceLock::new();
        // A test holds that each file is a catalogue, so none is ever left out.
        BUILTIN.get_or_init(|| {
            let files = FILES.iter().filter_map(|(_, text)| Self::parse(text).ok());
            Self { entries: files.flat_map(|file| file.entries).collect() }
        })
    }

    /// Reads a catalogue: a mapping from names to facts.
    ///
    /// # Errors
    /// [`CatalogueError`], when the text isn't YAML, a fact isn't complete, or a value is no
    /// quantity.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        let written: BTreeMap<String, Written> = serde_yaml::from_str(text)
            .map_err(|error| CatalogueError { name: None, reason: error.to_string() })?;
        let mut entries = BTreeMap::new();
        for (name, fact) in written {
            let value = Quantity::parse(&fact.value).map_err(|error| CatalogueError {
                name: Some(name.clone()),
                reason: format!("`{}` is {error}", fact.value),
            })?;
            let Written { unit, as_of, source, confidence, summary, .. } = fact;
            let entry =
                Entry { name: name.clone(), value, unit, as_of, source, confidence, summary };
            entries.insert(name, entry);
        }
        Ok(Self { entries })
    }

    /// The catalogue of a site that has other values for some facts: an account with raised quotas.
    /// A general fact that is given counts before the catalogue's own for a Region.
    pub fn with(&self, values: &BTreeMap<String, Quantity>) -> Self {
        let mut catalogue = self.clone();
        for entry in catalogue.entries.values_mut() {
            let general = || values.get(of_all_regions(&entry.name)?);
            let Some(value) = values.get(&entry.name).or_else(general) else { continue };
            entry.source = format!("_config.yml ({}: {})", entry.source, entry.value.code());
            entry.value = *value;
            entry.confidence = GIVEN;
        }
        catalogue
    }

    /// A fact by name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// All facts in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The facts below a prefix, for instance those of `lambda.price`, in the order of their names.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.iter().filter(move |entry| {
            entry.name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// The name that a misspelt one probably means, for a "did you mean".
    pub fn suggest(&self, name: &str) -> Option<&str> {
        closest(name, self.entries.keys().map(String::as_str))
    }
}

impl Entry {
    /// The fact in a line of a reader's language: value, what it is, since when, and who says so.
    pub fn describe(&self, language: Language) -> String {
        let value = self.value.display(language);
        let Self { name, unit, as_of, source, confidence, summary, .. } = self;
        match language {
            Language::Korean => format!(
                "{name} = {value} ({unit}): {summary}. {as_of} 기준, 출처 {source}, 신뢰도 \
                 {confidence}"
            ),
            Language::English => format!(
                "{name} = {value} ({unit}): {summary}. As of {as_of}, source {source}, confidence \
                 {confidence}"
            ),
        }
    }
}

/// The catalogue with one scenario's overrides. It remembers which facts were read, because the
/// result depends on those and on no others.
#[derive(Debug)]
pub struct Quotas<'a> {
    catalogue: &'a Catalogue,
    overrides: BTreeMap<String, Quantity>,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> Quotas<'a> {
    /// The catalogue with overrides, whose names and dimensions have been checked.
    pub fn new(catalogue: &'a Catalogue, overrides: BTreeMap<String, Quantity>) -> Self {
        Self { catalogue, overrides, read: RefCell::default() }
    }

    /// The value of a fact, which is recorded as read. `None` for a name that isn't there.
    pub fn get(&self, name: &str) -> Option<Quantity> {
        let entry = self.catalogue.get(name)?;
        self.read.borrow_mut().insert(name.to_owned());
        Some(self.overrides.get(name).copied().unwrap_or(entry.value))
    }

    /// The value of a fact in a Region: that of `NAME_REGION` (with `_` for `-`) if the catalogue
    /// has it and the scenario doesn't override the general one, else that of `NAME`.
    pub fn get_in_region(&self, name: &str, region: &str) -> Option<Quantity> {
        let regional = format!("{name}_{}", region.replace('-', "_"));
        let general = self.overrides.contains_key(name) && !self.overrides.contains_key(&regional);
        if general { self.get(name) } else { self.get(&regional).or_else(|| self.get(name)) }
    }

    /// The names that were read so far.
    pub fn names_read(&self) -> BTreeSet<String> {
        self.read.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_complete() {
        let catalogue = Catalogue::builtin();
        assert!(catalogue.entries.len() > 40);
        for (service, text) in FILES {
            let file = Catalogue::parse(text).expect("a catalogue");
            for name in file.entries.keys() {
                assert!(name.starts_with(&format!("{service}.")), "{name} in {service}.yml");
            }
        }
        for entry in catalogue.iter() {
            let name = &entry.name;
            let is_name =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c);
            assert!(name.chars().all(is_name), "{name}");
            assert!(entry.value.amount.is_finite() && entry.value.amount >= 0.0, "{name}");
            assert!("ABCD".contains(entry.confidence), "{name}");
            let date = entry.as_of.as_bytes();
            assert!(date.len() == 10 && date[4] == b'-' && date[7] == b'-', "{name}");
            let hangul = |c| ('가'..='힣').contains(&c);
            assert!(entry.summary.chars().any(hangul), "{name}");
            assert!(!entry.summary.ends_with('.') && !entry.unit.is_empty(), "{name}");
            assert!(entry.source.len() > 3, "{name}");
        }
    }

    #[test]
    fn an_override_counts_and_reading_is_remembered() {
        let catalogue = Catalogue::builtin();
        let name = "lambda.concurrent_executions";
        let overrides = BTreeMap::from([(name.to_owned(), Quantity::number(3000.0))]);
        let quotas = Quotas::new(catalogue, overrides);
        assert_eq!(quotas.get(name), Some(Quantity::number(3000.0)));
        assert_eq!(quotas.get("lambda.nothing"), None);
        assert_eq!(quotas.names_read(), BTreeSet::from([name.to_owned()]));
    }

    #[test]
    fn a_region_s_value_comes_before_the_general_one() {
        let fact = |value| {
            format!(
                "{{value: '{value}', unit: u, as_of: d, source: s, \
            confidence: A, summary: x}}"
            )
        };
        let text = format!("p: {}\np_eu_west_1: {}\n", fact("1USD"), fact("2USD"));
        let catalogue = Catalogue::parse(&text).unwrap();
        let amount = |overrides: &[(&str, f64)], region| {
            let dollars = |&(name, amount): &(&str, f64)| {
                (name.to_owned(), Quantity::new(amount, crate::quantity::Dimension::Money))
            };
            let quotas = Quotas::new(&catalogue, overrides.iter().map(dollars).collect());
            quotas.get_in_region("p", region).unwrap().amount
        };
        assert_eq!(amount(&[], "eu-west-1"), 2.0);
        assert_eq!(amount(&[], "ap-northeast-2"), 1.0);
        assert_eq!(amount(&[("p", 7.0)], "eu-west-1"), 7.0);
        assert_eq!(amount(&[("p", 7.0), ("p_eu_west_1", 8.0)], "eu-west-1"), 8.0);
    }

    #[test]
    fn a_site_has_its_own_values() {
        let name = "lambda.concurrent_executions";
        let values = BTreeMap::from([
            (name.to_owned(), Quantity::number(3000.0)),
            ("lambda.price.requests".to_owned(), Quantity::number(1.0)),
        ]);
        let builtin = Catalogue::builtin();
        let catalogue = builtin.with(&values);
        let entry = catalogue.get(name).unwrap();
        assert_eq!(entry.value, Quantity::number(3000.0));
        assert!(entry.source.starts_with("_config.yml ("), "{}", entry.source);
        let changed = catalogue.iter().zip(builtin.iter()).filter(|(new, old)| new != old);
        assert!(changed.map(|(new, _)| &new.name).all(|changed| {
            values.keys().any(|name| name == changed || of_all_regions(changed) == Some(name))
        }));
        assert_eq!(of_all_regions("p_ap_northeast_2"), Some("p"));
        assert_eq!(of_all_regions("lambda.start_per_10"), None);
    }

    #[test]
    fn a_misspelt_name_has_a_suggestion() {
        let suggest = |name| Catalogue::builtin().suggest(name);
        assert_eq!(suggest("lambda.timeout_mx"), Some("lambda.timeout_max"));
        assert_eq!(suggest("banana"), None);
    }

    #[test]
    fn what_is_no_catalogue_is_an_error() {
        assert!(Catalogue::parse("- a\n").is_err());
        assert!(Catalogue::parse("a: {value: soon}\n").is_err());
        let text = "a: {value: soon, unit: u, as_of: d, source: s, confidence: A, summary: x}";
        let error = Catalogue::parse(text).unwrap_err();
        assert_eq!(error.to_string(), "`a`: `soon` is not a number");
    }
}
