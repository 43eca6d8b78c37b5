//! What a run gives, service by service.

use serde::{Deserialize, Serialize};

use crate::aws::api_gateway::metrics::ApiMetrics;
use crate::aws::architecture::Resource;
use crate::aws::cloudfront::metrics::{DistributionMetrics, RequestRecord};
use crate::aws::ecs::metrics::TaskMetrics;
use crate::aws::eventbridge::metrics::BusMetrics;
use crate::aws::iam::service::AccessMetrics;
use crate::aws::lambda::asynchronous::metrics::AsynchronousMetrics;
use crate::aws::lambda::metrics::{AccountMetrics, FunctionMetrics, RegionMetrics};
use crate::aws::rds::database::DatabaseMetrics;
use crate::aws::rds_events::metrics::{EmittedEvent, EventSubscriptionMetrics};
use crate::aws::rds_proxy::pool::ProxyMetrics;
use crate::aws::s3::metrics::BucketMetrics;
use crate::aws::sdk::metrics::ClientMetrics;
use crate::aws::sns::metrics::TopicMetrics;
use crate::aws::sqs::metrics::QueueMetrics;
use crate::aws::streams::metrics::StreamMetrics;
use crate::aws::trace::Step;
use crate::aws::vpc::plan::{Connection, Plan};

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Why the deployment was refused; then nothing ran and all counts are zero.
    pub rejected: Option<Rejection>,
    /// When the last thing happened.
    pub end: u64,
    /// Events simulated.
    pub events: u64,
    /// Per function, in the architecture's order.
    pub functions: Vec<FunctionMetrics>,
    /// APIs of API Gateway, in the architecture's order.
    pub apis: Vec<ApiMetrics>,
    /// What clients that try again see, by whom they ask.
    pub clients: Vec<ClientMetrics>,
    /// The asynchronous invocations per function, in the same order.
    pub asynchronous: Vec<AsynchronousMetrics>,
    /// The account's side, in its own Region.
    pub account: AccountMetrics,
    /// The account's side in each Region in which functions run, its own first; empty when no
    /// function has replicas.
    pub regions: Vec<RegionMetrics>,
    /// Per distribution, in the architecture's order.
    pub distributions: Vec<DistributionMetrics>,
    /// The first requests to distributions, in the order in which they came.
    pub requests: Vec<RequestRecord>,
    /// Per database, in the architecture's order.
    pub databases: Vec<DatabaseMetrics>,
    /// Per RDS Proxy, in the architecture's order.
    pub proxies: Vec<ProxyMetrics>,
    /// The network with what was looked for in it, if one is described.
    pub plan: Option<Plan>,
    /// Whether the connections of the plan come about, in the order of its links.
    pub connections: Vec<Connection>,
    /// Single requests and what IAM decided, in the author's order.
    pub decisions: Vec<AccessMetrics>,
    /// What became of each ECS task, in the architecture's order.
    pub tasks: Vec<TaskMetrics>,
    /// Per queue, in the architecture's order.
    pub queues: Vec<QueueMetrics>,
    /// Per stream, Kinesis's before those of tables, each in the architecture's order.
    pub streams: Vec<StreamMetrics>,
    /// Per bucket, in the architecture's order.
    pub buckets: Vec<BucketMetrics>,
    /// EventBridge's default bus with its rules.
    pub event_bus: BusMetrics,
    /// Per topic, in the architecture's order.
    pub topics: Vec<TopicMetrics>,
    /// The events of RDS, in the order of time.
    pub rds_events: Vec<EmittedEvent>,
    /// Per subscription to them, in the architecture's order.
    pub event_subscriptions: Vec<EventSubscriptionMetrics>,
    /// What happened to the messages and requests that were followed, in the order of time.
    pub steps: Vec<Step>,
    /// The names of the resources of these steps.
    pub names: Vec<(Resource, String)>,
}

/// AWS would have refused the deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The name of the resource concerned, if it is one.
    pub resource: Option<String>,
    /// The API's error, for instance `InvalidParameterValueException`.
    pub error: String,
    /// The reason in AWS's terms, with the numbers.
    pub reason: String,
}
