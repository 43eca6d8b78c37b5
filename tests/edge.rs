//! CloudFront and edge functions: which functions run when, what caches keep, what AWS refuses, and
//! how often the origin is asked.

#[path = "edge/caching.rs"]
mod caching;
#[path = "edge/limits.rs"]
mod limits;
#[path = "edge/setup.rs"]
mod setup;
#[path = "edge/statistics.rs"]
mod statistics;
#[path = "edge/triggers.rs"]
mod triggers;
