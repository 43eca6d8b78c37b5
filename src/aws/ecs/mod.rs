//! Amazon ECS, as far as roles go: which role each step of a task's start asks, and what a refusal
//! looks like.
//!
//! Sources: Amazon ECS Developer Guide, "Amazon ECS task IAM role", "Amazon ECS task execution IAM
//! role", "Amazon ECS container instance IAM role" and "Resolve Amazon ECS stopped task errors".

pub mod failure;
pub mod image;
pub mod metrics;
pub mod service;
pub mod start;
pub mod task;

use crate::aws::architecture::Architecture;
use crate::aws::metrics::Rejection;
use image::Image;
use task::{LaunchType, Task};

/// What `RegisterTaskDefinition` would refuse, if anything.
pub fn refusal(architecture: &Architecture) -> Option<Rejection> {
    architecture.tasks.iter().find_map(|task| {
        let reason = refusal_of(task)?;
        Some(Rejection {
            resource: Some(task.name.clone()),
            error: "ClientException".to_owned(),
            reason: reason.to_owned(),
        })
    })
}

fn refusal_of(task: &Task) -> Option<&'static str> {
    if task.execution_role.is_some() {
        return None;
    }
    if !task.secrets.is_empty() {
        return Some(
            "When you are specifying container secrets, you must also specify a value for \
             'executionRoleArn'.",
        );
    }
    if task.launch_type != LaunchType::Fargate {
        return None;
    }
    if Image::parse(&task.image).repository_arn().is_some() {
        return Some(
            "Fargate requires task definition to have execution role ARN to support ECR images.",
        );
    }
    task.log_group.is_some().then_some(
        "Fargate requires task definition to have execution role ARN to support log driver \
         awslogs.",
    )
}
