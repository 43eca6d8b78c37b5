//! A database while it runs: its connections, up to `max_connections`, and its failovers.

use serde::{Deserialize, Serialize};

use crate::aws::rds::statement::metrics::StatementMetrics;
use crate::sim::statistics::Series;
use crate::sim::statistics::distribution::{Distribution, Recorder};

/// What a database gave in a run, with CloudWatch's names where it has them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DatabaseMetrics {
    /// Its name.
    pub name: String,
    /// `max_connections` in force.
    pub max_connections: u64,
    /// `DatabaseConnections`: those that are open.
    pub database_connections: Series,
    /// How often somebody asked for a connection.
    pub connection_attempts: u64,
    /// Those that were refused with "Too many connections".
    pub connections_refused: u64,
    /// Those that were refused because the database was failing over or down.
    pub connections_unavailable: u64,
    /// Open connections that a failover or another outage ended.
    pub connections_lost: u64,
    /// Queries that were answered.
    pub queries: u64,
    /// How long they took in the database.
    pub query_duration: Distribution,
    /// When failovers began and ended, as clients that connect directly see it.
    pub failovers: Vec<(u64, u64)>,
    /// Statements that change rows, and the functions that they invoke.
    pub statements: StatementMetrics,
    /// When it was down for other reasons; without an end while it still was when the run ended.
    pub outages: Vec<(u64, Option<u64>)>,
}

/// Why a database opens no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConnectError {
    /// `max_connections` are open: MySQL's error 1040, PostgreSQL's 53300.
    TooManyConnections,
    /// It is failing over or down.
    Unavailable,
}

/// How far a failover has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Availability {
    /// It takes connections.
    Available,
    /// The standby has taken over, and those who know its address can connect: RDS Proxy does,
    /// clients that wait for DNS don't.
    Promoted,
    /// Nobody can connect.
    Down,
}

/// A database in a run.
#[derive(Clone, Debug)]
pub struct Database {
    max_connections: u64,
    open: u64,
    availability: Availability,
    /// When the last of the outages that have an end is over.
    down_until: u64,
    /// Whether it is down until something brings it up.
    down_for_good: bool,
    /// How many failovers there were: a connection that was opened under an earlier number is gone.
    generation: u32,
    query_durations: Recorder,
    metrics: DatabaseMetrics,
}

/// Who connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// By the endpoint's name.
    Direct,
    /// RDS Proxy, which watches the instances and doesn't wait for DNS.
    Proxy,
}

impl Database {
    /// A database that is available and has no connections.
    pub fn new(name: &str, max_connections: u64) -> Self {
        Self {
            max_connections,
            open: 0,
            availability: Availability::Available,
            down_until: 0,
            down_for_good: false,
            generation: 0,
            query_durations: Recorder::default(),
            metrics: DatabaseMetrics {
                name: name.to_owned(),
                max_connections,
                ..DatabaseMetrics::default()
            },
        }
    }

    /// `max_connections` in force.
    pub fn max_connections(&self) -> u64 {
        self.max_connections
    }

