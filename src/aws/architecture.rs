//! What is deployed and what happens to it: the input of a run. Times are nanoseconds.
//!
//! Each service has a list of its own; a [`Resource`] names an entry of one of the lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::api_gateway::deployment::Api;
use crate::aws::cloudfront::distribution::Distribution;
use crate::aws::ecs::task::{RunTask, Task};
use crate::aws::eventbridge::deployment::{Entries, Rule};
use crate::aws::iam::identity::Identities;
use crate::aws::lambda::deployment::{Deployment, Function, Maintenance, Routing, Scaling};
use crate::aws::rds::client::Client;
use crate::aws::rds::deployment::DatabaseDeployment;
use crate::aws::rds_events::deployment::{EventSubscription, Incident};
use crate::aws::rds_proxy::deployment::ProxyDeployment;
use crate::aws::s3::deployment::Bucket;
use crate::aws::sdk::deployment::Clients;
use crate::aws::sns::deployment::{Endpoint, Topic};
use crate::aws::sns::filter::AttributeValue;
use crate::aws::sqs::deployment::Queue;
use crate::aws::streams::deployment::Stream;
use crate::aws::vpc::plan::Plan;
use crate::sim::flow::Arrivals;

/// What stands behind a table in the ARN of its stream: the time zero of a run as its label.
const STREAM_OF_TABLE: &str = "/stream/1970-01-01T00:00:00.000";

/// What is deployed in an account, what happens to it, and under which rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Architecture {
    /// The account and its Region.
    pub account: Account,
    /// Lambda functions, in the author's order.
    pub functions: Vec<Function>,
    /// New versions of functions that are deployed in the course of the run.
    pub deployments: Vec<Deployment>,
    /// APIs of API Gateway.
    pub apis: Vec<Api>,
    /// CloudFront distributions, in the author's order.
    pub distributions: Vec<Distribution>,
    /// RDS instances and Aurora clusters, in the author's order.
    pub databases: Vec<DatabaseDeployment>,
    /// RDS Proxies, in the author's order.
    pub proxies: Vec<ProxyDeployment>,
    /// The functions' calls over the network.
    pub clients: Vec<Client>,
    /// The network with what is looked for in it; without one everything can be reached.
    pub plan: Option<Plan>,
    /// Users, roles and policies, and single requests that are decided by them.
    pub identities: Identities,
    /// ECS tasks, in the author's order.
    pub tasks: Vec<Task>,
    /// When tasks are run.
    pub task_runs: Vec<RunTask>,
    /// S3 buckets, in the author's order.
    pub buckets: Vec<Bucket>,
    /// Rules of EventBridge's default bus, in the author's order.
    pub rules: Vec<Rule>,
    /// What sources put on that bus.
    pub bus_entries: Vec<Entries>,
    /// SQS queues, in the author's order.
    pub queues: Vec<Queue>,
    /// Kinesis data streams, in the author's order.
    pub streams: Vec<Stream>,
    /// DynamoDB tables, as far as their streams go, in the author's order.
    pub tables: Vec<Stream>,
    /// SNS topics.
    pub topics: Vec<Topic>,
    /// What topics can deliver to outside of AWS.
    pub endpoints: Vec<Endpoint>,
    /// What happens to databases and proxies: what RDS tells of it, and when nobody can connect.
    pub incidents: Vec<Incident>,
    /// Subscriptions to the events of RDS.
    pub event_subscriptions: Vec<EventSubscription>,
    /// What comes from outside.
    pub sources: Vec<Source>,
    /// Choices where AWS documents none.
    pub policies: Policies,
}

/// The account's side of a deployment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// The Region, for instance `ap-northeast-2`.
    pub region: String,
    /// The quota "Concurrent executions" of the Region; the catalogue's when `None`.
    pub concurrent_executions: Option<u64>,
    /// Whether it is a new account, whose quota is lower.
    pub new: bool,
    /// Whether the month's free tier is taken off the bill.
    pub free_tier: bool,
}

