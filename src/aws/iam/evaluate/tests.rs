//! Properties of the evaluation, over random policies of a small world.

use super::*;
use crate::aws::iam::policy::{Patterns, Statement};
use crate::aws::iam::principal::{Named, PrincipalElement};
use crate::sim::random::Random;

const HOME: &str = "111122223333";
const AWAY: &str = "444455556666";
const ACTIONS: [&str; 5] = ["s3:GetObject", "s3:PutObject", "s3:*", "sqs:SendMessage", "*"];
const RESOURCES: [&str; 4] = ["arn:aws:s3:::a/x", "arn:aws:s3:::a/*", "arn:aws:s3:::b/x", "*"];

/// A world in which one request is asked.
#[derive(Clone, Debug)]
struct World {
    requester: Requester,
    service_control: Vec<Vec<Policy>>,
    resource: Option<Policy>,
    side: ResourceSide,
    resource_account: &'static str,
    identity: Vec<Policy>,
    boundary: Option<Policy>,
    session: Option<Policy>,
}

impl World {
    fn ask(&self) -> Decision {
        let context = Context::default();
        evaluate(&Question {
            requester: &self.requester,
            action: "s3:GetObject",
            resource: "arn:aws:s3:::a/x",
            context: &context,
            service_control: &self.service_control,
            resource_policy: self.resource.as_ref(),
            resource_side: self.side,
            resource_account: self.resource_account,
            identity: &self.identity,
            boundary: self.boundary.as_ref(),
            session: self.session.as_ref(),
        })
    }

    fn policies(&mut self) -> Vec<&mut Policy> {
        let levels = self.service_control.iter_mut().flatten();
        let others = [&mut self.resource, &mut self.boundary, &mut self.session];
        let others = others.into_iter().flatten();
        levels.chain(others).chain(&mut self.identity).collect()
    }

    /// What the documentation says, as one formula.
    fn expected(&self) -> Verdict {
        let account = self.requester.has_account();
        let says = |policies: &[Policy], effect| strongest(policies, effect, &self.requester);
        let one = |policy: &Option<Policy>, effect| {
            policy.iter().any(|policy| says(std::slice::from_ref(policy), effect).is_some())
        };
        let denies = self.service_control.iter().any(|l| says(l, Effect::Deny).is_some())
            || one(&self.resource, Effect::Deny)
            || account
                && (says(&self.identity, Effect::Deny).is_some()
                    || one(&self.boundary, Effect::Deny)
                    || one(&self.session, Effect::Deny));
        if denies {
            return Verdict::ExplicitDeny;
        }
        let levels = self.service_control.iter().all(|l| says(l, Effect::Allow).is_some());
        let grant = self
            .resource
            .iter()
            .find_map(|policy| says(std::slice::from_ref(policy), Effect::Allow));
        let within = self.requester.account == self.resource_account;
        let root = self.requester.kind == RequesterKind::Root;
        let identity = root || says(&self.identity, Effect::Allow).is_some();
        let boundary = self.boundary.is_none() || one(&self.boundary, Effect::Allow);
        let session = self.session.is_none() || one(&self.session, Effect::Allow);
        let resource = grant.is_some() || within && self.side == ResourceSide::Either;
        let own = identity || within && grant >= Some(Grant::Role);
        let allowed = levels
            && match account {
                false => grant.is_some(),
                true if within && grant == Some(Grant::Direct) => true,
                true => resource && own && boundary && session,
            };
        if allowed { Verdict::Allowed } else { Verdict::ImplicitDeny }
    }
}

/// Whether a statement of some policies with an effect is about the request, and how far it goes.
fn strongest(policies: &[Policy], effect: Effect, requester: &Requester) -> Option<Grant> {
    let about = |statement: &&Statement| {
        let action = statement
            .actions
            .written
            .iter()
            .any(|a| ["s3:GetObject", "s3:*", "*"].contains(&a.as_str()));
        let resources = statement.resources.as_ref().unwrap();
        let resource = resources.written.iter().any(|r| r != "arn:aws:s3:::b/x");
        statement.effect == effect && action && resource
    };
    let statements = policies.iter().flat_map(|policy| &policy.statements).filter(about);
    let grants = statements.filter_map(|statement| match &statement.principal {
        None => Some(Grant::Direct),
        Some(element) => element.names(requester, effect),
    });
    grants.max()
}

fn pick<T: Clone>(random: &mut Random, items: &[T]) -> T {
    items[random.below(items.len() as u64) as usize].clone()
}

fn statement(
    random: &mut Random,
    effect: Effect,
    principal: Option<PrincipalElement>,
) -> Statement {
    let written = |text: &str| Patterns { negated: false, written: vec![text.to_owned()] };
    Statement {
        name: "S".to_owned(),
        effect,
        actions: written(pick(random, &ACTIONS)),
        resources: Some(written(pick(random, &RESOURCES))),
        principal,
        conditions: Vec::new(),
        has_variables: true,
    }
}

