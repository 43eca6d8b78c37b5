//! Running the variants of a scenario in the engine.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Assumption, Measure, Outcome, QuotaUsed, SweepOutcome, VariantOutcome, View};
use super::schema::event::BOUND;
use super::schema::model::{MAINTENANCE, Model, ROUTING, SCALING};
use super::{Scenario, Variant, key, limit, measures, sweep};
use crate::aws::architecture::Policies;
use crate::aws::catalogue::{Catalogue, Quotas};
use crate::aws::engine::{self, Bounds, RunError};
use crate::aws::lambda::deployment::{Maintenance, Scaling};
use crate::diagnostic::Diagnostic;
use crate::quantity::{Quantity, format_number};

/// The confidence that marks a catalogue entry as an assumption of the model.
const ASSUMED: char = 'D';

/// The bounds of every run.
const BOUNDS: Bounds = Bounds { events: limit::SIMULATED_EVENTS, time: limit::SIMULATED_TIME };

/// The run of a variant or of a point of the sweep.
#[derive(Clone, Debug)]
pub struct Part {
    measured: Measured,
    /// The catalogue's facts that it read.
    used: Vec<QuotaUsed>,
}

/// What a part measured. Of a point only its measures are kept.
#[derive(Clone, Debug)]
enum Measured {
    Variant(Box<VariantOutcome>),
    Point { measures: Measure, events: u64 },
}

impl Scenario {
    /// Runs every variant and every point of the sweep, without judging expectations: verdicts are
    /// empty. This is what a cache may remember under [`Scenario::key`]; give it to
    /// [`Scenario::judge`] afterwards.
    ///
    /// # Errors
    /// A diagnostic for each run that passed its bounds.
    pub fn simulate(&self, catalogue: &Catalogue) -> Result<Outcome, Vec<Diagnostic>> {
        let parts = (0..self.parts()).map(|index| self.simulate_part(index, catalogue));
        self.gather(catalogue, parts.collect())
    }

    /// How many runs there are. They don't depend on each other, so they may run in any order and
    /// on any threads before [`Scenario::gather`] puts them together.
    pub fn parts(&self) -> usize {
        let points = self.sweep.as_ref().map_or(0, |sweep| sweep.points.len());
        self.variants.len() + points
    }

    /// Makes the run with a number below [`Scenario::parts`].
    ///
    /// # Errors
    /// A diagnostic, when the run passed its bounds.
    pub fn simulate_part(
        &self,
        index: usize,
        catalogue: &Catalogue,
    ) -> Result<Part, Box<Diagnostic>> {
        let catalogue = key::visible(catalogue);
        let measured = match (self.variants.get(index), &self.sweep) {
            (Some(variant), _) => Some((variant, None)),
            (None, Some(sweep)) => {
                let at = index.saturating_sub(self.variants.len());
                sweep.points.get(at).map(|point| (point, Some((sweep, at))))
            }
            (None, None) => None,
        };
        let Some((variant, point)) = measured else {
            let measured = Measured::Point { measures: Measure::Absent, events: 0 };
            return Ok(Part { measured, used: Vec::new() });
        };
        let quotas = Quotas::new(&catalogue, variant.model.overrides.clone());
        let outcome = self.simulate_variant(variant, &quotas, point.is_some())?;
        let measured = match point {
            None => Measured::Variant(Box::new(outcome)),
            Some((sweep, at)) => Measured::Point {
                events: outcome.run.events,
                measures: sweep.point(at, outcome.measures),
            },
        };
        Ok(Part { measured, used: used(variant, &quotas) })
    }

