//! The pool of a proxy while it runs: connections that are lent for a transaction, and a queue of
//! clients that wait for one.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::aws::rds::Database;
use crate::aws::rds::database::Client;
use crate::aws::rds_proxy::deployment::PoolSettings;
use crate::sim::statistics::Series;
use crate::sim::statistics::distribution::{Distribution, Recorder};

/// What a proxy gave in a run, with CloudWatch's names where it has them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProxyMetrics {
    /// Its name.
    pub name: String,
    /// `MaxDatabaseConnectionsAllowed`.
    pub max_database_connections_allowed: u64,
    /// `ClientConnections`: those that are open.
    pub client_connections: Series,
    /// `ClientConnectionsReceived`.
    pub client_connections_received: u64,
    /// `DatabaseConnections`: those that are open, idle ones included.
    pub database_connections: Series,
    /// `DatabaseConnectionsCurrentlyBorrowed`.
    pub database_connections_currently_borrowed: Series,
    /// `DatabaseConnectionsCurrentlySessionPinned`.
    pub database_connections_currently_session_pinned: Series,
    /// `DatabaseConnectionsSetupSucceeded`.
    pub database_connections_setup_succeeded: u64,
    /// `DatabaseConnectionsSetupFailed`.
    pub database_connections_setup_failed: u64,
    /// `DatabaseConnectionsBorrowLatency`: how long clients waited that got a connection.
    pub database_connections_borrow_latency: Distribution,
    /// Clients that waited for as long as `ConnectionBorrowTimeout` and got an error.
    pub borrow_timeouts: u64,
    /// Clients that wait.
    pub waiting: Series,
    /// `QueryRequests`: requests that came.
    pub query_requests: u64,
    /// Connections that a failover ended while they were lent.
    pub connections_lost: u64,
}

/// What becomes of the wish for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Borrow {
    /// An idle one is lent at once.
    Granted,
    /// A new one is opened, and lent at this time.
    Opening {
        /// When it is ready.
        ready: u64,
    },
    /// All are lent; the client waits.
    Waiting {
        /// Its number, for [`Pool::give_up`] and [`Pool::cancel`].
        number: u64,
        /// Until when at most.
        until: u64,
    },
}

/// A client that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    number: u64,
    ticket: u32,
    since: u64,
}

/// A client that has waited and gets a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its ticket.
    pub ticket: u32,
    /// When it can be used: later than now when the connection must be opened first.
    pub ready: u64,
}

/// The pool.
#[derive(Clone, Debug)]
pub struct Pool {
    settings: PoolSettings,
    /// Connections that are open or being opened.
    open: u64,
    /// Since when those that nobody uses are idle; the one used last at the end, which is lent
    /// first, so that the others grow old.
    idle: VecDeque<u64>,
    queue: VecDeque<Waiting>,
    /// Of the clients of the queue, those that have left it without a connection.
    cancelled: u64,
    next_number: u64,
    borrow_latencies: Recorder,
    /// The metrics so far, for what the pool itself doesn't see.
    pub metrics: ProxyMetrics,
}

impl Pool {
    /// An empty pool: connections are opened when they are asked for.
    pub fn new(name: &str, settings: PoolSettings) -> Self {
        Self {
            settings,
            open: 0,
            idle: VecDeque::new(),
            queue: VecDeque::new(),
            cancelled: 0,
            next_number: 0,
            borrow_latencies: Recorder::default(),
            metrics: ProxyMetrics {
                name: name.to_owned(),
                max_database_connections_allowed: settings.most,
                ..ProxyMetrics::default()
            },
        }
    }

    /// A client wants a connection for a transaction. Those that wait come first.
    pub fn borrow(&mut self, now: u64, database: &mut Database, ticket: u32) -> Borrow {
        if self.queue.is_empty() && self.idle.pop_back().is_some() {
            self.lend(now, 0);
            return Borrow::Granted;
        }
        if self.queue.is_empty() && self.open(now, database) {
            let time = self.settings.connection_time;
            self.lend(now, time);
            return Borrow::Opening { ready: now.saturating_add(time) };
        }
        let number = self.next_number;
        self.next_number += 1;
        self.queue.push_back(Waiting { number, ticket, since: now });
        self.metrics.waiting.increase(now);
        Borrow::Waiting { number, until: now.saturating_add(self.settings.borrow_timeout) }
    }

    fn lend(&mut self, now: u64, latency: u64) {
        self.borrow_latencies.record(latency);
        self.metrics.database_connections_currently_borrowed.increase(now);
    }

