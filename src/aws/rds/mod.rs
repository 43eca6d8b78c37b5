//! Amazon RDS and Aurora: how many connections a database takes, and what happens to them.

pub mod database;
pub mod deployment;
pub mod max_connections;

pub use database::{ConnectError, Database};
