//! `invoke`: requests to a function.

use super::Keys;
use super::Reader;
use super::event::{Action, Placed, WrittenEvent};
use crate::aws::architecture::{Architecture, Form, ResourceKind};

/// The action.
pub const INVOKE: Action = Action {
    key: "invoke",
    keys: Keys {
        known: &["invoke", "via", "at", "count", "rate", "from", "until", "arrivals"],
        later: &["batch", "payload", "mode", "burst", "ramp"],
    },
    read: |reader, event, architecture| reader.invoke(event, architecture),
};

/// Synchronous sources. All wait for the answer, so the model treats them alike.
const SOURCES: [(&str, ()); 3] = [("sdk", ()), ("api_gateway", ()), ("function_url", ())];
const LATER_SOURCES: [&str; 12] = [
    "alb",
    "s3",
    "sns",
    "sqs",
    "kinesis",
    "dynamodb",
    "eventbridge",
    "event",
    "async",
    "cloudfront",
    "rds",
    "step_functions",
];

impl Reader<'_> {
    fn invoke(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let function = self.resource(event.value, "invoke", &[ResourceKind::Function]);
        if let Some(source) = event.fields.get("via") {
            self.choice(source, "via", &SOURCES, &LATER_SOURCES);
        }
        self.source(event, function, Form::Request, architecture)
    }
}
