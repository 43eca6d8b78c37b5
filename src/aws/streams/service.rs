//! Streams as a service of the event loop: records are put into shards, mappings read them in
//! order and ask functions to handle them.

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Message, Request};
use crate::aws::reader::Reader;
use crate::aws::streams::deployment::{Kind, Stream};
use crate::aws::streams::lane::{Record, State};
use crate::aws::streams::mapping::{self, mix, part_of};
use crate::aws::streams::metrics::{
    MappingMetrics, ShardMetrics, StreamMetrics, StreamStep as Step,
};
use crate::aws::streams::rules::{KILOBYTE, Limits, MappingSettings, Settings};
use crate::aws::trace::{Story, What};
use crate::sim::agenda::Priority;

/// The most records that a run's mappings may have before them at one time.
const MOST_RECORDS: u64 = 1 << 22;

/// A timer of a lane's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// The mapping.
    mapping: u32,
    /// The lane.
    lane: u32,
    /// The turn of the lane for which it was set.
    turn: u32,
}

/// A stream while it runs.
#[derive(Debug)]
struct Running {
    resource: Resource,
    shards: u32,
    limits: Vec<Option<Limits>>,
    metrics: StreamMetrics,
    /// Its mappings: the first and the one after the last.
    mappings: (usize, usize),
}

/// Streams while they run.
#[derive(Debug)]
pub struct Service {
    streams: Vec<Running>,
    mappings: Vec<mapping::State>,
    /// How many of the streams are Kinesis's; tables follow.
    kinesis: usize,
    /// The bytes of the records of each source.
    sizes: Vec<u32>,
    /// Records that mappings have before them.
    waiting: u64,
}

