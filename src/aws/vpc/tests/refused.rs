//! What AWS refuses to create, each with the one change to a working network that brings it about.

use std::collections::BTreeMap;

use super::{
    attached, block, database, function, igw, interface_endpoint, names, network, node, proxy,
    route,
};
use crate::aws::catalogue::{Catalogue, Quotas};
use crate::aws::reader::Reader;
use crate::aws::vpc::network::{
    Endpoint, InternetGateway, NatGateway, Network, Node, NodeKind, Peer, Rule, Vpc,
};
use crate::aws::vpc::refusal;

/// The error with which AWS refuses, and its reason.
fn refused(network: &Network, nodes: &[Node]) -> (String, String) {
    let quotas = Quotas::new(Catalogue::builtin(), BTreeMap::new());
    match refusal(network, nodes, &Reader::new(&quotas, "ap-northeast-2")) {
        Some(refusal) => {
            let resource = refusal.resource.unwrap_or_default();
            (refusal.error, format!("{resource}: {}", refusal.reason))
        }
        None => ("accepted".to_owned(), String::new()),
    }
}

fn error(network: &Network, nodes: &[Node]) -> String {
    refused(network, nodes).0
}

#[test]
fn a_sound_network_is_accepted() {
    let nodes = [attached(), function(&[]), proxy(), database()];
    assert_eq!(refused(&network(), &nodes), ("accepted".to_owned(), String::new()));
}

#[test]
fn blocks_have_a_size_and_a_place() {
    let with_vpc = |cidrs: &[&str]| {
        let mut network = network();
        network.vpcs["tools"].cidrs = cidrs.iter().map(|cidr| block(cidr)).collect();
        error(&network, &[])
    };
    assert_eq!(with_vpc(&["10.0.0.0/8"]), "InvalidVpc.Range");
    assert_eq!(with_vpc(&["10.1.0.0/29"]), "InvalidVpc.Range");
    assert_eq!(with_vpc(&["10.1.0.0/16", "10.1.4.0/24"]), "InvalidVpc.Range");
    assert_eq!(with_vpc(&["10.1.0.0/16", "10.9.0.0/24"]), "accepted");
    let with_subnet = |cidr: &str| {
        let mut network = network();
        network.subnets["data_c"].cidr = block(cidr);
        refused(&network, &[])
    };
    assert_eq!(with_subnet("10.2.0.0/24").0, "InvalidSubnet.Range");
    assert_eq!(with_subnet("10.0.4.0/29").0, "InvalidSubnet.Range");
    let (error, reason) = with_subnet("10.0.3.128/25");
    assert_eq!(error, "InvalidSubnet.Conflict");
    assert!(reason.starts_with("data_c: ") && reason.contains("10.0.3.128/25"), "{reason}");
}

#[test]
fn gateways_belong_to_a_vpc() {
    let mut second = network();
    let another = InternetGateway { vpc: Some("shop".to_owned()) };
    second.internet_gateways.insert("another".to_owned(), another);
    assert_eq!(error(&second, &[]), "InvalidParameterValue");
    let mut without = network();
    let nat = NatGateway { subnet: "tools_a".to_owned(), elastic_ip: None };
    without.nat_gateways.insert("nat_tools".to_owned(), nat);
    assert_eq!(error(&without, &[]), "Gateway.NotAttached");
}

#[test]
fn peered_blocks_do_not_overlap() {
    let mut network = network();
    network.vpcs["tools"].cidrs.push(block("10.0.128.0/20"));
    assert_eq!(error(&network, &[]), "VpcPeeringConnectionFailed");
    network.peerings["shop_tools"].accepter = "shop".to_owned();
    assert_eq!(error(&network, &[]), "VpcPeeringConnectionFailed");
    network.peerings.clear();
    assert_eq!(error(&network, &[]), "accepted");
}

#[test]
fn routes_and_rules_are_counted() {
    let mut network = network();
    let table = &mut network.route_tables["public"].routes;
    table.push(route("0.0.0.0/0", igw("gate")));
    assert_eq!(error(&network, &[]), "RouteAlreadyExists");
    let table = &mut network.route_tables["public"].routes;
    *table = (0..51).map(|at| route(&format!("10.200.{at}.0/24"), igw("gate"))).collect();
    assert_eq!(error(&network, &[]), "RouteLimitExceeded");
    network.route_tables["public"].routes.truncate(50);
    let rule = Rule {
        ports: crate::aws::vpc::address::Ports::ALL,
        peer: Peer::SecurityGroup("function_sg".to_owned()),
    };
    network.security_groups["proxy_sg"].ingress = vec![rule; 61];
    assert_eq!(error(&network, &[]), "RulesPerSecurityGroupLimitExceeded");
    for at in 0..4 {
        let vpc = Vpc { cidrs: vec![block(&format!("10.{}.0.0/16", 50 + at))], ..tools(&network) };
        network.vpcs.insert(format!("more_{at}"), vpc);
    }
    network.security_groups["proxy_sg"].ingress.clear();
    assert_eq!(error(&network, &[]), "VpcLimitExceeded");
}

