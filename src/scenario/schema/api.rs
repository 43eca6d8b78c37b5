//! The `apis` section: APIs of API Gateway, and requests to them.

use super::event::{Placed, WrittenEvent};
use super::function::CONFLICT;
use super::{Keys, Reader};
use crate::aws::api_gateway::deployment::{Api, ApiKind, Throttle};
use crate::aws::architecture::{Architecture, Form, Resource, ResourceKind};
use crate::quantity::Dimension;
use crate::scenario::limit;
use crate::sim::draw::Distribution;
use crate::yaml::{Entry, Node, NodeValue};

const API: Keys = Keys {
    known: &["kind", "integration", "mode", "integration_timeout", "throttle", "overhead"],
    later: &["authorizer", "cache", "usage_plan"],
};

const THROTTLE: Keys = Keys { known: &["rate", "burst"], later: &[] };

const KINDS: [(&str, ApiKind); 2] = [("rest", ApiKind::Rest), ("http", ApiKind::Http)];

/// Whether the integration waits for the function.
const MODES: [(&str, Form); 2] = [("sync", Form::Request), ("async", Form::Delivery)];

impl Reader<'_> {
    /// The APIs in the author's order.
    pub fn apis(&mut self, node: &Node) -> Vec<Api> {
        let Some(mapping) = self.mapping(node, "`apis`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::APIS, "APIs", &node.range);
        mapping.entries.iter().take(limit::APIS).map(|entry| self.api(entry)).collect()
    }

    fn api(&mut self, entry: &Entry) -> Api {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "API");
        // An API that can't be read is still known by name; the scenario doesn't run.
        let mut api = Api {
            name,
            kind: ApiKind::default(),
            integration: Resource::new(ResourceKind::Function, usize::MAX),
            form: Form::Request,
            integration_timeout: None,
            throttle: None,
            overhead: Distribution::default(),
        };
        let what = format!("API `{}`", api.name);
        if let NodeValue::String(_) = entry.value.value {
            self.integration(&entry.value, &mut api);
            return api;
        }
        let Some(fields) = self.fields(&entry.value, &what, API) else { return api };
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let function = "integration: FUNCTION";
        let integration = self.required(fields, "integration", &what, &entry.key_range, function);
        if let Some(node) = integration {
            self.integration(node, &mut api);
        }
        if let Some(node) = get("kind") {
            api.kind = self.choice(node, "kind", &KINDS, &[]).unwrap_or_default();
        }
        if let Some(node) = get("mode") {
            api.form = self.choice(node, "mode", &MODES, &[]).unwrap_or(Form::Request);
        }
        let timeout = get("integration_timeout");
        api.integration_timeout =
            timeout.and_then(|node| self.duration(node, "integration_timeout"));
        if let Some(node) = timeout
            && api.form == Form::Delivery
        {
            let diagnostic = self
                .error(CONFLICT, &node.range, "`integration_timeout` has no effect here")
                .label("with `mode: async` the integration doesn't wait for the function");
            self.report(diagnostic);
        }
        api.throttle = get("throttle").and_then(|node| self.throttle(node));
        if let Some(overhead) = get("overhead").and_then(|n| self.distribution(n, "overhead")) {
            api.overhead = overhead;
        }
        api
    }

    fn integration(&mut self, node: &Node, api: &mut Api) {
        if let Some(function) = self.resource(node, "integration", &[ResourceKind::Function]) {
            api.integration = function;
        }
    }

    /// `{ rate: 100/s, burst: 50 }`
    fn throttle(&mut self, node: &Node) -> Option<Throttle> {
        let what = "`throttle`";
        let fields = self.fields(node, what, THROTTLE)?;
        let rate = self.required(fields, "rate", what, &node.range, "rate: 100/s");
        let rate = rate.and_then(|node| self.quantity(node, "rate", Dimension::Rate));
        let burst = self.required(fields, "burst", what, &node.range, "burst: 50");
        let burst = burst.and_then(|node| self.count(node, "burst", 0));
        Some(Throttle { rate: rate?.amount, burst: burst? })
    }

    /// Requests to an API.
    pub(super) fn api_request(
        &mut self,
        event: &WrittenEvent<'_>,
        api: Resource,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let clients = self.clients(event.fields, true);
        let placed = self.source(event, Some(api), Form::Request, architecture)?;
        if let Some(source) = architecture.sources.last_mut() {
            source.clients = clients;
        }
        Some(placed)
    }

    /// Reports the keys of an event that mean nothing beside the others.
    pub(super) fn without_effect(&mut self, event: &WrittenEvent<'_>, keys: &[&str], why: &str) {
        let entries = event.fields.entries.iter();
        for entry in entries.filter(|entry| keys.contains(&entry.key.as_str())) {
            let diagnostic = self
                .error(CONFLICT, &entry.key_range, format!("`{}` has no effect here", entry.key))
                .label(why);
            self.report(diagnostic);
        }
    }
}
