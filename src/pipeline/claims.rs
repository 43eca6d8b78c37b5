//! Bound quantities of a document: each is looked up, judged, and shown as a computed value.

mod unbound;

use std::borrow::Cow;

use crate::aws::catalogue::Entry;
use crate::claim::binding::{self, Binding};
use crate::claim::judge::{self, ABOUT};
use crate::claim::relation::{self, Relation};
use crate::claim::{Claim, Subject};
use crate::diagnostic::{Code, Diagnostic, Staged, closest};
use crate::jekyll::reads::{Read, Recorder};
use crate::markdown::mark;
use crate::pipeline::body::{Bodies, Surroundings};
use crate::pipeline::values::{Marks, Origin};
use crate::quantity::prose::Stated;
use crate::quantity::{Language, Quantity};
use crate::scenario::Outcome;
use crate::span::{Mapped, Place};

/// A bound quantity is not what its fact or measure is.
pub const BROKEN: Code = Code("E0901");
/// A quantity is bound to a name that leads to no value.
pub const UNKNOWN: Code = Code("E0902");
/// A binding has no quantity in front of it, or one of another kind than what it names.
pub const NO_QUANTITY: Code = Code("E0903");

/// The text of a document with its bound quantities marked.
pub struct Bound<'t> {
    original: &'t Mapped,
    marked: Option<Mapped>,
    bindings: Vec<(Binding, Found, usize)>,
}

/// What a binding's name leads to.
enum Found {
    /// A fact of the catalogue.
    Fact(Box<Entry>),
    /// A measure.
    Measure { value: Quantity, scenario: String, seed: u64 },
    /// Something that is no quantity, or nothing: the message and hints.
    Nothing(String, Vec<String>),
    /// A scenario whose block has errors, which are said there, or that isn't judged.
    Failed,
}

/// Finds the bound quantities of the text of the document at a path and marks them, so that the
/// page shows what they rest on.
pub fn bind<'t>(
    text: &'t Mapped,
    path: &str,
    around: Surroundings<'_>,
    marks: &Marks,
    reads: &Recorder,
) -> Bound<'t> {
    let mut bound = Bound { original: text, marked: None, bindings: Vec::new() };
    let bindings = binding::bindings(text.text());
    if bindings.is_empty() {
        return bound;
    }
    let mut marked = Mapped::new();
    let mut copied = 0;
    for binding in bindings {
        let (found, origin) = find(&binding.subject, path, around, reads);
        let range = shown_range(&binding, text.text());
        let index = marks.add(origin);
        if let Some(place) = text.locate(range.clone())
            && range.start >= copied
        {
            let wrapped = mark::wrap(index, "");
            let open = wrapped.strip_suffix(mark::CLOSE).unwrap_or_default();
            marked.push_mapped(text, copied..range.start);
            marked.push_derived(open, &place);
            marked.push_mapped(text, range.clone());
            marked.push_derived(&wrapped[open.len()..], &place);
            copied = range.end;
        }
        bound.bindings.push((binding, found, index));
    }
    marked.push_mapped(text, copied..text.text().len());
    bound.marked = Some(marked);
    bound
}

/// The bytes that get the mark: the whole quantity, its number alone where emphasis stands inside,
/// the place before the comment where there is none.
fn shown_range(binding: &Binding, text: &str) -> std::ops::Range<usize> {
    let at = binding.comment.start;
    let Some(stated) = &binding.stated else { return at..at };
    let has_markup = text[stated.range.clone()].contains(['*', '_', '`', '<', '&', '\u{F0B02}']);
    if has_markup { stated.number.clone() } else { stated.range.clone() }
}