    /// Opens a connection, if the pool may and the database lets it.
    fn open(&mut self, now: u64, database: &mut Database) -> bool {
        // While the database is away the proxy waits for it, it doesn't knock for each client.
        if self.open >= self.settings.most || !database.takes_proxies() {
            return false;
        }
        if database.connect(now, Client::Proxy).is_err() {
            self.metrics.database_connections_setup_failed += 1;
            return false;
        }
        self.open += 1;
        self.metrics.database_connections_setup_succeeded += 1;
        self.metrics.database_connections.increase(now);
        true
    }

    /// A connection comes back after a transaction: the client that has waited longest gets it.
    pub fn give_back(&mut self, now: u64) -> Option<Grant> {
        self.metrics.database_connections_currently_borrowed.decrease(now);
        let next = self.next_waiting(now);
        match next {
            Some(waiting) => {
                self.lend(now, now.saturating_sub(waiting.since));
                Some(Grant { ticket: waiting.ticket, ready: now })
            }
            None => {
                self.idle.push_back(now);
                None
            }
        }
    }

    fn close(&mut self, now: u64, database: &mut Database) {
        self.open = self.open.saturating_sub(1);
        self.metrics.database_connections.decrease(now);
        database.close(now, database.generation());
    }

    /// Opens a connection for the client that has waited longest, if both are there.
    pub fn open_for_next(&mut self, now: u64, database: &mut Database) -> Option<Grant> {
        self.drop_cancelled();
        if self.queue.is_empty() || !self.open(now, database) {
            return None;
        }
        let waiting = self.next_waiting(now)?;
        let ready = now.saturating_add(self.settings.connection_time);
        self.lend(now, ready.saturating_sub(waiting.since));
        Some(Grant { ticket: waiting.ticket, ready })
    }

    /// The client that has waited longest.
    fn next_waiting(&mut self, now: u64) -> Option<Waiting> {
        self.drop_cancelled();
        let next = self.queue.pop_front()?;
        self.metrics.waiting.decrease(now);
        Some(next)
    }

    fn drop_cancelled(&mut self) {
        while self.cancelled > 0
            && self.queue.front().is_some_and(|waiting| waiting.ticket == CANCELLED)
        {
            self.queue.pop_front();
            self.cancelled -= 1;
        }
    }

    /// The time of a waiting client is up: gives its ticket, if it still waits.
    pub fn give_up(&mut self, now: u64, number: u64) -> Option<u32> {
        self.drop_cancelled();
        // All wait equally long, so whoever's time is up stands first.
        self.queue.front().filter(|waiting| waiting.number == number)?;
        let waiting = self.next_waiting(now)?;
        self.metrics.borrow_timeouts += 1;
        Some(waiting.ticket)
    }

    /// A waiting client has gone.
    pub fn cancel(&mut self, now: u64, number: u64) {
        let at = self.queue.binary_search_by_key(&number, |waiting| waiting.number);
        let Some(waiting) = at.ok().and_then(|at| self.queue.get_mut(at)) else { return };
        if waiting.ticket != CANCELLED {
            waiting.ticket = CANCELLED;
            self.cancelled += 1;
            self.metrics.waiting.decrease(now);
        }
    }

    /// The database fails: all connections are gone. Clients that wait go on waiting.
    pub fn lose_connections(&mut self, now: u64) {
        let lent = self.open.saturating_sub(self.idle.len() as u64);
        self.metrics.connections_lost += lent;
        self.open = 0;
        self.idle.clear();
        self.metrics.database_connections.set(now, 0);
        self.metrics.database_connections_currently_borrowed.set(now, 0);
        self.metrics.database_connections_currently_session_pinned.set(now, 0);
    }

    /// When the next connection has been idle for too long, of those beyond the ones that may
    /// stay.
    pub fn next_idle_end(&self) -> Option<u64> {
        let since = self.idle.front()?;
        let too_many = self.idle.len() as u64 > self.settings.most_idle;
        too_many.then(|| since.saturating_add(self.settings.idle_timeout))
    }

    /// Closes the connection that has been idle longest.
    pub fn close_idle(&mut self, now: u64, database: &mut Database) {
        if self.idle.pop_front().is_some() {
            self.close(now, database);
        }
    }

    /// How many clients wait.
    pub fn waiting(&self) -> u64 {
        (self.queue.len() as u64).saturating_sub(self.cancelled)
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> u64 {
        self.open
    }

    /// The metrics of the whole run.
    pub fn finish(mut self, end: u64) -> ProxyMetrics {
        let metrics = &mut self.metrics;
        for series in [
            &mut metrics.client_connections,
            &mut metrics.database_connections,
            &mut metrics.database_connections_currently_borrowed,
            &mut metrics.database_connections_currently_session_pinned,
            &mut metrics.waiting,
        ] {
            series.finish(end);
        }
        metrics.database_connections_borrow_latency = self.borrow_latencies.finish();
        self.metrics
    }
}

/// The ticket of a client that has left the queue.
const CANCELLED: u32 = u32::MAX;