    /// Puts the runs together, which are given in the order of their numbers.
    ///
    /// # Errors
    /// A diagnostic for each run that passed its bounds, and for a sweep that passed its own.
    pub fn gather(
        &self,
        catalogue: &Catalogue,
        parts: Vec<Result<Part, Box<Diagnostic>>>,
    ) -> Result<Outcome, Vec<Diagnostic>> {
        let catalogue = key::visible(catalogue);
        let mut diagnostics = Vec::new();
        let mut variants = Vec::new();
        let (mut points, mut events) = (Vec::new(), 0u64);
        let mut quotas: BTreeMap<String, Vec<QuotaUsed>> = BTreeMap::new();
        let mut points_failed = 0;
        for (index, part) in parts.into_iter().enumerate() {
            let Part { measured, used } = match part {
                Ok(part) => part,
                Err(diagnostic) => {
                    // One point that is too much stands for all that are.
                    points_failed += usize::from(index >= self.variants.len());
                    if points_failed <= 1 && !diagnostics.contains(&*diagnostic) {
                        diagnostics.push(*diagnostic);
                    }
                    continue;
                }
            };
            // What a sweep sets is no fact of the catalogue, and has as many values as points.
            let of_sweep = matches!(measured, Measured::Point { .. });
            record(&mut quotas, used.into_iter().filter(|quota| !(of_sweep && quota.overridden)));
            match measured {
                Measured::Variant(outcome) => variants.push(*outcome),
                Measured::Point { measures, events: more } => {
                    points.push(measures);
                    events = events.saturating_add(more);
                }
            }
        }
        if let Some(last) = diagnostics.last_mut().filter(|_| points_failed > 1) {
            last.notes.push(format!("so it is at {points_failed} points"));
        }
        let sweep = self.sweep.as_ref();
        diagnostics.extend(sweep.and_then(|sweep| sweep::check_events(self, sweep, events)));
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let quotas: Vec<QuotaUsed> = quotas.into_values().flatten().collect();
        Ok(Outcome {
            id: self.id.clone(),
            title: self.title.clone(),
            key: self.key.clone(),
            meaning: key::meaning(self),
            seed: self.variants.first().map_or(0, |variant| variant.model.seed),
            show: self.show.clone(),
            variants,
            sweep: sweep.map(|sweep| SweepOutcome {
                axes: sweep.axes.clone(),
                points: Measure::List(points),
                charts: Vec::new(),
            }),
            assumptions: self.assumptions(&catalogue, &quotas),
            quotas,
        })
    }

    fn simulate_variant(
        &self,
        variant: &Variant,
        quotas: &Quotas<'_>,
        is_point: bool,
    ) -> Result<VariantOutcome, Box<Diagnostic>> {
        let model = &variant.model;
        let followed = if is_point { BTreeSet::new() } else { self.followed() };
        let settings = engine::Settings { seed: model.seed, bounds: BOUNDS, followed };
        let run = engine::run(&model.architecture, quotas, &settings)
            .map_err(|error| Box::new(self.past_bounds(variant, &error, is_point)))?;
        Ok(VariantOutcome {
            name: variant.name.clone(),
            measures: measures::measures(&run),
            verdicts: Vec::new(),
            run,
        })
    }

    /// The messages and requests whose stories are shown.
    pub(super) fn followed(&self) -> BTreeSet<u64> {
        let stories = self.show.iter().filter_map(|view| match view {
            View::Why(number) => Some(u64::from(*number)),
            _ => None,
        });
        stories.collect()
    }

    fn past_bounds(&self, variant: &Variant, error: &RunError, is_point: bool) -> Diagnostic {
        let model = &variant.model;
        let largest = model.events.iter().max_by(|a, b| a.requests.total_cmp(&b.requests));
        let range = largest.map_or(variant.range.clone(), |event| event.range.clone());
        let diagnostic = match *error {
            RunError::TooManyEvents { bound, reached } => {
                let bound = format_number(bound as f64);
                let reached = Quantity::nanoseconds(reached as f64).code();
                Diagnostic::new(BOUND, format!("a run needs more than {bound} simulated events"))
                    .label("the largest of the events")
                    .note(format!("the run had come to {reached} of simulated time"))
            }
            RunError::TooManyWaiting { reached } => {
                let reached = Quantity::nanoseconds(reached as f64).code();
                Diagnostic::new(BOUND, "more waits at one time than a run has places for")
                    .label("the largest of the events")
                    .note(format!("the run had come to {reached} of simulated time"))
            }
            RunError::TooLong { bound } => {
                let bound = Quantity::nanoseconds(bound as f64).code();
                Diagnostic::new(BOUND, format!("a run goes on for more than {bound}"))
                    .label("the largest of the events")
            }
        };
        let diagnostic = diagnostic.at(self.text.locate(range));
        let diagnostic = with_way_out(diagnostic, model, error);
        match &variant.name {
            Some(name) if is_point => {
                diagnostic.note(format!("at the point of the sweep with {name}"))
            }
            Some(name) => diagnostic.note(format!("in variant `{name}`")),
            None => diagnostic,
        }
    }

