//! Rules of security groups and of network ACLs.

use super::function::CONFLICT;
use super::scalar::RANGE;
use super::things::Thing;
use super::{KIND, Keys, Reader, kind};
use crate::aws::vpc::address::{Cidr, Ports};
use crate::aws::vpc::network::{AclRule, GATEWAY_ENDPOINT_SERVICES, Peer, Rule};
use crate::scenario::limit;
use crate::yaml::{Node, NodeValue};

/// Which list a rule stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What comes in.
    Ingress,
    /// What goes out.
    Egress,
}

const INGRESS: Keys = Keys { known: &["from", "port"], later: &["protocol"] };
const EGRESS: Keys = Keys { known: &["to", "port"], later: &["protocol"] };
const ACL_RULE: Keys = Keys { known: &["rule", "allow", "deny", "port"], later: &["protocol"] };

/// What stands for everything.
const ALL: &str = "all";

impl Side {
    fn key(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }
}

impl Reader<'_> {
    /// The rules of a security group. Nothing is let in, and everything out, unless it is said.
    pub fn rules(&mut self, node: Option<&Node>, side: Side) -> Vec<Rule> {
        let everything = || vec![Rule { ports: Ports::ALL, peer: Peer::Cidr(Cidr::EVERYWHERE) }];
        let Some(node) = node else {
            return match side {
                Side::Ingress => Vec::new(),
                Side::Egress => everything(),
            };
        };
        if node.value == NodeValue::String(ALL.to_owned()) {
            return everything();
        }
        let items = self.rule_items(node, side);
        items.iter().filter_map(|item| self.rule(item, side)).collect()
    }

    fn rule_items<'n>(&mut self, node: &'n Node, side: Side) -> &'n [Node] {
        let items: &[Node] = match &node.value {
            NodeValue::Null => return &[],
            NodeValue::Sequence(items) => items,
            other => {
                let key = side.key();
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{key}` is a list of rules"))
                    .label(format!("this is {}", kind(other)))
                    .hint(format!("for instance `{key}: [{{ {} }}]`", rule_example(side)));
                self.report(diagnostic);
                return &[];
            }
        };
        self.check_size(items.len(), limit::RULES, "rules in one list", &node.range);
        items.get(..limit::RULES).unwrap_or(items)
    }

    fn rule(&mut self, node: &Node, side: Side) -> Option<Rule> {
        let (keys, key) = match side {
            Side::Ingress => (INGRESS, "from"),
            Side::Egress => (EGRESS, "to"),
        };
        let fields = self.fields(node, "a rule", keys)?;
        let ports = fields.get("port").map_or(Some(Ports::ALL), |node| self.ports(node));
        let peer = self.required(fields, key, "a rule", &node.range, rule_example(side))?;
        let peer = self.peer(peer, key);
        Some(Rule { ports: ports?, peer: peer? })
    }

    fn peer(&mut self, node: &Node, key: &str) -> Option<Peer> {
        let text = self.text_of(node, key)?;
        let is_group = self.things.has(Thing::SecurityGroup, &text);
        if !is_group && GATEWAY_ENDPOINT_SERVICES.contains(&text.as_str()) {
            return Some(Peer::Service(text));
        }
        if !is_group && text.contains('/') {
            return self.cidr_text(&text, &node.range).map(Peer::Cidr);
        }
        self.thing(node, key, &[Thing::SecurityGroup]).map(Peer::SecurityGroup)
    }

    /// `3306`, `1024-65535` or `all`.
    fn ports(&mut self, node: &Node) -> Option<Ports> {
        let text = self.text_of(node, "port")?;
        if text == ALL {
            return Some(Ports::ALL);
        }
        let (from, to) = text.split_once('-').unwrap_or((&text, &text));
        let read = |text: &str| text.trim().parse::<u16>().ok();
        let ports = read(from).zip(read(to)).filter(|(from, to)| from <= to);
        if ports.is_none() {
            let diagnostic = self
                .error(RANGE, &node.range, format!("`port` can't be `{text}`"))
                .label(format!("ports are numbers from 0 to {}", u16::MAX))
                .hint("write `3306`, `1024-65535` or `all`");
            self.report(diagnostic);
        }
        ports.map(|(from, to)| Ports { from, to })
    }

    /// A port number.
    pub fn port(&mut self, node: &Node) -> Option<u16> {
        let number = self.count(node, "port", 0)?;
        let port = u16::try_from(number).ok();
        if port.is_none() {
            let diagnostic = self
                .error(RANGE, &node.range, format!("`port` can't be {number}"))
                .label(format!("ports are numbers from 0 to {}", u16::MAX));
            self.report(diagnostic);
        }
        port
    }

    /// The rules of a network ACL; none without a list, which lets nothing through.
    pub fn acl_rules(&mut self, node: Option<&Node>, side: Side) -> Vec<AclRule> {
        let Some(node) = node else { return Vec::new() };
        let items = self.rule_items(node, side);
        items.iter().filter_map(|item| self.acl_rule(item)).collect()
    }

    fn acl_rule(&mut self, node: &Node) -> Option<AclRule> {
        let fields = self.fields(node, "a rule", ACL_RULE)?;
        let example = "rule: 100";
        let number = self.required(fields, "rule", "a rule", &node.range, example);
        let number = number.and_then(|node| self.count(node, "rule", 1));
        let ports = fields.get("port").map_or(Some(Ports::ALL), |node| self.ports(node));
        let (allow, cidr) = match (fields.get("allow"), fields.get("deny")) {
            (Some(cidr), None) => (true, cidr),
            (None, Some(cidr)) => (false, cidr),
            _ => {
                let diagnostic = self
                    .error(CONFLICT, &node.range, "a rule of a network ACL allows or denies")
                    .label("`allow` or `deny`, one of them")
                    .hint("for instance `{ rule: 100, allow: 10.0.0.0/16, port: 3306 }`");
                self.report(diagnostic);
                return None;
            }
        };
        let cidr = self.cidr(cidr);
        let number = u32::try_from(number?).unwrap_or(u32::MAX);
        Some(AclRule { number, allow, cidr: cidr?, ports: ports? })
    }
}

fn rule_example(side: Side) -> &'static str {
    match side {
        Side::Ingress => "from: function_sg, port: 3306",
        Side::Egress => "to: proxy_sg, port: 3306",
    }
}
