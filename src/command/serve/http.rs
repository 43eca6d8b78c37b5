//! The small part of HTTP/1.1 that a preview needs: requests without a body, answers with a length.
//! The room of `httparse`.
//!
//! Nothing here knows what is served. Everything a client can make large or slow has a bound.

pub mod connection;
pub mod range;
pub mod request;
pub mod response;

pub use connection::Connection;
pub use request::{Method, Request};
pub use response::{Body, Response};
