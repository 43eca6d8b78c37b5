//! Models of AWS services as state machines over [`crate::sim`]. No number from a vendor's page
//! stands in the code: they all live in the [`catalogue`], with unit, date and source.

pub mod api_gateway;
pub mod architecture;
pub mod catalogue;
pub mod cloudfront;
pub mod ecs;
pub mod engine;
pub mod eventbridge;
pub mod iam;
pub mod lambda;
pub mod metrics;
pub mod rds;
pub mod rds_events;
pub mod rds_proxy;
pub mod reader;
pub mod s3;
pub mod sdk;
pub mod sns;
pub mod sqs;
pub mod streams;
pub mod trace;
pub mod vpc;
