//! Reads the `deployment` blocks of the pages; `README.md` says how they are written.

use std::collections::{BTreeMap, BTreeSet};

use bogi::aws::architecture::{
    Account, Architecture, Cargo, Form, Poison, Resource, ResourceKind, Sender, Source,
};
use bogi::aws::catalogue::{Catalogue, Quotas};
use bogi::aws::engine::{Bounds, RunError, Settings, run};
use bogi::aws::lambda::asynchronous::deployment::Destination;
use bogi::aws::lambda::deployment::{
    Cpu, Deployment, Function, InstructionSet, Maintenance, Provisioned, Qualifier, Routing,
    Scaling, ScheduledAction, SnapStart, TargetTracking, TmpCache,
};
use bogi::aws::metrics::Run;
use bogi::aws::streams::deployment::Kind;
use bogi::quantity::Quantity;
use bogi::sim::draw::Distribution;
use bogi::sim::flow::Arrivals;
use bogi::sim::windows::Windows;

use crate::{callers, queues, rds_events, streams, triggers};

const SECOND: u64 = 1_000_000_000;

/// What a block describes.
#[derive(Debug)]
pub struct Case {
    pub architecture: Architecture,
    overrides: BTreeMap<String, Quantity>,
    bounds: Bounds,
    pub first_seed: u64,
    pub seeds: u64,
}

impl Case {
    pub fn run(&self, seed: u64) -> Result<Run, RunError> {
        let quotas = Quotas::new(Catalogue::builtin(), self.overrides.clone());
        let settings = Settings { seed, bounds: self.bounds, followed: BTreeSet::new() };
        run(&self.architecture, &quotas, &settings)
    }
}

pub fn parse(text: &str) -> Case {
    let account = Account { region: "ap-northeast-2".to_owned(), ..Account::default() };
    let mut case = Case {
        architecture: Architecture { account, ..Architecture::default() },
        overrides: BTreeMap::new(),
        bounds: Bounds { events: 1 << 32, time: u64::MAX },
        first_seed: 1,
        seeds: 1,
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "account" => case.architecture.account.concurrent_executions = Some(number(rest)),
            "function" => {
                let function = function(rest, &case.architecture);
                case.architecture.functions.push(function);
            }
            "api" => {
                let api = callers::api(rest, &case.architecture);
                case.architecture.apis.push(api);
            }
            "queue" => {
                let queue = queues::queue(rest, &case.architecture);
                case.architecture.queues.push(queue);
            }
            "poll" => queues::mapping(rest, &mut case.architecture),
            "stream" => {
                case.architecture.streams.push(streams::stream(rest, Kind::Kinesis));
            }
            "table" => case.architecture.tables.push(streams::stream(rest, Kind::DynamoDb)),
            "read" => streams::mapping(rest, &mut case.architecture),
            "topic" | "database" | "subscription" | "happens" | "trigger" => {
                of_databases(word, rest, &mut case.architecture);
            }
            "write" => write(rest, &mut case.architecture),
            "load" | "event" | "notification" => {
                let form = if word == "load" { Form::Request } else { Form::Delivery };
                let service = word == "notification";
                let sender = if service { Sender::Service } else { Sender::Client };
                let source = load(rest, &case.architecture, form, sender);
                case.architecture.sources.push(source);
            }
            "new" => case.architecture.account.new = true,
            "free_tier" => case.architecture.account.free_tier = true,
            "scaling" => case.architecture.policies.scaling = scaling(rest),
            "region" => case.architecture.account.region = rest.to_owned(),
            "deploy" => deploy(rest, &mut case.architecture),
            "maintenance" => {
                let lifetime = rest == "lifetime";
                let policy = if lifetime { Maintenance::Lifetime } else { Maintenance::None };
                case.architecture.policies.maintenance = policy;
            }
            "schedule" => schedule(rest, &mut case.architecture.functions),
            "tracking" => tracking(rest, &mut case.architecture.functions),
            "routing" => case.architecture.policies.routing = routing(rest),
            "quota" => {
                let (name, value) = rest.split_once('=').expect("quota NAME=VALUE");
                let known = Catalogue::builtin().get(name.trim()).is_some();
                assert!(known, "no quota `{name}`");
                case.overrides.insert(name.trim().to_owned(), quantity(value));
            }
            "events" => case.bounds.events = number(rest),
            "time" => case.bounds.time = time(rest),
            "seeds" => case.seeds = number(rest),
            "seed" => case.first_seed = number(rest),
            _ => panic!("`{line}` is no line of a deployment"),
        }
    }
    case
}

