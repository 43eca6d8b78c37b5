//! What is deployed and what happens to it: the input of a run. Times are nanoseconds.
//!
//! Each service has a list of its own; a [`Resource`] names an entry of one of the lists.

use serde::{Deserialize, Serialize};

use crate::aws::lambda::deployment::{Deployment, Function, Maintenance, Routing, Scaling};
use crate::sim::flow::Arrivals;

/// What is deployed in an account, what happens to it, and under which rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Architecture {
    /// The account and its Region.
    pub account: Account,
    /// Lambda functions, in the author's order.
    pub functions: Vec<Function>,
    /// New versions of functions that are deployed in the course of the run.
    pub deployments: Vec<Deployment>,
    /// What comes from outside.
    pub sources: Vec<Source>,
    /// Choices where AWS documents none.
    pub policies: Policies,
}

/// The account's side of a deployment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// The Region, for instance `ap-northeast-2`.
    pub region: String,
    /// The quota "Concurrent executions" of the Region; the catalogue's when `None`.
    pub concurrent_executions: Option<u64>,
    /// Whether it is a new account, whose quota is lower.
    pub new: bool,
    /// Whether the month's free tier is taken off the bill.
    pub free_tier: bool,
}

/// Behaviour that AWS doesn't document, as a choice with a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policies {
    /// Which idle environment gets the next request.
    pub routing: Routing,
    /// Whether maintenance replaces environments.
    pub maintenance: Maintenance,
    /// How fast environments may be added.
    pub scaling: Scaling,
}

/// The kind of a resource: which of the architecture's lists it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResourceKind {
    /// Something outside of the account that sends: [`Architecture::sources`].
    Source,
    /// A Lambda function: [`Architecture::functions`].
    Function,
}

/// A resource: its kind and its place in the list of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// The kind.
    pub kind: ResourceKind,
    /// The place in the list, from 0.
    pub index: u32,
}

impl Resource {
    /// The resource at a place of a list.
    pub fn new(kind: ResourceKind, index: usize) -> Self {
        Self { kind, index: u32::try_from(index).unwrap_or(u32::MAX) }
    }

    /// The place in the list, for indexing.
    pub fn place(self) -> usize {
        self.index as usize
    }
}

/// How something is handed to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The sender waits for the answer: `RequestResponse`.
    Request,
    /// The sender only wants it to be taken: `Event`.
    Delivery,
}

/// What comes from outside: requests or messages to one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Where they go.
    pub target: Resource,
    /// How they are handed over.
    pub form: Form,
    /// When they come.
    pub arrivals: Arrivals,
}

impl Architecture {
    /// The name of a resource; empty for what has none and for one that isn't there.
    pub fn name(&self, resource: Resource) -> &str {
        let at = resource.place();
        match resource.kind {
            ResourceKind::Source => "",
            ResourceKind::Function => self.functions.get(at).map_or("", |f| &f.name),
        }
    }
}
