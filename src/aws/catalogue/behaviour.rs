//! What AWS does, row by row, and what this model makes of it: modelled, a parameter, or not
//! modelled. Together with the quantities of the catalogue this is what `docs/model.md` shows.
//!
//! The rows stand in `behaviour/`, a file for each service.

use std::fmt::Write;
use std::sync::OnceLock;

use serde::Deserialize;

use super::{Catalogue, CatalogueError, Entry};

/// The files of rows, each under the name of its service.
const FILES: [(&str, &str); 15] = [
    ("cloudfront", include_str!("../behaviour/cloudfront.yml")),
    ("lambda", include_str!("../behaviour/lambda.yml")),
    ("eventbridge", include_str!("../behaviour/eventbridge.yml")),
    ("iam", include_str!("../behaviour/iam.yml")),
    ("api_gateway", include_str!("../behaviour/api_gateway.yml")),
    ("s3", include_str!("../behaviour/s3.yml")),
    ("sdk", include_str!("../behaviour/sdk.yml")),
    ("ecs", include_str!("../behaviour/ecs.yml")),
    ("sqs", include_str!("../behaviour/sqs.yml")),
    ("streams", include_str!("../behaviour/streams.yml")),
    ("sns", include_str!("../behaviour/sns.yml")),
    ("rds", include_str!("../behaviour/rds.yml")),
    ("rds_events", include_str!("../behaviour/rds_events.yml")),
    ("rds_proxy", include_str!("../behaviour/rds_proxy.yml")),
    ("vpc", include_str!("../behaviour/vpc.yml")),
];

/// What the model makes of a behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The engine does it.
    Modelled,
    /// The author of a scenario says it, or the catalogue does.
    Parameter,
    /// The engine leaves it out.
    NotModelled,
}

/// Something that AWS does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// What it does, one sentence.
    pub what: String,
    /// What the model makes of it.
    pub state: State,
    /// How: keys of the language, names of the catalogue, pages of tests; why not, for what isn't
    /// modelled.
    pub how: String,
    /// The document that says so.
    pub source: String,
    /// How sure it is, as in the catalogue.
    pub confidence: char,
}

/// The rows of all services, by service.
pub fn all() -> &'static [(&'static str, Vec<Behaviour>)] {
    static ALL: OnceLock<Vec<(&str, Vec<Behaviour>)>> = OnceLock::new();
    ALL.get_or_init(|| {
        // A test holds that each file can be read, so none is ever left out.
        let read = |(service, text): &(&'static str, &str)| Some((*service, parse(text).ok()?));
        FILES.iter().filter_map(read).collect()
    })
}

/// Reads the rows of a file.
///
/// # Errors
/// [`CatalogueError`], when the text isn't YAML or a row isn't complete.
pub fn parse(text: &str) -> Result<Vec<Behaviour>, CatalogueError> {
    let error = |error: serde_yaml::Error| CatalogueError { name: None, reason: error.to_string() };
    serde_yaml::from_str(text).map_err(error)
}

/// The page that says what the model is made of, as Markdown.
pub fn page(catalogue: &Catalogue) -> String {
    let mut out = String::from(HEAD);
    let mut services: Vec<&str> = catalogue.iter().filter_map(service).collect();
    services.extend(all().iter().map(|(service, _)| *service));
    services.sort_unstable();
    services.dedup();
    for name in services {
        let _ = write!(out, "\n## {name}\n");
        let rows = all().iter().filter(|(service, _)| *service == name).flat_map(|(_, rows)| rows);
        let mut rows = rows.peekable();
        if rows.peek().is_some() {
            out.push_str("\n| behaviour | state | how | source | confidence |\n");
            out.push_str("| --- | --- | --- | --- | --- |\n");
        }
        for row in rows {
            let Behaviour { what, how, source, confidence, .. } = row;
            let state = match row.state {
                State::Modelled => "modelled",
                State::Parameter => "parameter",
                State::NotModelled => "not modelled",
            };
            let cells = [what, state, how, source].map(cell).join(" | ");
            let _ = writeln!(out, "| {cells} | {confidence} |");
        }
        let mut facts = catalogue.iter().filter(|entry| service(entry) == Some(name)).peekable();
        if facts.peek().is_some() {
            out.push_str("\n| quantity | value | as of | source | confidence |\n");
            out.push_str("| --- | --- | --- | --- | --- |\n");
        }
        for entry in facts {
            let Entry { as_of, source, confidence, .. } = entry;
            let value = format!("{} ({})", entry.value.code(), entry.unit);
            let name = format!("`{}`", entry.name);
            let cells = [name.as_str(), &value, as_of, source].map(cell).join(" | ");
            let _ = writeln!(out, "| {cells} | {confidence} |");
        }
    }
    out
}

/// The beginning of the page.
const HEAD: &str = "\
# What the engine is made of

What AWS does, row by row, and what bogi makes of it. *Modelled*: the engine does it. *Parameter*:
the scenario says it, or a catalogue entry that a scenario can override. *Not modelled*: left out.
Confidence: A stated by AWS in a current page, B in an older one, C measured by others, D an
assumption of this model.

This page is made from `src/aws/behaviour/` and `src/aws/quotas/` (`BLESS=1 cargo test --test
model`).
";

fn service(entry: &Entry) -> Option<&str> {
    entry.name.split_once('.').map(|(service, _)| service)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_complete() {
        for (service, text) in FILES {
            let rows = parse(text).unwrap_or_else(|error| panic!("{service}: {error}"));
            assert!(!rows.is_empty(), "{service}");
            for row in rows {
                let texts = [&row.what, &row.how, &row.source];
                assert!(texts.iter().all(|text| text.len() > 3), "{row:?}");
                assert!("ABCD".contains(row.confidence), "{row:?}");
            }
        }
        assert_eq!(all().len(), FILES.len());
    }
}
