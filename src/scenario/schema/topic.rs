//! The sections `topics` and `endpoints`: SNS topics, who gets their messages, and what lies
//! outside of AWS.

use super::{KIND, Keys, Reader, kind};
use crate::aws::architecture::ResourceKind;
use crate::aws::sns::deployment::{
    BackoffFunction, Endpoint, Protocol, RetryPolicy, Subscription, Topic,
};
use crate::scenario::limit;
use crate::sim::windows::Windows;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const TOPIC: Keys = Keys { known: &["fifo", "subscriptions"], later: &[] };

const SUBSCRIPTION: Keys = Keys {
    known: &[
        "to",
        "filter",
        "filter_scope",
        "down",
        "deleted",
        "raw_delivery",
        "retry_policy",
        "dead_letter",
    ],
    later: &[],
};

const ENDPOINT: Keys = Keys { known: &["protocol", "down"], later: &["latency"] };

const RETRY_POLICY: Keys = Keys {
    known: &[
        "num_retries",
        "num_no_delay_retries",
        "num_min_delay_retries",
        "num_max_delay_retries",
        "min_delay_target",
        "max_delay_target",
        "backoff_function",
    ],
    later: &[],
};

/// What a topic can deliver to.
const ENDPOINTS: [ResourceKind; 3] =
    [ResourceKind::Function, ResourceKind::Queue, ResourceKind::Endpoint];
/// What can be a dead-letter queue of a subscription.
const DEAD_LETTER: [ResourceKind; 1] = [ResourceKind::Queue];

const PROTOCOLS: [(&str, Protocol); 5] = [
    ("https", Protocol::Https),
    ("http", Protocol::Http),
    ("email", Protocol::Email),
    ("sms", Protocol::Sms),
    ("push", Protocol::Push),
];

const BACKOFF_FUNCTIONS: [(&str, BackoffFunction); 4] = [
    ("linear", BackoffFunction::Linear),
    ("arithmetic", BackoffFunction::Arithmetic),
    ("geometric", BackoffFunction::Geometric),
    ("exponential", BackoffFunction::Exponential),
];

