//! `bogi serve`: the site in a browser, always as its files stand now.

pub mod http;
pub mod problems;
pub mod rebuild;
pub mod script;
pub mod snapshot;
