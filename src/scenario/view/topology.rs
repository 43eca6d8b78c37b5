//! The view `topology`: what stands in which subnets, which connections come about, and why the
//! others don't.

use crate::aws::vpc::network::{Endpoint, Network, Node as Place, NodeKind, RouteTarget};
use crate::aws::vpc::plan::{Connection, Plan};
use crate::aws::vpc::verdict::Reachable;
use crate::diagram::topology::{self, Block, Chart, Edge, Group, MOST_EDGES, Node, Panel, State};
use crate::diagram::{FORMATS, Words};
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of, reason};

/// The most panels.
const MOST_PANELS: usize = 6;

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let mut shown = Shown { finding: finding(facts, language), ..Shown::default() };
    let mut chart = Chart::default();
    let mut omitted = 0;
    for variant in facts.ran() {
        let Some(plan) = &variant.plan else { continue };
        if chart.panels.len() < MOST_PANELS {
            let panel = panel(variant, plan, language);
            omitted += panel.edges.len().saturating_sub(MOST_EDGES);
            chart.panels.push(panel);
        } else {
            omitted += 1;
        }
    }
    if omitted > 0 {
        shown.notes.push(match language {
            Language::Korean => format!("그림에서 {omitted}개는 생략, 표에 모두 있음"),
            Language::English => format!("{omitted} are left out of the figure; see the table"),
        });
    }
    let words = Words { title: shown.finding.clone(), description: how_to_read(language) };
    shown.drawings =
        FORMATS.iter().map(|&format| topology::draw(&chart, prefix, format, &words)).collect();
    shown.table = Some(table(facts, language));
    shown
}

fn how_to_read(language: Language) -> String {
    pick(
        language,
        "큰 상자가 VPC, 그 안의 상자가 서브넷이다. 실선은 되는 연결, 점선과 가위표는 안 되는 \
         연결이고, 번호마다 아래에 거치는 길이나 안 되는 까닭이 있다.",
        "The large box is a VPC, the boxes in it are subnets. Solid lines are connections that \
         work, dashed ones with a cross don't; below each number stands the way or the reason.",
    )
    .to_owned()
}

fn finding(facts: &Facts, language: Language) -> String {
    let of = |variant: &Variant| {
        let works = |c: &&Connection| c.verdict.reachable() == Reachable::Always;
        (variant.connections.iter().filter(works).count(), variant.connections.len())
    };
    let sentence = |works: usize, all: usize| match language {
        Language::Korean => format!("연결 {all}개 중 {works}개가 됨"),
        Language::English => format!("{works} of {all} connections work"),
    };
    let parts: Vec<String> = facts
        .ran()
        .filter(|variant| variant.plan.is_some())
        .map(|variant| {
            let (works, all) = of(variant);
            let name = name_of(variant);
            let text = sentence(works, all);
            if name.is_empty() { text } else { format!("‘{name}’ {text}") }
        })
        .collect();
    parts.join(", ")
}

fn kind(node: &Place, language: Language) -> &'static str {
    match node.kind {
        NodeKind::Function => pick(language, "Lambda 함수", "Lambda function"),
        NodeKind::Instance => pick(language, "EC2 인스턴스", "EC2 instance"),
        NodeKind::Task => pick(language, "ECS 태스크", "ECS task"),
        NodeKind::Database => pick(language, "데이터베이스", "database"),
        NodeKind::Proxy => "RDS Proxy",
        NodeKind::InterfaceEndpoint => pick(language, "엔드포인트", "endpoint"),
        NodeKind::Service => pick(language, "AWS 서비스", "AWS service"),
        NodeKind::Internet => pick(language, "인터넷", "the Internet"),
    }
}

