//! `request`: viewers' requests to a distribution, or requests to an API.

use super::event::{Action, Placed, WrittenEvent};
use super::numbered::Numbered;
use super::scalar::RANGE;
use super::{Keys, Reader};
use crate::aws::architecture::{Architecture, Form, ResourceKind};
use crate::aws::cloudfront::distribution::{Objects, Viewers};
use crate::aws::cloudfront::request::{Method, OBJECT, Request};
use crate::diagnostic::Code;
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node};

/// A path that no viewer can ask for.
pub const PATH: Code = Code("E0141");

/// The action.
pub const REQUEST: Action = Action {
    key: "request",
    keys: Keys {
        known: &[
            "request",
            "retries",
            "path",
            "method",
            "scheme",
            "headers",
            "cookies",
            "query",
            "body_size",
            "zipf",
            "location",
            "locations",
            "at",
            "count",
            "rate",
            "from",
            "until",
            "arrivals",
        ],
        later: &["burst", "ramp"],
    },
    read: |reader, event, architecture| reader.request(event, architecture),
};

/// The keys of a request to an API.
const OF_API: [&str; 8] =
    ["request", "retries", "at", "count", "rate", "from", "until", "arrivals"];

const SCHEMES: [(&str, bool); 2] = [("https", false), ("http", true)];

/// Zipf's exponent beyond which only the first object is ever asked for.
const MOST_ZIPF: f64 = 10.0;

impl Reader<'_> {
    fn request(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let kinds = [ResourceKind::Distribution, ResourceKind::Api];
        let target = self.resource(event.value, "request", &kinds);
        if let Some(api) = target.filter(|target| target.kind == ResourceKind::Api) {
            let of_viewers = |key: &&str| !OF_API.contains(key);
            let foreign: Vec<&str> =
                REQUEST.keys.known.iter().copied().filter(of_viewers).collect();
            self.without_effect(event, &foreign, "it goes with requests to a distribution");
            return self.api_request(event, api, architecture);
        }
        self.without_effect(event, &["retries"], "viewers of a distribution ask once");
        let fields = event.fields;
        let path = fields.get("path").map(|node| self.path(node, "path"));
        let (path, objects) = match path {
            Some(path) => self.objects(path?, fields)?,
            None => ("/".to_owned(), Objects::default()),
        };
        let methods = Method::ALL.map(|method| (method.name(), method));
        let method = fields.get("method").and_then(|n| self.choice(n, "method", &methods, &[]));
        let scheme = fields.get("scheme").and_then(|n| self.choice(n, "scheme", &SCHEMES, &[]));
        let body_size = fields.get("body_size").and_then(|node| self.bytes(node, "body_size"));
        let base = Request {
            method: method.unwrap_or_default(),
            plain_http: scheme.unwrap_or(false),
            path,
            body_size: body_size.unwrap_or_default(),
            ..Request::default()
        };
        let requests = self.alternatives(base, fields);
        let placed = self.source(event, target, Form::Request, architecture)?;
        let source = architecture.sources.len().saturating_sub(1) as u32;
        let index = placed.target.place();
        let names: Vec<String> = architecture
            .distributions
            .get(index)?
            .locations
            .iter()
            .map(|location| location.name.clone())
            .collect();
        let key = if fields.get("location").is_some() { "location" } else { "locations" };
        let items = fields.get(key).map(|node| self.one_or_more(node)).unwrap_or_default();
        let mut locations = Vec::new();
        for item in items {
            let place = self.among(item, "edge location", &names);
            locations.extend(place.and_then(|place| u32::try_from(place).ok()));
        }
        if locations.is_empty() {
            locations = (0..names.len() as u32).collect();
        }
        let copies = u64::from(objects.count) * locations.len() as u64 * requests.len() as u64;
        if copies > limit::COPIES {
            let message = format!("{} could keep too many copies", event.what);
            let diagnostic = self
                .error(super::TOO_MANY, &event.node.range, message)
                .label(format!("objects × edge locations = {copies}"))
                .hint(format!("at most {} copies; ask for fewer objects", limit::COPIES));
            self.report(diagnostic);
            return None;
        }
        let viewers = Viewers { source, requests, objects, locations };
        architecture.distributions.get_mut(index)?.viewers.push(viewers);
        Some(placed)
    }

    /// A path: it begins with `/`.
    pub fn path(&mut self, node: &Node, key: &str) -> Option<String> {
        let path = self.text_of(node, key)?;
        if path.starts_with('/') && !path.chars().any(char::is_control) {
            return Some(path);
        }
        let diagnostic = self
            .error(PATH, &node.range, format!("`{key}` begins with `/`"))
            .label("not a path")
            .hint("for instance `/index.html`, or `/images/{1..100}.jpg` for many objects");
        self.report(diagnostic);
        None
    }

    /// `/images/{1..100}.jpg` stands for a hundred objects.
    fn objects(&mut self, path: String, fields: &Mapping) -> Option<(String, Objects)> {
        let zipf = fields.get("zipf").map(|node| self.bare_number(node, "zipf"));
        let zipf = zipf.unwrap_or(Some(0.0))?;
        let range = fields.get("zipf").map_or(0..0, |node| node.range.clone());
        if !(0.0..=MOST_ZIPF).contains(&zipf) {
            let diagnostic = self
                .error(RANGE, &range, format!("`zipf` lies between 0 and {MOST_ZIPF}"))
                .label("the exponent of Zipf's law; 0 asks for all objects alike");
            self.report(diagnostic);
            return None;
        }
        let Some(node) = fields.get("path") else {
            return Some((path, Objects { zipf, ..Objects::default() }));
        };
        let Some(range) = self.numbered(node, &path, "path")? else {
            return Some((path, Objects { zipf, ..Objects::default() }));
        };
        let Numbered { before, first, last, after } = range;
        let count = (last - first).saturating_add(1);
        Some((format!("{before}{OBJECT}{after}"), Objects { first, count, zipf }))
    }

    /// The requests of an event: a list of values stands for each of them with equal chance.
    fn alternatives(&mut self, base: Request, fields: &Mapping) -> Vec<Request> {
        let mut requests = vec![base];
        for key in ["headers", "cookies", "query"] {
            let Some(node) = fields.get(key) else { continue };
            let Some(mapping) = self.mapping(node, &format!("`{key}`")) else { continue };
            for Entry { key: name, value, .. } in &mapping.entries {
                let name = if key == "headers" { name.to_ascii_lowercase() } else { name.clone() };
                let values = self.words_of(value, &name);
                let size = requests.len().saturating_mul(values.len().max(1));
                let what = "kinds of requests in an event";
                if !self.check_size(size, limit::ALTERNATIVES, what, &value.range) {
                    return requests;
                }
                let with = |request: &Request, value: &String| {
                    let mut request = request.clone();
                    let values = match key {
                        "headers" => &mut request.headers,
                        "cookies" => &mut request.cookies,
                        _ => &mut request.query,
                    };
                    values.insert(name.clone(), value.clone());
                    request
                };
                if !values.is_empty() {
                    requests = requests
                        .iter()
                        .flat_map(|request| values.iter().map(move |value| with(request, value)))
                        .collect();
                }
            }
        }
        requests
    }
}
