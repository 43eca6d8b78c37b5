//! Policies that are ready to be evaluated, and how a statement matches a request.

use serde::{Deserialize, Serialize};

use crate::aws::iam::arn;
use crate::aws::iam::condition::Condition;
use crate::aws::iam::context::Context;
use crate::aws::iam::pattern::{Pattern, Wildcards, variables};
use crate::aws::iam::principal::{Grant, PrincipalElement, Requester};

/// What a policy is attached to, and so what it can do.
///
/// Source: IAM User Guide, "Policies and permissions in AWS Identity and Access Management".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PolicyType {
    /// Attached to an account of an organization: the most that its principals may do.
    ServiceControl,
    /// Attached to a resource.
    Resource,
    /// Says who may assume a role; the resource-based policy of the role.
    Trust,
    /// Attached to a user or role.
    Identity,
    /// The most that a user's or role's identity-based policies can give.
    Boundary,
    /// The most that a session may do, given when the role is assumed.
    Session,
}

impl PolicyType {
    /// Its name in AWS's messages, with an article: `an identity-based policy`.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::ServiceControl => "a service control policy",
            Self::Resource | Self::Trust => "a resource-based policy",
            Self::Identity => "an identity-based policy",
            Self::Boundary => "a permissions boundary",
            Self::Session => "a session policy",
        }
    }

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceControl => "service_control_policy",
            Self::Resource => "resource_policy",
            Self::Trust => "trust_policy",
            Self::Identity => "identity_policy",
            Self::Boundary => "permissions_boundary",
            Self::Session => "session_policy",
        }
    }
}

/// Whether a statement allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever others allow.
    Deny,
}

/// Patterns that one of has to fit, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patterns {
    /// Whether none may fit: `NotAction`, `NotResource`.
    pub negated: bool,
    /// The patterns as they are written.
    pub written: Vec<String>,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Its type.
    pub policy_type: PolicyType,
    /// Its statements in order.
    pub statements: Vec<Statement>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its Sid, or its place: `Statement[0]`.
    pub name: String,
    /// What it does.
    pub effect: Effect,
    /// For which actions.
    pub actions: Patterns,
    /// On which resources; `None` in policies that belong to one resource.
    pub resources: Option<Patterns>,
    /// For whom; `None` in policies that belong to somebody.
    pub principal: Option<PrincipalElement>,
    /// Under which conditions.
    pub conditions: Vec<Condition>,
    /// Whether `${…}` is a variable: in the language's version of 2012.
    pub has_variables: bool,
}

/// Why a statement doesn't match a request: the first element that doesn't.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mismatch {
    /// It is for other actions.
    Action,
    /// It is for others.
    Principal,
    /// The action fits, and the resource doesn't: these are the statement's.
    Resource(Vec<String>),
    /// The action fits; the statement's resource has a variable without a value in the request.
    Variable(String),
    /// Action and resource fit, and a condition doesn't hold.
    Condition {
        /// The operator as written.
        operator: String,
        /// The key.
        key: String,
        /// The request's values; empty when it doesn't have the key.
        found: Vec<String>,
        /// The policy's values.
        wanted: Vec<String>,
    },
}

/// A request as statements see it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who asks.
    pub requester: &'a Requester,
    /// The action, for instance `s3:GetObject`.
    pub action: &'a str,
    /// The ARN of the resource, or `*`.
    pub resource: &'a str,
    /// What conditions and variables ask for.
    pub context: &'a Context,
}

impl Statement {
    /// Whether the statement is about a request, and how it names who asks.
    ///
    /// # Errors
    /// The first element that doesn't match.
    pub fn matches(&self, request: Request<'_>) -> Result<Grant, Mismatch> {
        let action = request.action.to_lowercase();
        let fits = |written: &String| Pattern::new(&written.to_lowercase()).matches(&action);
        if !self.actions.admit(fits) {
            return Err(Mismatch::Action);
        }
        let grant = match &self.principal {
            None => Grant::Direct,
            Some(element) => {
                element.names(request.requester, self.effect).ok_or(Mismatch::Principal)?
            }
        };
        if let Some(resources) = &self.resources
            && !self.admits_resource(resources, request)
        {
            return Err(match self.empty_variable(resources, request) {
                Some(name) => Mismatch::Variable(name.to_owned()),
                None => Mismatch::Resource(resources.written.clone()),
            });
        }
        let failed = self.conditions.iter().find(|condition| !condition.holds(request.context));
        match failed {
            Some(condition) => Err(Mismatch::Condition {
                operator: condition.written.clone(),
                key: condition.key.clone(),
                found: request.context.get(&condition.key).unwrap_or_default().to_vec(),
                wanted: condition.values.clone(),
            }),
            None => Ok(grant),
        }
    }

    /// The first variable of some resources that has no value in the request.
    fn empty_variable<'a>(&self, resources: &'a Patterns, request: Request<'_>) -> Option<&'a str> {
        let empty = |written: &&String| {
            Pattern::with_variables(written, Wildcards::Read, request.context).is_none()
        };
        let written = resources.written.iter().filter(|_| self.has_variables).find(empty)?;
        let mut names = variables(written).into_iter();
        names.find(|name| request.context.single(name).is_none())
    }

    fn admits_resource(&self, resources: &Patterns, request: Request<'_>) -> bool {
        resources.admit(|written| {
            let pattern = match self.has_variables && !variables(written).is_empty() {
                true => Pattern::with_variables(written, Wildcards::Read, request.context),
                false => Some(Pattern::new(written)),
            };
            pattern.is_some_and(|pattern| arn::matches(&pattern, request.resource))
        })
    }
}

impl Patterns {
    fn admit(&self, fits: impl FnMut(&String) -> bool) -> bool {
        self.written.iter().any(fits) != self.negated
    }
}
