//! The sections `databases` and `proxies`.

use std::collections::BTreeMap;

use super::scalar::{CHOICE, RANGE};
use super::things::Thing;
use super::{Keys, MISSING, Reader};
use crate::aws::architecture::ResourceKind;
use crate::aws::catalogue::Quotas;
use crate::aws::rds::deployment::{DatabaseDeployment, DatabaseEngine};
use crate::aws::rds::max_connections::class_memory;
use crate::aws::rds_proxy::deployment::ProxyDeployment;
use crate::aws::reader::Reader as Facts;
use crate::aws::vpc::network::{Node as Place, NodeKind, Resolver};
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const DATABASE: Keys = Keys {
    known: &[
        "engine",
        "class",
        "max_connections",
        "multi_az",
        "failover_duration",
        "connection_time",
        "query",
        "subnets",
        "security_groups",
        "publicly_accessible",
        "custom_dns_resolution",
        "engine_version",
        "triggers",
        "role",
        "role_feature",
        "aws_default_lambda_role",
        "extensions",
        "grants",
        "lambda_connect_timeout",
        "lambda_request_timeout",
        "parameter_group",
    ],
    later: &["replicas", "storage"],
};

const PROXY: Keys = Keys {
    known: &[
        "target",
        "max_connections_percent",
        "max_idle_connections_percent",
        "connection_borrow_timeout",
        "idle_client_timeout",
        "pinned",
        "subnets",
        "security_groups",
        "publicly_accessible",
    ],
    later: &["endpoints", "role", "require_tls", "init_query"],
};

/// The engines by AWS's names.
const ENGINES: [(&str, DatabaseEngine); 9] = [
    ("mysql", DatabaseEngine::Mysql),
    ("mariadb", DatabaseEngine::Mariadb),
    ("postgres", DatabaseEngine::Postgres),
    ("aurora-mysql", DatabaseEngine::AuroraMysql),
    ("aurora-postgresql", DatabaseEngine::AuroraPostgresql),
    ("oracle-ee", DatabaseEngine::Oracle),
    ("oracle-se2", DatabaseEngine::Oracle),
    ("sqlserver-ee", DatabaseEngine::SqlServer),
    ("sqlserver-se", DatabaseEngine::SqlServer),
];

