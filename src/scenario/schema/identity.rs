//! The sections about identities: `roles`, `users`, `managed_policies`, `resource_policies` and
//! `organization`.

use super::names::UNKNOWN_RESOURCE;
use super::policy::FORM;
use super::{KIND, Keys, Reader, kind};
use crate::aws::iam::check::is_service;
use crate::aws::iam::document::{Document, WrittenPrincipal, WrittenStatement};
use crate::aws::iam::identity::{
    Boundary, Identities, Identity, NamedDocument, Organization, ResourcePolicy,
};
use crate::aws::iam::managed;
use crate::diagnostic::closest;
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

const ROLE: Keys = Keys {
    known: &["trust", "policies", "managed_policies", "permissions_boundary", "tags", "account"],
    later: &["max_session_duration", "path"],
};

const USER: Keys = Keys {
    known: &["policies", "managed_policies", "permissions_boundary", "tags", "account"],
    later: &["groups", "path"],
};

const RESOURCE_POLICY: Keys =
    Keys { known: &["resource", "policy", "account", "tags"], later: &[] };

const ORGANIZATION: Keys = Keys {
    known: &["id", "accounts", "service_control_policies", "full_aws_access"],
    later: &["resource_control_policies", "management_account"],
};

/// The sections beside `roles` and `users` that make a scenario of their own.
pub const SECTION: &str = "resource_policies";
/// The number of an account that none is given for: one of those that AWS's examples use.
const ACCOUNT: &str = "111122223333";
const TRUST: &str = "trust: ecs-tasks.amazonaws.com";
const RESOURCE: &str = "resource: arn:aws:s3:::reports";

