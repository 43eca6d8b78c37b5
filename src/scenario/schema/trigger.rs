//! `triggers` of databases, and what they need in order to invoke functions: versions, roles,
//! extensions, privileges.

use super::function::CONFLICT;
use super::scalar::CHOICE;
use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::architecture::{Architecture, ResourceKind};
use crate::aws::rds::deployment::DatabaseEngine;
use crate::aws::rds::statement::json_text;
use crate::aws::rds::trigger::{
    Association, Change, Extension, Feature, Field, Grant, Invocation, Invoking, Scope, Trigger,
    Version, Via,
};
use crate::aws::vpc::network::{HTTPS_PORT, Node as Place, NodeKind};
use crate::aws::vpc::plan::{Cause, Link};
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const TRIGGER: Keys = Keys {
    known: &["table", "after", "for_each", "function", "via", "invocation", "payload"],
    later: &["before", "when", "region", "qualifier"],
};

/// The keys of a database that only triggers need.
const OWN: [&str; 9] = [
    "engine_version",
    "role",
    "role_feature",
    "aws_default_lambda_role",
    "extensions",
    "grants",
    "lambda_connect_timeout",
    "lambda_request_timeout",
    "triggers",
];

/// What a statement can do, by the words of the language.
pub const CHANGES: [(&str, Change); 3] =
    [("insert", Change::Insert), ("update", Change::Update), ("delete", Change::Delete)];
const SCOPES: [(&str, Scope); 2] = [("row", Scope::Row), ("statement", Scope::Statement)];
const INVOCATIONS: [(&str, Invocation); 2] =
    [("sync", Invocation::Sync), ("async", Invocation::Async)];
const VIAS: [(&str, Via); 4] = [
    ("lambda_sync", Via::LambdaSync),
    ("lambda_async", Via::LambdaAsync),
    ("mysql.lambda_async", Via::Procedure),
    ("aws_lambda.invoke", Via::Invoke),
];
const FEATURES: [(&str, Feature); 3] =
    [("Lambda", Feature::Lambda), ("s3Import", Feature::S3Import), ("s3Export", Feature::S3Export)];
const EXTENSIONS: [(&str, Extension); 2] =
    [("aws_lambda", Extension::AwsLambda), ("aws_commons", Extension::AwsCommons)];
const MYSQL_GRANTS: [(&str, Grant); 3] = [
    ("AWS_LAMBDA_ACCESS", Grant::AwsLambdaAccess),
    ("INVOKE LAMBDA", Grant::InvokeLambda),
    ("EXECUTE", Grant::Execute),
];
const POSTGRESQL_GRANTS: [(&str, Grant); 2] =
    [("USAGE", Grant::Usage), ("EXECUTE", Grant::Execute)];
/// The word for a role that isn't there.
const NONE: &str = "none";
/// The service that triggers call.
const LAMBDA: &str = "lambda";

