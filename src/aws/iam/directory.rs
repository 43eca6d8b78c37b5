//! Everybody and everything with policies, ready to be asked: who has which, and which apply to a
//! request.

use crate::aws::iam::arn::{Arn, lies_in, service_of};
use crate::aws::iam::context::Context;
use crate::aws::iam::decision::Decision;
use crate::aws::iam::document::{Document, WrittenPrincipal, WrittenStatement};
use crate::aws::iam::evaluate::{Question, ResourceSide, evaluate};
use crate::aws::iam::identity::{Identities, Identity, Who};
use crate::aws::iam::policy::{Policy, PolicyType};
use crate::aws::iam::principal::{Requester, RequesterKind};
use crate::aws::iam::{check, managed};

/// Services without Regions: their requests go to one.
///
/// Source: IAM User Guide, "AWS global condition context keys", on `aws:RequestedRegion`.
const GLOBAL: [&str; 6] =
    ["iam", "organizations", "cloudfront", "route53", "globalaccelerator", "support"];
/// The Region of their endpoint.
const GLOBAL_REGION: &str = "us-east-1";
/// The name of a session that none is given for.
const SESSION: &str = "session";

/// All identities and policies of a scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directory {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) organization: Option<OrganizationReady>,
    pub(super) roles: Vec<Ready>,
    pub(super) users: Vec<Ready>,
    pub(super) resources: Vec<ReadyResource>,
}

/// An organization whose policies are ready.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct OrganizationReady {
    pub(super) id: String,
    pub(super) accounts: Vec<String>,
    pub(super) levels: Vec<Vec<Policy>>,
}

/// A user or role whose policies are ready.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ready {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) policies: Vec<Policy>,
    pub(super) boundary: Option<Policy>,
    pub(super) trust: Option<Policy>,
    pub(super) tags: Vec<(String, String)>,
}

/// A resource whose policy is ready.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ReadyResource {
    pub(super) resource: String,
    pub(super) account: Option<String>,
    pub(super) policy: Option<Policy>,
    pub(super) tags: Vec<(String, String)>,
}

/// A request to be decided.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Who asks.
    pub principal: &'a Who,
    /// The name of a role's session.
    pub session_name: Option<&'a str>,
    /// The policy of a role's session.
    pub session_policy: Option<&'a Policy>,
    /// The action.
    pub action: &'a str,
    /// The ARN of the resource, or `*`.
    pub resource: &'a str,
    /// Keys of the context; what isn't among them is filled in where it follows from the request.
    pub context: &'a [(String, Vec<String>)],
}

impl Directory {
    /// The number of the scenario's account.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The Region of the scenario's account.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The ARN of a role; empty for one that isn't there.
    pub fn role_arn(&self, role: usize) -> String {
        self.roles.get(role).map_or_else(String::new, |role| {
            format!("arn:aws:iam::{}:role/{}", role.account, role.name)
        })
    }

    /// The ARN under which somebody asks.
    pub fn arn(&self, principal: &Who, session_name: Option<&str>) -> String {
        self.requester(principal, session_name).arn()
    }

    /// Decides whether a service may assume a role, for a resource if one is named.
    pub fn assume(&self, role: usize, service: &str, source: Option<String>) -> Decision {
        self.service(service, "sts:AssumeRole", &self.role_arn(role), source)
    }

    /// Decides a request of a service of AWS's, made for a resource of the scenario's account if
    /// one is named.
    pub fn service(
        &self,
        service: &str,
        action: &str,
        resource: &str,
        source: Option<String>,
    ) -> Decision {
        let account = ("aws:SourceAccount".to_owned(), vec![self.account.clone()]);
        let source = source.map(|arn| ("aws:SourceArn".to_owned(), vec![arn]));
        self.decide(Ask {
            principal: &Who::Service(service.to_owned()),
            session_name: None,
            session_policy: None,
            action,
            resource,
            context: &std::iter::once(account).chain(source).collect::<Vec<_>>(),
        })
    }

