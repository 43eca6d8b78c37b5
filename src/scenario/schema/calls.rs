//! `calls` of functions over the network, and the events `connect` and `failover`.

use std::ops::Range;

use super::event::{Action, Placed, WrittenEvent};
use super::function::CONFLICT;
use super::invoke::MODES;
use super::names::UNKNOWN_RESOURCE;
use super::network::{INTERNET, SERVICES};
use super::rds_events::subject;
use super::things::Thing;
use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::architecture::{Architecture, Form, Resource, ResourceKind};
use crate::aws::lambda::deployment::Call;
use crate::aws::rds::client::{Client, Keep, Target};
use crate::aws::rds_events::deployment::{Happening, Incident};
use crate::aws::vpc::network::{HTTPS_PORT, Node as Place, NodeKind};
use crate::aws::vpc::plan::{Cause, Link, Plan};
use crate::diagnostic::closest;
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Mapping, Node, NodeValue};

/// `connect`: whether one thing can connect to another.
pub const CONNECT: Action = Action {
    key: "connect",
    keys: Keys { known: &["connect"], later: &[] },
    read: |reader, event, architecture| reader.connect(event, architecture),
};

/// `failover`: the primary of a database fails.
pub const FAILOVER: Action = Action {
    key: "failover",
    keys: Keys { known: &["failover", "at"], later: &[] },
    read: |reader, event, architecture| reader.failover_event(event, architecture),
};

const CONNECTION: Keys = Keys { known: &["from", "to", "port", "address"], later: &["protocol"] };
/// The keys of a call: from the third one on those that only calls over a connection have.
const CALL_KEYS: [&str; 11] = [
    "to",
    "mode",
    "query",
    "connect_timeout",
    "connection",
    "statement",
    "table",
    "rows",
    "values",
    "transaction",
    "ends_with",
];
const CALL: Keys = Keys { known: &CALL_KEYS, later: &["statement_size"] };

/// What a function calls through its service's API.
const CALLED: [ResourceKind; 3] =
    [ResourceKind::Function, ResourceKind::Queue, ResourceKind::Topic];
/// What only calls over a connection have.
const OF_CONNECTIONS: &[&str] = CALL_KEYS.split_at(2).1;

const KEEP: [(&str, Keep); 2] =
    [("per_environment", Keep::PerEnvironment), ("per_invocation", Keep::PerInvocation)];

/// What stands at one end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    Resource(Resource, String),
    Instance(String),
    Endpoint(String),
    Service(String),
    Internet,
}

