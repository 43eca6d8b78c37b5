//! What a network is made of: the description that a path is looked for in.
//!
//! Things refer to each other by name, as AWS's do by id. A name that nothing has counts as a thing
//! that doesn't exist.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::aws::vpc::address::{Cidr, Ports};
use crate::aws::vpc::routing::table_of;

/// The services whose endpoints are gateways, entries in route tables. All others have interface
/// endpoints only.
pub const GATEWAY_ENDPOINT_SERVICES: [&str; 2] = ["s3", "dynamodb"];
/// The port of every AWS API.
pub const HTTPS_PORT: u16 = 443;
/// What the route table of a VPC is called that the author doesn't describe.
pub const MAIN_ROUTE_TABLE: &str = "main";
/// What the security group is called that a VPC comes with.
pub const DEFAULT_SECURITY_GROUP: &str = "default";

/// All VPCs of an account in a Region with what is in them, each kind in the author's order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// The VPCs.
    pub vpcs: IndexMap<String, Vpc>,
    /// The subnets.
    pub subnets: IndexMap<String, Subnet>,
    /// The route tables.
    pub route_tables: IndexMap<String, RouteTable>,
    /// The Internet gateways.
    pub internet_gateways: IndexMap<String, InternetGateway>,
    /// The NAT gateways.
    pub nat_gateways: IndexMap<String, NatGateway>,
    /// The peering connections.
    pub peerings: IndexMap<String, Peering>,
    /// The VPC endpoints.
    pub endpoints: IndexMap<String, Endpoint>,
    /// The security groups.
    pub security_groups: IndexMap<String, SecurityGroup>,
    /// The network ACLs.
    pub network_acls: IndexMap<String, NetworkAcl>,
}

impl Network {
    /// The route table of a subnet, its own or the main one of its VPC; `None` for the one that a
    /// VPC comes with, in which nothing but the route within the VPC stands.
    pub fn routes_of(&self, subnet: &str) -> Option<&RouteTable> {
        table_of(self, subnet).1
    }
}

/// A VPC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vpc {
    /// Its blocks of addresses, the primary one first.
    pub cidrs: Vec<Cidr>,
    /// Whether its instances run on hardware of their own, where RDS Proxy isn't to be had.
    pub dedicated_tenancy: bool,
    /// Whether its own resolver answers (`enableDnsSupport`).
    pub dns_support: bool,
    /// Whether it gives names to public addresses (`enableDnsHostnames`).
    pub dns_hostnames: bool,
}

/// A subnet. Whether it is public is a property of its route table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subnet {
    /// Its VPC.
    pub vpc: String,
    /// Its Availability Zone, for instance `ap-northeast-2a`.
    pub availability_zone: String,
    /// Its block of addresses.
    pub cidr: Cidr,
    /// Its route table; the main one of its VPC when `None`.
    pub route_table: Option<String>,
    /// Its network ACL; one that lets everything through when `None`.
    pub network_acl: Option<String>,
}

/// A route table. The route within the VPC is always there, and a gateway endpoint adds its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteTable {
    /// Its VPC.
    pub vpc: String,
    /// Whether subnets use it that name none.
    pub main: bool,
    /// The routes that were added.
    pub routes: Vec<Route>,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Where to.
    pub destination: Cidr,
    /// Through what.
    pub target: RouteTarget,
}

/// What a route leads through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RouteTarget {
    /// An Internet gateway.
    InternetGateway(String),
    /// A NAT gateway.
    NatGateway(String),
    /// A peering connection.
    Peering(String),
}

/// An Internet gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternetGateway {
    /// The VPC that it is attached to.
    pub vpc: Option<String>,
}

/// A public NAT gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatGateway {
    /// The subnet that it stands in.
    pub subnet: String,
    /// Its Elastic IP address, for rules of those who are called; unknown when `None`.
    pub elastic_ip: Option<Ipv4Addr>,
}

/// A peering connection of two VPCs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peering {
    /// The one that asked.
    pub requester: String,
    /// The other.
    pub accepter: String,
    /// Whether public names of the other side resolve to private addresses
    /// (`AllowDnsResolutionFromRemoteVpc`).
    pub dns_resolution: bool,
}

