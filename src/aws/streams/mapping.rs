//! An event source mapping while it runs: its lanes, and what is measured of them.

use std::collections::BTreeSet;

use crate::aws::architecture::Resource;
use crate::aws::streams::lane::{Lane, Record};
use crate::aws::streams::metrics::MappingMetrics;
use crate::aws::streams::rules::MappingSettings;
use crate::sim::statistics::distribution::Recorder;

/// An event source mapping while it runs.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The stream: an index of the service's.
    pub(super) stream: usize,
    pub(super) function: Resource,
    pub(super) on_failure: Option<Resource>,
    pub(super) settings: MappingSettings,
    shards: u32,
    pub(super) lanes: Vec<Lane>,
    /// When the first record of each lane that has any came, and the lane.
    fronts: BTreeSet<(u64, u32)>,
    pub(super) metrics: MappingMetrics,
    batch_size: Recorder,
    iterator_age: Recorder,
}

/// How far the mixer shifts.
const HALF: u32 = 16;
const NEARLY_HALF: u32 = 13;

/// Mixes a key: a bijection of 32 bits with well spread upper ones (Murmur3's finalizer).
pub(super) fn mix(key: u32) -> u32 {
    let mut mixed = key ^ key >> HALF;
    mixed = mixed.wrapping_mul(0x85EB_CA6B);
    mixed ^= mixed >> NEARLY_HALF;
    mixed = mixed.wrapping_mul(0xC2B2_AE35);
    mixed ^ mixed >> HALF
}

/// The place of a number among `count` equal parts of 32 bits.
pub(super) fn part_of(number: u32, count: u32) -> u32 {
    ((u64::from(number) * u64::from(count)) >> u32::BITS) as u32
}

impl State {
    pub(super) fn new(
        stream: usize,
        shards: u32,
        function: Resource,
        name: &str,
        on_failure: Option<Resource>,
        settings: MappingSettings,
    ) -> Self {
        let lane = |at: u32| Lane { shard: at / settings.factor, ..Lane::default() };
        let metrics = MappingMetrics {
            function: name.to_owned(),
            retention_period: settings.retention_period,
            max_record_age: settings.max_record_age,
            blocked_time: vec![0; shards as usize],
            ..MappingMetrics::default()
        };
        Self {
            stream,
            function,
            on_failure,
            settings,
            shards,
            lanes: (0..shards.saturating_mul(settings.factor)).map(lane).collect(),
            fronts: BTreeSet::new(),
            metrics,
            batch_size: Recorder::default(),
            iterator_age: Recorder::default(),
        }
    }

    /// A record comes into a shard: gives its lane.
    pub(super) fn put(&mut self, now: u64, shard: u32, record: Record) -> u32 {
        let within = part_of(mix(!record.message.key), self.settings.factor);
        let index = shard.saturating_mul(self.settings.factor).saturating_add(within);
        let Some(lane) = self.lanes.get_mut(index as usize) else { return index };
        let first = lane.records.is_empty();
        lane.records.push_back(record);
        if first {
            self.front_changes(now);
            self.fronts.insert((record.arrived, index));
        }
        self.metrics.records += 1;
        self.metrics.backlog.increase(now);
        index
    }

    /// Takes the first record of a lane's current part out.
    pub(super) fn pop(&mut self, now: u64, index: u32) -> Option<Record> {
        let lane = self.lanes.get_mut(index as usize)?;
        let record = lane.pop()?;
        let next = lane.records.front().map(|record| record.arrived);
        if self.fronts.first() == Some(&(record.arrived, index)) {
            self.front_changes(now);
        }
        self.fronts.remove(&(record.arrived, index));
        self.fronts.extend(next.map(|arrived| (arrived, index)));
        self.metrics.backlog.decrease(now);
        Some(record)
    }

    /// Records up to now how old the oldest record is.
    fn front_changes(&mut self, now: u64) {
        let oldest = self.fronts.first().map(|(arrived, _)| *arrived);
        self.metrics.oldest_record.record(now, oldest);
    }

    /// When an idle lane is looked at next.
    pub(super) fn next_poll(&self, now: u64, index: u32) -> u64 {
        let settings = &self.settings;
        if let Some(latency) = settings.push_latency {
            return now.max(settings.created_at).saturating_add(latency);
        }
        let interval = settings.poll_interval;
        if interval == 0 {
            return now.max(settings.created_at);
        }
        let shard = self.lanes.get(index as usize).map_or(0, |lane| lane.shard);
        let spread = u128::from(interval) * u128::from(shard) / u128::from(self.shards.max(1));
        let first = settings.created_at.saturating_add(spread as u64);
        let past = now.saturating_sub(first).div_ceil(interval);
        first.saturating_add(past.saturating_mul(interval))
    }

    /// A batch is handed to the function.
    pub(super) fn hand_over(&mut self, now: u64, records: usize) {
        self.metrics.batches += 1;
        self.batch_size.record(records as u64);
        self.metrics.concurrent_batches.increase(now);
    }

    /// The function has answered for a batch whose last record came at a time.
    pub(super) fn answered(&mut self, now: u64, last: u64) {
        self.metrics.concurrent_batches.decrease(now);
        self.iterator_age.record(now.saturating_sub(last));
    }

    /// A lane is held up by its batch from now on, if it isn't already.
    pub(super) fn block(&mut self, now: u64, index: u32) {
        if let Some(lane) = self.lanes.get_mut(index as usize) {
            lane.blocked_since.get_or_insert(now);
        }
    }

    /// A lane is no longer held up.
    pub(super) fn unblock(&mut self, now: u64, index: u32) {
        let Some(lane) = self.lanes.get_mut(index as usize) else { return };
        let Some(since) = lane.blocked_since.take() else { return };
        if let Some(time) = self.metrics.blocked_time.get_mut(lane.shard as usize) {
            *time = time.saturating_add(now.saturating_sub(since));
        }
    }

    pub(super) fn finish(mut self, end: u64) -> MappingMetrics {
        for index in 0..self.lanes.len() {
            self.unblock(end, index as u32);
        }
        self.front_changes(end);
        let mut metrics = self.metrics;
        metrics.oldest_record.finish(end);
        metrics.backlog.finish(end);
        metrics.concurrent_batches.finish(end);
        metrics.batch_size = self.batch_size.finish();
        metrics.iterator_age = self.iterator_age.finish();
        metrics
    }
}
