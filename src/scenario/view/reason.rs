//! Why a connection doesn't come about, and by which way it does, in the reader's language.

use crate::aws::vpc::address::Cidr;
use crate::aws::vpc::verdict::{Denied, Direction, Failure, Hop, Remote};
use crate::quantity::Language;
use crate::scenario::view::phrase::with_particle;

/// Why a connection doesn't come about.
pub fn words(failure: &Failure, language: Language) -> String {
    match language {
        Language::Korean => korean(failure),
        Language::English => english(failure),
    }
}

fn korean(failure: &Failure) -> String {
    match failure {
        Failure::NotListening { function } => {
            format!("{function}: 함수는 연결을 받지 않고 Lambda API로 호출됨")
        }
        Failure::NotInVpc { target } => format!("{target}: 서브넷이 없음"),
        Failure::FunctionNotInVpc { function, target } => {
            format!("{function} 함수가 VPC에 연결되지 않았고 {target}에는 사설 주소뿐")
        }
        Failure::ProxyNotPublic { proxy } => {
            format!("{proxy}: RDS Proxy는 공개 액세스를 지원하지 않음")
        }
        Failure::TargetNotPublic { target } => format!("{target}에는 공개 주소가 없음"),
        Failure::PublicInPrivateSubnet { target, subnet, route_table } => format!(
            "{target}에 공개 주소가 있어도 {subnet} 서브넷의 라우팅 테이블 {route_table}에 \
             인터넷 게이트웨이로 가는 경로가 없음"
        ),
        Failure::NoRoute { subnet, route_table, destination } => {
            format!("{subnet} 서브넷의 라우팅 테이블 {route_table}에 {destination} 경로가 없음")
        }
        Failure::NoPublicAddress { source, subnet, internet_gateway } => format!(
            "{subnet} 서브넷에서 인터넷 게이트웨이 {internet_gateway}까지 경로는 있지만 \
             {source}에 공개 주소가 없음"
        ),
        Failure::InternetGatewayDetached { internet_gateway, vpc } => {
            format!("인터넷 게이트웨이 {internet_gateway}: VPC {vpc}에 연결되지 않음")
        }
        Failure::NatInPrivateSubnet { nat_gateway, subnet, route_table } => format!(
            "NAT 게이트웨이 {nat_gateway}: {subnet} 서브넷에 있는데 그 라우팅 테이블 \
             {route_table}에 인터넷 게이트웨이로 가는 경로가 없음"
        ),
        Failure::Blackhole { subnet, route_table, through } => format!(
            "{subnet} 서브넷의 라우팅 테이블 {route_table}의 경로가 없는 대상({through})을 가리킴"
        ),
        _ => korean_of_rules(failure),
    }
}

