//! `invoke`: requests to a function, or events for it.

use super::event::{Action, Placed, WrittenEvent};
use super::function::CONFLICT;
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, Form, ResourceKind, Sender};
use crate::aws::sdk::deployment::Clients;

/// The action.
pub const INVOKE: Action = Action {
    key: "invoke",
    keys: Keys {
        known: &[
            "invoke", "via", "mode", "retries", "at", "count", "rate", "from", "until", "arrivals",
        ],
        later: &["batch", "payload", "burst", "ramp"],
    },
    read: |reader, event, architecture| reader.invoke(event, architecture),
};

/// How something invokes a function.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Via {
    /// Whether it waits for the answer.
    form: Form,
    /// Whether it can do it the other way as well.
    either: bool,
    sender: Sender,
    /// Whether the caller sees a status of HTTP, so that an error of the code is a failure to it.
    by_url: bool,
}

const REQUEST: Via =
    Via { form: Form::Request, either: true, sender: Sender::Client, by_url: false };
const BY_URL: Via = Via { either: false, sender: Sender::FunctionUrl, by_url: true, ..REQUEST };
const EVENT: Via =
    Via { form: Form::Delivery, either: false, sender: Sender::Client, by_url: false };
const NOTIFICATION: Via =
    Via { form: Form::Delivery, either: false, sender: Sender::Service, by_url: false };

/// What invokes functions. A function URL always waits; the SDK and API Gateway may be told not to.
const SOURCES: [(&str, Via); 8] = [
    ("sdk", REQUEST),
    ("api_gateway", Via { by_url: true, ..REQUEST }),
    ("function_url", BY_URL),
    ("s3", NOTIFICATION),
    ("sns", NOTIFICATION),
    ("eventbridge", NOTIFICATION),
    ("event", EVENT),
    ("async", EVENT),
];
const LATER_SOURCES: [&str; 7] =
    ["alb", "sqs", "kinesis", "dynamodb", "cloudfront", "rds", "step_functions"];

/// Whether the caller waits: `RequestResponse` or `Event` in the API.
pub(super) const MODES: [(&str, Form); 2] = [("sync", Form::Request), ("async", Form::Delivery)];

impl Reader<'_> {
    fn invoke(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let function = self.resource(event.value, "invoke", &[ResourceKind::Function]);
        let via = event.fields.get("via");
        let via = via.and_then(|node| self.choice(node, "via", &SOURCES, &LATER_SOURCES));
        let via = via.unwrap_or(REQUEST);
        let form = self.mode(event, via);
        let clients = self.retries(event, via);
        let placed = self.source(event, function, form, architecture)?;
        if let Some(source) = architecture.sources.last_mut() {
            source.sender = via.sender;
            source.clients = clients;
        }
        Some(placed)
    }

    /// How the clients try again, if it is clients that invoke the function.
    fn retries(&mut self, event: &WrittenEvent<'_>, via: Via) -> Option<Clients> {
        let clients = self.clients(event.fields, via.by_url);
        if let Some(node) = event.fields.get("retries")
            && via.sender == Sender::Service
        {
            let source = event.fields.get("via").map_or("", |node| self.written(&node.range));
            let diagnostic = self
                .error(CONFLICT, &node.range, "`retries` has no effect here")
                .label(format!("clients try again; {source} has handed its event over"))
                .hint("for Lambda's own retries: `max_retry_attempts` of the function");
            self.report(diagnostic);
            return None;
        }
        clients
    }

    /// Whether the caller waits: as `mode` says, if what invokes the function leaves a choice.
    fn mode(&mut self, event: &WrittenEvent<'_>, via: Via) -> Form {
        let Some(node) = event.fields.get("mode") else { return via.form };
        let Some(form) = self.choice(node, "mode", &MODES, &[]) else { return via.form };
        if form == via.form || via.either {
            return form;
        }
        let (word, does) = match via.form {
            Form::Request => ("sync", "waits for the answer"),
            Form::Delivery => ("async", "doesn't wait for the answer"),
        };
        let source = event.fields.get("via").map_or("", |node| self.written(&node.range));
        let message = format!("`via: {source}` always invokes with `mode: {word}`");
        let diagnostic = self
            .error(CONFLICT, &node.range, message)
            .label(format!("{source} {does}"))
            .hint("leave `mode` out, or invoke with `via: sdk`");
        self.report(diagnostic);
        via.form
    }
}
