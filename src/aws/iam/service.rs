//! IAM in a run: decides the single requests of an architecture when they come.

use serde::{Deserialize, Serialize};

use crate::aws::architecture::Architecture;
use crate::aws::engine::context::Context;
use crate::aws::engine::event::Event;
use crate::aws::iam::decision::{Decision, error_name};
use crate::aws::iam::deployment::{directory, session_policy};
use crate::aws::iam::directory::{Ask, Directory};
use crate::aws::iam::identity::{Identities, Who};
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::sim::agenda::Priority;

/// What happens in IAM by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A single request comes: an index of the architecture's.
    Access(u32),
}

/// A request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessMetrics {
    /// Its number among all messages and requests of the run, if it is followed.
    pub story: Option<u32>,
    /// When.
    pub at: u64,
    /// Who asked, by the author's name.
    pub principal: String,
    /// The ARN under which they asked.
    pub arn: String,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// The decision.
    pub decision: Decision,
    /// The error that the one who asked saw.
    pub error: Option<String>,
}

/// IAM in a run.
#[derive(Debug, Default)]
pub struct Service {
    directory: Directory,
    /// In the author's order; those that haven't come yet are empty.
    decided: Vec<Option<AccessMetrics>>,
}

/// What AWS would refuse of users, roles and policies, if anything.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    directory(&architecture.identities, &architecture.account.region, reader).err()
}

/// The directory of an architecture that isn't refused.
pub fn directory_of(architecture: &Architecture, reader: &Reader<'_>) -> Directory {
    directory(&architecture.identities, &architecture.account.region, reader).unwrap_or_default()
}

/// Who somebody is, in the author's words.
pub fn name_of(identities: &Identities, who: &Who) -> String {
    match who {
        Who::Role(at) => identities.roles.get(*at).map_or("", |role| &role.name).to_owned(),
        Who::User(at) => identities.users.get(*at).map_or("", |user| &user.name).to_owned(),
        Who::Service(name) => name.clone(),
        Who::Root => "root".to_owned(),
        Who::Anonymous => "anonymous".to_owned(),
    }
}

impl Service {
    /// The service, with all requests on the agenda.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>, context: &mut Context) -> Self {
        let accesses = &architecture.identities.accesses;
        if accesses.is_empty() {
            return Self::default();
        }
        for (index, access) in (0..).zip(accesses) {
            context.at(access.at, Priority::Arrive, Event::Iam(Timer::Access(index)));
        }
        Self { directory: directory_of(architecture, reader), decided: vec![None; accesses.len()] }
    }

    /// Something of IAM's own happens.
    pub fn handle(&mut self, architecture: &Architecture, context: &mut Context, timer: Timer) {
        let Timer::Access(index) = timer;
        let identities = &architecture.identities;
        let Some(access) = identities.accesses.get(index as usize) else { return };
        let session = session_policy(access).ok().flatten();
        let session_name = access.session_name.as_deref();
        let decision = self.directory.decide(Ask {
            principal: &access.principal,
            session_name,
            session_policy: session.as_ref(),
            action: &access.action,
            resource: &access.resource,
            context: &access.context,
        });
        let allowed = decision.allowed();
        if let Some(place) = self.decided.get_mut(index as usize) {
            *place = Some(AccessMetrics {
                story: context.trace.begin().number(),
                at: context.now(),
                principal: name_of(identities, &access.principal),
                arn: self.directory.arn(&access.principal, session_name),
                action: access.action.clone(),
                resource: access.resource.clone(),
                decision,
                error: (!allowed).then(|| error_name(&access.action).to_owned()),
            });
        }
    }

    /// The decisions in the author's order.
    pub fn finish(self) -> Vec<AccessMetrics> {
        self.decided.into_iter().flatten().collect()
    }
}
