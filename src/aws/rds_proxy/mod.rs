//! Amazon RDS Proxy: a pool of database connections that clients borrow for a transaction.

pub mod deployment;
pub mod pool;
#[cfg(test)]
mod tests;

pub use pool::{Borrow, Pool};
