//! How sessions end: idle for too long, abandoned, or in a failover.

use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Caller, Event};
use crate::aws::rds::service::{Failing, Fall, Service, Ticket, Timer};
use crate::aws::rds::session::State;
use crate::aws::rds_proxy::pool::Grant;
use crate::aws::trace::What;
use crate::sim::agenda::Priority;

impl Service {
    /// Ends what has been idle for too long before a time. Nothing waits for it, so it needn't be
    /// on the agenda, where it would make a run longer than what happens in it.
    pub(super) fn settle(&mut self, now: u64) {
        loop {
            let pool = (0..self.fronts.len()).filter_map(|at| Some((self.next_idle(at, now)?, at)));
            let pool = pool.min();
            let before = pool.map_or(now, |(time, _)| time.saturating_add(1));
            if let Some((time, at)) = self.sessions.next_closing(before) {
                self.close(time, at);
            } else if let Some((time, proxy)) = pool {
                let Some(front) = self.fronts.get_mut(proxy) else { return };
                let Some(instance) = self.instances.get_mut(front.target) else { return };
                front.pool.close_idle(time, &mut instance.database);
            } else {
                return;
            }
        }
    }

    /// When the next idle connection of a proxy is closed, if that is before a time.
    fn next_idle(&self, proxy: usize, before: u64) -> Option<u64> {
        let time = self.fronts.get(proxy)?.pool.next_idle_end()?;
        (time < before).then_some(time)
    }

    /// A connection that a proxy has lent comes back; whoever waits longest gets it.
    pub(super) fn give_back(&mut self, context: &mut Context, at: u32) {
        let now = context.now();
        if let Some((proxy, grant)) = self.return_lent(now, at) {
            self.lend(context, proxy, grant);
        }
    }

    /// The same; gives who waits longest, with the proxy.
    fn return_lent(&mut self, now: u64, at: u32) -> Option<(usize, Grant)> {
        let session = self.sessions.at_mut(at)?;
        let was_borrowed = std::mem::take(&mut session.borrowed);
        let session = *session;
        let proxy = self.proxy_of(&session)?;
        let front = self.fronts.get_mut(proxy)?;
        let generation = self.instances.get(front.target)?.database.generation();
        // What a failover has ended is counted already.
        if !was_borrowed || session.generation != generation {
            return None;
        }
        if session.pinned {
            let pinned = &mut front.pool.metrics.database_connections_currently_session_pinned;
            pinned.decrease(now);
        }
        Some((proxy, front.pool.give_back(now)?))
    }

    /// A session ends for which nobody waits.
    pub(super) fn close(&mut self, now: u64, at: u32) {
        self.return_lent(now, at);
        let Some(session) = self.sessions.remove(at) else { return };
        if let Some(proxy) = self.proxy_of(&session) {
            if let Some(front) = self.fronts.get_mut(proxy) {
                front.pool.metrics.client_connections.decrease(now);
            }
        } else if let Some(database) = self.database_of(&session)
            && let Some(instance) = self.instances.get_mut(database)
        {
            instance.database.close(now, session.generation);
        }
    }

    /// A client has waited for `ConnectionBorrowTimeout`.
    pub(super) fn borrow_timeout(&mut self, context: &mut Context, proxy: u32, number: u64) {
        let front = self.fronts.get_mut(proxy as usize);
        let given_up = front.and_then(|front| front.pool.give_up(context.now(), number));
        let Some(at) = given_up else {
            context.stale();
            return;
        };
        self.fail_session(context, at, What::BorrowTimedOut);
        self.rest(context, at);
    }

    /// A pinned session has been idle for too long.
    pub(super) fn unpin(&mut self, context: &mut Context, ticket: Ticket) {
        let now = context.now();
        let session = self.sessions.at(ticket.session);
        let is_due = session.is_some_and(|s| s.step == ticket.step && s.state == State::Idle);
        if !is_due {
            context.stale();
            return;
        }
        let proxy = session.and_then(|session| self.proxy_of(session));
        let front = proxy.and_then(|proxy| self.fronts.get(proxy));
        if front.is_some_and(|front| front.pool.waiting() > 0) {
            self.give_back(context, ticket.session);
            self.close(now, ticket.session);
            return;
        }
        // Nobody waits for it, and the run may be over.
        context.stale();
        if let Some(session) = self.sessions.at_mut(ticket.session) {
            session.released = true;
        }
        self.sessions.close_later(now, ticket.session);
    }