impl Reader<'_> {
    /// The topics in the author's order.
    pub fn topics(&mut self, node: &Node) -> Vec<Topic> {
        let Some(mapping) = self.mapping(node, "`topics`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::TOPICS, "topics", &node.range);
        mapping.entries.iter().take(limit::TOPICS).map(|entry| self.topic(entry)).collect()
    }

    fn topic(&mut self, entry: &Entry) -> Topic {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "topic");
        let mut topic = Topic { name, ..Topic::default() };
        if entry.value.value == NodeValue::Null {
            return topic;
        }
        let what = format!("topic `{}`", topic.name);
        let Some(fields) = self.fields(&entry.value, &what, TOPIC) else { return topic };
        topic.fifo = self.flag(fields, "fifo");
        if let Some(node) = fields.get("subscriptions") {
            let items = self.items(node, "subscriptions", "`subscriptions: [NAME]`");
            let size = items.len();
            self.check_size(size, limit::SUBSCRIPTIONS, "subscriptions of a topic", &node.range);
            let items = items.iter().take(limit::SUBSCRIPTIONS);
            for item in items {
                // Subscribing again with the same settings changes nothing.
                if let Some(subscription) = self.subscription(item, &what)
                    && !topic.subscriptions.contains(&subscription)
                {
                    topic.subscriptions.push(subscription);
                }
            }
        }
        topic
    }

    /// The items of a list.
    pub fn items<'n>(&mut self, node: &'n Node, name: &str, example: &str) -> &'n [Node] {
        match &node.value {
            NodeValue::Sequence(items) => items,
            NodeValue::Null => &[],
            other => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{name}` is a list"))
                    .label(format!("this is {}", kind(other)))
                    .hint(format!("for instance {example}"));
                self.report(diagnostic);
                &[]
            }
        }
    }

    /// A truth value under a key; false when it isn't there.
    pub fn flag(&mut self, fields: &Mapping, key: &str) -> bool {
        let node = fields.get(key).filter(|node| node.value != NodeValue::Null);
        node.and_then(|node| self.truth(node, key)).unwrap_or_default()
    }

    fn subscription(&mut self, node: &Node, topic: &str) -> Option<Subscription> {
        let short = !matches!(node.value, NodeValue::Mapping(_));
        let empty = Mapping::default();
        let what = format!("a subscription of {topic}");
        let fields = if short { &empty } else { self.fields(node, &what, SUBSCRIPTION)? };
        let to =
            if short { node } else { self.required(fields, "to", &what, &node.range, "to: NAME")? };
        let endpoint = self.resource(to, "to", &ENDPOINTS);
        let filter = fields.get("filter").and_then(|filter| {
            let scope = [("attributes", false), ("body", true)];
            let of_body = fields.get("filter_scope");
            let of_body = of_body.and_then(|node| self.choice(node, "filter_scope", &scope, &[]));
            self.filter_policy(filter, of_body.unwrap_or_default())
        });
        Some(Subscription {
            endpoint: endpoint?,
            filter,
            down: self.outages(fields),
            deleted: self.flag(fields, "deleted"),
            raw_delivery: self.flag(fields, "raw_delivery"),
            retry_policy: fields.get("retry_policy").and_then(|node| self.retry_policy(node)),
            dead_letter: fields
                .get("dead_letter")
                .and_then(|node| self.resource(node, "dead_letter", &DEAD_LETTER)),
        })
    }

    /// `down: [{ from: 0s, until: 10m }]`
    fn outages(&mut self, fields: &Mapping) -> Windows {
        let node = fields.get("down").filter(|node| node.value != NodeValue::Null);
        node.map(|node| self.windows(node, "down", limit::OUTAGES)).unwrap_or_default()
    }

    fn retry_policy(&mut self, node: &Node) -> Option<RetryPolicy> {
        let what = "`retry_policy`";
        let fields = self.fields(node, what, RETRY_POLICY)?;
        let retries = self.required(fields, "num_retries", what, &node.range, "num_retries: 10")?;
        let num_retries = self.count(retries, "num_retries", 0);
        let mut count = |key: &str| match fields.get(key) {
            Some(node) => self.count(node, key, 0),
            None => Some(0),
        };
        let phases = [
            count("num_no_delay_retries"),
            count("num_min_delay_retries"),
            count("num_max_delay_retries"),
        ];
        let least = self.required(fields, "min_delay_target", what, &node.range, LEAST);
        let least = least.and_then(|node| self.duration(node, "min_delay_target"));
        let greatest = match fields.get("max_delay_target") {
            Some(node) => self.duration(node, "max_delay_target"),
            None => least,
        };
        let function = fields.get("backoff_function");
        let function =
            function.and_then(|n| self.choice(n, "backoff_function", &BACKOFF_FUNCTIONS, &[]));
        let [no_delay, min_delay, max_delay] = phases;
        Some(RetryPolicy {
            num_retries: num_retries?,
            num_no_delay_retries: no_delay?,
            num_min_delay_retries: min_delay?,
            num_max_delay_retries: max_delay?,
            min_delay_target: least?,
            max_delay_target: greatest?,
            backoff_function: function.unwrap_or_default(),
        })
    }

    /// The endpoints in the author's order.
    pub fn endpoints(&mut self, node: &Node) -> Vec<Endpoint> {
        let Some(mapping) = self.mapping(node, "`endpoints`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::ENDPOINTS, "endpoints", &node.range);
        mapping.entries.iter().take(limit::ENDPOINTS).map(|entry| self.endpoint(entry)).collect()
    }

    fn endpoint(&mut self, entry: &Entry) -> Endpoint {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "endpoint");
        let mut endpoint = Endpoint { name, ..Endpoint::default() };
        if entry.value.value == NodeValue::Null {
            return endpoint;
        }
        let what = format!("endpoint `{}`", endpoint.name);
        let Some(fields) = self.fields(&entry.value, &what, ENDPOINT) else { return endpoint };
        if let Some(node) = fields.get("protocol")
            && let Some(protocol) = self.choice(node, "protocol", &PROTOCOLS, &[])
        {
            endpoint.protocol = protocol;
        }
        endpoint.down = self.outages(fields);
        endpoint
    }
}

/// What a missing least delay would look like.
const LEAST: &str = "min_delay_target: 20s";
