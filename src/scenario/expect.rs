//! Expectations: reading them from the block, and holding them against what was measured.

use std::ops::Range;

use super::expression::evaluate::{Evaluator, TYPE};
use super::expression::explain::{self, Failure};
use super::expression::name::{self, Scope};
use super::expression::{Expression, Fault, Kind, dimension, parser};
use super::outcome::{Measure, Outcome, VariantOutcome, Verdict};
use super::quoted::ScalarMap;
use super::schema::{KIND, Reader, kind};
use super::{Scenario, Variant, limit};
use crate::aws::architecture::{Resource, ResourceKind};
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::quantity::format_number;
use crate::sim::draw::Distribution;
use crate::sim::flow::Arrivals;
use crate::span::Place;
use crate::yaml::{Node, NodeValue};

/// What a post claims is not what was measured.
pub const EXPECTATION: Code = Code("E0107");
/// A deployment that AWS would refuse, and no expectation that says so.
pub const REJECTED: Code = Code("W0101");

/// A claim, read.
#[derive(Clone, Debug)]
pub struct Expectation {
    text: String,
    expression: Expression,
    map: ScalarMap,
}

impl Expectation {
    /// The text that the expression was read from.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The expression.
    pub(super) fn expression(&self) -> &Expression {
        &self.expression
    }

    /// Where a range of the text stands in the block.
    pub(super) fn locate(&self, range: Range<usize>) -> Range<usize> {
        self.map.locate(range)
    }
}

impl Reader<'_> {
    /// The claims under `expect`. `names` are the functions.
    pub fn expectations(&mut self, node: Option<&Node>, names: &[String]) -> Vec<Expectation> {
        let Some(node) = node else { return Vec::new() };
        let items: Vec<&Node> = match &node.value {
            NodeValue::Null => return Vec::new(),
            NodeValue::Sequence(items) => items.iter().collect(),
            _ => vec![node],
        };
        self.check_size(items.len(), limit::EXPECTATIONS, "expectations in a list", &node.range);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let items = items.into_iter().take(limit::EXPECTATIONS);
        items.filter_map(|item| self.expectation(item, &names)).collect()
    }

    fn expectation(&mut self, node: &Node, names: &[&str]) -> Option<Expectation> {
        let text = match &node.value {
            NodeValue::String(text) => text.clone(),
            NodeValue::Null | NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
                let diagnostic = self
                    .error(KIND, &node.range, "an expectation is one line of text")
                    .label(format!("YAML reads this as {}", kind(&node.value)))
                    .hint("put it in single quotes: `- 'a ? b : c'`");
                self.report(diagnostic);
                return None;
            }
            _ => self.written(&node.range).to_owned(),
        };
        let map = ScalarMap::new(&text, self.text.text(), node.range.clone());
        self.parsed(text, map, names)
    }

    /// An expression in a scalar with the value `whole`; `text` has it at the same place.
    pub(super) fn expression(
        &mut self,
        node: &Node,
        whole: &str,
        text: &str,
    ) -> Option<Expectation> {
        let names: Vec<String> = self.names.iter().map(str::to_owned).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let map = ScalarMap::new(whole, self.text.text(), node.range.clone());
        self.parsed(text.to_owned(), map, &names)
    }

    fn parsed(&mut self, text: String, map: ScalarMap, names: &[&str]) -> Option<Expectation> {
        match parser::parse(&text, names) {
            Ok(expression) => Some(Expectation { text, expression, map }),
            Err(fault) => {
                let place = self.place(&map.locate(fault.span.clone()));
                let diagnostic = diagnostic(fault);
                self.report(diagnostic.at(place));
                None
            }
        }
    }
}

/// A fault as a diagnostic, still without a place.
pub(super) fn diagnostic(fault: Fault) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(fault.code, fault.message).label(fault.label);
    diagnostic.notes = fault.notes;
    diagnostic.hints = fault.hints;
    diagnostic
}

/// An expectation that doesn't hold in a variant.
struct Failed {
    /// The variant's index.
    variant: usize,
    /// Which part fails.
    failure: Failure,
    /// What was measured for that part.
    values: Vec<(String, String)>,
}

/// What became of an expectation in one variant.
enum Judgement {
    Holds,
    Fails { failure: Failure, values: Vec<(String, String)> },
    Faulty(Fault),
}

impl Scenario {
    /// For each variant: where its expectations stand, in the order of its verdicts.
    pub fn claim_places(&self) -> Vec<Vec<Option<Place>>> {
        let of = |variant: &Variant| {
            let all = self.expectations.iter().chain(&variant.expectations);
            all.map(|claim| self.claim_place(claim)).collect()
        };
        self.variants.iter().map(of).collect()
    }

