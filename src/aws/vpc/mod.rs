//! Amazon VPC: whether one thing can connect to another, by which way, or why not.
//!
//! [`reach()`] is a pure function from a [`Network`] and two [`Node`]s to a [`Verdict`]: the hops
//! of the path, or the first that fails with a typed reason that carries the names concerned. Only
//! IPv4 and TCP are modelled; transit gateways, private NAT gateways and endpoint policies aren't.
//!
//! [`Network`]: network::Network
//! [`Node`]: network::Node
//! [`Verdict`]: verdict::Verdict

pub mod address;
mod firewall;
pub mod network;
mod passage;
pub mod plan;
mod reach;
mod routing;
mod validation;
pub mod verdict;

pub use reach::{Rules, reach};
pub use validation::refusal;

#[cfg(test)]
mod tests;
