//! The `distributions` section: CloudFront distributions.

use std::collections::BTreeSet;

use super::{Keys, MISSING, Reader};
use crate::aws::cloudfront::distribution::{
    AllowedMethods, Association, Behavior, CachePolicy, Distribution, ErrorPage, Failover,
    Function, Location, Names, Parts, Trigger, ViewerProtocol,
};
use crate::aws::cloudfront::locations::{LOCATIONS, location, near};
use crate::diagnostic::{Code, closest};
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// An edge location that isn't known.
pub const LOCATION: Code = Code("E0142");

/// The keys of a behaviour; the distribution has them for its default one.
const BEHAVIOR: Keys = Keys {
    known: &[
        "origin",
        "failover",
        "cache_policy",
        "origin_request_policy",
        "viewer_protocol",
        "allowed_methods",
        "viewer_request",
        "origin_request",
        "origin_response",
        "viewer_response",
    ],
    later: &[],
};

const DISTRIBUTION: Keys = Keys {
    known: &[
        "origin",
        "origins",
        "failover",
        "cache_policy",
        "origin_request_policy",
        "viewer_protocol",
        "allowed_methods",
        "viewer_request",
        "origin_request",
        "origin_response",
        "viewer_response",
        "behaviors",
        "error_pages",
        "locations",
    ],
    later: &["price_class", "origin_shield", "web_acl", "logging", "aliases", "signed_urls"],
};

const POLICY: Keys = Keys {
    known: &["min_ttl", "default_ttl", "max_ttl", "headers", "cookies", "query_strings"],
    later: &[],
};

const REQUEST_POLICY: Keys = Keys { known: &["headers", "cookies", "query_strings"], later: &[] };

const FAILOVER: Keys = Keys { known: &["to", "statuses"], later: &[] };

const ERROR_PAGE: Keys = Keys { known: &["page", "status", "min_ttl"], later: &[] };

const PROTOCOLS: [(&str, ViewerProtocol); 3] = [
    ("allow_all", ViewerProtocol::AllowAll),
    ("redirect_to_https", ViewerProtocol::RedirectToHttps),
    ("https_only", ViewerProtocol::HttpsOnly),
];

const METHODS: [(&str, AllowedMethods); 3] = [
    ("get_head", AllowedMethods::Reading),
    ("get_head_options", AllowedMethods::ReadingAndOptions),
    ("all", AllowedMethods::All),
];

/// The cache policy that AWS manages under the name `CachingDisabled`.
const DISABLED: &str = "disabled";

