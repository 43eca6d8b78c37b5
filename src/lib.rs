//! bogi builds a Jekyll blog of study notes whose examples run.
#![forbid(unsafe_code)]

pub mod date;
pub mod diagnostic;
pub mod escape;
pub mod korean;
pub mod quantity;
pub mod span;
pub mod value;
pub mod yaml;

pub mod sim;

pub mod aws;

pub mod diagram;
pub mod liquid;
pub mod scenario;

pub mod claim;
pub mod content;
pub mod markdown;
pub mod sass;

pub mod plugin;
pub mod site;

pub mod jekyll;
pub mod output;
pub mod theme;

pub mod pipeline;

pub mod command;
