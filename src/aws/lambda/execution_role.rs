//! Execution roles: what functions, and Lambda for them, may do.
//!
//! Some of it Lambda asks IAM when it is configured, and refuses the configuration: assuming the
//! role, network interfaces, dead-letter queues, destinations, reading event sources. What the
//! handler calls is asked with each call. A function without a role may do everything.
//!
//! Sources: AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution
//! role", "Giving Lambda functions access to resources in an Amazon VPC" and the pages of the event
//! sources; the sentences are those of errors reported to the repositories
//! hashicorp/terraform-provider-aws, elastic/beats and aws-amplify/amplify-cli.

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::iam::decision::{Decision, error_name};
use crate::aws::iam::directory::{Ask, Directory};
use crate::aws::iam::identity::Who;
use crate::aws::iam::service::{AccessMetrics, directory_of, name_of};
use crate::aws::lambda::deployment::Function;
use crate::aws::lambda::validation::{INVALID_PARAMETER_VALUE, rejection};
use crate::aws::metrics::Rejection;
use crate::aws::reader::Reader;
use crate::aws::vpc::network::NodeKind;

/// Who assumes the role of a function.
const PRINCIPAL: &str = "lambda.amazonaws.com";
/// What a function in a VPC needs.
const INTERFACES: [&str; 3] =
    ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"];
/// What handlers call that IAM is asked about.
const CALLED: [ResourceKind; 3] =
    [ResourceKind::Function, ResourceKind::Queue, ResourceKind::Topic];
/// What reading a queue needs.
const QUEUE: [&str; 3] = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
/// What reading a stream needs, without the service.
const STREAM: [&str; 3] = ["GetRecords", "GetShardIterator", "DescribeStream"];

/// What Lambda needs of a role, and what it says when the role doesn't allow it.
struct Need {
    action: String,
    resource: String,
    sentence: String,
}

/// What the handlers' calls ask, and what all functions' roles have been asked.
#[derive(Debug, Default)]
pub(super) struct Roles {
    /// By function and call: a place in [`Self::asked`]; nothing for what isn't asked.
    calls: Vec<Vec<Option<usize>>>,
    /// The decisions, by function; whether each was asked for already.
    asked: Vec<(AccessMetrics, bool)>,
}

/// The first thing that Lambda would refuse for want of permissions, if any: functions in the
/// author's order.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    if architecture.functions.iter().all(|function| function.role.is_none()) {
        return None;
    }
    let directory = directory_of(architecture, reader);
    let places = 0..architecture.functions.len();
    places.filter_map(|place| refused(architecture, &directory, place)).next()
}

fn refused(architecture: &Architecture, directory: &Directory, place: usize) -> Option<Rejection> {
    let function = architecture.functions.get(place)?;
    let role = function.role?;
    let own = Resource::new(ResourceKind::Function, place);
    let owner = architecture.identities.roles.get(role).and_then(|role| role.account.as_ref());
    if owner.is_some_and(|owner| owner != directory.account()) {
        let reason = "Cross-account pass role is not allowed.".to_owned();
        return Some(rejection(function, "AccessDeniedException", reason));
    }
    let trusted = directory.assume(role, PRINCIPAL, Some(architecture.arn(own)));
    if !trusted.allowed() {
        let reason = "The role defined for the function cannot be assumed by Lambda.".to_owned();
        return Some(rejection(function, INVALID_PARAMETER_VALUE, reason));
    }
    let mut needs = needs(architecture, function, own).into_iter();
    needs.find_map(|need| {
        let decision = decide(directory, function, &need.action, &need.resource, &[])?;
        (!decision.allowed()).then(|| {
            let reason = format!("{} ({})", need.sentence, decision.reason);
            rejection(function, INVALID_PARAMETER_VALUE, reason)
        })
    })
}

/// What the role of a function decides; nothing without a role.
fn decide(
    directory: &Directory,
    function: &Function,
    action: &str,
    resource: &str,
    context: &[(String, Vec<String>)],
) -> Option<Decision> {
    let principal = &Who::Role(function.role?);
    let session_name = Some(function.name.as_str());
    let ask = Ask { principal, session_name, session_policy: None, action, resource, context };
    Some(directory.decide(ask))
}

