//! What is measured of connections: whether they come about, by which hops, or why not.

use super::group::Group;
use crate::aws::vpc::plan::{Cause, Connection};
use crate::aws::vpc::verdict::{Hop, Reachable};
use crate::scenario::outcome::Measure;

/// The connections that were looked for: those that the events ask for first, then the functions'
/// calls, then those of proxies to their targets.
pub(super) fn connections(connections: &[Connection]) -> Measure {
    Measure::List(connections.iter().map(connection).collect())
}

fn text(text: &str) -> Measure {
    Measure::Text(text.to_owned())
}

fn connection(connection: &Connection) -> Measure {
    let Connection { cause, verdict } = connection;
    let mut group = Group::default();
    group.put("from", text(&verdict.from));
    group.put("to", text(&verdict.to));
    group.count("port", u64::from(verdict.port));
    let cause = match cause {
        Cause::Asked => "event",
        Cause::Call => "call",
        Cause::Trigger => "trigger",
        Cause::Target => "target",
    };
    group.put("cause", text(cause));
    let reachable = verdict.reachable();
    group.put("reachable", Measure::Bool(reachable == Reachable::Always));
    group.put("sometimes", Measure::Bool(reachable == Reachable::Sometimes));
    let failure = verdict.failure();
    group.put("reason", failure.map_or(Measure::Absent, |failure| text(failure.code())));
    let path = verdict.path();
    let subnet = |subnet: Option<&String>| subnet.map_or(Measure::Absent, |name| text(name));
    group.put("from_subnet", subnet(path.and_then(|path| path.from_subnet.as_ref())));
    group.put("to_subnet", subnet(path.and_then(|path| path.to_subnet.as_ref())));
    let hops = path.map(|path| path.hops.iter().map(|hop| text(&hop_name(hop))).collect());
    group.put("hops", Measure::List(hops.unwrap_or_default()));
    Measure::Map(group.0)
}

/// A hop in a word and the name of what it passes: `nat_gateway nat_a`.
pub fn hop_name(hop: &Hop) -> String {
    match hop {
        Hop::NetworkInterface { node, subnet, .. } => format!("network_interface {node}@{subnet}"),
        Hop::LambdaNetwork { .. } => "lambda_network".to_owned(),
        Hop::SecurityGroup { security_group, .. } => format!("security_group {security_group}"),
        Hop::NetworkAcl { network_acl, .. } => format!("network_acl {network_acl}"),
        Hop::Route { route_table, .. } => format!("route_table {route_table}"),
        Hop::NatGateway { nat_gateway, .. } => format!("nat_gateway {nat_gateway}"),
        Hop::InternetGateway { internet_gateway } => format!("internet_gateway {internet_gateway}"),
        Hop::Peering { peering } => format!("peering {peering}"),
        Hop::GatewayEndpoint { endpoint } => format!("gateway_endpoint {endpoint}"),
        Hop::InterfaceEndpoint { endpoint } => format!("interface_endpoint {endpoint}"),
        Hop::Internet => "internet".to_owned(),
        Hop::Service { service } => format!("service {service}"),
    }
}
