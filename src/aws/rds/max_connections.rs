//! The default of `max_connections`: the formulas of the default parameter groups.

use crate::aws::rds::deployment::{DatabaseDeployment, DatabaseEngine};
use crate::aws::reader::Reader;

/// The memory of a class such as `db.t3.medium` in bytes; `None` for a class of another shape.
///
/// Each size doubles the one before; `NUMBERxlarge` is so many times `xlarge`.
pub fn class_memory(class: &str, reader: &Reader<'_>) -> Option<f64> {
    let mut parts = class.strip_prefix("db.")?.split('.');
    let (family, size) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let numbered = family.get(1..)?.starts_with(|c: char| c.is_ascii_digit());
    let of_large = match family.get(..1).filter(|_| numbered)? {
        "t" => reader.amount("rds.memory_of_large_t"),
        "m" => reader.amount("rds.memory_of_large_m"),
        "r" => reader.amount("rds.memory_of_large_r"),
        _ => return None,
    };
    let times = match size {
        "micro" => 1.0 / 2.0 / 2.0 / 2.0,
        "small" => 1.0 / 2.0 / 2.0,
        "medium" => 1.0 / 2.0,
        "large" => 1.0,
        "xlarge" => 2.0,
        larger => 2.0 * f64::from(larger.strip_suffix("xlarge")?.parse::<u8>().ok()?),
    };
    Some(of_large * times)
}

/// The `max_connections` of a database: its own, or the default of its engine and class; `None`
/// when it has neither.
pub fn max_connections(database: &DatabaseDeployment, reader: &Reader<'_>) -> Option<u64> {
    if database.max_connections.is_some() {
        return database.max_connections;
    }
    let nominal = class_memory(database.class.as_deref()?, reader)?;
    default_of(database.engine, nominal, reader)
}

/// The default for a class with so many bytes; `None` where none is known.
fn default_of(engine: DatabaseEngine, nominal: f64, reader: &Reader<'_>) -> Option<u64> {
    // `DBInstanceClassMemory` lacks what AWS's own processes take.
    let memory = nominal * reader.amount("rds.class_memory_share");
    let by = |divisor: &str| (memory / reader.amount(divisor)).floor();
    let count = match engine {
        DatabaseEngine::Mysql | DatabaseEngine::Mariadb => by("rds.bytes_per_connection_mysql"),
        DatabaseEngine::Postgres | DatabaseEngine::AuroraPostgresql => {
            by("rds.bytes_per_connection_postgres")
                .min(reader.amount("rds.max_connections_postgres"))
        }
        DatabaseEngine::AuroraMysql => {
            let part = |size: &str| {
                let least = reader.amount(&format!("rds.aurora_mysql_{size}_memory"));
                let each = reader.amount(&format!("rds.aurora_mysql_{size}_connections"));
                each * f64::from(doublings(least, nominal))
            };
            part("small").max(part("large"))
        }
        DatabaseEngine::Oracle | DatabaseEngine::SqlServer => return None,
    };
    Some(count.max(1.0) as u64)
}

/// How often `least` can be doubled within `memory`: a whole logarithm to base 2. The defaults that
/// the Aurora guide lists come out with the class's whole memory.
fn doublings(least: f64, memory: f64) -> u32 {
    let doubled = std::iter::successors(Some(least * 2.0), |size| Some(size * 2.0));
    doubled.take_while(|&size| size > 0.0 && size <= memory).take(u64::BITS as usize).count() as u32
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::aws::catalogue::{Catalogue, Quotas};
    use crate::quantity::Quantity;

    fn connections(engine: DatabaseEngine, class: &str, share: Option<f64>) -> Option<u64> {
        let share =
            share.map(|share| ("rds.class_memory_share".to_owned(), Quantity::number(share)));
        let quotas =
            Quotas::new(Catalogue::builtin(), share.into_iter().collect::<BTreeMap<_, _>>());
        let database =
            DatabaseDeployment { engine, class: Some(class.to_owned()), ..Default::default() };
        max_connections(&database, &Reader::new(&quotas, "ap-northeast-2"))
    }

    /// With all of the nominal memory: upper bounds, which AWS's real values lie below.
    #[test]
    fn a44_nominal_memory_gives_the_formula_s_value() {
        let (mysql, postgres) = (DatabaseEngine::Mysql, DatabaseEngine::Postgres);
        for (class, of_mysql, of_postgres) in [
            ("db.t3.micro", 85, 112),
            ("db.t3.small", 170, 225),
            ("db.t4g.medium", 341, 450),
            ("db.m5.large", 682, 901),
            ("db.r6g.large", 1365, 1802),
            ("db.r5.xlarge", 2730, 3604),
            ("db.m6i.4xlarge", 5461, 5000),
            ("db.r5.4xlarge", 10_922, 5000),
            ("db.r5.8xlarge", 21_845, 5000),
        ] {
            assert_eq!(connections(mysql, class, Some(1.0)), Some(of_mysql), "{class}");
            assert_eq!(connections(postgres, class, Some(1.0)), Some(of_postgres), "{class}");
        }
    }

    #[test]
    fn a44_what_management_takes_lowers_it() {
        // AWS says about 1,300 for 16 GiB of MySQL; 856 and 1,660 were seen on PostgreSQL.
        assert_eq!(connections(DatabaseEngine::Mysql, "db.r5.large", None), Some(1297));
        assert_eq!(connections(DatabaseEngine::Mariadb, "db.r5.large", None), Some(1297));
        assert_eq!(connections(DatabaseEngine::Postgres, "db.m4.large", None), Some(856));
    }

    /// The defaults that the Aurora guide lists for classes.
    #[test]
    fn aurora_mysql_goes_by_the_logarithm() {
        let aurora = DatabaseEngine::AuroraMysql;
        for (class, listed) in [
            ("db.t3.small", 45),
            ("db.t3.medium", 90),
            ("db.r5.large", 1000),
            ("db.r5.xlarge", 2000),
            ("db.r5.2xlarge", 3000),
            ("db.r5.4xlarge", 4000),
        ] {
            assert_eq!(connections(aurora, class, None), Some(listed), "{class}");
        }
    }

    #[test]
    fn classes_of_another_shape_are_unknown() {
        for class in [
            "t3.micro",
            "db.t3",
            "db.t3.huge",
            "db.x2g.large",
            "db.t3.micro.x",
            "db.custom",
            "db.t.x",
            "",
        ] {
            assert_eq!(connections(DatabaseEngine::Mysql, class, None), None, "{class}");
        }
    }
}