fn find(
    subject: &Subject,
    path: &str,
    around: Surroundings<'_>,
    reads: &Recorder,
) -> (Found, Origin) {
    let silent = Origin { value: String::new(), note: String::new() };
    match subject {
        Subject::Fact(name) => {
            let catalogue = &around.content.catalogue;
            if let Some(entry) = catalogue.get(name) {
                return (Found::Fact(Box::new(entry.clone())), Origin::of_fact(entry));
            }
            let hint = match catalogue.suggest(name) {
                Some(near) => format!("did you mean `{near}`"),
                None => "the names begin with a service, for instance `lambda.timeout_max`".into(),
            };
            (Found::Nothing(format!("the catalogue has no `{name}`"), vec![hint]), silent)
        }
        Subject::Measure { scenario, path: steps } => {
            reads.note_with(|| Read::Scenario(scenario.clone()));
            let simulated = around.simulated;
            let Some(outcome) = around.outcome(scenario, path) else {
                if simulated.is_without_outcome(scenario) {
                    return (Found::Failed, silent);
                }
                reads.note(Read::Names);
                let hint = match closest(scenario, simulated.names()) {
                    Some(near) => format!("did you mean `{near}`"),
                    None => "give a block of the site this `id`".to_owned(),
                };
                let message = format!("there is no scenario `{scenario}`");
                return (Found::Nothing(message, vec![hint]), silent);
            };
            measure(outcome, steps, silent)
        }
    }
}

fn measure(outcome: &Outcome, path: &[String], silent: Origin) -> (Found, Origin) {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let measure = match outcome.lookup(&steps) {
        Ok(measure) => measure,
        Err(error) => {
            let hints = error.hint.into_iter().collect();
            return (Found::Nothing(error.message, hints), silent);
        }
    };
    let Some(value) = measure.quantity() else {
        let message = format!("`{}` of `{}` is no quantity", steps.join("."), outcome.id);
        let hint = "`bogi run ID` shows all measures of a scenario with their names".to_owned();
        return (Found::Nothing(message, vec![hint]), silent);
    };
    let origin = Origin::of_measure(outcome, path, value.code());
    (Found::Measure { value, scenario: outcome.id.clone(), seed: outcome.seed }, origin)
}

impl Bound<'_> {
    /// The text with the marks.
    pub fn text(&self) -> &Mapped {
        self.marked.as_ref().unwrap_or(self.original)
    }

    /// The same, for who judges nothing.
    pub fn into_text(self) -> Mapped {
        self.marked.unwrap_or_else(|| self.original.clone())
    }

    /// Judges the bound quantities that the page shows; those in code are samples.
    pub fn judge(
        &self,
        page: &str,
        marks: &Marks,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Claim> {
        let shown = self.bindings.iter().filter(|(.., index)| marks.is_shown(*index));
        shown
            .filter_map(|(binding, found, _)| self.judge_one(binding, found, page, diagnostics))
            .collect()
    }

    fn judge_one(
        &self,
        binding: &Binding,
        found: &Found,
        page: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Claim> {
        let text = self.original.text();
        let (value, origin) = match found {
            Found::Failed => return None,
            Found::Nothing(message, hints) => {
                let mut diagnostic = Diagnostic::new(UNKNOWN, message.clone())
                    .at(self.original.locate(binding.name.clone()))
                    .label("this leads to no value");
                diagnostic.hints.clone_from(hints);
                diagnostics.push(diagnostic);
                return None;
            }
            Found::Fact(entry) => (entry.value, judge::Origin::Fact),
            Found::Measure { value, .. } => (*value, judge::Origin::Measure),
        };
        let Some(stated) = &binding.stated else {
            diagnostics.push(without_quantity(self.original, binding, value));
            return None;
        };
        let before = &text[..stated.range.start];
        let between = &text[stated.range.end..binding.comment.start];
        let behind: Cow<'_, str> = match between.trim_matches(['*', '_', ')', ' ']) {
            "" => (&text[binding.comment.end..]).into(),
            _ => between.into(),
        };
        let relation = binding.sign.unwrap_or_else(|| relation::around(before, &behind));
        let place = self.original.locate(stated.range.clone())?;
        let Some(holds) = judge::holds(stated, relation, binding.sign.is_some(), value, origin)
        else {
            diagnostics.push(of_another_kind(stated, &binding.subject, value, place));
            return None;
        };
        if !holds {
            diagnostics.push(broken(text, binding, stated, relation, found, place.clone()));
        }
        Some(Claim {
            page: page.to_owned(),
            text: text[stated.range.clone()].to_owned(),
            right: stated.restated(text, value),
            stated: stated.quantity,
            relation,
            subject: binding.subject.clone(),
            bound: true,
            holds,
            place,
        })
    }
}

