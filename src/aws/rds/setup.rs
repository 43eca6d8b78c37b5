//! What the service takes from an architecture and the catalogue when a run begins.

use std::collections::BTreeMap;

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::rds::client::{Client, Target};
use crate::aws::rds::database::Database;
use crate::aws::rds::deployment::DatabaseDeployment;
use crate::aws::rds::max_connections::max_connections;
use crate::aws::rds::service::{Caught, Front, Instance};
use crate::aws::rds_proxy::deployment::{PoolSettings, ProxyDeployment};
use crate::aws::rds_proxy::pool::Pool;
use crate::aws::reader::Reader;
use crate::aws::vpc::plan::Connection;
use crate::sim::draw::{Distribution, Draw};
use crate::sim::random::Random;

/// The length of time under a name of the catalogue, unless it is given.
fn time(given: Option<u64>, reader: &Reader<'_>, name: &str) -> u64 {
    given.unwrap_or_else(|| reader.time(name))
}

/// The databases.
pub(super) fn instances(architecture: &Architecture, reader: &Reader<'_>) -> Vec<Instance> {
    let instance = |(index, deployed): (usize, &DatabaseDeployment)| {
        let most = max_connections(deployed, reader).unwrap_or_default();
        let behind_proxy = architecture.proxies.iter().any(|proxy| proxy.target == index);
        let share = match behind_proxy {
            true => reader.amount("rds_proxy.failover_share").clamp(0.0, 1.0),
            false => 1.0,
        };
        Instance {
            database: Database::new(&deployed.name, most),
            connection_time: time(deployed.connection_time, reader, "rds.connection_time"),
            failover_share: share,
        }
    };
    architecture.databases.iter().enumerate().map(instance).collect()
}

/// The proxies.
pub(super) fn fronts(
    architecture: &Architecture,
    instances: &[Instance],
    reader: &Reader<'_>,
    seed: u64,
) -> Vec<Front> {
    let front = |deployed: &ProxyDeployment| {
        let target = instances.get(deployed.target);
        let most = target.map_or(0, |instance| instance.database.max_connections());
        let connection_time = target.map_or(0, |instance| instance.connection_time);
        let settings = PoolSettings::new(deployed, most, connection_time, reader);
        let idle = "rds_proxy.idle_client_timeout";
        Front {
            pool: Pool::new(&deployed.name, settings),
            target: deployed.target,
            connection_time: reader.time("rds_proxy.connection_time"),
            idle_client_timeout: time(deployed.idle_client_timeout, reader, idle),
            pinned: deployed.pinned,
            pins: Random::stream(seed, &["proxy", &deployed.name, "pinned"]),
        }
    };
    architecture.proxies.iter().map(front).collect()
}

/// The functions as clients.
pub(super) fn clients(
    architecture: &Architecture,
    fronts: &[Front],
    connections: &[Connection],
    reader: &Reader<'_>,
    seed: u64,
) -> Vec<Caught> {
    let caught = |(index, client): (usize, &Client)| {
        let function = client.function.and_then(|at| architecture.functions.get(at));
        let idle = time(function.and_then(|f| f.idle_timeout), reader, "lambda.idle_timeout");
        let (kind, at, database) = match client.target {
            Target::Database(at) => (ResourceKind::Database, at, Some(at)),
            Target::Proxy(at) => {
                (ResourceKind::Proxy, at, fronts.get(at).map(|front| front.target))
            }
            Target::Service => (ResourceKind::Client, index, None),
        };
        let deployed = database.and_then(|at| architecture.databases.get(at));
        let standard = || match deployed {
            None => Distribution::Constant(0),
            Some(deployed) => deployed
                .query
                .unwrap_or_else(|| Distribution::Constant(reader.time("rds.query_duration"))),
        };
        let name = function.map_or("", |function| &function.name);
        let stream = ["client", name, &client.target_name, &index.to_string()];
        let idle = match client.target {
            Target::Proxy(at) => {
                fronts.get(at).map_or(idle, |front| idle.min(front.idle_client_timeout))
            }
            _ => idle,
        };
        let link = client.link.and_then(|link| connections.get(link));
        Caught {
            target: client.target,
            resource: Resource::new(kind, at),
            query: Draw::new(client.query.unwrap_or_else(standard), Random::stream(seed, &stream)),
            connect_timeout: client.connect_timeout,
            timeout: time(function.and_then(|f| f.timeout), reader, "lambda.timeout_default"),
            keep: client.connection,
            idle,
            paths: link.map(works_by_subnet).unwrap_or_default(),
        }
    };
    architecture.clients.iter().enumerate().map(caught).collect()
}

/// Whether each source subnet of a connection has a path to some subnet of the target.
fn works_by_subnet(connection: &Connection) -> Vec<bool> {
    let mut subnets: BTreeMap<Option<&str>, bool> = BTreeMap::new();
    let mut order = Vec::new();
    for path in &connection.verdict.paths {
        let from = path.from_subnet.as_deref();
        let works = subnets.entry(from).or_insert_with(|| {
            order.push(from);
            true
        });
        // A name that leads to two addresses works for certain only if both do.
        *works &= path.failure.is_none();
    }
    order.into_iter().map(|from| subnets.get(&from).copied().unwrap_or(true)).collect()
}