fn panel(variant: &Variant, plan: &Plan, language: Language) -> Panel {
    let mut nodes: Vec<(usize, &Place)> = plan.nodes.iter().enumerate().collect();
    // What nothing connects to, and that has no place, isn't worth a row.
    nodes.retain(|(at, node)| {
        let linked = plan.links.iter().any(|link| link.from == *at || link.to == *at);
        linked || !node.subnets.is_empty()
    });
    let subnets = |node: &Place| subnets_of(&plan.network, node);
    let drawn = |&(key, node): &(usize, &Place)| Node {
        key,
        name: match &node.address {
            Some(address) => format!("{} ({address})", node.name),
            None => node.name.clone(),
        },
        kind: kind(node, language).to_owned(),
    };
    let outside = nodes.iter().filter(|(_, node)| subnets(node).is_empty());
    let outside = Group { title: String::new(), nodes: outside.map(drawn).collect() };
    let mut blocks = Vec::new();
    if !outside.nodes.is_empty() {
        blocks.push(Block { groups: vec![outside], ..Block::default() });
    }
    for name in plan.network.vpcs.keys() {
        let mut groups: Vec<(Vec<String>, Group)> = Vec::new();
        for node in &nodes {
            let own = subnets(node.1);
            let first = own.first().and_then(|subnet| plan.network.subnets.get(subnet));
            if first.is_none_or(|subnet| subnet.vpc != *name) {
                continue;
            }
            match groups.iter_mut().find(|(known, _)| *known == own) {
                Some((_, group)) => group.nodes.push(drawn(node)),
                None => {
                    let title = subnets_title(&plan.network, &own, language);
                    groups.push((own, Group { title, nodes: vec![drawn(node)] }));
                }
            }
        }
        let empty = plan.network.subnets.iter().filter(|(subnet, described)| {
            described.vpc == *name && !groups.iter().any(|(own, _)| own.contains(subnet))
        });
        let empty: Vec<String> = empty.map(|(subnet, _)| subnet.clone()).collect();
        for subnet in empty.into_iter().rev() {
            let own = vec![subnet];
            let title = subnets_title(&plan.network, &own, language);
            groups.insert(0, (own, Group { title, nodes: Vec::new() }));
        }
        blocks.push(Block {
            title: vpc_title(&plan.network, name),
            doors: doors(&plan.network, name, language),
            groups: groups.into_iter().map(|(_, group)| group).collect(),
        });
    }
    Panel { title: name_of(variant), blocks, edges: edges(variant, plan, language) }
}

/// The subnets of a node; of an endpoint those of the network's description.
fn subnets_of(network: &Network, node: &Place) -> Vec<String> {
    match (node.kind, network.endpoints.get(&node.name)) {
        (NodeKind::InterfaceEndpoint, Some(Endpoint::Interface { subnets, .. })) => subnets.clone(),
        _ => node.subnets.clone(),
    }
}

fn vpc_title(network: &Network, name: &str) -> String {
    let cidrs = network.vpcs.get(name).map(|vpc| &vpc.cidrs);
    let cidrs: Vec<String> = cidrs.into_iter().flatten().map(ToString::to_string).collect();
    format!("VPC {name} · {}", cidrs.join(", "))
}

/// `private_a (2a, 사설) · private_c (2c, 사설)`.
fn subnets_title(network: &Network, subnets: &[String], language: Language) -> String {
    let title = |name: &String| {
        let Some(subnet) = network.subnets.get(name) else { return name.clone() };
        let routes = network.routes_of(name);
        let public = routes.is_some_and(|table| {
            let leads_out =
                |target: &RouteTarget| matches!(target, RouteTarget::InternetGateway(_));
            table.routes.iter().any(|route| leads_out(&route.target))
        });
        let word = match public {
            true => pick(language, "퍼블릭", "public"),
            false => pick(language, "프라이빗", "private"),
        };
        let zone = subnet.availability_zone.rsplit('-').next().unwrap_or_default();
        let nat = network.nat_gateways.iter().filter(|(_, nat)| nat.subnet == *name);
        let nat: Vec<String> = nat.map(|(nat, _)| format!(", NAT {nat}")).collect();
        format!("{name} ({zone}, {word}{})", nat.concat())
    };
    subnets.iter().map(title).collect::<Vec<_>>().join(" · ")
}

