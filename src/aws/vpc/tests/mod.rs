//! Paths and reasons, each with the one change to a working network that gives it.

use crate::aws::vpc::address::{Cidr, Ports};
use crate::aws::vpc::network::{
    AclRule, Endpoint, InternetGateway, NatGateway, Network, NetworkAcl, Node, NodeKind, Peer,
    Peering, Resolver, Route, RouteTable, RouteTarget, Rule, SecurityGroup, Subnet, Vpc,
};
use crate::aws::vpc::verdict::{Denied, Direction, Failure, Hop, Reachable, Remote, Verdict};
use crate::aws::vpc::{Rules, reach};

mod refused;

const RULES: Rules = Rules { answer_ports: Ports { from: 1024, to: u16::MAX } };
const MYSQL: u16 = 3306;

fn block(text: &str) -> Cidr {
    Cidr::parse(text).unwrap()
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn everything(peer: Peer) -> Vec<Rule> {
    vec![Rule { ports: Ports::ALL, peer }]
}

fn mysql(group: &str) -> Vec<Rule> {
    vec![Rule { ports: Ports::one(MYSQL), peer: Peer::SecurityGroup(group.to_owned()) }]
}

fn group(vpc: &str, ingress: Vec<Rule>, egress: Vec<Rule>) -> SecurityGroup {
    SecurityGroup { vpc: vpc.to_owned(), ingress, egress }
}

fn route(destination: &str, target: RouteTarget) -> Route {
    Route { destination: block(destination), target }
}

fn igw(name: &str) -> RouteTarget {
    RouteTarget::InternetGateway(name.to_owned())
}

fn nat(name: &str) -> RouteTarget {
    RouteTarget::NatGateway(name.to_owned())
}

fn over(name: &str) -> RouteTarget {
    RouteTarget::Peering(name.to_owned())
}

/// Two VPCs. `shop` has a public and two private subnets in two zones, a NAT gateway, and groups in
/// a chain: functions, proxy, database. `tools` is peered with it, its routes lead both ways.
fn network() -> Network {
    let mut network = Network::default();
    let vpc = |cidr| Vpc {
        cidrs: vec![block(cidr)],
        dedicated_tenancy: false,
        dns_support: true,
        dns_hostnames: true,
    };
    network.vpcs.insert("shop".to_owned(), vpc("10.0.0.0/16"));
    network.vpcs.insert("tools".to_owned(), vpc("10.1.0.0/16"));
    for (name, vpc, zone, cidr, table) in [
        ("public_a", "shop", "a", "10.0.0.0/24", Some("public")),
        ("private_a", "shop", "a", "10.0.1.0/24", Some("private")),
        ("private_c", "shop", "c", "10.0.2.0/24", Some("private")),
        ("data_a", "shop", "a", "10.0.3.0/24", Some("isolated")),
        ("data_c", "shop", "c", "10.0.4.0/24", Some("isolated")),
        ("tools_a", "tools", "a", "10.1.0.0/24", None),
    ] {
        let subnet = Subnet {
            vpc: vpc.to_owned(),
            availability_zone: format!("ap-northeast-2{zone}"),
            cidr: block(cidr),
            route_table: table.map(str::to_owned),
            network_acl: None,
        };
        network.subnets.insert(name.to_owned(), subnet);
    }
    let to_tools = || route("10.1.0.0/16", over("shop_tools"));
    for (name, vpc, main, routes) in [
        ("public", "shop", false, vec![route("0.0.0.0/0", igw("gate")), to_tools()]),
        ("private", "shop", false, vec![route("0.0.0.0/0", nat("nat_a")), to_tools()]),
        ("isolated", "shop", true, vec![to_tools()]),
        ("tools_main", "tools", true, vec![route("10.0.0.0/16", over("shop_tools"))]),
    ] {
        network
            .route_tables
            .insert(name.to_owned(), RouteTable { vpc: vpc.to_owned(), main, routes });
    }
    let gate = InternetGateway { vpc: Some("shop".to_owned()) };
    network.internet_gateways.insert("gate".to_owned(), gate);
    let nat_a = NatGateway { subnet: "public_a".to_owned(), elastic_ip: None };
    network.nat_gateways.insert("nat_a".to_owned(), nat_a);
    let peering = Peering {
        requester: "shop".to_owned(),
        accepter: "tools".to_owned(),
        dns_resolution: false,
    };
    network.peerings.insert("shop_tools".to_owned(), peering);
    let all = || everything(Peer::Cidr(Cidr::EVERYWHERE));
    for (name, group) in [
        ("function_sg", group("shop", vec![], all())),
        ("proxy_sg", group("shop", mysql("function_sg"), mysql("db_sg"))),
        ("db_sg", group("shop", mysql("proxy_sg"), all())),
    ] {
        network.security_groups.insert(name.to_owned(), group);
    }
    network
}

fn node(kind: NodeKind, name: &str, subnets: &[&str], groups: &[&str]) -> Node {
    Node { subnets: names(subnets), security_groups: names(groups), ..Node::new(name, kind) }
}

fn function(subnets: &[&str]) -> Node {
    let groups: &[&str] = if subnets.is_empty() { &[] } else { &["function_sg"] };
    node(NodeKind::Function, "orders", subnets, groups)
}

fn attached() -> Node {
    function(&["private_a", "private_c"])
}

fn proxy() -> Node {
    node(NodeKind::Proxy, "pool", &["data_a", "data_c"], &["proxy_sg"])
}

fn database() -> Node {
    node(NodeKind::Database, "db", &["data_a", "data_c"], &["db_sg"])
}

fn service(name: &str) -> Node {
    Node::new(name, NodeKind::Service)
}

fn internet() -> Node {
    Node::new("internet", NodeKind::Internet)
}

fn search(network: &Network, from: &Node, to: &Node, port: u16) -> Verdict {
    reach(network, from, to, port, RULES)
}

/// The code of the reason, or how the path works.
fn code(network: &Network, from: &Node, to: &Node, port: u16) -> &'static str {
    let verdict = search(network, from, to, port);
    assert!(!verdict.paths.is_empty());
    match verdict.failure() {
        Some(failure) => failure.code(),
        None => "works",
    }
}

