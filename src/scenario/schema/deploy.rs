//! `deploy`: a new version of a function, in the course of a run.

use super::event::{Action, Placed, WrittenEvent};
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, ResourceKind};
use crate::aws::lambda::deployment::Deployment;

/// The action.
pub const DEPLOY: Action = Action {
    key: "deploy",
    keys: Keys { known: &["deploy", "at"], later: &[] },
    read: |reader, event, architecture| reader.deploy(event, architecture),
};

impl Reader<'_> {
    fn deploy(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let target = self.resource(event.value, "deploy", &[ResourceKind::Function]);
        let range = &event.node.range;
        let at = self.required(event.fields, "at", event.what, range, "at: 10m");
        let at = at.and_then(|node| self.duration(node, "at"))?;
        let target = target?;
        architecture.deployments.push(Deployment { function: target.index, at });
        Some(Placed { range: range.clone(), target, arrivals: None, requests: 0.0 })
    }
}