impl Reader<'_> {
    /// The calls of all functions, which become clients.
    pub fn function_calls(&mut self, functions: &Node, architecture: &mut Architecture) {
        let NodeValue::Mapping(mapping) = &functions.value else { return };
        for (index, entry) in mapping.entries.iter().take(limit::FUNCTIONS).enumerate() {
            let NodeValue::Mapping(fields) = &entry.value.value else { continue };
            let Some(node) = fields.get("calls").filter(|node| node.value != NodeValue::Null)
            else {
                continue;
            };
            let items: &[Node] = match &node.value {
                NodeValue::Sequence(items) => items,
                NodeValue::String(_) | NodeValue::Mapping(_) => std::slice::from_ref(node),
                other => {
                    let diagnostic = self
                        .error(KIND, &node.range, "`calls` is a list of what is called")
                        .label(format!("this is {}", kind(other)))
                        .hint("for instance `calls: [orders_proxy]`");
                    self.report(diagnostic);
                    continue;
                }
            };
            self.check_size(
                items.len(),
                limit::FUNCTION_CALLS,
                "calls of one function",
                &node.range,
            );
            for item in items.iter().take(limit::FUNCTION_CALLS) {
                self.call(item, index, &entry.key, architecture);
            }
        }
    }

    fn call(&mut self, node: &Node, function: usize, name: &str, architecture: &mut Architecture) {
        if self.service_call(node, function, name, architecture) {
            return;
        }
        let (mut query, mut connect_timeout, mut connection) = (None, None, None);
        let mut transaction = None;
        let to = if matches!(node.value, NodeValue::Mapping(_)) {
            let what = format!("a call of `{name}`");
            let Some(fields) = self.fields(node, &what, CALL) else { return };
            query = fields.get("query").and_then(|node| self.distribution(node, "query"));
            connect_timeout = fields
                .get("connect_timeout")
                .and_then(|node| self.duration(node, "connect_timeout"));
            connection = fields
                .get("connection")
                .and_then(|node| self.choice(node, "connection", &KEEP, &[]));
            transaction = self.transaction(fields, &what);
            self.required(fields, "to", &what, &node.range, "to: orders_proxy")
        } else {
            Some(node)
        };
        let Some(end) = to.and_then(|node| self.end(node, "to", true)) else { return };
        let client = add_client(&end, function, name, architecture);
        let Some(client) = architecture.clients.get_mut(client) else { return };
        client.query = query;
        client.connect_timeout = connect_timeout;
        client.connection = connection.unwrap_or_default();
        client.transaction = transaction;
    }

    /// A call of another function, a queue or a topic; gives whether it is one.
    fn service_call(
        &mut self,
        node: &Node,
        function: usize,
        name: &str,
        architecture: &mut Architecture,
    ) -> bool {
        let empty = Mapping::default();
        let (to, fields) = match &node.value {
            NodeValue::Mapping(fields) => (fields.get("to"), fields),
            _ => (Some(node), &empty),
        };
        let Some(NodeValue::String(called)) = to.map(|node| &node.value) else { return false };
        let Some(target) = self.names.find(called, &CALLED) else { return false };
        let what = format!("a call of `{name}`");
        if !matches!(node.value, NodeValue::String(_)) {
            self.fields(node, &what, CALL);
        }
        self.without(fields, OF_CONNECTIONS, &what, "no connection of its own");
        let of_function = target.kind == ResourceKind::Function;
        if !of_function {
            self.without(fields, &["mode"], &what, "taken and answered at once");
        }
        let mode = fields.get("mode").and_then(|node| self.choice(node, "mode", &MODES, &[]));
        let form = mode.unwrap_or(Form::Request);
        // In a network the service's API has to be reached first.
        let service = match target.kind {
            ResourceKind::Queue => "sqs",
            ResourceKind::Topic => "sns",
            _ => "lambda",
        };
        if architecture.plan.is_some() {
            add_client(&End::Service(service.to_owned()), function, name, architecture);
        }
        if let Some(function) = architecture.functions.get_mut(function) {
            function.calls.push(Call { target, form });
        }
        true
    }

    fn connect(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let what = "`connect`";
        let fields = self.fields(event.value, what, CONNECTION)?;
        if !self.things.described() {
            let diagnostic = self
                .error(MISSING, &event.node.range, "`connect` needs a `network`")
                .label("without a network everything can be reached")
                .hint("describe the network: `network: { vpcs: …, subnets: … }`");
            self.report(diagnostic);
            return None;
        }
        let range = &event.value.range;
        let from = self.required(fields, "from", what, range, "from: orders");
        let from = from.and_then(|node| self.end(node, "from", false));
        let to = self.required(fields, "to", what, range, "to: orders_proxy");
        let to = to.and_then(|node| self.end(node, "to", false));
        let port = fields.get("port").map(|node| self.port(node));
        let address = fields.get("address").map(|node| self.cidr(node));
        let (from, to, address) = (from?, to?, address.unwrap_or(None));
        let standard = match &to {
            End::Resource(resource, _) => port_of(architecture, *resource),
            _ => HTTPS_PORT,
        };
        let port = port.unwrap_or(Some(standard))?;
        let plan = architecture.plan.as_mut()?;
        if plan.links.len() >= limit::LINKS {
            self.check_size(plan.links.len() + 1, limit::LINKS, "connections", range);
            return None;
        }
        let (from, to) = (node_of(plan, &from, address), node_of(plan, &to, address));
        plan.links.push(Link { from, to, port, cause: Cause::Asked });
        None
    }

    fn failover_event(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let database = self.resource(event.value, "failover", &[ResourceKind::Database]);
        let at = self.required(event.fields, "at", event.what, &event.node.range, "at: 30s");
        let at = at.and_then(|node| self.duration(node, "at"));
        let subject = subject(architecture, database?)?;
        if !subject.multi_az && !subject.is_aurora {
            let name = &subject.name;
            let diagnostic = self
                .error(CONFLICT, &event.value.range, format!("`{name}` can't fail over"))
                .label("it has no standby")
                .hint("give it one: `multi_az: true`");
            self.report(diagnostic);
            return None;
        }
        let happening = Happening::Failover;
        architecture.incidents.push(Incident { happening, subject, at: at?, takes: None });
        None
    }

    /// What stands at one end of a connection. `called` says whether only what functions can call
    /// is meant.
    fn end(&mut self, node: &Node, key: &str, called: bool) -> Option<End> {
        let name = self.text_of(node, key)?;
        let kinds: &[ResourceKind] = match called {
            true => &[ResourceKind::Database, ResourceKind::Proxy],
            false => &[ResourceKind::Function, ResourceKind::Database, ResourceKind::Proxy],
        };
        if let Some(resource) = self.names.find(&name, kinds) {
            return Some(End::Resource(resource, name));
        }
        if self.things.has(Thing::Instance, &name) && !called {
            return Some(End::Instance(name));
        }
        if self.things.has(Thing::Endpoint, &name) {
            return Some(End::Endpoint(name));
        }
        if name == INTERNET {
            return Some(End::Internet);
        }
        if SERVICES.contains(&name.as_str()) {
            return Some(End::Service(name));
        }
        self.unknown_end(&name, &node.range, kinds);
        None
    }

    fn unknown_end(&mut self, name: &str, range: &Range<usize>, kinds: &[ResourceKind]) {
        let mut known: Vec<&str> = self.names.of(kinds);
        if !kinds.contains(&ResourceKind::Function) {
            known.extend(self.names.of(&CALLED));
        }
        known.extend(self.things.of(Thing::Instance));
        known.extend(self.things.of(Thing::Endpoint));
        let own = enumerate(&known);
        known.extend(SERVICES);
        known.push(INTERNET);
        let diagnostic = self
            .error(UNKNOWN_RESOURCE, range, format!("nothing is called `{name}`"))
            .label("no resource, instance, endpoint or service");
        let diagnostic = match closest(name, known.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic
                .hint(format!("it is one of {own}, a service such as `s3`, or `{INTERNET}`")),
        };
        self.report(diagnostic);
    }
}

