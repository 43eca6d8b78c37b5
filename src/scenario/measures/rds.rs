//! What is measured of databases and proxies, with CloudWatch's names where it has them.

use super::group::{Group, durations, series};
use super::statement;
use crate::aws::rds::database::DatabaseMetrics;
use crate::aws::rds_proxy::pool::ProxyMetrics;
use crate::scenario::outcome::Measure;

/// The measures of a database.
pub(super) fn database(database: &DatabaseMetrics) -> Group {
    let mut group = Group::default();
    group.count("max_connections", database.max_connections);
    group.group("database_connections", series(&database.database_connections));
    group.count("connection_attempts", database.connection_attempts);
    group.count("connections_refused", database.connections_refused);
    group.count("connections_unavailable", database.connections_unavailable);
    group.count("connections_lost", database.connections_lost);
    group.count("queries", database.queries);
    group.group("query_duration", durations(&database.query_duration));
    let failovers = database.failovers.iter().map(|&(began, ended)| {
        let mut group = Group::default();
        group.duration("began", began as f64);
        group.duration("ended", ended as f64);
        Measure::Map(group.0)
    });
    group.put("failovers", Measure::List(failovers.collect()));
    statement::add(&mut group, &database.statements);
    let outages = database.outages.iter().map(|&(began, ended)| {
        let mut group = Group::default();
        group.duration("began", began as f64);
        match ended {
            Some(ended) => group.duration("ended", ended as f64),
            None => group.put("ended", Measure::Absent),
        }
        Measure::Map(group.0)
    });
    group.put("outages", Measure::List(outages.collect()));
    group
}

/// The measures of a proxy.
pub(super) fn proxy(proxy: &ProxyMetrics) -> Group {
    let mut group = Group::default();
    group.count("max_database_connections_allowed", proxy.max_database_connections_allowed);
    group.group("client_connections", series(&proxy.client_connections));
    group.count("client_connections_received", proxy.client_connections_received);
    group.group("database_connections", series(&proxy.database_connections));
    let borrowed = series(&proxy.database_connections_currently_borrowed);
    group.group("database_connections_currently_borrowed", borrowed);
    let pinned = series(&proxy.database_connections_currently_session_pinned);
    group.group("database_connections_currently_session_pinned", pinned);
    let succeeded = proxy.database_connections_setup_succeeded;
    group.count("database_connections_setup_succeeded", succeeded);
    group.count("database_connections_setup_failed", proxy.database_connections_setup_failed);
    let latency = durations(&proxy.database_connections_borrow_latency);
    group.group("connection_borrow_latency", latency);
    let latency = durations(&proxy.database_connections_borrow_latency);
    group.group("database_connections_borrow_latency", latency);
    group.count("borrow_timeouts", proxy.borrow_timeouts);
    group.group("waiting", series(&proxy.waiting));
    group.count("query_requests", proxy.query_requests);
    group.count("connections_lost", proxy.connections_lost);
    group
}
