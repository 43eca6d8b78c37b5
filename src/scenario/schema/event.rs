//! The `events` section: what happens, one-off or as a flow. Each event has one action, and each
//! action is read by the file of what it acts on.

use std::ops::Range;

use super::access::{ACCESS, RUN_TASK};
use super::calls::{CONNECT, FAILOVER};
use super::deploy::DEPLOY;
use super::function::CONFLICT;
use super::invoke::INVOKE;
use super::object::{DELETE, UPLOAD};
use super::publish::PUBLISH;
use super::put::{PUT, WRITE};
use super::put_events::PUT_EVENTS;
use super::query::QUERY;
use super::rds_events::HAPPENS;
use super::request::REQUEST;
use super::scalar::RANGE;
use super::send::SEND;
use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::architecture::{Architecture, Form, Resource, Source};
use crate::diagnostic::Code;
use crate::quantity::{Dimension, Quantity};
use crate::scenario::limit;
use crate::sim::flow::Arrivals;
use crate::yaml::{Mapping, Node, NodeValue};

/// A run would pass its bounds.
pub const BOUND: Code = Code("E0112");

/// What an event does.
#[derive(Clone, Copy)]
pub struct Action {
    /// Its key in the event.
    pub key: &'static str,
    /// All keys of such an event.
    pub keys: Keys,
    /// Reads it into the architecture.
    pub read: ReadAction,
}

/// How an action is read: from the event into the architecture.
pub type ReadAction =
    for<'r, 't> fn(&'r mut Reader<'t>, &WrittenEvent<'_>, &mut Architecture) -> Option<Placed>;

/// All actions.
const ACTIONS: [Action; 16] = [
    INVOKE, ACCESS, RUN_TASK, PUBLISH, SEND, REQUEST, CONNECT, FAILOVER, HAPPENS, DEPLOY, PUT,
    WRITE, UPLOAD, DELETE, PUT_EVENTS, QUERY,
];

/// Actions of the language that this version doesn't simulate.
const LATER_ACTIONS: [&str; 2] = ["fail", "fault"];

/// An event as it is written.
#[derive(Clone, Copy, Debug)]
pub struct WrittenEvent<'n> {
    /// The whole event.
    pub node: &'n Node,
    /// Its keys.
    pub fields: &'n Mapping,
    /// What stands under its action's key.
    pub value: &'n Node,
    /// What it is called in messages.
    pub what: &'n str,
}

/// An event with its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The bytes of the event.
    pub range: Range<usize>,
    /// What it acts on.
    pub target: Resource,
    /// How its requests arrive; `None` for what isn't a flow.
    pub arrivals: Option<Arrivals>,
    /// About how many requests it brings.
    pub requests: f64,
}

