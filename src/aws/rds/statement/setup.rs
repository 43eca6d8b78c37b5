//! What statements take from an architecture when a run begins: whose triggers they fire, and what
//! stands in the way of these.

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::iam::decision::Decision;
use crate::aws::iam::directory::{Ask, Directory};
use crate::aws::iam::identity::Who;
use crate::aws::iam::service::directory_of;
use crate::aws::rds::client::Target;
use crate::aws::rds::deployment::DatabaseDeployment;
use crate::aws::rds::statement::failure::Failure;
use crate::aws::rds::statement::metrics::{StatementMetrics, TriggerMetrics};
use crate::aws::rds::statement::run::{Bearer, Fired, Order, Statements, Writer};
use crate::aws::rds::trigger::{Association, Extension, Feature, Grant, Scope, Trigger, Via};
use crate::aws::reader::Reader;
use crate::aws::vpc::plan::Connection;

/// The databases and clients of an architecture, as far as statements go.
pub(super) fn statements(
    architecture: &Architecture,
    connections: &[Connection],
    reader: &Reader<'_>,
) -> Statements {
    let writers: Vec<Option<Writer>> = architecture
        .clients
        .iter()
        .map(|client| {
            let transaction = client.transaction.clone()?;
            let database = match client.target {
                Target::Database(at) => Some(at),
                Target::Proxy(at) => architecture.proxies.get(at).map(|proxy| proxy.target),
                Target::Service => None,
            }?;
            let triggers = &architecture.databases.get(database)?.invoking.triggers;
            let orders = transaction.statements.iter();
            let orders = orders.map(|statement| Order {
                rows: firing(triggers, Scope::Row, statement),
                whole: firing(triggers, Scope::Statement, statement),
            });
            Some(Writer { database, orders: orders.collect(), transaction })
        })
        .collect();
    let has_triggers = |d: &DatabaseDeployment| !d.invoking.triggers.is_empty();
    if writers.iter().all(Option::is_none) && !architecture.databases.iter().any(has_triggers) {
        return Statements::default();
    }
    let directory = directory_of(architecture, reader);
    let bearer = |database: &DatabaseDeployment| {
        let found = connections.get(database.invoking.link.unwrap_or(usize::MAX));
        let fired = |trigger: &Trigger| {
            let function = architecture.functions.get(trigger.function);
            let name = function.map(|function| function.name.clone()).unwrap_or_default();
            fired(database, trigger, &name, found, &directory)
        };
        let fired: Vec<Fired> = database.invoking.triggers.iter().map(fired).collect();
        bearer(database, fired, reader)
    };
    Statements::new(writers, architecture.databases.iter().map(bearer).collect())
}

/// The places of the triggers that a statement fires.
fn firing(
    triggers: &[Trigger],
    scope: Scope,
    statement: &crate::aws::rds::trigger::Statement,
) -> Vec<u32> {
    let fires = |trigger: &Trigger| {
        trigger.scope == scope
            && trigger.table == statement.table
            && trigger.after.contains(&statement.change)
    };
    let all = (0..).zip(triggers);
    all.filter(|(_, trigger)| fires(trigger)).map(|(at, _)| at).collect()
}

fn bearer(database: &DatabaseDeployment, fired: Vec<Fired>, reader: &Reader<'_>) -> Bearer {
    let invoking = &database.invoking;
    let standard = |given: Option<u64>, name: &str| given.unwrap_or_else(|| reader.time(name));
    let waits = !fired.is_empty();
    let request_timeout = waits && !database.engine.speaks_mysql();
    let triggers = invoking.triggers.iter().zip(&fired).map(|(trigger, fired)| TriggerMetrics {
        name: trigger.name.clone(),
        function: fired.name.clone(),
        table: trigger.table.clone(),
        via: trigger.via.name().to_owned(),
        invocation: trigger.invocation,
        decision: fired.decision.clone(),
        ..TriggerMetrics::default()
    });
    Bearer {
        engine: database.engine,
        enqueue: if waits { reader.time("rds.lambda_enqueue_duration") } else { 0 },
        connect_timeout: match waits {
            true => standard(invoking.connect_timeout, "rds.lambda_connect_timeout"),
            false => 0,
        },
        request_timeout: request_timeout
            .then(|| standard(invoking.request_timeout, "rds.lambda_request_timeout")),
        metrics: StatementMetrics { triggers: triggers.collect(), ..StatementMetrics::default() },
        fired,
        ..Bearer::default()
    }
}

