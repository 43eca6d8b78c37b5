//! What stands for a step in the drawing of a story, and what goes on behind it.

use crate::aws::cloudfront::metrics::{RunEnd, What as Edge};
use crate::aws::eventbridge::metrics::BusStep;
use crate::aws::lambda::asynchronous::metrics::EventStep;
use crate::aws::s3::metrics::ObjectStep;
use crate::aws::sdk::metrics::ClientStep;
use crate::aws::sqs::metrics::QueueStep;
use crate::aws::streams::metrics::StreamStep;
use crate::aws::trace::{StatementStep, What};
use crate::diagram::journey::{Link, Mark};
use crate::scenario::view::trail::Happening;

/// The least status of a response that is an error.
const ERROR: u16 = 400;

/// The mark of a step.
pub fn mark(what: &Happening) -> Mark {
    match what {
        Happening::Traced(what) => traced(*what),
        Happening::Edge { what, .. } => edge(*what),
        Happening::EdgeAnswer { status, .. } => of_status(*status),
        Happening::Task(step) if step.allowed() => Mark::Pass,
        Happening::Task(_) => Mark::Refused,
        Happening::TaskEnd { error: None, .. } => Mark::Done,
        Happening::TaskEnd { .. } => Mark::Lost,
        Happening::Asked(_) => Mark::Pass,
        Happening::Decided(access) if access.decision.allowed() => Mark::Done,
        Happening::Decided(_) => Mark::Refused,
    }
}

fn of_status(status: u16) -> Mark {
    if status < ERROR { Mark::Done } else { Mark::Refused }
}

fn edge(what: Edge) -> Mark {
    match what {
        Edge::Trigger { end: RunEnd::Failed(_), .. } => Mark::Refused,
        Edge::Trigger { .. } => Mark::Work,
        Edge::Origin { status, .. } if status >= ERROR => Mark::Refused,
        Edge::Origin { .. } => Mark::Work,
        Edge::Waited { .. } => Mark::Wait,
        Edge::Lookup { .. } | Edge::ToRegional | Edge::FromRegional | Edge::ErrorPage => Mark::Pass,
    }
}

fn traced(what: What) -> Mark {
    match what {
        What::Invoked { .. } | What::Restored { .. } | What::TmpMiss(_) => Mark::Work,
        What::Succeeded | What::QueryAnswered | What::Delivered => Mark::Done,
        What::Failed
        | What::TimedOut
        | What::Throttled(_)
        | What::Denied
        | What::Unreachable
        | What::TooManyConnections
        | What::ConnectionFailed
        | What::BorrowTimedOut
        | What::ConnectionLost
        | What::DeliveryFailed { next: Some(_) } => Mark::Refused,
        What::DeliveryFailed { next: None } | What::DeadLettered => Mark::Lost,
        What::WaitsForConnection => Mark::Wait,
        What::Status(status) => of_status(status),
        What::Client(step) => match step {
            ClientStep::Retry { .. } | ClientStep::HeldBack => Mark::Wait,
            ClientStep::TimedOut => Mark::Refused,
            ClientStep::GivenUp { .. } => Mark::Lost,
        },
        What::Asynchronous(step) => event(step),
        What::Queue(step) => queue(step),
        What::Stream(step) => stream(step),
        What::Object(ObjectStep::TooLarge) | What::Bus(BusStep::Refused) => Mark::Refused,
        What::Bus(BusStep::Failed { next: Some(_) }) => Mark::Refused,
        What::Bus(BusStep::Failed { next: None }) | What::Recursive => Mark::Lost,
        What::Statement(step) => match step {
            StatementStep::Fired { .. } => Mark::Work,
            StatementStep::Failed(_) => Mark::Refused,
            StatementStep::Committed => Mark::Done,
            StatementStep::RolledBack => Mark::Lost,
        },
        What::Arrived
        | What::TmpHit
        | What::Published
        | What::FilteredOut
        | What::Object(_)
        | What::Bus(_)
        | What::RdsEvent(_) => Mark::Pass,
    }
}

fn event(step: EventStep) -> Mark {
    match step {
        EventStep::Queued => Mark::Pass,
        EventStep::Retry { .. } => Mark::Wait,
        EventStep::OnSuccess { sent: true } => Mark::Done,
        EventStep::Dropped(_)
        | EventStep::OnFailure { .. }
        | EventStep::DeadLettered { .. }
        | EventStep::OnSuccess { sent: false } => Mark::Lost,
    }
}

fn queue(step: QueueStep) -> Mark {
    match step {
        QueueStep::Sent | QueueStep::Visible | QueueStep::Returned => Mark::Pass,
        QueueStep::Received { .. } => Mark::Wait,
        QueueStep::Batched { .. } => Mark::Work,
        QueueStep::Deleted => Mark::Done,
        QueueStep::Refused => Mark::Refused,
        QueueStep::Deduplicated | QueueStep::Expired => Mark::Lost,
    }
}

fn stream(step: StreamStep) -> Mark {
    match step {
        StreamStep::Put { .. } | StreamStep::Split { .. } => Mark::Pass,
        StreamStep::Batched { .. } => Mark::Work,
        StreamStep::Waits { .. } => Mark::Wait,
        StreamStep::Processed => Mark::Done,
        StreamStep::Refused { .. } => Mark::Refused,
        StreamStep::AttemptsExhausted | StreamStep::TooOld | StreamStep::Expired => Mark::Lost,
    }
}

/// What goes on between a step and one that comes later.
pub fn link(what: &Happening) -> Link {
    match what {
        Happening::Traced(What::TmpHit) => Link::Work,
        Happening::Edge { what: Edge::Origin { .. }, .. } => Link::Work,
        Happening::Edge {
            what: Edge::ToRegional | Edge::FromRegional | Edge::ErrorPage, ..
        } => Link::Plain,
        what => match mark(what) {
            Mark::Work => Link::Work,
            Mark::Done | Mark::Lost => Link::Plain,
            Mark::Pass | Mark::Wait | Mark::Refused => Link::Wait,
        },
    }
}
