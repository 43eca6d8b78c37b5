//! The names of what a network is made of. Like those of resources they are collected before
//! anything is read, so that each section may name what another has.

use std::ops::Range;

use super::function::CONFLICT;
use super::names::UNKNOWN_RESOURCE;
use super::{KIND, Reader, kind};
use crate::diagnostic::closest;
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Mapping, Node, NodeValue};

/// A kind of thing in a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A VPC.
    Vpc,
    /// A subnet.
    Subnet,
    /// A route table.
    RouteTable,
    /// An Internet gateway.
    InternetGateway,
    /// A NAT gateway.
    NatGateway,
    /// A peering connection.
    Peering,
    /// A VPC endpoint.
    Endpoint,
    /// A security group.
    SecurityGroup,
    /// A network ACL.
    NetworkAcl,
    /// An EC2 instance.
    Instance,
}

/// Each kind with its section, what one is called and what several are called.
const THINGS: [(Thing, &str, &str, &str); 10] = [
    (Thing::Vpc, "vpcs", "VPC", "VPCs"),
    (Thing::Subnet, "subnets", "subnet", "subnets"),
    (Thing::RouteTable, "route_tables", "route table", "route tables"),
    (Thing::InternetGateway, "internet_gateways", "Internet gateway", "Internet gateways"),
    (Thing::NatGateway, "nat_gateways", "NAT gateway", "NAT gateways"),
    (Thing::Peering, "peerings", "peering", "peerings"),
    (Thing::Endpoint, "endpoints", "endpoint", "endpoints"),
    (Thing::SecurityGroup, "security_groups", "security group", "security groups"),
    (Thing::NetworkAcl, "network_acls", "network ACL", "network ACLs"),
    (Thing::Instance, "instances", "instance", "instances"),
];

impl Thing {
    fn row(self) -> (&'static str, &'static str, &'static str) {
        let found = THINGS.iter().find(|(thing, ..)| *thing == self);
        found.map_or(("", "", ""), |&(_, key, word, plural)| (key, word, plural))
    }

    /// Its section.
    pub fn key(self) -> &'static str {
        self.row().0
    }

    /// What one is called.
    pub fn word(self) -> &'static str {
        self.row().1
    }

    /// What several are called.
    pub fn plural(self) -> &'static str {
        self.row().2
    }
}

/// The names of the things of a network.
#[derive(Clone, Debug, Default)]
pub struct Things {
    names: Vec<(Thing, String)>,
    described: bool,
}

impl Things {
    /// The names in a block.
    pub fn collect(fields: &Mapping) -> Self {
        let mut things = Self::default();
        let Some(NodeValue::Mapping(network)) = fields.get("network").map(|node| &node.value)
        else {
            return things;
        };
        things.described = true;
        for (thing, key, ..) in THINGS {
            if let Some(NodeValue::Mapping(section)) = network.get(key).map(|node| &node.value) {
                let names = section.entries.iter().take(limit::NETWORK_THINGS);
                things.names.extend(names.map(|entry| (thing, entry.key.clone())));
            }
        }
        things
    }

    /// Whether a network is described.
    pub fn described(&self) -> bool {
        self.described
    }

    /// The names of a kind.
    pub fn of(&self, thing: Thing) -> impl Iterator<Item = &str> {
        let named = self.names.iter().filter(move |(known, _)| *known == thing);
        named.map(|(_, name)| name.as_str())
    }

    /// Whether a kind has this name.
    pub fn has(&self, thing: Thing, name: &str) -> bool {
        self.of(thing).any(|known| known == name)
    }

    /// Whether there is any of a kind.
    pub fn any(&self, thing: Thing) -> bool {
        self.of(thing).next().is_some()
    }

    /// The only one of a kind.
    pub fn only(&self, thing: Thing) -> Option<String> {
        let mut names = self.of(thing);
        let first = names.next()?;
        names.next().is_none().then(|| first.to_owned())
    }
}

impl Reader<'_> {
    /// The name of a thing of one of some kinds.
    pub fn thing(&mut self, node: &Node, key: &str, kinds: &[Thing]) -> Option<String> {
        let name = self.text_of(node, key)?;
        if kinds.iter().any(|&thing| self.things.has(thing, &name)) {
            return Some(name);
        }
        self.unknown_thing(&name, &node.range, kinds);
        None
    }

    fn unknown_thing(&mut self, name: &str, range: &Range<usize>, kinds: &[Thing]) {
        let words: Vec<&str> = kinds.iter().map(|thing| thing.word()).collect();
        let sections: Vec<String> =
            kinds.iter().map(|thing| format!("`network.{}`", thing.key())).collect();
        let names: Vec<&str> = kinds.iter().flat_map(|&thing| self.things.of(thing)).collect();
        let sections = sections.join(" or ");
        let diagnostic = self
            .error(UNKNOWN_RESOURCE, range, format!("no {} is called `{name}`", words.join(" or ")))
            .label(format!("not under {sections}"));
        let diagnostic = match closest(name, names.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None if names.is_empty() => diagnostic.hint(format!("{sections} has none")),
            None => diagnostic.hint(format!("there are {}", enumerate(&names))),
        };
        self.report(diagnostic);
    }

    /// The names of things in a list, or one name.
    pub fn names_under(&mut self, fields: &Mapping, key: &str, thing: Thing) -> Vec<String> {
        let Some(node) = fields.get(key) else { return Vec::new() };
        let items: &[Node] = match &node.value {
            NodeValue::Null => return Vec::new(),
            NodeValue::Sequence(items) => items,
            NodeValue::String(_) => std::slice::from_ref(node),
            other => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{key}` is a list of names"))
                    .label(format!("this is {}", kind(other)))
                    .hint(format!("for instance `{key}: [NAME]`"));
                self.report(diagnostic);
                return Vec::new();
            }
        };
        let what = format!("`{key}` of one resource");
        self.check_size(items.len(), limit::PLACES, &what, &node.range);
        items
            .iter()
            .take(limit::PLACES)
            .filter_map(|item| self.thing(item, key, &[thing]))
            .collect()
    }

    /// Reports keys that have no effect.
    pub fn without(&mut self, fields: &Mapping, keys: &[&str], what: &str, owner: &str) {
        for entry in fields.entries.iter().filter(|entry| keys.contains(&entry.key.as_str())) {
            let diagnostic = self
                .error(CONFLICT, &entry.key_range, format!("`{}` has no effect here", entry.key))
                .label(format!("{what} is {owner}"));
            self.report(diagnostic);
        }
    }
}
