//! A function's provisioned concurrency while it runs: what is asked for, what is ready, and what
//! happens when either changes.

use std::collections::VecDeque;
use std::ops::Range;

use crate::aws::lambda::deployment;
use crate::aws::lambda::environments::{Environments, Idle};
use crate::aws::lambda::function::State;
use crate::aws::lambda::recorder::LIFELINES;
use crate::aws::lambda::rules::Rules;
use crate::aws::lambda::scaling::Scaling;
use crate::aws::lambda::service::{Change, Service};
use crate::aws::reader::Reader;
use crate::sim::bucket::TokenBucket;

/// A function's provisioned concurrency while it runs.
#[derive(Clone, Debug)]
pub(super) struct Provisioned {
    /// How many environments are asked for.
    pub(super) requested: u64,
    /// How many are ready, those that are to go not counted.
    pub(super) available: u64,
    /// How many serve a request.
    pub(super) busy: u64,
    /// How many of the busy ones go when they have answered. They stay set aside until then.
    retiring: u64,
    /// The numbers of those that are ready and have served nothing; they aren't kept one by one.
    fresh: VecDeque<Range<u64>>,
    /// Those that wait for their next request.
    pub(super) idle: Idle,
    /// Counts the allocations, so that one that was replaced isn't taken for the latest.
    allocation: u32,
    /// Whether an allocation is under way.
    pub(super) allocating: bool,
    /// How long an allocation is prepared.
    preparation: u64,
    /// How many environments are allocated in a second.
    rate: f64,
    /// The cap on requests that it serves.
    request_rate: TokenBucket,
    /// What must stay in the account for functions without a reservation.
    minimum: u64,
    pub(super) scaling: Scaling,
}

impl Provisioned {
    pub(super) fn new(
        deployed: &deployment::Provisioned,
        idle: Idle,
        rules: &Rules,
        reader: &Reader<'_>,
    ) -> Self {
        Self {
            requested: 0,
            available: 0,
            busy: 0,
            retiring: 0,
            fresh: VecDeque::new(),
            idle,
            allocation: 0,
            allocating: false,
            preparation: reader.time("lambda.provisioned_preparation"),
            rate: reader.amount("lambda.provisioned_allocation_rate"),
            request_rate: rules.request_rate(0),
            minimum: reader.count("lambda.unreserved_concurrency_minimum"),
            scaling: Scaling::new(deployed, reader),
        }
    }

    /// Whether one of its environments can take a request at `now`.
    #[inline]
    pub(super) fn has_room(&mut self, now: u64) -> bool {
        let free = !self.idle.is_empty() || !self.fresh.is_empty();
        free && self.request_rate.has_token(now)
    }

    /// The number of a ready environment that has served nothing.
    fn take_fresh(&mut self) -> Option<u64> {
        let range = self.fresh.front_mut()?;
        let number = range.next();
        if range.is_empty() {
            self.fresh.pop_front();
        }
        number
    }

    /// Counts an environment as busy.
    #[inline]
    pub(super) fn occupy(&mut self, now: u64) {
        self.scaling.advance(now, self.busy, self.available);
        self.scaling.active();
        self.busy += 1;
    }

    /// An environment has answered: gives whether it stays.
    #[inline]
    fn release(&mut self, now: u64) -> bool {
        self.scaling.advance(now, self.busy, self.available);
        self.busy -= 1;
        let stays = self.retiring == 0;
        self.retiring = self.retiring.saturating_sub(1);
        stays
    }

    fn set_available(&mut self, now: u64, available: u64, rules: &Rules) {
        self.scaling.advance(now, self.busy, self.available);
        self.available = available;
        self.request_rate.become_like(now, rules.request_rate(available));
    }
}

impl State {
    /// Whether an Init ahead of any request can be over in time. One that can't fails the
    /// allocation, and nothing of it is ever ready.
    fn can_be_prepared(&self) -> bool {
        self.least_init <= self.prepared_init_limit
    }

    /// More provisioned environments are ready.
    pub(super) fn provisioned_ready(&mut self, now: u64, more: u64, rules: &Rules) {
        let Some(provisioned) = &mut self.provisioned else { return };
        provisioned.set_available(now, provisioned.available.saturating_add(more), rules);
        if more == 0 {
            return;
        }
        let first = self.next_number;
        self.next_number = first.saturating_add(more);
        provisioned.fresh.push_back(first..self.next_number);
        let metrics = &mut self.recorder.metrics;
        metrics.provisioned_concurrency_ready.set(now, provisioned.available);
        let environments = metrics.environments.value().saturating_add(more);
        metrics.environments.set(now, environments);
        for number in (first..self.next_number).take(LIFELINES) {
            self.recorder.created(number, true, now..now);
        }
        self.recorder.metrics.lifelines_omitted += more.saturating_sub(LIFELINES as u64);
    }

    /// So many provisioned environments go: those that have served nothing, those that have been
    /// idle longest, and the busy ones that answer next.
    pub(super) fn provisioned_gone(
        &mut self,
        environments: &mut Environments,
        now: u64,
        count: u64,
        rules: &Rules,
    ) {
        let Some(provisioned) = &mut self.provisioned else { return };
        provisioned.set_available(now, provisioned.available.saturating_sub(count), rules);
        let ready = &mut self.recorder.metrics.provisioned_concurrency_ready;
        ready.set(now, provisioned.available);
        let mut left = count;
        while left > 0
            && let Some(mut range) = provisioned.fresh.pop_back()
        {
            let gone = left.min(range.end - range.start);
            let keep = range.end - gone;
            self.recorder.all_gone(keep..range.end, now);
            range.end = keep;
            left -= gone;
            if !range.is_empty() {
                provisioned.fresh.push_back(range);
            }
        }
        while left > 0
            && let Some(environment) = provisioned.idle.take_oldest(environments)
        {
            self.recorder.gone(&environment, now);
            left -= 1;
        }
        provisioned.retiring = provisioned.retiring.saturating_add(left).min(provisioned.busy);
    }