/// Statements that come to a database.
fn write(rest: &str, architecture: &mut Architecture) {
    let text = triggers::writer(rest, architecture);
    let source = load(&text, architecture, Form::Request, Sender::Client);
    architecture.sources.push(source);
}

/// A line about databases and who is told of them.
fn of_databases(word: &str, rest: &str, architecture: &mut Architecture) {
    match word {
        "topic" => rds_events::topic(rest, architecture),
        "database" => rds_events::database(rest, architecture),
        "subscription" => rds_events::subscription(rest, architecture),
        "trigger" => triggers::trigger(rest, architecture),
        _ => rds_events::happens(rest, architecture),
    }
}

fn scaling(text: &str) -> Scaling {
    match text {
        "per_function" => Scaling::PerFunction,
        "regional_burst" => Scaling::RegionalBurst,
        _ => panic!("no scaling policy `{text}`"),
    }
}

/// `NAME at TIME`.
fn deploy(text: &str, architecture: &mut Architecture) {
    let (name, at) = text.split_once(" at ").expect("deploy NAME at TIME");
    let function = architecture.functions.iter().position(|function| function.name == name);
    let function = function.unwrap_or_else(|| panic!("no function `{name}`")) as u32;
    architecture.deployments.push(Deployment { function, at: time(at) });
}

pub fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap_or_else(|error| panic!("`{text}`: {error}"))
}

pub fn number(text: &str) -> u64 {
    quantity(text).amount as u64
}

pub fn time(text: &str) -> u64 {
    quantity(text).as_nanoseconds().unwrap_or_else(|| panic!("`{text}` is no time"))
}

fn megabytes(text: &str) -> u64 {
    (quantity(text).amount / 1048576.0) as u64
}

fn routing(text: &str) -> Routing {
    match text {
        "newest" => Routing::Newest,
        "most_recently_used" => Routing::MostRecentlyUsed,
        "least_recently_used" => Routing::LeastRecentlyUsed,
        "random" => Routing::Random,
        _ => panic!("`{text}` is no routing policy"),
    }
}

fn distribution(text: &str) -> Distribution {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["exponential", mean] => Distribution::Exponential { mean: time(mean) },
        ["uniform", min, max] => Distribution::Uniform { min: time(min), max: time(max) },
        ["log_normal", mean, variation] => Distribution::LogNormal {
            mean: time(mean),
            coefficient_of_variation: quantity(variation).amount,
        },
        ["constant", value] | [value] => Distribution::Constant(time(value)),
        _ => panic!("`{text}` is no distribution"),
    }
}

