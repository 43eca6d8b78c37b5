//! From the policies that apply to a request to the decision, in AWS's order: an explicit deny
//! anywhere, service control policies, the resource's policy, identity-based policies, the
//! permissions boundary, the session policy. What nobody allows is denied.
//!
//! Sources: IAM User Guide, "Policy evaluation for requests within a single account",
//! "Cross-account policy evaluation logic", "How AWS enforcement code logic evaluates requests" and
//! "Troubleshoot access denied error messages".

use crate::aws::iam::context::Context;
use crate::aws::iam::decision::{Decision, Finding, NearMiss, Stage, StatementName, Verdict};
use crate::aws::iam::policy::{Effect, Mismatch, Policy, PolicyType, Request};
use crate::aws::iam::principal::{Grant, Requester, RequesterKind};

/// How many near misses a decision keeps.
const MOST_NEAR_MISSES: usize = 8;

/// Whether a resource's policy has to agree also within its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceSide {
    /// Either side is enough.
    Either,
    /// The resource has to agree, as roles and KMS keys have to: its policy may leave it to the
    /// account.
    Required,
}

/// A request with all policies that apply to it.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// Who asks.
    pub requester: &'a Requester,
    /// The action.
    pub action: &'a str,
    /// The ARN of the resource, or `*`.
    pub resource: &'a str,
    /// What conditions ask for.
    pub context: &'a Context,
    /// Service control policies from the organization's root down: each level has to allow.
    pub service_control: &'a [Vec<Policy>],
    /// The policy of the resource, a role's trust policy included.
    pub resource_policy: Option<&'a Policy>,
    /// Whether that has to agree.
    pub resource_side: ResourceSide,
    /// The account of the resource.
    pub resource_account: &'a str,
    /// Identity-based policies of the one who asks.
    pub identity: &'a [Policy],
    /// Their permissions boundary.
    pub boundary: Option<&'a Policy>,
    /// The policy of their session.
    pub session: Option<&'a Policy>,
}

/// Decides.
pub fn evaluate(question: &Question<'_>) -> Decision {
    let mut evaluation = Evaluation::new(question);
    if let Some(stage) = evaluation.denied() {
        return evaluation.explicit_deny(stage);
    }
    let requester = question.requester;
    if let Some(level) = evaluation.service_control_gap {
        evaluation.miss(question.service_control.get(level).map_or(&[], Vec::as_slice));
        return evaluation.implicit_deny(PolicyType::ServiceControl);
    }
    let resource_type = evaluation.resource_type();
    let resource = question.resource_policy.map_or(&[][..], std::slice::from_ref);
    let grant = evaluation.grant.as_ref().map(|(grant, _)| *grant);
    if !requester.has_account() {
        if grant.is_some() {
            return evaluation.allow(resource_type);
        }
        evaluation.miss(resource);
        return evaluation.implicit_deny(resource_type);
    }
    let within = requester.account == question.resource_account;
    if within && grant == Some(Grant::Direct) {
        return evaluation.allow(resource_type);
    }
    let needs_resource = !within || question.resource_side == ResourceSide::Required;
    if needs_resource && grant.is_none() {
        evaluation.miss(resource);
        return evaluation.implicit_deny(resource_type);
    }
    let by_resource = within && grant == Some(Grant::Role);
    if !by_resource && !evaluation.allows(PolicyType::Identity) {
        evaluation.miss(question.identity);
        evaluation.miss(resource);
        return evaluation.implicit_deny(PolicyType::Identity);
    }
    for limit in [PolicyType::Boundary, PolicyType::Session] {
        if evaluation.finding(limit) == Finding::Silent {
            let policy =
                if limit == PolicyType::Boundary { question.boundary } else { question.session };
            evaluation.miss(policy.map_or(&[][..], std::slice::from_ref));
            return evaluation.implicit_deny(limit);
        }
    }
    evaluation.allow(if by_resource { resource_type } else { PolicyType::Identity })
}

/// What the policies of one type say, and the statements that say so.
struct Evaluation<'a, 'q> {
    question: &'q Question<'a>,
    request: Request<'q>,
    stages: Vec<Stage>,
    /// How far the resource's policy goes, and the statement.
    grant: Option<(Grant, StatementName)>,
    /// The first level of service control policies at which none allows.
    service_control_gap: Option<usize>,
    near_misses: Vec<NearMiss>,
}