/// What stands on the edge of a VPC.
fn doors(network: &Network, vpc: &str, language: Language) -> Vec<String> {
    let mut doors = Vec::new();
    let gateways = network.internet_gateways.iter();
    for (name, _) in gateways.filter(|(_, gateway)| gateway.vpc.as_deref() == Some(vpc)) {
        doors.push(format!("{} {name}", pick(language, "인터넷 게이트웨이", "Internet gateway")));
    }
    for (name, peering) in &network.peerings {
        if peering.requester == vpc || peering.accepter == vpc {
            let other =
                if peering.requester == vpc { &peering.accepter } else { &peering.requester };
            doors.push(format!("{} {name} → {other}", pick(language, "피어링", "peering")));
        }
    }
    for (name, endpoint) in network.endpoints.iter().filter(|(_, e)| e.vpc() == vpc) {
        let word = match endpoint {
            Endpoint::Gateway { .. } => pick(language, "게이트웨이 엔드포인트", "gateway endpoint"),
            Endpoint::Interface { .. } => {
                pick(language, "인터페이스 엔드포인트", "interface endpoint")
            }
        };
        doors.push(format!("{word} {name} ({})", endpoint.service()));
    }
    doors
}

/// The connections, those that fail first where there are too many.
fn edges(variant: &Variant, plan: &Plan, language: Language) -> Vec<Edge> {
    let links = plan.links.iter().zip(&variant.connections);
    let mut edges: Vec<Edge> = Vec::new();
    for (link, connection) in links {
        let verdict = &connection.verdict;
        let edge = Edge {
            from: link.from,
            to: link.to,
            state: match verdict.reachable() {
                Reachable::Always => State::Works,
                Reachable::Sometimes => State::Sometimes,
                Reachable::Never => State::Fails,
            },
            name: format!("{} → {} :{}", verdict.from, verdict.to, verdict.port),
            explanation: explanation(connection, language),
        };
        if !edges.contains(&edge) {
            edges.push(edge);
        }
    }
    if edges.len() > MOST_EDGES {
        edges.sort_by_key(|edge| edge.state == State::Works);
    }
    edges
}

fn explanation(connection: &Connection, language: Language) -> String {
    let verdict = &connection.verdict;
    let Some(path) = verdict.path() else { return String::new() };
    let Some(failure) = &path.failure else { return reason::way(&path.hops, language) };
    let why = reason::words(failure, language);
    match (verdict.reachable(), &path.from_subnet, language) {
        (Reachable::Sometimes, Some(subnet), Language::Korean) => {
            format!("{subnet} 서브넷에서는 안 됨: {why}")
        }
        (Reachable::Sometimes, Some(subnet), Language::English) => {
            format!("not from {subnet}: {why}")
        }
        _ => why,
    }
}

fn table(facts: &Facts, language: Language) -> Table {
    let columns = [
        "",
        pick(language, "포트", "port"),
        pick(language, "연결", "works"),
        pick(language, "길 또는 까닭", "way or reason"),
    ];
    let mut table = Table::new(pick(language, "연결", "Connections"), &columns);
    for variant in facts.ran() {
        for connection in &variant.connections {
            let verdict = &connection.verdict;
            let works = match verdict.reachable() {
                Reachable::Always => pick(language, "됨", "yes"),
                Reachable::Sometimes => pick(language, "일부", "partly"),
                Reachable::Never => pick(language, "안 됨", "no"),
            };
            let name = name_of(variant);
            let ends = format!("{} → {}", verdict.from, verdict.to);
            let head = if name.is_empty() { ends } else { format!("{name} · {ends}") };
            table.rows.push(vec![
                Cell::head(head),
                Cell::value(count(u64::from(verdict.port)).replace(',', "")),
                Cell::value(works).class("words"),
                Cell::value(explanation(connection, language)).class("words"),
            ]);
        }
    }
    table
}
