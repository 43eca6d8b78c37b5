//! From what the engine recorded to the measures of the language: CloudWatch's names in snake
//! case. The one place that says which measures there are: a file for each service.
//!
//! As in CloudWatch, `invocations` doesn't count throttled requests; `requests` counts all.

mod api;
mod asynchronous;
mod bucket;
mod client;
mod connection;
mod distribution;
mod event_bus;
mod function;
mod group;
mod identity;
mod queue;
mod rds;
mod rds_event;
mod statement;
mod stream;
mod topic;

use indexmap::IndexMap;

use super::outcome::Measure;
use crate::aws::architecture::ResourceKind;
use crate::aws::metrics::Run;
use group::Group;

pub use function::reason_name;

/// All measures of a run by the names of the language.
pub fn measures(run: &Run) -> IndexMap<String, Measure> {
    let mut all = Group::default();
    for (at, metrics) in run.functions.iter().enumerate() {
        let mut group = function::function_measures(metrics);
        let events = run.asynchronous.get(at).cloned().unwrap_or_default();
        asynchronous::add(&mut group, &events);
        client::add(&mut group, run, ResourceKind::Function, at);
        stream::add(&mut group, &metrics.name, run);
        all.group(&metrics.name, group);
    }
    for metrics in &run.databases {
        all.group(&metrics.name, rds::database(metrics));
    }
    for metrics in &run.proxies {
        all.group(&metrics.name, rds::proxy(metrics));
    }
    if run.plan.is_some() {
        all.put("connections", connection::connections(&run.connections));
    }
    if !run.decisions.is_empty() {
        all.put("decisions", identity::decisions(&run.decisions));
    }
    if !run.tasks.is_empty() {
        all.group("tasks", identity::tasks(&run.tasks));
    }
    for (at, metrics) in run.apis.iter().enumerate() {
        let mut group = api::api(metrics);
        client::add(&mut group, run, ResourceKind::Api, at);
        all.group(&metrics.name, group);
    }
    for metrics in &run.queues {
        all.group(&metrics.name, queue::queue_measures(metrics));
    }
    for metrics in &run.streams {
        all.group(&metrics.name, stream::stream_measures(metrics));
    }
    for metrics in &run.distributions {
        all.group(&metrics.name, distribution::distribution(metrics));
    }
    if !run.distributions.is_empty() {
        all.put("requests", Measure::List(distribution::requests(run)));
    }
    for metrics in &run.buckets {
        all.group(&metrics.name, bucket::bucket(metrics));
    }
    event_bus::add(&mut all, &run.event_bus);
    for metrics in &run.topics {
        all.group(&metrics.name, topic::topic(metrics));
    }
    for metrics in &run.event_subscriptions {
        all.group(&metrics.name, rds_event::subscription(metrics));
    }
    // Where there is a database nothing may happen to it as well.
    let told = [run.databases.len(), run.event_subscriptions.len(), run.rds_events.len()];
    if told.iter().any(|&count| count > 0) {
        all.put("rds_events", rds_event::events(run));
    }
    all.group("account", function::account(&run.account, &run.regions));
    all.group("total", function::total(&run.functions));
    all.group("deploy", deploy(run));
    let mut whole = Group::default();
    whole.duration("end", run.end as f64);
    whole.count("events", run.events);
    all.group("run", whole);
    all.0
}

fn deploy(run: &Run) -> Group {
    let mut group = Group::default();
    let rejection = run.rejected.as_ref();
    let text = |text: Option<&String>| text.cloned().map_or(Measure::Absent, Measure::Text);
    let resource = rejection.and_then(|rejection| rejection.resource.as_ref());
    let is_function = |name: &&String| run.functions.iter().any(|known| known.name == **name);
    group.put("rejected", Measure::Bool(rejection.is_some()));
    group.put("error", text(rejection.map(|rejection| &rejection.error)));
    group.put("reason", text(rejection.map(|rejection| &rejection.reason)));
    group.put("resource", text(resource));
    group.put("function", text(resource.filter(is_function)));
    group
}
