//! The YAML shape of a scenario. A [`Reader`] walks the tree, takes what fits and reports all that
//! doesn't, each at its own place.

pub mod access;
pub mod api;
pub mod bucket;
pub mod calls;
pub mod cargo;
pub mod database;
pub mod deploy;
pub mod distribution;
pub mod edge_function;
pub mod event;
pub mod event_invoke;
pub mod filter;
pub mod firewall;
pub mod function;
pub mod identity;
pub mod invoke;
pub mod model;
pub mod names;
pub mod network;
mod numbered;
pub mod object;
pub mod origin;
pub mod policy;
pub mod provisioned;
pub mod publish;
pub mod put;
pub mod put_events;
pub mod query;
pub mod queue;
pub mod rds_events;
pub mod request;
pub mod retries;
pub mod rule;
pub mod scalar;
pub mod send;
pub mod show;
pub mod stream;
pub mod sweep;
pub mod task;
pub mod things;
pub mod topic;
pub mod trigger;
pub mod variant;
pub mod windows;
pub mod word;

use std::ops::Range;

use crate::aws::catalogue::Catalogue;
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::span::{Mapped, Place};
use crate::yaml::{Mapping, Node, NodeValue};

use super::expression::lexer::{begins_name, continues_name};
use super::expression::name::enumerate;
use super::limit;

/// A key that the language doesn't know.
pub const UNKNOWN_KEY: Code = Code("E0102");
/// Something of another kind than belongs there: a text where a map is needed.
pub const KIND: Code = Code("E0104");
/// A part of the language that this version doesn't simulate.
pub const NOT_SIMULATED: Code = Code("E0106");
/// A name that can't be used.
pub const NAME: Code = Code("E0114");
/// A key that is needed and isn't there.
pub const MISSING: Code = Code("E0115");
/// More of something than a scenario may have.
pub const TOO_MANY: Code = Code("E0117");

/// Words that mean something else in expectations, so that no resource can be called so.
const RESERVED: [&str; 20] = [
    "event_bus",
    "requests",
    "rds_events",
    "account",
    "connections",
    "total",
    "deploy",
    "run",
    "decisions",
    "tasks",
    "variants",
    "variant",
    "sweep",
    "at",
    "quota",
    "seed",
    "true",
    "false",
    "null",
    "in",
];

/// Reads a block's tree. Diagnostics gather in it.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The block's text, to which all ranges of nodes refer.
    pub text: &'a Mapped,
    /// The catalogue, for the names and dimensions of overrides.
    pub catalogue: &'a Catalogue,
    /// What was wrong so far.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of the resources of the tree that is being read.
    pub names: names::Names,
    /// The names of the things of its network.
    pub things: things::Things,
    /// The charts of the sweep that `show` asks for.
    pub charts: Vec<show::WrittenChart>,
}

/// The keys of a map of the language.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Those that are simulated.
    pub known: &'static [&'static str],
    /// Those that belong to the language, but not to this version.
    pub later: &'static [&'static str],
}

impl<'a> Reader<'a> {
    /// A reader with nothing reported.
    pub fn new(text: &'a Mapped, catalogue: &'a Catalogue) -> Self {
        Self {
            text,
            catalogue,
            diagnostics: Vec::new(),
            names: names::Names::default(),
            things: things::Things::default(),
            charts: Vec::new(),
        }
    }

    /// The place of a range in the author's file.
    pub fn place(&self, range: &Range<usize>) -> Option<Place> {
        self.text.locate(range.clone())
    }