impl Reader<'_> {
    /// Reads all sections about identities.
    pub fn identities(&mut self, fields: &Mapping, identities: &mut Identities) {
        let section = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        if let Some(node) = section("managed_policies") {
            identities.policies = self.named_documents(node, "`managed_policies`");
        }
        let own: Vec<String> = identities.policies.iter().map(|p| p.name.clone()).collect();
        if let Some(node) = section("roles") {
            identities.roles = self.identity_section(node, "role", ROLE, &own);
        }
        if let Some(node) = section("users") {
            identities.users = self.identity_section(node, "user", USER, &own);
        }
        if let Some(node) = section(SECTION) {
            identities.resource_policies = self.resource_policies(node);
        }
        if let Some(node) = section("organization") {
            identities.organization = self.organization(node, &identities.account);
        }
    }

    /// The number of the scenario's account.
    pub fn account_number(&mut self, account: Option<&Node>) -> String {
        let id = account.and_then(|node| match &node.value {
            NodeValue::Mapping(fields) => fields.get("id"),
            _ => None,
        });
        id.and_then(|node| self.account_id(node, "id")).unwrap_or_else(|| ACCOUNT.to_owned())
    }

    fn identity_section(
        &mut self,
        node: &Node,
        word: &'static str,
        keys: Keys,
        own: &[String],
    ) -> Vec<Identity> {
        let Some(mapping) = self.mapping(node, &format!("`{word}s`")) else { return Vec::new() };
        let what = format!("{word}s");
        self.check_size(mapping.entries.len(), limit::IDENTITIES, &what, &node.range);
        let entries = mapping.entries.iter().take(limit::IDENTITIES);
        entries.map(|entry| self.identity(entry, word, keys, own)).collect()
    }

    /// A role or user. One that can't be read is still known by name.
    fn identity(
        &mut self,
        entry: &Entry,
        word: &'static str,
        keys: Keys,
        own: &[String],
    ) -> Identity {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, word);
        let mut identity = Identity { name, ..Identity::default() };
        let what = format!("{word} `{}`", identity.name);
        let needs_trust = keys.known.contains(&"trust");
        let empty = Mapping::default();
        let fields = match entry.value.value {
            NodeValue::Null => Some(&empty),
            _ => self.fields(&entry.value, &what, keys),
        };
        let Some(fields) = fields else { return identity };
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        if needs_trust {
            let trust = self.required(fields, "trust", &what, &entry.key_range, TRUST);
            identity.trust = trust.and_then(|node| self.trust(node, &what));
        }
        if let Some(node) = get("policies") {
            self.identity_policies(node, &what, own, &mut identity);
        }
        if let Some(node) = get("managed_policies") {
            let names = self.names_or_one(node, "managed_policies");
            let names = names.into_iter().filter_map(|node| self.managed_policy(node, own));
            identity.managed.extend(names);
        }
        identity.boundary = get("permissions_boundary").and_then(|node| match node.value {
            NodeValue::Mapping(_) => {
                let what = format!("`permissions_boundary` of {what}");
                self.document(node, &what).map(Boundary::Written)
            }
            _ => self.managed_policy(node, own).map(Boundary::Managed),
        });
        identity.tags = get("tags").map(|node| self.tags(node)).unwrap_or_default();
        identity.account = get("account").and_then(|node| self.account_id(node, "account"));
        identity
    }

    fn names_or_one<'n>(&mut self, node: &'n Node, name: &str) -> Vec<&'n Node> {
        match &node.value {
            NodeValue::Sequence(items) => {
                self.check_size(items.len(), limit::VALUES, "values in a list", &node.range);
                items.iter().take(limit::VALUES).collect()
            }
            NodeValue::Mapping(_) => {
                let diagnostic = self
                    .error(KIND, &node.range, format!("`{name}` is a list of names"))
                    .label(format!("this is {}", kind(&node.value)))
                    .hint("documents stand under `policies`, or in the section `managed_policies`");
                self.report(diagnostic);
                Vec::new()
            }
            _ => vec![node],
        }
    }

    /// The policies of a role or user: documents by name, one document, or a list of documents and
    /// names of managed policies.
    fn identity_policies(
        &mut self,
        node: &Node,
        what: &str,
        own: &[String],
        identity: &mut Identity,
    ) {
        let items = match &node.value {
            NodeValue::Sequence(items) => items.as_slice(),
            NodeValue::Mapping(mapping) if mapping.get("Statement").is_none() => {
                identity.inline = self.named_documents(node, &format!("`policies` of {what}"));
                return;
            }
            _ => std::slice::from_ref(node),
        };
        self.check_size(items.len(), limit::POLICIES, "policies in one place", &node.range);
        for (at, item) in items.iter().take(limit::POLICIES).enumerate() {
            if !matches!(item.value, NodeValue::Mapping(_)) {
                identity.managed.extend(self.managed_policy(item, own));
                continue;
            }
            let name = format!("policies[{at}]");
            if let Some(document) = self.document(item, &format!("`{name}` of {what}")) {
                identity.inline.push(NamedDocument { name, document });
            }
        }
    }

    /// The name of a managed policy, the customer's or AWS's.
    fn managed_policy(&mut self, node: &Node, own: &[String]) -> Option<String> {
        let written = self.scalar(node, "managed_policies")?;
        // The ARN of one of AWS's, with or without a path.
        let name = match written.strip_prefix("arn:aws:iam::aws:policy/") {
            Some(path) => path.rsplit('/').next().unwrap_or(path).to_owned(),
            None => written,
        };
        let mut known: Vec<&str> = own.iter().map(String::as_str).collect();
        managed::names().for_each(|name| known.push(name));
        if known.contains(&name.as_str()) {
            return Some(name);
        }
        let diagnostic = self
            .error(UNKNOWN_RESOURCE, &node.range, format!("no managed policy is called `{name}`"))
            .label("neither under `managed_policies` of the scenario nor one of AWS's known here");
        let diagnostic = match closest(&name, known.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("there are {}", enumerate(&known))),
        };
        self.report(diagnostic);
        None
    }

    /// Documents by name.
    fn named_documents(&mut self, node: &Node, what: &str) -> Vec<NamedDocument> {
        let Some(mapping) = self.mapping(node, what) else { return Vec::new() };
        self.check_size(
            mapping.entries.len(),
            limit::POLICIES,
            "policies in one place",
            &node.range,
        );
        let entries = mapping.entries.iter().take(limit::POLICIES);
        let named = entries.filter_map(|entry| {
            let what = format!("policy `{}`", entry.key);
            let document = self.document(&entry.value, &what)?;
            Some(NamedDocument { name: entry.key.clone(), document })
        });
        named.collect()
    }

    /// Who may assume a role: a document, or a service, an account or an ARN, one or several.
    fn trust(&mut self, node: &Node, what: &str) -> Option<Document> {
        if matches!(node.value, NodeValue::Mapping(_)) {
            return self.document(node, &format!("`trust` of {what}"));
        }
        let mut services = Vec::new();
        let mut others = Vec::new();
        for text in self.texts(node, "trust")? {
            if is_service(&text) {
                services.push(text);
            } else if text.starts_with("arn:") || text.bytes().all(|byte| byte.is_ascii_digit()) {
                others.push(text);
            } else {
                let diagnostic = self
                    .error(FORM, &node.range, format!("`{text}` can't assume a role"))
                    .label("neither a service principal nor an account or ARN")
                    .hint(format!("for instance `{TRUST}`, or a whole trust policy"));
                self.report(diagnostic);
                return None;
            }
        }
        let typed = [("Service", services), ("AWS", others)];
        let typed = typed.into_iter().filter(|(_, values)| !values.is_empty());
        let statement = WrittenStatement {
            effect: Some("Allow".to_owned()),
            principal: Some(WrittenPrincipal::Typed(
                typed.map(|(kind, values)| (kind.to_owned(), values)).collect(),
            )),
            action: Some(vec!["sts:AssumeRole".to_owned()]),
            ..WrittenStatement::default()
        };
        let version = Some("2012-10-17".to_owned());
        Some(Document { version, id: None, statements: vec![statement] })
    }

    fn resource_policies(&mut self, node: &Node) -> Vec<ResourcePolicy> {
        let Some(mapping) = self.mapping(node, "`resource_policies`") else { return Vec::new() };
        self.check_size(mapping.entries.len(), limit::POLICIES, "resource policies", &node.range);
        let entries = mapping.entries.iter().take(limit::POLICIES);
        entries.filter_map(|entry| self.resource_policy(entry)).collect()
    }

    /// The policy of a resource: under a name, or under the ARN of the resource.
    fn resource_policy(&mut self, entry: &Entry) -> Option<ResourcePolicy> {
        let name = entry.key.clone();
        let what = format!("resource policy `{name}`");
        let is_arn = name.starts_with("arn:");
        if let NodeValue::Mapping(mapping) = &entry.value.value
            && is_arn
            && mapping.get("Statement").is_some()
        {
            let document = self.document(&entry.value, &what);
            let resource = name.clone();
            return Some(ResourcePolicy { name, resource, document, ..ResourcePolicy::default() });
        }
        let fields = self.fields(&entry.value, &what, RESOURCE_POLICY)?;
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let resource = match get("resource") {
            None if is_arn => Some(name.clone()),
            _ => {
                let node = self.required(fields, "resource", &what, &entry.key_range, RESOURCE);
                node.and_then(|node| self.resource_arn(node, "resource"))
            }
        };
        let document = get("policy").and_then(|node| self.document(node, &what));
        let account = get("account").and_then(|node| self.account_id(node, "account"));
        let tags = get("tags").map(|node| self.tags(node)).unwrap_or_default();
        Some(ResourcePolicy { name, resource: resource?, account, document, tags })
    }

    fn organization(&mut self, node: &Node, account: &str) -> Option<Organization> {
        let fields = self.fields(node, "`organization`", ORGANIZATION)?;
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let id = get("id").and_then(|node| self.scalar(node, "id"));
        let accounts = match get("accounts") {
            None => vec![account.to_owned()],
            Some(node) => {
                let items = self.names_or_one(node, "accounts");
                let ids = items.into_iter().filter_map(|node| self.account_id(node, "accounts"));
                ids.collect()
            }
        };
        let policies = get("service_control_policies");
        let levels = match policies.map(|node| (node, &node.value)) {
            None => vec![Vec::new()],
            Some((_, NodeValue::Sequence(items))) => {
                let levels = items.iter().take(limit::POLICIES);
                levels
                    .map(|level| self.named_documents(level, "`service_control_policies`"))
                    .collect()
            }
            Some((node, _)) => vec![self.named_documents(node, "`service_control_policies`")],
        };
        let full_access = get("full_aws_access").map(|node| self.truth(node, "full_aws_access"));
        Some(Organization {
            id: id.unwrap_or_else(|| "o-exampleorgid".to_owned()),
            accounts,
            levels,
            full_access: full_access.flatten().unwrap_or(true),
        })
    }
}
