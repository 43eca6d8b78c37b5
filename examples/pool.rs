//! How fast the engine is: requests simulated per CPU second for pools of 10, 100 and 1,000
//! environments under Poisson arrivals and exponential durations, and the peak memory.
//!
//! `cargo run --release --example pool [REQUESTS]`, 10 million requests a pool unless given.

mod measure;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use bogi::aws::architecture::{
    Account, Architecture, Cargo, Form, Resource, ResourceKind, Sender, Source,
};
use bogi::aws::catalogue::{Catalogue, Quotas};
use bogi::aws::engine::{Bounds, Settings, run};
use bogi::aws::lambda::deployment::Function;
use bogi::aws::metrics::Run;
use bogi::sim::draw::Distribution;
use bogi::sim::flow::Arrivals;

use measure::{cpu_seconds, peak_memory_kb};

const SECOND: u64 = 1_000_000_000;

fn main() {
    let requests = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000_000);
    println!(
        "pool  offered  requests    throttled  wall s  CPU s  million requests per CPU second"
    );
    for pool in [10u64, 100, 1000] {
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        let run = simulate(pool, requests);
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        let function = &run.functions[0];
        let share = function.throttles as f64 / function.requests as f64;
        println!(
            "{pool:4}  {:7.1}  {:9}  {share:11.6}  {wall:6.2}  {cpu:5.2}  {:.2}",
            pool as f64 * 0.9,
            function.requests,
            function.requests as f64 / cpu.max(0.01) / 1e6,
        );
    }
    println!("peak memory: {} MB", peak_memory_kb() / 1024);
}

/// A pool of `pool` environments that is offered nine tenths of what it can carry.
fn simulate(pool: u64, requests: u64) -> Run {
    let rate = pool as f64 * 0.9;
    let until = (requests as f64 / rate * SECOND as f64) as u64;
    let function = Function {
        name: "function".to_owned(),
        duration: Distribution::Exponential { mean: SECOND },
        timeout: Some(900 * SECOND),
        ..Function::default()
    };
    let account = Account { concurrent_executions: Some(pool), ..Account::default() };
    let source = Source {
        target: Resource::new(ResourceKind::Function, 0),
        form: Form::Request,
        sender: Sender::Client,
        clients: None,
        arrivals: Arrivals::Poisson { rate, from: 0, until },
        cargo: Cargo::default(),
        attributes: BTreeMap::new(),
        body: BTreeMap::new(),
    };
    let architecture = Architecture {
        account,
        functions: vec![function],
        sources: vec![source],
        ..Architecture::default()
    };
    let quotas = Quotas::new(Catalogue::builtin(), BTreeMap::new());
    let bounds = Bounds { events: u64::MAX, time: u64::MAX };
    let settings = Settings { seed: 0, bounds, followed: BTreeSet::new() };
    run(&architecture, &quotas, &settings).expect("within the bounds")
}
