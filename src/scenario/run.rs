//! Running the variants of a scenario in the engine.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Assumption, Outcome, QuotaUsed, VariantOutcome, View};
use super::schema::event::BOUND;
use super::schema::model::{MAINTENANCE, ROUTING, SCALING};
use super::{Scenario, Variant, key, limit, measures};
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

impl Scenario {
    /// Runs every variant, without judging expectations: verdicts are empty. This is what a cache
    /// may remember under [`Scenario::key`]; give it to [`Scenario::judge`] afterwards.
    ///
    /// # Errors
    /// A diagnostic for each variant whose run passed its bounds.
    pub fn simulate(&self, catalogue: &Catalogue) -> Result<Outcome, Vec<Diagnostic>> {
        let catalogue = key::visible(catalogue);
        let mut diagnostics = Vec::new();
        let mut variants = Vec::new();
        let mut used: BTreeMap<String, Vec<QuotaUsed>> = BTreeMap::new();
        for variant in &self.variants {
            let quotas = Quotas::new(&catalogue, variant.model.overrides.clone());
            match self.simulate_variant(variant, &quotas) {
                Ok(outcome) => variants.push(outcome),
                Err(diagnostic) if !diagnostics.contains(&*diagnostic) => {
                    diagnostics.push(*diagnostic);
                }
                Err(_) => {}
            }
            record(&mut used, variant, &quotas);
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let quotas: Vec<QuotaUsed> = used.into_values().flatten().collect();
        Ok(Outcome {
            id: self.id.clone(),
            title: self.title.clone(),
            key: self.key.clone(),
            seed: self.variants.first().map_or(0, |variant| variant.model.seed),
            show: self.show.clone(),
            variants,
            assumptions: self.assumptions(&catalogue, &quotas),
            quotas,
        })
    }

    fn simulate_variant(
        &self,
        variant: &Variant,
        quotas: &Quotas<'_>,
    ) -> Result<VariantOutcome, Box<Diagnostic>> {
        let model = &variant.model;
        let settings =
            engine::Settings { seed: model.seed, bounds: BOUNDS, followed: self.followed() };
        let run = engine::run(&model.architecture, quotas, &settings)
            .map_err(|error| Box::new(self.past_bounds(variant, &error)))?;
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

    fn past_bounds(&self, variant: &Variant, error: &RunError) -> Diagnostic {
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
        let diagnostic = diagnostic.at(self.text.locate(range)).hint(
            "let `until` be earlier, or lower `rate` together with the concurrency: a tenth of \
             both shows the same",
        );
        match &variant.name {
            Some(name) => diagnostic.note(format!("in variant `{name}`")),
            None => diagnostic,
        }
    }

    /// What the result rests on where AWS documents nothing.
    fn assumptions(&self, catalogue: &Catalogue, quotas: &[QuotaUsed]) -> Vec<Assumption> {
        let mut assumptions: Vec<Assumption> = Vec::new();
        for variant in &self.variants {
            for (name, value) in policies(&variant.model.architecture.policies) {
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

/// Adds what a variant read. Variants with different overrides give an entry each.
fn record(used: &mut BTreeMap<String, Vec<QuotaUsed>>, variant: &Variant, quotas: &Quotas<'_>) {
    for name in quotas.names_read() {
        let Some(value) = quotas.get(&name) else { continue };
        let overridden = variant.model.overrides.contains_key(&name);
        let entry = QuotaUsed {
            name: name.clone(),
            value: value.amount,
            dimension: value.dimension.into(),
            overridden,
        };
        let known = used.entry(name).or_default();
        if !known.contains(&entry) {
            known.push(entry);
        }
    }
}