/// `NAME: key=value, …`; `-` as a value leaves the key out.
fn function(text: &str, architecture: &Architecture) -> Function {
    let (name, settings) = text.split_once(':').expect("function NAME: …");
    let mut function = Function {
        name: name.trim().to_owned(),
        timeout: Some(900 * SECOND),
        ..Function::default()
    };
    for setting in settings.split(',').map(str::trim).filter(|setting| !setting.is_empty()) {
        let (key, value) = setting.split_once('=').expect("key=value");
        if value == "-" {
            continue;
        }
        match key {
            "duration" => function.duration = distribution(value),
            "init" => function.init_duration = distribution(value),
            "memory" => function.memory_mb = Some(megabytes(value)),
            "timeout" => function.timeout = (value != "default").then(|| time(value)),
            "storage" => function.ephemeral_storage_mb = Some(megabytes(value)),
            "reserved" => function.reserved_concurrency = Some(number(value)),
            "provisioned" => {
                let (amount, at) = value
                    .split_once(" at ")
                    .map_or((value, None), |(amount, at)| (amount, Some(time(at))));
                let amount = number(amount);
                let provisioned = Provisioned { requested_at: at, ..Provisioned::fixed(amount) };
                function.provisioned_concurrency = Some(provisioned);
            }
            "idle" => function.idle_timeout = Some(time(value)),
            "per_record" => function.duration_per_record = time(value),
            "init_fails" => function.init_failure_rate = quantity(value).amount,
            "fails" => function.failure_rate = quantity(value).amount,
            "runtime" => function.runtime = Some(value.to_owned()),
            "latest" => function.qualifier = Qualifier::Latest,
            "restore" => {
                function.snap_start = Some(SnapStart { restore_duration: distribution(value) });
            }
            "cpu" => function.cpu = Some(cpu(value)),
            "tmp" => function.tmp_cache = Some(tmp_cache(value)),
            "failing" => {
                let (from, until) = value.split_once(' ').expect("failing=FROM UNTIL");
                function.failing = Windows::new(vec![(time(from), time(until))]);
            }
            "max_event_age" => function.event_invoke.max_event_age = Some(time(value)),
            "max_retry_attempts" => {
                function.event_invoke.max_retry_attempts = Some(number(value));
            }
            "on_success" => function.event_invoke.on_success = destination(value, architecture),
            "on_failure" => function.event_invoke.on_failure = destination(value, architecture),
            "dead_letter" => function.event_invoke.dead_letter = destination(value, architecture),
            "architecture" => function.architecture = InstructionSet::Arm64,
            _ => panic!("`{key}` is no setting of a function"),
        }
    }
    function
}

/// `BOUND [MEMORY [PARALLELISM]]`: `80% 1769MB 2`.
fn cpu(text: &str) -> Cpu {
    let words: Vec<&str> = text.split_whitespace().collect();
    Cpu {
        bound: quantity(words[0]).amount,
        measured_at_mb: words.get(1).map(|memory| megabytes(memory)),
        parallelism: words.get(2).map_or(1, |cores| number(cores) as u32),
    }
}

/// `DOWNLOAD [SIZE [FILES]]`: `5s 400MB 3`.
fn tmp_cache(text: &str) -> TmpCache {
    let words: Vec<&str> = text.split_whitespace().collect();
    TmpCache {
        download_duration: Distribution::Constant(time(words[0])),
        size_mb: words.get(1).map(|size| megabytes(size)),
        files: words.get(2).map_or(1, |files| number(files) as u32),
    }
}

/// The provisioned concurrency of `NAME: …`, and the words after the name.
fn provisioned<'a, 't>(
    text: &'t str,
    functions: &'a mut [Function],
) -> (&'a mut Provisioned, Vec<&'t str>) {
    let (name, rest) = text.split_once(':').expect("NAME: …");
    let function = functions.iter_mut().find(|function| function.name == name.trim());
    let function = function.unwrap_or_else(|| panic!("no function `{name}`"));
    (function.provisioned_concurrency.get_or_insert_default(), rest.split_whitespace().collect())
}

/// `NAME: at TIME [every TIME] amount COUNT`, or `min COUNT` and `max COUNT`.
fn schedule(text: &str, functions: &mut [Function]) {
    let (provisioned, words) = provisioned(text, functions);
    let mut action = ScheduledAction::default();
    for pair in words.chunks(2) {
        match pair {
            ["at", value] => action.at = time(value),
            ["every", value] => action.every = Some(time(value)),
            ["amount", value] => {
                (action.min, action.max) = (Some(number(value)), Some(number(value)));
            }
            ["min", value] => action.min = Some(number(value)),
            ["max", value] => action.max = Some(number(value)),
            _ => panic!("`{text}` is no scheduled action"),
        }
    }
    provisioned.schedule.push(action);
}

