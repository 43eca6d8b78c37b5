//! From what the author deploys to a [`Directory`], or AWS's refusal: malformed policies, quotas on
//! their sizes, principals that don't exist.

use crate::aws::iam::arn::Arn;
use crate::aws::iam::directory::{
    Directory, OrganizationReady, Ready, ReadyResource, account_of, managed_document,
};
use crate::aws::iam::document::Document;
use crate::aws::iam::identity::{Access, Boundary, Identities, Identity, NamedDocument};
use crate::aws::iam::policy::{Policy, PolicyType};
use crate::aws::iam::principal::Named;
use crate::aws::iam::{check, managed};
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;

/// The name of the policy that lets everything through.
const FULL_ACCESS: &str = "FullAWSAccess";

/// The directory of a deployment.
///
/// # Errors
/// The first thing that AWS would refuse.
pub fn directory(
    identities: &Identities,
    region: &str,
    reader: &Reader<'_>,
) -> Result<Directory, Rejection> {
    let deployment = Deployment { identities, reader };
    for policy in &identities.policies {
        deployment.check_size(policy, "iam.managed_policy_size_max", "PolicySize")?;
        deployment.policy(policy, PolicyType::Identity, &policy.name)?;
    }
    let ready = |kind: &'static Kind| {
        let list = if kind.is_role { &identities.roles } else { &identities.users };
        list.iter().map(|identity| deployment.identity(identity, kind)).collect()
    };
    let roles: Result<Vec<Ready>, Rejection> = ready(&ROLE);
    let users: Result<Vec<Ready>, Rejection> = ready(&USER);
    let directory = Directory {
        account: identities.account.clone(),
        region: region.to_owned(),
        organization: deployment.organization()?,
        roles: roles?,
        users: users?,
        resources: deployment.resources()?,
    };
    for access in &identities.accesses {
        session_policy(access)?;
    }
    Ok(directory)
}

/// The session policy of a request.
///
/// # Errors
/// AWS's refusal of its document.
pub fn session_policy(access: &Access) -> Result<Option<Policy>, Rejection> {
    let Some(document) = &access.session_policy else { return Ok(None) };
    let policy = check::policy("session policy", PolicyType::Session, document);
    policy.map(Some).map_err(|reason| malformed(None, "MalformedPolicyDocument", &reason))
}

/// What differs between users and roles: names of quotas.
struct Kind {
    is_role: bool,
    /// In sentences.
    word: &'static str,
    /// The parameter of the API.
    parameter: &'static str,
    name_length: &'static str,
    inline_size: &'static str,
    managed: &'static str,
    managed_quota: &'static str,
}

static ROLE: Kind = Kind {
    is_role: true,
    word: "role",
    parameter: "roleName",
    name_length: "iam.role_name_length_max",
    inline_size: "iam.role_inline_policy_size_max",
    managed: "iam.managed_policies_per_role",
    managed_quota: "PoliciesPerRole",
};

static USER: Kind = Kind {
    is_role: false,
    word: "user",
    parameter: "userName",
    name_length: "iam.user_name_length_max",
    inline_size: "iam.user_inline_policy_size_max",
    managed: "iam.managed_policies_per_user",
    managed_quota: "PoliciesPerUser",
};

struct Deployment<'a> {
    identities: &'a Identities,
    reader: &'a Reader<'a>,
}

