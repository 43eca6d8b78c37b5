//! What passes between services: requests, deliveries, answers, and the timers of each service.

use crate::aws::api_gateway;
use crate::aws::architecture::Resource;
use crate::aws::lambda::asynchronous;
use crate::aws::lambda::metrics::ThrottleReason;
use crate::aws::trace::Story;
use crate::aws::{
    cloudfront, ecs, eventbridge, iam, lambda, rds, rds_events, sdk, sns, sqs, streams,
};

/// Something that happens at a time.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Somebody asks a resource for something, and waits for the answer.
    Request(Request),
    /// A message is handed to a resource; nobody waits.
    Delivery(Resource, Message),
    /// A message is handed to a resource by who waits until it is taken.
    HandOver(Request),
    /// The answer to a request comes back.
    Answer(Caller, Answer),
    /// A timer of API Gateway's.
    ApiGateway(api_gateway::Timer),
    /// A timer of a client's.
    Sdk(sdk::Timer),
    /// A function is asked to run for a time that who asks knows.
    Run(Request, u64),
    /// A timer of CloudFront's.
    CloudFront(cloudfront::Timer),
    /// Who waits for an answer is there no longer.
    Gone(Caller),
    /// A timer of Lambda's queues of events.
    Asynchronous(asynchronous::Timer),
    /// A timer of Lambda's.
    Lambda(lambda::Timer),
    /// A timer of RDS's.
    Rds(rds::Timer),
    /// A timer of IAM's.
    Iam(iam::service::Timer),
    /// A timer of ECS's.
    Ecs(ecs::service::Timer),
    /// A timer of SQS's.
    Sqs(sqs::Timer),
    /// A timer of a stream's.
    Streams(streams::Timer),
    /// A timer of SNS's.
    Sns(sns::Timer),
    /// A timer of EventBridge's.
    EventBridge(eventbridge::Timer),
    /// A timer of RDS's event notification.
    RdsEvents(rds_events::Timer),
}

/// A message or the cause of a request, as it goes from one resource to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// The story that its steps are recorded under.
    pub story: Story,
    /// The source that it came from: an index of
    /// [`crate::aws::architecture::Architecture::sources`], or [`Message::LETTERS`] and the number
    /// of a letter that a service has written.
    pub source: u32,
    /// When it came in.
    pub born: u64,
    /// Its message group or partition key.
    pub key: u32,
    /// Its deduplication id; [`Message::UNIQUE`] for one of its own.
    pub deduplication_id: u32,
    /// How many calls of functions it has gone through.
    pub calls: u32,
    /// How many records it stands for: a batch has several.
    pub records: u32,
    /// Whether the handler that gets it fails.
    pub poison: bool,
}

impl Message {
    /// The deduplication id of a message that is like no other.
    pub const UNIQUE: u32 = u32::MAX;
    /// The first number of a letter in the place of a source.
    pub const LETTERS: u32 = 1 << 31;
}

impl Default for Message {
    fn default() -> Self {
        Self {
            story: Story::NONE,
            source: 0,
            born: 0,
            key: 0,
            deduplication_id: Self::UNIQUE,
            calls: 0,
            records: 1,
            poison: false,
        }
    }
}

/// A request to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who is asked.
    pub target: Resource,
    /// Who waits.
    pub caller: Caller,
    /// What for.
    pub message: Message,
}

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A client that takes what it gets: no answer is sent.
    Nobody,
    /// An invocation of a function that calls another resource: the slot of its environment, and
    /// which of its runs waits.
    Invocation {
        /// The slot of the environment.
        slot: u32,
        /// The run of that environment.
        run: u32,
    },
    /// A client that tries again: the slot of its request, and the attempt.
    Client {
        /// The slot.
        slot: u32,
        /// The attempt.
        attempt: u32,
    },
    /// An integration of API Gateway's: the slot of the request, and which one of the slot.
    Integration {
        /// The slot.
        slot: u32,
        /// Which of its requests.
        run: u32,
    },
    /// A viewer's request that waits for a Lambda@Edge function.
    Edge(cloudfront::Timer),
    /// Lambda's queue of events: the slot of the event.
    AsynchronousEvent {
        /// The slot.
        slot: u32,
    },
    /// A statement of a database whose trigger invokes a function.
    Trigger {
        /// The session.
        session: u32,
        /// Which of its steps waits.
        step: u32,
    },
    /// A mapping that has handed a batch of a queue's messages to a function.
    QueueBatch {
        /// The slot of the batch.
        slot: u32,
    },
    /// A mapping that has handed a batch of a stream's records to a function.
    StreamBatch {
        /// The mapping.
        mapping: u32,
        /// Its lane.
        lane: u32,
    },
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was served.
    Success,
    /// The code failed.
    Error,
    /// The code took longer than it may.
    Timeout,
    /// It was refused, because a quota is used up.
    Throttled(ThrottleReason),
    /// It wasn't begun: its chain of calls has gone around too often.
    Recursive,
    /// It was refused by something else than Lambda, because a rate is exceeded: 429.
    Refused,
}
