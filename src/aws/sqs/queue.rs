//! A queue while it runs: where each of its messages is, and what is measured of them.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::aws::engine::event::Message;
use crate::aws::sqs::deployment::Queue;
use crate::aws::sqs::groups::Groups;
use crate::aws::sqs::messages::{List, Messages, Order, Place, Stored, Taken};
use crate::aws::sqs::metrics::QueueMetrics;
use crate::aws::sqs::rules::Settings;
use crate::aws::trace::Story;
use crate::sim::bucket::TokenBucket;
use crate::sim::statistics::distribution::Recorder;

/// The most deduplication ids that a queue remembers at one time.
const MOST_IDS: usize = 1 << 20;

/// What becomes of a message that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is in the queue.
    Accepted,
    /// It was accepted, but is like an earlier one.
    Duplicate,
    /// The API was called too often.
    Refused,
}

/// What is taken out of a queue to be moved to its dead-letter queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeadLetter {
    pub(super) message: Message,
    /// From when on its retention is counted.
    pub(super) sent: u64,
}

/// A queue while it runs.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    fifo: bool,
    /// How often a message may be received, if there is a redrive policy.
    max_receive_count: Option<u64>,
    pub(super) messages: Messages,
    pub(super) lines: Groups,
    hidden: List,
    delayed: List,
    ages: List,
    expiries: List,
    next_receipt: u32,
    next_sequence: u32,
    /// The earliest time for which the queue is to be woken.
    pub(super) wake_at: Option<u64>,
    send_calls: Option<TokenBucket>,
    receive_calls: Option<TokenBucket>,
    /// How much of a call of the API the messages of each source need.
    sizes: Vec<Load>,
    /// Deduplication ids and when they are forgotten, and the same in the order of time.
    ids: FxHashMap<u32, u64>,
    forgotten: VecDeque<(u64, u32)>,
    pub(super) metrics: QueueMetrics,
    /// The stories of messages that have expired since they were last asked for, and when.
    pub(super) expired: Vec<(u64, Story)>,
    waiting_time: Recorder,
    sojourn_time: Recorder,
}

/// What the messages of a source are like for the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    /// The bytes of each.
    pub(super) size: u32,
    /// How many come in one call.
    pub(super) entries: u32,
    /// How many of the last call have come.
    pub(super) come: u32,
}

impl State {
    pub(super) fn new(queue: &Queue, settings: Settings, sizes: Vec<Load>) -> Self {
        let bucket = || settings.calls.map(|calls| TokenBucket::new(calls, calls));
        let metrics = QueueMetrics {
            name: queue.name.clone(),
            fifo: queue.fifo,
            visibility_timeout: settings.visibility_timeout,
            retention_period: settings.retention_period,
            ..QueueMetrics::default()
        };
        Self {
            settings,
            fifo: queue.fifo,
            max_receive_count: queue.redrive_policy.map(|policy| policy.max_receive_count),
            messages: Messages::default(),
            lines: Groups::new(queue.fifo),
            hidden: List::new(Order::Place),
            delayed: List::new(Order::Place),
            ages: List::new(Order::Age),
            expiries: List::new(Order::Expiry),
            next_receipt: 0,
            next_sequence: 0,
            wake_at: None,
            send_calls: bucket(),
            receive_calls: bucket(),
            sizes,
            ids: FxHashMap::default(),
            forgotten: VecDeque::new(),
            metrics,
            expired: Vec::new(),
            waiting_time: Recorder::default(),
            sojourn_time: Recorder::default(),
        }
    }

    /// A message is sent to the queue.
    pub(super) fn send(&mut self, now: u64, message: Message) -> Sent {
        if !self.may_send(now, message.source) {
            self.metrics.throttled_messages += 1;
            return Sent::Refused;
        }
        if self.fifo && self.is_duplicate(now, message.deduplication_id) {
            self.metrics.number_of_deduplicated_sent_messages += 1;
            return Sent::Duplicate;
        }
        self.metrics.number_of_messages_sent += 1;
        self.enter(now, Stored::new(message, now, now), self.settings.delay);
        Sent::Accepted
    }

    /// Whether the API takes one more message of a source; several of one call need one call.
    fn may_send(&mut self, now: u64, source: u32) -> bool {
        let Some(calls) = &mut self.send_calls else { return true };
        let load = self.sizes.get_mut(source as usize);
        if let Some(load) = load {
            let first = load.come == 0;
            load.come = (load.come + 1) % load.entries.max(1);
            if !first {
                return true;
            }
        }
        if !calls.has_token(now) {
            if let Some(load) = self.sizes.get_mut(source as usize) {
                load.come = 0;
            }
            return false;
        }
        calls.take();
        true
    }

    fn is_duplicate(&mut self, now: u64, id: u32) -> bool {
        if id == Message::UNIQUE {
            return false;
        }
        while let Some(&(time, old)) = self.forgotten.front()
            && (time <= now || self.forgotten.len() > MOST_IDS)
        {
            self.forgotten.pop_front();
            self.ids.remove(&old);
        }
        if self.ids.contains_key(&id) {
            return true;
        }
        let until = now.saturating_add(self.settings.deduplication_interval);
        self.ids.insert(id, until);
        self.forgotten.push_back((until, id));
        false
    }

