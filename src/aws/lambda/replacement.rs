//! Environments that are replaced: by the deployment of a new version, by maintenance, and after a
//! start that failed.

use std::collections::VecDeque;

use crate::aws::lambda::environments::{Environment, Environments};
use crate::aws::lambda::function::State;
use crate::aws::lambda::metrics::Ending;
use crate::aws::lambda::service::Service;

/// When environments have lived long enough, where maintenance replaces them.
#[derive(Clone, Debug)]
pub(super) struct Maintenance {
    lifetime: u64,
    /// The ends of lives that are still to come, in order, with slots and numbers of environments.
    ends: VecDeque<(u64, u32, u64)>,
}

impl Maintenance {
    pub(super) fn new(lifetime: u64) -> Self {
        Self { lifetime, ends: VecDeque::new() }
    }

    /// An environment is created.
    pub(super) fn created(&mut self, now: u64, slot: u32, number: u64) {
        self.ends.push_back((now.saturating_add(self.lifetime), slot, number));
    }

    /// The next end of a life, if it lies before `time`.
    fn next_before(&self, time: u64) -> Option<u64> {
        self.ends.front().map(|&(end, ..)| end).filter(|&end| end < time)
    }
}

impl State {
    /// Why an on-demand environment that has answered goes, if it does.
    #[inline]
    pub(super) fn ends(&self, environment: &Environment) -> Option<Ending> {
        let old = environment.version != self.version;
        environment.leaves.or(old.then_some(Ending::Deployment))
    }

    /// Ends the on-demand environments whose time was over before `now`: they have been idle for
    /// too long, or lived as long as maintenance lets them. A busy one answers first. Gives how
    /// many have gone.
    #[inline]
    pub(super) fn expire(&mut self, environments: &mut Environments, now: u64) -> u64 {
        let mut gone = 0;
        if self.maintenance.is_some() {
            gone = self.maintain(environments, now);
        }
        gone + self.expire_idle(environments, now)
    }

    /// Ends the on-demand environments that have been idle for too long before `now`.
    #[inline]
    fn expire_idle(&mut self, environments: &mut Environments, now: u64) -> u64 {
        let mut expired = 0;
        let idle_timeout = self.settings.idle_timeout;
        while let Some((environment, gone)) = self.idle.expire(environments, idle_timeout, now) {
            self.recorder.gone(&environment, gone, Ending::Idle);
            expired += 1;
        }
        expired
    }

    /// Ends the environments whose lives are over before `now`, and those that had been idle for
    /// too long before them.
    #[cold]
    fn maintain(&mut self, environments: &mut Environments, now: u64) -> u64 {
        let mut gone = 0;
        while let Some(end) = self.maintenance.as_ref().and_then(|m| m.next_before(now)) {
            gone += self.expire_idle(environments, end);
            let next = self.maintenance.as_mut().and_then(|m| m.ends.pop_front());
            let Some((_, slot, number)) = next else { break };
            let environment = environments.at(slot);
            if environment.function != self.index || environment.number != number {
                continue;
            }
            environment.leaves = Some(Ending::Maintenance);
            if let Some(environment) = self.idle.end(environments, slot) {
                self.recorder.gone(&environment, end, Ending::Maintenance);
                gone += 1;
            }
        }
        gone
    }
}

impl Service {
    /// A new version of a function is deployed: idle environments go, busy ones when they have
    /// answered. Provisioned concurrency is allocated afresh; until that is complete requests run
    /// on demand.
    pub(super) fn deployed(&mut self, now: u64, index: usize) {
        let function = &mut self.functions[index];
        self.expired += function.expire(&mut self.environments, now);
        function.version = function.version.wrapping_add(1);
        while let Some(environment) = function.idle.take_oldest(&mut self.environments) {
            function.recorder.gone(&environment, now, Ending::Deployment);
            self.expired += 1;
        }
        self.provision_afresh(now, index);
    }
}
