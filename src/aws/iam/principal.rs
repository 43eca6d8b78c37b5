//! Who asks, and how the `Principal` element of a policy names them.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "… NotPrincipal".

use crate::aws::iam::policy::Effect;

/// Somebody with credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// What kind of principal it is.
    pub kind: RequesterKind,
    /// The account that it belongs to; empty for services and for anonymous requests.
    pub account: String,
    /// Whether a permissions boundary is attached.
    pub has_boundary: bool,
}

/// The kinds of principals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequesterKind {
    /// An IAM user.
    User {
        /// The user's name.
        name: String,
    },
    /// The session of a role.
    Session {
        /// The role's name.
        role: String,
        /// The session's name.
        session: String,
    },
    /// An AWS service, for instance `ecs-tasks.amazonaws.com`.
    Service {
        /// The service principal.
        name: String,
    },
    /// The root user of an account.
    Root,
    /// Nobody: a request without credentials.
    Anonymous,
}

/// How a statement of a resource-based policy names the one who asks. What stands further down is
/// less limited by other policies.
///
/// Sources: IAM User Guide, "Policy evaluation for requests within a single account" and
/// "Permissions boundaries for IAM entities".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// By the account: its own policies say who of it may.
    Account,
    /// By the role: permissions boundary and session policy limit the session.
    Role,
    /// By themselves or by everyone: no implicit deny takes it back.
    Direct,
}

/// A `Principal` or `NotPrincipal` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalElement {
    /// Whether it names those that are left out.
    pub negated: bool,
    /// Those named.
    pub named: Vec<Named>,
}

/// One that a principal element names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// `*`.
    Everyone,
    /// An account, by its number or the ARN of its root.
    Account(String),
    /// The ARN of a user, a role or a session.
    Arn(String),
    /// A service principal.
    Service(String),
    /// A kind that nobody here is of: federated, or a canonical user.
    Other(String),
}

impl Requester {
    /// The ARN under which the requester asks: a role's session, not the role.
    pub fn arn(&self) -> String {
        let account = &self.account;
        match &self.kind {
            RequesterKind::User { name } => format!("arn:aws:iam::{account}:user/{name}"),
            RequesterKind::Session { role, session } => {
                format!("arn:aws:sts::{account}:assumed-role/{role}/{session}")
            }
            RequesterKind::Service { name } => name.clone(),
            RequesterKind::Root => format!("arn:aws:iam::{account}:root"),
            RequesterKind::Anonymous => "anonymous".to_owned(),
        }
    }

    /// The ARN for `aws:PrincipalArn`: of a session its role's.
    pub fn principal_arn(&self) -> Option<String> {
        match &self.kind {
            RequesterKind::Session { role, .. } => Some(self.role_arn(role)),
            RequesterKind::User { .. } | RequesterKind::Root => Some(self.arn()),
            RequesterKind::Service { .. } | RequesterKind::Anonymous => None,
        }
    }

    /// Whether the requester's account has to agree, as for users, roles and the root user.
    pub fn has_account(&self) -> bool {
        !matches!(self.kind, RequesterKind::Service { .. } | RequesterKind::Anonymous)
    }

    fn role_arn(&self, role: &str) -> String {
        format!("arn:aws:iam::{}:role/{role}", self.account)
    }

    /// How one named principal means the requester, if it does.
    fn is(&self, named: &Named) -> Option<Grant> {
        match named {
            Named::Everyone => Some(Grant::Direct),
            Named::Account(account) => {
                let same = self.has_account() && *account == self.account;
                let root = self.kind == RequesterKind::Root;
                same.then_some(if root { Grant::Direct } else { Grant::Account })
            }
            Named::Arn(arn) if *arn == self.arn() => Some(Grant::Direct),
            Named::Arn(arn) => match &self.kind {
                RequesterKind::Session { role, .. } if *arn == self.role_arn(role) => {
                    Some(Grant::Role)
                }
                _ => None,
            },
            Named::Service(service) => match &self.kind {
                RequesterKind::Service { name } if name == service => Some(Grant::Direct),
                _ => None,
            },
            Named::Other(_) => None,
        }
    }

