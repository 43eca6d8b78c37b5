//! The `tasks` section: ECS tasks with their roles.

use super::function::CONFLICT;
use super::{Keys, Reader};
use crate::aws::architecture::ResourceKind;
use crate::aws::ecs::task::{Call, Credentials, LaunchType, Secret, Task};
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const TASK: Keys = Keys {
    known: &[
        "image",
        "launch_type",
        "task_role",
        "execution_role",
        "container_instance_role",
        "secrets",
        "log_group",
        "create_log_group",
        "block_imds",
        "calls",
    ],
    later: &["cpu", "memory", "network_mode", "subnets", "security_groups", "containers"],
};

const SECRET: Keys = Keys { known: &["value_from", "kms_key"], later: &[] };

const CALL: Keys = Keys { known: &["action", "resource", "context", "credentials"], later: &[] };

/// The launch types by AWS's names.
const LAUNCH_TYPES: [(&str, LaunchType); 4] = [
    ("FARGATE", LaunchType::Fargate),
    ("EC2", LaunchType::Ec2),
    ("fargate", LaunchType::Fargate),
    ("ec2", LaunchType::Ec2),
];

/// Where a call takes its credentials from.
const CREDENTIALS: [(&str, Credentials); 2] = [
    ("default", Credentials::Default),
    ("container_instance_role", Credentials::ContainerInstance),
];

const IMAGE: &str = "image: 111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1";
const VALUE_FROM: &str = "value_from: arn:aws:secretsmanager:…";

impl Reader<'_> {
    /// The tasks in the author's order.
    pub fn tasks(&mut self, node: &Node) -> Vec<Task> {
        let Some(mapping) = self.mapping(node, "`tasks`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::TASKS, "tasks", &node.range);
        let entries = mapping.entries.iter().take(limit::TASKS);
        entries.map(|entry| self.task(entry)).collect()
    }

    /// A task. One that can't be read is still known by name.
    fn task(&mut self, entry: &Entry) -> Task {
        let mut task = Task { name: entry.key.clone(), ..Task::default() };
        self.check_resource_name(&task.name, &entry.key_range, "task");
        let what = format!("task `{}`", task.name);
        let empty = Mapping::default();
        let fields = match entry.value.value {
            NodeValue::Null => Some(&empty),
            _ => self.fields(&entry.value, &what, TASK),
        };
        let Some(fields) = fields else { return task };
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let image = self.required(fields, "image", &what, &entry.key_range, IMAGE);
        task.image = image.and_then(|node| self.scalar(node, "image")).unwrap_or_default();
        if let Some(node) = get("launch_type") {
            let launch_type = self.choice(node, "launch_type", &LAUNCH_TYPES, &["EXTERNAL"]);
            task.launch_type = launch_type.unwrap_or_default();
        }
        let mut role = |key: &str| {
            let role = self.resource(get(key)?, key, &[ResourceKind::Role]);
            role.map(|role| role.place())
        };
        task.task_role = role("task_role");
        task.execution_role = role("execution_role");
        task.container_instance_role = role("container_instance_role");
        task.secrets =
            get("secrets").map(|node| self.task_secrets(node, &what)).unwrap_or_default();
        task.log_group = get("log_group").and_then(|node| self.scalar(node, "log_group"));
        task.create_log_group = get("create_log_group")
            .is_some_and(|node| self.truth(node, "create_log_group") == Some(true));
        task.block_imds =
            get("block_imds").is_some_and(|node| self.truth(node, "block_imds") == Some(true));
        task.calls = get("calls").map(|node| self.task_calls(node, &what)).unwrap_or_default();
        self.check_launch_type(&task, fields, &what);
        task
    }

    /// Keys that mean something only on container instances, or only with logs.
    fn check_launch_type(&mut self, task: &Task, fields: &Mapping, what: &str) {
        let on_instances = ["container_instance_role", "block_imds"];
        for entry in fields.entries.iter() {
            let key = entry.key.as_str();
            let needs = match key {
                key if on_instances.contains(&key) && task.launch_type == LaunchType::Fargate => {
                    "launch_type: EC2"
                }
                "create_log_group" if task.log_group.is_none() => "log_group: /ecs/web",
                _ => continue,
            };
            let diagnostic = self
                .error(CONFLICT, &entry.key_range, format!("`{key}` of {what} has no effect"))
                .label(format!("it goes with `{needs}`"));
            self.report(diagnostic);
        }
        let instance =
            task.calls.iter().any(|call| call.credentials == Credentials::ContainerInstance);
        if let Some(entry) = fields.entry("calls").filter(|_| instance)
            && task.launch_type == LaunchType::Fargate
        {
            let message = format!("{what} runs on Fargate and has no container instance");
            let diagnostic = self
                .error(CONFLICT, &entry.key_range, message)
                .label("`credentials: container_instance_role` goes with `launch_type: EC2`");
            self.report(diagnostic);
        }
    }

    fn task_secrets(&mut self, node: &Node, what: &str) -> Vec<Secret> {
        let items: Vec<&Node> = match &node.value {
            NodeValue::Sequence(items) => items.iter().collect(),
            // By the names of environment variables, as in a task definition.
            NodeValue::Mapping(mapping) if mapping.get("value_from").is_none() => {
                mapping.entries.iter().map(|entry| &entry.value).collect()
            }
            _ => vec![node],
        };
        self.check_size(items.len(), limit::SECRETS, "secrets in a task", &node.range);
        let items = items.into_iter().take(limit::SECRETS);
        items.filter_map(|item| self.task_secret(item, what)).collect()
    }

    fn task_secret(&mut self, node: &Node, what: &str) -> Option<Secret> {
        if !matches!(node.value, NodeValue::Mapping(_)) {
            let value_from = self.scalar(node, "secrets")?;
            return Some(Secret { value_from, kms_key: None });
        }
        let what = format!("a secret of {what}");
        let fields = self.fields(node, &what, SECRET)?;
        let from = self.required(fields, "value_from", &what, &node.range, VALUE_FROM);
        let key = fields.get("kms_key").filter(|node| node.value != NodeValue::Null);
        let kms_key = key.and_then(|node| self.resource_arn(node, "kms_key"));
        Some(Secret { value_from: from.and_then(|node| self.scalar(node, "value_from"))?, kms_key })
    }

    fn task_calls(&mut self, node: &Node, what: &str) -> Vec<Call> {
        let items: Vec<&Node> = match &node.value {
            NodeValue::Sequence(items) => items.iter().collect(),
            _ => vec![node],
        };
        self.check_size(items.len(), limit::CALLS, "calls of a task", &node.range);
        let items = items.into_iter().take(limit::CALLS).enumerate();
        items
            .filter_map(|(at, item)| self.task_call(item, &format!("call {at} of {what}")))
            .collect()
    }

    fn task_call(&mut self, node: &Node, what: &str) -> Option<Call> {
        let fields = self.fields(node, what, CALL)?;
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let action = self.required(fields, "action", what, &node.range, "action: s3:GetObject");
        let action = action.and_then(|node| self.aws_action(node));
        let resource = get("resource").map(|node| self.resource_arn(node, "resource"));
        let context = get("context").map(|node| self.request_context(node)).unwrap_or_default();
        let credentials = get("credentials")
            .and_then(|node| self.choice(node, "credentials", &CREDENTIALS, &[]))
            .unwrap_or_default();
        let resource = resource.unwrap_or_else(|| Some("*".to_owned()))?;
        Some(Call { action: action?, resource, context, credentials })
    }
}
