//! Route tables: where a subnet sends what isn't for itself.

use crate::aws::vpc::address::Cidr;
use crate::aws::vpc::network::{
    Endpoint, MAIN_ROUTE_TABLE, Network, Peering, RouteTable, RouteTarget,
};

/// A route that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chosen<'a> {
    /// Its destination.
    pub(super) destination: Cidr,
    /// What it leads through; `None` within the VPC.
    pub(super) target: Option<&'a RouteTarget>,
}

/// The VPC of a subnet.
pub(super) fn vpc_of<'a>(network: &'a Network, subnet: &str) -> Option<&'a str> {
    network.subnets.get(subnet).map(|subnet| subnet.vpc.as_str())
}

/// The route table of a subnet, its own or the main one of its VPC, with its name.
pub(super) fn table_of<'a>(
    network: &'a Network,
    subnet: &str,
) -> (&'a str, Option<&'a RouteTable>) {
    let Some(subnet) = network.subnets.get(subnet) else { return (MAIN_ROUTE_TABLE, None) };
    let own = subnet.route_table.as_ref().map(|name| network.route_tables.get_key_value(name));
    let found = own.unwrap_or_else(|| {
        network.route_tables.iter().find(|(_, table)| table.main && table.vpc == subnet.vpc)
    });
    match found {
        Some((name, table)) => (name, Some(table)),
        None => (MAIN_ROUTE_TABLE, None),
    }
}

/// The most specific route of a subnet to all addresses of a block.
pub(super) fn route<'a>(network: &'a Network, subnet: &str, to: Cidr) -> Option<Chosen<'a>> {
    let vpc = vpc_of(network, subnet).and_then(|vpc| network.vpcs.get(vpc));
    let local = vpc.into_iter().flat_map(|vpc| &vpc.cidrs);
    let local = local.map(|&destination| Chosen { destination, target: None });
    let (_, table) = table_of(network, subnet);
    let added = table.into_iter().flat_map(|table| &table.routes);
    let added =
        added.map(|route| Chosen { destination: route.destination, target: Some(&route.target) });
    // Of equals the first stays: the local route comes before those that were added.
    let fitting = local.chain(added).filter(|chosen| chosen.destination.contains(to));
    fitting.reduce(
        |best, next| {
            if next.destination.prefix() > best.destination.prefix() { next } else { best }
        },
    )
}

/// The Internet gateway that a subnet's route to an address leads through, by name.
pub(super) fn internet_gateway<'a>(
    network: &'a Network,
    subnet: &str,
    to: Cidr,
) -> Option<&'a str> {
    match route(network, subnet, to)?.target? {
        RouteTarget::InternetGateway(name) => Some(name),
        RouteTarget::NatGateway(_) | RouteTarget::Peering(_) => None,
    }
}

/// Whether an Internet gateway is attached to a VPC.
pub(super) fn is_attached(network: &Network, gateway: &str, vpc: &str) -> bool {
    let gateway = network.internet_gateways.get(gateway);
    gateway.is_some_and(|gateway| gateway.vpc.as_deref() == Some(vpc))
}

/// The VPC at the other side of a peering.
pub(super) fn other_side<'a>(peering: &'a Peering, vpc: &str) -> Option<&'a str> {
    if peering.requester == vpc {
        Some(&peering.accepter)
    } else if peering.accepter == vpc {
        Some(&peering.requester)
    } else {
        None
    }
}

/// The peering that joins two VPCs, with its name.
pub(super) fn peering_between<'a>(
    network: &'a Network,
    from: &str,
    to: &str,
) -> Option<(&'a str, &'a Peering)> {
    let joins = |peering: &Peering| other_side(peering, from) == Some(to);
    let found = network.peerings.iter().find(|(_, peering)| joins(peering));
    found.map(|(name, peering)| (name.as_str(), peering))
}

/// The endpoints for a service in a VPC, with their names.
pub(super) fn endpoints<'a>(
    network: &'a Network,
    vpc: &'a str,
    service: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Endpoint)> {
    let all = network.endpoints.iter().map(|(name, endpoint)| (name.as_str(), endpoint));
    all.filter(move |(_, endpoint)| endpoint.vpc() == vpc && endpoint.service() == service)
}
