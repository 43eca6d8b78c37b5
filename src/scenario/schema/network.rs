//! The `network` section: VPCs, subnets, routes, gateways, endpoints and security groups.

use indexmap::IndexMap;

use super::firewall::Side;
use super::scalar::CHOICE;
use super::things::Thing;
use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::vpc::address::Cidr;
use crate::aws::vpc::network::{
    Endpoint, GATEWAY_ENDPOINT_SERVICES, InternetGateway, NatGateway, Network, NetworkAcl,
    Node as Place, NodeKind, Peering, Route, RouteTable, RouteTarget, SecurityGroup, Subnet, Vpc,
};
use crate::aws::vpc::plan::Plan;
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const NETWORK: Keys = Keys {
    known: &[
        "vpcs",
        "subnets",
        "route_tables",
        "internet_gateways",
        "nat_gateways",
        "peerings",
        "endpoints",
        "security_groups",
        "network_acls",
        "instances",
    ],
    later: &["transit_gateways", "egress_only_internet_gateways", "prefix_lists"],
};
const VPC: Keys = Keys { known: &["cidr", "tenancy", "dns_support", "dns_hostnames"], later: &[] };
const SUBNET: Keys = Keys {
    known: &["vpc", "availability_zone", "cidr", "route_table", "network_acl"],
    later: &["ipv6_cidr"],
};
const ROUTE_TABLE: Keys = Keys { known: &["vpc", "main", "routes"], later: &[] };
const INTERNET_GATEWAY: Keys = Keys { known: &["vpc", "attached"], later: &[] };
const NAT_GATEWAY: Keys = Keys { known: &["subnet", "elastic_ip"], later: &["connectivity_type"] };
const PEERING: Keys = Keys { known: &["between", "dns_resolution"], later: &[] };
const ENDPOINT: Keys = Keys {
    known: &["service", "type", "vpc", "subnets", "security_groups", "private_dns", "route_tables"],
    later: &["policy"],
};
const SECURITY_GROUP: Keys = Keys { known: &["vpc", "ingress", "egress"], later: &[] };
const NETWORK_ACL: Keys = Keys { known: &["vpc", "ingress", "egress"], later: &[] };
const INSTANCE: Keys = Keys { known: &["subnets", "security_groups", "public_ip"], later: &[] };

/// The services that can be called by name, as in the names of their endpoints.
pub const SERVICES: [&str; 22] = [
    "s3",
    "dynamodb",
    "lambda",
    "sns",
    "sqs",
    "secretsmanager",
    "sts",
    "kms",
    "ssm",
    "logs",
    "monitoring",
    "events",
    "states",
    "kinesis-streams",
    "firehose",
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "execute-api",
    "rds",
    "rds-data",
    "xray",
];
/// Any host on the Internet.
pub const INTERNET: &str = "internet";

