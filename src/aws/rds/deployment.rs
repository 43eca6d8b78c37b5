//! Databases as they are deployed. Times are nanoseconds.

use crate::aws::rds::trigger::Invoking;
use crate::sim::draw::Distribution;

/// The engines. The default of `max_connections` is known of all but Oracle and SQL Server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DatabaseEngine {
    /// RDS for MySQL.
    #[default]
    Mysql,
    /// RDS for MariaDB.
    Mariadb,
    /// RDS for PostgreSQL.
    Postgres,
    /// Aurora MySQL.
    AuroraMysql,
    /// Aurora PostgreSQL.
    AuroraPostgresql,
    /// RDS for Oracle.
    Oracle,
    /// RDS for SQL Server.
    SqlServer,
}

impl DatabaseEngine {
    /// The port that it listens on.
    pub fn port(self) -> u16 {
        const MYSQL: u16 = 3306;
        const POSTGRESQL: u16 = 5432;
        const ORACLE: u16 = 1521;
        const SQL_SERVER: u16 = 1433;
        match self {
            Self::Mysql | Self::Mariadb | Self::AuroraMysql => MYSQL,
            Self::Postgres | Self::AuroraPostgresql => POSTGRESQL,
            Self::Oracle => ORACLE,
            Self::SqlServer => SQL_SERVER,
        }
    }

    /// Whether its SQL and its errors are MySQL's.
    pub fn speaks_mysql(self) -> bool {
        matches!(self, Self::Mysql | Self::Mariadb | Self::AuroraMysql)
    }

    /// Whether it is an Aurora cluster.
    pub fn is_aurora(self) -> bool {
        matches!(self, Self::AuroraMysql | Self::AuroraPostgresql)
    }
}

/// An RDS instance or the writer of an Aurora cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatabaseDeployment {
    /// Its name, unique in the architecture.
    pub name: String,
    /// Its engine.
    pub engine: DatabaseEngine,
    /// The class, for instance `db.t3.medium`, which decides the default of `max_connections`.
    pub class: Option<String>,
    /// `max_connections`; the default of engine and class when `None`.
    pub max_connections: Option<u64>,
    /// Whether a standby in another Availability Zone takes over.
    pub multi_az: bool,
    /// How long a failover takes for clients that connect directly; the catalogue's when `None`.
    pub failover_duration: Option<u64>,
    /// How long opening a connection takes; the catalogue's assumption when `None`.
    pub connection_time: Option<u64>,
    /// How long a query takes; the catalogue's assumption when `None`.
    pub query: Option<Distribution>,
    /// Its triggers that invoke functions, and what they need.
    pub invoking: Invoking,
    /// The name of its own parameter group; the engine's default group when `None`.
    pub parameter_group: Option<String>,
}

impl DatabaseDeployment {
    /// The name of its parameter group.
    pub fn parameter_group(&self) -> &str {
        let default = || match self.engine {
            DatabaseEngine::Mysql => "default.mysql",
            DatabaseEngine::Mariadb => "default.mariadb",
            DatabaseEngine::Postgres => "default.postgres",
            DatabaseEngine::AuroraMysql => "default.aurora-mysql",
            DatabaseEngine::AuroraPostgresql => "default.aurora-postgresql",
            DatabaseEngine::Oracle => "default.oracle",
            DatabaseEngine::SqlServer => "default.sqlserver",
        };
        self.parameter_group.as_deref().unwrap_or_else(default)
    }
}
