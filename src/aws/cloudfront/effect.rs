//! What edge functions do, as data: a list of actions, each with conditions and an effect. How a
//! function ends is a pure function of what it gets and of the choices drawn beforehand.

use crate::aws::cloudfront::chance::chances;
use crate::aws::cloudfront::distribution::{Function, Kind, Need, Trigger};
use crate::aws::cloudfront::headers::restriction;
use crate::aws::cloudfront::request::{Fault, Reply, Request, Source, matches, status};
use crate::aws::cloudfront::rules::FunctionLimits;
use crate::aws::cloudfront::ttl::CacheControl;

/// The most actions of a function that depend on chance, each of which takes a byte of a choice.
pub const RANDOM_ACTIONS: usize = 8;
/// The most arms of a split, which fit into that byte.
pub const ARMS: usize = 200;

/// One thing that a function does, if all its conditions hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// When it is done.
    pub when: Vec<Condition>,
    /// What.
    pub effect: Effect,
}

/// A condition on the request, or on the response where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// The pattern that it must match (`*` for any text, `?` for any character).
    pub pattern: String,
    /// Whether it must not.
    pub negated: bool,
}

/// What a condition looks at. What isn't there matches no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The path.
    Path,
    /// The method.
    Method,
    /// A header, by lower-case name.
    Header(String),
    /// A cookie.
    Cookie(String),
    /// A parameter of the query string.
    Query(String),
    /// The response's status.
    Status,
}

/// What a function does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Answers at a request event, or replaces the response at a response event.
    Respond(Response),
    /// Puts the viewer into an arm by a cookie: the arm that the cookie names, or one that is
    /// drawn, which the cookie then names for everything that comes after.
    Split {
        /// The cookie.
        cookie: String,
        /// The arms.
        arms: Vec<Arm>,
    },
    /// Replaces a path that matches the first pattern; `*` in the second stands for what the first
    /// `*` of the first has matched.
    Rewrite {
        /// The pattern.
        from: String,
        /// What it becomes.
        to: String,
    },
    /// Sets a header.
    SetHeader {
        /// The name.
        name: String,
        /// The value.
        value: String,
    },
    /// Removes a header.
    RemoveHeader {
        /// The name.
        name: String,
    },
    /// Removes a parameter of the query string.
    RemoveQuery {
        /// The name.
        name: String,
    },
    /// Sends the request to another origin, by index.
    SetOrigin(usize),
    /// Changes the response's status.
    SetStatus(u16),
    /// Replaces the body, of the request or the response.
    ReplaceBody {
        /// Its new size in bytes.
        size: u64,
    },
    /// Throws.
    Fail {
        /// The share of runs, 0 to 1.
        share: f64,
    },
    /// Takes longer.
    Slow {
        /// By how much, in nanoseconds.
        by: u64,
        /// The share of runs, 0 to 1.
        share: f64,
    },
}

/// A response that a function makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Where it redirects to.
    pub location: Option<String>,
    /// Headers about caching.
    pub cache_control: CacheControl,
    /// The size of its body in bytes.
    pub body_size: u64,
}

/// An arm of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its name: the value of the cookie.
    pub name: String,
    /// Its share of the viewers without the cookie, relative to the others'.
    pub share: f64,
    /// What is put before the path.
    pub prefix: Option<String>,
    /// The index of the origin.
    pub origin: Option<usize>,
}

/// What a function has returned.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// The request, to go on with.
    Request(Request),
    /// A response: one that ends a request event, or goes on at a response event.
    Reply(Reply),
}

/// How a run of a function ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ending {
    pub(super) verdict: Verdict,
    /// How much longer it took than its duration.
    pub(super) extra: u64,
}

/// Where and how a function runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) function: &'a Function,
    pub(super) trigger: Trigger,
    pub(super) include_body: bool,
    /// Whether the query string is there to be seen: always at the viewer's events, else only if
    /// the policies forward all of it.
    pub(super) sees_query: bool,
    pub(super) limits: &'a FunctionLimits,
}

/// A run while its actions are gone through.
struct Run<'a> {
    place: Place<'a>,
    request: Request,
    reply: Option<Reply>,
    extra: u64,
}