    /// The expectations, those of variants among them, as written and with their places.
    pub fn expectation_places(&self) -> Vec<(String, Option<Place>)> {
        let own = self.variants.iter().flat_map(|variant| &variant.expectations);
        let place = |claim: &Expectation| (claim.text.clone(), self.claim_place(claim));
        self.expectations.iter().chain(own).map(place).collect()
    }

    fn claim_place(&self, claim: &Expectation) -> Option<Place> {
        self.text.locate(claim.map.locate(0..claim.text.len()))
    }

    /// Holds the block's claims against an outcome, fresh or remembered under the same
    /// [`Scenario::key`]: gives it this block's id, title, views and verdicts. Diagnostics are the
    /// claims that don't hold or can't be judged.
    pub fn judge(&self, mut outcome: Outcome) -> Staged<Outcome> {
        outcome.id.clone_from(&self.id);
        outcome.title.clone_from(&self.title);
        outcome.show.clone_from(&self.show);
        let (charts, mut diagnostics) = self.draw_charts(&outcome);
        if let Some(sweep) = &mut outcome.sweep {
            sweep.charts = charts;
        }
        let mut verdicts: Vec<Vec<Verdict>> = vec![Vec::new(); outcome.variants.len()];
        let all: Vec<usize> = (0..self.variants.len().min(outcome.variants.len())).collect();
        let shared = self.expectations.iter().map(|expectation| (expectation, all.as_slice()));
        let own = all.iter().flat_map(|index| {
            let variant = self.variants.get(*index);
            let expectations = variant.map_or(&[][..], |variant| &variant.expectations);
            expectations.iter().map(move |expectation| (expectation, std::slice::from_ref(index)))
        });
        for (expectation, variants) in shared.chain(own) {
            let judged = self.judge_one(expectation, variants, &outcome, &mut verdicts);
            diagnostics.extend(judged);
        }
        diagnostics.extend(self.unmentioned_rejections(&outcome));
        diagnostics.extend(self.unmentioned_points(&outcome));
        for (variant, verdicts) in outcome.variants.iter_mut().zip(verdicts) {
            variant.verdicts = verdicts;
        }
        Staged::new(outcome, diagnostics)
    }

    /// One expectation in some variants: one diagnostic for all in which it fails, so that a claim
    /// that is wrong everywhere is said once.
    fn judge_one(
        &self,
        expectation: &Expectation,
        variants: &[usize],
        outcome: &Outcome,
        verdicts: &mut [Vec<Verdict>],
    ) -> Option<Diagnostic> {
        let mut failures = Vec::new();
        let mut fault = None;
        for &index in variants {
            let (Some(variant), Some(measured)) =
                (self.variants.get(index), outcome.variants.get(index))
            else {
                continue;
            };
            let (judgement, values) = evaluate(expectation, variant, measured, outcome);
            if let Some(verdicts) = verdicts.get_mut(index) {
                verdicts.push(Verdict {
                    expression: expectation.text.clone(),
                    holds: matches!(judgement, Judgement::Holds),
                    values,
                });
            }
            match judgement {
                Judgement::Holds => {}
                Judgement::Fails { failure, values } => {
                    failures.push(Failed { variant: index, failure, values });
                }
                Judgement::Faulty(found) if fault.is_none() => fault = Some((index, found)),
                Judgement::Faulty(_) => {}
            }
        }
        if let Some((index, fault)) = fault {
            let place = self.text.locate(expectation.map.locate(fault.span.clone()));
            let by_variant = fault.code == super::expression::evaluate::NO_VALUE;
            let mut diagnostic = diagnostic(fault).at(place);
            if by_variant {
                diagnostic.notes.extend(self.whereabouts(index, outcome));
            }
            return Some(diagnostic);
        }
        self.failed(expectation, variants, failures, outcome)
    }