fn tools(network: &Network) -> Vpc {
    network.vpcs["tools"].clone()
}

#[test]
fn endpoints_fit_their_service_and_vpc() {
    let with = |endpoint: Endpoint| {
        let mut network = network();
        network.endpoints.insert("first".to_owned(), endpoint);
        error(&network, &[])
    };
    let gateway = |service: &str| Endpoint::Gateway {
        vpc: "shop".to_owned(),
        service: service.to_owned(),
        route_tables: names(&["isolated"]),
    };
    assert_eq!(with(gateway("s3")), "accepted");
    assert_eq!(with(gateway("dynamodb")), "accepted");
    assert_eq!(with(gateway("secretsmanager")), "InvalidParameter");
    let interface = |subnets: &[&str], groups: &[&str]| Endpoint::Interface {
        vpc: "shop".to_owned(),
        service: "sns".to_owned(),
        subnets: names(subnets),
        security_groups: names(groups),
        private_dns: true,
    };
    assert_eq!(with(interface(&["data_a", "data_c"], &["db_sg"])), "accepted");
    assert_eq!(with(interface(&["data_a", "private_a"], &["db_sg"])), "DuplicateSubnetsInSameZone");
    assert_eq!(with(interface(&["tools_a"], &["db_sg"])), "InvalidParameter");
    let six = ["db_sg"; 6];
    assert_eq!(with(interface(&["data_a"], &six)), "SecurityGroupsPerInterfaceLimitExceeded");
    let mut network = network();
    network.endpoints.insert("first".to_owned(), interface_endpoint("sns", &[], true));
    network.endpoints.insert("second".to_owned(), interface_endpoint("sns", &[], true));
    assert_eq!(error(&network, &[]), "InvalidParameter");
    network.endpoints.shift_remove("second");
    network.vpcs["shop"].dns_hostnames = false;
    assert_eq!(error(&network, &[]), "InvalidParameter");
    network.endpoints.insert("first".to_owned(), interface_endpoint("sns", &[], false));
    assert_eq!(error(&network, &[]), "accepted");
}

#[test]
fn functions_take_subnets_and_groups_of_one_vpc() {
    let with = |subnets: &[&str], groups: &[&str]| {
        error(&network(), &[node(NodeKind::Function, "orders", subnets, groups)])
    };
    let invalid = "InvalidParameterValueException";
    assert_eq!(with(&["private_a", "tools_a"], &["function_sg"]), invalid);
    assert_eq!(with(&["tools_a"], &["function_sg"]), invalid);
    assert_eq!(with(&["private_a"], &[]), invalid);
    assert_eq!(with(&[], &["function_sg"]), invalid);
    assert_eq!(with(&["private_a"; 17], &["function_sg"]), "ValidationException");
    assert_eq!(with(&["private_a"], &["function_sg"; 6]), "ValidationException");
    assert_eq!(with(&["private_a"; 16], &["function_sg"; 5]), "accepted");
}

#[test]
fn databases_and_proxies_take_two_zones_and_proxies_no_public_access() {
    let on = |network: &Network, kind, subnets: &[&str], public| {
        let group = if kind == NodeKind::Proxy { "proxy_sg" } else { "db_sg" };
        error(network, &[Node { public, ..node(kind, "it", subnets, &[group]) }])
    };
    let plain = network();
    let (db, proxy) = (NodeKind::Database, NodeKind::Proxy);
    let uncovered = "DBSubnetGroupDoesNotCoverEnoughAZs";
    assert_eq!(on(&plain, db, &["data_a", "private_a"], false), uncovered);
    assert_eq!(on(&plain, proxy, &["data_a", "private_a"], false), "InvalidSubnet");
    assert_eq!(on(&plain, db, &["data_a", "tools_a"], false), "InvalidSubnet");
    assert_eq!(on(&plain, proxy, &["data_a", "tools_a"], false), "InvalidSubnet");
    assert_eq!(on(&plain, proxy, &["data_a", "data_c"], true), "ValidationError");
    assert_eq!(on(&plain, proxy, &[], true), "ValidationError");
    assert_eq!(on(&plain, db, &["data_a", "data_c"], true), "accepted");
    let mut closed = network();
    closed.nat_gateways.clear();
    closed.internet_gateways.clear();
    let state = "InvalidVPCNetworkStateFault";
    assert_eq!(on(&closed, db, &["data_a", "data_c"], true), state);
    assert_eq!(on(&closed, db, &["data_a", "data_c"], false), "accepted");
    let mut dedicated = network();
    dedicated.vpcs["shop"].dedicated_tenancy = true;
    assert_eq!(on(&dedicated, proxy, &["data_a", "data_c"], false), "InvalidSubnet");
    let foreign = node(db, "it", &["data_a", "data_c"], &["tools_sg"]);
    let mut two = network();
    let group = super::group("tools", vec![], vec![]);
    two.security_groups.insert("tools_sg".to_owned(), group);
    assert_eq!(error(&two, &[foreign]), state);
}
