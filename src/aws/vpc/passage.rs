//! The stretches that paths are made of: out of a group, over gateways and peerings, into a group.

use crate::aws::vpc::address::Cidr;
use crate::aws::vpc::firewall::{Crossing, admitting_group, cidr_of, cross, group_names};
use crate::aws::vpc::network::{NodeKind, RouteTarget};
use crate::aws::vpc::reach::{Interface, Search, Walk};
use crate::aws::vpc::routing::{
    Chosen, internet_gateway, is_attached, other_side, peering_between, route, table_of, vpc_of,
};
use crate::aws::vpc::verdict::{Denied, Direction, Failure, Hop, Remote};

impl Search<'_> {
    /// Past the source's security groups.
    pub(super) fn leave_group(&self, subnet: &str, remote: &Remote, hops: &mut Vec<Hop>) -> Walk {
        let vpc = vpc_of(self.network, subnet).unwrap_or_default();
        let groups = &self.from.security_groups;
        let direction = Direction::Egress;
        match admitting_group(self.network, vpc, groups, direction, self.port, remote) {
            Some(security_group) => {
                hops.push(Hop::SecurityGroup { security_group, direction });
                Ok(())
            }
            None => Err(Failure::EgressDenied(Box::new(Denied {
                node: self.from.name.clone(),
                security_groups: group_names(groups),
                port: self.port,
                other: self.to.name.clone(),
                remote: remote.clone(),
            }))),
        }
    }

    /// Past the target's security groups, and there.
    pub(super) fn enter_group(
        &self,
        target: Interface<'_>,
        remote: Remote,
        hops: &mut Vec<Hop>,
    ) -> Walk {
        let vpc = vpc_of(self.network, target.subnet).unwrap_or_default();
        let direction = Direction::Ingress;
        let admitting =
            admitting_group(self.network, vpc, target.groups, direction, self.port, &remote);
        let Some(security_group) = admitting else {
            return Err(Failure::IngressDenied(Box::new(Denied {
                node: target.node.to_owned(),
                security_groups: group_names(target.groups),
                port: self.port,
                other: self.from.name.clone(),
                remote,
            })));
        };
        hops.push(Hop::SecurityGroup { security_group, direction });
        hops.push(self.interface_hop(target));
        let endpoint = || Hop::InterfaceEndpoint { endpoint: target.node.to_owned() };
        match self.to.kind {
            NodeKind::InterfaceEndpoint => hops.push(endpoint()),
            NodeKind::Service => {
                hops.push(endpoint());
                hops.push(Hop::Service { service: self.to.name.clone() });
            }
            _ => {}
        }
        Ok(())
    }

    /// Over the border of a subnet.
    pub(super) fn cross(
        &self,
        subnet: &str,
        direction: Direction,
        remote: &Remote,
        hops: &mut Vec<Hop>,
    ) -> Walk {
        let crossing = Crossing { subnet, direction, port: self.port, remote };
        cross(self.network, crossing, self.rules.answer_ports, hops)
    }

    /// The hop of a route that was chosen.
    fn route_hop(&self, subnet: &str, chosen: &Chosen<'_>) -> Hop {
        let through = chosen.target.map(|target| match target {
            RouteTarget::InternetGateway(name)
            | RouteTarget::NatGateway(name)
            | RouteTarget::Peering(name) => name.clone(),
        });
        Hop::Route {
            subnet: subnet.to_owned(),
            route_table: table_of(self.network, subnet).0.to_owned(),
            destination: Some(chosen.destination),
            through,
        }
    }

    /// From a subnet to another of the same VPC.
    pub(super) fn local_route(&self, subnet: &str, to: &str, hops: &mut Vec<Hop>) {
        if let Some(chosen) = route(self.network, subnet, self.cidr(to)) {
            hops.push(self.route_hop(subnet, &chosen));
        }
    }

    /// From a subnet to one of another VPC, and the way back. Both come with their VPCs.
    pub(super) fn over_peering(
        &self,
        (subnet, vpc): (&str, &str),
        (target, target_vpc): (&str, &str),
        hops: &mut Vec<Hop>,
    ) -> Walk {
        let destination = self.cidr(target);
        let chosen = route(self.network, subnet, destination);
        if let Some(chosen) = &chosen
            && let Some(RouteTarget::Peering(name)) = chosen.target
        {
            let peering = self.network.peerings.get(name);
            let Some(through) = peering.and_then(|peering| other_side(peering, vpc)) else {
                return Err(self.blackhole(subnet, name));
            };
            if through != target_vpc {
                return Err(Failure::TransitivePeering {
                    peering: name.clone(),
                    through: through.to_owned(),
                    to: target_vpc.to_owned(),
                });
            }
            hops.push(self.route_hop(subnet, chosen));
            hops.push(Hop::Peering { peering: name.clone() });
            return self.way_back((subnet, vpc), (target, target_vpc));
        }
        match peering_between(self.network, vpc, target_vpc) {
            None => Err(Failure::DifferentVpcs { from: vpc.to_owned(), to: target_vpc.to_owned() }),
            Some((peering, _)) => Err(self.without_route(peering, subnet, destination)),
        }
    }

    /// The route of answers over a peering.
    fn way_back(&self, (subnet, vpc): (&str, &str), (target, target_vpc): (&str, &str)) -> Walk {
        let destination = self.cidr(subnet);
        let back = route(self.network, target, destination);
        let leads_back = back.and_then(|chosen| chosen.target).is_some_and(|through| {
            let RouteTarget::Peering(name) = through else { return false };
            let peering = self.network.peerings.get(name);
            peering.and_then(|peering| other_side(peering, target_vpc)) == Some(vpc)
        });
        if leads_back {
            return Ok(());
        }
        let peering = peering_between(self.network, vpc, target_vpc);
        let peering = peering.map(|(name, _)| name).unwrap_or_default();
        Err(self.without_route(peering, target, destination))
    }

    fn without_route(&self, peering: &str, subnet: &str, destination: Cidr) -> Failure {
        Failure::PeeringWithoutRoute {
            peering: peering.to_owned(),
            subnet: subnet.to_owned(),
            route_table: table_of(self.network, subnet).0.to_owned(),
            destination,
        }
    }

    fn blackhole(&self, subnet: &str, through: &str) -> Failure {
        Failure::Blackhole {
            subnet: subnet.to_owned(),
            route_table: table_of(self.network, subnet).0.to_owned(),
            through: through.to_owned(),
        }
    }

    /// Out of a subnet to public addresses. Gives the source as the other end sees it.
    pub(super) fn out_to_internet(
        &self,
        subnet: &str,
        remote: &Remote,
        hops: &mut Vec<Hop>,
    ) -> Result<Remote, Failure> {
        self.leave_group(subnet, remote, hops)?;
        self.cross(subnet, Direction::Egress, remote, hops)?;
        let destination = cidr_of(remote);
        let chosen = route(self.network, subnet, destination);
        let Some((chosen, target)) = chosen.and_then(|chosen| chosen.target.map(|t| (chosen, t)))
        else {
            return Err(Failure::NoRoute {
                subnet: subnet.to_owned(),
                route_table: table_of(self.network, subnet).0.to_owned(),
                destination,
            });
        };
        hops.push(self.route_hop(subnet, &chosen));
        match target {
            RouteTarget::Peering(peering) => Err(Failure::EdgeToEdge { peering: peering.clone() }),
            RouteTarget::InternetGateway(name) => {
                self.check_gateway(subnet, name)?;
                if !self.from.has_public_address() {
                    return Err(Failure::NoPublicAddress {
                        source: self.from.name.clone(),
                        subnet: subnet.to_owned(),
                        internet_gateway: name.clone(),
                    });
                }
                hops.push(Hop::InternetGateway { internet_gateway: name.clone() });
                Ok(Remote::Public(None))
            }
            RouteTarget::NatGateway(name) => self.through_nat(subnet, name, remote, hops),
        }
    }

    /// Whether the Internet gateway of a subnet's route is there and attached to its VPC.
    fn check_gateway(&self, subnet: &str, gateway: &str) -> Walk {
        if !self.network.internet_gateways.contains_key(gateway) {
            return Err(self.blackhole(subnet, gateway));
        }
        let vpc = vpc_of(self.network, subnet).unwrap_or_default();
        if is_attached(self.network, gateway, vpc) {
            return Ok(());
        }
        Err(Failure::InternetGatewayDetached {
            internet_gateway: gateway.to_owned(),
            vpc: vpc.to_owned(),
        })
    }

    /// Through a NAT gateway and the Internet gateway behind it.
    fn through_nat(
        &self,
        subnet: &str,
        name: &str,
        remote: &Remote,
        hops: &mut Vec<Hop>,
    ) -> Result<Remote, Failure> {
        let Some(nat) = self.network.nat_gateways.get(name) else {
            return Err(self.blackhole(subnet, name));
        };
        if nat.subnet != subnet {
            let source = self.private(self.source(subnet));
            self.cross(&nat.subnet, Direction::Ingress, &source, hops)?;
        }
        hops.push(Hop::NatGateway { nat_gateway: name.to_owned(), subnet: nat.subnet.clone() });
        let Some(gateway) = internet_gateway(self.network, &nat.subnet, cidr_of(remote)) else {
            return Err(Failure::NatInPrivateSubnet {
                nat_gateway: name.to_owned(),
                subnet: nat.subnet.clone(),
                route_table: table_of(self.network, &nat.subnet).0.to_owned(),
            });
        };
        self.check_gateway(&nat.subnet, gateway)?;
        self.cross(&nat.subnet, Direction::Egress, remote, hops)?;
        hops.push(Hop::InternetGateway { internet_gateway: gateway.to_owned() });
        Ok(Remote::Public(nat.elastic_ip.map(Cidr::host)))
    }

    /// From the Internet to a public address.
    pub(super) fn enter_public(
        &self,
        seen: Remote,
        target: Interface<'_>,
        hops: &mut Vec<Hop>,
    ) -> Walk {
        let name = || target.node.to_owned();
        if !self.to.has_public_address() {
            let outside_vpc = self.from.kind == NodeKind::Function && self.from.subnets.is_empty();
            return Err(if outside_vpc {
                Failure::FunctionNotInVpc { function: self.from.name.clone(), target: name() }
            } else if self.to.kind == NodeKind::Proxy {
                Failure::ProxyNotPublic { proxy: name() }
            } else {
                Failure::TargetNotPublic { target: name() }
            });
        }
        // The way back leads through the gateway, too; without that route it can't come in.
        let gateway = internet_gateway(self.network, target.subnet, cidr_of(&seen));
        let Some(gateway) = gateway else {
            return Err(Failure::PublicInPrivateSubnet {
                target: name(),
                subnet: target.subnet.to_owned(),
                route_table: table_of(self.network, target.subnet).0.to_owned(),
            });
        };
        self.check_gateway(target.subnet, gateway)?;
        hops.push(Hop::InternetGateway { internet_gateway: gateway.to_owned() });
        self.cross(target.subnet, Direction::Ingress, &seen, hops)?;
        self.enter_group(target, seen, hops)
    }
}
