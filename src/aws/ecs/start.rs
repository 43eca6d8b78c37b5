//! A task's start, step by step. In what order the agent fetches secrets, pulls the image and
//! prepares the log driver isn't published where several of them fail; here it is the order in
//! which the messages of Fargate's platform 1.4 name them.

use crate::aws::ecs::failure::{self, Failure, Store};
use crate::aws::ecs::image::Image;
use crate::aws::ecs::metrics::{Phase, RoleKind, Status, TaskRun, TaskStep};
use crate::aws::ecs::task::{Credentials, LaunchType, RunTask, Secret, Task};
use crate::aws::iam::arn::Arn;
use crate::aws::iam::decision::error_name;
use crate::aws::iam::directory::{Ask, Directory};
use crate::aws::iam::identity::Who;

/// Who assumes the roles of a task.
const TASKS: &str = "ecs-tasks.amazonaws.com";
/// Who assumes the role of an instance.
const INSTANCES: &str = "ec2.amazonaws.com";
/// The cluster that a run without a cluster's name goes to.
const CLUSTER: &str = "default";

/// Runs a task: what each step asks, until one fails. `name_of` gives the name of
/// somebody for the record.
pub fn run(
    directory: &Directory,
    task: &Task,
    order: &RunTask,
    name_of: &dyn Fn(&Who) -> String,
) -> TaskRun {
    let mut start = Start { directory, task, name_of, steps: Vec::new() };
    let (status, failure) = match start.prepare(order.by.as_ref()) {
        Err(failure) => (Status::Refused, Some(failure)),
        Ok(()) => match start.launch() {
            Err(failure) => (Status::Stopped, Some(failure)),
            Ok(()) => {
                start.calls();
                (Status::Running, None)
            }
        },
    };
    let (error, reason) = failure.map(|f| (f.error.to_owned(), f.reason)).unzip();
    TaskRun { story: None, at: order.at, status, error, reason, steps: start.steps }
}

/// A step that is about to be asked.
struct Question<'q> {
    phase: Phase,
    role_kind: RoleKind,
    principal: &'q Who,
    action: &'q str,
    resource: &'q str,
    context: &'q [(String, Vec<String>)],
}

struct Start<'a> {
    directory: &'a Directory,
    task: &'a Task,
    name_of: &'a dyn Fn(&Who) -> String,
    steps: Vec<TaskStep>,
}