impl Reader<'_> {
    /// Reads the events into an architecture.
    pub fn events(&mut self, node: &Node, architecture: &mut Architecture) -> Vec<Placed> {
        let items = match &node.value {
            NodeValue::Null => return Vec::new(),
            NodeValue::Sequence(items) => items,
            other => {
                let diagnostic = self
                    .error(KIND, &node.range, "`events` is a list")
                    .label(format!("this is {}", kind(other)))
                    .hint("begin each event with `- `: `- { invoke: orders, at: 0s }`");
                self.report(diagnostic);
                return Vec::new();
            }
        };
        self.check_size(items.len(), limit::EVENTS, "events", &node.range);
        let mut placed = Vec::new();
        for (index, item) in items.iter().take(limit::EVENTS).enumerate() {
            placed.extend(self.event(item, index, architecture));
        }
        self.check_requests(&placed);
        placed
    }

    fn event(
        &mut self,
        node: &Node,
        index: usize,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let what = format!("event {index}");
        let mapping = self.mapping(node, &what)?;
        let mut actions = ACTIONS.iter().filter(|action| mapping.get(action.key).is_some());
        let Some(action) = actions.next() else {
            return self.without_action(node, mapping, &what);
        };
        if let Some(other) = actions.next() {
            let (one, other) = (action.key, other.key);
            let diagnostic = self
                .error(CONFLICT, &node.range, format!("{what} has both `{one}` and `{other}`"))
                .label("an event does one thing")
                .hint("write two events");
            self.report(diagnostic);
            return None;
        }
        let fields = self.fields(node, &what, action.keys)?;
        let value = self.required(fields, action.key, &what, &node.range, "invoke: NAME");
        let Some(value) = value else {
            self.arrivals(node, fields, &what);
            return None;
        };
        let event = WrittenEvent { node, fields, value, what: &what };
        (action.read)(self, &event, architecture)
    }

    /// An event that does nothing that is known.
    fn without_action(&mut self, node: &Node, fields: &Mapping, what: &str) -> Option<Placed> {
        let later = fields.entries.iter().find(|e| LATER_ACTIONS.contains(&e.key.as_str()));
        if let Some(later) = later {
            let name = format!("`{}` of {what}", later.key);
            let diagnostic = self.not_simulated(&later.key_range, &name);
            self.report(diagnostic);
            return None;
        }
        self.fields(node, what, INVOKE.keys)?;
        self.required(fields, INVOKE.key, what, &node.range, "invoke: NAME");
        self.arrivals(node, fields, what);
        None
    }

    /// An event that is a flow to a resource, or one request. Without a value when the target or
    /// the times can't be read.
    pub fn source(
        &mut self,
        event: &WrittenEvent<'_>,
        target: Option<Resource>,
        form: Form,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let arrivals = self.arrivals(event.node, event.fields, event.what);
        let cargo = self.cargo(event, arrivals);
        let (arrivals, target) = (arrivals?, target?);
        let (sender, clients, attributes, body) = Default::default();
        architecture.sources.push(Source {
            target,
            form,
            sender,
            clients,
            arrivals,
            cargo,
            attributes,
            body,
        });
        let requests = match arrivals {
            Arrivals::Once { count, .. } => count as f64,
            Arrivals::Constant { rate, from, until } | Arrivals::Poisson { rate, from, until } => {
                rate * (until - from) as f64 / 1e9
            }
        };
        let range = event.node.range.clone();
        Some(Placed { range, target, arrivals: Some(arrivals), requests })
    }

    fn arrivals(&mut self, node: &Node, fields: &Mapping, what: &str) -> Option<Arrivals> {
        let (at, rate) = (fields.get("at"), fields.get("rate"));
        let foreign: &[&str] = match (at, rate) {
            (Some(_), Some(_)) => {
                let diagnostic = self
                    .error(CONFLICT, &node.range, format!("{what} has both `at` and `rate`"))
                    .label("a one-off event or a flow, not both")
                    .hint("leave out `at` (and `count`), or `rate` (and `from`, `until`)");
                self.report(diagnostic);
                return None;
            }
            (None, None) => {
                let diagnostic = self
                    .error(MISSING, &node.range, format!("{what} doesn't say when it happens"))
                    .label("neither `at` nor `rate`")
                    .hint("add `at: 0s`, or a flow: `rate: 100/s, until: 60s`");
                self.report(diagnostic);
                return None;
            }
            (Some(_), None) => &["from", "until", "arrivals"],
            (None, Some(_)) => &["count"],
        };
        for entry in fields.entries.iter().filter(|e| foreign.contains(&e.key.as_str())) {
            let (owner, other) = if at.is_some() { ("rate", "at") } else { ("at", "rate") };
            let diagnostic = self
                .error(CONFLICT, &entry.key_range, format!("`{}` has no effect here", entry.key))
                .label(format!("it goes with `{owner}`, and {what} has `{other}`"));
            self.report(diagnostic);
        }
        match (at, rate) {
            (Some(at), _) => {
                let at = self.duration(at, "at");
                let count = fields.get("count").map(|node| self.count(node, "count", 1));
                Some(Arrivals::Once { at: at?, count: count.unwrap_or(Some(1))? })
            }
            (None, Some(rate)) => self.flow(node, fields, rate, what),
            (None, None) => None,
        }
    }

    fn flow(&mut self, node: &Node, fields: &Mapping, rate: &Node, what: &str) -> Option<Arrivals> {
        let rate_range = rate.range.clone();
        let rate = self.quantity(rate, "rate", Dimension::Rate).map(|rate| rate.amount);
        let from = fields.get("from").map(|node| self.duration(node, "from"));
        let until_node = self.required(fields, "until", what, &node.range, "until: 60s");
        let until = until_node.and_then(|node| self.duration(node, "until"));
        let options = [("constant", false), ("poisson", true)];
        let poisson = fields.get("arrivals");
        let poisson = poisson.map(|node| self.choice(node, "arrivals", &options, &[]));
        let (rate, from, until) = (rate?, from.unwrap_or(Some(0))?, until?);
        if rate <= 0.0 {
            let diagnostic = self
                .error(RANGE, &rate_range, "`rate` is above zero")
                .label("nothing would ever arrive")
                .hint("leave the event out");
            self.report(diagnostic);
            return None;
        }
        if until <= from {
            let range = until_node.map_or(&node.range, |node| &node.range);
            let diagnostic = self
                .error(RANGE, range, format!("{what} ends before it begins"))
                .label("`until` is not later than `from`");
            self.report(diagnostic);
            return None;
        }
        Some(match poisson.unwrap_or(Some(false))? {
            true => Arrivals::Poisson { rate, from, until },
            false => Arrivals::Constant { rate, from, until },
        })
    }

    /// Reports a run that is hopeless: each request is one simulated event at least.
    fn check_requests(&mut self, placed: &[Placed]) {
        let total: f64 = placed.iter().map(|event| event.requests).sum();
        if total <= limit::SIMULATED_EVENTS as f64 {
            return;
        }
        let largest = placed.iter().max_by(|a, b| a.requests.total_cmp(&b.requests));
        if let Some(largest) = largest {
            let diagnostic = over_bound(self, &largest.range, largest.requests, total);
            self.report(diagnostic);
        }
    }
}

fn over_bound(
    reader: &Reader<'_>,
    range: &Range<usize>,
    requests: f64,
    total: f64,
) -> crate::diagnostic::Diagnostic {
    let show =
        |number: f64| crate::quantity::format_number(Quantity::number(number.round()).amount);
    let bound = show(limit::SIMULATED_EVENTS as f64);
    let message = format!("{} requests are more than a run may simulate", show(total));
    let diagnostic = reader
        .error(BOUND, range, message)
        .label(format!("about {} requests from this event", show(requests)))
        .note(format!("a run is bounded to {bound} simulated events, so that a build ends"));
    diagnostic.hint(
        "let `until` be earlier, or lower `rate` together with the concurrency: a tenth of both \
         shows the same",
    )
}