impl Deployment<'_> {
    fn identity(&self, identity: &Identity, kind: &Kind) -> Result<Ready, Rejection> {
        self.check_name(identity, kind)?;
        let name = &identity.name;
        let sizes = identity.inline.iter().map(|policy| policy.document.size());
        let most = self.reader.count(kind.inline_size);
        if sizes.fold(0, u64::saturating_add) > most {
            let word = kind.word;
            let reason = format!("Maximum policy size of {most} bytes exceeded for {word} {name}");
            return Err(limit_exceeded(name, reason));
        }
        let most = self.reader.count(kind.managed);
        if identity.managed.len() as u64 > most {
            let quota = kind.managed_quota;
            return Err(limit_exceeded(name, format!("Cannot exceed quota for {quota}: {most}")));
        }
        let mut policies = Vec::new();
        for policy in &identity.inline {
            policies.push(self.policy(policy, PolicyType::Identity, name)?);
        }
        for attached in &identity.managed {
            policies.push(self.managed(attached, PolicyType::Identity, name)?);
        }
        let boundary = match &identity.boundary {
            None => None,
            Some(Boundary::Managed(policy)) => {
                Some(self.managed(policy, PolicyType::Boundary, name)?)
            }
            Some(Boundary::Written(document)) => {
                let written = NamedDocument {
                    name: "permissions boundary".to_owned(),
                    document: document.clone(),
                };
                self.check_size(&written, "iam.managed_policy_size_max", "PolicySize")?;
                Some(self.policy(&written, PolicyType::Boundary, name)?)
            }
        };
        let trust = identity.trust.as_ref().map(|document| self.trust(document, name));
        Ok(Ready {
            name: name.clone(),
            account: account_of(self.identities, identity),
            policies,
            boundary,
            trust: trust.transpose()?,
            tags: identity.tags.clone(),
        })
    }

    fn check_name(&self, identity: &Identity, kind: &Kind) -> Result<(), Rejection> {
        let name = &identity.name;
        let fits = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        let most = self.reader.count(kind.name_length);
        let parameter = kind.parameter;
        let reason = if !name.chars().all(fits) {
            format!(
                "The specified value for {parameter} is invalid. It must contain only alphanumeric \
                 characters and/or the following: +=,.@_-"
            )
        } else if name.chars().count() as u64 > most {
            format!(
                "1 validation error detected: Value '{name}' at '{parameter}' failed to satisfy \
                 constraint: Member must have length less than or equal to {most}"
            )
        } else {
            return Ok(());
        };
        Err(malformed(Some(name), "ValidationError", &reason))
    }

    fn trust(&self, document: &Document, role: &str) -> Result<Policy, Rejection> {
        let most = self.reader.count("iam.role_trust_policy_length_max");
        if document.size() > most {
            return Err(limit_exceeded(
                role,
                format!("Cannot exceed quota for ACLSizePerRole: {most}"),
            ));
        }
        let written = NamedDocument { name: format!("{role} trust"), document: document.clone() };
        let policy = self.policy(&written, PolicyType::Trust, role)?;
        self.check_principals(&policy, role, "MalformedPolicyDocument")?;
        Ok(policy)
    }

    /// A policy of the customer's or AWS's by its name.
    fn managed(
        &self,
        name: &str,
        policy_type: PolicyType,
        owner: &str,
    ) -> Result<Policy, Rejection> {
        match managed_document(self.identities, name) {
            Some(Ok(document)) => {
                let written = NamedDocument { name: name.to_owned(), document: document.clone() };
                self.policy(&written, policy_type, owner)
            }
            found => found
                .and_then(|_| managed::policy(name, policy_type))
                .ok_or_else(|| self.no_such_policy(name, owner)),
        }
    }

    fn no_such_policy(&self, name: &str, owner: &str) -> Rejection {
        let account = &self.identities.account;
        let reason = format!(
            "Policy arn:aws:iam::{account}:policy/{name} does not exist or is not attachable."
        );
        malformed(Some(owner), "NoSuchEntity", &reason)
    }

    fn policy(
        &self,
        policy: &NamedDocument,
        policy_type: PolicyType,
        owner: &str,
    ) -> Result<Policy, Rejection> {
        let checked = check::policy(&policy.name, policy_type, &policy.document);
        checked.map_err(|reason| malformed(Some(owner), "MalformedPolicyDocument", &reason))
    }

    fn check_size(
        &self,
        policy: &NamedDocument,
        quota: &str,
        api_name: &str,
    ) -> Result<(), Rejection> {
        let most = self.reader.count(quota);
        if policy.document.size() <= most {
            return Ok(());
        }
        let reason = format!("Cannot exceed quota for {api_name}: {most}");
        Err(limit_exceeded(&policy.name, reason))
    }

    fn organization(&self) -> Result<Option<OrganizationReady>, Rejection> {
        let Some(organization) = &self.identities.organization else { return Ok(None) };
        let mut levels = Vec::new();
        for level in &organization.levels {
            let mut policies = Vec::new();
            if organization.full_access {
                policies.extend(managed::policy(FULL_ACCESS, PolicyType::ServiceControl));
            }
            for policy in level {
                let most = self.reader.count("iam.service_control_policy_size_max");
                if policy.document.size() > most {
                    let reason = format!(
                        "You have exceeded the maximum size of a policy: {most} characters"
                    );
                    let error = "ConstraintViolationException";
                    return Err(malformed(Some(&policy.name), error, &reason));
                }
                let checked =
                    check::policy(&policy.name, PolicyType::ServiceControl, &policy.document);
                policies.push(checked.map_err(|reason| {
                    malformed(Some(&policy.name), "MalformedPolicyDocumentException", &reason)
                })?);
            }
            levels.push(policies);
        }
        Ok(Some(OrganizationReady {
            id: organization.id.clone(),
            accounts: organization.accounts.clone(),
            levels,
        }))
    }

    fn resources(&self) -> Result<Vec<ReadyResource>, Rejection> {
        let mut resources = Vec::new();
        for resource in &self.identities.resource_policies {
            let service = Arn::parse(&resource.resource).map_or("", |arn| arn.service);
            let error = malformed_error(service);
            let policy = match &resource.document {
                None => None,
                Some(document) => {
                    let checked = check::policy(&resource.name, PolicyType::Resource, document);
                    let policy = checked
                        .map_err(|reason| malformed(Some(&resource.name), error, &reason))?;
                    self.check_principals(&policy, &resource.name, error)?;
                    Some(policy)
                }
            };
            resources.push(ReadyResource {
                resource: resource.resource.clone(),
                account: resource.account.clone(),
                policy,
                tags: resource.tags.clone(),
            });
        }
        Ok(resources)
    }

    /// Users and roles of the scenario's account that a policy names have to exist.
    ///
    /// Source: IAM User Guide, "AWS JSON policy elements: Principal".
    fn check_principals(&self, policy: &Policy, owner: &str, error: &str) -> Result<(), Rejection> {
        let elements = policy.statements.iter().filter_map(|s| s.principal.as_ref());
        for named in elements.flat_map(|element| &element.named) {
            let Named::Arn(text) = named else { continue };
            let Some(arn) = Arn::parse(text) else { continue };
            if arn.account != self.identities.account || self.exists(arn.resource) {
                continue;
            }
            let reason = format!("Invalid principal in policy: \"AWS\":\"{text}\"");
            return Err(malformed(Some(owner), error, &reason));
        }
        Ok(())
    }

    fn exists(&self, resource: &str) -> bool {
        let is_in = |list: &[Identity], name: &str| {
            // A path may stand before the name.
            let name = name.rsplit('/').next().unwrap_or(name);
            list.iter().any(|known| known.name == name)
        };
        match resource.split_once('/') {
            Some(("role", name)) => is_in(&self.identities.roles, name),
            Some(("user", name)) => is_in(&self.identities.users, name),
            _ => true,
        }
    }
}

/// The error of a service for a resource policy that it doesn't take.
///
/// Source: the API reference of each service.
fn malformed_error(service: &str) -> &'static str {
    match service {
        "s3" => "MalformedPolicy",
        "kms" | "secretsmanager" => "MalformedPolicyDocumentException",
        "sns" => "InvalidParameter",
        "sqs" => "InvalidAttributeValue",
        _ => "InvalidParameterException",
    }
}

fn malformed(resource: Option<&str>, error: &str, reason: &str) -> Rejection {
    Rejection {
        resource: resource.map(str::to_owned),
        error: error.to_owned(),
        reason: reason.to_owned(),
    }
}

fn limit_exceeded(resource: &str, reason: String) -> Rejection {
    malformed(Some(resource), "LimitExceeded", &reason)
}
