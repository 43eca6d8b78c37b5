//! A lane of a shard: its records in order, and the batch that it works on.

use std::collections::VecDeque;

use crate::aws::engine::event::Message;

/// A record in a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) message: Message,
    /// When it came into the stream.
    pub(super) arrived: u64,
    /// Its bytes, if that matters.
    pub(super) size: u32,
}

/// What a lane does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// It has no records.
    #[default]
    Idle,
    /// It will be looked at.
    Polling,
    /// It gathers records for a batch.
    Gathering,
    /// The function has its batch.
    Running,
    /// Its batch waits to be tried again.
    Waiting,
}

/// A lane.
#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    pub(super) shard: u32,
    pub(super) state: State,
    /// Counts what the lane does, so that timers of what is over mean nothing.
    pub(super) turn: u32,
    /// Records that aren't handled; those of the batch are the first ones.
    pub(super) records: VecDeque<Record>,
    /// The parts of the batch by their sizes, the current one last.
    pub(super) parts: Vec<usize>,
    /// How often the current part has failed.
    pub(super) attempts: u64,
    /// How long it waits when it has to be tried again.
    pub(super) wait: u64,
    /// Since when its batch holds it up.
    pub(super) blocked_since: Option<u64>,
}

impl Lane {
    /// How many records the current part of the batch has; 0 without one.
    pub(super) fn part(&self) -> usize {
        self.parts.last().copied().unwrap_or(0)
    }

    /// A batch begins: of at most `most` records and `bytes` bytes, but of one record at least.
    pub(super) fn begin(&mut self, most: usize, mut bytes: u64) {
        let fits = |record: &&Record| {
            let size = u64::from(record.size);
            let fits = size <= bytes;
            bytes = bytes.saturating_sub(size);
            fits
        };
        let count = self.records.iter().take(most).take_while(fits).count();
        self.parts.clear();
        self.parts.push(count.max(1).min(self.records.len()));
        self.renew();
    }

    fn renew(&mut self) {
        self.attempts = 0;
        self.wait = 0;
    }

    /// Takes the first record of the current part out.
    pub(super) fn pop(&mut self) -> Option<Record> {
        let part = self.parts.last_mut()?;
        *part = part.checked_sub(1)?;
        self.records.pop_front()
    }

    /// Goes on to the next part when the current one has no records left. Says whether there is
    /// one.
    pub(super) fn next_part(&mut self) -> bool {
        while self.parts.last() == Some(&0) {
            self.parts.pop();
            self.renew();
        }
        !self.parts.is_empty()
    }

    /// Splits the current part into halves, the smaller one first. Says whether that is possible.
    pub(super) fn split(&mut self) -> bool {
        let Some(part) = self.parts.last_mut().filter(|part| **part > 1) else { return false };
        let first = *part / 2;
        *part -= first;
        self.parts.push(first);
        self.renew();
        true
    }

    /// Some of the current part have been handled: the rest has all its attempts again.
    pub(super) fn progressed(&mut self) {
        self.renew();
    }

    /// The current part has failed once more. Says whether it may be tried again.
    pub(super) fn fail(&mut self, max_retry_attempts: Option<u64>) -> bool {
        self.attempts = self.attempts.saturating_add(1);
        max_retry_attempts.is_none_or(|most| self.attempts <= most)
    }

    /// How long the current part waits now: twice as long each time.
    pub(super) fn next_wait(&mut self, first: u64, most: u64) -> u64 {
        let wait = self.wait.max(first).min(most).max(1);
        self.wait = wait.saturating_mul(2);
        wait
    }
}