    /// A message comes as to a dead-letter queue.
    pub(super) fn take_dead_letter(&mut self, now: u64, letter: DeadLetter) {
        self.metrics.dead_letters += 1;
        // The retention of a FIFO queue begins anew, that of a standard one goes on.
        let sent = if self.fifo { now } else { letter.sent };
        self.enter(now, Stored::new(letter.message, sent, now), 0);
    }

    fn enter(&mut self, now: u64, mut stored: Stored, delay: u64) {
        self.expire(now);
        stored.sequence = self.next_sequence;
        self.next_sequence = stored.sequence.wrapping_add(1);
        stored.group = self.lines.of(stored.message.key);
        stored.aging = true;
        let Some(slot) = self.messages.store(stored) else { return };
        if self.ages.count == 0 {
            self.metrics.approximate_age_of_oldest_message.record(now, None);
        }
        self.messages.push(&mut self.ages, slot);
        let later = |one: &Stored, other: &Stored| one.sent >= other.sent;
        self.messages.insert_from_end(&mut self.expiries, slot, later);
        if delay > 0 {
            let state = self.messages.at(slot);
            (state.place, state.until) = (Place::Delayed, now.saturating_add(delay));
            self.messages.push(&mut self.delayed, slot);
            self.metrics.approximate_number_of_messages_delayed.increase(now);
        } else {
            self.show(now, slot);
        }
    }

    /// A message, which is in no list of a place, becomes visible.
    fn show(&mut self, now: u64, slot: u32) {
        self.messages.at(slot).place = Place::Waiting;
        self.lines.add(&mut self.messages, slot);
        self.metrics.approximate_number_of_messages_visible.increase(now);
    }

    /// Whether the API takes one more call that receives messages; else when it will.
    pub(super) fn may_receive(&mut self, now: u64) -> Result<(), u64> {
        let free = self.receive_calls.as_mut().is_none_or(|calls| calls.has_token(now));
        if free { Ok(()) } else { Err(now.saturating_add(self.settings.call_period)) }
    }