/// How a function ends that gets `request` and, at a response event, `reply`.
pub(super) fn evaluate(
    place: Place<'_>,
    mut choices: u64,
    request: &Request,
    reply: Option<&Reply>,
) -> Ending {
    let mut run = Run { place, request: request.clone(), reply: reply.cloned(), extra: 0 };
    let function = place.function;
    let restricted = [(Need::Network, "network"), (Need::FileSystem, "file system")];
    if function.kind == Kind::CloudFrontFunction
        && let Some((_, what)) = restricted.iter().find(|(need, _)| function.needs.contains(need))
    {
        let detail = format!("the runtime of CloudFront Functions gives no access to the {what}");
        return run.end(Some(Reply::fault(Fault::FunctionExecutionError, Some(detail))));
    }
    if function.kind == Kind::CloudFrontFunction
        && let Some(memory) = function.memory.filter(|&used| used > place.limits.function_memory)
    {
        let limit = place.limits.function_memory;
        let detail = format!("the function used {memory} bytes of memory, more than {limit}");
        return run.end(Some(Reply::fault(Fault::FunctionExecutionError, Some(detail))));
    }
    for action in &function.actions {
        let choice = match chances(&action.effect) {
            Some(_) => {
                let choice = choices & u64::from(u8::MAX);
                choices >>= u8::BITS;
                choice as usize
            }
            None => 0,
        };
        if !action.when.iter().all(|condition| run.holds(condition)) {
            continue;
        }
        if let Some(reply) = run.act(&action.effect, choice) {
            return run.end(Some(reply));
        }
    }
    if run.request.path.len() as u64 > place.limits.uri_length {
        let detail = format!("a URI must be shorter than {} characters", place.limits.uri_length);
        let reply = run.invalid(detail);
        return run.end(Some(reply));
    }
    run.end(None)
}

