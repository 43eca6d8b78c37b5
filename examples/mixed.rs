//! How fast services run together: messages go through a queue to a function, which asks a database
//! through RDS Proxy; per CPU second, and the peak memory.
//!
//! `cargo run --release --example mixed [MESSAGES]`, 1 million messages unless given.

mod measure;

use bogi::aws::catalogue::Catalogue;
use bogi::scenario::{Block, parse};
use bogi::span::{Mapped, Source};

use measure::{cpu_seconds, peak_memory_kb};

/// How many messages a batch has at most.
const BATCHES: [u64; 2] = [1, 10];

/// How fast messages come, a second.
const RATE: u64 = 1000;

fn main() {
    let messages: u64 =
        std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    println!("batch  messages  invocations   queries    events  CPU s  messages a CPU s  peak MB");
    for batch in BATCHES {
        let yaml = format!(
            "id: mixed\n\
             databases:\n  db: {{ engine: postgres, max_connections: 200, query: {{ exponential: \
             20ms }} }}\n\
             proxies:\n  proxy: {{ target: db, max_connections_percent: 50% }}\n\
             functions:\n  worker: {{ duration: {{ exponential: 50ms }}, timeout: 30s, calls: \
             proxy }}\n\
             queues:\n  jobs:\n    visibility_timeout: 3m\n    event_source_mapping: {{ function: \
             worker, batch_size: {batch} }}\n\
             events:\n  - {{ send: jobs, rate: {RATE}/s, until: {}s, arrivals: poisson }}\n",
            messages / RATE
        );
        let source = Source::new("mixed", yaml.clone());
        let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
        let parsed = parse(&block, Catalogue::builtin());
        let Some(scenario) = parsed.value else { panic!("{:?}", parsed.diagnostics) };
        let before = cpu_seconds();
        let outcome = scenario.simulate(Catalogue::builtin()).expect("a run within its bounds");
        let cpu = cpu_seconds() - before;
        let run = &outcome.variants[0].run;
        let count = run.queues[0].number_of_messages_deleted;
        println!(
            "{batch:5}  {count:8}  {:11}  {:8}  {:8}  {cpu:5.2}  {:16.0}  {:7}",
            run.functions[0].invocations,
            run.databases[0].queries,
            run.events,
            count as f64 / cpu,
            peak_memory_kb() / 1024,
        );
    }
}
