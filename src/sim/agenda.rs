//! The agenda: what is still to happen, in the order of (time, priority, sequence).

use crate::sim::queue::EventQueue;

/// Bits for the slot of an entry: how many may wait at one time.
const SLOT_BITS: u32 = 24;
/// Bits for the sequence number: how many there may be in a run.
const SEQUENCE_BITS: u32 = 36;

/// The most entries that may wait at one time; what is put in beyond is dropped and counted by
/// [`Agenda::overflowed`].
pub const MOST_WAITING: usize = 1 << SLOT_BITS;

/// What comes first among the entries of one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Something is over: an answer comes back, a place becomes free.
    Release,
    /// Something changes: capacity is added, a setting takes effect.
    Change,
    /// Something arrives.
    Arrive,
    /// A limit of time is reached. What ends at that very instant has ended in time.
    Expire,
    /// What looks at the state of the instant, once all else has happened in it.
    Rest,
}

/// Entries in order. Those of one time and priority come in the order in which they were put in.
#[derive(Clone, Debug)]
pub struct Agenda<E> {
    order: EventQueue<u64>,
    entries: Vec<Option<E>>,
    free: Vec<u32>,
    sequence: u64,
    overflowed: bool,
}

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Self {
            order: EventQueue::default(),
            entries: Vec::new(),
            free: Vec::new(),
            sequence: 0,
            overflowed: false,
        }
    }
}

impl<E> Agenda<E> {
    /// Puts an entry in.
    #[inline]
    pub fn push(&mut self, time: u64, priority: Priority, entry: E) {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None if self.entries.len() < MOST_WAITING => {
                self.entries.push(None);
                (self.entries.len() - 1) as u32
            }
            None => {
                self.overflowed = true;
                return;
            }
        };
        if let Some(place) = self.entries.get_mut(slot as usize) {
            *place = Some(entry);
        }
        let sequence = self.sequence & ((1 << SEQUENCE_BITS) - 1);
        self.sequence += 1;
        let rank = (priority as u64) << SEQUENCE_BITS | sequence;
        self.order.push(time, rank << SLOT_BITS | u64::from(slot));
    }

    /// When the next entry comes.
    #[inline]
    pub fn next_time(&self) -> Option<u64> {
        self.order.peek().map(|(time, _)| time)
    }

    /// Whether the next entry is one of [`Priority::Rest`].
    #[inline]
    pub fn next_is_rest(&self) -> bool {
        let rest = (Priority::Rest as u64) << SEQUENCE_BITS << SLOT_BITS;
        self.order.peek().is_some_and(|(_, rank)| rank >= rest)
    }

    /// Takes the next entry out.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        loop {
            let (time, rank) = self.order.pop()?;
            let slot = (rank & ((1 << SLOT_BITS) - 1)) as u32;
            let entry = self.entries.get_mut(slot as usize).and_then(Option::take);
            self.free.push(slot);
            if let Some(entry) = entry {
                return Some((time, entry));
            }
        }
    }

    /// Whether more waited at one time than [`MOST_WAITING`], so that the run can't go on.
    #[inline]
    pub fn overflowed(&self) -> bool {
        self.overflowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_by_time_priority_and_sequence() {
        let mut agenda = Agenda::default();
        agenda.push(5, Priority::Arrive, "e");
        agenda.push(5, Priority::Release, "c");
        agenda.push(5, Priority::Expire, "g");
        agenda.push(5, Priority::Rest, "h");
        agenda.push(5, Priority::Arrive, "f");
        agenda.push(1, Priority::Expire, "a");
        agenda.push(5, Priority::Change, "d");
        agenda.push(1, Priority::Expire, "b");
        assert_eq!(agenda.next_time(), Some(1));
        let mut order = String::new();
        while let Some((_, name)) = agenda.pop() {
            order.push_str(name);
            assert_eq!(agenda.next_is_rest(), name == "g");
        }
        assert_eq!(order, "abcdefgh");
        assert!(!agenda.overflowed());
    }
}
