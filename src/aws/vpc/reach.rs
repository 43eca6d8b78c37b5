//! The search for a path: out of the source, through the network, into the target.

use crate::aws::reader::Reader;
use crate::aws::vpc::address::{Cidr, Ports};
use crate::aws::vpc::firewall::group_names;
use crate::aws::vpc::network::{Endpoint, Network, Node, NodeKind, Resolver};
use crate::aws::vpc::routing::{endpoints, peering_between, table_of, vpc_of};
use crate::aws::vpc::verdict::{Direction, Failure, Hop, Path, Remote, Verdict};

/// What the search takes from the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The ports that answers go to, which a network ACL must let through.
    pub answer_ports: Ports,
}

impl Rules {
    /// The rules of the catalogue.
    pub fn new(reader: &Reader<'_>) -> Self {
        let port = |name| u16::try_from(reader.count(name)).unwrap_or(u16::MAX);
        let (from, to) = (port("vpc.answer_port_first"), port("vpc.answer_port_last"));
        Self { answer_ports: Ports { from, to } }
    }
}

/// Looks for a path from one node to a port of another, for each pair of their subnets.
///
/// Checks come in the order in which a packet meets them: the name that is called, the source's
/// security groups, the network ACL and route of its subnet, gateways, then the same at the other
/// end. The first that refuses is the reason.
pub fn reach(network: &Network, from: &Node, to: &Node, port: u16, rules: Rules) -> Verdict {
    let search = Search { network, from, to, port, rules };
    let sources: Vec<Option<&str>> = if from.subnets.is_empty() {
        vec![None]
    } else {
        from.subnets.iter().map(|subnet| Some(subnet.as_str())).collect()
    };
    let paths = sources.into_iter().flat_map(|subnet| search.paths_from(subnet)).collect();
    Verdict { from: from.name.clone(), to: to.name.clone(), port, paths }
}

/// A search from one node to another.
pub(super) struct Search<'a> {
    pub(super) network: &'a Network,
    pub(super) from: &'a Node,
    pub(super) to: &'a Node,
    pub(super) port: u16,
    pub(super) rules: Rules,
}

/// A path in the making: what was passed, and what goes wrong.
pub(super) type Walk = Result<(), Failure>;

/// A network interface with its security groups.
#[derive(Clone, Copy)]
pub(super) struct Interface<'a> {
    pub(super) node: &'a str,
    pub(super) subnet: &'a str,
    pub(super) groups: &'a [String],
}

