//! Amazon API Gateway in front of functions: throttles, the integration's time limit, and what a
//! client sees of what Lambda answers.
//!
//! The statuses of REST APIs are those of the Lambda developer guide ("Handling Lambda errors with
//! an API Gateway API"): 500 where Lambda refuses the invocation, 502 where the function fails, 504
//! where the integration takes too long. A function isn't stopped when its client has got a 504.

pub mod deployment;
pub mod metrics;
mod service;
mod validation;

pub use service::{Service, Timer, idle};
pub use validation::refusal;

#[cfg(test)]
mod tests {
    use crate::aws::catalogue::Catalogue;

    #[test]
    fn every_fact_that_the_model_reads_is_in_the_catalogue() {
        let sources = [include_str!("service.rs"), include_str!("validation.rs")];
        let names = sources.iter().flat_map(|source| source.split("\"api_gateway.").skip(1));
        let names: Vec<&str> = names.filter_map(|rest| rest.split('"').next()).collect();
        assert!(names.len() > 5);
        for name in names {
            for kind in ["rest", "http"] {
                for of in ["throttled", "error", "timeout"] {
                    let name = name.replace("{kind}", kind).replace("{of}", of);
                    let name = format!("api_gateway.{name}");
                    assert!(Catalogue::builtin().get(&name).is_some(), "{name}");
                }
            }
        }
    }
}