#[test]
fn a_function_in_the_vpc_reaches_the_proxy_and_the_proxy_its_database() {
    let network = network();
    let verdict = search(&network, &attached(), &proxy(), MYSQL);
    assert_eq!(verdict.reachable(), Reachable::Always);
    assert_eq!(verdict.paths.len(), 4);
    let interface = |node: &str, subnet: &str, zone: &str, group: &str| Hop::NetworkInterface {
        node: node.to_owned(),
        subnet: subnet.to_owned(),
        availability_zone: format!("ap-northeast-2{zone}"),
        security_groups: names(&[group]),
    };
    let group =
        |name: &str, direction| Hop::SecurityGroup { security_group: name.to_owned(), direction };
    let local = Hop::Route {
        subnet: "private_a".to_owned(),
        route_table: "private".to_owned(),
        destination: Some(block("10.0.0.0/16")),
        through: None,
    };
    let expected = [
        interface("orders", "private_a", "a", "function_sg"),
        group("function_sg", Direction::Egress),
        local,
        group("proxy_sg", Direction::Ingress),
        interface("pool", "data_a", "a", "proxy_sg"),
    ];
    assert_eq!(verdict.path().unwrap().hops, expected);
    assert_eq!(code(&network, &proxy(), &database(), MYSQL), "works");
    assert_eq!(code(&network, &attached(), &database(), MYSQL), "ingress_denied");
}

