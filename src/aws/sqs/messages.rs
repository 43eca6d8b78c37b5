//! The messages that a queue holds, and the orders in which they stand.
//!
//! Each message stands in three lists at once: one of the places where it can be (waiting, hidden,
//! delayed), the list by which the oldest is known, and the list by which they expire. Lists go
//! through the messages themselves, so that one is taken out of the middle at no cost, and memory
//! is what the backlog needs.

use crate::aws::engine::event::Message;

/// The most messages that a queue of a run may hold at one time.
pub(super) const MOST_STORED: usize = 1 << 22;

/// No message.
const NONE: u32 = u32::MAX;

/// The lists that a message stands in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// That of its place: waiting, hidden or delayed.
    Place,
    /// That of age.
    Age,
    /// That of expiry.
    Expiry,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It can be received.
    Waiting,
    /// It has been received, and is hidden.
    Hidden,
    /// It can't be received yet.
    Delayed,
}

/// A message's neighbours in a list.
#[derive(Clone, Copy, Debug)]
struct Links {
    before: u32,
    after: u32,
}

const UNLINKED: Links = Links { before: NONE, after: NONE };

/// A message in a queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored {
    pub(super) message: Message,
    /// From when on its retention is counted.
    pub(super) sent: u64,
    /// When it came into this queue.
    pub(super) entered: u64,
    /// Until when it is hidden or delayed.
    pub(super) until: u64,
    /// How often it has been received.
    pub(super) receives: u32,
    /// The receipt of the last time; that of an earlier one is worth nothing.
    pub(super) receipt: u32,
    /// Its number in the queue.
    pub(super) sequence: u32,
    /// Its message group in the queue, from 0; 0 in a standard queue.
    pub(super) group: u32,
    pub(super) place: Place,
    /// Whether it counts for the age of the oldest.
    pub(super) aging: bool,
    links: [Links; 3],
}

impl Stored {
    pub(super) fn new(message: Message, sent: u64, entered: u64) -> Self {
        Self {
            message,
            sent,
            entered,
            until: 0,
            receives: 0,
            receipt: NONE,
            sequence: 0,
            group: 0,
            place: Place::Waiting,
            aging: false,
            links: [UNLINKED; 3],
        }
    }
}

/// A message that was received, and with which receipt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) slot: u32,
    pub(super) receipt: u32,
}

/// A list of messages in one order.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    order: Order,
    first: u32,
    last: u32,
    pub(super) count: u64,
}

impl List {
    pub(super) fn new(order: Order) -> Self {
        Self { order, first: NONE, last: NONE, count: 0 }
    }

    pub(super) fn first(&self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }
}

/// The messages of a queue by slot. Slots are used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages {
    slots: Vec<Stored>,
    free: Vec<u32>,
    pub(super) overflowed: bool,
}

impl Messages {
    /// Stores a message, in no list yet; `None` when there are too many.
    pub(super) fn store(&mut self, stored: Stored) -> Option<u32> {
        if let Some(slot) = self.free.pop() {
            *self.at(slot) = stored;
            return Some(slot);
        }
        if self.slots.len() >= MOST_STORED {
            self.overflowed = true;
            return None;
        }
        self.slots.push(stored);
        Some((self.slots.len() - 1) as u32)
    }

    /// The message in a slot, which comes from this struct.
    #[inline]
    pub(super) fn at(&mut self, slot: u32) -> &mut Stored {
        &mut self.slots[slot as usize]
    }

    /// The message in a slot, to be looked at.
    #[inline]
    pub(super) fn get(&self, slot: u32) -> &Stored {
        &self.slots[slot as usize]
    }

    /// Gives a slot back. Its message must be in no list.
    pub(super) fn free(&mut self, slot: u32) {
        self.at(slot).receipt = NONE;
        self.free.push(slot);
    }

    /// Puts a message at the end of a list.
    pub(super) fn push(&mut self, list: &mut List, slot: u32) {
        self.link(list, slot, list.last, NONE);
    }

    /// Puts a message before the first one, from the front, that it doesn't belong behind.
    pub(super) fn insert_from_front(
        &mut self,
        list: &mut List,
        slot: u32,
        belongs_behind: impl Fn(&Stored, &Stored) -> bool,
    ) {
        let (mut before, mut after) = (NONE, list.first);
        while after != NONE && belongs_behind(self.get(slot), self.get(after)) {
            before = after;
            after = self.get(after).links[list.order as usize].after;
        }
        self.link(list, slot, before, after);
    }

    /// Puts a message behind the last one that it belongs behind.
    pub(super) fn insert_from_end(
        &mut self,
        list: &mut List,
        slot: u32,
        belongs_behind: impl Fn(&Stored, &Stored) -> bool,
    ) {
        let (mut before, mut after) = (list.last, NONE);
        while before != NONE && !belongs_behind(self.get(slot), self.get(before)) {
            after = before;
            before = self.get(before).links[list.order as usize].before;
        }
        self.link(list, slot, before, after);
    }

    fn link(&mut self, list: &mut List, slot: u32, before: u32, after: u32) {
        let order = list.order as usize;
        self.at(slot).links[order] = Links { before, after };
        if before == NONE {
            list.first = slot;
        } else {
            self.at(before).links[order].after = slot;
        }
        if after == NONE {
            list.last = slot;
        } else {
            self.at(after).links[order].before = slot;
        }
        list.count += 1;
    }

    /// Takes a message out of a list that it is in.
    pub(super) fn unlink(&mut self, list: &mut List, slot: u32) {
        let order = list.order as usize;
        let Links { before, after } = std::mem::replace(&mut self.at(slot).links[order], UNLINKED);
        if before == NONE {
            list.first = after;
        } else {
            self.at(before).links[order].after = after;
        }
        if after == NONE {
            list.last = before;
        } else {
            self.at(after).links[order].before = before;
        }
        list.count -= 1;
    }
}
