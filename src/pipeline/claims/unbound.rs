//! Quantities that nobody bound and that contradict the catalogue, or what another page says.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::shown;
use crate::aws::catalogue::{Catalogue, Entry};
use crate::claim::recognise::recognise;
use crate::claim::{Claim, Subject};
use crate::content::{Content, Document};
use crate::diagnostic::{Code, Diagnostic};
use crate::quantity::Language;
use crate::span::Place;

/// A sentence says of a service what the catalogue says otherwise.
pub const CONTRADICTS_CATALOGUE: Code = Code("W0904");
/// Two pages state one fact differently.
pub const CONTRADICTS_PAGE: Code = Code("W0905");

/// What stands in the names of facts that no longer hold.
const HISTORY: &str = ".before_";

/// The quantities of all Markdown documents that speak of facts without being bound to them.
pub fn recognised(content: &Content) -> Vec<Claim> {
    content.documents.par_iter().flat_map_iter(|document| of_document(document)).collect()
}

fn of_document(document: &Document) -> Vec<Claim> {
    if !document.is_markdown {
        return Vec::new();
    }
    let text = &document.source.text()[document.body.clone()];
    let title = document.get("title").and_then(|title| title.as_str());
    // Notes without a title are about what their file is called.
    let file = document.name().replace(['-', '_'], " ");
    let title = title.filter(|title| !title.is_empty()).unwrap_or(&file);
    let claim = |found: crate::claim::recognise::Recognised| {
        let start = document.body.start;
        let range = found.stated.range.start + start..found.stated.range.end + start;
        Claim {
            page: document.path().to_owned(),
            place: Place::new(&document.source, range),
            text: found.text,
            right: found.right,
            stated: found.stated.quantity,
            relation: found.relation,
            subject: Subject::Fact(found.fact.name.clone()),
            bound: false,
            holds: found.holds,
        }
    };
    recognise(text, title).into_iter().map(claim).collect()
}

/// What is to be said about the claims that nobody bound and that don't hold.
pub fn contradictions(claims: &[Claim]) -> Vec<Diagnostic> {
    let mut by_fact: BTreeMap<&Subject, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        by_fact.entry(&claim.subject).or_default().push(claim);
    }
    let wrong = claims.iter().filter(|claim| !claim.bound && !claim.holds);
    let diagnostic = |claim: &Claim| {
        let Subject::Fact(name) = &claim.subject else { return None };
        let fact = Catalogue::builtin().get(name)?;
        let others = by_fact.get(&claim.subject).into_iter().flatten();
        let mut others = others
            .filter(|other| other.page != claim.page && other.stated.amount != claim.stated.amount);
        Some(match others.next() {
            Some(other) => between_pages(claim, other, fact),
            None => with_catalogue(claim, fact),
        })
    };
    wrong.filter_map(diagnostic).collect()
}

fn with_catalogue(claim: &Claim, fact: &Entry) -> Diagnostic {
    let is = shown(fact.value);
    let message = format!("`{}` contradicts the catalogue: `{}` is {is}", claim.text, fact.name);
    let diagnostic = Diagnostic::new(CONTRADICTS_CATALOGUE, message)
        .at(claim.place.clone())
        .label(format!("the catalogue has {is}"));
    explained(diagnostic, claim, fact)
}

fn between_pages(claim: &Claim, other: &Claim, fact: &Entry) -> Diagnostic {
    let message = format!("two pages state `{}` differently", fact.name);
    let diagnostic = Diagnostic::new(CONTRADICTS_PAGE, message)
        .at(claim.place.clone())
        .label(format!("`{}` here; the catalogue has {}", claim.text, shown(fact.value)))
        .related(other.place.clone(), format!("`{}` here", other.text));
    explained(diagnostic, claim, fact)
}

fn explained(diagnostic: Diagnostic, claim: &Claim, fact: &Entry) -> Diagnostic {
    let service = fact.name.split('.').next().unwrap_or_default();
    let measure = fact.name.rsplit('.').next().unwrap_or_default();
    let former = Catalogue::builtin().under(service).find(|entry| {
        entry.name.contains(HISTORY)
            && entry.name.rsplit('.').next() == Some(measure)
            && entry.value == claim.stated
    });
    let mut diagnostic = diagnostic.note(fact.describe(Language::English));
    if let Some(former) = former {
        diagnostic =
            diagnostic.note(format!("it was so once: {}", former.describe(Language::English)));
    }
    let (right, name) = (&claim.right, &fact.name);
    diagnostic
        .hint(format!("write `{right}`; `{right}<!-- = {name} -->` keeps it checked"))
        .hint("`<!-- no claim -->` in the sentence says that it speaks of something else")
}
