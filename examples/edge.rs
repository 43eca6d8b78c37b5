//! How fast CloudFront's part of the engine is: requests for a thousand objects at twenty edge
//! locations, simulated per CPU second, and the peak memory.
//!
//! `cargo run --release --example edge [REQUESTS]`, 10 million requests unless given.

use std::time::Instant;

use bogi::aws::catalogue::Catalogue;
use bogi::scenario::{Block, parse};
use bogi::span::{Mapped, Source};

/// What runs at the viewer request, and a share of the requests that stays within a run's bounds.
const KINDS: [(&str, &str, u64); 3] = [
    ("no function", "", 1),
    ("CloudFront Functions", "viewer_request: { kind: cloudfront_functions }", 2),
    ("Lambda@Edge", "viewer_request: { kind: lambda_edge, duration: 1ms }", 4),
];

fn main() {
    let requests: u64 =
        std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000_000);
    println!("requests   hits   wall s  million requests a second  events a request");
    for (name, function, divisor) in KINDS {
        let yaml = format!(
            "id: edge\ndistributions:\n  site:\n    origin: {{ duration: 80ms, cache_control: \
             \"max-age=3600\" }}\n    locations: 20\n    {function}\nevents:\n  - {{ request: \
             site, path: \"/{{1..1000}}.jpg\", zipf: 0.8, rate: 10000/s, until: {}ms, arrivals: \
             poisson }}\n",
            requests / divisor / 10
        );
        let source = Source::new("edge", yaml.clone());
        let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
        let parsed = parse(&block, Catalogue::builtin());
        let Some(scenario) = parsed.value else { panic!("{:?}", parsed.diagnostics) };
        let start = Instant::now();
        let outcome = scenario.simulate(Catalogue::builtin()).expect("a run within its bounds");
        let wall = start.elapsed().as_secs_f64();
        let run = &outcome.variants[0].run;
        let metrics = &run.distributions[0];
        let (hits, count, events) = (metrics.cache_hits, metrics.requests, run.events);
        println!(
            "{count:9}  {:.3}  {wall:6.2}  {:25.2}  {:16.2}  {name}",
            hits as f64 / count as f64,
            count as f64 / wall / 1e6,
            events as f64 / count as f64,
        );
    }
    println!("peak memory: {} MB", peak_memory_kb() / 1024);
}

/// The most memory that this process has held, in KB; 0 where the system doesn't say.
fn peak_memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
