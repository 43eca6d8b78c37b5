//! Edge functions, and what they do.

use super::function::CONFLICT;
use super::{Keys, MISSING, Reader};
use crate::aws::cloudfront::distribution::{Function, Kind, Need, Version};
use crate::aws::cloudfront::effect::{
    ARMS, Action, Arm, Condition, Effect, RANDOM_ACTIONS, Response, Subject,
};
use crate::scenario::limit;
use crate::sim::draw::Distribution as Duration;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const FUNCTION: Keys = Keys {
    known: &[
        "kind",
        "name",
        "runtime",
        "region",
        "size",
        "memory",
        "ephemeral_storage",
        "timeout",
        "duration",
        "init_duration",
        "version",
        "trusts_edgelambda",
        "uses",
        "include_body",
        "does",
    ],
    later: &["calls", "payload_size"],
};

const KINDS: [(&str, Kind); 2] =
    [("cloudfront_functions", Kind::CloudFrontFunction), ("lambda_edge", Kind::LambdaEdge)];

const VERSIONS: [(&str, Version); 3] =
    [("numbered", Version::Numbered), ("$LATEST", Version::Latest), ("alias", Version::Alias)];

const NEEDS: [(&str, Need); 12] = [
    ("network", Need::Network),
    ("file_system", Need::FileSystem),
    ("key_value_store", Need::KeyValueStore),
    ("environment_variables", Need::EnvironmentVariables),
    ("vpc", Need::Vpc),
    ("layers", Need::Layers),
    ("x_ray", Need::XRay),
    ("dead_letter_queue", Need::DeadLetterQueue),
    ("reserved_concurrency", Need::ReservedConcurrency),
    ("provisioned_concurrency", Need::ProvisionedConcurrency),
    ("container_image", Need::ContainerImage),
    ("arm64", Need::Arm64),
];

/// The actions, each with the keys that go with it.
const ACTIONS: [(&str, &[&str]); 12] = [
    ("reject", &["body_size"]),
    ("respond", &["body_size", "cache_control"]),
    ("redirect", &["status", "cache_control"]),
    ("rewrite", &["to"]),
    ("split", &["into"]),
    ("set_header", &["value"]),
    ("remove_header", &[]),
    ("remove_query", &[]),
    ("set_origin", &[]),
    ("set_status", &[]),
    ("replace_body", &[]),
    ("fail", &[]),
];
/// `slow` is apart, because a duration stands under it.
const SLOW: (&str, &[&str]) = ("slow", &["share"]);

const ACTION: Keys = Keys {
    known: &[
        "reject",
        "respond",
        "redirect",
        "rewrite",
        "split",
        "set_header",
        "remove_header",
        "remove_query",
        "set_origin",
        "set_status",
        "replace_body",
        "fail",
        "slow",
        "when",
        "unless",
        "body_size",
        "cache_control",
        "status",
        "to",
        "into",
        "value",
        "share",
    ],
    later: &[],
};

const CONDITION: Keys =
    Keys { known: &["path", "method", "header", "cookie", "query", "status"], later: &[] };

const ARM: Keys = Keys { known: &["share", "prefix", "origin"], later: &[] };

/// The status of a redirect that names none.
const FOUND: u16 = 302;