    /// How many failovers there were.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// How many connections are open.
    pub fn open(&self) -> u64 {
        self.open
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// [`ConnectError`], when the database refuses.
    pub fn connect(&mut self, now: u64, client: Client) -> Result<(), ConnectError> {
        self.metrics.connection_attempts += 1;
        let reachable = match self.availability {
            Availability::Available => true,
            Availability::Promoted => client == Client::Proxy,
            Availability::Down => false,
        };
        if !reachable {
            self.metrics.connections_unavailable += 1;
            return Err(ConnectError::Unavailable);
        }
        if self.open >= self.max_connections {
            self.metrics.connections_refused += 1;
            return Err(ConnectError::TooManyConnections);
        }
        self.open += 1;
        self.metrics.database_connections.increase(now);
        Ok(())
    }

    /// Whether RDS Proxy can open connections.
    pub fn takes_proxies(&self) -> bool {
        self.availability != Availability::Down
    }

    /// A connection of a generation is closed; one that a failover has ended is gone already.
    pub fn close(&mut self, now: u64, generation: u32) {
        if generation == self.generation && self.open > 0 {
            self.open -= 1;
            self.metrics.database_connections.decrease(now);
        }
    }

    /// A query has been answered.
    pub fn answered(&mut self, duration: u64) {
        self.metrics.queries += 1;
        self.query_durations.record(duration);
    }

    /// The primary fails: all connections end, no new ones begin.
    pub fn fail(&mut self, now: u64, until: u64) {
        self.metrics.failovers.push((now, until));
        self.down_until = self.down_until.max(until);
        self.lose_connections(now);
    }

    /// It goes down without another that takes over: until a time, or until [`Self::rise`].
    pub fn go_down(&mut self, now: u64, until: Option<u64>) {
        self.metrics.outages.push((now, until));
        match until {
            Some(until) => self.down_until = self.down_until.max(until),
            None => self.down_for_good = true,
        }
        self.lose_connections(now);
    }

    /// It is brought up: an outage that had no end is over.
    pub fn rise(&mut self, now: u64) {
        self.down_for_good = false;
        self.recover(now);
        for (_, end) in &mut self.metrics.outages {
            end.get_or_insert(now);
        }
    }

    fn lose_connections(&mut self, now: u64) {
        self.metrics.connections_lost += self.open;
        self.metrics.database_connections.set(now, 0);
        self.open = 0;
        self.generation = self.generation.wrapping_add(1);
        self.availability = Availability::Down;
    }

    /// The standby has taken over. Says whether that is news: not while another outage is longer.
    pub fn promote(&mut self) -> bool {
        let last = self.metrics.failovers.last().map(|&(_, until)| until);
        let alone = !self.down_for_good && last == Some(self.down_until);
        let down = self.availability == Availability::Down && alone;
        if down {
            self.availability = Availability::Promoted;
        }
        down
    }

    /// An outage is over. Says whether the database is available: no other one lasts longer, and
    /// the endpoint's name leads to the primary.
    pub fn recover(&mut self, now: u64) -> bool {
        let available = !self.down_for_good && now >= self.down_until;
        if available {
            self.availability = Availability::Available;
        }
        available
    }

    /// The metrics of the whole run.
    pub fn finish(mut self, end: u64) -> DatabaseMetrics {
        self.metrics.database_connections.finish(end);
        self.metrics.query_duration = self.query_durations.finish();
        self.metrics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_refuses_what_is_beyond_max_connections() {
        let mut database = Database::new("db", 2);
        assert_eq!(database.connect(0, Client::Direct), Ok(()));
        assert_eq!(database.connect(1, Client::Proxy), Ok(()));
        let refused = Err(ConnectError::TooManyConnections);
        assert_eq!(database.connect(2, Client::Direct), refused);
        assert_eq!(database.connect(2, Client::Proxy), refused);
        database.close(3, database.generation());
        assert_eq!(database.connect(4, Client::Direct), Ok(()));
        let metrics = database.finish(10);
        assert_eq!((metrics.connection_attempts, metrics.connections_refused), (5, 2));
        assert_eq!(metrics.database_connections.max(), 2);
        assert_eq!(metrics.database_connections.integral(), 1 + 2 * 2 + 1 + 6 * 2);
    }

    #[test]
    fn a_failover_ends_connections_and_lets_proxies_in_first() {
        let mut database = Database::new("db", 10);
        for _ in 0..3 {
            database.connect(0, Client::Direct).unwrap();
        }
        let before = database.generation();
        database.fail(5, 60);
        assert_eq!(database.connect(6, Client::Proxy), Err(ConnectError::Unavailable));
        database.promote();
        assert_eq!(database.connect(20, Client::Direct), Err(ConnectError::Unavailable));
        assert_eq!(database.connect(20, Client::Proxy), Ok(()));
        // What was opened before the failover is closed long since.
        database.close(21, before);
        assert_eq!(database.open(), 1);
        assert!(database.recover(60));
        assert_eq!(database.connect(60, Client::Direct), Ok(()));
        let metrics = database.finish(100);
        assert_eq!(metrics.connections_lost, 3);
        assert_eq!(metrics.connections_unavailable, 2);
        assert_eq!(metrics.failovers, [(5, 60)]);
    }

    /// The last end of all counts, and a database that was stopped waits to be started.
    #[test]
    fn outages_that_overlap_end_with_the_last_of_them() {
        let mut database = Database::new("db", 10);
        database.go_down(10, Some(100));
        database.go_down(50, Some(60));
        assert!(!database.recover(60));
        assert!(database.recover(100));
        database.go_down(200, None);
        database.go_down(210, Some(220));
        assert!(!database.recover(220));
        database.rise(300);
        assert_eq!(database.connect(300, Client::Direct), Ok(()));
        let metrics = database.finish(400);
        let ended = [(10, Some(100)), (50, Some(60)), (200, Some(300)), (210, Some(220))];
        assert_eq!(metrics.outages, ended);
    }
}
