//! What AWS refuses of databases and proxies beside their place in a network.

use crate::aws::architecture::Architecture;
use crate::aws::metrics::Rejection;
use crate::aws::rds::statement;
use crate::aws::rds_proxy::deployment::ProxyDeployment;
use crate::aws::reader::Reader;
use crate::sim::SECOND;

/// The first thing that AWS would refuse, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let proxies = &mut architecture.proxies.iter();
    proxies
        .find_map(|proxy| proxy_refusal(architecture, proxy, reader))
        .or_else(|| statement::refusal(architecture, reader))
}

fn proxy_refusal(
    architecture: &Architecture,
    proxy: &ProxyDeployment,
    reader: &Reader<'_>,
) -> Option<Rejection> {
    let refuse = |reason: String| {
        let (resource, error) = (Some(proxy.name.clone()), "InvalidParameterValue".to_owned());
        Some(Rejection { resource, error, reason })
    };
    let most = reader.time("rds_proxy.connection_borrow_timeout_max");
    if let Some(timeout) = proxy.connection_borrow_timeout.filter(|&timeout| timeout > most) {
        return refuse(format!(
            "ConnectionBorrowTimeout is at most {} seconds: {} given",
            most / SECOND,
            timeout / SECOND
        ));
    }
    let percent = || reader.amount("rds_proxy.max_connections_percent");
    let connections = proxy.max_connections_percent.unwrap_or_else(percent);
    if proxy.max_idle_connections_percent.is_some_and(|idle| idle > connections) {
        return refuse("MaxIdleConnectionsPercent can't be above MaxConnectionsPercent".to_owned());
    }
    let plan = architecture.plan.as_ref()?;
    let target = architecture.databases.get(proxy.target)?;
    let vpc = |name: &str| {
        let node = plan.nodes.iter().find(|node| node.name == name)?;
        let subnet = plan.network.subnets.get(node.subnets.first()?)?;
        Some(subnet.vpc.as_str())
    };
    let (own, other) = (vpc(&proxy.name)?, vpc(&target.name)?);
    let reason =
        || format!("A proxy is in the VPC of its target: {own}, but {} is in {other}", target.name);
    (own != other).then(|| refuse(reason())).flatten()
}