    /// What the result rests on where AWS documents nothing.
    fn assumptions(&self, catalogue: &Catalogue, quotas: &[QuotaUsed]) -> Vec<Assumption> {
        let mut assumptions: Vec<Assumption> = Vec::new();
        let points = self.sweep.iter().flat_map(|sweep| &sweep.points);
        for variant in self.variants.iter().chain(points) {
            let architecture = &variant.model.architecture;
            if architecture.functions.is_empty() {
                continue;
            }
            for (name, value) in policies(&architecture.policies) {
                let assumption =
                    Assumption { name: format!("policies.{name}"), value: value.to_owned() };
                if !assumptions.contains(&assumption) {
                    assumptions.push(assumption);
                }
            }
        }
        for quota in quotas.iter().filter(|quota| !quota.overridden) {
            let assumed = catalogue.get(&quota.name).is_some_and(|e| e.confidence == ASSUMED);
            if assumed {
                let value = Quantity::new(quota.value, quota.dimension.into()).code();
                assumptions.push(Assumption { name: quota.name.clone(), value });
            }
        }
        assumptions
    }
}

/// How many simulated events a request takes at most that isn't tried again and again.
const EVENTS_OF_A_REQUEST: f64 = 100.0;

/// What to do about a run that passed its bounds: it was asked for too much, or what was asked for
/// goes round.
fn with_way_out(diagnostic: Diagnostic, model: &Model, error: &RunError) -> Diagnostic {
    let requests: f64 = model.events.iter().map(|event| event.requests).sum();
    let goes_round = match *error {
        RunError::TooManyEvents { bound, .. } => requests * EVENTS_OF_A_REQUEST < bound as f64,
        RunError::TooManyWaiting { .. } | RunError::TooLong { .. } => false,
    };
    if goes_round {
        let plural = if requests == 1.0 { "" } else { "s" };
        let requests = format_number(requests.round());
        return diagnostic
            .note(format!(
                "the events bring {requests} message{plural}; what comes of it goes round"
            ))
            .hint(
                "look for a way that leads back to its beginning (a destination, a notification, \
                 a function that sends to its own queue), and for messages that are tried again \
                 without a `redrive_policy` or `max_retry_attempts`",
            );
    }
    diagnostic.hint(
        "let `until` be earlier, or lower `rate` together with the concurrency: a tenth of both \
         shows the same",
    )
}

/// The policies that a result rests on, by name; those that change nothing are left out.
fn policies(policies: &Policies) -> Vec<(&'static str, &'static str)> {
    let mut named = Vec::new();
    let routing = ROUTING.iter().find(|(_, routing)| *routing == policies.routing);
    named.extend(routing.map(|&(name, _)| ("routing", name)));
    let maintenance = MAINTENANCE.iter().find(|(_, known)| *known == policies.maintenance);
    let maintenance = maintenance.filter(|(_, known)| *known != Maintenance::None);
    named.extend(maintenance.map(|&(name, _)| ("maintenance", name)));
    let scaling = SCALING.iter().find(|(_, known)| *known == policies.scaling);
    let scaling = scaling.filter(|(_, known)| *known != Scaling::PerFunction);
    named.extend(scaling.map(|&(name, _)| ("scaling", name)));
    named
}

/// What a run read of the catalogue.
fn used(variant: &Variant, quotas: &Quotas<'_>) -> Vec<QuotaUsed> {
    let used = |name: String| {
        let value = quotas.get(&name)?;
        let overridden = variant.model.overrides.contains_key(&name);
        Some(QuotaUsed { name, value: value.amount, dimension: value.dimension.into(), overridden })
    };
    // What Lambda reads of an account without functions decides nothing.
    let idle = variant.model.architecture.functions.is_empty();
    let names = quotas.names_read().into_iter();
    names.filter(|name| !(idle && name.starts_with("lambda."))).filter_map(used).collect()
}

/// Adds what a run read. Variants with different overrides give an entry each.
fn record(known: &mut BTreeMap<String, Vec<QuotaUsed>>, used: impl Iterator<Item = QuotaUsed>) {
    for quota in used {
        let known = known.entry(quota.name.clone()).or_default();
        if !known.contains(&quota) {
            known.push(quota);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Block, parse};
    use crate::span::{Mapped, Source};

    #[test]
    fn what_goes_round_is_told_from_what_is_too_much() {
        let text = "id: a\nfunctions:\n  a: { duration: 1ms, on_success: a }\nevents:\n  \
                    - { invoke: a, mode: async, at: 0s, count: 2 }\n";
        let source = Source::new("a.md", text);
        let block = Block { yaml: Mapped::from_source(&source, 0..text.len()) };
        let scenario = parse(&block, Catalogue::builtin()).value.unwrap();
        let said = |bound| {
            let error = RunError::TooManyEvents { bound, reached: 1_000_000_000 };
            scenario.past_bounds(&scenario.variants[0], &error, false).hints
        };
        assert!(said(limit::SIMULATED_EVENTS)[0].starts_with("look for a way that leads back"));
        assert!(said(100)[0].starts_with("let `until` be earlier"));
    }
}
