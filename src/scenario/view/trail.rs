//! What happened to single messages and requests, step by step: what the engine traced, and what
//! records of requests to distributions, of tasks and of IAM's decisions tell.

use crate::aws::architecture::ResourceKind;
use crate::aws::cloudfront::metrics::{CacheResult, RequestRecord, Tier, What as Edge};
use crate::aws::ecs::metrics::{TaskMetrics, TaskRun, TaskStep};
use crate::aws::iam::service::AccessMetrics;
use crate::aws::metrics::Run;
use crate::aws::trace::{self, What};

/// A step of the story of a message or request.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The number of the message or request, from 0.
    pub story: u32,
    /// When, in nanoseconds.
    pub time: u64,
    /// The kind of the resource where it happened.
    pub kind: ResourceKind,
    /// The name of that resource; empty for what comes from outside.
    pub place: String,
    /// What happened.
    pub what: Happening,
}

/// What happened at a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// What the engine traced.
    Traced(What),
    /// Something happened to a request at a distribution.
    Edge {
        /// What.
        what: Edge,
        /// Whether it is the request to another origin, because the first one failed.
        failover: bool,
    },
    /// A distribution answered.
    EdgeAnswer {
        /// The status.
        status: u16,
        /// What the caches had.
        cache: CacheResult,
        /// Why CloudFront answered by itself, by the name of the fault.
        fault: Option<&'static str>,
    },
    /// A step of an ECS task.
    Task(TaskStep),
    /// How far a task came.
    TaskEnd {
        /// `RUNNING` or `STOPPED`; `None` when `RunTask` was refused.
        status: Option<&'static str>,
        /// The error's name; `None` when it runs.
        error: Option<String>,
    },
    /// IAM was asked.
    Asked(AccessMetrics),
    /// IAM decided.
    Decided(AccessMetrics),
}

/// The steps of a run, in the order of time.
pub fn steps(run: &Run) -> Vec<Step> {
    let mut steps: Vec<Step> = run.steps.iter().filter_map(|step| traced(run, step)).collect();
    for record in &run.requests {
        request(run, record, &mut steps);
    }
    for task in &run.tasks {
        task_run(task, &mut steps);
    }
    for access in &run.decisions {
        decision(access, &mut steps);
    }
    // Steps of one time stay in the order in which they were recorded.
    steps.sort_by_key(|step| step.time);
    steps
}

/// What the engine traced. Replicas of Lambda@Edge functions have no names: what they do is told
/// by the records of requests, all but the Init phases and throttles.
fn traced(run: &Run, step: &trace::Step) -> Option<Step> {
    let found = run.names.iter().find(|(known, _)| *known == step.resource);
    let mut place = found.map_or_else(String::new, |(_, name)| name.clone());
    if place.is_empty() && step.resource.kind == ResourceKind::Function {
        let told = match step.what {
            What::Invoked { init, .. } => init.is_some_and(|init| init > 0),
            What::Throttled(_) => true,
            _ => false,
        };
        if !told {
            return None;
        }
        "Lambda@Edge".clone_into(&mut place);
    }
    let what = Happening::Traced(step.what);
    Some(Step { story: step.story, time: step.time, kind: step.resource.kind, place, what })
}

/// The steps of a request to a distribution.
fn request(run: &Run, record: &RequestRecord, steps: &mut Vec<Step>) {
    let Some(story) = record.story else { return };
    let Some(distribution) = run.distributions.get(record.distribution as usize) else { return };
    let location = distribution.locations.get(record.location as usize);
    let location = location.map_or("", |location| location.name.as_str());
    let mut asked: Option<u32> = None;
    let step = |time, place: &str, what| {
        let place = if place.is_empty() { &distribution.name } else { place };
        Step { story, time, kind: ResourceKind::Distribution, place: place.to_owned(), what }
    };
    for one in &record.steps {
        let (mut place, mut failover) = (location, false);
        match one.what {
            Edge::Trigger { function, .. } => {
                let function = distribution.functions.get(function as usize);
                place = function.map_or("", |function| function.name.as_str());
            }
            Edge::Origin { origin, .. } => {
                failover = asked.replace(origin).is_some_and(|before| before != origin);
                let origin = distribution.origins.get(origin as usize);
                place = origin.map_or("", |origin| origin.name.as_str());
            }
            Edge::Lookup { tier: Tier::Regional, .. }
            | Edge::Waited { tier: Tier::Regional }
            | Edge::FromRegional => place = REGIONAL,
            _ => {}
        }
        steps.push(step(one.from, place, Happening::Edge { what: one.what, failover }));
    }
    if record.status > 0 {
        let fault = record.fault.map(|fault| fault.name());
        let (status, cache) = (record.status, record.cache);
        steps.push(step(record.answered, location, Happening::EdgeAnswer { status, cache, fault }));
    }
}

/// The place of a step at the regional edge cache, which has no name of its own.
pub const REGIONAL: &str = "\u{0}regional";

/// The steps of a task that was run last.
fn task_run(task: &TaskMetrics, steps: &mut Vec<Step>) {
    let Some((run, story)) = task.last.as_ref().and_then(|run| Some((run, run.story?))) else {
        return;
    };
    let TaskRun { at, status, error, .. } = run;
    let step = |place: &str, what| Step {
        story,
        time: *at,
        kind: ResourceKind::Task,
        place: place.to_owned(),
        what,
    };
    for one in &run.steps {
        let place = if one.role.is_empty() { &task.name } else { &one.role };
        steps.push(step(place, Happening::Task(one.clone())));
    }
    let end = Happening::TaskEnd { status: status.name(), error: error.clone() };
    steps.push(step(&task.name, end));
}

fn decision(access: &AccessMetrics, steps: &mut Vec<Step>) {
    let Some(story) = access.story else { return };
    let step = |place: &str, kind, what| Step {
        story,
        time: access.at,
        kind,
        place: place.to_owned(),
        what,
    };
    let asked = Happening::Asked(access.clone());
    steps.push(step(&access.principal, ResourceKind::Role, asked));
    steps.push(step("IAM", ResourceKind::Role, Happening::Decided(access.clone())));
}