/// Behaviour that AWS doesn't document, as a choice with a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policies {
    /// Which idle environment gets the next request.
    pub routing: Routing,
    /// Whether maintenance replaces environments.
    pub maintenance: Maintenance,
    /// How fast environments may be added.
    pub scaling: Scaling,
}

/// The kind of a resource: which of the architecture's lists it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResourceKind {
    /// Something outside of the account that sends: [`Architecture::sources`].
    Source,
    /// A Lambda function: [`Architecture::functions`].
    Function,
    /// An API of API Gateway: [`Architecture::apis`].
    Api,
    /// A CloudFront distribution: [`Architecture::distributions`].
    Distribution,
    /// A database: [`Architecture::databases`].
    Database,
    /// An RDS Proxy: [`Architecture::proxies`].
    Proxy,
    /// A function's call over the network: [`Architecture::clients`].
    Client,
    /// An IAM role: `roles` of [`Architecture::identities`].
    Role,
    /// An IAM user: `users` of [`Architecture::identities`].
    User,
    /// An ECS task: [`Architecture::tasks`].
    Task,
    /// An S3 bucket: [`Architecture::buckets`].
    Bucket,
    /// A rule of EventBridge's: [`Architecture::rules`].
    Rule,
    /// EventBridge's default bus, the only one.
    Bus,
    /// An SQS queue: [`Architecture::queues`].
    Queue,
    /// A Kinesis data stream: [`Architecture::streams`].
    Stream,
    /// A DynamoDB table: [`Architecture::tables`].
    Table,
    /// An SNS topic: [`Architecture::topics`].
    Topic,
    /// Something outside of AWS that a topic delivers to: [`Architecture::endpoints`].
    Endpoint,
    /// A subscription to events of RDS: [`Architecture::event_subscriptions`].
    EventSubscription,
}

/// A resource: its kind and its place in the list of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// The kind.
    pub kind: ResourceKind,
    /// The place in the list, from 0.
    pub index: u32,
}

impl ResourceKind {
    /// The action by which something is handed to a queue, a topic or a function.
    pub fn sending_action(self) -> &'static str {
        match self {
            Self::Queue => "sqs:SendMessage",
            Self::Topic => "sns:Publish",
            _ => "lambda:InvokeFunction",
        }
    }
}

impl Resource {
    /// The resource at a place of a list.
    pub fn new(kind: ResourceKind, index: usize) -> Self {
        Self { kind, index: u32::try_from(index).unwrap_or(u32::MAX) }
    }

    /// The place in the list, for indexing.
    pub fn place(self) -> usize {
        self.index as usize
    }
}

/// How something is handed to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The sender waits for the answer: `RequestResponse`.
    Request,
    /// The sender only wants it to be taken: `Event`.
    Delivery,
}

/// Who sends something to a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sender {
    /// A client outside of AWS, which calls the API itself.
    #[default]
    Client,
    /// A client that knows the function's URL.
    FunctionUrl,
    /// An AWS service, for instance Amazon S3 with its event notifications.
    Service,
}

/// What comes from outside: requests or messages to one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Where they go.
    pub target: Resource,
    /// How they are handed over.
    pub form: Form,
    /// Who sends them.
    pub sender: Sender,
    /// How the clients try again; without, each request is sent once and nobody waits.
    pub clients: Option<Clients>,
    /// When they come.
    pub arrivals: Arrivals,
    /// What they are like.
    pub cargo: Cargo,
    /// What the messages say in their attributes.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// What they say in their body, as far as a filter asks.
    pub body: BTreeMap<String, AttributeValue>,
}

/// What a message says that a service of AWS sends by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Letter {
    /// In its attributes.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// In its body, as far as a filter asks.
    pub body: BTreeMap<String, AttributeValue>,
}

