//! What a refused step looks like in ECS: the name of the error and the sentence with it.
//!
//! Sources: Amazon ECS Developer Guide, "Stopped task error messages", "CannotPullContainer task
//! errors" and "ResourceInitializationError errors"; messages reported to the repositories
//! aws/amazon-ecs-agent, aws/copilot-cli and aws/aws-cdk. The wording changes with versions of the
//! agent and of Fargate.

use crate::aws::ecs::image::Image;
use crate::aws::ecs::task::LaunchType;

/// An error's name and its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The name, for instance `CannotPullContainerError`.
    pub error: &'static str,
    /// The sentence.
    pub reason: String,
}

/// What a registry answers who may not read.
const FORBIDDEN: &str = "403 Forbidden";

/// What every failure of resources on Fargate begins with.
const RESOURCES: &str =
    "unable to pull secrets or registry auth: execution resource retrieval failed";

fn failure(error: &'static str, reason: String) -> Failure {
    Failure { error, reason }
}

/// The agent may not log in to ECR.
pub fn registry_auth(launch_type: LaunchType, denied: &str) -> Failure {
    match launch_type {
        LaunchType::Fargate => failure(
            "ResourceInitializationError",
            format!(
                "{RESOURCES}: unable to retrieve ecr registry auth: service call has been retried \
                 1 time(s): AccessDeniedException: {denied}"
            ),
        ),
        LaunchType::Ec2 => {
            failure("CannotPullECRContainerError", format!("AccessDeniedException: {denied}"))
        }
    }
}

/// The manifest of the image may not be read.
pub fn manifest(launch_type: LaunchType, image: &Image<'_>, denied: &str) -> Failure {
    let Image { reference, host, repository, tag } = image;
    let reason = match launch_type {
        LaunchType::Fargate => format!(
            "pull image manifest has been retried 1 time(s): failed to resolve ref {reference}: \
             pulling from host {host} failed with status code [manifests {tag}]: {FORBIDDEN}"
        ),
        LaunchType::Ec2 => format!(
            "Error response from daemon: pull access denied for {host}/{repository}, repository \
             does not exist or may require 'docker login': denied: {denied}"
        ),
    };
    failure("CannotPullContainerError", reason)
}

/// The layers of the image may not be read.
pub fn layers(launch_type: LaunchType, image: &Image<'_>, denied: &str) -> Failure {
    let reason = match launch_type {
        LaunchType::Fargate => format!(
            "ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: \
             unexpected status code https://{}/v2/{}/blobs: {FORBIDDEN}",
            image.host, image.repository
        ),
        LaunchType::Ec2 => format!("Error response from daemon: denied: {denied}"),
    };
    failure("CannotPullContainerError", reason)
}

/// Where a secret lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// AWS Secrets Manager.
    SecretsManager,
    /// Systems Manager Parameter Store.
    Parameters,
}

/// A secret may not be read; `denied` is the error of the store.
pub fn secret(
    launch_type: LaunchType,
    store: Store,
    arn: &str,
    region: &str,
    denied: &str,
) -> Failure {
    let reason = match (launch_type, store) {
        (LaunchType::Fargate, Store::SecretsManager) => format!(
            "{RESOURCES}: unable to retrieve secret from asm: service call has been retried 1 \
             time(s): failed to fetch secret {arn} from secrets manager: AccessDeniedException: \
             {denied}"
        ),
        (LaunchType::Fargate, Store::Parameters) => format!(
            "{RESOURCES}: unable to retrieve secrets from ssm: service call has been retried 1 \
             time(s): AccessDeniedException: {denied}"
        ),
        (LaunchType::Ec2, Store::SecretsManager) => format!(
            "Fetching secret data from AWS Secrets Manager in region {region}: secret {arn}: \
             AccessDeniedException: {denied}"
        ),
        (LaunchType::Ec2, Store::Parameters) => format!(
            "Fetching secret data from SSM Parameter Store in {region}: AccessDeniedException: \
             {denied}"
        ),
    };
    failure("ResourceInitializationError", reason)
}

/// What a store says when its key may not be used.
pub fn key(store: Store) -> &'static str {
    match store {
        Store::SecretsManager => "Access to KMS is not allowed",
        Store::Parameters => {
            "The ciphertext refers to a customer master key that does not exist, does not exist in \
             this region, or you are not allowed to access."
        }
    }
}

/// The log driver may not make its stream or group.
pub fn logs(launch_type: LaunchType, what: &str, denied: &str) -> Failure {
    match launch_type {
        LaunchType::Fargate => failure(
            "ResourceInitializationError",
            format!(
                "failed to validate logger args: create stream has been retried 1 times: failed to \
                 create Cloudwatch log {what}: AccessDeniedException: {denied} : exit status 1"
            ),
        ),
        LaunchType::Ec2 => failure(
            "CannotStartContainerError",
            format!(
                "Error response from daemon: failed to initialize logging driver: failed to create \
                 Cloudwatch log {what}: AccessDeniedException: {denied}"
            ),
        ),
    }
}

/// ECS may not assume a role of the task.
pub fn assume_role(role: &str) -> Failure {
    failure(
        "ClientException",
        format!(
            "ECS was unable to assume the role '{role}' that was provided for this task. Please \
             verify that the role being passed has the proper trust relationship and permissions \
             and that your IAM user has permissions to pass this role."
        ),
    )
}

/// The cluster has no instance to run a task on.
pub fn no_instances() -> Failure {
    failure(
        "InvalidParameterException",
        "No Container Instances were found in your cluster.".to_owned(),
    )
}

/// Code finds no credentials.
pub fn no_credentials() -> Failure {
    failure("NoCredentialsError", "Unable to locate credentials".to_owned())
}
