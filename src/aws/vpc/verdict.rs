//! What a search for a path gives: the hops, and why the first one that fails does.

use serde::{Deserialize, Serialize};

use crate::aws::vpc::address::{Cidr, Ports};

/// Whether a connection comes about, from each subnet of its source to each of its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The name of what connects.
    pub from: String,
    /// The name of what is connected to.
    pub to: String,
    /// The port.
    pub port: u16,
    /// A path for each pair of subnets, those of one source subnet together; never empty.
    pub paths: Vec<Path>,
}

/// In how many of the pairs of subnets a connection comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reachable {
    /// In all.
    Always,
    /// In some: it depends on the subnet whether a call works.
    Sometimes,
    /// In none.
    Never,
}

impl Verdict {
    /// In how many of the pairs of subnets a connection comes about.
    pub fn reachable(&self) -> Reachable {
        let works = self.paths.iter().filter(|path| path.failure.is_none()).count();
        match works {
            0 => Reachable::Never,
            some if some < self.paths.len() => Reachable::Sometimes,
            _ => Reachable::Always,
        }
    }

    /// The path to tell of: the first that fails, else the first.
    pub fn path(&self) -> Option<&Path> {
        self.paths.iter().find(|path| path.failure.is_some()).or_else(|| self.paths.first())
    }

    /// Forgets the hops of all paths but the one to tell of.
    pub fn forget_other_hops(&mut self) {
        let told = self.paths.iter().position(|path| path.failure.is_some()).unwrap_or(0);
        for (at, path) in self.paths.iter_mut().enumerate() {
            if at != told {
                path.hops = Vec::new();
            }
        }
    }

    /// Why the path to tell of fails.
    pub fn failure(&self) -> Option<&Failure> {
        self.path().and_then(|path| path.failure.as_ref())
    }
}

/// One way from a subnet to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// The subnet of the source's network interface, if it has one.
    pub from_subnet: Option<String>,
    /// The subnet of the target's network interface, if it has one.
    pub to_subnet: Option<String>,
    /// What is passed in order, up to where it fails.
    pub hops: Vec<Hop>,
    /// Why it goes no further.
    pub failure: Option<Failure>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hop {
    /// A network interface of a node.
    NetworkInterface {
        /// The node.
        node: String,
        /// Its subnet.
        subnet: String,
        /// The Availability Zone.
        availability_zone: String,
        /// Its security groups.
        security_groups: Vec<String>,
    },
    /// Lambda's own network, for a function that isn't attached to a VPC.
    LambdaNetwork {
        /// The function.
        function: String,
    },
    /// A security group lets it out or in.
    SecurityGroup {
        /// The group whose rule fits.
        security_group: String,
        /// Which of its lists.
        direction: Direction,
    },
    /// A network ACL lets it through, there and back.
    NetworkAcl {
        /// The ACL.
        network_acl: String,
        /// The subnet.
        subnet: String,
    },
    /// A route is chosen.
    Route {
        /// The subnet.
        subnet: String,
        /// Its route table.
        route_table: String,
        /// The route's destination; `None` for the addresses of a gateway endpoint's service.
        destination: Option<Cidr>,
        /// What it leads through; `None` within the VPC.
        through: Option<String>,
    },
    /// A NAT gateway gives it a public address.
    NatGateway {
        /// The gateway.
        nat_gateway: String,
        /// The subnet that it stands in.
        subnet: String,
    },
    /// An Internet gateway lets it out or in.
    InternetGateway {
        /// The gateway.
        internet_gateway: String,
    },
    /// A peering connection takes it to the other VPC.
    Peering {
        /// The connection.
        peering: String,
    },
    /// A gateway endpoint takes it to its service.
    GatewayEndpoint {
        /// The endpoint.
        endpoint: String,
    },
    /// An interface endpoint takes it to its service.
    InterfaceEndpoint {
        /// The endpoint.
        endpoint: String,
    },
    /// The Internet.
    Internet,
    /// The service itself.
    Service {
        /// Its name.
        service: String,
    },
}

/// Which way a rule looks at traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Out of the network interface or the subnet.
    Egress,
    /// Into it.
    Ingress,
}

/// Who is at the other end, as a rule sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remote {
    /// Private addresses, with the security groups of the network interface.
    Private {
        /// The block of the subnet.
        cidr: Cidr,
        /// The VPC.
        vpc: String,
        /// The groups; the VPC's default one when empty.
        security_groups: Vec<String>,
    },
    /// A public address; `None` when it isn't known, so that only a rule for all addresses fits.
    Public(Option<Cidr>),
    /// The public addresses of a service.
    Service(String),
}

/// Security groups that have no rule for a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denied {
    /// What the groups belong to.
    pub node: String,
    /// The groups.
    pub security_groups: Vec<String>,
    /// The port of the target.
    pub port: u16,
    /// What is at the other end.
    pub other: String,
    /// How the rules see the other end.
    pub remote: Remote,
}