    /// How many environments are set aside: what is asked for, and what is still to go.
    fn set_aside(&self) -> u64 {
        self.provisioned.as_ref().map_or(0, |p| p.requested.saturating_add(p.retiring))
    }
}

impl Service {
    /// A provisioned environment that is free: one that has been used, else the next.
    pub(super) fn take_provisioned(&mut self, index: usize) -> Option<u32> {
        let function = &mut self.functions[index];
        let provisioned = function.provisioned.as_mut()?;
        provisioned.request_rate.take();
        if let Some(slot) = provisioned.idle.take(&mut self.environments) {
            return Some(slot);
        }
        let number = provisioned.take_fresh()?;
        let slot = self.environments.create(number, index as u32, true);
        self.environments.at(slot).lifeline = function.recorder.lifeline(number);
        Some(slot)
    }

    /// Provisioned concurrency as it is deployed; with what was there long before the run begins
    /// all are ready.
    pub(super) fn provision(&mut self, now: u64, index: usize, amount: u64, ready: bool) {
        self.set_provisioned(now, index, amount);
        let Some(provisioned) = &mut self.functions[index].provisioned else { return };
        let allocation = provisioned.allocation;
        if ready && self.functions[index].can_be_prepared() {
            self.allocated(now, index, allocation);
        }
    }

    /// Asks for another amount of provisioned concurrency. It counts against the reservation or
    /// the pool at once. Gives whether the account can give it.
    pub(super) fn set_provisioned(&mut self, now: u64, index: usize, amount: u64) -> bool {
        let function = &mut self.functions[index];
        let Some(provisioned) = &mut function.provisioned else { return false };
        let before = provisioned.requested;
        let available = match function.reserved {
            Some(reserved) => reserved,
            None => {
                let pool = self.pools[function.pool].limit.saturating_add(before);
                pool.saturating_sub(provisioned.minimum)
            }
        };
        if amount > before && amount > available {
            return false;
        }
        let set_aside = function.set_aside();
        let Some(provisioned) = &mut function.provisioned else { return false };
        provisioned.requested = amount;
        function.recorder.provisioned_requested(now, before, amount);
        provisioned.allocation += 1;
        provisioned.allocating = amount > provisioned.available;
        if provisioned.allocating {
            self.allocate(now, index);
        } else {
            let gone = provisioned.available - amount;
            self.expired += function.expire(&mut self.environments, now);
            function.provisioned_gone(&mut self.environments, now, gone, &self.rules);
        }
        self.claim(now, index, set_aside);
        true
    }

    /// Takes what a function sets aside out of its reservation, which is claimed already, or out
    /// of the pool.
    fn claim(&mut self, now: u64, index: usize, before: u64) {
        let function = &mut self.functions[index];
        let set_aside = function.set_aside();
        if let Some(reserved) = function.reserved {
            function.on_demand_limit = reserved.saturating_sub(set_aside);
            return;
        }
        let pool = &mut self.pools[function.pool];
        pool.limit = pool.limit.saturating_add(before).saturating_sub(set_aside);
        pool.account.unreserved_concurrent_executions_limit = pool.limit;
        let claimed = &mut pool.account.claimed_account_concurrency;
        claimed.set(now, claimed.value().saturating_sub(before).saturating_add(set_aside));
    }

    /// A provisioned environment has answered. What is to go is set aside no more.
    pub(super) fn release_provisioned(&mut self, now: u64, index: usize, slot: u32) {
        let function = &mut self.functions[index];
        let before = function.set_aside();
        let Some(provisioned) = &mut function.provisioned else { return };
        if provisioned.release(now) {
            provisioned.idle.add(&mut self.environments, slot, now);
            return;
        }
        let environment = *self.environments.at(slot);
        self.expired += function.expire(&mut self.environments, now);
        function.recorder.gone(&environment, now);
        self.environments.free(slot);
        self.claim(now, index, before);
    }

    /// Begins to allocate what is asked for beyond what is there.
    fn allocate(&mut self, now: u64, index: usize) {
        let function = &self.functions[index];
        let Some(provisioned) = &function.provisioned else { return };
        if !function.can_be_prepared() {
            return;
        }
        let more = provisioned.requested.saturating_sub(provisioned.available);
        let ready = now
            .saturating_add(provisioned.preparation)
            .saturating_add(Rules::time_for(more, provisioned.rate));
        self.later(ready, Change::Allocated(provisioned.allocation), index);
    }

    /// An allocation is complete: all of it can be used.
    pub(super) fn allocated(&mut self, now: u64, index: usize, allocation: u32) {
        let function = &mut self.functions[index];
        let Some(provisioned) = &mut function.provisioned else { return };
        if provisioned.allocation != allocation || !provisioned.allocating {
            return;
        }
        provisioned.allocating = false;
        provisioned.scaling.restart();
        let more = provisioned.requested.saturating_sub(provisioned.available);
        self.expired += function.expire(&mut self.environments, now);
        function.provisioned_ready(now, more, &self.rules);
    }
}