/// Adds a function's call over the network as a client; gives its place.
fn add_client(end: &End, function: usize, name: &str, architecture: &mut Architecture) -> usize {
    let (target, port, target_name) = match end {
        End::Resource(resource, name) => {
            let target = match resource.kind {
                ResourceKind::Proxy => Target::Proxy(resource.place()),
                _ => Target::Database(resource.place()),
            };
            (target, port_of(architecture, *resource), name.clone())
        }
        End::Endpoint(name) | End::Service(name) | End::Instance(name) => {
            (Target::Service, HTTPS_PORT, name.clone())
        }
        End::Internet => (Target::Service, HTTPS_PORT, INTERNET.to_owned()),
    };
    let own = (NodeKind::Function, name.to_owned());
    let link = architecture.plan.as_mut().and_then(|plan| {
        let from = plan.nodes.iter().position(|n| n.kind == own.0 && n.name == own.1)?;
        let to = node_of(plan, end, None);
        plan.links.push(Link { from, to, port, cause: Cause::Call });
        Some(plan.links.len() - 1)
    });
    let client = architecture.clients.len();
    architecture.clients.push(Client {
        function: Some(function),
        target,
        target_name,
        link,
        query: None,
        connect_timeout: None,
        connection: Keep::default(),
        transaction: None,
    });
    if let Some(function) = architecture.functions.get_mut(function) {
        let target = Resource::new(ResourceKind::Client, client);
        function.calls.push(Call { target, form: Form::Request });
    }
    client
}

/// The port that a database listens on, or the one behind a proxy.
fn port_of(architecture: &Architecture, resource: Resource) -> u16 {
    let database = match resource.kind {
        ResourceKind::Proxy => architecture.proxies.get(resource.place()).map(|proxy| proxy.target),
        ResourceKind::Database => Some(resource.place()),
        _ => None,
    };
    let database = database.and_then(|at| architecture.databases.get(at));
    database.map_or(HTTPS_PORT, |database| database.engine.port())
}

/// The place of one end among the nodes, which gets those that have no place of their own.
fn node_of(plan: &mut Plan, end: &End, address: Option<crate::aws::vpc::address::Cidr>) -> usize {
    let (name, kind) = match end {
        End::Resource(resource, name) => {
            let kind = match resource.kind {
                ResourceKind::Proxy => NodeKind::Proxy,
                ResourceKind::Database => NodeKind::Database,
                _ => NodeKind::Function,
            };
            (name.as_str(), kind)
        }
        End::Instance(name) => (name.as_str(), NodeKind::Instance),
        End::Endpoint(name) => (name.as_str(), NodeKind::InterfaceEndpoint),
        End::Service(name) => (name.as_str(), NodeKind::Service),
        End::Internet => (INTERNET, NodeKind::Internet),
    };
    let address = address.filter(|_| kind == NodeKind::Internet);
    let same = |node: &Place| node.name == name && node.kind == kind && node.address == address;
    plan.nodes.iter().position(same).unwrap_or_else(|| {
        plan.nodes.push(Place { address, ..Place::new(name, kind) });
        plan.nodes.len() - 1
    })
}

/// Puts the connections in their order: those that events ask for, calls, those of proxies.
pub fn order_links(architecture: &mut Architecture) {
    let Some(plan) = architecture.plan.as_mut() else { return };
    for proxy in &architecture.proxies {
        let Some(target) = architecture.databases.get(proxy.target) else { continue };
        let place = |name: &str, kind| {
            plan.nodes.iter().position(|node| node.name == name && node.kind == kind)
        };
        let from = place(&proxy.name, NodeKind::Proxy);
        if let Some((from, to)) = from.zip(place(&target.name, NodeKind::Database)) {
            let port = target.engine.port();
            plan.links.push(Link { from, to, port, cause: Cause::Target });
        }
    }
    let asked = plan.links.iter().filter(|link| link.cause == Cause::Asked).count();
    let mut order: Vec<usize> = (0..plan.links.len()).collect();
    order.sort_by_key(|&at| match plan.links.get(at).map(|link| link.cause) {
        Some(Cause::Asked) => 0,
        Some(Cause::Call | Cause::Trigger) => 1,
        _ => 2,
    });
    let links = order.iter().filter_map(|&at| plan.links.get(at).copied()).collect();
    plan.links = links;
    let calls = architecture.clients.iter_mut().map(|client| &mut client.link);
    let triggers = architecture.databases.iter_mut().map(|database| &mut database.invoking.link);
    for link in calls.chain(triggers).flatten() {
        // Calls were read first, so they only move behind what was asked for.
        *link += asked;
    }
}