impl<'a> Search<'a> {
    /// The paths from one subnet of the source, or from outside any VPC.
    fn paths_from(&self, subnet: Option<&'a str>) -> Vec<Path> {
        let targets = self.target_interfaces(subnet);
        if targets.is_empty() {
            let hops = &mut Vec::new();
            let result = self.begin(subnet, hops).and_then(|()| self.to_outside(subnet, hops));
            return vec![path(subnet, None, std::mem::take(hops), result)];
        }
        let to_target = |target: Interface<'a>| {
            let hops = &mut Vec::new();
            let result =
                self.begin(subnet, hops).and_then(|()| self.to_interface(subnet, target, hops));
            path(subnet, Some(target.subnet), std::mem::take(hops), result)
        };
        targets.into_iter().map(to_target).collect()
    }

    /// The network interfaces that the name of the target leads to from a subnet; none for the
    /// public addresses of a service or of the Internet.
    fn target_interfaces(&self, subnet: Option<&str>) -> Vec<Interface<'a>> {
        let endpoint = match self.to.kind {
            NodeKind::Service => subnet.and_then(|subnet| self.private_endpoint(subnet)),
            NodeKind::InterfaceEndpoint => {
                self.network.endpoints.get_key_value(&self.to.name).map(|(n, e)| (n.as_str(), e))
            }
            NodeKind::Internet | NodeKind::Function => return Vec::new(),
            _ => {
                let interface = |subnet: &'a String| Interface {
                    node: &self.to.name,
                    subnet,
                    groups: &self.to.security_groups,
                };
                return self.to.subnets.iter().map(interface).collect();
            }
        };
        let Some((node, Endpoint::Interface { subnets, security_groups: groups, .. })) = endpoint
        else {
            return Vec::new();
        };
        subnets.iter().map(|subnet| Interface { node, subnet, groups }).collect()
    }

    /// The interface endpoint that the ordinary name of the service leads to from a subnet.
    fn private_endpoint(&self, subnet: &str) -> Option<(&'a str, &'a Endpoint)> {
        if self.from.resolver == Resolver::Public {
            return None;
        }
        let vpc = vpc_of(self.network, subnet)?;
        let named =
            |endpoint: &Endpoint| matches!(endpoint, Endpoint::Interface { private_dns: true, .. });
        endpoints(self.network, vpc, &self.to.name).find(|(_, endpoint)| named(endpoint))
    }

    /// The first hop: the source's network interface, or Lambda's own network.
    fn begin(&self, subnet: Option<&str>, hops: &mut Vec<Hop>) -> Walk {
        match (subnet, self.from.kind) {
            (Some(subnet), _) => {
                hops.push(self.interface_hop(self.source(subnet)));
                Ok(())
            }
            (None, NodeKind::Function) => {
                hops.push(Hop::LambdaNetwork { function: self.from.name.clone() });
                Ok(())
            }
            (None, NodeKind::Internet) => {
                hops.push(Hop::Internet);
                Ok(())
            }
            (None, NodeKind::Service) => {
                hops.push(Hop::Service { service: self.from.name.clone() });
                Ok(())
            }
            (None, _) => Err(Failure::NotInVpc { target: self.from.name.clone() }),
        }
    }

    pub(super) fn source<'b>(&'b self, subnet: &'b str) -> Interface<'b> {
        Interface { node: &self.from.name, subnet, groups: &self.from.security_groups }
    }

    pub(super) fn interface_hop(&self, interface: Interface<'_>) -> Hop {
        let zone = self.network.subnets.get(interface.subnet);
        Hop::NetworkInterface {
            node: interface.node.to_owned(),
            subnet: interface.subnet.to_owned(),
            availability_zone: zone.map(|s| s.availability_zone.clone()).unwrap_or_default(),
            security_groups: group_names(interface.groups),
        }
    }

    /// How the other side sees a network interface by its private address.
    pub(super) fn private(&self, interface: Interface<'_>) -> Remote {
        let subnet = self.network.subnets.get(interface.subnet);
        Remote::Private {
            cidr: subnet.map_or(Cidr::EVERYWHERE, |subnet| subnet.cidr),
            vpc: subnet.map(|subnet| subnet.vpc.clone()).unwrap_or_default(),
            security_groups: interface.groups.to_vec(),
        }
    }

    /// To a network interface, by its private address where the source can, else its public one.
    fn to_interface(
        &self,
        subnet: Option<&str>,
        target: Interface<'_>,
        hops: &mut Vec<Hop>,
    ) -> Walk {
        let target_vpc = vpc_of(self.network, target.subnet).unwrap_or_default();
        let Some(subnet) = subnet else {
            let address = self.from.address;
            return self.enter_public(Remote::Public(address), target, hops);
        };
        let vpc = vpc_of(self.network, subnet).unwrap_or_default();
        let peering = peering_between(self.network, vpc, target_vpc);
        let by_private_name = peering.is_some_and(|(_, peering)| peering.dns_resolution);
        if vpc != target_vpc && self.to.has_public_address() && !by_private_name {
            let destination = Remote::Public(None);
            let seen = self.out_to_internet(subnet, &destination, hops)?;
            return self.enter_public(seen, target, hops);
        }
        let remote = self.private(target);
        self.leave_group(subnet, &remote, hops)?;
        // A network ACL stands at the border of a subnet, not within it.
        let leaves = subnet != target.subnet;
        if leaves {
            self.cross(subnet, Direction::Egress, &remote, hops)?;
        }
        if vpc == target_vpc {
            self.local_route(subnet, target.subnet, hops);
        } else {
            self.over_peering((subnet, vpc), (target.subnet, target_vpc), hops)?;
        }
        let source = self.private(self.source(subnet));
        if leaves {
            self.cross(target.subnet, Direction::Ingress, &source, hops)?;
        }
        self.enter_group(target, source, hops)
    }

    pub(super) fn cidr(&self, subnet: &str) -> Cidr {
        self.network.subnets.get(subnet).map_or(Cidr::EVERYWHERE, |subnet| subnet.cidr)
    }

    /// To the public addresses of a service or of the Internet, or to what has none.
    fn to_outside(&self, subnet: Option<&str>, hops: &mut Vec<Hop>) -> Walk {
        let name = || self.to.name.clone();
        let end = match self.to.kind {
            NodeKind::Service => Hop::Service { service: name() },
            NodeKind::Internet => Hop::Internet,
            NodeKind::Function => return Err(Failure::NotListening { function: name() }),
            _ => return Err(Failure::NotInVpc { target: name() }),
        };
        if let Some(subnet) = subnet {
            if self.to.kind == NodeKind::Service {
                self.out_to_service(subnet, hops)?;
            } else {
                self.out_to_internet(subnet, &Remote::Public(self.to.address), hops)?;
            }
        }
        hops.push(end);
        Ok(())
    }

    /// Out of a subnet to the public addresses of a service: through a gateway endpoint that
    /// stands in the subnet's route table, else as to any host on the Internet.
    fn out_to_service(&self, subnet: &str, hops: &mut Vec<Hop>) -> Walk {
        let vpc = vpc_of(self.network, subnet).unwrap_or_default();
        let (table, _) = table_of(self.network, subnet);
        let service = self.to.name.as_str();
        let remote = Remote::Service(service.to_owned());
        let routed = endpoints(self.network, vpc, service).find(|(_, endpoint)| {
            matches!(endpoint, Endpoint::Gateway { route_tables, .. }
                if route_tables.iter().any(|listed| listed == table))
        });
        if let Some((endpoint, _)) = routed {
            self.leave_group(subnet, &remote, hops)?;
            self.cross(subnet, Direction::Egress, &remote, hops)?;
            hops.push(Hop::Route {
                subnet: subnet.to_owned(),
                route_table: table.to_owned(),
                destination: None,
                through: Some(endpoint.to_owned()),
            });
            hops.push(Hop::GatewayEndpoint { endpoint: endpoint.to_owned() });
            return Ok(());
        }
        let result = self.out_to_internet(subnet, &remote, hops).map(|_| ());
        result.map_err(|failure| match failure {
            Failure::NoRoute { .. } => self.without_endpoint(subnet, vpc),
            other => other,
        })
    }

    /// Why a service can't be reached from a subnet that has no way to the Internet.
    fn without_endpoint(&self, subnet: &str, vpc: &str) -> Failure {
        let (table, _) = table_of(self.network, subnet);
        let service = &self.to.name;
        let mut reasons = endpoints(self.network, vpc, service).map(|(name, endpoint)| {
            let endpoint_name = name.to_owned();
            match endpoint {
                Endpoint::Interface { private_dns: true, .. } => Failure::CustomDnsResolution {
                    database: self.from.name.clone(),
                    endpoint: endpoint_name,
                },
                Endpoint::Interface { .. } => {
                    Failure::PrivateDnsOff { endpoint: endpoint_name, service: service.clone() }
                }
                Endpoint::Gateway { .. } => Failure::GatewayEndpointNotRouted {
                    endpoint: endpoint_name,
                    subnet: subnet.to_owned(),
                    route_table: table.to_owned(),
                },
            }
        });
        reasons.next().unwrap_or_else(|| Failure::NoEndpoint {
            service: service.clone(),
            subnet: subnet.to_owned(),
            route_table: table.to_owned(),
        })
    }
}

/// The path that a walk has made.
fn path(from: Option<&str>, to: Option<&str>, hops: Vec<Hop>, walk: Walk) -> Path {
    Path {
        from_subnet: from.map(str::to_owned),
        to_subnet: to.map(str::to_owned),
        hops,
        failure: walk.err(),
    }
}
