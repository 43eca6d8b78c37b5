//! Execution environments and which of the idle ones gets the next request.

use std::collections::BinaryHeap;

use crate::aws::engine::event::{Caller, Message};
use crate::aws::lambda::deployment::Routing;
use crate::aws::lambda::metrics::RequestOutcome;
use crate::sim::random::Random;

/// No environment.
const NONE: u32 = u32::MAX;

/// An execution environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment {
    /// Its number in the function, from 0 in order of creation.
    pub(super) number: u64,
    /// The index of its function.
    pub(super) function: u32,
    pub(super) provisioned: bool,
    /// Whether a timeout has reset it, so that its next use runs Init again.
    pub(super) reset: bool,
    /// Whether it has served a request.
    pub(super) used: bool,
    /// Whether it goes when it has answered.
    pub(super) leaves: bool,
    /// Whether it waits for a request.
    idle: bool,
    /// Since when it is idle.
    idle_since: u64,
    /// Its neighbours in the list of idle ones.
    before: u32,
    after: u32,
    /// Its place in [`Idle::places`].
    place: u32,
    /// Its place among the lifelines that are kept, if it has one.
    pub(super) lifeline: Option<u32>,
    /// Counts the runs that wait for what they call.
    pub(super) run: u32,
    /// What it works on, or did last.
    pub(super) work: Work,
    /// What it was invoked with.
    pub(super) message: Message,
}

/// Whose request an environment serves, and what becomes of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub(super) caller: Caller,
    pub(super) outcome: RequestOutcome,
}

/// All environments that exist, by slot. Slots are used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Environments {
    slots: Vec<Environment>,
    free: Vec<u32>,
}

impl Environments {
    /// A new environment, busy.
    pub(super) fn create(&mut self, number: u64, function: u32, provisioned: bool) -> u32 {
        let environment = Environment {
            number,
            function,
            provisioned,
            reset: false,
            used: false,
            leaves: false,
            idle: false,
            idle_since: 0,
            before: NONE,
            after: NONE,
            place: NONE,
            lifeline: None,
            run: 0,
            work: Work { caller: Caller::Nobody, outcome: RequestOutcome::Success },
            message: Message::default(),
        };
        if let Some(slot) = self.free.pop() {
            // Runs go on being counted, so that what comes too late isn't taken for another's.
            let run = self.at(slot).run;
            *self.at(slot) = Environment { run, ..environment };
            return slot;
        }
        self.slots.push(environment);
        (self.slots.len() - 1) as u32
    }

    /// The environment in a slot, which comes from this struct and exists.
    #[inline]
    pub(super) fn at(&mut self, slot: u32) -> &mut Environment {
        &mut self.slots[slot as usize]
    }

    /// Gives a slot free whose environment has gone.
    pub(super) fn free(&mut self, slot: u32) {
        self.free.push(slot);
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }
}

/// The idle environments of one function that are equal to each other: a list in the order in
/// which they became idle, and what else the routing policy needs.
#[derive(Clone, Debug)]
pub(super) struct Idle {
    routing: Routing,
    function: u32,
    oldest: u32,
    latest: u32,
    count: usize,
    /// For [`Routing::Newest`]: idle environments by number. Those that have gone stay until they
    /// come up or are too many.
    by_number: BinaryHeap<(u64, u32)>,
    /// For [`Routing::Random`]: the slots in any order.
    places: Vec<u32>,
    random: Random,
}

impl Idle {
    pub(super) fn new(routing: Routing, function: u32, random: Random) -> Self {
        Self {
            routing,
            function,
            oldest: NONE,
            latest: NONE,
            count: 0,
            by_number: BinaryHeap::new(),
            places: Vec::new(),
            random,
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds an environment that has become idle at `now`, no earlier than the others.
    #[inline]
    pub(super) fn add(&mut self, environments: &mut Environments, slot: u32, now: u64) {
        let latest = self.latest;
        let environment = environments.at(slot);
        environment.idle = true;
        environment.idle_since = now;
        environment.before = latest;
        environment.after = NONE;
        match self.routing {
            Routing::Newest => self.by_number.push((environment.number, slot)),
            Routing::Random => {
                environment.place = self.places.len() as u32;
                self.places.push(slot);
            }
            Routing::MostRecentlyUsed | Routing::LeastRecentlyUsed => {}
        }
        if latest == NONE {
            self.oldest = slot;
        } else {
            environments.at(latest).after = slot;
        }
        self.latest = slot;
        self.count += 1;
    }

    /// Takes the one that the policy chooses, to serve a request.
    #[inline]
    pub(super) fn take(&mut self, environments: &mut Environments) -> Option<u32> {
        if self.count == 0 {
            return None;
        }
        let slot = match self.routing {
            Routing::MostRecentlyUsed => self.latest,
            Routing::LeastRecentlyUsed => self.oldest,
            Routing::Newest => self.newest(environments)?,
            Routing::Random => {
                let place = self.random.below(self.places.len() as u64) as usize;
                *self.places.get(place)?
            }
        };
        self.remove(environments, slot);
        Some(slot)
    }

    /// The idle one with the greatest number.
    fn newest(&mut self, environments: &mut Environments) -> Option<u32> {
        let function = self.function;
        let mut is_idle = |&(number, slot): &(u64, u32)| {
            let environment = environments.at(slot);
            environment.idle && environment.number == number && environment.function == function
        };
        if self.by_number.len() > 2 * self.count + 64 {
            self.by_number.retain(&mut is_idle);
        }
        loop {
            let next = self.by_number.pop()?;
            if is_idle(&next) {
                return Some(next.1);
            }
        }
    }

    /// Takes an environment out of the list.
    #[inline]
    fn remove(&mut self, environments: &mut Environments, slot: u32) {
        let environment = environments.at(slot);
        environment.idle = false;
        let (before, after, place) = (environment.before, environment.after, environment.place);
        if before == NONE {
            self.oldest = after;
        } else {
            environments.at(before).after = after;
        }
        if after == NONE {
            self.latest = before;
        } else {
            environments.at(after).before = before;
        }
        self.count -= 1;
        if self.routing == Routing::Random {
            self.places.swap_remove(place as usize);
            if let Some(&moved) = self.places.get(place as usize) {
                environments.at(moved).place = place;
            }
        }
    }

    /// Ends the environment that has been idle longest: gives what it was.
    pub(super) fn take_oldest(&mut self, environments: &mut Environments) -> Option<Environment> {
        let slot = Some(self.oldest).filter(|&slot| slot != NONE)?;
        let environment = *environments.at(slot);
        self.remove(environments, slot);
        environments.free(slot);
        Some(environment)
    }

    /// Ends the environment that has been idle longest, if that is more than `idle_timeout` at
    /// `now`: gives what it was and when it went. One that is idle for exactly that long still
    /// serves.
    #[inline]
    pub(super) fn expire(
        &mut self,
        environments: &mut Environments,
        idle_timeout: u64,
        now: u64,
    ) -> Option<(Environment, u64)> {
        if self.oldest == NONE {
            return None;
        }
        let slot = self.oldest;
        let environment = *environments.at(slot);
        let gone = environment.idle_since.saturating_add(idle_timeout);
        if gone >= now {
            return None;
        }
        self.remove(environments, slot);
        environments.free.push(slot);
        Some((environment, gone))
    }
}