/// The reasons that lie in rules, peerings and endpoints.
fn korean_of_rules(failure: &Failure) -> String {
    match failure {
        Failure::EgressDenied(denied) => format!(
            "{}의 보안 그룹 {}에 {} 포트로 {} 나가는 규칙이 없음",
            denied.node,
            denied.security_groups.join(", "),
            denied.port,
            with_particle(&other(denied), "으로"),
        ),
        Failure::IngressDenied(denied) => format!(
            "{}의 보안 그룹 {}에 {}에서 오는 {} 포트를 여는 규칙이 없음",
            denied.node,
            denied.security_groups.join(", "),
            other(denied),
            denied.port,
        ),
        Failure::AclDenied { network_acl, subnet, direction, ports, answer, rule } => {
            let way = if *answer { "응답" } else { "요청" };
            let side = match direction {
                Direction::Egress => "아웃바운드",
                Direction::Ingress => "인바운드",
            };
            let rule =
                rule.map_or("맞는 규칙 없음".to_owned(), |rule| format!("규칙 {rule}번"));
            format!(
                "{subnet} 서브넷의 네트워크 ACL {network_acl}: {side} {ports} 포트의 {way} 차단 \
                 ({rule})"
            )
        }
        Failure::DifferentVpcs { from, to } => {
            format!("서로 다른 VPC({from}, {to})이고 피어링이 없음")
        }
        Failure::PeeringWithoutRoute { peering, subnet, route_table, destination } => format!(
            "피어링 {peering}: {subnet} 서브넷의 라우팅 테이블 {route_table}에 {destination} \
             경로가 없음"
        ),
        Failure::TransitivePeering { peering, through, to } => {
            format!("피어링 {peering}: {through} VPC까지만 이어지고 {to} VPC로 건너가지 못함")
        }
        Failure::EdgeToEdge { peering } => {
            format!("피어링 {peering}: 상대 VPC의 게이트웨이를 거쳐 인터넷으로 나갈 수 없음")
        }
        Failure::NoEndpoint { service, subnet, route_table } => format!(
            "{service} 엔드포인트가 없고 {subnet} 서브넷의 라우팅 테이블 {route_table}에 \
             인터넷으로 가는 경로도 없음"
        ),
        Failure::PrivateDnsOff { endpoint, service } => format!(
            "엔드포인트 {endpoint}의 프라이빗 DNS가 꺼져 있어 {service} 이름이 공개 주소를 가리킴"
        ),
        Failure::GatewayEndpointNotRouted { endpoint, subnet, route_table } => format!(
            "게이트웨이 엔드포인트 {endpoint}: {subnet} 서브넷의 라우팅 테이블 {route_table}에 \
             연결되지 않음"
        ),
        Failure::CustomDnsResolution { database, endpoint } => format!(
            "{database}: rds.custom_dns_resolution이 1이 아니라서 엔드포인트 {endpoint}의 이름을 \
             모름"
        ),
        _ => failure.code().to_owned(),
    }
}

fn english(failure: &Failure) -> String {
    match failure {
        Failure::NotListening { function } => {
            format!("{function} is a function: it is invoked through Lambda's API")
        }
        Failure::NotInVpc { target } => format!("{target} has no subnets"),
        Failure::FunctionNotInVpc { function, target } => {
            format!("{function} isn't attached to a VPC, and {target} has private addresses only")
        }
        Failure::ProxyNotPublic { proxy } => {
            format!("{proxy} is an RDS Proxy, which has no public access")
        }
        Failure::TargetNotPublic { target } => format!("{target} has no public address"),
        Failure::PublicInPrivateSubnet { target, subnet, route_table } => format!(
            "{target} has a public address, but route table {route_table} of {subnet} has no \
             route to an Internet gateway"
        ),
        Failure::NoRoute { subnet, route_table, destination } => {
            format!("route table {route_table} of {subnet} has no route to {destination}")
        }
        Failure::NoPublicAddress { source, subnet, internet_gateway } => format!(
            "{subnet} has a route to Internet gateway {internet_gateway}, but {source} has no \
             public address"
        ),
        Failure::InternetGatewayDetached { internet_gateway, vpc } => {
            format!("Internet gateway {internet_gateway} isn't attached to VPC {vpc}")
        }
        Failure::NatInPrivateSubnet { nat_gateway, subnet, route_table } => format!(
            "NAT gateway {nat_gateway} stands in {subnet}, whose route table {route_table} has no \
             route to an Internet gateway"
        ),
        Failure::Blackhole { subnet, route_table, through } => {
            format!("a route in {route_table} of {subnet} leads to {through}, which isn't there")
        }
        _ => english_of_rules(failure),
    }
}

