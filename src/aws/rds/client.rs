//! Clients of databases, proxies and services: one for each call that a function makes over the
//! network, and one for each flow of statements from an application.

use serde::{Deserialize, Serialize};

use crate::aws::rds::trigger::Transaction;
use crate::sim::draw::Distribution;

/// A call of a function over the network, or the statements of an application.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// The place of the function in the architecture; `None` for an application that is none.
    pub function: Option<usize>,
    /// What it calls.
    pub target: Target,
    /// The name of what it calls.
    pub target_name: String,
    /// The place of its link in the plan of the network; `None` when no network is described, so
    /// that everything can be reached.
    pub link: Option<usize>,
    /// How long the target takes for it; the database's own time when `None`.
    pub query: Option<Distribution>,
    /// After what time it gives up on a connection that doesn't come about; never when `None`, so
    /// that the function's timeout ends it.
    pub connect_timeout: Option<u64>,
    /// How long the connection is kept.
    pub connection: Keep,
    /// The statements that it runs, if they change rows that triggers may look at.
    pub transaction: Option<Transaction>,
}

/// What a client calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A database, by its place.
    Database(usize),
    /// A proxy, by its place.
    Proxy(usize),
    /// An AWS service or a host on the Internet, which always answers.
    Service,
}

/// How long a function keeps a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Keep {
    /// It is opened outside the handler and lives as long as the environment.
    #[default]
    PerEnvironment,
    /// The handler opens and closes it.
    PerInvocation,
}

/// A time in which nobody can connect to a database: its connections end when it begins. Each
/// names the place of its database. Times are nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// A failover, after which another instance serves: RDS Proxy is let in before clients that
    /// wait for DNS.
    Failover {
        /// The database.
        database: usize,
        /// When the primary is gone.
        from: u64,
        /// When clients that connect directly reach the new one.
        until: u64,
    },
    /// The database is down.
    Lasting {
        /// The database.
        database: usize,
        /// From when.
        from: u64,
        /// Until when; until something brings it up, if `None`.
        until: Option<u64>,
    },
    /// The database is up, whatever was before.
    Over {
        /// The database.
        database: usize,
        /// From when.
        at: u64,
    },
}
