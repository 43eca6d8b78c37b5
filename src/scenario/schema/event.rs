//! The `events` section: requests, one-off or as a flow.

use std::ops::Range;

use super::function::CONFLICT;
use super::scalar::RANGE;
use super::{KIND, Keys, MISSING, Reader, kind};
use crate::aws::lambda::deployment::{Arrivals, Function, Load};
use crate::diagnostic::{Code, closest};
use crate::quantity::{Dimension, Quantity};
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Mapping, Node, NodeValue};

/// An event names something that isn't deployed.
pub const UNKNOWN_FUNCTION: Code = Code("E0105");
/// A run would pass its bounds.
pub const BOUND: Code = Code("E0112");

const EVENT: Keys = Keys {
    known: &["invoke", "via", "at", "count", "rate", "from", "until", "arrivals"],
    later: &[
        "request", "publish", "send", "put", "upload", "write", "query", "connect", "fail",
        "fault", "failover", "batch", "payload", "mode", "burst", "ramp",
    ],
};

/// Synchronous sources. All wait for the answer, so the model treats them alike.
const SOURCES: [(&str, ()); 3] = [("sdk", ()), ("api_gateway", ()), ("function_url", ())];
const LATER_SOURCES: [&str; 12] = [
    "alb",
    "s3",
    "sns",
    "sqs",
    "kinesis",
    "dynamodb",
    "eventbridge",
    "event",
    "async",
    "cloudfront",
    "rds",
    "step_functions",
];

/// A load with the place of its event.
#[derive(Clone, Debug)]
pub struct PlacedLoad {
    /// The load.
    pub load: Load,
    /// The bytes of the event.
    pub range: Range<usize>,
    /// About how many requests it brings.
    pub requests: f64,
}

impl Reader<'_> {
    /// The events as loads on `functions`.
    pub fn events(&mut self, node: &Node, functions: &[Function]) -> Vec<PlacedLoad> {
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
        let mut loads = Vec::new();
        for (index, item) in items.iter().take(limit::EVENTS).enumerate() {
            loads.extend(self.event(item, index, functions));
        }
        self.check_requests(&loads);
        loads
    }

    fn event(&mut self, node: &Node, index: usize, functions: &[Function]) -> Option<PlacedLoad> {
        let what = format!("event {index}");
        let fields = self.fields(node, &what, EVENT)?;
        // An event of a kind that isn't simulated has been reported by its key.
        let later = |entry: &crate::yaml::Entry| EVENT.later.contains(&entry.key.as_str());
        if fields.get("invoke").is_none() && fields.entries.iter().any(later) {
            return None;
        }
        let function = self
            .required(fields, "invoke", &what, &node.range, "invoke: NAME")
            .and_then(|node| self.invoked(node, functions));
        if let Some(source) = fields.get("via") {
            self.choice(source, "via", &SOURCES, &LATER_SOURCES);
        }
        let arrivals = self.arrivals(node, fields, &what);
        let (function, arrivals) = (function?, arrivals?);
        let requests = match arrivals {
            Arrivals::Once { count, .. } => count as f64,
            Arrivals::Constant { rate, from, until } | Arrivals::Poisson { rate, from, until } => {
                rate * (until - from) as f64 / 1e9
            }
        };
        Some(PlacedLoad { load: Load { function, arrivals }, range: node.range.clone(), requests })
    }

    fn invoked(&mut self, node: &Node, functions: &[Function]) -> Option<usize> {
        let name = self.text_of(node, "invoke")?;
        let found = functions.iter().position(|function| function.name == name);
        if found.is_none() {
            let names: Vec<&str> = functions.iter().map(|f| f.name.as_str()).collect();
            let diagnostic = self
                .error(UNKNOWN_FUNCTION, &node.range, format!("no function is called `{name}`"))
                .label("not under `functions`");
            let diagnostic = match closest(&name, names.iter().copied()) {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                None if names.is_empty() => diagnostic.hint("`functions` has none"),
                None => diagnostic.hint(format!("the functions are {}", enumerate(&names))),
            };
            self.report(diagnostic);
        }
        found
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
    fn check_requests(&mut self, loads: &[PlacedLoad]) {
        let total: f64 = loads.iter().map(|load| load.requests).sum();
        if total <= limit::SIMULATED_EVENTS as f64 {
            return;
        }
        let largest = loads.iter().max_by(|a, b| a.requests.total_cmp(&b.requests));
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