    /// Decides a request.
    pub fn decide(&self, ask: Ask<'_>) -> Decision {
        let requester = self.requester(ask.principal, ask.session_name);
        let owner = match ask.principal {
            Who::Role(role) => self.roles.get(*role),
            Who::User(user) => self.users.get(*user),
            _ => None,
        };
        let role = self.assumed_role(ask);
        let resource = self.resources.iter().filter(|known| lies_in(ask.resource, &known.resource));
        let resource = resource.max_by_key(|known| known.resource.len());
        let resource_account = match (role, resource.and_then(|known| known.account.as_deref())) {
            (Some(role), _) => role.account.as_str(),
            (None, Some(account)) => account,
            (None, None) => Arn::parse(ask.resource)
                .map(|arn| arn.account)
                .filter(|account| !account.is_empty())
                .unwrap_or(&self.account),
        };
        let key = service_of(ask.action) == "kms" && ask.resource != "*";
        let default_key_policy = key.then(|| default_key_policy(resource_account)).flatten();
        let written = match role {
            Some(role) => role.trust.as_ref(),
            None => resource.and_then(|known| known.policy.as_ref()),
        };
        let context = self.context(ask, &requester, owner, resource, resource_account);
        let is_member =
            |organization: &&OrganizationReady| organization.accounts.contains(&requester.account);
        let organization = self.organization.as_ref().filter(is_member);
        evaluate(&Question {
            requester: &requester,
            action: ask.action,
            resource: ask.resource,
            context: &context,
            service_control: organization.map_or(&[], |o| o.levels.as_slice()),
            resource_policy: written.or(default_key_policy.as_ref()),
            resource_side: match key || is_assume_role(ask.action) {
                true => ResourceSide::Required,
                false => ResourceSide::Either,
            },
            resource_account,
            identity: owner.map_or(&[], |owner| owner.policies.as_slice()),
            boundary: owner.and_then(|owner| owner.boundary.as_ref()),
            session: ask.session_policy,
        })
    }

    /// The role that a request is about to assume.
    fn assumed_role(&self, ask: Ask<'_>) -> Option<&Ready> {
        if !is_assume_role(ask.action) {
            return None;
        }
        let mut places = 0..self.roles.len();
        let place = places.find(|&place| self.role_arn(place) == ask.resource)?;
        self.roles.get(place)
    }

    fn requester(&self, principal: &Who, session_name: Option<&str>) -> Requester {
        let own = self.account.clone();
        let (kind, account, has_boundary) = match principal {
            Who::Role(role) => {
                let known = self.roles.get(*role);
                let kind = RequesterKind::Session {
                    role: known.map_or_else(String::new, |role| role.name.clone()),
                    session: session_name.unwrap_or(SESSION).to_owned(),
                };
                let account = known.map_or(own, |role| role.account.clone());
                (kind, account, known.is_some_and(|role| role.boundary.is_some()))
            }
            Who::User(user) => {
                let known = self.users.get(*user);
                let name = known.map_or_else(String::new, |user| user.name.clone());
                let account = known.map_or(own, |user| user.account.clone());
                let bounded = known.is_some_and(|user| user.boundary.is_some());
                (RequesterKind::User { name }, account, bounded)
            }
            Who::Service(name) => {
                (RequesterKind::Service { name: name.clone() }, String::new(), false)
            }
            Who::Root => (RequesterKind::Root, own, false),
            Who::Anonymous => (RequesterKind::Anonymous, String::new(), false),
        };
        Requester { kind, account, has_boundary }
    }

