//! `bogi serve`: the site in a browser, always as its files stand now.

pub mod address;
pub mod answer;
pub mod arguments;
pub mod host;
pub mod http;
pub mod listen;
pub mod noise;
pub mod poll;
pub mod preview;
pub mod problems;
pub mod rebuild;
pub mod report;
pub mod run;
pub mod script;
pub mod snapshot;
pub mod types;
pub mod watch;

pub use run::serve;
