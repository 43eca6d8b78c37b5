//! Values of an outcome by name, for sentences of posts: `scenario.ID.orders.throttles`.

use std::fmt;

use indexmap::IndexMap;

use super::expression::dimension::code;
use super::expression::name::{enumerate, suggestion};
use super::outcome::{Measure, Outcome};
use crate::diagnostic::closest;
use crate::quantity::Language;

/// Why a name leads to no measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupError {
    /// Which step of the path leads nowhere, from 0; the length of the path when it is too short.
    pub step: usize,
    /// What is wrong, one line, in the style of a diagnostic's message.
    pub message: String,
    /// A way out: a "did you mean", or the names there are.
    pub hint: Option<String>,
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for LookupError {}

impl LookupError {
    fn new(step: usize, message: String) -> Self {
        Self { step, message, hint: None }
    }

    fn hint(mut self, hint: String) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl Outcome {
    /// The measure at a path, without the `scenario` and the id.
    ///
    /// A scenario with variants is asked by the variant's name first (`["예약 없음", "orders",
    /// "throttles"]`, or with `variants` before it). Without a variant's name the value is given
    /// if it is the same in all variants; a value that differs has to be asked of one of them.
    /// Elements of a list are asked by their number.
    ///
    /// # Errors
    /// [`LookupError`] for a name that isn't there, or a value that differs among variants.
    pub fn lookup(&self, path: &[&str]) -> Result<&Measure, LookupError> {
        if let (Some((&"sweep", steps)), Some(sweep)) = (path.split_first(), &self.sweep) {
            return follow(&sweep.points, steps, 1, "sweep");
        }
        let skipped = usize::from(path.first() == Some(&"variants"));
        let rest = path.get(skipped..).unwrap_or_default();
        let named = rest.first().and_then(|name| {
            self.variants.iter().find(|variant| variant.name.as_deref() == Some(name))
        });
        if let Some(variant) = named {
            let below = rest.get(1..).unwrap_or_default();
            return descend(&variant.measures, below, skipped + 1, &self.id);
        }
        let names: Vec<&str> = self.variants.iter().filter_map(|v| v.name.as_deref()).collect();
        if skipped == 1 {
            let name = rest.first().copied().unwrap_or_default();
            let error = LookupError::new(1, format!("`{}` has no variant `{name}`", self.id));
            return Err(match closest(name, names.iter().copied()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint(format!("the variants are {}", enumerate(&names))),
            });
        }
        let Some(first) = self.variants.first() else {
            return Err(LookupError::new(0, format!("`{}` has no results", self.id)));
        };
        let found = descend(&first.measures, path, 0, &self.id).map_err(|error| {
            let word = path.first().copied().unwrap_or_default();
            match closest(word, names.iter().copied()).filter(|_| error.step == 0) {
                Some(near) => LookupError { hint: None, ..error }
                    .hint(format!("did you mean the variant `{near}`?")),
                None => error,
            }
        })?;
        for other in &self.variants[1..] {
            let same =
                descend(&other.measures, path, 0, &self.id).is_ok_and(|value| value == found);
            if !same {
                let asked = path.join(".");
                let example = first.name.as_deref().unwrap_or_default();
                return Err(LookupError::new(
                    0,
                    format!("`{asked}` of `{}` differs among its variants", self.id),
                )
                .hint(format!(
                    "name the variant: `scenario.{}[\"{example}\"].{asked}`; there are {}",
                    self.id,
                    enumerate(&names)
                )));
            }
        }
        Ok(found)
    }
}

/// Follows `path` from a variant's measures; `offset` is the number of steps before it.
fn descend<'a>(
    measures: &'a IndexMap<String, Measure>,
    path: &[&str],
    offset: usize,
    owner: &str,
) -> Result<&'a Measure, LookupError> {
    let Some((first, rest)) = path.split_first() else {
        let names: Vec<&str> = measures.keys().map(String::as_str).collect();
        return Err(LookupError::new(offset, format!("`{owner}` has many measures"))
            .hint(format!("name one of {}", enumerate(&names))));
    };
    let Some(at) = measures.get(*first) else {
        return Err(unknown(offset, first, owner, measures));
    };
    follow(at, rest, offset + 1, first)
}

/// Follows `path` from a measure called `owner`; `offset` is the number of steps before it.
fn follow<'a, 'p>(
    mut at: &'a Measure,
    path: &[&'p str],
    offset: usize,
    mut owner: &'p str,
) -> Result<&'a Measure, LookupError> {
    for (index, &step) in path.iter().enumerate() {
        let here = offset + index;
        at = match at {
            Measure::Map(map) => map.get(step).ok_or_else(|| unknown(here, step, owner, map))?,
            Measure::List(items) => {
                let found = step.parse::<usize>().ok().and_then(|number| items.get(number));
                found.ok_or_else(|| {
                    let size = items.len();
                    LookupError::new(here, format!("`{owner}` has no element `{step}`"))
                        .hint(format!("it has {size} elements, numbered from 0"))
                })?
            }
            _ => {
                return Err(LookupError::new(
                    here,
                    format!("`{owner}` is a single value and has no `{step}`"),
                ));
            }
        };
        owner = step;
    }
    Ok(at)
}

fn unknown(
    step: usize,
    name: &str,
    owner: &str,
    measures: &IndexMap<String, Measure>,
) -> LookupError {
    let error = LookupError::new(step, format!("`{owner}` has no measure `{name}`"));
    match suggestion(name, measures) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<&str> = measures.keys().map(String::as_str).collect();
            error.hint(format!("it has {}", enumerate(&names)))
        }
    }
}

/// A measure as a reader sees it: quantities by [`crate::quantity::Quantity::display`], truth
/// values and missing values as words of the language.
pub fn display(measure: &Measure, language: Language) -> String {
    let korean = language == Language::Korean;
    match measure {
        Measure::Absent => if korean { "없음" } else { "none" }.to_owned(),
        Measure::Bool(true) => if korean { "예" } else { "yes" }.to_owned(),
        Measure::Bool(false) => if korean { "아니요" } else { "no" }.to_owned(),
        Measure::Text(text) => text.clone(),
        Measure::List(items) => {
            let shown: Vec<String> = items.iter().map(|item| display(item, language)).collect();
            shown.join(", ")
        }
        Measure::Map(map) => {
            let shown =
                map.iter().map(|(name, value)| format!("{name}: {}", display(value, language)));
            shown.collect::<Vec<_>>().join(", ")
        }
        Measure::Quantity(..) => {
            measure.quantity().map_or_else(|| code(measure), |quantity| quantity.display(language))
        }
    }
}