impl Reader<'_> {
    /// The distributions in the author's order. `home` is the account's Region.
    pub fn distributions(&mut self, node: &Node, home: &str) -> Vec<Distribution> {
        let Some(mapping) = self.mapping(node, "`distributions`") else { return Vec::new() };
        let size = mapping.entries.len();
        self.check_size(size, limit::DISTRIBUTIONS, "distributions", &node.range);
        let entries = mapping.entries.iter().take(limit::DISTRIBUTIONS);
        entries.map(|entry| self.cloudfront(entry, home)).collect()
    }

    /// A distribution; one that can't be read is still known by name, so that requests to it
    /// aren't reported as well.
    fn cloudfront(&mut self, entry: &Entry, home: &str) -> Distribution {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "distribution");
        let what = format!("distribution `{name}`");
        let mut distribution = Distribution {
            name,
            origins: Vec::new(),
            behaviors: Vec::new(),
            error_pages: Vec::new(),
            functions: Vec::new(),
            locations: vec![near(home)],
            viewers: Vec::new(),
        };
        let missing = entry.value.value == NodeValue::Null;
        let empty = Mapping::default();
        let fields = match missing {
            true => Some(&empty),
            false => self.fields(&entry.value, &what, DISTRIBUTION),
        };
        let Some(fields) = fields else { return distribution };
        distribution.origins = self.origins(fields);
        if fields.get("origin").or(fields.get("origins")).is_none() {
            let diagnostic = self
                .error(MISSING, &entry.key_range, format!("{what} has no `origin`"))
                .label("`origin` is missing")
                .hint("add `origin: { duration: 80ms, cache_control: \"max-age=60\" }`");
            self.report(diagnostic);
            return distribution;
        }
        if let Some(node) = fields.get("locations") {
            let locations = self.locations(node);
            if !locations.is_empty() {
                distribution.locations = locations;
            }
        }
        let names: Vec<String> = distribution.origins.iter().map(|o| o.name.clone()).collect();
        let mut functions = Vec::new();
        if let Some(node) = fields.get("behaviors")
            && let Some(mapping) = self.mapping(node, "`behaviors`")
        {
            let size = mapping.entries.len();
            self.check_size(size, limit::PATTERNS, "behaviors of a distribution", &node.range);
            for Entry { key, value, .. } in mapping.entries.iter().take(limit::PATTERNS) {
                let what = format!("behavior `{key}`");
                let Some(fields) = self.fields(value, &what, BEHAVIOR) else { continue };
                let behavior = self.behavior(key, fields, &names, &mut functions);
                distribution.behaviors.push(behavior);
            }
        }
        let default = self.behavior("*", fields, &names, &mut functions);
        distribution.behaviors.push(default);
        distribution.functions = functions;
        if let Some(node) = fields.get("error_pages") {
            distribution.error_pages = self.error_pages(node);
        }
        distribution
    }

    fn behavior(
        &mut self,
        pattern: &str,
        fields: &Mapping,
        origins: &[String],
        functions: &mut Vec<Function>,
    ) -> Behavior {
        let get = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let origin = get("origin").filter(|n| !matches!(n.value, NodeValue::Mapping(_)));
        let origin = origin.and_then(|node| self.among(node, "origin", origins));
        let mut associations = Vec::new();
        for trigger in Trigger::ALL {
            let Some(node) = get(trigger.name()) else { continue };
            // A list shows what AWS makes of two functions at one event.
            for (at, item) in self.one_or_more(node).into_iter().enumerate() {
                let mut name = match pattern {
                    "*" => trigger.name().to_owned(),
                    pattern => format!("{} {pattern}", trigger.name()),
                };
                if at > 0 {
                    name.push_str(&format!(" {}", at + 1));
                }
                let function = self.edge_function(item, &name, origins);
                let Some((function, include_body)) = function else { continue };
                // The same function at several events is one function.
                let known = functions.iter().position(|known| *known == function);
                let place = known.unwrap_or(functions.len());
                if known.is_none() {
                    functions.push(function);
                }
                associations.push(Association { trigger, function: place, include_body });
            }
        }
        let protocol = get("viewer_protocol");
        let protocol = protocol.and_then(|n| self.choice(n, "viewer_protocol", &PROTOCOLS, &[]));
        let methods = get("allowed_methods");
        let methods = methods.and_then(|n| self.choice(n, "allowed_methods", &METHODS, &[]));
        Behavior {
            pattern: pattern.to_owned(),
            origin: origin.unwrap_or(0),
            failover: get("failover").and_then(|node| self.failover(node, origins)),
            policy: get("cache_policy").map(|n| self.cache_policy(n)).unwrap_or_default(),
            origin_request_policy: get("origin_request_policy")
                .map(|node| self.request_policy(node))
                .unwrap_or_default(),
            viewer_protocol: protocol.unwrap_or_default(),
            allowed_methods: methods.unwrap_or_default(),
            associations,
        }
    }

    fn cache_policy(&mut self, node: &Node) -> CachePolicy {
        if let NodeValue::String(_) = node.value {
            self.choice(node, "cache_policy", &[(DISABLED, ())], &[]);
            let (min_ttl, default_ttl, max_ttl) = (Some(0), Some(0), Some(0));
            return CachePolicy { min_ttl, default_ttl, max_ttl, key: Parts::default() };
        }
        let Some(fields) = self.fields(node, "`cache_policy`", POLICY) else {
            return CachePolicy::default();
        };
        let mut ttl = |key: &str| fields.get(key).and_then(|node| self.duration(node, key));
        CachePolicy {
            min_ttl: ttl("min_ttl"),
            default_ttl: ttl("default_ttl"),
            max_ttl: ttl("max_ttl"),
            key: self.parts(fields),
        }
    }

    fn request_policy(&mut self, node: &Node) -> Parts {
        let fields = self.fields(node, "`origin_request_policy`", REQUEST_POLICY);
        fields.map(|fields| self.parts(fields)).unwrap_or_default()
    }

    fn parts(&mut self, fields: &Mapping) -> Parts {
        let mut names = |key: &str| fields.get(key).map(|node| self.names_of(node, key));
        let headers = match names("headers").unwrap_or_default() {
            Names::Some(names) => Names::Some(lower(names)),
            Names::AllExcept(names) => Names::AllExcept(lower(names)),
            other => other,
        };
        Parts {
            headers,
            cookies: names("cookies").unwrap_or_default(),
            query: names("query_strings").unwrap_or_default(),
        }
    }

    /// `all`, `none`, a list of names, or `{ all_except: [...] }`.
    fn names_of(&mut self, node: &Node, key: &str) -> Names {
        const EXCEPT: Keys = Keys { known: &["all_except"], later: &[] };
        match &node.value {
            NodeValue::Mapping(_) => {
                let fields = self.fields(node, &format!("`{key}`"), EXCEPT);
                let names = fields.and_then(|fields| fields.get("all_except"));
                let names = names.map(|node| self.words_of(node, "all_except")).unwrap_or_default();
                Names::AllExcept(names.into_iter().collect())
            }
            NodeValue::String(text) if text == "all" => Names::All,
            NodeValue::String(text) if text == "none" => Names::None,
            NodeValue::Null => Names::None,
            _ => {
                let names: BTreeSet<String> = self.words_of(node, key).into_iter().collect();
                if names.is_empty() { Names::None } else { Names::Some(names) }
            }
        }
    }

    fn failover(&mut self, node: &Node, origins: &[String]) -> Option<Failover> {
        let what = "`failover`";
        let fields = self.fields(node, what, FAILOVER)?;
        let to = self.required(fields, "to", what, &node.range, "to: backup");
        let to = to.and_then(|node| self.among(node, "origin", origins));
        let example = "statuses: [500, 502, 503, 504]";
        let on = self.required(fields, "statuses", what, &node.range, example);
        let on = on.map(|node| self.one_or_more(node)).unwrap_or_default();
        let statuses = on.into_iter().filter_map(|node| self.status(node, "statuses")).collect();
        Some(Failover { origin: to?, statuses })
    }

    fn error_pages(&mut self, node: &Node) -> Vec<ErrorPage> {
        let Some(mapping) = self.mapping(node, "`error_pages`") else { return Vec::new() };
        let size = mapping.entries.len();
        self.check_size(size, limit::PATTERNS, "error pages of a distribution", &node.range);
        let mut pages = Vec::new();
        for Entry { key, key_range, value, .. } in mapping.entries.iter().take(limit::PATTERNS) {
            let Ok(status) = key.parse::<u16>() else {
                let diagnostic = self
                    .error(super::scalar::RANGE, key_range, "an error page belongs to a status")
                    .label("not an HTTP status")
                    .hint("for instance `404: { page: /404.html }`");
                self.report(diagnostic);
                continue;
            };
            let what = format!("error page `{key}`");
            let Some(fields) = self.fields(value, &what, ERROR_PAGE) else { continue };
            let page = fields.get("page").and_then(|node| self.path(node, "page"));
            let response_status = fields.get("status").and_then(|n| self.status(n, "status"));
            let min_ttl = fields.get("min_ttl").and_then(|node| self.duration(node, "min_ttl"));
            pages.push(ErrorPage { status, page, response_status, min_ttl });
        }
        pages
    }

    /// Codes of edge locations, a number of them, or a map from names to Regions.
    fn locations(&mut self, node: &Node) -> Vec<Location> {
        match &node.value {
            NodeValue::Integer(_) => {
                let count = self.count(node, "locations", 1).unwrap_or(1) as usize;
                let most = LOCATIONS.len();
                self.check_size(count, most, "edge locations by number", &node.range);
                LOCATIONS.iter().take(count).filter_map(|(code, _)| location(code)).collect()
            }
            NodeValue::Mapping(mapping) => {
                let size = mapping.entries.len();
                self.check_size(size, limit::LOCATIONS, "edge locations", &node.range);
                let mut locations = Vec::new();
                for Entry { key, value, .. } in mapping.entries.iter().take(limit::LOCATIONS) {
                    if let Some(region) = self.region(value) {
                        locations.push(Location { name: key.clone(), region });
                    }
                }
                locations
            }
            _ => {
                let items = self.one_or_more(node);
                self.check_size(items.len(), limit::LOCATIONS, "edge locations", &node.range);
                let items = items.into_iter().take(limit::LOCATIONS);
                items.filter_map(|item| self.location(item)).collect()
            }
        }
    }

    fn location(&mut self, node: &Node) -> Option<Location> {
        let code = self.text_of(node, "locations")?;
        if let Some(location) = location(&code) {
            return Some(location);
        }
        let diagnostic = self
            .error(LOCATION, &node.range, format!("no edge location is called `{code}`"))
            .label("not a code that bogi knows");
        let upper = code.to_uppercase();
        let near = closest(&upper, LOCATIONS.iter().map(|(code, _)| *code));
        let diagnostic = match near {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!(
                "give its Region yourself: `locations: {{ {code}: ap-northeast-2 }}`"
            )),
        };
        self.report(diagnostic);
        None
    }
}

/// Names of headers as they are compared.
fn lower(names: BTreeSet<String>) -> BTreeSet<String> {
    names.into_iter().map(|name| name.to_ascii_lowercase()).collect()
}
