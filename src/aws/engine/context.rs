//! What a service sees of a run in progress: the time, the agenda and the trace.

use crate::aws::engine::event::{Answer, Caller, Event};
use crate::aws::trace::Trace;
use crate::sim::agenda::{Agenda, Priority};

/// The run in progress, as a service sees it.
#[derive(Debug)]
pub struct Context {
    now: u64,
    agenda: Agenda<Event>,
    /// The steps that are kept.
    pub trace: Trace,
    /// Whether the entry in hand turned out to mean nothing any more.
    stale: bool,
}

impl Context {
    pub(super) fn new(trace: Trace) -> Self {
        Self { now: 0, agenda: Agenda::default(), trace, stale: false }
    }

    /// The time.
    #[inline]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Something happens at a time; one that has passed means now.
    #[inline]
    pub fn at(&mut self, time: u64, priority: Priority, event: Event) {
        self.agenda.push(time.max(self.now), priority, event);
    }

    /// Something arrives after a time.
    #[inline]
    pub fn after(&mut self, delay: u64, event: Event) {
        self.at(self.now.saturating_add(delay), Priority::Arrive, event);
    }

    /// An answer goes back, if somebody waits for it.
    #[inline]
    pub fn answer(&mut self, caller: Caller, answer: Answer) {
        if caller != Caller::Nobody {
            self.at(self.now, Priority::Release, Event::Answer(caller, answer));
        }
    }

    /// Says that the entry in hand meant nothing any more (a timer of something that is over), so
    /// that the run doesn't last until its time.
    #[inline]
    pub fn stale(&mut self) {
        self.stale = true;
    }

    /// When the next entry of the agenda comes.
    #[inline]
    pub(super) fn next_time(&self) -> Option<u64> {
        self.agenda.next_time()
    }

    /// Whether the next entry of the agenda waits for what arrives at its instant.
    #[inline]
    pub(super) fn next_is_rest(&self) -> bool {
        self.agenda.next_is_rest()
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Event> {
        let (time, event) = self.agenda.pop()?;
        self.now = time;
        self.stale = false;
        Some(event)
    }

    #[inline]
    pub(super) fn set_now(&mut self, now: u64) {
        self.now = now;
    }

    pub(super) fn was_stale(&self) -> bool {
        self.stale
    }

    pub(super) fn overflowed(&self) -> bool {
        self.agenda.overflowed()
    }
}
