//! Statements in the event loop: triggers fire, Lambda answers, transactions end.

use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Caller, Event, Message, Request};
use crate::aws::rds::service::{Service, Ticket, Timer};
use crate::aws::rds::session::{Session, State};
use crate::aws::rds::statement::failure::Failure;
use crate::aws::rds::statement::metrics::Ending;
use crate::aws::rds::statement::run::Next;
use crate::aws::rds::trigger::Invocation;
use crate::aws::trace::{StatementStep, What};
use crate::sim::agenda::Priority;

impl Service {
    /// The query of a session that writes begins its next statement.
    pub(in crate::aws::rds) fn begin_statement(&mut self, now: u64, at: u32) {
        let Some(session) = self.sessions.at(at) else { return };
        let client = session.client;
        if self.statements.writes(client) {
            self.statements.begin(now, at, client);
        }
    }

    /// A statement has done its own work. Gives whether the session writes, so that triggers come.
    pub(in crate::aws::rds) fn worked(&mut self, context: &mut Context, at: u32) -> bool {
        let Some(session) = self.sessions.at(at) else { return false };
        if !self.statements.writes(session.client) {
            return false;
        }
        self.statements.worked(context.now(), at);
        self.proceed(context, at);
        true
    }

    /// The next thing in a transaction happens.
    fn proceed(&mut self, context: &mut Context, at: u32) {
        let now = context.now();
        let next = self.statements.next_of(at);
        match next {
            None => {}
            Some(Next::Fire(trigger, row)) => self.fire(context, at, trigger, row),
            Some(Next::Statement) => {
                self.statements.statement_over(now, at);
                let Some(session) = self.sessions.at(at) else { return };
                let query = self.draw(session.client);
                if let Some(session) = self.sessions.at_mut(at) {
                    session.query = query;
                }
                self.query(context, at);
            }
            Some(Next::End) => {
                self.statements.statement_over(now, at);
                let ending = match self.statements.rolls_back(at) {
                    true => Ending::RolledBack,
                    false => Ending::Committed,
                };
                self.end_transaction(context, at, ending);
            }
        }
    }

    /// A trigger fires.
    fn fire(&mut self, context: &mut Context, at: u32, place: u32, row: u64) {
        let now = context.now();
        let Some(session) = self.sessions.at_mut(at) else { return };
        session.state = State::Invoking;
        let ticket = session.next_ticket(at);
        // Lambda doesn't see a loop that goes through a database.
        let message = Message { calls: 0, ..session.message };
        self.statements.keep_payload(now, at, place, row);
        let Some((work, _, bearer)) = self.statements.at(at) else { return };
        work.since = now;
        let Some(fired) = bearer.fired.get(place as usize) else { return };
        if let Some(metrics) = bearer.metrics.triggers.get_mut(place as usize) {
            metrics.fired += 1;
        }
        let obstacle = fired.obstacle.as_ref().map(|(failure, _)| *failure);
        let request = Request {
            target: fired.function,
            caller: Caller::Trigger { session: at, step: ticket.step },
            message,
        };
        let (enqueue, connect) = (bearer.enqueue, bearer.connect_timeout);
        let rds = Event::Rds;
        let (time, event) = match (obstacle, fired.trigger.invocation) {
            (None, Invocation::Sync) => (now, Event::Request(request)),
            (None, Invocation::Async) => (now.saturating_add(enqueue), Event::HandOver(request)),
            (Some(Failure::Unreachable), _) => {
                (now.saturating_add(connect), rds(Timer::Failed(ticket)))
            }
            (Some(Failure::AccessDenied), _) => {
                (now.saturating_add(enqueue), rds(Timer::Failed(ticket)))
            }
            (Some(_), _) => (now, rds(Timer::Failed(ticket))),
        };
        let waits = fired.trigger.invocation == Invocation::Sync && obstacle.is_none();
        let until = bearer.request_timeout.filter(|_| waits).map(|time| now.saturating_add(time));
        let is_event = fired.trigger.invocation == Invocation::Async;
        let function = fired.function;
        context.trace.record(
            now,
            message.story,
            function,
            What::Statement(StatementStep::Fired { row, is_event }),
        );
        context.at(time, Priority::Arrive, event);
        if let Some(until) = until {
            context.at(until, Priority::Expire, rds(Timer::RequestTimeout(ticket)));
        }
    }

    /// Lambda has answered an invocation.
    pub fn lambda_answered(
        &mut self,
        context: &mut Context,
        session: u32,
        step: u32,
        answer: Answer,
    ) {
        self.settle(context.now());
        let failure = match answer {
            Answer::Success => None,
            Answer::Error | Answer::Timeout | Answer::Recursive => Some(Failure::FunctionError),
            Answer::Throttled(_) | Answer::Refused => Some(Failure::Throttled),
        };
        self.invocation_over(context, Ticket { session, step }, failure);
    }

    /// What stands in the way of an invocation has made it fail.
    pub(in crate::aws::rds) fn invocation_failed(&mut self, context: &mut Context, ticket: Ticket) {
        let at = ticket.session;
        let next = self.statements.next_of(at);
        let place = match next {
            Some(Next::Fire(place, _)) => place as usize,
            _ => usize::MAX,
        };
        let bearer = self.statements.at(at).map(|(_, _, bearer)| bearer);
        let fired = bearer.and_then(|bearer| bearer.fired.get(place));
        let failure = fired.and_then(|fired| Some(fired.obstacle.as_ref()?.0));
        match failure {
            Some(failure) => self.invocation_over(context, ticket, Some(failure)),
            None => context.stale(),
        }
    }

    /// The database has waited for Lambda's answer for too long.
    pub(in crate::aws::rds) fn request_timeout(&mut self, context: &mut Context, ticket: Ticket) {
        self.invocation_over(context, ticket, Some(Failure::RequestTimeout));
    }

    fn invocation_over(&mut self, context: &mut Context, ticket: Ticket, failure: Option<Failure>) {
        let (now, at) = (context.now(), ticket.session);
        let session = self.sessions.at(at);
        let waits = |s: &&Session| s.step == ticket.step && s.state == State::Invoking;
        let Some(session) = session.filter(waits).copied() else {
            context.stale();
            return;
        };
        let next = self.statements.next_of(at);
        let Some(Next::Fire(place, row)) = next else { return };
        self.statements.invoked(now, at, place, row, failure);
        let Some(failure) = failure else {
            self.proceed(context, at);
            return;
        };
        let what = What::Statement(StatementStep::Failed(failure));
        context.trace.record(now, session.message.story, self.resource_of(at), what);
        self.end_transaction(context, at, Ending::Aborted(failure));
    }

    /// A transaction ends, and its session goes on.
    fn end_transaction(&mut self, context: &mut Context, at: u32, ending: Ending) {
        let now = context.now();
        let took = self.statements.end(now, at, ending);
        let (step, answer) = match ending {
            Ending::Committed => (StatementStep::Committed, Answer::Success),
            Ending::RolledBack => (StatementStep::RolledBack, Answer::Success),
            _ => (StatementStep::RolledBack, Answer::Error),
        };
        if let Some(session) = self.sessions.at_mut(at) {
            // The client sees the whole of it.
            session.query = took.unwrap_or(session.query);
            let story = session.message.story;
            let resource = self.resource_of(at);
            context.trace.record(now, story, resource, What::Statement(step));
        }
        self.answered(context, at, answer);
    }

    /// The database has gone down under a session.
    pub(in crate::aws::rds) fn lose_work(&mut self, now: u64, at: u32) {
        self.statements.end(now, at, Ending::ConnectionLost);
    }
}
