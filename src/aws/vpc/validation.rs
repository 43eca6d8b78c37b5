//! What AWS refuses to create, with its own errors and reasons.
//!
//! Sources: the error codes of the Amazon EC2 API, the API references of `CreateFunction`,
//! `CreateDBSubnetGroup`, `CreateDBInstance` and `CreateDBProxy`. Things are created in the
//! author's order, those of a kind together: VPCs, subnets, gateways, tables, groups, endpoints,
//! nodes.

use std::collections::BTreeSet;

use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::aws::vpc::address::Cidr;
use crate::aws::vpc::network::{
    Endpoint, GATEWAY_ENDPOINT_SERVICES, Network, Node, NodeKind, Subnet, Vpc,
};

/// The first thing of a network, and of the nodes in it, that AWS would refuse.
pub fn refusal(network: &Network, nodes: &[Node], reader: &Reader<'_>) -> Option<Rejection> {
    let check = Check { network, reader };
    check
        .vpcs()
        .or_else(|| check.subnets())
        .or_else(|| check.gateways())
        .or_else(|| check.peerings())
        .or_else(|| check.route_tables())
        .or_else(|| check.security_groups())
        .or_else(|| check.endpoints())
        .or_else(|| nodes.iter().find_map(|node| check.node(node)))
}

/// A check of one network.
struct Check<'a> {
    network: &'a Network,
    reader: &'a Reader<'a>,
}

fn refuse(resource: &str, error: &'static str, reason: String) -> Option<Rejection> {
    Some(Rejection { resource: Some(resource.to_owned()), error: error.to_owned(), reason })
}