    fn failed(
        &self,
        expectation: &Expectation,
        variants: &[usize],
        failures: Vec<Failed>,
        outcome: &Outcome,
    ) -> Option<Diagnostic> {
        let others = failures.len().saturating_sub(1);
        let mut failures = failures.into_iter();
        let Failed { variant: index, failure, values } = failures.next()?;
        let variant = self.variants.get(index).and_then(|variant| variant.name.as_ref());
        let message = match (others, variant) {
            (0, Some(name)) if variants.len() > 1 => {
                format!("expectation does not hold in variant `{name}`")
            }
            (0, _) => "expectation does not hold".to_owned(),
            _ => format!(
                "expectation does not hold in {} of {} variants",
                others + 1,
                variants.len()
            ),
        };
        let place = self.text.locate(expectation.map.locate(failure.span.clone()));
        let mut diagnostic = Diagnostic::new(EXPECTATION, message).at(place).label(&failure.label);
        let part = expectation.text.get(failure.span.clone()).unwrap_or_default();
        if failure.span != expectation.expression.span && is_conjunction(&expectation.expression) {
            diagnostic = diagnostic.note(format!("of the parts joined by `&&`, it is `{part}`"));
        }
        if values.len() > 1 || !failure.label.contains("measured") {
            let facts = values.iter().map(|(part, value)| format!("`{part}` is {value}"));
            diagnostic.notes.extend(facts);
        }
        diagnostic.notes.extend(failure.notes);
        diagnostic.notes.extend(self.context(expectation, index, outcome));
        diagnostic.notes.extend(self.whereabouts(index, outcome));
        for other in failures {
            let variant = self.variants.get(other.variant);
            let name = variant.and_then(|variant| variant.name.as_deref()).unwrap_or_default();
            diagnostic.notes.push(format!("variant `{name}`: {}", other.failure.label));
        }
        Some(diagnostic.hint(format!("`bogi run {}` shows all measures", self.id)))
    }

    /// Which run a diagnostic speaks of.
    fn whereabouts(&self, index: usize, outcome: &Outcome) -> Vec<String> {
        let Some(variant) = self.variants.get(index) else { return Vec::new() };
        let name = variant.name.as_ref().map(|name| format!(", variant `{name}`"));
        let name = name.unwrap_or_default();
        let run = format!("scenario `{}`{name}, seed {}", self.id, variant.model.seed);
        let mut notes = vec![run];
        let rejection = outcome.variants.get(index).and_then(|v| v.run.rejected.as_ref());
        if let Some(rejection) = rejection {
            notes.push(format!("nothing ran: AWS refuses this deployment, {}", rejection.reason));
        }
        notes
    }

    /// What explains a surprising number: CloudWatch's Invocations leave throttled requests out.
    fn context(&self, expectation: &Expectation, index: usize, outcome: &Outcome) -> Vec<String> {
        let mut notes = Vec::new();
        let Some(variant) = outcome.variants.get(index) else { return notes };
        visit(&expectation.expression, &mut |expression| {
            let Some(steps) = name::path(expression) else { return };
            let [owner, measure] = steps.as_slice() else { return };
            let count = |name: &str| match variant.measures.get(owner.name) {
                Some(Measure::Map(map)) => map.get(name).and_then(Measure::quantity),
                _ => None,
            };
            if measure.name == "throttles" && count("throttles").is_some_and(|n| n.amount == 0.0) {
                notes.extend(self.lockstep(owner.name, index));
            }
            if measure.name != "invocations" {
                return;
            }
            if let (Some(throttles), Some(requests)) = (count("throttles"), count("requests"))
                && throttles.amount > 0.0
            {
                let owner = owner.name;
                let (throttles, requests) = (throttles.code(), requests.code());
                notes.push(format!(
                    "CloudWatch's `Invocations` leaves out the {throttles} throttled requests; \
                     `{owner}.requests` is {requests}"
                ));
            }
        });
        notes.dedup();
        notes
    }

    /// What explains that a function with even arrivals is never throttled: when rate × duration is
    /// a whole number, each request ends at the very instant at which another one comes, and hands
    /// its place over before anybody else can take it.
    fn lockstep(&self, function: &str, index: usize) -> Option<String> {
        let model = &self.variants.get(index)?.model;
        let functions = &model.architecture.functions;
        let at = functions.iter().position(|known| known.name == function)?;
        let Distribution::Constant(duration) = functions.get(at)?.duration else {
            return None;
        };
        let target = Resource::new(ResourceKind::Function, at);
        let mut sources = model.architecture.sources.iter().filter(|s| s.target == target);
        let (Some(only), None) = (sources.next(), sources.next()) else { return None };
        let Arrivals::Constant { rate, .. } = only.arrivals else { return None };
        let busy = rate * duration as f64 / 1e9;
        let in_step = busy >= 1.0 && (busy - busy.round()).abs() < 1e-9;
        in_step.then(|| {
            let places = format_number(busy.round());
            format!(
                "`{function}` arrives evenly and each request ends just when another one comes, so \
                 it never loses its {places} places; with `arrivals: poisson` it would"
            )
        })
    }

