//! What AWS refuses of a policy document, and what it makes of the others.
//!
//! Sources: IAM User Guide, "Grammar of the IAM JSON policy language" and "Troubleshoot IAM
//! policies"; the wording follows the messages of the API.

use std::collections::BTreeSet;

use crate::aws::iam::arn::Arn;
use crate::aws::iam::condition::{Condition, Operator};
use crate::aws::iam::document::{Document, WrittenCondition, WrittenPrincipal, WrittenStatement};
use crate::aws::iam::pattern::variables;
use crate::aws::iam::policy::{Effect, Patterns, Policy, PolicyType, Statement};
use crate::aws::iam::principal::{Named, PrincipalElement};

/// The version of the language that has variables.
const CURRENT: &str = "2012-10-17";
/// What a Sid may be.
const SID: &str = "[0-9A-Za-z]*";
/// The version of a document that names none.
const EARLIER: &str = "2008-10-17";
/// How many digits the number of an account has.
const ACCOUNT_DIGITS: usize = 12;

/// AWS refuses a document: the reason, in the words of the API's error.
pub type Malformed = String;

/// A document as a policy of a type.
///
/// # Errors
/// Why AWS refuses the document.
pub fn policy(
    name: &str,
    policy_type: PolicyType,
    document: &Document,
) -> Result<Policy, Malformed> {
    let has_variables = match document.version.as_deref() {
        Some(CURRENT) => true,
        Some(EARLIER) | None => false,
        Some(_) => return Err(format!("Policy document must be version {CURRENT} or greater.")),
    };
    if document.statements.is_empty() {
        return Err("Syntax errors in policy. (no Statement)".to_owned());
    }
    let mut sids = BTreeSet::new();
    let mut statements = Vec::with_capacity(document.statements.len());
    for (number, written) in document.statements.iter().enumerate() {
        if let Some(sid) = written.sid.as_deref().filter(|sid| !sid.is_empty()) {
            check_sid(sid, policy_type)?;
            if !sids.insert(sid) {
                return Err("Statement IDs (SID) in a single policy must be unique.".to_owned());
            }
        }
        statements.push(statement(written, number, policy_type, has_variables)?);
    }
    Ok(Policy { name: name.to_owned(), policy_type, statements })
}

fn check_sid(sid: &str, policy_type: PolicyType) -> Result<(), Malformed> {
    // Services whose resources have policies take spaces too.
    let resource = policy_type == PolicyType::Resource;
    if resource || sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(format!(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular \
         expression {SID}"
    ))
}

fn statement(
    written: &WrittenStatement,
    number: usize,
    policy_type: PolicyType,
    has_variables: bool,
) -> Result<Statement, Malformed> {
    let effect = match written.effect.as_deref() {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        Some(other) => return Err(format!("Syntax errors in policy. (Effect is \"{other}\")")),
        None => return Err("Missing required field Effect".to_owned()),
    };
    let actions = either(
        (&written.action, &written.not_action),
        "Policy statement must contain actions.",
        "Syntax errors in policy. (both Action and NotAction)",
    )?;
    actions.written.iter().try_for_each(|action| check_action(action, policy_type))?;
    let conditions = written.condition.iter().map(condition).collect::<Result<_, _>>()?;
    let sid = written.sid.clone().filter(|sid| !sid.is_empty());
    Ok(Statement {
        name: sid.unwrap_or_else(|| format!("Statement[{number}]")),
        effect,
        actions,
        resources: resources(written, policy_type)?,
        principal: principal(written, policy_type)?,
        conditions,
        has_variables,
    })
}

/// One of two elements, of which one has to be there and not both.
fn either(
    (positive, negative): (&Option<Vec<String>>, &Option<Vec<String>>),
    none: &str,
    both: &str,
) -> Result<Patterns, Malformed> {
    let (negated, values) = match (positive, negative) {
        (Some(_), Some(_)) => return Err(both.to_owned()),
        (Some(values), None) => (false, values),
        (None, Some(values)) => (true, values),
        (None, None) => return Err(none.to_owned()),
    };
    if values.is_empty() {
        return Err(none.to_owned());
    }
    Ok(Patterns { negated, written: values.clone() })
}

fn check_action(action: &str, policy_type: PolicyType) -> Result<(), Malformed> {
    if policy_type == PolicyType::Trust && !action.to_lowercase().starts_with("sts:") {
        return Err("AssumeRole policy may only specify STS AssumeRole actions.".to_owned());
    }
    if action == "*" {
        return Ok(());
    }
    let Some((vendor, name)) = action.split_once(':') else {
        return Err(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.".to_owned()
        );
    };
    let vendor_fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if vendor.is_empty() || !vendor.chars().all(vendor_fits) {
        return Err(format!("Vendor {vendor} is not valid"));
    }
    let name_fits = |c: char| c.is_ascii_alphanumeric() || "*?".contains(c);
    if name.is_empty() || !name.chars().all(name_fits) {
        return Err("Actions/Condition can contain only one colon.".to_owned());
    }
    Ok(())
}