fn fired(
    database: &DatabaseDeployment,
    trigger: &Trigger,
    name: &str,
    connection: Option<&Connection>,
    directory: &Directory,
) -> Fired {
    let decision = decision(database, name, directory);
    let obstacle = inside(database, trigger)
        .or_else(|| credentials(database))
        .or_else(|| unreachable(connection))
        .or_else(|| {
            let denied = decision.as_ref().filter(|decision| !decision.allowed())?;
            Some((Failure::AccessDenied, denied.reason.clone()))
        });
    Fired {
        trigger: trigger.clone(),
        function: Resource::new(ResourceKind::Function, trigger.function),
        name: name.to_owned(),
        obstacle,
        decision,
    }
}

/// What stands in the way in the database itself: the extension, then privileges.
fn inside(database: &DatabaseDeployment, trigger: &Trigger) -> Option<(Failure, String)> {
    let invoking = &database.invoking;
    let granted = |grant: Grant| invoking.grants.as_ref().is_none_or(|g| g.contains(&grant));
    let missing = |detail: &str| Some((Failure::MissingGrant, detail.to_owned()));
    if !database.engine.speaks_mysql() {
        let created = invoking.extensions.as_ref();
        if created.is_some_and(|created| !created.contains(&Extension::AwsLambda)) {
            return Some((Failure::NoExtension, String::new()));
        }
        return match (granted(Grant::Usage), granted(Grant::Execute)) {
            (false, _) => missing("schema aws_lambda"),
            (true, false) => missing("function invoke"),
            (true, true) => None,
        };
    }
    match (trigger.via, invoking.is_newest_aurora_mysql()) {
        (Via::Procedure, _) if !granted(Grant::Execute) => missing("EXECUTE on mysql.lambda_async"),
        (Via::Procedure, _) => None,
        (_, true) if !granted(Grant::AwsLambdaAccess) => missing("the role AWS_LAMBDA_ACCESS"),
        (_, false) if !granted(Grant::InvokeLambda) => missing("the privilege INVOKE LAMBDA"),
        _ => None,
    }
}

/// The role under which a database asks Lambda; nothing when there is none.
fn role(database: &DatabaseDeployment) -> Association {
    let invoking = &database.invoking;
    if database.engine.speaks_mysql() {
        return match (invoking.role, invoking.default_role) {
            (role, Association::Assumed) => role,
            // A parameter may name a role only if it is associated as well.
            (Association::Assumed, named) => named,
            (role, named) if role == named => role,
            _ => Association::Missing,
        };
    }
    match invoking.feature {
        Feature::Lambda => invoking.role,
        Feature::S3Import | Feature::S3Export => Association::Missing,
    }
}

fn credentials(database: &DatabaseDeployment) -> Option<(Failure, String)> {
    (role(database) == Association::Missing).then(|| (Failure::MissingRole, String::new()))
}

/// The instance that takes statements stands in the first subnet of its group.
fn unreachable(connection: Option<&Connection>) -> Option<(Failure, String)> {
    let verdict = &connection?.verdict;
    let first = verdict.paths.first()?.from_subnet.as_ref();
    let own = verdict.paths.iter().filter(|path| path.from_subnet.as_ref() == first);
    let failure = own.into_iter().find_map(|path| path.failure.as_ref())?;
    Some((Failure::Unreachable, failure.code().to_owned()))
}

fn decision(database: &DatabaseDeployment, name: &str, directory: &Directory) -> Option<Decision> {
    let Association::Role(role) = role(database) else { return None };
    let (region, account) = (directory.region(), directory.account());
    let resource = format!("arn:aws:lambda:{region}:{account}:function:{name}");
    Some(directory.decide(Ask {
        principal: &Who::Role(role),
        session_name: Some(&database.name),
        session_policy: None,
        action: "lambda:InvokeFunction",
        resource: &resource,
        context: &[],
    }))
}
