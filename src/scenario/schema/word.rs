//! Small values of which sections have many: truth values, lists of names, statuses, sizes.

use std::collections::BTreeSet;

use super::scalar::{CHOICE, RANGE};
use super::{KIND, Reader, kind};
use crate::diagnostic::closest;
use crate::quantity::Dimension;
use crate::scenario::expression::name::enumerate;
use crate::yaml::{Node, NodeValue};

/// The statuses that HTTP has.
const STATUSES: std::ops::RangeInclusive<u64> = 100..=999;

impl Reader<'_> {
    /// A truth value.
    pub fn yes_or_no(&mut self, node: &Node, name: &str) -> Option<bool> {
        if let NodeValue::Bool(value) = node.value {
            return Some(value);
        }
        let diagnostic = self
            .error(KIND, &node.range, format!("`{name}` is `true` or `false`"))
            .label(format!("this is {}", kind(&node.value)));
        self.report(diagnostic);
        None
    }

    /// The items of a list; a single value is a list of one.
    pub fn one_or_more<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        match &node.value {
            NodeValue::Sequence(items) => items.iter().collect(),
            NodeValue::Null => Vec::new(),
            _ => vec![node],
        }
    }

    /// A list of texts.
    pub fn words_of(&mut self, node: &Node, name: &str) -> Vec<String> {
        let items = self.one_or_more(node);
        items.into_iter().filter_map(|item| self.text_of(item, name)).collect()
    }

    /// A list of words out of some.
    pub fn choices<T: Copy + Ord>(
        &mut self,
        node: &Node,
        name: &str,
        options: &[(&'static str, T)],
    ) -> BTreeSet<T> {
        let items = self.one_or_more(node);
        items.into_iter().filter_map(|item| self.choice(item, name, options, &[])).collect()
    }

    /// The place of a name among the names that an author has given, of a `word`.
    pub fn among(&mut self, node: &Node, word: &str, names: &[String]) -> Option<usize> {
        let name = self.text_of(node, word)?;
        if let Some(at) = names.iter().position(|known| *known == name) {
            return Some(at);
        }
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let diagnostic = self
            .error(CHOICE, &node.range, format!("no {word} is called `{name}`"))
            .label(format!("not the name of an {word}"));
        let diagnostic = match closest(&name, known.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None if known.is_empty() => diagnostic,
            None => diagnostic.hint(format!("it is one of {}", enumerate(&known))),
        };
        self.report(diagnostic);
        None
    }

    /// An HTTP status.
    pub fn status(&mut self, node: &Node, name: &str) -> Option<u16> {
        let status = self.count(node, name, 0)?;
        if STATUSES.contains(&status) {
            return u16::try_from(status).ok();
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`{name}` is an HTTP status"))
            .label("a status has three digits");
        self.report(diagnostic);
        None
    }

    /// A size in bytes, rounded to whole ones.
    pub fn bytes(&mut self, node: &Node, name: &str) -> Option<u64> {
        Some(self.quantity(node, name, Dimension::DataSize)?.amount.round() as u64)
    }
}
