//! Which engines can invoke functions, and with what: what the database or AWS refuses when
//! triggers are created.

use crate::aws::architecture::Architecture;
use crate::aws::iam::directory::Directory;
use crate::aws::iam::service::directory_of;
use crate::aws::metrics::Rejection;
use crate::aws::rds::deployment::{DatabaseDeployment, DatabaseEngine};
use crate::aws::rds::trigger::{Association, Extension, Invoking, Scope, Trigger, Version, Via};
use crate::aws::reader::Reader;

/// Who assumes the role of a database.
pub(super) const SERVICE: &str = "rds.amazonaws.com";
/// MySQL's error for a function or procedure that isn't there.
const NO_SUCH_ROUTINE: &str = "ERROR 1305 (42000)";
/// MySQL's error for what its grammar doesn't have.
const SYNTAX: &str = "ERROR 1064 (42000)";
/// PL/SQL's error for a name that isn't there.
const UNDECLARED: &str = "PLS-00201";
/// SQL Server's error for a procedure that isn't there.
const NO_SUCH_PROCEDURE: &str = "Msg 2812";
/// How many digits Aurora MySQL's minor versions have.
const MINOR_DIGITS: usize = 2;
/// PostgreSQL's error for something that isn't there.
const UNDEFINED: &str = "ERROR 42883";
/// PostgreSQL's error for an extension that isn't there.
const UNAVAILABLE: &str = "ERROR 0A000";

/// The first thing that is refused, if any.
pub fn refusal(architecture: &Architecture, reader: &Reader<'_>) -> Option<Rejection> {
    let mut directory = None;
    for database in &architecture.databases {
        let refused = unsupported(database, reader).or_else(|| {
            let directory = directory.get_or_insert_with(|| directory_of(architecture, reader));
            untrusted(database, directory)
        });
        if let Some((error, reason)) = refused {
            let resource = Some(database.name.clone());
            return Some(Rejection { resource, error: error.to_owned(), reason });
        }
    }
    None
}