fn without_quantity(text: &Mapped, binding: &Binding, value: Quantity) -> Diagnostic {
    Diagnostic::new(NO_QUANTITY, format!("no quantity stands before `{}`", binding.subject))
        .at(text.locate(binding.comment.clone()))
        .label("what it binds has to stand right in front of it")
        .hint(format!(
            "write `{}<!-- = {} -->`, without a word or a blank between them",
            value.display(Language::Korean).replace('\u{202f}', " "),
            binding.subject
        ))
}

fn of_another_kind(
    stated: &Stated,
    subject: &Subject,
    value: Quantity,
    place: Place,
) -> Diagnostic {
    let (said, is) = (stated.quantity.dimension.name(), value.dimension.name());
    Diagnostic::new(NO_QUANTITY, format!("`{subject}` can't be compared with a {said}"))
        .at(place)
        .label(format!("this is a {said}, and `{subject}` a {is}"))
        .hint(format!(
            "state it as a {is}, for instance `{}`",
            value.display(Language::Korean).replace('\u{202f}', " ")
        ))
}

fn broken(
    text: &str,
    binding: &Binding,
    stated: &Stated,
    relation: Relation,
    found: &Found,
    place: Place,
) -> Diagnostic {
    let said = &text[stated.range.clone()];
    let subject = &binding.subject;
    let message = format!("the claim `{said}` does not hold");
    let diagnostic = Diagnostic::new(BROKEN, message).at(place);
    let (value, diagnostic) = match found {
        Found::Fact(entry) => {
            let is = shown(entry.value);
            let diagnostic = diagnostic
                .label(format!("`{subject}` is {is}"))
                .note(entry.describe(Language::English));
            (entry.value, diagnostic)
        }
        Found::Measure { value, scenario, seed } => {
            let diagnostic = diagnostic
                .label(format!("measured {}", shown(*value)))
                .note(format!("`{subject}`"))
                .note(format!("scenario `{scenario}`, seed {seed}"));
            (*value, diagnostic)
        }
        Found::Nothing(..) | Found::Failed => return diagnostic,
    };
    let meant = match relation {
        Relation::Equal => None,
        Relation::About => Some(format!("about, which is within {}%", ABOUT * 100.0)),
        Relation::AtMost => Some("at most this much".to_owned()),
        Relation::Below => Some("less than this".to_owned()),
        Relation::AtLeast => Some("at least this much".to_owned()),
        Relation::Above => Some("more than this".to_owned()),
    };
    let diagnostic = match meant.filter(|_| matches!(found, Found::Measure { .. })) {
        Some(meant) => diagnostic.note(format!("the sentence says {meant}")),
        None => diagnostic,
    };
    diagnostic.hint(format!("write `{}`", stated.restated(text, value)))
}

fn shown(value: Quantity) -> String {
    value.display(Language::Korean).replace('\u{202f}', " ")
}

/// All claims of the site by file and place, each once. Where `judges_prose` is set, those that
/// nobody bound are among them, unless the configuration's `unbound_claims` is `false`.
pub fn of_site(bodies: &Bodies<'_>, judges_prose: bool) -> Staged<Vec<Claim>> {
    let content = bodies.surroundings().content;
    let count = content.documents.len();
    let mut claims: Vec<Claim> =
        (0..count).flat_map(|at| bodies.get(at).claims.iter().cloned()).collect();
    let wanted = content.config.get("unbound_claims").and_then(|value| value.as_bool());
    if judges_prose && wanted != Some(false) {
        claims.extend(unbound::recognised(content));
    }
    let key = |claim: &Claim| {
        let range = claim.place.range();
        (claim.place.source().path().to_owned(), range.start, range.end, claim.subject.clone())
    };
    claims.sort_by_cached_key(key);
    claims.dedup_by(|a, b| key(a) == key(b));
    let diagnostics = unbound::contradictions(&claims);
    Staged::new(claims, diagnostics)
}
