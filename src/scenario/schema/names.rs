//! The names of resources. They are collected before the sections are read, so that any section
//! may name what another one has, and all of them share one space of names, because expectations
//! and posts ask for measures by name alone.

use std::ops::Range;

use indexmap::IndexMap;

use super::{NAME, Reader};
use crate::aws::architecture::{Resource, ResourceKind};
use crate::diagnostic::{Code, closest};
use crate::scenario::expression::name::enumerate;
use crate::yaml::{Mapping, Node, NodeValue};

/// Something is named that isn't deployed.
pub const UNKNOWN_RESOURCE: Code = Code("E0105");

/// A section that holds resources by name.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its key in the block.
    pub key: &'static str,
    /// What it holds.
    pub kind: ResourceKind,
    /// What one of them is called in a message.
    pub word: &'static str,
}

/// The sections that hold resources, in the order in which they are read.
pub const SECTIONS: [Section; 16] = [
    Section { key: "functions", kind: ResourceKind::Function, word: "function" },
    Section { key: "apis", kind: ResourceKind::Api, word: "API" },
    Section { key: "distributions", kind: ResourceKind::Distribution, word: "distribution" },
    Section { key: "roles", kind: ResourceKind::Role, word: "role" },
    Section { key: "users", kind: ResourceKind::User, word: "user" },
    Section { key: "tasks", kind: ResourceKind::Task, word: "task" },
    Section { key: "buckets", kind: ResourceKind::Bucket, word: "bucket" },
    Section { key: "rules", kind: ResourceKind::Rule, word: "rule" },
    Section { key: "queues", kind: ResourceKind::Queue, word: "queue" },
    Section { key: "streams", kind: ResourceKind::Stream, word: "stream" },
    Section { key: "tables", kind: ResourceKind::Table, word: "table" },
    Section { key: "topics", kind: ResourceKind::Topic, word: "topic" },
    Section { key: "endpoints", kind: ResourceKind::Endpoint, word: "endpoint" },
    Section { key: "databases", kind: ResourceKind::Database, word: "database" },
    Section { key: "proxies", kind: ResourceKind::Proxy, word: "proxy" },
    Section {
        key: "event_subscriptions",
        kind: ResourceKind::EventSubscription,
        word: "event subscription",
    },
];

/// The resources by name, in the order of sections and, in each, of the author.
#[derive(Clone, Debug, Default)]
pub struct Names(IndexMap<String, Resource>);

impl Names {
    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The resource of one of some kinds that has a name.
    pub fn find(&self, name: &str, kinds: &[ResourceKind]) -> Option<Resource> {
        self.0.get(name).copied().filter(|resource| kinds.contains(&resource.kind))
    }

    /// The resource of a name.
    pub fn get(&self, name: &str) -> Option<Resource> {
        self.0.get(name).copied()
    }

    /// The names of some kinds.
    pub fn of(&self, kinds: &[ResourceKind]) -> Vec<&str> {
        let named = self.0.iter().filter(|(_, resource)| kinds.contains(&resource.kind));
        named.map(|(name, _)| name.as_str()).collect()
    }
}

/// The indefinite article of a word.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'A']) { "an" } else { "a" }
}

/// What resources of some kinds are called together: `queue or topic`.
fn words(kinds: &[ResourceKind]) -> String {
    let sections = SECTIONS.iter().filter(|section| kinds.contains(&section.kind));
    let words: Vec<&str> = sections.map(|section| section.word).collect();
    alternatives(&words)
}

/// `a`, `a or b`, `a, b or c`.
fn alternatives(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

impl Reader<'_> {
    /// Collects the names of a block's resources.
    pub(super) fn collect_names(&mut self, fields: &Mapping) -> Names {
        let mut names = Names::default();
        for section in SECTIONS {
            let Some(node) = fields.get(section.key) else { continue };
            let NodeValue::Mapping(mapping) = &node.value else { continue };
            for (index, entry) in mapping.entries.iter().enumerate() {
                let resource = Resource::new(section.kind, index);
                let known = names.0.insert(entry.key.clone(), resource);
                let Some(known) = known.filter(|known| known.kind != section.kind) else {
                    continue;
                };
                let other = SECTIONS.iter().find(|section| section.kind == known.kind);
                let other = other.map_or("", |section| section.word);
                let name = &entry.key;
                let diagnostic = self
                    .error(NAME, &entry.key_range, format!("two resources are called `{name}`"))
                    .label(format!("the name of {} {other} already", article(other)))
                    .hint("give one of them another name: posts print measures by name");
                self.report(diagnostic);
            }
        }
        names
    }

    /// The resource that a node names, of one of some kinds.
    pub fn resource(&mut self, node: &Node, key: &str, kinds: &[ResourceKind]) -> Option<Resource> {
        let name = self.text_of(node, key)?;
        if let Some(&resource) = self.names.0.get(&name)
            && kinds.contains(&resource.kind)
        {
            return Some(resource);
        }
        self.unknown_resource(&name, &node.range, kinds);
        None
    }

    fn unknown_resource(&mut self, name: &str, range: &Range<usize>, kinds: &[ResourceKind]) {
        let word = words(kinds);
        let names = self.names.of(kinds);
        let sections = SECTIONS.iter().filter(|section| kinds.contains(&section.kind));
        let sections: Vec<String> = sections.map(|s| format!("`{}`", s.key)).collect();
        let sections: Vec<&str> = sections.iter().map(String::as_str).collect();
        let sections = alternatives(&sections);
        let diagnostic = self
            .error(UNKNOWN_RESOURCE, range, format!("no {word} is called `{name}`"))
            .label(format!("not under {sections}"));
        let diagnostic = match closest(name, names.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None if names.is_empty() => diagnostic.hint(format!("{sections} has none")),
            None => {
                let several = format!("{}s", word.replace(" or ", "s and ").replace(", ", "s, "));
                let several = several.replace("proxys", "proxies");
                diagnostic.hint(format!("the {several} are {}", enumerate(&names)))
            }
        };
        self.report(diagnostic);
    }
}