/// What is needed of a function's role where it is configured, in the order in which that is done.
fn needs(architecture: &Architecture, function: &Function, own: Resource) -> Vec<Need> {
    let mut needs = Vec::new();
    if in_vpc(architecture, &function.name) {
        needs.extend(INTERFACES.map(|action| lacking(action, "*".to_owned())));
    }
    let config = &function.event_invoke;
    let sends = |target: Resource| lacking(target.kind.sending_action(), architecture.arn(target));
    needs.extend(config.dead_letter.map(|to| sends(to.target)));
    for destination in [config.on_success, config.on_failure].into_iter().flatten() {
        let need = sends(destination.target);
        let sentence = format!(
            "The function's execution role does not have permissions to call {} on {}",
            operation(&need.action),
            need.resource
        );
        needs.push(Need { sentence, ..need });
    }
    for (at, queue) in architecture.queues.iter().enumerate() {
        if queue.event_source_mappings.iter().any(|mapping| mapping.function == own) {
            let queue = architecture.arn(Resource::new(ResourceKind::Queue, at));
            needs.extend(QUEUE.map(|action| lacking(action, queue.clone())));
        }
    }
    let streams = (ResourceKind::Stream, "kinesis", &architecture.streams);
    let tables = (ResourceKind::Table, "dynamodb", &architecture.tables);
    for (kind, service, list) in [streams, tables] {
        for (at, stream) in list.iter().enumerate() {
            let mut mappings = stream.event_source_mappings.iter();
            let Some(mapping) = mappings.find(|mapping| mapping.function == own) else { continue };
            let stream = architecture.arn(Resource::new(kind, at));
            needs.extend(STREAM.map(|operation| unreadable(service, operation, &stream)));
            needs.extend(mapping.on_failure.map(sends));
        }
    }
    needs
}

/// A need whose want Lambda tells of by the operation and its service.
fn lacking(action: &str, resource: String) -> Need {
    let service = action.split_once(':').map_or("", |(service, _)| service);
    let service = if service == "lambda" { "Lambda".to_owned() } else { service.to_uppercase() };
    let sentence = format!(
        "The provided execution role does not have permissions to call {} on {service}",
        operation(action)
    );
    Need { action: action.to_owned(), resource, sentence }
}

fn unreadable(service: &str, operation: &str, stream: &str) -> Need {
    let sentence = format!(
        "Cannot access stream {stream}. Please ensure the role can perform the GetRecords, \
         GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
    );
    Need { action: format!("{service}:{operation}"), resource: stream.to_owned(), sentence }
}

/// An action without its service.
fn operation(action: &str) -> &str {
    action.split_once(':').map_or(action, |(_, operation)| operation)
}

/// Whether a function is attached to a VPC.
fn in_vpc(architecture: &Architecture, function: &str) -> bool {
    let Some(plan) = &architecture.plan else { return false };
    let mut nodes = plan.nodes.iter();
    nodes.any(|node| {
        node.kind == NodeKind::Function && node.name == function && !node.subnets.is_empty()
    })
}

impl Roles {
    pub(super) fn new(architecture: &Architecture, reader: &Reader<'_>) -> Self {
        let mut roles = Self::default();
        if architecture.functions.iter().all(|function| function.role.is_none()) {
            return roles;
        }
        let directory = directory_of(architecture, reader);
        for (place, function) in architecture.functions.iter().enumerate() {
            let Some(role) = function.role else {
                roles.calls.push(Vec::new());
                continue;
            };
            let own = Resource::new(ResourceKind::Function, place);
            let source = ("lambda:SourceFunctionArn".to_owned(), vec![architecture.arn(own)]);
            let who = Who::Role(role);
            let principal = name_of(&architecture.identities, &who);
            let arn = directory.arn(&who, Some(&function.name));
            let first = roles.asked.len();
            let mut ask = |action: &str, resource: String, context: &[_], at_once: bool| {
                let same = |(known, asked): &(AccessMetrics, bool)| {
                    *asked == at_once && known.action == action && known.resource == resource
                };
                if let Some(known) = roles.asked.iter().skip(first).position(same) {
                    return Some(first + known);
                }
                let decision = decide(&directory, function, action, &resource, context)?;
                let access = AccessMetrics {
                    story: None,
                    at: 0,
                    principal: principal.clone(),
                    arn: arn.clone(),
                    action: action.to_owned(),
                    resource,
                    error: (!decision.allowed()).then(|| error_name(action).to_owned()),
                    decision,
                };
                roles.asked.push((access, at_once));
                Some(roles.asked.len() - 1)
            };
            for need in needs(architecture, function, own) {
                ask(&need.action, need.resource, &[], true);
            }
            let calls = function.calls.iter().map(|call| {
                let kind = call.target.kind;
                CALLED.contains(&kind).then(|| architecture.arn(call.target)).and_then(|called| {
                    ask(kind.sending_action(), called, std::slice::from_ref(&source), false)
                })
            });
            let calls = calls.collect();
            roles.calls.push(calls);
        }
        roles
    }

    /// A function's handler makes one of its calls; gives whether it may.
    pub(super) fn allow(&mut self, now: u64, function: u32, call: usize) -> bool {
        let place = self.calls.get(function as usize).and_then(|calls| *calls.get(call)?);
        let Some((access, asked)) = place.and_then(|place| self.asked.get_mut(place)) else {
            return true;
        };
        if !std::mem::replace(asked, true) {
            access.at = now;
        }
        access.decision.allowed()
    }

    /// What was asked, by function in the architecture's order: each once, when it was asked first.
    pub(super) fn finish(self) -> Vec<AccessMetrics> {
        self.asked.into_iter().filter(|(_, asked)| *asked).map(|(access, _)| access).collect()
    }
}
