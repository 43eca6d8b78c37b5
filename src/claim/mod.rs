//! Claims: quantities in the prose that are bound to a fact of the catalogue or to a measure of a
//! scenario, or that contradict a fact beside a service's name.

pub mod binding;
pub mod judge;
pub mod lexicon;
pub mod prose;
pub mod recognise;
pub mod relation;

use std::fmt;

use crate::quantity::Quantity;
use crate::span::Place;
use relation::Relation;

/// What a claim speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A fact of the catalogue by its name, for instance `lambda.timeout_max`.
    Fact(String),
    /// A measure of a scenario.
    Measure {
        /// The scenario's id.
        scenario: String,
        /// The way from the scenario to the measure: variant, resource, names.
        path: Vec<String>,
    },
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(name) => write!(f, "{name}"),
            Self::Measure { scenario, path } => {
                write!(f, "scenario.{scenario}")?;
                for step in path {
                    let plain = step.chars().all(|c| c.is_alphanumeric() || c == '_');
                    match plain {
                        true => write!(f, ".{step}")?,
                        false => write!(f, "[\"{step}\"]")?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// A quantity of a sentence that speaks of a fact or a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The path of the document in which it stands, relative to the site's folder.
    pub page: String,
    /// Where the quantity stands; in an include's file if it comes from there.
    pub place: Place,
    /// The quantity as it is written.
    pub text: String,
    /// What that means.
    pub stated: Quantity,
    /// The quantity as the text would have to state it to be exactly right, in the author's unit
    /// where that shows it whole.
    pub right: String,
    /// How the quantity is meant.
    pub relation: Relation,
    /// What it speaks of.
    pub subject: Subject,
    /// Whether the author bound it, or it was recognised by the words around it.
    pub bound: bool,
    /// Whether it holds.
    pub holds: bool,
}
