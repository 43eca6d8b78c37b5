//! Tasks as the author deploys them.

use crate::aws::iam::identity::Who;

/// Where tasks run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LaunchType {
    /// AWS's own machines.
    #[default]
    Fargate,
    /// Container instances: EC2 instances of the cluster, which have a role of their own.
    Ec2,
}

/// A task definition with one container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// The family's name.
    pub name: String,
    /// Where it runs.
    pub launch_type: LaunchType,
    /// The image, in a private repository of ECR or anywhere else.
    pub image: String,
    /// The role of the code in the container: an index of the roles.
    pub task_role: Option<usize>,
    /// The role of the agent that starts the task: an index of the roles.
    pub execution_role: Option<usize>,
    /// The role of the EC2 instance: an index of the roles.
    pub container_instance_role: Option<usize>,
    /// What the agent puts into the environment of the container.
    pub secrets: Vec<Secret>,
    /// The log group of the `awslogs` driver; `None` for another driver.
    pub log_group: Option<String>,
    /// `awslogs-create-group`: whether the driver makes the log group.
    pub create_log_group: bool,
    /// Whether the container can't reach the instance's metadata service.
    pub block_imds: bool,
    /// What the code asks for once it runs, in this order.
    pub calls: Vec<Call>,
}

/// A secret of Secrets Manager or a parameter of Systems Manager.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secret {
    /// `valueFrom`: the ARN, or the name of a parameter in the same Region.
    pub value_from: String,
    /// The ARN of the customer managed key that encrypts it.
    pub kms_key: Option<String>,
}

/// A call of the code in a container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// The action.
    pub action: String,
    /// The ARN of the resource, or `*`.
    pub resource: String,
    /// Keys of the request's context with their values.
    pub context: Vec<(String, Vec<String>)>,
    /// Which credentials the code takes.
    pub credentials: Credentials,
}

/// Where code takes its credentials from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// As the SDKs do: those of the task if there are any, else the instance's.
    #[default]
    Default,
    /// Those of the instance, from its metadata service.
    ContainerInstance,
}

/// A task is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunTask {
    /// When, in nanoseconds.
    pub at: u64,
    /// An index of the tasks.
    pub task: usize,
    /// Who calls `RunTask`; one who may do so when `None`.
    pub by: Option<Who>,
}
