//! Which feeds a site has.

use crate::plugin::View;
use crate::plugin::text::{or_nothing, to_s};
use crate::value::{Map, Value};

/// A feed that the configuration asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedPlan {
    /// Its URL path without `baseurl`; its file below the destination has the same path.
    pub path: String,
    /// The label of the collection that it is of.
    pub collection: String,
    /// The category that it is of.
    pub category: Option<String>,
    /// The tag that it is of; then the collection is `posts`.
    pub tag: Option<String>,
    /// Whether the site has a `feed.xslt.xml`.
    pub has_style: bool,
}

/// The feeds of a site: of the posts and of the collections that `feed.collections` names, each
/// with its categories, then of tags. `tags` are all of the site; `exists` says whether the site's
/// source has a file, which then stands in a feed's place. `in_development` is whether
/// `JEKYLL_ENV` says or means `development`.
pub fn plans(
    view: &View<'_>,
    tags: &[&str],
    in_development: bool,
    exists: &dyn Fn(&str) -> bool,
) -> Vec<FeedPlan> {
    let nothing = Map::new();
    let settings = view.config.get("feed").and_then(Value::as_map).unwrap_or(&nothing);
    if in_development && or_nothing(settings.get("disable_in_development")).is_truthy() {
        return Vec::new();
    }
    let has_style = exists("feed.xslt.xml");
    let mut plans = Vec::new();
    for asked in collections(settings) {
        let prefix = match asked.label.as_str() {
            "posts" => "/feed".to_owned(),
            label => format!("/feed/{label}"),
        };
        let own = asked.said("path").map(|path| to_s(path).to_string());
        let mut categories: Vec<Option<String>> = Vec::new();
        for category in texts(asked.said("categories")).into_iter().map(Some) {
            if !categories.contains(&category) {
                categories.push(category);
            }
        }
        categories.push(None);
        for category in categories {
            let path = match (&category, &own) {
                (Some(category), _) => format!("{prefix}/{category}.xml"),
                (None, Some(own)) => own.clone(),
                (None, None) => format!("{prefix}.xml"),
            };
            let collection = asked.label.clone();
            plans.push(FeedPlan { path, collection, category, tag: None, has_style });
        }
    }
    plans.extend(of_tags(settings, tags, has_style));
    for plan in &mut plans {
        plan.path = format!("/{}", plan.path.trim_start_matches('/'));
    }
    let inside = |path: &str| !path.split('/').any(|part| part == "..");
    plans.retain(|plan| inside(&plan.path) && !exists(&plan.path[1..]));
    plans
}

/// A collection that has feeds.
struct Asked<'s> {
    label: String,
    /// What the settings say of it.
    own: Option<&'s Value>,
    /// The settings of all feeds, which are those of the posts as well.
    above: Option<&'s Map>,
}

impl<'s> Asked<'s> {
    fn said(&self, key: &str) -> Option<&'s Value> {
        let own = self.own.and_then(|own| own.get(key)).filter(|value| value.is_truthy());
        own.or_else(|| self.above?.get(key).filter(|value| value.is_truthy()))
    }
}

/// The collections that have feeds; posts always do.
fn collections(settings: &Map) -> Vec<Asked<'_>> {
    let mut asked: Vec<Asked<'_>> = match settings.get("collections") {
        Some(Value::Array(labels)) => labels
            .iter()
            .map(|label| Asked { label: to_s(label).to_string(), own: None, above: None })
            .collect(),
        Some(Value::Map(map)) => map
            .iter()
            .map(|(label, own)| Asked { label: label.clone(), own: Some(own), above: None })
            .collect(),
        _ => Vec::new(),
    };
    if !asked.iter().any(|collection| collection.label == "posts") {
        asked.push(Asked { label: "posts".to_owned(), own: None, above: None });
    }
    for collection in &mut asked {
        collection.above = (collection.label == "posts").then_some(settings);
    }
    asked
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).unwrap_or_default();
    items.iter().map(|item| to_s(item).to_string()).collect()
}

/// The feeds of tags. Only names of ASCII letters, digits and underscores have one.
fn of_tags(settings: &Map, tags: &[&str], has_style: bool) -> Vec<FeedPlan> {
    let asked = or_nothing(settings.get("tags"));
    if !asked.is_truthy() || tags.is_empty() {
        return Vec::new();
    }
    let except = texts(asked.get("except"));
    let only = asked.get("only").filter(|only| only.is_truthy());
    let pool = match only {
        Some(only) => texts(Some(only)),
        None => tags.iter().map(|&tag| tag.to_owned()).collect(),
    };
    let folder = asked.get("path").filter(|path| path.is_truthy());
    let folder = folder.map_or_else(|| "/feed/by_tag/".to_owned(), |path| to_s(path).to_string());
    let is_simple = |tag: &String| tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    pool.into_iter()
        .filter(|tag| !except.contains(tag) && is_simple(tag))
        .map(|tag| FeedPlan {
            path: format!("{folder}{tag}.xml"),
            collection: "posts".to_owned(),
            category: None,
            tag: Some(tag),
            has_style,
        })
        .collect()
}