type Refused = (&'static str, String);

fn unsupported(database: &DatabaseDeployment, reader: &Reader<'_>) -> Option<Refused> {
    let (engine, invoking) = (database.engine, &database.invoking);
    let triggers = &invoking.triggers;
    if let Some(trigger) = triggers.first()
        && let Some(refused) = no_way(engine, trigger)
    {
        return Some(refused);
    }
    let first = triggers.first()?;
    let of_version = invoking.version.and_then(|version| too_old(engine, version, first, reader));
    of_version
        .or_else(|| triggers.iter().find_map(|trigger| not_there(engine, invoking, trigger)))
        .or_else(|| without_commons(invoking))
}

/// Engines that can't invoke functions at all.
fn no_way(engine: DatabaseEngine, trigger: &Trigger) -> Option<Refused> {
    let via = trigger.via.name();
    let word = if trigger.via == Via::Procedure { "PROCEDURE" } else { "FUNCTION" };
    Some(match engine {
        DatabaseEngine::Mysql | DatabaseEngine::Mariadb => {
            let name = if engine == DatabaseEngine::Mysql { "MySQL" } else { "MariaDB" };
            let reason = format!(
                "{word} {via} does not exist: RDS for {name} can't invoke functions, Aurora MySQL \
                 can"
            );
            (NO_SUCH_ROUTINE, reason)
        }
        DatabaseEngine::Oracle => {
            let reason = "RDS for Oracle has nothing that invokes functions";
            (UNDECLARED, format!("identifier '{via}' must be declared: {reason}"))
        }
        DatabaseEngine::SqlServer => {
            let reason = "RDS for SQL Server has nothing that invokes functions";
            (NO_SUCH_PROCEDURE, format!("Could not find stored procedure '{via}': {reason}"))
        }
        DatabaseEngine::Postgres
        | DatabaseEngine::AuroraMysql
        | DatabaseEngine::AuroraPostgresql => return None,
    })
}

/// Versions that can't invoke functions yet.
fn too_old(
    engine: DatabaseEngine,
    version: Version,
    trigger: &Trigger,
    reader: &Reader<'_>,
) -> Option<Refused> {
    let Version { major, minor } = version;
    let least = |name: &str| u32::try_from(reader.count(name)).unwrap_or(u32::MAX);
    let wanted = match engine {
        DatabaseEngine::AuroraMysql => {
            let newest = least("rds.lambda_aurora_mysql_major");
            let first = least("rds.lambda_aurora_mysql_minor_min");
            return (major == newest && minor < first && trigger.via != Via::Procedure).then(
                || {
                    let via = trigger.via.name();
                    let reason = format!(
                        "FUNCTION {via} does not exist: Aurora MySQL {newest} has it from \
                     {newest}.{first:0MINOR_DIGITS$} on"
                    );
                    (NO_SUCH_ROUTINE, reason)
                },
            );
        }
        DatabaseEngine::AuroraPostgresql => Version {
            major: least("rds.lambda_aurora_postgresql_major_min"),
            minor: least("rds.lambda_aurora_postgresql_minor_min"),
        },
        _ => {
            // Each major version has it from a minor version of its own on.
            let first = least("rds.lambda_postgres_major_min");
            let all = least("rds.lambda_postgres_major_all");
            let minor = match major {
                major if major >= all => 0,
                major if major < first => least(&format!("rds.lambda_postgres_{first}_minor_min")),
                major => least(&format!("rds.lambda_postgres_{major}_minor_min")),
            };
            Version { major: major.max(first), minor }
        }
    };
    (version < wanted).then(|| {
        let Version { major, minor } = wanted;
        let reason = format!(
            "extension \"aws_lambda\" is not available in this version: it is from {major}.{minor} \
             on"
        );
        (UNAVAILABLE, reason)
    })
}

/// What an engine that can invoke functions doesn't have.
fn not_there(engine: DatabaseEngine, invoking: &Invoking, trigger: &Trigger) -> Option<Refused> {
    let via = trigger.via.name();
    if !engine.speaks_mysql() {
        let there = trigger.via == Via::Invoke;
        return (!there).then(|| {
            let reason = format!("function {via} does not exist: PostgreSQL has aws_lambda.invoke");
            (UNDEFINED, reason)
        });
    }
    if trigger.scope == Scope::Statement {
        let reason = "MySQL's triggers are FOR EACH ROW: it has no FOR EACH STATEMENT".to_owned();
        return Some((SYNTAX, reason));
    }
    match trigger.via {
        Via::Invoke => {
            let reason = format!(
                "FUNCTION {via} does not exist: Aurora MySQL has lambda_sync, lambda_async"
            );
            Some((NO_SUCH_ROUTINE, reason))
        }
        Via::Procedure if invoking.is_newest_aurora_mysql() => {
            let reason =
                "PROCEDURE mysql.lambda_async does not exist: Aurora MySQL 3 has only the \
                          native functions lambda_sync and lambda_async"
                    .to_owned();
            Some((NO_SUCH_ROUTINE, reason))
        }
        _ => None,
    }
}

impl Invoking {
    /// Whether the version of an Aurora MySQL cluster is 3, the one after MySQL 5.7's.
    pub(super) fn is_newest_aurora_mysql(&self) -> bool {
        const MYSQL_5_7: u32 = 2;
        self.version.is_none_or(|version| version.major > MYSQL_5_7)
    }
}

/// An extension whose own requirement isn't there.
fn without_commons(invoking: &Invoking) -> Option<Refused> {
    let extensions = invoking.extensions.as_ref()?;
    let alone =
        extensions.contains(&Extension::AwsLambda) && !extensions.contains(&Extension::AwsCommons);
    alone.then(|| {
        let reason = "required extension \"aws_commons\" is not installed: CREATE EXTENSION \
                      aws_lambda CASCADE creates both"
            .to_owned();
        (UNAVAILABLE, reason)
    })
}

/// A role that RDS can't assume can't be associated.
fn untrusted(database: &DatabaseDeployment, directory: &Directory) -> Option<Refused> {
    let invoking = &database.invoking;
    let Association::Role(role) = invoking.role else { return None };
    let arn = directory.role_arn(role);
    let decision = directory.assume(role, SERVICE, None);
    (!decision.allowed()).then(|| {
        let reason = format!("IAM role {arn} doesn't let {SERVICE} assume it");
        ("InvalidParameterValue", reason)
    })
}
