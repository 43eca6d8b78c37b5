//! What comes from outside: the flows of an architecture's sources, merged by time.

use std::collections::BTreeMap;

use crate::aws::architecture::{Architecture, Cargo, Poison};
use crate::aws::engine::event::Message;
use crate::sim::flow::{Arrivals, Flow};
use crate::sim::queue::EventQueue;
use crate::sim::random::Random;

/// The flows of all sources.
#[derive(Debug)]
pub(super) struct Sources {
    flows: Vec<Flow>,
    loads: Vec<Load>,
    /// The indices of flows.
    arrivals: EventQueue<u64>,
}

/// What the next message of a source is like.
#[derive(Debug)]
struct Load {
    cargo: Cargo,
    /// The number of the next message.
    number: u64,
    /// Draws which ones are poison.
    random: Random,
}

/// Spreads the numbers of sources, so that messages of two sources that have keys of their own
/// don't share them.
const SPREAD: u32 = 0x9E37_79B9;

impl Load {
    #[inline]
    fn take(&mut self, source: u32) -> Message {
        let number = self.number;
        self.number += 1;
        let poison = match &self.cargo.poison {
            Poison::None => false,
            // A unit is above 0, so a share of 0 is none.
            Poison::Share(share) => self.random.unit() <= *share,
            Poison::Numbers(numbers) => numbers.binary_search(&number).is_ok(),
        };
        let own = |number: u64| (number as u32).wrapping_add(source.wrapping_mul(SPREAD));
        let among = |ids: u32| (number % u64::from(ids)) as u32;
        Message {
            source,
            key: match self.cargo.keys {
                0 => own(number),
                keys => among(keys),
            },
            deduplication_id: match self.cargo.deduplication_ids {
                0 => Message::UNIQUE,
                ids => among(ids),
            },
            poison,
            ..Message::default()
        }
    }
}

impl Sources {
    /// Each flow has its own stream of random numbers: the name of its target and its place among
    /// that target's flows, so that other resources' flows don't change it.
    pub(super) fn new(architecture: &Architecture, seed: u64) -> Self {
        let mut flows = Vec::with_capacity(architecture.sources.len());
        let mut counts = BTreeMap::new();
        let mut arrivals = EventQueue::default();
        let mut loads = Vec::with_capacity(architecture.sources.len());
        for (index, source) in (0..).zip(&architecture.sources) {
            let count = counts.entry(source.target).or_insert(0u64);
            let ordinal = count.to_string();
            *count += 1;
            let name = architecture.name(source.target);
            let random = Random::stream(seed, &["poison", name, &ordinal]);
            loads.push(Load { cargo: source.cargo.clone(), number: 0, random });
            let flow = match source.arrivals {
                Arrivals::Once { at, count } => Flow::once(at, count),
                Arrivals::Constant { rate, from, until } => Flow::constant(rate, from, until),
                Arrivals::Poisson { rate, from, until } => {
                    let random = Random::stream(seed, &["arrivals", name, &ordinal]);
                    Flow::poisson(rate, from, until, random)
                }
            };
            if let Some(time) = flow.next() {
                arrivals.push(time, index);
            }
            flows.push(flow);
        }
        Self { flows, loads, arrivals }
    }

    /// At least how many are certainly to come.
    pub(super) fn certain(&self) -> u64 {
        self.flows.iter().fold(0, |sum, flow| flow.certain().saturating_add(sum))
    }

    /// When the next one comes.
    #[inline]
    pub(super) fn next_time(&self) -> Option<u64> {
        self.arrivals.peek().map(|(time, _)| time)
    }

    /// Takes the next one: gives it without its story and the time at which it comes.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Message> {
        let (_, index) = self.arrivals.peek()?;
        let flow = self.flows.get_mut(index as usize)?;
        flow.advance();
        match flow.next() {
            Some(time) => self.arrivals.replace_next(time, index),
            None => {
                self.arrivals.pop();
            }
        }
        self.loads.get_mut(index as usize).map(|load| load.take(index as u32))
    }
}
