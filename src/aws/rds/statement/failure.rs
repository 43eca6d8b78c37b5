//! Why an invocation out of a database fails, and what the database says then.
//!
//! The codes and the names in the texts are AWS's and the engines' own: Aurora User Guide,
//! "Invoking a Lambda function from an Amazon Aurora MySQL DB cluster" and "Lambda function error
//! messages" of Aurora PostgreSQL. What isn't published there is worded alike.

use serde::{Deserialize, Serialize};

use crate::aws::rds::deployment::DatabaseEngine;

/// The head of Aurora MySQL's error for what Lambda's API says.
const LAMBDA_ERROR: &str = "ERROR 1873 (HY000): Lambda API returned error";
/// The head of MySQL's error for a privilege that is missing.
const NO_PRIVILEGE: &str = "ERROR 1227 (42000): Access denied";

/// Why an invocation fails. Each makes the statement fail that fired the trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Failure {
    /// PostgreSQL: the extension isn't created.
    NoExtension,
    /// The user lacks a privilege of the database.
    MissingGrant,
    /// No role is associated, or not for this.
    MissingRole,
    /// No path leads to Lambda's endpoint.
    Unreachable,
    /// IAM denies `lambda:InvokeFunction` to the role.
    AccessDenied,
    /// Lambda refuses the invocation, because a quota is used up.
    Throttled,
    /// The function failed, or ran into its timeout.
    FunctionError,
    /// The database has waited for the answer as long as it does.
    RequestTimeout,
}

/// All of them, in the order in which they come up.
pub const FAILURES: [Failure; 8] = [
    Failure::NoExtension,
    Failure::MissingGrant,
    Failure::MissingRole,
    Failure::Unreachable,
    Failure::AccessDenied,
    Failure::Throttled,
    Failure::FunctionError,
    Failure::RequestTimeout,
];

impl Failure {
    /// The name under which expectations and data know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoExtension => "no_extension",
            Self::MissingGrant => "missing_grant",
            Self::MissingRole => "missing_role",
            Self::Unreachable => "unreachable",
            Self::AccessDenied => "access_denied",
            Self::Throttled => "throttled",
            Self::FunctionError => "function_error",
            Self::RequestTimeout => "request_timeout",
        }
    }

    /// The database's error. `detail` is what is known beyond the failure: the missing privilege,
    /// the reason of IAM's decision, the function's name.
    pub fn error(self, engine: DatabaseEngine, detail: &str) -> String {
        if engine.speaks_mysql() { self.mysql(detail) } else { self.postgresql(detail) }
    }

    fn mysql(self, detail: &str) -> String {
        let api = |error: &str| format!("{LAMBDA_ERROR}: {error}");
        match self {
            // PostgreSQL's alone.
            Self::NoExtension => String::new(),
            Self::MissingGrant => {
                format!("{NO_PRIVILEGE}; {detail} is needed for this operation")
            }
            Self::MissingRole => api("Missing Credentials. Cannot instantiate Lambda Client"),
            Self::Unreachable => api("Network Connection. Unable to connect to endpoint"),
            Self::AccessDenied => api(&format!("Access Denied. {detail}")),
            Self::Throttled => api("TooManyRequestsException. Rate Exceeded"),
            Self::FunctionError => api(&format!("Unhandled. The function {detail} failed")),
            Self::RequestTimeout => api("Timeout. No answer from Lambda"),
        }
    }

    fn postgresql(self, detail: &str) -> String {
        let invoke = |error: &str| {
            format!("ERROR: invoke API failed; DETAIL: AWS Lambda client returned '{error}'.")
        };
        match self {
            Self::NoExtension => "ERROR: schema \"aws_lambda\" does not exist".to_owned(),
            Self::MissingGrant => format!("ERROR: permission denied for {detail}"),
            Self::MissingRole => invoke("Unable to get credentials for the feature Lambda"),
            Self::Unreachable => invoke("Unable to connect to endpoint"),
            Self::AccessDenied => invoke(detail),
            Self::Throttled => invoke("TooManyRequestsException: Rate Exceeded"),
            Self::FunctionError => invoke(&format!("Unhandled: the function {detail} failed")),
            Self::RequestTimeout => invoke("Request timed out"),
        }
    }
}