    fn unmentioned_rejections(&self, outcome: &Outcome) -> Vec<Diagnostic> {
        let mentions = |expectation: &Expectation| {
            let mut found = false;
            visit(&expectation.expression, &mut |expression| {
                let steps = name::path(expression).unwrap_or_default();
                let direct = steps.first().is_some_and(|step| step.name == "deploy");
                let other = steps.get(2).is_some_and(|step| step.name == "deploy");
                found |= direct || other && steps[0].name == "variants";
            });
            found
        };
        let shared = self.expectations.iter().any(mentions);
        let mut diagnostics = Vec::new();
        for (variant, measured) in self.variants.iter().zip(&outcome.variants) {
            let Some(rejection) = &measured.run.rejected else { continue };
            let claims = self.expectations.len() + variant.expectations.len();
            if claims == 0 || shared || variant.expectations.iter().any(mentions) {
                continue;
            }
            let message = match &variant.name {
                Some(name) => format!("variant `{name}` was never deployed, so nothing ran"),
                None => format!("scenario `{}` was never deployed, so nothing ran", self.id),
            };
            diagnostics.push(
                Diagnostic::new(REJECTED, message)
                    .at(self.text.locate(variant.range.clone()))
                    .label("AWS refuses this deployment")
                    .note(format!("{}: {}", rejection.error, rejection.reason))
                    .note("every count is 0, so an expectation may hold for the wrong reason")
                    .hint("if the refusal is the point, expect it: `deploy.rejected`"),
            );
        }
        diagnostics
    }
}

/// Whether the parts of an expression are joined by `&&` at the top.
fn is_conjunction(expression: &Expression) -> bool {
    matches!(&expression.kind, Kind::Binary(super::expression::Operator::And, ..))
}

fn evaluate(
    expectation: &Expectation,
    variant: &Variant,
    measured: &VariantOutcome,
    outcome: &Outcome,
) -> (Judgement, Vec<(String, String)>) {
    let scope = Scope {
        variants: &outcome.variants,
        measures: &measured.measures,
        quotas: &variant.quotas,
        seed: variant.model.seed,
        sweep: outcome.sweep.as_ref().map(|sweep| &sweep.points),
    };
    let expression = &expectation.expression;
    if let Err(fault) = name::check(scope, expression) {
        return (Judgement::Faulty(fault), Vec::new());
    }
    let mut evaluator = Evaluator::new(scope, &expectation.text);
    let holds = match evaluator.value(expression).map(std::borrow::Cow::into_owned) {
        Ok(Measure::Bool(holds)) => holds,
        Ok(other) => return (Judgement::Faulty(no_claim(expression, &other)), Vec::new()),
        Err(fault) => return (Judgement::Faulty(fault), Vec::new()),
    };
    let mut explainer = Evaluator::new(scope, &expectation.text);
    let values = explain::values(&mut explainer, expression);
    if holds {
        return (Judgement::Holds, values);
    }
    let failure = explain::failure(&mut explainer, expression);
    let shown = values_at(expression, &failure.span)
        .map(|part| explain::values(&mut explainer, part))
        .unwrap_or_else(|| values.clone());
    (Judgement::Fails { failure, values: shown }, values)
}

fn no_claim(expression: &Expression, value: &Measure) -> Fault {
    let kind = dimension::kind(value);
    Fault::new(
        TYPE,
        expression.span.clone(),
        format!("an expectation is true or false, and this is {kind}"),
        format!("its value is {}", dimension::code(value)),
    )
    .hint("compare it with what you expect, for instance `… == 0`")
}

/// The part of an expression that stands at a span.
fn values_at<'e>(expression: &'e Expression, span: &Range<usize>) -> Option<&'e Expression> {
    let mut found = None;
    visit(expression, &mut |part| {
        if part.span == *span && found.is_none() {
            found = Some(part);
        }
    });
    found
}

/// Calls `look` for an expression and all its parts, whole before parts. Depth is bounded by
/// [`limit::NESTING`].
pub(super) fn visit<'e>(expression: &'e Expression, look: &mut impl FnMut(&'e Expression)) {
    look(expression);
    match &expression.kind {
        Kind::Literal(_) | Kind::Name(_) => {}
        Kind::Member(a, _) | Kind::Not(a) | Kind::Minus(a) => visit(a, look),
        Kind::Index(a, b) | Kind::Binary(_, a, b) | Kind::Macro(_, a, _, b) => {
            visit(a, look);
            visit(b, look);
        }
        Kind::Conditional(a, b, c) => {
            visit(a, look);
            visit(b, look);
            visit(c, look);
        }
        Kind::List(items) | Kind::Call(_, items) => {
            for item in items {
                visit(item, look);
            }
        }
    }
}