#[test]
fn without_the_vpc_there_is_no_way_to_private_addresses() {
    let network = network();
    assert_eq!(code(&network, &function(&[]), &proxy(), MYSQL), "function_not_in_vpc");
    assert_eq!(code(&network, &function(&[]), &database(), MYSQL), "function_not_in_vpc");
    assert_eq!(code(&network, &internet(), &proxy(), MYSQL), "proxy_not_public");
    let public_proxy = Node { public: true, ..proxy() };
    assert_eq!(code(&network, &internet(), &public_proxy, MYSQL), "proxy_not_public");
    assert_eq!(code(&network, &internet(), &database(), MYSQL), "target_not_public");
    assert_eq!(code(&network, &attached(), &function(&[]), 443), "not_listening");
    let nowhere = node(NodeKind::Database, "db", &[], &[]);
    assert_eq!(code(&network, &attached(), &nowhere, MYSQL), "not_in_vpc");
    assert_eq!(code(&network, &nowhere, &internet(), 443), "not_in_vpc");
    assert_eq!(code(&network, &function(&[]), &service("s3"), 443), "works");
    assert_eq!(code(&network, &function(&[]), &internet(), 443), "works");
}

#[test]
fn security_groups_refuse_by_port_group_and_direction() {
    let mut network = network();
    assert_eq!(code(&network, &attached(), &proxy(), 5432), "ingress_denied");
    let verdict = search(&network, &attached(), &database(), MYSQL);
    let refused = Failure::IngressDenied(Box::new(Denied {
        node: "db".to_owned(),
        security_groups: names(&["db_sg"]),
        port: MYSQL,
        other: "orders".to_owned(),
        remote: Remote::Private {
            cidr: block("10.0.1.0/24"),
            vpc: "shop".to_owned(),
            security_groups: names(&["function_sg"]),
        },
    }));
    assert_eq!(verdict.failure(), Some(&refused));
    network.security_groups["function_sg"].egress = mysql("db_sg");
    assert_eq!(code(&network, &attached(), &proxy(), MYSQL), "egress_denied");
    network.security_groups["function_sg"].egress.extend(mysql("proxy_sg"));
    assert_eq!(code(&network, &attached(), &proxy(), MYSQL), "works");
    assert_eq!(code(&network, &attached(), &internet(), 443), "egress_denied");
}

#[test]
fn the_default_group_lets_itself_in_and_nobody_else() {
    let network = network();
    let plain = node(NodeKind::Function, "orders", &["private_a"], &[]);
    let open = node(NodeKind::Database, "db", &["data_a"], &[]);
    assert_eq!(code(&network, &plain, &open, MYSQL), "works");
    assert_eq!(code(&network, &attached(), &open, MYSQL), "ingress_denied");
    assert_eq!(code(&network, &plain, &database(), MYSQL), "ingress_denied");
    let other = node(NodeKind::Instance, "bastion", &["tools_a"], &[]);
    assert_eq!(code(&network, &other, &open, MYSQL), "ingress_denied");
}

#[test]
fn a_public_subnet_gives_a_function_no_internet() {
    let mut network = network();
    assert_eq!(code(&network, &attached(), &internet(), 443), "works");
    assert_eq!(code(&network, &function(&["public_a"]), &internet(), 443), "no_public_address");
    let task =
        |public| Node { public, ..node(NodeKind::Task, "web", &["public_a"], &["function_sg"]) };
    assert_eq!(code(&network, &task(true), &internet(), 443), "works");
    assert_eq!(code(&network, &task(false), &internet(), 443), "no_public_address");
    assert_eq!(code(&network, &function(&["data_a"]), &internet(), 443), "no_route");
    let mixed = search(&network, &function(&["private_a", "data_a"]), &internet(), 443);
    assert_eq!(mixed.reachable(), Reachable::Sometimes);
    assert_eq!(mixed.path().unwrap().from_subnet.as_deref(), Some("data_a"));

    network.nat_gateways["nat_a"].subnet = "private_a".to_owned();
    assert_eq!(code(&network, &attached(), &internet(), 443), "nat_in_private_subnet");
    network.nat_gateways["nat_a"].subnet = "public_a".to_owned();
    network.internet_gateways["gate"].vpc = None;
    assert_eq!(code(&network, &attached(), &internet(), 443), "internet_gateway_detached");
    network.nat_gateways.clear();
    assert_eq!(code(&network, &attached(), &internet(), 443), "blackhole");
    network.internet_gateways.clear();
    assert_eq!(code(&network, &task(true), &internet(), 443), "blackhole");
}

