//! Proxies as they are deployed. Times are nanoseconds.

use crate::aws::reader::Reader;

/// An RDS Proxy with its default target group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProxyDeployment {
    /// Its name, unique in the architecture.
    pub name: String,
    /// The index of its target among the architecture's databases.
    pub target: usize,
    /// `MaxConnectionsPercent` as a share, above 0 to 1; the catalogue's default when `None`.
    pub max_connections_percent: Option<f64>,
    /// `MaxIdleConnectionsPercent` as a share of the target's `max_connections`; the catalogue's
    /// share of `MaxConnectionsPercent` when `None`.
    pub max_idle_connections_percent: Option<f64>,
    /// `ConnectionBorrowTimeout`; the catalogue's default when `None`.
    pub connection_borrow_timeout: Option<u64>,
    /// `IdleClientTimeout`; the catalogue's default when `None`.
    pub idle_client_timeout: Option<u64>,
    /// The share of sessions that are pinned, 0 to 1: those that do what the proxy can't undo
    /// between clients.
    pub pinned: f64,
}

/// What bounds a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSettings {
    /// `MaxDatabaseConnectionsAllowed`: how many connections it opens at most.
    pub most: u64,
    /// How many of them it keeps although nobody uses them.
    pub most_idle: u64,
    /// How long a client waits for a connection.
    pub borrow_timeout: u64,
    /// From when on a connection counts as idle.
    pub idle_timeout: u64,
    /// How long opening a connection to the database takes.
    pub connection_time: u64,
}

impl PoolSettings {
    /// The settings of a proxy in front of a database with `max_connections`. A share of
    /// connections is rounded down, but at least one is there.
    pub fn new(
        proxy: &ProxyDeployment,
        max_connections: u64,
        connection_time: u64,
        reader: &Reader<'_>,
    ) -> Self {
        let share = |given: Option<f64>, default: &dyn Fn() -> f64| {
            given.unwrap_or_else(default).clamp(0.0, 1.0)
        };
        let percent = share(proxy.max_connections_percent, &|| {
            reader.amount("rds_proxy.max_connections_percent")
        });
        let idle = share(proxy.max_idle_connections_percent, &|| {
            reader.amount("rds_proxy.max_idle_connections_percent") * percent
        });
        // A product such as 0.07 · 100 lies a little above or below the whole number it means.
        let of = |share: f64| (max_connections as f64 * share * (1.0 + f64::EPSILON)) as u64;
        let borrow = || reader.time("rds_proxy.connection_borrow_timeout");
        Self {
            most: of(percent).max(1),
            most_idle: of(idle),
            borrow_timeout: proxy.connection_borrow_timeout.unwrap_or_else(borrow),
            idle_timeout: reader.time("rds_proxy.idle_connection_timeout"),
            connection_time,
        }
    }
}
