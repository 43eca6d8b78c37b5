//! What bounds a scenario, so that no block can hang a build or fill the memory.

/// The most bytes of a block's YAML.
pub const TEXT: usize = 64 * 1024;
/// The most functions of a scenario.
pub const FUNCTIONS: usize = 100;
/// The most databases of a scenario, and the most proxies.
pub const DATABASES: usize = 50;
/// The most triggers of a database.
pub const TRIGGERS: usize = 50;
/// The most columns of a row that an event or a trigger's payload names.
pub const COLUMNS: usize = 50;
/// The most bytes of one of their values.
pub const VALUE: usize = 1_000;
/// The most rows that a statement changes.
pub const ROWS: usize = 100_000;
/// The most things of a kind in a network.
pub const NETWORK_THINGS: usize = 100;
/// The most rules of a list, and routes of a table.
pub const RULES: usize = 200;
/// The most subnets, or security groups, of one resource.
pub const PLACES: usize = 20;
/// The most calls of one function.
pub const FUNCTION_CALLS: usize = 10;
/// The most connections that are looked for.
pub const LINKS: usize = 1_200;
/// The most queues of a scenario.
pub const QUEUES: usize = 100;
/// The most buckets of a scenario.
pub const BUCKETS: usize = 50;
/// The most rules of a bucket's notifications; AWS's own quota is a result.
pub const NOTIFICATIONS: usize = 200;
/// The most keys of objects that one event goes through.
pub const OBJECT_KEYS: usize = 10_000;
/// The most rules of EventBridge's in a scenario; AWS's own quota is a result.
pub const EVENT_RULES: usize = 400;
/// The most targets of a rule; AWS's own quota is a result.
pub const TARGETS: usize = 20;
/// How deeply an event's detail, or a pattern, may nest.
pub const DETAIL: usize = 8;
/// The most streams, and the most tables, of a scenario.
pub const STREAMS: usize = 50;
/// The most shards of a stream.
pub const SHARDS: u64 = 1_000;
/// The most event source mappings of one queue or stream.
pub const MAPPINGS: usize = 10;
/// The most message groups, partition keys or deduplication ids of an event.
pub const KEYS: u64 = 65_536;
/// The most messages of an event that are named as poison.
pub const POISON: usize = 1_000;
/// The most CloudFront distributions of a scenario.
pub const DISTRIBUTIONS: usize = 20;
/// The most origins of a distribution; AWS's own quota is a result.
pub const ORIGINS: usize = 50;
/// The most paths, statuses or times in one list of a distribution.
pub const PATTERNS: usize = 50;
/// The most edge locations of a distribution.
pub const LOCATIONS: usize = 600;
/// The most actions of an edge function.
pub const ACTIONS: usize = 20;
/// The most kinds of requests that the lists of one event stand for.
pub const ALTERNATIVES: usize = 64;
/// The most copies that the objects of one event may have in caches, each some 50 bytes.
pub const COPIES: u64 = 4_000_000;
/// The most topics of a scenario.
pub const TOPICS: usize = 50;
/// The most subscriptions of a topic.
pub const SUBSCRIPTIONS: usize = 50;
/// The most endpoints of a scenario.
pub const ENDPOINTS: usize = 50;
/// The most keys of a filter policy.
pub const FILTER_KEYS: usize = 20;
/// The most conditions of one key.
pub const FILTER_CONDITIONS: usize = 50;
/// The most attributes of a message.
pub const ATTRIBUTES: usize = 20;
/// The most scheduled actions of a function.
pub const SCHEDULED_ACTIONS: usize = 200;
/// The shortest time after which a scheduled action happens again, in nanoseconds.
pub const SCHEDULE_PERIOD: u64 = 60 * 1_000_000_000;
/// The most different files that a function keeps in `/tmp`.
pub const TMP_FILES: u64 = 1_000;
/// The most events (one-off or flows) of a scenario.
pub const EVENTS: usize = 1_000;
/// The most APIs of a scenario.
pub const APIS: usize = 100;
/// The most attempts at a request.
pub const ATTEMPTS: u64 = 1_000;
/// The most clients of an event.
pub const CLIENTS: u64 = 100_000;
/// The most outages of an endpoint.
pub const OUTAGES: usize = 50;
/// The most stretches of time in one list.
pub const WINDOWS: usize = 100;
/// The most variants of a scenario.
pub const VARIANTS: usize = 24;
/// The most paths that a sweep changes: one along the axis, one from panel to panel.
pub const SWEEP_PATHS: usize = 2;
/// The most points of a sweep, the values of its paths combined.
pub const SWEEP_POINTS: usize = 60;
/// The most events that the engine simulates in all points of a sweep together.
pub const SWEEP_EVENTS: u64 = 60_000_000;
/// The most expectations in one `expect` list.
pub const EXPECTATIONS: usize = 200;
/// The most settings of one variant's `with`.
pub const SETTINGS: usize = 100;
/// The most steps of a setting's path.
pub const PATH: usize = 16;
/// The most bytes of an expectation.
pub const EXPRESSION: usize = 4_000;
/// How deeply an expectation may nest; a chain of operators counts one level for each operator.
pub const NESTING: usize = 100;
/// The most steps of evaluating an expectation in one variant.
pub const STEPS: u32 = 200_000;
/// The most characters of an id, a function's name or a variant's name.
pub const NAME: usize = 100;
/// The most characters of a title.
pub const TITLE: usize = 300;
/// The most events that the engine simulates in one variant. A request takes two or three.
pub const SIMULATED_EVENTS: u64 = 20_000_000;
/// The latest simulated time: 30 days, in nanoseconds.
pub const SIMULATED_TIME: u64 = 30 * 24 * 3600 * 1_000_000_000;
/// The largest count or seed that a scenario may name, so that it is exact as a number.
pub const COUNT: i64 = 1 << 53;
/// The most single requests of a function that its `log` lists.
pub const LOG: usize = 100;
/// The most problems of one block that are reported.
pub const DIAGNOSTICS: usize = 100;
/// The most roles, and the most users, of a scenario.
pub const IDENTITIES: usize = 100;
/// The most policies in one place: inline ones of a role, managed ones, those of resources.
pub const POLICIES: usize = 100;
/// The most statements of a policy.
pub const STATEMENTS: usize = 200;
/// The most values of one element of a policy or one context key.
pub const VALUES: usize = 300;
/// The most characters of the ARN in a request: what S3 lets an object's key have, and its bucket.
pub const ARN: usize = 1_200;
/// The most requests that IAM decides by themselves and runs of tasks.
pub const ACCESSES: usize = 500;
/// The most ECS tasks of a scenario.
pub const TASKS: usize = 50;
/// The most secrets of a task.
pub const SECRETS: usize = 100;
/// The most calls of a task's code.
pub const CALLS: usize = 200;
/// The most subscriptions to events of RDS.
pub const EVENT_SUBSCRIPTIONS: usize = 100;
/// The most times that something happens to databases and proxies, repetitions counted.
pub const INCIDENTS: usize = 400;
