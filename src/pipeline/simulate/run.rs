//! Running scenarios, each distinct one once, or not at all where the cache has its outcome.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Running;
use crate::aws::catalogue::Catalogue;
use crate::diagnostic::Staged;
use crate::output::cache::{self, Cache};
use crate::scenario::{Outcome, Scenario};

/// What came of running a scenario.
pub struct Ran {
    /// The judged outcome; none when a run passed its bounds.
    pub judged: Staged<Option<Outcome>>,
    /// Whether the cache had it.
    pub cached: bool,
    /// How long it took by the lent clock.
    pub nanoseconds: u64,
}

/// The judged outcomes of the scenarios, in their order. Scenarios that resolve to the same
/// thing are simulated once.
pub fn run_all(scenarios: &[&Scenario], running: Running<'_>) -> Vec<Ran> {
    let distinct: BTreeMap<&str, &Scenario> =
        scenarios.iter().map(|scenario| (scenario.key(), *scenario)).collect();
    let simulated: BTreeMap<&str, (Option<Outcome>, bool, u64)> = distinct
        .into_par_iter()
        .map(|(key, scenario)| {
            let begin = (running.clock)();
            let (outcome, cached) = simulate_one(scenario, running.catalogue, running.cache);
            (key, (outcome, cached, (running.clock)().saturating_sub(begin)))
        })
        .collect();
    scenarios
        .par_iter()
        .map(|scenario| match simulated.get(scenario.key()) {
            Some((Some(outcome), cached, nanoseconds)) => {
                let judged = scenario.judge(outcome.clone());
                let judged = Staged::new(Some(judged.value), judged.diagnostics);
                Ran { judged, cached: *cached, nanoseconds: *nanoseconds }
            }
            // A run that passed its bounds says so at each block that asks for it.
            other => Ran {
                judged: scenario.run(running.catalogue),
                cached: false,
                nanoseconds: other.map_or(0, |(_, _, nanoseconds)| *nanoseconds),
            },
        })
        .collect()
}

/// The unjudged outcome of a scenario, and whether the cache had it. `None` when a run passed its
/// bounds.
fn simulate_one(
    scenario: &Scenario,
    catalogue: &Catalogue,
    cache: &Cache,
) -> (Option<Outcome>, bool) {
    if let Some(outcome) = remembered(scenario, cache) {
        return (Some(outcome), true);
    }
    let parts = (0..scenario.parts()).into_par_iter();
    let parts = parts.map(|part| scenario.simulate_part(part, catalogue)).collect();
    let outcome = scenario.gather(catalogue, parts).ok();
    outcome.iter().for_each(|outcome| remember(scenario, outcome, cache));
    (outcome, false)
}

/// The unjudged outcome of a scenario, if the cache has it.
pub fn remembered(scenario: &Scenario, cache: &Cache) -> Option<Outcome> {
    let key = cache::key("outcome", &[scenario.key().as_bytes()]);
    cache.get(&key).and_then(|bytes| postcard::from_bytes(&bytes).ok())
}

/// Keeps the unjudged outcome of a scenario.
pub fn remember(scenario: &Scenario, outcome: &Outcome, cache: &Cache) {
    if let Ok(bytes) = postcard::to_stdvec(outcome) {
        cache.put(cache::key("outcome", &[scenario.key().as_bytes()]), bytes);
    }
}
