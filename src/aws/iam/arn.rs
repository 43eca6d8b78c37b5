//! Amazon Resource Names: `arn:partition:service:region:account:resource`.
//!
//! Sources: IAM User Guide, "Identify AWS resources with ARNs" and "IAM JSON policy elements:
//! Resource" (a pattern with fewer fields is filled up with `*`; wildcards don't reach over a
//! colon, except in the last field).

use crate::aws::iam::pattern::Pattern;

/// How many fields an ARN has: the last one may hold colons.
const FIELDS: usize = 6;

/// An ARN in its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    /// The service, for instance `s3`.
    pub service: &'a str,
    /// The Region; empty for what has none.
    pub region: &'a str,
    /// The account; empty for what has none, as buckets.
    pub account: &'a str,
    /// The rest, for instance `role/app`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The fields of a text that is an ARN.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut fields = text.splitn(FIELDS, ':');
        if fields.next()? != "arn" {
            return None;
        }
        let arn = Self {
            partition: fields.next()?,
            service: fields.next()?,
            region: fields.next()?,
            account: fields.next()?,
            resource: fields.next()?,
        };
        let filled = [arn.partition, arn.service, arn.resource].iter().all(|f| !f.is_empty());
        filled.then_some(arn)
    }
}

/// Whether an ARN fits a pattern, field by field. `*` alone fits everything.
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    if pattern.is_everything() {
        return true;
    }
    let wanted = pattern.split_at_colons(FIELDS);
    let fields: Vec<&str> = text.splitn(FIELDS, ':').collect();
    if fields.len() != FIELDS {
        // Actions without a resource of their own are asked for `*`.
        return pattern.matches(text);
    }
    fields.iter().enumerate().all(|(at, field)| wanted.get(at).is_none_or(|w| w.matches(field)))
}

/// Whether a resource is another one or lies below it: an object in a bucket, a stream in a log
/// group.
pub fn lies_in(resource: &str, owner: &str) -> bool {
    let owner = owner.trim_end_matches('*').trim_end_matches(['/', ':']);
    match resource.strip_prefix(owner) {
        Some(rest) => rest.is_empty() || rest.starts_with(['/', ':']),
        None => false,
    }
}

/// The service that an action belongs to, in small letters: `s3` of `s3:GetObject`.
pub fn service_of(action: &str) -> String {
    action.split(':').next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_an_arn() {
        let arn = Arn::parse("arn:aws:logs:ap-northeast-2:111122223333:log-group:/ecs/web:*");
        let arn = arn.unwrap();
        assert_eq!((arn.service, arn.account), ("logs", "111122223333"));
        assert_eq!(arn.resource, "log-group:/ecs/web:*");
        let bucket = Arn::parse("arn:aws:s3:::reports/2026/*").unwrap();
        assert_eq!((bucket.account, bucket.resource), ("", "reports/2026/*"));
        for wrong in ["reports", "arn:aws:s3", "arn:aws::::x", "aws:s3:::a:b", "arn:aws:s3:::"] {
            assert_eq!(Arn::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn patterns_are_compared_field_by_field() {
        let object = "arn:aws:s3:::reports/2026/1.csv";
        let cases = [
            ("*", true),
            ("arn:aws:s3:::reports/*", true),
            ("arn:aws:s3:::reports", false),
            ("arn:aws:s3:::*", true),
            ("arn:aws:s3", true),
            ("arn:aws:sqs", false),
            ("arn:*:reports/*", false),
            ("arn:aws:s3:::reports/*/?.csv", true),
        ];
        for (pattern, expected) in cases {
            assert_eq!(matches(&Pattern::new(pattern), object), expected, "{pattern}");
        }
        let stream = "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/web:log-stream:a";
        assert!(matches(&Pattern::new("arn:aws:logs:*:*:log-group:/ecs/*"), stream));
        assert!(!matches(&Pattern::new("arn:aws:logs:*:444455556666:*"), stream));
        assert!(matches(&Pattern::new("*"), "*"));
        assert!(!matches(&Pattern::new("arn:aws:s3:::reports/*"), "*"));
    }

    #[test]
    fn objects_lie_in_their_bucket() {
        assert!(lies_in("arn:aws:s3:::reports/a", "arn:aws:s3:::reports"));
        assert!(lies_in("arn:aws:s3:::reports", "arn:aws:s3:::reports/*"));
        assert!(!lies_in("arn:aws:s3:::reports-old/a", "arn:aws:s3:::reports"));
    }
}