#[test]
fn the_most_specific_route_counts() {
    let mut network = network();
    let office = Node { address: Some(block("203.0.113.7/32")), ..internet() };
    let narrow = route("203.0.113.0/24", igw("gate"));
    network.route_tables["private"].routes.push(narrow);
    assert_eq!(code(&network, &attached(), &internet(), 443), "works");
    assert_eq!(code(&network, &attached(), &office, 443), "no_public_address");
}

#[test]
fn a_public_database_needs_a_public_subnet_and_a_rule() {
    let mut network = network();
    let hidden = Node { public: true, ..database() };
    let shown = Node { subnets: names(&["public_a"]), ..hidden.clone() };
    assert_eq!(code(&network, &internet(), &hidden, MYSQL), "public_in_private_subnet");
    assert_eq!(code(&network, &internet(), &shown, MYSQL), "ingress_denied");
    assert_eq!(code(&network, &function(&[]), &shown, MYSQL), "ingress_denied");
    let office = Node { address: Some(block("203.0.113.7/32")), ..internet() };
    let from_office = Rule { ports: Ports::one(MYSQL), peer: Peer::Cidr(block("203.0.113.0/24")) };
    network.security_groups["db_sg"].ingress.push(from_office);
    assert_eq!(code(&network, &office, &shown, MYSQL), "works");
    assert_eq!(code(&network, &function(&[]), &shown, MYSQL), "ingress_denied");
    let from_all = Rule { ports: Ports::one(MYSQL), peer: Peer::Cidr(Cidr::EVERYWHERE) };
    network.security_groups["db_sg"].ingress.push(from_all);
    assert_eq!(code(&network, &function(&[]), &shown, MYSQL), "works");
    // Within the VPC its name leads to the private address.
    network.security_groups["db_sg"].ingress = mysql("function_sg");
    assert_eq!(code(&network, &attached(), &shown, MYSQL), "works");
}

fn interface_endpoint(service: &str, groups: &[&str], private_dns: bool) -> Endpoint {
    Endpoint::Interface {
        vpc: "shop".to_owned(),
        service: service.to_owned(),
        subnets: names(&["data_a", "data_c"]),
        security_groups: names(groups),
        private_dns,
    }
}

#[test]
fn services_by_endpoint_or_through_nat() {
    let mut network = network();
    let isolated = function(&["data_a"]);
    let secrets = service("secretsmanager");
    assert_eq!(code(&network, &attached(), &secrets, 443), "works");
    assert_eq!(code(&network, &isolated, &secrets, 443), "no_endpoint");
    let mut with = |groups: &[&str], private_dns, from: &Node| {
        let endpoint = interface_endpoint("secretsmanager", groups, private_dns);
        network.endpoints.insert("secrets".to_owned(), endpoint);
        code(&network, from, &secrets, 443)
    };
    assert_eq!(with(&["db_sg"], false, &isolated), "private_dns_off");
    assert_eq!(with(&["db_sg"], true, &isolated), "ingress_denied");
    // The private name wins: the NAT gateway is no way around the endpoint's group.
    assert_eq!(with(&["db_sg"], true, &attached()), "ingress_denied");
    assert_eq!(with(&["db_sg"], false, &attached()), "works");
    let from_functions =
        Rule { ports: Ports::one(443), peer: Peer::SecurityGroup("function_sg".to_owned()) };
    let endpoint_sg = group("shop", vec![from_functions], vec![]);
    network.security_groups.insert("endpoint_sg".to_owned(), endpoint_sg);
    let endpoint = interface_endpoint("secretsmanager", &["endpoint_sg"], true);
    network.endpoints.insert("secrets".to_owned(), endpoint);
    let verdict = search(&network, &isolated, &secrets, 443);
    assert_eq!((verdict.reachable(), verdict.paths.len()), (Reachable::Always, 2));
    let end = Hop::Service { service: "secretsmanager".to_owned() };
    assert_eq!(verdict.path().unwrap().hops.last(), Some(&end));
    let by_its_own_name = Node::new("secrets", NodeKind::InterfaceEndpoint);
    assert_eq!(code(&network, &isolated, &by_its_own_name, 443), "works");
    assert_eq!(code(&network, &isolated, &service("sns"), 443), "no_endpoint");
}

