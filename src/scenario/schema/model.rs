//! The whole of a scenario without its claims: what is deployed, what happens, under which rules.

use std::collections::BTreeMap;
use std::ops::Range;

use super::calls::order_links;
use super::event::Placed;
use super::identity;
use super::names::SECTIONS;
use super::scalar::CHOICE;
use super::things::Things;
use super::{Keys, MISSING, Reader, misspelt};
use crate::aws::architecture::{Account, Architecture, Policies};
use crate::aws::lambda::deployment::{Maintenance, Routing, Scaling};
use crate::diagnostic::{Code, closest};
use crate::quantity::{Dimension, Quantity};
use crate::scenario::expression::name::enumerate;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// An override of something that the catalogue doesn't have.
pub const UNKNOWN_QUOTA: Code = Code("E0118");

/// The keys of a block.
pub const SCENARIO: Keys = Keys {
    known: &[
        "id",
        "title",
        "account",
        "functions",
        "distributions",
        "databases",
        "proxies",
        "network",
        "roles",
        "users",
        "managed_policies",
        "resource_policies",
        "organization",
        "tasks",
        "apis",
        "buckets",
        "rules",
        "queues",
        "streams",
        "tables",
        "topics",
        "endpoints",
        "event_subscriptions",
        "events",
        "variants",
        "sweep",
        "expect",
        "show",
        "seed",
        "quotas",
        "policies",
    ],
    later: &[],
};

const ACCOUNT: Keys = Keys {
    known: &["id", "region", "concurrent_executions", "new", "free_tier"],
    later: &["edge_regions", "created"],
};

const POLICIES: Keys = Keys {
    known: &["routing", "maintenance", "scaling"],
    later: &["retry", "polling", "throttling", "cache", "failover"],
};

/// The routing policies by the names of the language.
pub const ROUTING: [(&str, Routing); 4] = [
    ("newest", Routing::Newest),
    ("most_recently_used", Routing::MostRecentlyUsed),
    ("least_recently_used", Routing::LeastRecentlyUsed),
    ("random", Routing::Random),
];

/// The maintenance policies by the names of the language.
pub const MAINTENANCE: [(&str, Maintenance); 2] =
    [("none", Maintenance::None), ("lifetime", Maintenance::Lifetime)];

/// The scaling policies by the names of the language.
pub const SCALING: [(&str, Scaling); 2] =
    [("per_function", Scaling::PerFunction), ("regional_burst", Scaling::RegionalBurst)];

/// The Region of a scenario that names none.
const REGION: &str = "us-east-1";

/// What is deployed, what happens, and under which rules.
#[derive(Clone, Debug)]
pub struct Model {
    /// What is deployed and what happens to it.
    pub architecture: Architecture,
    /// The events in the author's order, with their places.
    pub events: Vec<Placed>,
    /// The seed.
    pub seed: u64,
    /// Overrides of the catalogue.
    pub overrides: BTreeMap<String, Quantity>,
}

