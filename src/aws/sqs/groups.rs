//! The lines in which visible messages wait: one for a standard queue, one for each message group
//! of a FIFO queue.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::aws::sqs::messages::{List, Messages, Order, Stored};

/// The most message groups of a queue; more keys than that share them.
const MOST_GROUPS: u32 = 1 << 16;

/// A message group.
#[derive(Clone, Copy, Debug)]
struct Group {
    line: List,
    /// How many of its messages are hidden: as long as there are any, the others are held back.
    hidden: u32,
    /// Whether messages can be received from it.
    ready: bool,
}

/// The lines of a queue.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    fifo: bool,
    groups: Vec<Group>,
    /// The groups by key.
    keys: FxHashMap<u32, u32>,
    /// Groups from which messages can be received, in the order in which that began.
    ready: VecDeque<u32>,
    /// How many groups are ready.
    receivable: usize,
}

impl Groups {
    pub(super) fn new(fifo: bool) -> Self {
        let mut groups = Self {
            fifo,
            groups: Vec::new(),
            keys: FxHashMap::default(),
            ready: VecDeque::new(),
            receivable: 0,
        };
        groups.of(0);
        groups
    }

    /// The group of a key; that of a standard queue is 0.
    pub(super) fn of(&mut self, key: u32) -> u32 {
        let key = if self.fifo { key % MOST_GROUPS } else { 0 };
        let next = self.groups.len() as u32;
        let group = *self.keys.entry(key).or_insert(next);
        if group == next {
            self.groups.push(Group { line: List::new(Order::Place), hidden: 0, ready: false });
        }
        group
    }

    /// Whether a message can be received.
    pub(super) fn can_receive(&self) -> bool {
        self.receivable > 0
    }

    /// A message becomes visible: at the end of its line, or, in a FIFO queue, at its old place.
    pub(super) fn add(&mut self, messages: &mut Messages, slot: u32) {
        let group = messages.get(slot).group;
        let Some(state) = self.groups.get_mut(group as usize) else { return };
        if self.fifo && messages.get(slot).receives > 0 {
            let later = |one: &Stored, other: &Stored| one.sequence > other.sequence;
            messages.insert_from_front(&mut state.line, slot, later);
        } else {
            messages.push(&mut state.line, slot);
        }
        self.wake(group);
    }

    /// Makes a group ready, if messages can be received from it; says whether that is new.
    fn make_ready(&mut self, group: u32) -> bool {
        let Some(state) = self.groups.get_mut(group as usize) else { return false };
        let held = self.fifo && state.hidden > 0;
        if state.ready || held || state.line.count == 0 {
            return false;
        }
        state.ready = true;
        self.receivable += 1;
        true
    }

    fn wake(&mut self, group: u32) {
        if self.make_ready(group) {
            self.ready.push_back(group);
        }
    }

    /// The next group from which messages can be received; it is taken out of the order.
    pub(super) fn next_ready(&mut self) -> Option<u32> {
        loop {
            let group = self.ready.pop_front()?;
            let Some(state) = self.groups.get_mut(group as usize) else { continue };
            // A group whose messages have gone leaves its place in the order behind.
            if std::mem::take(&mut state.ready) {
                self.receivable -= 1;
                return Some(group);
            }
        }
    }

    /// A group from which some have been taken stays the first, if more can be.
    pub(super) fn put_back(&mut self, group: u32) {
        if self.make_ready(group) {
            self.ready.push_front(group);
        }
    }

    /// The first message of a group's line.
    pub(super) fn first(&self, group: u32) -> Option<u32> {
        self.groups.get(group as usize)?.line.first()
    }

    /// Takes a message out of its line.
    pub(super) fn remove(&mut self, messages: &mut Messages, slot: u32) {
        let group = messages.get(slot).group;
        if let Some(state) = self.groups.get_mut(group as usize) {
            messages.unlink(&mut state.line, slot);
            if state.line.count == 0 && std::mem::take(&mut state.ready) {
                self.receivable -= 1;
            }
        }
    }

    /// A message of a group has been received.
    pub(super) fn hide(&mut self, group: u32) {
        if let Some(state) = self.groups.get_mut(group as usize) {
            state.hidden += 1;
        }
    }

    /// A message of a group is no longer hidden.
    pub(super) fn unhide(&mut self, group: u32) {
        if let Some(state) = self.groups.get_mut(group as usize) {
            state.hidden = state.hidden.saturating_sub(1);
        }
        self.wake(group);
    }
}