    /// The text of a range as the author wrote it.
    pub fn written(&self, range: &Range<usize>) -> &'a str {
        self.text.text().get(range.clone()).unwrap_or_default().trim()
    }

    /// Reports; what is said a second time (by a variant that repeats the base) is dropped.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < limit::DIAGNOSTICS && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// A diagnostic at a range.
    pub fn error(
        &self,
        code: Code,
        range: &Range<usize>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, message).at(self.place(range))
    }

    /// The map at a node; anything else is reported. `what` is its name, with article or
    /// back-ticks.
    pub fn mapping<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Mapping> {
        if let NodeValue::Mapping(mapping) = &node.value {
            return Some(mapping);
        }
        let diagnostic = self
            .error(KIND, &node.range, format!("{what} is a map of keys to values"))
            .label(format!("this is {}", kind(&node.value)))
            .hint(format!("for instance `{}`", example(what)));
        self.report(diagnostic);
        None
    }

    /// The map at a node, its keys checked.
    pub fn fields<'n>(&mut self, node: &'n Node, what: &str, keys: Keys) -> Option<&'n Mapping> {
        let mapping = self.mapping(node, what)?;
        for entry in &mapping.entries {
            let key = entry.key.as_str();
            if keys.known.contains(&key) {
                continue;
            }
            let diagnostic = if keys.later.contains(&key) {
                self.not_simulated(&entry.key_range, &format!("`{key}` of {what}"))
            } else {
                self.unknown_key(&entry.key_range, key, what, keys)
            };
            self.report(diagnostic);
        }
        Some(mapping)
    }

    /// A diagnostic about something that later versions simulate.
    pub fn not_simulated(&self, range: &Range<usize>, what: &str) -> Diagnostic {
        self.error(NOT_SIMULATED, range, format!("{what} is not simulated by this version"))
            .label("part of the language, but this version can't run it")
            .note("docs/model.md says what this version simulates")
    }

    fn unknown_key(&self, range: &Range<usize>, key: &str, what: &str, keys: Keys) -> Diagnostic {
        let diagnostic = self
            .error(UNKNOWN_KEY, range, format!("unknown key `{key}` in {what}"))
            .label("unknown key");
        let all = keys.known.iter().chain(keys.later).copied();
        match closest(key, all).or_else(|| begins_alike(key, keys.known)) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("the keys are {}", enumerate(keys.known))),
        }
    }

    /// The value under a key that must be there; a missing one is reported at `owner`, unless a
    /// misspelt key has been reported that means it.
    pub fn required<'n>(
        &mut self,
        mapping: &'n Mapping,
        key: &str,
        what: &str,
        owner: &Range<usize>,
        example: &str,
    ) -> Option<&'n Node> {
        let found = mapping.get(key);
        if found.is_none() && misspelt(mapping, key) {
            return None;
        }
        if found.is_none_or(|node| node.value == NodeValue::Null) {
            let range = found.map_or(owner, |node| &node.range);
            let diagnostic = self
                .error(MISSING, range, format!("{what} has no `{key}`"))
                .label(format!("`{key}` is missing"))
                .hint(format!("add `{example}`"));
            self.report(diagnostic);
            return None;
        }
        found
    }

    /// Reports a name that can't be an id: of a scenario, or of a function.
    pub fn check_name(&mut self, name: &str, range: &Range<usize>, what: &str) -> bool {
        let first = name.chars().next();
        let problem = if first.is_none() {
            "it is empty".to_owned()
        } else if !first.is_some_and(begins_name) {
            "it doesn't begin with a letter".to_owned()
        } else if let Some(bad) = name.chars().find(|&c| !continues_name(c) && c != '-') {
            match bad {
                ' ' => "it has a space in it".to_owned(),
                bad => format!("it has `{bad}` in it"),
            }
        } else if name.ends_with('-') {
            "it ends with `-`".to_owned()
        } else if name.chars().count() > limit::NAME {
            format!("it is longer than {} characters", limit::NAME)
        } else {
            return true;
        };
        let diagnostic =
            self.error(NAME, range, format!("`{name}` can't be {what}")).label(problem).hint(
                "a name has letters (also Hangul), digits, `_` and `-`, and begins with a letter",
            );
        self.report(diagnostic);
        false
    }

    /// Like [`Self::check_name`], for a name that expectations use: of a `word`.
    pub fn check_resource_name(&mut self, name: &str, range: &Range<usize>, word: &str) -> bool {
        let what = format!("the name of {} {word}", names::article(word));
        if RESERVED.contains(&name) {
            let diagnostic = self
                .error(NAME, range, format!("`{name}` can't be {what}"))
                .label(format!("`{name}` means something else in expectations"))
                .hint(format!("give the {word} another name"));
            self.report(diagnostic);
            return false;
        }
        self.check_name(name, range, &what)
    }

    /// Reports, if there are more than `most`.
    pub fn check_size(
        &mut self,
        size: usize,
        most: usize,
        what: &str,
        range: &Range<usize>,
    ) -> bool {
        if size <= most {
            return true;
        }
        let diagnostic = self
            .error(TOO_MANY, range, format!("a scenario has at most {most} {what}"))
            .label(format!("{size} {what}"))
            .hint("split it into several scenarios");
        self.report(diagnostic);
        false
    }
}

/// Whether a map has a key that was probably meant for `key`.
pub fn misspelt(mapping: &Mapping, key: &str) -> bool {
    mapping.entries.iter().any(|entry| entry.key != key && closest(&entry.key, [key]).is_some())
}

