//! Which of many measures matter where scenarios that differ are compared: those that differ, what
//! an expectation speaks of first.

use indexmap::IndexMap;

use super::outcome::Measure;

/// The ends of names that say most, in order.
const TELLING: [&str; 13] = [
    "throttles",
    "errors",
    "async_events_dropped",
    "number_of_notifications_failed",
    "messages_dead_lettered",
    "dead_letters",
    "waiting_time.p99",
    "cold_starts",
    "provisioned_concurrency_spillover_invocations",
    "latency.p99",
    "cost.total",
    "concurrent_executions.max",
    "latency.p50",
];

/// Groups of measures that belong to no resource, from the one that says least.
pub(crate) const NOT_RESOURCES: [&str; 5] = ["at", "deploy", "run", "account", "total"];

/// How little a measure tells: whether it is the same in all runs, whether no claim is about it,
/// whether it tells little or of another resource, how far back its name stands among the telling
/// ones, and its place in the order of measures.
type Rank = (bool, bool, bool, usize, usize);

/// The paths of the measures that differ between some runs, the most telling first; without any,
/// the most telling that is the same in all. `owners` are the resources that are changed, whose own
/// measures say more than those of others.
pub(crate) fn measures(
    runs: &[&IndexMap<String, Measure>],
    owners: &[&str],
    claims: &[&str],
) -> Vec<Vec<String>> {
    let ran = |run: &&&IndexMap<String, Measure>| {
        find(run, &["deploy", "rejected"]) != Some(&Measure::Bool(true))
    };
    let runs: Vec<&IndexMap<String, Measure>> = runs.iter().filter(ran).copied().collect();
    let Some(first) = runs.first() else { return Vec::new() };
    let mut paths = Vec::new();
    for (name, measure) in *first {
        flatten(measure, &mut vec![name.clone()], &mut paths);
    }
    let mut ranked: Vec<(Rank, Vec<String>)> = Vec::new();
    for (order, path) in paths.into_iter().enumerate() {
        let owner = path.first().map_or("", String::as_str);
        // A limit is what was set, and not what came of it.
        let is_limit = path.last().is_some_and(|last| last == "limit");
        if is_limit || ["at", "deploy"].contains(&owner) {
            continue;
        }
        let steps: Vec<&str> = path.iter().map(String::as_str).collect();
        let differs = runs.iter().any(|run| find(run, &steps) != find(first, &steps));
        let claimed = claims.iter().any(|claim| claim.contains(&steps.join(".")));
        let rank = rank(owner, &steps);
        let own = owners.contains(&owner) && rank < TELLING.len();
        ranked.push(((!differs, !claimed, !own, rank, order), path));
    }
    ranked.sort();
    let differing = ranked.iter().filter(|((same, ..), _)| !same).count();
    ranked.truncate(differing.max(1));
    ranked.into_iter().map(|(_, path)| path).collect()
}

fn rank(owner: &str, steps: &[&str]) -> usize {
    let tail = steps.get(1..).unwrap_or_default().join(".");
    let telling = TELLING.iter().position(|known| *known == tail).unwrap_or(TELLING.len());
    match NOT_RESOURCES.iter().position(|known| *known == owner) {
        None => telling,
        // Sums and the account's measures repeat what the resources say.
        Some(at) => TELLING.len() + 1 + (NOT_RESOURCES.len() - at) * (TELLING.len() + 1) + telling,
    }
}

fn flatten(measure: &Measure, path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    match measure {
        Measure::Quantity(..) | Measure::Absent => paths.push(path.clone()),
        Measure::Map(map) => {
            for (name, inner) in map {
                path.push(name.clone());
                flatten(inner, path, paths);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The measure at a path.
pub(crate) fn find<'m>(
    measures: &'m IndexMap<String, Measure>,
    path: &[&str],
) -> Option<&'m Measure> {
    let (first, rest) = path.split_first()?;
    let mut at = measures.get(*first)?;
    for step in rest {
        let Measure::Map(map) = at else { return None };
        at = map.get(*step)?;
    }
    Some(at)
}