    /// Everything under which a policy can name the requester.
    fn identifiers(&self) -> Vec<Named> {
        let account = Named::Account(self.account.clone());
        match &self.kind {
            RequesterKind::User { .. } => vec![account, Named::Arn(self.arn())],
            RequesterKind::Session { role, .. } => {
                vec![account, Named::Arn(self.role_arn(role)), Named::Arn(self.arn())]
            }
            RequesterKind::Service { name } => vec![Named::Service(name.clone())],
            RequesterKind::Root => vec![account],
            RequesterKind::Anonymous => Vec::new(),
        }
    }
}

impl PrincipalElement {
    /// How the element names the requester, if it does.
    ///
    /// With `NotPrincipal` and `Deny` one who is to be left out has to be named in full, the
    /// account and for a session the role too; who has a permissions boundary is always denied.
    pub fn names(&self, requester: &Requester, effect: Effect) -> Option<Grant> {
        if !self.negated {
            return self.named.iter().filter_map(|named| requester.is(named)).max();
        }
        if self.named.contains(&Named::Everyone) {
            return None;
        }
        let left_out = match effect {
            Effect::Allow => self.named.iter().any(|named| requester.is(named).is_some()),
            Effect::Deny => {
                let identifiers = requester.identifiers();
                let all = identifiers.iter().all(|identifier| self.named.contains(identifier));
                all && !identifiers.is_empty() && !requester.has_boundary
            }
        };
        (!left_out).then_some(Grant::Direct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Requester {
        let (role, session) = ("app".to_owned(), "web".to_owned());
        Requester {
            kind: RequesterKind::Session { role, session },
            account: "111122223333".to_owned(),
            has_boundary: false,
        }
    }

    fn element(negated: bool, named: &[Named]) -> PrincipalElement {
        PrincipalElement { negated, named: named.to_vec() }
    }

    fn arn(text: &str) -> Named {
        Named::Arn(text.to_owned())
    }

    const ROLE: &str = "arn:aws:iam::111122223333:role/app";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/web";

    #[test]
    fn a_session_is_named_in_four_ways() {
        let account = Named::Account("111122223333".to_owned());
        let other = Named::Account("444455556666".to_owned());
        let names = |named: &[Named]| element(false, named).names(&session(), Effect::Allow);
        assert_eq!(names(&[Named::Everyone]), Some(Grant::Direct));
        assert_eq!(names(&[arn(SESSION)]), Some(Grant::Direct));
        assert_eq!(names(&[arn(ROLE)]), Some(Grant::Role));
        assert_eq!(names(std::slice::from_ref(&account)), Some(Grant::Account));
        assert_eq!(names(&[account, arn(ROLE)]), Some(Grant::Role));
        assert_eq!(names(&[other, arn("arn:aws:iam::111122223333:role/other")]), None);
        assert_eq!(names(&[Named::Service("ecs-tasks.amazonaws.com".to_owned())]), None);
    }

    #[test]
    fn who_is_left_out_has_to_be_named_in_full() {
        let account = Named::Account("111122223333".to_owned());
        let denies = |named: &[Named], requester: &Requester| {
            element(true, named).names(requester, Effect::Deny)
        };
        assert!(denies(&[arn(ROLE)], &session()).is_some());
        assert!(denies(&[account.clone(), arn(ROLE)], &session()).is_some());
        let full = [account, arn(ROLE), arn(SESSION)];
        assert!(denies(&full, &session()).is_none());
        let bounded = Requester { has_boundary: true, ..session() };
        assert!(denies(&full, &bounded).is_some());
        assert!(element(true, &[arn(ROLE)]).names(&session(), Effect::Allow).is_none());
    }
}