impl Service {
    /// The streams of an architecture.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>) -> Self {
        let mut service = Self {
            streams: Vec::new(),
            mappings: Vec::new(),
            kinesis: architecture.streams.len(),
            sizes: architecture.sources.iter().map(|source| source.cargo.size).collect(),
            waiting: 0,
        };
        for (resource, stream) in all(architecture) {
            service.add(resource, stream, architecture, reader);
        }
        service
    }

    fn add(
        &mut self,
        resource: Resource,
        stream: &Stream,
        architecture: &Architecture,
        reader: &Reader<'_>,
    ) {
        let Settings { shards, limits } = Settings::new(stream, reader);
        let first = self.mappings.len();
        for mapping in &stream.event_source_mappings {
            let settings = MappingSettings::new(stream, mapping, reader);
            self.mappings.push(mapping::State::new(
                self.streams.len(),
                shards,
                mapping.function,
                architecture.name(mapping.function),
                mapping.on_failure,
                settings,
            ));
        }
        self.streams.push(Running {
            resource,
            shards,
            limits: vec![limits; shards as usize],
            metrics: StreamMetrics {
                shards: vec![ShardMetrics::default(); shards as usize],
                ..empty(stream)
            },
            mappings: (first, self.mappings.len()),
        });
    }

    /// Whether there are more records than a run has places for.
    #[inline]
    pub fn overflowed(&self) -> bool {
        self.waiting > MOST_RECORDS
    }

    /// A record is put into a stream.
    pub fn put(&mut self, context: &mut Context, request: Request) {
        let now = context.now();
        let Request { target, caller, message } = request;
        let at = match target.kind {
            ResourceKind::Table => self.kinesis.saturating_add(target.place()),
            _ => target.place(),
        };
        let size = self.sizes.get(message.source as usize).copied().unwrap_or(0);
        let Some(stream) = self.streams.get_mut(at) else { return };
        let shard = part_of(mix(message.key), stream.shards);
        if !stream.accept(now, shard, size) {
            let refused = What::Stream(Step::Refused { shard });
            context.trace.record(now, message.story, target, refused);
            context.answer(caller, Answer::Error);
            return;
        }
        context.trace.record(now, message.story, target, What::Stream(Step::Put { shard }));
        context.answer(caller, Answer::Success);
        let record = Record { message, arrived: now, size };
        let (first, end) = stream.mappings;
        for index in first..end {
            self.offer(context, index, shard, record);
        }
    }

    /// A mapping gets a record before it.
    fn offer(&mut self, context: &mut Context, index: usize, shard: u32, record: Record) {
        let now = context.now();
        let Some(state) = self.mappings.get_mut(index) else { return };
        if state.settings.only_new && now < state.settings.created_at {
            return;
        }
        let at = state.put(now, shard, record);
        self.waiting += 1;
        let next = state.next_poll(now, at);
        let most = state.settings.batch_size;
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        let full = lane.state == State::Gathering && lane.records.len() >= most;
        if lane.state == State::Idle || full {
            self.set(context, index as u32, at, State::Polling, next, Priority::Rest);
        }
    }

    /// A lane does something until a time.
    fn set(
        &mut self,
        context: &mut Context,
        mapping: u32,
        at: u32,
        state: State,
        until: u64,
        priority: Priority,
    ) {
        let lanes = self.mappings.get_mut(mapping as usize).map(|state| &mut state.lanes);
        let Some(lane) = lanes.and_then(|lanes| lanes.get_mut(at as usize)) else { return };
        lane.state = state;
        lane.turn = lane.turn.wrapping_add(1);
        let timer = Timer { mapping, lane: at, turn: lane.turn };
        context.at(until, priority, Event::Streams(timer));
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        let Timer { mapping, lane: at, turn } = timer;
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        let settings = state.settings;
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        if lane.turn != turn {
            context.stale();
            return;
        }
        match lane.state {
            State::Waiting => self.attempt(context, mapping, at),
            State::Polling if settings.batching_window > 0 => {
                if lane.records.len() >= settings.batch_size {
                    self.begin(context, mapping, at);
                } else {
                    let until = context.now().saturating_add(settings.batching_window);
                    self.set(context, mapping, at, State::Gathering, until, Priority::Expire);
                }
            }
            _ => self.begin(context, mapping, at),
        }
    }

    /// A lane begins a batch with the records that are there.
    fn begin(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        let settings = state.settings;
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        lane.begin(settings.batch_size, settings.payload);
        self.attempt(context, mapping, at);
    }

    /// The function is asked to handle the current part of a lane's batch, or what is left of it.
    fn attempt(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let now = context.now();
        self.drop_old(context, mapping, at);
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        let (function, reports) = (state.function, state.settings.reports);
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        if !lane.next_part() {
            self.go_on(context, mapping, at);
            return;
        }
        let size = lane.part();
        lane.state = State::Running;
        lane.turn = lane.turn.wrapping_add(1);
        let mut lead: Option<Message> = None;
        let mut poison = false;
        let batched = What::Stream(Step::Batched { size: size as u32 });
        for record in lane.records.iter().take(size) {
            let message = record.message;
            poison |= message.poison;
            context.trace.record(now, message.story, function, batched);
            if lead.is_none_or(|lead| lead.story == Story::NONE && message.story != Story::NONE) {
                lead = Some(message);
            }
        }
        state.hand_over(now, size);
        let poison = poison && !reports;
        let message = Message { poison, records: size as u32, ..lead.unwrap_or_default() };
        let caller = Caller::StreamBatch { mapping, lane: at };
        let request = Request { target: function, caller, message };
        context.at(now, Priority::Arrive, Event::Request(request));
    }

    /// Drops the records of a lane's current part whose time is over, from the front.
    fn drop_old(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let now = context.now();
        let Some(state) = self.mappings.get(mapping as usize) else { return };
        let settings = state.settings;
        let mut told = None;
        loop {
            let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
            let Some(lane) = state.lanes.get_mut(at as usize) else { return };
            if !lane.next_part() {
                break;
            }
            let Some(first) = lane.records.front() else { break };
            let age = now.saturating_sub(first.arrived);
            let expired = age >= settings.retention_period;
            if !expired && settings.max_record_age.is_none_or(|most| age < most) {
                break;
            }
            let Some(record) = state.pop(now, at) else { break };
            let step = if expired { Step::Expired } else { Step::TooOld };
            if expired {
                state.metrics.expired_records += 1;
            } else {
                state.metrics.discarded_records += 1;
                told.get_or_insert(record.message);
            }
            self.waiting = self.waiting.saturating_sub(1);
            self.record(context, mapping, record.message.story, step);
        }
        if let Some(message) = told {
            self.tell(context, mapping, message);
        }
    }

    /// Records a step of a record at its stream.
    fn record(&self, context: &mut Context, mapping: u32, story: Story, step: Step) {
        let stream = self.mappings.get(mapping as usize).map(|state| state.stream);
        if let Some(stream) = stream.and_then(|stream| self.streams.get(stream)) {
            context.trace.record(context.now(), story, stream.resource, What::Stream(step));
        }
    }

    /// Sends a message about records that were given up, of which this is the first.
    fn tell(&mut self, context: &mut Context, mapping: u32, first: Message) {
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        let Some(target) = state.on_failure else { return };
        state.metrics.destination_deliveries += 1;
        // It tells which records they were; what was wrong with them isn't wrong with it.
        let message = Message { poison: false, ..first };
        context.at(context.now(), Priority::Arrive, Event::Delivery(target, message));
    }

    /// A batch is over: the lane goes on with what has come, or rests.
    fn go_on(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let now = context.now();
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        state.unblock(now, at);
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        if lane.records.is_empty() {
            lane.state = State::Idle;
            lane.turn = lane.turn.wrapping_add(1);
        } else {
            self.set(context, mapping, at, State::Polling, now, Priority::Rest);
        }
    }

    /// The function has answered for the batch of a lane.
    pub fn answered(&mut self, context: &mut Context, mapping: u32, at: u32, answer: Answer) {
        let now = context.now();
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        let reports = state.settings.reports;
        let bisects = state.settings.bisects;
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        let part = lane.part();
        let mut records = lane.records.iter().take(part);
        let poison = records.clone().position(|record| record.message.poison);
        let last = records.next_back().map_or(now, |record| record.arrived);
        state.answered(now, last);
        match answer {
            Answer::Success => {
                let done = poison.filter(|_| reports).unwrap_or(part);
                self.progress(context, mapping, at, done);
                if done == part {
                    self.attempt(context, mapping, at);
                } else if done > 0 && bisects {
                    // Where the function says that it failed is where the batch is split.
                    self.split_at_failure(context, mapping, at);
                } else {
                    self.fail(context, mapping, at);
                }
            }
            Answer::Error | Answer::Timeout | Answer::Refused | Answer::Recursive => {
                self.fail(context, mapping, at)
            }
            Answer::Throttled(_) => {
                state.metrics.throttles += 1;
                self.wait(context, mapping, at);
            }
        }
    }

    /// The first records of a part were handled.
    fn progress(&mut self, context: &mut Context, mapping: u32, at: u32, done: usize) {
        let now = context.now();
        for _ in 0..done {
            let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
            let Some(record) = state.pop(now, at) else { return };
            state.metrics.processed_records += 1;
            self.waiting = self.waiting.saturating_sub(1);
            self.record(context, mapping, record.message.story, Step::Processed);
        }
        let lanes = self.mappings.get_mut(mapping as usize).map(|state| &mut state.lanes);
        if let Some(lane) = lanes.and_then(|lanes| lanes.get_mut(at as usize))
            && done > 0
        {
            lane.progressed();
        }
    }

    /// The function has failed with the current part of a lane's batch.
    fn fail(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let now = context.now();
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        let settings = state.settings;
        state.metrics.failed_batches += 1;
        state.block(now, at);
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        // Splitting a batch uses up no attempt.
        if settings.bisects && lane.split() {
            let size = lane.part() as u32;
            let story = lane.records.front().map_or(Story::NONE, |record| record.message.story);
            state.metrics.bisects += 1;
            self.record(context, mapping, story, Step::Split { size });
            self.attempt(context, mapping, at);
        } else if lane.fail(settings.max_retry_attempts) {
            state.metrics.retries += 1;
            self.wait(context, mapping, at);
        } else {
            self.discard(context, mapping, at);
        }
    }

    /// What is left of the current part, from its first failure on, is tried as a part of its own:
    /// splitting uses up no attempt.
    fn split_at_failure(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let now = context.now();
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        state.metrics.failed_batches += 1;
        state.metrics.bisects += 1;
        state.block(now, at);
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        let size = lane.part() as u32;
        let story = lane.records.front().map_or(Story::NONE, |record| record.message.story);
        self.record(context, mapping, story, Step::Split { size });
        self.attempt(context, mapping, at);
    }

    /// The current part is given up.
    fn discard(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let now = context.now();
        let mut first = None;
        while let Some(state) = self.mappings.get_mut(mapping as usize)
            && let Some(record) = state.pop(now, at)
        {
            state.metrics.discarded_records += 1;
            self.waiting = self.waiting.saturating_sub(1);
            first.get_or_insert(record.message);
            self.record(context, mapping, record.message.story, Step::AttemptsExhausted);
        }
        if let Some(message) = first {
            self.tell(context, mapping, message);
        }
        self.attempt(context, mapping, at);
    }

    /// The current part waits to be tried again: not longer than its first record is kept.
    fn wait(&mut self, context: &mut Context, mapping: u32, at: u32) {
        let now = context.now();
        let Some(state) = self.mappings.get_mut(mapping as usize) else { return };
        state.block(now, at);
        let settings = state.settings;
        let Some(lane) = state.lanes.get_mut(at as usize) else { return };
        let wait = lane.next_wait(settings.retry_first, settings.retry_most);
        let kept = settings.max_record_age.unwrap_or(u64::MAX).min(settings.retention_period);
        let first = lane.records.front();
        let over = first.map_or(u64::MAX, |record| record.arrived.saturating_add(kept));
        let story = first.map_or(Story::NONE, |record| record.message.story);
        let again = now.saturating_add(wait).min(over.max(now));
        let delay = again.saturating_sub(now);
        self.record(context, mapping, story, Step::Waits { delay });
        self.set(context, mapping, at, State::Waiting, again, Priority::Arrive);
    }

    /// The metrics of the whole run: those of Kinesis's streams, then those of tables.
    pub fn finish(self, end: u64) -> Vec<StreamMetrics> {
        let mut mappings = self.mappings.into_iter();
        let finish = |stream: Running| {
            let own = mappings.by_ref().take(stream.mappings.1 - stream.mappings.0);
            let mappings = own.map(|mapping| mapping.finish(end)).collect();
            StreamMetrics { mappings, ..stream.metrics }
        };
        self.streams.into_iter().map(finish).collect()
    }
}

