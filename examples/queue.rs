//! How fast messages go through a queue to a function: messages per CPU second for batches of 1 and
//! of 10, as they come and from a backlog, and the peak memory.
//!
//! `cargo run --release --example queue [MESSAGES]`, 1 million messages unless given.

mod measure;

use std::collections::{BTreeMap, BTreeSet};

use bogi::aws::architecture::{
    Account, Architecture, Cargo, Form, Resource, ResourceKind, Sender, Source,
};
use bogi::aws::catalogue::{Catalogue, Quotas};
use bogi::aws::engine::{Bounds, Settings, run};
use bogi::aws::lambda::deployment::Function;
use bogi::aws::metrics::Run;
use bogi::aws::sqs::deployment::{Mapping, Queue};
use bogi::sim::SECOND;
use bogi::sim::draw::Distribution;
use bogi::sim::flow::Arrivals;

use measure::{cpu_seconds, peak_memory_kb};

fn main() {
    let messages = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    println!("batch  how        messages   batches  most waiting  CPU s  peak MB");
    for (batch, at_once) in [(1, false), (10, false), (1, true), (10, true)] {
        let cpu = cpu_seconds();
        let run = simulate(messages, batch, at_once);
        let cpu = cpu_seconds() - cpu;
        let queue = &run.queues[0];
        println!(
            "{batch:5}  {:9}  {:8}  {:8}  {:12}  {cpu:5.2}  {:7}",
            if at_once { "at once" } else { "1,000/s" },
            queue.number_of_messages_deleted,
            queue.mappings[0].batches,
            queue.approximate_number_of_messages_visible.max(),
            peak_memory_kb() / 1024,
        );
    }
}

/// A queue of short messages, as many as a thousand a second or all at one instant.
fn simulate(messages: u64, batch: u64, at_once: bool) -> Run {
    let function = Function {
        name: "function".to_owned(),
        duration: Distribution::Exponential { mean: SECOND / 10 },
        ..Function::default()
    };
    let mapping = Mapping {
        function: Resource::new(ResourceKind::Function, 0),
        batch_size: Some(batch),
        batching_window: None,
        max_concurrency: None,
        provisioned_pollers: None,
        report_batch_item_failures: false,
    };
    let queue = Queue {
        name: "queue".to_owned(),
        event_source_mappings: vec![mapping],
        ..Queue::default()
    };
    let until = messages.saturating_mul(SECOND / 1000);
    let arrivals = match at_once {
        true => Arrivals::Once { at: 0, count: messages },
        false => Arrivals::Poisson { rate: 1000.0, from: 0, until },
    };
    let source = Source {
        target: Resource::new(ResourceKind::Queue, 0),
        form: Form::Delivery,
        sender: Sender::Client,
        clients: None,
        arrivals,
        cargo: Cargo::default(),
        attributes: BTreeMap::new(),
        body: BTreeMap::new(),
    };
    let account = Account { region: "ap-northeast-2".to_owned(), ..Account::default() };
    let architecture = Architecture {
        account,
        functions: vec![function],
        queues: vec![queue],
        sources: vec![source],
        ..Architecture::default()
    };
    let quotas = Quotas::new(Catalogue::builtin(), BTreeMap::new());
    let bounds = Bounds { events: u64::MAX, time: u64::MAX };
    let settings = Settings { seed: 0, bounds, followed: BTreeSet::new() };
    run(&architecture, &quotas, &settings).expect("within the bounds")
}