    /// The request's context: what is given, and what follows from the request.
    ///
    /// Source: IAM User Guide, "AWS global condition context keys".
    fn context(
        &self,
        ask: Ask<'_>,
        requester: &Requester,
        owner: Option<&Ready>,
        resource: Option<&ReadyResource>,
        resource_account: &str,
    ) -> Context {
        let mut context = Context::default();
        for (key, values) in ask.context {
            context.set(key, &values.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let mut add = |key: &str, value: &str| context.set_default(key, value);
        if let Some(arn) = requester.principal_arn() {
            add("aws:PrincipalArn", &arn);
        }
        let kind = match &requester.kind {
            RequesterKind::User { name } => {
                add("aws:username", name);
                Some("User")
            }
            RequesterKind::Session { .. } => Some("AssumedRole"),
            RequesterKind::Root => Some("Account"),
            RequesterKind::Anonymous => Some("Anonymous"),
            RequesterKind::Service { name } => {
                add("aws:PrincipalServiceName", name);
                None
            }
        };
        kind.into_iter().for_each(|kind| add("aws:PrincipalType", kind));
        if requester.has_account() {
            add("aws:PrincipalAccount", &requester.account);
        }
        let is_service = matches!(requester.kind, RequesterKind::Service { .. });
        add("aws:PrincipalIsAWSService", if is_service { "true" } else { "false" });
        if let Some(organization) = &self.organization {
            if organization.accounts.contains(&requester.account) {
                add("aws:PrincipalOrgID", &organization.id);
            }
            if organization.accounts.iter().any(|account| account == resource_account) {
                add("aws:ResourceOrgID", &organization.id);
            }
        }
        add("aws:ResourceAccount", resource_account);
        add("aws:RequestedRegion", &self.requested_region(ask));
        add("aws:SecureTransport", "true");
        add("aws:ViaAWSService", "false");
        for (name, value) in owner.map_or(&[][..], |owner| &owner.tags) {
            add(&format!("aws:PrincipalTag/{name}"), value);
        }
        for (name, value) in resource.map_or(&[][..], |resource| &resource.tags) {
            add(&format!("aws:ResourceTag/{name}"), value);
        }
        context
    }

    fn requested_region(&self, ask: Ask<'_>) -> String {
        let region = Arn::parse(ask.resource).map_or("", |arn| arn.region);
        match region {
            "" if GLOBAL.contains(&service_of(ask.action).as_str()) => GLOBAL_REGION.to_owned(),
            "" => self.region.clone(),
            region => region.to_owned(),
        }
    }
}

/// Whether the trust policy of a role is asked.
fn is_assume_role(action: &str) -> bool {
    let action = action.to_lowercase();
    action.starts_with("sts:assumerole")
        || ["sts:tagsession", "sts:setsourceidentity"].contains(&action.as_str())
}

/// The key policy of a KMS key that is created through the API: it leaves everything to the
/// account.
///
/// Source: AWS KMS Developer Guide, "Default key policy".
fn default_key_policy(account: &str) -> Option<Policy> {
    let root = format!("arn:aws:iam::{account}:root");
    let everything = Some(vec!["kms:*".to_owned()]);
    let statement = WrittenStatement {
        effect: Some("Allow".to_owned()),
        principal: Some(WrittenPrincipal::Typed(vec![("AWS".to_owned(), vec![root])])),
        action: everything,
        resource: Some(vec!["*".to_owned()]),
        ..WrittenStatement::default()
    };
    let document = Document { statements: vec![statement], ..Document::default() };
    check::policy("default key policy", PolicyType::Resource, &document).ok()
}

/// A managed policy: the customer's, else AWS's.
pub(super) fn managed_document<'a>(
    identities: &'a Identities,
    name: &str,
) -> Option<Result<&'a Document, &'static str>> {
    let own = identities.policies.iter().find(|policy| policy.name == name);
    match own {
        Some(policy) => Some(Ok(&policy.document)),
        None => managed::names().find(|known| *known == name).map(Err),
    }
}

/// The account of a user or role.
pub(super) fn account_of(identities: &Identities, identity: &Identity) -> String {
    identity.account.clone().unwrap_or_else(|| identities.account.clone())
}