impl Running {
    /// Whether a shard takes one more record.
    fn accept(&mut self, now: u64, shard: u32, size: u32) -> bool {
        let at = shard as usize;
        let Some(metrics) = self.metrics.shards.get_mut(at) else { return false };
        if let Some(Some(limits)) = self.limits.get_mut(at) {
            let kilobytes = u64::from(size).div_ceil(KILOBYTE);
            let has_room =
                limits.records.has_token(now) && limits.kilobytes.has_tokens(now, kilobytes);
            if !has_room {
                metrics.write_provisioned_throughput_exceeded += 1;
                self.metrics.write_provisioned_throughput_exceeded += 1;
                return false;
            }
            limits.records.take();
            limits.kilobytes.take_tokens(kilobytes);
        }
        metrics.incoming_records += 1;
        self.metrics.incoming_records += 1;
        self.metrics.incoming_bytes += u64::from(size);
        true
    }
}

/// All streams of an architecture: Kinesis's, then those of tables.
fn all(architecture: &Architecture) -> impl Iterator<Item = (Resource, &Stream)> {
    let named = |kind| move |(at, stream)| (Resource::new(kind, at), stream);
    let streams = architecture.streams.iter().enumerate().map(named(ResourceKind::Stream));
    let tables = architecture.tables.iter().enumerate();
    streams.chain(tables.map(named(ResourceKind::Table)))
}

fn empty(stream: &Stream) -> StreamMetrics {
    StreamMetrics {
        name: stream.name.clone(),
        of_table: stream.kind == Kind::DynamoDb,
        ..StreamMetrics::default()
    }
}

/// The metrics of streams to which nothing happens.
pub fn idle(architecture: &Architecture) -> Vec<StreamMetrics> {
    let idle = |(_, stream): (Resource, &Stream)| {
        let mappings = stream.event_source_mappings.iter().map(|mapping| MappingMetrics {
            function: architecture.name(mapping.function).to_owned(),
            ..MappingMetrics::default()
        });
        StreamMetrics { mappings: mappings.collect(), ..empty(stream) }
    };
    all(architecture).map(idle).collect()
}