/// What the messages of a source are like. They are numbered from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cargo {
    /// Over how many message groups or partition keys they go, one after the other; 0: each has
    /// its own.
    pub keys: u32,
    /// Over how many deduplication ids they go, one after the other; 0: each has its own.
    pub deduplication_ids: u32,
    /// Which of them make the handler that gets them fail.
    pub poison: Poison,
    /// The bytes of each; 0 when that doesn't matter.
    pub size: u32,
    /// How many are sent in one call of the API; 0 is as good as 1.
    pub entries: u32,
}

/// Which messages make the handler that gets them fail.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Poison {
    /// None.
    #[default]
    None,
    /// A share of them, 0 to 1, drawn at random.
    Share(f64),
    /// Those with these numbers, in order.
    Numbers(Vec<u64>),
}

impl Architecture {
    /// Whether a resource is a FIFO topic or a FIFO queue.
    pub fn is_fifo(&self, resource: Resource) -> bool {
        let at = resource.place();
        match resource.kind {
            ResourceKind::Topic => self.topics.get(at).is_some_and(|topic| topic.fifo),
            ResourceKind::Queue => self.queues.get(at).is_some_and(|queue| queue.fifo),
            _ => false,
        }
    }

    /// The ARN of a function, a queue, a topic, a bucket or a stream in the scenario's account;
    /// empty for other resources.
    pub fn arn(&self, resource: Resource) -> String {
        let (service, before) = match resource.kind {
            ResourceKind::Function => ("lambda", "function:"),
            ResourceKind::Queue => ("sqs", ""),
            ResourceKind::Topic => ("sns", ""),
            ResourceKind::Stream => ("kinesis", "stream/"),
            ResourceKind::Table => ("dynamodb", "table/"),
            ResourceKind::Bucket => return format!("arn:aws:s3:::{}", self.name(resource)),
            _ => return String::new(),
        };
        let (region, account) = (&self.account.region, &self.identities.account);
        let after = if resource.kind == ResourceKind::Table { STREAM_OF_TABLE } else { "" };
        format!("arn:aws:{service}:{region}:{account}:{before}{}{after}", self.name(resource))
    }

    /// The name of a resource; empty for what has none and for one that isn't there.
    pub fn name(&self, resource: Resource) -> &str {
        let at = resource.place();
        match resource.kind {
            ResourceKind::Source => "",
            ResourceKind::Function => self.functions.get(at).map_or("", |f| &f.name),
            ResourceKind::Distribution => self.distributions.get(at).map_or("", |d| &d.name),
            ResourceKind::Database => self.databases.get(at).map_or("", |d| &d.name),
            ResourceKind::Proxy => self.proxies.get(at).map_or("", |p| &p.name),
            ResourceKind::Client => self.clients.get(at).map_or("", |c| &c.target_name),
            ResourceKind::Role => self.identities.roles.get(at).map_or("", |role| &role.name),
            ResourceKind::User => self.identities.users.get(at).map_or("", |user| &user.name),
            ResourceKind::Task => self.tasks.get(at).map_or("", |task| &task.name),
            ResourceKind::Api => self.apis.get(at).map_or("", |api| &api.name),
            ResourceKind::Bucket => self.buckets.get(at).map_or("", |b| &b.name),
            ResourceKind::Rule => self.rules.get(at).map_or("", |rule| &rule.name),
            ResourceKind::Bus => "event_bus",
            ResourceKind::Queue => self.queues.get(at).map_or("", |q| &q.name),
            ResourceKind::Stream => self.streams.get(at).map_or("", |s| &s.name),
            ResourceKind::Table => self.tables.get(at).map_or("", |t| &t.name),
            ResourceKind::Topic => self.topics.get(at).map_or("", |topic| &topic.name),
            ResourceKind::Endpoint => self.endpoints.get(at).map_or("", |e| &e.name),
            ResourceKind::EventSubscription => {
                self.event_subscriptions.get(at).map_or("", |subscription| &subscription.name)
            }
        }
    }
}
