//! Sessions: the connections of environments to databases and proxies, in slots.

use std::collections::BTreeMap;

use crate::aws::engine::event::{Caller, Message, Request};
use crate::aws::rds::service::Ticket;
use crate::sim::queue::EventQueue;

/// What a session does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is being opened, or a connection is being opened for it.
    Connecting,
    /// It waits for a connection of the proxy, under a number.
    Waiting {
        /// The number in the proxy's queue.
        number: u64,
    },
    /// A query runs.
    Querying,
    /// The query's statement waits for a function that a trigger of it invokes.
    Invoking,
    /// Nothing.
    Idle,
}

/// The connection of an environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    /// The environment's slot.
    pub(super) slot: u32,
    /// The place of the client in the architecture.
    pub(super) client: u32,
    /// Who waits for the query.
    pub(super) caller: Caller,
    /// What the query is for.
    pub(super) message: Message,
    /// How long the query takes.
    pub(super) query: u64,
    pub(super) state: State,
    /// Raised with each change of state, so that timers of earlier ones are known as such.
    pub(super) step: u32,
    /// The database's generation when its connection was opened.
    pub(super) generation: u32,
    /// Whether a proxy has lent it a connection.
    pub(super) borrowed: bool,
    /// Whether it keeps what the proxy lends until it ends.
    pub(super) pinned: bool,
    /// Whether what it keeps may be closed with it.
    pub(super) released: bool,
    /// Whether its run is over, so that nobody waits for the query.
    pub(super) orphan: bool,
    pub(super) idle_since: u64,
    /// How long it lives without being used.
    pub(super) idle: u64,
}

impl Session {
    /// The ticket of its next state.
    pub(super) fn next_ticket(&mut self, at: u32) -> Ticket {
        self.step = self.step.wrapping_add(1);
        Ticket { session: at, step: self.step }
    }
}

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    slots: Vec<Option<Session>>,
    free: Vec<u32>,
    /// Those that an environment can use, by its slot and the client.
    by_environment: BTreeMap<(u32, u32), u32>,
    /// The steps go on when a slot is used again.
    steps: u32,
    /// When idle sessions end, if they aren't used before.
    closings: EventQueue<u64>,
}

impl Sessions {
    pub(super) fn at(&self, at: u32) -> Option<&Session> {
        self.slots.get(at as usize)?.as_ref()
    }

    pub(super) fn at_mut(&mut self, at: u32) -> Option<&mut Session> {
        self.slots.get_mut(at as usize)?.as_mut()
    }

    /// The idle session of an environment, for its next query.
    pub(super) fn take_over(
        &mut self,
        key: (u32, u32),
        request: &Request,
        query: u64,
    ) -> Option<u32> {
        let at = *self.by_environment.get(&key)?;
        let session = self.at_mut(at)?;
        if session.state != State::Idle {
            // Its run is over without it: the environment begins anew.
            session.orphan = true;
            self.by_environment.remove(&key);
            return None;
        }
        session.caller = request.caller;
        session.message = request.message;
        session.query = query;
        session.released = false;
        Some(at)
    }

    /// A new session of an environment.
    pub(super) fn create(
        &mut self,
        key: (u32, u32),
        request: &Request,
        query: u64,
        idle: u64,
    ) -> u32 {
        self.steps = self.steps.wrapping_add(1 << (u32::BITS / 2));
        let session = Session {
            slot: key.0,
            client: key.1,
            caller: request.caller,
            message: request.message,
            query,
            state: State::Connecting,
            step: self.steps,
            generation: 0,
            borrowed: false,
            pinned: false,
            released: false,
            orphan: false,
            idle_since: 0,
            idle,
        };
        let at = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            (self.slots.len() - 1) as u32
        });
        if let Some(place) = self.slots.get_mut(at as usize) {
            *place = Some(session);
        }
        self.by_environment.insert(key, at);
        at
    }

    /// Forgets a session.
    pub(super) fn remove(&mut self, at: u32) -> Option<Session> {
        let session = self.slots.get_mut(at as usize)?.take()?;
        self.free.push(at);
        let key = (session.slot, session.client);
        if self.by_environment.get(&key) == Some(&at) {
            self.by_environment.remove(&key);
        }
        Some(session)
    }

    /// An idle session ends at a time, unless it is used before.
    pub(super) fn close_later(&mut self, time: u64, at: u32) {
        self.closings.push(time, u64::from(at));
    }

    /// The next session that ends before a time, and when.
    pub(super) fn next_closing(&mut self, before: u64) -> Option<(u64, u32)> {
        loop {
            let (time, at) = self.closings.peek().filter(|&(time, _)| time < before)?;
            self.closings.pop();
            let at = at as u32;
            let ends = |session: &Session| {
                let free = !session.borrowed || session.released;
                let idle = session.state == State::Idle && free;
                idle && session.idle_since.saturating_add(session.idle) == time
            };
            if self.at(at).is_some_and(ends) {
                return Some((time, at));
            }
        }
    }

    /// The sessions that an environment can use.
    pub(super) fn of_environment(&self, slot: u32) -> Vec<u32> {
        let range = self.by_environment.range((slot, 0)..=(slot, u32::MAX));
        range.map(|(_, &at)| at).collect()
    }

    /// All sessions, by their slots.
    pub(super) fn all(&self) -> Vec<u32> {
        let used = self.slots.iter().zip(0..).filter(|(session, _)| session.is_some());
        used.map(|(_, at)| at).collect()
    }
}
