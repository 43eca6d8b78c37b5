//! Sweeps: one or two settings at many values, a run at each point, and the measures that are drawn
//! over them.

use std::ops::Range;

use indexmap::IndexMap;

use super::expect::{self, Expectation, REJECTED};
use super::expression::Fault;
use super::expression::evaluate::{Evaluator, NO_VALUE, TYPE};
use super::expression::name::{self, Scope};
use super::expression::{Expression, Kind, dimension};
use super::outcome::{Measure, Outcome, SweepAxis, SweepChart, SweepOutcome};
use super::schema::Reader;
use super::schema::event::BOUND;
use super::{Scenario, Variant, limit, quotas, telling};
use crate::diagnostic::Diagnostic;
use crate::quantity::format_number;
use crate::yaml::Node;

/// A sweep, resolved.
#[derive(Clone, Debug)]
pub(super) struct Sweep {
    /// The settings that change.
    pub(super) axes: Vec<SweepAxis>,
    /// The points: each is the scenario with its values, under a name that says them.
    pub(super) points: Vec<Variant>,
    /// The bytes of the sweep in the block.
    pub(super) range: Range<usize>,
}

/// Reads the points of a sweep. The base is read already, so what is wrong in a point is wrong with
/// its value, and stands where the value does.
pub(super) fn read(reader: &mut Reader<'_>, root: &Node, node: &Node) -> Option<Sweep> {
    let written = reader.sweep(root, node)?;
    let mut points = Vec::new();
    let mut requests = 0.0;
    for (index, point) in written.points.into_iter().enumerate() {
        let Some(model) = reader.model(&point.root) else { continue };
        for warning in reader.default_timeouts(&point.root, &model) {
            reader.report(warning);
        }
        requests += model.events.iter().map(|event| event.requests).sum::<f64>();
        points.push(Variant {
            name: Some(name_of(&at(&written.axes, index))),
            range: point.range,
            quotas: quotas(reader.catalogue, &model),
            expectations: Vec::new(),
            model,
        });
    }
    if requests > limit::SWEEP_EVENTS as f64 {
        let range = &node.range;
        let requests = format_number(requests.round());
        let message = format!("{requests} requests are more than a sweep may simulate");
        let diagnostic = reader
            .error(BOUND, range, message)
            .label(format!("about so many in its {} points together", points.len()));
        reader.report(bound(diagnostic));
    }
    Some(Sweep { axes: written.axes, points, range: node.range.clone() })
}

fn bound(diagnostic: Diagnostic) -> Diagnostic {
    let bound = format_number(limit::SWEEP_EVENTS as f64);
    diagnostic
        .note(format!("a sweep is bounded to {bound} simulated events, so that a build ends"))
        .hint("take fewer values, or let `until` be earlier")
}

/// The values of the settings at a point.
fn at(axes: &[SweepAxis], index: usize) -> Vec<(&SweepAxis, &Measure)> {
    let mut rest = index;
    let mut values = Vec::new();
    for axis in axes.iter().rev() {
        let size = axis.values.len().max(1);
        values.extend(axis.values.get(rest % size).map(|value| (axis, value)));
        rest /= size;
    }
    values.reverse();
    values
}

/// What a point is called in messages: `reserved_concurrency 200, rate 100/s`.
fn name_of(values: &[(&SweepAxis, &Measure)]) -> String {
    let parts = values.iter().map(|(axis, value)| match value {
        Measure::Text(text) => format!("{} {text}", axis.name()),
        value => format!("{} {}", axis.name(), dimension::code(value)),
    });
    parts.collect::<Vec<_>>().join(", ")
}

impl Sweep {
    /// The measures of a point as expectations see them.
    pub(super) fn point(&self, index: usize, measures: IndexMap<String, Measure>) -> Measure {
        let mut values = IndexMap::new();
        let settings = at(&self.axes, index);
        for (axis, value) in &settings {
            values.insert(axis.path.clone(), (*value).clone());
        }
        // By its last step, too, where that says which one is meant.
        for (axis, value) in &settings {
            let name = axis.name();
            let meant = settings.iter().filter(|(other, _)| other.name() == name).count() == 1;
            if meant && !name.bytes().all(|byte| byte.is_ascii_digit()) {
                values.entry(name.to_owned()).or_insert_with(|| (*value).clone());
            }
        }
        let mut point = IndexMap::from([("at".to_owned(), Measure::Map(values))]);
        point.extend(measures.into_iter().map(|(name, measure)| (name, without_lists(measure))));
        Measure::Map(point)
    }
}

/// A measure without the lists in it: what happened to single requests would be too much for each
/// of many points.
fn without_lists(measure: Measure) -> Measure {
    let Measure::Map(map) = measure else { return measure };
    let kept = map.into_iter().filter(|(_, inner)| !matches!(inner, Measure::List(_)));
    Measure::Map(kept.map(|(name, inner)| (name, without_lists(inner))).collect())
}

/// Reports a sweep whose runs, each within its bounds, are too much together.
pub(super) fn check_events(scenario: &Scenario, sweep: &Sweep, events: u64) -> Option<Diagnostic> {
    if events <= limit::SWEEP_EVENTS {
        return None;
    }
    let message =
        format!("a sweep needs more than {} events", format_number(limit::SWEEP_EVENTS as f64));
    let diagnostic = Diagnostic::new(BOUND, message)
        .at(scenario.text.locate(sweep.range.clone()))
        .label(format!("{} events in all points", format_number(events as f64)));
    Some(bound(diagnostic))
}

