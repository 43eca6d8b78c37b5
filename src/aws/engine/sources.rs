//! What comes from outside: the flows of an architecture's sources, merged by time.

use std::collections::BTreeMap;

use crate::aws::architecture::Architecture;
use crate::sim::flow::{Arrivals, Flow};
use crate::sim::queue::EventQueue;
use crate::sim::random::Random;

/// The flows of all sources.
#[derive(Debug)]
pub(super) struct Sources {
    flows: Vec<Flow>,
    /// The indices of flows.
    arrivals: EventQueue<u64>,
}

impl Sources {
    /// Each flow has its own stream of random numbers: the name of its target and its place among
    /// that target's flows, so that other resources' flows don't change it.
    pub(super) fn new(architecture: &Architecture, seed: u64) -> Self {
        let mut flows = Vec::with_capacity(architecture.sources.len());
        let mut counts = BTreeMap::new();
        let mut arrivals = EventQueue::default();
        for (index, source) in (0..).zip(&architecture.sources) {
            let count = counts.entry(source.target).or_insert(0u64);
            let ordinal = count.to_string();
            *count += 1;
            let flow = match source.arrivals {
                Arrivals::Once { at, count } => Flow::once(at, count),
                Arrivals::Constant { rate, from, until } => Flow::constant(rate, from, until),
                Arrivals::Poisson { rate, from, until } => {
                    let name = architecture.name(source.target);
                    let random = Random::stream(seed, &["arrivals", name, &ordinal]);
                    Flow::poisson(rate, from, until, random)
                }
            };
            if let Some(time) = flow.next() {
                arrivals.push(time, index);
            }
            flows.push(flow);
        }
        Self { flows, arrivals }
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

    /// Takes the next one: gives the index of its source.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u32> {
        let (_, index) = self.arrivals.peek()?;
        let flow = self.flows.get_mut(index as usize)?;
        flow.advance();
        match flow.next() {
            Some(time) => self.arrivals.replace_next(time, index),
            None => {
                self.arrivals.pop();
            }
        }
        Some(index as u32)
    }
}