impl Run<'_> {
    /// The ending: with a reply that was made, or with what the function was given to change.
    fn end(self, made: Option<Reply>) -> Ending {
        let verdict = match made.or(self.reply) {
            Some(reply) => Verdict::Reply(reply),
            None => Verdict::Request(self.request),
        };
        Ending { verdict, extra: self.extra }
    }

    fn invalid(&self, detail: String) -> Reply {
        let fault = match self.place.function.kind {
            Kind::CloudFrontFunction => Fault::FunctionValidationError,
            Kind::LambdaEdge => Fault::LambdaValidationError,
        };
        Reply::fault(fault, Some(detail))
    }

    fn holds(&self, condition: &Condition) -> bool {
        let request = &self.request;
        let status = self.reply.as_ref().map(|reply| reply.status.to_string());
        let value = match &condition.subject {
            Subject::Path => Some(request.path.as_str()),
            Subject::Method => Some(request.method.name()),
            Subject::Header(name) => request.headers.get(name).map(String::as_str),
            Subject::Cookie(name) => request.cookies.get(name).map(String::as_str),
            Subject::Query(_) if !self.place.sees_query => None,
            Subject::Query(name) => request.query.get(name).map(String::as_str),
            Subject::Status => status.as_deref(),
        };
        value.is_some_and(|value| matches(&condition.pattern, value)) != condition.negated
    }

    /// Does one thing; a reply ends the run.
    fn act(&mut self, effect: &Effect, choice: usize) -> Option<Reply> {
        match effect {
            Effect::Respond(response) => return self.respond(response),
            Effect::Split { cookie, arms } => return self.split(cookie, arms, choice),
            Effect::Rewrite { from, to } if self.reply.is_none() => {
                if let Some(path) = rewritten(from, to, &self.request.path) {
                    self.request.path = path;
                }
            }
            // A response event gets the request to read.
            Effect::Rewrite { .. } => {}
            Effect::SetHeader { name, value } => return self.set_header(name, Some(value)),
            Effect::RemoveHeader { name } => return self.set_header(name, None),
            Effect::RemoveQuery { name } if self.reply.is_none() => {
                self.request.query.remove(name);
            }
            Effect::RemoveQuery { .. } => {}
            Effect::SetOrigin(origin) => return self.set_origin(*origin),
            Effect::SetStatus(status) => return self.set_status(*status),
            Effect::ReplaceBody { size } => return self.replace_body(*size),
            Effect::Fail { .. } if choice == 1 => {
                let fault = match self.place.function.kind {
                    Kind::CloudFrontFunction => Fault::FunctionExecutionError,
                    Kind::LambdaEdge => Fault::LambdaExecutionError,
                };
                return Some(Reply::fault(fault, None));
            }
            Effect::Slow { by, .. } if choice == 1 => self.extra = self.extra.saturating_add(*by),
            Effect::Fail { .. } | Effect::Slow { .. } => {}
        }
        None
    }

    fn respond(&mut self, response: &Response) -> Option<Reply> {
        if !status::GENERATED.contains(&response.status) {
            return Some(self.invalid(format!(
                "a generated status must lie between {} and {}: {}",
                status::GENERATED.start(),
                status::GENERATED.end(),
                response.status
            )));
        }
        if let Some(reply) = &self.reply
            && self.place.trigger == Trigger::ViewerResponse
            && reply.status != response.status
        {
            return Some(self.invalid(self.fixed_status(response.status)));
        }
        if let Some(fault) = self.response_body(response.body_size) {
            return Some(fault);
        }
        let mut reply = Reply {
            cache_control: response.cache_control.clone(),
            body_size: response.body_size,
            origin_error: self.reply.as_ref().is_some_and(|reply| reply.origin_error),
            ..Reply::new(response.status, Source::Function(self.place.trigger))
        };
        if let Some(location) = &response.location {
            reply.headers.insert("location".to_owned(), location.clone());
        }
        if self.reply.is_none() {
            return Some(reply);
        }
        self.reply = Some(reply);
        None
    }

    /// What stands against a response's body of this size.
    fn response_body(&self, size: u64) -> Option<Reply> {
        let Place { trigger, limits, function, .. } = self.place;
        if function.kind == Kind::CloudFrontFunction {
            let detail = "CloudFront Functions can't change the body of a response".to_owned();
            return (size > 0 && self.reply.is_some()).then(|| self.invalid(detail));
        }
        let limit = limits.response_size(trigger);
        (size > limit).then(|| {
            self.invalid(format!(
                "a response generated at {} may have {limit} bytes at most: {size}",
                trigger.api_name()
            ))
        })
    }

    fn fixed_status(&self, status: u16) -> String {
        let kind = self.place.function.kind.name();
        format!("{kind} can't change the status of a response at viewer-response: {status}")
    }

    fn split(&mut self, cookie: &str, arms: &[Arm], choice: usize) -> Option<Reply> {
        let named = self.request.cookies.get(cookie);
        let known = named.and_then(|name| arms.iter().find(|arm| arm.name == *name));
        let arm = known.or_else(|| arms.get(choice))?;
        if let Some(reply) = &mut self.reply {
            reply.headers.insert("set-cookie".to_owned(), format!("{cookie}={}", arm.name));
            return None;
        }
        self.request.cookies.insert(cookie.to_owned(), arm.name.clone());
        if let Some(prefix) = &arm.prefix {
            self.request.path.insert_str(0, prefix);
        }
        arm.origin.and_then(|origin| self.set_origin(origin))
    }

    fn set_header(&mut self, name: &str, value: Option<&str>) -> Option<Reply> {
        let trigger = self.place.trigger;
        let name = name.to_ascii_lowercase();
        if let Some(what) = restriction(trigger, &name) {
            let detail = format!("header {name} is {what} at {}", trigger.api_name());
            return Some(self.invalid(detail));
        }
        let headers = match &mut self.reply {
            Some(reply) => {
                if name == "cache-control" {
                    let read = value.and_then(|value| CacheControl::parse(value).ok());
                    reply.cache_control = read.unwrap_or_default();
                }
                &mut reply.headers
            }
            None => &mut self.request.headers,
        };
        match value {
            Some(value) => headers.insert(name, value.to_owned()),
            None => headers.remove(&name),
        };
        None
    }

    fn set_origin(&mut self, origin: usize) -> Option<Reply> {
        let Place { trigger, function, .. } = self.place;
        let allowed = match function.kind {
            Kind::CloudFrontFunction => trigger == Trigger::ViewerRequest && function.is_js_2(),
            Kind::LambdaEdge => trigger == Trigger::OriginRequest,
        };
        if allowed {
            self.request.origin = Some(origin);
            return None;
        }
        let where_ = match function.kind {
            Kind::CloudFrontFunction => "viewer-request under cloudfront-js-2.0",
            Kind::LambdaEdge => "origin-request",
        };
        let kind = function.kind.name();
        Some(self.invalid(format!("{kind} can choose the origin at {where_} only")))
    }

    fn set_status(&mut self, status: u16) -> Option<Reply> {
        let detail = match &mut self.reply {
            None => "a request has no status".to_owned(),
            Some(reply) if reply.status == status => return None,
            Some(_) if self.place.trigger == Trigger::ViewerResponse => self.fixed_status(status),
            Some(_) if !status::GENERATED.contains(&status) => {
                format!("no status that a function may set: {status}")
            }
            Some(reply) => {
                reply.status = status;
                return None;
            }
        };
        Some(self.invalid(detail))
    }

    fn replace_body(&mut self, size: u64) -> Option<Reply> {
        let Place { trigger, limits, function, include_body, .. } = self.place;
        if self.reply.is_some() {
            let fault = self.response_body(size);
            if let (None, Some(reply)) = (&fault, &mut self.reply) {
                reply.body_size = size;
            }
            return fault;
        }
        let limit = limits.body(trigger);
        let detail = if function.kind == Kind::CloudFrontFunction {
            "CloudFront Functions can't access the body of a request".to_owned()
        } else if !include_body {
            "the association doesn't include the body".to_owned()
        } else if size > limit {
            format!("a body returned at {} may have {limit} bytes: {size}", trigger.api_name())
        } else {
            self.request.body_size = size;
            return None;
        };
        Some(self.invalid(detail))
    }
}

/// The path that a rewriting makes, if it applies.
fn rewritten(from: &str, to: &str, path: &str) -> Option<String> {
    if !matches(from, path) {
        return None;
    }
    let captured = from.split_once('*').and_then(|(start, end)| {
        // Only the first `*` stands for a text when there are several.
        let end = end.split('*').next_back().unwrap_or_default();
        path.get(start.len()..path.len().checked_sub(end.len())?)
    });
    Some(to.replacen('*', captured.unwrap_or_default(), 1))
}