    /// Receives messages into `batch` until it holds `most` or `bytes` are used up. Those that
    /// have been received too often go to `dead` instead.
    pub(super) fn receive(
        &mut self,
        now: u64,
        most: usize,
        bytes: &mut u64,
        batch: &mut Vec<Taken>,
        dead: &mut Vec<DeadLetter>,
    ) {
        self.expire(now);
        let before = batch.len();
        'groups: while batch.len() < most {
            let Some(group) = self.lines.next_ready() else { break };
            while let Some(slot) = self.lines.first(group) {
                let size = self.size(slot);
                let full = batch.len() >= most || self.hidden.count >= self.settings.in_flight_max;
                if full || (size > *bytes && !batch.is_empty()) {
                    self.lines.put_back(group);
                    break 'groups;
                }
                let receives = u64::from(self.messages.get(slot).receives);
                if self.max_receive_count.is_some_and(|max| receives >= max) {
                    dead.push(self.take_out_dead(now, slot));
                    continue;
                }
                *bytes = bytes.saturating_sub(size);
                batch.push(self.hide(now, slot));
            }
        }
        if batch.len() > before
            && let Some(calls) = &mut self.receive_calls
        {
            for _ in 0..(batch.len() - before).div_ceil(self.settings.entries_max.max(1) as usize) {
                calls.take();
            }
        }
    }

    fn size(&self, slot: u32) -> u64 {
        let source = self.messages.get(slot).message.source;
        self.sizes.get(source as usize).map_or(0, |load| u64::from(load.size))
    }

    /// A waiting message is received.
    fn hide(&mut self, now: u64, slot: u32) -> Taken {
        self.lines.remove(&mut self.messages, slot);
        let receipt = self.next_receipt;
        self.next_receipt = receipt.wrapping_add(1) & (u32::MAX >> 1);
        let until = now.saturating_add(self.settings.visibility_timeout);
        let message = self.messages.at(slot);
        message.receives = message.receives.saturating_add(1);
        (message.receipt, message.place, message.until) = (receipt, Place::Hidden, until);
        let (receives, entered, group) = (message.receives, message.entered, message.group);
        self.lines.hide(group);
        self.messages.push(&mut self.hidden, slot);
        if receives == 1 {
            self.waiting_time.record(now - entered);
        }
        if u64::from(receives) > self.settings.poison_pill_receives {
            self.stop_aging(now, slot);
        }
        let metrics = &mut self.metrics;
        metrics.number_of_messages_received += 1;
        metrics.approximate_number_of_messages_visible.decrease(now);
        metrics.approximate_number_of_messages_not_visible.increase(now);
        Taken { slot, receipt }
    }

    fn stop_aging(&mut self, now: u64, slot: u32) {
        if !std::mem::take(&mut self.messages.at(slot).aging) {
            return;
        }
        if self.ages.first() == Some(slot) {
            let born = Some(self.messages.get(slot).entered);
            self.metrics.approximate_age_of_oldest_message.record(now, born);
        }
        self.messages.unlink(&mut self.ages, slot);
    }

    /// A waiting message leaves for the dead-letter queue.
    fn take_out_dead(&mut self, now: u64, slot: u32) -> DeadLetter {
        self.metrics.dead_lettered += 1;
        let Stored { message, sent, .. } = *self.messages.get(slot);
        self.remove(now, slot);
        DeadLetter { message, sent }
    }

    /// The message that was received with a receipt, if it still counts.
    pub(super) fn taken(&self, taken: Taken) -> Option<&Stored> {
        let stored = self.messages.get(taken.slot);
        (stored.receipt == taken.receipt).then_some(stored)
    }

    /// Deletes a message. A receipt that is no longer the last one deletes nothing.
    pub(super) fn delete(&mut self, now: u64, taken: Taken) -> bool {
        self.expire(now);
        let Some(&Stored { entered, .. }) = self.taken(taken) else { return false };
        self.metrics.number_of_messages_deleted += 1;
        self.sojourn_time.record(now - entered);
        self.remove(now, taken.slot);
        true
    }

    /// A message is no longer in the queue.
    fn remove(&mut self, now: u64, slot: u32) {
        self.leave_place(now, slot);
        self.stop_aging(now, slot);
        self.messages.unlink(&mut self.expiries, slot);
        self.messages.free(slot);
    }

    /// Takes a message out of the list of its place.
    fn leave_place(&mut self, now: u64, slot: u32) {
        let Stored { place, group, .. } = *self.messages.get(slot);
        match place {
            Place::Waiting => {
                self.lines.remove(&mut self.messages, slot);
                self.metrics.approximate_number_of_messages_visible.decrease(now);
            }
            Place::Hidden => {
                self.messages.unlink(&mut self.hidden, slot);
                self.lines.unhide(group);
                self.metrics.approximate_number_of_messages_not_visible.decrease(now);
            }
            Place::Delayed => {
                self.messages.unlink(&mut self.delayed, slot);
                self.metrics.approximate_number_of_messages_delayed.decrease(now);
            }
        }
    }

    /// Removes the messages whose retention has ended before `now`, each at its own time. Says
    /// whether there were any.
    pub(super) fn expire(&mut self, now: u64) -> bool {
        let mut any = false;
        while let Some(slot) = self.expiries.first() {
            let sent = self.messages.get(slot).sent;
            let ends = sent.saturating_add(self.settings.retention_period);
            if ends >= now {
                break;
            }
            // A dead letter may come with its retention over.
            let ends = ends.max(self.messages.get(slot).entered);
            self.metrics.expired += 1;
            let story = self.messages.get(slot).message.story;
            if story != Story::NONE {
                self.expired.push((ends, story));
            }
            self.remove(ends, slot);
            any = true;
        }
        any
    }

    /// When the next message becomes visible of itself.
    pub(super) fn next_due(&self) -> Option<u64> {
        let until = |list: &List| list.first().map(|slot| self.messages.get(slot).until);
        match (until(&self.hidden), until(&self.delayed)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Makes a message visible whose time has come: gives it, and whether it had been received.
    pub(super) fn show_due(&mut self, now: u64) -> Option<(Message, bool)> {
        self.expire(now);
        let due = |list: &List| list.first().filter(|&slot| self.messages.get(slot).until <= now);
        let (slot, received) = match (due(&self.hidden), due(&self.delayed)) {
            (Some(slot), _) => (slot, true),
            (None, Some(slot)) => (slot, false),
            (None, None) => return None,
        };
        self.metrics.returned += u64::from(received);
        let message = self.messages.get(slot).message;
        if received {
            // The others of its group must wait until it stands in its line again.
            let group = self.messages.get(slot).group;
            self.messages.unlink(&mut self.hidden, slot);
            self.metrics.approximate_number_of_messages_not_visible.decrease(now);
            self.show(now, slot);
            self.lines.unhide(group);
        } else {
            self.leave_place(now, slot);
            self.show(now, slot);
        }
        Some((message, received))
    }

    /// The metrics of the whole run, up to whose end messages have been expired.
    pub(super) fn finish(self, end: u64) -> QueueMetrics {
        let oldest = self.ages.first().map(|slot| self.messages.get(slot).entered);
        let mut metrics = self.metrics;
        metrics.approximate_age_of_oldest_message.record(end, oldest);
        metrics.approximate_age_of_oldest_message.finish(end);
        for series in [
            &mut metrics.approximate_number_of_messages_visible,
            &mut metrics.approximate_number_of_messages_not_visible,
            &mut metrics.approximate_number_of_messages_delayed,
        ] {
            series.finish(end);
        }
        metrics.waiting_time = self.waiting_time.finish();
        metrics.sojourn_time = self.sojourn_time.finish();
        metrics
    }
}