impl Start<'_> {
    /// Asks, and keeps the step. A denial gives AWS's sentence.
    fn ask(&mut self, question: Question<'_>) -> Result<(), String> {
        let Question { phase, role_kind, principal, action, resource, context } = question;
        let session_name = Some(self.task.name.as_str());
        let ask = Ask { principal, session_name, session_policy: None, action, resource, context };
        let decision = self.directory.decide(ask);
        let allowed = decision.allowed();
        self.steps.push(TaskStep {
            phase,
            role_kind,
            role: (self.name_of)(principal),
            action: action.to_owned(),
            resource: resource.to_owned(),
            error: (!allowed).then(|| error_name(action).to_owned()),
            reason: decision.reason.clone(),
            decision: Some(decision.clone()),
        });
        if allowed { Ok(()) } else { Err(decision.reason) }
    }

    /// A step that asks nobody, or fails for want of credentials.
    fn plain(&mut self, phase: Phase, action: &str, resource: &str, failure: Option<Failure>) {
        self.steps.push(TaskStep {
            phase,
            role_kind: RoleKind::None,
            role: String::new(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            decision: None,
            error: failure.as_ref().map(|failure| failure.error.to_owned()),
            reason: failure.map(|failure| failure.reason).unwrap_or_default(),
        });
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        let (region, account) = (self.directory.region(), self.directory.account());
        format!("arn:aws:{service}:{region}:{account}:{resource}")
    }

    /// Everything before there is a task: the instance, the caller, the roles.
    fn prepare(&mut self, by: Option<&Who>) -> Result<(), Failure> {
        if self.task.launch_type == LaunchType::Ec2 {
            self.register_instance()?;
        }
        if let Some(by) = by {
            self.call_run_task(by)?;
        }
        for role in self.roles() {
            self.assume(TASKS, role)
                .map_err(|()| failure::assume_role(&self.directory.role_arn(role)))?;
        }
        Ok(())
    }

    /// The roles of the task definition, each once.
    fn roles(&self) -> Vec<usize> {
        let (execution, task) = (self.task.execution_role, self.task.task_role);
        execution.into_iter().chain(task.filter(|_| task != execution)).collect()
    }

    fn register_instance(&mut self) -> Result<(), Failure> {
        let Some(role) = self.task.container_instance_role else {
            let failure = failure::no_credentials();
            self.plain(
                Phase::RegisterInstance,
                "ecs:RegisterContainerInstance",
                "*",
                Some(failure),
            );
            return Err(failure::no_instances());
        };
        let none = |()| failure::no_instances();
        self.assume(INSTANCES, role).map_err(none)?;
        let cluster = self.arn("ecs", &format!("cluster/{CLUSTER}"));
        let asked =
            [("ecs:DiscoverPollEndpoint", "*"), ("ecs:RegisterContainerInstance", &cluster)];
        for (action, resource) in asked {
            let question = Question {
                phase: Phase::RegisterInstance,
                role_kind: RoleKind::ContainerInstance,
                principal: &Who::Role(role),
                action,
                resource,
                context: &[],
            };
            self.ask(question).map_err(|_| failure::no_instances())?;
        }
        Ok(())
    }

    fn call_run_task(&mut self, by: &Who) -> Result<(), Failure> {
        let denied = |reason| Failure { error: "AccessDeniedException", reason };
        let definition = self.arn("ecs", &format!("task-definition/{}:1", self.task.name));
        let cluster = self.arn("ecs", &format!("cluster/{CLUSTER}"));
        self.ask(Question {
            phase: Phase::RunTask,
            role_kind: RoleKind::Caller,
            principal: by,
            action: "ecs:RunTask",
            resource: &definition,
            context: &[("ecs:cluster".to_owned(), vec![cluster])],
        })
        .map_err(denied)?;
        for role in self.roles() {
            let resource = self.directory.role_arn(role);
            self.ask(Question {
                phase: Phase::PassRole,
                role_kind: RoleKind::Caller,
                principal: by,
                action: "iam:PassRole",
                resource: &resource,
                context: &[("iam:PassedToService".to_owned(), vec![TASKS.to_owned()])],
            })
            .map_err(denied)?;
        }
        Ok(())
    }

    fn assume(&mut self, service: &str, role: usize) -> Result<(), ()> {
        let account = self.directory.account().to_owned();
        let source = self.arn("ecs", &format!("task/{CLUSTER}/{}", self.task.name));
        let context = [
            ("aws:SourceAccount".to_owned(), vec![account]),
            ("aws:SourceArn".to_owned(), vec![source]),
        ];
        let resource = self.directory.role_arn(role);
        let question = Question {
            phase: Phase::AssumeRole,
            role_kind: RoleKind::Service,
            principal: &Who::Service(service.to_owned()),
            action: "sts:AssumeRole",
            resource: &resource,
            context: &context,
        };
        self.ask(question).map_err(|_| ())
    }

    /// Whose permissions the agent uses: of a task without an execution role the instance's.
    fn agent(&self) -> Option<(RoleKind, Who)> {
        if let Some(role) = self.task.execution_role {
            return Some((RoleKind::Execution, Who::Role(role)));
        }
        let instance = self.task.container_instance_role?;
        let ec2 = self.task.launch_type == LaunchType::Ec2;
        ec2.then_some((RoleKind::ContainerInstance, Who::Role(instance)))
    }

    /// Asks with the agent's permissions. A denial gives AWS's sentence.
    fn ask_agent(
        &mut self,
        phase: Phase,
        action: &str,
        resource: &str,
        context: &[(String, Vec<String>)],
    ) -> Result<(), String> {
        let Some((role_kind, principal)) = self.agent() else {
            let failure = failure::no_credentials();
            self.plain(phase, action, resource, Some(failure.clone()));
            return Err(failure.reason);
        };
        let principal = &principal;
        let question = Question { phase, role_kind, principal, action, resource, context };
        self.ask(question)
    }

    /// From the agent's first step to the container's start.
    fn launch(&mut self) -> Result<(), Failure> {
        let launch_type = self.task.launch_type;
        let task = self.task;
        let image = Image::parse(&task.image);
        let repository = image.repository_arn();
        if repository.is_some() {
            self.ask_agent(Phase::RegistryAuth, "ecr:GetAuthorizationToken", "*", &[])
                .map_err(|denied| failure::registry_auth(launch_type, &denied))?;
        }
        for secret in &task.secrets {
            self.secret(secret)?;
        }
        match &repository {
            Some(repository) => {
                self.ask_agent(Phase::Pull, "ecr:BatchGetImage", repository, &[])
                    .map_err(|denied| failure::manifest(launch_type, &image, &denied))?;
                self.ask_agent(Phase::Pull, "ecr:GetDownloadUrlForLayer", repository, &[])
                    .map_err(|denied| failure::layers(launch_type, &image, &denied))?;
            }
            None => self.plain(Phase::Pull, "", &task.image, None),
        }
        let Some(group) = &task.log_group else {
            self.plain(Phase::Start, "", "", None);
            return Ok(());
        };
        let group = self.arn("logs", &format!("log-group:{group}:log-stream:"));
        if task.create_log_group {
            self.ask_agent(Phase::Logs, "logs:CreateLogGroup", &group, &[])
                .map_err(|denied| failure::logs(launch_type, "group", &denied))?;
        }
        let stream = format!("{group}ecs/{0}/{0}", task.name);
        self.ask_agent(Phase::Logs, "logs:CreateLogStream", &stream, &[])
            .map_err(|denied| failure::logs(launch_type, "stream", &denied))?;
        self.plain(Phase::Start, "", "", None);
        // Without it the container runs all the same, and its output is lost.
        let _ = self.ask_agent(Phase::Logs, "logs:PutLogEvents", &stream, &[]);
        Ok(())
    }

    fn secret(&mut self, secret: &Secret) -> Result<(), Failure> {
        let launch_type = self.task.launch_type;
        let (store, action, arn) = self.stored(&secret.value_from);
        let region = Arn::parse(&arn).map_or("", |arn| arn.region).to_owned();
        let fails = |denied: &str| failure::secret(launch_type, store, &arn, &region, denied);
        self.ask_agent(Phase::Secret, action, &arn, &[]).map_err(|denied| fails(&denied))?;
        let Some(key) = &secret.kms_key else { return Ok(()) };
        let service = match store {
            Store::SecretsManager => "secretsmanager",
            Store::Parameters => "ssm",
        };
        let via = vec![format!("{service}.{region}.amazonaws.com")];
        let context = [("kms:ViaService".to_owned(), via)];
        let asked = self.ask_agent(Phase::Secret, "kms:Decrypt", key, &context);
        asked.map_err(|_| fails(failure::key(store)))
    }

    /// Where a secret lies, how it is read there, and its ARN without a JSON key or version.
    fn stored(&self, value_from: &str) -> (Store, &'static str, String) {
        let service = Arn::parse(value_from).map_or("", |arn| arn.service);
        match service {
            "secretsmanager" => {
                // The fields of an ARN and the secret's name.
                const FIELDS: usize = 7;
                let fields: Vec<&str> = value_from.split(':').take(FIELDS).collect();
                (Store::SecretsManager, "secretsmanager:GetSecretValue", fields.join(":"))
            }
            "" => {
                let name = value_from.trim_start_matches('/');
                let arn = self.arn("ssm", &format!("parameter/{name}"));
                (Store::Parameters, "ssm:GetParameters", arn)
            }
            _ => (Store::Parameters, "ssm:GetParameters", value_from.to_owned()),
        }
    }

    /// The calls of the code. What it does about a refusal is its own affair: the task runs on.
    fn calls(&mut self) {
        let task = self.task;
        let own = task.task_role.map(|role| (RoleKind::Task, role));
        let reachable = task.launch_type == LaunchType::Ec2 && !task.block_imds;
        let instance = task.container_instance_role.filter(|_| reachable);
        let instance = instance.map(|role| (RoleKind::ContainerInstance, role));
        for call in &task.calls {
            let credentials = match call.credentials {
                Credentials::Default => own.or(instance),
                Credentials::ContainerInstance => instance,
            };
            let Some((role_kind, role)) = credentials else {
                let failure = failure::no_credentials();
                self.plain(Phase::Call, &call.action, &call.resource, Some(failure));
                continue;
            };
            let _ = self.ask(Question {
                phase: Phase::Call,
                role_kind,
                principal: &Who::Role(role),
                action: &call.action,
                resource: &call.resource,
                context: &call.context,
            });
        }
    }
}