impl<'a, 'q> Evaluation<'a, 'q> {
    fn new(question: &'q Question<'a>) -> Self {
        let Question { requester, action, resource, context, .. } = question;
        let request = Request { requester, action, resource, context };
        let mut evaluation = Self {
            question,
            request,
            stages: Vec::new(),
            grant: None,
            service_control_gap: None,
            near_misses: Vec::new(),
        };
        evaluation.ask_service_control();
        if let Some(policy) = question.resource_policy {
            evaluation.grant = evaluation.grant(policy);
        }
        let resource_type = evaluation.resource_type();
        let resource = question.resource_policy.map_or(&[][..], std::slice::from_ref);
        evaluation.ask(resource_type, resource);
        if question.requester.has_account() {
            evaluation.ask(PolicyType::Identity, question.identity);
            if question.requester.kind == RequesterKind::Root {
                evaluation.everything();
            }
            evaluation.ask_limit(PolicyType::Boundary, question.boundary);
            evaluation.ask_limit(PolicyType::Session, question.session);
        }
        evaluation
    }

    fn resource_type(&self) -> PolicyType {
        self.question.resource_policy.map_or(PolicyType::Resource, |policy| policy.policy_type)
    }

    /// The first statement with an effect that matches.
    fn first(&self, policies: &[Policy], effect: Effect) -> Option<StatementName> {
        policies.iter().find_map(|policy| {
            let mut statements = policy.statements.iter().filter(|s| s.effect == effect);
            let found = statements.find(|statement| statement.matches(self.request).is_ok())?;
            Some(named(policy, &found.name))
        })
    }

    fn ask(&mut self, policy_type: PolicyType, policies: &[Policy]) {
        let denies = self.first(policies, Effect::Deny);
        let allows = || match policy_type {
            PolicyType::Resource | PolicyType::Trust => {
                self.grant.as_ref().map(|(_, name)| name.clone())
            }
            _ => self.first(policies, Effect::Allow),
        };
        let (finding, by) = match denies {
            Some(name) => (Finding::Denies, Some(name)),
            None if policies.is_empty() => (Finding::None, None),
            None => match allows() {
                Some(name) => (Finding::Allows, Some(name)),
                None => (Finding::Silent, None),
            },
        };
        // Without a policy an identity allows nothing, which is more than not being limited.
        let finding = match (policy_type, finding) {
            (PolicyType::Identity, Finding::None) => Finding::Silent,
            (_, finding) => finding,
        };
        self.stages.push(Stage { policy_type, finding, by });
    }

    fn ask_limit(&mut self, policy_type: PolicyType, policy: Option<&Policy>) {
        self.ask(policy_type, policy.map_or(&[][..], std::slice::from_ref));
    }

    fn ask_service_control(&mut self) {
        let levels = self.question.service_control;
        let gap = levels.iter().position(|level| self.first(level, Effect::Allow).is_none());
        let denies = levels.iter().find_map(|level| self.first(level, Effect::Deny));
        let (finding, by) = match denies {
            Some(name) => (Finding::Denies, Some(name)),
            None if levels.is_empty() => (Finding::None, None),
            None if gap.is_some() => (Finding::Silent, None),
            None => {
                let last = levels.last().and_then(|level| self.first(level, Effect::Allow));
                (Finding::Allows, last)
            }
        };
        self.service_control_gap = gap;
        self.stages.push(Stage { policy_type: PolicyType::ServiceControl, finding, by });
    }

    /// The root user needs no policy.
    fn everything(&mut self) {
        let identity = self.stages.iter_mut().find(|s| s.policy_type == PolicyType::Identity);
        if let Some(stage) = identity.filter(|stage| stage.finding == Finding::Silent) {
            stage.finding = Finding::Allows;
        }
    }

    /// The farthest-going statement of the resource's policy that allows.
    fn grant(&self, policy: &Policy) -> Option<(Grant, StatementName)> {
        let mut best: Option<(Grant, StatementName)> = None;
        for statement in policy.statements.iter().filter(|s| s.effect == Effect::Allow) {
            let Ok(grant) = statement.matches(self.request) else { continue };
            if best.as_ref().is_none_or(|(known, _)| grant > *known) {
                best = Some((grant, named(policy, &statement.name)));
            }
        }
        best
    }

