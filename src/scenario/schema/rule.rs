//! The section `rules`: rules of EventBridge's default bus, by pattern or by schedule.

use std::collections::BTreeMap;

use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::architecture::ResourceKind;
use crate::aws::eventbridge::deployment::{Rule, Scheduled, Target};
use crate::aws::eventbridge::schedule::Schedule;
use crate::aws::sns::filter::{Condition, FilterPolicy};
use crate::scenario::limit;
use crate::sim::windows::Windows;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const RULE: Keys =
    Keys { known: &["pattern", "schedule", "until", "disabled", "targets"], later: &["bus"] };

const TARGET: Keys = Keys {
    known: &[
        "to",
        "max_event_age",
        "max_retry_attempts",
        "dead_letter",
        "message_group",
        "down",
        "deleted",
    ],
    later: &["input", "input_transformer"],
};

/// What a rule can invoke.
const TARGETS: [ResourceKind; 3] =
    [ResourceKind::Function, ResourceKind::Queue, ResourceKind::Topic];
/// What can be a dead-letter queue of a target.
const DEAD_LETTER: [ResourceKind; 1] = [ResourceKind::Queue];

impl Reader<'_> {
    /// The rules in the author's order.
    pub fn bus_rules(&mut self, node: &Node) -> Vec<Rule> {
        let Some(mapping) = self.mapping(node, "`rules`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::EVENT_RULES, "rules", &node.range);
        mapping.entries.iter().take(limit::EVENT_RULES).map(|entry| self.bus_rule(entry)).collect()
    }

    fn bus_rule(&mut self, entry: &Entry) -> Rule {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "rule");
        let mut rule = Rule { name, ..Rule::default() };
        let what = format!("rule `{}`", rule.name);
        let Some(fields) = self.fields(&entry.value, &what, RULE) else { return rule };
        let pattern = fields.get("pattern").filter(|node| node.value != NodeValue::Null);
        rule.pattern = pattern.and_then(|node| self.event_pattern(node));
        rule.schedule = self.bus_schedule(fields, &what, &entry.value);
        rule.disabled = self.flag(fields, "disabled");
        if pattern.is_none() && fields.get("schedule").is_none() {
            let diagnostic = self
                .error(MISSING, &entry.value.range, format!("{what} has no `pattern`"))
                .label("neither `pattern` nor `schedule`: nothing triggers it")
                .hint("add `pattern: { source: [shop] }`, or `schedule: rate(5 minutes)`");
            self.report(diagnostic);
        }
        if let Some(node) = fields.get("targets") {
            let items = self.items(node, "targets", "`targets: [NAME]`");
            self.check_size(items.len(), limit::TARGETS, "targets of a rule", &node.range);
            let items = items.iter().take(limit::TARGETS);
            rule.targets = items.filter_map(|item| self.target(item, &what)).collect();
        }
        rule
    }

    /// `schedule: rate(5 minutes)` with the end of the stretch in which it is looked at.
    fn bus_schedule(&mut self, fields: &Mapping, what: &str, owner: &Node) -> Option<Scheduled> {
        let Some(node) = fields.get("schedule") else {
            self.without(fields, &["until"], what, "triggered by events, as they come");
            return None;
        };
        let expression = self.text_of(node, "schedule");
        let until = self.required(fields, "until", what, &owner.range, "until: 1h");
        let until = until.and_then(|node| self.duration(node, "until"));
        let (expression, until) = (expression?, until?);
        let exotic = |c: char| matches!(c, 'L' | 'W' | '#');
        let schedule = Schedule::parse(&expression);
        let days = expression.starts_with("cron(")
            && expression.split(' ').any(|field| {
                field.contains(exotic) && !field.chars().all(|c| c.is_ascii_alphabetic())
                    || field == "L"
            });
        if schedule.is_none() && days {
            let message = format!("`L`, `W` or `#` in `schedule` of {what}");
            let diagnostic = self.not_simulated(&node.range, &message);
            self.report(diagnostic);
            return None;
        }
        Some(Scheduled { expression, schedule, until })
    }

    fn target(&mut self, node: &Node, rule: &str) -> Option<Target> {
        let short = !matches!(node.value, NodeValue::Mapping(_));
        let empty = Mapping::default();
        let what = format!("a target of {rule}");
        let fields = if short { &empty } else { self.fields(node, &what, TARGET)? };
        let to =
            if short { node } else { self.required(fields, "to", &what, &node.range, "to: NAME")? };
        let target = self.resource(to, "to", &TARGETS);
        let age = fields.get("max_event_age");
        let attempts = fields.get("max_retry_attempts");
        let queue = fields.get("dead_letter");
        let down = fields.get("down").filter(|node| node.value != NodeValue::Null);
        Some(Target {
            max_event_age: age.and_then(|node| self.duration(node, "max_event_age")),
            max_retry_attempts: attempts.and_then(|n| self.count(n, "max_retry_attempts", 0)),
            dead_letter: queue.and_then(|n| self.resource(n, "dead_letter", &DEAD_LETTER)),
            message_group: self.flag(fields, "message_group"),
            down: down.map_or_else(Windows::default, |n| self.windows(n, "down", limit::OUTAGES)),
            deleted: self.flag(fields, "deleted"),
            target: target?,
        })
    }

    /// An event pattern, written as EventBridge writes it: lists of conditions in nested maps.
    fn event_pattern(&mut self, node: &Node) -> Option<FilterPolicy> {
        let mut keys = BTreeMap::new();
        let mapping = self.mapping(node, "`pattern`")?;
        self.pattern_keys(mapping, "", 0, &mut keys);
        Some(FilterPolicy { of_body: true, keys })
    }

    fn pattern_keys(
        &mut self,
        mapping: &Mapping,
        path: &str,
        depth: usize,
        keys: &mut BTreeMap<String, Vec<Condition>>,
    ) {
        for Entry { key, value, .. } in &mapping.entries {
            let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            if !self.check_size(
                keys.len() + 1,
                limit::FILTER_KEYS,
                "keys in a pattern",
                &value.range,
            ) {
                return;
            }
            match &value.value {
                NodeValue::Mapping(inner) if depth < limit::DETAIL => {
                    self.pattern_keys(inner, &name, depth + 1, keys);
                }
                NodeValue::Sequence(items) => {
                    let items = items.iter().take(limit::FILTER_CONDITIONS);
                    let conditions = items.filter_map(|item| self.condition(item));
                    keys.insert(name, conditions.collect());
                }
                other => {
                    let diagnostic = self
                        .error(KIND, &value.range, format!("`{key}` of a pattern is a list"))
                        .label(format!("this is {}", kind(other)))
                        .hint(format!("EventBridge wants every value in a list: `{key}: [VALUE]`"));
                    self.report(diagnostic);
                }
            }
        }
    }
}
