//! What becomes of a request, and why.

use serde::{Deserialize, Serialize};

use crate::aws::iam::arn::service_of;
use crate::aws::iam::policy::{Mismatch, PolicyType};

/// How a request ends, by the words of the IAM policy simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// `allowed`.
    Allowed,
    /// `explicitDeny`: a statement denies it.
    ExplicitDeny,
    /// `implicitDeny`: no statement allows it where one has to.
    ImplicitDeny,
}

/// The statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementName {
    /// The policy's name.
    pub policy: String,
    /// The Sid, or the statement's place: `Statement[0]`.
    pub statement: String,
}

/// A statement that would have allowed the request, had it matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// The type of its policy.
    pub policy_type: PolicyType,
    /// The statement.
    pub name: StatementName,
    /// What doesn't match.
    pub mismatch: Mismatch,
}

/// What one type of policies says of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The type.
    pub policy_type: PolicyType,
    /// What it says.
    pub finding: Finding,
    /// The statement that says so.
    pub by: Option<StatementName>,
}

/// What a type of policies can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finding {
    /// There are none, so they limit nothing and allow nothing.
    None,
    /// A statement allows.
    Allows,
    /// A statement denies.
    Denies,
    /// No statement matches.
    Silent,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// How it ends.
    pub verdict: Verdict,
    /// The type of policies that decided: of an implicit deny the one that would have had to allow;
    /// `None` for the root user, who needs none.
    pub decided_by: Option<PolicyType>,
    /// The statement that decided; none for an implicit deny.
    pub statement: Option<StatementName>,
    /// Why, in the words of AWS's message where it is denied.
    pub reason: String,
    /// What each type of policies says, in the order in which AWS asks them.
    pub stages: Vec<Stage>,
    /// Statements that would have allowed it, the nearest first.
    pub near_misses: Vec<NearMiss>,
}

impl Decision {
    /// Whether the request is served.
    pub fn allowed(&self) -> bool {
        self.verdict == Verdict::Allowed
    }
}

impl Verdict {
    /// The word of the policy simulator.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ExplicitDeny => "explicitDeny",
            Self::ImplicitDeny => "implicitDeny",
        }
    }
}

/// The API's error for a request that is denied, by service.
///
/// Source: the "Common errors" pages of the services' API references.
pub fn error_name(action: &str) -> &'static str {
    match service_of(action).as_str() {
        "s3" | "sts" | "iam" | "sqs" | "cloudfront" | "sdb" | "route53" => "AccessDenied",
        "ec2" => "UnauthorizedOperation",
        "sns" => "AuthorizationError",
        _ => "AccessDeniedException",
    }
}
