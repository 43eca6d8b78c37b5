//! The `functions` section: Lambda functions.

use std::ops::Range;

use super::model::Model;
use super::scalar::RANGE;
use super::{KIND, Keys, Reader, kind};
use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::lambda::deployment::{
    Cpu, Function, InstructionSet, Qualifier, SnapStart, TmpCache,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::quantity::Quantity;
use crate::scenario::limit;
use crate::sim::draw::Distribution;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// Keys that exclude each other, or that have no effect together.
pub const CONFLICT: Code = Code("E0120");
/// A function that runs longer than the timeout it gets by default.
pub const DEFAULT_TIMEOUT: Code = Code("W0102");

const FUNCTION: Keys = Keys {
    known: &[
        "duration",
        "duration_per_record",
        "init_duration",
        "memory",
        "timeout",
        "reserved_concurrency",
        "provisioned_concurrency",
        "idle_timeout",
        "failure_rate",
        "failing",
        "init_failure_rate",
        "ephemeral_storage",
        "architecture",
        "subnets",
        "security_groups",
        "calls",
        "runtime",
        "qualifier",
        "snap_start",
        "restore_duration",
        "tmp_cache",
        "cpu",
        "max_event_age",
        "max_retry_attempts",
        "on_success",
        "on_failure",
        "dead_letter",
        "role",
    ],
    later: &["package_size"],
};

const CPU: Keys = Keys { known: &["bound", "measured_at", "parallelism"], later: &[] };

const TMP_CACHE: Keys = Keys { known: &["download_duration", "size", "files"], later: &[] };

const DISTRIBUTION: Keys =
    Keys { known: &["constant", "exponential", "uniform", "log_normal"], later: &[] };

const LOG_NORMAL: Keys = Keys { known: &["mean", "cv"], later: &[] };

/// The architectures by AWS's names.
const ARCHITECTURES: [(&str, InstructionSet); 2] =
    [("x86_64", InstructionSet::X86_64), ("arm64", InstructionSet::Arm64)];

/// The largest coefficient of variation: beyond it a mean says nothing about a run.
const MOST_VARIATION: f64 = 100.0;

impl Reader<'_> {
    /// The functions in the author's order.
    pub fn functions(&mut self, node: &Node) -> Vec<Function> {
        let Some(mapping) = self.mapping(node, "`functions`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::FUNCTIONS, "functions", &node.range);
        let entries = mapping.entries.iter().take(limit::FUNCTIONS);
        entries.filter_map(|entry| self.function(entry)).collect()
    }

    fn function(&mut self, entry: &Entry) -> Option<Function> {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "function");
        let what = format!("function `{name}`");
        if entry.value.value == NodeValue::Null {
            self.required(&Mapping::default(), "duration", &what, &entry.key_range, DURATION);
            return None;
        }
        let fields = self.fields(&entry.value, &what, FUNCTION)?;
        let duration = self.required(fields, "duration", &what, &entry.key_range, DURATION);
        let duration = duration.and_then(|node| self.distribution(node, "duration"));
        let init = fields.get("init_duration");
        let init = init.and_then(|node| self.distribution(node, "init_duration"));
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        Some(Function {
            name,
            // A function whose duration can't be read is still known by name, so that the events
            // that invoke it aren't reported as well; the scenario doesn't run.
            duration: duration.unwrap_or(Distribution::Constant(0)),
            duration_per_record: get("duration_per_record")
                .and_then(|node| self.duration(node, "duration_per_record"))
                .unwrap_or(0),
            init_duration: init.unwrap_or(Distribution::Constant(0)),
            memory_mb: get("memory").and_then(|node| self.megabytes(node, "memory")),
            timeout: get("timeout").and_then(|node| self.duration(node, "timeout")),
            ephemeral_storage_mb: get("ephemeral_storage")
                .and_then(|node| self.megabytes(node, "ephemeral_storage")),
            reserved_concurrency: get("reserved_concurrency")
                .and_then(|node| self.count(node, "reserved_concurrency", 0)),
            provisioned_concurrency: get("provisioned_concurrency")
                .and_then(|node| self.provisioned(node)),
            idle_timeout: get("idle_timeout").and_then(|node| self.duration(node, "idle_timeout")),
            failure_rate: get("failure_rate")
                .and_then(|node| self.share(node, "failure_rate"))
                .unwrap_or(0.0),
            failing: get("failing")
                .map(|n| self.windows(n, "failing", limit::WINDOWS))
                .unwrap_or_default(),
            init_failure_rate: get("init_failure_rate")
                .and_then(|node| self.share(node, "init_failure_rate"))
                .unwrap_or(0.0),
            architecture: get("architecture")
                .and_then(|node| self.choice(node, "architecture", &ARCHITECTURES, &[]))
                .unwrap_or_default(),
            runtime: get("runtime").and_then(|node| self.text_of(node, "runtime")),
            qualifier: get("qualifier").map_or(Qualifier::Version, |node| self.qualifier(node)),
            snap_start: self.snap_start(fields, &what, &entry.key_range),
            cpu: get("cpu").and_then(|node| self.cpu(node)),
            tmp_cache: get("tmp_cache").and_then(|node| self.tmp_cache(node)),
            calls: Vec::new(),
            event_invoke: self.event_invoke(fields),
            role: get("role")
                .and_then(|node| self.resource(node, "role", &[ResourceKind::Role]))
                .map(Resource::place),
        })
    }

    /// What invocations name: `$LATEST`, or the name of a version or an alias.
    fn qualifier(&mut self, node: &Node) -> Qualifier {
        match self.text_of(node, "qualifier").as_deref() {
            Some("$LATEST") => Qualifier::Latest,
            _ => Qualifier::Version,
        }
    }

    /// SnapStart, where it is switched on. A variant may do that, so a `restore_duration` alone is
    /// no mistake.
    fn snap_start(
        &mut self,
        fields: &Mapping,
        what: &str,
        owner: &Range<usize>,
    ) -> Option<SnapStart> {
        let on = fields.get("snap_start").filter(|node| node.value != NodeValue::Null);
        let on = on.and_then(|node| self.truth(node, "snap_start")).unwrap_or(false);
        let duration = fields.get("restore_duration");
        let duration = duration.map(|node| self.distribution(node, "restore_duration"));
        if !on {
            return None;
        }
        if duration.is_none() {
            self.required(fields, "restore_duration", what, owner, "restore_duration: 200ms");
        }
        Some(SnapStart { restore_duration: duration.flatten()? })
    }

    /// `{ bound: 80%, measured_at: 1769MB, parallelism: 2 }`.
    fn cpu(&mut self, node: &Node) -> Option<Cpu> {
        let what = "`cpu`";
        let fields = self.fields(node, what, CPU)?;
        let bound = self.required(fields, "bound", what, &node.range, "bound: 80%");
        let bound = bound.and_then(|node| self.share(node, "bound"));
        let memory = fields.get("measured_at");
        let measured_at_mb = memory.and_then(|node| self.megabytes(node, "measured_at"));
        if let (Some(node), Some(0)) = (memory, measured_at_mb) {
            let diagnostic = self
                .error(RANGE, &node.range, "`measured_at` is above zero")
                .label("no function has no memory");
            self.report(diagnostic);
            return None;
        }
        let parallelism = fields.get("parallelism");
        let parallelism = parallelism.map(|node| self.count(node, "parallelism", 1));
        let parallelism = parallelism.unwrap_or(Some(1))?;
        let parallelism = u32::try_from(parallelism).unwrap_or(u32::MAX);
        Some(Cpu { bound: bound?, measured_at_mb, parallelism })
    }

    /// `{ download_duration: 5s, size: 400MB, files: 3 }`.
    fn tmp_cache(&mut self, node: &Node) -> Option<TmpCache> {
        let what = "`tmp_cache`";
        let fields = self.fields(node, what, TMP_CACHE)?;
        let duration =
            self.required(fields, "download_duration", what, &node.range, "download_duration: 5s");
        let duration = duration.and_then(|node| self.distribution(node, "download_duration"));
        let size_mb = fields.get("size").and_then(|node| self.megabytes(node, "size"));
        let files = fields.get("files").map(|node| self.count(node, "files", 1));
        let files = files.unwrap_or(Some(1))?;
        if files > limit::TMP_FILES {
            let most = limit::TMP_FILES;
            let range = fields.get("files").map_or(&node.range, |node| &node.range);
            self.check_size(files as usize, most as usize, "files in `tmp_cache`", range);
            return None;
        }
        Some(TmpCache { download_duration: duration?, size_mb, files: files as u32 })
    }

    /// Warnings of functions whose every run would be ended by a timeout that the block doesn't
    /// mention. `root` is the tree that the model was read from.
    pub fn default_timeouts(&self, root: &Node, model: &Model) -> Vec<Diagnostic> {
        let runs = |at: usize| {
            let function = Resource::new(ResourceKind::Function, at);
            let polled = polled_functions(&model.architecture);
            model.events.iter().any(|event| event.target == function && event.arrivals.is_some())
                || polled.into_iter().any(|polled| polled == function)
        };
        let functions = &model.architecture.functions;
        let functions = functions.iter().enumerate().filter(|&(at, _)| runs(at));
        functions.filter_map(|(_, function)| self.default_timeout(root, model, function)).collect()
    }

    fn default_timeout(
        &self,
        root: &Node,
        model: &Model,
        function: &Function,
    ) -> Option<Diagnostic> {
        let Distribution::Constant(duration) = function.duration else { return None };
        if function.cpu.is_some() {
            // How long it takes depends on the memory.
            return None;
        }
        let overridden = model.overrides.get(TIMEOUT).copied();
        let default = overridden.or_else(|| Some(self.catalogue.get(TIMEOUT)?.value))?;
        if function.timeout.is_some() || duration <= default.as_nanoseconds()? {
            return None;
        }
        let name = &function.name;
        let node = below(below(below(root, "functions")?, name)?, "duration")?;
        let runs = Quantity::nanoseconds(duration as f64).code();
        let default = default.code();
        let source =
            if overridden.is_some() { "`quotas` sets the default to" } else { "AWS's default is" };
        let message = format!("every run of `{name}` ends in a timeout");
        let diagnostic = self
            .error(DEFAULT_TIMEOUT, &node.range, message)
            .label(format!("{runs}, but after {default} Lambda ends the run"))
            .note(format!("no `timeout` is given, and {source} {default}"))
            .hint("add a `timeout` that is longer, for instance `timeout: 30s`");
        Some(diagnostic)
    }

    /// `200ms`, `{ exponential: 200ms }`, `{ uniform: [100ms, 300ms] }` or
    /// `{ log_normal: { mean: 200ms, cv: 2 } }`.
    pub fn distribution(&mut self, node: &Node, name: &str) -> Option<Distribution> {
        if !matches!(node.value, NodeValue::Mapping(_)) {
            return self.duration(node, name).map(Distribution::Constant);
        }
        let fields = self.fields(node, &format!("`{name}`"), DISTRIBUTION)?;
        let known = |entry: &&Entry| DISTRIBUTION.known.contains(&entry.key.as_str());
        let mut kinds = fields.entries.iter().filter(known);
        let (Some(entry), None) = (kinds.next(), kinds.next()) else {
            if fields.entries.iter().all(|entry| known(&entry)) {
                let diagnostic = self
                    .error(
                        CONFLICT,
                        &node.range,
                        format!("`{name}` is drawn from one distribution"),
                    )
                    .label("name exactly one distribution")
                    .hint("for instance `{ exponential: 200ms }`");
                self.report(diagnostic);
            }
            return None;
        };
        match entry.key.as_str() {
            "constant" => self.duration(&entry.value, "constant").map(Distribution::Constant),
            "exponential" => {
                let mean = self.duration(&entry.value, "exponential")?;
                Some(Distribution::Exponential { mean })
            }
            "uniform" => self.uniform(&entry.value),
            _ => self.log_normal(&entry.value),
        }
    }

    fn uniform(&mut self, node: &Node) -> Option<Distribution> {
        let NodeValue::Sequence(bounds) = &node.value else {
            return self.not_two_durations(node, kind(&node.value).to_owned());
        };
        let [min, max] = bounds.as_slice() else {
            return self.not_two_durations(node, format!("a list of {}", bounds.len()));
        };
        let (least, greatest) = (self.duration(min, "uniform"), self.duration(max, "uniform"));
        let (min, max) = (least?, greatest?);
        if min > max {
            let diagnostic = self
                .error(RANGE, &node.range, "`uniform` has its bounds the wrong way round")
                .label("the first is greater than the second")
                .hint("write the least first: `[100ms, 300ms]`");
            self.report(diagnostic);
            return None;
        }
        Some(Distribution::Uniform { min, max })
    }

    fn not_two_durations(&mut self, node: &Node, found: String) -> Option<Distribution> {
        let diagnostic = self
            .error(KIND, &node.range, "`uniform` is a list of two durations")
            .label(format!("this is {found}"))
            .hint("for instance `{ uniform: [100ms, 300ms] }`");
        self.report(diagnostic);
        None
    }

    fn log_normal(&mut self, node: &Node) -> Option<Distribution> {
        let what = "`log_normal`";
        let fields = self.fields(node, what, LOG_NORMAL)?;
        let mean = self.required(fields, "mean", what, &node.range, "mean: 200ms");
        let mean = mean.and_then(|node| self.duration(node, "mean"));
        let variation = self.required(fields, "cv", what, &node.range, "cv: 2")?;
        let coefficient_of_variation = self.bare_number(variation, "cv")?;
        if !(0.0..=MOST_VARIATION).contains(&coefficient_of_variation) {
            let diagnostic = self
                .error(RANGE, &variation.range, format!("`cv` lies between 0 and {MOST_VARIATION}"))
                .label("the coefficient of variation: standard deviation divided by mean");
            self.report(diagnostic);
            return None;
        }
        Some(Distribution::LogNormal { mean: mean?, coefficient_of_variation })
    }
}

/// The functions that get batches from queues and streams.
fn polled_functions(architecture: &Architecture) -> impl Iterator<Item = Resource> {
    let queues = architecture.queues.iter().flat_map(|queue| &queue.event_source_mappings);
    let streams = architecture.streams.iter().chain(&architecture.tables);
    let streams = streams.flat_map(|stream| &stream.event_source_mappings);
    queues.map(|mapping| mapping.function).chain(streams.map(|mapping| mapping.function))
}

/// The timeout of a function that gives none.
const TIMEOUT: &str = "lambda.timeout_default";

/// The value under a key, if the node is a map that has it.
fn below<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.value {
        NodeValue::Mapping(mapping) => mapping.get(key),
        _ => None,
    }
}

/// What a missing duration would look like.
const DURATION: &str = "duration: 200ms";
