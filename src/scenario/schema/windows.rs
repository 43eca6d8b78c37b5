//! Stretches of time: `[{ from: 0s, until: 10m }]`.

use super::scalar::RANGE;
use super::{KIND, Keys, Reader, kind};
use crate::sim::windows::Windows;
use crate::yaml::{Node, NodeValue};

const WINDOW: Keys = Keys { known: &["from", "until"], later: &[] };

impl Reader<'_> {
    /// The stretches of time under the key `name`: a list of at most `most`, or
    /// one.
    pub(super) fn windows(&mut self, node: &Node, name: &str, most: usize) -> Windows {
        let items = match &node.value {
            NodeValue::Sequence(items) => items.iter().collect(),
            NodeValue::Mapping(_) => vec![node],
            other => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{name}` is a list of stretches of time"))
                    .label(format!("this is {}", kind(other)))
                    .hint(format!("for instance `{name}: [{{ from: 0s, until: 10m }}]`"));
                self.report(diagnostic);
                return Windows::default();
            }
        };
        let what = format!("stretches of time in `{name}`");
        self.check_size(items.len(), most, &what, &node.range);
        let items = items.into_iter().take(most);
        Windows::new(items.filter_map(|item| self.window(item, name)).collect())
    }

    fn window(&mut self, node: &Node, name: &str) -> Option<(u64, u64)> {
        let what = format!("`{name}`");
        let fields = self.fields(node, &what, WINDOW)?;
        let from = fields.get("from").map(|node| self.duration(node, "from"));
        let until_node = self.required(fields, "until", &what, &node.range, "until: 10m");
        let until = until_node.and_then(|node| self.duration(node, "until"));
        let (from, until) = (from.unwrap_or(Some(0))?, until?);
        if until > from {
            return Some((from, until));
        }
        let range = until_node.map_or(&node.range, |node| &node.range);
        let diagnostic = self
            .error(RANGE, range, format!("a stretch of `{name}` ends before it begins"))
            .label("`until` is not later than `from`");
        self.report(diagnostic);
        None
    }
}
