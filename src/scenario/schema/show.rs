//! `show`: the views of a scenario, in the author's order.

use super::model::Model;
use super::scalar::{CHOICE, RANGE};
use super::{KIND, MISSING, Reader, kind};
use crate::scenario::outcome::View;
use crate::sim::draw::Distribution;
use crate::yaml::{Node, NodeValue};

/// The views by the names of the language.
const VIEWS: [(&str, View); 7] = [
    ("summary", View::Summary),
    ("concurrency", View::Concurrency),
    ("environments", View::Environments),
    ("latency", View::Latency),
    ("cost", View::Cost),
    ("log", View::Log),
    ("topology", View::Topology),
];
const LATER_VIEWS: [&str; 3] = ["sequence", "queue", "sweep"];

/// How few requests there may be for the lifelines of environments to be the better first figure.
const FEW_REQUESTS: f64 = 60.0;

impl Reader<'_> {
    /// The views to show; those that fit the model when nothing is said.
    pub fn show(&mut self, node: Option<&Node>, model: &Model) -> Vec<View> {
        let items = match node.map(|node| (&node.value, node)) {
            None | Some((NodeValue::Null, _)) => return default_views(model),
            Some((NodeValue::Sequence(items), _)) => items.iter().collect(),
            Some((NodeValue::String(_), node)) => vec![node],
            Some((other, node)) => {
                let diagnostic = self
                    .error(KIND, &node.range, "`show` is a list of views")
                    .label(format!("this is {}", kind(other)))
                    .hint("for instance `show: [summary, concurrency]`");
                self.report(diagnostic);
                return Vec::new();
            }
        };
        let mut views = Vec::new();
        for item in items {
            let Some(view) = self.view(item) else { continue };
            if view == View::Topology && model.architecture.plan.is_none() {
                let diagnostic = self
                    .error(MISSING, &item.range, "`topology` needs a `network`")
                    .label("no network is described")
                    .hint("describe the network: `network: { vpcs: …, subnets: … }`");
                self.report(diagnostic);
            } else if !views.contains(&view) {
                views.push(view);
            }
        }
        views
    }

    /// A view: its name, or its name with what it is about in parentheses.
    fn view(&mut self, node: &Node) -> Option<View> {
        if let NodeValue::String(text) = &node.value
            && let Some((name, rest)) = text.split_once('(')
            && let Some(argument) = rest.trim_end().strip_suffix(')')
            && name.trim() == "why"
        {
            return self.why(node, argument.trim());
        }
        self.choice(node, "show", &VIEWS, &LATER_VIEWS)
    }

    /// `why(message 17)`: the story of the message or request with that number, from 0.
    fn why(&mut self, node: &Node, argument: &str) -> Option<View> {
        let words: Vec<&str> = argument.split_whitespace().collect();
        let number = match words.as_slice() {
            ["message" | "request" | "event", number] | [number] => number.parse::<u32>(),
            _ => "".parse(),
        };
        // The greatest number marks stories that nobody follows.
        if let Some(number) = number.ok().filter(|&number| number < u32::MAX) {
            return Some(View::Why(number));
        }
        let (code, message) = match words.last() {
            Some(last) if last.bytes().all(|byte| byte.is_ascii_digit()) => {
                (RANGE, "`why` is about one of the first 4,294,967,295 messages")
            }
            _ => (CHOICE, "`why` is about one message or request"),
        };
        let diagnostic = self
            .error(code, &node.range, message)
            .label("not the number of a message")
            .hint("messages are numbered as they come, from 0: `why(message 17)`");
        self.report(diagnostic);
        None
    }
}

/// The table, and the figure that fits: lifelines for a handful of requests, the area chart for a
/// flow; latency where it varies.
fn default_views(model: &Model) -> Vec<View> {
    let requests: f64 = model.events.iter().map(|event| event.requests).sum();
    let connected = model.architecture.plan.as_ref().is_some_and(|plan| !plan.links.is_empty());
    let topology = connected.then_some(View::Topology);
    if model.events.is_empty() {
        return vec![topology.unwrap_or(View::Summary)];
    }
    let mut views = vec![View::Summary];
    views.extend(topology);
    views.push(if requests <= FEW_REQUESTS { View::Environments } else { View::Concurrency });
    let constant = |distribution| matches!(distribution, Distribution::Constant(_));
    if model.architecture.functions.iter().any(|function| !constant(function.duration)) {
        views.push(View::Latency);
    }
    views
}