impl Scenario {
    /// A warning about points that AWS refuses, where claims are about the sweep and none is about
    /// that.
    pub(super) fn unmentioned_points(&self, outcome: &Outcome) -> Option<Diagnostic> {
        let (sweep, measured) = (self.sweep.as_ref()?, outcome.sweep.as_ref()?);
        let own = self.variants.iter().flat_map(|variant| &variant.expectations);
        let (mut about_sweep, mut about_deploy) = (false, false);
        for expectation in self.expectations.iter().chain(own) {
            expect::visit(expectation.expression(), &mut |part| match &part.kind {
                Kind::Name(name) => about_sweep |= name == "sweep",
                Kind::Member(_, label) => about_deploy |= label.name == "deploy",
                _ => {}
            });
        }
        let refused = |(_, measures): &(&Variant, &IndexMap<String, Measure>)| {
            let rejected = telling::find(measures, &["deploy", "rejected"]);
            rejected == Some(&Measure::Bool(true))
        };
        let refused: Vec<_> = sweep.points.iter().zip(measured.points()).filter(refused).collect();
        let (point, measures) = refused.first().filter(|_| about_sweep && !about_deploy)?;
        let name = point.name.as_deref().unwrap_or_default();
        let mut message = format!("the sweep was not deployed at {name}, so nothing ran there");
        if refused.len() > 1 {
            message = format!("the sweep was not deployed at {} of its points", refused.len());
        }
        let mut diagnostic = Diagnostic::new(REJECTED, message)
            .at(self.text.locate(point.range.clone()))
            .label("AWS refuses this deployment");
        if let Some(Measure::Text(reason)) = telling::find(measures, &["deploy", "reason"]) {
            diagnostic = diagnostic.note(reason);
        }
        Some(
            diagnostic
                .note("every count is 0 there, so an expectation may hold for the wrong reason")
                .hint("if the refusal is the point, expect it: `sweep[0].deploy.rejected`"),
        )
    }

    /// The charts of the sweep over an outcome, and what is wrong with what they draw.
    pub(super) fn draw_charts(&self, outcome: &Outcome) -> (Vec<SweepChart>, Vec<Diagnostic>) {
        let (Some(sweep), Some(measured)) = (&self.sweep, &outcome.sweep) else {
            return (Vec::new(), Vec::new());
        };
        let mut charts = Vec::new();
        let mut diagnostics = Vec::new();
        for chart in &self.charts {
            let (drawn, fault) = match &chart.measure {
                Some(measure) => self.chart(sweep, measured, outcome, measure),
                None => (self.chosen(measured), None),
            };
            charts.push(drawn);
            diagnostics.extend(fault);
        }
        (charts, diagnostics)
    }

    fn chart(
        &self,
        sweep: &Sweep,
        measured: &SweepOutcome,
        outcome: &Outcome,
        measure: &Expectation,
    ) -> (SweepChart, Option<Diagnostic>) {
        let expression = measure.expression();
        let mut fault = None;
        let mut values = Vec::new();
        for (point, measures) in sweep.points.iter().zip(measured.points()) {
            let scope = Scope {
                variants: &outcome.variants,
                measures,
                quotas: &point.quotas,
                seed: point.model.seed,
                sweep: Some(&measured.points),
            };
            let value = value_at(scope, expression, measure.text());
            values.push(value.unwrap_or_else(|found| {
                fault.get_or_insert(found);
                Measure::Absent
            }));
        }
        let diagnostic = fault.map(|fault| {
            let place = self.text.locate(measure.locate(fault.span.clone()));
            expect::diagnostic(fault).at(place)
        });
        (SweepChart { expression: measure.text().trim().to_owned(), values }, diagnostic)
    }

    /// The measure that says most about a sweep.
    fn chosen(&self, measured: &SweepOutcome) -> SweepChart {
        let claims = self.expectations.iter();
        let claims = claims.chain(self.variants.iter().flat_map(|variant| &variant.expectations));
        let claims: Vec<&str> = claims.map(Expectation::text).collect();
        let points: Vec<&IndexMap<String, Measure>> = measured.points().collect();
        let owners: Vec<&str> = measured.axes.iter().filter_map(SweepAxis::owner).collect();
        let path =
            telling::measures(&points, &owners, &claims).into_iter().next().unwrap_or_default();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let value = |point: &&IndexMap<String, Measure>| telling::find(point, &path).cloned();
        let values = points.iter().map(|point| value(point).unwrap_or(Measure::Absent));
        SweepChart { expression: path.join("."), values: values.collect() }
    }
}

/// What an expression is worth at a point; nothing where it has no value there.
fn value_at(scope: Scope<'_>, expression: &Expression, text: &str) -> Result<Measure, Fault> {
    name::check(scope, expression)?;
    let value = Evaluator::new(scope, text).value(expression).map(std::borrow::Cow::into_owned);
    match value {
        Err(fault) if fault.code == NO_VALUE => Ok(Measure::Absent),
        Ok(value @ (Measure::Quantity(..) | Measure::Absent)) => Ok(value),
        Ok(other) => Err(Fault::new(
            TYPE,
            expression.span.clone(),
            format!("a sweep draws numbers, and this is {}", dimension::kind(&other)),
            format!("its value is {}", dimension::code(&other)),
        )
        .hint("name a measure that is a number or quantity: `sweep(orders.throttles)`")),
        Err(fault) => Err(fault),
    }
}