impl Reader<'_> {
    /// What a database has to do with functions.
    pub fn invoking(&mut self, fields: &Mapping, engine: DatabaseEngine, what: &str) -> Invoking {
        if !OWN.iter().any(|key| fields.get(key).is_some()) {
            return Invoking::default();
        }
        let mysql = engine.speaks_mysql();
        let foreign: (&[&str], &str) = match mysql {
            true => (&["role_feature", "extensions", "lambda_request_timeout"], "MySQL"),
            false => (&["aws_default_lambda_role"], "no Aurora MySQL"),
        };
        self.without(fields, foreign.0, what, foreign.1);
        let grants = if mysql { &MYSQL_GRANTS[..] } else { &POSTGRESQL_GRANTS };
        let triggers = fields.get("triggers").filter(|node| node.value != NodeValue::Null);
        let triggers = triggers.map(|node| self.triggers(node, engine)).unwrap_or_default();
        let mut role = self.association(fields, "role");
        // Where roles are described, who has none has none.
        let described = !self.names.of(&[ResourceKind::Role]).is_empty();
        if role == Association::Assumed && described && !triggers.is_empty() {
            role = Association::Missing;
        }
        let mut time = |key: &str| fields.get(key).and_then(|node| self.duration(node, key));
        let connect_timeout = time("lambda_connect_timeout");
        let request_timeout = time("lambda_request_timeout");
        let feature = fields.get("role_feature");
        Invoking {
            triggers,
            version: fields.get("engine_version").and_then(|node| self.version(node)),
            role,
            feature: feature
                .and_then(|node| self.choice(node, "role_feature", &FEATURES, &[]))
                .unwrap_or_default(),
            default_role: self.association(fields, "aws_default_lambda_role"),
            extensions: self.words(fields, "extensions", &EXTENSIONS),
            grants: self.words(fields, "grants", grants),
            link: None,
            connect_timeout,
            request_timeout,
        }
    }

    /// A version: YAML may have read it as a number.
    fn version(&mut self, node: &Node) -> Option<Version> {
        let text = match node.value {
            NodeValue::String(_) => self.text_of(node, "engine_version")?,
            _ => self.written(&node.range).to_owned(),
        };
        let version = Version::parse(&text);
        if version.is_none() {
            let diagnostic = self
                .error(CHOICE, &node.range, format!("`engine_version` can't be `{text}`"))
                .label("not numbers with dots between them")
                .hint("for instance `engine_version: \"14.1\"`");
            self.report(diagnostic);
        }
        version
    }

    fn association(&mut self, fields: &Mapping, key: &str) -> Association {
        let Some(node) = fields.get(key) else { return Association::Assumed };
        let is_none = |node: &Node| match &node.value {
            NodeValue::Null => true,
            NodeValue::String(text) => text == NONE,
            _ => false,
        };
        if is_none(node) {
            return Association::Missing;
        }
        let role = self.resource(node, key, &[ResourceKind::Role]);
        role.map_or(Association::Missing, |role| Association::Role(role.place()))
    }

    /// A list of words; `None` when it isn't given.
    fn words<T: Copy>(
        &mut self,
        fields: &Mapping,
        key: &str,
        options: &[(&'static str, T)],
    ) -> Option<Vec<T>> {
        let node = fields.get(key)?;
        let items: &[Node] = match &node.value {
            NodeValue::Null => &[],
            NodeValue::Sequence(items) => items,
            _ => std::slice::from_ref(node),
        };
        let items = items.iter().take(limit::TRIGGERS);
        Some(items.filter_map(|item| self.choice(item, key, options, &[])).collect())
    }

    fn triggers(&mut self, node: &Node, engine: DatabaseEngine) -> Vec<Trigger> {
        let Some(mapping) = self.mapping(node, "`triggers`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::TRIGGERS, "triggers", &node.range);
        let entries = mapping.entries.iter().take(limit::TRIGGERS);
        entries.filter_map(|entry| self.trigger(entry, engine)).collect()
    }

    fn trigger(&mut self, entry: &Entry, engine: DatabaseEngine) -> Option<Trigger> {
        let name = entry.key.clone();
        self.check_name(&name, &entry.key_range, "the name of a trigger");
        let what = format!("trigger `{name}`");
        let fields = self.fields(&entry.value, &what, TRIGGER)?;
        let owner = &entry.key_range;
        let table = self.required(fields, "table", &what, owner, "table: orders");
        let table = table.and_then(|node| self.table(node));
        let after = self.required(fields, "after", &what, owner, "after: insert");
        let after = after.and_then(|_| self.words(fields, "after", &CHANGES));
        let function = self.required(fields, "function", &what, owner, "function: NAME");
        let function =
            function.and_then(|node| self.resource(node, "function", &[ResourceKind::Function]));
        let scope = fields.get("for_each");
        let scope = scope.and_then(|node| self.choice(node, "for_each", &SCOPES, &[]));
        let (via, invocation) = self.way(fields, engine, &what, entry)?;
        let payload = fields.get("payload").filter(|node| node.value != NodeValue::Null);
        Some(Trigger {
            name,
            table: table?,
            after: after.unwrap_or_default(),
            scope: scope.unwrap_or_default(),
            function: function?.place(),
            via,
            invocation,
            payload: payload.map(|node| self.payload(node)).unwrap_or_default(),
        })
    }

    /// The name of a table.
    pub fn table(&mut self, node: &Node) -> Option<String> {
        let name = self.text_of(node, "table")?;
        self.check_name(&name, &node.range, "the name of a table").then_some(name)
    }

    /// What a trigger calls, and whether it waits: either may follow from the other.
    fn way(
        &mut self,
        fields: &Mapping,
        engine: DatabaseEngine,
        what: &str,
        entry: &Entry,
    ) -> Option<(Via, Invocation)> {
        let via_node = fields.get("via");
        let via = via_node.map(|node| self.choice(node, "via", &VIAS, &[]));
        let invocation_node = fields.get("invocation");
        let invocation =
            invocation_node.map(|node| self.choice(node, "invocation", &INVOCATIONS, &[]));
        let own = match via {
            Some(via) => via?.invocation(),
            None => None,
        };
        let invocation = match invocation {
            Some(invocation) => Some(invocation?),
            None => None,
        };
        match (via.flatten(), invocation, invocation_node) {
            (Some(via), Some(invocation), Some(node)) if own.is_some_and(|o| o != invocation) => {
                let name = via.name();
                let diagnostic = self
                    .error(CONFLICT, &node.range, format!("`{name}` doesn't invoke so"))
                    .label(match invocation {
                        Invocation::Sync => "it doesn't wait for the function",
                        Invocation::Async => "it waits for the function",
                    })
                    .hint("leave out `invocation`, or name the other function under `via`");
                self.report(diagnostic);
                None
            }
            (Some(via), invocation, _) => {
                Some((via, own.or(invocation).unwrap_or(Invocation::Sync)))
            }
            (None, Some(invocation), _) => Some((Via::of(engine, invocation), invocation)),
            (None, None, _) if engine.speaks_mysql() => {
                let diagnostic = self
                    .error(MISSING, &entry.key_range, format!("{what} has no `invocation`"))
                    .label("neither `invocation` nor `via`")
                    .hint("add `invocation: async`, or `via: lambda_sync`");
                self.report(diagnostic);
                None
            }
            // `invocation_type` of `aws_lambda.invoke` is RequestResponse unless given.
            (None, None, _) => Some((Via::Invoke, Invocation::Sync)),
        }
    }

    fn payload(&mut self, node: &Node) -> Vec<(String, Field)> {
        let Some(mapping) = self.mapping(node, "`payload`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::COLUMNS, "keys of a payload", &node.range);
        let mut fields = Vec::new();
        for entry in mapping.entries.iter().take(limit::COLUMNS) {
            let text = match &entry.value.value {
                NodeValue::String(text) => Some(text.as_str()),
                _ => None,
            };
            let column =
                text.and_then(|text| text.strip_prefix("NEW.").or(text.strip_prefix("OLD.")));
            let field = match column {
                Some(column) => Some(Field::Column(column.to_owned())),
                None => self.json_of(&entry.value, "payload").map(Field::Fixed),
            };
            fields.extend(field.map(|field| (entry.key.clone(), field)));
        }
        fields
    }

    /// A scalar as JSON.
    pub fn json_of(&mut self, node: &Node, key: &str) -> Option<String> {
        match &node.value {
            NodeValue::Null => Some("null".to_owned()),
            NodeValue::Bool(value) => Some(value.to_string()),
            NodeValue::Integer(value) => Some(value.to_string()),
            NodeValue::String(text) if text.len() <= limit::VALUE => Some(json_text(text)),
            NodeValue::Float(_) => {
                let written = self.written(&node.range);
                let is_json = !written.starts_with(['.', '+']) && written.parse::<f64>().is_ok();
                Some(if is_json { written.to_owned() } else { json_text(written) })
            }
            NodeValue::Date(_) | NodeValue::Time(_) => Some(json_text(self.written(&node.range))),
            NodeValue::String(_) => {
                let most = limit::VALUE;
                self.check_size(most + 1, most, "bytes of one value", &node.range);
                None
            }
            NodeValue::Sequence(_) | NodeValue::Mapping(_) => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("a value of `{key}` is a text or a number"))
                    .label(format!("this is {}", kind(&node.value)));
                self.report(diagnostic);
                None
            }
        }
    }

    /// The links of databases whose triggers call Lambda.
    pub fn trigger_links(&mut self, architecture: &mut Architecture) {
        let Some(plan) = architecture.plan.as_mut() else { return };
        for database in &mut architecture.databases {
            if database.invoking.triggers.is_empty() {
                continue;
            }
            let place = |name: &str, kind: NodeKind, nodes: &[Place]| {
                nodes.iter().position(|node| node.kind == kind && node.name == name)
            };
            let from = place(&database.name, NodeKind::Database, &plan.nodes);
            let Some(from) = from else { continue };
            let to = place(LAMBDA, NodeKind::Service, &plan.nodes).unwrap_or_else(|| {
                plan.nodes.push(Place::new(LAMBDA, NodeKind::Service));
                plan.nodes.len() - 1
            });
            database.invoking.link = Some(plan.links.len());
            plan.links.push(Link { from, to, port: HTTPS_PORT, cause: Cause::Trigger });
        }
    }
}