fn resources(
    written: &WrittenStatement,
    policy_type: PolicyType,
) -> Result<Option<Patterns>, Malformed> {
    if policy_type == PolicyType::Trust {
        let prohibited = written.resource.is_some() || written.not_resource.is_some();
        return if prohibited { Err("Has prohibited field Resource".to_owned()) } else { Ok(None) };
    }
    let resources = either(
        (&written.resource, &written.not_resource),
        "Policy statement must contain resources.",
        "Syntax errors in policy. (both Resource and NotResource)",
    )?;
    for resource in &resources.written {
        if resource != "*" && !resource.starts_with("arn:") {
            return Err(format!("Resource {resource} must be in ARN format or \"*\"."));
        }
    }
    Ok(Some(resources))
}

fn principal(
    written: &WrittenStatement,
    policy_type: PolicyType,
) -> Result<Option<PrincipalElement>, Malformed> {
    let needed = matches!(policy_type, PolicyType::Resource | PolicyType::Trust);
    let (negated, element) = match (&written.principal, &written.not_principal) {
        (Some(_), Some(_)) => {
            return Err("Syntax errors in policy. (both Principal and NotPrincipal)".to_owned());
        }
        (Some(_), None) | (None, Some(_)) if !needed => {
            return Err("Policy document should not specify a principal.".to_owned());
        }
        (None, None) if needed => return Err("Missing required field Principal".to_owned()),
        (None, None) => return Ok(None),
        (Some(element), None) => (false, element),
        (None, Some(_)) if policy_type == PolicyType::Trust => {
            return Err("Has prohibited field NotPrincipal".to_owned());
        }
        (None, Some(element)) => (true, element),
    };
    let named = match element {
        WrittenPrincipal::Text(text) if text == "*" => vec![Named::Everyone],
        WrittenPrincipal::Text(text) => return Err(invalid_principal("", text)),
        WrittenPrincipal::Typed(typed) => {
            let named = typed
                .iter()
                .flat_map(|(kind, values)| values.iter().map(move |value| named(kind, value)));
            named.collect::<Result<Vec<_>, _>>()?
        }
    };
    if named.is_empty() {
        return Err("Missing required field Principal cannot be empty!".to_owned());
    }
    Ok(Some(PrincipalElement { negated, named }))
}

fn invalid_principal(kind: &str, value: &str) -> Malformed {
    match kind {
        "" => format!("Invalid principal in policy: \"{value}\""),
        kind => format!("Invalid principal in policy: \"{kind}\":\"{value}\""),
    }
}

fn named(kind: &str, value: &str) -> Result<Named, Malformed> {
    let account =
        |text: &str| text.len() == ACCOUNT_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    match kind {
        "AWS" if value == "*" => Ok(Named::Everyone),
        "AWS" if account(value) => Ok(Named::Account(value.to_owned())),
        "AWS" => {
            let arn = Arn::parse(value).filter(|arn| account(arn.account));
            let arn = arn.ok_or_else(|| invalid_principal(kind, value))?;
            // A wildcard can't stand for a part of a name or for all users.
            let named = ["user/", "role/", "assumed-role/", "federated-user/"];
            match (arn.service, arn.resource) {
                ("iam", "root") => Ok(Named::Account(arn.account.to_owned())),
                ("iam" | "sts", resource)
                    if !resource.contains(['*', '?'])
                        && named.iter().any(|start| resource.starts_with(start)) =>
                {
                    Ok(Named::Arn(value.to_owned()))
                }
                _ => Err(invalid_principal(kind, value)),
            }
        }
        "Service" if is_service(value) => Ok(Named::Service(value.to_owned())),
        "Federated" | "CanonicalUser" => Ok(Named::Other(value.to_owned())),
        _ => Err(invalid_principal(kind, value)),
    }
}

/// Whether a text has the form of a service principal.
pub fn is_service(text: &str) -> bool {
    let ends = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"];
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    text.chars().all(fits) && ends.iter().any(|end| text.ends_with(end) && text.len() > end.len())
}

fn condition(written: &WrittenCondition) -> Result<Condition, Malformed> {
    let WrittenCondition { operator: name, key, values } = written;
    let Some(operator) = Operator::parse(name) else {
        return Err(format!("Invalid Condition type : {name}."));
    };
    if !key.contains(':') {
        return Err(
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.".to_owned()
        );
    }
    let fixed = values.iter().filter(|value| variables(value).is_empty());
    if let Some(wrong) = fixed.into_iter().find(|value| !operator.takes(value)) {
        return Err(format!("Value {wrong} is not valid for condition type {name}"));
    }
    let (key, values) = (key.clone(), values.clone());
    Ok(Condition { operator, written: name.clone(), key, values })
}