    /// A run is over before it was answered.
    pub fn abandoned(&mut self, context: &mut Context, caller: Caller) {
        let Caller::Invocation { slot, .. } = caller else { return };
        let now = context.now();
        self.settle(now);
        for at in self.sessions.of_environment(slot) {
            let Some(session) = self.sessions.at_mut(at) else { continue };
            if session.caller != caller {
                continue;
            }
            match session.state {
                // The environment begins anew, without its connections.
                State::Idle if session.borrowed => {
                    self.give_back(context, at);
                    self.close(now, at);
                }
                State::Idle => self.close(now, at),
                State::Waiting { number } => {
                    let session = *session;
                    let proxy = self.proxy_of(&session);
                    if let Some(front) = proxy.and_then(|at| self.fronts.get_mut(at)) {
                        front.pool.cancel(now, number);
                    }
                    self.close(now, at);
                }
                State::Connecting | State::Querying | State::Invoking => session.orphan = true,
            }
        }
    }

    /// A database goes down.
    pub(super) fn fail(&mut self, context: &mut Context, fall: Fall) {
        let now = context.now();
        let database = fall.database as usize;
        let Some(instance) = self.instances.get_mut(database) else { return };
        let until = fall.lasts.map(|lasts| now.saturating_add(lasts));
        let share = if fall.fails_over { instance.failover_share } else { 1.0 };
        match until.filter(|_| fall.fails_over) {
            Some(until) => instance.database.fail(now, until),
            None => instance.database.go_down(now, until),
        }
        let mut again = Vec::new();
        for at in self.sessions.all() {
            let Some(session) = self.sessions.at(at).copied() else { continue };
            if self.database_of(&session) != Some(database) {
                continue;
            }
            match (self.proxy_of(&session), session.state) {
                // What waits goes on waiting, what is idle survives behind a proxy.
                (Some(_), State::Waiting { .. }) => {}
                (Some(_), State::Connecting) if !session.borrowed => {}
                (Some(_), State::Idle) if !session.borrowed => {}
                (Some(proxy), State::Connecting) => again.push((at, proxy)),
                (_, State::Idle) => self.close(now, at),
                _ => {
                    self.lose_work(now, at);
                    self.fail_session(context, at, What::ConnectionLost);
                    self.lost(context, at);
                }
            }
        }
        for front in self.fronts.iter_mut().filter(|front| front.target == database) {
            front.pool.lose_connections(now);
        }
        for (at, proxy) in again {
            if let Some(session) = self.sessions.at_mut(at) {
                session.borrowed = false;
            }
            self.borrow(context, at, proxy);
        }
        let Some((until, lasts)) = until.zip(fall.lasts) else { return };
        let promoted = now.saturating_add((lasts as f64 * share).round() as u64);
        let generation = self.instances.get(database).map_or(0, |i| i.database.generation());
        let failing = Failing { database: fall.database, generation };
        context.at(promoted, Priority::Change, Event::Rds(Timer::Promote(failing)));
        context.at(until, Priority::Change, Event::Rds(Timer::Recover(fall.database)));
    }

    /// A session has lost the connection that it used.
    fn lost(&mut self, context: &mut Context, at: u32) {
        let Some(session) = self.sessions.at_mut(at) else { return };
        session.borrowed = false;
        let ends = session.orphan || session.pinned;
        let through = *session;
        if self.proxy_of(&through).is_some() && !ends {
            self.rest(context, at);
        } else {
            self.close(context.now(), at);
        }
    }

    /// The standby has taken over: proxies open connections for those who wait.
    pub(super) fn promote(&mut self, context: &mut Context, failing: Failing) {
        if !self.failing(failing).is_some_and(|instance| instance.database.promote()) {
            context.stale();
            return;
        }
        self.serve_waiting(context, failing.database as usize);
    }

    /// An outage is over.
    pub(super) fn recover(&mut self, context: &mut Context, database: usize) {
        let now = context.now();
        let instance = self.instances.get_mut(database);
        if instance.is_some_and(|instance| instance.database.recover(now)) {
            self.serve_waiting(context, database);
        } else {
            context.stale();
        }
    }

    /// A database is brought up.
    pub(super) fn rise(&mut self, context: &mut Context, database: usize) {
        if let Some(instance) = self.instances.get_mut(database) {
            instance.database.rise(context.now());
        }
        self.serve_waiting(context, database);
    }

    /// Proxies open connections to a database for those who wait.
    fn serve_waiting(&mut self, context: &mut Context, database: usize) {
        let now = context.now();
        for proxy in 0..self.fronts.len() {
            while let Some(grant) = self.open_for_next(now, proxy, database) {
                self.lend(context, proxy, grant);
            }
        }
    }

    /// Opens a connection to a database for the next client of a proxy in front of it.
    fn open_for_next(&mut self, now: u64, proxy: usize, database: usize) -> Option<Grant> {
        let front = self.fronts.get_mut(proxy).filter(|front| front.target == database)?;
        let instance = self.instances.get_mut(database)?;
        front.pool.open_for_next(now, &mut instance.database)
    }
}
