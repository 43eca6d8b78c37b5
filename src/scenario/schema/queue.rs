//! The `queues` section: SQS queues with their event source mappings.

use super::function::CONFLICT;
use super::{Keys, Reader};
use crate::aws::architecture::ResourceKind;
use crate::aws::sqs::deployment::{Mapping, ProvisionedPollers, Queue, RedrivePolicy};
use crate::scenario::limit;
use crate::yaml::{Entry, Node, NodeValue};

const QUEUE: Keys = Keys {
    known: &[
        "fifo",
        "high_throughput",
        "visibility_timeout",
        "retention_period",
        "delay",
        "redrive_policy",
        "event_source_mapping",
    ],
    later: &[],
};

const REDRIVE_POLICY: Keys =
    Keys { known: &["dead_letter_queue", "max_receive_count"], later: &[] };

const MAPPING: Keys = Keys {
    known: &[
        "function",
        "batch_size",
        "batching_window",
        "max_concurrency",
        "provisioned_pollers",
        "report_batch_item_failures",
    ],
    later: &["filter"],
};

const POLLERS: Keys = Keys { known: &["min", "max"], later: &[] };

impl Reader<'_> {
    /// The queues in the author's order.
    pub fn queues(&mut self, node: &Node) -> Vec<Queue> {
        let Some(mapping) = self.mapping(node, "`queues`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::QUEUES, "queues", &node.range);
        mapping.entries.iter().take(limit::QUEUES).map(|entry| self.queue(entry)).collect()
    }

    /// A queue; one that can't be read is still known by name.
    fn queue(&mut self, entry: &Entry) -> Queue {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "queue");
        let what = format!("queue `{name}`");
        let mut queue = Queue { name, ..Queue::default() };
        if entry.value.value == NodeValue::Null {
            return queue;
        }
        let Some(fields) = self.fields(&entry.value, &what, QUEUE) else { return queue };
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let mut time = |key: &str| get(key).and_then(|node| self.duration(node, key));
        queue.visibility_timeout = time("visibility_timeout");
        queue.retention_period = time("retention_period");
        queue.delay = time("delay");
        queue.fifo = self.flag(fields, "fifo");
        queue.high_throughput = self.flag(fields, "high_throughput");
        if queue.high_throughput && !queue.fifo {
            let key = fields.entries.iter().find(|entry| entry.key == "high_throughput");
            let range = key.map_or(&entry.key_range, |entry| &entry.key_range);
            let diagnostic = self
                .error(CONFLICT, range, "`high_throughput` has no effect here")
                .label("a standard queue takes any number of calls")
                .hint("add `fifo: true`, or leave this out");
            self.report(diagnostic);
        }
        queue.redrive_policy =
            get("redrive_policy").and_then(|node| self.redrive_policy(node, &queue.name, &what));
        if let Some(node) = get("event_source_mapping") {
            let nodes = self.mappings(node);
            let read = |reader: &mut Self, node| reader.queue_mapping(node, &what);
            queue.event_source_mappings =
                nodes.into_iter().filter_map(|node| read(self, node)).collect();
        }
        queue
    }

    /// The mappings of a resource: one, or a list of them.
    pub fn mappings<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        let NodeValue::Sequence(items) = &node.value else { return vec![node] };
        self.check_size(items.len(), limit::MAPPINGS, "event source mappings", &node.range);
        items.iter().take(limit::MAPPINGS).collect()
    }

    fn redrive_policy(&mut self, node: &Node, queue: &str, what: &str) -> Option<RedrivePolicy> {
        let what = format!("`redrive_policy` of {what}");
        let fields = self.fields(node, &what, REDRIVE_POLICY)?;
        let example = "dead_letter_queue: failed";
        let target = self.required(fields, "dead_letter_queue", &what, &node.range, example);
        let named = target.and_then(|node| {
            let kinds = [ResourceKind::Queue];
            self.resource(node, "dead_letter_queue", &kinds).map(|resource| (node, resource))
        });
        let count =
            self.required(fields, "max_receive_count", &what, &node.range, "max_receive_count: 3");
        let count = count.and_then(|node| self.count(node, "max_receive_count", 0));
        let (node, dead_letter_queue) = named?;
        if self.written(&node.range).trim_matches(['"', '\'']) == queue {
            let diagnostic = self
                .error(CONFLICT, &node.range, format!("`{queue}` is its own dead-letter queue"))
                .label("a message that leaves would come back at once")
                .hint("add another queue: `queues: { failed: {} }`");
            self.report(diagnostic);
            return None;
        }
        Some(RedrivePolicy { dead_letter_queue, max_receive_count: count? })
    }

    fn queue_mapping(&mut self, node: &Node, what: &str) -> Option<Mapping> {
        let what = format!("`event_source_mapping` of {what}");
        let fields = self.fields(node, &what, MAPPING)?;
        let function = self.required(fields, "function", &what, &node.range, "function: NAME");
        let function =
            function.and_then(|node| self.resource(node, "function", &[ResourceKind::Function]));
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let mut count = |key: &str| get(key).and_then(|node| self.count(node, key, 0));
        let (batch_size, max_concurrency) = (count("batch_size"), count("max_concurrency"));
        let batching_window = get("batching_window");
        let batching_window =
            batching_window.and_then(|node| self.duration(node, "batching_window"));
        let provisioned_pollers = get("provisioned_pollers");
        let provisioned_pollers =
            provisioned_pollers.and_then(|node| self.provisioned_pollers(node, &what));
        let report_batch_item_failures = self.flag(fields, "report_batch_item_failures");
        Some(Mapping {
            function: function?,
            batch_size,
            batching_window,
            max_concurrency,
            provisioned_pollers,
            report_batch_item_failures,
        })
    }

    fn provisioned_pollers(&mut self, node: &Node, what: &str) -> Option<ProvisionedPollers> {
        let what = format!("`provisioned_pollers` of {what}");
        let fields = self.fields(node, &what, POLLERS)?;
        let mut count = |key: &str| fields.get(key).and_then(|node| self.count(node, key, 0));
        Some(ProvisionedPollers { min: count("min"), max: count("max") })
    }
}
