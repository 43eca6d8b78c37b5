//! RDS and RDS Proxy as a service of the event loop: functions and applications connect, borrow,
//! query and let go.
//!
//! What AWS leaves open is decided so:
//! - A connection that is refused is refused at once; one that has no path never answers.
//! - An environment's connection ends when the environment would have been idle for too long, at
//!   the latest. A driver notices that a connection is gone, and opens another.
//! - When a run is ended by its function's timeout, its connections go with it; a query that has
//!   begun ends in its own time.
//! - When a database goes down, all queries under way fail at once.

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Request};
use crate::aws::rds::client::{Keep, Outage, Target};
use crate::aws::rds::database::{self, ConnectError, Database, DatabaseMetrics};
use crate::aws::rds::session::{Session, Sessions, State};
use crate::aws::rds::setup;
use crate::aws::rds::statement::Statements;
use crate::aws::rds_proxy::pool::{Borrow, Grant, Pool, ProxyMetrics};
use crate::aws::reader::Reader;
use crate::aws::trace::What;
use crate::aws::vpc::plan::Connection;
use crate::sim::agenda::Priority;
use crate::sim::draw::Draw;
use crate::sim::random::Random;

/// The first number of a connection that is no environment's.
const FIRST_APPLICATION: u32 = 1 << (u32::BITS - 1);

/// A timer of RDS's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A connection is open: to the database, or to the proxy.
    Connected(Ticket),
    /// A query is over.
    Answered(Ticket),
    /// What stands in the way of an invocation out of the database has made it fail.
    Failed(Ticket),
    /// The database has waited for an answer of Lambda's for too long.
    RequestTimeout(Ticket),
    /// A client has waited for `ConnectionBorrowTimeout`.
    BorrowTimeout {
        /// The proxy.
        proxy: u32,
        /// The client's number in its queue.
        number: u64,
    },
    /// A client gives up on a connection that doesn't come about.
    GiveUp(Caller),
    /// A pinned session may have been idle for too long.
    Pinned(Ticket),
    /// A database goes down.
    Fail(Fall),
    /// A database is brought up.
    Rise(u32),
    /// Its standby has taken over.
    Promote(Failing),
    /// Its name leads to the new primary.
    Recover(u32),
}

/// How a database goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fall {
    pub(super) database: u32,
    /// How long for; until it is brought up, if `None`.
    pub(super) lasts: Option<u64>,
    /// Whether another instance takes over.
    pub(super) fails_over: bool,
}

/// A failover of a database: the timers of an earlier one mean nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failing {
    pub(super) database: u32,
    pub(super) generation: u32,
}

/// A session at a certain point: what comes for an earlier one means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub(super) session: u32,
    pub(super) step: u32,
}

/// A database while it runs.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) database: Database,
    pub(super) connection_time: u64,
    /// Which share of a failover RDS Proxy waits for.
    pub(super) failover_share: f64,
}

/// A proxy while it runs.
#[derive(Debug)]
pub(super) struct Front {
    pub(super) pool: Pool,
    pub(super) target: usize,
    pub(super) connection_time: u64,
    pub(super) idle_client_timeout: u64,
    pub(super) pinned: f64,
    pub(super) pins: Random,
}

/// A client while it runs.
#[derive(Debug)]
pub(super) struct Caught {
    pub(super) target: Target,
    pub(super) resource: Resource,
    pub(super) query: Draw,
    pub(super) connect_timeout: Option<u64>,
    /// The function's own.
    pub(super) timeout: u64,
    pub(super) keep: Keep,
    /// How long a connection lives without being used.
    pub(super) idle: u64,
    /// Whether each of the function's subnets has a path; none without a network.
    pub(super) paths: Vec<bool>,
}

/// RDS and RDS Proxy while they run.
#[derive(Debug)]
pub struct Service {
    pub(super) instances: Vec<Instance>,
    pub(super) fronts: Vec<Front>,
    clients: Vec<Caught>,
    pub(super) sessions: Sessions,
    pub(super) statements: Statements,
    /// How many statements of applications came: each has a connection of its own.
    applications: u32,
}

/// What RDS's part of a run was.
#[derive(Debug)]
pub struct Finished {
    /// The databases' metrics, in the architecture's order.
    pub databases: Vec<DatabaseMetrics>,
    /// The proxies' metrics, in the architecture's order.
    pub proxies: Vec<ProxyMetrics>,
}

/// The metrics of databases and proxies to which nothing happens.
pub fn idle(architecture: &Architecture, reader: &Reader<'_>) -> Finished {
    Service::new(architecture, &[], reader, 0).finish(0)
}

