//! Amazon RDS and Aurora: how many connections a database takes, and what happens to them. The
//! service of the event loop is for RDS Proxy as well, because proxies and direct clients share the
//! connections of a database.

pub mod client;
pub mod database;
pub mod deployment;
mod ending;
pub mod max_connections;
mod service;
mod session;
mod setup;
pub mod statement;
pub mod trigger;
mod validation;

pub use database::{ConnectError, Database};
pub use service::{Failing, Service, Ticket, Timer, idle};
pub use validation::refusal;
