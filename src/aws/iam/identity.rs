//! What the author deploys: users, roles, the policies attached to them and to resources, the
//! organization, and requests.

use crate::aws::iam::document::Document;

/// Everything about identities and permissions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identities {
    /// The number of the account in which everything lies that doesn't say otherwise.
    pub account: String,
    /// The organization, if there is one.
    pub organization: Option<Organization>,
    /// Customer managed policies.
    pub policies: Vec<NamedDocument>,
    /// Roles.
    pub roles: Vec<Identity>,
    /// Users.
    pub users: Vec<Identity>,
    /// Policies of resources.
    pub resource_policies: Vec<ResourcePolicy>,
    /// Single requests.
    pub accesses: Vec<Access>,
}

/// A policy document with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedDocument {
    /// The name.
    pub name: String,
    /// The document.
    pub document: Document,
}

/// A user or a role.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The number of its account; that of the scenario when `None`.
    pub account: Option<String>,
    /// Who may assume it; `None` for users.
    pub trust: Option<Document>,
    /// Inline policies.
    pub inline: Vec<NamedDocument>,
    /// The names of managed policies.
    pub managed: Vec<String>,
    /// The permissions boundary.
    pub boundary: Option<Boundary>,
    /// Tags, for `aws:PrincipalTag/…`.
    pub tags: Vec<(String, String)>,
}

/// A permissions boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// A managed policy by name.
    Managed(String),
    /// A document of its own.
    Written(Document),
}

/// The policy of a resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourcePolicy {
    /// The author's name for it.
    pub name: String,
    /// The ARN of the resource; what lies below it belongs to it.
    pub resource: String,
    /// The number of the account that owns it; that of the ARN or of the scenario when `None`.
    pub account: Option<String>,
    /// The policy; a resource may be there for its account or its tags alone.
    pub document: Option<Document>,
    /// Tags, for `aws:ResourceTag/…`.
    pub tags: Vec<(String, String)>,
}

/// An organization.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organization {
    /// Its id, for instance `o-a1b2c3d4e5`.
    pub id: String,
    /// The numbers of its member accounts.
    pub accounts: Vec<String>,
    /// Service control policies, from the root down; they bind all members.
    pub levels: Vec<Vec<NamedDocument>>,
    /// Whether `FullAWSAccess` is still attached at every level.
    pub full_access: bool,
}

/// Who asks, by its place in the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A role's session: an index of [`Identities::roles`].
    Role(usize),
    /// A user: an index of [`Identities::users`].
    User(usize),
    /// A service principal.
    Service(String),
    /// The root user of the scenario's account.
    Root,
    /// Nobody in particular.
    Anonymous,
}

/// A single request.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// When, in nanoseconds.
    pub at: u64,
    /// Who asks.
    pub principal: Who,
    /// The name of a role's session.
    pub session_name: Option<String>,
    /// The policy of a role's session.
    pub session_policy: Option<Document>,
    /// The action.
    pub action: String,
    /// The ARN of the resource, or `*`.
    pub resource: String,
    /// Keys of the request's context with their values.
    pub context: Vec<(String, Vec<String>)>,
}