/// A VPC endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Endpoint {
    /// An entry in route tables.
    Gateway {
        /// Its VPC.
        vpc: String,
        /// The service, for instance `s3`.
        service: String,
        /// The route tables that it is in.
        route_tables: Vec<String>,
    },
    /// Network interfaces in subnets.
    Interface {
        /// Its VPC.
        vpc: String,
        /// The service, for instance `secretsmanager`.
        service: String,
        /// A subnet for each Availability Zone that it is in.
        subnets: Vec<String>,
        /// Its security groups; the VPC's default one when empty.
        security_groups: Vec<String>,
        /// Whether the service's ordinary name leads to it within the VPC.
        private_dns: bool,
    },
}

impl Endpoint {
    /// Its VPC.
    pub fn vpc(&self) -> &str {
        match self {
            Self::Gateway { vpc, .. } | Self::Interface { vpc, .. } => vpc,
        }
    }

    /// The service.
    pub fn service(&self) -> &str {
        match self {
            Self::Gateway { service, .. } | Self::Interface { service, .. } => service,
        }
    }
}

/// A security group. It is stateful: answers need no rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// Its VPC.
    pub vpc: String,
    /// What may come in.
    pub ingress: Vec<Rule>,
    /// What may go out.
    pub egress: Vec<Rule>,
}

/// What a security group lets through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The ports of the one who is called.
    pub ports: Ports,
    /// The other side.
    pub peer: Peer,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Peer {
    /// A block of addresses.
    Cidr(Cidr),
    /// Network interfaces with this security group, by their private addresses.
    SecurityGroup(String),
    /// The public addresses of a service that has a gateway endpoint (its prefix list).
    Service(String),
}

/// A network ACL. It is stateless: answers need a rule of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkAcl {
    /// Its VPC.
    pub vpc: String,
    /// Rules for what comes into the subnet.
    pub ingress: Vec<AclRule>,
    /// Rules for what leaves it.
    pub egress: Vec<AclRule>,
}

/// A rule of a network ACL. The one of the least number that fits decides; without one, no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AclRule {
    /// Its number.
    pub number: u32,
    /// Whether it allows.
    pub allow: bool,
    /// The addresses of the other side.
    pub cidr: Cidr,
    /// The ports of the one that the packets go to.
    pub ports: Ports,
}

/// Something that connects or is connected to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Its name; a service's as in an endpoint's, for instance `secretsmanager`.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// The subnets of its network interfaces. Of a function: none when it isn't attached to a VPC.
    pub subnets: Vec<String>,
    /// The security groups of its network interfaces; the VPC's default one when empty.
    pub security_groups: Vec<String>,
    /// Whether it asks for a public address; only some kinds can have one.
    pub public: bool,
    /// The address of a host on the Internet, if it matters.
    pub address: Option<Cidr>,
    /// Who resolves the names that it calls.
    pub resolver: Resolver,
}

impl Node {
    /// A node outside any VPC, without more.
    pub fn new(name: &str, kind: NodeKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            subnets: Vec::new(),
            security_groups: Vec::new(),
            public: false,
            address: None,
            resolver: Resolver::Vpc,
        }
    }

    /// Whether it has a public address of its own.
    pub fn has_public_address(&self) -> bool {
        let can = match self.kind {
            NodeKind::Instance | NodeKind::Task | NodeKind::Database => true,
            NodeKind::Function
            | NodeKind::Proxy
            | NodeKind::InterfaceEndpoint
            | NodeKind::Service
            | NodeKind::Internet => false,
        };
        can && self.public
    }
}

/// The kinds of [`Node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NodeKind {
    /// A Lambda function. Its network interfaces never have a public address.
    Function,
    /// An EC2 instance.
    Instance,
    /// An ECS task.
    Task,
    /// An RDS instance or an Aurora cluster, in its subnet group.
    Database,
    /// An RDS Proxy, which never has a public address.
    Proxy,
    /// An interface endpoint, called by its own name; subnets and groups are the network's.
    InterfaceEndpoint,
    /// A Regional AWS service, called by its ordinary name.
    Service,
    /// A host on the Internet.
    Internet,
}

/// Who resolves the names that a node calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Resolver {
    /// The VPC's, which knows the private names of interface endpoints.
    #[default]
    Vpc,
    /// One that knows public addresses only: RDS for PostgreSQL, unless
    /// `rds.custom_dns_resolution` is set.
    Public,
}
