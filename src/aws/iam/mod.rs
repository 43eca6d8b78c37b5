//! AWS Identity and Access Management: from policies and a request to a decision, with the
//! statement that decided and the reason why no other did.
//!
//! Policies are kept as they are written ([`document`]); [`check`] makes them ready or refuses them
//! as AWS does. A [`directory::Directory`] holds everything that is attached to somebody or
//! something, and [`evaluate`] decides a request in AWS's order.

pub mod arn;
pub mod check;
pub mod condition;
pub mod context;
pub mod decision;
pub mod deployment;
pub mod directory;
pub mod document;
pub mod evaluate;
pub mod identity;
pub mod managed;
pub mod pattern;
pub mod policy;
pub mod principal;
pub mod service;