impl Reader<'_> {
    /// A function at an event, and whether it gets the body. `default` is what it is called when
    /// it has no name, `origins` the names that it may send requests to.
    pub fn edge_function(
        &mut self,
        node: &Node,
        default: &str,
        origins: &[String],
    ) -> Option<(Function, bool)> {
        let what = format!("`{default}`");
        let fields = self.fields(node, &what, FUNCTION)?;
        let kind = self.required(fields, "kind", &what, &node.range, "kind: lambda_edge");
        let kind = kind.and_then(|node| self.choice(node, "kind", &KINDS, &[]));
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let name = get("name").and_then(|node| self.text_of(node, "name"));
        let init = get("init_duration").and_then(|n| self.distribution(n, "init_duration"));
        let version = get("version").and_then(|n| self.choice(n, "version", &VERSIONS, &[]));
        let trusts = get("trusts_edgelambda").and_then(|n| self.yes_or_no(n, "trusts_edgelambda"));
        let actions = get("does").map(|node| self.actions(node, origins));
        let include = get("include_body").and_then(|node| self.yes_or_no(node, "include_body"));
        let function = Function {
            name: name.unwrap_or_else(|| default.to_owned()),
            kind: kind?,
            runtime: get("runtime").and_then(|node| self.text_of(node, "runtime")),
            region: get("region").and_then(|node| self.region(node)),
            code_size: get("size").and_then(|node| self.bytes(node, "size")),
            memory: get("memory").and_then(|node| self.bytes(node, "memory")),
            ephemeral_storage: get("ephemeral_storage")
                .and_then(|node| self.bytes(node, "ephemeral_storage")),
            timeout: get("timeout").and_then(|node| self.duration(node, "timeout")),
            duration: get("duration").and_then(|node| self.distribution(node, "duration")),
            init_duration: init.unwrap_or(Duration::Constant(0)),
            version: version.unwrap_or_default(),
            trusts_edge: trusts.unwrap_or(true),
            needs: get("uses").map(|node| self.choices(node, "uses", &NEEDS)).unwrap_or_default(),
            actions: actions.unwrap_or_default(),
        };
        let foreign = ["timeout", "init_duration", "ephemeral_storage", "version"];
        if function.kind == Kind::CloudFrontFunction {
            for entry in fields.entries.iter().filter(|e| foreign.contains(&e.key.as_str())) {
                let key = &entry.key;
                let diagnostic = self
                    .error(CONFLICT, &entry.key_range, format!("`{key}` has no effect here"))
                    .label("a setting of Lambda, and this is a CloudFront Function");
                self.report(diagnostic);
            }
        }
        Some((function, include.unwrap_or(false)))
    }

    fn actions(&mut self, node: &Node, origins: &[String]) -> Vec<Action> {
        let items = self.one_or_more(node);
        self.check_size(items.len(), limit::ACTIONS, "actions of a function", &node.range);
        let items = items.into_iter().take(limit::ACTIONS);
        let actions: Vec<Action> =
            items.filter_map(|item| self.edge_action(item, origins)).collect();
        let random = |action: &&Action| {
            matches!(
                action.effect,
                Effect::Fail { .. } | Effect::Slow { .. } | Effect::Split { .. }
            )
        };
        let count = actions.iter().filter(random).count();
        self.check_size(count, RANDOM_ACTIONS, "random actions of a function", &node.range);
        actions
    }

    fn edge_action(&mut self, node: &Node, origins: &[String]) -> Option<Action> {
        let what = "an action";
        let fields = self.fields(node, what, ACTION)?;
        let all = || ACTIONS.iter().chain([&SLOW]);
        let mut named = all().filter(|(key, _)| fields.get(key).is_some());
        let Some((key, with)) = named.next() else {
            let names: Vec<&str> = all().map(|(key, _)| *key).collect();
            let names = crate::scenario::expression::name::enumerate(&names);
            let diagnostic = self
                .error(MISSING, &node.range, "an action does something")
                .label("nothing is done")
                .hint(format!("it is one of {names}"));
            self.report(diagnostic);
            return None;
        };
        if let Some((other, _)) = named.next() {
            let message = format!("an action has both `{key}` and `{other}`");
            let diagnostic = self
                .error(CONFLICT, &node.range, message)
                .label("an action does one thing")
                .hint("write two actions");
            self.report(diagnostic);
            return None;
        }
        let belongs = |entry: &&Entry| {
            let name = entry.key.as_str();
            name != *key && !with.contains(&name) && !["when", "unless"].contains(&name)
        };
        let known = |entry: &&Entry| ACTION.known.contains(&entry.key.as_str());
        if let Some(entry) = fields.entries.iter().filter(known).find(belongs) {
            let diagnostic = self
                .error(CONFLICT, &entry.key_range, format!("`{}` has no effect here", entry.key))
                .label(format!("it doesn't go with `{key}`"));
            self.report(diagnostic);
        }
        let mut when = Vec::new();
        for (key, negated) in [("when", false), ("unless", true)] {
            if let Some(node) = fields.get(key) {
                self.conditions(node, key, negated, &mut when);
            }
        }
        let value = fields.get(key)?;
        let effect = self.effect(key, value, fields, origins)?;
        Some(Action { when, effect })
    }

    fn effect(
        &mut self,
        key: &str,
        value: &Node,
        fields: &Mapping,
        origins: &[String],
    ) -> Option<Effect> {
        let owner = &value.range;
        Some(match key {
            "reject" | "respond" => {
                let status = self.status(value, key)?;
                self.response(status, None, fields)
            }
            "redirect" => {
                let location = self.text_of(value, key)?;
                let status = fields.get("status").map(|node| self.status(node, "status"));
                self.response(status.unwrap_or(Some(FOUND))?, Some(location), fields)
            }
            "rewrite" => {
                let to = self.required(fields, "to", "`rewrite`", owner, "to: /index.html")?;
                Effect::Rewrite { from: self.text_of(value, key)?, to: self.text_of(to, "to")? }
            }
            "split" => self.split(value, fields, origins)?,
            "set_header" => {
                let node = self.required(fields, "value", "`set_header`", owner, "value: DENY")?;
                let value_text = self.text_of(node, "value")?;
                let name = self.text_of(value, key)?.to_ascii_lowercase();
                if name == "cache-control" {
                    self.cache_control(node)?;
                }
                Effect::SetHeader { name, value: value_text }
            }
            "remove_header" => {
                Effect::RemoveHeader { name: self.text_of(value, key)?.to_ascii_lowercase() }
            }
            "remove_query" => Effect::RemoveQuery { name: self.text_of(value, key)? },
            "set_origin" => Effect::SetOrigin(self.among(value, "origin", origins)?),
            "set_status" => Effect::SetStatus(self.status(value, key)?),
            "replace_body" => Effect::ReplaceBody { size: self.bytes(value, key)? },
            "fail" => Effect::Fail { share: self.share(value, key)? },
            _ => {
                let share = fields.get("share").map(|node| self.share(node, "share"));
                Effect::Slow { by: self.duration(value, key)?, share: share.unwrap_or(Some(1.0))? }
            }
        })
    }

    fn response(&mut self, status: u16, location: Option<String>, fields: &Mapping) -> Effect {
        let cache_control = fields.get("cache_control").and_then(|node| self.cache_control(node));
        let body_size = fields.get("body_size").and_then(|node| self.bytes(node, "body_size"));
        Effect::Respond(Response {
            status,
            location,
            cache_control: cache_control.unwrap_or_default(),
            body_size: body_size.unwrap_or_default(),
        })
    }

    fn split(&mut self, value: &Node, fields: &Mapping, origins: &[String]) -> Option<Effect> {
        let cookie = self.text_of(value, "split")?;
        let example = "into: { A: 50%, B: 50% }";
        let into = self.required(fields, "into", "`split`", &value.range, example)?;
        let mapping = self.mapping(into, "`into`")?;
        self.check_size(mapping.entries.len(), ARMS, "arms of a split", &into.range);
        let mut arms = Vec::new();
        for Entry { key, value, .. } in mapping.entries.iter().take(ARMS) {
            let name = key.clone();
            let mut arm = Arm { name, share: 0.0, prefix: None, origin: None };
            if !matches!(value.value, NodeValue::Mapping(_)) {
                arm.share = self.share(value, key)?;
                arms.push(arm);
                continue;
            }
            let what = format!("arm `{key}`");
            let fields = self.fields(value, &what, ARM)?;
            let share = self.required(fields, "share", &what, &value.range, "share: 50%")?;
            arm.share = self.share(share, "share")?;
            arm.prefix = fields.get("prefix").and_then(|node| self.text_of(node, "prefix"));
            arm.origin = fields.get("origin").and_then(|n| self.among(n, "origin", origins));
            arms.push(arm);
        }
        (!arms.is_empty()).then_some(Effect::Split { cookie, arms })
    }

    /// Conditions, all of which must hold; under `unless` none may.
    fn conditions(&mut self, node: &Node, key: &str, negated: bool, into: &mut Vec<Condition>) {
        let Some(fields) = self.fields(node, &format!("`{key}`"), CONDITION) else { return };
        for Entry { key, value, .. } in &fields.entries {
            let mut add = |subject, pattern| into.push(Condition { subject, pattern, negated });
            let with_name: fn(String) -> Subject = match key.as_str() {
                "path" | "method" | "status" => {
                    if let Some(pattern) = self.text_of(value, key) {
                        let subject = match key.as_str() {
                            "path" => Subject::Path,
                            "method" => Subject::Method,
                            _ => Subject::Status,
                        };
                        add(subject, pattern);
                    }
                    continue;
                }
                "header" => |name| Subject::Header(name.to_ascii_lowercase()),
                "cookie" => Subject::Cookie,
                "query" => Subject::Query,
                _ => continue,
            };
            if let NodeValue::Mapping(mapping) = &value.value {
                for entry in &mapping.entries {
                    if let Some(pattern) = self.text_of(&entry.value, &entry.key) {
                        add(with_name(entry.key.clone()), pattern);
                    }
                }
            } else if let Some(name) = self.text_of(value, key) {
                add(with_name(name), "*".to_owned());
            }
        }
    }
}
