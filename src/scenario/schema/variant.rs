//! `variants`: the same scenario with some settings changed. A setting is a dotted path into the
//! block's own tree, so that it may change whatever can be written there.

use std::ops::Range;

use super::model::SCENARIO;
use super::names::{SECTIONS, Section, UNKNOWN_RESOURCE};
use super::{Keys, NAME, Reader, UNKNOWN_KEY, kind};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// A path of `with` that leads nowhere.
pub const PATH: Code = Code("E0116");

const VARIANT: Keys = Keys { known: &["with", "expect"], later: &[] };

/// The sections that no setting can change: they belong to the block as a whole.
const FIXED: [&str; 6] = ["id", "title", "variants", "sweep", "expect", "show"];

/// A variant as it is written.
#[derive(Clone, Debug)]
pub struct WrittenVariant<'n> {
    /// The author's name.
    pub name: &'n str,
    /// The bytes of the name.
    pub range: Range<usize>,
    /// The block's tree with the variant's settings in it.
    pub root: Node,
    /// The node under `expect`.
    pub expect: Option<&'n Node>,
}

impl Reader<'_> {
    /// The variants in the author's order.
    pub fn variants<'n>(&mut self, root: &Node, node: &'n Node) -> Vec<WrittenVariant<'n>> {
        let Some(mapping) = self.mapping(node, "`variants`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::VARIANTS, "variants", &node.range);
        let entries = mapping.entries.iter().take(limit::VARIANTS);
        entries.filter_map(|entry| self.variant(root, entry)).collect()
    }

    fn variant<'n>(&mut self, root: &Node, entry: &'n Entry) -> Option<WrittenVariant<'n>> {
        let name = entry.key.as_str();
        let length = name.chars().count();
        if name.trim().is_empty() || length > limit::NAME || name.chars().any(char::is_control) {
            let diagnostic = self
                .error(NAME, &entry.key_range, "a variant needs a short name")
                .label(format!("{length} characters"))
                .hint(format!("give it a name of 1 to {} characters", limit::NAME));
            self.report(diagnostic);
        }
        let mut variant = WrittenVariant {
            name,
            range: entry.key_range.clone(),
            root: root.clone(),
            expect: None,
        };
        if entry.value.value == NodeValue::Null {
            return Some(variant);
        }
        let fields = self.fields(&entry.value, &format!("variant `{name}`"), VARIANT)?;
        variant.expect = fields.get("expect");
        if let Some(with) = fields.get("with").filter(|node| node.value != NodeValue::Null)
            && let Some(settings) = self.mapping(with, "`with`")
        {
            let size = settings.entries.len();
            self.check_size(size, limit::SETTINGS, "settings in one `with`", &with.range);
            for setting in settings.entries.iter().take(limit::SETTINGS) {
                if let Err(diagnostic) = self.set(&mut variant.root, setting, "a variant") {
                    self.report(*diagnostic);
                }
            }
        }
        Some(variant)
    }

    /// Puts a setting into the tree. `what` changes it: a variant or a sweep.
    pub(super) fn set(
        &self,
        root: &mut Node,
        setting: &Entry,
        what: &str,
    ) -> Result<(), Box<Diagnostic>> {
        let depth = setting.key.split('.').count();
        if depth > limit::PATH {
            let message = format!("a path has at most {} steps", limit::PATH);
            let diagnostic = self.error(PATH, &setting.key_range, message);
            return Err(Box::new(diagnostic.label(format!("{depth} steps"))));
        }
        let steps = self.steps(setting);
        let Some((first, _)) = steps.first() else { return Ok(()) };
        if FIXED.contains(first) {
            return Err(Box::new(
                self.error(PATH, &steps[0].1, format!("{what} can't change `{first}`"))
                    .label("belongs to the scenario as a whole"),
            ));
        }
        let section_known = SCENARIO.known.iter().chain(SCENARIO.later).any(|key| key == first);
        if !section_known {
            return Err(Box::new(self.unknown_section(first, &steps[0].1, root)));
        }
        let mut at = root;
        let mut done = String::new();
        for (index, (step, range)) in steps.iter().enumerate() {
            let last = index + 1 == steps.len();
            if matches!(at.value, NodeValue::Null) {
                *at = empty_map(range);
            }
            at = match &mut at.value {
                NodeValue::Mapping(mapping) => {
                    let section = SECTIONS.iter().find(|section| section.key == done);
                    if let Some(section) = section.filter(|_| !last && mapping.get(step).is_none())
                    {
                        let unknown = self.unknown_resource_of(section, step, range, mapping);
                        return Err(Box::new(unknown));
                    }
                    slot(mapping, step, range)
                }
                NodeValue::Sequence(items) => {
                    let length = items.len();
                    let at = step.parse::<usize>().ok().filter(|&at| at <= length);
                    // The number after the last adds an entry, which is written as a whole.
                    if at == Some(length) && last {
                        items.push(empty_map(range));
                    }
                    let found = at.and_then(|at| items.get_mut(at));
                    found.ok_or_else(|| Box::new(self.no_such_item(step, range, &done, length)))?
                }
                other => {
                    let message =
                        format!("`{done}` is {}, so there is no `{step}` in it", kind(other));
                    let diagnostic = self.error(PATH, range, message).label("leads nowhere");
                    return Err(Box::new(diagnostic.hint(format!("set `{done}` as a whole"))));
                }
            };
            if !done.is_empty() {
                done.push('.');
            }
            done.push_str(step);
        }
        *at = setting.value.clone();
        Ok(())
    }

    /// The steps of a path with their places. The name of a catalogue entry is one step.
    fn steps<'n>(&self, setting: &'n Entry) -> Vec<(&'n str, Range<usize>)> {
        let path = setting.key.as_str();
        let range = &setting.key_range;
        // In quotes with escapes the parts can't be told apart; then each stands for the whole.
        let text = self.text.text();
        let start = match text.get(range.clone()) {
            Some(written) if written == path => Some(range.start),
            Some(written) if written.get(1..written.len().saturating_sub(1)) == Some(path) => {
                Some(range.start + 1)
            }
            _ => None,
        };
        let parts: Vec<&str> = match path.split_once('.') {
            Some(("quotas", name)) => vec!["quotas", name],
            _ => path.split('.').collect(),
        };
        let mut offset = 0;
        let mut steps = Vec::with_capacity(parts.len());
        for part in parts {
            let place = match start {
                Some(start) => start + offset..start + offset + part.len(),
                None => range.clone(),
            };
            steps.push((part, place));
            offset += part.len() + 1;
        }
        steps
    }

    fn unknown_section(&self, name: &str, range: &Range<usize>, root: &Node) -> Diagnostic {
        let diagnostic = self
            .error(UNKNOWN_KEY, range, format!("unknown key `{name}` in a scenario"))
            .label("a path begins with a section of the scenario");
        let has = |section: &&Section| {
            let NodeValue::Mapping(mapping) = &root.value else { return false };
            let Some(node) = mapping.get(section.key) else { return false };
            matches!(&node.value, NodeValue::Mapping(named) if named.get(name).is_some())
        };
        if let Some(section) = SECTIONS.iter().find(has) {
            return diagnostic.hint(format!("did you mean `{}.{name}`?", section.key));
        }
        let names: Vec<&str> =
            SCENARIO.known.iter().copied().filter(|name| !FIXED.contains(name)).collect();
        match closest(name, names.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("the sections are {}", enumerate(&names))),
        }
    }

    fn unknown_resource_of(
        &self,
        section: &Section,
        name: &str,
        range: &Range<usize>,
        mapping: &Mapping,
    ) -> Diagnostic {
        let names: Vec<&str> = mapping.entries.iter().map(|entry| entry.key.as_str()).collect();
        let Section { key, word, .. } = section;
        let diagnostic = self
            .error(UNKNOWN_RESOURCE, range, format!("no {word} is called `{name}`"))
            .label(format!("not under `{key}`"));
        match closest(name, names.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("the {word}s are {}", enumerate(&names))),
        }
    }

    fn no_such_item(
        &self,
        step: &str,
        range: &Range<usize>,
        list: &str,
        length: usize,
    ) -> Diagnostic {
        let has = match length {
            0 => format!("`{list}` is empty"),
            1 => format!("`{list}` has one entry, number 0"),
            n => format!("`{list}` has entries 0 to {}", n - 1),
        };
        self.error(PATH, range, format!("`{list}` has no entry `{step}`"))
            .label(has)
            .hint(format!("`{list}.{length}` as a whole adds one; `{list}` replaces them all"))
    }
}

fn empty_map(range: &Range<usize>) -> Node {
    Node { range: range.clone(), value: NodeValue::Mapping(Mapping::default()) }
}

/// The value under a key, made if it isn't there. The key is from now on the setting's, so that a
/// message about it points there.
fn slot<'m>(mapping: &'m mut Mapping, key: &str, range: &Range<usize>) -> &'m mut Node {
    let position = mapping.entries.iter().position(|entry| entry.key == key);
    let index = position.unwrap_or_else(|| {
        mapping.entries.push(Entry {
            key: key.to_owned(),
            key_range: range.clone(),
            value: Node { range: range.clone(), value: NodeValue::Null },
            merged: false,
        });
        mapping.entries.len() - 1
    });
    &mut mapping.entries[index].value
}
