//! Runs the pages of `tests/engine/`, which say in prose and tables what the engine promises.
//!
//! A page holds fenced `deployment` blocks, each followed by a table. Every row of the table is a
//! run (or one for each seed): columns whose names stand as `{name}` in the block are put into it,
//! columns whose names are measures in back-ticks are compared with what the run gives, all others
//! are for the reader. How blocks, measures and cells are written is said in
//! `tests/engine/README.md`.

#[path = "engine/callers.rs"]
mod callers;
#[path = "engine/deployment.rs"]
mod deployment;
#[path = "engine/expected.rs"]
mod expected;
#[path = "engine/invariants.rs"]
mod invariants;
#[path = "engine/measures.rs"]
mod measures;
#[path = "engine/queue_invariants.rs"]
mod queue_invariants;
#[path = "engine/queues.rs"]
mod queues;
#[path = "engine/rds_events.rs"]
mod rds_events;
#[path = "engine/stream_invariants.rs"]
mod stream_invariants;
#[path = "engine/streams.rs"]
mod streams;
#[path = "engine/triggers.rs"]
mod triggers;

use expected::Expected;

/// Checks all tables of a page and reports every cell that doesn't hold.
fn check(page: &str, text: &str) {
    let mut failures = Vec::new();
    let (mut block, mut header): (Option<String>, Option<Vec<String>>) = (None, None);
    let mut cells = 0;
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if line.starts_with("```deployment") {
            let body = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            block = Some(body.collect::<Vec<_>>().join("\n"));
            header = None;
        } else if line.starts_with("```") {
            lines.by_ref().take_while(|(_, line)| *line != "```").for_each(drop);
        } else if !line.starts_with('|') {
            header = None;
        } else if let (Some(block), Some(header)) = (&block, &header) {
            let row = row(line);
            if !row.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c))) {
                cells += check_row(block, header, &row, &mut |column, failure: String| {
                    failures.push(format!("{page}:{}: `{column}`: {failure}", index + 1));
                });
            }
        } else {
            header = Some(row(line));
        }
    }
    assert!(cells > 0, "{page} checks nothing");
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

fn row(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// Runs one row; gives how many cells were compared.
fn check_row(
    block: &str,
    header: &[String],
    row: &[String],
    fail: &mut dyn FnMut(&str, String),
) -> usize {
    let mut text = block.to_owned();
    for (name, cell) in header.iter().zip(row) {
        text = text.replace(&format!("{{{name}}}"), cell);
    }
    let case = deployment::parse(&text);
    let runs: Vec<_> =
        (case.first_seed..case.first_seed + case.seeds).map(|seed| case.run(seed)).collect();
    let mut compared = 0;
    for (name, cell) in header.iter().zip(row) {
        let Some(name) = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) else {
            continue;
        };
        compared += 1;
        let values: Vec<_> =
            runs.iter().map(|run| measures::measure(name, run, &case.architecture)).collect();
        if let Err(failure) = Expected::parse(cell).holds(&values) {
            fail(name, failure);
        }
    }
    compared
}

macro_rules! pages {
    ($($page:ident),* $(,)?) => {
        $(#[test]
        fn $page() {
            let file = concat!("tests/engine/", stringify!($page), ".md");
            check(file, include_str!(concat!("engine/", stringify!($page), ".md")));
        })*
    };
}

pages!(
    api_gateway,
    clients,
    auto_scaling,
    asynchronous,
    bounds,
    cost,
    environments,
    erlang_b,
    from_empty,
    insensitivity,
    limits,
    memory,
    other_simulators,
    periodic,
    provisioned,
    rds_events,
    triggers,
    queue_refused,
    queue_scaling,
    queue_settings,
    queue_waiting,
    redrive,
    refused,
    replacement,
    reserved_one,
    scaling_rate,
    snap_start,
    stream_bisect,
    stream_failures,
    stream_refused,
    stream_shards,
    tmp,
    worked_examples,
);

/// The same seed gives the same run to the last bit, another seed another run.
#[test]
fn runs_repeat() {
    let case = deployment::parse(
        "account 20\nfunction f: duration=exponential 1s, init=uniform 100ms 300ms, fails=10%\n\
         function g: duration=log_normal 200ms 2, idle=1s, reserved=0\n\
         load f: poisson 18/s until 60s\nload g: poisson 5/s until 60s\n",
    );
    assert_eq!(case.run(7), case.run(7));
    assert_ne!(case.run(7), case.run(8));
    for routing in ["newest", "most_recently_used", "least_recently_used", "random"] {
        let text = format!(
            "account 200\nrouting {routing}\nfunction f: duration=exponential 1s, idle=2s\n\
             load f: poisson 18/s until 600s\n"
        );
        let case = deployment::parse(&text);
        assert_eq!(case.run(1), case.run(1), "{routing}");
    }
}

/// A run's draws for one function don't depend on the others.
#[test]
fn another_function_changes_nothing_for_the_first() {
    let one = "account 1000\nfunction f: duration=exponential 1s, init=uniform 0s 1s, fails=5%\n\
               load f: poisson 20/s until 60s\n";
    let two = "account 1000\nfunction g: duration=exponential 2s\n\
               function f: duration=exponential 1s, init=uniform 0s 1s, fails=5%\n\
               load g: poisson 7/s until 50s\nload f: poisson 20/s until 60s\n";
    let alone = deployment::parse(one).run(3).expect("a run");
    let together = deployment::parse(two).run(3).expect("a run");
    let (mut f, mut g) = (alone.functions[0].clone(), together.functions[1].clone());
    assert_eq!(f.first_requests, g.first_requests);
    assert_eq!((f.duration, f.latency, f.errors), (g.duration, g.latency, g.errors));
    // Series end with the run, which the other function may make longer.
    assert_eq!(f.concurrent_executions.integral(), g.concurrent_executions.integral());
    assert_eq!(std::mem::take(&mut f.lifelines), std::mem::take(&mut g.lifelines));
}

/// A run can be stored and read back.
#[test]
fn a_run_survives_being_stored() {
    let case = deployment::parse(
        "account 10\nfunction f: duration=exponential 1s, provisioned=3\n\
         load f: poisson 12/s until 20s\n",
    );
    let run = case.run(1).expect("a run");
    let bytes = postcard::to_stdvec(&run).expect("stored");
    assert_eq!(postcard::from_bytes::<bogi::aws::metrics::Run>(&bytes), Ok(run));
}
