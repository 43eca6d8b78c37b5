//! How fast CloudFront's part of the engine is: requests for a thousand objects at twenty edge
//! locations, simulated per CPU second, and the peak memory.
//!
//! `cargo run --release --example edge [REQUESTS]`, 10 million requests unless given.

mod measure;

use bogi::aws::catalogue::Catalogue;
use bogi::scenario::{Block, parse};
use bogi::span::{Mapped, Source};

use measure::{cpu_seconds, peak_memory_kb};

/// What runs at the viewer request, and a share of the requests that stays within a run's bounds.
const KINDS: [(&str, &str, u64); 3] = [
    ("no function", "", 1),
    ("CloudFront Functions", "viewer_request: { kind: cloudfront_functions }", 2),
    ("Lambda@Edge", "viewer_request: { kind: lambda_edge, duration: 1ms }", 4),
];

fn main() {
    let requests: u64 =
        std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000_000);
    println!("requests   hits   CPU s  million requests a CPU second  events a request");
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
        let before = cpu_seconds();
        let outcome = scenario.simulate(Catalogue::builtin()).expect("a run within its bounds");
        let cpu = cpu_seconds() - before;
        let run = &outcome.variants[0].run;
        let metrics = &run.distributions[0];
        let (hits, count, events) = (metrics.cache_hits, metrics.requests, run.events);
        println!(
            "{count:9}  {:.3}  {cpu:5.2}  {:29.2}  {:16.2}  {name}",
            hits as f64 / count as f64,
            count as f64 / cpu / 1e6,
            events as f64 / count as f64,
        );
    }
    println!("peak memory: {} MB", peak_memory_kb() / 1024);
}
