//! What becomes of tasks.

use serde::{Deserialize, Serialize};

use crate::aws::iam::decision::Decision;

/// What became of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskMetrics {
    /// The family's name.
    pub name: String,
    /// How often it was to be run.
    pub runs: u64,
    /// The last time.
    pub last: Option<TaskRun>,
}

/// A task that was to be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRun {
    /// Its number among all messages and requests of the run, if it is followed.
    pub story: Option<u32>,
    /// When `RunTask` was called.
    pub at: u64,
    /// How far it came.
    pub status: Status,
    /// The error's name, for instance `CannotPullContainerError`; `None` when it runs.
    pub error: Option<String>,
    /// `stoppedReason`, or the reason for which the API refused; `None` when it runs.
    pub reason: Option<String>,
    /// The steps in their order, up to the one that failed.
    pub steps: Vec<TaskStep>,
}

/// How far a task came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// `RunTask` was refused, so there is no task.
    Refused,
    /// It stopped before its container ran: `TaskFailedToStart`.
    Stopped,
    /// Its container runs.
    Running,
}

/// What a step is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The instance registers with the cluster.
    RegisterInstance,
    /// `RunTask` is called.
    RunTask,
    /// The caller hands a role to ECS.
    PassRole,
    /// A role is assumed.
    AssumeRole,
    /// The agent logs in to the registry.
    RegistryAuth,
    /// The agent fetches a secret.
    Secret,
    /// The image is pulled.
    Pull,
    /// The log driver.
    Logs,
    /// The container starts.
    Start,
    /// The code calls AWS.
    Call,
}

/// Whose permissions a step needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleKind {
    /// Who calls `RunTask`.
    Caller,
    /// A service that assumes a role.
    Service,
    /// The task role.
    Task,
    /// The task execution role.
    Execution,
    /// The container instance role.
    ContainerInstance,
    /// Nobody's.
    None,
}

/// A step of a task's start, or a call of its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStep {
    /// What it is for.
    pub phase: Phase,
    /// Whose permissions it needs.
    pub role_kind: RoleKind,
    /// The name of the role or caller; empty for nobody.
    pub role: String,
    /// The action; empty for a step without one.
    pub action: String,
    /// The resource; empty for a step without one.
    pub resource: String,
    /// The decision; `None` for a step that asks nobody, and for one without credentials.
    pub decision: Option<Decision>,
    /// The error that the one who asks sees; `None` when it went well.
    pub error: Option<String>,
    /// The reason with it, or why it was allowed.
    pub reason: String,
}

impl TaskStep {
    /// Whether the step went well.
    pub fn allowed(&self) -> bool {
        self.error.is_none()
    }
}

impl Status {
    /// `lastStatus`, in ECS's words; `None` without a task.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Refused => None,
            Self::Stopped => Some("STOPPED"),
            Self::Running => Some("RUNNING"),
        }
    }
}

impl Phase {
    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::RegisterInstance => "register_instance",
            Self::RunTask => "run_task",
            Self::PassRole => "pass_role",
            Self::AssumeRole => "assume_role",
            Self::RegistryAuth => "registry_auth",
            Self::Secret => "secret",
            Self::Pull => "pull",
            Self::Logs => "logs",
            Self::Start => "start",
            Self::Call => "call",
        }
    }
}

impl RoleKind {
    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Service => "service",
            Self::Task => "task_role",
            Self::Execution => "execution_role",
            Self::ContainerInstance => "container_instance_role",
            Self::None => "none",
        }
    }
}