#[test]
fn a_gateway_endpoint_serves_the_route_tables_that_it_is_in() {
    let mut network = network();
    let (isolated, s3) = (function(&["data_a"]), service("s3"));
    assert_eq!(code(&network, &isolated, &s3, 443), "no_endpoint");
    let gateway = |tables: &[&str]| Endpoint::Gateway {
        vpc: "shop".to_owned(),
        service: "s3".to_owned(),
        route_tables: names(tables),
    };
    network.endpoints.insert("to_s3".to_owned(), gateway(&["private"]));
    assert_eq!(code(&network, &isolated, &s3, 443), "gateway_endpoint_not_routed");
    network.endpoints.insert("to_s3".to_owned(), gateway(&["private", "isolated"]));
    assert_eq!(code(&network, &isolated, &s3, 443), "works");
    // Where both exist the endpoint's routes are more specific than that to the NAT gateway.
    let verdict = search(&network, &attached(), &s3, 443);
    let through = Hop::GatewayEndpoint { endpoint: "to_s3".to_owned() };
    assert!(verdict.path().unwrap().hops.contains(&through));
    network.security_groups["function_sg"].egress = mysql("proxy_sg");
    assert_eq!(code(&network, &isolated, &s3, 443), "egress_denied");
    network.security_groups["function_sg"].egress = everything(Peer::Service("s3".to_owned()));
    assert_eq!(code(&network, &isolated, &s3, 443), "works");
}

#[test]
fn rds_for_postgresql_needs_custom_dns_resolution_for_an_endpoint_but_not_for_nat() {
    let mut network = network();
    let from_db = group("shop", everything(Peer::SecurityGroup("db_sg".to_owned())), vec![]);
    network.security_groups.insert("endpoint_sg".to_owned(), from_db);
    let endpoint = interface_endpoint("lambda", &["endpoint_sg"], true);
    network.endpoints.insert("to_lambda".to_owned(), endpoint);
    let lambda = service("lambda");
    assert_eq!(code(&network, &database(), &lambda, 443), "works");
    let plain = Node { resolver: Resolver::Public, ..database() };
    assert_eq!(code(&network, &plain, &lambda, 443), "custom_dns_resolution");
    let with_nat = Node { subnets: names(&["private_a"]), ..plain };
    assert_eq!(code(&network, &with_nat, &lambda, 443), "works");
}

#[test]
fn peering_needs_routes_on_both_sides() {
    let mut network = network();
    network.security_groups.insert(
        "tools_sg".to_owned(),
        group("tools", vec![], everything(Peer::Cidr(Cidr::EVERYWHERE))),
    );
    let bastion = node(NodeKind::Instance, "bastion", &["tools_a"], &["tools_sg"]);
    assert_eq!(code(&network, &bastion, &proxy(), MYSQL), "ingress_denied");
    network.security_groups["proxy_sg"].ingress = mysql("tools_sg");
    assert_eq!(code(&network, &bastion, &proxy(), MYSQL), "works");

    network.route_tables["isolated"].routes.clear();
    let verdict = search(&network, &bastion, &proxy(), MYSQL);
    let missing = Failure::PeeringWithoutRoute {
        peering: "shop_tools".to_owned(),
        subnet: "data_a".to_owned(),
        route_table: "isolated".to_owned(),
        destination: block("10.1.0.0/24"),
    };
    assert_eq!(verdict.failure(), Some(&missing));
    network.route_tables["tools_main"].routes = vec![route("0.0.0.0/0", over("shop_tools"))];
    assert_eq!(code(&network, &bastion, &internet(), 443), "edge_to_edge");
    network.route_tables["tools_main"].routes.clear();
    assert_eq!(code(&network, &bastion, &proxy(), MYSQL), "peering_without_route");
    network.peerings.clear();
    assert_eq!(code(&network, &bastion, &proxy(), MYSQL), "different_vpcs");
}