impl Service {
    /// The databases, proxies and clients of an architecture. `connections` are the verdicts on
    /// the links of its network.
    pub fn new(
        architecture: &Architecture,
        connections: &[Connection],
        reader: &Reader<'_>,
        seed: u64,
    ) -> Self {
        let instances = setup::instances(architecture, reader);
        let fronts = setup::fronts(architecture, &instances, reader, seed);
        let clients = setup::clients(architecture, &fronts, connections, reader, seed);
        let statements = Statements::of(architecture, connections, reader);
        let sessions = Sessions::default();
        Self { instances, fronts, clients, sessions, statements, applications: 0 }
    }

    /// Puts outages on the agenda.
    pub fn schedule(context: &mut Context, outages: &[Outage]) {
        let place = |database: usize| u32::try_from(database).unwrap_or(u32::MAX);
        for outage in outages {
            let (at, timer) = match *outage {
                Outage::Failover { database, from, until } => {
                    let lasts = Some(until.saturating_sub(from));
                    let database = place(database);
                    (from, Timer::Fail(Fall { database, lasts, fails_over: true }))
                }
                Outage::Lasting { database, from, until } => {
                    let lasts = until.map(|until| until.saturating_sub(from));
                    let database = place(database);
                    (from, Timer::Fail(Fall { database, lasts, fails_over: false }))
                }
                Outage::Over { database, at } => (at, Timer::Rise(place(database))),
            };
            context.at(at, Priority::Change, Event::Rds(timer));
        }
    }

    /// A function calls.
    pub fn request(&mut self, context: &mut Context, request: Request) {
        let now = context.now();
        self.settle(now);
        let at = request.target.place();
        let Some(client) = self.clients.get_mut(at) else { return };
        let query = client.query.draw();
        let slot = match request.caller {
            Caller::Invocation { slot, .. } => slot,
            _ => self.next_application(),
        };
        let Some(client) = self.clients.get(at) else { return };
        let (target, idle) = (client.target, client.idle);
        // Environments are spread over the function's subnets by their slots.
        let path = (slot as usize).checked_rem(client.paths.len());
        let works = path.and_then(|path| client.paths.get(path)).copied().unwrap_or(true);
        if !works {
            let (story, resource) = (request.message.story, client.resource);
            context.trace.record(now, story, resource, What::Unreachable);
            // What comes after the function's timeout finds nobody.
            if let Some(timeout) = client.connect_timeout.filter(|&time| time < client.timeout) {
                let timer = Event::Rds(Timer::GiveUp(request.caller));
                context.at(now.saturating_add(timeout), Priority::Expire, timer);
            }
            return;
        }
        let key = (slot, request.target.index);
        match target {
            Target::Service => {
                let answered = now.saturating_add(query);
                let answer = Event::Answer(request.caller, Answer::Success);
                context.at(answered, Priority::Release, answer);
            }
            Target::Database(database) => {
                let at = match self.sessions.take_over(key, &request, query) {
                    Some(at) => return self.query(context, at),
                    None => self.sessions.create(key, &request, query, idle),
                };
                self.connect(context, at, database);
            }
            Target::Proxy(proxy) => {
                if let Some(front) = self.fronts.get_mut(proxy) {
                    front.pool.metrics.query_requests += 1;
                }
                match self.sessions.take_over(key, &request, query) {
                    Some(at) => self.borrow(context, at, proxy),
                    None => {
                        let at = self.sessions.create(key, &request, query, idle);
                        self.connect_to_proxy(context, at, proxy);
                    }
                }
            }
        }
    }

    /// A number for the connection of an application, beyond those of environments' slots.
    fn next_application(&mut self) -> u32 {
        self.applications = self.applications.wrapping_add(1);
        self.applications | FIRST_APPLICATION
    }

    /// How long the next query of a client takes.
    pub(super) fn draw(&mut self, client: u32) -> u64 {
        self.clients.get_mut(client as usize).map_or(0, |client| client.query.draw())
    }

    /// Opens a connection to a proxy, which takes as many as come.
    fn connect_to_proxy(&mut self, context: &mut Context, at: u32, proxy: usize) {
        let now = context.now();
        let Some(front) = self.fronts.get_mut(proxy) else { return };
        let Some(session) = self.sessions.at_mut(at) else { return };
        front.pool.metrics.client_connections_received += 1;
        front.pool.metrics.client_connections.increase(now);
        session.pinned = front.pinned > 0.0 && front.pins.unit() <= front.pinned;
        let ready = now.saturating_add(front.connection_time);
        let timer = Timer::Connected(session.next_ticket(at));
        context.at(ready, Priority::Release, Event::Rds(timer));
    }

