//! `access`: a single request that IAM decides. `run_task`: an ECS task is run.

use super::event::{Action, Placed, WrittenEvent};
use super::scalar::CHOICE;
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::ecs::task::RunTask;
use crate::aws::iam::arn::Arn;
use crate::aws::iam::check::is_service;
use crate::aws::iam::identity::{Access, Who};
use crate::scenario::limit;
use crate::yaml::{Node, NodeValue};

/// The action of a request.
pub const ACCESS: Action = Action {
    key: "access",
    keys: Keys { known: &["access", "at"], later: &["count", "rate", "from", "until", "arrivals"] },
    read: |reader, event, architecture| reader.access(event, architecture),
};

/// The action of running a task.
pub const RUN_TASK: Action = Action {
    key: "run_task",
    keys: Keys {
        known: &["run_task", "by", "at"],
        later: &["count", "rate", "from", "until", "arrivals", "cluster"],
    },
    read: |reader, event, architecture| reader.run_task(event, architecture),
};

const REQUEST: Keys = Keys {
    known: &["principal", "action", "resource", "context", "session_name", "session_policy"],
    later: &["source_identity"],
};

/// Who can ask.
const ASKERS: [ResourceKind; 2] = [ResourceKind::Role, ResourceKind::User];

impl Reader<'_> {
    fn access(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let at = self.moment(event)?;
        let what = format!("`access` of {}", event.what);
        let fields = self.fields(event.value, &what, REQUEST)?;
        let range = &event.value.range;
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let principal = self.required(fields, "principal", &what, range, "principal: NAME");
        let asks = principal.and_then(|node| self.who(node, "principal"));
        let action = self.required(fields, "action", &what, range, "action: s3:GetObject");
        let action = action.and_then(|node| self.aws_action(node));
        let resource = match get("resource") {
            Some(node) => self.resource_arn(node, "resource"),
            None => Some("*".to_owned()),
        };
        let context = get("context").map(|node| self.request_context(node)).unwrap_or_default();
        let session_name = get("session_name").and_then(|node| self.scalar(node, "session_name"));
        let session_policy =
            get("session_policy").and_then(|node| self.document(node, "`session_policy`"));
        let asks = asks?;
        for key in ["session_name", "session_policy"] {
            if let Some(entry) = fields.entry(key).filter(|_| !matches!(asks, Who::Role(_))) {
                let diagnostic = self
                    .error(super::function::CONFLICT, &entry.key_range, {
                        format!("`{key}` has no effect here")
                    })
                    .label("only the sessions of roles have it");
                self.report(diagnostic);
            }
        }
        let target = target(&asks);
        architecture.identities.accesses.push(Access {
            at,
            principal: asks,
            session_name,
            session_policy,
            action: action?,
            resource: resource?,
            context,
        });
        self.check_accesses(event.node, architecture);
        Some(placed(event, target))
    }

    fn check_accesses(&mut self, node: &Node, architecture: &Architecture) {
        let size = architecture.identities.accesses.len() + architecture.task_runs.len();
        if size == limit::ACCESSES + 1 {
            self.check_size(size, limit::ACCESSES, "requests and runs of tasks", &node.range);
        }
    }

    fn run_task(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let at = self.moment(event)?;
        let task = self.resource(event.value, "run_task", &[ResourceKind::Task]);
        let by = match event.fields.get("by") {
            Some(node) => Some(self.who(node, "by")?),
            None => None,
        };
        let task = task?;
        architecture.task_runs.push(RunTask { at, task: task.place(), by });
        self.check_accesses(event.node, architecture);
        Some(placed(event, task))
    }

    /// When a single event happens: at the beginning unless it is said.
    fn moment(&mut self, event: &WrittenEvent<'_>) -> Option<u64> {
        match event.fields.get("at").filter(|node| node.value != NodeValue::Null) {
            Some(node) => self.duration(node, "at"),
            None => Some(0),
        }
    }

    /// Who asks: a role or user by name, a service principal, `root` or `anonymous`.
    fn who(&mut self, node: &Node, key: &str) -> Option<Who> {
        let name = self.scalar(node, key)?;
        let known = self.names.get(name_in_arn(&name));
        match known.filter(|resource| ASKERS.contains(&resource.kind)) {
            Some(Resource { kind: ResourceKind::User, index }) => {
                return Some(Who::User(index as usize));
            }
            Some(role) => return Some(Who::Role(role.place())),
            None => {}
        }
        match name.as_str() {
            "root" => return Some(Who::Root),
            "anonymous" => return Some(Who::Anonymous),
            service if is_service(service) => return Some(Who::Service(name)),
            arn if arn.starts_with("arn:") => {
                let diagnostic = self
                    .error(CHOICE, &node.range, format!("`{key}` is a name, not an ARN"))
                    .label("who asks has policies, which stand under `roles` or `users`")
                    .hint("give the name of a role or user of the scenario");
                self.report(diagnostic);
                return None;
            }
            _ => {}
        }
        self.resource(node, key, &ASKERS);
        None
    }
}

/// The name of a role or user whose ARN it is; else the text itself.
fn name_in_arn(text: &str) -> &str {
    let resource = Arn::parse(text).filter(|arn| arn.service == "iam").map(|arn| arn.resource);
    match resource.and_then(|resource| resource.split_once('/')) {
        Some(("role" | "user", path)) => path.rsplit('/').next().unwrap_or(path),
        _ => text,
    }
}

fn target(asks: &Who) -> Resource {
    match asks {
        Who::Role(role) => Resource::new(ResourceKind::Role, *role),
        Who::User(user) => Resource::new(ResourceKind::User, *user),
        _ => Resource::new(ResourceKind::Source, 0),
    }
}

/// The event; it is one request, and no flow.
fn placed(event: &WrittenEvent<'_>, target: Resource) -> Placed {
    Placed { range: event.node.range.clone(), target, arrivals: None, requests: 1.0 }
}
