//! `show`: the views of a scenario, in the author's order.

use super::model::Model;
use super::scalar::{CHOICE, RANGE};
use super::{KIND, MISSING, Reader, kind};
use crate::aws::architecture::{Architecture, Form, ResourceKind, Source};
use crate::diagnostic::Code;
use crate::scenario::expect::Expectation;
use crate::scenario::outcome::View;
use crate::sim::draw::Distribution;
use crate::yaml::{Node, NodeValue};

/// A chart of a sweep, and nothing that is swept.
pub const NO_SWEEP: Code = Code("E0161");

/// A chart of the sweep.
#[derive(Clone, Debug)]
pub struct WrittenChart {
    /// The whole of what stands in `show`.
    text: String,
    /// What is drawn; `None` for the measure that says most.
    pub measure: Option<Expectation>,
}

/// The views by the names of the language.
const VIEWS: [(&str, View); 13] = [
    ("summary", View::Summary),
    ("concurrency", View::Concurrency),
    ("environments", View::Environments),
    ("latency", View::Latency),
    ("cost", View::Cost),
    ("queue", View::Queue),
    ("log", View::Log),
    ("sequence", View::Sequence),
    ("topology", View::Topology),
    ("decisions", View::Decisions),
    ("tasks", View::Tasks),
    ("rds_events", View::RdsEvents),
    (SWEEP, View::Sweep(0)),
];
/// The view that is about the sweep, which may name what it draws.
const SWEEP: &str = "sweep";

/// What a story may be called, whatever it is about.
const STORIES: [&str; 5] = ["message", "request", "event", "record", "task"];

/// How few requests there may be for the lifelines of environments to be the better first figure.
const FEW_REQUESTS: f64 = 60.0;

impl Reader<'_> {
    /// The views to show; those that fit the model when nothing is said.
    pub fn show(&mut self, node: Option<&Node>, model: &Model, swept: bool) -> Vec<View> {
        let items = match node.map(|node| (&node.value, node)) {
            None | Some((NodeValue::Null, _)) if swept => {
                self.charts.push(WrittenChart { text: SWEEP.to_owned(), measure: None });
                return vec![View::Sweep(0)];
            }
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
            let Some(view) = self.view(item, swept) else { continue };
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
    fn view(&mut self, node: &Node, swept: bool) -> Option<View> {
        if let NodeValue::String(text) = &node.value {
            if text == SWEEP {
                return self.chart(node, text, None, swept);
            }
            if let Some((name, rest)) = text.split_once('(')
                && let Some(argument) = rest.trim_end().strip_suffix(')')
            {
                match name.trim() {
                    "why" => return self.why(node, argument.trim()),
                    SWEEP => {
                        let argument = Some(argument).filter(|text| !text.trim().is_empty());
                        return self.chart(node, text, argument, swept);
                    }
                    _ => {}
                }
            }
        }
        self.choice(node, "show", &VIEWS, &[])
    }

    /// `sweep`, or `sweep(orders.throttles)`: a measure, or anything computed of measures, over the
    /// sweep.
    fn chart(
        &mut self,
        node: &Node,
        text: &str,
        argument: Option<&str>,
        swept: bool,
    ) -> Option<View> {
        if !swept {
            let diagnostic = self
                .error(NO_SWEEP, &node.range, "there is no sweep to show")
                .label("the scenario sweeps nothing")
                .hint("add `sweep: { functions.orders.memory: [512MB, 1GB, 2GB] }`");
            self.report(diagnostic);
            return None;
        }
        let measure = match argument {
            None => None,
            Some(argument) => {
                // Blanks in place of the name keep what is in parentheses at its place.
                let before = text.find('(').map_or(0, |at| at + 1);
                let expression = format!("{}{argument}", " ".repeat(before));
                Some(self.expression(node, text, &expression)?)
            }
        };
        let known = self.charts.iter().position(|chart| chart.text == text);
        let index = known.unwrap_or_else(|| {
            self.charts.push(WrittenChart { text: text.to_owned(), measure });
            self.charts.len() - 1
        });
        u32::try_from(index).ok().map(View::Sweep)
    }

    /// `why(message 17)`: the story of the message or request with that number, from 0.
    fn why(&mut self, node: &Node, argument: &str) -> Option<View> {
        let words: Vec<&str> = argument.split_whitespace().collect();
        let number = match words.as_slice() {
            [word, number] if STORIES.contains(word) => number.parse::<u32>(),
            [number] => number.parse(),
            _ => "".parse(),
        };
        // The greatest number marks stories that nobody follows.
        if let Some(number) = number.ok().filter(|&number| number < u32::MAX) {
            return Some(View::Why(number));
        }
        let (code, message) = match words.last() {
            Some(last)
                if last.bytes().all(|byte| byte.is_ascii_digit())
                    && words.iter().rev().skip(1).all(|word| STORIES.contains(word)) =>
            {
                (RANGE, "`why` is about one of the first 4,294,967,295 messages")
            }
            _ => (CHOICE, "`why` is about one of what comes, by its number"),
        };
        let forms = STORIES.map(|word| format!("`why({word} 17)`")).join(", ");
        let diagnostic = self
            .error(code, &node.range, message)
            .label("no number of a message, request, event, record or task")
            .hint(format!("they are numbered as they come, from 0: {forms}, or `why(17)`"));
        self.report(diagnostic);
        None
    }
}

/// The table, and the figures that fit: who talks to whom for a distribution; of functions,
/// lifelines for a handful of requests, the area chart for a flow, latency where it varies.
fn default_views(model: &Model) -> Vec<View> {
    let requests: f64 = model.events.iter().map(|event| event.requests).sum();
    let connected = model.architecture.plan.as_ref().is_some_and(|plan| !plan.links.is_empty());
    let topology = connected.then_some(View::Topology);
    if model.events.is_empty() {
        return vec![topology.unwrap_or(View::Summary)];
    }
    let architecture = &model.architecture;
    let mut identities = Vec::new();
    if !architecture.identities.accesses.is_empty() {
        identities.push(View::Decisions);
    }
    if !architecture.task_runs.is_empty() {
        identities.push(View::Tasks);
    }
    if architecture.sources.is_empty() && !identities.is_empty() {
        return identities;
    }
    let mut views = vec![View::Summary];
    views.extend(topology);
    if !architecture.event_subscriptions.is_empty() && !architecture.incidents.is_empty() {
        views.push(View::RdsEvents);
    }
    if !model.architecture.distributions.is_empty() {
        views.push(View::Sequence);
    }
    let waiting = has_queues(architecture).then_some(View::Queue);
    if model.architecture.functions.is_empty() {
        views.extend(waiting);
        return views;
    }
    views.push(if requests <= FEW_REQUESTS { View::Environments } else { View::Concurrency });
    let constant = |distribution| matches!(distribution, Distribution::Constant(_));
    if architecture.functions.iter().any(|function| !constant(function.duration)) {
        views.push(View::Latency);
    }
    views.extend(waiting);
    views.extend(identities);
    views
}

/// Whether anything can wait: in a queue, in a stream, or as an event for a function.
fn has_queues(architecture: &Architecture) -> bool {
    let asynchronous = |source: &Source| {
        source.form == Form::Delivery && source.target.kind == ResourceKind::Function
    };
    !architecture.queues.is_empty()
        || !architecture.streams.is_empty()
        || !architecture.tables.is_empty()
        || architecture.sources.iter().any(asynchronous)
        || architecture.topics.iter().any(|topic| !topic.subscriptions.is_empty())
        || !architecture.buckets.is_empty()
        || !architecture.rules.is_empty()
}