/// `NAME: UTILIZATION MIN MAX`.
fn tracking(text: &str, functions: &mut [Function]) {
    let (provisioned, words) = provisioned(text, functions);
    let [utilization, min, max] = words[..] else { panic!("`{text}` is no policy") };
    let (utilization, min, max) = (quantity(utilization).amount, number(min), number(max));
    provisioned.amount = provisioned.amount.max(min);
    provisioned.target_tracking = Some(TargetTracking { utilization, min, max });
}

/// `NAME`, or `NAME denied` for one that the role may not send to.
fn destination(text: &str, architecture: &Architecture) -> Option<Destination> {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    Some(Destination { target: resource(name, architecture), allowed: rest != "denied" })
}

/// `NAME: once COUNT at TIME`, `NAME: constant RATE [from TIME] until TIME`, or `poisson`.
fn load(text: &str, architecture: &Architecture, form: Form, sender: Sender) -> Source {
    let (name, arrivals) = text.split_once(':').expect("load NAME: …");
    let target = resource(name.trim(), architecture);
    let words: Vec<&str> = arrivals.split_whitespace().collect();
    let after = |word: &str| {
        let at = words.iter().position(|&known| known == word)?;
        words.get(at + 1).map(|text| time(text))
    };
    let from = after("from").unwrap_or_default();
    let rate = || quantity(words[1]).amount;
    let arrivals = match words[0] {
        "once" => Arrivals::Once { at: after("at").unwrap_or_default(), count: number(words[1]) },
        "constant" => {
            Arrivals::Constant { rate: rate(), from, until: after("until").unwrap_or(u64::MAX) }
        }
        "poisson" => {
            Arrivals::Poisson { rate: rate(), from, until: after("until").unwrap_or(u64::MAX) }
        }
        _ => panic!("`{arrivals}` are no arrivals"),
    };
    let waiting = [ResourceKind::Function, ResourceKind::Api, ResourceKind::Client];
    let waits = waiting.contains(&target.kind);
    let form = if waits { form } else { Form::Delivery };
    let clients = callers::clients(&words, target.kind == ResourceKind::Api);
    let (attributes, body) = Default::default();
    Source { target, form, sender, clients, arrivals, cargo: cargo(&words), attributes, body }
}

/// `keys 5 ids 3 poison 1% entries 10 size 1KB`; poison may be numbers: `poison #17,18`.
fn cargo(words: &[&str]) -> Cargo {
    let after = |word: &str| {
        let at = words.iter().position(|&known| known == word)?;
        words.get(at + 1).copied()
    };
    let count = |word: &str| after(word).map_or(0, |text| number(text) as u32);
    let poison = match after("poison").map(|text| text.strip_prefix('#').ok_or(text)) {
        None => Poison::None,
        Some(Err(share)) => Poison::Share(quantity(share).amount),
        Some(Ok(numbers)) => Poison::Numbers(numbers.split(',').map(number).collect()),
    };
    Cargo {
        keys: count("keys"),
        deduplication_ids: count("ids"),
        poison,
        size: after("size").map_or(0, |text| quantity(text).amount as u32),
        entries: count("entries"),
    }
}

/// A resource by name.
pub fn resource(name: &str, architecture: &Architecture) -> Resource {
    let functions = (0..architecture.functions.len()).map(|at| (ResourceKind::Function, at));
    let apis = (0..architecture.apis.len()).map(|at| (ResourceKind::Api, at));
    let queues = (0..architecture.queues.len()).map(|at| (ResourceKind::Queue, at));
    let streams = (0..architecture.streams.len()).map(|at| (ResourceKind::Stream, at));
    let tables = (0..architecture.tables.len()).map(|at| (ResourceKind::Table, at));
    let topics = (0..architecture.topics.len()).map(|at| (ResourceKind::Topic, at));
    let clients = (0..architecture.clients.len()).map(|at| (ResourceKind::Client, at));
    let all = functions.chain(apis).chain(queues).chain(streams).chain(tables).chain(topics);
    let all = all.chain(clients);
    let all = all.map(|(kind, at)| Resource::new(kind, at));
    let mut named = all.filter(|&resource| architecture.name(resource) == name);
    named.next().unwrap_or_else(|| panic!("no `{name}`"))
}