impl Check<'_> {
    /// More of something than a quota allows.
    fn beyond(
        &self,
        resource: &str,
        count: usize,
        quota: &str,
        error: &'static str,
        what: &str,
    ) -> Option<Rejection> {
        let most = self.reader.count(quota);
        let reason = || format!("The maximum number of {what} has been reached: {most}");
        (count as u64 > most).then(|| refuse(resource, error, reason())).flatten()
    }

    /// Whether a block has a size that AWS gives to VPCs and subnets.
    fn has_size(&self, cidr: Cidr) -> bool {
        let prefix = u64::from(cidr.prefix());
        let shortest = self.reader.count("vpc.cidr_prefix_min");
        prefix >= shortest && prefix <= self.reader.count("vpc.cidr_prefix_max")
    }

    fn vpcs(&self) -> Option<Rejection> {
        let count = self.network.vpcs.len();
        let last = self.network.vpcs.last().map_or("", |(name, _)| name);
        let too_many = self.beyond(
            last,
            count,
            "vpc.vpcs_per_region",
            "VpcLimitExceeded",
            "VPCs in this Region",
        );
        let odd = |(name, vpc): (&String, &Vpc)| {
            let bad = vpc.cidrs.iter().find(|&&cidr| !self.has_size(cidr));
            if let Some(cidr) = bad {
                return refuse(name, "InvalidVpc.Range", format!("The CIDR '{cidr}' is invalid."));
            }
            let (first, second) = overlap(&vpc.cidrs)?;
            let reason = format!("The CIDR '{second}' conflicts with '{first}' of the same VPC.");
            refuse(name, "InvalidVpc.Range", reason)
        };
        self.network.vpcs.iter().find_map(odd).or(too_many)
    }

    fn subnets(&self) -> Option<Rejection> {
        let subnets = &self.network.subnets;
        for (at, (name, subnet)) in subnets.iter().enumerate() {
            let cidr = subnet.cidr;
            let vpc = self.network.vpcs.get(&subnet.vpc);
            let within = vpc.is_some_and(|vpc| vpc.cidrs.iter().any(|own| own.contains(cidr)));
            if !within || !self.has_size(cidr) {
                let reason = format!("The CIDR '{cidr}' is invalid.");
                return refuse(name, "InvalidSubnet.Range", reason);
            }
            let conflicts = |other: &Subnet| other.vpc == subnet.vpc && other.cidr.overlaps(cidr);
            if subnets.values().take(at).any(conflicts) {
                let reason = format!("The CIDR '{cidr}' conflicts with another subnet");
                return refuse(name, "InvalidSubnet.Conflict", reason);
            }
            let before = subnets.values().take(at + 1).filter(|other| other.vpc == subnet.vpc);
            let quota = "vpc.subnets_per_vpc";
            let what = "subnets in this VPC";
            let beyond = self.beyond(name, before.count(), quota, "SubnetLimitExceeded", what);
            if beyond.is_some() {
                return beyond;
            }
        }
        None
    }

    fn gateways(&self) -> Option<Rejection> {
        let mut attached = BTreeSet::new();
        for (name, gateway) in &self.network.internet_gateways {
            let Some(vpc) = &gateway.vpc else { continue };
            if !attached.insert(vpc.as_str()) {
                let reason = format!("Network {vpc} already has an internet gateway attached");
                return refuse(name, "InvalidParameterValue", reason);
            }
        }
        for (name, nat) in &self.network.nat_gateways {
            let Some(subnet) = self.network.subnets.get(&nat.subnet) else { continue };
            let vpc = &subnet.vpc;
            if !attached.contains(vpc.as_str()) {
                let reason = format!("Network {vpc} has no Internet gateway attached");
                return refuse(name, "Gateway.NotAttached", reason);
            }
        }
        None
    }

    fn peerings(&self) -> Option<Rejection> {
        self.network.peerings.iter().find_map(|(name, peering)| {
            let blocks = |vpc: &String| self.network.vpcs.get(vpc).map(|vpc| vpc.cidrs.as_slice());
            let (own, other) = (blocks(&peering.requester)?, blocks(&peering.accepter)?);
            let conflict = if peering.requester == peering.accepter {
                Some("a VPC can't be peered with itself".to_owned())
            } else {
                crossing(own, other).map(|(a, b)| format!("{a} and {b} overlap"))
            }?;
            let reason = format!(
                "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range: {conflict}"
            );
            refuse(name, "VpcPeeringConnectionFailed", reason)
        })
    }

    fn route_tables(&self) -> Option<Rejection> {
        for (name, table) in &self.network.route_tables {
            for (at, route) in table.routes.iter().enumerate() {
                let destination = route.destination;
                if table.routes.iter().take(at).any(|other| other.destination == destination) {
                    let reason = format!("The route identified by {destination} already exists.");
                    return refuse(name, "RouteAlreadyExists", reason);
                }
            }
            let count = table.routes.len();
            let quota = "vpc.routes_per_table";
            let what = "routes in this route table";
            let beyond = self.beyond(name, count, quota, "RouteLimitExceeded", what);
            if beyond.is_some() {
                return beyond;
            }
        }
        None
    }

    fn security_groups(&self) -> Option<Rejection> {
        self.network.security_groups.iter().find_map(|(name, group)| {
            let count = group.ingress.len().max(group.egress.len());
            let error = "RulesPerSecurityGroupLimitExceeded";
            let what = "rules per security group";
            self.beyond(name, count, "vpc.rules_per_security_group", error, what)
        })
    }

    fn endpoints(&self) -> Option<Rejection> {
        for (at, (name, endpoint)) in self.network.endpoints.iter().enumerate() {
            let (vpc, service) = (endpoint.vpc(), endpoint.service());
            let Endpoint::Interface { subnets, private_dns, security_groups, .. } = endpoint else {
                if GATEWAY_ENDPOINT_SERVICES.contains(&service) {
                    continue;
                }
                let reason = "Endpoint type (Gateway) does not match available service types \
                              ([Interface]).";
                return refuse(name, "InvalidParameter", reason.to_owned());
            };
            if let Some(zone) = self.repeated_zone(subnets) {
                let reason =
                    format!("Found another VPC endpoint subnet in the availability zone of {zone}");
                return refuse(name, "DuplicateSubnetsInSameZone", reason);
            }
            let other = self.elsewhere(subnets, vpc).or_else(|| self.foreign(security_groups, vpc));
            if let Some(other) = other {
                let reason = format!("{other} does not belong to {vpc}");
                return refuse(name, "InvalidParameter", reason);
            }
            let dns = self.network.vpcs.get(vpc);
            if *private_dns && dns.is_some_and(|vpc| !(vpc.dns_support && vpc.dns_hostnames)) {
                let reason = format!(
                    "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames \
                     VPC attributes set to true for {vpc}"
                );
                return refuse(name, "InvalidParameter", reason);
            }
            let named = |other: &Endpoint| {
                matches!(other, Endpoint::Interface { private_dns: true, .. })
                    && (other.vpc(), other.service()) == (vpc, service)
            };
            if *private_dns && self.network.endpoints.values().take(at).any(named) {
                let reason = format!(
                    "private-dns-enabled cannot be set because there is already a conflicting DNS \
                     domain for {service} in the VPC {vpc}"
                );
                return refuse(name, "InvalidParameter", reason);
            }
            let beyond = self.groups_per_interface(name, security_groups.len());
            if beyond.is_some() {
                return beyond;
            }
        }
        None
    }

    fn groups_per_interface(&self, name: &str, count: usize) -> Option<Rejection> {
        let error = "SecurityGroupsPerInterfaceLimitExceeded";
        let what = "security groups per interface";
        self.beyond(name, count, "vpc.security_groups_per_interface", error, what)
    }

    /// The first subnet that stands in another VPC.
    fn elsewhere<'a>(&self, subnets: &'a [String], vpc: &str) -> Option<&'a str> {
        let outside = |name: &&String| {
            self.network.subnets.get(*name).is_some_and(|subnet| subnet.vpc != vpc)
        };
        subnets.iter().find(outside).map(String::as_str)
    }

    /// The first security group of another VPC.
    fn foreign<'a>(&self, groups: &'a [String], vpc: &str) -> Option<&'a str> {
        let outside = |name: &&String| {
            self.network.security_groups.get(*name).is_some_and(|group| group.vpc != vpc)
        };
        groups.iter().find(outside).map(String::as_str)
    }

    fn zones(&self, subnets: &[String]) -> Vec<&str> {
        let subnets = subnets.iter().filter_map(|name| self.network.subnets.get(name));
        subnets.map(|subnet| subnet.availability_zone.as_str()).collect()
    }

    fn repeated_zone(&self, subnets: &[String]) -> Option<String> {
        let mut seen = BTreeSet::new();
        self.zones(subnets).into_iter().find(|zone| !seen.insert(*zone)).map(str::to_owned)
    }

    fn node(&self, node: &Node) -> Option<Rejection> {
        if node.kind == NodeKind::Proxy && node.public {
            let reason = "Encountered unsupported property PubliclyAccessible: RDS Proxy can't be \
                          publicly accessible";
            return refuse(&node.name, "ValidationError", reason.to_owned());
        }
        let first = node.subnets.first().and_then(|name| self.network.subnets.get(name));
        let Some(vpc) = first.map(|subnet| subnet.vpc.as_str()) else {
            let stray = node.kind == NodeKind::Function && !node.security_groups.is_empty();
            let reason = "SubnetIds and SecurityIds must coexist or be both empty list.";
            return stray
                .then(|| refuse(&node.name, "InvalidParameterValueException", reason.to_owned()))
                .flatten();
        };
        let (elsewhere, foreign) =
            (self.elsewhere(&node.subnets, vpc), self.foreign(&node.security_groups, vpc));
        match node.kind {
            NodeKind::Function => self.function(node, vpc, elsewhere.or(foreign)),
            NodeKind::Database => self.database(node, vpc, elsewhere, foreign),
            NodeKind::Proxy => self.proxy(node, vpc, elsewhere, foreign),
            NodeKind::Instance | NodeKind::Task => {
                let other = elsewhere.or(foreign).and_then(|other| {
                    let reason = format!("{other} does not belong to {vpc}");
                    refuse(&node.name, "InvalidParameter", reason)
                });
                other.or_else(|| self.groups_per_interface(&node.name, node.security_groups.len()))
            }
            NodeKind::InterfaceEndpoint | NodeKind::Service | NodeKind::Internet => None,
        }
    }

    fn function(&self, node: &Node, vpc: &str, other: Option<&str>) -> Option<Rejection> {
        const ERROR: &str = "InvalidParameterValueException";
        if node.security_groups.is_empty() {
            let reason = "SubnetIds and SecurityIds must coexist or be both empty list.";
            return refuse(&node.name, ERROR, reason.to_owned());
        }
        if let Some(other) = other {
            let reason = format!(
                "Subnets and security groups of a function belong to one VPC: {other} is not in \
                 {vpc}"
            );
            return refuse(&node.name, ERROR, reason);
        }
        for (member, count, quota) in [
            ("vpcConfig.subnetIds", node.subnets.len(), "lambda.vpc_subnets_max"),
            (
                "vpcConfig.securityGroupIds",
                node.security_groups.len(),
                "lambda.vpc_security_groups_max",
            ),
        ] {
            let most = self.reader.count(quota);
            if count as u64 > most {
                let reason = format!(
                    "Value at '{member}' failed to satisfy constraint: Member must have length \
                     less than or equal to {most}"
                );
                return refuse(&node.name, "ValidationException", reason);
            }
        }
        None
    }

    fn database(
        &self,
        node: &Node,
        vpc: &str,
        elsewhere: Option<&str>,
        foreign: Option<&str>,
    ) -> Option<Rejection> {
        if let Some(subnet) = elsewhere {
            let reason =
                format!("The subnets of a subnet group are in one VPC: {subnet} is not in {vpc}");
            return refuse(&node.name, "InvalidSubnet", reason);
        }
        let zones: BTreeSet<&str> = self.zones(&node.subnets).into_iter().collect();
        let least = self.reader.count("rds.subnet_group_zones_min");
        if (zones.len() as u64) < least {
            let covered: Vec<&str> = zones.into_iter().collect();
            let reason = format!(
                "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. \
                 Current AZ coverage: {}. Add subnets to cover at least {least} AZs.",
                covered.join(", ")
            );
            return refuse(&node.name, "DBSubnetGroupDoesNotCoverEnoughAZs", reason);
        }
        if let Some(group) = foreign {
            let reason = format!("The security group {group} is not in {vpc}");
            return refuse(&node.name, "InvalidVPCNetworkStateFault", reason);
        }
        let mut gateways = self.network.internet_gateways.values();
        if node.public && !gateways.any(|gateway| gateway.vpc.as_deref() == Some(vpc)) {
            let reason = "Cannot create a publicly accessible DBInstance. The specified VPC has no \
                          internet gateway attached. Update the VPC and then try again";
            return refuse(&node.name, "InvalidVPCNetworkStateFault", reason.to_owned());
        }
        None
    }

    fn proxy(
        &self,
        node: &Node,
        vpc: &str,
        elsewhere: Option<&str>,
        foreign: Option<&str>,
    ) -> Option<Rejection> {
        if let Some(subnet) = elsewhere {
            let reason = format!("The subnets of a proxy are in one VPC: {subnet} is not in {vpc}");
            return refuse(&node.name, "InvalidSubnet", reason);
        }
        let zones: BTreeSet<&str> = self.zones(&node.subnets).into_iter().collect();
        let least = self.reader.count("rds_proxy.zones_min");
        if (zones.len() as u64) < least {
            let reason = format!(
                "The subnets of a proxy cover at least {least} Availability Zones: {} covered",
                zones.len()
            );
            return refuse(&node.name, "InvalidSubnet", reason);
        }
        if let Some(group) = foreign {
            let reason = format!("The security group {group} is not in {vpc}");
            return refuse(&node.name, "InvalidParameterValue", reason);
        }
        if self.network.vpcs.get(vpc).is_some_and(|vpc| vpc.dedicated_tenancy) {
            let reason = format!("RDS Proxy can't be used with dedicated tenancy, which {vpc} has");
            return refuse(&node.name, "InvalidSubnet", reason);
        }
        None
    }
}

/// Two blocks of a list that overlap.
fn overlap(list: &[Cidr]) -> Option<(Cidr, Cidr)> {
    list.iter().enumerate().find_map(|(at, &second)| {
        let first = list.iter().take(at).find(|first| first.overlaps(second))?;
        Some((*first, second))
    })
}

/// A block of each list that overlap.
fn crossing(own: &[Cidr], other: &[Cidr]) -> Option<(Cidr, Cidr)> {
    own.iter().find_map(|&a| other.iter().find(|b| b.overlaps(a)).map(|&b| (a, b)))
}