    /// A timer goes off.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        self.settle(context.now());
        match timer {
            Timer::Connected(ticket) => match self.session_of(ticket) {
                Some(State::Connecting) => self.connected(context, ticket.session),
                _ => context.stale(),
            },
            Timer::Answered(ticket) => match self.session_of(ticket) {
                Some(State::Querying) if self.worked(context, ticket.session) => {}
                Some(State::Querying) => {
                    self.answered(context, ticket.session, Answer::Success);
                }
                _ => context.stale(),
            },
            Timer::Failed(ticket) => self.invocation_failed(context, ticket),
            Timer::RequestTimeout(ticket) => self.request_timeout(context, ticket),
            Timer::BorrowTimeout { proxy, number } => self.borrow_timeout(context, proxy, number),
            Timer::GiveUp(caller) => context.answer(caller, Answer::Error),
            Timer::Pinned(ticket) => self.unpin(context, ticket),
            Timer::Fail(fall) => self.fail(context, fall),
            Timer::Rise(database) => self.rise(context, database as usize),
            Timer::Promote(failing) => self.promote(context, failing),
            Timer::Recover(database) => self.recover(context, database as usize),
        }
    }

    /// The database of a failover that is still the last one.
    pub(super) fn failing(&mut self, failing: Failing) -> Option<&mut Instance> {
        let instance = self.instances.get_mut(failing.database as usize)?;
        (instance.database.generation() == failing.generation).then_some(instance)
    }

    fn session_of(&self, ticket: Ticket) -> Option<State> {
        let session = self.sessions.at(ticket.session)?;
        (session.step == ticket.step).then_some(session.state)
    }

    /// Opens a connection to a database.
    fn connect(&mut self, context: &mut Context, at: u32, database: usize) {
        let now = context.now();
        let Some(instance) = self.instances.get_mut(database) else { return };
        let Some(session) = self.sessions.at_mut(at) else { return };
        match instance.database.connect(now, database::Client::Direct) {
            Ok(()) => {
                session.generation = instance.database.generation();
                session.state = State::Connecting;
                let ready = now.saturating_add(instance.connection_time);
                let timer = Timer::Connected(session.next_ticket(at));
                context.at(ready, Priority::Release, Event::Rds(timer));
            }
            Err(error) => {
                let what = match error {
                    ConnectError::TooManyConnections => What::TooManyConnections,
                    ConnectError::Unavailable => What::ConnectionFailed,
                };
                self.fail_session(context, at, what);
                self.sessions.remove(at);
            }
        }
    }

    /// A connection is open: to the database, or to the proxy, or one that a proxy lends.
    fn connected(&mut self, context: &mut Context, at: u32) {
        let Some(session) = self.sessions.at(at) else { return };
        let target = self.clients.get(session.client as usize).map(|client| client.target);
        match target {
            Some(Target::Proxy(proxy)) if !session.borrowed => self.borrow(context, at, proxy),
            _ => self.query(context, at),
        }
    }

    /// The session's next query begins.
    pub(super) fn query(&mut self, context: &mut Context, at: u32) {
        self.begin_statement(context.now(), at);
        let Some(session) = self.sessions.at_mut(at) else { return };
        session.state = State::Querying;
        let ready = context.now().saturating_add(session.query);
        let timer = Timer::Answered(session.next_ticket(at));
        context.at(ready, Priority::Release, Event::Rds(timer));
    }

    /// A session wants a connection of its proxy.
    pub(super) fn borrow(&mut self, context: &mut Context, at: u32, proxy: usize) {
        let now = context.now();
        let Some(front) = self.fronts.get_mut(proxy) else { return };
        let Some(instance) = self.instances.get_mut(front.target) else { return };
        let Some(session) = self.sessions.at_mut(at) else { return };
        if session.borrowed {
            self.query(context, at);
            return;
        }
        match front.pool.borrow(now, &mut instance.database, at) {
            Borrow::Granted => self.lend(context, proxy, Grant { ticket: at, ready: now }),
            Borrow::Opening { ready } => self.lend(context, proxy, Grant { ticket: at, ready }),
            Borrow::Waiting { number, until } => {
                session.state = State::Waiting { number };
                session.step = session.step.wrapping_add(1);
                let proxy = proxy as u32;
                let timer = Event::Rds(Timer::BorrowTimeout { proxy, number });
                context.at(until, Priority::Expire, timer);
                let (story, resource) = (session.message.story, self.resource_of(at));
                context.trace.record(now, story, resource, What::WaitsForConnection);
            }
        }
    }

    /// A session gets a connection of its proxy.
    pub(super) fn lend(&mut self, context: &mut Context, proxy: usize, grant: Grant) {
        let now = context.now();
        let Some(front) = self.fronts.get_mut(proxy) else { return };
        let generation = self.instances.get(front.target).map_or(0, |i| i.database.generation());
        let Some(session) = self.sessions.at_mut(grant.ticket) else { return };
        session.borrowed = true;
        session.generation = generation;
        if session.pinned {
            let pinned = &mut front.pool.metrics.database_connections_currently_session_pinned;
            pinned.increase(now);
        }
        if grant.ready > now {
            session.state = State::Connecting;
            let timer = Timer::Connected(session.next_ticket(grant.ticket));
            context.at(grant.ready, Priority::Release, Event::Rds(timer));
        } else {
            self.query(context, grant.ticket);
        }
    }

    /// A query is over, well or not.
    pub(super) fn answered(&mut self, context: &mut Context, at: u32, answer: Answer) {
        let now = context.now();
        let Some(session) = self.sessions.at(at).copied() else { return };
        let client = self.clients.get(session.client as usize);
        let Some((target, keep)) = client.map(|client| (client.target, client.keep)) else {
            return;
        };
        if !session.orphan {
            let resource = self.resource_of(at);
            if answer == Answer::Success {
                context.trace.record(now, session.message.story, resource, What::QueryAnswered);
            }
            context.answer(session.caller, answer);
        }
        let database = match target {
            Target::Database(database) => database,
            Target::Proxy(proxy) => self.fronts.get(proxy).map_or(0, |front| front.target),
            Target::Service => return,
        };
        if let Some(instance) = self.instances.get_mut(database) {
            instance.database.answered(session.query);
        }
        let closes = session.orphan || keep == Keep::PerInvocation;
        if session.borrowed && (!session.pinned || closes) {
            self.give_back(context, at);
        }
        if closes {
            self.close(now, at);
        } else {
            self.rest(context, at);
        }
    }

    /// The session has nothing to do until its environment is used again.
    pub(super) fn rest(&mut self, context: &mut Context, at: u32) {
        let now = context.now();
        let Some(session) = self.sessions.at_mut(at) else { return };
        session.state = State::Idle;
        session.step = session.step.wrapping_add(1);
        session.idle_since = now;
        let (ends, holds) = (now.saturating_add(session.idle), session.borrowed);
        if holds {
            // Others may wait for what it holds.
            let timer = Timer::Pinned(Ticket { session: at, step: session.step });
            context.at(ends, Priority::Expire, Event::Rds(timer));
        } else {
            self.sessions.close_later(ends, at);
        }
    }

    /// The query that a session wants fails.
    pub(super) fn fail_session(&mut self, context: &mut Context, at: u32, what: What) {
        let Some(session) = self.sessions.at(at).copied() else { return };
        if !session.orphan {
            let resource = self.resource_of(at);
            context.trace.record(context.now(), session.message.story, resource, what);
            context.answer(session.caller, Answer::Error);
        }
    }

    pub(super) fn resource_of(&self, at: u32) -> Resource {
        let session = self.sessions.at(at);
        let client = session.and_then(|session| self.clients.get(session.client as usize));
        client.map_or(Resource::new(ResourceKind::Client, 0), |client| client.resource)
    }

    /// The proxy that a session goes through.
    pub(super) fn proxy_of(&self, session: &Session) -> Option<usize> {
        match self.clients.get(session.client as usize)?.target {
            Target::Proxy(proxy) => Some(proxy),
            Target::Database(_) | Target::Service => None,
        }
    }

    /// The database that a session queries.
    pub(super) fn database_of(&self, session: &Session) -> Option<usize> {
        match self.clients.get(session.client as usize)?.target {
            Target::Database(database) => Some(database),
            Target::Proxy(proxy) => self.fronts.get(proxy).map(|front| front.target),
            Target::Service => None,
        }
    }

    /// The metrics of the whole run.
    pub fn finish(mut self, end: u64) -> Finished {
        self.settle(end.saturating_add(1));
        let databases = self.instances.into_iter().map(|i| i.database.finish(end));
        let mut databases: Vec<DatabaseMetrics> = databases.collect();
        for (database, statements) in databases.iter_mut().zip(self.statements.finish()) {
            database.statements = statements;
        }
        Finished {
            databases,
            proxies: self.fronts.into_iter().map(|front| front.pool.finish(end)).collect(),
        }
    }
}