/// What a map of the language looks like.
fn example(what: &str) -> &'static str {
    match what {
        "`roles`" => "roles: { web_task_role: { trust: ecs-tasks.amazonaws.com } }",
        "`users`" => "users: { jin: { managed_policies: [AmazonS3ReadOnlyAccess] } }",
        "`tasks`" => "tasks: { web: { image: nginx, task_role: web_task_role } }",
        "`Condition`" => "Condition: { IpAddress: { 'aws:SourceIp': 203.0.113.0/24 } }",
        "`context`" => "context: { 'aws:SourceIp': 203.0.113.7 }",
        "`tags`" => "tags: { team: orders }",
        "`functions`" => "functions: { orders: { duration: 200ms } }",
        "`apis`" => "apis: { shop: { integration: orders } }",
        "`retries`" => "retries: { mode: standard, max_attempts: 3 }",
        "`throttle`" => "throttle: { rate: 100/s, burst: 50 }",
        "`event_subscriptions`" => {
            "event_subscriptions: { ops: { source_type: db-instance, topic: alerts } }"
        }
        what if what.starts_with("event subscription") => "ops: { topic: alerts }",
        "`topics`" => "topics: { alerts: { subscriptions: [slack] } }",
        "`endpoints`" => "endpoints: { hook: { protocol: https } }",
        "`filter`" => "filter: { event: [order_placed] }",
        "`account`" => "account: { concurrent_executions: 1000 }",
        "`policies`" => "policies: { routing: newest }",
        "`quotas`" => "quotas: { lambda.timeout_max: 15m }",
        "`variants`" => "variants: { 예약: { with: { functions.orders.memory: 1GB } } }",
        "`with`" => "with: { functions.orders.memory: 1GB }",
        "`sweep`" => "sweep: { functions.orders.memory: [512MB, 1GB, 2GB] }",
        "`provisioned_concurrency`" => "provisioned_concurrency: { amount: 10 }",
        "`target_tracking`" => "target_tracking: { utilization: 70%, min: 1, max: 100 }",
        "a scheduled action" => "{ at: 8h, amount: 100 }",
        "`cpu`" => "cpu: { bound: 80%, measured_at: 1769MB }",
        "`tmp_cache`" => "tmp_cache: { download_duration: 5s, size: 400MB }",
        "`log_normal`" => "log_normal: { mean: 200ms, cv: 2 }",
        "a scenario" => "id: noisy_neighbour",
        "`distributions`" => "distributions: { site: { origin: { duration: 80ms } } }",
        what if what.starts_with("policy") || what.contains("polic") => {
            "{ Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: '*' }] }"
        }
        what if what.starts_with("`access`") => "{ principal: NAME, action: s3:GetObject }",
        what if what.starts_with("API") => "shop: { integration: orders }",
        what if what.starts_with("`on_") => "on_failure: { to: alarm }",
        "`buckets`" => "buckets: { photos: { notifications: [{ to: resize }] } }",
        what if what.starts_with("bucket") => "photos: { versioning: true }",
        "`rules`" => "rules: { placed: { pattern: { source: [shop] }, targets: [ship] } }",
        "`pattern`" => "pattern: { source: [shop], detail-type: [OrderPlaced] }",
        "`detail`" => "detail: { price: 120 }",
        what if what.starts_with("rule") => {
            "placed: { pattern: { source: [shop] }, targets: [ship] }"
        }
        "`queues`" => "queues: { jobs: { event_source_mapping: { function: orders } } }",
        what if what.starts_with("function") => "orders: { duration: 200ms }",
        "`triggers`" => "triggers: { welcome: { table: users, after: insert, function: mail } }",
        "`payload`" => "payload: { id: NEW.id }",
        "`values`" => "values: { email: jin@example.com }",
        what if what.starts_with("trigger") => "welcome: { table: users, after: insert }",
        "`streams`" => "streams: { clicks: { shards: 2 } }",
        "`tables`" => "tables: { orders: { shards: 2 } }",
        what if what.starts_with("stream") => "clicks: { shards: 2 }",
        what if what.starts_with("table") => "orders: { shards: 2 }",
        what if what.starts_with("queue") => "jobs: { visibility_timeout: 30s }",
        what if what.starts_with("`event_source_mapping`") => {
            "{ function: orders, batch_size: 10 }"
        }
        what if what.starts_with("`redrive_policy`") => {
            "{ dead_letter_queue: failed, max_receive_count: 3 }"
        }
        what if what.starts_with("`provisioned_pollers`") => "{ min: 2, max: 200 }",
        what if what.starts_with("event") => "{ invoke: orders, at: 0s }",
        _ => "{ expect: [orders.throttles == 0] }",
    }
}

/// The known key that begins like a key that is cut short or too long: `mem` for `memory`.
fn begins_alike(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let long_enough = key.chars().count() >= 3;
    known.iter().copied().find(|known| {
        long_enough && (known.starts_with(key) || key.starts_with(known) || known.ends_with(key))
    })
}

/// What a value is called in a message, with its article.
pub fn kind(value: &NodeValue) -> &'static str {
    match value {
        NodeValue::Null => "empty",
        NodeValue::Bool(_) => "a truth value",
        NodeValue::Integer(_) | NodeValue::Float(_) => "a bare number",
        NodeValue::String(_) => "a text",
        NodeValue::Date(_) | NodeValue::Time(_) => "a date",
        NodeValue::Sequence(_) => "a list",
        NodeValue::Mapping(_) => "a map",
    }
}