impl Reader<'_> {
    /// The databases in the author's order, each with its place in the network.
    pub fn databases(&mut self, node: &Node) -> Vec<(DatabaseDeployment, Place)> {
        let Some(mapping) = self.mapping(node, "`databases`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::DATABASES, "databases", &node.range);
        let entries = mapping.entries.iter().take(limit::DATABASES);
        entries.filter_map(|entry| self.database(entry)).collect()
    }

    fn database(&mut self, entry: &Entry) -> Option<(DatabaseDeployment, Place)> {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "database");
        let what = format!("database `{name}`");
        let fields = self.fields(&entry.value, &what, DATABASE)?;
        self.needs_subnets(fields, &what, &entry.key_range);
        let engine = self.required(fields, "engine", &what, &entry.key_range, "engine: mysql");
        let engine = engine.and_then(|node| self.choice(node, "engine", &ENGINES, &["db2-se"]));
        let engine = engine.unwrap_or_default();
        let class = fields.get("class").and_then(|node| self.text_of(node, "class"));
        let most = fields.get("max_connections");
        let max_connections = most.and_then(|node| self.count(node, "max_connections", 1));
        if most.is_none() {
            let known = !matches!(engine, DatabaseEngine::Oracle | DatabaseEngine::SqlServer);
            self.check_class(fields, class.as_deref().filter(|_| known), &what, entry);
        }
        let mut time = |key: &str| fields.get(key).and_then(|node| self.duration(node, key));
        let (failover_duration, connection_time) =
            (time("failover_duration"), time("connection_time"));
        let query = fields.get("query").and_then(|node| self.distribution(node, "query"));
        let mut place = self.place_of(&name, NodeKind::Database, fields);
        let custom = self.flag_or(fields, "custom_dns_resolution", false);
        if engine != DatabaseEngine::Postgres {
            let keys = ["custom_dns_resolution"];
            self.without(fields, &keys, &what, "no RDS for PostgreSQL");
        } else if !custom {
            place.resolver = Resolver::Public;
        }
        let multi_az = self.flag_or(fields, "multi_az", false);
        let invoking = self.invoking(fields, engine, &what);
        let database = DatabaseDeployment {
            name,
            engine,
            class,
            max_connections,
            multi_az,
            failover_duration,
            connection_time,
            query,
            invoking,
            parameter_group: fields
                .get("parameter_group")
                .and_then(|node| self.text_of(node, "parameter_group")),
        };
        Some((database, place))
    }

    /// Without `max_connections` it must follow from the class.
    fn check_class(&mut self, fields: &Mapping, class: Option<&str>, what: &str, entry: &Entry) {
        let Some(class) = class else {
            let diagnostic = self
                .error(MISSING, &entry.key_range, format!("{what} has no `max_connections`"))
                .label("how many connections it takes can't be known")
                .hint("add `max_connections: 100`, or the class: `class: db.t3.medium`");
            self.report(diagnostic);
            return;
        };
        let quotas = Quotas::new(self.catalogue, BTreeMap::new());
        let node =
            fields.get("class").filter(|_| class_memory(class, &Facts::new(&quotas, "")).is_none());
        if let Some(node) = node {
            let diagnostic = self
                .error(CHOICE, &node.range, format!("the memory of `{class}` isn't known"))
                .label("not a class such as `db.t3.medium`, `db.m6g.large` or `db.r6g.2xlarge`")
                .hint("say how many connections it takes: `max_connections: 1000`");
            self.report(diagnostic);
        }
    }

    /// The proxies in the author's order, each with its place in the network.
    pub fn proxies(&mut self, node: &Node) -> Vec<(ProxyDeployment, Place)> {
        let Some(mapping) = self.mapping(node, "`proxies`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::DATABASES, "proxies", &node.range);
        let entries = mapping.entries.iter().take(limit::DATABASES);
        entries.filter_map(|entry| self.proxy(entry)).collect()
    }

    fn proxy(&mut self, entry: &Entry) -> Option<(ProxyDeployment, Place)> {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "proxy");
        let what = format!("proxy `{name}`");
        let fields = self.fields(&entry.value, &what, PROXY)?;
        self.needs_subnets(fields, &what, &entry.key_range);
        let target = self.required(fields, "target", &what, &entry.key_range, "target: NAME");
        let target = target.and_then(|node| {
            self.resource(node, "target", &[ResourceKind::Database])
                .map(|database| database.place())
        });
        let mut percent = |key: &str| {
            let node = fields.get(key)?;
            let share = self.share(node, key)?;
            if share > 0.0 || key != "max_connections_percent" {
                return Some(share);
            }
            let diagnostic = self
                .error(RANGE, &node.range, format!("`{key}` lies between 1% and 100%"))
                .label("a proxy without connections");
            self.report(diagnostic);
            None
        };
        let max_connections_percent = percent("max_connections_percent");
        let max_idle_connections_percent = percent("max_idle_connections_percent");
        let pinned = percent("pinned").unwrap_or(0.0);
        let mut time = |key: &str| fields.get(key).and_then(|node| self.duration(node, key));
        let proxy = ProxyDeployment {
            connection_borrow_timeout: time("connection_borrow_timeout"),
            idle_client_timeout: time("idle_client_timeout"),
            max_connections_percent,
            max_idle_connections_percent,
            pinned,
            target: target.unwrap_or_default(),
            name,
        };
        let place = self.place_of(&proxy.name, NodeKind::Proxy, fields);
        Some((proxy, place))
    }

    /// The place of a resource in the network.
    pub fn place_of(&mut self, name: &str, kind: NodeKind, fields: &Mapping) -> Place {
        let subnets = self.names_under(fields, "subnets", Thing::Subnet);
        let security_groups = self.names_under(fields, "security_groups", Thing::SecurityGroup);
        let public = match fields.get("publicly_accessible") {
            Some(_) => self.flag_or(fields, "publicly_accessible", false),
            None => false,
        };
        Place { subnets, security_groups, public, ..Place::new(name, kind) }
    }

    /// The places of the functions, which stand in their own section.
    pub fn function_places(&mut self, functions: &Node) -> Vec<Place> {
        let NodeValue::Mapping(mapping) = &functions.value else { return Vec::new() };
        let places =
            mapping.entries.iter().take(limit::FUNCTIONS).map(|entry| match &entry.value.value {
                NodeValue::Mapping(fields) => self.place_of(&entry.key, NodeKind::Function, fields),
                _ => Place::new(&entry.key, NodeKind::Function),
            });
        places.collect()
    }
}