/// The reasons that lie in rules, peerings and endpoints.
fn english_of_rules(failure: &Failure) -> String {
    match failure {
        Failure::EgressDenied(denied) => format!(
            "security group {} of {} lets nothing out to {} on port {}",
            denied.security_groups.join(", "),
            denied.node,
            other(denied),
            denied.port,
        ),
        Failure::IngressDenied(denied) => format!(
            "security group {} of {} doesn't let port {} in from {}",
            denied.security_groups.join(", "),
            denied.node,
            denied.port,
            other(denied),
        ),
        Failure::AclDenied { network_acl, subnet, direction, ports, answer, rule } => {
            let what = if *answer { "answers" } else { "requests" };
            let way = match direction {
                Direction::Egress => "out of",
                Direction::Ingress => "into",
            };
            let rule = rule.map_or("no rule fits".to_owned(), |rule| format!("rule {rule}"));
            format!(
                "network ACL {network_acl} bars {what} {way} {subnet} on ports {ports} ({rule})"
            )
        }
        Failure::DifferentVpcs { from, to } => {
            format!("{from} and {to} are different VPCs without a peering")
        }
        Failure::PeeringWithoutRoute { peering, subnet, route_table, destination } => format!(
            "peering {peering} exists, but route table {route_table} of {subnet} has no route to \
             {destination}"
        ),
        Failure::TransitivePeering { peering, through, to } => {
            format!("peering {peering} leads to {through} and not on to {to}")
        }
        Failure::EdgeToEdge { peering } => {
            format!("peering {peering} gives no way to the Internet through the other VPC")
        }
        Failure::NoEndpoint { service, subnet, route_table } => format!(
            "no endpoint for {service}, and route table {route_table} of {subnet} has no route to \
             the Internet"
        ),
        Failure::PrivateDnsOff { endpoint, service } => format!(
            "private DNS of endpoint {endpoint} is off, so the name of {service} leads to public \
             addresses"
        ),
        Failure::GatewayEndpointNotRouted { endpoint, subnet, route_table } => {
            format!("gateway endpoint {endpoint} isn't in route table {route_table} of {subnet}")
        }
        Failure::CustomDnsResolution { database, endpoint } => format!(
            "{database} doesn't know the name of endpoint {endpoint}: rds.custom_dns_resolution \
             isn't 1"
        ),
        _ => failure.code().to_owned(),
    }
}

/// The other side of a rule: its groups where rules can name them, else its address.
fn other(denied: &Denied) -> String {
    match &denied.remote {
        Remote::Private { security_groups, .. } if !security_groups.is_empty() => {
            format!("{} ({})", denied.other, security_groups.join(", "))
        }
        Remote::Private { .. } => denied.other.clone(),
        Remote::Public(Some(cidr)) => cidr.to_string(),
        Remote::Public(None) => Cidr::EVERYWHERE.to_string(),
        Remote::Service(service) => service.clone(),
    }
}

/// What a path passes, from gateway to gateway.
pub fn way(hops: &[Hop], language: Language) -> String {
    let korean = language == Language::Korean;
    let name = |korean_word: &str, english_word: &str, name: &str| {
        format!("{} {name}", if korean { korean_word } else { english_word })
    };
    let passed = hops.iter().filter_map(|hop| match hop {
        Hop::NatGateway { nat_gateway, .. } => {
            Some(name("NAT 게이트웨이", "NAT gateway", nat_gateway))
        }
        Hop::InternetGateway { internet_gateway } => {
            Some(name("인터넷 게이트웨이", "Internet gateway", internet_gateway))
        }
        Hop::Peering { peering } => Some(name("피어링", "peering", peering)),
        Hop::GatewayEndpoint { endpoint } => {
            Some(name("게이트웨이 엔드포인트", "gateway endpoint", endpoint))
        }
        Hop::InterfaceEndpoint { endpoint } => {
            Some(name("인터페이스 엔드포인트", "interface endpoint", endpoint))
        }
        Hop::LambdaNetwork { .. } => {
            Some(if korean { "Lambda의 네트워크" } else { "Lambda's own network" }.to_owned())
        }
        _ => None,
    });
    let passed: Vec<String> = passed.collect();
    match passed.is_empty() {
        true if korean => "VPC 안에서 바로 연결됨".to_owned(),
        true => "within the VPC".to_owned(),
        false => passed.join(" → "),
    }
}