fn policy(random: &mut Random, policy_type: PolicyType) -> Policy {
    let statements = (0..random.below(3)).map(|_| {
        let effect = if random.below(5) == 0 { Effect::Deny } else { Effect::Allow };
        let principal = (policy_type == PolicyType::Resource).then(|| {
            let named = pick(
                random,
                &[
                    Named::Everyone,
                    Named::Account(HOME.to_owned()),
                    Named::Account(AWAY.to_owned()),
                    Named::Arn(format!("arn:aws:iam::{HOME}:role/app")),
                    Named::Arn(format!("arn:aws:sts::{HOME}:assumed-role/app/web")),
                    Named::Arn(format!("arn:aws:iam::{HOME}:user/jin")),
                    Named::Service("sns.amazonaws.com".to_owned()),
                ],
            );
            PrincipalElement { negated: false, named: vec![named] }
        });
        statement(random, effect, principal)
    });
    Policy { name: "p".to_owned(), policy_type, statements: statements.collect() }
}

fn world(random: &mut Random) -> World {
    let kind = pick(
        random,
        &[
            RequesterKind::User { name: "jin".to_owned() },
            RequesterKind::Session { role: "app".to_owned(), session: "web".to_owned() },
            RequesterKind::Session { role: "app".to_owned(), session: "api".to_owned() },
            RequesterKind::Service { name: "sns.amazonaws.com".to_owned() },
            RequesterKind::Root,
            RequesterKind::Anonymous,
        ],
    );
    let anonymous = matches!(kind, RequesterKind::Service { .. } | RequesterKind::Anonymous);
    let account = if anonymous { String::new() } else { HOME.to_owned() };
    let mut maybe =
        |policy_type, chance| (random.below(chance) > 0).then(|| policy(random, policy_type));
    let (resource, boundary, session) = (
        maybe(PolicyType::Resource, 3),
        maybe(PolicyType::Boundary, 2),
        maybe(PolicyType::Session, 2),
    );
    let levels = if anonymous { 0 } else { random.below(3) };
    let service_control = (0..levels)
        .map(|_| (0..2).map(|_| policy(random, PolicyType::ServiceControl)).collect())
        .collect();
    let identity = (0..random.below(3)).map(|_| policy(random, PolicyType::Identity)).collect();
    World {
        requester: Requester { kind, account, has_boundary: boundary.is_some() },
        service_control,
        resource,
        side: pick(random, &[ResourceSide::Either, ResourceSide::Required]),
        resource_account: pick(random, &[HOME, HOME, AWAY]),
        identity,
        boundary,
        session,
    }
}

const WORLDS: u64 = 20_000;

#[test]
fn decisions_are_those_of_the_formula() {
    let mut random = Random::stream(1, &["worlds"]);
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..WORLDS {
        let world = world(&mut random);
        let decision = world.ask();
        assert_eq!(decision.verdict, world.expected(), "{world:#?}");
        *seen.entry(decision.verdict.name()).or_insert(0) += 1;
    }
    assert!(seen.values().all(|&times| times > WORLDS / 20), "{seen:?}");
}

/// A decision names the statement that decided exactly if one did, and what nearly allowed only
/// where nothing did.
#[test]
fn decisions_say_who_decided() {
    let mut random = Random::stream(2, &["worlds"]);
    for _ in 0..WORLDS {
        let world = world(&mut random);
        let decision = world.ask();
        let root = world.requester.kind == RequesterKind::Root;
        match decision.verdict {
            Verdict::Allowed => assert!(decision.statement.is_some() || root),
            Verdict::ExplicitDeny => assert!(decision.statement.is_some()),
            Verdict::ImplicitDeny => assert!(decision.statement.is_none()),
        }
        let implicit = decision.verdict == Verdict::ImplicitDeny;
        assert!(implicit || decision.near_misses.is_empty());
        assert!(decision.near_misses.len() <= MOST_NEAR_MISSES);
        assert!(decision.decided_by.is_some() || root);
    }
}

/// More to allow never takes anything away, and more to deny never gives anything.
#[test]
fn statements_only_push_in_their_own_direction() {
    let mut random = Random::stream(3, &["worlds"]);
    for _ in 0..WORLDS {
        let mut world = world(&mut random);
        let before = world.ask().allowed();
        let effect = pick(&mut random, &[Effect::Allow, Effect::Deny]);
        let place = random.below(8) as usize;
        let everyone = PrincipalElement { negated: false, named: vec![Named::Everyone] };
        let mut policies = world.policies();
        let Some(policy) = policies.get_mut(place) else { continue };
        let principal = (policy.policy_type == PolicyType::Resource).then_some(everyone);
        policy.statements.push(statement(&mut random, effect, principal));
        let after = world.ask().allowed();
        match effect {
            Effect::Allow => assert!(!before || after, "{world:#?}"),
            Effect::Deny => assert!(before || !after, "{world:#?}"),
        }
    }
}

/// The order of policies and of statements changes nothing but the name of who decided.
#[test]
fn order_is_no_matter() {
    let mut random = Random::stream(4, &["worlds"]);
    for _ in 0..WORLDS {
        let mut world = world(&mut random);
        let before = world.ask();
        world.identity.reverse();
        world.service_control.iter_mut().for_each(|level| level.reverse());
        world.policies().into_iter().for_each(|policy| policy.statements.reverse());
        let after = world.ask();
        assert_eq!((before.verdict, before.decided_by), (after.verdict, after.decided_by));
    }
}