impl Reader<'_> {
    /// The model of a block's tree; what is wrong has been reported, what can't be read is left
    /// out.
    pub fn model(&mut self, root: &Node) -> Option<Model> {
        let fields = self.fields(root, "a scenario", SCENARIO)?;
        self.names = self.collect_names(fields);
        self.things = Things::collect(fields);
        let mut architecture = Architecture {
            account: self.account(fields.get("account")),
            policies: self.policies(fields.get("policies")),
            ..Architecture::default()
        };
        self.resources(root, fields, &mut architecture);
        let events = fields.get("events").map(|node| self.events(node, &mut architecture));
        order_links(&mut architecture);
        Some(Model {
            architecture,
            events: events.unwrap_or_default(),
            seed: fields.get("seed").and_then(|node| self.count(node, "seed", 0)).unwrap_or(0),
            overrides: self.overrides(fields.get("quotas")),
        })
    }

    /// Reads the sections that hold resources.
    fn resources(&mut self, root: &Node, fields: &Mapping, architecture: &mut Architecture) {
        let section = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let known = SECTIONS.iter().map(|known| known.key).chain([identity::SECTION, "network"]);
        if known.into_iter().all(|key| section(key).is_none()) {
            self.nothing_deployed(root, fields);
        }
        if let Some(node) = section("functions") {
            architecture.functions = self.functions(node);
        }
        if let Some(node) = section("distributions") {
            let home = architecture.account.region.clone();
            architecture.distributions = self.distributions(node, &home);
        }
        architecture.identities.account = self.account_number(fields.get("account"));
        self.identities(fields, &mut architecture.identities);
        if let Some(node) = section("tasks") {
            architecture.tasks = self.tasks(node);
        }
        if let Some(node) = section("apis") {
            architecture.apis = self.apis(node);
        }
        if let Some(node) = section("buckets") {
            architecture.buckets = self.buckets(node);
        }
        if let Some(node) = section("rules") {
            architecture.rules = self.bus_rules(node);
        }
        if let Some(node) = section("queues") {
            architecture.queues = self.queues(node);
        }
        if let Some(node) = section("streams") {
            architecture.streams = self.streams(node);
        }
        if let Some(node) = section("tables") {
            architecture.tables = self.tables(node);
        }
        if let Some(node) = section("topics") {
            architecture.topics = self.topics(node);
        }
        if let Some(node) = section("endpoints") {
            architecture.endpoints = self.endpoints(node);
        }
        self.networked(fields, architecture);
        if let Some(node) = section("event_subscriptions") {
            self.event_subscriptions(node, architecture);
        }
    }

    /// Reads the network and what stands in it.
    fn networked(&mut self, fields: &Mapping, architecture: &mut Architecture) {
        let section = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let region = architecture.account.region.clone();
        let mut plan = section("network").and_then(|node| self.network(node, &region));
        // From those who call to those who are called, as figures show them.
        let functions = section("functions");
        let mut places = functions.map(|node| self.function_places(node)).unwrap_or_default();
        let databases = section("databases").map(|node| self.databases(node)).unwrap_or_default();
        let proxies = section("proxies").map(|node| self.proxies(node)).unwrap_or_default();
        let mut called = Vec::new();
        for (database, place) in databases {
            architecture.databases.push(database);
            called.push(place);
        }
        for (proxy, place) in proxies {
            architecture.proxies.push(proxy);
            places.push(place);
        }
        places.extend(called);
        if let Some(plan) = &mut plan {
            plan.nodes.splice(0..0, places);
        }
        architecture.plan = plan;
        if let Some(node) = functions {
            self.function_calls(node, architecture);
        }
        self.trigger_links(architecture);
    }

    fn nothing_deployed(&mut self, root: &Node, fields: &Mapping) {
        // Resources of a kind that isn't simulated have been reported by their key.
        let later = |entry: &Entry| SCENARIO.later.contains(&entry.key.as_str());
        if fields.entries.iter().any(later) || misspelt(fields, "functions") {
            return;
        }
        let range = match fields.entries.iter().find(|entry| entry.key == "functions") {
            Some(entry) => entry.key_range.clone(),
            None => fields.entries.first().map_or(root.range.clone(), |e| e.key_range.clone()),
        };
        let diagnostic = self
            .error(MISSING, &range, "a scenario has no `functions`")
            .label("nothing is deployed")
            .hint("add `functions: { orders: { duration: 200ms } }`");
        self.report(diagnostic);
    }

    fn account(&mut self, node: Option<&Node>) -> Account {
        let mut account = Account { region: REGION.to_owned(), ..Account::default() };
        let Some(node) = node.filter(|node| node.value != NodeValue::Null) else { return account };
        let Some(fields) = self.fields(node, "`account`", ACCOUNT) else { return account };
        if let Some(node) = fields.get("region")
            && let Some(region) = self.region(node)
        {
            account.region = region;
        }
        let mut truth = |key: &str| fields.get(key).and_then(|node| self.truth(node, key));
        account.new = truth("new").unwrap_or(false);
        account.free_tier = truth("free_tier").unwrap_or(false);
        account.concurrent_executions = fields
            .get("concurrent_executions")
            .and_then(|node| self.count(node, "concurrent_executions", 0));
        account
    }

    /// The code of a Region.
    pub fn region(&mut self, node: &Node) -> Option<String> {
        let region = self.text_of(node, "region")?;
        let parts: Vec<&str> = region.split('-').collect();
        let letters =
            |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        let shaped = match parts.split_last() {
            Some((number, words)) => {
                words.len() >= 2
                    && words.iter().all(letters)
                    && !number.is_empty()
                    && number.len() <= 2
                    && number.bytes().all(|b| b.is_ascii_digit())
            }
            None => false,
        };
        if !shaped {
            let diagnostic = self
                .error(CHOICE, &node.range, format!("`{region}` is no Region"))
                .label("not the code of a Region")
                .hint("write a code such as `ap-northeast-2` (Seoul)");
            self.report(diagnostic);
        }
        shaped.then_some(region)
    }

    fn policies(&mut self, node: Option<&Node>) -> Policies {
        let mut policies = Policies::default();
        let Some(fields) = node
            .filter(|node| node.value != NodeValue::Null)
            .and_then(|node| self.fields(node, "`policies`", POLICIES))
        else {
            return policies;
        };
        let routing = fields.get("routing");
        if let Some(routing) = routing.and_then(|n| self.choice(n, "routing", &ROUTING, &[])) {
            policies.routing = routing;
        }
        let maintenance = fields.get("maintenance");
        policies.maintenance = maintenance
            .and_then(|node| self.choice(node, "maintenance", &MAINTENANCE, &[]))
            .unwrap_or_default();
        let scaling = fields.get("scaling");
        policies.scaling = scaling
            .and_then(|node| self.choice(node, "scaling", &SCALING, &[]))
            .unwrap_or_default();
        policies
    }

    /// The facts that a map sets, by name; what isn't one is reported.
    pub fn overrides(&mut self, node: Option<&Node>) -> BTreeMap<String, Quantity> {
        let mut overrides = BTreeMap::new();
        if let Some(node) = node.filter(|node| node.value != NodeValue::Null) {
            self.overrides_below(node, "", &mut overrides);
        }
        overrides
    }

    /// Names may be written in full or nested: YAML bounds how deeply.
    fn overrides_below(
        &mut self,
        node: &Node,
        prefix: &str,
        overrides: &mut BTreeMap<String, Quantity>,
    ) {
        let Some(mapping) = self.mapping(node, "`quotas`") else { return };
        for Entry { key, key_range, value, .. } in &mapping.entries {
            let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            if matches!(value.value, NodeValue::Mapping(_)) {
                self.overrides_below(value, &name, overrides);
            } else if let Some(dimension) = self.quota_dimension(&name, key_range) {
                let quantity = match dimension {
                    Dimension::Number => self.bare_number(value, &name).map(Quantity::number),
                    dimension => self.quantity(value, &name, dimension),
                };
                overrides.extend(quantity.map(|quantity| (name, quantity)));
            }
        }
    }

    fn quota_dimension(&mut self, name: &str, range: &Range<usize>) -> Option<Dimension> {
        if let Some(entry) = self.catalogue.get(name) {
            return Some(entry.value.dimension);
        }
        let names: Vec<&str> = self.catalogue.entries.keys().map(String::as_str).collect();
        let diagnostic = self
            .error(UNKNOWN_QUOTA, range, format!("the catalogue has no `{name}`"))
            .label("nothing that could be overridden");
        // Words in common are what an author remembers of a long name.
        let words: Vec<&str> = name.split(['.', '_']).filter(|word| word.len() > 3).collect();
        let service = name.split('.').next();
        let shares = |known: &&str| {
            let common = |word: &&str| Some(*word) != service && known.contains(word);
            words.iter().any(common)
        };
        let alike: Vec<&str> = names.iter().copied().filter(shares).collect();
        let diagnostic = match closest(name, names.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None if alike.is_empty() => {
                let few = names.get(..8).unwrap_or(&names);
                diagnostic.hint(format!("the catalogue has {}, …", enumerate(few)))
            }
            None => diagnostic.hint(format!("the catalogue has {}", enumerate(&alike))),
        };
        self.report(diagnostic);
        None
    }
}
