//! The `streams` and `tables` sections: Kinesis data streams and DynamoDB tables with a stream,
//! with their event source mappings.

use super::scalar::RANGE;
use super::{Keys, Reader};
use crate::aws::architecture::ResourceKind;
use crate::aws::streams::deployment::{Kind, Mapping, StartingPosition, Stream};
use crate::scenario::limit;
use crate::yaml::{Entry, Node, NodeValue};

const STREAM: Keys =
    Keys { known: &["shards", "retention_period", "event_source_mapping"], later: &["mode"] };

const TABLE: Keys = Keys { known: &["shards", "event_source_mapping"], later: &["capacity"] };

/// The keys of a mapping: of a table's stream all but the last.
const MAPPING: [&str; 12] = [
    "function",
    "batch_size",
    "batching_window",
    "parallelization_factor",
    "starting_position",
    "created_at",
    "bisect_batch_on_function_error",
    "max_retry_attempts",
    "max_record_age",
    "on_failure",
    "report_batch_item_failures",
    "enhanced_fan_out",
];

const OF_STREAM: Keys = Keys { known: &MAPPING, later: &["filter", "tumbling_window"] };
const OF_TABLE: Keys =
    Keys { known: MAPPING.split_at(11).0, later: &["filter", "tumbling_window"] };

const STARTING_POSITIONS: [(&str, StartingPosition); 2] =
    [("trim_horizon", StartingPosition::TrimHorizon), ("latest", StartingPosition::Latest)];
const LATER_STARTING_POSITIONS: [&str; 1] = ["at_timestamp"];

/// What gets a message about records that were given up.
const ON_FAILURE: [ResourceKind; 2] = [ResourceKind::Queue, ResourceKind::Topic];

impl Reader<'_> {
    /// Kinesis data streams in the author's order.
    pub fn streams(&mut self, node: &Node) -> Vec<Stream> {
        self.streams_of(node, Kind::Kinesis)
    }

    /// DynamoDB tables in the author's order.
    pub fn tables(&mut self, node: &Node) -> Vec<Stream> {
        self.streams_of(node, Kind::DynamoDb)
    }

    fn streams_of(&mut self, node: &Node, kind: Kind) -> Vec<Stream> {
        let section = if kind == Kind::Kinesis { "streams" } else { "tables" };
        let Some(mapping) = self.mapping(node, &format!("`{section}`")) else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::STREAMS, section, &node.range);
        let entries = mapping.entries.iter().take(limit::STREAMS);
        entries.map(|entry| self.stream(entry, kind)).collect()
    }

    /// A stream; one that can't be read is still known by name.
    fn stream(&mut self, entry: &Entry, kind: Kind) -> Stream {
        let (word, keys) = match kind {
            Kind::Kinesis => ("stream", STREAM),
            Kind::DynamoDb => ("table", TABLE),
        };
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, word);
        let what = format!("{word} `{name}`");
        let mut stream = Stream { name, kind, shards: 1, ..Stream::default() };
        if entry.value.value == NodeValue::Null {
            return stream;
        }
        let Some(fields) = self.fields(&entry.value, &what, keys) else { return stream };
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        stream.shards = get("shards").and_then(|node| self.shards(node)).unwrap_or(1);
        stream.retention_period =
            get("retention_period").and_then(|node| self.duration(node, "retention_period"));
        if let Some(node) = get("event_source_mapping") {
            for node in self.mappings(node) {
                let read = self.stream_mapping(node, &what, kind);
                stream.event_source_mappings.extend(read);
            }
        }
        stream
    }

    fn shards(&mut self, node: &Node) -> Option<u32> {
        let shards = self.count(node, "shards", 1)?;
        if shards <= limit::SHARDS {
            return Some(shards as u32);
        }
        let diagnostic = self
            .error(RANGE, &node.range, format!("`shards` is at most {}", limit::SHARDS))
            .label("more than a run keeps apart");
        self.report(diagnostic);
        None
    }

    fn stream_mapping(&mut self, node: &Node, what: &str, kind: Kind) -> Option<Mapping> {
        let what = format!("`event_source_mapping` of {what}");
        let keys = if kind == Kind::Kinesis { OF_STREAM } else { OF_TABLE };
        let fields = self.fields(node, &what, keys)?;
        let function = self.required(fields, "function", &what, &node.range, "function: NAME");
        let function =
            function.and_then(|node| self.resource(node, "function", &[ResourceKind::Function]));
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let mut count = |key: &str| get(key).and_then(|node| self.count(node, key, 0));
        let batch_size = count("batch_size");
        let parallelization_factor = count("parallelization_factor");
        let max_retry_attempts = count("max_retry_attempts");
        let mut time = |key: &str| get(key).and_then(|node| self.duration(node, key));
        let batching_window = time("batching_window");
        let max_record_age = time("max_record_age");
        let created_at = time("created_at").unwrap_or(0);
        let position = get("starting_position").and_then(|node| {
            self.choice(node, "starting_position", &STARTING_POSITIONS, &LATER_STARTING_POSITIONS)
        });
        let on_failure =
            get("on_failure").and_then(|node| self.resource(node, "on_failure", &ON_FAILURE));
        let bisect = self.flag(fields, "bisect_batch_on_function_error");
        let reports = self.flag(fields, "report_batch_item_failures");
        let enhanced_fan_out = self.flag(fields, "enhanced_fan_out");
        Some(Mapping {
            batch_size,
            batching_window,
            parallelization_factor,
            starting_position: position.unwrap_or_default(),
            created_at,
            bisect_batch_on_function_error: bisect,
            max_retry_attempts,
            max_record_age,
            on_failure,
            report_batch_item_failures: reports,
            enhanced_fan_out,
            ..Mapping::to(function?)
        })
    }
}
