//! Makes a blog with any number of distinct scenarios, for measuring `bogi check`:
//! `cargo run --release --example scenarios -- 1000 DIR`, then
//! `cargo run --release -- check --source DIR --profile`, cold, again, and as `--shard 1/4`.
//!
//! A note holds ten scenarios and prints a value of each. Scenario number i depends on i alone, no
//! two have the same key, and each is some ten thousand requests to a function, through a queue, or
//! to a distribution, with two expectations that hold.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

/// How many scenarios stand in a note.
const PER_NOTE: usize = 10;

fn function(number: usize) -> String {
    let (rate, memory) = (100 + number % 90, 128 + number % 7 * 64);
    format!(
        "functions:\n  orders: {{ duration: 180ms, init_duration: 400ms, memory: {memory}MB }}\n  \
         reports: {{ duration: 900ms, timeout: 30s, reserved_concurrency: {limit} }}\nevents:\n  \
         - {{ invoke: orders, rate: {rate}/s, until: 60s, arrivals: poisson }}\n  \
         - {{ invoke: reports, rate: 40/s, from: 5s, until: 45s, arrivals: poisson }}\nexpect:\n  \
         - orders.throttles == 0\n  - reports.concurrent_executions.max <= {limit}\n\
         show: [summary, concurrency]\n",
        limit = 20 + number % 11,
    )
}

fn queue(number: usize) -> String {
    let (rate, batch) = (60 + number % 70, 1 + number % 10);
    format!(
        "queues:\n  jobs:\n    visibility_timeout: 60s\n    \
         event_source_mapping: {{ function: worker, batch_size: {batch} }}\n\
         functions:\n  worker: {{ duration: 120ms, timeout: 10s }}\n\
         events:\n  - {{ send: jobs, rate: {rate}/s, until: 60s, arrivals: poisson }}\nexpect:\n  \
         - worker.errors == 0\n  - worker.throttles == 0\nshow: [summary, queue]\n",
    )
}

fn distribution(number: usize) -> String {
    let (rate, objects) = (100 + number % 80, 50 + number % 400);
    format!(
        "distributions:\n  site:\n    origin: {{ duration: 80ms }}\nevents:\n  \
         - {{ request: site, path: \"/images/{{1..{objects}}}.jpg\", rate: {rate}/s, until: 60s, \
         arrivals: poisson, zipf: 1 }}\nexpect:\n  - site.requests > 0\n  - site.errors_5xx == 0\n\
         show: [summary]\n",
    )
}

fn scenario(number: usize) -> String {
    let kind = match number % 3 {
        0 => function(number),
        1 => queue(number),
        _ => distribution(number),
    };
    format!("```scenario\nid: scenario_{number}\nseed: {number}\n{kind}```\n\n")
}

fn note(number: usize, scenarios: std::ops::Range<usize>) -> String {
    let mut text = format!("---\ntitle: \"시나리오 모음 {number}\"\n---\n\n");
    for scenario_number in scenarios {
        let measure = ["orders.requests", "worker.invocations", "site.requests"];
        let _ = write!(
            text,
            "## {scenario_number}번\n\n\
             여기서는 {{{{ scenario.scenario_{scenario_number}.{} }}}}건이 온다.\n\n{}",
            measure[scenario_number % 3],
            scenario(scenario_number),
        );
    }
    text
}

fn write_blog(scenarios: usize, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder.join("posts"))?;
    let config = "title: 시나리오를 재는 블로그\nurl: https://example.com\nlocale: ko-KR\n";
    fs::write(folder.join("_config.yml"), config)?;
    for (number, start) in (0..scenarios).step_by(PER_NOTE).enumerate() {
        let (year, month, day) = (1990 + number / 336, number / 28 % 12 + 1, number % 28 + 1);
        let name = format!("posts/{year}-{month:02}-{day:02}-note-{number}.md");
        fs::write(folder.join(name), note(number, start..(start + PER_NOTE).min(scenarios)))?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [scenarios, folder] = arguments.as_slice() else {
        eprintln!("usage: scenarios COUNT FOLDER");
        return ExitCode::from(2);
    };
    let Ok(scenarios) = scenarios.parse() else {
        eprintln!("`{scenarios}` is no number of scenarios");
        return ExitCode::from(2);
    };
    match write_blog(scenarios, Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write `{folder}`: {error}");
            ExitCode::from(2)
        }
    }
}
