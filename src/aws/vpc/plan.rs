//! What is looked for in a network: its nodes, and who connects to whom.

use serde::{Deserialize, Serialize};

use crate::aws::vpc::network::{Network, Node};
use crate::aws::vpc::reach::{Rules, reach};
use crate::aws::vpc::verdict::Verdict;

/// A network with the nodes in and around it, and the connections that are wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The network.
    pub network: Network,
    /// What stands in it and outside of it.
    pub nodes: Vec<Node>,
    /// Who connects to whom.
    pub links: Vec<Link>,
}

/// A connection that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The place of what connects among the nodes.
    pub from: usize,
    /// The place of what is connected to among the nodes.
    pub to: usize,
    /// The port.
    pub port: u16,
    /// Who wants it.
    pub cause: Cause,
}

/// Who wants a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The scenario asks for it.
    Asked,
    /// A function calls.
    Call,
    /// A trigger of a database invokes a function.
    Trigger,
    /// A proxy connects to its target.
    Target,
}

/// Whether a wanted connection comes about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Who wants it.
    pub cause: Cause,
    /// Whether, and by which way.
    pub verdict: Verdict,
}

impl Plan {
    /// The verdicts on all links, in their order. A link to a node that isn't there is left out.
    pub fn connections(&self, rules: Rules) -> Vec<Connection> {
        let connection = |link: &Link| {
            let (from, to) = (self.nodes.get(link.from)?, self.nodes.get(link.to)?);
            let mut verdict = reach(&self.network, from, to, link.port, rules);
            verdict.forget_other_hops();
            Some(Connection { cause: link.cause, verdict })
        };
        self.links.iter().filter_map(connection).collect()
    }
}