    fn finding(&self, policy_type: PolicyType) -> Finding {
        let stage = self.stages.iter().find(|stage| stage.policy_type == policy_type);
        stage.map_or(Finding::None, |stage| stage.finding)
    }

    fn allows(&self, policy_type: PolicyType) -> bool {
        self.finding(policy_type) == Finding::Allows
    }

    fn denied(&self) -> Option<Stage> {
        self.stages.iter().find(|stage| stage.finding == Finding::Denies).cloned()
    }

    /// Notes which statements of some policies would have allowed the request.
    fn miss(&mut self, policies: &[Policy]) {
        let service = |action: &str| action.split(':').next().unwrap_or_default().to_lowercase();
        let asked = service(self.request.action);
        for policy in policies {
            for statement in policy.statements.iter().filter(|s| s.effect == Effect::Allow) {
                let Err(mismatch) = statement.matches(self.request) else { continue };
                // A statement about other services is no near miss.
                let about = statement
                    .actions
                    .written
                    .iter()
                    .any(|written| written == "*" || service(written) == asked);
                if mismatch == Mismatch::Action && !about {
                    continue;
                }
                self.near_misses.push(NearMiss {
                    policy_type: policy.policy_type,
                    name: named(policy, &statement.name),
                    mismatch,
                });
            }
        }
    }

    fn explicit_deny(self, stage: Stage) -> Decision {
        let reason = format!(
            "{} with an explicit deny in {}",
            self.refusal(),
            stage.policy_type.with_article()
        );
        self.decision(Verdict::ExplicitDeny, Some(stage.policy_type), stage.by, reason)
    }

    fn implicit_deny(self, policy_type: PolicyType) -> Decision {
        let name = policy_type.with_article().split_once(' ').map_or("", |(_, name)| name);
        let action = self.request.action;
        let reason = format!("{} because no {name} allows the {action} action", self.refusal());
        self.decision(Verdict::ImplicitDeny, Some(policy_type), None, reason)
    }

    fn allow(self, policy_type: PolicyType) -> Decision {
        let stage = self.stages.iter().find(|stage| stage.policy_type == policy_type);
        let by = stage.and_then(|stage| stage.by.clone());
        let requester = self.question.requester;
        let Some(name) = &by else {
            let reason = "the root user of an account may do everything".to_owned();
            return self.decision(Verdict::Allowed, None, None, reason);
        };
        let mut reason = format!("allowed by {}", said(policy_type, name));
        let across = requester.has_account() && requester.account != self.question.resource_account;
        let both = across || self.question.resource_side == ResourceSide::Required;
        if let Some((_, resource)) = self.grant.as_ref().filter(|_| both)
            && policy_type == PolicyType::Identity
        {
            reason.push_str(&format!(" and by {}", said(self.resource_type(), resource)));
        }
        self.decision(Verdict::Allowed, Some(policy_type), by, reason)
    }

    /// AWS's sentence without its reason.
    fn refusal(&self) -> String {
        let Request { requester, action, resource, .. } = self.request;
        let word = match requester.kind {
            RequesterKind::Service { .. } => "Service",
            _ => "User",
        };
        let arn = requester.arn();
        format!("{word}: {arn} is not authorized to perform: {action} on resource: {resource}")
    }

    fn decision(
        mut self,
        verdict: Verdict,
        decided_by: Option<PolicyType>,
        statement: Option<StatementName>,
        reason: String,
    ) -> Decision {
        self.near_misses.sort_by_key(|miss| distance(&miss.mismatch));
        self.near_misses.truncate(MOST_NEAR_MISSES);
        Decision {
            verdict,
            decided_by,
            statement,
            reason,
            stages: self.stages,
            near_misses: self.near_misses,
        }
    }
}

fn named(policy: &Policy, statement: &str) -> StatementName {
    StatementName { policy: policy.name.clone(), statement: statement.to_owned() }
}

fn said(policy_type: PolicyType, name: &StatementName) -> String {
    let StatementName { policy, statement } = name;
    format!("{} ({policy}, {statement})", policy_type.with_article())
}

/// How far a statement was from matching.
fn distance(mismatch: &Mismatch) -> u8 {
    match mismatch {
        Mismatch::Condition { .. } => 0,
        Mismatch::Resource(_) | Mismatch::Variable(_) => 1,
        Mismatch::Principal => 2,
        Mismatch::Action => 3,
    }
}

#[cfg(test)]
mod tests;
