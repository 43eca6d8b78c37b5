//! Policy documents, with the element names of IAM's JSON. What AWS would refuse of them is a
//! result of the run; here only the shape is checked.

use super::{KIND, Keys, Reader, kind};
use crate::aws::iam::document::{Document, WrittenCondition, WrittenPrincipal, WrittenStatement};
use crate::diagnostic::Code;
use crate::scenario::limit;
use crate::yaml::{Entry, Node, NodeValue};

/// A text that hasn't the form that AWS gives to such a thing: an action, an ARN, an account's
/// number, a condition key.
pub const FORM: Code = Code("E0130");

const DOCUMENT: Keys = Keys { known: &["Version", "Id", "Statement"], later: &[] };

const STATEMENT: Keys = Keys {
    known: &[
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ],
    later: &[],
};

/// How many digits the number of an account has.
const ACCOUNT_DIGITS: usize = 12;

impl Reader<'_> {
    /// A policy document.
    pub fn document(&mut self, node: &Node, what: &str) -> Option<Document> {
        let fields = self.fields(node, what, DOCUMENT)?;
        let example = "Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: '*' }]";
        let version = fields.get("Version").and_then(|node| self.scalar(node, "Version"));
        let id = fields.get("Id").and_then(|node| self.scalar(node, "Id"));
        let statement = self.required(fields, "Statement", what, &node.range, example)?;
        let items = match &statement.value {
            NodeValue::Sequence(items) => items.iter().collect(),
            _ => vec![statement],
        };
        self.check_size(items.len(), limit::STATEMENTS, "statements in a policy", &node.range);
        let items = items.into_iter().take(limit::STATEMENTS);
        let statements = items.filter_map(|item| self.policy_statement(item, what)).collect();
        Some(Document { version, id, statements })
    }

    fn policy_statement(&mut self, node: &Node, what: &str) -> Option<WrittenStatement> {
        let fields = self.fields(node, &format!("a statement of {what}"), STATEMENT)?;
        let mut statement = WrittenStatement::default();
        for Entry { key, value, .. } in &fields.entries {
            match key.as_str() {
                "Sid" => statement.sid = self.scalar(value, key),
                "Effect" => statement.effect = self.scalar(value, key),
                "Action" => statement.action = self.texts(value, key),
                "NotAction" => statement.not_action = self.texts(value, key),
                "Resource" => statement.resource = self.texts(value, key),
                "NotResource" => statement.not_resource = self.texts(value, key),
                "Principal" => statement.principal = self.policy_principal(value, key),
                "NotPrincipal" => statement.not_principal = self.policy_principal(value, key),
                "Condition" => statement.condition = self.policy_condition(value),
                _ => {}
            }
        }
        Some(statement)
    }

    fn policy_principal(&mut self, node: &Node, key: &str) -> Option<WrittenPrincipal> {
        let NodeValue::Mapping(mapping) = &node.value else {
            return self.scalar(node, key).map(WrittenPrincipal::Text);
        };
        let typed = mapping.entries.iter();
        let typed = typed.filter_map(|entry| {
            let values = self.texts(&entry.value, &entry.key)?;
            Some((entry.key.clone(), values))
        });
        Some(WrittenPrincipal::Typed(typed.collect()))
    }

    fn policy_condition(&mut self, node: &Node) -> Vec<WrittenCondition> {
        let Some(operators) = self.mapping(node, "`Condition`") else { return Vec::new() };
        let mut conditions = Vec::new();
        for operator in &operators.entries {
            let what = format!("`{}`", operator.key);
            let Some(keys) = self.mapping(&operator.value, &what) else { continue };
            for entry in &keys.entries {
                let Some(values) = self.texts(&entry.value, &entry.key) else { continue };
                let (operator, key) = (operator.key.clone(), entry.key.clone());
                conditions.push(WrittenCondition { operator, key, values });
            }
        }
        conditions
    }

    /// A text as JSON would have it: YAML takes `2012-10-17` for a date and an account's number for
    /// a number.
    pub fn scalar(&mut self, node: &Node, name: &str) -> Option<String> {
        match &node.value {
            // `No` may well be the Sid of a statement.
            NodeValue::Bool(_) => Some(self.written(&node.range).to_owned()),
            _ => self.text_of(node, name),
        }
    }

    /// One text or a list of them.
    pub fn texts(&mut self, node: &Node, name: &str) -> Option<Vec<String>> {
        let NodeValue::Sequence(items) = &node.value else {
            return self.scalar(node, name).map(|text| vec![text]);
        };
        self.check_size(items.len(), limit::VALUES, "values in a list", &node.range);
        let items = items.iter().take(limit::VALUES);
        Some(items.filter_map(|item| self.scalar(item, name)).collect())
    }

    /// Names with texts: tags.
    pub fn tags(&mut self, node: &Node) -> Vec<(String, String)> {
        let Some(mapping) = self.mapping(node, "`tags`") else { return Vec::new() };
        let entries = mapping.entries.iter();
        entries
            .filter_map(|entry| Some((entry.key.clone(), self.scalar(&entry.value, &entry.key)?)))
            .collect()
    }

    /// Context keys with their values.
    pub fn request_context(&mut self, node: &Node) -> Vec<(String, Vec<String>)> {
        let Some(mapping) = self.mapping(node, "`context`") else { return Vec::new() };
        let mut context = Vec::new();
        for entry in &mapping.entries {
            if !entry.key.contains(':') {
                let diagnostic = self
                    .error(FORM, &entry.key_range, format!("`{}` is no condition key", entry.key))
                    .label("a condition key has the prefix of a service")
                    .hint("for instance `\"aws:SourceIp\": 203.0.113.7`");
                self.report(diagnostic);
                continue;
            }
            if let Some(values) = self.texts(&entry.value, &entry.key) {
                context.push((entry.key.clone(), values));
            }
        }
        context
    }

    /// The number of an account.
    pub fn account_id(&mut self, node: &Node, name: &str) -> Option<String> {
        let id = self.scalar(node, name)?;
        if id.len() == ACCOUNT_DIGITS && id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(id);
        }
        self.form(node, format!("`{id}` in `{name}` is no account"), "not twelve digits", {
            "for instance `\"111122223333\"`"
        });
        None
    }

    /// An action without wildcards.
    pub fn aws_action(&mut self, node: &Node) -> Option<String> {
        let action = self.scalar(node, "action")?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let parts = action.split_once(':');
        let shaped = parts.is_some_and(|(service, name)| {
            !service.is_empty()
                && !name.is_empty()
                && (service.chars().chain(name.chars())).all(fits)
        });
        if shaped {
            return Some(action);
        }
        let label = match action.contains(['*', '?']) {
            true => "a request is about one action, without wildcards",
            false => "an action is a service's prefix and the name of an operation",
        };
        self.form(node, format!("`{action}` is no action"), label, "for instance `s3:GetObject`");
        None
    }

    /// The ARN of one resource, or `*` for what has none.
    pub fn resource_arn(&mut self, node: &Node, name: &str) -> Option<String> {
        let text = self.scalar(node, name)?;
        let label = if text.chars().count() > limit::ARN {
            "longer than an ARN may be"
        } else if text != "*" && crate::aws::iam::arn::Arn::parse(&text).is_none() {
            "an ARN has six fields between colons"
        } else {
            return Some(text);
        };
        let hint = "for instance `arn:aws:s3:::reports/2026.csv`";
        self.form(node, format!("`{name}` is the ARN of a resource"), label, hint);
        None
    }

    fn form(&mut self, node: &Node, message: String, label: &str, hint: &str) {
        let diagnostic = match &node.value {
            NodeValue::Sequence(_) | NodeValue::Mapping(_) => self
                .error(KIND, &node.range, message)
                .label(format!("this is {}", kind(&node.value))),
            _ => self.error(FORM, &node.range, message).label(label),
        };
        self.report(diagnostic.hint(hint));
    }
}