impl Reader<'_> {
    /// The network with its EC2 instances among the nodes.
    pub fn network(&mut self, node: &Node, region: &str) -> Option<Plan> {
        let fields = self.fields(node, "`network`", NETWORK)?;
        self.required(
            fields,
            "vpcs",
            "`network`",
            &node.range,
            "vpcs: { main: { cidr: 10.0.0.0/16 } }",
        );
        let mut network = Network::default();
        let zone = Zones { region };
        network.vpcs =
            self.things_of(fields, Thing::Vpc, |reader, name, entry| reader.vpc(name, entry));
        network.subnets = self.things_of(fields, Thing::Subnet, |reader, name, entry| {
            reader.subnet(name, entry, zone)
        });
        network.route_tables = self.things_of(fields, Thing::RouteTable, |reader, name, entry| {
            reader.route_table(name, entry)
        });
        network.internet_gateways =
            self.things_of(fields, Thing::InternetGateway, |reader, name, entry| {
                reader.internet_gateway(name, entry)
            });
        network.nat_gateways = self.things_of(fields, Thing::NatGateway, |reader, name, entry| {
            reader.nat_gateway(name, entry)
        });
        network.peerings = self
            .things_of(fields, Thing::Peering, |reader, name, entry| reader.peering(name, entry));
        network.endpoints = self.things_of(fields, Thing::Endpoint, |reader, name, entry| {
            reader.vpc_endpoint(name, entry)
        });
        network.security_groups =
            self.things_of(fields, Thing::SecurityGroup, |reader, name, entry| {
                reader.security_group(name, entry)
            });
        network.network_acls = self.things_of(fields, Thing::NetworkAcl, |reader, name, entry| {
            reader.network_acl(name, entry)
        });
        let instances = self
            .things_of(fields, Thing::Instance, |reader, name, entry| reader.instance(name, entry));
        Some(Plan { network, nodes: instances.into_values().collect(), links: Vec::new() })
    }

    /// The things of one section, in the author's order.
    fn things_of<T>(
        &mut self,
        network: &Mapping,
        thing: Thing,
        read: impl Fn(&mut Self, &str, &Entry) -> Option<T>,
    ) -> IndexMap<String, T> {
        let mut things = IndexMap::new();
        let Some(node) = network.get(thing.key()).filter(|node| node.value != NodeValue::Null)
        else {
            return things;
        };
        let Some(mapping) = self.mapping(node, &format!("`{}`", thing.key())) else {
            return things;
        };
        let size = mapping.entries.len();
        self.check_size(size, limit::NETWORK_THINGS, thing.plural(), &node.range);
        for entry in mapping.entries.iter().take(limit::NETWORK_THINGS) {
            let name = entry.key.as_str();
            let what = format!("the name of a {}", thing.word());
            if self.check_name(name, &entry.key_range, &what)
                && let Some(value) = read(self, name, entry)
            {
                things.insert(name.to_owned(), value);
            }
        }
        things
    }

    /// The keys of a thing; none for one without a value.
    fn keys_of<'n>(&mut self, entry: &'n Entry, what: &str, keys: Keys) -> Option<&'n Mapping> {
        const NONE: &Mapping = &Mapping { entries: Vec::new() };
        if entry.value.value == NodeValue::Null {
            return Some(NONE);
        }
        self.fields(&entry.value, what, keys)
    }

    /// The VPC that a thing names, or the only one there is.
    fn own_vpc(&mut self, fields: &Mapping, what: &str, entry: &Entry) -> Option<String> {
        if let Some(node) = fields.get("vpc") {
            return self.thing(node, "vpc", &[Thing::Vpc]);
        }
        if let Some(only) = self.things.only(Thing::Vpc) {
            return Some(only);
        }
        if self.things.any(Thing::Vpc) {
            self.required(fields, "vpc", what, &entry.key_range, "vpc: NAME");
        }
        None
    }

    fn vpc(&mut self, name: &str, entry: &Entry) -> Option<Vpc> {
        let what = format!("VPC `{name}`");
        let fields = self.keys_of(entry, &what, VPC)?;
        let cidr = self.required(fields, "cidr", &what, &entry.key_range, "cidr: 10.0.0.0/16");
        let cidrs = match cidr.map(|node| (&node.value, node)) {
            Some((NodeValue::Sequence(items), _)) => items
                .iter()
                .take(limit::NETWORK_THINGS)
                .filter_map(|item| self.cidr(item))
                .collect(),
            Some((_, node)) => self.cidr(node).into_iter().collect(),
            None => Vec::new(),
        };
        let tenancy = fields.get("tenancy");
        let dedicated = tenancy.and_then(|node| {
            self.choice(node, "tenancy", &[("default", false), ("dedicated", true)], &[])
        });
        Some(Vpc {
            cidrs,
            dedicated_tenancy: dedicated.unwrap_or(false),
            dns_support: self.flag_or(fields, "dns_support", true),
            dns_hostnames: self.flag_or(fields, "dns_hostnames", true),
        })
    }

    fn subnet(&mut self, name: &str, entry: &Entry, zones: Zones<'_>) -> Option<Subnet> {
        let what = format!("subnet `{name}`");
        let fields = self.keys_of(entry, &what, SUBNET)?;
        let vpc = self.own_vpc(fields, &what, entry);
        let zone = self.required(
            fields,
            "availability_zone",
            &what,
            &entry.key_range,
            "availability_zone: a",
        );
        let zone = zone.and_then(|node| self.text_of(node, "availability_zone"));
        let cidr = self.required(fields, "cidr", &what, &entry.key_range, "cidr: 10.0.0.0/24");
        let cidr = cidr.and_then(|node| self.cidr(node));
        let mut named =
            |key: &str, thing| fields.get(key).and_then(|node| self.thing(node, key, &[thing]));
        let route_table = named("route_table", Thing::RouteTable);
        let network_acl = named("network_acl", Thing::NetworkAcl);
        let (vpc, cidr) = (vpc?, cidr?);
        let availability_zone = zones.full(&zone?);
        Some(Subnet { vpc, availability_zone, cidr, route_table, network_acl })
    }

    fn route_table(&mut self, name: &str, entry: &Entry) -> Option<RouteTable> {
        let what = format!("route table `{name}`");
        let fields = self.keys_of(entry, &what, ROUTE_TABLE)?;
        let vpc = self.own_vpc(fields, &what, entry);
        let main = self.flag_or(fields, "main", false);
        let mut routes = Vec::new();
        let written = fields.get("routes").filter(|node| node.value != NodeValue::Null);
        if let Some(node) = written
            && let Some(mapping) = self.mapping(node, "`routes`")
        {
            let size = mapping.entries.len();
            self.check_size(size, limit::RULES, "routes in one table", &node.range);
            for entry in mapping.entries.iter().take(limit::RULES) {
                let destination = self.cidr_text(&entry.key, &entry.key_range);
                let target = self.route_target(&entry.value);
                if let (Some(destination), Some(target)) = (destination, target) {
                    routes.push(Route { destination, target });
                }
            }
        }
        Some(RouteTable { vpc: vpc?, main, routes })
    }

    fn route_target(&mut self, node: &Node) -> Option<RouteTarget> {
        let kinds = [Thing::InternetGateway, Thing::NatGateway, Thing::Peering];
        let name = self.thing(node, "routes", &kinds)?;
        Some(if self.things.has(Thing::InternetGateway, &name) {
            RouteTarget::InternetGateway(name)
        } else if self.things.has(Thing::NatGateway, &name) {
            RouteTarget::NatGateway(name)
        } else {
            RouteTarget::Peering(name)
        })
    }

    fn internet_gateway(&mut self, name: &str, entry: &Entry) -> Option<InternetGateway> {
        let what = format!("Internet gateway `{name}`");
        let fields = self.keys_of(entry, &what, INTERNET_GATEWAY)?;
        let vpc = self.own_vpc(fields, &what, entry);
        let attached = self.flag_or(fields, "attached", true);
        Some(InternetGateway { vpc: vpc.filter(|_| attached) })
    }

    fn nat_gateway(&mut self, name: &str, entry: &Entry) -> Option<NatGateway> {
        let what = format!("NAT gateway `{name}`");
        let fields = self.keys_of(entry, &what, NAT_GATEWAY)?;
        let subnet = self.required(fields, "subnet", &what, &entry.key_range, "subnet: NAME");
        let subnet = subnet.and_then(|node| self.thing(node, "subnet", &[Thing::Subnet]));
        let elastic_ip = fields.get("elastic_ip").and_then(|node| {
            let text = self.text_of(node, "elastic_ip")?;
            let address = text.parse().ok();
            if address.is_none() {
                let diagnostic = self
                    .error(CHOICE, &node.range, format!("`elastic_ip` can't be `{text}`"))
                    .label("not four numbers from 0 to 255")
                    .hint("for instance `elastic_ip: 203.0.113.7`");
                self.report(diagnostic);
            }
            address
        });
        Some(NatGateway { subnet: subnet?, elastic_ip })
    }

    fn peering(&mut self, name: &str, entry: &Entry) -> Option<Peering> {
        let what = format!("peering `{name}`");
        let fields = self.keys_of(entry, &what, PEERING)?;
        let example = "between: [shop, tools]";
        let node = self.required(fields, "between", &what, &entry.key_range, example)?;
        let dns_resolution = self.flag_or(fields, "dns_resolution", false);
        let sides = match &node.value {
            NodeValue::Sequence(items) => items.as_slice(),
            _ => &[],
        };
        let [requester, accepter] = sides else {
            let diagnostic = self
                .error(KIND, &node.range, "`between` is a list of two VPCs")
                .label(format!("this is {}", kind(&node.value)))
                .hint(format!("for instance `{example}`"));
            self.report(diagnostic);
            return None;
        };
        let requester = self.thing(requester, "between", &[Thing::Vpc]);
        let accepter = self.thing(accepter, "between", &[Thing::Vpc]);
        Some(Peering { requester: requester?, accepter: accepter?, dns_resolution })
    }

    fn vpc_endpoint(&mut self, name: &str, entry: &Entry) -> Option<Endpoint> {
        let what = format!("endpoint `{name}`");
        let fields = self.keys_of(entry, &what, ENDPOINT)?;
        let service =
            self.required(fields, "service", &what, &entry.key_range, "service: secretsmanager");
        let services: Vec<(&str, &str)> = SERVICES.iter().map(|&name| (name, name)).collect();
        let service = service.and_then(|node| self.choice(node, "service", &services, &[]));
        let kinds = [("gateway", true), ("interface", false)];
        let written = fields.get("type").and_then(|node| self.choice(node, "type", &kinds, &[]));
        let vpc = self.own_vpc(fields, &what, entry);
        let service = service?;
        let gateway = written.unwrap_or_else(|| GATEWAY_ENDPOINT_SERVICES.contains(&service));
        let foreign: &[&str] = match gateway {
            true => &["subnets", "security_groups", "private_dns"],
            false => &["route_tables"],
        };
        self.without(
            fields,
            foreign,
            &what,
            if gateway { "a gateway endpoint" } else { "an interface endpoint" },
        );
        if gateway {
            let tables = self.names_under(fields, "route_tables", Thing::RouteTable);
            return Some(Endpoint::Gateway {
                vpc: vpc?,
                service: service.to_owned(),
                route_tables: tables,
            });
        }
        self.required(fields, "subnets", &what, &entry.key_range, "subnets: [private_a]");
        Some(Endpoint::Interface {
            vpc: vpc?,
            service: service.to_owned(),
            subnets: self.names_under(fields, "subnets", Thing::Subnet),
            security_groups: self.names_under(fields, "security_groups", Thing::SecurityGroup),
            private_dns: self.flag_or(fields, "private_dns", true),
        })
    }

    fn security_group(&mut self, name: &str, entry: &Entry) -> Option<SecurityGroup> {
        let what = format!("security group `{name}`");
        let fields = self.keys_of(entry, &what, SECURITY_GROUP)?;
        let vpc = self.own_vpc(fields, &what, entry);
        let ingress = self.rules(fields.get("ingress"), Side::Ingress);
        let egress = self.rules(fields.get("egress"), Side::Egress);
        Some(SecurityGroup { vpc: vpc?, ingress, egress })
    }

    fn network_acl(&mut self, name: &str, entry: &Entry) -> Option<NetworkAcl> {
        let what = format!("network ACL `{name}`");
        let fields = self.keys_of(entry, &what, NETWORK_ACL)?;
        let vpc = self.own_vpc(fields, &what, entry);
        let ingress = self.acl_rules(fields.get("ingress"), Side::Ingress);
        let egress = self.acl_rules(fields.get("egress"), Side::Egress);
        Some(NetworkAcl { vpc: vpc?, ingress, egress })
    }

    fn instance(&mut self, name: &str, entry: &Entry) -> Option<Place> {
        let what = format!("instance `{name}`");
        let fields = self.keys_of(entry, &what, INSTANCE)?;
        self.required(fields, "subnets", &what, &entry.key_range, "subnets: [public_a]");
        Some(Place {
            subnets: self.names_under(fields, "subnets", Thing::Subnet),
            security_groups: self.names_under(fields, "security_groups", Thing::SecurityGroup),
            public: self.flag_or(fields, "public_ip", false),
            ..Place::new(name, NodeKind::Instance)
        })
    }

    /// A truth value.
    pub fn flag_or(&mut self, fields: &Mapping, key: &str, default: bool) -> bool {
        let Some(node) = fields.get(key) else { return default };
        match node.value {
            NodeValue::Null => default,
            NodeValue::Bool(value) => value,
            _ => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{key}` is `true` or `false`"))
                    .label(format!("this is {}", kind(&node.value)));
                self.report(diagnostic);
                default
            }
        }
    }

    /// A block of addresses.
    pub fn cidr(&mut self, node: &Node) -> Option<Cidr> {
        let text = self.text_of(node, "cidr")?;
        self.cidr_text(&text, &node.range)
    }

    /// A block of addresses that stands somewhere.
    pub fn cidr_text(&mut self, text: &str, range: &std::ops::Range<usize>) -> Option<Cidr> {
        match Cidr::parse(text) {
            Ok(cidr) => Some(cidr),
            Err(error) => {
                let diagnostic = self
                    .error(CHOICE, range, format!("`{text}` is no block of addresses"))
                    .label(error.to_string())
                    .hint("for instance `10.0.0.0/16`");
                self.report(diagnostic);
                None
            }
        }
    }

    /// Reports what is needed and isn't there when a network is described.
    pub fn needs_subnets(&mut self, fields: &Mapping, what: &str, owner: &std::ops::Range<usize>) {
        if self.things.described() && fields.get("subnets").is_none() {
            let diagnostic = self
                .error(MISSING, owner, format!("{what} has no `subnets`"))
                .label("a network is described, and it has no place in it")
                .hint("add `subnets: [private_a, private_c]`");
            self.report(diagnostic);
        }
    }
}

/// How Availability Zones are written: in full, or as the letter behind the Region.
#[derive(Clone, Copy)]
struct Zones<'a> {
    region: &'a str,
}

impl Zones<'_> {
    fn full(self, written: &str) -> String {
        let is_letter = written.len() == 1 && written.bytes().all(|b| b.is_ascii_lowercase());
        if is_letter { format!("{}{written}", self.region) } else { written.to_owned() }
    }
}