#[test]
fn peering_is_not_transitive() {
    let mut network = network();
    let third = Vpc { cidrs: vec![block("10.2.0.0/16")], ..network.vpcs["tools"].clone() };
    network.vpcs.insert("third".to_owned(), third);
    let subnet = Subnet {
        vpc: "third".to_owned(),
        cidr: block("10.2.0.0/24"),
        ..network.subnets["tools_a"].clone()
    };
    network.subnets.insert("third_a".to_owned(), subnet);
    let table = RouteTable {
        vpc: "third".to_owned(),
        main: true,
        routes: vec![route("10.0.0.0/8", over("tools_third"))],
    };
    network.route_tables.insert("third_main".to_owned(), table);
    let peering = Peering {
        requester: "tools".to_owned(),
        accepter: "third".to_owned(),
        dns_resolution: false,
    };
    network.peerings.insert("tools_third".to_owned(), peering);
    let far = node(NodeKind::Instance, "far", &["third_a"], &[]);
    assert_eq!(code(&network, &far, &proxy(), MYSQL), "transitive_peering");
    network.peerings.shift_remove("tools_third");
    assert_eq!(code(&network, &far, &proxy(), MYSQL), "blackhole");
}

#[test]
fn the_public_name_of_a_peered_database_leads_over_the_internet() {
    let mut network = network();
    let all = everything(Peer::Cidr(Cidr::EVERYWHERE));
    network.security_groups["db_sg"].ingress = all;
    let shown = Node { public: true, subnets: names(&["public_a"]), ..database() };
    let far = node(NodeKind::Instance, "far", &["tools_a"], &[]);
    assert_eq!(code(&network, &far, &shown, MYSQL), "no_route");
    network.peerings["shop_tools"].dns_resolution = true;
    assert_eq!(code(&network, &far, &shown, MYSQL), "works");
}

#[test]
fn a_network_acl_must_let_answers_back() {
    let mut network = network();
    let rule =
        |number, allow, cidr: &str, ports| AclRule { number, allow, cidr: block(cidr), ports };
    let acl = |ingress, egress| NetworkAcl { vpc: "shop".to_owned(), ingress, egress };
    let proxied = node(NodeKind::Proxy, "pool", &["data_a"], &["proxy_sg"]);
    let from = function(&["private_a"]);
    let mut with = |ingress: Vec<AclRule>, egress: Vec<AclRule>| {
        network.network_acls.insert("data".to_owned(), acl(ingress, egress));
        network.subnets["data_a"].network_acl = Some("data".to_owned());
        search(&network, &from, &proxied, MYSQL).failure().cloned()
    };
    let denied = |direction, ports, answer, number| Failure::AclDenied {
        network_acl: "data".to_owned(),
        subnet: "data_a".to_owned(),
        direction,
        ports,
        answer,
        rule: number,
    };
    let port = Ports::one(MYSQL);
    let opened = || vec![rule(100, true, "10.0.0.0/16", port)];
    let nothing = denied(Direction::Ingress, port, false, None);
    assert_eq!(with(vec![], vec![]), Some(nothing));
    let no_answer = denied(Direction::Egress, RULES.answer_ports, true, None);
    assert_eq!(with(opened(), opened()), Some(no_answer));
    let answers = || vec![rule(100, true, "10.0.0.0/16", RULES.answer_ports)];
    assert_eq!(with(opened(), answers()), None);
    let mut barred = opened();
    barred.push(rule(50, false, "10.0.1.0/24", Ports::ALL));
    let refused = denied(Direction::Ingress, port, false, Some(50));
    assert_eq!(with(barred, answers()), Some(refused));
    // Within a subnet no network ACL stands.
    let neighbour = node(NodeKind::Function, "orders", &["data_a"], &["function_sg"]);
    network.network_acls.insert("data".to_owned(), acl(vec![], vec![]));
    assert_eq!(code(&network, &neighbour, &proxied, MYSQL), "works");
    assert_eq!(code(&network, &proxied, &database(), MYSQL), "acl_denied");
}