/// Why a connection doesn't come about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The target accepts no connections: a function is invoked through Lambda's API.
    NotListening {
        /// The function.
        function: String,
    },
    /// The target has no subnets.
    NotInVpc {
        /// The target.
        target: String,
    },
    /// The function isn't attached to a VPC, and the target has private addresses only.
    FunctionNotInVpc {
        /// The function.
        function: String,
        /// The target.
        target: String,
    },
    /// RDS Proxy has no public access.
    ProxyNotPublic {
        /// The proxy.
        proxy: String,
    },
    /// The target has no public address.
    TargetNotPublic {
        /// The target.
        target: String,
    },
    /// The target has a public address, but its subnet has no route to an Internet gateway.
    PublicInPrivateSubnet {
        /// The target.
        target: String,
        /// Its subnet.
        subnet: String,
        /// The subnet's route table.
        route_table: String,
    },
    /// No route leads there.
    NoRoute {
        /// The subnet.
        subnet: String,
        /// Its route table.
        route_table: String,
        /// Where to.
        destination: Cidr,
    },
    /// The route leads to an Internet gateway, but the source has no public address.
    NoPublicAddress {
        /// The source.
        source: String,
        /// Its subnet.
        subnet: String,
        /// The gateway.
        internet_gateway: String,
    },
    /// The Internet gateway isn't attached to this VPC.
    InternetGatewayDetached {
        /// The gateway.
        internet_gateway: String,
        /// The VPC.
        vpc: String,
    },
    /// The NAT gateway stands in a subnet without a route to an Internet gateway.
    NatInPrivateSubnet {
        /// The gateway.
        nat_gateway: String,
        /// The subnet that it stands in.
        subnet: String,
        /// That subnet's route table.
        route_table: String,
    },
    /// A route leads to a thing that doesn't exist.
    Blackhole {
        /// The subnet.
        subnet: String,
        /// Its route table.
        route_table: String,
        /// The missing thing.
        through: String,
    },
    /// No security group of the source lets it out.
    EgressDenied(Box<Denied>),
    /// No security group of the target lets it in.
    IngressDenied(Box<Denied>),
    /// A network ACL refuses it.
    AclDenied {
        /// The ACL.
        network_acl: String,
        /// The subnet.
        subnet: String,
        /// Which of its lists.
        direction: Direction,
        /// The ports: of the target, or, for the way back, those that sources use.
        ports: Ports,
        /// Whether it is the way back that fails.
        answer: bool,
        /// The number of the rule; `None` when no rule fits.
        rule: Option<u32>,
    },
    /// The two are in different VPCs that no peering joins.
    DifferentVpcs {
        /// The source's.
        from: String,
        /// The target's.
        to: String,
    },
    /// A peering exists, but a subnet has no route over it.
    PeeringWithoutRoute {
        /// The peering.
        peering: String,
        /// The subnet: the source's, or, for the way back, the target's.
        subnet: String,
        /// Its route table.
        route_table: String,
        /// Where the route would lead.
        destination: Cidr,
    },
    /// The route leads over a peering to a VPC from which a second peering would be needed.
    TransitivePeering {
        /// The first peering.
        peering: String,
        /// The VPC between.
        through: String,
        /// The target's.
        to: String,
    },
    /// The route leads over a peering to a gateway of the other VPC.
    EdgeToEdge {
        /// The peering.
        peering: String,
    },
    /// No endpoint for the service, and no way to the Internet.
    NoEndpoint {
        /// The service.
        service: String,
        /// The subnet.
        subnet: String,
        /// Its route table.
        route_table: String,
    },
    /// An interface endpoint exists whose private DNS is off, and there is no way to the Internet.
    PrivateDnsOff {
        /// The endpoint.
        endpoint: String,
        /// The service.
        service: String,
    },
    /// A gateway endpoint exists, but isn't in the subnet's route table.
    GatewayEndpointNotRouted {
        /// The endpoint.
        endpoint: String,
        /// The subnet.
        subnet: String,
        /// Its route table.
        route_table: String,
    },
    /// RDS for PostgreSQL doesn't see the endpoint's private name, unless
    /// `rds.custom_dns_resolution` is 1.
    CustomDnsResolution {
        /// The database.
        database: String,
        /// The endpoint.
        endpoint: String,
    },
}

impl Failure {
    /// The name under which expectations and data know the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotListening { .. } => "not_listening",
            Self::NotInVpc { .. } => "not_in_vpc",
            Self::FunctionNotInVpc { .. } => "function_not_in_vpc",
            Self::ProxyNotPublic { .. } => "proxy_not_public",
            Self::TargetNotPublic { .. } => "target_not_public",
            Self::PublicInPrivateSubnet { .. } => "public_in_private_subnet",
            Self::NoRoute { .. } => "no_route",
            Self::NoPublicAddress { .. } => "no_public_address",
            Self::InternetGatewayDetached { .. } => "internet_gateway_detached",
            Self::NatInPrivateSubnet { .. } => "nat_in_private_subnet",
            Self::Blackhole { .. } => "blackhole",
            Self::EgressDenied(_) => "egress_denied",
            Self::IngressDenied(_) => "ingress_denied",
            Self::AclDenied { .. } => "acl_denied",
            Self::DifferentVpcs { .. } => "different_vpcs",
            Self::PeeringWithoutRoute { .. } => "peering_without_route",
            Self::TransitivePeering { .. } => "transitive_peering",
            Self::EdgeToEdge { .. } => "edge_to_edge",
            Self::NoEndpoint { .. } => "no_endpoint",
            Self::PrivateDnsOff { .. } => "private_dns_off",
            Self::GatewayEndpointNotRouted { .. } => "gateway_endpoint_not_routed",
            Self::CustomDnsResolution { .. } => "custom_dns_resolution",
        }
    }
}
