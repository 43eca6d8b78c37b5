//! Scenarios that weren't selected. They sleep until a page that is judged prints one of their
//! values, and are run then, once.

use std::sync::{Arc, OnceLock};

use crate::aws::catalogue::Catalogue;
use crate::output::cache::Cache;
use crate::pipeline::simulate::run::{remember, remembered};
use crate::scenario::{Outcome, Scenario};

/// A scenario that was read and not run.
#[derive(Clone, Debug)]
pub struct Dormant {
    scenario: Arc<Scenario>,
    outcome: OnceLock<Option<Arc<Outcome>>>,
}

impl Dormant {
    /// A scenario that sleeps.
    pub fn new(scenario: Arc<Scenario>) -> Self {
        Self { scenario, outcome: OnceLock::new() }
    }

    /// Its outcome, run now unless it was asked for before or the cache has it; `None` when a run
    /// passes its bounds, which is said where the scenario is judged.
    ///
    /// The runs follow each other on this thread: a thread that shared them would take up other
    /// work while it waits, which might ask for this same outcome and wait for itself.
    pub fn outcome(&self, cache: &Cache, catalogue: &Catalogue) -> Option<&Outcome> {
        let outcome = self.outcome.get_or_init(|| {
            let scenario = &self.scenario;
            let outcome = match remembered(scenario, cache) {
                Some(outcome) => outcome,
                None => {
                    let outcome = scenario.simulate(catalogue).ok()?;
                    remember(scenario, &outcome, cache);
                    outcome
                }
            };
            Some(Arc::new(scenario.judge(outcome).value))
        });
        outcome.as_deref()
    }
}
