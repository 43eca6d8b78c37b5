//! APIs as they are deployed. Times are nanoseconds.

use crate::aws::architecture::{Form, Resource};
use crate::sim::draw::Distribution;

/// An API with one method, whose integration is a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// Its name, unique in the architecture.
    pub name: String,
    /// The kind of API.
    pub kind: ApiKind,
    /// The function behind it.
    pub integration: Resource,
    /// Whether the integration waits for the function.
    pub form: Form,
    /// How long it waits; the catalogue's default for the kind when `None`.
    pub integration_timeout: Option<u64>,
    /// The throttle of the stage; only the account's when `None`.
    pub throttle: Option<Throttle>,
    /// What the gateway itself adds before the integration.
    pub overhead: Distribution,
}

/// The kind of an API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ApiKind {
    /// A REST API.
    #[default]
    Rest,
    /// An HTTP API.
    Http,
}

/// A token bucket for requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throttle {
    /// Requests a second.
    pub rate: f64,
    /// How many it holds.
    pub burst: u64,
}
