//! What the summary says of databases and proxies.

use super::{Amount, Entry, Resource, statement};
use crate::aws::architecture::ResourceKind;
use crate::aws::metrics::Run;
use crate::aws::rds::database::DatabaseMetrics;
use crate::aws::rds_proxy::pool::ProxyMetrics;
use crate::sim::statistics::Distribution;

/// The databases and proxies of a run.
pub(super) fn resources(run: &Run) -> Vec<Resource> {
    let proxies = run.proxies.iter().map(proxy);
    proxies.chain(run.databases.iter().map(database)).collect()
}

pub(super) fn percentile(times: &Distribution, percent: f64) -> Amount {
    match times.count() {
        0 => Amount::Absent,
        _ => Amount::Time(times.percentile(percent)),
    }
}

fn proxy(proxy: &ProxyMetrics) -> Resource {
    let latency = &proxy.database_connections_borrow_latency;
    let entries = vec![
        Entry::new("요청", "requests", Amount::Count(proxy.query_requests)).always(),
        Entry::new(
            "클라이언트 연결 최대",
            "client connections, most",
            Amount::Count(proxy.client_connections.max()),
        )
        .always(),
        Entry::new(
            "데이터베이스 연결 최대",
            "database connections, most",
            Amount::Count(proxy.database_connections.max()),
        )
        .headline(),
        Entry::new(
            "허용된 데이터베이스 연결",
            "database connections allowed",
            Amount::Count(proxy.max_database_connections_allowed),
        )
        .always(),
        Entry::new("연결 대기 p50", "wait for a connection, p50", percentile(latency, 50.0)),
        Entry::new("연결 대기 p99", "wait for a connection, p99", percentile(latency, 99.0))
            .headline(),
        Entry::new(
            "동시에 기다린 요청 최대",
            "waiting at once, most",
            Amount::Count(proxy.waiting.max()),
        ),
        Entry::new("대기 시간 초과", "borrow timeouts", Amount::Count(proxy.borrow_timeouts))
            .headline(),
        Entry::new(
            "고정된 연결 최대",
            "pinned connections, most",
            Amount::Count(proxy.database_connections_currently_session_pinned.max()),
        ),
        Entry::new("끊긴 연결", "connections lost", Amount::Count(proxy.connections_lost)),
    ];
    Resource { name: proxy.name.clone(), kind: ResourceKind::Proxy, entries }
}

fn database(database: &DatabaseMetrics) -> Resource {
    let mut entries = vec![
        Entry::new("max_connections", "max_connections", Amount::Count(database.max_connections))
            .always(),
        Entry::new(
            "연결 최대",
            "connections, most",
            Amount::Count(database.database_connections.max()),
        )
        .headline(),
        Entry::new("연결 시도", "connection attempts", Amount::Count(database.connection_attempts))
            .always(),
        Entry::new(
            "거부된 연결 (Too many connections)",
            "refused: too many connections",
            Amount::Count(database.connections_refused),
        )
        .headline(),
        Entry::new(
            "쓸 수 없는 동안 실패한 연결",
            "refused while unavailable",
            Amount::Count(database.connections_unavailable),
        ),
        Entry::new("끊긴 연결", "connections lost", Amount::Count(database.connections_lost)),
        Entry::new("질의", "queries", Amount::Count(database.queries)).always(),
        Entry::new("질의 시간 p99", "query time p99", percentile(&database.query_duration, 99.0)),
    ];
    entries.extend(statement::entries(&database.statements));
    Resource { name: database.name.clone(), kind: ResourceKind::Database, entries }
}
